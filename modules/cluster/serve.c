/* SPDX-License-Identifier: MIT */
/* serve.c - servers and UDP sockets in a worker: listen() and bind() ask the primary.
 *
 * Its answer brings a descriptor, which several workers share, or none: then connections come one by one
 * from the primary (inside_connection). What was asked for is a place, a table that lives with its server
 * in CV_PLACES as long as the primary thinks of it. */
#include "inside.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../dgram/dgram.h"
#include "../events/events.h"
#include "../net/net.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Fields of a place. */
enum {
  PLACE_MESSAGE = 1, /* the request, sent again as `listening` */
  PLACE_INDEX,       /* its row in CV_INDEXES */
  PLACE_COUNT,       /* listen_count of the server then */
  PLACE_KEY,         /* the primary's name for it; nil: it has not answered */
  PLACE_SIZE = PLACE_KEY
};

/* ---- the index: how often this worker asks for the same ---- */

/* Pushes the next number for what the text at idx says. [+1] */
static void push_index(lua_State *L, int idx) {
  int top = lua_gettop(L);
  (void)cluster_push_value(L, CV_INDEXES);
  lua_pushvalue(L, idx);
  if (lua_rawget(L, top + 1) == LUA_TNIL) {
    lua_settop(L, top + 1);
    lua_createtable(L, 2, 0);
    lua_pushvalue(L, idx);
    lua_pushvalue(L, top + 2);
    lua_rawset(L, top + 1);
  }
  for (int i = 1; i <= 2; i++) { /* [1] the next number, [2] how many are in use */
    lua_rawgeti(L, top + 2, i);
    lua_Integer n = lua_tointeger(L, -1);
    lua_pushinteger(L, n + 1);
    lua_rawseti(L, top + 2, i);
  }
  lua_pop(L, 1);
  lua_replace(L, top + 1);
  lua_settop(L, top + 1);
}

/* The place on top is given up. [-1] */
static void release_index(lua_State *L) {
  int place = lua_gettop(L);
  (void)cluster_push_value(L, CV_INDEXES);
  lua_rawgeti(L, place, PLACE_INDEX);
  lua_pushvalue(L, -1);
  if (lua_rawget(L, place + 1) == LUA_TTABLE) {
    lua_rawgeti(L, -1, 2);
    lua_Integer used = lua_tointeger(L, -1) - 1;
    lua_pop(L, 1);
    if (used > 0) {
      lua_pushinteger(L, used);
      lua_rawseti(L, -2, 2);
    } else { /* the next to ask is number 0 again */
      lua_pop(L, 1);
      lua_pushnil(L);
      lua_rawset(L, place + 1);
    }
  }
  lua_settop(L, place - 1);
}

/* ---- the end of a server ---- */

/* Tells the primary that the key on top is not needed. [-1] */
static void send_close(lua_State *L) {
  wire_push_act(L, "close");
  lua_insert(L, -2);
  lua_setfield(L, -2, "key");
  (void)inside_send(L);
}

/* The server has stopped to listen. */
static void on_closed(lua_State *L, int server) {
  int top = lua_gettop(L);
  (void)cluster_push_value(L, CV_PLACES);
  lua_pushvalue(L, server);
  if (lua_rawget(L, top + 1) == LUA_TTABLE) {
    lua_pushvalue(L, server);
    lua_pushnil(L);
    lua_rawset(L, top + 1);
    (void)cluster_push_value(L, CV_SERVERS);
    lua_rawgeti(L, top + 2, PLACE_KEY);
    lua_pushvalue(L, -1);
    lua_pushnil(L);
    lua_rawset(L, top + 3);
    lua_pushnil(L);
    lua_rawseti(L, top + 2, PLACE_KEY);
    send_close(L);
    lua_settop(L, top + 2);
    release_index(L);
  }
  lua_settop(L, top);
}

/* ---- the primary's answer ---- */

/* `listening` of the server. upvalues: server, place */
static int on_listening(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, lua_upvalueindex(2));
  if (lua_rawgeti(L, 2, PLACE_KEY) == LUA_TNIL) return 0; /* that attempt came to nothing */
  (void)cluster_push_value(L, CV_WORKER);
  worker_set_state(L, -1, "listening");
  lua_settop(L, 2);
  lua_rawgeti(L, 2, PLACE_MESSAGE);
  class_call_method(L, 1, "address", 0, 1);
  if (lua_istable(L, 4) && wire_integer(L, 4, "port", 0) > 0) {
    lua_getfield(L, 4, "port");
    lua_setfield(L, 3, "port");
  }
  lua_settop(L, 3);
  lua_pushliteral(L, "listening");
  lua_setfield(L, 3, "act");
  (void)inside_send(L);
  return 0;
}

/* The server at 3 has its place at 4, whose key is on top: the primary may send connections. [-1] */
static void take_place(lua_State *L) {
  lua_pushvalue(L, -1);
  lua_rawseti(L, 4, PLACE_KEY);
  (void)cluster_push_value(L, CV_SERVERS);
  lua_insert(L, -2);
  lua_pushvalue(L, 3);
  lua_rawset(L, -3);
  (void)cluster_push_value(L, CV_PLACES);
  lua_pushvalue(L, 3);
  lua_pushvalue(L, 4);
  lua_rawset(L, -3);
  lua_pop(L, 2);
}

/* The request of the place at 4 has failed. Pushes the error as Node words it. [+1] */
static void push_failure(lua_State *L, int err) {
  lua_rawgeti(L, 4, PLACE_MESSAGE);
  int port = (int)wire_integer(L, -1, "port", -1);
  net_push_error(L, err, "bind", wire_string(L, -1, "address"), port, false);
  lua_remove(L, -2);
}

static void read_sockname(lua_State *L, int reply, struct sockaddr_storage *name) {
  memset(name, 0, sizeof *name);
  if (lua_getfield(L, reply, "sockname") == LUA_TTABLE) {
    const char *ip = wire_string(L, -1, "address");
    if (ip) (void)net_address(ip, (int)wire_integer(L, -1, "port", 0) & 65535, name);
  }
  lua_pop(L, 1);
}

/* The server listens, on fd (taken) or by what the primary sends. 0 or a uv error, already told. */
static int begin_server(lua_State *L, int fd) {
  NetRemote remote = { .closed = NULL };
  lua_rawgeti(L, 4, PLACE_MESSAGE);
  int backlog = (int)wire_integer(L, -1, "backlog", 0), err;
  lua_pop(L, 1);
  if (fd >= 0) {
    err = net_server_listen_fd(L, 3, fd, backlog);
  } else {
    read_sockname(L, 1, &remote.address);
    err = net_server_listen_remote(L, 3, &remote);
  }
  if (err == 0) net_server_on_closed(L, 3, on_closed);
  return err;
}

/* (reply, fd) to the request for a server. upvalues: server, place */
static int on_server_reply(lua_State *L) {
  int fd = (int)lua_tointeger(L, 2), err = (int)wire_integer(L, 1, "errno", 0);
  lua_settop(L, 2);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, lua_upvalueindex(2));
  lua_rawgeti(L, 4, PLACE_COUNT);
  bool late = (uint64_t)lua_tointeger(L, -1) != net_server_test(L, 3)->listen_count;
  lua_pop(L, 1);
  bool good = lua_getfield(L, 1, "key") == LUA_TSTRING && err >= 0;
  if (good && !late) {
    take_place(L);
    if (begin_server(L, fd) != 0) on_closed(L, 3);
    return 0;
  }
  if (good) send_close(L); /* close() came before the answer */
  if (fd >= 0) (void)close(fd);
  if (!late) {
    push_failure(L, err < 0 ? err : UV_EPROTO);
    net_server_listen_failed(L, 3);
  }
  lua_settop(L, 4);
  release_index(L);
  return 0;
}

/* (reply, fd) to the request for a UDP socket. upvalues: socket, place */
static int on_socket_reply(lua_State *L) {
  int fd = (int)lua_tointeger(L, 2), err = (int)wire_integer(L, 1, "errno", 0);
  lua_settop(L, 2);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, lua_upvalueindex(2));
  DgramSocket *s = dgram_socket_test(L, 3);
  bool good = lua_getfield(L, 1, "key") == LUA_TSTRING && err >= 0, open = handle_is_open(&s->base);
  if (good && open && fd >= 0) {
    take_place(L);
    s->closed = on_closed;
    err = dgram_bind_fd(L, 3, fd);
    if (err == 0) return 0;
    s->closed = NULL;
    on_closed(L, 3);
  } else {
    if (good) send_close(L);
    lua_settop(L, 4);
    lua_pushvalue(L, 4);
    release_index(L);
  }
  if (fd >= 0) (void)close(fd);
  if (!open) return 0;
  lua_settop(L, 4);
  push_failure(L, err < 0 ? err : UV_EPROTO);
  dgram_bind_failed(L, 3);
  return 0;
}

/* ---- asking ---- */

/* Pushes the place of the request on top, whose words are the text at `index`; the request gets its
 * number. [-1, +1] */
static void push_place(lua_State *L, int index, uint64_t count) {
  int message = lua_gettop(L);
  lua_createtable(L, PLACE_SIZE, 0);
  push_index(L, index);
  lua_setfield(L, message, "index");
  lua_pushvalue(L, index);
  lua_rawseti(L, message + 1, PLACE_INDEX);
  lua_pushinteger(L, (lua_Integer)count);
  lua_rawseti(L, message + 1, PLACE_COUNT);
  lua_pushvalue(L, message);
  lua_rawseti(L, message + 1, PLACE_MESSAGE);
  lua_remove(L, message);
}

/* Asks for the place on top, for the server; reply gets the answer. False: there is no primary. [-1] */
static bool ask(lua_State *L, int server, lua_CFunction reply) {
  int place = lua_gettop(L);
  lua_pushvalue(L, server);
  lua_pushvalue(L, place);
  lua_pushcclosure(L, on_listening, 2);
  emitter_on(L, server, "listening", true);
  lua_rawgeti(L, place, PLACE_MESSAGE);
  lua_pushvalue(L, server);
  lua_pushvalue(L, place);
  lua_pushcclosure(L, reply, 2);
  bool sent = inside_ask(L);
  lua_settop(L, place - 1);
  return sent;
}

/* A path as the primary understands it, too. [+1] */
static const char *push_absolute(lua_State *L, const char *path) {
  char folder[4096];
  if (path[0] == '/' || !getcwd(folder, sizeof folder)) return lua_pushstring(L, path);
  return lua_pushfstring(L, "%s/%s", strcmp(folder, "/") ? folder : "", path);
}

static void set_integer(lua_State *L, const char *name, lua_Integer n) {
  lua_pushinteger(L, n);
  lua_setfield(L, -2, name);
}

/* Sets a field that is null when there is no such text. */
static void set_text(lua_State *L, const char *name, const char *text) {
  if (text) lua_pushstring(L, text);
  else json_push_null(L);
  lua_setfield(L, -2, name);
}

/* Pushes the request for a server. [+1] */
static void push_request(lua_State *L, const NetListen *r) {
  bool address = r->fd < 0;
  const char *path = r->path ? push_absolute(L, r->path) : NULL;
  wire_push_act(L, "queryServer");
  json_push_null(L);
  lua_setfield(L, -2, "data");
  set_text(L, "address", path ? path : r->address);
  if (address) {
    set_integer(L, "port", r->port);
    set_integer(L, "addressType", r->address_type);
  } else {
    set_text(L, "port", NULL);
    set_text(L, "addressType", NULL);
    set_integer(L, "fd", r->fd);
  }
  set_integer(L, "flags", r->flags);
  set_integer(L, "backlog", r->backlog);
  if (path) {
    lua_pushboolean(L, r->readable_all);
    lua_setfield(L, -2, "readableAll");
    lua_pushboolean(L, r->writable_all);
    lua_setfield(L, -2, "writableAll");
    lua_remove(L, -2);
  }
}

static bool on_listen(lua_State *L, int server, const NetListen *r) {
  int top = lua_gettop(L);
  if (r->path && !r->path[0]) return false; /* an abstract one: paths are files here, as in Node */
  push_request(L, r);
  lua_pushfstring(L, "%s:%d:%d:%d", r->path ? r->path : r->address ? r->address : "null", r->port,
                  r->address_type, r->fd);
  lua_insert(L, -2);
  push_place(L, top + 1, net_server_test(L, server)->listen_count);
  if (!ask(L, server, on_server_reply)) {
    err_push(L, NULL, "ERR_IPC_CHANNEL_CLOSED", "Channel closed");
    net_server_listen_failed(L, server);
  }
  lua_settop(L, top);
  return true;
}

static bool on_bind(lua_State *L, int self, const DgramBind *r) {
  int top = lua_gettop(L);
  lua_pushfstring(L, "%s:%d:%s:%d", r->address ? r->address : "null", r->port, r->type, r->fd);
  wire_push_act(L, "queryServer");
  json_push_null(L);
  lua_setfield(L, -2, "data");
  set_text(L, "address", r->address);
  if (r->fd < 0) set_integer(L, "port", r->port);
  else set_text(L, "port", NULL);
  set_text(L, "addressType", r->type);
  set_integer(L, "fd", r->fd);
  set_integer(L, "flags", r->flags);
  push_place(L, top + 1, 0);
  if (!ask(L, self, on_socket_reply)) {
    err_push(L, NULL, "ERR_IPC_CHANNEL_CLOSED", "Channel closed");
    dgram_bind_failed(L, self);
  }
  lua_settop(L, top);
  return true;
}

void inside_open_servers(lua_State *L) {
  net_set_listen_hook(L, on_listen);
  dgram_set_bind_hook(L, on_bind);
}

/* ---- connections ---- */

static bool has_room(const NetServer *v) {
  return v && v->listening && (v->max_connections < 0 || v->connections < v->max_connections);
}

void inside_connection(lua_State *L, int message, int fd) {
  int top = lua_gettop(L);
  (void)cluster_push_value(L, CV_SERVERS);
  if (lua_getfield(L, message, "key") == LUA_TNIL) lua_pushboolean(L, false);
  lua_rawget(L, top + 1);
  bool accepted = fd >= 0 && has_room(net_server_test(L, top + 2));
  lua_createtable(L, 0, 4);
  lua_getfield(L, message, "seq");
  lua_setfield(L, -2, "ack");
  lua_pushboolean(L, accepted);
  lua_setfield(L, -2, "accepted");
  bool told = inside_send(L); /* first of all: what the connection brings about must not delay it */
  if (accepted && told) accepted = net_server_give(L, top + 2, fd);
  if (fd >= 0 && !(accepted && told)) (void)close(fd);
  lua_settop(L, top);
}
