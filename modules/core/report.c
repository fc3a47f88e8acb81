/* SPDX-License-Identifier: MIT */
/* report.c - what an uncaught error looks like: its place, the source line, the error with its fields.
 *
 * A value that is no Error has no stack of its own: where it was thrown is noted in the registry, one
 * note a state, {value, stack}. */
#include "error.h"
#include "runtime.h"
#include "source.h"
#include "strbuf.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char note = 0;

/* ---- notes ---- */

void err_note(lua_State *L, int idx) {
  idx = lua_absindex(L, idx);
  lua_createtable(L, 2, 0);
  lua_insert(L, -2);
  lua_rawseti(L, -2, 2);
  lua_pushvalue(L, idx);
  lua_rawseti(L, -2, 1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &note);
}

bool err_push_note(lua_State *L, int idx) {
  idx = lua_absindex(L, idx);
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &note) != LUA_TTABLE) {
    lua_pop(L, 1);
    return false;
  }
  lua_rawgeti(L, -1, 1);
  bool same = lua_rawequal(L, -1, idx);
  lua_pop(L, 1);
  if (same) lua_rawgeti(L, -1, 2);
  lua_remove(L, same ? -2 : -1);
  return same;
}

/* ---- the place ---- */

/* Finds "file:line" of the first frame in a stack text; false when there is none. */
static bool first_place(const char *stack, char *file, size_t size, int *line) {
  const char *at = strstr(stack, "\n    at ");
  if (!at) return false;
  at += 8;
  const char *end = at + strcspn(at, "\n"), *open = memchr(at, '(', (size_t)(end - at));
  if (open) at = open + 1;
  const char *colon = NULL;
  for (const char *p = at; p < end; p++)
    if (*p == ':') colon = p;
  if (!colon || (size_t)(colon - at) >= size) return false;
  memcpy(file, at, (size_t)(colon - at));
  file[colon - at] = '\0';
  *line = atoi(colon + 1);
  return *line > 0;
}

static bool is_word(char c) { return isalnum((unsigned char)c) || c == '_'; }

/* Where the only occurrence of the word stands in text; NULL when there is none, or more. */
static const char *find_once(const char *text, const char *word, size_t len) {
  const char *found = NULL;
  bool name = len > 0 && is_word(*word);
  for (const char *p = text; len > 0 && (p = memmem(p, strlen(p), word, len)); p++) {
    if (name && ((p > text && is_word(p[-1])) || is_word(p[len]))) continue;
    if (found) return NULL;
    found = p;
  }
  return found;
}

/* What Lua's message names at its end: (global 'x'), near '='. NULL when it names nothing. */
static const char *named_word(const char *message, size_t *len) {
  size_t size = strlen(message);
  const char *end = message + size, *near = strstr(message, " near '"), *word = NULL;
  if (near) word = near + 7;
  else if (size > 2 && end[-1] == ')' && end[-2] == '\'') {
    for (end--, word = end - 1; word > message && word[-1] != '\'';) word--;
    if (word < message + 2 || word[-2] != ' ') return NULL;
  }
  if (!word || word >= end || end[-1] != '\'') return NULL;
  *len = (size_t)(end - 1 - word);
  return word;
}

/* The column to point to: what the message names, else the first character. */
static const char *find_column(const char *text, const char *message) {
  size_t len;
  const char *word = message ? named_word(message, &len) : NULL, *found = NULL;
  if (word) found = find_once(text, word, len);
  return found ? found : text + strspn(text, " \t");
}

static void add_place(lua_State *L, StrBuf *out, const char *stack, const char *message) {
  char name[1026];
  int line;
  if (!first_place(stack, name + 1, sizeof name - 1, &line)) return;
  strbuf_addf(out, "%s:%d\n", name + 1, line);
  *name = '@';
  bool found = source_push_line(L, name, line);
  if (!found) {
    *name = '=';
    found = source_push_line(L, name, line);
  }
  if (!found) return;
  const char *text = lua_tostring(L, -1), *column = find_column(text, message);
  strbuf_addf(out, "%s\n", text);
  for (; text < column; text++)
    if ((*text & 0xc0) != 0x80) strbuf_addc(out, *text == '\t' ? '\t' : ' ');
  strbuf_adds(out, "^\n");
  lua_pop(L, 1);
}

static void push_buffer(lua_State *L, const StrBuf *out) {
  lua_pushlstring(L, out->p ? out->p : "", out->len);
}

void err_push_place(lua_State *L, const char *stack) {
  StrBuf *out = strbuf_new_lua(L);
  add_place(L, out, stack, NULL);
  push_buffer(L, out);
  lua_remove(L, -2);
}

/* ---- the report ---- */

/* Pushes the field of the Error when it is a string, else nil. Returns it. [+1] */
static const char *push_text_field(lua_State *L, int idx, const char *field) {
  lua_pushstring(L, field);
  if (lua_rawget(L, idx) == LUA_TSTRING) return lua_tostring(L, -1);
  lua_pop(L, 1);
  lua_pushnil(L);
  return NULL;
}

static void add_error(lua_State *L, StrBuf *out, int idx) {
  const char *stack = push_text_field(L, idx, "stack"), *message = push_text_field(L, idx, "message");
  if (stack) {
    add_place(L, out, stack, message);
    if (out->len > 0) strbuf_addc(out, '\n');
  }
}

static void add_value(lua_State *L, StrBuf *out, int idx) {
  if (err_push_note(L, idx)) {
    add_place(L, out, lua_tostring(L, -1), NULL);
    if (out->len > 0) strbuf_addc(out, '\n');
  }
  strbuf_adds(out, "Uncaught ");
}

void err_push_report(lua_State *L, int idx) {
  size_t len;
  luaL_checkstack(L, 20, "error");
  idx = lua_absindex(L, idx);
  StrBuf *out = strbuf_new_lua(L);
  int base = lua_gettop(L);
  if (err_is(L, idx)) add_error(L, out, idx);
  else add_value(L, out, idx);
  if (rt_of(L)->inspect) rt_of(L)->inspect(L, idx);
  else luaL_tolstring(L, idx, NULL);
  const char *text = lua_tolstring(L, -1, &len);
  strbuf_add(out, text, len);
  push_buffer(L, out);
  lua_replace(L, base);
  lua_settop(L, base);
}
