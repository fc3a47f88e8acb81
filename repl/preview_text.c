/* SPDX-License-Identifier: MIT */
/* preview_text.c - the value of preview.c as one short line; see preview.h.
 *
 * Tables of a few entries are shown as the prompt shows them, of large ones the beginning: neither sorting
 * nor walking a large table is for a key press. Functions and nil have no preview. */
#include "preview.h"
#include "../modules/core/class.h"
#include "../modules/inspect/inspect.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { FEW_ENTRIES = 40, FIRST_SHOWN = 8, MOST_CHARACTERS = 200 };

typedef struct Asked {
  const char *text;
  size_t len;
  char *out;
  size_t size;
  bool found;
} Asked;

static void append_short(lua_State *L, int idx, StrBuf *out) {
  InspectOptions opt = inspect_defaults;
  opt.depth = 0;
  opt.max_array = FEW_ENTRIES;
  opt.max_string = MOST_CHARACTERS;
  opt.break_length = INT_MAX;
  opt.no_calls = true;
  inspect_append(L, idx, out, &opt);
}

static bool has_few_entries(lua_State *L, int idx) {
  int count = 0;
  for (lua_pushnil(L); lua_next(L, idx); lua_pop(L, 1)) {
    if (++count <= FEW_ENTRIES) continue;
    lua_pop(L, 2);
    return false;
  }
  return true;
}

/* { 1, 2, 3, ... 9997 more } */
static void append_large(lua_State *L, int idx, StrBuf *out) {
  lua_Integer n = (lua_Integer)lua_rawlen(L, idx), shown = n < FIRST_SHOWN ? n : FIRST_SHOWN;
  strbuf_adds(out, "{ ");
  for (lua_Integer i = 1; i <= shown; i++) {
    lua_rawgeti(L, idx, i);
    if (lua_type(L, -1) == LUA_TTABLE) strbuf_adds(out, "{...}");
    else append_short(L, lua_gettop(L), out);
    strbuf_adds(out, ", ");
    lua_pop(L, 1);
  }
  if (n > shown) strbuf_addf(out, "... %lld more }", (long long)(n - shown));
  else strbuf_addf(out, "... more than %d fields }", FEW_ENTRIES);
}

static void append_value(lua_State *L, int idx, StrBuf *out) {
  const ClassDef *def = class_of(L, idx);
  switch (lua_type(L, idx)) {
  case LUA_TNIL: case LUA_TFUNCTION: case LUA_TTHREAD: case LUA_TLIGHTUSERDATA: return;
  case LUA_TUSERDATA:
    if (def) strbuf_adds(out, def->name);
    return;
  case LUA_TTABLE:
    if (def) strbuf_adds(out, def->name);
    else if (has_few_entries(L, idx)) append_short(L, idx, out);
    else append_large(L, idx, out);
    return;
  default: append_short(L, idx, out);
  }
}

/* Copies the first line; what is longer is cut at a character. */
static size_t copy_line(const StrBuf *from, char *out, size_t size) {
  size_t len = from->len < size - 1 ? from->len : size - 1;
  while (len < from->len && len > 0 && ((unsigned char)from->p[len] & 0xC0) == 0x80) len--;
  for (size_t i = 0; i < len; i++) {
    unsigned char c = (unsigned char)from->p[i];
    out[i] = (char)(c < ' ' || c == 127 ? ' ' : c);
  }
  out[len] = '\0';
  return len;
}

static int text_body(lua_State *L) {
  Asked *asked = lua_touserdata(L, 1);
  lua_settop(L, 0);
  StrBuf *out = strbuf_new_lua(L);
  preview_push(L, asked->text, asked->len);
  append_value(L, lua_gettop(L), out);
  if (out->failed || out->len == 0) return 0;
  bool same = out->len == asked->len && !memcmp(out->p, asked->text, out->len); /* a literal */
  asked->found = !same && copy_line(out, asked->out, asked->size) > 0;
  strbuf_free(out);
  return 0;
}

bool preview_text(lua_State *L, const char *text, size_t len, char *out, size_t size) {
  Asked asked = { .out = out, .size = size };
  while (len > 0 && strchr(" \t\n", text[len - 1])) len--;
  while (len > 0 && strchr(" \t\n", *text)) text++, len--;
  if (len == 0 || size < 2 || !lua_checkstack(L, 8)) return false;
  asked.text = text;
  asked.len = len;
  bool collects = lua_gc(L, LUA_GCISRUNNING);
  if (collects) lua_gc(L, LUA_GCSTOP); /* a collection would run the user's finalizers */
  lua_pushcfunction(L, text_body);
  lua_pushlightuserdata(L, &asked);
  if (lua_pcall(L, 1, 0, 0) != LUA_OK) {
    asked.found = false;
    lua_pop(L, 1);
  }
  if (collects) lua_gc(L, LUA_GCRESTART);
  return asked.found;
}
