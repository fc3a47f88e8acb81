/* SPDX-License-Identifier: MIT */
/* write_from.c - writeFile and appendFile of fs/promises with data that comes piece by piece: a stream, a
 * list, a function, an async iterator. A coroutine takes one piece after the other and waits for its write. */
#include "write_from.h"

#include "../buffer/views.h"
#include "../core/error.h"
#include "../core/interrupt.h"
#include "../core/json.h"
#include "../core/opts.h"
#include "../events/abort.h"
#include "../promise/promise.h"
#include "../stream/stream.h"
#include "file_handle.h"
#include "ops.h"

/* Does the value at idx give pieces one after the other? */
static bool gives_pieces(lua_State *L, int idx) {
  const Stream *s = stream_test(L, idx);
  if (s) return s->r.present;
  if (lua_isfunction(L, idx) || class_is(L, idx, &async_iterator_class)) return true;
  return lua_istable(L, idx) && !class_of(L, idx) && (lua_rawlen(L, idx) > 0 || json_is_marked(L, idx));
}

/* Pushes the field of a module, or of its field. [+1] */
static void push_function(lua_State *L, const char *module, const char *field, const char *name) {
  if (!rt_require_builtin(L, module)) luaL_error(L, "module %s is missing", module);
  if (field) {
    lua_getfield(L, -1, field);
    lua_remove(L, -2);
  }
  lua_getfield(L, -1, name);
  lua_remove(L, -2);
}

/* Pushes the async iterator of the pieces at idx. [+1] */
static void push_iterator(lua_State *L, int idx) {
  if (class_is(L, idx, &async_iterator_class)) {
    lua_pushvalue(L, idx);
    return;
  }
  if (stream_test(L, idx)) {
    lua_pushvalue(L, idx);
  } else {
    push_function(L, "stream", "Readable", "from");
    lua_pushvalue(L, idx);
    lua_call(L, 1, 1);
  }
  class_call_method(L, -1, "iterator", 0, 1);
  lua_remove(L, -2);
}

/* ---- the loop: a function of its own, whose errors `after` catches ---- */

enum { LOOP_ITERATOR = 1, LOOP_HANDLE, LOOP_OPTIONS, LOOP_SIGNAL, LOOP_TOP = LOOP_SIGNAL };

static int write_one(lua_State *L) { return op_promise(L, &op_write_file); }

static void check_signal(lua_State *L, int idx) {
  if (lua_isnil(L, idx) || !signal_aborted(L, idx)) return;
  signal_push_error(L, idx);
  lua_error(L);
}

static int loop_step(lua_State *L);

static int loop_wrote(lua_State *L, int status, lua_KContext ctx) {
  (void)status, (void)ctx;
  async_resumed(L);
  lua_settop(L, LOOP_TOP);
  return loop_step(L);
}

/* { value, done } is there. */
static int loop_got(lua_State *L, int status, lua_KContext ctx) {
  (void)status, (void)ctx;
  async_resumed(L);
  int got = lua_gettop(L);
  lua_getfield(L, got, "done");
  if (lua_toboolean(L, -1)) return 0;
  check_signal(L, LOOP_SIGNAL);
  lua_getfield(L, got, "value");
  if (lua_type(L, -1) != LUA_TSTRING && !any_view_test(L, -1))
    err_arg_type(L, -1, "chunk", "of type string or an instance of Buffer, TypedArray, or DataView");
  lua_pushcfunction(L, write_one);
  lua_insert(L, -2);
  lua_pushvalue(L, LOOP_HANDLE);
  lua_insert(L, -2);
  lua_pushvalue(L, LOOP_OPTIONS);
  lua_call(L, 3, 1);
  return async_wait(L, loop_wrote);
}

static int loop_step(lua_State *L) {
  class_call_method(L, LOOP_ITERATOR, "next", 0, 1);
  return async_wait(L, loop_got);
}

/* ---- around the loop ---- */

enum { AT_FILE = 1, AT_DATA, AT_OPTIONS, AT_FLAG, AT_ITERATOR, AT_HANDLE, AT_ERROR };

static int closed(lua_State *L, int status, lua_KContext ctx) {
  (void)status, (void)ctx;
  if (lua_isnil(L, AT_ERROR)) {
    async_resumed(L);
    return 0;
  }
  lua_settop(L, AT_ERROR); /* what failed first counts */
  return lua_error(L);
}

static int after(lua_State *L, int status, lua_KContext ctx) {
  (void)ctx;
  bool good = status == LUA_OK || status == LUA_YIELD;
  if (good) lua_pushnil(L);
  lua_replace(L, AT_ERROR);
  lua_settop(L, AT_ERROR);
  if (!good && interrupt_is(L, AT_ERROR)) return lua_error(L);
  if (!good) {
    class_call_method(L, AT_ITERATOR, "finish", 0, 1);
    if (promise_is(L, -1)) promise_mark_handled(L, -1);
  }
  if (!file_handle_test(L, AT_FILE)) {
    file_handle_close(L, AT_HANDLE);
    return async_wait(L, closed);
  }
  return good ? 0 : (lua_settop(L, AT_ERROR), lua_error(L));
}

/* The FileHandle is on top. */
static int run_loop(lua_State *L) {
  lua_settop(L, AT_HANDLE);
  lua_pushnil(L);
  lua_pushcfunction(L, loop_step);
  lua_pushvalue(L, AT_ITERATOR);
  lua_pushvalue(L, AT_HANDLE);
  lua_pushvalue(L, AT_OPTIONS);
  (void)opt_push(L, lua_istable(L, AT_OPTIONS) ? AT_OPTIONS : 0, "signal");
  return after(L, lua_pcallk(L, LOOP_TOP, 0, 0, 0, after), 0);
}

static int opened(lua_State *L, int status, lua_KContext ctx) {
  (void)status, (void)ctx;
  async_resumed(L);
  return run_loop(L);
}

static int open_one(lua_State *L) { return op_promise(L, &op_open_handle); }

/* (file, data, options, flag) in a coroutine */
static int run(lua_State *L) {
  int opts = lua_istable(L, AT_OPTIONS) ? AT_OPTIONS : 0;
  push_iterator(L, AT_DATA);
  if (file_handle_test(L, AT_FILE)) {
    lua_pushvalue(L, AT_FILE);
    return run_loop(L);
  }
  lua_pushcfunction(L, open_one);
  lua_pushvalue(L, AT_FILE);
  if (opt_push(L, opts, "flag") == LUA_TNIL) {
    lua_pop(L, 1);
    lua_pushvalue(L, AT_FLAG);
  }
  (void)opt_push(L, opts, "mode");
  lua_call(L, 3, 1);
  return async_wait(L, opened);
}

/* (file, data, options, flag) */
static int start(lua_State *L) {
  if (!lua_isnil(L, AT_OPTIONS) && lua_type(L, AT_OPTIONS) != LUA_TSTRING) arg_table(L, AT_OPTIONS, "options");
  if (signal_option(L, lua_istable(L, AT_OPTIONS) ? AT_OPTIONS : 0)) check_signal(L, lua_gettop(L));
  lua_settop(L, AT_FLAG);
  lua_pushcfunction(L, run);
  lua_insert(L, 1);
  async_start(L, AT_FLAG);
  return 1;
}

int fs_write_from(lua_State *L, const Op *op, const char *flag) {
  lua_settop(L, 3);
  if (!gives_pieces(L, 2)) return op_promise(L, op);
  lua_pushstring(L, flag);
  lua_pushcfunction(L, start);
  lua_insert(L, 1);
  lua_pushcfunction(L, rt_traceback);
  lua_insert(L, 1);
  if (lua_pcall(L, 4, 1, 1) != LUA_OK) promise_rejected(L);
  return 1;
}
