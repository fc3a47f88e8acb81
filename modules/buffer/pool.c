/* SPDX-License-Identifier: MIT */
/* pool.c - the pool of small Buffers: slabs of Buffer.poolSize bytes, cut from the front.
 *
 * Registry of a state: [&pool_key] = the Pool, [&slab_key] = the slab's ArrayBuffer. A slab that is used
 * up is left to the Buffers in it, which keep it as long as one of them lives. */
#include "buffer_args.h"

#include "core/class.h"
#include "core/error.h"
#include "core/runtime.h"
#include "views.h"

enum { POOL_SIZE = 8192 };

typedef struct Pool {
  size_t size, used; /* of the slab; size is Buffer.poolSize as it was when the slab was made */
} Pool;

static const char pool_key = 0, slab_key = 0;

/* Buffer.poolSize as it is now; a script may have set it to anything. */
static size_t pool_limit(lua_State *L) {
  class_push(L, &buffer_class);
  lua_getfield(L, -1, "poolSize");
  lua_Integer n = lua_type(L, -1) == LUA_TNUMBER ? to_integer(L, -1, 0) : 0;
  lua_pop(L, 2);
  return n < 0 ? 0 : n > BUFFER_MAX ? (size_t)BUFFER_MAX : (size_t)n;
}

void pool_open(lua_State *L) {
  class_push(L, &buffer_class);
  lua_pushinteger(L, POOL_SIZE);
  lua_setfield(L, -2, "poolSize");
  lua_pop(L, 1);
}

Buffer *pool_push(lua_State *L, size_t len) {
  size_t limit = pool_limit(L);
  if (len == 0 || len >= limit / 2) return buffer_push_new(L, len);
  Pool *pool = rt_data(L, &pool_key, sizeof *pool);
  if (len > pool->size - pool->used) {
    (void)memory_push_new(L, limit, false, false);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &slab_key);
    *pool = (Pool){ limit, 0 };
  }
  size_t at = pool->used;
  pool->used = (at + len + 7) & ~(size_t)7;
  if (pool->used > pool->size) pool->used = pool->size;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &slab_key);
  Buffer *b = view_push(L, &buffer_class, lua_gettop(L), at, len);
  lua_remove(L, -2);
  return b;
}

void pool_trim(lua_State *L, Buffer *b, size_t used) {
  Pool *pool = rt_data(L, &pool_key, sizeof *pool);
  size_t end = (b->offset + b->length + 7) & ~(size_t)7;
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &slab_key) == LUA_TUSERDATA &&
      memory_test(L, -1) == b->store && (end < pool->size ? end : pool->size) == pool->used)
    pool->used = (b->offset + used + 7) & ~(size_t)7;
  lua_pop(L, 1);
  b->length = used;
}
