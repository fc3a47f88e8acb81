/* SPDX-License-Identifier: MIT */
/* watch_iterator.c - fs.promises.watch: the events of a watcher, to loop over.
 *
 * A table, which the listeners and the iterator share as an upvalue, holds what has come and nobody has
 * asked for yet, or the promises of those who have asked before it came. */
#include "watch.h"

#include "../core/class.h"
#include "../core/opts.h"
#include "../core/runtime.h"
#include "../events/abort.h"
#include "../events/events.h"
#include "../promise/promise.h"

enum { ITER_CAME = 1, ITER_WAITING, ITER_OVER, ITER_ERROR, ITER_WATCHER, ITER_SIGNAL };

/* Takes the first value out of the list `which` of the table at idx. [+1|0] */
static bool take_first(lua_State *L, int idx, int which) {
  lua_rawgeti(L, idx, which);
  lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
  if (n == 0) {
    lua_pop(L, 1);
    return false;
  }
  lua_rawgeti(L, -1, 1);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, -2, i + 1);
    lua_rawseti(L, -3, i);
  }
  lua_remove(L, -2);
  return true;
}

/* Puts the value on top at the end of the list `which`. [-1] */
static void put_last(lua_State *L, int idx, int which) {
  lua_rawgeti(L, idx, which);
  lua_insert(L, -2);
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  lua_pop(L, 1);
}

/* (eventType, filename): a listener of "change". upvalue: the table */
static int on_change(lua_State *L) {
  lua_settop(L, 2);
  lua_createtable(L, 0, 2);
  lua_insert(L, 1);
  lua_setfield(L, 1, "filename");
  lua_setfield(L, 1, "eventType");
  lua_pushvalue(L, lua_upvalueindex(1));
  if (!take_first(L, 2, ITER_WAITING)) {
    lua_pushvalue(L, 1);
    put_last(L, 2, ITER_CAME);
    return 0;
  }
  lua_pushvalue(L, 1);
  async_push_result(L, false);
  promise_resolve(L, 3);
  return 0;
}

/* Settles the promise at idx as one who asks when all is over: with the error, once, or the end. */
static void settle_over(lua_State *L, int table, int idx) {
  if (lua_rawgeti(L, table, ITER_ERROR) == LUA_TNIL) {
    async_push_result(L, true);
    promise_resolve(L, idx);
    return;
  }
  lua_pushnil(L);
  lua_rawseti(L, table, ITER_ERROR);
  promise_reject(L, idx);
}

/* A listener of "close". upvalue: the table */
static int on_close(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushboolean(L, true);
  lua_rawseti(L, 1, ITER_OVER);
  if (lua_rawgeti(L, 1, ITER_SIGNAL) != LUA_TNIL && signal_aborted(L, 2)) {
    signal_push_error(L, 2);
    lua_rawseti(L, 1, ITER_ERROR);
  }
  lua_settop(L, 1);
  while (take_first(L, 1, ITER_WAITING)) {
    settle_over(L, 1, 2);
    lua_settop(L, 1);
  }
  return 0;
}

/* (error): a listener of "error"; "close" follows. upvalue: the table */
static int on_error(lua_State *L) {
  lua_settop(L, 1);
  lua_rawseti(L, lua_upvalueindex(1), ITER_ERROR);
  return 0;
}

/* next(). upvalue: the table */
static int iterator_next(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  promise_new(L);
  if (take_first(L, 1, ITER_CAME)) {
    async_push_result(L, false);
    promise_resolve(L, 2);
  } else if (lua_rawgeti(L, 1, ITER_OVER) != LUA_TNIL) {
    settle_over(L, 1, 2);
  } else {
    lua_pushvalue(L, 2);
    put_last(L, 1, ITER_WAITING);
  }
  lua_settop(L, 2);
  return 1;
}

/* finish(): the loop was left. upvalue: the table */
static int iterator_finish(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_rawgeti(L, 1, ITER_WATCHER);
  class_call_method(L, 2, "close", 0, 0);
  promise_new(L);
  lua_pushnil(L);
  async_push_result(L, true);
  promise_resolve(L, 3);
  return 1;
}

static void watcher_on(lua_State *L, const char *event, lua_CFunction fn) {
  lua_pushvalue(L, 4);
  lua_pushcclosure(L, fn, 1);
  emitter_on(L, 3, event, false);
}

/* (filename, options) */
int fs_promises_watch(lua_State *L) {
  lua_settop(L, 2);
  lua_pushcfunction(L, fs_watch);
  lua_pushvalue(L, 1);
  lua_pushvalue(L, 2);
  lua_call(L, 2, 1);
  lua_createtable(L, 6, 0);
  lua_newtable(L);
  lua_rawseti(L, 4, ITER_CAME);
  lua_newtable(L);
  lua_rawseti(L, 4, ITER_WAITING);
  lua_pushvalue(L, 3);
  lua_rawseti(L, 4, ITER_WATCHER);
  (void)signal_option(L, lua_istable(L, 2) ? 2 : 0);
  lua_rawseti(L, 4, ITER_SIGNAL);
  watcher_on(L, "change", on_change);
  watcher_on(L, "error", on_error);
  watcher_on(L, "close", on_close);
  lua_pushvalue(L, 4);
  lua_pushcclosure(L, iterator_next, 1);
  lua_pushvalue(L, 4);
  lua_pushcclosure(L, iterator_finish, 1);
  async_iterator_new(L);
  return async_iterator_return(L);
}
