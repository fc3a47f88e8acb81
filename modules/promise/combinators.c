/* SPDX-License-Identifier: MIT */
/* combinators.c - Promise.all, allSettled, any, race, and finally.
 *
 * The first three share one plan: a table collects a result for each value, a counter falls, and the
 * last one settles the promise. The closures of an element carry (table, place, promise). */
#include "parts.h"
#include "../core/class.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/opts.h"

typedef enum Gather { GATHER_ALL, GATHER_SETTLED, GATHER_ANY } Gather;

static const char count_key = 0; /* in the table: results that are still missing */

/* ---- gathering ---- */

/* One result less is missing from the table at t. True when it was the last: the mark is gone then. */
static bool count_down(lua_State *L, int t) {
  lua_rawgetp(L, t, &count_key);
  lua_Integer left = lua_tointeger(L, -1) - 1;
  lua_pop(L, 1);
  if (left > 0) lua_pushinteger(L, left);
  else lua_pushnil(L);
  lua_rawsetp(L, t, &count_key);
  return left == 0;
}

/* The table at t is complete: settles the promise at idx with it. */
static void gather_finish(lua_State *L, int t, int idx, Gather how) {
  lua_pushvalue(L, t);
  json_mark_array(L, -1);
  if (how != GATHER_ANY) {
    promise_resolve(L, idx);
    return;
  }
  lua_pushliteral(L, "All promises were rejected");
  class_construct(L, &aggregate_error_class, 2);
  promise_reject(L, idx);
}

/* Stores the result on top for the closure's element. upvalues: table, place, promise, how */
static int gather_result(lua_State *L) {
  int t = lua_upvalueindex(1), promise = lua_upvalueindex(3);
  lua_Integer place = lua_tointeger(L, lua_upvalueindex(2));
  if (place == 0) return 0; /* a thenable called twice */
  lua_rawseti(L, t, place);
  lua_pushinteger(L, 0);
  lua_replace(L, lua_upvalueindex(2));
  if (count_down(L, t)) gather_finish(L, t, promise, (Gather)lua_tointeger(L, lua_upvalueindex(4)));
  return 0;
}

static int gather_value(lua_State *L) {
  lua_settop(L, 1);
  return gather_result(L);
}

static int settled_result(lua_State *L, const char *status, const char *field) {
  lua_settop(L, 1);
  lua_createtable(L, 0, 2);
  lua_insert(L, 1);
  lua_setfield(L, 1, field);
  lua_pushstring(L, status);
  lua_setfield(L, 1, "status");
  return gather_result(L);
}

static int gather_fulfilled(lua_State *L) { return settled_result(L, "fulfilled", "value"); }
static int gather_rejected(lua_State *L) { return settled_result(L, "rejected", "reason"); }

/* upvalue: promise */
static int pass_value(lua_State *L) {
  lua_settop(L, 1);
  promise_resolve(L, lua_upvalueindex(1));
  return 0;
}

static int pass_reason(lua_State *L) {
  lua_settop(L, 1);
  promise_reject(L, lua_upvalueindex(1));
  return 0;
}

static void push_pass(lua_State *L, int promise, lua_CFunction fn) {
  lua_pushvalue(L, promise);
  lua_pushcclosure(L, fn, 1);
}

static void push_gather(lua_State *L, int t, lua_Integer place, int promise, Gather how,
                        lua_CFunction fn) {
  lua_pushvalue(L, t);
  lua_pushinteger(L, place);
  lua_pushvalue(L, promise);
  lua_pushinteger(L, how);
  lua_pushcclosure(L, fn, 4);
}

/* The sequence is at 1. False: it is none, and the rejected promise is on top. */
static bool check_sequence(lua_State *L) {
  lua_settop(L, 1);
  luaL_checkstack(L, 20, "promise");
  if (lua_istable(L, 1)) return true;
  err_push_received(L, 1);
  err_push(L, &type_error_class, NULL, "a sequence of promises is expected. Received %s",
           lua_tostring(L, -1));
  promise_rejected(L);
  return false;
}

/* Adds the reactions of element `place`, a promise on top. [-1] */
static void gather_element(lua_State *L, lua_Integer place, Gather how) {
  int promise = 2, t = 3, element = lua_gettop(L);
  switch (how) {
  case GATHER_ALL:
    push_gather(L, t, place, promise, how, gather_value);
    push_pass(L, promise, pass_reason);
    break;
  case GATHER_SETTLED:
    push_gather(L, t, place, promise, how, gather_fulfilled);
    push_gather(L, t, place, promise, how, gather_rejected);
    break;
  case GATHER_ANY:
    push_pass(L, promise, pass_value);
    push_gather(L, t, place, promise, how, gather_value);
    break;
  }
  promise_on(L, element);
  lua_settop(L, element - 1);
}

static int gather(lua_State *L, Gather how) {
  if (!check_sequence(L)) return 1;
  lua_Integer n = luaL_len(L, 1);
  promise_new(L);
  lua_createtable(L, n < 1000 ? (int)n : 0, 1);
  lua_pushinteger(L, n + 1); /* one for this function, which is not done with the list yet */
  lua_rawsetp(L, 3, &count_key);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_geti(L, 1, i);
    promise_from(L);
    gather_element(L, i, how);
  }
  if (count_down(L, 3)) gather_finish(L, 3, 2, how);
  lua_settop(L, 2);
  return 1;
}

int promise_all(lua_State *L) { return gather(L, GATHER_ALL); }
int promise_all_settled(lua_State *L) { return gather(L, GATHER_SETTLED); }
int promise_any(lua_State *L) { return gather(L, GATHER_ANY); }

int promise_race(lua_State *L) {
  if (!check_sequence(L)) return 1;
  lua_Integer n = luaL_len(L, 1);
  promise_new(L);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_geti(L, 1, i);
    promise_from(L);
    push_pass(L, 2, pass_value);
    push_pass(L, 2, pass_reason);
    promise_on(L, 3);
    lua_settop(L, 2);
  }
  return 1;
}

/* ---- finally ---- */

static int give_value(lua_State *L) {
  lua_pushvalue(L, lua_upvalueindex(1));
  return 1;
}

static int give_reason(lua_State *L) {
  lua_pushvalue(L, lua_upvalueindex(1));
  return lua_error(L);
}

/* Calls the function (upvalue), then goes on with what came: value or reason. */
static int finally_run(lua_State *L, lua_CFunction then) {
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_call(L, 0, 1);
  promise_from(L);
  lua_pushcfunction(L, promise_then);
  lua_insert(L, -2);
  lua_pushvalue(L, 1);
  lua_pushcclosure(L, then, 1);
  lua_call(L, 2, 1);
  return 1;
}

static int finally_value(lua_State *L) { return finally_run(L, give_value); }
static int finally_reason(lua_State *L) { return finally_run(L, give_reason); }

int promise_finally(lua_State *L) {
  (void)class_check(L, 1, &promise_class);
  lua_settop(L, 2);
  if (!arg_is_callable(L, 2)) {
    lua_pushvalue(L, 2);
    return promise_then(L);
  }
  lua_pushvalue(L, 2);
  lua_pushcclosure(L, finally_reason, 1);
  lua_insert(L, 2);
  lua_pushcclosure(L, finally_value, 1);
  lua_insert(L, 2);
  return promise_then(L);
}
