/* SPDX-License-Identifier: MIT */
/* format.c - util.format: the specifiers, and the arguments behind them. */
#include "inspector.h"
#include "../core/error.h"
#include "../core/interrupt.h"
#include "../core/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { O_DEPTH = 4 }; /* what %o opens */

/* Strings as they are, everything else inspected. */
static void add_argument(lua_State *L, int idx, StrBuf *out, const InspectOptions *opt) {
  size_t len;
  if (lua_type(L, idx) == LUA_TSTRING) {
    const char *s = lua_tolstring(L, idx, &len);
    strbuf_add(out, s, len);
  } else {
    inspect_append(L, idx, out, opt);
  }
}

/* %s: what has a text of its own gives it, other tables are opened one level. */
static void add_text(lua_State *L, int idx, StrBuf *out, const InspectOptions *opt) {
  InspectOptions shallow = *opt;
  shallow.depth = 0;
  shallow.colors = false;
  shallow.compact = 3;
  add_argument(L, idx, out, &shallow);
}

static void add_float(StrBuf *out, lua_State *L, lua_Number n) {
  if (isnan(n)) {
    strbuf_adds(out, "nan");
    return;
  }
  if (n == floor(n) && fabs(n) < 9007199254740992.0) lua_pushinteger(L, (lua_Integer)n);
  else lua_pushnumber(L, n);
  strbuf_adds(out, lua_tostring(L, -1));
  lua_pop(L, 1);
}

/* %d: a number, or a string that is one. */
static void add_decimal(lua_State *L, int idx, StrBuf *out) {
  int is_number;
  lua_Number n = lua_tonumberx(L, idx, &is_number);
  if (lua_isinteger(L, idx)) strbuf_addf(out, LUA_INTEGER_FMT, lua_tointeger(L, idx));
  else add_float(out, L, is_number ? n : NAN);
}

/* The number that a text begins with, blanks before it allowed; NaN when there is none. */
static lua_Number leading_number(const char *s, bool whole) {
  while (*s == ' ' || (*s >= '\t' && *s <= '\r')) s++;
  const char *digits = s + (*s == '-' || *s == '+');
  size_t n = strspn(digits, "0123456789");
  if (n == 0 && (whole || *digits != '.' || !strspn(digits + 1, "0123456789"))) return NAN;
  char text[400];
  size_t len = (size_t)(digits - s) + n;
  if (!whole) len += strspn(s + len, "0123456789.eE+-");
  if (len >= sizeof text) len = sizeof text - 1;
  memcpy(text, s, len);
  text[len] = '\0';
  return strtod(text, NULL);
}

/* %i and %f */
static void add_parsed(lua_State *L, int idx, StrBuf *out, bool whole) {
  lua_Number n = NAN;
  if (lua_isinteger(L, idx)) {
    strbuf_addf(out, LUA_INTEGER_FMT, lua_tointeger(L, idx));
    return;
  }
  if (lua_type(L, idx) == LUA_TNUMBER) n = lua_tonumber(L, idx);
  else if (lua_type(L, idx) == LUA_TSTRING) n = leading_number(lua_tostring(L, idx), whole);
  add_float(out, L, whole ? trunc(n) : n);
}

/* (value) -> its JSON; the buffer is on the stack too. */
static int encode_json(lua_State *L) {
  StrBuf *json = strbuf_new_lua(L);
  if (json_encode(L, 1, json, NULL)) return lua_error(L);
  if (json->len == 0) lua_pushliteral(L, "nil");
  else lua_pushlstring(L, json->p, json->len);
  return 1;
}

/* %j; a cycle is told in place of the text, another trouble is raised, as in Node. */
static void add_json(lua_State *L, int idx, StrBuf *out) {
  size_t len;
  lua_pushcfunction(L, encode_json);
  lua_pushvalue(L, idx);
  if (lua_pcall(L, 1, 1, 0) != LUA_OK) {
    const char *message = NULL;
    if (interrupt_is(L, -1)) lua_error(L);
    if (lua_type(L, -1) == LUA_TSTRING) message = lua_tostring(L, -1);
    if (!message || !strstr(message, "circular")) {
      if (message) err_raise(L, &type_error_class, NULL, "%s", message);
      lua_error(L);
    }
    lua_pushliteral(L, "[Circular]");
    lua_replace(L, -2);
  }
  const char *s = lua_tolstring(L, -1, &len);
  strbuf_add(out, s, len);
  lua_pop(L, 1);
}

static void add_specifier(lua_State *L, char c, int idx, StrBuf *out, const InspectOptions *opt) {
  switch (c) {
  case 's': add_text(L, idx, out, opt); break;
  case 'd': add_decimal(L, idx, out); break;
  case 'i': add_parsed(L, idx, out, true); break;
  case 'f': add_parsed(L, idx, out, false); break;
  case 'j': add_json(L, idx, out); break;
  case 'o': {
    InspectOptions open = *opt;
    open.depth = O_DEPTH;
    open.show_hidden = true;
    inspect_append(L, idx, out, &open);
    break;
  }
  case 'O': inspect_append(L, idx, out, opt); break;
  default: break; /* %c: CSS, for browsers only */
  }
}

/* The format at `first`; returns the first argument that it did not use. */
static int add_format(lua_State *L, int first, int last, StrBuf *out, const InspectOptions *opt) {
  size_t len;
  const char *s = lua_tolstring(L, first, &len), *end = s + len;
  int next = first + 1;
  while (s < end) {
    const char *percent = memchr(s, '%', (size_t)(end - s));
    if (!percent || percent + 1 == end) break;
    strbuf_add(out, s, (size_t)(percent - s));
    s = percent + 2;
    if (percent[1] == '%') {
      strbuf_addc(out, '%');
    } else if (percent[1] && next <= last && strchr("sdifjoOc", percent[1])) {
      add_specifier(L, percent[1], next++, out, opt);
    } else {
      strbuf_addc(out, '%');
      s = percent + 1;
    }
  }
  strbuf_add(out, s, (size_t)(end - s));
  return next;
}

void inspect_format(lua_State *L, int first, int last, StrBuf *out, const InspectOptions *opt) {
  if (!opt) opt = inspect_current(L);
  int i = first;
  luaL_checkstack(L, 8, "format");
  if (last > first && lua_type(L, first) == LUA_TSTRING) i = add_format(L, first, last, out, opt);
  for (; i <= last; i++) {
    if (i > first) strbuf_addc(out, ' ');
    add_argument(L, i, out, opt);
  }
  if (out->failed) luaL_error(L, "not enough memory");
}
