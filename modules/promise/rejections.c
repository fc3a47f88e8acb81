/* SPDX-License-Identifier: MIT */
/* rejections.c - rejections that nobody handles, reported as Node reports them.
 *
 * A promise that is rejected without a reaction waits in a list until ticks and microtasks have run; if
 * it has a reaction by then nothing happens. What happens otherwise is decided by --unhandled-rejections.
 * The lists are tables in the registry and keep the promises alive; rt->on_rejections is set only while
 * there is something in them. */
#include "parts.h"
#include "../core/class.h"
#include "../core/error.h"

static const char pending_key = 0, late_key = 0;

static void on_rejections(Runtime *rt, lua_State *L);

/* Appends the promise at idx to a list of n. */
static void list_add(lua_State *L, const char *key, int *n, int idx) {
  luaL_checkstack(L, 6, "promise");
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, key) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, key);
  }
  lua_pushvalue(L, idx);
  lua_rawseti(L, -2, *n + 1);
  ++*n;
  lua_pop(L, 1);
  rt_of(L)->on_rejections = on_rejections;
}

/* Takes a list out of the registry. [+1] */
static int list_take(lua_State *L, const char *key, int *n) {
  int count = *n;
  *n = 0;
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, key) != LUA_TTABLE) count = 0;
  lua_pushnil(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, key);
  return count;
}

void rejection_track(lua_State *L, int idx, Promise *p) {
  PromiseData *data = promise_data(L);
  p->listed = true;
  p->uid = ++data->last_uid;
  list_add(L, &pending_key, &data->npending, idx);
}

void rejection_handled(lua_State *L, int idx, Promise *p) {
  if (p->reported) list_add(L, &late_key, &promise_data(L)->nlate, idx);
  p->listed = p->reported = false;
}

/* ---- texts ---- */

/* Pushes the reason as text: plain objects and functions as what they are. [+1] */
static void push_reason_text(lua_State *L, int reason) {
  bool object = lua_istable(L, reason) || lua_isuserdata(L, reason);
  if (class_push_name(L, reason)) lua_pushfstring(L, "#<%s>", lua_tostring(L, -1));
  else if (object && luaL_getmetafield(L, reason, "__tostring") == LUA_TNIL) lua_pushliteral(L, "#<table>");
  else luaL_tolstring(L, reason, NULL);
}

/* Names the Error on top; its stack is its first line only, for no code of the program raised it. */
static void name_error(lua_State *L, const char *name) {
  lua_pushstring(L, name);
  lua_setfield(L, -2, "name");
  luaL_tolstring(L, -1, NULL);
  lua_setfield(L, -2, "stack");
}

#define HOW_IT_HAPPENS \
  "This error originated either by throwing inside of an async function without a catch block, or by " \
  "rejecting a promise which was not handled with .catch(). "

/* Pushes the reason when it is an Error, else an Error about it. [+1] */
static void push_error(lua_State *L, int reason) {
  if (err_is(L, reason)) {
    lua_pushvalue(L, reason);
    return;
  }
  int top = lua_gettop(L);
  push_reason_text(L, reason);
  err_push(L, NULL, "ERR_UNHANDLED_REJECTION",
           HOW_IT_HAPPENS "The promise rejected with the reason \"%s\".", lua_tostring(L, -1));
  name_error(L, "UnhandledPromiseRejection");
  lua_replace(L, top + 1);
  lua_settop(L, top + 1);
}

/* The two warnings of the modes that warn: what it was, and what that means. */
static void warn_unhandled(lua_State *L, int reason, int uid) {
  int top = lua_gettop(L);
  const char *text = NULL;
  if (err_is(L, reason)) {
    lua_getfield(L, reason, "stack");
    text = luaL_tolstring(L, -1, NULL);
  } else {
    push_reason_text(L, reason);
    text = lua_tostring(L, -1);
  }
  err_push(L, NULL, NULL, "%s", text);
  name_error(L, "UnhandledPromiseRejectionWarning");
  rt_warning(L);
  err_push(L, NULL, NULL,
           "Unhandled promise rejection. " HOW_IT_HAPPENS
           "To terminate the process on unhandled promise rejection, use the option "
           "`--unhandled-rejections=strict`. (rejection id: %d)", uid);
  name_error(L, "UnhandledPromiseRejectionWarning");
  rt_warning(L);
  lua_settop(L, top);
}

/* ---- what happens ---- */

/* process emits unhandledRejection(reason, promise); true when somebody listens. */
static bool emit_unhandled(Runtime *rt, lua_State *L, int promise, int reason) {
  if (!rt->on_process_event) return false;
  lua_pushvalue(L, reason);
  lua_pushvalue(L, promise);
  return rt->on_process_event(L, "unhandledRejection", 2);
}

static void raise_uncaught(Runtime *rt, lua_State *L, int reason) {
  push_error(L, reason);
  rt_uncaught(rt, L, "unhandledRejection");
}

/* (promise): reports one rejection. Called protected. */
static int report(lua_State *L) {
  Runtime *rt = rt_of(L);
  int uid = promise_at(L, 1)->uid;
  lua_settop(L, 1);
  promise_push_value(L, 1);
  switch (rt->settings->rejections) {
  case REJECT_THROW:
    if (!emit_unhandled(rt, L, 1, 2)) raise_uncaught(rt, L, 2);
    break;
  case REJECT_STRICT:
    raise_uncaught(rt, L, 2);
    if (!rt->leaving && !emit_unhandled(rt, L, 1, 2)) warn_unhandled(L, 2, uid);
    break;
  case REJECT_WARN:
    (void)emit_unhandled(rt, L, 1, 2);
    warn_unhandled(L, 2, uid);
    break;
  case REJECT_WARN_ERROR:
    if (emit_unhandled(rt, L, 1, 2)) break;
    warn_unhandled(L, 2, uid);
    rt->exit_code = EXIT_UNCAUGHT;
    rt->exit_code_set = true;
    break;
  case REJECT_NONE: (void)emit_unhandled(rt, L, 1, 2); break;
  }
  return 0;
}

/* (promise): a reported rejection has been handled after all. Called protected. */
static int report_late(lua_State *L) {
  Runtime *rt = rt_of(L);
  int uid = promise_at(L, 1)->uid;
  lua_pushvalue(L, 1);
  if (rt->on_process_event && rt->on_process_event(L, "rejectionHandled", 1)) return 0;
  if (!rt->on_process_event) lua_pop(L, 1);
  err_push(L, NULL, NULL, "Promise rejection was handled asynchronously (rejection id: %d)", uid);
  name_error(L, "PromiseRejectionHandledWarning");
  rt_warning(L);
  return 0;
}

/* Calls fn(promise) for entry i of the list at t. */
static void report_entry(Runtime *rt, lua_State *L, lua_CFunction fn, int i, int t) {
  lua_pushcfunction(L, fn);
  lua_rawgeti(L, t, i);
  if (!promise_call(L, 1, 0)) rt_uncaught(rt, L, "uncaughtException");
}

static int nothing(lua_State *L) {
  (void)L;
  return 0;
}

/* After ticks and microtasks. A listener's own error is uncaught, and the others have their turn. */
static void on_rejections(Runtime *rt, lua_State *L) {
  PromiseData *data = promise_data(L);
  rt->on_rejections = NULL;
  int late = list_take(L, &late_key, &data->nlate), t = lua_gettop(L);
  for (int i = 1; i <= late && !rt->leaving; i++) report_entry(rt, L, report_late, i, t);
  int pending = list_take(L, &pending_key, &data->npending);
  for (int i = 1; i <= pending && !rt->leaving; i++) {
    lua_rawgeti(L, t + 1, i);
    Promise *p = promise_at(L, -1);
    lua_pop(L, 1);
    if (!p->listed) continue;
    p->listed = false;
    p->reported = true;
    report_entry(rt, L, report, i, t + 1);
  }
  if (data->npending + data->nlate > 0) { /* the listeners' own: after their microtasks */
    lua_pushcfunction(L, nothing);
    rt_microtask(L, 0);
  }
}
