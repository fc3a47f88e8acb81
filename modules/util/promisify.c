/* SPDX-License-Identifier: MIT */
/* promisify.c - from callbacks to promises and back. */
#include "promisify.h"
#include "../core/class.h"
#include "../core/error.h"
#include "../core/interrupt.h"
#include "../core/json.h"
#include "../core/opts.h"
#include "../core/runtime.h"
#include "../promise/promise.h"

/* Is it "no error", or a value that says as little? */
static bool is_nothing(lua_State *L, int idx) {
  return !lua_toboolean(L, idx) || json_is_null(L, idx);
}

/* callback(err, value) that settles; upvalue: the promise */
static int settle(lua_State *L) {
  lua_settop(L, 2);
  lua_pushvalue(L, lua_upvalueindex(1));
  bool ok = is_nothing(L, 1);
  lua_pushvalue(L, ok ? 2 : 1);
  if (ok) promise_resolve(L, 3);
  else promise_reject(L, 3);
  return 0;
}

/* upvalue: the function that wants a callback last */
static int promised_call(lua_State *L) {
  int n = lua_gettop(L);
  luaL_checkstack(L, 8, "too many arguments");
  promise_new(L);
  lua_insert(L, 1);
  lua_pushvalue(L, 1);
  lua_pushcclosure(L, settle, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 2);
  if (lua_pcall(L, n + 1, 0, 0) != LUA_OK) {
    if (interrupt_is(L, -1)) return lua_error(L);
    err_wrap(L, 1);
    promise_reject(L, 1);
  }
  lua_settop(L, 1);
  return 1;
}

static const char known = 0; /* registry: functions in C -> their promise forms */

void promisify_know(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &known) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &known);
  }
  lua_insert(L, -3);
  lua_rawset(L, -3);
  lua_pop(L, 1);
}

int util_promisify(lua_State *L) {
  lua_settop(L, 1);
  arg_function(L, 1, "original");
  if (lua_istable(L, 1)) { /* a function with fields: it may know better */
    lua_pushliteral(L, PROMISIFY_CUSTOM);
    if (lua_rawget(L, 1) != LUA_TNIL) {
      arg_function(L, 2, "util.promisify.custom");
      return 1;
    }
    lua_settop(L, 1);
  }
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &known) == LUA_TTABLE) {
    lua_pushvalue(L, 1);
    if (lua_rawget(L, -2) != LUA_TNIL) return 1;
  }
  lua_settop(L, 1);
  lua_pushcclosure(L, promised_call, 1);
  return 1;
}

/* util.promisify(...) by __call of its table */
int util_promisify_call(lua_State *L) {
  lua_remove(L, 1);
  return util_promisify(L);
}

/* upvalue: the callback, which runs in a tick of its own: what it raises is no rejection */
static int pass_value(lua_State *L) {
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushnil(L);
  lua_pushvalue(L, 1);
  rt_next_tick(L, 2);
  return 0;
}

static int pass_reason(lua_State *L) {
  lua_settop(L, 1);
  if (is_nothing(L, 1)) {
    err_push(L, NULL, "ERR_FALSY_VALUE_REJECTION", "Promise was rejected with falsy value");
    lua_pushvalue(L, 1);
    lua_setfield(L, -2, "reason");
    lua_replace(L, 1);
  }
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, 1);
  rt_next_tick(L, 1);
  return 0;
}

static int callback_finish(lua_State *L, int status, lua_KContext ctx) {
  (void)status, (void)ctx;
  promise_from(L);
  lua_pushvalue(L, 1);
  lua_pushcclosure(L, pass_value, 1);
  lua_pushvalue(L, 1);
  lua_pushcclosure(L, pass_reason, 1);
  promise_on(L, -3);
  return 0;
}

/* upvalue: the function that returns a promise; the last argument is the callback */
static int callback_call(lua_State *L) {
  int n = lua_gettop(L);
  luaL_checkstack(L, 8, "too many arguments");
  if (!arg_is_callable(L, n)) {
    err_push_received(L, n > 0 ? n : 1);
    return err_raise(L, &type_error_class, "ERR_INVALID_ARG_TYPE",
                     "The last argument must be of type function. Received %s",
                     lua_tostring(L, -1));
  }
  lua_insert(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 2);
  lua_callk(L, n - 1, 1, 0, callback_finish);
  return callback_finish(L, LUA_OK, 0);
}

int util_callbackify(lua_State *L) {
  lua_settop(L, 1);
  arg_function(L, 1, "original");
  lua_pushcclosure(L, callback_call, 1);
  return 1;
}
