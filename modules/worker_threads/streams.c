/* SPDX-License-Identifier: MIT */
/* streams.c - see streams.h. What is written to stdin goes as messages of the control channel. */
#include "streams.h"
#include "../core/error.h"
#include "../core/out.h"
#include "../promise/promise.h"
#include "../stream/stream.h"

/* ---- standard input ---- */

enum { INPUT_WORKER = UV_STREAM_FREE, INPUT_VALUES = 1 };

typedef struct Input {
  Stream stream;
  End *control;          /* borrows from the Worker, which a user value keeps; NULL: it has ended */
} Input;

static void input_send(lua_State *L, Input *input, int kind, const char *bytes, size_t len) {
  if (!input->control) return;
  Message *m = message_new(kind, bytes, len);
  if (!m) luaL_error(L, "not enough memory");
  end_post(input->control, m);
}

static void input_write(lua_State *L, int self, int chunk) {
  const char *bytes = "";
  size_t len = 0;
  (void)buffer_view(L, chunk, &bytes, &len);
  input_send(L, (Input *)stream_test(L, self), CONTROL_STDIN, bytes, len);
  writable_written(L, self, 0);
}

static void input_final(lua_State *L, int self) {
  input_send(L, (Input *)stream_test(L, self), CONTROL_STDIN_END, "", 0);
  writable_finalled(L, self, 0);
}

static const StreamImpl input_impl = { .write = input_write, .final = input_final };

/* ---- standard output ---- */

/* Nothing to do: what comes is pushed. */
static void output_read(lua_State *L, int self, size_t n) { (void)L, (void)self, (void)n; }

static const StreamImpl output_impl = { .read = output_read };

static int slot_of(int fd) { return fd == 1 ? WORKER_STDOUT : WORKER_STDERR; }

void streams_push_output(lua_State *L, int fd) {
  if (lua_getiuservalue(L, 1, slot_of(fd)) != LUA_TNIL) return;
  lua_pop(L, 1);
  (void)stream_new(L, &readable_class, sizeof(Stream), STREAM_READS, &output_impl, 0);
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, 1, slot_of(fd));
}

void streams_open(lua_State *L, const Thread *t, End *control) {
  if (t->plan.stdin_open) {
    Input *input = stream_new(L, &writable_class, sizeof *input, STREAM_WRITES, &input_impl, INPUT_VALUES);
    input->control = control;
    lua_pushvalue(L, 1);
    lua_setiuservalue(L, -2, INPUT_WORKER);
    lua_setiuservalue(L, 1, WORKER_STDIN);
  }
  for (int fd = 1; fd <= 2; fd++) {
    if (!t->forward[fd]) continue;
    streams_push_output(L, fd);
    lua_pushliteral(L, "alone"); /* our own output does not get it as well */
    lua_setfield(L, -2, "_only");
    lua_pop(L, 1);
  }
}

void streams_output(lua_State *L, int self, int fd, const char *data, size_t len) {
  bool alone = false;
  if (lua_getiuservalue(L, self, slot_of(fd)) != LUA_TNIL) {
    lua_getfield(L, -1, "_only");
    alone = !lua_isnil(L, -1);
    lua_pop(L, 1);
    (void)buffer_push_copy(L, data, len);
    (void)readable_push(L, lua_gettop(L) - 1);
  }
  if (!alone) (void)out_pass(fd, data, len);
}

/* ---- heap ---- */

void streams_ask_heap(lua_State *L) {
  if (lua_getiuservalue(L, 1, WORKER_HEAPS) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, 1, WORKER_HEAPS);
  }
  lua_pushvalue(L, -2);
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  lua_pop(L, 1);
}

/* Takes the oldest promise off the list; false when none waits. [+1|0] */
static bool take_promise(lua_State *L, int self) {
  if (lua_getiuservalue(L, self, WORKER_HEAPS) != LUA_TTABLE || lua_rawlen(L, -1) == 0) {
    lua_pop(L, 1);
    return false;
  }
  lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
  lua_rawgeti(L, -1, 1);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, -2, i + 1);
    lua_rawseti(L, -3, i);
  }
  lua_remove(L, -2);
  return true;
}

void streams_heap(lua_State *L, int self, const char *text, size_t len) {
  if (!take_promise(L, self)) return;
  int promise = lua_gettop(L);
  (void)stream_new(L, &readable_class, sizeof(Stream), STREAM_READS, &output_impl, 0);
  (void)buffer_push_copy(L, text, len);
  (void)readable_push(L, promise + 1);
  readable_push_end(L, promise + 1);
  promise_resolve(L, promise);
  lua_pop(L, 1);
}

/* ---- the end ---- */

void streams_end(lua_State *L, int self) {
  if (lua_getiuservalue(L, self, WORKER_STDIN) != LUA_TNIL) ((Input *)stream_test(L, -1))->control = NULL;
  lua_pop(L, 1);
  for (int fd = 1; fd <= 2; fd++) {
    if (lua_getiuservalue(L, self, slot_of(fd)) != LUA_TNIL) readable_push_end(L, lua_gettop(L));
    lua_pop(L, 1);
  }
  while (take_promise(L, self)) {
    err_push(L, NULL, "ERR_WORKER_NOT_RUNNING", "Worker instance not running");
    promise_reject(L, -2);
    lua_pop(L, 1);
  }
}
