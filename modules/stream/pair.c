/* SPDX-License-Identifier: MIT */
/* pair.c - duplexPair(): two Duplexes, each of which reads what is written to the other.
 *
 * A write is answered when the other side is read from again, so back-pressure goes through. */
#include "internal.h"

#include "core/opts.h"
#include "events/events.h"
#include "buffer/buffer.h"

enum { SIDE_OTHER = UV_STREAM_FREE, SIDE_VALUES = 1 };

typedef struct Side {
  Stream s;
  bool owes; /* the other side's write is answered by the next read here */
} Side;

static Side *push_other(lua_State *L, int self) {
  lua_getiuservalue(L, self, SIDE_OTHER);
  return class_test(L, -1, &duplex_side_class);
}

static void side_read(lua_State *L, int self, size_t n) {
  Side *side = class_test(L, self, &duplex_side_class);
  (void)n;
  if (!side->owes) return;
  side->owes = false;
  (void)push_other(L, self);
  writable_written(L, lua_gettop(L), 0);
  lua_pop(L, 1);
}

static int tick_written(lua_State *L) {
  writable_written(L, 1, 0);
  return 0;
}

static void side_write(lua_State *L, int self, int chunk) {
  const char *bytes;
  size_t len = 1;
  if (buffer_view(L, chunk, &bytes, &len) && len == 0) {
    stream_tick(L, self, tick_written);
    return;
  }
  Side *other = push_other(L, self);
  lua_pushvalue(L, chunk);
  (void)readable_push(L, lua_gettop(L) - 1);
  other->owes = true;
  lua_pop(L, 1);
}

/* The other side has been read to its end. upvalue: this side */
static int on_other_end(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  writable_finalled(L, 1, 0);
  return 0;
}

static void side_final(lua_State *L, int self) {
  (void)push_other(L, self);
  int other = lua_gettop(L);
  push_callback(L, self, on_other_end);
  emitter_on(L, other, "end", false);
  readable_push_end(L, other);
  lua_settop(L, other - 1);
}

static const StreamImpl side_impl = { .read = side_read, .write = side_write, .final = side_final };

static void push_side(lua_State *L) {
  stream_new(L, &duplex_side_class, sizeof(Side), STREAM_READS | STREAM_WRITES, &side_impl, SIDE_VALUES);
  duplex_options(L, lua_gettop(L), 1);
}

/* duplexPair(options) */
int stream_duplex_pair(lua_State *L) {
  lua_settop(L, 1);
  lua_createtable(L, 2, 0);
  push_side(L);
  push_side(L);
  for (int i = 0; i < 2; i++) {
    lua_pushvalue(L, 4 - i);
    lua_setiuservalue(L, 3 + i, SIDE_OTHER);
    lua_pushvalue(L, 3 + i);
    lua_rawseti(L, 2, i + 1);
  }
  lua_settop(L, 2);
  return 1;
}

const ClassDef duplex_side_class = {
  .name = "DuplexSide", .base = &duplex_class, .abstract = true,
  .doc = "One side of what duplexPair returns."
};
