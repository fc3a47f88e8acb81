/* SPDX-License-Identifier: MIT */
/* inside.c - the side of a worker: joining the cluster, the talk with the primary, leaving.
 *
 * Leaving (disconnect, from either side) closes every server that the primary knows of, waits until all
 * of them have closed, and closes the channel then; a worker that goes by itself first waits for the
 * primary to know. A channel that ends without that ends the worker. */
#include "parts.h"
#include "inside.h"
#include "../child_process/ipc.h"
#include "../core/opts.h"
#include "../core/runtime.h"
#include "../events/events.h"
#include "../process/process.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int claimed = -1; /* set once by main before any thread */

void cluster_claim(void) {
  const char *text = getenv("NODE_UNIQUE_ID");
  if (!text) return;
  claimed = atoi(text) & INT32_MAX;
  (void)unsetenv("NODE_UNIQUE_ID");
}

bool cluster_claimed(void) { return claimed >= 0; }
int cluster_claimed_id(void) { return claimed; }

/* ---- messages ---- */

bool inside_send(lua_State *L) {
  process_push(L);
  lua_insert(L, -2);
  bool sent = wire_send(L, lua_gettop(L) - 1, -1, NULL, NULL);
  lua_pop(L, 1);
  return sent;
}

bool inside_ask(lua_State *L) {
  uint64_t seq;
  int fn = lua_gettop(L);
  process_push(L);
  lua_pushvalue(L, fn - 1);
  bool sent = wire_send(L, fn + 1, -1, NULL, &seq);
  if (sent) {
    (void)cluster_push_value(L, CV_REQUESTS);
    lua_pushvalue(L, fn);
    lua_rawseti(L, -2, (lua_Integer)seq);
  }
  lua_settop(L, fn - 2);
  return sent;
}

/* The primary has answered: calls what waits for that with (message, fd). False: nothing does. */
static bool answered(lua_State *L, int message, int fd) {
  lua_Integer ack = wire_integer(L, message, "ack", -1);
  int top = lua_gettop(L);
  if (ack < 0) return false;
  (void)cluster_push_value(L, CV_REQUESTS);
  if (lua_rawgeti(L, top + 1, ack) == LUA_TNIL) {
    lua_settop(L, top);
    return false;
  }
  lua_pushnil(L);
  lua_rawseti(L, top + 1, ack);
  lua_pushvalue(L, message);
  lua_pushinteger(L, fd);
  lua_call(L, 2, 0);
  lua_settop(L, top);
  return true;
}

static void leave(lua_State *L, bool told);

static void on_internal(lua_State *L, Channel *ch, int owner, int message, int fd) {
  (void)ch, (void)owner;
  if (answered(L, message, fd)) return;
  const char *act = wire_string(L, message, "act");
  if (act && !strcmp(act, "newconn")) {
    inside_connection(L, message, fd);
    return;
  }
  if (fd >= 0) (void)close(fd);
  if (act && !strcmp(act, "disconnect")) leave(L, true);
}

/* ---- leaving ---- */

static void close_channel(lua_State *L) {
  process_push(L);
  lua_getfield(L, -1, "connected");
  bool connected = lua_toboolean(L, -1);
  lua_pop(L, 1);
  if (connected) class_call_method(L, lua_gettop(L), "disconnect", 0, 0);
  lua_pop(L, 1);
}

/* (reply, fd): the primary knows */
static int on_told(lua_State *L) {
  close_channel(L);
  return 0;
}

/* Tells the primary, whose answer closes the channel. */
static void tell_and_close(lua_State *L) {
  wire_push_act(L, "exitedAfterDisconnect");
  lua_pushcfunction(L, on_told);
  (void)inside_ask(L);
}

/* One server less to wait for: its `close` callback, and the end of leave itself. */
static int server_closed(lua_State *L) {
  Cluster *c = cluster_state(L);
  if (--c->waiting > 0) return 0;
  c->leaving = false;
  if (c->told) close_channel(L);
  else tell_and_close(L);
  return 0;
}

/* Closes the servers and then the channel; told: the primary has asked for it. */
static void leave(lua_State *L, bool told) {
  Cluster *c = cluster_state(L);
  int top = lua_gettop(L);
  (void)cluster_push_value(L, CV_WORKER);
  if (lua_isnil(L, -1)) return;
  worker_set_left(L, top + 1, true);
  c->told |= told;
  if (c->leaving) return; /* its servers are closing already */
  c->leaving = true;
  c->waiting = 1;
  lua_newtable(L); /* closing one takes it out of CV_SERVERS */
  (void)cluster_push_value(L, CV_SERVERS);
  lua_Integer n = 0;
  for (lua_pushnil(L); lua_next(L, top + 3);) lua_rawseti(L, top + 2, ++n);
  for (lua_Integer i = 1; i <= n; i++) {
    c->waiting++;
    lua_rawgeti(L, top + 2, i);
    lua_pushcfunction(L, server_closed);
    class_call_method(L, top + 4, "close", 1, 0);
    lua_settop(L, top + 3);
  }
  lua_settop(L, top);
  (void)server_closed(L);
}

int inside_worker_disconnect(lua_State *L) {
  lua_settop(L, 1);
  if (worker_in_state(L, 1, "disconnecting") || worker_in_state(L, 1, "destroying")) return 1;
  worker_set_state(L, 1, "disconnecting");
  leave(L, false);
  return 1;
}

static int exit_now(lua_State *L) { return rt_exit(L, 0); }

int inside_worker_kill(lua_State *L) {
  if (worker_in_state(L, 1, "destroying")) return 0;
  worker_set_left(L, 1, true);
  if (!worker_is_connected(L, 1)) return rt_exit(L, 0);
  worker_set_state(L, 1, "destroying");
  tell_and_close(L);
  process_push(L);
  lua_pushcfunction(L, exit_now);
  emitter_on(L, -2, "disconnect", true);
  return 0;
}

/* ---- joining ---- */

/* `disconnect` of process. upvalue: the worker */
static int on_process_disconnect(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  (void)emit(L, 1, "disconnect", 0);
  /* The primary is gone, or has cut the channel: nobody would ever end us. */
  return worker_left(L, 1) ? 0 : rt_exit(L, 0);
}

void cluster_join(lua_State *L) {
  int top = lua_gettop(L);
  if (claimed < 0) return;
  cluster_push(L);
  process_push(L);
  worker_push_new(L, claimed, top + 2, "online");
  lua_pushvalue(L, top + 3);
  lua_setiuservalue(L, top + 1, CV_WORKER);
  lua_pushcclosure(L, on_process_disconnect, 1);
  emitter_on(L, top + 2, "disconnect", true);
  lua_settop(L, top);
  channel_set_cluster_hook(L, on_internal);
  inside_open_servers(L);
  wire_push_act(L, "online");
  (void)inside_send(L);
}
