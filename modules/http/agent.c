/* SPDX-License-Identifier: MIT */
/* agent.c - Agent: keeps connections of requests, hands them on, and lets requests wait for one.
 *
 * sockets, freeSockets and requests are tables of lists by the name that getName gives to host, port and
 * address, as in Node; they and the settings lie in the user value UV_AGENT. */
#include "client.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "core/error.h"
#include "core/opts.h"
#include "events/events.h"

enum { UV_AGENT = UV_CLASS };

enum { HINT_MARGIN = 1000 }; /* ms that a connection is given up before the server does */

static void agent_self(lua_State *L) {
  if (!class_is(L, 1, &agent_class)) (void)class_check(L, 1, &agent_class);
}

/* ---- values ---- */

static int field_push(lua_State *L, int agent, const char *name) {
  if (lua_getiuservalue(L, agent, UV_AGENT) != LUA_TTABLE) { /* its init was not called */
    lua_pop(L, 1);
    lua_pushnil(L);
    return LUA_TNIL;
  }
  int type = lua_getfield(L, -1, name);
  lua_remove(L, -2);
  return type;
}

static void field_set(lua_State *L, int agent, const char *name) { /* [-1] */
  lua_getiuservalue(L, agent, UV_AGENT);
  lua_insert(L, -2);
  lua_setfield(L, -2, name);
  lua_pop(L, 1);
}

static lua_Number field_number(lua_State *L, int agent, const char *name, lua_Number fallback) {
  lua_Number n = field_push(L, agent, name) == LUA_TNUMBER ? lua_tonumber(L, -1) : fallback;
  lua_pop(L, 1);
  return n;
}

static bool field_flag(lua_State *L, int agent, const char *name) {
  (void)field_push(L, agent, name);
  bool flag = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return flag;
}

static void add_total(lua_State *L, int agent, int by) {
  lua_pushinteger(L, (lua_Integer)field_number(L, agent, "total", 0) + by);
  field_set(L, agent, "total");
}

/* Pushes the list `name` (index) of the table `which` ("sockets"); made when missing and `make`. nil and
 * false otherwise. [+1] */
static bool list_push(lua_State *L, int agent, const char *which, int name, bool make) {
  (void)field_push(L, agent, which);
  int t = lua_gettop(L);
  if (!lua_istable(L, t)) {
    lua_pop(L, 1);
    lua_pushnil(L);
    return false;
  }
  lua_pushvalue(L, name);
  if (lua_rawget(L, t) != LUA_TTABLE && make) {
    lua_pop(L, 1);
    lua_createtable(L, 1, 0);
    lua_pushvalue(L, name);
    lua_pushvalue(L, -2);
    lua_rawset(L, t);
  }
  lua_remove(L, t);
  return lua_istable(L, -1);
}

static lua_Integer list_length(lua_State *L, int agent, const char *which, int name) {
  lua_Integer n = list_push(L, agent, which, name, false) ? (lua_Integer)lua_rawlen(L, -1) : 0;
  lua_pop(L, 1);
  return n;
}

/* Puts the value on top at the end of the list. [-1] */
static void list_add(lua_State *L, int agent, const char *which, int name) {
  (void)list_push(L, agent, which, name, true);
  lua_insert(L, -2);
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  lua_pop(L, 1);
}

/* The list is gone when it is empty. */
static void list_tidy(lua_State *L, int agent, const char *which, int name) {
  if (list_length(L, agent, which, name) > 0) return;
  (void)field_push(L, agent, which);
  lua_pushvalue(L, name);
  lua_pushnil(L);
  lua_rawset(L, -3);
  lua_pop(L, 1);
}

/* Removes entry `at` of the list on top and pushes it. [+1] */
static void take_at(lua_State *L, lua_Integer at) {
  int t = lua_gettop(L);
  lua_Integer n = (lua_Integer)lua_rawlen(L, t);
  lua_rawgeti(L, t, at);
  for (; at <= n; at++) {
    lua_rawgeti(L, t, at + 1);
    lua_rawseti(L, t, at);
  }
}

/* Removes the value at idx from the list; true when it was there. */
static bool list_remove_value(lua_State *L, int agent, const char *which, int name, int idx) {
  bool found = false;
  if (list_push(L, agent, which, name, false)) {
    int t = lua_gettop(L);
    lua_Integer n = (lua_Integer)lua_rawlen(L, t);
    for (lua_Integer i = 1; i <= n && !found; i++) {
      lua_rawgeti(L, t, i);
      found = lua_rawequal(L, -1, idx);
      lua_pop(L, 1);
      if (!found) continue;
      take_at(L, i);
      lua_pop(L, 1);
    }
  }
  lua_pop(L, 1);
  if (found) list_tidy(L, agent, which, name);
  return found;
}

/* ---- names ---- */

static void add_option(lua_State *L, int opts, const char *key, const char *before, luaL_Buffer *b) {
  lua_getfield(L, opts, key);
  if (lua_type(L, -1) != LUA_TSTRING && lua_type(L, -1) != LUA_TNUMBER) {
    lua_pop(L, 1);
    return;
  }
  const char *text = lua_tostring(L, -1);
  char few[512];
  (void)snprintf(few, sizeof few, "%s%s", before, text);
  lua_pop(L, 1);
  luaL_addstring(b, few);
}

/* Pushes `host:port:localAddress[:family][:socketPath]` of the options at opts (nil: none). [+1] */
static void push_name(lua_State *L, int opts) {
  luaL_Buffer b;
  if (!lua_istable(L, opts)) {
    lua_pushliteral(L, "localhost::");
    return;
  }
  lua_getfield(L, opts, "host");
  bool host = lua_type(L, -1) == LUA_TSTRING;
  lua_getfield(L, opts, "family");
  bool family = lua_isinteger(L, -1) && (lua_tointeger(L, -1) == 4 || lua_tointeger(L, -1) == 6);
  lua_pop(L, 2);
  luaL_buffinit(L, &b);
  if (host) add_option(L, opts, "host", "", &b);
  else luaL_addstring(&b, "localhost");
  luaL_addchar(&b, ':');
  add_option(L, opts, "port", "", &b);
  luaL_addchar(&b, ':');
  add_option(L, opts, "localAddress", "", &b);
  if (family) add_option(L, opts, "family", ":", &b);
  add_option(L, opts, "socketPath", ":", &b);
  luaL_pushresult(&b);
}

/* getName(options) */
static int agent_get_name(lua_State *L) {
  agent_self(L);
  lua_settop(L, 2);
  if (!lua_isnil(L, 2)) arg_table(L, 2, "options");
  push_name(L, 2);
  return 1;
}

static void call_name(lua_State *L, int agent, int opts) {
  lua_pushvalue(L, opts);
  class_call_method(L, agent, "getName", 1, 1);
  if (lua_type(L, -1) == LUA_TSTRING) return;
  lua_pop(L, 1);
  push_name(L, opts);
}

/* ---- sockets ---- */

static void set_request_socket(lua_State *L, int agent, int req, int socket) {
  const ClientRequest *r = request_test(L, req);
  request_on_socket(L, req, socket, 0);
  lua_Number own = 0;
  if (agent_push_timeout(L, agent)) {
    own = lua_tonumber(L, -1);
    lua_pop(L, 1);
  }
  if (r->timeout >= 0 && r->timeout != own) net_socket_set_timeout(L, socket, (uint64_t)ceil(r->timeout));
}

static void create_socket(lua_State *L, int agent, int req, int opts);

/* A request that waits for a connection gets a new one, now that one has gone. */
static void serve_next(lua_State *L, int agent, int name) {
  int top = lua_gettop(L);
  if (!list_push(L, agent, "requests", name, false) || lua_rawlen(L, -1) == 0) {
    lua_settop(L, top);
    if (field_push(L, agent, "requests") != LUA_TTABLE) {
      lua_settop(L, top);
      return;
    }
    lua_pushnil(L);
    if (!lua_next(L, top + 1)) {
      lua_settop(L, top);
      return;
    }
    bool served = list_length(L, agent, "sockets", top + 2) > 0;
    lua_remove(L, top + 2);
    lua_remove(L, top + 1);
    if (served) {
      lua_settop(L, top);
      return;
    }
  }
  lua_rawgeti(L, top + 1, 1);
  if (request_test(L, top + 2)) {
    request_push(L, top + 2, "waiting");
    if (lua_istable(L, top + 3)) {
      lua_pushnil(L);
      request_set(L, top + 2, "waiting");
      create_socket(L, agent, 0, top + 3);
    }
  }
  lua_settop(L, top);
}

static void remove_socket(lua_State *L, int agent, int socket, int name) {
  const NetSocket *s = net_socket_test(L, socket);
  (void)list_remove_value(L, agent, "sockets", name, socket);
  if (s && !writable_open(&s->base.stream))
    (void)list_remove_value(L, agent, "freeSockets", name, socket);
  serve_next(L, agent, name);
}

/* Upvalues of a socket's listeners: agent, socket, options. Pushed as 1, 2, 3; 4 is the name. */
static void enter(lua_State *L) {
  lua_settop(L, 0);
  luaL_checkstack(L, 30, "agent");
  for (int i = 1; i <= 3; i++) lua_pushvalue(L, lua_upvalueindex(i));
  call_name(L, 1, 3);
}

static int on_free(lua_State *L) {
  enter(L);
  lua_pushvalue(L, 2);
  lua_pushvalue(L, 3);
  emit(L, 1, "free", 2);
  return 0;
}

static int on_close(lua_State *L) {
  enter(L);
  add_total(L, 1, -1);
  remove_socket(L, 1, 2, 4);
  return 0;
}

static int on_timeout(lua_State *L) {
  enter(L);
  bool is_free = false;
  if (list_push(L, 1, "freeSockets", 4, false)) {
    lua_Integer n = (lua_Integer)lua_rawlen(L, 5);
    for (lua_Integer i = 1; i <= n && !is_free; i++) {
      lua_rawgeti(L, 5, i);
      is_free = lua_rawequal(L, -1, 2);
      lua_pop(L, 1);
    }
  }
  if (is_free) stream_destroy(L, 2, 0);
  return 0;
}

/* An error of a connection that waits: it is gone, nobody needs to know. */
static int on_free_error(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  stream_destroy(L, 1, 0);
  emit(L, 1, "agentRemove", 0);
  return 0;
}

static const struct {
  const char *event;
  lua_CFunction fn;
} listened[] = { { "free", on_free }, { "close", on_close }, { "timeout", on_timeout } };

enum { LISTENED = sizeof listened / sizeof *listened };

/* The socket is no longer the agent's. Upvalues: agent, socket, options, list of listeners */
static int on_remove(lua_State *L) {
  enter(L);
  add_total(L, 1, -1);
  remove_socket(L, 1, 2, 4);
  for (int i = 0; i < LISTENED; i++) {
    lua_pushstring(L, listened[i].event);
    lua_rawgeti(L, lua_upvalueindex(4), i + 1);
    class_call_method(L, 2, "removeListener", 2, 0);
  }
  return 0;
}

static void watch_socket(lua_State *L, int agent, int socket, int opts) {
  int top = lua_gettop(L);
  lua_createtable(L, LISTENED, 0);
  for (int i = 0; i < LISTENED; i++) {
    lua_pushvalue(L, agent);
    lua_pushvalue(L, socket);
    lua_pushvalue(L, opts);
    lua_pushcclosure(L, listened[i].fn, 3);
    lua_pushvalue(L, -1);
    lua_rawseti(L, top + 1, i + 1);
    emitter_on(L, socket, listened[i].event, false);
  }
  lua_pushvalue(L, agent);
  lua_pushvalue(L, socket);
  lua_pushvalue(L, opts);
  lua_pushvalue(L, top + 1);
  lua_pushcclosure(L, on_remove, 4);
  emitter_on(L, socket, "agentRemove", true);
  lua_settop(L, top);
}

/* callback(err, socket) of createConnection. Upvalues: agent, request or nil, options, name, called */
static int on_created(lua_State *L) {
  lua_settop(L, 2);
  if (lua_toboolean(L, lua_upvalueindex(5))) return 0;
  lua_pushboolean(L, true);
  lua_replace(L, lua_upvalueindex(5));
  luaL_checkstack(L, 30, "agent");
  for (int i = 1; i <= 4; i++) lua_pushvalue(L, lua_upvalueindex(i));
  bool for_request = request_test(L, 4);
  if (lua_toboolean(L, 1)) {
    if (for_request) request_on_socket(L, 4, 0, 1);
    return 0;
  }
  if (!net_socket_test(L, 2)) err_arg_type(L, 2, "socket", "an instance of Socket");
  lua_pushvalue(L, 2);
  list_add(L, 3, "sockets", 6);
  add_total(L, 3, 1);
  watch_socket(L, 3, 2, 5);
  if (for_request) set_request_socket(L, 3, 4, 2);
  else emit(L, 2, "free", 0);
  return 0;
}

/* A new connection for the request; req 0: for whoever waits first. */
static void create_socket(lua_State *L, int agent, int req, int opts) {
  int top = lua_gettop(L);
  luaL_checkstack(L, 20, "agent");
  table_push_copy(L, opts);
  call_name(L, agent, top + 1);
  if (field_flag(L, agent, "keepAlive")) {
    lua_pushboolean(L, true);
    lua_setfield(L, top + 1, "keepAlive");
    lua_pushnumber(L, field_number(L, agent, "keepAliveMsecs", 1000));
    lua_setfield(L, top + 1, "keepAliveInitialDelay");
  }
  lua_pushvalue(L, agent);
  if (req) lua_pushvalue(L, req);
  else lua_pushnil(L);
  lua_pushvalue(L, top + 1);
  lua_pushvalue(L, top + 2);
  lua_pushboolean(L, false);
  lua_pushcclosure(L, on_created, 5);
  lua_pushvalue(L, top + 1);
  lua_pushvalue(L, top + 3);
  class_call_method(L, agent, "createConnection", 2, 1);
  if (!lua_isnil(L, -1)) {
    lua_pushvalue(L, top + 3);
    lua_pushnil(L);
    lua_pushvalue(L, top + 4);
    lua_call(L, 2, 0);
  }
  lua_settop(L, top);
}

/* createConnection(options, callback) */
static int agent_create_connection(lua_State *L) {
  agent_self(L);
  lua_settop(L, 3);
  arg_table(L, 2, "options");
  client_connect(L, 2);
  return 1;
}

/* Takes a connection that waits off the list and pushes it. [+1|0] */
static bool take_free(lua_State *L, int agent, int name) {
  if (!list_push(L, agent, "freeSockets", name, false)) {
    lua_pop(L, 1);
    return false;
  }
  int t = lua_gettop(L);
  bool fifo = field_flag(L, agent, "fifo"), found = false;
  while (!found && lua_rawlen(L, t) > 0) {
    take_at(L, fifo ? 1 : (lua_Integer)lua_rawlen(L, t));
    const NetSocket *s = net_socket_test(L, t + 1);
    found = s && writable_open(&s->base.stream);
    if (!found) lua_settop(L, t);
  }
  list_tidy(L, agent, "freeSockets", name);
  lua_remove(L, t);
  return found;
}

void agent_add_request(lua_State *L, int agent, int req, int opts) {
  int top = lua_gettop(L);
  luaL_checkstack(L, 20, "agent");
  table_push_copy(L, opts);
  lua_pushnil(L);
  lua_setfield(L, top + 1, "path");
  (void)field_push(L, agent, "options");
  table_merge(L, top + 1, top + 2);
  lua_settop(L, top + 1);
  if (lua_getfield(L, top + 1, "socketPath") == LUA_TSTRING) lua_setfield(L, top + 1, "path");
  lua_settop(L, top + 1);
  call_name(L, agent, top + 1);
  (void)list_push(L, agent, "sockets", top + 2, true);
  lua_settop(L, top + 2);
  lua_Integer used = list_length(L, agent, "freeSockets", top + 2) + list_length(L, agent, "sockets", top + 2);
  if (take_free(L, agent, top + 2)) {
    lua_pushvalue(L, top + 3);
    lua_pushvalue(L, req);
    class_call_method(L, agent, "reuseSocket", 2, 0);
    set_request_socket(L, agent, req, top + 3);
    list_add(L, agent, "sockets", top + 2);
  } else if ((lua_Number)used < field_number(L, agent, "maxSockets", HUGE_VAL) &&
             field_number(L, agent, "total", 0) < field_number(L, agent, "maxTotalSockets", HUGE_VAL)) {
    create_socket(L, agent, req, top + 1);
  } else {
    lua_pushvalue(L, top + 1);
    request_set(L, req, "waiting");
    lua_pushvalue(L, req);
    list_add(L, agent, "requests", top + 2);
  }
  lua_settop(L, top);
}

/* ---- a connection is free ---- */

/* The first request that waits gets it. */
static bool give_to_waiting(lua_State *L, int agent, int socket, int name) {
  int top = lua_gettop(L);
  bool given = list_push(L, agent, "requests", name, false) && lua_rawlen(L, -1) > 0;
  if (given) {
    take_at(L, 1);
    list_tidy(L, agent, "requests", name);
    set_request_socket(L, agent, top + 2, socket);
  }
  lua_settop(L, top);
  return given;
}

static bool may_keep(lua_State *L, int agent, int socket, int name) {
  lua_Integer waiting = list_length(L, agent, "freeSockets", name);
  lua_Integer count = waiting + list_length(L, agent, "sockets", name);
  if (field_number(L, agent, "total", 0) > field_number(L, agent, "maxTotalSockets", HUGE_VAL) ||
      (lua_Number)count > field_number(L, agent, "maxSockets", HUGE_VAL) ||
      (lua_Number)waiting >= field_number(L, agent, "maxFreeSockets", 256))
    return false;
  lua_pushvalue(L, socket);
  class_call_method(L, agent, "keepSocketAlive", 1, 1);
  bool keep = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return keep;
}

/* Listener of "free" (socket, options) of the agent, its upvalue. */
static int agent_on_free(lua_State *L) {
  lua_settop(L, 2);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1); /* agent, socket, options */
  luaL_checkstack(L, 30, "agent");
  NetSocket *s = net_socket_test(L, 2);
  if (!s) return 0;
  call_name(L, 1, 3);
  if (!writable_open(&s->base.stream)) {
    stream_destroy(L, 2, 0);
    return 0;
  }
  if (give_to_waiting(L, 1, 2, 4)) return 0;
  if (!field_flag(L, 1, "keepAlive") || !may_keep(L, 1, 2, 4)) {
    stream_destroy(L, 2, 0);
    return 0;
  }
  remove_socket(L, 1, 2, 4);
  lua_pushvalue(L, 2);
  lua_pushcclosure(L, on_free_error, 1);
  lua_pushvalue(L, -1);
  emitter_on(L, 2, "error", true);
  (void)field_push(L, 1, "errors"); /* so that reuseSocket finds it */
  lua_pushvalue(L, 2);
  lua_pushvalue(L, 5);
  lua_rawset(L, -3);
  lua_pushvalue(L, 2);
  list_add(L, 1, "freeSockets", 4);
  return 0;
}

/* The seconds of `Keep-Alive: timeout=5` in the last answer; -1: it says nothing. */
static lua_Integer server_hint(lua_State *L, int agent, int socket) {
  (void)field_push(L, agent, "hints");
  lua_pushvalue(L, socket);
  lua_Integer hint = lua_rawget(L, -2) == LUA_TNUMBER ? lua_tointeger(L, -1) : -1;
  lua_pop(L, 2);
  return hint;
}

/* keepSocketAlive(socket) */
static int agent_keep_socket_alive(lua_State *L) {
  agent_self(L);
  lua_settop(L, 2);
  NetSocket *s = class_check(L, 2, &net_socket_class);
  lua_pushboolean(L, true);
  lua_pushnumber(L, field_number(L, 1, "keepAliveMsecs", 1000));
  class_call_method(L, 2, "setKeepAlive", 2, 0);
  class_call_method(L, 2, "unref", 0, 0);
  lua_Number timeout = 0;
  if (agent_push_timeout(L, 1)) timeout = lua_tonumber(L, -1);
  lua_Integer hint = server_hint(L, 1, 2);
  bool keep = true;
  if (hint >= 0) {
    lua_Number most = (lua_Number)hint * 1000 - HINT_MARGIN;
    if (most <= 0) keep = false;
    else if (most < timeout) timeout = most;
  }
  if ((lua_Number)s->timeout != timeout) net_socket_set_timeout(L, 2, (uint64_t)ceil(timeout));
  lua_pushboolean(L, keep);
  return 1;
}

/* reuseSocket(socket, request) */
static int agent_reuse_socket(lua_State *L) {
  agent_self(L);
  lua_settop(L, 3);
  (void)class_check(L, 2, &net_socket_class);
  ClientRequest *r = class_check(L, 3, &request_class);
  if (field_push(L, 1, "errors") == LUA_TTABLE) {
    lua_pushvalue(L, 2);
    if (lua_rawget(L, 4) == LUA_TFUNCTION) {
      lua_pushliteral(L, "error");
      lua_insert(L, -2);
      class_call_method(L, 2, "removeListener", 2, 0);
    }
  }
  r->reused = true;
  class_call_method(L, 2, "ref", 0, 0);
  return 0;
}

void agent_note_hint(lua_State *L, int agent, int socket, const char *text, size_t len) {
  if (len < 9 || strncmp(text, "timeout=", 8) != 0 || text[8] < '0' || text[8] > '9') return;
  lua_Integer seconds = 0;
  for (size_t i = 8; i < len && text[i] >= '0' && text[i] <= '9' && seconds < 1000000; i++)
    seconds = seconds * 10 + (text[i] - '0');
  if (field_push(L, agent, "hints") == LUA_TTABLE) {
    lua_pushvalue(L, socket);
    lua_pushinteger(L, seconds);
    lua_rawset(L, -3);
  }
  lua_pop(L, 1);
}

/* Destroys all sockets in the lists of the table. */
static void destroy_all(lua_State *L, const char *which) {
  int top = lua_gettop(L);
  lua_newtable(L); /* destroying changes the lists */
  if (field_push(L, 1, which) == LUA_TTABLE) {
    for (lua_pushnil(L); lua_next(L, top + 2); lua_pop(L, 1)) {
      lua_Integer n = lua_istable(L, -1) ? (lua_Integer)lua_rawlen(L, -1) : 0;
      for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, -1, i);
        lua_rawseti(L, top + 1, (lua_Integer)lua_rawlen(L, top + 1) + 1);
      }
    }
  }
  lua_Integer n = (lua_Integer)lua_rawlen(L, top + 1);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, top + 1, i);
    if (net_socket_test(L, -1)) stream_destroy(L, lua_gettop(L), 0);
    lua_pop(L, 1);
  }
  lua_settop(L, top);
}

static int agent_destroy(lua_State *L) {
  agent_self(L);
  lua_settop(L, 1);
  destroy_all(L, "freeSockets");
  destroy_all(L, "sockets");
  return 0;
}

/* ---- making ---- */

bool agent_keeps(lua_State *L, int agent) {
  return field_flag(L, agent, "keepAlive") || isfinite(field_number(L, agent, "maxSockets", HUGE_VAL));
}

bool agent_push_timeout(lua_State *L, int agent) {
  int top = lua_gettop(L);
  if (field_push(L, agent, "options") == LUA_TTABLE && lua_getfield(L, -1, "timeout") == LUA_TNUMBER &&
      lua_tonumber(L, -1) > 0) {
    lua_remove(L, -2);
    return true;
  }
  lua_settop(L, top);
  return false;
}

static int agent_alloc(lua_State *L) {
  (void)class_new(L, &agent_class, 0, 1);
  lua_createtable(L, 0, 12);
  lua_setiuservalue(L, -2, UV_AGENT);
  return 1;
}

static void weak_table(lua_State *L, const char *name) {
  lua_newtable(L);
  lua_createtable(L, 0, 1);
  lua_pushliteral(L, "k");
  lua_setfield(L, -2, "__mode");
  lua_setmetatable(L, -2);
  field_set(L, 1, name);
}

static lua_Number opt_limit(lua_State *L, int opts, const char *key, lua_Number fallback) {
  lua_Number n = opt_number(L, opts, key, fallback);
  return n > 0 ? n : fallback;
}

static void set_number(lua_State *L, const char *name, lua_Number n) {
  if (n == floor(n) && fabs(n) < 1e15) lua_pushinteger(L, (lua_Integer)n);
  else lua_pushnumber(L, n);
  field_set(L, 1, name);
}

/* Agent(options) */
static int agent_construct(lua_State *L) {
  static const char *const tables[] = { "sockets", "freeSockets", "requests" };
  agent_self(L);
  lua_settop(L, 2);
  if (!lua_isnil(L, 2)) arg_table(L, 2, "options");
  int opts = lua_isnil(L, 2) ? 0 : 2;
  const char *scheduling = opt_string(L, opts, "scheduling", "lifo");
  bool fifo = !strcmp(scheduling, "fifo");
  if (!fifo && strcmp(scheduling, "lifo") != 0) {
    lua_pushstring(L, scheduling);
    err_arg_value(L, 3, "scheduling", "must be one of: 'fifo', 'lifo'");
  }
  lua_Number total = opt_number(L, opts, "maxTotalSockets", HUGE_VAL);
  if (!(total >= 1)) {
    lua_pushnumber(L, total);
    err_range(L, 3, "maxTotalSockets", ">= 1");
  }
  set_number(L, "maxTotalSockets", total);
  set_number(L, "maxSockets", opt_limit(L, opts, "maxSockets", HUGE_VAL));
  set_number(L, "maxFreeSockets", opt_limit(L, opts, "maxFreeSockets", 256));
  set_number(L, "keepAliveMsecs", opt_limit(L, opts, "keepAliveMsecs", 1000));
  lua_pushboolean(L, fifo);
  field_set(L, 1, "fifo");
  lua_pushboolean(L, opt_boolean(L, opts, "keepAlive", false));
  field_set(L, 1, "keepAlive");
  (void)opt_number(L, opts, "timeout", 0);
  table_push_copy(L, 2);
  if (lua_getfield(L, 3, "noDelay") == LUA_TNIL) {
    lua_pushboolean(L, true);
    lua_setfield(L, 3, "noDelay");
  }
  lua_settop(L, 3);
  lua_pushnil(L);
  lua_setfield(L, 3, "path");
  field_set(L, 1, "options");
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
    lua_newtable(L);
    field_set(L, 1, tables[i]);
  }
  weak_table(L, "errors");
  weak_table(L, "hints");
  lua_pushvalue(L, 1);
  lua_pushcclosure(L, agent_on_free, 1);
  emitter_on(L, 1, "free", false);
  return 0;
}

void agent_push_new(lua_State *L) { class_construct(L, &agent_class, 0); }

static const char global_key = 0;

void agent_push_global(lua_State *L) {
  if (rt_require_builtin(L, "http")) { /* a script may have put another one there */
    lua_getfield(L, -1, "globalAgent");
    lua_remove(L, -2);
    if (class_is(L, -1, &agent_class)) return;
    lua_pop(L, 1);
  }
  agent_push_default(L);
}

void agent_push_default(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &global_key) != LUA_TNIL) return;
  lua_pop(L, 1);
  lua_createtable(L, 0, 2);
  lua_pushboolean(L, true);
  lua_setfield(L, -2, "keepAlive");
  lua_pushinteger(L, 5000);
  lua_setfield(L, -2, "timeout");
  class_construct(L, &agent_class, 1);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &global_key);
}

/* ---- rows ---- */

static int get_field(lua_State *L, const char *name) {
  agent_self(L);
  (void)field_push(L, 1, name);
  return 1;
}

static int set_limit(lua_State *L, const char *name) {
  agent_self(L);
  lua_settop(L, 2);
  lua_Number n = lua_isnil(L, 2) ? HUGE_VAL : arg_number(L, 2, name);
  if (!(n >= 0)) err_range(L, 2, name, ">= 0");
  set_number(L, name, n);
  return 0;
}

static int get_free(lua_State *L) { return get_field(L, "freeSockets"); }
static int get_sockets(lua_State *L) { return get_field(L, "sockets"); }
static int get_requests(lua_State *L) { return get_field(L, "requests"); }
static int get_options(lua_State *L) { return get_field(L, "options"); }
static int get_keep_alive(lua_State *L) { return get_field(L, "keepAlive"); }
static int get_max_free(lua_State *L) { return get_field(L, "maxFreeSockets"); }
static int get_max(lua_State *L) { return get_field(L, "maxSockets"); }
static int get_max_total(lua_State *L) { return get_field(L, "maxTotalSockets"); }
static int set_max_free(lua_State *L) { return set_limit(L, "maxFreeSockets"); }
static int set_max(lua_State *L) { return set_limit(L, "maxSockets"); }
static int set_max_total(lua_State *L) { return set_limit(L, "maxTotalSockets"); }

static int get_scheduling(lua_State *L) {
  agent_self(L);
  lua_pushstring(L, field_flag(L, 1, "fifo") ? "fifo" : "lifo");
  return 1;
}

static const FnDef agent_methods[] = {
  { "createConnection", agent_create_connection, FN_METHOD,
    "createConnection(options: table, callback: function?): Socket",
    "Makes a connection. A derived class may do it in its own way: return a socket, or call "
    "callback(err, socket).", NULL, NULL, NULL },
  { "destroy", agent_destroy, FN_METHOD, "destroy()", "Closes all its connections.", NULL, NULL, NULL },
  { "getName", agent_get_name, FN_METHOD, "getName(options: table?): string",
    "Under what name connections with these options are kept: \"host:port:localAddress\".", NULL,
    "local http = require \"http\"\nprint(http.Agent():getName { host = \"a\", port = 80 })", NULL },
  { "keepSocketAlive", agent_keep_socket_alive, FN_METHOD, "keepSocketAlive(socket: Socket): boolean",
    "Called when a connection is free; false: do not keep it.", NULL, NULL, NULL },
  { "reuseSocket", agent_reuse_socket, FN_METHOD,
    "reuseSocket(socket: Socket, request: ClientRequest)",
    "Called when a connection that was kept is used again.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef agent_props[] = {
  { "freeSockets", get_free, NULL, "table", "Lists of connections that wait for a request, by name." },
  { "sockets", get_sockets, NULL, "table", "Lists of connections in use, by name." },
  { "requests", get_requests, NULL, "table", "Lists of requests that wait for a connection, by name." },
  { "options", get_options, NULL, "table", "What it was made with; goes to each connection." },
  { "keepAlive", get_keep_alive, NULL, "boolean", "The option of this name." },
  { "scheduling", get_scheduling, NULL, "string", "The option of this name." },
  { "maxFreeSockets", get_max_free, set_max_free, "number", "The option of this name." },
  { "maxSockets", get_max, set_max, "number", "The option of this name." },
  { "maxTotalSockets", get_max_total, set_max_total, "number", "The option of this name." },
  { 0 }
};

static const EventDef agent_events[] = {
  { "free", "socket: Socket, options: table", "A request is done with its connection." },
  { 0 }
};

const ClassDef agent_class = {
  .name = "Agent", .base = &event_emitter_class, .alloc = agent_alloc, .init = agent_construct,
  .methods = agent_methods, .props = agent_props, .events = agent_events,
  .doc = "Keeps connections for later requests and limits how many there are. Agent(options): keepAlive "
         "(false), keepAliveMsecs (1000), maxSockets (none) for each host, maxTotalSockets (none), "
         "maxFreeSockets (256), scheduling (\"lifo\" or \"fifo\"), timeout in milliseconds.",
  .example = "local http = require \"http\"\n"
             "local agent = http.Agent { keepAlive = true, maxSockets = 2 }\n"
             "print(agent.maxSockets)\nagent:destroy()"
};
