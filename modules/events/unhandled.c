/* SPDX-License-Identifier: MIT */
/* unhandled.c - an event "error" that nobody listens to. */
#include "parts.h"

#include <string.h>
#include "../core/class.h"
#include "../core/error.h"
#include "../core/runtime.h"

/* Adds to the stack of the Error at 3 that nobody listened when it was emitted, and where. */
static void add_emitted(lua_State *L) {
  lua_pushliteral(L, "stack");
  if (!lua_istable(L, 3) || lua_rawget(L, 3) != LUA_TSTRING) return;
  if (strstr(lua_tostring(L, -1), "\nEmitted 'error' event ")) return;
  bool named = class_push_name(L, 1) && strcmp(lua_tostring(L, -1), "EventEmitter") != 0;
  lua_pushfstring(L, "%s\nEmitted 'error' event %s%sat:", lua_tostring(L, 4),
                  named ? "on " : "", named ? lua_pushfstring(L, "%s instance ", lua_tostring(L, 5)) : "");
  err_push_stack(L, L, 1);
  const char *frames = lua_tostring(L, -1), *end = *frames ? strchr(frames + 1, '\n') : NULL;
  lua_pushlstring(L, frames, end ? (size_t)(end - frames) : strlen(frames));
  lua_remove(L, -2);
  lua_concat(L, 2);
  lua_pushliteral(L, "stack");
  lua_insert(L, -2);
  lua_rawset(L, 3);
}

/* "error" without a listener: raises the error itself, or one that tells the value. */
int emit_unhandled(lua_State *L) {
  if (lua_gettop(L) < 3) lua_pushnil(L);
  lua_settop(L, 3);
  if (err_is(L, 3)) {
    add_emitted(L);
    lua_settop(L, 3);
    return lua_error(L);
  }
  if (lua_type(L, 3) == LUA_TSTRING) lua_pushfstring(L, "'%s'", lua_tostring(L, 3));
  else if (rt_of(L)->inspect) rt_of(L)->inspect(L, 3);
  else luaL_tolstring(L, 3, NULL);
  err_push(L, NULL, "ERR_UNHANDLED_ERROR", "Unhandled error. (%s)", lua_tostring(L, -1));
  lua_pushvalue(L, 3);
  lua_setfield(L, -2, "context");
  return lua_error(L);
}
