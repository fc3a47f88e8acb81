/* SPDX-License-Identifier: MIT */
/* listener.c - see listener.h. */
#include "listener.h"
#include "../core/opts.h"
#include "../events/events.h"
#include "../events/target.h"

/* The listener itself (value); upvalues: the object, the type, the function, once? */
static int listener_call(lua_State *L) {
  lua_settop(L, 1);
  if (lua_toboolean(L, lua_upvalueindex(4))) {
    lua_pushcfunction(L, listener_remove);
    for (int i = 1; i <= 3; i++) lua_pushvalue(L, lua_upvalueindex(i));
    lua_call(L, 3, 0);
  }
  lua_pushvalue(L, lua_upvalueindex(3));
  event_push(L, lua_tostring(L, lua_upvalueindex(2)));
  event_set_target(L, lua_upvalueindex(1));
  lua_pushvalue(L, 1);
  lua_setfield(L, -2, "data");
  lua_call(L, 1, 0);
  return 0;
}

/* Pushes the listener of the object at 1 around the function at fn. [+1] */
static void listener_push(lua_State *L, const char *type, int fn, bool once) {
  lua_pushvalue(L, 1);
  lua_pushstring(L, type);
  lua_pushvalue(L, fn);
  lua_pushboolean(L, once);
  lua_pushcclosure(L, listener_call, 4);
}

/* Pushes the table of the type, made on first use. [+1] */
static void push_known(lua_State *L, const char *type) {
  if (lua_getiuservalue(L, 1, LISTENER_TABLE) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, 1, LISTENER_TABLE);
  }
  luaL_getsubtable(L, -1, type);
  lua_remove(L, -2);
}

/* Takes the listener on top off the object. [-1] */
static void take_off(lua_State *L, const char *type) {
  lua_pushstring(L, type);
  lua_insert(L, -2);
  class_call_method(L, 1, "removeListener", 2, 0);
}

int listener_add(lua_State *L) {
  (void)class_check(L, 1, &event_emitter_class);
  const char *type = arg_string(L, 2, "type", NULL);
  arg_function(L, 3, "listener");
  lua_settop(L, 4);
  bool once = lua_istable(L, 4) && opt_boolean(L, 4, "once", false);
  push_known(L, type);
  lua_pushvalue(L, 3);
  if (lua_rawget(L, 5) != LUA_TNIL) return 0; /* it is there already */
  listener_push(L, type, 3, once);
  lua_pushvalue(L, 3);
  lua_pushvalue(L, -2);
  lua_rawset(L, 5);
  emitter_on(L, 1, type, false);
  return 0;
}

int listener_remove(lua_State *L) {
  (void)class_check(L, 1, &event_emitter_class);
  const char *type = arg_string(L, 2, "type", NULL);
  arg_function(L, 3, "listener");
  lua_settop(L, 3);
  push_known(L, type);
  lua_pushvalue(L, 3);
  if (lua_rawget(L, 4) == LUA_TNIL) return 0;
  lua_pushvalue(L, 3);
  lua_pushnil(L);
  lua_rawset(L, 4);
  take_off(L, type);
  return 0;
}

int listener_get(lua_State *L, int slot) {
  (void)class_check(L, 1, &event_emitter_class);
  if (lua_getiuservalue(L, 1, slot) != LUA_TFUNCTION) return 0;
  lua_getupvalue(L, -1, 3);
  return 1;
}

int listener_set(lua_State *L, int slot, const char *event) {
  (void)class_check(L, 1, &event_emitter_class);
  lua_settop(L, 2);
  bool old = lua_getiuservalue(L, 1, slot) == LUA_TFUNCTION;
  if (lua_isfunction(L, 2)) listener_push(L, event, 2, false);
  else lua_pushnil(L);
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, 1, slot);
  if (lua_isfunction(L, -1)) emitter_on(L, 1, event, false); /* before the old one goes: no pause between */
  else lua_pop(L, 1);
  if (old) take_off(L, event);
  return 0;
}
