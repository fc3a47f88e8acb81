/* SPDX-License-Identifier: MIT */
/* kinds.c - the eleven classes of typed arrays: each is its Element and nothing else. */
#include "views.h"

static int uint8_array_alloc(lua_State *L) {
  (void)view_push(L, &uint8_array_class, 0, 0, 0);
  return 1;
}

static int uint8_array_from(lua_State *L) { return typed_array_from(L, EL_UINT8); }
static int uint8_array_of(lua_State *L) { return typed_array_of(L, EL_UINT8); }

static int int8_array_alloc(lua_State *L) {
  (void)view_push(L, &int8_array_class, 0, 0, 0);
  return 1;
}

static int int8_array_from(lua_State *L) { return typed_array_from(L, EL_INT8); }
static int int8_array_of(lua_State *L) { return typed_array_of(L, EL_INT8); }

static int uint8_clamped_array_alloc(lua_State *L) {
  (void)view_push(L, &uint8_clamped_array_class, 0, 0, 0);
  return 1;
}

static int uint8_clamped_array_from(lua_State *L) { return typed_array_from(L, EL_UINT8_CLAMPED); }
static int uint8_clamped_array_of(lua_State *L) { return typed_array_of(L, EL_UINT8_CLAMPED); }

static int int16_array_alloc(lua_State *L) {
  (void)view_push(L, &int16_array_class, 0, 0, 0);
  return 1;
}

static int int16_array_from(lua_State *L) { return typed_array_from(L, EL_INT16); }
static int int16_array_of(lua_State *L) { return typed_array_of(L, EL_INT16); }

static int uint16_array_alloc(lua_State *L) {
  (void)view_push(L, &uint16_array_class, 0, 0, 0);
  return 1;
}

static int uint16_array_from(lua_State *L) { return typed_array_from(L, EL_UINT16); }
static int uint16_array_of(lua_State *L) { return typed_array_of(L, EL_UINT16); }

static int int32_array_alloc(lua_State *L) {
  (void)view_push(L, &int32_array_class, 0, 0, 0);
  return 1;
}

static int int32_array_from(lua_State *L) { return typed_array_from(L, EL_INT32); }
static int int32_array_of(lua_State *L) { return typed_array_of(L, EL_INT32); }

static int uint32_array_alloc(lua_State *L) {
  (void)view_push(L, &uint32_array_class, 0, 0, 0);
  return 1;
}

static int uint32_array_from(lua_State *L) { return typed_array_from(L, EL_UINT32); }
static int uint32_array_of(lua_State *L) { return typed_array_of(L, EL_UINT32); }

static int float32_array_alloc(lua_State *L) {
  (void)view_push(L, &float32_array_class, 0, 0, 0);
  return 1;
}

static int float32_array_from(lua_State *L) { return typed_array_from(L, EL_FLOAT32); }
static int float32_array_of(lua_State *L) { return typed_array_of(L, EL_FLOAT32); }

static int float64_array_alloc(lua_State *L) {
  (void)view_push(L, &float64_array_class, 0, 0, 0);
  return 1;
}

static int float64_array_from(lua_State *L) { return typed_array_from(L, EL_FLOAT64); }
static int float64_array_of(lua_State *L) { return typed_array_of(L, EL_FLOAT64); }

static int bigint64_array_alloc(lua_State *L) {
  (void)view_push(L, &bigint64_array_class, 0, 0, 0);
  return 1;
}

static int bigint64_array_from(lua_State *L) { return typed_array_from(L, EL_BIGINT64); }
static int bigint64_array_of(lua_State *L) { return typed_array_of(L, EL_BIGINT64); }

static int biguint64_array_alloc(lua_State *L) {
  (void)view_push(L, &biguint64_array_class, 0, 0, 0);
  return 1;
}

static int biguint64_array_from(lua_State *L) { return typed_array_from(L, EL_BIGUINT64); }
static int biguint64_array_of(lua_State *L) { return typed_array_of(L, EL_BIGUINT64); }

static const FnDef uint8_array_methods[] = {
  { "from", uint8_array_from, FN_STATIC, "from(source: number[]|TypedArray): Uint8Array",
    "A new Uint8Array with the elements of a list or another view.", NULL, NULL, NULL },
  { "of", uint8_array_of, FN_STATIC, "of(...: number): Uint8Array",
    "A new Uint8Array of the arguments.", NULL, NULL, NULL },
  { 0 }
};

static const FnDef int8_array_methods[] = {
  { "from", int8_array_from, FN_STATIC, "from(source: number[]|TypedArray): Int8Array",
    "A new Int8Array with the elements of a list or another view.", NULL, NULL, NULL },
  { "of", int8_array_of, FN_STATIC, "of(...: number): Int8Array",
    "A new Int8Array of the arguments.", NULL, NULL, NULL },
  { 0 }
};

static const FnDef uint8_clamped_array_methods[] = {
  { "from", uint8_clamped_array_from, FN_STATIC, "from(source: number[]|TypedArray): Uint8ClampedArray",
    "A new Uint8ClampedArray with the elements of a list or another view.", NULL, NULL, NULL },
  { "of", uint8_clamped_array_of, FN_STATIC, "of(...: number): Uint8ClampedArray",
    "A new Uint8ClampedArray of the arguments.", NULL, NULL, NULL },
  { 0 }
};

static const FnDef int16_array_methods[] = {
  { "from", int16_array_from, FN_STATIC, "from(source: number[]|TypedArray): Int16Array",
    "A new Int16Array with the elements of a list or another view.", NULL, NULL, NULL },
  { "of", int16_array_of, FN_STATIC, "of(...: number): Int16Array",
    "A new Int16Array of the arguments.", NULL, NULL, NULL },
  { 0 }
};

static const FnDef uint16_array_methods[] = {
  { "from", uint16_array_from, FN_STATIC, "from(source: number[]|TypedArray): Uint16Array",
    "A new Uint16Array with the elements of a list or another view.", NULL, NULL, NULL },
  { "of", uint16_array_of, FN_STATIC, "of(...: number): Uint16Array",
    "A new Uint16Array of the arguments.", NULL, NULL, NULL },
  { 0 }
};

static const FnDef int32_array_methods[] = {
  { "from", int32_array_from, FN_STATIC, "from(source: number[]|TypedArray): Int32Array",
    "A new Int32Array with the elements of a list or another view.", NULL, NULL, NULL },
  { "of", int32_array_of, FN_STATIC, "of(...: number): Int32Array",
    "A new Int32Array of the arguments.", NULL, NULL, NULL },
  { 0 }
};

static const FnDef uint32_array_methods[] = {
  { "from", uint32_array_from, FN_STATIC, "from(source: number[]|TypedArray): Uint32Array",
    "A new Uint32Array with the elements of a list or another view.", NULL, NULL, NULL },
  { "of", uint32_array_of, FN_STATIC, "of(...: number): Uint32Array",
    "A new Uint32Array of the arguments.", NULL, NULL, NULL },
  { 0 }
};

static const FnDef float32_array_methods[] = {
  { "from", float32_array_from, FN_STATIC, "from(source: number[]|TypedArray): Float32Array",
    "A new Float32Array with the elements of a list or another view.", NULL, NULL, NULL },
  { "of", float32_array_of, FN_STATIC, "of(...: number): Float32Array",
    "A new Float32Array of the arguments.", NULL, NULL, NULL },
  { 0 }
};

static const FnDef float64_array_methods[] = {
  { "from", float64_array_from, FN_STATIC, "from(source: number[]|TypedArray): Float64Array",
    "A new Float64Array with the elements of a list or another view.", NULL, NULL, NULL },
  { "of", float64_array_of, FN_STATIC, "of(...: number): Float64Array",
    "A new Float64Array of the arguments.", NULL, NULL, NULL },
  { 0 }
};

static const FnDef bigint64_array_methods[] = {
  { "from", bigint64_array_from, FN_STATIC, "from(source: number[]|TypedArray): BigInt64Array",
    "A new BigInt64Array with the elements of a list or another view.", NULL, NULL, NULL },
  { "of", bigint64_array_of, FN_STATIC, "of(...: number): BigInt64Array",
    "A new BigInt64Array of the arguments.", NULL, NULL, NULL },
  { 0 }
};

static const FnDef biguint64_array_methods[] = {
  { "from", biguint64_array_from, FN_STATIC, "from(source: number[]|TypedArray): BigUint64Array",
    "A new BigUint64Array with the elements of a list or another view.", NULL, NULL, NULL },
  { "of", biguint64_array_of, FN_STATIC, "of(...: number): BigUint64Array",
    "A new BigUint64Array of the arguments.", NULL, NULL, NULL },
  { 0 }
};

const ClassDef uint8_array_class = {
  .name = "Uint8Array", .base = &typed_array_class, .alloc = uint8_array_alloc, .methods = uint8_array_methods,
  .doc = "Uint8Array(length), (list), (view) or (arrayBuffer, byteOffset, length): "
         "bytes: whole numbers from 0 to 255.",
  .example = "print(Uint8Array{ 1, 258 })"
};

const ClassDef int8_array_class = {
  .name = "Int8Array", .base = &typed_array_class, .alloc = int8_array_alloc, .methods = int8_array_methods,
  .doc = "Int8Array(length), (list), (view) or (arrayBuffer, byteOffset, length): "
         "whole numbers from -128 to 127.",
  .example = "print(Int8Array{ 1, 255 })"
};

const ClassDef uint8_clamped_array_class = {
  .name = "Uint8ClampedArray", .base = &typed_array_class, .alloc = uint8_clamped_array_alloc, .methods = uint8_clamped_array_methods,
  .doc = "Uint8ClampedArray(length), (list), (view) or (arrayBuffer, byteOffset, length): "
         "bytes; what is below 0 or above 255 becomes 0 or 255, halves go to the even number.",
  .example = "print(Uint8ClampedArray{ -5, 1.5, 300 })"
};

const ClassDef int16_array_class = {
  .name = "Int16Array", .base = &typed_array_class, .alloc = int16_array_alloc, .methods = int16_array_methods,
  .doc = "Int16Array(length), (list), (view) or (arrayBuffer, byteOffset, length): "
         "whole numbers of 16 bits.",
  .example = "print(Int16Array{ 1, -2 })"
};

const ClassDef uint16_array_class = {
  .name = "Uint16Array", .base = &typed_array_class, .alloc = uint16_array_alloc, .methods = uint16_array_methods,
  .doc = "Uint16Array(length), (list), (view) or (arrayBuffer, byteOffset, length): "
         "whole numbers of 16 bits from 0 on.",
  .example = "print(Uint16Array{ 1, -2 })"
};

const ClassDef int32_array_class = {
  .name = "Int32Array", .base = &typed_array_class, .alloc = int32_array_alloc, .methods = int32_array_methods,
  .doc = "Int32Array(length), (list), (view) or (arrayBuffer, byteOffset, length): "
         "whole numbers of 32 bits.",
  .example = "print(Int32Array(4).byteLength)"
};

const ClassDef uint32_array_class = {
  .name = "Uint32Array", .base = &typed_array_class, .alloc = uint32_array_alloc, .methods = uint32_array_methods,
  .doc = "Uint32Array(length), (list), (view) or (arrayBuffer, byteOffset, length): "
         "whole numbers of 32 bits from 0 on.",
  .example = "print(Uint32Array{ -1 })"
};

const ClassDef float32_array_class = {
  .name = "Float32Array", .base = &typed_array_class, .alloc = float32_array_alloc, .methods = float32_array_methods,
  .doc = "Float32Array(length), (list), (view) or (arrayBuffer, byteOffset, length): "
         "floats of 32 bits.",
  .example = "print(Float32Array{ 0.1 }[0])"
};

const ClassDef float64_array_class = {
  .name = "Float64Array", .base = &typed_array_class, .alloc = float64_array_alloc, .methods = float64_array_methods,
  .doc = "Float64Array(length), (list), (view) or (arrayBuffer, byteOffset, length): "
         "floats of 64 bits.",
  .example = "print(Float64Array{ 0.1 }[0])"
};

const ClassDef bigint64_array_class = {
  .name = "BigInt64Array", .base = &typed_array_class, .alloc = bigint64_array_alloc, .methods = bigint64_array_methods,
  .doc = "BigInt64Array(length), (list), (view) or (arrayBuffer, byteOffset, length): "
         "integers of 64 bits, Lua's own kind.",
  .example = "print(BigInt64Array{ math.maxinteger })"
};

const ClassDef biguint64_array_class = {
  .name = "BigUint64Array", .base = &typed_array_class, .alloc = biguint64_array_alloc, .methods = biguint64_array_methods,
  .doc = "BigUint64Array(length), (list), (view) or (arrayBuffer, byteOffset, length): "
         "64 bits as a Lua integer: from 2^63 on it comes out negative.",
  .example = "print(BigUint64Array{ -1 })"
};
