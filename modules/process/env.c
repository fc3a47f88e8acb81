/* SPDX-License-Identifier: MIT */
/* env.c - process.env: the environment itself, as a table.
 *
 * Nothing is kept here: reading asks getenv, writing calls setenv, so C libraries, os.getenv and
 * children see what a script sets. Main thread. */
#include "parts.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../inspect/inspect.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

extern char **environ;

/* The name of a variable at idx; NULL for what can be none. */
static const char *env_name(lua_State *L, int idx) {
  if (lua_type(L, idx) != LUA_TSTRING && lua_type(L, idx) != LUA_TNUMBER) return NULL;
  size_t len;
  lua_pushvalue(L, idx); /* a number keeps its type */
  const char *name = lua_tolstring(L, -1, &len);
  lua_replace(L, idx);
  return len > 0 && strlen(name) == len && !strchr(name, '=') ? name : NULL;
}

static int env_index(lua_State *L) {
  lua_settop(L, 2);
  const char *name = env_name(L, 2), *value = name ? getenv(name) : NULL;
  lua_pushstring(L, value); /* nil for NULL */
  return 1;
}

/* Text of a value as JavaScript's String() has it, without what a C string cannot hold. */
static const char *env_value(lua_State *L, int idx) {
  if (json_is_null(L, idx)) return "null";
  return luaL_tolstring(L, idx, NULL);
}

static int env_newindex(lua_State *L) {
  lua_settop(L, 3);
  const char *name = env_name(L, 2);
  if (!name) return err_arg_value(L, 2, "name", "must be a name without \"=\" and null bytes");
  int failed = lua_isnil(L, 3) ? unsetenv(name) : setenv(name, env_value(L, 3), 1);
  if (failed) return luaL_error(L, "not enough memory");
  if (!strcmp(name, "TZ")) tzset(); /* os.date follows */
  return 0;
}

static int compare_names(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Pushes a table of all variables and an array of their names in order of bytes. [+2] */
static void push_snapshot(lua_State *L) {
  size_t count = 0;
  while (environ && environ[count]) count++;
  lua_createtable(L, 0, (int)count);
  lua_createtable(L, (int)count, 0);
  const char **names = lua_newuserdatauv(L, (count + 1) * sizeof *names, 0);
  int values = lua_gettop(L) - 2, n = 0;
  for (size_t i = 0; i < count; i++) {
    const char *equals = strchr(environ[i], '=');
    if (!equals) continue;
    lua_pushlstring(L, environ[i], (size_t)(equals - environ[i]));
    const char *name = lua_tostring(L, -1); /* the table keeps it */
    lua_pushvalue(L, -1);
    if (lua_rawget(L, values) == LUA_TNIL) names[n++] = name;
    lua_pop(L, 1);
    lua_pushstring(L, equals + 1);
    lua_rawset(L, values);
  }
  qsort(names, (size_t)n, sizeof *names, compare_names);
  for (int i = 0; i < n; i++) {
    lua_pushstring(L, names[i]);
    lua_rawseti(L, values + 1, i + 1);
  }
  lua_pop(L, 1);
}

/* Iterator; upvalues: values, names, index. */
static int env_next(lua_State *L) {
  lua_Integer i = lua_tointeger(L, lua_upvalueindex(3)) + 1;
  lua_pushinteger(L, i);
  lua_replace(L, lua_upvalueindex(3));
  if (lua_rawgeti(L, lua_upvalueindex(2), i) == LUA_TNIL) return 1;
  lua_pushvalue(L, -1);
  lua_rawget(L, lua_upvalueindex(1));
  return 2;
}

static int env_pairs(lua_State *L) {
  push_snapshot(L);
  lua_pushinteger(L, 0);
  lua_pushcclosure(L, env_next, 3);
  return 1;
}

/* What JSON.stringify and inspect show in place of it. */
static int env_copy(lua_State *L) {
  push_snapshot(L);
  lua_pop(L, 1);
  return 1;
}

/* Between the table and the environment stands one that has the methods by which it is shown. */
void process_make_env(lua_State *L) {
  static const luaL_Reg methods[] = { { "toJSON", env_copy },
                                      { INSPECT_CUSTOM, env_copy },
                                      { NULL, NULL } };
  lua_newtable(L);
  lua_createtable(L, 0, 3);
  luaL_newlib(L, methods);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, env_index);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, env_newindex);
  lua_setfield(L, -2, "__newindex");
  lua_pushcfunction(L, env_pairs);
  lua_setfield(L, -2, "__pairs");
  lua_setmetatable(L, -2);
}
