/* SPDX-License-Identifier: MIT */
/* querystring.c - queries to tables and back, as Node's older module has them. */
#include "querystring.h"
#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"
#include "core/utf8.h"
#include "inspect/inspect.h"
#include "url/parse.h"

#include <math.h>
#include <string.h>

enum { MAX_KEYS = 1000 };

/* ---- text ---- */

static int push_text(lua_State *L, StrBuf *out) {
  if (out->failed) return luaL_error(L, "not enough memory");
  lua_pushlstring(L, out->len ? out->p : "", out->len);
  strbuf_free(out);
  return 1;
}

/* Appends a value as it stands in a query: text, a number, a boolean; anything else is empty. */
static void add_value(lua_State *L, int idx, StrBuf *out) {
  size_t len;
  const char *s = "";
  switch (lua_type(L, idx)) {
  case LUA_TSTRING:
    s = lua_tolstring(L, idx, &len);
    url_encode(out, s, len, SET_COMPONENT);
    return;
  case LUA_TBOOLEAN: strbuf_adds(out, lua_toboolean(L, idx) ? "true" : "false"); return;
  case LUA_TNUMBER:
    if (!lua_isinteger(L, idx) && !isfinite(lua_tonumber(L, idx))) return;
    lua_pushvalue(L, idx);
    s = lua_tolstring(L, -1, &len);
    if (len > 2 && !memcmp(s + len - 2, ".0", 2)) len -= 2; /* 3.0 is 3 */
    url_encode(out, s, len, SET_COMPONENT);
    lua_pop(L, 1);
    return;
  default: return;
  }
}

static int query_escape(lua_State *L) {
  lua_settop(L, 1);
  StrBuf *out = strbuf_new_lua(L);
  luaL_tolstring(L, 1, NULL);
  add_value(L, 3, out);
  return push_text(L, out);
}

/* Appends text decoded; plus: + is a blank. */
static void add_decoded(lua_State *L, StrBuf *out, const char *s, size_t len, bool plus) {
  StrBuf *raw = strbuf_new_lua(L);
  for (size_t at = 0; at < len;) {
    const char *found = plus ? memchr(s + at, '+', len - at) : NULL;
    size_t end = found ? (size_t)(found - s) : len;
    url_decode(raw, s + at, end - at);
    if (found) strbuf_addc(raw, ' ');
    at = end + (found != NULL);
  }
  if (raw->len) utf8_sanitize(out, raw->p, raw->len);
  if (raw->failed) out->failed = true;
  strbuf_free(raw);
  lua_pop(L, 1);
}

static int query_unescape(lua_State *L) {
  size_t len;
  lua_settop(L, 1);
  const char *s = luaL_tolstring(L, 1, &len);
  StrBuf *out = strbuf_new_lua(L);
  add_decoded(L, out, s, len, false);
  return push_text(L, out);
}

/* ---- stringify ---- */

typedef struct Marks { /* what stands between pairs, and between name and value */
  const char *sep, *eq;
  size_t sep_len, eq_len;
} Marks;

static void read_mark(lua_State *L, int idx, const char *name, const char *fallback, const char **s, size_t *len) {
  *s = fallback;
  *len = strlen(fallback);
  if (lua_isnoneornil(L, idx)) return;
  (void)arg_string(L, idx, name, NULL);
  if (lua_rawlen(L, idx) > 0) *s = lua_tolstring(L, idx, len);
}

static Marks read_marks(lua_State *L) {
  Marks m;
  read_mark(L, 2, "sep", "&", &m.sep, &m.sep_len);
  read_mark(L, 3, "eq", "=", &m.eq, &m.eq_len);
  return m;
}

static void add_pair(lua_State *L, StrBuf *out, const Marks *m, int key, int value) {
  if (out->len) strbuf_add(out, m->sep, m->sep_len);
  add_value(L, key, out);
  strbuf_add(out, m->eq, m->eq_len);
  add_value(L, value, out);
}

/* stringify(obj, sep, eq) */
static int query_stringify(lua_State *L) {
  lua_settop(L, 3);
  Marks m = read_marks(L);
  StrBuf *out = strbuf_new_lua(L);
  if (!lua_istable(L, 1)) return push_text(L, out);
  int n = inspect_push_keys(L, 1), keys = lua_gettop(L);
  for (int i = 1; i <= n; i++, lua_settop(L, keys)) {
    lua_rawgeti(L, keys, i);
    if (lua_type(L, -1) != LUA_TSTRING && lua_type(L, -1) != LUA_TNUMBER) continue;
    lua_pushvalue(L, -1);
    lua_rawget(L, 1);
    if (!lua_istable(L, keys + 2)) {
      add_pair(L, out, &m, keys + 1, keys + 2);
      continue;
    }
    lua_Integer values = json_is_array(L, keys + 2) ? (lua_Integer)lua_rawlen(L, keys + 2) : 0;
    for (lua_Integer k = 1; k <= values; k++, lua_pop(L, 1)) {
      lua_rawgeti(L, keys + 2, k);
      add_pair(L, out, &m, keys + 1, keys + 3);
    }
  }
  return push_text(L, out);
}

/* ---- parse ---- */

static const char *find(const char *s, size_t len, const char *what, size_t what_len) {
  return memmem(s, len, what, what_len);
}

static void push_decoded(lua_State *L, const char *s, size_t len) {
  StrBuf *out = strbuf_new_lua(L);
  add_decoded(L, out, s, len, true);
  push_text(L, out);
  lua_remove(L, -2);
}

/* Name and value on top join the table at t: a second value makes a list. [-2] */
static void add_field(lua_State *L, int t) {
  int name = lua_gettop(L) - 1;
  lua_pushvalue(L, name);
  if (lua_rawget(L, t) == LUA_TNIL) {
    lua_pop(L, 1);
    lua_rawset(L, t);
    return;
  }
  if (!lua_istable(L, -1)) {
    lua_createtable(L, 2, 0);
    lua_insert(L, -2);
    lua_rawseti(L, -2, 1);
    lua_pushvalue(L, name);
    lua_pushvalue(L, -2);
    lua_rawset(L, t);
  }
  lua_pushvalue(L, name + 1);
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  lua_settop(L, name - 1);
}

/* parse(str, sep, eq, options) */
static int query_parse(lua_State *L) {
  size_t len = 0;
  lua_settop(L, 4);
  if (!lua_isnil(L, 4)) arg_table(L, 4, "options");
  Marks m = read_marks(L);
  lua_Integer most = opt_integer(L, 4, "maxKeys", LUA_MININTEGER, LUA_MAXINTEGER, MAX_KEYS);
  const char *s = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &len) : "";
  lua_newtable(L);
  lua_Integer keys = 0;
  for (size_t start = 0; start < len && (most <= 0 || keys < most);) {
    const char *stop = find(s + start, len - start, m.sep, m.sep_len);
    size_t end = stop ? (size_t)(stop - s) : len;
    if (end > start) {
      const char *eq = find(s + start, end - start, m.eq, m.eq_len);
      size_t middle = eq ? (size_t)(eq - s) : end, value = eq ? middle + m.eq_len : end;
      push_decoded(L, s + start, middle - start);
      push_decoded(L, s + value, end - value);
      add_field(L, 5);
      keys++;
    }
    start = end + m.sep_len;
  }
  return 1;
}

/* ---- rows ---- */

static const OptDef parse_options[] = {
  { "maxKeys", "integer", "1000", "So many pairs are read; 0: all." },
  { 0 }
};

static const char parse_text[] = "Reads a query as a table; a name that comes more than once has a list of values.";
static const char stringify_text[] = "Writes the fields of a table as a query; a list is written as one pair for each value.";

static const FnDef querystring_functions[] = {
  { "decode", query_parse, FN_STATIC,
    "decode(str: string, sep: string?, eq: string?, options: table?): table", parse_text, parse_options, NULL,
    NULL },
  { "encode", query_stringify, FN_STATIC, "encode(obj: table, sep: string?, eq: string?): string",
    stringify_text, NULL, NULL, "Keys are sorted." },
  { "escape", query_escape, FN_STATIC, "escape(str: any): string", "Text with %XX for all that is special.",
    NULL, "print(querystring.escape \"a b&c\")", NULL },
  { "parse", query_parse, FN_STATIC,
    "parse(str: string, sep: string?, eq: string?, options: table?): table", parse_text, parse_options,
    "print(querystring.parse(\"a=1&a=2\").a[2])", "There is no option decodeURIComponent." },
  { "stringify", query_stringify, FN_STATIC, "stringify(obj: table, sep: string?, eq: string?): string",
    stringify_text, NULL, "print(querystring.stringify({ a = { 1, 2 }, b = \"x y\" }))",
    "Keys are sorted; there is no option encodeURIComponent." },
  { "unescape", query_unescape, FN_STATIC, "unescape(str: any): string", "The text with its %XX decoded.",
    NULL, NULL, NULL },
  { 0 }
};

const ModuleDef querystring_module = {
  .name = "querystring", .functions = querystring_functions,
  .doc = "Queries of URLs as tables. URLSearchParams keeps their order, too.",
  .example = "local querystring = require \"querystring\"\nprint(querystring.parse(\"q=a+b\").q)"
};
