/* SPDX-License-Identifier: MIT */
/* make.c - making Buffers: from, alloc, concat and their relatives. */
#include "buffer_args.h"

#include <stdio.h>
#include <string.h>
#include "core/class.h"
#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"
#include "views.h"

/* ---- from ---- */

/* What decodes to less than the text promises (foreign characters in base64) gives the rest back. */
static void push_from_text(lua_State *L, int idx, Encoding enc) {
  size_t len;
  const char *text = lua_tolstring(L, idx, &len);
  Buffer *b = pool_push(L, enc_byte_length(enc, text, len));
  size_t n = enc_write(enc, text, len, buffer_bytes(b), b->length);
  if (n < b->length) pool_trim(L, b, n);
}

static bool is_list(lua_State *L, int idx) {
  return lua_istable(L, idx) && !class_of(L, idx) && json_is_array(L, idx);
}

/* A Buffer of the elements of the table at idx, n of them. */
static void push_from_list(lua_State *L, int idx, lua_Integer n) {
  if (n > BUFFER_MAX) n = BUFFER_MAX;
  Buffer *b = pool_push(L, n > 0 ? (size_t)n : 0);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_geti(L, idx, i);
    buffer_bytes(b)[i - 1] = (char)to_byte(L, -1);
    lua_pop(L, 1);
  }
}

/* A list, { type = "Buffer", data = list } as toJSON gives it, or a table with a length. */
static bool push_from_table(lua_State *L, int idx) {
  if (is_list(L, idx)) {
    push_from_list(L, idx, (lua_Integer)lua_rawlen(L, idx));
    return true;
  }
  if (class_of(L, idx)) return false;
  if (lua_getfield(L, idx, "data") == LUA_TTABLE && is_list(L, -1)) {
    lua_getfield(L, idx, "type");
    bool json = lua_type(L, -1) == LUA_TSTRING && !strcmp(lua_tostring(L, -1), "Buffer");
    lua_pop(L, 1);
    if (json) {
      push_from_list(L, lua_gettop(L), (lua_Integer)lua_rawlen(L, -1));
      return true;
    }
  }
  if (lua_getfield(L, idx, "length") != LUA_TNUMBER) return false;
  push_from_list(L, idx, to_integer(L, -1, 0));
  return true;
}

/* A Buffer with the values (not the bytes) of the typed array at idx. */
static void push_from_view(lua_State *L, int idx, const Buffer *v) {
  size_t n = view_count(v);
  Buffer *b = pool_push(L, n);
  if (v->element == EL_UINT8 || v->element == EL_UINT8_CLAMPED || v->element == EL_INT8) {
    if (n > 0) memcpy(buffer_bytes(b), buffer_bytes(v), n);
    return;
  }
  (void)idx; /* v stays on the stack there */
  for (size_t i = 0; i < n; i++) {
    element_push(L, v->element, buffer_bytes(v) + (i << element_shift[v->element]));
    buffer_bytes(b)[i] = (char)to_byte(L, -1);
    lua_pop(L, 1);
  }
}

/* from(arrayBuffer, byteOffset, length): shares the memory */
static void push_from_memory(lua_State *L, int idx, const Store *store) {
  lua_Integer size = (lua_Integer)store->size, off = to_integer(L, idx + 1, 0);
  lua_Integer room = off < 0 ? 0 : size - off;
  if (off < 0)
    err_raise(L, &range_error_class, NULL, "Start offset %I is outside the bounds of the buffer",
              (LUAI_UACINT)off);
  if (room < 0)
    err_raise(L, &range_error_class, "ERR_BUFFER_OUT_OF_BOUNDS", "\"offset\" is outside of buffer bounds");
  lua_Integer len = arg_missing(L, idx + 2) ? room : to_integer(L, idx + 2, 0);
  if (len > room)
    err_raise(L, &range_error_class, "ERR_BUFFER_OUT_OF_BOUNDS", "\"length\" is outside of buffer bounds");
  (void)view_push(L, &buffer_class, idx, (size_t)off, len > 0 ? (size_t)len : 0);
}

/* The value at idx with what follows it: encoding, or offset and length. */
static int from_value(lua_State *L, int idx) {
  if (lua_type(L, idx) == LUA_TSTRING) {
    push_from_text(L, idx, arg_encoding(L, idx + 1, ENC_UTF8));
    return 1;
  }
  const Store *store = memory_test(L, idx);
  const Buffer *view = view_test(L, idx);
  if (store || view) {
    if (store) push_from_memory(L, idx, store);
    else push_from_view(L, idx, view);
    return 1;
  }
  if (lua_istable(L, idx) && push_from_table(L, idx)) return 1;
  err_push_received(L, idx);
  return err_raise(L, &type_error_class, "ERR_INVALID_ARG_TYPE",
                   "The first argument must be of type string or an instance of Buffer, ArrayBuffer, "
                   "or Array or an Array-like Object. Received %s", lua_tostring(L, -1));
}

int buffer_from(lua_State *L) {
  lua_settop(L, 3);
  return from_value(L, 1);
}

/* of(...): the numbers as bytes */
int buffer_of(lua_State *L) {
  int n = lua_gettop(L);
  Buffer *b = buffer_push_new(L, (size_t)n);
  for (int i = 1; i <= n; i++) buffer_bytes(b)[i - 1] = (char)to_byte(L, i);
  return 1;
}

/* ---- alloc ---- */

static size_t arg_size(lua_State *L, int idx) {
  int whole;
  lua_Integer size = lua_tointegerx(L, idx, &whole);
  if (whole && size >= 0 && size <= BUFFER_MAX && lua_type(L, idx) == LUA_TNUMBER) return (size_t)size;
  lua_Number n = arg_number(L, idx, "size");
  if (!(n >= 0 && n <= (lua_Number)BUFFER_MAX)) err_range(L, idx, "size", ">= 0 && <= 4294967296");
  return (size_t)n;
}

static Buffer *push_zeros(lua_State *L, size_t size) {
  if (size == 0) return view_push(L, &buffer_class, 0, 0, 0);
  (void)memory_push_new(L, size, true, false);
  Buffer *b = view_push(L, &buffer_class, lua_gettop(L), 0, size);
  lua_remove(L, -2);
  return b;
}

/* alloc(size, fill, encoding) */
int buffer_alloc_zero(lua_State *L) {
  lua_settop(L, 3);
  size_t size = arg_size(L, 1);
  bool text = size > 0 && lua_type(L, 2) == LUA_TSTRING;
  Encoding enc = text ? arg_encoding(L, 3, ENC_UTF8) : ENC_UTF8;
  const Buffer *b = push_zeros(L, size);
  if (size > 0 && !lua_isnil(L, 2)) fill_bytes(L, buffer_bytes(b), size, 2, enc);
  lua_settop(L, 4);
  return 1;
}

int buffer_alloc_unsafe(lua_State *L) {
  (void)pool_push(L, arg_size(L, 1));
  return 1;
}

int buffer_alloc_slow(lua_State *L) {
  (void)buffer_push_new(L, arg_size(L, 1));
  return 1;
}

int buffer_new(lua_State *L) {
  (void)view_push(L, &buffer_class, 0, 0, 0);
  return 1;
}

/* Buffer(value, encoding) as the old constructor; the object is there already. */
int buffer_init(lua_State *L) {
  Buffer *self = buffer_self(L);
  view_refuse_again(L, self);
  lua_settop(L, 4);
  if (lua_type(L, 2) == LUA_TNUMBER) (void)push_zeros(L, arg_size(L, 2));
  else (void)from_value(L, 2);
  view_take(L, 1, self);
  return 0;
}

/* ---- concat, copyBytesFrom ---- */

static size_t concat_total(lua_State *L, lua_Integer n) {
  size_t total = 0;
  for (lua_Integer i = 1; i <= n; i++, lua_pop(L, 1)) {
    char name[40];
    lua_rawgeti(L, 1, i);
    snprintf(name, sizeof name, "list[%lld]", (long long)i);
    total += arg_buffer(L, -1, name)->length;
  }
  return total;
}

/* concat(list, totalLength) */
int buffer_concat(lua_State *L) {
  lua_settop(L, 2);
  if (!lua_istable(L, 1)) return err_arg_type(L, 1, "list", "an instance of Array");
  lua_Integer n = (lua_Integer)lua_rawlen(L, 1);
  size_t total = arg_offset(L, 2, "length", BUFFER_MAX, concat_total(L, n)), at = 0;
  const Buffer *b = pool_push(L, total);
  for (lua_Integer i = 1; i <= n && at < total; i++, lua_pop(L, 1)) {
    lua_rawgeti(L, 1, i);
    const Buffer *part = buffer_test(L, -1);
    if (!part) continue; /* a finalizer has changed the list */
    size_t len = part->length < total - at ? part->length : total - at;
    if (len > 0) memcpy(buffer_bytes(b) + at, buffer_bytes(part), len);
    at += len;
  }
  if (at < total) memset(buffer_bytes(b) + at, 0, total - at);
  return 1;
}

/* copyBytesFrom(view, offset, length): offset and length count the view's elements */
int buffer_copy_bytes_from(lua_State *L) {
  lua_settop(L, 3);
  const Buffer *v = view_test(L, 1);
  if (!v) return err_arg_type(L, 1, "view", "an instance of TypedArray");
  size_t count = view_count(v), from = arg_offset(L, 2, "offset", LUA_MAXINTEGER, 0);
  size_t n = arg_offset(L, 3, "length", LUA_MAXINTEGER, count);
  if (from > count) from = count;
  if (n > count - from) n = count - from;
  size_t size = n << element_shift[v->element];
  const Buffer *b = pool_push(L, size);
  if (size > 0) memcpy(buffer_bytes(b), buffer_bytes(v) + (from << element_shift[v->element]), size);
  return 1;
}
