/* SPDX-License-Identifier: MIT */
/* wire.c - messages between primary and worker: { cmd = "NODE_CLUSTER", act or ack, seq, ... }. */
#include "parts.h"
#include "../child_process/ipc.h"

void wire_push_act(lua_State *L, const char *act) {
  lua_createtable(L, 0, 4);
  lua_pushstring(L, act);
  lua_setfield(L, -2, "act");
}

bool wire_send(lua_State *L, int process, int fd, const char *type, uint64_t *seq) {
  Cluster *c = cluster_state(L);
  int message = lua_gettop(L);
  process = lua_absindex(L, process);
  lua_getfield(L, process, "channel");
  Channel *ch = class_test(L, -1, &channel_class);
  bool open = ch && channel_connected(ch);
  if (open) {
    lua_pushliteral(L, "NODE_CLUSTER");
    lua_setfield(L, message, "cmd");
    if (seq) *seq = c->seq;
    lua_pushinteger(L, (lua_Integer)c->seq++);
    lua_setfield(L, message, "seq");
    open = channel_send_internal(L, ch, message, fd, type);
  }
  lua_settop(L, message - 1);
  return open;
}

const char *wire_string(lua_State *L, int idx, const char *name) {
  idx = lua_absindex(L, idx);
  const char *s = lua_getfield(L, idx, name) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
  lua_pop(L, 1);
  return s;
}

lua_Integer wire_integer(lua_State *L, int idx, const char *name, lua_Integer fallback) {
  int whole = 0;
  lua_Integer n = 0;
  if (lua_getfield(L, idx, name) == LUA_TNUMBER) n = lua_tointegerx(L, -1, &whole);
  lua_pop(L, 1);
  return whole ? n : fallback;
}

bool wire_boolean(lua_State *L, int idx, const char *name) {
  (void)lua_getfield(L, idx, name);
  bool value = lua_isboolean(L, -1) && lua_toboolean(L, -1);
  lua_pop(L, 1);
  return value;
}
