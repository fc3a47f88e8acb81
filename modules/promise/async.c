/* SPDX-License-Identifier: MIT */
/* async.c - async functions and await.
 *
 * An async function is a coroutine that nobody but its promise's reactions resumes. While it waits, the
 * reaction (coroutine, nil, its promise) in the promise waited for is all that keeps it alive, so one
 * that can never go on is collected. data->current is the coroutine whose code runs now: await works in
 * that one only, and not in a coroutine of the user's own inside it. */
#include "parts.h"
#include "../core/class.h"
#include "../core/error.h"
#include "../core/interrupt.h"
#include "../core/opts.h"

static const char runs_key = 0; /* registry: { [promise of async_run] = coroutine } until it ends */
static const char spare_key = 0; /* registry: data->spare */

/* ---- waiting ---- */

static int refuse(lua_State *L) {
  if (L == rt_of(L)->L)
    return err_raise(L, NULL, NULL,
                     "await works inside async(function() ... end), at a script's top level and at the "
                     "prompt; wrap this callback with async(...)");
  return err_raise(L, NULL, NULL,
                   "await does not work inside a coroutine of coroutine.create or coroutine.wrap, which "
                   "only its own resume can continue; make the function async(function() ... end)");
}

int async_wait(lua_State *L, lua_KFunction k) {
  PromiseData *data = promise_data(L);
  if (data->current != L) return refuse(L);
  if (!lua_isyieldable(L))
    return err_raise(L, NULL, NULL,
                     "await cannot wait here: a C function in between (table.sort, string.gsub, ...) "
                     "needs this function's result at once");
  promise_from(L);
  data->awaiting = true;
  return lua_yieldk(L, 1, 0, k);
}

void async_resumed(lua_State *L) {
  PromiseData *data = promise_data(L);
  if (data->delivering != L)
    err_raise(L, NULL, NULL, "this coroutine belongs to an async function: only what it waits for can "
                             "resume it");
  data->delivering = NULL;
  bool fulfilled = lua_toboolean(L, -2);
  lua_remove(L, -2);
  if (!fulfilled) lua_error(L);
}

static int await_go_on(lua_State *L, int status, lua_KContext ctx) {
  (void)status, (void)ctx;
  async_resumed(L);
  return 1;
}

int async_await(lua_State *L) {
  lua_settop(L, 1);
  return async_wait(L, await_go_on);
}

/* ---- running ---- */

static void push_runs(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &runs_key) == LUA_TTABLE) return;
  lua_pop(L, 1);
  lua_newtable(L);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &runs_key);
}

/* Sets runs[promise at idx] = the value on top. [-1] */
static void runs_set(lua_State *L, int idx) {
  push_runs(L);
  lua_insert(L, -2);
  lua_pushvalue(L, idx);
  lua_insert(L, -2);
  lua_rawset(L, -3);
  lua_pop(L, 1);
}

static void runs_drop(lua_State *L, int idx) {
  Promise *p = promise_at(L, idx);
  if (!p->run) return;
  p->run = false;
  lua_pushnil(L);
  runs_set(L, idx);
}

/* co has failed: pushes the error with the stack it had there, and closes co. An interrupt is raised on.
 * [+1] */
static void take_error(lua_State *L, lua_State *co) {
  luaL_checkstack(L, 12, "async");
  bool closes = lua_checkstack(co, 1);
  if (closes) lua_pushvalue(co, -1); /* closing looks for the original */
  lua_xmove(co, L, 1);
  if (interrupt_is(L, -1)) lua_error(L);
  lua_pushvalue(L, -1);
  err_wrap_from(L, co, 0);
  if (closes && interrupt_close(co, L) != LUA_OK) {
    lua_xmove(co, L, 1);
    if (interrupt_is(L, -1)) lua_error(L);
    if (lua_rawequal(L, -1, -3)) {
      lua_pop(L, 1);
    } else { /* a __close of its own failed: that error counts */
      err_wrap_from(L, co, 0);
      lua_replace(L, -2);
    }
  }
  lua_remove(L, -2);
}

/* co has yielded, but not by await: it can never go on. Pushes the error. [+1] */
static void take_stray_yield(lua_State *L, lua_State *co) {
  err_push(L, NULL, NULL, "attempt to yield from outside a coroutine");
  if (interrupt_close(co, L) != LUA_OK) lua_pop(co, 1);
}

/* Continues the coroutine at co_idx with nargs values on its stack, until it waits or ends, which settles
 * the promise at idx. first: an error is raised. */
static void async_step(lua_State *L, int co_idx, int idx, int nargs, bool first) {
  PromiseData *data = promise_data(L);
  lua_State *co = lua_tothread(L, co_idx), *outer = data->current;
  int nres = 0;
  data->current = co;
  data->awaiting = false;
  int status = interrupt_resume(co, L, nargs, &nres);
  bool awaiting = data->awaiting;
  data->awaiting = false;
  data->delivering = NULL;
  data->current = outer;
  if (status == LUA_YIELD && awaiting) {
    lua_xmove(co, L, 1);
    lua_pushvalue(L, co_idx);
    lua_pushnil(L);
    lua_pushvalue(L, idx);
    promise_subscribe(L, -4);
    lua_pop(L, 1);
    return;
  }
  if (status == LUA_OK) {
    lua_settop(co, lua_gettop(co) - nres + (nres > 0));
    if (nres > 0) lua_xmove(co, L, 1);
    else lua_pushnil(L);
    promise_resolve(L, idx);
  } else {
    if (status == LUA_YIELD) take_stray_yield(L, co);
    else take_error(L, co);
    if (first) lua_error(L);
    promise_reject(L, idx);
  }
  runs_drop(L, idx);
}

int async_deliver(lua_State *L) {
  Promise *p = promise_at(L, 4);
  lua_State *co = lua_tothread(L, 1);
  if (p->resolved) return 0; /* cancelled */
  if (lua_status(co) != LUA_YIELD) {
    err_push(L, NULL, NULL, "the coroutine of this async function was closed or resumed by other code");
    promise_reject(L, 4);
    return 0;
  }
  if (!lua_checkstack(co, 8)) return luaL_error(L, "stack overflow (async)");
  lua_pushboolean(co, !lua_toboolean(L, 3));
  lua_pushvalue(L, 2);
  lua_xmove(L, co, 1);
  promise_data(L)->delivering = co;
  async_step(L, 1, 4, 2, false);
  return 0;
}

static void patch_coroutine(lua_State *L);

/* Most async functions end without having waited: the next one gets the same coroutine, unless a script
 * may know it, or watches it. */
static void push_thread(lua_State *L) {
  PromiseData *data = promise_data(L);
  if (!data->spare) {
    (void)lua_newthread(L);
    return;
  }
  data->spare = NULL;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &spare_key);
}

static void keep_thread(lua_State *L, int idx) {
  PromiseData *data = promise_data(L);
  lua_State *co = lua_tothread(L, idx);
  if (data->seen || data->spare || lua_status(co) != LUA_OK || lua_gettop(co) > 0 || lua_gethook(co))
    return;
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &spare_key) != LUA_TTHREAD || lua_tothread(L, -1) != co) {
    lua_pushvalue(L, idx);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &spare_key);
  }
  lua_pop(L, 1);
  data->spare = co;
}

/* Leaves promise and coroutine in place of the function, and the function with its arguments on the
 * coroutine. [-(nargs+1), +2] */
static lua_State *async_prepare(lua_State *L, int nargs) {
  int base = lua_gettop(L) - nargs;
  luaL_checkstack(L, 16, "async");
  if (!promise_data(L)->patched) patch_coroutine(L);
  promise_new(L);
  lua_insert(L, base);
  push_thread(L);
  lua_State *co = lua_tothread(L, -1);
  lua_insert(L, base + 1);
  if (!lua_checkstack(co, nargs + 8)) luaL_error(L, "stack overflow (async)");
  lua_xmove(L, co, nargs + 1);
  return co;
}

void async_start(lua_State *L, int nargs) {
  PromiseData *data = promise_data(L);
  bool seen = data->seen;
  (void)async_prepare(L, nargs);
  int promise = lua_gettop(L) - 1;
  data->seen = false;
  async_step(L, promise + 1, promise, nargs, false);
  keep_thread(L, promise + 1);
  data->seen = seen;
  lua_settop(L, promise);
}

void async_run(lua_State *L, int nargs) {
  (void)async_prepare(L, nargs);
  int promise = lua_gettop(L) - 1;
  async_step(L, promise + 1, promise, nargs, true);
  if (!promise_at(L, promise)->resolved) {
    lua_settop(L, promise + 1);
    runs_set(L, promise);
    promise_at(L, promise)->run = true;
  }
  lua_settop(L, promise);
}

bool async_cancel(lua_State *L, int idx) {
  idx = lua_absindex(L, idx);
  push_runs(L);
  lua_pushvalue(L, idx);
  lua_State *co = lua_rawget(L, -2) == LUA_TTHREAD ? lua_tothread(L, -1) : NULL;
  if (co) {
    Promise *p = promise_at(L, idx);
    p->resolved = p->handled = true;
    p->generation++;
    runs_drop(L, idx);
    if (interrupt_close(co, L) != LUA_OK) lua_pop(co, 1); /* nobody is left to tell */
  }
  lua_pop(L, 2);
  return co != NULL;
}

bool async_push_place(lua_State *L, int idx) {
  idx = lua_absindex(L, idx);
  push_runs(L);
  lua_pushvalue(L, idx);
  lua_State *co = lua_rawget(L, -2) == LUA_TTHREAD ? lua_tothread(L, -1) : NULL;
  if (co) err_push_stack(L, co, 0);
  else lua_pushnil(L);
  lua_replace(L, -3);
  lua_pop(L, co ? 1 : 2);
  return co != NULL;
}

/* ---- async(fn) ---- */

static int async_call(lua_State *L) {
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  async_start(L, lua_gettop(L) - 1);
  return 1;
}

int async_make(lua_State *L) {
  arg_function(L, 1, "fn");
  lua_settop(L, 1);
  lua_pushcclosure(L, async_call, 1);
  return 1;
}

/* ---- coroutine.* in async code behaves as outside of any coroutine ---- */

static PromiseData *data_upvalue(lua_State *L) { return lua_touserdata(L, lua_upvalueindex(1)); }

static int co_yield(lua_State *L) {
  if (data_upvalue(L)->current == L)
    return luaL_error(L, "attempt to yield from outside a coroutine (await waits for a promise)");
  return lua_yield(L, lua_gettop(L));
}

static int co_running(lua_State *L) {
  bool main = lua_pushthread(L), is_async = data_upvalue(L)->current == L;
  if (is_async) data_upvalue(L)->seen = true;
  lua_pushboolean(L, main || is_async);
  return 2;
}

static int co_isyieldable(lua_State *L) {
  lua_State *co = lua_isnone(L, 1) ? L : lua_tothread(L, 1);
  if (!co) return luaL_typeerror(L, 1, "coroutine");
  lua_pushboolean(L, co != data_upvalue(L)->current && lua_isyieldable(co));
  return 1;
}

static void patch_coroutine(lua_State *L) {
  static const luaL_Reg functions[] = {
    { "yield", co_yield }, { "running", co_running }, { "isyieldable", co_isyieldable }, { NULL, NULL }
  };
  PromiseData *data = promise_data(L);
  int top = lua_gettop(L);
  data->patched = true;
  lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  if (lua_getfield(L, -1, "coroutine") == LUA_TTABLE) {
    lua_pushlightuserdata(L, data);
    luaL_setfuncs(L, functions, 1);
  }
  lua_settop(L, top);
}
