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

static const char *const value_only[] = { NULL }; /* names of a callback that gets no error */

/* Pushes { name = value } of what is at 2 and behind. [+1] */
static void push_named(lua_State *L, const char *const *names, int last) {
  lua_newtable(L);
  for (int i = 2; i <= last && *names; i++, names++) {
    lua_pushvalue(L, i);
    lua_setfield(L, -2, *names);
  }
}

/* callback(err, values...) that settles; upvalues: the promise, names of the values or nil */
static int settle(lua_State *L) {
  int last = lua_gettop(L);
  const char *const *names = lua_touserdata(L, lua_upvalueindex(2));
  luaL_checkstack(L, 8, "too many arguments");
  lua_pushvalue(L, lua_upvalueindex(1));
  int promise = lua_gettop(L);
  bool ok = names == value_only || last < 1 || is_nothing(L, 1);
  if (!ok) lua_pushvalue(L, 1);
  else if (names && names != value_only && last > 2) push_named(L, names, last);
  else if (last < (names == value_only ? 1 : 2)) lua_pushnil(L);
  else lua_pushvalue(L, names == value_only ? 1 : 2);
  if (ok) promise_resolve(L, promise);
  else promise_reject(L, promise);
  return 0;
}

/* upvalues: the function that wants a callback last, names of its values or nil */
static int promised_call(lua_State *L) {
  int n = lua_gettop(L);
  luaL_checkstack(L, 8, "too many arguments");
  promise_new(L);
  lua_insert(L, 1);
  lua_pushvalue(L, 1);
  lua_pushvalue(L, lua_upvalueindex(2));
  lua_pushcclosure(L, settle, 2);
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

void promisify_know_names(lua_State *L, const char *const *names) {
  lua_pushvalue(L, -1);
  lua_pushlightuserdata(L, (void *)names);
  lua_pushcclosure(L, promised_call, 2);
  promisify_know(L);
}

void promisify_know_value(lua_State *L) { promisify_know_names(L, value_only); }

/* The functions of the layers below have promise forms in modules of their own. */
static void learn(lua_State *L) {
  static const struct {
    const char *module, *forms, *name;
  } pairs[] = { { "timers", "timers/promises", "setTimeout" },
                { "timers", "timers/promises", "setImmediate" },
                { "stream", "stream/promises", "pipeline" },
                { "stream", "stream/promises", "finished" } };
  int top = lua_gettop(L);
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    if (!rt_require_builtin(L, pairs[i].module) || !rt_require_builtin(L, pairs[i].forms)) continue;
    lua_getfield(L, top + 1, pairs[i].name);
    lua_getfield(L, top + 2, pairs[i].name);
    promisify_know(L);
    lua_settop(L, top);
  }
}

/* Pushes the promise form that is known for the C function at 1. [+1|0] */
static bool push_known(lua_State *L) {
  static const char learned = 0;
  if (!lua_iscfunction(L, 1)) return false;
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &learned) == LUA_TNIL) {
    learn(L);
    lua_pushboolean(L, true);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &learned);
  }
  lua_settop(L, 1);
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &known) == LUA_TTABLE) {
    lua_pushvalue(L, 1);
    if (lua_rawget(L, -2) != LUA_TNIL) return true;
  }
  lua_settop(L, 1);
  return false;
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
  if (push_known(L)) return 1;
  lua_pushnil(L);
  lua_pushcclosure(L, promised_call, 2);
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
