/* SPDX-License-Identifier: MIT */
/* main_chunk.c - see main_chunk.h. The registry keeps the promise of the chunk. */
#include "main_chunk.h"
#include "core/error.h"
#include "core/out.h"
#include "promise/promise.h"

#include <stdio.h>

void main_chunk_set_arg(lua_State *L, const Settings *s, const char *script) {
  lua_createtable(L, s->nargs, s->exec_argc + 2);
  for (int i = 0; i < s->nargs; i++) {
    lua_pushstring(L, s->args[i]);
    lua_rawseti(L, -2, i + 1);
  }
  for (int i = 0; script && i < s->exec_argc; i++) {
    lua_pushstring(L, s->exec_argv[i]);
    lua_rawseti(L, -2, i - s->exec_argc);
  }
  lua_pushstring(L, s->argv0);
  lua_rawseti(L, -2, script ? -1 - s->exec_argc : 0);
  if (script) {
    lua_pushstring(L, script);
    lua_rawseti(L, -2, 0);
  }
  lua_setglobal(L, "arg");
}

static const char main_promise = 0; /* registry: the promise of the main chunk */

void main_chunk_call(lua_State *L, const Settings *s) {
  luaL_checkstack(L, s->nargs + 4, "too many arguments");
  for (int i = 0; i < s->nargs; i++) lua_pushstring(L, s->args[i]);
  async_run(L, s->nargs);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &main_promise);
}

/* The loop has nothing left to do: says so when the main chunk waits for what can never come. */
static int unsettled_body(lua_State *L) {
  Runtime *rt = rt_of(L);
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &main_promise) == LUA_TNIL ||
      promise_state(L, -1) != PROMISE_PENDING)
    return 0;
  if (!rt->exit_code_set) rt->exit_code = EXIT_NEVER_SETTLED;
  rt->exit_code_set = true;
  if (async_push_place(L, -1)) {
    err_push_place(L, lua_tostring(L, -1));
    (void)fprintf(out_file(2), "Warning: Detected unsettled top-level await at %s", lua_tostring(L, -1));
  }
  return 0;
}

void main_chunk_keep(lua_State *L, const char *path) {
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &main_promise);
  promise_push_value(L, -1);
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    lua_pushboolean(L, true);
  }
  lua_setfield(L, -3, path);
}

void main_chunk_finish(Runtime *rt) {
  rt_run(rt);
  if (!rt->leaving) (void)rt_enter(rt, unsettled_body, NULL);
}
