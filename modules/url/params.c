/* SPDX-License-Identifier: MIT */
/* params.c - URLSearchParams: the pairs of a query, in their order.
 *
 * User value LIST is a flat list of names and values; user value OWNER the URL whose query follows every
 * change, or nil. */
#include "url.h"
#include "parse.h"
#include "../core/error.h"
#include "../core/opts.h"
#include "../core/utf8.h"
#include "../inspect/inspect.h"

#include <string.h>

enum { LIST = UV_CLASS, OWNER };

typedef struct Params {
  char nothing; /* all is in the user values */
} Params;

static int params_alloc(lua_State *L) {
  class_new(L, &url_params_class, sizeof(Params), 2);
  lua_newtable(L);
  lua_setiuservalue(L, -2, LIST);
  return 1;
}

/* Pushes the list; returns how many strings are in it. [+1] */
static lua_Integer push_list(lua_State *L, int idx) {
  lua_getiuservalue(L, idx, LIST);
  return (lua_Integer)lua_rawlen(L, -1);
}

/* Appends name and value on top to the list at idx. [-2] */
static void list_add(lua_State *L, int list) {
  lua_Integer n = (lua_Integer)lua_rawlen(L, list);
  lua_rawseti(L, list, n + 2);
  lua_rawseti(L, list, n + 1);
}

/* ---- text ---- */

/* Pushes a piece of a query: + is a blank, %XX a byte, what is not UTF-8 is replaced. [+1] */
static void push_piece(lua_State *L, const char *s, size_t len) {
  StrBuf *raw = strbuf_new_lua(L), *out = strbuf_new_lua(L);
  url_decode(raw, s, len);
  size_t at = 0; /* a + that was written as %2B stays: blanks are made before decoding */
  strbuf_clear(raw);
  for (size_t i = 0; i <= len; i++) {
    if (i < len && s[i] != '+') continue;
    if (i > at) url_decode(raw, s + at, i - at);
    if (i < len) strbuf_addc(raw, ' ');
    at = i + 1;
  }
  if (raw->len) utf8_sanitize(out, raw->p, raw->len);
  if (raw->failed || out->failed) luaL_error(L, "not enough memory");
  lua_pushlstring(L, out->len ? out->p : "", out->len);
  strbuf_free(raw);
  strbuf_free(out);
  lua_replace(L, -3);
  lua_pop(L, 1);
}

/* Reads a query without its question mark into the list at idx. */
static void list_parse(lua_State *L, int list, const char *s, size_t len) {
  luaL_checkstack(L, 8, "query");
  for (size_t start = 0; start < len;) {
    const char *amp = memchr(s + start, '&', len - start);
    size_t end = amp ? (size_t)(amp - s) : len;
    const char *equals = memchr(s + start, '=', end - start);
    size_t middle = equals ? (size_t)(equals - s) : end;
    if (end > start) {
      push_piece(L, s + start, middle - start);
      push_piece(L, s + middle + (equals != NULL), end - middle - (equals != NULL));
      list_add(L, list);
    }
    start = end + 1;
  }
}

static void add_piece(StrBuf *out, lua_State *L, int idx) {
  size_t len;
  const char *s = lua_tolstring(L, idx, &len);
  for (size_t start = 0; start <= len;) {
    const char *blank = memchr(s + start, ' ', len - start);
    size_t end = blank ? (size_t)(blank - s) : len;
    url_encode(out, s + start, end - start, SET_FORM);
    if (blank) strbuf_addc(out, '+');
    start = end + 1;
  }
}

/* Pushes the list as a query. [+1] */
static void push_text(lua_State *L, int idx) {
  lua_Integer n = push_list(L, idx);
  int list = lua_gettop(L);
  StrBuf *out = strbuf_new_lua(L);
  for (lua_Integer i = 1; i <= n; i++) {
    if (i > 1) strbuf_addc(out, i % 2 ? '&' : '=');
    lua_rawgeti(L, list, i);
    add_piece(out, L, -1);
    lua_pop(L, 1);
  }
  if (out->failed) luaL_error(L, "not enough memory");
  lua_pushlstring(L, out->len ? out->p : "", out->len);
  strbuf_free(out);
  lua_replace(L, list);
  lua_settop(L, list);
}

/* Something was changed: the URL follows. */
static int changed(lua_State *L) {
  size_t len;
  lua_getiuservalue(L, 1, OWNER);
  if (lua_isnil(L, -1)) return 0;
  int owner = lua_gettop(L);
  push_text(L, 1);
  const char *text = lua_tolstring(L, -1, &len);
  url_set_query(L, owner, text, len);
  return 0;
}

void url_params_read(lua_State *L, const char *query, size_t len) {
  int self = lua_gettop(L);
  lua_newtable(L);
  list_parse(L, self + 1, query, len);
  lua_setiuservalue(L, self, LIST);
}

void url_params_push(lua_State *L, int idx, const char *query, size_t len) {
  idx = lua_absindex(L, idx);
  params_alloc(L);
  lua_pushvalue(L, idx);
  lua_setiuservalue(L, -2, OWNER);
  url_params_read(L, query, len);
}

/* ---- construction ---- */

static void check_self(lua_State *L) { (void)class_check(L, 1, &url_params_class); }

/* Turns the argument into a string in place, as String() does; text that is not UTF-8 is replaced. */
static void to_text(lua_State *L, int idx) {
  size_t len;
  int top = lua_gettop(L);
  luaL_tolstring(L, idx, NULL);
  const char *s = lua_tolstring(L, -1, &len);
  if (!utf8_valid(s, len)) {
    StrBuf *out = strbuf_new_lua(L);
    utf8_sanitize(out, s, len);
    if (out->failed) luaL_error(L, "not enough memory");
    lua_pushlstring(L, out->p, out->len);
    strbuf_free(out);
  }
  lua_replace(L, idx);
  lua_settop(L, top);
}

static int refuse_pair(lua_State *L) {
  return err_raise(L, &type_error_class, "ERR_INVALID_TUPLE",
                   "Each query pair must be an iterable [name, value] tuple");
}

/* { { "a", "1" }, ... } */
static void add_pairs(lua_State *L, int init, int list) {
  int top = lua_gettop(L);
  lua_Integer n = (lua_Integer)lua_rawlen(L, init);
  for (lua_Integer i = 1; i <= n; i++, lua_settop(L, top)) {
    if (lua_rawgeti(L, init, i) != LUA_TTABLE || lua_rawlen(L, -1) != 2) refuse_pair(L);
    lua_rawgeti(L, top + 1, 1);
    lua_rawgeti(L, top + 1, 2);
    to_text(L, top + 2);
    to_text(L, top + 3);
    list_add(L, list);
  }
}

/* { a = "1", ... }, sorted by name */
static void add_fields(lua_State *L, int init, int list) {
  int top = lua_gettop(L), n = inspect_push_keys(L, init);
  for (int i = 1; i <= n; i++, lua_settop(L, top + 1)) {
    lua_rawgeti(L, top + 1, i);
    lua_pushvalue(L, top + 2);
    lua_rawget(L, init);
    to_text(L, top + 2);
    to_text(L, top + 3);
    list_add(L, list);
  }
}

/* URLSearchParams(init) */
static int params_init(lua_State *L) {
  size_t len;
  check_self(L);
  lua_settop(L, 2);
  (void)push_list(L, 1);
  if (lua_isnil(L, 2)) return 0;
  if (class_test(L, 2, &url_params_class)) {
    lua_Integer n = push_list(L, 2);
    for (lua_Integer i = 1; i <= n; i++) {
      lua_rawgeti(L, 4, i);
      lua_rawseti(L, 3, i);
    }
  } else if (lua_istable(L, 2)) {
    if (lua_rawlen(L, 2) > 0) add_pairs(L, 2, 3);
    else add_fields(L, 2, 3);
  } else {
    to_text(L, 2);
    const char *s = lua_tolstring(L, 2, &len);
    bool mark = len > 0 && *s == '?';
    list_parse(L, 3, s + mark, len - mark);
  }
  return 0;
}

/* ---- methods ---- */

static void check_args(lua_State *L, int n, const char *what) {
  check_self(L);
  if (lua_gettop(L) < n + 1)
    err_raise(L, &type_error_class, "ERR_MISSING_ARGS", "The %s must be specified", what);
}

static const char name_only[] = "\"name\" argument", name_value[] = "\"name\" and \"value\" arguments";

static int params_append(lua_State *L) {
  check_args(L, 2, name_value);
  lua_settop(L, 3);
  to_text(L, 2);
  to_text(L, 3);
  (void)push_list(L, 1);
  lua_pushvalue(L, 2);
  lua_pushvalue(L, 3);
  list_add(L, 4);
  return changed(L);
}

/* Is pair i of the list at `list` the name at 2, and with the value at 3 unless that is nil? */
static bool is_pair(lua_State *L, int list, lua_Integer i) {
  lua_rawgeti(L, list, i);
  lua_rawgeti(L, list, i + 1);
  bool same = lua_rawequal(L, -2, 2) && (lua_isnil(L, 3) || lua_rawequal(L, -1, 3));
  lua_pop(L, 2);
  return same;
}

/* name at 2, value or nil at 3, list at 4. Returns the length of the list. */
static lua_Integer begin_search(lua_State *L) {
  check_args(L, 1, name_only);
  lua_settop(L, 3);
  to_text(L, 2);
  if (!lua_isnil(L, 3)) to_text(L, 3);
  return push_list(L, 1);
}

/* Takes out the pairs that fit, from pair `from` on. */
static void remove_pairs(lua_State *L, lua_Integer n, lua_Integer from) {
  lua_Integer kept = from;
  for (lua_Integer i = from; i <= n; i += 2) {
    if (is_pair(L, 4, i)) continue;
    for (int k = 0; k < 2; k++) {
      lua_rawgeti(L, 4, i + k);
      lua_rawseti(L, 4, kept++);
    }
  }
  for (; n >= kept; n--) {
    lua_pushnil(L);
    lua_rawseti(L, 4, n);
  }
}

static int params_delete(lua_State *L) {
  remove_pairs(L, begin_search(L), 1);
  return changed(L);
}

static int params_get(lua_State *L) {
  lua_settop(L, lua_gettop(L) < 2 ? lua_gettop(L) : 2);
  lua_Integer n = begin_search(L);
  for (lua_Integer i = 1; i <= n; i += 2) {
    if (!is_pair(L, 4, i)) continue;
    lua_rawgeti(L, 4, i + 1);
    return 1;
  }
  lua_pushnil(L);
  return 1;
}

static int params_get_all(lua_State *L) {
  lua_settop(L, lua_gettop(L) < 2 ? lua_gettop(L) : 2);
  lua_Integer n = begin_search(L), found = 0;
  lua_newtable(L);
  for (lua_Integer i = 1; i <= n; i += 2) {
    if (!is_pair(L, 4, i)) continue;
    lua_rawgeti(L, 4, i + 1);
    lua_rawseti(L, 5, ++found);
  }
  return 1;
}

static int params_has(lua_State *L) {
  lua_Integer n = begin_search(L);
  bool found = false;
  for (lua_Integer i = 1; i <= n && !found; i += 2) found = is_pair(L, 4, i);
  lua_pushboolean(L, found);
  return 1;
}

static int params_set(lua_State *L) {
  check_args(L, 2, name_value);
  lua_settop(L, 3);
  to_text(L, 2);
  to_text(L, 3);
  lua_Integer n = push_list(L, 1), i = 1;
  lua_pushvalue(L, 3);
  lua_pushnil(L);
  lua_replace(L, 3); /* by its name alone; the value is at 5 */
  while (i <= n && !is_pair(L, 4, i)) i += 2;
  if (i > n) {
    lua_pushvalue(L, 2);
    lua_pushvalue(L, 5);
    list_add(L, 4);
    return changed(L);
  }
  lua_pushvalue(L, 5);
  lua_rawseti(L, 4, i + 1);
  remove_pairs(L, n, i + 2);
  return changed(L);
}

/* A stable sort by merging: names by their bytes, which for UTF-8 is by code points. */
static void merge(lua_State *L, lua_Integer from, lua_Integer middle, lua_Integer to, int in, int out) {
  lua_Integer a = from, b = middle;
  for (lua_Integer i = from; i < to; i++) {
    lua_rawgeti(L, in, 2 * a + 1);
    lua_rawgeti(L, in, 2 * b + 1);
    bool first = b >= to || (a < middle && !lua_compare(L, -1, -2, LUA_OPLT));
    lua_pop(L, 2);
    lua_Integer take = first ? a++ : b++;
    for (int k = 1; k <= 2; k++) {
      lua_rawgeti(L, in, 2 * take + k);
      lua_rawseti(L, out, 2 * i + k);
    }
  }
}

static int params_sort(lua_State *L) {
  check_self(L);
  lua_settop(L, 1);
  lua_Integer n = push_list(L, 1) / 2;
  lua_newtable(L);
  int in = 2, out = 3;
  for (lua_Integer width = 1; width < n; width *= 2) {
    for (lua_Integer i = 0; i < n; i += 2 * width) {
      lua_Integer middle = i + width < n ? i + width : n, to = i + 2 * width < n ? i + 2 * width : n;
      merge(L, i, middle, to, in, out);
    }
    in = 5 - in, out = 5 - out;
  }
  lua_pushvalue(L, in);
  lua_setiuservalue(L, 1, LIST);
  return changed(L);
}

static int params_tostring(lua_State *L) {
  check_self(L);
  push_text(L, 1);
  return 1;
}

static int params_size(lua_State *L) {
  lua_pushinteger(L, push_list(L, 1) / 2);
  return 1;
}

/* ---- iteration ---- */

/* upvalues: the object, position, kind: 1 names, 2 values, 3 both */
static int params_next(lua_State *L) {
  lua_Integer i = lua_tointeger(L, lua_upvalueindex(2)), kind = lua_tointeger(L, lua_upvalueindex(3));
  lua_settop(L, 0);
  lua_getiuservalue(L, lua_upvalueindex(1), LIST);
  lua_pushinteger(L, i + 2);
  lua_replace(L, lua_upvalueindex(2));
  if (kind & 1) lua_rawgeti(L, 1, i);
  if (kind & 2) lua_rawgeti(L, 1, i + 1);
  return kind == 3 ? 2 : 1;
}

static int push_iterator(lua_State *L, int kind) {
  check_self(L);
  lua_settop(L, 1);
  lua_pushinteger(L, 1);
  lua_pushinteger(L, kind);
  lua_pushcclosure(L, params_next, 3);
  return 1;
}

static int params_keys(lua_State *L) { return push_iterator(L, 1); }
static int params_values(lua_State *L) { return push_iterator(L, 2); }
static int params_entries(lua_State *L) { return push_iterator(L, 3); }

/* self, fn; the next pair is ctx */
static int for_each_next(lua_State *L, int status, lua_KContext ctx) {
  (void)status;
  for (lua_KContext i = ctx;; i += 2) {
    lua_settop(L, 2);
    if ((lua_Integer)i > push_list(L, 1)) return 0;
    lua_pushvalue(L, 2);
    lua_rawgeti(L, 3, (lua_Integer)i + 1);
    lua_rawgeti(L, 3, (lua_Integer)i);
    lua_pushvalue(L, 1);
    lua_callk(L, 3, 0, i + 2, for_each_next);
  }
}

static int params_for_each(lua_State *L) {
  check_self(L);
  arg_function(L, 2, "callback");
  return for_each_next(L, LUA_OK, 1);
}

/* URLSearchParams { 'a' => '1', 'b' => '2' } */
static int params_inspect(lua_State *L) {
  lua_settop(L, 1);
  lua_Integer n = push_list(L, 1);
  StrBuf *out = strbuf_new_lua(L);
  strbuf_adds(out, n ? "URLSearchParams { " : "URLSearchParams {}");
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, 2, i);
    inspect_append(L, -1, out, NULL);
    lua_pop(L, 1);
    strbuf_adds(out, i % 2 ? " => " : i < n ? ", " : " }");
  }
  if (out->failed) return luaL_error(L, "not enough memory");
  lua_pushlstring(L, out->p, out->len);
  strbuf_free(out);
  return 1;
}

/* ---- rows ---- */

static const FnDef params_methods[] = {
  { "append", params_append, FN_METHOD, "append(name: string, value: any)", "Adds a pair at the end.",
    NULL, NULL, NULL },
  { "delete", params_delete, FN_METHOD, "delete(name: string, value: any?)",
    "Removes the pairs of the name (and value, when given).", NULL, NULL, NULL },
  { "entries", params_entries, FN_METHOD, "entries(): function",
    "An iterator: `for name, value in params:entries() do`.", NULL,
    "for k, v in URLSearchParams(\"a=1&b=2\"):entries() do print(k, v) end", NULL },
  { "forEach", params_for_each, FN_METHOD, "forEach(callback: function)",
    "Calls callback(value, name, params) for each pair.", NULL, NULL, NULL },
  { "get", params_get, FN_METHOD, "get(name: string): string?", "The first value of the name, or nil.",
    NULL, "print(URLSearchParams(\"a=1&a=2\"):get \"a\")", NULL },
  { "getAll", params_get_all, FN_METHOD, "getAll(name: string): string[]", "All values of the name.",
    NULL, NULL, NULL },
  { "has", params_has, FN_METHOD, "has(name: string, value: any?): boolean",
    "Is there a pair of the name (and value, when given)?", NULL, NULL, NULL },
  { "keys", params_keys, FN_METHOD, "keys(): function", "An iterator over the names.", NULL, NULL, NULL },
  { "set", params_set, FN_METHOD, "set(name: string, value: any)",
    "Gives the name this one value; without such a pair adds one.", NULL, NULL, NULL },
  { "sort", params_sort, FN_METHOD, "sort()", "Sorts the pairs by name; those of a name keep their order.",
    NULL, NULL, NULL },
  { "toString", params_tostring, FN_METHOD, "toString(): string", "The query as text, without `?`.", NULL,
    NULL, NULL },
  { "values", params_values, FN_METHOD, "values(): function", "An iterator over the values.", NULL, NULL,
    NULL },
  { 0 }
};

static const PropDef params_props[] = { { "size", params_size, NULL, "integer", "How many pairs." }, { 0 } };

const ClassDef url_params_class = {
  .name = "URLSearchParams", .alloc = params_alloc, .init = params_init, .tostring = params_tostring,
  .inspect = params_inspect, .methods = params_methods, .props = params_props,
  .doc = "The pairs of a query, from text, a list of pairs { { \"a\", \"1\" } } or a table of fields. Those "
         "of a URL's searchParams change the URL.",
  .example = "local p = URLSearchParams { q = \"a b\", n = 1 }\nprint(p)"
};
