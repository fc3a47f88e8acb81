/* SPDX-License-Identifier: MIT */
/* filter.c - Hash, Hmac and the ciphers as streams: what is written comes out changed.
 *
 * A write ends when its result has found room at the reader, so a fast writer waits for a slow reader. */
#include "parts.h"

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
