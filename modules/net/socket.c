/* SPDX-License-Identifier: MIT */
/* socket.c - the life of a net.Socket: what it does before it is connected, descriptors, its end.
 *
 * The stream below (uv_stream.c) knows open handles only. What is asked of a Socket before it is
 * connected is noted here (waits_*) and done in net_connected. */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>
#include "core/error.h"
#include "core/trace.h"
#include "events/events.h"

NetSocket *net_socket_test(lua_State *L, int idx) { return class_test(L, idx, &net_socket_class); }

/* self of a stream callback: always one of ours. */
static NetSocket *at(lua_State *L, int self) { return ((const Head *)lua_touserdata(L, self))->self; }

static bool is_open(const NetSocket *s) { return handle_is_open(&s->base.stream.base); }

void net_tick(lua_State *L, int idx, lua_CFunction fn) {
  idx = lua_absindex(L, idx);
  lua_pushcfunction(L, fn);
  lua_pushvalue(L, idx);
  rt_next_tick(L, 1);
}

/* ---- values ---- */

void net_data_push(lua_State *L, int socket, int slot) {
  if (lua_getiuservalue(L, socket, UV_NET_DATA) == LUA_TTABLE) lua_rawgeti(L, -1, slot);
  else lua_pushnil(L);
  lua_remove(L, -2);
}

void net_data_set(lua_State *L, int socket, int slot) {
  if (lua_getiuservalue(L, socket, UV_NET_DATA) != LUA_TTABLE) {
    lua_pop(L, 1);
    if (lua_isnil(L, -1)) {
      lua_pop(L, 1);
      return;
    }
    lua_createtable(L, 4, 0);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, socket, UV_NET_DATA);
  }
  lua_insert(L, -2);
  lua_rawseti(L, -2, slot);
  lua_pop(L, 1);
}

/* ---- what the stream asks for ---- */

static void net_read(lua_State *L, int self, size_t n) {
  NetSocket *s = at(L, self);
  if (is_open(s) && !s->connecting) socket_impl.read(L, self, n);
  else s->waits_read = true;
}

/* Listener of `close`: what was written before it was connected never goes out. upvalue: the Socket */
static int drop_waiting(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  NetSocket *s = at(L, 1);
  if (!s->waits_write && !s->waits_writev) return 0;
  s->waits_write = s->waits_writev = false;
  lua_pushnil(L);
  net_data_set(L, 1, NET_CHUNK);
  err_push(L, NULL, "ERR_SOCKET_CLOSED_BEFORE_CONNECTION",
           "Socket closed before the connection was established");
  writable_written(L, 1, 2);
  return 0;
}

/* Listener of `connect`: what was written before goes out now. upvalue: the Socket */
static int write_waiting(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  NetSocket *s = at(L, 1);
  bool many = s->waits_writev;
  if (!s->waits_write && !many) return 0;
  s->waits_write = s->waits_writev = false;
  lua_pushliteral(L, "close");
  net_data_push(L, 1, NET_ON_CLOSE);
  class_call_method(L, 1, "removeListener", 2, 0);
  net_data_push(L, 1, NET_CHUNK);
  lua_pushnil(L);
  net_data_set(L, 1, NET_CHUNK);
  (many ? socket_impl.writev : socket_impl.write)(L, 1, 2);
  return 0;
}

/* Pushes fn with the Socket as its upvalue. [+1] */
static void push_listener(lua_State *L, int self, lua_CFunction fn) {
  lua_pushvalue(L, self);
  lua_pushcclosure(L, fn, 1);
}

/* Keeps what is to be written until it is connected. By listeners, as in Node, so that the order among
 * the listeners of the program is Node's. */
static void keep_waiting(lua_State *L, int self, int what) {
  lua_pushvalue(L, what);
  net_data_set(L, self, NET_CHUNK);
  push_listener(L, self, write_waiting);
  emitter_on(L, self, "connect", true);
  push_listener(L, self, drop_waiting);
  lua_pushvalue(L, -1);
  net_data_set(L, self, NET_ON_CLOSE);
  emitter_on(L, self, "close", true);
}

static void net_write(lua_State *L, int self, int chunk) {
  NetSocket *s = at(L, self);
  s->waits_write = s->connecting;
  if (s->connecting) keep_waiting(L, self, chunk);
  else socket_impl.write(L, self, chunk);
}

static void net_writev(lua_State *L, int self, int chunks) {
  NetSocket *s = at(L, self);
  s->waits_writev = s->connecting;
  if (s->connecting) keep_waiting(L, self, chunks);
  else socket_impl.writev(L, self, chunks);
}

/* Listener of `connect`: end() was called before. */
static int end_waiting(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  NetSocket *s = at(L, 1);
  if (!s->waits_final || s->base.stream.destroyed) return 0;
  s->waits_final = false;
  socket_impl.final(L, 1);
  return 0;
}

static void net_final(lua_State *L, int self) {
  NetSocket *s = at(L, self);
  s->waits_final = s->connecting || !is_open(s);
  if (s->waits_final) {
    push_listener(L, self, end_waiting);
    emitter_on(L, self, "connect", true);
  } else {
    socket_impl.final(L, self);
  }
}

static void net_destroy(lua_State *L, int self, int err) {
  NetSocket *s = at(L, self);
  s->has_local = false;
  net_timer_stop(s);
  net_connect_cancel(L, self);
  s->connecting = s->waits_read = s->waits_final = false;
  socket_impl.destroy(L, self, err);
  if (s->counted && TRACING(s->base.stream.base.rt)) net_trace_lost(L, self);
  net_server_lost(L, self);
}

static const StreamImpl net_impl = {
  .read = net_read, .write = net_write, .writev = net_writev, .final = net_final,
  .destroy = net_destroy
};

/* ---- its end ---- */

static void net_release(Handle *h) {
  NetSocket *s = (NetSocket *)h;
  net_timer_free(s);
  free(s->names);
  net_plan_free(s);
}

int net_socket_detach(lua_State *L, int socket, int *fd) {
  NetSocket *s = net_socket_test(L, socket);
  uv_os_fd_t own;
  if (!s || !is_open(s)) return UV_EBADF;
  int err = uv_fileno(&s->base.uv.handle, &own);
  if (err < 0) return err;
  if ((*fd = fcntl(own, F_DUPFD_CLOEXEC, 0)) < 0) return uv_translate_sys_error(errno);
  net_socket_set_timeout(L, socket, 0);
  socket_read_stop(&s->base);
  s->base.consume = NULL;
  s->base.keep = false;
  s->base.stream.base.closed = NULL; /* no `close`: the connection goes on elsewhere */
  net_server_lost(L, socket);
  handle_close(&s->base.stream.base);
  return 0;
}

/* ---- connected ---- */

static void apply_flags(NetSocket *s) {
  if (s->unref_early) uv_unref(&s->base.uv.handle);
  if (s->is_pipe) return;
  /* A connection that is gone again refuses these: reading will tell. */
  if (s->no_delay) (void)uv_tcp_nodelay(&s->base.uv.tcp, 1);
  if (s->keep_alive) (void)uv_tcp_keepalive(&s->base.uv.tcp, 1, s->keep_delay ? s->keep_delay : 1);
}

void net_connected(lua_State *L, int self) {
  NetSocket *s = at(L, self);
  Stream *stream = &s->base.stream;
  s->connecting = s->has_local = s->has_remote = false;
  net_timer_touch(L, s, self);
  apply_flags(s);
  emit(L, self, "connect", 0);
  if (at(L, self) == s && !stream->destroyed && s->reset_on_connect) {
    s->reset_on_connect = false;
    (void)net_socket_reset(s); /* an ordinary close is what is left */
    stream_destroy(L, self, 0);
  }
  emit(L, self, "ready", 0);
  if (at(L, self) != s || stream->destroyed || !is_open(s)) return;
  if (s->waits_read) {
    s->waits_read = false;
    socket_impl.read(L, self, 0);
  } else if (!stream->r.paused && !(stream->r.flowing_known && !stream->r.flowing)) {
    readable_read(L, self, 0);
    lua_pop(L, 1);
  }
}

/* ---- making ---- */

NetSocket *net_socket_new(lua_State *L, const ClassDef *cls, size_t size, int extra) {
  NetSocket *s = socket_new(L, cls, size, NET_SOCKET_EXTRA + extra);
  s->base.stream.impl = &net_impl;
  s->base.stream.base.release = net_release;
  s->size = size;
  return s;
}

void net_socket_opened(lua_State *L, int self) {
  NetSocket *s = at(L, self);
  socket_opened(&s->base);
  s->base.keep = true;
  handle_pin(L, &s->base.stream.base, self);
}

int net_socket_init_handle(lua_State *L, int self, bool pipe) {
  NetSocket *s = at(L, self);
  uv_loop_t *loop = &rt_of(L)->loop;
  s->is_pipe = pipe;
  int err = pipe ? uv_pipe_init(loop, &s->base.uv.pipe, 0) : uv_tcp_init(loop, &s->base.uv.tcp);
  if (err == 0) net_socket_opened(L, self);
  return err;
}

void net_socket_begin(lua_State *L, int self, bool paused) {
  NetSocket *s = at(L, self);
  s->base.active = uv_now(&rt_of(L)->loop);
  apply_flags(s);
  if (paused) {
    s->base.stream.r.flowing_known = true;
    s->base.stream.r.flowing = false;
  }
  socket_start(L, self, true, true, paused);
}

int net_socket_take_fd(lua_State *L, int self, int fd) {
  NetSocket *s = at(L, self);
  struct sockaddr_storage name;
  socklen_t len = sizeof name;
  if (getsockname(fd, (struct sockaddr *)&name, &len) != 0) return uv_translate_sys_error(errno);
  bool pipe = name.ss_family == AF_UNIX;
  if (!pipe && name.ss_family != AF_INET && name.ss_family != AF_INET6) return UV_EINVAL;
  int err = net_socket_init_handle(L, self, pipe);
  if (err < 0) return err;
  err = pipe ? uv_pipe_open(&s->base.uv.pipe, fd) : uv_tcp_open(&s->base.uv.tcp, fd);
  if (err < 0) {
    s->base.stream.base.closed = NULL;
    handle_close(&s->base.stream.base);
  }
  return err;
}

NetSocket *net_socket_from_fd(lua_State *L, int fd, bool paused, int *err) {
  NetSocket *s = net_socket_new(L, &net_socket_class, sizeof *s, 0);
  int self = lua_gettop(L);
  *err = net_socket_take_fd(L, self, fd);
  if (*err < 0) {
    lua_pop(L, 1);
    return NULL;
  }
  net_socket_begin(L, self, paused);
  return s;
}

int net_socket_fd(const NetSocket *s) {
  uv_os_fd_t fd;
  return is_open(s) && uv_fileno(&s->base.uv.handle, &fd) == 0 ? fd : -1;
}

void net_socket_consume(NetSocket *s, SocketConsumer read) { s->base.consume = read; }

void net_socket_set_owner(lua_State *L, int socket, void *owner) {
  lua_setiuservalue(L, socket, UV_NET_OWNER);
  net_socket_test(L, socket)->owner = owner;
}

void net_socket_push_owner(lua_State *L, int socket) { lua_getiuservalue(L, socket, UV_NET_OWNER); }

int net_socket_reset(NetSocket *s) {
  static const struct linger at_once = { 1, 0 };
  int fd = net_socket_fd(s);
  if (fd < 0) return UV_EBADF;
  if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0) return 0;
  return uv_translate_sys_error(errno);
}

void net_socket_push_server(lua_State *L, int socket) { lua_getiuservalue(L, socket, UV_NET_SERVER); }
