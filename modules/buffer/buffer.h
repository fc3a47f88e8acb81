/* SPDX-License-Identifier: MIT */
/* buffer.h - bytes outside Lua's heap: Store, and the Buffer class over it.
 *
 * A Store is a malloc'd block with an atomic count of its users: ArrayBuffers, requests under way,
 * messages to other threads. A Buffer is a userdata with a window into a Store, which its ArrayBuffer
 * keeps (see views.h). Bytes of one Store may be seen by several Buffers; who writes is the program's
 * affair, as in Node. */
#ifndef MOONFORK_BUFFER_H
#define MOONFORK_BUFFER_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <lua.h>
#include "../core/doc.h"

typedef struct Store Store;
struct Store {
  _Atomic size_t refs;
  size_t size;            /* 0 once it has been moved away */
  char *data;
  Store *root;            /* owns a reference: the Store whose bytes these are; NULL: its own */
  size_t counted;         /* bytes of its own */
  bool shared;            /* a SharedArrayBuffer's */
  bool detached;          /* the bytes belong to another Store now: views of this one are empty */
  uint32_t cells;         /* the bytes lie in a file of the flight recorder's; 0: they do not */
  void *block;            /* what is to be freed */
  alignas(16) char bytes[];
};

/* A block with one reference, which the caller owns; NULL when memory is short. Any thread. */
Store *store_new(size_t size);
Store *store_new_zero(size_t size);
Store *store_new_cells(size_t size); /* zeroed, where the flight recorder can watch; NULL: it cannot */
Store *store_ref(Store *store);   /* returns store */
void store_unref(Store *store);   /* NULL is allowed; the last one frees */

/* A Store with the same bytes, for another thread or ArrayBuffer; NULL when memory is short. The old one
 * is empty after store_detach; until it is collected the block stays. */
Store *store_alias(Store *store);
void store_detach(Store *store);

/* Bytes in all Stores of the process: process.memoryUsage().arrayBuffers. Any thread. */
size_t store_total(void);

/* Lets the collector of L know of `size` bytes that an object of its keeps outside the heap. Runs
 * finalizers: what is needed must be on the stack. */
void store_press(lua_State *L, size_t size);

/* The kinds of elements of typed arrays; a Buffer has EL_UINT8. */
typedef enum Element {
  EL_UINT8, EL_INT8, EL_UINT8_CLAMPED, EL_INT16, EL_UINT16, EL_INT32, EL_UINT32, EL_FLOAT32,
  EL_FLOAT64, EL_BIGINT64, EL_BIGUINT64
} Element;

/* Any view: a Buffer, a typed array, a DataView. */
typedef struct Buffer {
  Store *store;           /* borrows from the view's ArrayBuffer; NULL: there is none, length is 0 */
  size_t offset, length;  /* in bytes */
  Element element;
} Buffer;

extern const ClassDef buffer_class;
extern const ModuleDef buffer_module;

/* Pushes a Buffer with a copy of the bytes. [+1] */
Buffer *buffer_push_copy(lua_State *L, const char *data, size_t len);

/* Pushes a Buffer of `len` bytes to be filled by the caller. [+1] */
Buffer *buffer_push_new(lua_State *L, size_t len);

/* Pushes a Buffer that shows len bytes of the store from off on; takes a reference of its own. Does
 * not press the collector: whoever makes the store does so once. [+1] */
Buffer *buffer_push_store(lua_State *L, Store *store, size_t off, size_t len);

/* The Buffer or other Uint8Array at idx, NULL for anything else. */
Buffer *buffer_test(lua_State *L, int idx);

/* Every look at a view passes here: one whose memory was moved away is empty. Returns v, NULL for NULL. */
static inline Buffer *view_now(Buffer *v) {
  if (v && v->store && v->store->detached) v->offset = v->length = 0;
  return v;
}

static inline char *buffer_bytes(const Buffer *b) {
  static char none[1];
  return b->store ? b->store->data + b->offset : none;
}

/* The bytes of a string or Uint8Array at idx (no numbers): borrowed from the value. False for others. */
bool buffer_view(lua_State *L, int idx, const char **bytes, size_t *len);

/* The same for an argument, which may be any view; raises ERR_INVALID_ARG_TYPE. */
const char *arg_bytes(lua_State *L, int idx, const char *name, size_t *len);

#endif
