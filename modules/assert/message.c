/* SPDX-License-Identifier: MIT */
/* message.c - see message.h. The words are Node's. */
#include "message.h"
#include "assert.h"
#include "../inspect/inspect.h"

#include <lauxlib.h>
#include <limits.h>
#include <string.h>

enum { SHORT = 12, MAX_WIDTH = 80, MAX_SIMPLE = 512 };

static const InspectOptions plain = { .depth = 1000, .max_array = INT_MAX, .max_string = INT_MAX,
                                      .break_length = INT_MAX, .compact = 0, .no_calls = true };

static const struct {
  const char *op, *text, *objects; /* objects: NULL, or the text for two tables */
} headers[] = {
  { "deepStrictEqual", "Expected values to be strictly deep-equal:", NULL },
  { "strictEqual", "Expected values to be strictly equal:",
    "Expected \"actual\" to be reference-equal to \"expected\":" },
  { "deepEqual", "Expected values to be loosely deep-equal:", NULL },
  { "notDeepStrictEqual", "Expected \"actual\" not to be strictly deep-equal to:", NULL },
  { "notStrictEqual", "Expected \"actual\" to be strictly unequal to:",
    "Expected \"actual\" not to be reference-equal to \"expected\":" },
  { "notDeepEqual", "Expected \"actual\" not to be loosely deep-equal to:", NULL },
};

static bool is_object(lua_State *L, int idx) {
  return lua_type(L, idx) >= LUA_TTABLE || lua_type(L, idx) == LUA_TLIGHTUSERDATA;
}

static const char *header_of(lua_State *L, const char *op, int actual, int expected) {
  for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
    if (strcmp(headers[i].op, op) != 0) continue;
    bool objects = headers[i].objects && is_object(L, actual) && is_object(L, expected);
    return objects ? headers[i].objects : headers[i].text;
  }
  return "Expected values to be strictly deep-equal:";
}

static bool one_line(const StrBuf *text) { return !text->len || !memchr(text->p, '\n', text->len); }

/* A caret below the first byte that differs, where that helps. */
static void add_caret(StrBuf *out, const StrBuf *a, const StrBuf *b) {
  size_t i = 0;
  if (!one_line(a) || !one_line(b) || a->len + b->len >= MAX_WIDTH) return;
  while (i < a->len && i < b->len && a->p[i] == b->p[i]) i++;
  if (i <= 2) return;
  strbuf_addf(out, "\n  %*s^", (int)i, "");
}

static void add_difference(StrBuf *out, const char *header, const StrBuf *a, const StrBuf *b, bool simple) {
  bool same;
  StrBuf lines;
  if (simple && one_line(a) && one_line(b) && a->len + b->len <= SHORT) {
    strbuf_addf(out, "%s\n\n%s !== %s\n", header, a->p, b->p);
    return;
  }
  strbuf_init(&lines);
  bool skipped = diff_add(&lines, a, b, &same);
  if (same) {
    strbuf_addf(out, "Values have same structure but are not reference-equal:\n\n%s\n", a->p);
  } else {
    strbuf_addf(out, "%s\n+ actual - expected%s\n", header, skipped ? " ... Lines skipped" : "");
    strbuf_add(out, lines.p, lines.len);
    add_caret(out, a, b);
  }
  if (lines.failed) out->failed = true;
  strbuf_free(&lines);
}

static void add_unequal(StrBuf *out, const char *op, const char *header, const StrBuf *a) {
  bool loose = !strcmp(op, "notDeepEqual");
  if (!loose && one_line(a)) strbuf_addf(out, "%s%s%s", header, a->len > 5 ? "\n\n" : " ", a->p);
  else strbuf_addf(out, loose ? "%s\n\n%s" : "%s\n\n%s\n", header, a->p);
}

static void add_message(lua_State *L, StrBuf *out, const char *op, int actual, int expected,
                        const StrBuf *a, const StrBuf *b) {
  const char *header = header_of(L, op, actual, expected);
  if (!strcmp(op, "==") || !strcmp(op, "!="))
    strbuf_addf(out, "%.*s %s %.*s", MAX_SIMPLE, a->p, op, MAX_SIMPLE, b->p);
  else if (!strncmp(op, "not", 3)) add_unequal(out, op, header, a);
  else if (!strcmp(op, "deepEqual"))
    strbuf_addf(out, "%s\n\n%s\n\nshould loosely deep-equal\n\n%s", header, a->p, b->p);
  else add_difference(out, header, a, b, !is_object(L, actual) && !is_object(L, expected));
}

static void push_message(lua_State *L, const char *op, int actual, int expected, const char *before) {
  int top = lua_gettop(L);
  StrBuf *a = strbuf_new_lua(L), *b = strbuf_new_lua(L), *out = strbuf_new_lua(L);
  strbuf_adds(a, before);
  strbuf_adds(b, before);
  inspect_append(L, actual, a, &plain);
  inspect_append(L, expected, b, &plain);
  if (!a->failed && !b->failed) add_message(L, out, op, actual, expected, a, b);
  if (a->failed || b->failed || out->failed) luaL_error(L, "not enough memory");
  lua_pushlstring(L, out->p, out->len);
  strbuf_free(a);
  strbuf_free(b);
  strbuf_free(out);
  lua_replace(L, top + 1);
  lua_settop(L, top + 1);
}

void message_push(lua_State *L, const char *op, int actual, int expected) {
  push_message(L, op, actual, expected, "");
}

void message_push_comparison(lua_State *L, int actual, int expected) {
  push_message(L, "deepStrictEqual", actual, expected, "Comparison ");
}
