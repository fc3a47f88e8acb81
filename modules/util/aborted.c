/* SPDX-License-Identifier: MIT */
/* aborted.c - util.aborted: a promise of a signal's abort, as long as somebody keeps a resource. */
#include "parts.h"
#include "../core/error.h"
#include "../core/opts.h"
#include "../events/abort.h"
#include "../promise/promise.h"

/* The signal's listener. upvalues: the promise, a table that holds the resource weakly */
static int on_abort(lua_State *L) {
  lua_settop(L, 1);
  if (lua_rawgeti(L, lua_upvalueindex(2), 1) == LUA_TNIL) return 0;
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, 1);
  promise_resolve(L, lua_gettop(L) - 1);
  return 0;
}

/* Checks what is at 1 and 2; raises into the promise. */
static int check(lua_State *L) {
  signal_check(L, 1, "signal");
  int type = lua_type(L, 2);
  if (type != LUA_TTABLE && type != LUA_TUSERDATA && type != LUA_TFUNCTION)
    err_arg_type(L, 2, "resource", "of type table");
  return 0;
}

int util_aborted(lua_State *L) {
  lua_settop(L, 2);
  promise_new(L); /* 3 */
  lua_pushcfunction(L, check);
  lua_pushvalue(L, 1);
  lua_pushvalue(L, 2);
  if (lua_pcall(L, 2, 0, 0) != LUA_OK) {
    promise_reject(L, 3);
    lua_settop(L, 3);
    return 1;
  }
  promise_new(L); /* 4: the one that 3 follows, as in a function that is async */
  lua_pushvalue(L, 4);
  promise_resolve(L, 3);
  if (signal_aborted(L, 1)) {
    lua_pushnil(L);
    promise_resolve(L, 4);
    lua_settop(L, 3);
    return 1;
  }
  lua_pushvalue(L, 4);
  lua_createtable(L, 1, 0);
  lua_createtable(L, 0, 1);
  lua_pushliteral(L, "v");
  lua_setfield(L, -2, "__mode");
  lua_setmetatable(L, -2);
  lua_pushvalue(L, 2);
  lua_rawseti(L, -2, 1);
  lua_pushcclosure(L, on_abort, 2);
  signal_on(L, 1);
  lua_settop(L, 3);
  return 1;
}
