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

typedef union Bits {
  uint8_t u8;
  int8_t i8;
  uint16_t u16;
  int16_t i16;
  uint32_t u32;
  int32_t i32;
  uint64_t u64;
  int64_t i64;
  float f;
  double d;
} Bits;

static bool is_aligned(const void *place, int shift) {
  return ((uintptr_t)place & (((size_t)1 << shift) - 1)) == 0;
}

/* An element in shared memory is read and written in one piece: another thread never sees half of it, as
 * in JavaScript. One that is not aligned (a DataView's) is copied by bytes. */
static Bits load_element(const void *src, int shift) {
  Bits bits;
  if (!is_aligned(src, shift)) memcpy(&bits, src, (size_t)1 << shift);
  else if (shift == 0) bits.u8 = __atomic_load_n((const uint8_t *)src, __ATOMIC_RELAXED);
  else if (shift == 1) bits.u16 = __atomic_load_n((const uint16_t *)src, __ATOMIC_RELAXED);
  else if (shift == 2) bits.u32 = __atomic_load_n((const uint32_t *)src, __ATOMIC_RELAXED);
  else bits.u64 = __atomic_load_n((const uint64_t *)src, __ATOMIC_RELAXED);
  return bits;
}

static void store_element(void *dst, Bits bits, int shift) {
  if (!is_aligned(dst, shift)) memcpy(dst, &bits, (size_t)1 << shift);
  else if (shift == 0) __atomic_store_n((uint8_t *)dst, bits.u8, __ATOMIC_RELAXED);
  else if (shift == 1) __atomic_store_n((uint16_t *)dst, bits.u16, __ATOMIC_RELAXED);
  else if (shift == 2) __atomic_store_n((uint32_t *)dst, bits.u32, __ATOMIC_RELAXED);
  else __atomic_store_n((uint64_t *)dst, bits.u64, __ATOMIC_RELAXED);
}

void element_push(lua_State *L, Element el, const char *src) {
  Bits as = load_element(src, element_shift[el]);
  switch (el) {
  case EL_UINT8:
  case EL_UINT8_CLAMPED: lua_pushinteger(L, as.u8); break;
  case EL_INT8: lua_pushinteger(L, as.i8); break;
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

/* The low bytes of the bits are the element; the hosts we know store them first. */
void element_store(lua_State *L, Element el, char *dst, int idx) {
  Bits bits = { .u64 = 0 };
  switch (el) {
  case EL_UINT8_CLAMPED: bits.u8 = to_clamped(L, idx); break;
  case EL_FLOAT32: bits.f = (float)to_number(L, idx); break;
  case EL_FLOAT64: bits.d = to_number(L, idx); break;
  case EL_BIGINT64:
  case EL_BIGUINT64: bits.i64 = to_bigint(L, idx); break;
  default: bits.i64 = to_wrapped(L, idx);
  }
  store_element(dst, bits, element_shift[el]);
}
