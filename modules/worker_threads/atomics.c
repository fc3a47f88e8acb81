/* SPDX-License-Identifier: MIT */
/* atomics.c - Atomics: changes of shared memory that no other thread sees half done.
 *
 * The compiler's own atomics on the bytes of a view, sequentially consistent. Indexes count from 0. Values
 * wrap to the type of the elements, as everywhere in typed arrays. */
#include "atomics.h"
#include "waiters.h"
#include "../buffer/buffer_args.h"
#include "../buffer/views.h"
#include "../core/error.h"
#include "../core/runtime.h"

#include <math.h>
#include <string.h>

typedef enum Op { OP_STORE, OP_ADD, OP_SUB, OP_AND, OP_OR, OP_XOR, OP_EXCHANGE } Op;

/* ---- arguments ---- */

static int refuse_view(lua_State *L, const char *what) {
  const char *name = luaL_typename(L, 1);
  if (class_push_name(L, 1)) name = lua_pushfstring(L, "[object %s]", lua_tostring(L, -1));
  return err_raise(L, &type_error_class, NULL, "%s is not %s typed array.", name, what);
}

static bool is_integer(Element el) { return el != EL_FLOAT32 && el != EL_FLOAT64 && el != EL_UINT8_CLAMPED; }

static Buffer *arg_view(lua_State *L) {
  Buffer *v = view_test(L, 1);
  if (!v || !is_integer(v->element)) refuse_view(L, "an integer");
  return v;
}

static char *arg_place(lua_State *L, const Buffer *v) {
  lua_Integer at = to_integer(L, 2, 0);
  if (at < 0 || (size_t)at >= view_count(v))
    err_raise(L, &range_error_class, NULL, "Invalid atomic access index");
  return v->store->data + v->offset + ((size_t)at << element_shift[v->element]);
}

/* The value at idx as the bytes of an element; an argument that is missing is 0. */
static uint64_t arg_bits(lua_State *L, Element el, int idx) {
  uint64_t bits = 0;
  if (!lua_isnoneornil(L, idx)) element_store(L, el, (char *)&bits, idx);
  return bits;
}

static int push_bits(lua_State *L, Element el, uint64_t bits) {
  element_push(L, el, (const char *)&bits);
  return 1;
}

/* ---- operations ---- */

static uint64_t load(Element el, const void *p) {
  switch (element_shift[el]) {
  case 0: return __atomic_load_n((const uint8_t *)p, __ATOMIC_SEQ_CST);
  case 1: return __atomic_load_n((const uint16_t *)p, __ATOMIC_SEQ_CST);
  case 2: return __atomic_load_n((const uint32_t *)p, __ATOMIC_SEQ_CST);
  default: return __atomic_load_n((const uint64_t *)p, __ATOMIC_SEQ_CST);
  }
}

/* Reads, writes `wanted` where `expected` stands, and gives what stood there. */
static uint64_t exchange_if(Element el, void *p, uint64_t expected, uint64_t wanted) {
  uint8_t e8 = (uint8_t)expected;
  uint16_t e16 = (uint16_t)expected;
  uint32_t e32 = (uint32_t)expected;
  const int order = __ATOMIC_SEQ_CST;
  switch (element_shift[el]) {
  case 0: (void)__atomic_compare_exchange_n((uint8_t *)p, &e8, (uint8_t)wanted, false, order, order); return e8;
  case 1: (void)__atomic_compare_exchange_n((uint16_t *)p, &e16, (uint16_t)wanted, false, order, order); return e16;
  case 2: (void)__atomic_compare_exchange_n((uint32_t *)p, &e32, (uint32_t)wanted, false, order, order); return e32;
  default: (void)__atomic_compare_exchange_n((uint64_t *)p, &expected, wanted, false, order, order); return expected;
  }
}

/* What the operation makes of an element; the bits above its size do not count. */
static uint64_t combine(Op op, uint64_t old, uint64_t v) {
  switch (op) {
  case OP_ADD: return old + v;
  case OP_SUB: return old - v;
  case OP_AND: return old & v;
  case OP_OR: return old | v;
  case OP_XOR: return old ^ v;
  default: return v;
  }
}

/* Tries again for as long as another thread has come between. */
static uint64_t apply(Op op, Element el, void *p, uint64_t v) {
  uint64_t old = load(el, p), seen;
  while ((seen = exchange_if(el, p, old, combine(op, old, v))) != old) old = seen;
  return old;
}

/* ---- functions ---- */

static int atomics_load(lua_State *L) {
  const Buffer *v = arg_view(L);
  return push_bits(L, v->element, load(v->element, arg_place(L, v)));
}

static int change(lua_State *L, Op op) {
  const Buffer *v = arg_view(L);
  char *place = arg_place(L, v);
  return push_bits(L, v->element, apply(op, v->element, place, arg_bits(L, v->element, 3)));
}

static int atomics_add(lua_State *L) { return change(L, OP_ADD); }
static int atomics_sub(lua_State *L) { return change(L, OP_SUB); }
static int atomics_and(lua_State *L) { return change(L, OP_AND); }
static int atomics_or(lua_State *L) { return change(L, OP_OR); }
static int atomics_xor(lua_State *L) { return change(L, OP_XOR); }
static int atomics_exchange(lua_State *L) { return change(L, OP_EXCHANGE); }

/* Gives the value as it was given, whole, not as it was stored. */
static int atomics_store(lua_State *L) {
  lua_settop(L, 3);
  (void)change(L, OP_STORE);
  lua_pushinteger(L, to_integer(L, 3, 0));
  return 1;
}

static int atomics_compare_exchange(lua_State *L) {
  const Buffer *v = arg_view(L);
  char *place = arg_place(L, v);
  uint64_t expected = arg_bits(L, v->element, 3), wanted = arg_bits(L, v->element, 4);
  return push_bits(L, v->element, exchange_if(v->element, place, expected, wanted));
}

static int atomics_is_lock_free(lua_State *L) {
  lua_Integer n = to_integer(L, 1, 0);
  lua_pushboolean(L, n == 1 || n == 2 || n == 4 || n == 8);
  return 1;
}

/* ---- waiting ---- */

static Buffer *arg_wait_view(lua_State *L) {
  Buffer *v = view_test(L, 1);
  if (!v || (v->element != EL_INT32 && v->element != EL_BIGINT64)) refuse_view(L, "an int32 or BigInt64");
  return v;
}

WaitArgs atomics_read_wait(lua_State *L) {
  const Buffer *v = arg_wait_view(L);
  lua_settop(L, 4);
  if (!v->store || !v->store->shared) refuse_view(L, "a shared");
  WaitArgs args = { .store = v->store, .place = arg_place(L, v), .size = (size_t)1 << element_shift[v->element] };
  args.value = arg_bits(L, v->element, 3);
  int number;
  lua_Number ms = lua_tonumberx(L, 4, &number);
  if (!number || isnan(ms) || ms > 1e12) args.timeout = UINT64_MAX;
  else args.timeout = ms > 0 ? (uint64_t)(ms * 1e6) : 0;
  return args;
}

static const char *const results[] = { "ok", "not-equal", "timed-out" };

static int atomics_wait(lua_State *L) {
  WaitArgs args = atomics_read_wait(L);
  lua_pushstring(L, results[waiters_sleep(rt_of(L), args.place, args.size, args.value, args.timeout)]);
  return 1;
}

static int atomics_notify(lua_State *L) {
  const Buffer *v = arg_wait_view(L);
  lua_settop(L, 3);
  const char *place = arg_place(L, v);
  lua_Integer most = lua_isnil(L, 3) ? LUA_MAXINTEGER : to_integer(L, 3, 0);
  size_t n = v->store->shared && most > 0 ? waiters_notify(place, (size_t)most) : 0;
  lua_pushinteger(L, (lua_Integer)n);
  return 1;
}

/* ---- rows ---- */

static const char view_text[] = "The view is of integers; the old value is returned.";

static const FnDef functions[] = {
  { "add", atomics_add, FN_STATIC, "add(view: TypedArray, index: integer, value: integer): integer",
    "Adds to the element; gives what stood there before.", NULL,
    "local n = Int32Array(SharedArrayBuffer(4))\nAtomics.add(n, 0, 5)\nprint(Atomics.load(n, 0))", NULL },
  { "and", atomics_and, FN_STATIC, "and(view: TypedArray, index: integer, value: integer): integer", view_text,
    NULL, NULL, NULL },
  { "band", atomics_and, FN_STATIC, "band(view: TypedArray, index: integer, value: integer): integer",
    "Bitwise and; gives what stood there before.", NULL, NULL, NULL },
  { "bor", atomics_or, FN_STATIC, "bor(view: TypedArray, index: integer, value: integer): integer",
    "Bitwise or; gives what stood there before.", NULL, NULL, NULL },
  { "bxor", atomics_xor, FN_STATIC, "bxor(view: TypedArray, index: integer, value: integer): integer",
    "Bitwise exclusive or; gives what stood there before.", NULL, NULL, NULL },
  { "compareExchange", atomics_compare_exchange, FN_STATIC,
    "compareExchange(view: TypedArray, index: integer, expected: integer, replacement: integer): integer",
    "Writes the replacement where expected stands; gives what stood there before.", NULL, NULL, NULL },
  { "exchange", atomics_exchange, FN_STATIC,
    "exchange(view: TypedArray, index: integer, value: integer): integer",
    "Writes the value; gives what stood there before.", NULL, NULL, NULL },
  { "isLockFree", atomics_is_lock_free, FN_STATIC, "isLockFree(size: integer): boolean",
    "Are elements of so many bytes changed without a lock?", NULL, NULL, NULL },
  { "load", atomics_load, FN_STATIC, "load(view: TypedArray, index: integer): integer", "Reads the element.", NULL,
    NULL, NULL },
  { "notify", atomics_notify, FN_STATIC, "notify(view: TypedArray, index: integer, count: integer?): integer",
    "Wakes those that wait for the element, the longest first; gives how many.", NULL, NULL, NULL },
  { "or", atomics_or, FN_STATIC, "or(view: TypedArray, index: integer, value: integer): integer", view_text, NULL,
    NULL, NULL },
  { "store", atomics_store, FN_STATIC, "store(view: TypedArray, index: integer, value: integer): integer",
    "Writes the value and gives it back.", NULL, NULL, NULL },
  { "sub", atomics_sub, FN_STATIC, "sub(view: TypedArray, index: integer, value: integer): integer",
    "Subtracts from the element; gives what stood there before.", NULL, NULL, NULL },
  { "wait", atomics_wait, FN_STATIC,
    "wait(view: TypedArray, index: integer, value: integer, timeout: number?): string",
    "Sleeps while the element holds the value, until a notify (\"ok\") or for timeout milliseconds "
    "(\"timed-out\"); \"not-equal\" at once when it holds another. The view is an Int32Array or BigInt64Array of "
    "shared memory. The event loop stands still meanwhile.",
    NULL, "print(Atomics.wait(Int32Array(SharedArrayBuffer(4)), 0, 0, 10))", NULL },
  { "waitAsync", atomics_wait_async, FN_STATIC,
    "waitAsync(view: TypedArray, index: integer, value: integer, timeout: number?): table",
    "The same without sleeping: { async = true, value = a promise of \"ok\" or \"timed-out\" }, or { async = "
    "false, value = \"not-equal\" or \"timed-out\" }. It does not keep the program running.",
    NULL, NULL, NULL },
  { "xor", atomics_xor, FN_STATIC, "xor(view: TypedArray, index: integer, value: integer): integer", view_text,
    NULL, NULL, NULL },
  { 0 }
};

const ModuleDef atomics_module = {
  .name = "atomics", .functions = functions,
  .doc = "The global Atomics: changes of shared memory that no other thread sees half done, and waiting for "
         "them. band, bor and bxor are the names of and, or and xor that Lua can write; the others are "
         "Atomics[\"and\"], Atomics[\"or\"].",
  .example = "local n = Int32Array(SharedArrayBuffer(4))\nprint(Atomics.add(n, 0, 1), Atomics.load(n, 0))"
};
