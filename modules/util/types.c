/* SPDX-License-Identifier: MIT */
/* types.c - util.types: what kind a value is. Kinds that Lua has no like of (Map, Date, RegExp) are left
 * out. */
#include "parts.h"
#include "../buffer/views.h"
#include "../core/error.h"
#include "../promise/promise.h"

#include <string.h>

/* ---- one function for all classes ---- */

/* upvalues: the ClassDef, a second one or nil */
static int is_of_class(lua_State *L) {
  lua_settop(L, 1);
  const ClassDef *second = lua_touserdata(L, lua_upvalueindex(2));
  bool is = class_is(L, 1, lua_touserdata(L, lua_upvalueindex(1))) || (second && class_is(L, 1, second));
  lua_pushboolean(L, is);
  return 1;
}

static int is_native_error(lua_State *L) {
  lua_settop(L, 1);
  lua_pushboolean(L, err_is(L, 1));
  return 1;
}

static int is_promise(lua_State *L) {
  lua_settop(L, 1);
  lua_pushboolean(L, promise_is(L, 1));
  return 1;
}

typedef struct Kind {
  const char *name;
  const ClassDef *cls, *second;
} Kind;

static const Kind kinds[] = {
  { "isAnyArrayBuffer", &array_buffer_class, &shared_array_buffer_class },
  { "isArrayBuffer", &array_buffer_class, NULL },
  { "isSharedArrayBuffer", &shared_array_buffer_class, NULL },
  { "isArrayBufferView", &typed_array_class, &data_view_class },
  { "isDataView", &data_view_class, NULL },
  { "isTypedArray", &typed_array_class, NULL },
  { "isUint8Array", &uint8_array_class, NULL },
  { "isUint8ClampedArray", &uint8_clamped_array_class, NULL },
  { "isUint16Array", &uint16_array_class, NULL },
  { "isUint32Array", &uint32_array_class, NULL },
  { "isInt8Array", &int8_array_class, NULL },
  { "isInt16Array", &int16_array_class, NULL },
  { "isInt32Array", &int32_array_class, NULL },
  { "isFloat32Array", &float32_array_class, NULL },
  { "isFloat64Array", &float64_array_class, NULL },
  { "isBigInt64Array", &bigint64_array_class, NULL },
  { "isBigUint64Array", &biguint64_array_class, NULL }
};

void types_push(lua_State *L) {
  lua_newtable(L);
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    lua_pushlightuserdata(L, (void *)kinds[i].cls);
    if (kinds[i].second) lua_pushlightuserdata(L, (void *)kinds[i].second);
    else lua_pushnil(L);
    lua_pushcclosure(L, is_of_class, 2);
    lua_setfield(L, -2, kinds[i].name);
  }
  lua_pushcfunction(L, is_native_error);
  lua_setfield(L, -2, "isNativeError");
  lua_pushcfunction(L, is_promise);
  lua_setfield(L, -2, "isPromise");
}
