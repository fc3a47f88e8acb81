/* SPDX-License-Identifier: MIT */
/* dataview.c - DataView: numbers of any kind at any offset of an ArrayBuffer, in either byte order. */
#include "views.h"

#include <string.h>
#include "buffer_args.h"
#include "core/error.h"
#include "core/opts.h"

static Buffer *data_self(lua_State *L) { return view_now(class_check(L, 1, &data_view_class)); }

static int data_alloc(lua_State *L) {
  (void)view_push(L, &data_view_class, 0, 0, 0);
  return 1;
}

/* DataView(arrayBuffer, byteOffset, byteLength) */
static int data_init(lua_State *L) {
  Buffer *self = data_self(L);
  view_refuse_again(L, self);
  lua_settop(L, 4);
  Store *store = memory_test(L, 2);
  if (!store)
    return err_raise(L, &type_error_class, NULL, "First argument to DataView constructor must be an ArrayBuffer");
  lua_Integer size = (lua_Integer)store->size, off = to_integer(L, 3, 0);
  if (off < 0 || off > size)
    return err_raise(L, &range_error_class, NULL, "Start offset %I is outside the bounds of the buffer",
                     (LUAI_UACINT)off);
  lua_Integer len = arg_missing(L, 4) ? size - off : to_integer(L, 4, 0);
  if (len < 0 || len > size - off)
    return err_raise(L, &range_error_class, NULL, "Invalid DataView length %I", (LUAI_UACINT)len);
  *self = (Buffer){ store, (size_t)off, (size_t)len, EL_UINT8 };
  lua_pushvalue(L, 2);
  lua_setiuservalue(L, 1, UV_MEMORY);
  return 0;
}

/* The bytes of an element at the offset at 2. */
static char *arg_place(lua_State *L, const Buffer *v, Element el) {
  lua_Integer at = to_integer(L, 2, 0), size = (lua_Integer)1 << element_shift[el];
  if (at < 0 || at > (lua_Integer)v->length - size)
    err_raise(L, &range_error_class, NULL, "Offset is outside the bounds of the DataView");
  return buffer_bytes(v) + at;
}

/* Copies an element; the other way round unless little. */
static void copy_ordered(char *dst, const char *src, Element el, bool little) {
  size_t size = (size_t)1 << element_shift[el];
  for (size_t i = 0; i < size; i++) dst[i] = src[little ? i : size - 1 - i];
}

/* get*(byteOffset, littleEndian) */
static int data_get(lua_State *L, Element el) {
  char one[8];
  const Buffer *v = data_self(L);
  copy_ordered(one, arg_place(L, v, el), el, lua_toboolean(L, 3));
  element_push(L, el, one);
  return 1;
}

/* set*(byteOffset, value, littleEndian) */
static int data_set(lua_State *L, Element el) {
  char one[8];
  const Buffer *v = data_self(L);
  lua_settop(L, 4);
  element_store(L, el, one, 3);
  copy_ordered(arg_place(L, v, el), one, el, lua_toboolean(L, 4));
  return 0;
}

static int data_inspect(lua_State *L) {
  const Buffer *v = data_self(L);
  lua_pushfstring(L, "DataView { byteLength: %I, byteOffset: %I }", (LUAI_UACINT)v->length,
                  (LUAI_UACINT)v->offset);
  return 1;
}

static int get_int8(lua_State *L) { return data_get(L, EL_INT8); }
static int set_int8(lua_State *L) { return data_set(L, EL_INT8); }
static int get_uint8(lua_State *L) { return data_get(L, EL_UINT8); }
static int set_uint8(lua_State *L) { return data_set(L, EL_UINT8); }
static int get_int16(lua_State *L) { return data_get(L, EL_INT16); }
static int set_int16(lua_State *L) { return data_set(L, EL_INT16); }
static int get_uint16(lua_State *L) { return data_get(L, EL_UINT16); }
static int set_uint16(lua_State *L) { return data_set(L, EL_UINT16); }
static int get_int32(lua_State *L) { return data_get(L, EL_INT32); }
static int set_int32(lua_State *L) { return data_set(L, EL_INT32); }
static int get_uint32(lua_State *L) { return data_get(L, EL_UINT32); }
static int set_uint32(lua_State *L) { return data_set(L, EL_UINT32); }
static int get_float32(lua_State *L) { return data_get(L, EL_FLOAT32); }
static int set_float32(lua_State *L) { return data_set(L, EL_FLOAT32); }
static int get_float64(lua_State *L) { return data_get(L, EL_FLOAT64); }
static int set_float64(lua_State *L) { return data_set(L, EL_FLOAT64); }
static int get_bigint64(lua_State *L) { return data_get(L, EL_BIGINT64); }
static int set_bigint64(lua_State *L) { return data_set(L, EL_BIGINT64); }
static int get_biguint64(lua_State *L) { return data_get(L, EL_BIGUINT64); }
static int set_biguint64(lua_State *L) { return data_set(L, EL_BIGUINT64); }

static const FnDef data_methods[] = {
  { "getInt8", get_int8, FN_METHOD,
    "getInt8(byteOffset: integer): integer",
    "Reads a signed integer of 8 bits.", NULL, NULL, NULL },
  { "setInt8", set_int8, FN_METHOD,
    "setInt8(byteOffset: integer, value: integer)",
    "Writes a signed integer of 8 bits.", NULL, NULL,
    NULL },
  { "getUint8", get_uint8, FN_METHOD,
    "getUint8(byteOffset: integer): integer",
    "Reads an unsigned integer of 8 bits.", NULL, NULL, NULL },
  { "setUint8", set_uint8, FN_METHOD,
    "setUint8(byteOffset: integer, value: integer)",
    "Writes an unsigned integer of 8 bits.", NULL, NULL,
    NULL },
  { "getInt16", get_int16, FN_METHOD,
    "getInt16(byteOffset: integer, littleEndian: boolean?): integer",
    "Reads a signed integer of 16 bits; the big end comes first unless littleEndian.", NULL, NULL, NULL },
  { "setInt16", set_int16, FN_METHOD,
    "setInt16(byteOffset: integer, value: integer, littleEndian: boolean?)",
    "Writes a signed integer of 16 bits; the big end comes first unless littleEndian.", NULL, NULL,
    NULL },
  { "getUint16", get_uint16, FN_METHOD,
    "getUint16(byteOffset: integer, littleEndian: boolean?): integer",
    "Reads an unsigned integer of 16 bits; the big end comes first unless littleEndian.", NULL, NULL, NULL },
  { "setUint16", set_uint16, FN_METHOD,
    "setUint16(byteOffset: integer, value: integer, littleEndian: boolean?)",
    "Writes an unsigned integer of 16 bits; the big end comes first unless littleEndian.", NULL, NULL,
    NULL },
  { "getInt32", get_int32, FN_METHOD,
    "getInt32(byteOffset: integer, littleEndian: boolean?): integer",
    "Reads a signed integer of 32 bits; the big end comes first unless littleEndian.", NULL, NULL, NULL },
  { "setInt32", set_int32, FN_METHOD,
    "setInt32(byteOffset: integer, value: integer, littleEndian: boolean?)",
    "Writes a signed integer of 32 bits; the big end comes first unless littleEndian.", NULL, NULL,
    NULL },
  { "getUint32", get_uint32, FN_METHOD,
    "getUint32(byteOffset: integer, littleEndian: boolean?): integer",
    "Reads an unsigned integer of 32 bits; the big end comes first unless littleEndian.", NULL, NULL, NULL },
  { "setUint32", set_uint32, FN_METHOD,
    "setUint32(byteOffset: integer, value: integer, littleEndian: boolean?)",
    "Writes an unsigned integer of 32 bits; the big end comes first unless littleEndian.", NULL, NULL,
    NULL },
  { "getFloat32", get_float32, FN_METHOD,
    "getFloat32(byteOffset: integer, littleEndian: boolean?): number",
    "Reads a float of 32 bits; the big end comes first unless littleEndian.", NULL, NULL, NULL },
  { "setFloat32", set_float32, FN_METHOD,
    "setFloat32(byteOffset: integer, value: number, littleEndian: boolean?)",
    "Writes a float of 32 bits; the big end comes first unless littleEndian.", NULL, NULL,
    NULL },
  { "getFloat64", get_float64, FN_METHOD,
    "getFloat64(byteOffset: integer, littleEndian: boolean?): number",
    "Reads a float of 64 bits; the big end comes first unless littleEndian.", NULL, NULL, NULL },
  { "setFloat64", set_float64, FN_METHOD,
    "setFloat64(byteOffset: integer, value: number, littleEndian: boolean?)",
    "Writes a float of 64 bits; the big end comes first unless littleEndian.", NULL, NULL,
    NULL },
  { "getBigInt64", get_bigint64, FN_METHOD,
    "getBigInt64(byteOffset: integer, littleEndian: boolean?): integer",
    "Reads an integer of 64 bits; the big end comes first unless littleEndian.", NULL, NULL, NULL },
  { "setBigInt64", set_bigint64, FN_METHOD,
    "setBigInt64(byteOffset: integer, value: integer, littleEndian: boolean?)",
    "Writes an integer of 64 bits; the big end comes first unless littleEndian.", NULL, NULL,
    NULL },
  { "getBigUint64", get_biguint64, FN_METHOD,
    "getBigUint64(byteOffset: integer, littleEndian: boolean?): integer",
    "Reads an integer of 64 bits; the big end comes first unless littleEndian.", NULL, NULL, NULL },
  { "setBigUint64", set_biguint64, FN_METHOD,
    "setBigUint64(byteOffset: integer, value: integer, littleEndian: boolean?)",
    "Writes an integer of 64 bits; the big end comes first unless littleEndian.", NULL, NULL,
    NULL },
  { 0 }
};

static const PropDef data_props[] = {
  { "byteLength", view_byte_length, NULL, "integer", "Number of bytes." },
  { "byteOffset", view_byte_offset, NULL, "integer", "Where in its ArrayBuffer the view begins." },
  { "buffer", view_memory, NULL, "ArrayBuffer|SharedArrayBuffer", "The memory that the view shows." },
  { 0 }
};

const ClassDef data_view_class = {
  .name = "DataView", .alloc = data_alloc, .init = data_init, .inspect = data_inspect,
  .methods = data_methods, .props = data_props,
  .doc = "DataView(arrayBuffer, byteOffset, byteLength) reads and writes numbers of any kind at any offset, "
         "counted from 0.",
  .example = "local v = DataView(ArrayBuffer(8))\nv:setInt16(1, -2)\nprint(v:getUint8(1), v:getInt16(1))"
};
