/* SPDX-License-Identifier: MIT */
/* store.c - blocks of bytes outside Lua's heap, counted, and their weight for the collector.
 *
 * Blocks pass between threads, so the count of their bytes is the process's, an atomic. Lua's collector
 * sees a Buffer as some 60 bytes: store_press adds debt as if the block were in the heap. Full weight
 * would run a cycle for each megabyte of passing traffic, so it is scaled by what the heap is of all
 * that lives: garbage stays in proportion to the live bytes, or below a floor. */
#include "buffer.h"

#include <stdint.h>
#include <stdlib.h>
#include "core/runtime.h"
#include "core/trace.h"

enum { PRESS_FLOOR = 16 << 20 }; /* garbage below this is not worth a cycle */


/* Bytes of a large Store begin at a cache line: copies between two of them are 6 % faster. */
enum { LINE = 64, LARGE = 1024 };

static size_t block_size(size_t size) {
  return sizeof(Store) + size + (size < LARGE ? 0 : LINE);
}

/* Takes the block of block_size(size). */
static Store *store_init(char *block, size_t size) {
  if (!block) return NULL;
  uintptr_t data = (uintptr_t)block + sizeof(Store);
  Store *store = (Store *)(block + (size < LARGE ? 0 : -data & (LINE - 1)));
  *store = (Store){ .size = size, .counted = size, .data = store->bytes, .block = block };
  atomic_init(&store->refs, 1);
  atomic_fetch_add_explicit(&trace_buffer_bytes, size, memory_order_relaxed);
  return store;
}

Store *store_new(size_t size) {
  if (size > SIZE_MAX / 2) return NULL;
  return store_init(malloc(block_size(size)), size);
}

Store *store_new_zero(size_t size) {
  if (size > SIZE_MAX / 2) return NULL;
  return store_init(calloc(1, block_size(size)), size);
}

Store *store_new_cells(size_t size) {
  uint32_t id;
  char *cells = trace_cells_new(size, &id);
  Store *store = cells ? store_init(malloc(block_size(0)), 0) : NULL;
  if (cells && !store) trace_cells_free(cells, size, id);
  if (!store) return NULL;
  store->size = store->counted = size;
  store->data = cells;
  store->cells = id;
  atomic_fetch_add_explicit(&trace_buffer_bytes, size, memory_order_relaxed);
  return store;
}

Store *store_ref(Store *store) {
  atomic_fetch_add_explicit(&store->refs, 1, memory_order_relaxed);
  return store;
}

void store_unref(Store *store) {
  if (!store || atomic_fetch_sub_explicit(&store->refs, 1, memory_order_acq_rel) != 1) return;
  atomic_fetch_sub_explicit(&trace_buffer_bytes, store->counted, memory_order_relaxed);
  if (store->cells) trace_cells_free(store->data, store->counted, store->cells);
  store_unref(store->root);
  free(store->block);
}

/* An alias of an alias has the same root: however often bytes move on, there is one block and one head. */
Store *store_alias(Store *store) {
  Store *alias = store_init(malloc(block_size(0)), 0);
  if (!alias) return NULL;
  alias->size = store->size;
  alias->data = store->data;
  alias->root = store_ref(store->root ? store->root : store);
  return alias;
}

void store_detach(Store *store) {
  store->size = 0;
  store->detached = true;
}

size_t store_total(void) { return atomic_load_explicit(&trace_buffer_bytes, memory_order_relaxed); }

typedef struct Pressure {
  double debt; /* bytes of Lua's heap not yet told to the collector */
} Pressure;

static const char pressure_key = 0;

void store_press(lua_State *L, size_t size) {
  Pressure *p = rt_data(L, &pressure_key, sizeof *p);
  double heap = lua_gc(L, LUA_GCCOUNT) * 1024.0, live = heap + (double)store_total();
  p->debt += (double)size * heap / (live > PRESS_FLOOR ? live : PRESS_FLOOR);
  if (p->debt < 1024 || !lua_gc(L, LUA_GCISRUNNING)) return;
  int kilobytes = p->debt > 1e9 ? 1000000 : (int)(p->debt / 1024);
  p->debt = 0;
  (void)lua_gc(L, LUA_GCSTEP, kilobytes);
}
