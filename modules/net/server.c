/* SPDX-License-Identifier: MIT */
/* server.c - net.Server: listening on what listen.c has found out, connections, close. */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>
#include "core/error.h"
#include "core/opts.h"
#include "core/trace.h"
#include "events/events.h"

enum { DEFAULT_BACKLOG = 511 };

NetServer *net_server_test(lua_State *L, int idx) { return class_test(L, idx, &net_server_class); }

static NetServer *at(lua_State *L, int server) { return ((const Head *)lua_touserdata(L, server))->self; }

/* ---- connections ---- */

/* Fields local* or remote* of the data of `drop`. */
static void drop_names(lua_State *L, int data, const NetSocket *s, bool remote) {
  static const char *const fields[] = { "address", "port", "family" };
  static const char *const names[][3] = { { "localAddress", "localPort", "localFamily" },
                                          { "remoteAddress", "remotePort", "remoteFamily" } };
  struct sockaddr_storage name = { 0 };
  int len = sizeof name;
  if (s->is_pipe) return;
  int err = remote ? uv_tcp_getpeername(&s->base.uv.tcp, (struct sockaddr *)&name, &len)
                   : uv_tcp_getsockname(&s->base.uv.tcp, (struct sockaddr *)&name, &len);
  if (err < 0) return;
  net_push_address(L, &name);
  for (int i = 0; i < 3; i++) {
    lua_getfield(L, -1, fields[i]);
    lua_setfield(L, data, names[remote][i]);
  }
  lua_pop(L, 1);
}

/* Pushes what `drop` tells; nil for a unix socket. [+1] */
static void push_drop_data(lua_State *L, const NetSocket *s) {
  if (s->is_pipe) {
    lua_pushnil(L);
    return;
  }
  lua_createtable(L, 0, 6);
  int data = lua_gettop(L);
  drop_names(L, data, s, false);
  drop_names(L, data, s, true);
}

static bool server_full(const NetServer *v) {
  return v->max_connections >= 0 && v->connections >= v->max_connections;
}

/* The connection on top goes at once. [-1] */
static void drop_connection(lua_State *L, int server) {
  NetSocket *s = net_socket_test(L, -1);
  push_drop_data(L, s);
  s->base.stream.base.closed = NULL;
  handle_close(&s->base.stream.base);
  emit(L, server, "drop", 1);
  lua_pop(L, 1);
}

/* The connection on top, which is open, is one of ours; given: it comes from a cluster's primary. [-1] */
static void take_connection(lua_State *L, int server, bool given) {
  NetServer *v = at(L, server);
  if (TRACING(v->base.rt)) net_trace_accepted(v, given);
  NetSocket *s = net_socket_test(L, -1);
  int socket = lua_gettop(L);
  Stream *stream = &s->base.stream;
  stream->allow_half_open = v->allow_half_open;
  if (v->hwm != SIZE_MAX) stream->r.hwm = stream->w.hwm = v->hwm;
  s->no_delay = v->no_delay;
  s->keep_alive = v->keep_alive;
  s->keep_delay = v->keep_delay;
  lua_pushvalue(L, server);
  lua_setiuservalue(L, socket, UV_NET_SERVER);
  s->counted = true;
  v->connections++;
  net_socket_begin(L, socket, v->pause_on_connect);
  lua_pushvalue(L, socket);
  emit(L, server, "connection", 1);
  lua_settop(L, socket - 1);
}

void net_server_lost(lua_State *L, int socket) {
  NetSocket *s = net_socket_test(L, socket);
  if (!s->counted) return;
  s->counted = false;
  lua_getiuservalue(L, socket, UV_NET_SERVER);
  NetServer *v = at(L, -1);
  if (v) {
    v->connections--;
    net_server_drained(L, lua_gettop(L));
  }
  lua_pop(L, 1);
}

/* ---- accepting ---- */

typedef struct AcceptEvent {
  NetServer *server;
  int status;
} AcceptEvent;

static int accept_deliver(lua_State *L) {
  const AcceptEvent *ev = lua_touserdata(L, 1);
  NetServer *v = ev->server;
  int server = handle_push(L, &v->base), err = ev->status;
  if (lua_isnil(L, server)) return 0;
  if (err == 0) {
    (void)net_socket_new(L, &net_socket_class, sizeof(NetSocket), 0);
    NetSocket *s = net_socket_test(L, -1);
    err = net_socket_init_handle(L, lua_gettop(L), v->is_pipe);
    if (err == 0 && (err = uv_accept(&v->uv.stream, socket_stream(&s->base))) < 0) {
      s->base.stream.base.closed = NULL;
      handle_close(&s->base.stream.base);
    }
  }
  if (err < 0) {
    err_push_uv(L, err, "accept");
    emit(L, server, "error", 1);
  } else if (server_full(v)) {
    drop_connection(L, server);
  } else {
    take_connection(L, server, false);
  }
  return 0;
}

static void on_connection(uv_stream_t *uv, int status) {
  AcceptEvent ev = { uv->data, status };
  (void)rt_enter(ev.server->base.rt, accept_deliver, &ev);
}

bool net_server_give(lua_State *L, int server, int fd) {
  NetServer *v = net_server_test(L, server);
  if (!v || !v->listening || server_full(v)) return false;
  NetSocket *s = net_socket_new(L, &net_socket_class, sizeof *s, 0);
  if (net_socket_take_fd(L, lua_gettop(L), fd) < 0) {
    lua_pop(L, 1);
    return false;
  }
  take_connection(L, server, true);
  return true;
}

/* ---- listening ---- */

static int tick_listening(lua_State *L) {
  if (at(L, 1)->listening) emit(L, 1, "listening", 0);
  return 0;
}

static int tick_failed(lua_State *L) {
  emit(L, 1, "error", 1);
  return 0;
}

void net_server_listen_failed(lua_State *L, int server) {
  if (TRACING(rt_of(L))) net_trace_failed(L, false);
  lua_pushcfunction(L, tick_failed);
  lua_pushvalue(L, server);
  lua_rotate(L, -3, 2);
  rt_next_tick(L, 2);
}

/* A fresh, closed handle for a server that may have listened before. [0] */
static NetServer *server_renew(lua_State *L, int server) {
  NetServer *v = handle_renew(L, server, at(L, server)->size);
  if (!v) luaL_error(L, "not enough memory");
  v->remote = false;
  return v;
}

static void server_opened(lua_State *L, int server, NetServer *v) {
  handle_opened(&v->base, &v->uv.handle);
  handle_pin(L, &v->base, server);
  if (v->unref_early) uv_unref(&v->uv.handle);
}

static void started(lua_State *L, int server, NetServer *v) {
  v->listening = true;
  if (TRACING(v->base.rt)) net_trace_listening(L, v);
  net_tick(L, server, tick_listening);
}

/* Listens on the open handle; closes it on an error. */
static int start(lua_State *L, int server, NetServer *v, int backlog) {
  int err = uv_listen(&v->uv.stream, backlog > 0 ? backlog : DEFAULT_BACKLOG, on_connection);
  if (err < 0) handle_close(&v->base);
  else started(L, server, v);
  return err;
}

/* libuv 1.44 has no flag for it; the kernel shares the connections out. */
static int reuse_port(NetServer *v) {
  uv_os_fd_t fd;
  int on = 1, err = uv_fileno(&v->uv.handle, &fd);
  if (err < 0) return err;
  return setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == 0 ? 0 : uv_translate_sys_error(errno);
}

/* A TCP handle bound to the address; nothing is open on an error. */
static int bind_ip(lua_State *L, int server, const char *address, const NetListen *r) {
  struct sockaddr_storage name;
  int err = net_address(address, r->port, &name);
  if (err < 0) return err;
  NetServer *v = server_renew(L, server);
  v->is_pipe = false;
  if ((err = uv_tcp_init_ex(&rt_of(L)->loop, &v->uv.tcp, name.ss_family)) < 0) return err;
  server_opened(L, server, v);
  if (r->reuse_port && (err = reuse_port(v)) < 0) {
    handle_close(&v->base);
    return err;
  }
  if ((err = uv_tcp_bind(&v->uv.tcp, (struct sockaddr *)&name, r->flags)) < 0) handle_close(&v->base);
  return err;
}

/* Binds a new unix socket, also one of the abstract kind (which begins with a zero byte). */
static int bind_path(const char *path, size_t len) {
  struct sockaddr_un name = { .sun_family = AF_UNIX };
  if (len >= sizeof name.sun_path) return UV_ENAMETOOLONG;
  memcpy(name.sun_path, path, len);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return uv_translate_sys_error(errno);
  socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + (path[0] != '\0'));
  if (bind(fd, (struct sockaddr *)&name, size) == 0) return fd;
  int err = uv_translate_sys_error(errno == ENOENT ? EACCES : errno); /* as libuv says it */
  (void)close(fd);
  return err;
}

/* Listens on a descriptor. taken: it is closed with the handle from now on. */
static int open_fd(lua_State *L, int server, int fd, int backlog, bool *taken) {
  struct sockaddr_storage name;
  socklen_t len = sizeof name;
  *taken = false;
  if (getsockname(fd, (struct sockaddr *)&name, &len) != 0) return UV_EINVAL;
  bool pipe = name.ss_family == AF_UNIX;
  if (!pipe && name.ss_family != AF_INET && name.ss_family != AF_INET6) return UV_EINVAL;
  NetServer *v = server_renew(L, server);
  uv_loop_t *loop = &rt_of(L)->loop;
  v->is_pipe = pipe;
  int err = pipe ? uv_pipe_init(loop, &v->uv.pipe, 0) : uv_tcp_init(loop, &v->uv.tcp);
  if (err < 0) return err;
  server_opened(L, server, v);
  err = pipe ? uv_pipe_open(&v->uv.pipe, fd) : uv_tcp_open(&v->uv.tcp, fd);
  if (err < 0) {
    handle_close(&v->base);
    return err;
  }
  *taken = true;
  return start(L, server, v, backlog);
}

/* Returns err; tells it when it is one. */
static int report(lua_State *L, int server, int err, const char *address, int port) {
  if (err >= 0) return 0;
  net_push_error(L, err, "listen", address, port, true);
  net_server_listen_failed(L, server);
  return err;
}

static void set_key(lua_State *L, int server, int type, const char *address, int port) {
  lua_pushfstring(L, "%d:%s:%d", type, address ? address : "null", port);
  lua_setiuservalue(L, server, UV_SERVER_KEY);
}

static int chmod_path(const NetListen *r) {
  mode_t add = (r->readable_all ? S_IRUSR | S_IRGRP | S_IROTH : 0) |
               (r->writable_all ? S_IWUSR | S_IWGRP | S_IWOTH : 0);
  struct stat st;
  if (add == 0 || r->path[0] == '\0') return 0;
  if (stat(r->path, &st) != 0 || chmod(r->path, (st.st_mode & 07777) | add) != 0)
    return uv_translate_sys_error(errno);
  return 0;
}

static void listen_path(lua_State *L, int server, const NetListen *r) {
  bool taken = false;
  int fd = bind_path(r->path, r->path_len), err = fd;
  if (fd >= 0) {
    err = open_fd(L, server, fd, r->backlog, &taken);
    if (err < 0) (void)unlink(r->path);
    if (!taken) (void)close(fd);
  }
  if (report(L, server, err, r->path, -1) < 0) return;
  set_key(L, server, -1, r->path, -1);
  at(L, server)->unlinks = true;
  if ((err = chmod_path(r)) == 0) return;
  net_server_stop(L, server);
  err_raise_uv(L, err, "uv_pipe_chmod");
}

static void listen_tcp(lua_State *L, int server, const NetListen *r) {
  const char *address = r->address ? r->address : "::";
  int type = r->address ? r->address_type : 6, err = bind_ip(L, server, address, r);
  if (err < 0 && !r->address) { /* there is no IPv6 here */
    address = "0.0.0.0";
    type = 4;
    err = bind_ip(L, server, address, r);
  }
  if (err == 0) err = start(L, server, at(L, server), r->backlog);
  if (report(L, server, err, address, r->port) == 0) set_key(L, server, type, address, r->port);
}

void net_server_listen(lua_State *L, int server, const NetListen *r) {
  bool taken;
  if (r->path) listen_path(L, server, r);
  else if (r->fd < 0) listen_tcp(L, server, r);
  else (void)report(L, server, open_fd(L, server, r->fd, r->backlog, &taken), NULL, 0);
}

int net_server_listen_fd(lua_State *L, int server, int fd, int backlog) {
  bool taken;
  int err = open_fd(L, server, fd, backlog, &taken);
  if (!taken) (void)close(fd);
  return report(L, server, err, NULL, 0);
}

static void on_keep_alive(uv_timer_t *uv) { (void)uv; /* centuries have passed */ }

int net_server_listen_remote(lua_State *L, int server, const NetRemote *r) {
  NetServer *v = server_renew(L, server);
  int err = uv_timer_init(&rt_of(L)->loop, &v->uv.timer);
  if (err < 0) return err;
  v->away = *r;
  v->remote = true;
  server_opened(L, server, v);
  (void)uv_timer_start(&v->uv.timer, on_keep_alive, (uint64_t)INT64_MAX, 0); /* has a callback */
  started(L, server, v);
  return 0;
}

void net_server_on_closed(lua_State *L, int server, void (*closed)(lua_State *L, int server)) {
  at(L, server)->away.closed = closed;
}

void net_server_push_key(lua_State *L, int server) { lua_getiuservalue(L, server, UV_SERVER_KEY); }

int net_server_fd(const NetServer *s) {
  uv_os_fd_t fd;
  if (s->remote || !handle_is_open(&s->base)) return -1;
  return uv_fileno(&s->uv.handle, &fd) == 0 ? fd : -1;
}

/* ---- closing ---- */

void net_server_stop(lua_State *L, int server) {
  NetServer *v = at(L, server);
  if (!v->listening) return;
  v->listening = false;
  if (TRACING(v->base.rt)) net_trace_closing(v);
  handle_close(&v->base);
  if (v->unlinks) {
    v->unlinks = false;
    lua_getiuservalue(L, server, UV_SERVER_PATH);
    const char *path = lua_tostring(L, -1);
    if (path && *path) (void)unlink(path); /* somebody may have done it */
    lua_pop(L, 1);
  }
  void (*closed)(lua_State *L, int server) = v->away.closed;
  v->away.closed = NULL;
  if (closed) closed(L, server);
}

static int tick_close(lua_State *L) {
  emit(L, 1, "close", 0);
  return 0;
}

void net_server_drained(lua_State *L, int server) {
  const NetServer *v = at(L, server);
  if (!v->listening && v->connections == 0 && v->held == 0) net_tick(L, server, tick_close);
}

/* The listener of `close` for a callback of close() on a server that does not run: upvalue. */
static int call_not_running(lua_State *L) {
  lua_pushvalue(L, lua_upvalueindex(1));
  err_push(L, NULL, "ERR_SERVER_NOT_RUNNING", "Server is not running.");
  lua_call(L, 1, 0);
  return 0;
}

/* close(callback) */
int net_lua_close(lua_State *L) {
  NetServer *v = class_check(L, 1, &net_server_class);
  lua_settop(L, 2);
  v->listen_count++;
  if (lua_isfunction(L, 2)) {
    if (!v->listening) lua_pushcclosure(L, call_not_running, 1);
    emitter_on(L, 1, "close", true);
  }
  net_server_stop(L, 1);
  if (v->closing) v->closing(L, 1);
  net_server_drained(L, 1);
  lua_settop(L, 1);
  return 1;
}

/* ---- making ---- */

NetServer *net_server_new(lua_State *L, const ClassDef *cls, size_t size, int extra) {
  NetServer *v = handle_new(L, cls, size, NET_SERVER_EXTRA + extra);
  v->size = size;
  v->max_connections = -1;
  v->hwm = SIZE_MAX;
  return v;
}

bool net_option(lua_State *L, int opts, const char *key) {
  (void)opt_push(L, opts, key);
  bool value = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return value;
}

void net_server_options(lua_State *L, int server, int opts) {
  NetServer *v = at(L, server);
  lua_Number delay = opt_number(L, opts, "keepAliveInitialDelay", 0);
  lua_Number hwm = opt_number(L, opts, "highWaterMark", -1);
  v->hwm = hwm >= 0 && hwm < 1e15 ? (size_t)hwm : SIZE_MAX;
  v->keep_delay = delay >= 1000 && delay < 4e12 ? (unsigned)(delay / 1000) : 0;
  v->allow_half_open = net_option(L, opts, "allowHalfOpen");
  v->pause_on_connect = net_option(L, opts, "pauseOnConnect");
  v->no_delay = net_option(L, opts, "noDelay");
  v->keep_alive = net_option(L, opts, "keepAlive");
}
