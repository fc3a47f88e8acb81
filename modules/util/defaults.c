/* SPDX-License-Identifier: MIT */
/* defaults.c - util.inspect.defaultOptions: a live table of the options that inspect uses. */
#include "parts.h"
#include "../core/error.h"
#include "../core/opts.h"
#include "../inspect/inspect.h"

#include <string.h>

/* ---- the table ---- */

static const char *const names[] = { "showHidden", "depth", "colors", "customInspect", "maxArrayLength",
                                     "maxStringLength", "breakLength", "compact", NULL };

/* Pushes the option i as it stands. [+1] */
static void push_option(lua_State *L, const InspectOptions *now, int i) {
  switch (i) {
  case 0: lua_pushboolean(L, now->show_hidden); break;
  case 1: lua_pushinteger(L, now->depth); break;
  case 2: lua_pushboolean(L, now->colors); break;
  case 3: lua_pushboolean(L, !now->no_calls); break;
  case 4: lua_pushinteger(L, now->max_array); break;
  case 5: lua_pushinteger(L, now->max_string); break;
  case 6: lua_pushinteger(L, now->break_length); break;
  default: lua_pushinteger(L, now->compact); break;
  }
}

static int option_number(lua_State *L, int idx) {
  if (lua_type(L, idx) != LUA_TSTRING) return -1;
  for (int i = 0; names[i]; i++)
    if (!strcmp(names[i], lua_tostring(L, idx))) return i;
  return -1;
}

static int defaults_index(lua_State *L) {
  int i = option_number(L, 2);
  if (i < 0) return 0;
  push_option(L, inspect_current(L), i);
  return 1;
}

static int defaults_newindex(lua_State *L) {
  if (option_number(L, 2) < 0)
    return err_raise(L, &type_error_class, "ERR_INVALID_ARG_VALUE", "inspect has no option '%s'",
                     luaL_tolstring(L, 2, NULL));
  lua_settop(L, 3);
  lua_createtable(L, 0, 1);
  lua_insert(L, 2);
  lua_rawset(L, 2);
  inspect_read_options(L, 2, inspect_current(L));
  return 0;
}

/* (table, key) -> the next option and its value */
static int defaults_next(lua_State *L) {
  int i = lua_isnil(L, 2) ? 0 : option_number(L, 2) + 1;
  if (!names[i]) return 0;
  lua_pushstring(L, names[i]);
  push_option(L, inspect_current(L), i);
  return 2;
}

static int defaults_pairs(lua_State *L) {
  lua_settop(L, 1);
  lua_pushcfunction(L, defaults_next);
  lua_insert(L, 1);
  return 2;
}

static int defaults_inspect(lua_State *L) {
  lua_createtable(L, 0, 8);
  for (int i = 0; names[i]; i++) {
    push_option(L, inspect_current(L), i);
    lua_setfield(L, -2, names[i]);
  }
  return 1;
}

static const luaL_Reg defaults_meta[] = { { "__index", defaults_index },
                                          { "__newindex", defaults_newindex },
                                          { "__pairs", defaults_pairs },
                                          { NULL, NULL } };

/* ---- the field ---- */

/* inspect.defaultOptions; upvalue: the live table */
static int inspect_index(lua_State *L) {
  if (lua_type(L, 2) != LUA_TSTRING || strcmp(lua_tostring(L, 2), "defaultOptions") != 0) return 0;
  lua_pushvalue(L, lua_upvalueindex(1));
  return 1;
}

/* inspect.defaultOptions = options: those that it names are changed */
static int inspect_newindex(lua_State *L) {
  lua_settop(L, 3);
  if (lua_type(L, 2) != LUA_TSTRING || strcmp(lua_tostring(L, 2), "defaultOptions") != 0) {
    lua_rawset(L, 1);
    return 0;
  }
  arg_table(L, 3, "options");
  InspectOptions *now = inspect_current(L), next = *now;
  inspect_read_options(L, 3, &next);
  *now = next;
  return 0;
}

void defaults_open(lua_State *L) {
  lua_newtable(L);
  luaL_newlib(L, defaults_meta);
  lua_setmetatable(L, -2);
  lua_pushcfunction(L, defaults_inspect);
  lua_pushliteral(L, INSPECT_CUSTOM);
  lua_insert(L, -2);
  lua_rawset(L, -3);
  lua_getmetatable(L, -2);
  lua_pushvalue(L, -2);
  lua_pushcclosure(L, inspect_index, 1);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, inspect_newindex);
  lua_setfield(L, -2, "__newindex");
  lua_pop(L, 2);
}
