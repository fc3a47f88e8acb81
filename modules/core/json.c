/* SPDX-License-Identifier: MIT */
/* json.c - null and the array mark, which JSON shares with the rest; see json.h. */
#include "json.h"

#include <lauxlib.h>

static const char null_key, array_key; /* registry keys */

static int null_tostring(lua_State *L) {
  lua_pushliteral(L, "null");
  return 1;
}

static void open_null(lua_State *L) {
  lua_newuserdatauv(L, 0, 0);
  lua_createtable(L, 0, 2);
  lua_pushliteral(L, "null");
  lua_setfield(L, -2, "__name");
  lua_pushcfunction(L, null_tostring);
  lua_setfield(L, -2, "__tostring");
  lua_setmetatable(L, -2);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &null_key);
}

static void open_array(lua_State *L) {
  lua_createtable(L, 0, 1);
  lua_pushliteral(L, "array");
  lua_setfield(L, -2, "__name");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &array_key);
}

void json_open(lua_State *L) {
  luaL_checkstack(L, 4, NULL);
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &null_key) == LUA_TNIL) open_null(L);
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &array_key) == LUA_TNIL) open_array(L);
  lua_pop(L, 2);
}

void json_push_null(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &null_key);
}

bool json_is_null(lua_State *L, int idx) {
  if (lua_type(L, idx) != LUA_TUSERDATA) return false;
  const void *value = lua_touserdata(L, idx);
  json_push_null(L);
  bool same = lua_touserdata(L, -1) == value;
  lua_pop(L, 1);
  return same;
}

void json_mark_array(lua_State *L, int idx) {
  idx = lua_absindex(L, idx);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &array_key);
  lua_setmetatable(L, idx);
}

bool json_is_marked(lua_State *L, int idx) {
  if (!lua_getmetatable(L, idx)) return false;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &array_key);
  bool same = lua_rawequal(L, -1, -2);
  lua_pop(L, 2);
  return same;
}

/* n keys, all of them integers from 1 to n: then they are 1..n. */
static bool is_sequence(lua_State *L, int idx) {
  lua_Integer count = 0, largest = 0;
  if (lua_rawlen(L, idx) == 0) return false; /* then [1] is nil */
  lua_pushnil(L);
  while (lua_next(L, idx)) {
    lua_pop(L, 1);
    lua_Integer key = lua_isinteger(L, -1) ? lua_tointeger(L, -1) : 0;
    if (key < 1) {
      lua_pop(L, 1);
      return false;
    }
    if (key > largest) largest = key;
    count++;
  }
  return count == largest;
}

bool json_is_array(lua_State *L, int idx) {
  if (!lua_istable(L, idx)) return false;
  luaL_checkstack(L, 3, NULL);
  idx = lua_absindex(L, idx);
  return json_is_marked(L, idx) || is_sequence(L, idx);
}
