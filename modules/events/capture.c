/* SPDX-License-Identifier: MIT */
/* capture.c - captureRejections: what becomes of a rejected promise that a listener has returned. */
#include "parts.h"
#include "../core/opts.h"
#include "../core/runtime.h"
#include "../promise/promise.h"

/* captureRejections: (emitter, { event, arguments... }, error). To the method "nodejs.rejection", else it
 * is an "error"; a rejection that comes of that one is nobody's. */
static int rejection_deliver(lua_State *L) {
  lua_settop(L, 3);
  if (lua_getfield(L, 1, CAPTURE_METHOD) != LUA_TNIL && arg_is_callable(L, 4)) {
    int n = (int)lua_rawlen(L, 2);
    luaL_checkstack(L, n + 4, "captureRejections");
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 3);
    for (int i = 1; i <= n; i++) lua_rawgeti(L, 2, i);
    lua_call(L, n + 2, 0);
    return 0;
  }
  lua_settop(L, 3);
  emitter_set_capture(L, 1, false);
  lua_getfield(L, 1, "emit");
  lua_pushvalue(L, 1);
  lua_pushliteral(L, "error");
  lua_pushvalue(L, 3);
  int status = lua_pcall(L, 3, 0, 0);
  emitter_set_capture(L, 1, true);
  return status == LUA_OK ? 0 : lua_error(L);
}

/* upvalues: emitter, { event, arguments... } */
static int on_rejected(lua_State *L) {
  lua_settop(L, 1);
  lua_pushcfunction(L, rejection_deliver);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, lua_upvalueindex(2));
  lua_pushvalue(L, 1);
  rt_next_tick(L, 3);
  return 0;
}

/* Looks after the promise that a listener has returned, on top of self name args... list. [-1] */
void capture_result(lua_State *L, int list) {
  if (promise_is(L, -1)) {
    lua_pushnil(L);
    lua_pushvalue(L, 1);
    lua_createtable(L, list - 2, 0);
    for (int a = 2; a < list; a++) {
      lua_pushvalue(L, a);
      lua_rawseti(L, -2, a - 1);
    }
    lua_pushcclosure(L, on_rejected, 2);
    promise_on(L, list + 1);
  }
  lua_settop(L, list);
}
