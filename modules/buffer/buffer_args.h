/* SPDX-License-Identifier: MIT */
/* buffer_args.h - how the methods of Buffer read their arguments; inside the module only. */
#ifndef MOONFORK_BUFFER_ARGS_H
#define MOONFORK_BUFFER_ARGS_H

#include "buffer.h"
#include "codec.h"

#define BUFFER_MAX ((lua_Integer)4294967296)

/* self, or the Buffer expected as argument; raises as Node does. */
Buffer *buffer_self(lua_State *L);
Buffer *arg_buffer(lua_State *L, int idx, const char *name);

/* Any value as JavaScript's ToNumber has it, a whole number; NaN and what is no number: nan. */
lua_Integer to_integer(lua_State *L, int idx, lua_Integer nan);

/* The value as a byte: ToNumber & 255. */
unsigned char to_byte(lua_State *L, int idx);

/* An offset from the start or, negative, from the end, clamped to 0..len. nil: fallback. */
size_t arg_clamped(lua_State *L, int idx, size_t len, size_t fallback);

/* An offset that must be in 0..max; nil: fallback. */
size_t arg_offset(lua_State *L, int idx, const char *name, lua_Integer max, size_t fallback);

/* Methods of methods.c, registered in buffer.c. */
int buffer_compare(lua_State *L);
int buffer_equals(lua_State *L);
int buffer_copy(lua_State *L);
int buffer_fill(lua_State *L);
int buffer_write(lua_State *L);
int buffer_index_of(lua_State *L);
int buffer_last_index_of(lua_State *L);
int buffer_includes(lua_State *L);

/* Fills the len bytes at dst with the value at idx (number, string, Buffer) in the encoding. */
void fill_bytes(lua_State *L, char *dst, size_t len, int idx, Encoding enc);

#endif
