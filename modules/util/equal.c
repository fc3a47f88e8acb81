/* SPDX-License-Identifier: MIT */
/* equal.c - deep strict equality.
 *
 * No recursion: pairs of tables that are still to be compared stand in a Lua list, so that no depth of
 * nesting and no cycle can do harm. A pair that was met once is taken as equal. */
#include "util.h"
#include "../core/class.h"
#include "../core/error.h"
#include "../core/json.h"

#include <math.h>
#include <string.h>

/* Numbers as Object.is has them: NaN is itself, 0.0 and -0.0 differ; 1 and 1.0 are one number. */
static bool same_number(lua_State *L, int a, int b, bool loose) {
  if (lua_isinteger(L, a) && lua_isinteger(L, b)) return lua_tointeger(L, a) == lua_tointeger(L, b);
  lua_Number x = lua_tonumber(L, a), y = lua_tonumber(L, b);
  if (isnan(x) || isnan(y)) return isnan(x) && isnan(y);
  return lua_rawequal(L, a, b) && (loose || signbit(x) == signbit(y));
}

/* Remembers the pair; true when it was met before. seen: { [a] = { [b] = true } } */
static bool is_seen(lua_State *L, int seen, int a, int b) {
  lua_pushvalue(L, a);
  if (lua_rawget(L, seen) == LUA_TNIL) {
    lua_pop(L, 1);
    lua_createtable(L, 0, 1);
    lua_pushvalue(L, a);
    lua_pushvalue(L, -2);
    lua_rawset(L, seen);
  }
  lua_pushvalue(L, b);
  bool met = lua_rawget(L, -2) != LUA_TNIL;
  lua_pop(L, 1);
  lua_pushvalue(L, b);
  lua_pushboolean(L, true);
  lua_rawset(L, -3);
  lua_pop(L, 1);
  return met;
}

/* Compares two values; tables join the list. */
static bool same_value(lua_State *L, int list, int a, int b, bool loose) {
  if (lua_type(L, a) != lua_type(L, b)) return false;
  if (lua_type(L, a) == LUA_TNUMBER) return same_number(L, a, b, loose);
  if (lua_rawequal(L, a, b)) return true;
  if (lua_type(L, a) != LUA_TTABLE) return false;
  lua_Integer n = (lua_Integer)lua_rawlen(L, list);
  lua_pushvalue(L, a);
  lua_rawseti(L, list, n + 1);
  lua_pushvalue(L, b);
  lua_rawseti(L, list, n + 2);
  return true;
}

static bool same_metatable(lua_State *L, int a, int b) {
  bool has_a = lua_getmetatable(L, a);
  if (!has_a) lua_pushnil(L);
  bool has_b = lua_getmetatable(L, b);
  if (!has_b) lua_pushnil(L);
  bool same = lua_rawequal(L, -1, -2);
  lua_pop(L, 2);
  if (same) return true;
  return json_is_array(L, a) && json_is_array(L, b); /* the mark says what a plain sequence says */
}

/* Is the key on top not part of the value? Our own marks, and where an Error was made. */
static bool is_aside(lua_State *L, int t) {
  if (lua_islightuserdata(L, -1)) return true;
  return lua_type(L, -1) == LUA_TSTRING && !strcmp(lua_tostring(L, -1), "stack") && err_is(L, t);
}

static int count_fields(lua_State *L, int t) {
  int n = 0;
  for (lua_pushnil(L); lua_next(L, t);) {
    lua_pop(L, 1);
    n += !is_aside(L, t);
  }
  return n;
}

static bool same_fields(lua_State *L, int list, int a, int b, bool loose) {
  int top = lua_gettop(L);
  if (!loose && !same_metatable(L, a, b)) return false;
  if (count_fields(L, a) != count_fields(L, b)) return false;
  for (lua_pushnil(L); lua_next(L, a); lua_settop(L, top + 1)) {
    lua_pushvalue(L, top + 1);
    bool aside = is_aside(L, a);
    lua_rawget(L, b);
    if (!aside && !same_value(L, list, top + 2, top + 3, loose)) {
      lua_settop(L, top);
      return false;
    }
  }
  return true;
}

static bool deep_equal(lua_State *L, int a, int b, bool loose) {
  luaL_checkstack(L, 20, "equal");
  int top = lua_gettop(L);
  lua_newtable(L);
  lua_newtable(L);
  int list = top + 1, seen = top + 2;
  bool same = same_value(L, list, a, b, loose);
  lua_Integer n;
  while (same && (n = (lua_Integer)lua_rawlen(L, list)) > 0) {
    lua_rawgeti(L, list, n - 1);
    lua_rawgeti(L, list, n);
    for (lua_Integer i = n; i > n - 2; i--) {
      lua_pushnil(L);
      lua_rawseti(L, list, i);
    }
    if (!is_seen(L, seen, seen + 1, seen + 2)) same = same_fields(L, list, seen + 1, seen + 2, loose);
    lua_settop(L, seen);
  }
  lua_settop(L, top);
  return same;
}

bool util_deep_equal(lua_State *L, int a, int b) { return deep_equal(L, a, b, false); }
bool util_deep_equal_loose(lua_State *L, int a, int b) { return deep_equal(L, a, b, true); }
