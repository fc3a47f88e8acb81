/* SPDX-License-Identifier: MIT */
/* views.h - ArrayBuffer, SharedArrayBuffer and the views over them: typed arrays, Buffer, DataView.
 *
 * An ArrayBuffer is a userdata that owns one reference to a Store. A view is a Buffer struct (see
 * buffer.h) whose user value UV_MEMORY is its ArrayBuffer: the collector sees who needs the memory, and
 * views need no finalizer. A state has one ArrayBuffer for a Store, so that a.buffer == b.buffer tells
 * who shares. */
#ifndef MOONFORK_VIEWS_H
#define MOONFORK_VIEWS_H

#include "buffer.h"
#include "../core/class.h"

enum { UV_MEMORY = UV_CLASS }; /* user value of a view; nil while it is empty and nobody has asked */

extern const ClassDef array_buffer_class, shared_array_buffer_class;
extern const ClassDef typed_array_class; /* abstract: the base of the eleven, and so of Buffer */
extern const ClassDef uint8_array_class, int8_array_class, uint8_clamped_array_class,
  int16_array_class, uint16_array_class, int32_array_class, uint32_array_class, float32_array_class,
  float64_array_class, bigint64_array_class, biguint64_array_class;
extern const ClassDef data_view_class;

/* ---- memory ---- */

/* The Store of the ArrayBuffer or SharedArrayBuffer at idx, borrowed; NULL for anything else. */
Store *memory_test(lua_State *L, int idx);

/* The ArrayBuffer at idx is not to be moved to another thread, as the pool's are not. */
void memory_keep(lua_State *L, int idx);
bool memory_is_kept(lua_State *L, int idx);

/* Pushes the state's ArrayBuffer (SharedArrayBuffer when store->shared) of the Store; a new one takes a
 * reference of its own and does not press the collector. [+1] */
void memory_push(lua_State *L, Store *store);

/* Pushes an ArrayBuffer with a fresh Store, which is borrowed from it. Raises when memory is short. [+1] */
Store *memory_push_new(lua_State *L, size_t size, bool zero, bool shared);

/* The same for a block that small Buffers are cut from, which a transfer copies. [+1] */
Store *memory_push_pool(lua_State *L, size_t size);

/* ---- views ---- */

/* Pushes a view of the class over the ArrayBuffer at `memory` (0: an empty view of none). [+1] */
Buffer *view_push(lua_State *L, const ClassDef *def, int memory, size_t offset, size_t length);

/* The same over the memory of the view at idx; offset counts from the store's start. [+1] */
Buffer *view_push_part(lua_State *L, const ClassDef *def, int idx, size_t offset, size_t length);

/* Makes the view at idx, v, show the memory of the view on top, which is popped. [-1] */
void view_take(lua_State *L, int idx, Buffer *v);

/* Raises when v has memory: a constructor runs once, so that C code may keep the address of its bytes. */
void view_refuse_again(lua_State *L, const Buffer *v);

/* Pushes the ArrayBuffer of the view at idx. [+1] */
void view_push_memory(lua_State *L, int idx, Buffer *v);

/* The view at idx: a typed array (or Buffer); any_view_test: or a DataView. NULL for anything else. */
Buffer *view_test(lua_State *L, int idx);
Buffer *any_view_test(lua_State *L, int idx);
Buffer *view_self(lua_State *L);

/* The bytes of an ArrayBuffer or a view of any kind, borrowed. */
bool memory_view(lua_State *L, int idx, const char **bytes, size_t *len);

/* ---- elements ---- */

extern const ClassDef *const element_classes[];  /* by Element */
extern const unsigned char element_shift[];      /* log2 of the size of an element */

Element element_of(const ClassDef *def);

static inline size_t view_count(const Buffer *v) { return v->length >> element_shift[v->element]; }

/* Pushes the element at src as a number. [+1] */
void element_push(lua_State *L, Element el, const char *src);

/* Stores the value at idx as JavaScript does: ToNumber, then cut to the type. Raises for what is no
 * integer in the 64-bit kinds. */
void element_store(lua_State *L, Element el, char *dst, int idx);

/* Metamethods of typed arrays, used by Buffer too. */
int view_index(lua_State *L);
int view_newindex(lua_State *L);

/* visits.c: methods of typed arrays that call a function for each element. */
int view_for_each(lua_State *L);
int view_every(lua_State *L);
int view_some(lua_State *L);
int view_find(lua_State *L);
int view_find_last(lua_State *L);
int view_find_index(lua_State *L);
int view_find_last_index(lua_State *L);
int view_map(lua_State *L);
int view_filter(lua_State *L);
int view_reduce(lua_State *L);
int view_reduce_right(lua_State *L);
int view_sort(lua_State *L);

/* Properties of every view, and the constructor of typed arrays. */
int view_byte_length(lua_State *L);
int view_byte_offset(lua_State *L);
int view_memory(lua_State *L);
int typed_array_init(lua_State *L);

/* Pushes a typed array from(list|view|string of numbers) / of(...) of the kind. */
int typed_array_from(lua_State *L, Element el);
int typed_array_of(lua_State *L, Element el);

#endif
