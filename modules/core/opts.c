/* SPDX-License-Identifier: MIT */
/* opts.c - see opts.h. */
#include "opts.h"
#include "error.h"

#include <stdio.h>
#include <string.h>

const char *arg_string(lua_State *L, int idx, const char *name, size_t *len) {
  if (lua_type(L, idx) != LUA_TSTRING) err_arg_type(L, idx, name, "of type string");
  return lua_tolstring(L, idx, len);
}

const char *arg_cstring(lua_State *L, int idx, const char *name) {
  size_t len;
  const char *s = arg_string(L, idx, name, &len);
  if (memchr(s, '\0', len)) err_arg_value(L, idx, name, "must be a string without null bytes");
  return s;
}

lua_Number arg_number(lua_State *L, int idx, const char *name) {
  if (lua_type(L, idx) != LUA_TNUMBER) err_arg_type(L, idx, name, "of type number");
  return lua_tonumber(L, idx);
}

lua_Integer arg_integer(lua_State *L, int idx, const char *name, lua_Integer min, lua_Integer max) {
  int whole;
  char range[96];
  (void)arg_number(L, idx, name);
  lua_Integer n = lua_tointegerx(L, idx, &whole);
  if (!whole) err_range(L, idx, name, "an integer");
  if (n < min || n > max) {
    if (max == LUA_MAXINTEGER) snprintf(range, sizeof range, ">= %lld", (long long)min);
    else snprintf(range, sizeof range, ">= %lld && <= %lld", (long long)min, (long long)max);
    err_range(L, idx, name, range);
  }
  return n;
}

bool arg_boolean(lua_State *L, int idx, const char *name) {
  if (lua_type(L, idx) != LUA_TBOOLEAN) err_arg_type(L, idx, name, "of type boolean");
  return lua_toboolean(L, idx);
}

bool arg_is_callable(lua_State *L, int idx) {
  if (lua_isfunction(L, idx)) return true;
  if (luaL_getmetafield(L, idx, "__call") == LUA_TNIL) return false;
  lua_pop(L, 1);
  return true;
}

void arg_function(lua_State *L, int idx, const char *name) {
  if (!arg_is_callable(L, idx)) err_arg_type(L, idx, name, "of type function");
}

void arg_table(lua_State *L, int idx, const char *name) {
  if (!lua_istable(L, idx)) err_arg_type(L, idx, name, "of type table");
}

/* ---- option tables ---- */

int opt_push(lua_State *L, int idx, const char *key) {
  if (idx == 0 || !lua_istable(L, idx)) {
    lua_pushnil(L);
    return LUA_TNIL;
  }
  return lua_getfield(L, idx, key);
}

/* "options.key" for the error that is about to be raised; stays on the stack. */
static const char *opt_name(lua_State *L, const char *key) {
  return lua_pushfstring(L, "options.%s", key);
}

/* Pushes the field; true when there is one. [+1] */
static bool opt_found(lua_State *L, int idx, const char *key) {
  return opt_push(L, idx, key) != LUA_TNIL;
}

const char *opt_string(lua_State *L, int idx, const char *key, const char *fallback) {
  const char *s = fallback;
  if (opt_found(L, idx, key)) {
    int at = lua_gettop(L);
    if (lua_type(L, at) != LUA_TSTRING) err_arg_type(L, at, opt_name(L, key), "of type string");
    s = lua_tostring(L, at);
    if (strlen(s) != lua_rawlen(L, at))
      err_arg_value(L, at, opt_name(L, key), "must be a string without null bytes");
  }
  lua_pop(L, 1);
  return s;
}

lua_Integer opt_integer(lua_State *L, int idx, const char *key, lua_Integer min, lua_Integer max,
                        lua_Integer fallback) {
  lua_Integer n = fallback;
  if (opt_found(L, idx, key)) {
    int at = lua_gettop(L), whole;
    n = lua_tointegerx(L, at, &whole);
    if (lua_type(L, at) != LUA_TNUMBER || !whole || n < min || n > max)
      n = arg_integer(L, at, opt_name(L, key), min, max); /* raises what fits */
  }
  lua_pop(L, 1);
  return n;
}

lua_Number opt_number(lua_State *L, int idx, const char *key, lua_Number fallback) {
  lua_Number n = fallback;
  if (opt_found(L, idx, key)) {
    int at = lua_gettop(L);
    if (lua_type(L, at) != LUA_TNUMBER) err_arg_type(L, at, opt_name(L, key), "of type number");
    n = lua_tonumber(L, at);
  }
  lua_pop(L, 1);
  return n;
}

bool opt_boolean(lua_State *L, int idx, const char *key, bool fallback) {
  bool b = fallback;
  if (opt_found(L, idx, key)) {
    int at = lua_gettop(L);
    if (!lua_isboolean(L, at)) err_arg_type(L, at, opt_name(L, key), "of type boolean");
    b = lua_toboolean(L, at);
  }
  lua_pop(L, 1);
  return b;
}
