/* SPDX-License-Identifier: MIT */
/* arraybuffer.c - ArrayBuffer and SharedArrayBuffer: a Store as a value of Lua.
 *
 * Registry: [&memories] = weak table of all of the state, by the address of the Store. An entry goes
 * before its object is finalized, so it never names a Store that is gone. */
#include "views.h"

#include <string.h>
#include "buffer_args.h"
#include "core/error.h"
#include "core/opts.h"
#include "core/trace.h"

enum { CELLS_MOST = 4096 }; /* shared memory that views may watch */

typedef struct Memory {
  Store *store; /* owns a reference; NULL only while it is being made */
  bool kept;    /* markAsUntransferable: a transfer copies it */
} Memory;

static const char memories = 0;

/* ---- making and recognising ---- */

static Memory *memory_at(lua_State *L, int idx) {
  Memory *m = class_test(L, idx, &array_buffer_class);
  return m ? m : class_test(L, idx, &shared_array_buffer_class);
}

Store *memory_test(lua_State *L, int idx) {
  const Memory *m = memory_at(L, idx);
  return m ? m->store : NULL;
}

void memory_keep(lua_State *L, int idx) {
  Memory *m = memory_at(L, idx);
  if (m) m->kept = true;
}

bool memory_is_kept(lua_State *L, int idx) {
  const Memory *m = memory_at(L, idx);
  return m && m->kept;
}

/* Pushes the weak table. [+1] */
static void push_memories(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &memories) == LUA_TTABLE) return;
  lua_pop(L, 1);
  lua_newtable(L);
  lua_createtable(L, 0, 1);
  lua_pushliteral(L, "v");
  lua_setfield(L, -2, "__mode");
  lua_setmetatable(L, -2);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &memories);
}

/* Enters the object on top as the one of its store. */
static void memory_enter(lua_State *L, const Store *store) {
  push_memories(L);
  lua_pushvalue(L, -2);
  lua_rawsetp(L, -2, store);
  lua_pop(L, 1);
}

static const ClassDef *class_for(bool shared) {
  return shared ? &shared_array_buffer_class : &array_buffer_class;
}

void memory_push(lua_State *L, Store *store) {
  push_memories(L);
  if (lua_rawgetp(L, -1, store) == LUA_TNIL) {
    lua_pop(L, 1);
    Memory *m = class_new(L, class_for(store->shared), sizeof *m, 0);
    m->store = store_ref(store);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, -3, store);
  }
  lua_remove(L, -2);
}

/* Smaller blocks are too many to tell of, and cost nothing. */
static void trace_block(const Runtime *rt, size_t size, bool pool) {
  enum { TOLD_LEAST = 4096 };
  if (pool || size >= TOLD_LEAST)
    trace_add(rt->trace, TRACE_BUF_ALLOC, (TraceArgs){ { (int64_t)size, pool } }, NULL, NULL);
}

/* pool: it is cut into small Buffers. */
static Store *memory_fit(lua_State *L, Memory *m, size_t size, bool zero, bool shared, bool pool) {
  bool watched = shared && TRACING(rt_of(L)) && trace_on() && size > 0 && size <= CELLS_MOST;
  m->store = watched ? store_new_cells(size) : NULL;
  if (!m->store) m->store = zero ? store_new_zero(size) : store_new(size);
  if (!m->store)
    err_raise(L, &range_error_class, "ERR_MEMORY_ALLOCATION_FAILED", "Array buffer allocation failed");
  m->store->shared = shared;
  memory_enter(L, m->store);
  store_press(L, size);
  if (m->store->cells) trace_cells_made(rt_of(L)->trace, size, m->store->cells);
  if (TRACING(rt_of(L))) trace_block(rt_of(L), size, pool);
  return m->store;
}

Store *memory_push_new(lua_State *L, size_t size, bool zero, bool shared) {
  Memory *m = class_new(L, class_for(shared), sizeof *m, 0);
  return memory_fit(L, m, size, zero, shared, false);
}

Store *memory_push_pool(lua_State *L, size_t size) {
  Memory *m = class_new(L, &array_buffer_class, sizeof *m, 0);
  m->kept = true;
  return memory_fit(L, m, size, false, false, true);
}

static int memory_gc(lua_State *L) {
  Memory *m = memory_at(L, 1);
  if (!m) return 0;
  Store *store = m->store;
  m->store = NULL;
  store_unref(store);
  return 0;
}

/* ---- the classes ---- */

static int array_buffer_alloc(lua_State *L) {
  (void)class_new(L, &array_buffer_class, sizeof(Memory), 0);
  return 1;
}

static int shared_alloc(lua_State *L) {
  (void)class_new(L, &shared_array_buffer_class, sizeof(Memory), 0);
  return 1;
}

/* ArrayBuffer(length): a whole number from 0 on, anything else as JavaScript turns it into one. */
static int memory_init(lua_State *L) {
  Memory *m = memory_at(L, 1);
  if (!m || m->store)
    return err_raise(L, &type_error_class, "ERR_INVALID_THIS", "ArrayBuffer is called as ArrayBuffer(length)");
  lua_Integer size = to_integer(L, 2, 0);
  if (size < 0 || size > BUFFER_MAX)
    return err_raise(L, &range_error_class, NULL, size < 0 ? "Invalid array buffer length"
                                                           : "Array buffer allocation failed");
  lua_settop(L, 1);
  (void)memory_fit(L, m, (size_t)size, true, class_is(L, 1, &shared_array_buffer_class), false);
  return 0;
}

static Store *memory_self(lua_State *L) {
  const Memory *m = memory_at(L, 1);
  if (m && m->store) return m->store;
  (void)class_check(L, 1, &array_buffer_class);
  err_raise(L, &type_error_class, "ERR_INVALID_THIS", "the ArrayBuffer was never made");
  return NULL;
}

static int memory_length(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)memory_self(L)->size);
  return 1;
}

/* slice(start, stop): a copy */
static int memory_slice(lua_State *L) {
  const Store *store = memory_self(L);
  size_t size = store->size, start = arg_clamped(L, 2, size, 0), stop = arg_clamped(L, 3, size, size);
  size_t n = stop > start ? stop - start : 0;
  Store *made = memory_push_new(L, n, false, store->shared);
  if (n > 0) memcpy(made->data, store->data + start, n);
  return 1;
}

static int memory_is_view(lua_State *L) {
  lua_pushboolean(L, any_view_test(L, 1) != NULL);
  return 1;
}

/* ArrayBuffer { [Uint8Contents]: <68 69>, byteLength: 2 } */
static int memory_inspect(lua_State *L) {
  const Store *store = memory_self(L);
  luaL_Buffer out;
  luaL_buffinit(L, &out);
  luaL_addstring(&out, store->shared ? "SharedArrayBuffer" : "ArrayBuffer");
  luaL_addstring(&out, " { [Uint8Contents]: <");
  add_hex(&out, store->data, store->size, INSPECT_MAX_BYTES);
  lua_pushfstring(L, ">, byteLength: %I }", (LUAI_UACINT)store->size);
  luaL_addvalue(&out);
  luaL_pushresult(&out);
  return 1;
}

static const FnDef array_buffer_methods[] = {
  { "isView", memory_is_view, FN_STATIC, "isView(value: any): boolean",
    "Is the value a view: a typed array, a Buffer or a DataView?", NULL,
    "print(ArrayBuffer.isView(Buffer.alloc(1)))", NULL },
  { "slice", memory_slice, FN_METHOD, "slice(start: integer?, stop: integer?): ArrayBuffer",
    "A new ArrayBuffer with a copy of the bytes; negative offsets count from the end.", NULL, NULL, NULL },
  { 0 }
};

static const FnDef shared_methods[] = {
  { "slice", memory_slice, FN_METHOD, "slice(start: integer?, stop: integer?): SharedArrayBuffer",
    "A new SharedArrayBuffer with a copy of the bytes; negative offsets count from the end.", NULL, NULL,
    NULL },
  { 0 }
};

static const PropDef memory_props[] = {
  { "byteLength", memory_length, NULL, "integer", "Number of bytes." },
  { 0 }
};

const ClassDef array_buffer_class = {
  .name = "ArrayBuffer", .alloc = array_buffer_alloc, .init = memory_init, .gc = memory_gc,
  .inspect = memory_inspect, .methods = array_buffer_methods, .props = memory_props,
  .doc = "ArrayBuffer(length): a block of zero bytes outside Lua's heap. It is read and written through a "
         "view: a typed array, a DataView, a Buffer.",
  .example = "local memory = ArrayBuffer(8)\nInt32Array(memory)[0] = 1\nprint(Buffer.from(memory)[0])"
};

const ClassDef shared_array_buffer_class = {
  .name = "SharedArrayBuffer", .alloc = shared_alloc, .init = memory_init, .gc = memory_gc,
  .inspect = memory_inspect, .methods = shared_methods, .props = memory_props,
  .doc = "SharedArrayBuffer(length): a block of zero bytes that several threads may see at once.",
  .example = "print(Int32Array(SharedArrayBuffer(16)).length)"
};
