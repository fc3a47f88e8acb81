/* SPDX-License-Identifier: MIT */
/* headers.c - the headers of a message that is to be written.
 *
 * UV_OUT_HEADERS is a flat list of lower-case name, name, value in the order in which they were set; there
 * are few of them, so a look-up compares one after the other. */
#include "internal.h"

#include <math.h>
#include <string.h>
#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"
#include "core/strbuf.h"
#include "response.h"

enum { ENTRY = 3 };

int err_headers_sent(lua_State *L, const char *what) {
  return err_raise(L, NULL, "ERR_HTTP_HEADERS_SENT", "Cannot %s headers after they are sent to the client",
                   what);
}

/* ---- checks ---- */

void header_check_name(lua_State *L, int idx, const char *label) {
  size_t len = 0;
  const char *name = lua_type(L, idx) == LUA_TSTRING ? lua_tolstring(L, idx, &len) : "";
  if (http_is_token(name, len)) return;
  const char *shown = luaL_tolstring(L, idx, NULL);
  err_raise(L, &type_error_class, "ERR_INVALID_HTTP_TOKEN", "%s must be a valid HTTP token [\"%s\"]", label,
            shown);
}

void header_push_text(lua_State *L, int idx) {
  bool number = lua_type(L, idx) == LUA_TNUMBER && !lua_isinteger(L, idx);
  lua_Number n = number ? lua_tonumber(L, idx) : 0.5;
  if (n == floor(n) && fabs(n) < 1e15) lua_pushfstring(L, "%I", (LUAI_UACINT)n);
  else luaL_tolstring(L, idx, NULL);
}

static bool is_list(lua_State *L, int idx) {
  if (lua_type(L, idx) != LUA_TTABLE || err_is(L, idx)) return false;
  return json_is_marked(L, idx) || lua_rawlen(L, idx) > 0;
}

static void check_text(lua_State *L, int name, int value, const char *what) {
  size_t len;
  header_push_text(L, value);
  const char *text = lua_tolstring(L, -1, &len);
  if (!http_is_value(text, len))
    err_raise(L, &type_error_class, "ERR_INVALID_CHAR", "Invalid character in %s content [\"%s\"]", what,
              luaL_tolstring(L, name, NULL));
  lua_pop(L, 1);
}

static void check_value(lua_State *L, int name, int value, const char *what) {
  luaL_checkstack(L, 8, "header");
  if (lua_isnoneornil(L, value))
    err_raise(L, &type_error_class, "ERR_HTTP_INVALID_HEADER_VALUE", "Invalid value \"nil\" for header \"%s\"",
              luaL_tolstring(L, name, NULL));
  if (!is_list(L, value)) {
    check_text(L, name, value, what);
    return;
  }
  lua_Integer n = (lua_Integer)lua_rawlen(L, value);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, value, i);
    check_text(L, name, lua_gettop(L), what);
    lua_pop(L, 1);
  }
}

void header_check_value(lua_State *L, int name, int value) { check_value(L, name, value, "header"); }

/* validateHeaderName(name, label) */
int http_validate_name(lua_State *L) {
  lua_settop(L, 2);
  header_check_name(L, 1, lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "Header name");
  return 0;
}

/* validateHeaderValue(name, value) */
int http_validate_value(lua_State *L) {
  lua_settop(L, 2);
  header_check_value(L, 1, 2);
  return 0;
}

/* ---- the list ---- */

/* Pushes the string at idx in lower case. [+1] */
static void push_lower(lua_State *L, int idx) {
  size_t len;
  const char *s = lua_tolstring(L, idx, &len);
  luaL_Buffer b;
  char *to = luaL_buffinitsize(L, &b, len);
  for (size_t i = 0; i < len; i++) to[i] = s[i] >= 'A' && s[i] <= 'Z' ? (char)(s[i] + 32) : s[i];
  luaL_pushresultsize(&b, len);
}

/* Pushes the list; false and nothing pushed when there is none. [+1|0] */
static bool push_list(lua_State *L, int self) {
  if (lua_getiuservalue(L, self, UV_OUT_HEADERS) == LUA_TTABLE) return true;
  lua_pop(L, 1);
  return false;
}

/* Where the lower-case name at idx stands in the list at t; 0: not there. */
static lua_Integer find(lua_State *L, int t, int idx) {
  lua_Integer n = (lua_Integer)lua_rawlen(L, t);
  for (lua_Integer i = 1; i <= n; i += ENTRY) {
    lua_rawgeti(L, t, i);
    bool same = lua_rawequal(L, -1, idx);
    lua_pop(L, 1);
    if (same) return i;
  }
  return 0;
}

void header_set(lua_State *L, int self, int name, int value) {
  int top = lua_gettop(L);
  if (!push_list(L, self)) {
    lua_createtable(L, ENTRY, 0);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, self, UV_OUT_HEADERS);
  }
  push_lower(L, name);
  lua_Integer at = find(L, top + 1, top + 2);
  if (at == 0) at = (lua_Integer)lua_rawlen(L, top + 1) + 1;
  lua_rawseti(L, top + 1, at);
  lua_pushvalue(L, name);
  lua_rawseti(L, top + 1, at + 1);
  lua_pushvalue(L, value);
  lua_rawseti(L, top + 1, at + 2);
  lua_settop(L, top);
}

/* Pushes the value of the lower-case name on top in its place. [-1, +1]; nil when there is none */
static bool get_value(lua_State *L, int self) {
  int top = lua_gettop(L);
  lua_Integer at = push_list(L, self) ? find(L, top + 1, top) : 0;
  if (at != 0) lua_rawgeti(L, top + 1, at + 2);
  else lua_pushnil(L);
  lua_replace(L, top);
  lua_settop(L, top);
  return at != 0;
}

bool header_push(lua_State *L, int self, const char *lower) {
  lua_pushstring(L, lower);
  if (get_value(L, self)) return true;
  lua_pop(L, 1);
  return false;
}

/* ---- methods ---- */

static void check_open(lua_State *L, const char *what) {
  if (outgoing_self(L)->head_made) err_headers_sent(L, what);
}

/* setHeader(name, value) */
int header_lua_set(lua_State *L) {
  check_open(L, "set");
  lua_settop(L, 3);
  header_check_name(L, 2, "Header name");
  header_check_value(L, 2, 3);
  header_set(L, 1, 2, 3);
  lua_settop(L, 1);
  return 1;
}

/* Appends the value at idx, or the elements of a list, to the list on top. [0] */
static void append_values(lua_State *L, int idx) {
  int t = lua_gettop(L);
  lua_Integer n = is_list(L, idx) ? (lua_Integer)lua_rawlen(L, idx) : 0;
  if (!is_list(L, idx)) {
    lua_pushvalue(L, idx);
    lua_rawseti(L, t, (lua_Integer)lua_rawlen(L, t) + 1);
  }
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, idx, i);
    lua_rawseti(L, t, (lua_Integer)lua_rawlen(L, t) + 1);
  }
}

/* appendHeader(name, value) */
int header_lua_append(lua_State *L) {
  check_open(L, "append");
  lua_settop(L, 3);
  header_check_name(L, 2, "Header name");
  header_check_value(L, 2, 3);
  push_lower(L, 2);
  if (get_value(L, 1)) {
    lua_createtable(L, 2, 0);
    append_values(L, 4);
    append_values(L, 3);
    push_lower(L, 2);
    (void)push_list(L, 1);
    lua_Integer at = find(L, 7, 6);
    lua_pushvalue(L, 5);
    lua_rawseti(L, 7, at + 2); /* the name stays as it was first given */
  } else {
    header_set(L, 1, 2, 3);
  }
  lua_settop(L, 1);
  return 1;
}

/* Puts the name on top into the sorted list at t. [-1] */
static void insert_sorted(lua_State *L, int t) {
  lua_Integer at = (lua_Integer)lua_rawlen(L, t);
  for (; at > 0; at--) {
    lua_rawgeti(L, t, at);
    bool behind = strcmp(lua_tostring(L, -1), lua_tostring(L, -2)) < 0;
    if (behind) {
      lua_pop(L, 1);
      break;
    }
    lua_rawseti(L, t, at + 1);
  }
  lua_rawseti(L, t, at + 1);
}

void header_push_flat(lua_State *L, int t) {
  if (is_list(L, t)) {
    lua_pushvalue(L, t);
    return;
  }
  lua_newtable(L);
  lua_newtable(L);
  int flat = lua_gettop(L) - 1, names = flat + 1;
  for (lua_pushnil(L); lua_next(L, t);) {
    lua_pop(L, 1);
    header_check_name(L, lua_gettop(L), "Header name");
    lua_pushvalue(L, -1);
    insert_sorted(L, names);
  }
  lua_Integer n = (lua_Integer)lua_rawlen(L, names);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, names, i);
    lua_pushvalue(L, -1);
    lua_rawget(L, t);
    lua_rawseti(L, flat, i * 2);
    lua_rawseti(L, flat, i * 2 - 1);
  }
  lua_pop(L, 1);
}

void http_merge_headers(lua_State *L, int self, int headers) {
  int top = lua_gettop(L);
  header_push_flat(L, headers);
  lua_Integer n = (lua_Integer)lua_rawlen(L, top + 1);
  if (n % 2 != 0) err_arg_value(L, headers, "headers", "is invalid");
  for (int pass = 0; pass < 2; pass++)
    for (lua_Integer i = 1; i <= n; i += 2) {
      lua_rawgeti(L, top + 1, i);
      lua_rawgeti(L, top + 1, i + 1);
      if (pass == 0) {
        header_check_name(L, top + 2, "Header name");
        header_check_value(L, top + 2, top + 3);
      } else {
        header_set(L, self, top + 2, top + 3);
      }
      lua_settop(L, top + 1);
    }
  lua_settop(L, top);
}

/* setHeaders(headers) */
int header_lua_set_all(lua_State *L) {
  check_open(L, "set");
  lua_settop(L, 2);
  if (!lua_istable(L, 2) || is_list(L, 2)) err_arg_type(L, 2, "headers", "of type table");
  http_merge_headers(L, 1, 2);
  lua_settop(L, 1);
  return 1;
}

int header_lua_get(lua_State *L) {
  (void)outgoing_self(L);
  lua_settop(L, 2);
  (void)arg_string(L, 2, "name", NULL);
  push_lower(L, 2);
  (void)get_value(L, 1);
  return 1;
}

int header_lua_has(lua_State *L) {
  (void)outgoing_self(L);
  lua_settop(L, 2);
  (void)arg_string(L, 2, "name", NULL);
  push_lower(L, 2);
  lua_pushboolean(L, get_value(L, 1));
  return 1;
}

/* A sequence of slot `which` of all entries. */
static int push_column(lua_State *L, int which) {
  (void)outgoing_self(L);
  lua_settop(L, 1);
  lua_newtable(L);
  json_mark_array(L, 2);
  if (!push_list(L, 1)) return 1;
  lua_Integer n = (lua_Integer)lua_rawlen(L, 3);
  for (lua_Integer i = 1; i <= n; i += ENTRY) {
    lua_rawgeti(L, 3, i + which);
    lua_rawseti(L, 2, (i - 1) / ENTRY + 1);
  }
  lua_settop(L, 2);
  return 1;
}

int header_lua_names(lua_State *L) { return push_column(L, 0); }
int header_lua_raw_names(lua_State *L) { return push_column(L, 1); }

int header_lua_get_all(lua_State *L) {
  (void)outgoing_self(L);
  lua_settop(L, 1);
  lua_newtable(L);
  if (!push_list(L, 1)) return 1;
  lua_Integer n = (lua_Integer)lua_rawlen(L, 3);
  for (lua_Integer i = 1; i <= n; i += ENTRY) {
    lua_rawgeti(L, 3, i);
    lua_rawgeti(L, 3, i + 2);
    lua_rawset(L, 2);
  }
  lua_settop(L, 2);
  return 1;
}

static void note_removed(Outgoing *o, const char *name) {
  if (!strcmp(name, "connection")) o->removed_connection = true;
  else if (!strcmp(name, "content-length")) o->removed_length = true;
  else if (!strcmp(name, "transfer-encoding")) o->removed_te = true;
  else if (!strcmp(name, "date")) o->send_date = false;
}

/* removeHeader(name) */
int header_lua_remove(lua_State *L) {
  (void)outgoing_self(L);
  lua_settop(L, 2);
  (void)arg_string(L, 2, "name", NULL);
  check_open(L, "remove");
  push_lower(L, 2);
  note_removed(outgoing_self(L), lua_tostring(L, 3));
  if (!push_list(L, 1)) return 0;
  lua_Integer at = find(L, 4, 3), n = (lua_Integer)lua_rawlen(L, 4);
  if (at == 0) return 0;
  for (lua_Integer i = at; i <= n; i++) {
    lua_rawgeti(L, 4, i + ENTRY);
    lua_rawseti(L, 4, i);
  }
  return 0;
}

/* ---- uniqueHeaders ---- */

void header_unique_option(lua_State *L, int self, int opts) {
  int top = lua_gettop(L);
  if (opt_push(L, opts, "uniqueHeaders") == LUA_TTABLE) {
    lua_newtable(L);
    lua_Integer n = (lua_Integer)lua_rawlen(L, top + 1);
    for (lua_Integer i = 1; i <= n; i++) {
      if (lua_rawgeti(L, top + 1, i) == LUA_TSTRING) {
        push_lower(L, lua_gettop(L));
        lua_pushboolean(L, true);
        lua_rawset(L, top + 2);
      }
      lua_settop(L, top + 2);
    }
    outgoing_data_set(L, self, OUT_UNIQUE);
  }
  lua_settop(L, top);
}

/* ---- trailers ---- */

/* Appends `name: value` for the name and value on top, or a line for each element. [-2] */
static void add_trailer(lua_State *L, StrBuf *text) {
  int name = lua_gettop(L) - 1, value = name + 1;
  header_check_name(L, name, "Trailer name");
  check_value(L, name, value, "trailer");
  lua_Integer n = is_list(L, value) ? (lua_Integer)lua_rawlen(L, value) : 1;
  for (lua_Integer i = 1; i <= n; i++) {
    if (is_list(L, value)) lua_rawgeti(L, value, i);
    else lua_pushvalue(L, value);
    size_t len;
    header_push_text(L, lua_gettop(L));
    const char *s = lua_tolstring(L, -1, &len);
    strbuf_adds(text, lua_tostring(L, name));
    strbuf_adds(text, ": ");
    strbuf_add(text, s, len);
    strbuf_adds(text, "\r\n");
    lua_settop(L, value);
  }
  lua_settop(L, name - 1);
}

/* addTrailers(headers): a table, or a sequence of { name, value } */
int outgoing_add_trailers(lua_State *L) {
  (void)outgoing_self(L);
  lua_settop(L, 2);
  arg_table(L, 2, "headers");
  StrBuf *text = strbuf_new_lua(L);
  lua_Integer n = (lua_Integer)lua_rawlen(L, 2);
  for (lua_Integer i = 1; i <= n; i++) {
    if (lua_rawgeti(L, 2, i) != LUA_TTABLE) err_arg_type(L, 4, "headers", "a sequence of { name, value }");
    lua_rawgeti(L, 4, 1);
    lua_rawgeti(L, 4, 2);
    add_trailer(L, text);
    lua_settop(L, 3);
  }
  if (n == 0) {
    for (lua_pushnil(L); lua_next(L, 2);) {
      lua_pushvalue(L, -2);
      lua_insert(L, -2);
      add_trailer(L, text);
    }
  }
  if (text->failed) luaL_error(L, "not enough memory");
  lua_pushlstring(L, text->len ? text->p : "", text->len);
  strbuf_free(text);
  outgoing_data_set(L, 1, OUT_TRAILER);
  return 0;
}
