/* SPDX-License-Identifier: MIT */
/* numbers.c - the methods of Buffer that read and write numbers: read* and write*.
 *
 * All are one of four inline functions with constant arguments. The order in which they look at their
 * arguments, and the words, are Node's: a write checks the value before the place, but for single bytes,
 * where the type of the offset comes first. */
#include "numbers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "buffer_args.h"
#include "core/class.h"
#include "core/error.h"
#include "core/opts.h"

typedef enum Order { LITTLE, BIG } Order;

static const Order NATIVE = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? LITTLE : BIG;

/* ---- bytes ---- */

/* The number of `size` bytes at p; the sizes of a machine's own types in one go. */
static inline uint64_t load(const char *p, int size, Order order) {
  uint64_t n = 0;
  memcpy((char *)&n + (NATIVE == LITTLE ? 0 : 8 - size), p, (size_t)size);
  return order == NATIVE ? n : __builtin_bswap64(n) >> 8 * (8 - size);
}

static inline void save(char *p, int size, Order order, uint64_t n) {
  if (order != NATIVE) n = __builtin_bswap64(n) >> 8 * (8 - size);
  memcpy(p, (const char *)&n + (NATIVE == LITTLE ? 0 : 8 - size), (size_t)size);
}

static inline int64_t extend(uint64_t n, int size) {
  int spare = 64 - 8 * size;
  return (int64_t)(n << spare) >> spare;
}

/* ---- errors ---- */

/* The number at idx is no place for `size` bytes of b. */
static void refuse_offset(lua_State *L, int idx, const Buffer *b, int size) {
  char range[64];
  int whole;
  double n = arg_number(L, idx, "offset");
  (void)lua_tointegerx(L, idx, &whole);
  if (!whole && floor(n) != n) err_range(L, idx, "offset", "an integer");
  lua_Integer most = (lua_Integer)b->length - size;
  if (most < 0)
    err_raise(L, &range_error_class, "ERR_BUFFER_OUT_OF_BOUNDS",
              "Attempt to access memory outside buffer bounds");
  snprintf(range, sizeof range, ">= 0 and <= %lld", (long long)most);
  err_range(L, idx, "offset", range);
}

static void refuse_value(lua_State *L, int idx, int size, bool is_signed) {
  char range[64];
  int bits = 8 * size;
  long long top = 1LL << (is_signed ? bits - 1 : bits);
  if (size > 4 && is_signed)
    snprintf(range, sizeof range, ">= -(2 ** %d) and < 2 ** %d", bits - 1, bits - 1);
  else if (size > 4) snprintf(range, sizeof range, ">= 0 and < 2 ** %d", bits);
  else snprintf(range, sizeof range, ">= %lld and <= %lld", is_signed ? -top : 0, top - 1);
  double n = to_number(L, idx);
  if (lua_isinteger(L, idx)) lua_pushvalue(L, idx);
  else lua_pushnumber(L, n); /* what it was taken for */
  err_range(L, -1, "value", range);
}

/* The bytes of the number at the offset at idx (nil: 0). */
static inline char *arg_place(lua_State *L, int idx, const Buffer *b, int size) {
  int whole = 1;
  lua_Integer at = 0;
  if (lua_type(L, idx) == LUA_TNUMBER) at = lua_tointegerx(L, idx, &whole);
  else if (!arg_missing(L, idx)) whole = 0;
  if (!whole || at < 0 || at > (lua_Integer)b->length - size) {
    if (arg_missing(L, idx)) {
      lua_settop(L, idx);
      lua_pushinteger(L, 0);
      lua_replace(L, idx);
    }
    refuse_offset(L, idx, b, size);
  }
  return buffer_bytes(b) + at;
}

/* The value at idx as an integer that fits. */
static inline int64_t arg_value(lua_State *L, int idx, int size, bool is_signed) {
  double low = is_signed ? -(double)(1LL << (8 * size - 1)) : 0;
  double high = (double)((1LL << (is_signed ? 8 * size - 1 : 8 * size)) - 1);
  double n = lua_isinteger(L, idx) ? (double)lua_tointeger(L, idx) : to_number(L, idx);
  if (n < low || n > high) refuse_value(L, idx, size, is_signed);
  return n != n ? 0 : (int64_t)n;
}

/* ---- the four ---- */

static inline int read_int(lua_State *L, int size, Order order, bool is_signed) {
  const Buffer *b = buffer_self(L);
  uint64_t n = load(arg_place(L, 2, b, size), size, order);
  lua_pushinteger(L, is_signed ? extend(n, size) : (int64_t)n);
  return 1;
}

/* Returns the offset behind what was written. */
static int write_done(lua_State *L, const Buffer *b, const char *place, int size) {
  lua_pushinteger(L, place - buffer_bytes(b) + size);
  return 1;
}

static inline int write_int(lua_State *L, int size, Order order, bool is_signed) {
  const Buffer *b = buffer_self(L);
  if (size == 1 && !arg_missing(L, 3)) (void)arg_number(L, 3, "offset");
  int64_t n = arg_value(L, 2, size, is_signed);
  char *place = arg_place(L, 3, b, size);
  save(place, size, order, (uint64_t)n);
  return write_done(L, b, place, size);
}

static inline int read_float(lua_State *L, int size, Order order) {
  const Buffer *b = buffer_self(L);
  uint64_t n = load(arg_place(L, 2, b, size), size, order);
  uint32_t low = (uint32_t)n;
  float f;
  double d;
  memcpy(&f, &low, sizeof f);
  memcpy(&d, &n, sizeof d);
  lua_pushnumber(L, size == 4 ? (double)f : d);
  return 1;
}

static inline int write_float(lua_State *L, int size, Order order) {
  const Buffer *b = buffer_self(L);
  double d = to_number(L, 2);
  if (d != d) d = NAN; /* one NaN for all, as in Node */
  float f = (float)d;
  uint32_t low;
  uint64_t n;
  memcpy(&low, &f, sizeof low);
  memcpy(&n, &d, sizeof n);
  char *place = arg_place(L, 3, b, size);
  save(place, size, order, size == 4 ? low : n);
  return write_done(L, b, place, size);
}

static int write_big(lua_State *L, Order order) {
  const Buffer *b = buffer_self(L);
  if (!lua_isinteger(L, 2))
    return err_raise(L, &type_error_class, NULL,
                     "Cannot mix BigInt and other types, use explicit conversions");
  char *place = arg_place(L, 3, b, 8);
  save(place, 8, order, (uint64_t)lua_tointeger(L, 2));
  return write_done(L, b, place, 8);
}

/* ---- a number of 1 to 6 bytes ---- */

/* The byteLength at idx. */
static int arg_size(lua_State *L, int idx) {
  int whole;
  double n = arg_number(L, idx, "byteLength");
  lua_Integer size = lua_tointegerx(L, idx, &whole);
  if (!whole && floor(n) != n) err_range(L, idx, "byteLength", "an integer");
  if (!whole || size < 1 || size > 6) err_range(L, idx, "byteLength", ">= 1 and <= 6");
  return (int)size;
}

static int read_sized(lua_State *L, Order order, bool is_signed) {
  (void)buffer_self(L);
  if (arg_missing(L, 2)) return err_arg_type(L, 2, "offset", "of type number");
  return read_int(L, arg_size(L, 3), order, is_signed);
}

static int write_sized(lua_State *L, Order order, bool is_signed) {
  (void)buffer_self(L);
  int size = arg_size(L, 4);
  if (arg_missing(L, 3)) {
    if (size > 1) (void)arg_value(L, 2, size, is_signed);
    return err_arg_type(L, 3, "offset", "of type number");
  }
  return write_int(L, size, order, is_signed);
}

/* ---- the methods ---- */

int read_int8(lua_State *L) { return read_int(L, 1, LITTLE, true); }
int write_int8(lua_State *L) { return write_int(L, 1, LITTLE, true); }
int read_uint8(lua_State *L) { return read_int(L, 1, LITTLE, false); }
int write_uint8(lua_State *L) { return write_int(L, 1, LITTLE, false); }
int read_int16le(lua_State *L) { return read_int(L, 2, LITTLE, true); }
int write_int16le(lua_State *L) { return write_int(L, 2, LITTLE, true); }
int read_uint16le(lua_State *L) { return read_int(L, 2, LITTLE, false); }
int write_uint16le(lua_State *L) { return write_int(L, 2, LITTLE, false); }
int read_int16be(lua_State *L) { return read_int(L, 2, BIG, true); }
int write_int16be(lua_State *L) { return write_int(L, 2, BIG, true); }
int read_uint16be(lua_State *L) { return read_int(L, 2, BIG, false); }
int write_uint16be(lua_State *L) { return write_int(L, 2, BIG, false); }
int read_int32le(lua_State *L) { return read_int(L, 4, LITTLE, true); }
int write_int32le(lua_State *L) { return write_int(L, 4, LITTLE, true); }
int read_uint32le(lua_State *L) { return read_int(L, 4, LITTLE, false); }
int write_uint32le(lua_State *L) { return write_int(L, 4, LITTLE, false); }
int read_int32be(lua_State *L) { return read_int(L, 4, BIG, true); }
int write_int32be(lua_State *L) { return write_int(L, 4, BIG, true); }
int read_uint32be(lua_State *L) { return read_int(L, 4, BIG, false); }
int write_uint32be(lua_State *L) { return write_int(L, 4, BIG, false); }
int read_bigle(lua_State *L) { return read_int(L, 8, LITTLE, true); }
int write_bigle(lua_State *L) { return write_big(L, LITTLE); }
int read_floatle(lua_State *L) { return read_float(L, 4, LITTLE); }
int write_floatle(lua_State *L) { return write_float(L, 4, LITTLE); }
int read_doublele(lua_State *L) { return read_float(L, 8, LITTLE); }
int write_doublele(lua_State *L) { return write_float(L, 8, LITTLE); }
int read_intle(lua_State *L) { return read_sized(L, LITTLE, true); }
int write_intle(lua_State *L) { return write_sized(L, LITTLE, true); }
int read_uintle(lua_State *L) { return read_sized(L, LITTLE, false); }
int write_uintle(lua_State *L) { return write_sized(L, LITTLE, false); }
int read_bigbe(lua_State *L) { return read_int(L, 8, BIG, true); }
int write_bigbe(lua_State *L) { return write_big(L, BIG); }
int read_floatbe(lua_State *L) { return read_float(L, 4, BIG); }
int write_floatbe(lua_State *L) { return write_float(L, 4, BIG); }
int read_doublebe(lua_State *L) { return read_float(L, 8, BIG); }
int write_doublebe(lua_State *L) { return write_float(L, 8, BIG); }
int read_intbe(lua_State *L) { return read_sized(L, BIG, true); }
int write_intbe(lua_State *L) { return write_sized(L, BIG, true); }
int read_uintbe(lua_State *L) { return read_sized(L, BIG, false); }
int write_uintbe(lua_State *L) { return write_sized(L, BIG, false); }
