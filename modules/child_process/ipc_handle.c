/* SPDX-License-Identifier: MIT */
/* ipc_handle.c - servers and sockets that travel with messages; see ipc_parts.h. ipc_sockets.c counts
 * the sockets that were passed. */
#include "ipc_parts.h"
#include "../core/error.h"
#include "../dgram/dgram.h"
#include "../net/net.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- sending ---- */

bool handle_can_send(lua_State *L, int idx) {
  return net_server_test(L, idx) || net_socket_test(L, idx) || dgram_socket_test(L, idx);
}

static void warn(lua_State *L, const char *kind, const char *text) {
  err_push(L, NULL, NULL, "%s", text);
  lua_pushstring(L, kind);
  lua_setfield(L, -2, "name");
  rt_warning(L);
}

/* Pushes { cmd = "NODE_HANDLE", type = type, msg = the message }. [+1] */
static void push_wrapper(lua_State *L, int message, const char *type) {
  lua_createtable(L, 0, 4);
  lua_pushliteral(L, "NODE_HANDLE");
  lua_setfield(L, -2, "cmd");
  lua_pushstring(L, type);
  lua_setfield(L, -2, "type");
  lua_pushvalue(L, message);
  lua_setfield(L, -2, "msg");
}

/* The descriptor of the object at idx, -1: none now. */
static int handle_fd(lua_State *L, int idx) {
  const NetServer *server = net_server_test(L, idx);
  if (server) return net_server_fd(server);
  const NetSocket *socket = net_socket_test(L, idx);
  return socket ? net_socket_fd(socket) : dgram_socket_fd(dgram_socket_test(L, idx));
}

/* Adds the key of the server that has accepted the socket to the wrapper on top; false: none has. */
static bool add_key(lua_State *L, int socket) {
  net_socket_push_server(L, socket);
  bool counted = net_server_test(L, -1) != NULL;
  if (counted) {
    net_server_push_key(L, lua_gettop(L));
    lua_setfield(L, -3, "key");
  }
  lua_pop(L, 1);
  return counted;
}

Parcel handle_wrap(lua_State *L, int message, int handle, bool keep_open) {
  luaL_checkstack(L, 10, "ipc");
  Parcel parcel = { .fd = handle_fd(L, handle) };
  const DgramSocket *dgram = dgram_socket_test(L, handle);
  if (dgram) {
    push_wrapper(L, message, "dgram.Socket");
    lua_pushstring(L, dgram->udp6 ? "udp6" : "udp4");
    lua_setfield(L, -2, "dgramType");
    if (parcel.fd < 0) parcel.err = UV_EBADF;
    return parcel;
  }
  bool server = net_server_test(L, handle) != NULL;
  if (parcel.fd < 0) {
    if (server) warn(L, "Warning", "server is not listening yet");
    lua_pushvalue(L, message);
    return parcel;
  }
  push_wrapper(L, message, server ? "net.Server" : "net.Socket");
  if (server) return parcel;
  parcel.owned = !keep_open;
  parcel.counted = add_key(L, handle);
  return parcel;
}

int handle_leave(lua_State *L, int handle, Parcel *parcel) {
  if (!parcel->owned && (parcel->fd = handle_fd(L, handle)) < 0) return UV_EBADF; /* a toJSON has closed it */
  if (parcel->counted) {
    net_socket_push_server(L, handle);
    sockets_leaving(L, lua_gettop(L));
    lua_pop(L, 1);
  }
  int err = parcel->owned ? net_socket_detach(L, handle, &parcel->fd) : 0;
  if (err == 0) return 0;
  parcel->fd = -1;
  handle_left(L, NULL, handle, *parcel);
  return err;
}

void handle_left(lua_State *L, Channel *ch, int handle, Parcel parcel) {
  if (parcel.counted) sockets_left(L, handle, ch);
}

/* ---- receiving ---- */

/* Pushes the message inside; a socket that was sent again is wrapped twice, and the inner one tells
 * what it is. wrapper is replaced by that. [+1] */
static void push_inner(lua_State *L, int wrapper) {
  const char *cmd;
  lua_getfield(L, wrapper, "msg");
  if (ipc_is_internal(L, -1, &cmd) && !strcmp(cmd, "NODE_HANDLE")) {
    lua_replace(L, wrapper);
    lua_getfield(L, wrapper, "msg");
  }
}

/* Tells what was wrong with fd, which is closed (-1: it is already); nil in place of the object. [+1] */
static void push_unusable(lua_State *L, int fd, int err) {
  if (fd >= 0) (void)close(fd);
  lua_pushnil(L);
  err_push(L, NULL, uv_err_name(err), "a handle that came with a message cannot be used: %s", uv_strerror(err));
  lua_pushliteral(L, "IpcWarning");
  lua_setfield(L, -2, "name");
  rt_warning(L);
}

/* Pushes a Socket over fd, which is taken; nil when it is none. [+1] */
static void push_socket(lua_State *L, int fd) {
  int err;
  if (TRACING(rt_of(L))) channel_trace_passed(L, fd);
  if (!net_socket_from_fd(L, fd, false, &err)) push_unusable(L, fd, err);
}

static int socket_option(int fd, int name) {
  int value = 0;
  socklen_t len = sizeof value;
  return getsockopt(fd, SOL_SOCKET, name, &value, &len) == 0 ? value : -1;
}

/* Pushes a dgram.Socket over fd, which is taken; nil when it is none. [+1] */
static void push_dgram(lua_State *L, int fd) {
  DgramSocket *s = dgram_socket_new(L, socket_option(fd, SO_DOMAIN) == AF_INET6);
  int err = socket_option(fd, SO_TYPE) == SOCK_DGRAM ? dgram_bind_fd(L, lua_gettop(L), fd) : UV_ENOTSOCK;
  if (err == 0) return;
  bool taken = dgram_socket_fd(s) == fd;
  class_call_method(L, -1, "close", 0, 0);
  lua_pop(L, 1);
  push_unusable(L, taken ? -1 : fd, err);
}

/* Pushes a Server that listens on fd, which is taken; nil when it cannot. A failure must not be its
 * `error`: nobody could have a listener yet. [+1] */
static void push_server(lua_State *L, int fd) {
  int domain = socket_option(fd, SO_DOMAIN);
  bool known = domain == AF_INET || domain == AF_INET6 || domain == AF_UNIX;
  if (!known || listen(fd, SOMAXCONN) != 0) {
    push_unusable(L, fd, known ? -errno : UV_ENOTSOCK);
    return;
  }
  (void)net_server_new(L, &net_server_class, sizeof(NetServer), 0);
  (void)net_server_listen_fd(L, lua_gettop(L), fd, 0);
}

/* A handle of Node's own that a user sent: it is what the descriptor is. [+1] */
static void push_native(lua_State *L, int fd) {
  if (socket_option(fd, SO_TYPE) == SOCK_DGRAM) push_dgram(L, fd);
  else if (socket_option(fd, SO_ACCEPTCONN) == 1) push_server(L, fd);
  else push_socket(L, fd);
}

/* Pushes the object for a user's message; false, and fd is closed, for an unknown type. [+1|0] */
static bool push_object(lua_State *L, int channel, int wrapper, const char *type, int fd) {
  if (!strcmp(type, "net.Server")) {
    push_server(L, fd);
  } else if (!strcmp(type, "net.Socket")) {
    push_socket(L, fd);
    lua_getfield(L, wrapper, "key");
    if (lua_type(L, -1) == LUA_TSTRING && !lua_isnil(L, -2)) sockets_arrived(L, channel, lua_gettop(L) - 1);
    lua_pop(L, 1);
  } else if (!strcmp(type, "dgram.Socket")) {
    push_dgram(L, fd);
  } else if (!strcmp(type, "net.Native") || !strcmp(type, "dgram.Native")) {
    push_native(L, fd);
  } else {
    (void)close(fd);
    return false;
  }
  return true;
}

void handle_received(lua_State *L, Channel *ch, int owner, int channel, int wrapper, int fd) {
  const char *cmd;
  luaL_checkstack(L, 12, "ipc");
  push_inner(L, wrapper);
  bool internal = ipc_is_internal(L, -1, &cmd);
  lua_getfield(L, wrapper, "type");
  const char *type = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
  lua_insert(L, -2);
  if (internal) {
    channel_push_fd(L, fd);
  } else if (!push_object(L, channel, wrapper, type, fd)) {
    lua_pushfstring(L, "a handle is of the unknown type \"%s\"", type);
    channel_fail(L, ch);
    return;
  }
  channel_queue_message(L, ch, channel, owner, internal);
  lua_pop(L, 1);
}
