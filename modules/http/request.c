/* SPDX-License-Identifier: MIT */
/* request.c - ClientRequest: from a URL and options to a head, and to a socket of an agent. */
#include "client.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "buffer/codec.h"
#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"
#include "events/abort.h"
#include "events/events.h"
#include "stream/internal.h"
#include "response.h"
#include "url/url.h"

ClientRequest *request_test(lua_State *L, int idx) { return class_test(L, idx, &request_class); }

static ClientRequest *request_self(lua_State *L) { return class_check(L, 1, &request_class); }

/* ---- values ---- */

void request_push(lua_State *L, int req, const char *name) {
  if (lua_getiuservalue(L, req, UV_OUT_DATA) == LUA_TTABLE) lua_getfield(L, -1, name);
  else lua_pushnil(L);
  lua_remove(L, -2);
}

void request_set(lua_State *L, int req, const char *name) {
  if (lua_getiuservalue(L, req, UV_OUT_DATA) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_createtable(L, 0, 8);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, req, UV_OUT_DATA);
  }
  lua_insert(L, -2);
  lua_setfield(L, -2, name);
  lua_pop(L, 1);
}

void table_merge(lua_State *L, int into, int from) {
  if (!lua_istable(L, from)) return;
  for (lua_pushnil(L); lua_next(L, from);) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, into);
  }
}

void table_push_copy(lua_State *L, int idx) {
  lua_newtable(L);
  table_merge(L, lua_gettop(L), idx);
}

/* ---- errors ---- */

void request_push_hang_up(lua_State *L) { err_push(L, NULL, "ECONNRESET", "socket hang up"); }

void request_emit_error(lua_State *L, int req) {
  emit(L, req, "error", 1);
}

/* ---- URL and options ---- */

/* %41 as A. [+1] */
static void push_unescaped(lua_State *L, const char *s, size_t len) {
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (size_t i = 0; i < len; i++) {
    char hex[3] = { 0 };
    if (s[i] == '%' && i + 2 < len && isxdigit((unsigned char)s[i + 1]) && isxdigit((unsigned char)s[i + 2])) {
      memcpy(hex, s + i + 1, 2);
      luaL_addchar(&b, (char)strtol(hex, NULL, 16));
      i += 2;
    } else {
      luaL_addchar(&b, s[i]);
    }
  }
  luaL_pushresult(&b);
}

static void push_url_part(lua_State *L, int url, const char *name) {
  lua_getfield(L, url, name);
  if (lua_type(L, -1) == LUA_TSTRING) return;
  lua_pop(L, 1);
  lua_pushliteral(L, "");
}

/* options.auth of a URL with a user. */
static void url_auth(lua_State *L, int url, int opts) {
  size_t n, m;
  push_url_part(L, url, "username");
  push_url_part(L, url, "password");
  const char *user = lua_tolstring(L, -2, &n), *word = lua_tolstring(L, -1, &m);
  if (n > 0 || m > 0) {
    push_unescaped(L, user, n);
    lua_pushliteral(L, ":");
    push_unescaped(L, word, m);
    lua_concat(L, 3);
    lua_setfield(L, opts, "auth");
  }
  lua_settop(L, opts);
}

/* Pushes the options that the URL at idx stands for. [+1] */
static void push_url_options(lua_State *L, int url) {
  size_t len;
  lua_newtable(L);
  int opts = lua_gettop(L);
  push_url_part(L, url, "protocol");
  lua_setfield(L, opts, "protocol");
  push_url_part(L, url, "hostname");
  const char *host = lua_tolstring(L, -1, &len);
  if (len > 1 && host[0] == '[') {
    lua_pushlstring(L, host + 1, len - 2);
    lua_remove(L, -2);
  }
  lua_setfield(L, opts, "hostname");
  push_url_part(L, url, "pathname");
  push_url_part(L, url, "search");
  lua_concat(L, 2);
  lua_setfield(L, opts, "path");
  push_url_part(L, url, "port");
  if (lua_rawlen(L, -1) > 0) lua_setfield(L, opts, "port");
  url_auth(L, url, opts);
}

/* (self, input, options, callback) becomes self, options (a copy), callback. */
static void normalize(lua_State *L) {
  lua_settop(L, 4);
  bool text = lua_type(L, 2) == LUA_TSTRING;
  if (text) {
    lua_pushvalue(L, 2);
    class_construct(L, &url_class, 1);
    lua_replace(L, 2);
  }
  if (text || class_is(L, 2, &url_class)) {
    if (lua_isfunction(L, 3)) {
      lua_copy(L, 3, 4);
      lua_pushnil(L);
      lua_replace(L, 3);
    }
    if (!lua_isnil(L, 3) && !lua_istable(L, 3)) err_arg_type(L, 3, "options", "of type table");
    push_url_options(L, 2);
    table_merge(L, 5, 3);
  } else {
    if (lua_isfunction(L, 3)) lua_copy(L, 3, 4);
    if (!lua_isnil(L, 2) && !lua_istable(L, 2)) err_arg_type(L, 2, "options", "of type table");
    table_push_copy(L, 2);
  }
  lua_replace(L, 2);
  lua_remove(L, 3);
  lua_settop(L, 3);
}

enum { SELF = 1, OPTS = 2, CALLBACK = 3, AGENT = 4 };

static void take_agent(lua_State *L) {
  bool own_connect = opt_push(L, OPTS, "createConnection") == LUA_TFUNCTION;
  lua_pop(L, 1);
  int type = opt_push(L, OPTS, "agent");
  if (type == LUA_TBOOLEAN && !lua_toboolean(L, -1)) {
    lua_pop(L, 1);
    agent_push_new(L);
  } else if (type == LUA_TNIL || json_is_null(L, -1)) {
    lua_pop(L, 1);
    if (own_connect) lua_pushnil(L);
    else agent_push_global(L);
  } else if (!class_is(L, -1, &agent_class)) {
    err_arg_type(L, lua_gettop(L), "options.agent", "an instance of Agent or false");
  }
}

static void check_path(lua_State *L) {
  size_t len;
  if (opt_push(L, OPTS, "path") != LUA_TNIL) {
    const char *path = luaL_tolstring(L, -1, &len);
    for (size_t i = 0; i < len; i++)
      if ((unsigned char)path[i] <= 0x20 || (unsigned char)path[i] == 0x7f)
        err_raise(L, &type_error_class, "ERR_UNESCAPED_CHARACTERS", "Request path contains unescaped characters");
    if (len > 0) {
      request_set(L, SELF, "path");
      lua_pop(L, 1);
      return;
    }
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  lua_pushliteral(L, "/");
  request_set(L, SELF, "path");
}

static void check_protocol(lua_State *L) {
  const char *protocol = opt_string(L, OPTS, "protocol", "http:");
  if (strcmp(protocol, "http:") != 0)
    err_raise(L, &type_error_class, "ERR_INVALID_PROTOCOL", "Protocol \"%s\" not supported. Expected \"http:\"",
              protocol);
  lua_pushstring(L, protocol);
  request_set(L, SELF, "protocol");
}

/* options.hostname or options.host, as options.host. */
static void take_host(lua_State *L) {
  static const char *const names[] = { "hostname", "host" };
  const char *host = NULL;
  for (int i = 0; i < 2; i++) {
    int type = opt_push(L, OPTS, names[i]);
    if (json_is_null(L, -1)) type = LUA_TNIL;
    if (type != LUA_TNIL && type != LUA_TSTRING)
      err_arg_type(L, lua_gettop(L), i == 0 ? "options.hostname" : "options.host",
                   "of type string or one of nil or null");
    if (type == LUA_TSTRING && !host && lua_rawlen(L, -1) > 0) host = lua_tostring(L, -1);
  }
  lua_pushstring(L, host ? host : "localhost");
  lua_pushvalue(L, -1);
  lua_setfield(L, OPTS, "host");
  request_set(L, SELF, "host");
  lua_settop(L, AGENT);
}

/* options.port or the default; sets options.port. */
static lua_Integer take_port(lua_State *L) {
  lua_Integer fallback = opt_integer(L, OPTS, "defaultPort", 0, 65535, 80);
  bool given = opt_push(L, OPTS, "port") != LUA_TNIL && !json_is_null(L, -1);
  lua_Integer port = given ? net_arg_port(L, lua_gettop(L), "options.port") : fallback;
  lua_pop(L, 1);
  if (port == 0 && !given) port = 80;
  lua_pushinteger(L, port);
  lua_setfield(L, OPTS, "port");
  return port == fallback ? 0 : port;
}

static void take_method(lua_State *L, ClientRequest *r) {
  static const char *const bare[] = { "GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT" };
  char name[64];
  size_t len = 3;
  const char *method = "GET";
  int type = opt_push(L, OPTS, "method");
  if (type != LUA_TNIL && !json_is_null(L, -1)) {
    if (type != LUA_TSTRING) err_arg_type(L, lua_gettop(L), "options.method", "of type string");
    if (lua_rawlen(L, -1) > 0) method = lua_tolstring(L, -1, &len);
  }
  if (!http_is_token(method, len) || len >= sizeof name)
    err_raise(L, &type_error_class, "ERR_INVALID_HTTP_TOKEN", "Method must be a valid HTTP token [\"%s\"]", method);
  for (size_t i = 0; i <= len; i++) name[i] = (char)toupper((unsigned char)method[i]);
  for (size_t i = 0; i < sizeof bare / sizeof *bare; i++)
    if (!strcmp(name, bare[i])) r->base.chunked_by_default = false;
  r->is_head = !strcmp(name, "HEAD");
  r->is_connect = !strcmp(name, "CONNECT");
  lua_pushstring(L, name);
  request_set(L, SELF, "method");
  lua_pop(L, 1);
}

static void take_timeout(lua_State *L, ClientRequest *r) {
  r->timeout = -1;
  if (opt_push(L, OPTS, "timeout") != LUA_TNIL) {
    r->timeout = arg_number(L, lua_gettop(L), "timeout");
    if (!(r->timeout >= 0 && r->timeout <= 1e300))
      err_range(L, lua_gettop(L), "timeout", "a non-negative finite number");
    if (r->timeout > 2147483647) r->timeout = 2147483647;
  }
  lua_pop(L, 1);
}

/* ---- headers ---- */

static bool has_header(lua_State *L, const char *lower) {
  bool has = header_push(L, SELF, lower);
  if (has) lua_pop(L, 1);
  return has;
}

static void set_text(lua_State *L, const char *name) { /* the value is on top. [-1] */
  lua_pushstring(L, name);
  lua_insert(L, -2);
  header_set(L, SELF, lua_gettop(L) - 1, lua_gettop(L));
  lua_pop(L, 2);
}

static void add_host(lua_State *L, lua_Integer port) {
  if (!opt_boolean(L, OPTS, "setHost", true) || has_header(L, "host")) return;
  request_push(L, SELF, "host");
  const char *host = lua_tostring(L, -1), *colon = strchr(host, ':');
  bool v6 = colon && strchr(colon + 1, ':') && *host != '[';
  lua_pushfstring(L, v6 ? "[%s]" : "%s", host);
  if (port) lua_pushfstring(L, ":%I", (LUAI_UACINT)port);
  if (port) lua_concat(L, 2);
  lua_remove(L, -2);
  lua_pushliteral(L, "Host");
  lua_insert(L, -2);
  header_check_value(L, lua_gettop(L) - 1, lua_gettop(L));
  lua_remove(L, -2);
  set_text(L, "Host");
}

static void add_auth(lua_State *L) {
  size_t len;
  const char *auth = opt_string(L, OPTS, "auth", NULL);
  if (!auth || has_header(L, "authorization")) return;
  (void)opt_push(L, OPTS, "auth");
  auth = lua_tolstring(L, -1, &len);
  lua_pushliteral(L, "Basic ");
  enc_push_text(L, ENC_BASE64, auth, len);
  lua_concat(L, 2);
  lua_remove(L, -2);
  set_text(L, "Authorization");
}

static void request_line(lua_State *L, int self) {
  request_push(L, self, "method");
  lua_pushliteral(L, " ");
  request_push(L, self, "path");
  lua_pushliteral(L, " HTTP/1.1\r\n");
  lua_concat(L, 4);
}

static void store_head(lua_State *L, int self, StrBuf *text, int headers) {
  size_t len;
  request_line(L, self);
  const char *line = lua_tolstring(L, -1, &len);
  for (size_t i = 0; i + 2 < len; i++) /* a path that was changed afterwards */
    if (line[i] == '\r' || line[i] == '\n')
      err_raise(L, &type_error_class, "ERR_UNESCAPED_CHARACTERS", "Request path contains unescaped characters");
  head_store(L, self, text, line, len, headers);
  lua_pop(L, 1);
}

static void request_implicit_head(lua_State *L, int self, StrBuf *text) { store_head(L, self, text, 0); }

/* The head is made before anything is written. */
static void store_early(lua_State *L, int headers) {
  StrBuf *text = text_begin(L);
  store_head(L, 1, text, headers);
  outgoing_add(L, 1, text->p, text->len);
  text_end(L, text);
  if (outgoing_test(L, 1)->flush_head) outgoing_flush(L, 1);
}

static void take_headers(lua_State *L, lua_Integer port) {
  int type = opt_push(L, OPTS, "headers"), headers = lua_gettop(L);
  if (type != LUA_TNIL && type != LUA_TTABLE) err_arg_type(L, headers, "options.headers", "of type table");
  if (type == LUA_TTABLE && (json_is_marked(L, headers) || lua_rawlen(L, headers) > 0)) {
    store_early(L, headers);
  } else {
    if (type == LUA_TTABLE) http_merge_headers(L, SELF, headers);
    add_host(L, port);
    add_auth(L);
    if (has_header(L, "expect")) store_early(L, 0);
  }
  lua_settop(L, headers - 1);
}

/* ---- the socket ---- */

/* once("connect") of the socket; upvalues: socket, ms */
static int on_connect_timeout(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  net_socket_set_timeout(L, 1, (uint64_t)lua_tointeger(L, lua_upvalueindex(2)));
  return 0;
}

static void set_socket_timeout(lua_State *L, int socket, lua_Integer ms) {
  const NetSocket *s = net_socket_test(L, socket);
  if (!s) return;
  if (!s->connecting) {
    net_socket_set_timeout(L, socket, (uint64_t)ms);
    return;
  }
  lua_pushvalue(L, socket);
  lua_pushinteger(L, ms);
  lua_pushcclosure(L, on_connect_timeout, 2);
  emitter_on(L, socket, "connect", true);
}

static void attach(lua_State *L, int req, int socket) {
  ClientRequest *r = request_test(L, req);
  int top = lua_gettop(L);
  client_attach(L, req, socket);
  request_push(L, req, "agent");
  bool timed = r->timeout >= 0;
  if (class_is(L, top + 1, &agent_class) && agent_push_timeout(L, top + 1)) timed = true;
  if (timed) r->hears_timeout = true;
  lua_settop(L, top);
  outgoing_attach(L, req, socket);
  Outgoing *o = &r->base;
  bool waits = o->out_len > 0 && o->head_sent;
  if (o->attached && !o->stream.destroyed && (waits || o->stream.w.ending)) outgoing_flush(L, req);
}

/* (request, socket or nil, error or nil) */
static int tick_on_socket(lua_State *L) {
  ClientRequest *r = request_test(L, 1);
  NetSocket *s = net_socket_test(L, 2);
  lua_settop(L, 3);
  if (!r->base.stream.destroyed && lua_isnil(L, 3)) {
    attach(L, 1, 2);
    return 0;
  }
  r->base.stream.destroyed = true;
  request_push(L, 1, "agent");
  bool by_agent = class_is(L, 4, &agent_class);
  lua_settop(L, 3);
  if (lua_isnil(L, 3)) {
    if (s && by_agent && !s->base.stream.destroyed) emit(L, 2, "free", 0);
    else if (s) stream_destroy(L, 2, 0);
    outgoing_data_push(L, 1, OUT_ERROR);
    lua_replace(L, 3);
  } else if (s) {
    stream_destroy(L, 2, 3);
  }
  if (lua_isnil(L, 3) && !r->aborted) {
    request_push_hang_up(L);
    lua_replace(L, 3);
  }
  if (!lua_isnil(L, 3)) request_emit_error(L, 1);
  outgoing_tell_close(L, 1);
  return 0;
}

void request_on_socket(lua_State *L, int req, int socket, int err) {
  lua_pushcfunction(L, tick_on_socket);
  lua_pushvalue(L, req);
  if (socket) lua_pushvalue(L, socket);
  else lua_pushnil(L);
  if (err) lua_pushvalue(L, err);
  else lua_pushnil(L);
  rt_next_tick(L, 3);
}

void client_connect(lua_State *L, int opts) {
  lua_pushvalue(L, opts);
  class_construct(L, &net_socket_class, 1);
  int socket = lua_gettop(L);
  if (opt_push(L, opts, "timeout") == LUA_TNUMBER) {
    lua_Number ms = lua_tonumber(L, -1);
    if (ms > 0 && ms <= 2147483647) net_socket_set_timeout(L, socket, (uint64_t)ceil(ms));
  }
  lua_pop(L, 1);
  net_socket_connect(L, socket, opts);
}

/* callback(err, socket) of options.createConnection; upvalues: the request, a table that is marked once it
 * was called */
static int on_created(lua_State *L) {
  lua_settop(L, 2);
  lua_rawgeti(L, lua_upvalueindex(2), 1);
  if (lua_toboolean(L, 3)) return 0;
  lua_pushboolean(L, true);
  lua_rawseti(L, lua_upvalueindex(2), 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  if (lua_toboolean(L, 1)) request_on_socket(L, 4, 0, 1);
  else if (net_socket_test(L, 2)) request_on_socket(L, 4, 2, 0);
  else err_arg_type(L, 2, "socket", "an instance of Socket");
  return 0;
}

/* Without an agent: a connection of its own. */
static void connect_alone(lua_State *L) {
  request_test(L, SELF)->base.last = true;
  request_test(L, SELF)->base.should_keep_alive = false;
  if (opt_push(L, OPTS, "socketPath") == LUA_TSTRING) lua_setfield(L, OPTS, "path");
  else {
    lua_pop(L, 1);
    lua_pushnil(L);
    lua_setfield(L, OPTS, "path");
  }
  if (opt_push(L, OPTS, "createConnection") != LUA_TFUNCTION) {
    lua_pop(L, 1);
    client_connect(L, OPTS);
    request_on_socket(L, SELF, lua_gettop(L), 0);
    return;
  }
  int fn = lua_gettop(L);
  lua_pushvalue(L, SELF);
  lua_newtable(L);
  lua_pushcclosure(L, on_created, 2);
  lua_pushvalue(L, fn);
  lua_pushvalue(L, OPTS);
  lua_pushvalue(L, fn + 1);
  lua_call(L, 2, 1);
  if (lua_isnil(L, -1)) return;
  lua_pushnil(L);
  lua_insert(L, -2);
  lua_call(L, 2, 0);
}

/* ---- making ---- */

static const OutgoingKind request_kind = { request_implicit_head, client_request_finished };

static int request_alloc(lua_State *L) {
  ClientRequest *r = (ClientRequest *)outgoing_init(L, &request_class, sizeof *r, &request_kind);
  r->max_headers = -1;
  r->timeout = -1;
  r->max_head = HTTP_DEFAULT_HEAD;
  return 1;
}

static void take_options(lua_State *L, ClientRequest *r) {
  take_timeout(L, r);
  take_method(L, r);
  r->max_head = opt_integer(L, OPTS, "maxHeaderSize", 0, UINT32_MAX, HTTP_DEFAULT_HEAD);
  if (r->max_head == 0) r->max_head = HTTP_DEFAULT_HEAD;
  r->join = opt_boolean(L, OPTS, "joinDuplicateHeaders", false);
  header_unique_option(L, SELF, OPTS);
  if (!lua_isnil(L, AGENT)) {
    r->base.has_agent = true;
    r->base.should_keep_alive = agent_keeps(L, AGENT);
    r->base.last = !r->base.should_keep_alive;
  }
  lua_pushvalue(L, AGENT);
  request_set(L, SELF, "agent");
}

/* ClientRequest(url, options, callback) */
static int request_construct(lua_State *L) {
  ClientRequest *r = request_self(L);
  luaL_checkstack(L, 30, "http");
  normalize(L);
  if (!lua_isnil(L, CALLBACK)) arg_function(L, CALLBACK, "callback");
  take_agent(L);
  check_path(L);
  check_protocol(L);
  take_host(L);
  lua_Integer port = take_port(L);
  take_options(L, r);
  if (signal_option(L, OPTS)) {
    stream_add_signal(L, SELF);
    lua_pushnil(L);
    lua_setfield(L, OPTS, "signal");
  } else {
    lua_pop(L, 1);
  }
  if (!lua_isnil(L, CALLBACK)) {
    lua_pushvalue(L, CALLBACK);
    emitter_on(L, SELF, "response", true);
  }
  take_headers(L, port);
  if (!lua_isnil(L, AGENT)) agent_add_request(L, AGENT, SELF, OPTS);
  else connect_alone(L);
  return 0;
}

/* request(url, options, callback) */
int http_request(lua_State *L) {
  class_construct(L, &request_class, lua_gettop(L));
  return 1;
}

/* get(url, options, callback) */
int http_get(lua_State *L) {
  class_construct(L, &request_class, lua_gettop(L));
  outgoing_end(L, lua_gettop(L));
  return 1;
}

/* ---- methods ---- */

/* destroy(error) */
static int request_destroy(lua_State *L) {
  ClientRequest *r = request_self(L);
  lua_settop(L, 2);
  if (!r->base.stream.destroyed) {
    r->base.stream.destroyed = true;
    lua_getiuservalue(L, 1, UV_OUT_PEER);
    if (r->responded && incoming_test(L, 3)) incoming_dump(L, 3);
    lua_pushvalue(L, 2);
    outgoing_data_set(L, 1, OUT_ERROR);
    lua_getiuservalue(L, 1, UV_OUT_SOCKET);
    if (net_socket_test(L, 4)) stream_destroy(L, 4, 2);
  }
  lua_settop(L, 1);
  return 1;
}

static int tick_abort(lua_State *L) {
  emit(L, 1, "abort", 0);
  return 0;
}

static int request_abort(lua_State *L) {
  ClientRequest *r = request_self(L);
  lua_settop(L, 1);
  if (r->aborted) return 0;
  r->aborted = true;
  http_tick(L, 1, tick_abort);
  class_call_method(L, 1, "destroy", 0, 0);
  return 0;
}

/* once("socket", socket); upvalue: ms */
static int on_socket_timeout(lua_State *L) {
  lua_settop(L, 1);
  set_socket_timeout(L, 1, lua_tointeger(L, lua_upvalueindex(1)));
  return 0;
}

/* setTimeout(milliseconds, callback) */
static int request_set_timeout(lua_State *L) {
  ClientRequest *r = request_self(L);
  lua_settop(L, 3);
  lua_Number ms = arg_number(L, 2, "msecs");
  if (!(ms >= 0 && ms <= 1e300)) err_range(L, 2, "msecs", "a non-negative finite number");
  if (!lua_isnil(L, 3)) arg_function(L, 3, "callback");
  if (ms > 2147483647) ms = 2147483647;
  if (!r->ended) {
    r->hears_timeout = true;
    if (!lua_isnil(L, 3)) {
      lua_pushvalue(L, 3);
      emitter_on(L, 1, "timeout", true);
    }
    if (r->base.attached) {
      lua_getiuservalue(L, 1, UV_OUT_SOCKET);
      set_socket_timeout(L, 4, (lua_Integer)ceil(ms));
    } else {
      lua_pushinteger(L, (lua_Integer)ceil(ms));
      lua_pushcclosure(L, on_socket_timeout, 1);
      emitter_on(L, 1, "socket", true);
    }
  }
  lua_settop(L, 1);
  return 1;
}

/* Calls the socket's method with the nargs upvalues behind the first two: request, name of the method. */
static int on_deferred(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_getiuservalue(L, 1, UV_OUT_SOCKET);
  if (!net_socket_test(L, 2)) return 0;
  lua_pushvalue(L, lua_upvalueindex(3));
  lua_pushvalue(L, lua_upvalueindex(4));
  class_call_method(L, 2, lua_tostring(L, lua_upvalueindex(2)), 2, 0);
  return 0;
}

/* once("socket"): now, or when it is connected. upvalue: on_deferred */
static int on_socket_deferred(lua_State *L) {
  lua_settop(L, 1);
  const NetSocket *s = net_socket_test(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  if (s && s->connecting) emitter_on(L, 1, "connect", true);
  else lua_call(L, 0, 0);
  return 0;
}

static int defer(lua_State *L, const char *method) {
  const ClientRequest *r = request_self(L);
  lua_settop(L, 3);
  lua_pushvalue(L, 1);
  lua_pushstring(L, method);
  lua_pushvalue(L, 2);
  lua_pushvalue(L, 3);
  lua_pushcclosure(L, on_deferred, 4);
  lua_pushcclosure(L, on_socket_deferred, 1);
  if (r->base.attached) {
    lua_getiuservalue(L, 1, UV_OUT_SOCKET);
    lua_call(L, 1, 0);
  } else {
    emitter_on(L, 1, "socket", true);
  }
  return 0;
}

static int request_set_no_delay(lua_State *L) { return defer(L, "setNoDelay"); }
static int request_set_keep_alive(lua_State *L) { return defer(L, "setKeepAlive"); }

/* ---- rows ---- */

static int push_named(lua_State *L, const char *name) {
  (void)request_self(L);
  request_push(L, 1, name);
  return 1;
}

static int set_named(lua_State *L, const char *name) {
  (void)request_self(L);
  lua_settop(L, 2);
  request_set(L, 1, name);
  return 0;
}

static int get_method(lua_State *L) { return push_named(L, "method"); }
static int get_path(lua_State *L) { return push_named(L, "path"); }
static int get_host(lua_State *L) { return push_named(L, "host"); }
static int get_protocol(lua_State *L) { return push_named(L, "protocol"); }
static int get_agent(lua_State *L) { return push_named(L, "agent"); }

static int set_path(lua_State *L) {
  size_t len;
  const char *path = arg_string(L, 2, "path", &len);
  for (size_t i = 0; i < len; i++)
    if ((unsigned char)path[i] <= 0x20 || (unsigned char)path[i] == 0x7f)
      return err_raise(L, &type_error_class, "ERR_UNESCAPED_CHARACTERS",
                       "Request path contains unescaped characters");
  return set_named(L, "path");
}

static int get_aborted(lua_State *L) {
  lua_pushboolean(L, request_self(L)->aborted);
  return 1;
}

static int get_reused(lua_State *L) {
  lua_pushboolean(L, request_self(L)->reused);
  return 1;
}

static int get_response(lua_State *L) {
  (void)request_self(L);
  lua_getiuservalue(L, 1, UV_OUT_PEER);
  return 1;
}

static int get_max_headers(lua_State *L) {
  const ClientRequest *r = request_self(L);
  if (r->max_headers < 0) lua_pushnil(L);
  else lua_pushinteger(L, r->max_headers);
  return 1;
}

static int set_max_headers(lua_State *L) {
  ClientRequest *r = request_self(L);
  r->max_headers = lua_isnoneornil(L, 2) ? -1 : arg_integer(L, 2, "maxHeadersCount", 0, INT32_MAX);
  return 0;
}

const OptDef http_request_options[] = {
  { "agent", "Agent|boolean", NULL, "Where its connection comes from; false: one of its own. Default: globalAgent." },
  { "auth", "string", NULL, "\"user:password\" for a header Authorization." },
  { "createConnection", "function", NULL, "createConnection(options, callback) that returns a Socket." },
  { "defaultPort", "integer", "80", "The port that Host leaves out." },
  { "family", "integer", NULL, "4 or 6: addresses of that kind only." },
  { "headers", "table", NULL, "By names, or a sequence of name, value, name, value." },
  { "host", "string", "\"localhost\"", "Name or address of the server." },
  { "hostname", "string", NULL, "The same; counts before host." },
  { "joinDuplicateHeaders", "boolean", "false", "Join all headers that come twice by \", \"?" },
  { "localAddress", "string", NULL, "Address to connect from." },
  { "lookup", "function", NULL, "In place of dns.lookup." },
  { "maxHeaderSize", "integer", "16384", "Bytes that the head of the response may have." },
  { "method", "string", "\"GET\"", "The method." },
  { "path", "string", "\"/\"", "Path and query." },
  { "port", "integer", "80", "Port of the server." },
  { "protocol", "string", "\"http:\"", "The only one." },
  { "setHost", "boolean", "true", "Send a header Host?" },
  { "signal", "AbortSignal", NULL, "Destroys the request with an AbortError." },
  { "socketPath", "string", NULL, "Path of a unix socket, in place of host and port." },
  { "timeout", "number", NULL, "Milliseconds without any data until \"timeout\"." },
  { "uniqueHeaders", "string[]", NULL, "Headers whose values are sent in one line, joined by \"; \"." },
  { 0 }
};

static const FnDef request_methods[] = {
  { "abort", request_abort, FN_METHOD, "abort()", "Older form of destroy().", NULL, NULL, NULL },
  { "destroy", request_destroy, FN_METHOD, "destroy(error: any?): ClientRequest",
    "Gives the request up: its connection is closed.", NULL, NULL, NULL },
  { "setTimeout", request_set_timeout, FN_METHOD,
    "setTimeout(milliseconds: number, callback: function?): ClientRequest",
    "\"timeout\" when nothing has come for so long; the request goes on unless it is destroyed.", NULL, NULL,
    NULL },
  { "setNoDelay", request_set_no_delay, FN_METHOD, "setNoDelay(noDelay: boolean?)",
    "socket:setNoDelay, once there is one.", NULL, NULL, NULL },
  { "setSocketKeepAlive", request_set_keep_alive, FN_METHOD,
    "setSocketKeepAlive(enable: boolean?, initialDelay: integer?)",
    "socket:setKeepAlive, once there is one.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef request_props[] = {
  { "method", get_method, NULL, "string", "\"GET\", in capitals." },
  { "path", get_path, set_path, "string", "Path and query." },
  { "host", get_host, NULL, "string", "The server." },
  { "protocol", get_protocol, NULL, "string", "\"http:\"" },
  { "agent", get_agent, NULL, "Agent?", "Where its connection comes from." },
  { "res", get_response, NULL, "IncomingMessage?", "The response." },
  { "aborted", get_aborted, NULL, "boolean", "Was abort called?" },
  { "reusedSocket", get_reused, NULL, "boolean", "Did its connection serve another request before?" },
  { "maxHeadersCount", get_max_headers, set_max_headers, "integer?",
    "How many headers of the response are kept; nil: 1000, 0: all." },
  { 0 }
};

static const EventDef request_events[] = {
  { "response", "res: IncomingMessage", "The head of the response has come. Its body must be read." },
  { "information", "info: table", "A 1xx: statusCode, statusMessage, httpVersion, headers, rawHeaders." },
  { "continue", "", "100 Continue: the body may be sent." },
  { "connect", "res: IncomingMessage, socket: Socket, head: Buffer",
    "The answer to CONNECT: the socket is yours. Without a listener it is closed." },
  { "upgrade", "res: IncomingMessage, socket: Socket, head: Buffer",
    "101 Switching Protocols: the socket is yours. Without a listener it is closed." },
  { "abort", "", "abort was called." },
  { "error", "err: Error", "No connection, a response that cannot be read, or destroy(error)." },
  { 0 }
};

const ClassDef request_class = {
  .name = "ClientRequest", .base = &outgoing_class, .alloc = request_alloc, .init = request_construct,
  .methods = request_methods, .props = request_props, .events = request_events,
  .doc = "A request of a client: write its body, then finish() it. \"response\" brings the answer.",
  .example = "local http = require \"http\"\n"
             "local server = http.createServer(function(req, res) req:pipe(res) end)\n"
             "server:listen(0, function()\n"
             "  local req = http.request { port = server:address().port, method = \"POST\" }\n"
             "  req:on(\"response\", function(res)\n"
             "    res:on(\"data\", function(d) print(d) end)\n"
             "    res:on(\"end\", function() server:close() end)\n"
             "  end)\n"
             "  req:finish \"echo\"\nend)"
};
