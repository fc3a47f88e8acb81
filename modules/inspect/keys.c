/* SPDX-License-Identifier: MIT */
/* keys.c - the keys of a table in the order in which they are shown: numbers, strings by their bytes,
 * booleans, the rest as the table gives them. A list on the Lua stack keeps the keys alive, whatever a
 * __tostring does to the table meanwhile. */
#include "inspector.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

typedef struct KeyRef {
  int rank; /* kind of key */
  int at;   /* place in the list */
  lua_Number number;
  const char *s; /* borrows from the list */
  size_t len;
} KeyRef;

enum { RANK_NUMBER, RANK_STRING, RANK_BOOLEAN, RANK_OTHER };

static int compare(const void *va, const void *vb) {
  const KeyRef *a = va, *b = vb;
  if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
  if (a->rank == RANK_STRING) {
    int order = memcmp(a->s, b->s, a->len < b->len ? a->len : b->len);
    if (order) return order;
    if (a->len != b->len) return a->len < b->len ? -1 : 1;
  } else if (a->number != b->number) {
    return a->number < b->number ? -1 : 1;
  }
  return a->at < b->at ? -1 : 1;
}

/* The key on top. */
static KeyRef describe(lua_State *L, int at) {
  KeyRef ref = { .rank = RANK_OTHER, .at = at };
  switch (lua_type(L, -1)) {
  case LUA_TNUMBER:
    ref.rank = RANK_NUMBER;
    ref.number = lua_tonumber(L, -1);
    break;
  case LUA_TSTRING:
    ref.rank = RANK_STRING;
    ref.s = lua_tolstring(L, -1, &ref.len);
    break;
  case LUA_TBOOLEAN:
    ref.rank = RANK_BOOLEAN;
    ref.number = lua_toboolean(L, -1);
    break;
  default: break;
  }
  return ref;
}

/* Elements are shown before, and light userdata keys are our own (listeners, class marks). */
static bool is_shown(lua_State *L, int idx, lua_Integer n) {
  if (lua_islightuserdata(L, idx)) return false;
  if (!lua_isinteger(L, idx)) return true;
  lua_Integer i = lua_tointeger(L, idx);
  return i < 1 || i > n;
}

int keys_collect(Inspector *in, int t, lua_Integer n) {
  lua_State *L = in->L;
  StrBuf *keys = &in->work->keys;
  size_t mark = keys->len;
  int count = 0;
  lua_pushnil(L); /* the list, made when there is a key: sequences have none */
  int list = lua_gettop(L);
  for (lua_pushnil(L); lua_next(L, t);) {
    lua_pop(L, 1);
    if (!is_shown(L, -1, n)) continue;
    if (count == 0) {
      lua_createtable(L, 8, 0);
      lua_replace(L, list);
    }
    lua_pushvalue(L, -1);
    KeyRef ref = describe(L, count + 1);
    lua_rawseti(L, list, ++count);
    strbuf_add(keys, &ref, sizeof ref);
  }
  lua_settop(L, list);
  if (keys->failed) luaL_error(L, "not enough memory");
  if (count > 1) qsort(keys->p + mark, (size_t)count, sizeof(KeyRef), compare);
  return count;
}

void keys_push(Inspector *in, int list, size_t mark, int i) {
  const KeyRef *ref = (const KeyRef *)(const void *)(in->work->keys.p + mark) + i;
  lua_rawgeti(in->L, list, ref->at);
}

bool keys_is_name(const char *s, size_t len) {
  static const char *const reserved[] = { "and",   "break", "do",       "else", "elseif", "end",
                                          "false", "for",   "function", "goto", "if",     "in",
                                          "local", "nil",   "not",      "or",   "repeat", "return",
                                          "then",  "true",  "until",    "while" };
  if (len == 0 || (*s >= '0' && *s <= '9')) return false;
  for (size_t i = 0; i < len; i++) {
    char c = s[i];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!letter && !(c >= '0' && c <= '9')) return false;
  }
  for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
    if (strlen(reserved[i]) == len && !memcmp(reserved[i], s, len)) return false;
  return true;
}
