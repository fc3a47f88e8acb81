/* SPDX-License-Identifier: MIT */
/* dgram.c - the module and the Socket class: construction, settings of the socket. See dgram.h. */
#include "internal.h"

#include <string.h>
#include "core/error.h"
#include "core/ip.h"
#include "core/json.h"
#include "core/opts.h"
#include "events/abort.h"
#include "events/events.h"
#include "net/net.h"

DgramSocket *dgram_socket_test(lua_State *L, int idx) { return class_test(L, idx, &dgram_socket_class); }

DgramSocket *dgram_self(lua_State *L) { return class_check(L, 1, &dgram_socket_class); }

DgramSocket *dgram_open(lua_State *L) {
  DgramSocket *s = dgram_self(L);
  if (!handle_is_open(&s->base)) err_raise(L, NULL, "ERR_SOCKET_DGRAM_NOT_RUNNING", "Not running");
  return s;
}

int dgram_socket_fd(const DgramSocket *s) {
  uv_os_fd_t fd;
  return handle_is_open(&s->base) && uv_fileno((const uv_handle_t *)&s->uv, &fd) == 0 ? fd : -1;
}

/* ---- construction ---- */

static int socket_alloc(lua_State *L) {
  (void)handle_new(L, &dgram_socket_class, sizeof(DgramSocket), UV_DGRAM_FREE - UV_CLASS);
  return 1;
}

static int bad_type(lua_State *L) {
  return err_raise(L, &type_error_class, "ERR_SOCKET_BAD_TYPE",
                   "Bad socket type specified. Valid types are: udp4, udp6");
}

static bool type_is_udp6(lua_State *L, int idx) {
  const char *type = lua_type(L, idx) == LUA_TSTRING ? lua_tostring(L, idx) : "";
  if (strcmp(type, "udp4") != 0 && strcmp(type, "udp6") != 0) bad_type(L);
  return type[3] == '6';
}

static void open_handle(lua_State *L, DgramSocket *s, bool udp6) {
  s->udp6 = udp6;
  int err = uv_udp_init(&rt_of(L)->loop, &s->uv);
  if (err < 0) err_raise_uv(L, err, "uv_udp_init");
  handle_opened(&s->base, (uv_handle_t *)&s->uv);
}

DgramSocket *dgram_socket_new(lua_State *L, bool udp6) {
  (void)socket_alloc(L);
  DgramSocket *s = dgram_socket_test(L, -1);
  open_handle(L, s, udp6);
  return s;
}

static unsigned size_option(lua_State *L, int opts, const char *key) {
  return (unsigned)opt_integer(L, opts, key, 0, UINT32_MAX, 0);
}

static bool flag_option(lua_State *L, int opts, const char *key) {
  (void)opt_push(L, opts, key);
  bool value = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return value;
}

/* The signal has aborted; upvalue: the Socket. */
static int on_abort(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  if (handle_is_open(&dgram_self(L)->base)) class_call_method(L, 1, "close", 0, 0);
  return 0;
}

static void signal_of(lua_State *L, int opts) {
  if (signal_option(L, opts)) {
    int signal = lua_gettop(L);
    if (signal_aborted(L, signal)) {
      class_call_method(L, 1, "close", 0, 0);
    } else {
      lua_pushvalue(L, 1);
      lua_pushcclosure(L, on_abort, 1);
      signal_on(L, signal);
    }
  }
  lua_pop(L, 1);
}

/* Socket(type, listener), Socket(options, listener) */
static int socket_init(lua_State *L) {
  DgramSocket *s = dgram_self(L);
  lua_settop(L, 3);
  int opts = lua_istable(L, 2) ? 2 : 0;
  unsigned recv_size = size_option(L, opts, "recvBufferSize");
  unsigned send_size = size_option(L, opts, "sendBufferSize");
  if (opts) lua_getfield(L, 2, "type");
  else lua_pushvalue(L, 2);
  bool udp6 = type_is_udp6(L, 4);
  if (opt_push(L, opts, "lookup") != LUA_TNIL) {
    arg_function(L, lua_gettop(L), "lookup");
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, 1, UV_LOOKUP);
  }
  (void)signal_option(L, opts); /* checks it */
  if (handle_is_open(&s->base)) return 0;
  s->recv_size = recv_size;
  s->send_size = send_size;
  s->reuse_addr = flag_option(L, opts, "reuseAddr");
  s->ipv6_only = flag_option(L, opts, "ipv6Only");
  open_handle(L, s, udp6);
  if (lua_isfunction(L, 3)) {
    lua_pushvalue(L, 3);
    emitter_on(L, 1, "message", false);
  }
  signal_of(L, opts);
  return 0;
}

static int dgram_create_socket(lua_State *L) {
  lua_settop(L, 2);
  class_construct(L, &dgram_socket_class, 2);
  return 1;
}

/* ---- addresses ---- */

static int push_address(lua_State *L, int (*get)(const uv_udp_t *, struct sockaddr *, int *),
                        const char *syscall) {
  DgramSocket *s = dgram_open(L);
  struct sockaddr_storage name;
  int len = sizeof name;
  if (get == uv_udp_getpeername && s->peer != DGRAM_CONNECTED)
    return err_raise(L, NULL, "ERR_SOCKET_DGRAM_NOT_CONNECTED", "Not connected");
  int err = get(&s->uv, (struct sockaddr *)&name, &len);
  if (err < 0) return err_raise_uv(L, err, syscall);
  net_push_address(L, &name);
  return 1;
}

static int socket_address(lua_State *L) { return push_address(L, uv_udp_getsockname, "getsockname"); }
static int socket_remote(lua_State *L) { return push_address(L, uv_udp_getpeername, "getpeername"); }

/* ---- settings ---- */

static int checked(lua_State *L, int err, const char *syscall) {
  return err < 0 ? err_raise_uv(L, err, syscall) : 0;
}

static int set_broadcast(lua_State *L) {
  return checked(L, uv_udp_set_broadcast(&dgram_open(L)->uv, lua_toboolean(L, 2)), "setBroadcast");
}

static int set_ttl_by(lua_State *L, int (*set)(uv_udp_t *, int), const char *syscall) {
  DgramSocket *s = dgram_open(L);
  lua_settop(L, 2);
  lua_Number ttl = arg_number(L, 2, "ttl");
  int n = ttl >= 0 && ttl <= 255 ? (int)ttl : -1; /* the system says what is wrong with it */
  (void)checked(L, n < 0 ? UV_EINVAL : set(&s->uv, n), syscall);
  return 1;
}

static int set_ttl(lua_State *L) { return set_ttl_by(L, uv_udp_set_ttl, "setTTL"); }

static int set_multicast_ttl(lua_State *L) {
  return set_ttl_by(L, uv_udp_set_multicast_ttl, "setMulticastTTL");
}

static int set_multicast_loopback(lua_State *L) {
  DgramSocket *s = dgram_open(L);
  lua_settop(L, 2);
  (void)checked(L, uv_udp_set_multicast_loop(&s->uv, lua_toboolean(L, 2)), "setMulticastLoopback");
  return 1;
}

static int set_multicast_interface(lua_State *L) {
  DgramSocket *s = dgram_open(L);
  const char *iface = arg_cstring(L, 2, "interfaceAddress");
  return checked(L, uv_udp_set_multicast_interface(&s->uv, iface), "setMulticastInterface");
}

static const char *interface_arg(lua_State *L, int idx) {
  return lua_isnil(L, idx) || json_is_null(L, idx) ? NULL : arg_cstring(L, idx, "interfaceAddress");
}

static int change_membership(lua_State *L, uv_membership change, const char *syscall) {
  DgramSocket *s = dgram_open(L);
  lua_settop(L, 3);
  if (lua_isnil(L, 2) || (lua_type(L, 2) == LUA_TSTRING && lua_rawlen(L, 2) == 0))
    return err_raise(L, &type_error_class, "ERR_MISSING_ARGS",
                     "The \"multicastAddress\" argument must be specified");
  const char *group = arg_cstring(L, 2, "multicastAddress"), *iface = interface_arg(L, 3);
  return checked(L, uv_udp_set_membership(&s->uv, group, iface, change), syscall);
}

static int add_membership(lua_State *L) { return change_membership(L, UV_JOIN_GROUP, "addMembership"); }
static int drop_membership(lua_State *L) { return change_membership(L, UV_LEAVE_GROUP, "dropMembership"); }

static int change_source(lua_State *L, uv_membership change, const char *syscall) {
  DgramSocket *s = dgram_open(L);
  lua_settop(L, 4);
  const char *source = arg_cstring(L, 2, "sourceAddress"), *group = arg_cstring(L, 3, "groupAddress");
  const char *iface = interface_arg(L, 4);
  return checked(L, uv_udp_set_source_membership(&s->uv, group, iface, source, change), syscall);
}

static int add_source(lua_State *L) {
  return change_source(L, UV_JOIN_GROUP, "addSourceSpecificMembership");
}

static int drop_source(lua_State *L) {
  return change_source(L, UV_LEAVE_GROUP, "dropSourceSpecificMembership");
}

/* ---- sizes of the system's buffers ---- */

static const char *const size_calls[] = { "uv_send_buffer_size", "uv_recv_buffer_size" };

static int size_failed(lua_State *L, int err, bool receive) {
  const char *call = size_calls[receive], *name = uv_err_name(err);
  err_push(L, NULL, "ERR_SOCKET_BUFFER_SIZE", "Could not get or set buffer size: %s returned %s (%s)", call,
           name, uv_strerror(err));
  lua_pushinteger(L, err);
  lua_setfield(L, -2, "errno");
  lua_pushstring(L, call);
  lua_setfield(L, -2, "syscall");
  return lua_error(L);
}

static int buffer_size(DgramSocket *s, int *size, bool receive) {
  uv_handle_t *uv = (uv_handle_t *)&s->uv;
  if (dgram_socket_fd(s) < 0) return UV_EBADF;
  return receive ? uv_recv_buffer_size(uv, size) : uv_send_buffer_size(uv, size);
}

void dgram_resize(lua_State *L, DgramSocket *s, unsigned size, bool receive) {
  int value = size <= INT32_MAX ? (int)size : INT32_MAX, err = buffer_size(s, &value, receive);
  if (err < 0) size_failed(L, err, receive);
}

static int set_size(lua_State *L, bool receive) {
  DgramSocket *s = dgram_self(L);
  int whole;
  lua_Integer size = lua_type(L, 2) == LUA_TNUMBER ? lua_tointegerx(L, 2, &whole) : -1;
  if (lua_type(L, 2) != LUA_TNUMBER || !whole || size < 0 || size > UINT32_MAX)
    return err_raise(L, &type_error_class, "ERR_SOCKET_BAD_BUFFER_SIZE",
                     "Buffer size must be a positive integer");
  dgram_resize(L, s, (unsigned)size, receive);
  return 0;
}

static int get_size(lua_State *L, bool receive) {
  int value = 0, err = buffer_size(dgram_self(L), &value, receive);
  if (err < 0) return size_failed(L, err, receive);
  lua_pushinteger(L, value);
  return 1;
}

static int set_recv_size(lua_State *L) { return set_size(L, true); }
static int set_send_size(lua_State *L) { return set_size(L, false); }
static int get_recv_size(lua_State *L) { return get_size(L, true); }
static int get_send_size(lua_State *L) { return get_size(L, false); }

static int get_queue_size(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)uv_udp_get_send_queue_size(&dgram_open(L)->uv));
  return 1;
}

static int get_queue_count(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)uv_udp_get_send_queue_count(&dgram_open(L)->uv));
  return 1;
}

static int get_type(lua_State *L) {
  lua_pushstring(L, dgram_self(L)->udp6 ? "udp6" : "udp4");
  return 1;
}

/* ---- rows ---- */

static const OptDef bind_options[] = {
  { "port", "integer", "0", "The port; 0: any free one." },
  { "address", "string", NULL, "The own address; default: all of this machine." },
  { "exclusive", "boolean", "false", "In a cluster worker: do not share the port with the others." },
  { "fd", "integer", NULL, "A bound socket's descriptor instead." },
  { 0 }
};

static const FnDef socket_methods[] = {
  { "bind", dgram_lua_bind, FN_METHOD,
    "bind(port: integer|table|function?, address: string|function?, callback: function?): Socket",
    "Begins to receive at a port; \"listening\" or \"error\" come later. callback is a listener of "
    "\"listening\".", bind_options, NULL, NULL },
  { "send", dgram_lua_send, FN_METHOD,
    "send(msg: string|Buffer|table, offset: integer|function?, length: integer|string|function?, port: "
    "integer|function?, address: string|function?, callback: function?)",
    "Sends a datagram: send(msg, port, address, callback), or with a part of msg before the port. msg may be a "
    "sequence of parts. The address is this machine where none is given; a connected Socket takes neither port nor address. "
    "callback(err, bytes) when it is out.", NULL,
    "local s = require(\"dgram\").createSocket \"udp4\"\n"
    "s:send(\"hello\", 9, \"127.0.0.1\", function(err) print(err) s:close() end)", NULL },
  { "connect", dgram_lua_connect, FN_METHOD,
    "connect(port: integer, address: string|function?, callback: function?)",
    "Sends to and receives from this address only; callback is a listener of \"connect\".", NULL, NULL, NULL },
  { "disconnect", dgram_lua_disconnect, FN_METHOD, "disconnect()", "Undoes connect.", NULL, NULL, NULL },
  { "close", dgram_lua_close, FN_METHOD, "close(callback: function?): Socket",
    "Ends it; callback is a listener of \"close\".", NULL, NULL, NULL },
  { "address", socket_address, FN_METHOD, "address(): table", "The own { address, family, port }.", NULL,
    NULL, NULL },
  { "remoteAddress", socket_remote, FN_METHOD, "remoteAddress(): table",
    "The { address, family, port } that it is connected to.", NULL, NULL, NULL },
  { "setBroadcast", set_broadcast, FN_METHOD, "setBroadcast(flag: boolean)",
    "May it send to broadcast addresses?", NULL, NULL, NULL },
  { "setTTL", set_ttl, FN_METHOD, "setTTL(ttl: integer): integer", "How many routers a datagram passes, 1 to 255.",
    NULL, NULL, NULL },
  { "setMulticastTTL", set_multicast_ttl, FN_METHOD, "setMulticastTTL(ttl: integer): integer",
    "The same for multicast, 0 to 255.", NULL, NULL, NULL },
  { "setMulticastLoopback", set_multicast_loopback, FN_METHOD, "setMulticastLoopback(flag: boolean): boolean",
    "Do multicast datagrams come back to this machine?", NULL, NULL, NULL },
  { "setMulticastInterface", set_multicast_interface, FN_METHOD,
    "setMulticastInterface(interfaceAddress: string)", "Where multicast datagrams go out.", NULL, NULL, NULL },
  { "addMembership", add_membership, FN_METHOD,
    "addMembership(multicastAddress: string, interfaceAddress: string?)", "Joins a multicast group.", NULL,
    NULL, NULL },
  { "dropMembership", drop_membership, FN_METHOD,
    "dropMembership(multicastAddress: string, interfaceAddress: string?)", "Leaves it.", NULL, NULL, NULL },
  { "addSourceSpecificMembership", add_source, FN_METHOD,
    "addSourceSpecificMembership(sourceAddress: string, groupAddress: string, interfaceAddress: string?)",
    "Joins a multicast group for one source.", NULL, NULL, NULL },
  { "dropSourceSpecificMembership", drop_source, FN_METHOD,
    "dropSourceSpecificMembership(sourceAddress: string, groupAddress: string, interfaceAddress: string?)",
    "Leaves it.", NULL, NULL, NULL },
  { "setRecvBufferSize", set_recv_size, FN_METHOD, "setRecvBufferSize(size: integer)",
    "The system's buffer for what comes in, in bytes; the system may double it.", NULL, NULL, NULL },
  { "setSendBufferSize", set_send_size, FN_METHOD, "setSendBufferSize(size: integer)",
    "The same for what goes out.", NULL, NULL, NULL },
  { "getRecvBufferSize", get_recv_size, FN_METHOD, "getRecvBufferSize(): integer", "Its size now.", NULL,
    NULL, NULL },
  { "getSendBufferSize", get_send_size, FN_METHOD, "getSendBufferSize(): integer", "Its size now.", NULL,
    NULL, NULL },
  { "getSendQueueSize", get_queue_size, FN_METHOD, "getSendQueueSize(): integer",
    "Bytes that wait to go out.", NULL, NULL, NULL },
  { "getSendQueueCount", get_queue_count, FN_METHOD, "getSendQueueCount(): integer",
    "Datagrams that wait to go out.", NULL, NULL, NULL },
  { "ref", handle_lua_ref, FN_METHOD, "ref(): Socket", "Lets it keep the program running (again).", NULL,
    NULL, NULL },
  { "unref", handle_lua_unref, FN_METHOD, "unref(): Socket", "The program may end while it is open.", NULL,
    NULL, NULL },
  { 0 }
};

static const PropDef socket_props[] = {
  { "type", get_type, NULL, "string", "\"udp4\" or \"udp6\"." },
  { 0 }
};

static const EventDef socket_events[] = {
  { "message", "msg: Buffer, rinfo: table",
    "A datagram has come; rinfo is { address, family, port, size } of its sender." },
  { "listening", "", "It is bound: address() is known." },
  { "connect", "", "connect is done." },
  { "close", "", "It is closed." },
  { "error", "error: Error", "Something failed." },
  { 0 }
};

const ClassDef dgram_socket_class = {
  .name = "Socket", .base = &event_emitter_class, .alloc = socket_alloc, .init = socket_init,
  .gc = handle_gc, .methods = socket_methods, .props = socket_props, .events = socket_events,
  .doc = "A UDP socket: dgram.createSocket makes one.",
  .example = "local s = require(\"dgram\").Socket \"udp4\"\nprint(s.type)\ns:close()"
};

static const OptDef create_options[] = {
  { "type", "string", NULL, "\"udp4\" or \"udp6\"." },
  { "reuseAddr", "boolean", "false", "bind takes a port that another socket has." },
  { "ipv6Only", "boolean", "false", "A udp6 socket for \"::\" gets no IPv4." },
  { "recvBufferSize", "integer", NULL, "setRecvBufferSize, once bound." },
  { "sendBufferSize", "integer", NULL, "setSendBufferSize, once bound." },
  { "lookup", "function", "dns.lookup", "Finds addresses: lookup(host, family, callback)." },
  { "signal", "AbortSignal", NULL, "Closes the Socket when it aborts." },
  { 0 }
};

static const FnDef dgram_functions[] = {
  { "createSocket", dgram_create_socket, FN_STATIC,
    "createSocket(type: string|table, callback: function?): Socket",
    "Makes a UDP socket of type \"udp4\" or \"udp6\"; callback is a listener of \"message\".", create_options,
    "local s = require(\"dgram\").createSocket \"udp4\"\nprint(s.type)\ns:close()", NULL },
  { 0 }
};

static const ClassDef *const dgram_classes[] = { &dgram_socket_class, NULL };

const ModuleDef dgram_module = {
  .name = "dgram", .functions = dgram_functions, .classes = dgram_classes,
  .doc = "Single messages between processes and machines, without a connection: UDP.",
  .example = "local dgram = require \"dgram\"\n"
             "local server = dgram.createSocket(\"udp4\", function(msg, from) print(msg, from.size) end)\n"
             "server:bind(0, \"127.0.0.1\", function()\n"
             "  local s = dgram.createSocket \"udp4\"\n"
             "  s:send(\"hi\", server:address().port, \"127.0.0.1\", function() s:close() server:close() end)\nend)"
};
