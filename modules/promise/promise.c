/* SPDX-License-Identifier: MIT */
/* promise.c - the Promise class: states, resolution, reactions, as ECMAScript lays them down.
 *
 * A promise is a userdata with one user value: while it is pending the flat table of its reactions,
 * three values each, then its value. Every reaction is one microtask; a promise that is resolved with
 * another takes the two further ones that Node takes. The resolving functions of a pair need no shared
 * cell: they know the generation of the promise for which they were made. */
#include "parts.h"
#include "../core/class.h"
#include "../core/error.h"
#include "../core/interrupt.h"
#include "../core/opts.h"

#include <string.h>

static const char data_key = 0;

PromiseData *promise_data(lua_State *L) { return rt_data(L, &data_key, sizeof(PromiseData)); }

Promise *promise_at(lua_State *L, int idx) { return class_test(L, idx, &promise_class); }

bool promise_is(lua_State *L, int idx) { return promise_at(L, idx) != NULL; }

static int promise_alloc(lua_State *L) {
  (void)class_new(L, &promise_class, sizeof(Promise), 1);
  return 1;
}

void promise_new(lua_State *L) {
  luaL_checkstack(L, 12, "promise");
  (void)promise_alloc(L);
}

PromiseState promise_state(lua_State *L, int idx) { return promise_at(L, idx)->state; }

void promise_push_value(lua_State *L, int idx) {
  if (promise_at(L, idx)->state == PROMISE_PENDING) lua_pushnil(L);
  else lua_getiuservalue(L, idx, PROMISE_SLOT);
}

bool promise_call(lua_State *L, int nargs, int nres) {
  int base = lua_gettop(L) - nargs;
  lua_pushcfunction(L, rt_traceback);
  lua_insert(L, base);
  bool ok = lua_pcall(L, nargs, nres, base) == LUA_OK;
  lua_remove(L, base);
  if (!ok && interrupt_is(L, -1)) lua_error(L);
  return ok;
}

/* ---- reactions ---- */

static void promise_settle(lua_State *L, int idx, PromiseState state);

/* Microtask: (handler or nil, value, rejected, derived promise or nil). */
static int reaction_run(lua_State *L) {
  bool rejected = lua_toboolean(L, 3), derived = !lua_isnil(L, 4);
  if (lua_isnil(L, 1)) {
    if (!derived) return 0;
    lua_pushvalue(L, 2);
  } else {
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    if (!derived) {
      lua_call(L, 1, 0);
      return 0;
    }
    rejected = !promise_call(L, 1, 1);
  }
  if (rejected) promise_settle(L, 4, PROMISE_REJECTED);
  else promise_follow(L, 4);
  return 0;
}

/* Queues the reaction whose first value is at index `at` for the promise at idx, which is settled. */
static void reaction_queue(lua_State *L, int idx, int at, bool rejected) {
  bool coroutine = lua_isthread(L, at);
  lua_pushcfunction(L, coroutine ? async_deliver : reaction_run);
  lua_pushvalue(L, coroutine || !rejected ? at : at + 1);
  lua_getiuservalue(L, idx, PROMISE_SLOT);
  lua_pushboolean(L, rejected);
  lua_pushvalue(L, at + 2);
  rt_microtask(L, 4);
}

void promise_mark_handled(lua_State *L, int idx) {
  Promise *p = promise_at(L, idx);
  if (p->handled) return;
  p->handled = true;
  if (p->state == PROMISE_REJECTED) rejection_handled(L, lua_absindex(L, idx), p);
}

void promise_subscribe(lua_State *L, int idx) {
  luaL_checkstack(L, 12, "promise");
  idx = lua_absindex(L, idx);
  int at = lua_gettop(L) - 2;
  Promise *p = promise_at(L, idx);
  if (p->state == PROMISE_PENDING) {
    if (lua_getiuservalue(L, idx, PROMISE_SLOT) != LUA_TTABLE) {
      lua_pop(L, 1);
      lua_createtable(L, 3, 0);
      lua_pushvalue(L, -1);
      lua_setiuservalue(L, idx, PROMISE_SLOT);
    }
    for (int i = 0; i < 3; i++) {
      lua_pushvalue(L, at + i);
      lua_rawseti(L, at + 3, p->reactions * 3 + i + 1);
    }
    p->reactions++;
  } else {
    reaction_queue(L, idx, at, p->state == PROMISE_REJECTED);
  }
  promise_mark_handled(L, idx);
  lua_settop(L, at - 1);
}

/* Gives a pending promise its value, which is on top, and queues its reactions. [-1] */
static void promise_settle(lua_State *L, int idx, PromiseState state) {
  Promise *p = promise_at(L, idx);
  int value = lua_gettop(L), n = p->reactions;
  luaL_checkstack(L, 12, "promise");
  lua_getiuservalue(L, idx, PROMISE_SLOT);
  lua_pushvalue(L, value);
  lua_setiuservalue(L, idx, PROMISE_SLOT);
  p->state = state;
  p->resolved = true;
  p->reactions = 0;
  if (state == PROMISE_REJECTED && !p->handled) rejection_track(L, idx, p);
  for (int i = 0; i < n; i++) {
    for (int k = 1; k <= 3; k++) lua_rawgeti(L, value + 1, i * 3 + k);
    reaction_queue(L, idx, value + 2, state == PROMISE_REJECTED);
    lua_settop(L, value + 1);
  }
  lua_settop(L, value - 1);
}

/* ---- resolving ---- */

/* (value) -> its callable field andThen or then, or nil. Asks as Lua code would. */
static int thenable_field(lua_State *L) {
  lua_getfield(L, 1, "andThen");
  if (arg_is_callable(L, -1)) return 1;
  lua_getfield(L, 1, "then");
  return arg_is_callable(L, -1) ? 1 : 0;
}

/* May the value at idx have such a field? Values that cannot be indexed have none. */
static bool may_be_thenable(lua_State *L, int idx) {
  if (lua_istable(L, idx)) return true;
  if (!lua_isuserdata(L, idx) || lua_islightuserdata(L, idx)) return false;
  bool indexed = luaL_getmetafield(L, idx, "__index") != LUA_TNIL;
  if (indexed) lua_pop(L, 1);
  return indexed;
}

/* Microtask: (promise, other promise): it goes the way of the other. */
static int follow_promise(lua_State *L) {
  lua_settop(L, 2);
  lua_pushnil(L);
  lua_pushnil(L);
  lua_pushvalue(L, 1);
  promise_subscribe(L, 2);
  return 0;
}

/* Microtask: (promise, thenable, its function). */
static int follow_thenable(lua_State *L) {
  lua_pushvalue(L, 2);
  promise_push_resolvers(L, 1);
  lua_pushvalue(L, -1);
  lua_insert(L, 3); /* promise thenable reject its-function thenable resolve reject */
  if (!promise_call(L, 3, 0)) lua_call(L, 1, 0);
  return 0;
}

void promise_follow(lua_State *L, int idx) {
  luaL_checkstack(L, 12, "promise");
  idx = lua_absindex(L, idx);
  int value = lua_gettop(L);
  Promise *p = promise_at(L, idx);
  p->resolved = true;
  if (lua_rawequal(L, idx, value)) {
    err_push(L, &type_error_class, NULL, "Chaining cycle detected for promise #<Promise>");
    promise_settle(L, idx, PROMISE_REJECTED);
  } else if (promise_is(L, value)) {
    lua_pushcfunction(L, follow_promise);
    lua_pushvalue(L, idx);
    lua_pushvalue(L, value);
    rt_microtask(L, 2);
  } else if (!may_be_thenable(L, value)) {
    promise_settle(L, idx, PROMISE_FULFILLED);
    return;
  } else {
    lua_pushcfunction(L, thenable_field);
    lua_pushvalue(L, value);
    bool ok = promise_call(L, 1, 1);
    if (!ok) {
      promise_settle(L, idx, PROMISE_REJECTED);
    } else if (lua_isnil(L, -1)) {
      lua_settop(L, value);
      promise_settle(L, idx, PROMISE_FULFILLED);
      return;
    } else {
      lua_pushcfunction(L, follow_thenable);
      lua_insert(L, -2);
      lua_pushvalue(L, idx);
      lua_insert(L, -2);
      lua_pushvalue(L, value);
      lua_insert(L, -2);
      rt_microtask(L, 3);
    }
  }
  lua_settop(L, value - 1);
}

void promise_resolve(lua_State *L, int idx) {
  Promise *p = promise_at(L, idx);
  if (p->resolved) {
    lua_pop(L, 1);
    return;
  }
  p->generation++;
  promise_follow(L, idx);
}

void promise_reject(lua_State *L, int idx) {
  Promise *p = promise_at(L, idx);
  if (p->resolved) {
    lua_pop(L, 1);
    return;
  }
  p->generation++;
  promise_settle(L, lua_absindex(L, idx), PROMISE_REJECTED);
}

/* Is this the first call of the pair? upvalues: promise, generation */
static bool resolver_take(lua_State *L) {
  Promise *p = promise_at(L, lua_upvalueindex(1));
  if (p->generation != (unsigned)lua_tointeger(L, lua_upvalueindex(2))) return false;
  p->generation++;
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  return true;
}

/* Tick: (type, promise, value) */
static int multiple_tick(lua_State *L) {
  (void)rt_of(L)->on_process_event(L, "multipleResolves", 3);
  return 0;
}

/* The promise of the pair is resolved once more, with the value at 1. upvalue: promise */
static void resolver_again(lua_State *L, const char *type) {
  const Runtime *rt = rt_of(L);
  if (!rt->want_multiple || !rt->on_process_event) return;
  lua_settop(L, 1);
  lua_pushcfunction(L, multiple_tick);
  lua_pushstring(L, type);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, 1);
  rt_next_tick(L, 3);
}

static int resolver_resolve(lua_State *L) {
  if (resolver_take(L)) promise_follow(L, 1);
  else resolver_again(L, "resolve");
  return 0;
}

static int resolver_reject(lua_State *L) {
  if (resolver_take(L)) promise_settle(L, 1, PROMISE_REJECTED);
  else resolver_again(L, "reject");
  return 0;
}

void promise_push_resolvers(lua_State *L, int idx) {
  idx = lua_absindex(L, idx);
  lua_Integer generation = promise_at(L, idx)->generation;
  lua_pushvalue(L, idx);
  lua_pushinteger(L, generation);
  lua_pushcclosure(L, resolver_resolve, 2);
  lua_pushvalue(L, idx);
  lua_pushinteger(L, generation);
  lua_pushcclosure(L, resolver_reject, 2);
}

void promise_from(lua_State *L) {
  if (promise_is(L, -1)) return;
  promise_new(L);
  lua_insert(L, -2);
  promise_resolve(L, -2);
}

void promise_rejected(lua_State *L) {
  promise_new(L);
  lua_insert(L, -2);
  promise_reject(L, -2);
}

void promise_on(lua_State *L, int idx) {
  idx = lua_absindex(L, idx);
  lua_pushnil(L);
  promise_subscribe(L, idx);
}

/* ---- the class ---- */

/* Promise(executor) */
static int promise_init(lua_State *L) {
  lua_settop(L, 2);
  (void)class_check(L, 1, &promise_class);
  if (!arg_is_callable(L, 2)) {
    err_push_received(L, 2);
    return err_raise(L, &type_error_class, NULL, "Promise resolver is not a function. Received %s",
                     lua_tostring(L, -1));
  }
  promise_push_resolvers(L, 1);
  lua_pushvalue(L, -1);
  lua_insert(L, 2); /* promise reject executor resolve reject */
  if (!promise_call(L, 2, 0)) {
    lua_pushvalue(L, 2);
    lua_insert(L, -2);
    lua_call(L, 1, 0);
  }
  return 0;
}

int promise_then(lua_State *L) {
  (void)class_check(L, 1, &promise_class);
  lua_settop(L, 3);
  for (int i = 2; i <= 3; i++)
    if (!arg_is_callable(L, i)) {
      lua_pushnil(L);
      lua_replace(L, i);
    }
  promise_new(L);
  lua_insert(L, 2);
  lua_pushvalue(L, 2);
  promise_subscribe(L, 1);
  return 1;
}

static int promise_catch(lua_State *L) {
  lua_settop(L, 2);
  lua_pushnil(L);
  lua_insert(L, 2);
  return promise_then(L);
}

static int promise_static_resolve(lua_State *L) {
  lua_settop(L, 1);
  promise_from(L);
  return 1;
}

static int promise_static_reject(lua_State *L) {
  lua_settop(L, 1);
  promise_rejected(L);
  return 1;
}

static int promise_with_resolvers(lua_State *L) {
  lua_createtable(L, 0, 3);
  promise_new(L);
  promise_push_resolvers(L, -1);
  lua_setfield(L, -4, "reject");
  lua_setfield(L, -3, "resolve");
  lua_setfield(L, -2, "promise");
  return 1;
}

/* `Promise { <pending> }`, `Promise { 5 }`, `Promise { <rejected> Error: no }` */
static int promise_inspect(lua_State *L) {
  Promise *p = class_check(L, 1, &promise_class);
  lua_settop(L, 1);
  if (p->state == PROMISE_PENDING) {
    lua_pushliteral(L, "Promise { <pending> }");
    return 1;
  }
  const char *mark = p->state == PROMISE_REJECTED ? "<rejected> " : "";
  if (lua_getiuservalue(L, 1, PROMISE_SLOT) == LUA_TSTRING)
    lua_pushfstring(L, "Promise { %s'%s' }", mark, lua_tostring(L, 2));
  else lua_pushfstring(L, "Promise { %s%s }", mark, luaL_tolstring(L, 2, NULL));
  return 1;
}

static int queue_microtask(lua_State *L) {
  arg_function(L, 1, "callback");
  lua_settop(L, 1);
  rt_microtask(L, 0);
  return 0;
}

/* ---- rows ---- */

#define THEN_ARGS "(onFulfilled: function?, onRejected: function?): Promise"
#define THEN_DOC \
  "Calls one of the functions once the promise has settled, and returns the promise of what it " \
  "returns or raises. A function that is missing passes the value or the reason on."

static const FnDef promise_methods[] = {
  { "andThen", promise_then, FN_METHOD, "andThen" THEN_ARGS, THEN_DOC, NULL,
    "Promise.resolve(2):andThen(function(n) return n * 2 end):andThen(print)",
    "`then` is a keyword of Lua; p[\"then\"](p, f) exists too. A promise of a derived class gives a "
    "plain Promise." },
  { "then", promise_then, FN_METHOD, "then" THEN_ARGS, "The same as andThen: p[\"then\"](p, f).", NULL,
    NULL, NULL },
  { "catch", promise_catch, FN_METHOD, "catch(onRejected: function): Promise",
    "Calls the function with the reason if the promise is rejected.", NULL,
    "Promise.reject(\"no\"):catch(print)", NULL },
  { "finally", promise_finally, FN_METHOD, "finally(onFinally: function): Promise",
    "Calls the function without arguments once the promise has settled, whichever way, and passes "
    "value or reason on; a reason of its own comes first.",
    NULL, NULL, NULL },
  { "resolve", promise_static_resolve, FN_STATIC, "resolve(value: any): Promise",
    "A promise of the value. A promise is returned as it is; a thenable - something with a function "
    "andThen or then - is followed.",
    NULL, NULL, NULL },
  { "reject", promise_static_reject, FN_STATIC, "reject(reason: any): Promise",
    "A promise that is rejected for the reason.", NULL, NULL, NULL },
  { "all", promise_all, FN_STATIC, "all(values: table): Promise",
    "Waits until all values of the sequence have settled well: a promise of the sequence of what they "
    "gave. The first rejection rejects it.",
    NULL, "Promise.all{ Promise.resolve(1), 2 }:andThen(function(v) print(v[1], v[2]) end)",
    "Values that are nil leave holes in the result." },
  { "allSettled", promise_all_settled, FN_STATIC, "allSettled(values: table): Promise",
    "Waits until all have settled: a promise of { status = \"fulfilled\", value } or "
    "{ status = \"rejected\", reason } for each.",
    NULL, NULL, NULL },
  { "any", promise_any, FN_STATIC, "any(values: table): Promise",
    "The first that is fulfilled. Rejected with an AggregateError, whose errors are the reasons, when "
    "none is.",
    NULL, NULL, NULL },
  { "race", promise_race, FN_STATIC, "race(values: table): Promise",
    "Goes the way of the first that settles.", NULL, NULL, NULL },
  { "withResolvers", promise_with_resolvers, FN_STATIC, "withResolvers(): table",
    "A table of a new promise and the functions resolve and reject that settle it.", NULL,
    "local w = Promise.withResolvers()\nw.promise:andThen(print)\nw.resolve(1)", NULL },
  { 0 }
};

const ClassDef promise_class = {
  .name = "Promise", .alloc = promise_alloc, .init = promise_init, .inspect = promise_inspect,
  .methods = promise_methods,
  .doc = "A value that comes later. Promise(function(resolve, reject) ... end) calls the function at "
         "once; whichever of the two it calls first settles the promise. A string that the function "
         "raises becomes an Error. A rejection that nobody handles ends the program.",
  .example = "Promise(function(resolve) setTimeout(resolve, 1, \"later\") end):andThen(print)"
};

static const FnDef promise_functions[] = {
  { "async", async_make, FN_STATIC, "async(fn: function): function",
    "Makes fn an async function: a call runs it up to its first await and returns a promise of its "
    "result. What it raises rejects the promise.",
    NULL, "async(function() print(await(Promise.resolve(1))) end)()",
    "A function of its own in place of a keyword; the promise is of the first result." },
  { "await", async_await, FN_STATIC, "await(value: any): any",
    "Waits until the promise has settled and returns its value, or raises its reason. Works in an async "
    "function, at a script's top level and at the prompt; anything else goes on meanwhile. A value that "
    "is no promise is returned after the other microtasks.",
    NULL, "print(await(Promise.resolve(\"now\")))", NULL },
  { "queueMicrotask", queue_microtask, FN_STATIC, "queueMicrotask(callback: function)",
    "Calls the function when the running code and all ticks are done, before any timer.", NULL,
    "queueMicrotask(function() print \"second\" end)\nprint \"first\"", NULL },
  { 0 }
};

static const ClassDef *const promise_classes[] = { &promise_class, &async_iterator_class, NULL };

const ModuleDef promise_module = {
  .name = "promise", .functions = promise_functions, .classes = promise_classes,
  .doc = "Promises and async functions. Promise, async, await and queueMicrotask are globals.",
  .example = "print(await(Promise.resolve(1)))"
};
