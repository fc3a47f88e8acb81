/* SPDX-License-Identifier: MIT */
/* bind.c - a UDP socket's life: bind, connect, receiving, close. */
#include "internal.h"

#include <string.h>
#include "buffer/buffer.h"
#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"
#include "core/trace.h"
#include "dns/dns.h"
#include "events/events.h"
#include "net/net.h"

enum { LARGEST = 65536 }; /* bytes of a datagram */

static const char hook_key = 0, scratch_key = 0;

void dgram_set_bind_hook(lua_State *L, DgramBindHook fn) {
  *(DgramBindHook *)rt_data(L, &hook_key, sizeof fn) = fn;
}

static DgramSocket *at(lua_State *L, int self) { return class_test(L, self, &dgram_socket_class); }

/* ---- what waits for bind ---- */

void dgram_enqueue(lua_State *L, int self) {
  DgramSocket *s = at(L, self);
  if (!s->queueing) {
    s->queueing = true;
    lua_createtable(L, 2, 0);
    lua_setiuservalue(L, self, UV_QUEUE);
  }
  lua_getiuservalue(L, self, UV_QUEUE);
  lua_insert(L, -2);
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  lua_pop(L, 1);
}

static void queue_drop(lua_State *L, int self) {
  at(L, self)->queueing = false;
  lua_pushnil(L);
  lua_setiuservalue(L, self, UV_QUEUE);
}

static void queue_run(lua_State *L, int self) {
  if (!at(L, self)->queueing) return;
  lua_getiuservalue(L, self, UV_QUEUE);
  int queue = lua_gettop(L);
  queue_drop(L, self);
  lua_Integer n = (lua_Integer)lua_rawlen(L, queue);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, queue, i);
    lua_call(L, 0, 0);
  }
  lua_settop(L, queue - 1);
}

/* ---- receiving ---- */

/* libuv asks, receives and reports in one go, so that all sockets of a runtime share one block. */
static void on_alloc(uv_handle_t *uv, size_t suggested, uv_buf_t *buf) {
  (void)suggested;
  const Handle *h = uv->data;
  buf->base = rt_data(h->rt->L, &scratch_key, LARGEST);
  buf->len = LARGEST;
}

typedef struct Datagram {
  DgramSocket *socket;
  ssize_t n;
  const char *bytes;
  const struct sockaddr *from;
} Datagram;

static int receive_deliver(lua_State *L) {
  const Datagram *d = lua_touserdata(L, 1);
  struct sockaddr_storage from;
  int self = handle_push(L, &d->socket->base);
  if (lua_isnil(L, self) || !handle_is_open(&d->socket->base)) return 0;
  if (d->n < 0) {
    err_push_uv(L, (int)d->n, "recvmsg");
    emit(L, self, "error", 1);
    return 0;
  }
  memset(&from, 0, sizeof from);
  memcpy(&from, d->from, d->from->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                        : sizeof(struct sockaddr_in));
  buffer_push_copy(L, d->bytes, (size_t)d->n);
  net_push_address(L, &from);
  lua_pushinteger(L, d->n);
  lua_setfield(L, -2, "size");
  emit(L, self, "message", 2);
  return 0;
}

static void on_receive(uv_udp_t *uv, ssize_t n, const uv_buf_t *buf, const struct sockaddr *from,
                       unsigned flags) {
  (void)flags;
  Datagram d = { uv->data, n, buf->base, from };
  if (n == 0 && !from) return; /* nothing more there */
  (void)rt_enter(d.socket->base.rt, receive_deliver, &d);
}

/* ---- bind ---- */

void dgram_bind_failed(lua_State *L, int self) {
  at(L, self)->bound = DGRAM_UNBOUND;
  if (TRACING(rt_of(L))) net_trace_failed(L, true);
  queue_drop(L, self);
  emit(L, self, "error", 1);
}

/* It is bound: receives. 0 or a uv error. */
static int start(lua_State *L, int self) {
  DgramSocket *s = at(L, self);
  (void)rt_data(L, &scratch_key, LARGEST); /* on_alloc must not be the one who makes it */
  int err = uv_udp_recv_start(&s->uv, on_alloc, on_receive);
  if (err < 0) return err;
  s->bound = DGRAM_BOUND;
  if (TRACING(s->base.rt)) trace_socket(s->base.rt->trace, TRACE_PORT_LISTEN, dgram_socket_fd(s));
  handle_pin(L, &s->base, self);
  if (s->recv_size) dgram_resize(L, s, s->recv_size, true);
  if (s->send_size) dgram_resize(L, s, s->send_size, false);
  emit(L, self, "listening", 0);
  queue_run(L, self);
  return 0;
}

int dgram_bind_fd(lua_State *L, int self, int fd) {
  DgramSocket *s = at(L, self);
  if (!handle_is_open(&s->base)) return UV_EBADF;
  int err = uv_udp_open(&s->uv, fd);
  return err < 0 ? err : start(L, self);
}

static bool ask_hook(lua_State *L, int self, const DgramBind *request) {
  const DgramBindHook *hook = rt_data(L, &hook_key, sizeof *hook);
  return *hook && (*hook)(L, self, request);
}

static void bind_now(lua_State *L, int self, const char *ip, int port, bool exclusive) {
  DgramSocket *s = at(L, self);
  struct sockaddr_storage name;
  unsigned flags = (s->reuse_addr ? UV_UDP_REUSEADDR : 0) | (s->ipv6_only ? UV_UDP_IPV6ONLY : 0);
  DgramBind request = { ip, s->udp6 ? "udp6" : "udp4", port, -1, flags };
  if (!exclusive && ask_hook(L, self, &request)) return;
  int err = net_address(ip, port, &name);
  if (err == 0) err = uv_udp_bind(&s->uv, (struct sockaddr *)&name, flags);
  if (err == 0) err = start(L, self);
  if (err == 0) return;
  net_push_error(L, err, "bind", ip, port, false);
  dgram_bind_failed(L, self);
}

/* (err, ip); upvalues: the Socket, port, exclusive */
static int on_bind_address(lua_State *L) {
  lua_settop(L, 2);
  lua_pushvalue(L, lua_upvalueindex(1));
  if (!handle_is_open(&at(L, 3)->base)) return 0;
  if (lua_isnil(L, 1)) {
    bind_now(L, 3, lua_tostring(L, 2), (int)lua_tointeger(L, lua_upvalueindex(2)),
             lua_toboolean(L, lua_upvalueindex(3)));
  } else {
    lua_pushvalue(L, 1);
    dgram_bind_failed(L, 3);
  }
  return 0;
}

void dgram_look_up(lua_State *L, int self, int address) {
  const DgramSocket *s = at(L, self);
  int callback = lua_gettop(L);
  size_t len = 0;
  bool given = lua_type(L, address) == LUA_TSTRING && (lua_tolstring(L, address, &len), len > 0);
  if (lua_getiuservalue(L, self, UV_LOOKUP) == LUA_TNIL) {
    lua_pop(L, 1);
    dns_push_lookup(L);
  }
  if (given) lua_pushvalue(L, address);
  else lua_pushstring(L, s->udp6 ? "::1" : "127.0.0.1");
  lua_pushinteger(L, s->udp6 ? 6 : 4);
  lua_pushvalue(L, callback);
  lua_call(L, 3, 0);
  lua_settop(L, callback - 1);
}

/* Binds the Socket; the address is on top, "" or nil for all of this machine. [-1] */
static void bind_address(lua_State *L, int self, int port, bool exclusive) {
  DgramSocket *s = at(L, self);
  s->bound = DGRAM_BINDING;
  if (lua_type(L, -1) != LUA_TSTRING || lua_rawlen(L, -1) == 0) {
    lua_pop(L, 1);
    lua_pushstring(L, s->udp6 ? "::" : "0.0.0.0");
  }
  int address = lua_gettop(L);
  lua_pushvalue(L, self);
  lua_pushinteger(L, port);
  lua_pushboolean(L, exclusive);
  lua_pushcclosure(L, on_bind_address, 3);
  dgram_look_up(L, self, address);
  lua_pop(L, 1);
}

void dgram_bind_any(lua_State *L, int self) {
  if (at(L, self)->bound != DGRAM_UNBOUND) return;
  lua_pushnil(L);
  bind_address(L, self, 0, true);
}

/* ---- the callback of bind ---- */

/* Takes both listeners of a bind off; t: { on listening, on error, callback }. */
static void remove_listeners(lua_State *L, int self, int t) {
  static const char *const events[] = { "listening", "error" };
  for (int i = 0; i < 2; i++) {
    lua_pushstring(L, events[i]);
    lua_rawgeti(L, t, i + 1);
    class_call_method(L, self, "removeListener", 2, 0);
  }
}

/* upvalues: the Socket, the table */
static int on_bound(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, lua_upvalueindex(2));
  remove_listeners(L, 1, 2);
  lua_rawgeti(L, 2, 3);
  lua_call(L, 0, 0);
  return 0;
}

static int on_bind_error(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, lua_upvalueindex(2));
  remove_listeners(L, 1, 2);
  return 0;
}

/* The function on top is called once bound, unless an error comes first. [-1] */
static void bind_callback(lua_State *L, int self) {
  static const lua_CFunction listeners[] = { on_bound, on_bind_error };
  lua_createtable(L, 3, 0);
  lua_insert(L, -2);
  lua_rawseti(L, -2, 3);
  int t = lua_gettop(L);
  for (int i = 0; i < 2; i++) {
    lua_pushvalue(L, self);
    lua_pushvalue(L, t);
    lua_pushcclosure(L, listeners[i], 2);
    lua_pushvalue(L, -1);
    lua_rawseti(L, t, i + 1);
    emitter_on(L, self, i == 0 ? "listening" : "error", false);
  }
  lua_settop(L, t - 1);
}

/* ---- bind(port, address, callback), bind(options, callback) ---- */

static int bad_fd(lua_State *L, int fd) {
  static const char *const names[UV_HANDLE_TYPE_MAX] = {
    [UV_FILE] = "FILE", [UV_TTY] = "TTY", [UV_TCP] = "TCP", [UV_NAMED_PIPE] = "PIPE"
  };
  uv_handle_type type = uv_guess_handle(fd);
  const char *name = names[type] ? names[type] : "UNKNOWN";
  return err_raise(L, &type_error_class, "ERR_INVALID_FD_TYPE", "Unsupported fd type: %s", name);
}

static void bind_given_fd(lua_State *L, DgramSocket *s, int fd, bool exclusive) {
  DgramBind request = { NULL, s->udp6 ? "udp6" : "udp4", -1, fd, 0 };
  if (!exclusive && ask_hook(L, 1, &request)) return;
  if (uv_guess_handle(fd) != UV_UDP) {
    s->bound = DGRAM_UNBOUND;
    (void)bad_fd(L, fd);
  }
  int err = dgram_bind_fd(L, 1, fd);
  if (err == 0) return;
  s->bound = DGRAM_UNBOUND;
  err_raise_uv(L, err, "open");
}

/* The port at idx: nothing counts as 0. */
static int bind_port(lua_State *L, int idx) {
  if (lua_isnil(L, idx) || json_is_null(L, idx) || lua_isfunction(L, idx)) return 0;
  return net_arg_port(L, idx, "Port");
}

int dgram_lua_bind(lua_State *L) {
  DgramSocket *s = dgram_open(L);
  int top = lua_gettop(L), fd = -1, port;
  bool exclusive = false, callback = top > 1 && lua_isfunction(L, top);
  if (top < 3) lua_settop(L, 3);
  if (callback) lua_pushvalue(L, top);
  else lua_pushnil(L);
  int cb = lua_gettop(L);
  if (s->bound != DGRAM_UNBOUND)
    return err_raise(L, NULL, "ERR_SOCKET_ALREADY_BOUND", "Socket is already bound");
  if (lua_istable(L, 2)) {
    exclusive = opt_push(L, 2, "exclusive") != LUA_TNIL && lua_toboolean(L, -1);
    if (opt_push(L, 2, "fd") == LUA_TNUMBER && lua_tonumber(L, -1) > 0)
      fd = (int)arg_integer(L, lua_gettop(L), "options.fd", 0, INT32_MAX);
    (void)opt_push(L, 2, "port");
    port = bind_port(L, lua_gettop(L));
    (void)opt_push(L, 2, "address");
  } else {
    port = bind_port(L, 2);
    lua_pushvalue(L, 3);
  }
  if (lua_isfunction(L, -1) || json_is_null(L, -1)) {
    lua_pop(L, 1);
    lua_pushnil(L);
  }
  if (!lua_isnil(L, -1)) (void)arg_string(L, lua_gettop(L), "address", NULL);
  int address = lua_gettop(L);
  s->bound = DGRAM_BINDING;
  if (callback) {
    lua_pushvalue(L, cb);
    bind_callback(L, 1);
  }
  if (fd >= 0) {
    bind_given_fd(L, s, fd, exclusive);
  } else {
    lua_pushvalue(L, address);
    bind_address(L, 1, port, exclusive);
  }
  lua_settop(L, 1);
  return 1;
}

/* ---- connect ---- */

/* (self): tells that it is connected. */
static int tick_connected(lua_State *L) {
  emit(L, 1, "connect", 0);
  return 0;
}

/* (self, err, callback or nil) */
static int tick_not_connected(lua_State *L) {
  if (lua_isnil(L, 3)) {
    lua_pushvalue(L, 2);
    emit(L, 1, "error", 1);
    return 0;
  }
  lua_pushliteral(L, "connect");
  lua_pushvalue(L, 3);
  class_call_method(L, 1, "removeListener", 2, 0);
  lua_pushvalue(L, 3);
  lua_pushvalue(L, 2);
  lua_call(L, 1, 0);
  return 0;
}

/* (err, ip); upvalues: the Socket, port, address, callback or nil */
static int on_connect_address(lua_State *L) {
  struct sockaddr_storage name;
  lua_settop(L, 2);
  lua_pushvalue(L, lua_upvalueindex(1));
  DgramSocket *s = at(L, 3);
  int port = (int)lua_tointeger(L, lua_upvalueindex(2));
  if (!handle_is_open(&s->base)) return 0;
  if (lua_isnil(L, 1)) {
    int err = net_address(lua_tostring(L, 2), port, &name);
    if (err == 0) err = uv_udp_connect(&s->uv, (struct sockaddr *)&name);
    if (err < 0) {
      net_push_error(L, err, "connect", lua_tostring(L, lua_upvalueindex(3)), port, false);
      lua_replace(L, 1);
    }
  }
  bool ok = lua_isnil(L, 1);
  s->peer = ok ? DGRAM_CONNECTED : DGRAM_DISCONNECTED;
  lua_pushcfunction(L, ok ? tick_connected : tick_not_connected);
  lua_pushvalue(L, 3);
  if (!ok) {
    lua_pushvalue(L, 1);
    lua_pushvalue(L, lua_upvalueindex(4));
  }
  rt_next_tick(L, ok ? 1 : 3);
  return 0;
}

/* upvalues: the Socket, port, address, callback or nil */
static int connect_bound(lua_State *L) {
  lua_settop(L, 0);
  for (int i = 1; i <= 4; i++) lua_pushvalue(L, lua_upvalueindex(i));
  if (!handle_is_open(&at(L, 1)->base)) return 0;
  if (!lua_isnil(L, 4)) {
    lua_pushvalue(L, 4);
    emitter_on(L, 1, "connect", true);
  }
  lua_pushvalue(L, 3);
  lua_insert(L, 1); /* address, Socket, port, address, callback */
  lua_pushcclosure(L, on_connect_address, 4);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1); /* Socket, address, closure */
  dgram_look_up(L, 1, 2);
  return 0;
}

/* connect(port, address, callback) */
int dgram_lua_connect(lua_State *L) {
  DgramSocket *s = dgram_open(L);
  lua_settop(L, 4);
  int port = net_arg_port_not_0(L, 2);
  if (lua_isfunction(L, 3)) {
    lua_copy(L, 3, 4);
    lua_pushliteral(L, "");
    lua_replace(L, 3);
  } else if (lua_isnil(L, 3)) {
    lua_pushliteral(L, "");
    lua_replace(L, 3);
  }
  (void)arg_string(L, 3, "address", NULL);
  if (!lua_isnil(L, 4)) arg_function(L, 4, "callback");
  if (s->peer != DGRAM_DISCONNECTED)
    return err_raise(L, NULL, "ERR_SOCKET_DGRAM_IS_CONNECTED", "Already connected");
  s->peer = DGRAM_CONNECTING;
  dgram_bind_any(L, 1);
  lua_pushvalue(L, 1);
  lua_pushinteger(L, port);
  lua_pushvalue(L, 3);
  lua_pushvalue(L, 4);
  lua_pushcclosure(L, connect_bound, 4);
  if (s->bound != DGRAM_BOUND) dgram_enqueue(L, 1);
  else lua_call(L, 0, 0);
  return 0;
}

int dgram_lua_disconnect(lua_State *L) {
  DgramSocket *s = dgram_self(L);
  if (s->peer != DGRAM_CONNECTED || !handle_is_open(&s->base))
    return err_raise(L, NULL, "ERR_SOCKET_DGRAM_NOT_CONNECTED", "Not connected");
  int err = uv_udp_connect(&s->uv, NULL);
  if (err < 0) return err_raise_uv(L, err, "connect");
  s->peer = DGRAM_DISCONNECTED;
  return 0;
}

/* ---- close ---- */

static int tick_close(lua_State *L) {
  emit(L, 1, "close", 0);
  return 0;
}

/* upvalue: the Socket */
static int close_later(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  if (handle_is_open(&at(L, 1)->base)) class_call_method(L, 1, "close", 0, 0);
  return 0;
}

/* close(callback) */
int dgram_lua_close(lua_State *L) {
  DgramSocket *s = dgram_self(L);
  lua_settop(L, 2);
  if (lua_isfunction(L, 2)) emitter_on(L, 1, "close", false);
  lua_settop(L, 1);
  if (s->queueing) {
    lua_pushvalue(L, 1);
    lua_pushcclosure(L, close_later, 1);
    dgram_enqueue(L, 1);
    return 1;
  }
  s = dgram_open(L);
  if (s->bound == DGRAM_BOUND && TRACING(s->base.rt))
    trace_socket(s->base.rt->trace, TRACE_PORT_CLOSE, dgram_socket_fd(s));
  handle_close(&s->base);
  if (s->closed) s->closed(L, 1);
  lua_pushcfunction(L, tick_close);
  lua_pushvalue(L, 1);
  rt_next_tick(L, 1);
  return 1;
}
