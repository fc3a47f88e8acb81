/* SPDX-License-Identifier: MIT */
/* ipc_sockets.c - how many sockets of a server are in the hands of other processes; see ipc_parts.h.
 *
 * Sockets are counted by the key of the server that accepted them. The holder counts them (GOT) and
 * says when it has none any more, once it was asked to (TOLD). The sender remembers by server which
 * channels took sockets (registry, weak), and by channel and key who waits for an answer: ASKED for
 * getConnections, CLOSING for the end of the last one. */
#include "ipc_parts.h"
#include "../core/error.h"
#include "../events/events.h"
#include "../net/net.h"

#include <string.h>

enum { GOT = 1, TOLD, ASKED, CLOSING };

static const char holders = 0; /* registry: { [server] = { [channel] = true } } */

/* Pushes a field of the table that counts for the channel: { [key] = ... }. [+1] */
static void push_field(lua_State *L, int channel, int field) {
  if (lua_getiuservalue(L, channel, CHANNEL_SOCKETS) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_createtable(L, 4, 0);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, channel, CHANNEL_SOCKETS);
  }
  if (lua_rawgeti(L, -1, field) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawseti(L, -3, field);
  }
  lua_remove(L, -2);
}

/* Sends { cmd = cmd, key = the string at key, count = count (-1: none) }. */
static void tell(lua_State *L, Channel *ch, const char *cmd, int key, lua_Integer count) {
  lua_createtable(L, 0, 3);
  lua_pushstring(L, cmd);
  lua_setfield(L, -2, "cmd");
  lua_pushvalue(L, key);
  lua_setfield(L, -2, "key");
  if (count >= 0) {
    lua_pushinteger(L, count);
    lua_setfield(L, -2, "count");
  }
  (void)channel_send_internal(L, ch, lua_gettop(L), -1, NULL); /* a dead peer asks no more */
  lua_pop(L, 1);
}

/* ---- the holder ---- */

static lua_Integer count_of(lua_State *L, int channel, int key) {
  push_field(L, channel, GOT);
  lua_pushvalue(L, key);
  lua_rawget(L, -2);
  lua_Integer n = lua_tointeger(L, -1);
  lua_pop(L, 2);
  return n;
}

static void set_count(lua_State *L, int channel, int key, lua_Integer n) {
  push_field(L, channel, GOT);
  lua_pushvalue(L, key);
  if (n > 0) lua_pushinteger(L, n);
  else lua_pushnil(L);
  lua_rawset(L, -3);
  lua_pop(L, 1);
}

/* None left, and the sender wants to know: tells it once for each time it has asked. */
static void tell_empty(lua_State *L, Channel *ch, int channel, int key) {
  push_field(L, channel, TOLD);
  lua_pushvalue(L, key);
  lua_rawget(L, -2);
  lua_Integer asked = lua_tointeger(L, -1);
  lua_pop(L, 1);
  lua_pushvalue(L, key);
  lua_pushnil(L);
  lua_rawset(L, -3);
  lua_pop(L, 1);
  while (asked-- > 0) tell(L, ch, "NODE_SOCKET_ALL_CLOSED", key, -1);
}

/* The `close` listener of a received socket. upvalues: channel, key */
static int received_closed(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, lua_upvalueindex(2));
  Channel *ch = class_test(L, 1, &channel_class);
  if (!ch || !handle_is_open(&ch->base)) return 0;
  lua_Integer n = count_of(L, 1, 2) - 1;
  set_count(L, 1, 2, n);
  if (n <= 0) tell_empty(L, ch, 1, 2);
  return 0;
}

void sockets_arrived(lua_State *L, int channel, int socket) {
  int key = lua_gettop(L);
  set_count(L, channel, key, count_of(L, channel, key) + 1);
  lua_pushvalue(L, channel);
  lua_pushvalue(L, key);
  lua_pushcclosure(L, received_closed, 2);
  emitter_on(L, socket, "close", true);
}

static void asked_to_tell(lua_State *L, Channel *ch, int channel, int key) {
  push_field(L, channel, TOLD);
  lua_pushvalue(L, key);
  lua_pushvalue(L, key);
  lua_rawget(L, -3);
  lua_pushinteger(L, lua_tointeger(L, -1) + 1);
  lua_replace(L, -2);
  lua_rawset(L, -3);
  lua_pop(L, 1);
  if (count_of(L, channel, key) == 0) tell_empty(L, ch, channel, key);
}

/* ---- the sender ---- */

/* Pushes the set of channels that took sockets of the server. [+1] */
static void push_holders(lua_State *L, int server) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &holders) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "k");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &holders);
  }
  lua_pushvalue(L, server);
  if (lua_rawget(L, -2) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, server);
    lua_pushvalue(L, -2);
    lua_rawset(L, -4);
  }
  lua_remove(L, -2);
}

/* Appends the value on top to the list of the key in a field of the channel. [-1] */
static void append_waiting(lua_State *L, int channel, int field, int key) {
  push_field(L, channel, field);
  lua_pushvalue(L, key);
  if (lua_rawget(L, -2) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, key);
    lua_pushvalue(L, -2);
    lua_rawset(L, -4);
  }
  lua_pushvalue(L, -3);
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  lua_pop(L, 3);
}

/* Takes the oldest value of such a list. [+1|0] */
static bool take_waiting(lua_State *L, int channel, int field, int key) {
  push_field(L, channel, field);
  lua_pushvalue(L, key);
  if (lua_rawget(L, -2) != LUA_TTABLE) {
    lua_pop(L, 2);
    return false;
  }
  int list = lua_gettop(L);
  lua_Integer n = (lua_Integer)lua_rawlen(L, list);
  lua_rawgeti(L, list, 1);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, list, i + 1);
    lua_rawseti(L, list, i);
  }
  if (n <= 1) {
    lua_pushvalue(L, key);
    lua_pushnil(L);
    lua_rawset(L, list - 1);
  }
  lua_replace(L, list - 1);
  lua_settop(L, list - 1);
  return !lua_isnil(L, -1);
}

/* One of the reasons for which `close` of the server on top waits is gone. [-1] */
static void let_go(lua_State *L) {
  NetServer *v = net_server_test(L, -1);
  if (v && v->held > 0) {
    v->held--;
    net_server_drained(L, lua_gettop(L));
  }
  lua_pop(L, 1);
}

/* Asks the channel to tell when it has no more sockets of the server. */
static void ask_end(lua_State *L, int server, int channel) {
  Channel *ch = class_test(L, channel, &channel_class);
  if (!ch || !handle_is_open(&ch->base)) return;
  net_server_push_key(L, server);
  int key = lua_gettop(L);
  net_server_test(L, server)->held++;
  lua_pushvalue(L, server);
  append_waiting(L, channel, CLOSING, key);
  tell(L, ch, "NODE_SOCKET_NOTIFY_CLOSE", key, -1);
  lua_pop(L, 1);
}

/* NetServer.closing */
static void server_closing(lua_State *L, int server) {
  luaL_checkstack(L, 20, "ipc");
  push_holders(L, server);
  int set = lua_gettop(L);
  for (lua_pushnil(L); lua_next(L, set); lua_pop(L, 1)) ask_end(L, server, lua_gettop(L) - 1);
  lua_pop(L, 1);
}

/* A question for getConnections: { left, total, callback }. */
enum { Q_LEFT = 1, Q_TOTAL, Q_CALLBACK };

/* One answer (the error is on top, nil: none) for the question at q. [-1] */
static void answer(lua_State *L, int q, lua_Integer count) {
  lua_rawgeti(L, q, Q_LEFT);
  lua_Integer left = lua_tointeger(L, -1) - 1;
  lua_rawgeti(L, q, Q_TOTAL);
  lua_Integer total = lua_tointeger(L, -1) + count;
  lua_pop(L, 2);
  bool failed = !lua_isnil(L, -1);
  lua_pushinteger(L, failed ? -1 : left);
  lua_rawseti(L, q, Q_LEFT);
  lua_pushinteger(L, total);
  lua_rawseti(L, q, Q_TOTAL);
  if (left >= 0 && (failed || left == 0)) {
    lua_rawgeti(L, q, Q_CALLBACK);
    lua_pushvalue(L, -2);
    if (failed) lua_pushnil(L);
    else lua_pushinteger(L, total);
    rt_next_tick(L, 2);
  }
  lua_pop(L, 1);
}

/* NetServer.count */
static void server_count(lua_State *L, int server, int callback) {
  luaL_checkstack(L, 20, "ipc");
  push_holders(L, server);
  int set = lua_gettop(L);
  lua_Integer left = 1;
  lua_createtable(L, 3, 0);
  int q = lua_gettop(L);
  lua_pushinteger(L, net_server_test(L, server)->connections);
  lua_rawseti(L, q, Q_TOTAL);
  lua_pushvalue(L, callback);
  lua_rawseti(L, q, Q_CALLBACK);
  net_server_push_key(L, server);
  int key = lua_gettop(L);
  for (lua_pushnil(L); lua_next(L, set); lua_pop(L, 1)) {
    int channel = lua_gettop(L) - 1;
    Channel *ch = class_test(L, channel, &channel_class);
    if (!ch || !handle_is_open(&ch->base)) continue;
    left++;
    lua_pushvalue(L, q);
    append_waiting(L, channel, ASKED, key);
    tell(L, ch, "NODE_SOCKET_GET_COUNT", key, -1);
  }
  lua_pushinteger(L, left);
  lua_rawseti(L, q, Q_LEFT);
  lua_pushnil(L);
  answer(L, q, 0);
  lua_settop(L, set - 1);
}

void sockets_leaving(lua_State *L, int server) { net_server_test(L, server)->held++; }

void sockets_left(lua_State *L, int socket, Channel *ch) {
  luaL_checkstack(L, 20, "ipc");
  int top = lua_gettop(L);
  net_socket_push_server(L, socket);
  NetServer *v = net_server_test(L, top + 1);
  if (!v) {
    lua_settop(L, top);
    return;
  }
  if (ch && handle_is_open(&ch->base)) {
    v->closing = server_closing;
    v->count = server_count;
    push_holders(L, top + 1);
    int channel = handle_push(L, &ch->base);
    lua_pushvalue(L, channel);
    lua_pushboolean(L, true);
    lua_rawset(L, top + 2);
    if (!v->listening) ask_end(L, top + 1, channel);
    lua_settop(L, top + 1);
  }
  let_go(L);
}

/* ---- both ---- */

void handle_counts(lua_State *L, Channel *ch, int channel, int message, const char *cmd) {
  luaL_checkstack(L, 20, "ipc");
  int top = lua_gettop(L);
  if (lua_getfield(L, message, "key") != LUA_TSTRING) {
    lua_settop(L, top);
    return;
  }
  int key = top + 1;
  if (!strcmp(cmd, "NODE_SOCKET_GET_COUNT")) {
    tell(L, ch, "NODE_SOCKET_COUNT", key, count_of(L, channel, key));
  } else if (!strcmp(cmd, "NODE_SOCKET_NOTIFY_CLOSE")) {
    asked_to_tell(L, ch, channel, key);
  } else if (!strcmp(cmd, "NODE_SOCKET_COUNT")) {
    lua_getfield(L, message, "count");
    lua_Integer count = lua_tointeger(L, -1);
    if (take_waiting(L, channel, ASKED, key)) {
      lua_pushnil(L);
      answer(L, lua_gettop(L) - 1, count);
    }
  } else if (!strcmp(cmd, "NODE_SOCKET_ALL_CLOSED")) {
    if (take_waiting(L, channel, CLOSING, key)) let_go(L);
  }
  lua_settop(L, top);
}

/* Calls fn for each value that waits in a field of the channel; fn pops it. */
static void drain_field(lua_State *L, int channel, int field, void (*fn)(lua_State *L)) {
  push_field(L, channel, field);
  int lists = lua_gettop(L);
  for (lua_pushnil(L); lua_next(L, lists); lua_pop(L, 1)) {
    lua_Integer n = (lua_Integer)lua_rawlen(L, lists + 2);
    for (lua_Integer i = 1; i <= n; i++) {
      lua_rawgeti(L, lists + 2, i);
      fn(L);
    }
  }
  lua_pop(L, 1);
}

/* Nobody will answer the question on top. [-1] */
static void no_answer(lua_State *L) {
  int q = lua_gettop(L);
  err_push(L, NULL, "ERR_CHILD_CLOSED_BEFORE_REPLY", "Child closed before reply received");
  answer(L, q, 0);
  lua_pop(L, 1);
}

void sockets_end(lua_State *L, int channel) {
  luaL_checkstack(L, 20, "ipc");
  if (lua_getiuservalue(L, channel, CHANNEL_SOCKETS) == LUA_TTABLE) {
    drain_field(L, channel, ASKED, no_answer);
    drain_field(L, channel, CLOSING, let_go);
    lua_pushnil(L);
    lua_setiuservalue(L, channel, CHANNEL_SOCKETS);
  }
  lua_pop(L, 1);
}
