/* SPDX-License-Identifier: MIT */
/* primary.c - the primary: forks workers, tells what becomes of them, answers what they ask.
 *
 * A worker's ChildProcess keeps the Worker alive by the listeners that are hung to it here, and finds it
 * in CV_PROCESSES when a message of the protocol comes. */
#include "parts.h"
#include "../child_process/child_process.h"
#include "../child_process/ipc.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/opts.h"
#include "../events/events.h"
#include "../process/process.h"

#include <arpa/inet.h>
#include <limits.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

/* ---- the list of workers ---- */

static void remove_worker(lua_State *L, int worker) {
  int top = lua_gettop(L);
  lua_Integer id = worker_check(L, worker)->id;
  (void)cluster_push_value(L, CV_WORKERS);
  lua_pushnil(L);
  lua_rawseti(L, top + 1, id);
  lua_pushnil(L);
  if (!lua_next(L, top + 1)) {
    (void)cluster_push_value(L, CV_INTERCOM);
    (void)emit(L, lua_gettop(L), "disconnect", 0);
  }
  lua_settop(L, top);
}

/* ---- what happens to a worker: listeners of its process, the worker is their upvalue ---- */

/* Emits the event from the worker at 1 and then from cluster, with the worker and the nargs values from 2
 * on. */
static void tell_both(lua_State *L, const char *event, int nargs) {
  for (int i = 0; i < nargs; i++) lua_pushvalue(L, 2 + i);
  (void)emit(L, 1, event, nargs);
  cluster_push(L);
  int cluster = lua_gettop(L);
  lua_pushvalue(L, 1);
  for (int i = 0; i < nargs; i++) lua_pushvalue(L, 2 + i);
  (void)emit(L, cluster, event, nargs + 1);
}

/* (message, handle) of the worker's event */
static int on_worker_message(lua_State *L) {
  lua_settop(L, 2);
  cluster_push(L);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, 1);
  lua_pushvalue(L, 2);
  (void)emit(L, 3, "message", 3);
  return 0;
}

/* (code, signal) */
static int on_process_exit(lua_State *L) {
  lua_settop(L, 2);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  if (!worker_is_connected(L, 1)) {
    share_drop_all(L, 1);
    remove_worker(L, 1);
  }
  worker_set_left(L, 1, worker_left(L, 1));
  worker_set_state(L, 1, "dead");
  tell_both(L, "exit", 2);
  return 0;
}

static int on_process_disconnect(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  share_drop_all(L, 1);
  if (worker_is_dead(L, 1)) remove_worker(L, 1);
  worker_set_left(L, 1, worker_left(L, 1));
  worker_set_state(L, 1, "disconnected");
  tell_both(L, "disconnect", 0);
  return 0;
}

static void listen_to(lua_State *L, int emitter, int worker, const char *event, lua_CFunction fn,
                      bool once) {
  lua_pushvalue(L, worker);
  lua_pushcclosure(L, fn, 1);
  emitter_on(L, emitter, event, once);
}

/* ---- fork ---- */

/* Pushes our environment, with the pairs of the table at extra (0: none) and the worker's number. [+1] */
static void push_env(lua_State *L, int extra, lua_Integer id) {
  lua_newtable(L);
  int env = lua_gettop(L);
  for (char **e = environ; *e; e++) {
    const char *equals = strchr(*e, '=');
    if (!equals) continue;
    lua_pushlstring(L, *e, (size_t)(equals - *e));
    lua_pushstring(L, equals + 1);
    lua_rawset(L, env);
  }
  if (extra)
    for (lua_pushnil(L); lua_next(L, extra);) {
      lua_pushvalue(L, -2);
      lua_insert(L, -2);
      lua_rawset(L, env);
    }
  lua_settop(L, env);
  lua_pushfstring(L, "%I", id);
  lua_setfield(L, env, "NODE_UNIQUE_ID");
}

/* The options of our own program go to workers that run it, too; fork knows which. */
static void set_exec_argv(lua_State *L, int settings, int options) {
  bool other = lua_getfield(L, settings, "execPath") != LUA_TNIL;
  lua_getfield(L, settings, "execArgv");
  process_push(L);
  lua_getfield(L, -1, "execArgv");
  bool own = lua_rawequal(L, -1, -3);
  lua_pop(L, 2);
  if (own && other) {
    lua_pop(L, 1);
    lua_newtable(L);
  }
  if (own && !other) lua_pop(L, 1);
  else lua_setfield(L, options, "execArgv");
  lua_setfield(L, options, "execPath");
}

/* Pushes the ChildProcess of a new worker. [+1] */
static void start_process(lua_State *L, int env, lua_Integer id) {
  static const char *const taken[] = { "cwd", "serialization", "silent", "stdio", "uid", "gid",
                                       "windowsHide" };
  (void)cluster_push_value(L, CV_SETTINGS);
  int settings = lua_gettop(L);
  lua_pushcfunction(L, child_process_fork);
  lua_getfield(L, settings, "exec");
  lua_getfield(L, settings, "args");
  lua_newtable(L);
  int options = lua_gettop(L);
  for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
    lua_getfield(L, settings, taken[i]);
    lua_setfield(L, options, taken[i]);
  }
  set_exec_argv(L, settings, options);
  push_env(L, env, id);
  lua_setfield(L, options, "env");
  lua_call(L, 3, 1);
  lua_remove(L, settings);
}

/* Tick: (worker) */
static int fork_tick(lua_State *L) {
  cluster_push(L);
  lua_insert(L, 1);
  (void)emit(L, 1, "fork", 1);
  return 0;
}

int cluster_fork(lua_State *L) {
  lua_settop(L, 2);
  int env = lua_isnil(L, 2) || json_is_null(L, 2) ? 0 : 2;
  if (env) arg_table(L, 2, "env");
  settings_setup(L, 0);
  lua_Integer id = ++cluster_state(L)->ids;
  start_process(L, env, id);
  int process = 3, worker = 4;
  worker_push_new(L, id, process, "none");
  (void)cluster_push_value(L, CV_PROCESSES);
  lua_pushvalue(L, process);
  lua_pushvalue(L, worker);
  lua_rawset(L, -3);
  lua_pop(L, 1);
  listen_to(L, worker, worker, "message", on_worker_message, false);
  listen_to(L, process, worker, "exit", on_process_exit, true);
  listen_to(L, process, worker, "disconnect", on_process_disconnect, true);
  lua_pushcfunction(L, fork_tick);
  lua_pushvalue(L, worker);
  rt_next_tick(L, 1);
  (void)cluster_push_value(L, CV_WORKERS);
  lua_pushvalue(L, worker);
  lua_rawseti(L, -2, id);
  lua_settop(L, worker);
  return 1;
}

/* ---- disconnect ---- */

/* Sends the message on top to the worker. [-1] */
static void send_to(lua_State *L, int worker, int fd, const char *type) {
  worker = lua_absindex(L, worker);
  worker_push_process(L, worker);
  lua_insert(L, -2);
  (void)wire_send(L, lua_gettop(L) - 1, fd, type, NULL);
  lua_pop(L, 1);
}

int primary_worker_disconnect(lua_State *L) {
  worker_set_left(L, 1, true);
  if (worker_is_connected(L, 1)) {
    wire_push_act(L, "disconnect");
    send_to(L, 1, -1, NULL);
  }
  share_retire_all(L, 1);
  remove_worker(L, 1);
  lua_settop(L, 1);
  return 1;
}

int primary_worker_kill(lua_State *L) {
  lua_settop(L, 2);
  worker_push_process(L, 1);
  if (lua_isnil(L, 3)) return 0;
  if (lua_isnil(L, 2)) lua_pushliteral(L, "SIGTERM");
  else lua_pushvalue(L, 2);
  class_call_method(L, 3, "kill", 1, 0);
  return 0;
}

static int intercom_tick(lua_State *L) {
  (void)cluster_push_value(L, CV_INTERCOM);
  (void)emit(L, lua_gettop(L), "disconnect", 0);
  return 0;
}

/* Pushes an array of cluster.workers in the order of their numbers. [+1] */
static lua_Integer push_workers(lua_State *L) {
  lua_newtable(L);
  int list = lua_gettop(L);
  lua_Integer n = 0, last = cluster_state(L)->ids;
  (void)cluster_push_value(L, CV_WORKERS);
  for (lua_Integer id = 1; id <= last; id++) {
    if (lua_rawgeti(L, list + 1, id) == LUA_TNIL) lua_pop(L, 1);
    else lua_rawseti(L, list, ++n);
  }
  lua_pop(L, 1);
  return n;
}

int cluster_disconnect(lua_State *L) {
  lua_settop(L, 2);
  bool told = arg_is_callable(L, 2);
  lua_Integer n = push_workers(L);
  if (n == 0) {
    lua_pushcfunction(L, intercom_tick);
    rt_next_tick(L, 0);
  }
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, 3, i);
    if (worker_is_connected(L, 4)) class_call_method(L, 4, "disconnect", 0, 0);
    lua_settop(L, 3);
  }
  if (!told) return 0;
  (void)cluster_push_value(L, CV_INTERCOM);
  lua_pushvalue(L, 2);
  emitter_on(L, 4, "disconnect", true);
  return 0;
}

/* ---- what workers ask: (worker at 1, message at 2) ---- */

static void act_online(lua_State *L) {
  worker_set_state(L, 1, "online");
  tell_both(L, "online", 0);
}

static void act_left(lua_State *L) {
  worker_set_left(L, 1, true);
  lua_createtable(L, 0, 3);
  lua_getfield(L, 2, "seq");
  lua_setfield(L, -2, "ack");
  send_to(L, 1, -1, NULL);
}

/* Sets field `name` of the table on top from the message, where it is there. */
static void copy_field(lua_State *L, const char *name) {
  if (lua_getfield(L, 2, name) == LUA_TNIL) lua_pop(L, 1);
  else lua_setfield(L, -2, name);
}

static void act_listening(lua_State *L) {
  lua_settop(L, 2);
  lua_createtable(L, 0, 4);
  copy_field(L, "addressType");
  copy_field(L, "address");
  copy_field(L, "port");
  copy_field(L, "fd");
  lua_replace(L, 2);
  worker_set_state(L, 1, "listening");
  tell_both(L, "listening", 1);
}

static void act_close(lua_State *L) {
  (void)cluster_push_value(L, CV_KEYS);
  if (lua_getfield(L, 2, "key") != LUA_TNIL && lua_rawget(L, 3) != LUA_TNIL) share_retire(L, 4, 1);
}

/* ---- queryServer ---- */

/* Appends field `name` of the message to b as JavaScript would print it. */
static void add_js(lua_State *L, luaL_Buffer *b, const char *name) {
  int type = lua_getfield(L, 2, name);
  if (type == LUA_TNIL) lua_pushliteral(L, "undefined");
  else if (json_is_null(L, -1)) lua_pushliteral(L, "null");
  else luaL_tolstring(L, -1, NULL);
  lua_remove(L, -2);
  luaL_addvalue(b);
}

/* Pushes the name of what the worker asks for, the same for all who ask for it. [+1] */
static void push_key_name(lua_State *L) {
  static const char *const parts[] = { "address", "port", "addressType", "fd", "index" };
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (int i = 0; i < 5; i++) {
    if (i) luaL_addchar(&b, ':');
    add_js(L, &b, parts[i]);
  }
  luaL_pushresult(&b);
}

/* A path as it is, or from our folder when that is shorter: a socket's has room for 107 bytes. [+1] */
static const char *push_short_path(lua_State *L, const char *path) {
  char folder[4096];
  size_t n = getcwd(folder, sizeof folder) ? strlen(folder) : 0;
  if (n > 1 && !strncmp(path, folder, n) && path[n] == '/' && path[n + 1]) path += n + 1;
  return lua_pushstring(L, path);
}

/* Reads the request. Strings borrow from the message, or from what is pushed. [+1] */
static SocketWish read_wish(lua_State *L) {
  const char *type = wire_string(L, 2, "addressType"), *address = wire_string(L, 2, "address");
  lua_Integer port = wire_integer(L, 2, "port", 0), fd = wire_integer(L, 2, "fd", -1);
  if (port > 65535) port = 65535;
  if (fd > INT_MAX || fd < -1) fd = INT_MAX; /* no such descriptor */
  SocketWish w = { SOCKET_TCP, address, (int)port, (int)wire_integer(L, 2, "flags", 0), (int)fd,
                   wire_boolean(L, 2, "readableAll"),
                   wire_boolean(L, 2, "writableAll") };
  if (type && !strcmp(type, "udp4")) w.kind = SOCKET_UDP4;
  else if (type && !strcmp(type, "udp6")) w.kind = SOCKET_UDP6;
  else if (port < 0) w.kind = SOCKET_UNIX;
  if (w.kind == SOCKET_UNIX && address) w.address = push_short_path(L, address);
  else lua_pushnil(L);
  if (w.kind == SOCKET_UDP4 && !w.address) w.address = "0.0.0.0";
  return w;
}

/* Pushes the Share of that name, made now if need be. Worker at 1, message at 2, name at 3, keys at 4. [+1] */
static void push_key(lua_State *L) {
  lua_pushvalue(L, 3);
  if (lua_rawget(L, 4) != LUA_TNIL) return;
  lua_pop(L, 1);
  SocketWish w = read_wish(L);
  bool shared = w.kind > SOCKET_UNIX || cluster_state(L)->policy == POLICY_NONE;
  (void)share_new(L, 3, &w, shared, (int)wire_integer(L, 2, "backlog", 0));
  lua_remove(L, -2);
  lua_pushvalue(L, 3);
  lua_pushvalue(L, -2);
  lua_rawset(L, 4);
}

/* Pushes the answer. Share at 5. [+1] */
static void push_reply(lua_State *L, const ShareReply *r) {
  int reply = lua_gettop(L) + 1;
  lua_createtable(L, 0, 7);
  if (r->error || r->fd >= 0) lua_pushinteger(L, r->error);
  else json_push_null(L);
  lua_setfield(L, -2, "errno");
  lua_pushvalue(L, 3);
  lua_setfield(L, -2, "key");
  lua_getfield(L, 2, "seq");
  lua_setfield(L, -2, "ack");
  share_push_data(L, 5);
  if (lua_isnil(L, -1)) json_push_null(L);
  lua_setfield(L, reply, "data");
  lua_settop(L, reply);
}

/* Pushes { address, family, port }. [+1] */
static void push_address(lua_State *L, const struct sockaddr_storage *name) {
  char text[INET6_ADDRSTRLEN] = "";
  bool v6 = name->ss_family == AF_INET6;
  lua_createtable(L, 0, 3);
  if (v6) (void)uv_ip6_name((const struct sockaddr_in6 *)name, text, sizeof text);
  else (void)uv_ip4_name((const struct sockaddr_in *)name, text, sizeof text);
  lua_pushstring(L, text);
  lua_setfield(L, -2, "address");
  lua_pushstring(L, v6 ? "IPv6" : "IPv4");
  lua_setfield(L, -2, "family");
  in_port_t port = v6 ? ((const struct sockaddr_in6 *)name)->sin6_port
                      : ((const struct sockaddr_in *)name)->sin_port;
  lua_pushinteger(L, ntohs(port));
  lua_setfield(L, -2, "port");
}

static void act_query_server(lua_State *L) {
  ShareReply reply;
  if (worker_left(L, 1)) return; /* it is on its way out */
  push_key_name(L);
  (void)cluster_push_value(L, CV_KEYS);
  push_key(L);
  lua_getfield(L, 2, "data");
  share_set_data(L, 5);
  Share *share = class_check(L, 5, &share_class);
  share_reply(share, &reply);
  if (!reply.error && !share_add(L, 5, 1)) reply.error = UV_EADDRINUSE; /* it has it already */
  else if (reply.error) {
    lua_pushvalue(L, 3);
    lua_pushnil(L);
    lua_rawset(L, 4); /* others may try again */
  }
  push_reply(L, &reply);
  if (reply.has_name && !reply.error) {
    push_address(L, &reply.name);
    lua_setfield(L, -2, "sockname");
  }
  send_to(L, 1, reply.error ? -1 : reply.fd, reply.udp ? "dgram.Native" : "net.Native");
  if (!reply.error) share_begin(L, 5, 1);
}

/* ---- messages ---- */

static void act(lua_State *L, const char *name) {
  static const struct {
    const char *name;
    void (*fn)(lua_State *L);
  } acts[] = { { "online", act_online },
               { "queryServer", act_query_server },
               { "listening", act_listening },
               { "close", act_close },
               { "exitedAfterDisconnect", act_left } };
  for (size_t i = 0; name && i < sizeof acts / sizeof *acts; i++)
    if (!strcmp(name, acts[i].name)) acts[i].fn(L);
}

/* (worker, message): protected by the caller */
static int message_body(lua_State *L) {
  lua_Integer ack = wire_integer(L, 2, "ack", -1);
  if (ack >= 0 && share_answer(L, 1, (uint64_t)ack, wire_boolean(L, 2, "accepted"))) return 0;
  act(L, wire_string(L, 2, "act"));
  return 0;
}

static void on_internal(lua_State *L, Channel *ch, int owner, int message, int fd) {
  (void)ch;
  if (fd >= 0) (void)close(fd); /* no worker has anything to send us */
  lua_pushcfunction(L, message_body);
  (void)cluster_push_value(L, CV_PROCESSES);
  lua_pushvalue(L, owner);
  lua_rawget(L, -2);
  lua_remove(L, -2);
  if (lua_isnil(L, -1)) { /* a child, but none of our workers */
    lua_pop(L, 2);
    return;
  }
  lua_pushvalue(L, message);
  lua_call(L, 2, 0);
}

void primary_open(lua_State *L) { channel_set_cluster_hook(L, on_internal); }
