/* SPDX-License-Identifier: MIT */
/* pool.c - the pool of small Buffers: slabs of Buffer.poolSize bytes, cut from the front.
 *
 * Registry of a state: [&pool_key] = the Pool, a userdata with the slab's ArrayBuffer and the class Buffer
 * as user values: one look-up for all, as this is the way of every small Buffer. A slab that is used up is
 * left to the Buffers in it, which keep it as long as one of them lives. */
#include "buffer_args.h"

#include "core/class.h"
#include "core/error.h"
#include "views.h"

enum { POOL_SIZE = 8192 };

enum { POOL_SLAB = 1, POOL_CLASS = 2 }; /* user values */

typedef struct Pool {
  Store *store;      /* the slab's, borrows from its ArrayBuffer; NULL before the first */
  size_t size, used; /* of the slab; size is Buffer.poolSize as it was when the slab was made */
} Pool;

static const char pool_key = 0;

void pool_open(lua_State *L) {
  Pool *pool = lua_newuserdatauv(L, sizeof *pool, 2);
  *pool = (Pool){ NULL, 0, 0 };
  class_push(L, &buffer_class);
  lua_pushinteger(L, POOL_SIZE);
  lua_setfield(L, -2, "poolSize");
  lua_setiuservalue(L, -2, POOL_CLASS);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &pool_key);
}

/* Pushes the pool; NULL and nil before the module has been opened. [+1] */
static Pool *push_pool(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &pool_key);
  return lua_touserdata(L, -1);
}

/* Buffer.poolSize as it is now; a script may have set it to anything. The pool is on top. */
static size_t pool_limit(lua_State *L) {
  lua_getiuservalue(L, -1, POOL_CLASS);
  lua_getfield(L, -1, "poolSize");
  lua_Integer n = lua_isinteger(L, -1) ? lua_tointeger(L, -1)
                  : lua_type(L, -1) == LUA_TNUMBER ? to_integer(L, -1, 0) : 0;
  lua_pop(L, 2);
  return n < 0 ? 0 : n > BUFFER_MAX ? (size_t)BUFFER_MAX : (size_t)n;
}

Buffer *pool_push(lua_State *L, size_t len) {
  Pool *pool = push_pool(L);
  size_t limit = pool ? pool_limit(L) : 0;
  if (len == 0 || len >= limit / 2) {
    lua_pop(L, 1);
    return buffer_push_new(L, len);
  }
  if (len > pool->size - pool->used) {
    Store *store = memory_push_pool(L, limit);
    lua_setiuservalue(L, -2, POOL_SLAB);
    *pool = (Pool){ store, limit, 0 };
  }
  Buffer *b = class_new(L, &buffer_class, sizeof *b, 1);
  if (len > pool->size - pool->used) { /* a finalizer took from the pool: once more */
    lua_pop(L, 2);
    return pool_push(L, len);
  }
  b->store = pool->store;
  b->offset = pool->used;
  b->length = len;
  lua_getiuservalue(L, -2, POOL_SLAB);
  lua_setiuservalue(L, -2, UV_MEMORY);
  lua_remove(L, -2);
  pool->used = (pool->used + len + 7) & ~(size_t)7;
  if (pool->used > pool->size) pool->used = pool->size;
  return b;
}

void pool_trim(lua_State *L, Buffer *b, size_t used) {
  Pool *pool = push_pool(L);
  size_t end = (b->offset + b->length + 7) & ~(size_t)7;
  lua_pop(L, 1); /* the registry holds it */
  if (pool && pool->store == b->store && (end < pool->size ? end : pool->size) == pool->used)
    pool->used = (b->offset + used + 7) & ~(size_t)7;
  b->length = used;
}
