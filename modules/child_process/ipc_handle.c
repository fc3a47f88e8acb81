/* SPDX-License-Identifier: MIT */
/* ipc_handle.c - servers and sockets that travel with messages; see ipc_parts.h. ipc_sockets.c counts
 * the sockets that were passed. */
#include "ipc_parts.h"
#include "../core/error.h"
#include "../net/net.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- sending ---- */

bool handle_can_send(lua_State *L, int idx) {
  return net_server_test(L, idx) != NULL || net_socket_test(L, idx) != NULL;
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

Parcel handle_wrap(lua_State *L, int message, int handle, bool keep_open) {
  luaL_checkstack(L, 10, "ipc");
  Parcel parcel = { .fd = -1 };
  const NetServer *server = net_server_test(L, handle);
  parcel.fd = server ? net_server_fd(server) : net_socket_fd(net_socket_test(L, handle));
  if (server && parcel.fd < 0) warn(L, "Warning", "server is not listening yet");
  if (parcel.fd < 0) {
    lua_pushvalue(L, message);
    return parcel;
  }
  push_wrapper(L, message, server ? "net.Server" : "net.Socket");
  if (server) return parcel;
  parcel.owned = !keep_open;
  net_socket_push_server(L, handle);
  if ((parcel.counted = net_server_test(L, -1) != NULL)) {
    net_server_push_key(L, lua_gettop(L));
    lua_setfield(L, -3, "key");
  }
  lua_pop(L, 1);
  return parcel;
}

int handle_leave(lua_State *L, int handle, Parcel *parcel) {
  const NetServer *server = net_server_test(L, handle);
  if (server || !parcel->owned) {
    parcel->fd = server ? net_server_fd(server) : net_socket_fd(net_socket_test(L, handle));
    if (parcel->fd < 0) return UV_EBADF; /* a toJSON has closed it */
  }
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

/* Pushes a Server that listens on fd, which is taken. [+1] */
static void push_server(lua_State *L, int fd) {
  (void)net_server_new(L, &net_server_class, sizeof(NetServer), 0);
  (void)net_server_listen_fd(L, lua_gettop(L), fd, 0); /* a failure is its `error` */
}

/* Pushes a Socket over fd, which is taken; nil when it is none. [+1] */
static void push_socket(lua_State *L, int fd) {
  int err;
  if (net_socket_from_fd(L, fd, false, &err)) return;
  (void)close(fd);
  lua_pushnil(L);
  err_push_uv(L, err, "open");
  lua_pushliteral(L, "IpcWarning");
  lua_setfield(L, -2, "name");
  rt_warning(L);
}

/* A handle of Node's own that a user sent: it is what the descriptor is. [+1] */
static void push_native(lua_State *L, int fd) {
  int listens = 0;
  socklen_t len = sizeof listens;
  if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &len) == 0 && listens) push_server(L, fd);
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
  } else if (!strcmp(type, "net.Native")) {
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
  channel_queue_message(L, channel, owner, internal);
  lua_pop(L, 1);
}
