/* SPDX-License-Identifier: MIT */
/* visits.c - methods of typed arrays and Buffers that call a function for each element, and sort.
 *
 * The function may do anything to the view meanwhile, even move its memory away, so the view is looked at
 * anew for each element; one that is gone is nil. Indexes count from 0. */
#include "views.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "core/error.h"
#include "core/opts.h"

/* Pushes element i, nil when it is not there (any more). [+1] */
static void push_element(lua_State *L, size_t i) {
  const Buffer *v = view_self(L);
  if (i < view_count(v)) element_push(L, v->element, buffer_bytes(v) + (i << element_shift[v->element]));
  else lua_pushnil(L);
}

/* How many elements there are; the function at 2 is checked. */
static size_t begin(lua_State *L, const char *name) {
  const Buffer *v = view_self(L);
  arg_function(L, 2, name);
  return view_count(v);
}

/* Leaves element i and what the function says of it. [+2] */
static void visit(lua_State *L, size_t i) {
  push_element(L, i);
  lua_pushvalue(L, 2);
  lua_pushvalue(L, -2);
  lua_pushinteger(L, (lua_Integer)i);
  lua_pushvalue(L, 1);
  lua_call(L, 3, 1);
}

int view_for_each(lua_State *L) {
  size_t n = begin(L, "callback");
  for (size_t i = 0; i < n; i++) {
    visit(L, i);
    lua_settop(L, 2);
  }
  return 0;
}

/* The index of the first element, or the last, of which the function says `wanted`; -1, and it is left on
 * top when there is one. [+1|0] */
static lua_Integer find(lua_State *L, bool wanted, bool backward) {
  size_t n = begin(L, "callback");
  lua_settop(L, 2);
  for (size_t k = 0; k < n; k++) {
    size_t i = backward ? n - 1 - k : k;
    visit(L, i);
    if ((bool)lua_toboolean(L, -1) == wanted) {
      lua_pop(L, 1);
      return (lua_Integer)i;
    }
    lua_settop(L, 2);
  }
  return -1;
}

int view_every(lua_State *L) {
  lua_pushboolean(L, find(L, false, false) < 0);
  return 1;
}

int view_some(lua_State *L) {
  lua_pushboolean(L, find(L, true, false) >= 0);
  return 1;
}

static int find_element(lua_State *L, bool backward) {
  if (find(L, true, backward) < 0) lua_pushnil(L);
  return 1;
}

static int find_index(lua_State *L, bool backward) {
  lua_pushinteger(L, find(L, true, backward));
  return 1;
}

int view_find(lua_State *L) { return find_element(L, false); }
int view_find_last(lua_State *L) { return find_element(L, true); }
int view_find_index(lua_State *L) { return find_index(L, false); }
int view_find_last_index(lua_State *L) { return find_index(L, true); }

/* Pushes a view of self's kind with n elements of 0. [+1] */
static const Buffer *push_like(lua_State *L, size_t n) {
  const ClassDef *def = class_is(L, 1, &buffer_class) ? &buffer_class : element_classes[view_self(L)->element];
  size_t bytes = n << element_shift[element_of(def == &buffer_class ? &uint8_array_class : def)];
  (void)memory_push_new(L, bytes, true, false);
  const Buffer *v = view_push(L, def, lua_gettop(L), 0, bytes);
  lua_remove(L, -2);
  return v;
}

int view_map(lua_State *L) {
  size_t n = begin(L, "callback");
  lua_settop(L, 2);
  const Buffer *to = push_like(L, n); /* 3: nobody else sees it before the end */
  for (size_t i = 0; i < n; i++) {
    visit(L, i);
    element_store(L, to->element, buffer_bytes(to) + (i << element_shift[to->element]), -1);
    lua_settop(L, 3);
  }
  return 1;
}

int view_filter(lua_State *L) {
  size_t n = begin(L, "callback"), kept = 0;
  lua_settop(L, 2);
  const Buffer *all = push_like(L, n); /* 3 */
  unsigned shift = element_shift[all->element];
  for (size_t i = 0; i < n; i++) {
    visit(L, i);
    bool keep = lua_toboolean(L, -1);
    lua_pop(L, 1);
    if (keep) element_store(L, all->element, buffer_bytes(all) + (kept++ << shift), -1);
    lua_settop(L, 3);
  }
  const Buffer *result = push_like(L, kept);
  memcpy(buffer_bytes(result), buffer_bytes(all), kept << shift);
  return 1;
}

/* callback(accumulator, value, index, view), from the left or the right */
static int reduce(lua_State *L, bool backward) {
  size_t n = begin(L, "callback"), k = 0;
  bool given = lua_gettop(L) > 2;
  lua_settop(L, 3);
  if (!given) {
    if (n == 0)
      return err_raise(L, &type_error_class, NULL, "Reduce of empty array with no initial value");
    push_element(L, backward ? n - 1 : 0);
    lua_replace(L, 3);
    k = 1;
  }
  for (; k < n; k++) {
    size_t i = backward ? n - 1 - k : k;
    lua_pushvalue(L, 2);
    lua_pushvalue(L, 3);
    push_element(L, i);
    lua_pushinteger(L, (lua_Integer)i);
    lua_pushvalue(L, 1);
    lua_call(L, 4, 1);
    lua_replace(L, 3);
  }
  return 1;
}

int view_reduce(lua_State *L) { return reduce(L, false); }
int view_reduce_right(lua_State *L) { return reduce(L, true); }

/* ---- sort ---- */

typedef union Key {
  double d;
  int64_t i;
  uint64_t u;
} Key;

/* As JavaScript has them: -0 before 0, NaN last. */
static int compare_numbers(const void *a, const void *b) {
  double x = ((const Key *)a)->d, y = ((const Key *)b)->d;
  if (x != x || y != y) return (x != x) - (y != y);
  if (x == y && x == 0) return (1 / x > 0) - (1 / y > 0);
  return (x > y) - (x < y);
}

static int compare_signed(const void *a, const void *b) {
  int64_t x = ((const Key *)a)->i, y = ((const Key *)b)->i;
  return (x > y) - (x < y);
}

static int compare_unsigned(const void *a, const void *b) {
  uint64_t x = ((const Key *)a)->u, y = ((const Key *)b)->u;
  return (x > y) - (x < y);
}

static void sort_numbers(lua_State *L, const Buffer *v, size_t n) {
  bool big = v->element == EL_BIGINT64 || v->element == EL_BIGUINT64;
  Key *keys = lua_newuserdatauv(L, (n + 1) * sizeof *keys, 0);
  for (size_t i = 0; i < n; i++) {
    push_element(L, i);
    if (big) keys[i].i = lua_tointeger(L, -1);
    else keys[i].d = lua_tonumber(L, -1);
    lua_pop(L, 1);
  }
  qsort(keys, n, sizeof *keys, v->element == EL_BIGINT64 ? compare_signed
                               : v->element == EL_BIGUINT64 ? compare_unsigned : compare_numbers);
  for (size_t i = 0; i < n; i++) {
    if (big) lua_pushinteger(L, keys[i].i);
    else lua_pushnumber(L, keys[i].d);
    element_store(L, v->element, buffer_bytes(v) + (i << element_shift[v->element]), -1);
    lua_pop(L, 1);
  }
}

/* Is element b of the list at 3 to stand before element a, by the function at 2? */
static bool stands_before(lua_State *L, size_t b, size_t a) {
  lua_pushvalue(L, 2);
  lua_rawgeti(L, 3, (lua_Integer)b);
  lua_rawgeti(L, 3, (lua_Integer)a);
  lua_call(L, 2, 1);
  bool before = lua_tonumber(L, -1) < 0;
  lua_pop(L, 1);
  return before;
}

/* Merges the runs [from, middle) and [middle, to) of the list at 3 into the one at 4. */
static void merge(lua_State *L, size_t from, size_t middle, size_t to) {
  size_t a = from, b = middle;
  for (size_t i = from; i < to; i++) {
    bool second = a == middle || (b < to && stands_before(L, b, a));
    lua_rawgeti(L, 3, (lua_Integer)(second ? b++ : a++));
    lua_rawseti(L, 4, (lua_Integer)i);
  }
}

/* The list at 3 by the function at 2, which may answer whatever it likes; the sorted one is at 3 then. */
static void sort_list(lua_State *L, size_t n) {
  for (size_t width = 1; width < n; width *= 2) {
    for (size_t from = 1; from <= n; from += 2 * width) {
      size_t middle = from + width <= n ? from + width : n + 1;
      size_t to = middle + width <= n ? middle + width : n + 1;
      merge(L, from, middle, to);
    }
    lua_insert(L, 3); /* they change places */
  }
}

/* sort(compare): in place */
int view_sort(lua_State *L) {
  lua_settop(L, 2);
  const Buffer *v = view_self(L);
  size_t n = view_count(v);
  if (!lua_isnil(L, 2)) arg_function(L, 2, "compareFn");
  if (lua_isnil(L, 2)) {
    sort_numbers(L, v, n);
  } else {
    lua_createtable(L, n < INT32_MAX ? (int)n : 0, 0);
    lua_newtable(L);
    for (size_t i = 0; i < n; i++) {
      push_element(L, i);
      lua_rawseti(L, 3, (lua_Integer)i + 1);
    }
    sort_list(L, n);
    v = view_self(L);
    for (size_t i = 0; i < n && i < view_count(v); i++) {
      lua_rawgeti(L, 3, (lua_Integer)i + 1);
      element_store(L, v->element, buffer_bytes(v) + (i << element_shift[v->element]), -1);
      lua_pop(L, 1);
    }
  }
  lua_settop(L, 1);
  return 1;
}
