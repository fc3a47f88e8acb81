/* SPDX-License-Identifier: MIT */
/* trace_value.c - a Lua value in a few words, for the preview of a message that is not text; see trace.h.
 *
 * It stops when the room is full, so a large table costs no more than a small one. Nothing of the user's
 * runs: no metamethod, no conversion in place. */
#include "trace.h"
#include "class.h"

#include <stdio.h>
#include <string.h>

enum { DEPTH = 3, STACK_NEED = 4 };

typedef struct Words {
  char *text;
  size_t len;
} Words;

static bool full(const Words *w) { return w->len == TRACE_TEXT; }

static void add(Words *w, const char *s, size_t len) {
  if (len > TRACE_TEXT - w->len) len = TRACE_TEXT - w->len;
  memcpy(w->text + w->len, s, len);
  w->len += len;
}

static void add_text(Words *w, const char *s) { add(w, s, strlen(s)); }

static void add_number(lua_State *L, int idx, Words *w) {
  char number[40];
  if (lua_isinteger(L, idx)) (void)snprintf(number, sizeof number, "%lld", (long long)lua_tointeger(L, idx));
  else (void)snprintf(number, sizeof number, "%.14g", lua_tonumber(L, idx));
  add_text(w, number);
}

static void add_string(lua_State *L, int idx, Words *w) {
  size_t len;
  const char *s = lua_tolstring(L, idx, &len);
  add_text(w, "\"");
  add(w, s, len);
  add_text(w, "\"");
}

static void add_value(lua_State *L, int idx, Words *w, int depth);

/* "key = ", which an element of the array part needs not. */
static void add_key(lua_State *L, int idx, Words *w, lua_Integer nth) {
  if (lua_isinteger(L, idx) && lua_tointeger(L, idx) == nth) return;
  if (lua_type(L, idx) == LUA_TSTRING) {
    size_t len;
    const char *s = lua_tolstring(L, idx, &len);
    add(w, s, len);
  } else {
    add_value(L, idx, w, DEPTH);
  }
  add_text(w, " = ");
}

static void add_table(lua_State *L, int idx, Words *w, int depth) {
  lua_Integer nth = 1;
  if (depth >= DEPTH || !lua_checkstack(L, STACK_NEED)) {
    add_text(w, "{...}");
    return;
  }
  add_text(w, "{");
  lua_pushnil(L);
  for (; !full(w) && lua_next(L, idx); lua_pop(L, 1), nth++) {
    int top = lua_gettop(L);
    if (nth > 1) add_text(w, ", ");
    add_key(L, top - 1, w, nth);
    add_value(L, top, w, depth + 1);
  }
  if (full(w)) lua_pop(L, 1); /* the key of the round that did not come */
  add_text(w, "}");
}

static void add_value(lua_State *L, int idx, Words *w, int depth) {
  switch (lua_type(L, idx)) {
  case LUA_TNUMBER: add_number(L, idx, w); break;
  case LUA_TSTRING: add_string(L, idx, w); break;
  case LUA_TBOOLEAN: add_text(w, lua_toboolean(L, idx) ? "true" : "false"); break;
  case LUA_TTABLE: add_table(L, idx, w, depth); break;
  case LUA_TUSERDATA: {
    const ClassDef *class = class_of(L, idx);
    add_text(w, class ? class->name : "userdata");
    break;
  }
  default: add_text(w, lua_typename(L, lua_type(L, idx)));
  }
}

size_t trace_value(lua_State *L, int idx, char *text) {
  Words w = { text, 0 };
  add_value(L, lua_absindex(L, idx), &w, 0);
  return w.len;
}
