/* SPDX-License-Identifier: MIT */
/* ipc_handle.c - the descriptors that travel with messages; see ipc_parts.h. */
#include "ipc_parts.h"

#include <string.h>
#include <unistd.h>

bool handle_can_send(lua_State *L, int idx) {
  (void)L, (void)idx;
  return false;
}

Parcel handle_wrap(lua_State *L, Channel *ch, int owner, int message, int handle, bool keep_open) {
  (void)ch, (void)owner, (void)handle, (void)keep_open;
  lua_pushvalue(L, message);
  return (Parcel){ .fd = -1 };
}

/* Pushes the message inside; a socket that was sent again is wrapped twice. [+1] */
static void push_inner(lua_State *L, int wrapper) {
  const char *cmd;
  lua_getfield(L, wrapper, "msg");
  if (ipc_is_internal(L, -1, &cmd) && !strcmp(cmd, "NODE_HANDLE")) {
    lua_getfield(L, -1, "msg");
    lua_remove(L, -2);
  }
}

void handle_received(lua_State *L, Channel *ch, int owner, int channel, int wrapper, int fd) {
  const char *cmd;
  (void)ch;
  channel_push_fd(L, fd);
  push_inner(L, wrapper);
  bool internal = ipc_is_internal(L, -1, &cmd);
  if (internal) lua_pushvalue(L, -2);
  else lua_pushnil(L);
  channel_queue_message(L, channel, owner, internal);
  lua_pop(L, 1);
}

void handle_counts(lua_State *L, Channel *ch, int owner, int channel, int message, const char *cmd) {
  (void)L, (void)ch, (void)owner, (void)channel, (void)message, (void)cmd;
}
