/* SPDX-License-Identifier: MIT */
/* net.c - the module, and what net.Server offers to Lua. */
#include "internal.h"

#include <string.h>
#include "core/error.h"
#include "core/opts.h"
#include "events/events.h"

static NetServer *self_of(lua_State *L) { return class_check(L, 1, &net_server_class); }

/* ---- Server ---- */

static int server_alloc(lua_State *L) {
  (void)net_server_new(L, &net_server_class, sizeof(NetServer), 0);
  return 1;
}

/* Server(options, connectionListener), Server(connectionListener) */
static int server_init(lua_State *L) {
  (void)self_of(L);
  lua_settop(L, 3);
  if (lua_isfunction(L, 2)) {
    lua_copy(L, 2, 3);
    lua_pushnil(L);
    lua_replace(L, 2);
  }
  if (!lua_isnil(L, 2) && !lua_istable(L, 2)) return err_arg_type(L, 2, "options", "of type table");
  net_server_options(L, 1, 2);
  if (!lua_isfunction(L, 3)) return 0;
  lua_pushvalue(L, 3);
  emitter_on(L, 1, "connection", false);
  return 0;
}

static int server_address(lua_State *L) {
  const NetServer *v = self_of(L);
  struct sockaddr_storage name;
  int len = sizeof name;
  memset(&name, 0, sizeof name);
  if (v->listening && v->remote) name = v->away.address;
  if (v->listening && !v->remote && !v->is_pipe) {
    int err = uv_tcp_getsockname(&v->uv.tcp, (struct sockaddr *)&name, &len);
    if (err < 0) return err_raise_uv(L, err, "address");
  }
  if (name.ss_family != 0) net_push_address(L, &name);
  else lua_getiuservalue(L, 1, UV_SERVER_PATH);
  return 1;
}

static int server_get_connections(lua_State *L) {
  NetServer *v = self_of(L);
  lua_settop(L, 2);
  arg_function(L, 2, "callback");
  if (v->count) {
    v->count(L, 1, 2);
  } else {
    lua_pushnil(L);
    lua_pushinteger(L, v->connections);
    rt_next_tick(L, 2);
    lua_pushvalue(L, 1);
  }
  lua_settop(L, 1);
  return 1;
}

static int server_ref(lua_State *L) {
  self_of(L)->unref_early = false;
  return handle_lua_ref(L);
}

static int server_unref(lua_State *L) {
  self_of(L)->unref_early = true;
  return handle_lua_unref(L);
}

static int get_listening(lua_State *L) {
  lua_pushboolean(L, self_of(L)->listening);
  return 1;
}

static int get_max_connections(lua_State *L) {
  const NetServer *v = self_of(L);
  if (v->max_connections >= 0) lua_pushinteger(L, v->max_connections);
  else lua_pushnil(L);
  return 1;
}

/* Any number below 1 and anything else is no limit, as in Node. */
static int set_max_connections(lua_State *L) {
  NetServer *v = self_of(L);
  lua_Number n = lua_type(L, 2) == LUA_TNUMBER ? lua_tonumber(L, 2) : -1;
  v->max_connections = n > 0 && n < 9e15 ? (lua_Integer)n : -1;
  return 0;
}

static int get_half_open(lua_State *L) {
  lua_pushboolean(L, self_of(L)->allow_half_open);
  return 1;
}

static int set_half_open(lua_State *L) {
  self_of(L)->allow_half_open = lua_toboolean(L, 2);
  return 0;
}

static const OptDef listen_options[] = {
  { "port", "integer", "0", "The port; 0: any free one." },
  { "host", "string", NULL, "The own address or name to listen at; default: all of this machine." },
  { "path", "string", NULL, "A unix socket instead: its path, or a name after a zero byte." },
  { "fd", "integer", NULL, "A bound socket's descriptor instead." },
  { "backlog", "integer", "511", "How many connections may wait to be accepted." },
  { "exclusive", "boolean", "false", "In a cluster worker: do not share the port with the others." },
  { "ipv6Only", "boolean", "false", "With the host \"::\": no IPv4." },
  { "reusePort", "boolean", "false",
    "Others that ask for it too may listen at the same port, in other threads or processes: the kernel shares "
    "the connections out." },
  { "readableAll", "boolean", "false", "Everybody may read the unix socket." },
  { "writableAll", "boolean", "false", "Everybody may write to the unix socket." },
  { "signal", "AbortSignal", NULL, "Closes the server when it aborts." },
  { 0 }
};

static const FnDef server_methods[] = {
  { "listen", net_lua_listen, FN_METHOD,
    "listen(port: integer|string|table|Server|function?, host: string|integer|function?, backlog: "
    "integer|function?, callback: function?): Server",
    "Begins to listen at a port, at the path of a unix socket, or as the options say, or shares what another Server "
    "listens at; \"listening\" or \"error\" come later. callback is a listener of \"listening\".",
    listen_options, NULL, "A path that is too long for the system is an error (ENAMETOOLONG), and not cut." },
  { "close", net_lua_close, FN_METHOD, "close(callback: function?): Server",
    "Takes no more connections. \"close\", and the callback, come when the last one has ended.", NULL, NULL, NULL },
  { "address", server_address, FN_METHOD, "address(): table|string?",
    "{ address, family, port }, or the path of a unix socket; nil when it does not listen.", NULL, NULL, NULL },
  { "getConnections", server_get_connections, FN_METHOD, "getConnections(callback: function): Server",
    "callback(err, count) gets the number of open connections.", NULL, NULL, NULL },
  { "ref", server_ref, FN_METHOD, "ref(): Server", "Lets it keep the program running (again).", NULL, NULL,
    NULL },
  { "unref", server_unref, FN_METHOD, "unref(): Server", "The program may end while it listens.", NULL,
    NULL, NULL },
  { 0 }
};

static const PropDef server_props[] = {
  { "listening", get_listening, NULL, "boolean", "Does it listen?" },
  { "maxConnections", get_max_connections, set_max_connections, "integer?",
    "More connections than that are closed at once, with the event \"drop\"." },
  { "allowHalfOpen", get_half_open, set_half_open, "boolean", "The option of its connections." },
  { 0 }
};

static const EventDef server_events[] = {
  { "listening", "", "It listens: address() is known." },
  { "connection", "socket: Socket", "Somebody has connected." },
  { "drop", "data: table?",
    "There were maxConnections already: localAddress, localPort, localFamily and remoteAddress, ... of the one that was closed." },
  { "close", "", "It was closed, and its last connection has ended." },
  { "error", "error: Error", "It cannot listen (any more)." },
  { 0 }
};

const ClassDef net_server_class = {
  .name = "Server", .base = &event_emitter_class, .alloc = server_alloc, .init = server_init,
  .gc = handle_gc, .methods = server_methods, .props = server_props, .events = server_events,
  .doc = "Accepts TCP or unix socket connections: net.createServer makes one.",
  .example = "local server = require(\"net\").createServer()\n"
             "server:listen(0, function()\n  print(server:address().family)\n  server:close()\nend)"
};

/* ---- functions ---- */

static int net_create_server(lua_State *L) {
  lua_settop(L, 2);
  class_construct(L, &net_server_class, 2);
  return 1;
}

/* connect(...): a Socket of the options, then its connect. */
static int net_connect(lua_State *L) {
  net_normalize(L, 1, NULL);
  class_push(L, &net_socket_class);
  lua_pushvalue(L, 1);
  lua_call(L, 1, 1);
  if (net_option(L, 1, "timeout")) {
    (void)opt_push(L, 1, "timeout");
    class_call_method(L, 3, "setTimeout", 1, 0);
  }
  lua_pushvalue(L, 1);
  lua_pushvalue(L, 2);
  class_call_method(L, 3, "connect", 2, 1);
  return 1;
}

static const OptDef server_options[] = {
  { "allowHalfOpen", "boolean", "false",
    "A connection that the other side has ended is not ended here by itself." },
  { "pauseOnConnect", "boolean", "false", "Connections come paused: nothing is read until resume()." },
  { "noDelay", "boolean", "false", "setNoDelay for each connection." },
  { "keepAlive", "boolean", "false", "setKeepAlive for each connection." },
  { "keepAliveInitialDelay", "integer", "0", "Its milliseconds." },
  { "highWaterMark", "integer", "16384", "Of the streams of its connections." },
  { 0 }
};

static const OptDef socket_options[] = {
  { "port", "integer", NULL, "The port to connect to." },
  { "host", "string", "\"localhost\"", "The host: an address or a name." },
  { "path", "string", NULL, "A unix socket instead: its path, or a name after a zero byte." },
  { "localAddress", "string", NULL, "The own address to connect from." },
  { "localPort", "integer", NULL, "The own port to connect from." },
  { "family", "integer", "0", "4 or 6: only such addresses of the host; 0: both." },
  { "hints", "integer", NULL, "Hints for dns.lookup." },
  { "lookup", "function", "dns.lookup", "Finds the addresses: lookup(host, options, callback)." },
  { "allowHalfOpen", "boolean", "false", "It is not ended by itself when the other side ends." },
  { "noDelay", "boolean", "false", "setNoDelay, once connected." },
  { "keepAlive", "boolean", "false", "setKeepAlive, once connected." },
  { "keepAliveInitialDelay", "integer", "0", "Its milliseconds." },
  { "autoSelectFamily", "boolean", "true",
    "Where a host has several addresses: try one after the other until one answers." },
  { "autoSelectFamilyAttemptTimeout", "integer", "250", "Milliseconds for one of these attempts." },
  { "timeout", "integer", NULL, "setTimeout, at once." },
  { "signal", "AbortSignal", NULL, "Destroys the Socket with an AbortError when it aborts." },
  { "onread", "table", NULL,
    "{ buffer = a Buffer or a function that returns one, callback = function(n, buffer) }: what comes is "
    "put there in place of \"data\" events; false from the callback stops reading until resume()." },
  { 0 }
};

#define CONNECT_SIG "(port: integer|string|table, host: string|function?, callback: function?): Socket"

static const FnDef net_functions[] = {
  { "createServer", net_create_server, FN_STATIC,
    "createServer(options: table|function?, connectionListener: function?): Server",
    "Makes a Server; connectionListener(socket) is called for each connection.", server_options,
    "local server = require(\"net\").createServer(function(c) c:pipe(c) end)\nserver:unref()", NULL },
  { "connect", net_connect, FN_STATIC, "connect" CONNECT_SIG,
    "Connects to a port of a host, to the path of a unix socket, or as the options say; callback is a "
    "listener of \"connect\".", socket_options,
    "require(\"net\").connect(1, \"127.0.0.1\"):on(\"error\", function(e) print(e.code) end)", NULL },
  { "createConnection", net_connect, FN_STATIC, "createConnection" CONNECT_SIG, "The same as connect.",
    socket_options, NULL, NULL },
  { "isIP", net_lua_is_ip, FN_STATIC, "isIP(input: any): integer",
    "4 for an IPv4 address, 6 for an IPv6 address, 0 for anything else.", NULL,
    "print(require(\"net\").isIP \"::1\")", NULL },
  { "isIPv4", net_lua_is_ipv4, FN_STATIC, "isIPv4(input: any): boolean", "Is it an IPv4 address?", NULL,
    NULL, NULL },
  { "isIPv6", net_lua_is_ipv6, FN_STATIC, "isIPv6(input: any): boolean", "Is it an IPv6 address?", NULL,
    NULL, NULL },
  { "getDefaultAutoSelectFamily", net_lua_get_select, FN_STATIC, "getDefaultAutoSelectFamily(): boolean",
    "The option autoSelectFamily where connect is given none.", NULL, NULL, NULL },
  { "setDefaultAutoSelectFamily", net_lua_set_select, FN_STATIC,
    "setDefaultAutoSelectFamily(value: boolean)", "Sets it.", NULL, NULL, NULL },
  { "getDefaultAutoSelectFamilyAttemptTimeout", net_lua_get_wait, FN_STATIC,
    "getDefaultAutoSelectFamilyAttemptTimeout(): integer",
    "The option autoSelectFamilyAttemptTimeout where connect is given none.", NULL, NULL, NULL },
  { "setDefaultAutoSelectFamilyAttemptTimeout", net_lua_set_wait, FN_STATIC,
    "setDefaultAutoSelectFamilyAttemptTimeout(value: integer)", "Sets it; at least 10.", NULL, NULL, NULL },
  { 0 }
};

static const ClassDef *const net_classes[] = { &net_server_class, &net_socket_class,
                                               &net_block_list_class, &net_socket_address_class, NULL };

static const PropDef net_constants[] = {
  { "Stream", NULL, NULL, "class", "The older name of Socket." },
  { 0 }
};

static int net_open(lua_State *L) {
  lua_settop(L, 1);
  class_push(L, &net_socket_class);
  lua_setfield(L, 1, "Stream");
  return 1;
}

const ModuleDef net_module = {
  .name = "net", .functions = net_functions, .classes = net_classes, .constants = net_constants,
  .open = net_open,
  .doc = "Connections between processes and machines: TCP and unix sockets.",
  .example = "local net = require \"net\"\n"
             "local server = net.createServer(function(c) c:finish \"hi\\n\" end)\n"
             "server:listen(0, \"127.0.0.1\", function()\n"
             "  net.connect(server:address().port, \"127.0.0.1\")\n"
             "    :on(\"data\", function(d) print(d) server:close() end)\nend)"
};
