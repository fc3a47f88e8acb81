/* SPDX-License-Identifier: MIT */
/* heap.c - see heap.h.
 *
 * A walk over all that can be reached, with a list of what is still to be looked into instead of
 * recursion. Sizes are those of Lua 5.4's structs on a 64-bit machine. The walk's own tables are left out. */
#include "heap.h"
#include "../core/class.h"
#include "../core/json.h"

#include <string.h>

enum { TABLE_BYTES = 56, SLOT_BYTES = 16, NODE_BYTES = 24, STRING_BYTES = 25, CLOSURE_BYTES = 32, THREAD_BYTES = 200 };

typedef struct Walk {
  lua_State *L;
  int seen, todo, types; /* stack indices: { [object] = true }, a list, { [name] = { count, bytes } } */
  lua_Integer waiting, counted;
} Walk;

static bool is_object(lua_State *L, int idx) {
  int type = lua_type(L, idx);
  return type == LUA_TSTRING || type == LUA_TTABLE || type == LUA_TFUNCTION || type == LUA_TUSERDATA ||
         type == LUA_TTHREAD;
}

/* Notes the value on top as something to look at. [-1] */
static void find(Walk *w) {
  lua_State *L = w->L;
  bool own = lua_rawequal(L, -1, w->seen) || lua_rawequal(L, -1, w->todo) || lua_rawequal(L, -1, w->types);
  if (own || !is_object(L, -1)) {
    lua_pop(L, 1);
    return;
  }
  lua_pushvalue(L, -1);
  if (lua_rawget(L, w->seen) == LUA_TNIL) {
    lua_pushvalue(L, -2);
    lua_pushboolean(L, true);
    lua_rawset(L, w->seen);
    lua_pushvalue(L, -2);
    lua_rawseti(L, w->todo, ++w->waiting);
  }
  lua_pop(L, 2);
}

/* Adds an object of this size to its type; its name is on top. [-1] */
static void count(Walk *w, size_t bytes) {
  lua_State *L = w->L;
  lua_pushvalue(L, -1);
  if (lua_rawget(L, w->types) == LUA_TNIL) {
    lua_pop(L, 1);
    lua_createtable(L, 2, 0);
    lua_pushvalue(L, -2);
    lua_pushvalue(L, -2);
    lua_rawset(L, w->types);
  }
  for (int i = 1; i <= 2; i++) {
    lua_rawgeti(L, -1, i);
    lua_pushinteger(L, lua_tointeger(L, -1) + (i == 1 ? 1 : (lua_Integer)bytes));
    lua_rawseti(L, -3, i);
    lua_pop(L, 1);
  }
  lua_pop(L, 2);
  w->counted++;
}

/* The name of the class, or of Lua's type. [+1] */
static void push_type(lua_State *L, int idx) {
  if (!class_push_name(L, idx)) lua_pushstring(L, luaL_typename(L, idx));
}

static void look_table(Walk *w, int at) {
  lua_State *L = w->L;
  size_t array = lua_rawlen(L, at), all = 0;
  for (lua_pushnil(L); lua_next(L, at); all++) {
    lua_pushvalue(L, -2);
    find(w);
    find(w);
  }
  size_t nodes = all > array ? all - array : 0;
  push_type(L, at);
  count(w, TABLE_BYTES + array * SLOT_BYTES + nodes * NODE_BYTES);
}

static void look_function(Walk *w, int at) {
  lua_State *L = w->L;
  int n = 0;
  while (lua_getupvalue(L, at, n + 1)) {
    find(w);
    n++;
  }
  lua_pushstring(L, lua_iscfunction(L, at) ? "C function" : "function");
  count(w, CLOSURE_BYTES + (size_t)n * SLOT_BYTES);
}

static void look_userdata(Walk *w, int at) {
  lua_State *L = w->L;
  int n = 0;
  while (lua_getiuservalue(L, at, n + 1) != LUA_TNONE) {
    find(w);
    n++;
  }
  lua_pop(L, 1); /* the nil of the one too many */
  push_type(L, at);
  count(w, lua_rawlen(L, at) + CLOSURE_BYTES + (size_t)n * SLOT_BYTES);
}

static void look_thread(Walk *w, int at) {
  lua_State *L = w->L, *co = lua_tothread(L, at);
  int n = lua_gettop(co);
  for (int i = 1; co != L && i <= n && lua_checkstack(co, 1); i++) {
    lua_pushvalue(co, i);
    lua_xmove(co, L, 1);
    find(w);
  }
  lua_pushliteral(L, "coroutine");
  count(w, THREAD_BYTES + (size_t)n * SLOT_BYTES);
}

/* Looks into the object at `at`, whose metatable counts, too. */
static void look(Walk *w, int at) {
  lua_State *L = w->L;
  if (lua_type(L, at) != LUA_TSTRING && lua_getmetatable(L, at)) find(w);
  switch (lua_type(L, at)) {
  case LUA_TTABLE: look_table(w, at); return;
  case LUA_TFUNCTION: look_function(w, at); return;
  case LUA_TUSERDATA: look_userdata(w, at); return;
  case LUA_TTHREAD: look_thread(w, at); return;
  default:
    lua_pushliteral(L, "string");
    count(w, lua_rawlen(L, at) + STRING_BYTES);
  }
}

/* Pushes the list of types, the largest first: found by selection, for there are few. [+1] */
static void push_sorted(Walk *w) {
  lua_State *L = w->L;
  lua_newtable(L);
  json_mark_array(L, -1);
  int list = lua_gettop(L);
  for (lua_Integer n = 1;; n++) {
    lua_Integer best = -1;
    lua_pushnil(L); /* its name */
    for (lua_pushnil(L); lua_next(L, w->types); lua_pop(L, 1)) {
      lua_rawgeti(L, -1, 2);
      lua_Integer bytes = lua_tointeger(L, -1);
      lua_pop(L, 1);
      if (bytes <= best) continue;
      best = bytes;
      lua_pushvalue(L, -2);
      lua_replace(L, list + 1);
    }
    if (best < 0) break;
    lua_createtable(L, 0, 3);
    lua_pushvalue(L, list + 1);
    lua_rawget(L, w->types);
    lua_rawgeti(L, -1, 1);
    lua_setfield(L, list + 2, "count");
    lua_pop(L, 1);
    lua_pushinteger(L, best);
    lua_setfield(L, list + 2, "bytes");
    lua_pushvalue(L, list + 1);
    lua_setfield(L, list + 2, "type");
    lua_rawseti(L, list, n);
    lua_pushnil(L);
    lua_rawset(L, w->types);
  }
  lua_settop(L, list);
}

/* Pushes the table that is shown. [+1] */
static void push_summary(lua_State *L) {
  lua_Integer bytes = (lua_Integer)lua_gc(L, LUA_GCCOUNT) * 1024 + lua_gc(L, LUA_GCCOUNTB);
  int top = lua_gettop(L);
  luaL_checkstack(L, 20, "heap");
  for (int i = 0; i < 3; i++) lua_newtable(L);
  Walk w = { L, top + 1, top + 2, top + 3, 0, 0 };
  lua_pushvalue(L, LUA_REGISTRYINDEX);
  find(&w);
  while (w.waiting > 0) {
    lua_rawgeti(L, w.todo, w.waiting);
    lua_pushnil(L);
    lua_rawseti(L, w.todo, w.waiting--);
    look(&w, lua_gettop(L));
    lua_settop(L, w.types);
  }
  push_sorted(&w);
  lua_createtable(L, 0, 3);
  lua_insert(L, -2);
  lua_setfield(L, -2, "types");
  lua_pushinteger(L, bytes);
  lua_setfield(L, -2, "heapBytes");
  lua_pushinteger(L, w.counted);
  lua_setfield(L, -2, "counted");
  lua_replace(L, top + 1);
  lua_settop(L, top + 1);
}

void heap_push_summary(lua_State *L) {
  push_summary(L);
  StrBuf *text = strbuf_new_lua(L);
  (void)json_encode(L, lua_gettop(L) - 1, text, NULL);
  lua_pushlstring(L, text->p, text->len);
  strbuf_free(text);
  lua_replace(L, -3);
  lua_pop(L, 1);
}
