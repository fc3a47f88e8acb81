/* SPDX-License-Identifier: MIT */
/* filter.c - Hash, Hmac and the ciphers as streams: what is written comes out changed.
 *
 * A write ends when its result has found room at the reader, so a fast writer waits for a slow reader. */
#include "parts.h"
#include "core/opts.h"

void filter_read(lua_State *L, int self, size_t n) {
  (void)n;
  Filter *f = (Filter *)stream_test(L, self);
  if (!f->waiting) return;
  f->waiting = false;
  writable_written(L, self, 0);
}

void filter_give(lua_State *L, int self) {
  Filter *f = (Filter *)stream_test(L, self);
  if (readable_push(L, self)) writable_written(L, self, 0);
  else f->waiting = true;
}

/* Calls the function at `callback` with the value on top, or with it as an error. */
static int answer(lua_State *L, int callback, bool good) {
  lua_pushvalue(L, callback);
  if (good) lua_pushnil(L);
  lua_pushvalue(L, good ? -3 : -2);
  lua_call(L, good ? 2 : 1, 0);
  return 0;
}

int filter_transform(lua_State *L, bool (*feed)(lua_State *L, int self, int chunk)) {
  lua_settop(L, 4);
  arg_function(L, 4, "callback");
  (void)arg_data(L, 2, 3);
  return answer(L, 4, feed(L, 1, 2));
}

int filter_flush(lua_State *L, bool (*finish)(lua_State *L, int self)) {
  lua_settop(L, 2);
  arg_function(L, 2, "callback");
  return answer(L, 2, finish(L, 1));
}
