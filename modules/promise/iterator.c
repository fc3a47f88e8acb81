/* SPDX-License-Identifier: MIT */
/* iterator.c - what `for await` goes over in Node: `for v in it do` waits for each value here.
 *
 * The object keeps two functions, next and finish; calling it is one step of a for loop, which awaits
 * next(). A for loop that is left early closes it. */
#include "parts.h"
#include "../core/class.h"
#include "../core/error.h"

enum { ITERATOR_NEXT = UV_CLASS, ITERATOR_FINISH = UV_CLASS + 1 };

void async_iterator_new(lua_State *L) {
  int top = lua_gettop(L);
  luaL_checkstack(L, 8, "iterator");
  (void)class_new(L, &async_iterator_class, sizeof(char), 2);
  lua_insert(L, top - 1);
  lua_setiuservalue(L, top - 1, ITERATOR_FINISH);
  lua_setiuservalue(L, top - 1, ITERATOR_NEXT);
}

void async_push_result(lua_State *L, bool done) {
  lua_createtable(L, 0, 2);
  lua_insert(L, -2);
  lua_setfield(L, -2, "value");
  lua_pushboolean(L, done);
  lua_setfield(L, -2, "done");
}

int async_iterator_return(lua_State *L) {
  luaL_checkstack(L, 3, "iterator");
  lua_pushnil(L);
  lua_pushnil(L);
  lua_pushvalue(L, -3);
  return 4;
}

static int iterator_call(lua_State *L, int which) {
  (void)class_check(L, 1, &async_iterator_class);
  lua_getiuservalue(L, 1, which);
  lua_call(L, 0, 1);
  return 1;
}

static int iterator_next(lua_State *L) { return iterator_call(L, ITERATOR_NEXT); }
static int iterator_finish(lua_State *L) { return iterator_call(L, ITERATOR_FINISH); }

/* The step's { value, done } is there. A value that is nil would end the loop: true stands for it. */
static int step_done(lua_State *L, int status, lua_KContext ctx) {
  (void)status, (void)ctx;
  async_resumed(L);
  lua_getfield(L, -1, "done");
  if (lua_toboolean(L, -1)) return 0;
  lua_getfield(L, -2, "value");
  if (lua_isnil(L, -1)) lua_pushboolean(L, true);
  return 1;
}

static int iterator_step(lua_State *L) {
  lua_settop(L, 1);
  iterator_call(L, ITERATOR_NEXT);
  return async_wait(L, step_done);
}

static int iterator_close(lua_State *L) {
  lua_settop(L, 1);
  iterator_call(L, ITERATOR_FINISH);
  return 0;
}

static const luaL_Reg iterator_meta[] = {
  { "__call", iterator_step }, { "__close", iterator_close }, { NULL, NULL }
};

static const FnDef iterator_methods[] = {
  { "next", iterator_next, FN_METHOD, "next(): Promise",
    "A promise of the next { value = any, done = boolean }.", NULL, NULL, NULL },
  { "return", iterator_finish, FN_METHOD, "return(): Promise",
    "Ends it, as leaving the loop does: it[\"return\"](it).", NULL, NULL, NULL },
  { "finish", iterator_finish, FN_METHOD, "finish(): Promise", "The same as return.", NULL, NULL,
    "`return` is a keyword of Lua." },
  { 0 }
};

const ClassDef async_iterator_class = {
  .name = "AsyncIterator", .abstract = true, .meta = iterator_meta, .methods = iterator_methods,
  .doc = "Values that come one after the other: `for v in it do ... end` waits for each, where await "
         "works. Leaving the loop ends it."
};
