/* SPDX-License-Identifier: MIT */
/* element.c - the numbers of typed arrays: from bytes to Lua and back, as JavaScript converts them. */
#include "views.h"

#include <math.h>
#include <stdint.h>
#include <string.h>
#include "buffer_args.h"
#include "core/error.h"

const ClassDef *const element_classes[] = {
  [EL_UINT8] = &uint8_array_class, [EL_INT8] = &int8_array_class,
  [EL_UINT8_CLAMPED] = &uint8_clamped_array_class, [EL_INT16] = &int16_array_class,
  [EL_UINT16] = &uint16_array_class, [EL_INT32] = &int32_array_class,
  [EL_UINT32] = &uint32_array_class, [EL_FLOAT32] = &float32_array_class,
  [EL_FLOAT64] = &float64_array_class, [EL_BIGINT64] = &bigint64_array_class,
  [EL_BIGUINT64] = &biguint64_array_class
};

const unsigned char element_shift[] = {
  [EL_UINT8] = 0, [EL_INT8] = 0, [EL_UINT8_CLAMPED] = 0, [EL_INT16] = 1, [EL_UINT16] = 1,
  [EL_INT32] = 2, [EL_UINT32] = 2, [EL_FLOAT32] = 2, [EL_FLOAT64] = 3, [EL_BIGINT64] = 3,
  [EL_BIGUINT64] = 3
};

Element element_of(const ClassDef *def) {
  for (; def; def = def->base)
    for (size_t i = 0; i < sizeof element_classes / sizeof *element_classes; i++)
      if (element_classes[i] == def) return (Element)i;
  return EL_UINT8;
}

void element_push(lua_State *L, Element el, const char *src) {
  union { int16_t i16; uint16_t u16; int32_t i32; uint32_t u32; int64_t i64; float f; double d; } as;
  memcpy(&as, src, (size_t)1 << element_shift[el]);
  switch (el) {
  case EL_UINT8:
  case EL_UINT8_CLAMPED: lua_pushinteger(L, (unsigned char)*src); break;
  case EL_INT8: lua_pushinteger(L, (signed char)*src); break;
  case EL_INT16: lua_pushinteger(L, as.i16); break;
  case EL_UINT16: lua_pushinteger(L, as.u16); break;
  case EL_INT32: lua_pushinteger(L, as.i32); break;
  case EL_UINT32: lua_pushinteger(L, as.u32); break;
  case EL_FLOAT32: lua_pushnumber(L, as.f); break;
  case EL_FLOAT64: lua_pushnumber(L, as.d); break;
  case EL_BIGINT64:
  case EL_BIGUINT64: lua_pushinteger(L, as.i64); break;
  }
}

double to_number(lua_State *L, int idx) {
  int isnum;
  if (lua_isboolean(L, idx)) return lua_toboolean(L, idx);
  double n = lua_tonumberx(L, idx, &isnum);
  return isnum ? n : NAN;
}

int64_t to_wrapped(lua_State *L, int idx) {
  if (lua_isinteger(L, idx)) return lua_tointeger(L, idx);
  double n = trunc(to_number(L, idx));
  if (!isfinite(n)) return 0;
  if (n >= -9223372036854775808.0 && n < 9223372036854775808.0) return (int64_t)n;
  n = fmod(n, 18446744073709551616.0);
  return n < 0 ? -(int64_t)(uint64_t)-n : (int64_t)(uint64_t)n;
}

/* Uint8ClampedArray: rounds to the nearest, halves to the even one. */
static unsigned char to_clamped(lua_State *L, int idx) {
  double n = to_number(L, idx);
  return !(n > 0) ? 0 : n > 255 ? 255 : (unsigned char)nearbyint(n);
}

lua_Integer to_bigint(lua_State *L, int idx) {
  if (lua_isboolean(L, idx)) return lua_toboolean(L, idx);
  if (!lua_isinteger(L, idx))
    err_raise(L, &type_error_class, NULL, "Cannot convert %s to a BigInt", luaL_tolstring(L, idx, NULL));
  return lua_tointeger(L, idx);
}

void element_store(lua_State *L, Element el, char *dst, int idx) {
  switch (el) {
  case EL_UINT8_CLAMPED: *dst = (char)to_clamped(L, idx); break;
  case EL_FLOAT32: {
    float f = (float)to_number(L, idx);
    memcpy(dst, &f, sizeof f);
    break;
  }
  case EL_FLOAT64: {
    double d = to_number(L, idx);
    memcpy(dst, &d, sizeof d);
    break;
  }
  case EL_BIGINT64:
  case EL_BIGUINT64: {
    lua_Integer n = to_bigint(L, idx);
    memcpy(dst, &n, sizeof n);
    break;
  }
  default: { /* the low bytes; the hosts we know store them first */
    int64_t n = to_wrapped(L, idx);
    memcpy(dst, &n, (size_t)1 << element_shift[el]);
  }
  }
}
