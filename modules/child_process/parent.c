/* SPDX-License-Identifier: MIT */
/* parent.c - see parent.h. The channel's object and its owner, `process`, are kept in the registry. */
#include "parent.h"
#include "ipc.h"
#include "../core/error.h"
#include "../core/trace.h"
#include "../process/process.h"

static const char parent_channel = 0, parent_owner = 0;

static void push_owner(lua_State *L) { lua_rawgetp(L, LUA_REGISTRYINDEX, &parent_owner); }

Channel *parent_find_channel(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &parent_channel);
  Channel *ch = class_test(L, -1, &channel_class);
  lua_pop(L, 1);
  return ch;
}

static bool is_connected(lua_State *L) { return channel_connected(parent_find_channel(L)); }

static int parent_send(lua_State *L) {
  push_owner(L);
  lua_insert(L, 1);
  return channel_send(L, parent_find_channel(L));
}

static int parent_disconnect(lua_State *L) {
  push_owner(L);
  lua_insert(L, 1);
  return channel_disconnect(L, parent_find_channel(L));
}

static int parent_channel_get(lua_State *L) {
  Channel *ch = parent_find_channel(L);
  if (!ch || !handle_is_open((Handle *)ch)) return 0;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &parent_channel);
  return 1;
}

static int parent_connected(lua_State *L) {
  lua_pushboolean(L, is_connected(L));
  return 1;
}

static void parent_listeners(lua_State *L, const char *event, int count) {
  Channel *ch = parent_find_channel(L);
  if (!ch || !handle_is_open((Handle *)ch)) return;
  push_owner(L);
  channel_listeners(L, ch, lua_gettop(L), event, count);
  lua_pop(L, 1);
}

static const ProcessChannel process_channel = {
  .send = parent_send,
  .disconnect = parent_disconnect,
  .channel = parent_channel_get,
  .connected = parent_connected,
  .listeners = parent_listeners
};

void parent_open(lua_State *L) {
  ChannelOptions options = { .advanced = ipc_claimed_advanced(), .trace_id = trace_parent_channel() };
  int fd = ipc_claimed();
  if (fd < 0) return;
  process_push(L);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &parent_owner);
  Channel *ch = channel_new(L, -1, options, NULL);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &parent_channel);
  int err = channel_adopt(L, ch, fd);
  if (!err) err = channel_start(ch, true);
  if (err) channel_shut(L, ch); /* not a socket at all: the channel is simply dead, as in Node */
  process_set_channel(L, &process_channel);
  lua_pop(L, 2);
}
