/* SPDX-License-Identifier: MIT */
/* views.c - typed arrays: windows onto an ArrayBuffer that show it as numbers.
 *
 * The eleven classes differ in nothing but their Element; kinds.c has their rows. Offsets and indexes
 * count from 0. */
#include "views.h"

#include <string.h>
#include "buffer_args.h"
#include "core/error.h"
#include "core/json.h"
#include "core/number.h"
#include "core/opts.h"

/* ---- making and recognising ---- */

Buffer *view_push(lua_State *L, const ClassDef *def, int memory, size_t offset, size_t length) {
  Buffer *v = class_new(L, def, sizeof *v, 1);
  v->element = def == &buffer_class ? EL_UINT8 : element_of(def);
  if (memory == 0) return v;
  v->store = memory_test(L, memory);
  v->offset = offset;
  v->length = length;
  lua_pushvalue(L, memory);
  lua_setiuservalue(L, -2, UV_MEMORY);
  return v;
}

Buffer *view_push_part(lua_State *L, const ClassDef *def, int idx, size_t offset, size_t length) {
  if (lua_getiuservalue(L, idx, UV_MEMORY) == LUA_TNIL) {
    lua_pop(L, 1);
    return view_push(L, def, 0, 0, 0);
  }
  Buffer *v = view_push(L, def, lua_gettop(L), offset, length);
  lua_remove(L, -2);
  return v;
}

void view_take(lua_State *L, int idx, Buffer *v) {
  const Buffer *from = any_view_test(L, -1);
  lua_getiuservalue(L, -1, UV_MEMORY);
  lua_setiuservalue(L, idx, UV_MEMORY);
  v->store = from->store;
  v->offset = from->offset;
  v->length = from->length;
  lua_pop(L, 1);
}

void view_refuse_again(lua_State *L, const Buffer *v) {
  if (v->store) err_raise(L, &type_error_class, "ERR_INVALID_THIS", "the view shows its memory already");
}

void view_push_memory(lua_State *L, int idx, Buffer *v) {
  idx = lua_absindex(L, idx);
  if (lua_getiuservalue(L, idx, UV_MEMORY) != LUA_TNIL) return;
  lua_pop(L, 1);
  v->store = memory_push_new(L, 0, false, false);
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, idx, UV_MEMORY);
}

Buffer *view_test(lua_State *L, int idx) { return view_now(class_test(L, idx, &typed_array_class)); }

Buffer *any_view_test(lua_State *L, int idx) {
  Buffer *v = view_test(L, idx);
  return v ? v : view_now(class_test(L, idx, &data_view_class));
}

Buffer *view_self(lua_State *L) { return view_now(class_check(L, 1, &typed_array_class)); }

bool memory_view(lua_State *L, int idx, const char **bytes, size_t *len) {
  const Store *store = memory_test(L, idx);
  if (store) {
    *bytes = store->data;
    *len = store->size;
    return true;
  }
  const Buffer *v = any_view_test(L, idx);
  if (!v) return false;
  *bytes = buffer_bytes(v);
  *len = v->length;
  return true;
}

/* ---- construction ---- */

static char *element_at(const Buffer *v, size_t i) {
  return buffer_bytes(v) + (i << element_shift[v->element]);
}

/* Pushes a view of the class with `count` zeros. [+1] */
static Buffer *push_zeros(lua_State *L, const ClassDef *def, lua_Integer count) {
  Element el = element_of(def);
  if (count < 0 || count > BUFFER_MAX >> element_shift[el]) {
    err_raise(L, &range_error_class, NULL, "Invalid typed array length: %I", (LUAI_UACINT)count);
    return NULL;
  }
  size_t size = (size_t)count << element_shift[el];
  if (size == 0) return view_push(L, def, 0, 0, 0);
  (void)memory_push_new(L, size, true, false);
  Buffer *v = view_push(L, def, lua_gettop(L), 0, size);
  lua_remove(L, -2);
  return v;
}

/* (arrayBuffer, byteOffset, length) at idx. [+1] */
static void push_over_memory(lua_State *L, const ClassDef *def, int idx, const Store *store) {
  Element el = element_of(def);
  lua_Integer each = (lua_Integer)1 << element_shift[el], size = (lua_Integer)store->size;
  lua_Integer off = to_integer(L, idx + 1, 0), bytes = off < 0 ? -1 : size - off;
  if (off < 0 || off % each != 0)
    err_raise(L, &range_error_class, NULL, "start offset of %s should be a multiple of %d", def->name,
              (int)each);
  if (arg_missing(L, idx + 2)) {
    if (size % each != 0)
      err_raise(L, &range_error_class, NULL, "byte length of %s should be a multiple of %d", def->name,
                (int)each);
    if (bytes < 0)
      err_raise(L, &range_error_class, NULL, "Start offset %I is outside the bounds of the buffer",
                (LUAI_UACINT)off);
  } else {
    lua_Integer count = to_integer(L, idx + 2, 0);
    if (count < 0 || count > (bytes < 0 ? 0 : bytes) / each || bytes < 0)
      err_raise(L, &range_error_class, NULL, "Invalid typed array length: %I", (LUAI_UACINT)count);
    bytes = count * each;
  }
  (void)view_push(L, def, idx, (size_t)off, (size_t)bytes);
}

/* Stores the n elements from 1 on of the table at src into v from `at` on. */
static void store_list(lua_State *L, const Buffer *v, size_t at, int src, lua_Integer n) {
  for (lua_Integer i = 1; i <= n; i++) {
    lua_geti(L, src, i);
    element_store(L, v->element, element_at(v, at + (size_t)i - 1), lua_gettop(L));
    lua_pop(L, 1);
  }
}

/* The same with the elements of another view, which may lie over v's. */
static void store_view(lua_State *L, const Buffer *v, size_t at, const Buffer *from) {
  size_t n = view_count(from);
  if (n == 0) return;
  if (from->element == v->element) {
    memmove(element_at(v, at), buffer_bytes(from), from->length);
    return;
  }
  char *copy = lua_newuserdatauv(L, from->length, 0);
  memcpy(copy, buffer_bytes(from), from->length);
  for (size_t i = 0; i < n; i++) {
    element_push(L, from->element, copy + (i << element_shift[from->element]));
    element_store(L, v->element, element_at(v, at + i), lua_gettop(L));
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

/* How many elements the table at idx has: a list's, or its field `length`. */
static lua_Integer list_length(lua_State *L, int idx) {
  lua_Integer n = (lua_Integer)lua_rawlen(L, idx);
  if (n == 0) {
    if (lua_getfield(L, idx, "length") == LUA_TNUMBER) n = to_integer(L, -1, 0);
    lua_pop(L, 1);
  }
  return n < 0 ? 0 : n;
}

/* A view of the class with the elements of the view or table at idx. [+1] */
static void push_elements(lua_State *L, const ClassDef *def, int idx) {
  const Buffer *from = view_test(L, idx);
  lua_Integer n = from ? (lua_Integer)view_count(from) : list_length(L, idx);
  Buffer *v = push_zeros(L, def, n);
  if (from) store_view(L, v, 0, from);
  else store_list(L, v, 0, idx, n);
}

/* Int32Array(length), (list), (view), (arrayBuffer, byteOffset, length) */
int typed_array_init(lua_State *L) {
  Buffer *self = view_self(L);
  const ClassDef *def = element_classes[self->element];
  view_refuse_again(L, self);
  lua_settop(L, 4);
  const Store *store = memory_test(L, 2);
  if (store) push_over_memory(L, def, 2, store);
  else if (view_test(L, 2) || (lua_istable(L, 2) && !json_is_null(L, 2))) push_elements(L, def, 2);
  else (void)push_zeros(L, def, to_integer(L, 2, 0));
  view_take(L, 1, self);
  return 0;
}

int typed_array_from(lua_State *L, Element el) {
  lua_settop(L, 1);
  if (!view_test(L, 1) && !lua_istable(L, 1)) return err_arg_type(L, 1, "source", "an instance of Array or TypedArray");
  push_elements(L, element_classes[el], 1);
  return 1;
}

int typed_array_of(lua_State *L, Element el) {
  int n = lua_gettop(L);
  const Buffer *v = push_zeros(L, element_classes[el], n);
  for (int i = 1; i <= n; i++) element_store(L, el, element_at(v, (size_t)i - 1), i);
  return 1;
}

/* ---- elements ---- */

int view_index(lua_State *L) {
  int whole;
  const Buffer *v = view_test(L, 1);
  if (!v || lua_type(L, 2) != LUA_TNUMBER) return 0;
  lua_Integer at = lua_tointegerx(L, 2, &whole);
  if (!whole || at < 0 || (size_t)at >= view_count(v)) return 0;
  if (v->element == EL_UINT8) lua_pushinteger(L, (unsigned char)v->store->data[v->offset + (size_t)at]);
  else element_push(L, v->element, element_at(v, (size_t)at));
  return 1;
}

/* Takes every number; what is outside is ignored, as in Node. */
int view_newindex(lua_State *L) {
  int whole;
  const Buffer *v = view_test(L, 1);
  if (!v || lua_type(L, 2) != LUA_TNUMBER) return 0;
  lua_Integer at = lua_tointegerx(L, 2, &whole);
  bool inside = whole && at >= 0 && (size_t)at < view_count(v);
  if (inside && v->element == EL_UINT8 && lua_isinteger(L, 3))
    v->store->data[v->offset + (size_t)at] = (char)lua_tointeger(L, 3);
  else if (inside) element_store(L, v->element, element_at(v, (size_t)at), 3);
  lua_pushboolean(L, true);
  return 1;
}

static int view_length(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)view_count(view_self(L)));
  return 1;
}

/* at(index): negative ones count from the end */
static int view_at(lua_State *L) {
  const Buffer *v = view_self(L);
  lua_Integer n = (lua_Integer)view_count(v), at = to_integer(L, 2, 0);
  if (at < 0) at += n;
  if (at < 0 || at >= n) {
    lua_pushnil(L);
    return 1;
  }
  element_push(L, v->element, element_at(v, (size_t)at));
  return 1;
}

/* ---- parts and changes ---- */

typedef struct Range { size_t start, stop; } Range;

static Range arg_range(lua_State *L, int idx, size_t count) {
  Range r = { arg_clamped(L, idx, count, 0), arg_clamped(L, idx + 1, count, count) };
  if (r.stop < r.start) r.stop = r.start;
  return r;
}

/* subarray(start, stop): shares the memory */
static int view_subarray(lua_State *L) {
  const Buffer *v = view_self(L);
  Range r = arg_range(L, 2, view_count(v));
  int shift = element_shift[v->element];
  (void)view_push_part(L, element_classes[v->element], 1, v->offset + (r.start << shift),
                       (r.stop - r.start) << shift);
  return 1;
}

/* slice(start, stop): a copy */
static int view_slice(lua_State *L) {
  const Buffer *v = view_self(L);
  Range r = arg_range(L, 2, view_count(v));
  const Buffer *made = push_zeros(L, element_classes[v->element], (lua_Integer)(r.stop - r.start));
  if (made->length > 0) memcpy(buffer_bytes(made), element_at(v, r.start), made->length);
  return 1;
}

/* set(list|view, offset) */
static int view_set(lua_State *L) {
  const Buffer *v = view_self(L);
  lua_settop(L, 3);
  const Buffer *from = view_test(L, 2);
  if (!from && !lua_istable(L, 2))
    return err_arg_type(L, 2, "source", "an instance of Array or TypedArray");
  lua_Integer n = from ? (lua_Integer)view_count(from) : list_length(L, 2), at = to_integer(L, 3, 0);
  lua_Integer count = (lua_Integer)view_count(v);
  if (at < 0 || at > count || n > count - at)
    return err_raise(L, &range_error_class, NULL, "offset is out of bounds");
  if (from) store_view(L, v, (size_t)at, from);
  else store_list(L, v, (size_t)at, 2, n);
  return 0;
}

/* fill(value, start, stop) */
static int view_fill(lua_State *L) {
  const Buffer *v = view_self(L);
  Range r = arg_range(L, 3, view_count(v));
  char one[8];
  size_t each = (size_t)1 << element_shift[v->element];
  element_store(L, v->element, one, 2);
  for (size_t i = r.start; i < r.stop; i++) memcpy(element_at(v, i), one, each);
  lua_settop(L, 1);
  return 1;
}

/* copyWithin(target, start, stop) */
static int view_copy_within(lua_State *L) {
  const Buffer *v = view_self(L);
  size_t count = view_count(v), to = arg_clamped(L, 2, count, 0);
  Range r = arg_range(L, 3, count);
  size_t n = r.stop - r.start < count - to ? r.stop - r.start : count - to;
  if (n > 0) memmove(element_at(v, to), element_at(v, r.start), n << element_shift[v->element]);
  lua_settop(L, 1);
  return 1;
}

static int view_reverse(lua_State *L) {
  const Buffer *v = view_self(L);
  size_t each = (size_t)1 << element_shift[v->element];
  for (size_t a = 0, b = view_count(v); a + 1 < b; a++) {
    char held[8];
    b--;
    memcpy(held, element_at(v, a), each);
    memcpy(element_at(v, a), element_at(v, b), each);
    memcpy(element_at(v, b), held, each);
  }
  lua_settop(L, 1);
  return 1;
}

/* ---- searching and text ---- */

/* Is element i equal to the number at 2? */
static bool view_equal(lua_State *L, const Buffer *v, size_t i) {
  element_push(L, v->element, element_at(v, i));
  bool equal = lua_rawequal(L, 2, -1);
  lua_pop(L, 1);
  return equal;
}

static lua_Integer view_place(lua_State *L, const Buffer *v) {
  size_t count = view_count(v);
  for (size_t i = arg_clamped(L, 3, count, 0); i < count; i++)
    if (view_equal(L, v, i)) return (lua_Integer)i;
  return -1;
}

static int view_index_of(lua_State *L) {
  lua_settop(L, 3);
  lua_pushinteger(L, view_place(L, view_self(L)));
  return 1;
}

static int view_includes(lua_State *L) {
  lua_settop(L, 3);
  lua_pushboolean(L, view_place(L, view_self(L)) >= 0);
  return 1;
}

static int view_last_index_of(lua_State *L) {
  const Buffer *v = view_self(L);
  lua_settop(L, 3);
  lua_Integer n = (lua_Integer)view_count(v), at = arg_missing(L, 3) ? n - 1 : to_integer(L, 3, 0);
  if (at < 0) at += arg_missing(L, 3) ? 0 : n;
  if (at >= n) at = n - 1;
  while (at >= 0 && !view_equal(L, v, (size_t)at)) at--;
  lua_pushinteger(L, at < 0 ? -1 : at);
  return 1;
}

/* Adds the number on top as JavaScript writes it. */
static void add_number(lua_State *L, luaL_Buffer *out, const Buffer *v, size_t i) {
  char text[NUMBER_TEXT];
  element_push(L, v->element, element_at(v, i));
  if (lua_isinteger(L, -1)) {
    luaL_addvalue(out);
    return;
  }
  size_t len = number_format(lua_tonumber(L, -1), text);
  lua_pop(L, 1);
  luaL_addlstring(out, text, len);
}

static int push_joined(lua_State *L, const Buffer *v, const char *sep, size_t len) {
  luaL_Buffer out;
  luaL_buffinit(L, &out);
  for (size_t i = 0; i < view_count(v); i++) {
    if (i > 0) luaL_addlstring(&out, sep, len);
    add_number(L, &out, v, i);
  }
  luaL_pushresult(&out);
  return 1;
}

static int view_join(lua_State *L) {
  const Buffer *v = view_self(L);
  size_t len = 1;
  const char *sep = arg_missing(L, 2) ? "," : arg_string(L, 2, "separator", &len);
  return push_joined(L, v, sep, len);
}

static int view_to_string(lua_State *L) { return push_joined(L, view_self(L), ",", 1); }

/* ---- iterators: upvalues the view, next index ---- */

static const Buffer *iterate(lua_State *L, lua_Integer *at) {
  const Buffer *v = view_test(L, lua_upvalueindex(1));
  *at = lua_tointeger(L, lua_upvalueindex(2));
  if (*at >= (lua_Integer)view_count(v)) return NULL;
  lua_pushinteger(L, *at + 1);
  lua_replace(L, lua_upvalueindex(2));
  return v;
}

static int next_key(lua_State *L) {
  lua_Integer at;
  if (!iterate(L, &at)) return 0;
  lua_pushinteger(L, at);
  return 1;
}

static int next_value(lua_State *L) {
  lua_Integer at;
  const Buffer *v = iterate(L, &at);
  if (!v) return 0;
  element_push(L, v->element, element_at(v, (size_t)at));
  return 1;
}

static int next_entry(lua_State *L) {
  lua_Integer at;
  const Buffer *v = iterate(L, &at);
  if (!v) return 0;
  lua_pushinteger(L, at);
  element_push(L, v->element, element_at(v, (size_t)at));
  return 2;
}

static int push_iterator(lua_State *L, lua_CFunction next) {
  (void)view_self(L);
  lua_settop(L, 1);
  lua_pushinteger(L, 0);
  lua_pushcclosure(L, next, 2);
  return 1;
}

static int view_keys(lua_State *L) { return push_iterator(L, next_key); }
static int view_values(lua_State *L) { return push_iterator(L, next_value); }
static int view_entries(lua_State *L) { return push_iterator(L, next_entry); }

/* ---- properties of every view ---- */

static Buffer *any_view_self(lua_State *L) {
  Buffer *v = any_view_test(L, 1);
  return v ? v : view_self(L); /* which raises */
}

int view_byte_length(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)any_view_self(L)->length);
  return 1;
}

int view_byte_offset(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)any_view_self(L)->offset);
  return 1;
}

int view_memory(lua_State *L) {
  view_push_memory(L, 1, any_view_self(L));
  return 1;
}

/* ---- rows ---- */

static const FnDef view_methods[] = {
  { "at", view_at, FN_METHOD, "at(index: integer): number?",
    "The element at the index; a negative one counts from the end.", NULL, NULL, NULL },
  { "set", view_set, FN_METHOD, "set(source: number[]|TypedArray, offset: integer?)",
    "Copies the elements of a list or view to here, from the offset on.", NULL,
    "local a = Uint8Array(4)\na:set({ 7, 8 }, 1)\nprint(a)", NULL },
  { "subarray", view_subarray, FN_METHOD, "subarray(start: integer?, stop: integer?): TypedArray",
    "A view of the same kind over a part of the same memory.", NULL, NULL, NULL },
  { "slice", view_slice, FN_METHOD, "slice(start: integer?, stop: integer?): TypedArray",
    "A copy of a part, in memory of its own.", NULL, NULL, NULL },
  { "fill", view_fill, FN_METHOD, "fill(value: number, start: integer?, stop: integer?): TypedArray",
    "Stores one value in all elements, or in a part. Returns the view.", NULL, NULL, NULL },
  { "copyWithin", view_copy_within, FN_METHOD,
    "copyWithin(target: integer, start: integer, stop: integer?): TypedArray",
    "Copies a part of the view to another place in it. Returns the view.", NULL, NULL, NULL },
  { "reverse", view_reverse, FN_METHOD, "reverse(): TypedArray",
    "Turns the order of the elements round, in place. Returns the view.", NULL, NULL, NULL },
  { "indexOf", view_index_of, FN_METHOD, "indexOf(value: number, from: integer?): integer",
    "The index of the first element equal to the value, -1 when there is none.", NULL, NULL, NULL },
  { "lastIndexOf", view_last_index_of, FN_METHOD, "lastIndexOf(value: number, from: integer?): integer",
    "The index of the last element equal to the value, -1 when there is none.", NULL, NULL, NULL },
  { "includes", view_includes, FN_METHOD, "includes(value: number, from: integer?): boolean",
    "Is there an element equal to the value?", NULL, NULL, NULL },
  { "join", view_join, FN_METHOD, "join(separator: string?): string",
    "The elements as text, with a comma or the separator between them.", NULL, NULL, NULL },
  { "toString", view_to_string, FN_METHOD, "toString(): string", "The elements with commas between them.",
    NULL, NULL, NULL },
  { "forEach", view_for_each, FN_METHOD, "forEach(callback: function)",
    "Calls callback(value, index, view) for each element.", NULL,
    "Buffer.from(\"hi\"):forEach(function(b, i) print(i, b) end)", NULL },
  { "map", view_map, FN_METHOD, "map(callback: function): TypedArray",
    "A new view of the same kind with what callback(value, index, view) gives.", NULL, NULL, NULL },
  { "filter", view_filter, FN_METHOD, "filter(callback: function): TypedArray",
    "A new view of the same kind with the elements for which callback(value, index, view) is true.", NULL,
    "print(Buffer.from(\"abba\"):filter(function(b) return b == 97 end))", NULL },
  { "reduce", view_reduce, FN_METHOD, "reduce(callback: function, initial: any?): any",
    "What callback(result, value, index, view) gives last, each time with its result so far.", NULL,
    "print(Buffer.from(\"hi\"):reduce(function(sum, b) return sum + b end, 0))", NULL },
  { "reduceRight", view_reduce_right, FN_METHOD, "reduceRight(callback: function, initial: any?): any",
    "The same from the last element to the first.", NULL, NULL, NULL },
  { "every", view_every, FN_METHOD, "every(callback: function): boolean",
    "Is callback(value, index, view) true for all elements?", NULL, NULL, NULL },
  { "some", view_some, FN_METHOD, "some(callback: function): boolean",
    "Is callback(value, index, view) true for any element?", NULL, NULL, NULL },
  { "find", view_find, FN_METHOD, "find(callback: function): number?",
    "The first element for which callback(value, index, view) is true.", NULL, NULL, NULL },
  { "findIndex", view_find_index, FN_METHOD, "findIndex(callback: function): integer",
    "The index of that element, -1 when there is none.", NULL, NULL, NULL },
  { "findLast", view_find_last, FN_METHOD, "findLast(callback: function): number?",
    "The last element for which callback(value, index, view) is true.", NULL, NULL, NULL },
  { "findLastIndex", view_find_last_index, FN_METHOD, "findLastIndex(callback: function): integer",
    "The index of that element, -1 when there is none.", NULL, NULL, NULL },
  { "sort", view_sort, FN_METHOD, "sort(compareFn: function?): TypedArray",
    "Sorts the elements in place, by their size or by compareFn(a, b): below 0 when a comes first.", NULL,
    "print(Buffer.from(\"hello\"):sort())", NULL },
  { "keys", view_keys, FN_METHOD, "keys(): function", "Iterates over the indexes.", NULL, NULL, NULL },
  { "values", view_values, FN_METHOD, "values(): function", "Iterates over the elements.", NULL,
    "for b in Buffer.from(\"hi\"):values() do print(b) end", NULL },
  { "entries", view_entries, FN_METHOD, "entries(): function", "Iterates over index and element.", NULL,
    "for i, b in Buffer.from(\"hi\"):entries() do print(i, b) end", NULL },
  { 0 }
};

static const PropDef view_props[] = {
  { "length", view_length, NULL, "integer", "Number of elements, as #view." },
  { "byteLength", view_byte_length, NULL, "integer", "Number of bytes." },
  { "byteOffset", view_byte_offset, NULL, "integer", "Where in its ArrayBuffer the view begins." },
  { "buffer", view_memory, NULL, "ArrayBuffer|SharedArrayBuffer", "The memory that the view shows." },
  { 0 }
};

static const luaL_Reg view_meta[] = {
  { "__index", view_index }, { "__newindex", view_newindex }, { "__len", view_length }, { NULL, NULL }
};

const ClassDef typed_array_class = {
  .name = "TypedArray", .abstract = true, .init = typed_array_init, .tostring = view_to_string,
  .meta = view_meta, .methods = view_methods, .props = view_props,
  .doc = "What all typed arrays have: view[i] reads and writes the element at index i, counted from 0; "
         "#view is their number. It is no global: Uint8Array and its relatives are made.",
  .example = "local a = Int16Array{ 1, -2 }\nprint(#a, a[1], a.byteLength)"
};
