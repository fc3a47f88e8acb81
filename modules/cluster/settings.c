/* SPDX-License-Identifier: MIT */
/* settings.c - setupPrimary: what the next workers are started with. */
#include "parts.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/opts.h"
#include "../core/trace.h"
#include "../events/events.h"
#include "../process/process.h"

#include <stdlib.h>
#include <string.h>

/* Copies the fields of the table on top into the one at `to`. [-1] */
static void merge(lua_State *L, int to) {
  int from = lua_gettop(L);
  for (lua_pushnil(L); lua_next(L, from);) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, to);
  }
  lua_pop(L, 1);
}

/* Sets exec, args, execArgv and silent of the table on top from our own command line. */
static void set_defaults(lua_State *L, int to) {
  process_push(L);
  int process = lua_gettop(L);
  lua_getfield(L, process, "execArgv");
  lua_setfield(L, to, "execArgv");
  lua_getfield(L, process, "argv");
  int argv = lua_gettop(L);
  lua_geti(L, argv, 2);
  lua_setfield(L, to, "exec");
  lua_newtable(L);
  json_mark_array(L, -1);
  lua_Integer n = luaL_len(L, argv);
  for (lua_Integer i = 3; i <= n; i++) {
    lua_geti(L, argv, i);
    lua_rawseti(L, -2, i - 2);
  }
  lua_setfield(L, to, "args");
  lua_pushboolean(L, false);
  lua_setfield(L, to, "silent");
  lua_settop(L, process - 1);
}

/* Tick: (settings) */
static int setup_tick(lua_State *L) {
  cluster_push(L);
  lua_insert(L, 1);
  (void)emit(L, 1, "setup", 1);
  return 0;
}

/* The first call decides how connections are handed out. */
static void freeze_policy(lua_State *L) {
  Cluster *c = cluster_state(L);
  if (c->policy) return;
  (void)cluster_push_value(L, CV_POLICY);
  lua_Integer policy = lua_isinteger(L, -1) ? lua_tointeger(L, -1) : 0;
  if (policy != POLICY_NONE && policy != POLICY_RR)
    (void)err_raise(L, NULL, "ERR_INTERNAL_ASSERTION", "Bad cluster.schedulingPolicy: %s",
                    luaL_tolstring(L, -1, NULL));
  c->policy = (int)policy;
  lua_pop(L, 1);
}

void settings_setup(lua_State *L, int options) {
  cluster_push(L);
  int cluster = lua_gettop(L);
  lua_newtable(L);
  set_defaults(L, cluster + 1);
  if (lua_getiuservalue(L, cluster, CV_SETTINGS) == LUA_TTABLE) merge(L, cluster + 1);
  else lua_pop(L, 1);
  if (options) {
    lua_pushvalue(L, options);
    merge(L, cluster + 1);
  }
  lua_pushvalue(L, cluster + 1);
  lua_setiuservalue(L, cluster, CV_SETTINGS);
  freeze_policy(L);
  trace_role(rt_of(L)->trace, "primary");
  lua_pushcfunction(L, setup_tick);
  lua_pushvalue(L, cluster + 1);
  rt_next_tick(L, 1);
  lua_settop(L, cluster - 1);
}

int cluster_setup_primary(lua_State *L) {
  lua_settop(L, 2);
  bool given = !lua_isnil(L, 2) && !json_is_null(L, 2);
  if (given) arg_table(L, 2, "settings");
  settings_setup(L, given ? 2 : 0);
  return 0;
}

void settings_push_policy(lua_State *L) {
  const char *text = getenv("NODE_CLUSTER_SCHED_POLICY");
  lua_pushinteger(L, text && !strcmp(text, "none") ? POLICY_NONE : POLICY_RR);
}
