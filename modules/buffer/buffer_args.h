/* SPDX-License-Identifier: MIT */
/* buffer_args.h - how the methods of Buffer read their arguments, and what the files of the module share;
 * inside the module only. */
#ifndef MOONFORK_BUFFER_ARGS_H
#define MOONFORK_BUFFER_ARGS_H

#include <lauxlib.h>
#include <stdint.h>
#include "../core/class.h"
#include "buffer.h"
#include "codec.h"

#define BUFFER_MAX ((lua_Integer)4294967296)
#define STRING_MAX ((lua_Integer)536870888)

enum { INSPECT_MAX_BYTES = 50 };

/* self, or the Buffer or Uint8Array expected as argument; raises as Node does. */
Buffer *buffer_self_any(lua_State *L); /* or a Uint8Array */
static inline Buffer *buffer_self(lua_State *L) {
  const Head *head = object_head(L, 1);
  return head && head->def == &buffer_class ? head->self : buffer_self_any(L);
}
Buffer *arg_buffer(lua_State *L, int idx, const char *name);

/* Any value as JavaScript's ToNumber has it, a whole number; NaN and what is no number: nan. */
lua_Integer to_integer(lua_State *L, int idx, lua_Integer nan);

/* ToNumber; the same modulo 2^64, cut towards 0; an integer or a TypeError. */
double to_number(lua_State *L, int idx);
int64_t to_wrapped(lua_State *L, int idx);
lua_Integer to_bigint(lua_State *L, int idx);

/* The value as a byte: ToNumber & 255. */
unsigned char to_byte(lua_State *L, int idx);

/* An offset from the start or, negative, from the end, clamped to 0..len. nil: fallback. */
size_t arg_clamped(lua_State *L, int idx, size_t len, size_t fallback);

/* An offset that must be in 0..max; nil: fallback. */
size_t arg_offset(lua_State *L, int idx, const char *name, lua_Integer max, size_t fallback);

/* Adds "68 69 ... 3 more bytes": the first `most` of n bytes. */
void add_hex(luaL_Buffer *out, const char *bytes, size_t n, size_t most);

/* Methods of methods.c, registered in buffer.c. */
int buffer_compare(lua_State *L);
int buffer_equals(lua_State *L);
int buffer_copy(lua_State *L);
int buffer_fill(lua_State *L);
int buffer_write(lua_State *L);
int buffer_index_of(lua_State *L);
int buffer_last_index_of(lua_State *L);
int buffer_includes(lua_State *L);
int buffer_swap16(lua_State *L);
int buffer_swap32(lua_State *L);
int buffer_swap64(lua_State *L);

/* Fills the len bytes at dst with the value at idx (number, string, Buffer) in the encoding. */
void fill_bytes(lua_State *L, char *dst, size_t len, int idx, Encoding enc);

/* pool.c: a Buffer of len bytes out of the pool when it is small enough for it; pool_trim gives back what
 * the last one (b, on no other terms) does not use. [+1] */
Buffer *pool_push(lua_State *L, size_t len);
void pool_trim(lua_State *L, Buffer *b, size_t used);
void pool_open(lua_State *L); /* Buffer.poolSize */

/* make.c: how Buffers are made. */
int buffer_new(lua_State *L);
int buffer_init(lua_State *L);
int buffer_from(lua_State *L);
int buffer_of(lua_State *L);
int buffer_alloc_zero(lua_State *L);
int buffer_alloc_unsafe(lua_State *L);
int buffer_alloc_slow(lua_State *L);
int buffer_concat(lua_State *L);
int buffer_copy_bytes_from(lua_State *L);

/* buffer.c: asking and reading. */
int buffer_is_buffer(lua_State *L);
int buffer_is_encoding(lua_State *L);
int buffer_byte_length(lua_State *L);
int buffer_to_string(lua_State *L);
int buffer_raw(lua_State *L);
int buffer_slice(lua_State *L);
int buffer_to_json(lua_State *L);
int buffer_tostring(lua_State *L);
int buffer_join(lua_State *L);
int buffer_inspect(lua_State *L);
void buffer_keep_module(lua_State *L); /* the module's table at 1 has INSPECT_MAX_BYTES */

/* recode.c: functions of the module. */
extern const FnDef recode_functions[];

#endif
