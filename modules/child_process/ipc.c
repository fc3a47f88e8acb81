/* SPDX-License-Identifier: MIT */
/* ipc.c - life of a channel, and what it receives; see ipc.h. ipc_send.c writes, ipc_link.c has the
 * socket, ipc_handle.c the descriptors.
 *
 * Reading: bytes go straight into the frame; each message is emitted from a tick of its own, in order,
 * as Node does; messages that nobody listens to yet are kept (user value CHANNEL_KEPT). A message whose
 * `cmd` begins with NODE_ is the protocol's own. What cannot be read - bad JSON, a message over the
 * limit, a descriptor that belongs to no message - closes this channel and nothing else. */
#include "ipc.h"
#include "ipc_parts.h"
#include "v8.h"
#include "../core/error.h"
#include "../core/interrupt.h"
#include "../core/json.h"
#include "../core/opts.h"
#include "../core/slow.h"
#include "../events/events.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READS = 16 }; /* reads of one turn of the loop */

/* Set once by main before any thread. */
static int claimed_fd = -1;
static bool claimed_advanced;
static size_t claimed_limit;

typedef struct IpcState {
  ChannelHook cluster;
} IpcState;

static const char ipc_state = 0;

static IpcState *state_of(lua_State *L) { return rt_data(L, &ipc_state, sizeof(IpcState)); }

void channel_set_cluster_hook(lua_State *L, ChannelHook hook) { state_of(L)->cluster = hook; }

/* ---- ends ---- */

static int ended_tick(lua_State *L) { /* (owner) */
  (void)emit(L, 1, "disconnect", 0);
  return 0;
}

void channel_end(lua_State *L, Channel *ch) {
  if (!handle_is_open(&ch->base)) return;
  if (TRACING(ch->base.rt)) channel_trace_end(ch);
  channel_drop_all(L, ch);
  sockets_end(L, handle_push(L, &ch->base));
  lua_pop(L, 1);
  handle_close(&ch->base);
  ipc_link_close(&ch->link);
  channel_abandon(ch);
  int owner = ch->owner;
  ch->owner = 0;
  rt_push_pinned(L, ch->base.rt, owner);
  lua_pushcfunction(L, ended_tick);
  lua_pushvalue(L, -2);
  slow_tick_behind(L, 1); /* messages that are held back come first */
  if (ch->ended) ch->ended(L, lua_gettop(L));
  lua_pop(L, 1);
  rt_unpin(ch->base.rt, owner);
}

void channel_shut(lua_State *L, Channel *ch) { channel_end(L, ch); }

void channel_abandon(Channel *ch) {
  if (ch->far_fd >= 0) (void)close(ch->far_fd);
  ch->far_fd = -1;
}

bool channel_connected(const Channel *ch) { return ch && handle_is_open(&ch->base) && !ch->leaving; }

size_t channel_queued(const Channel *ch) { return ch->link.queued; }

/* Tick: (owner, error): what came cannot be read. An `error` where somebody listens, else a warning. */
static int fail_tick(lua_State *L) {
  if (emitter_count(L, 1, "error") > 0) {
    (void)emit(L, 1, "error", 1);
    return 0;
  }
  lua_pushliteral(L, "IpcWarning");
  lua_setfield(L, 2, "name");
  rt_warning(L);
  return 0;
}

void channel_fail(lua_State *L, Channel *ch) {
  lua_pushcfunction(L, fail_tick);
  rt_push_pinned(L, ch->base.rt, ch->owner);
  err_push(L, NULL, "ERR_IPC_MALFORMED", "the IPC channel was closed: %s", lua_tostring(L, -3));
  rt_next_tick(L, 2);
  ch->why = "malformed";
  channel_end(L, ch);
  lua_pop(L, 1);
}

/* ---- holding the loop ---- */

static bool wants_hold(const Channel *ch) {
  if (ch->user_ref) return ch->held;
  return !ch->from_parent || ch->listeners + ch->counted > 0 || !list_empty(&ch->link.out) ||
         !list_empty(&ch->waiting);
}

static void update_hold(Channel *ch) {
  if (!handle_is_open(&ch->base)) return;
  if (wants_hold(ch)) uv_ref(ch->base.uv);
  else uv_unref(ch->base.uv);
}

void channel_settle(lua_State *L, Channel *ch) {
  if (!handle_is_open(&ch->base)) return;
  if (ch->leaving && list_empty(&ch->link.out) && list_empty(&ch->waiting) && !ch->passing.waiting) {
    channel_end(L, ch);
    return;
  }
  if (TRACING(ch->base.rt)) channel_trace_live(ch);
  (void)ipc_link_watch(&ch->link, ipc_on_poll); /* the descriptor is good: it has been polled before */
  update_hold(ch);
}

/* ---- delivering ---- */

/* Tick: (channel, owner, message, handle) */
static int message_tick(lua_State *L) {
  lua_settop(L, 4);
  if (emitter_count(L, 2, "message") > 0) {
    (void)emit(L, 2, "message", 2);
    return 0;
  }
  if (lua_getiuservalue(L, 1, CHANNEL_KEPT) != LUA_TTABLE) {
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, 1, CHANNEL_KEPT);
    lua_replace(L, 5);
  }
  lua_Integer n = (lua_Integer)lua_rawlen(L, 5);
  lua_pushvalue(L, 3);
  lua_rawseti(L, 5, n + 1);
  if (lua_isnil(L, 4)) lua_pushboolean(L, false);
  else lua_pushvalue(L, 4);
  lua_rawseti(L, 5, n + 2);
  return 0;
}

/* Tick of a message that is to be recorded: (channel, owner, message, handle, number). Also where nobody listens
 * yet: it is this process that keeps it then. */
static int noted_tick(lua_State *L) {
  Channel *ch = class_check(L, 1, &channel_class);
  if (TRACING(ch->base.rt)) channel_trace_delivered(ch, (uint32_t)lua_tointeger(L, 5));
  return message_tick(L);
}

/* A received descriptor that is no object of a script's yet; closes it when nobody takes it. */
typedef struct Received {
  int fd;
} Received;

static const ClassDef received_class;

static int received_gc(lua_State *L) {
  Received *r = class_test(L, 1, &received_class);
  if (r && r->fd >= 0) (void)close(r->fd);
  if (r) r->fd = -1;
  return 0;
}

static const ClassDef received_class = { .name = "Descriptor", .abstract = true, .gc = received_gc };

void channel_push_fd(lua_State *L, int fd) {
  Received *r = class_new(L, &received_class, sizeof *r, 0);
  r->fd = fd;
}

/* Tick: (channel, owner, message, handle or Descriptor) */
static int internal_tick(lua_State *L) {
  lua_settop(L, 4);
  const char *cmd;
  Received *r = class_test(L, 4, &received_class);
  ChannelHook hook = state_of(L)->cluster;
  Channel *ch = class_check(L, 1, &channel_class);
  if (hook && ipc_is_internal(L, 3, &cmd) && !strcmp(cmd, "NODE_CLUSTER")) {
    int fd = r ? r->fd : -1;
    if (r) r->fd = -1;
    hook(L, ch, 2, 3, fd);
    lua_settop(L, 4);
  }
  if (emitter_count(L, 2, "internalMessage") > 0) {
    if (r) {
      lua_pushnil(L);
      lua_replace(L, 4);
    }
    (void)emit(L, 2, "internalMessage", 2);
  }
  return 0;
}

/* Pushes tick, channel, owner, and the message and handle that are on top. [+5] */
static void push_delivery(lua_State *L, int channel, int owner, lua_CFunction tick) {
  lua_pushcfunction(L, tick);
  lua_pushvalue(L, channel);
  lua_pushvalue(L, owner);
  lua_pushvalue(L, -5);
  lua_pushvalue(L, -5);
}

void channel_queue_message(lua_State *L, Channel *ch, int channel, int owner, bool internal) {
  bool noted = ch->noted && !internal && channel_trace_keep_note(ch);
  push_delivery(L, channel, owner, internal ? internal_tick : noted ? noted_tick : message_tick);
  if (noted) lua_pushinteger(L, ch->note.mid);
  if (internal) rt_next_tick(L, 4);
  else slow_tick(L, noted ? 5 : 4);
  lua_pop(L, 2);
}

/* Tick after the first `message` listener: (channel, owner) */
static int kept_tick(lua_State *L) {
  if (emitter_count(L, 2, "message") == 0 || lua_getiuservalue(L, 1, CHANNEL_KEPT) != LUA_TTABLE) return 0;
  int kept = lua_gettop(L);
  lua_pushnil(L);
  lua_setiuservalue(L, 1, CHANNEL_KEPT);
  for (lua_Integer i = 1; lua_rawgeti(L, kept, i) != LUA_TNIL; i += 2) {
    lua_rawgeti(L, kept, i + 1);
    if (!lua_toboolean(L, -1)) {
      lua_pop(L, 1);
      lua_pushnil(L);
    }
    push_delivery(L, 1, 2, message_tick); /* it was held back, if at all, when it came */
    rt_next_tick(L, 4);
    lua_pop(L, 2);
  }
  return 0;
}

/* ---- reading ---- */

bool ipc_is_internal(lua_State *L, int idx, const char **cmd) {
  if (!lua_istable(L, idx)) return false;
  idx = lua_absindex(L, idx);
  lua_pushliteral(L, "cmd");
  bool internal = lua_rawget(L, idx) == LUA_TSTRING;
  if (internal) {
    *cmd = lua_tostring(L, -1); /* the table keeps it */
    internal = !strncmp(*cmd, "NODE_", 5) && (*cmd)[5];
  }
  lua_pop(L, 1);
  return internal;
}

/* The message at 4 as an `internalMessage`, where somebody wants to see it. */
static void show_internal(lua_State *L, Channel *ch) {
  if (emitter_count(L, 2, "internalMessage") == 0) return;
  lua_pushvalue(L, 4);
  lua_pushnil(L);
  channel_queue_message(L, ch, 3, 2, true);
}

/* A message of the protocol, at 4. Owner at 2, channel at 3. */
static void internal_message(lua_State *L, Channel *ch, const char *cmd) {
  bool ack = !strcmp(cmd, "NODE_HANDLE_ACK"), nack = !strcmp(cmd, "NODE_HANDLE_NACK");
  if ((ack || nack) && !ch->passing.waiting && ch->passing.spare == 0) {
    lua_pushfstring(L, "%s without a handle on its way", cmd);
    channel_fail(L, ch);
    return;
  }
  if (ack || nack) {
    show_internal(L, ch);
    channel_acknowledged(L, ch, 2, ack);
  } else if (!strcmp(cmd, "NODE_HANDLE")) {
    show_internal(L, ch);
    int fd = ipc_link_take_fd(&ch->link);
    if (fd >= 0 && TRACING(ch->base.rt)) channel_trace_handle(L, ch, 4, fd);
    channel_acknowledge(L, ch, fd >= 0);
    if (fd >= 0) handle_received(L, ch, 2, 3, 4, fd);
  } else if (!strncmp(cmd, "NODE_SOCKET_", 12)) {
    show_internal(L, ch);
    handle_counts(L, ch, 3, 4, cmd);
  } else {
    lua_pushnil(L);
    channel_queue_message(L, ch, 3, 2, true);
  }
}

/* Pushes the value of a message; false with a text pushed when there is none. [+1] */
static bool decode(lua_State *L, Channel *ch, const char *s, size_t len) {
  if (ch->advanced) {
    const char *error;
    if (v8_decode(L, s, len, &error)) return true;
    lua_pushfstring(L, "a message is not in V8's format (%s)", error);
    return false;
  }
  JsonError error;
  if (json_decode(L, s, len, &error)) return true;
  lua_pushfstring(L, "a message is not JSON (%s)", len ? error.message : "an empty line");
  return false;
}

/* One message of the wire. Owner at 2, channel at 3. */
static void wire_message(lua_State *L, Channel *ch, const char *s, size_t len) {
  const char *cmd = NULL;
  ch->received++;
  if (!decode(L, ch, s, len)) {
    channel_fail(L, ch);
    return;
  }
  bool internal = ipc_is_internal(L, 4, &cmd);
  if (TRACING(ch->base.rt) && handle_is_open(&ch->base))
    channel_trace_received(L, ch, s, len, 4, internal ? cmd : NULL);
  if (internal) {
    internal_message(L, ch, cmd);
    if (ch->noted) channel_trace_undelivered(ch);
  } else {
    lua_pushnil(L);
    channel_queue_message(L, ch, 3, 2, false);
  }
}

/* Protected: takes the whole messages out of the frame. (channel, owner, its object) */
static int read_messages(lua_State *L) {
  Channel *ch = lua_touserdata(L, 1);
  const char *s;
  size_t len;
  FrameResult result;
  while (handle_is_open(&ch->base) && (result = frame_next(&ch->link.frame, &s, &len)) != FRAME_MORE) {
    if (result == FRAME_TOO_LONG) {
      lua_pushfstring(L, "a message is longer than %I bytes", (lua_Integer)ch->link.frame.limit);
      channel_fail(L, ch);
      return 0;
    }
    wire_message(L, ch, s, len);
    lua_settop(L, 3);
  }
  /* between two messages no descriptor may be left over */
  if (!handle_is_open(&ch->base) || frame_pending(&ch->link.frame) > 0) return 0;
  if (ch->link.nfds == 0 && !ch->link.fds_lost) return 0;
  lua_pushliteral(L, "a descriptor came without a message that tells what it is");
  channel_fail(L, ch);
  return 0;
}

/* No code of the user runs in there: what is raised is that memory is out, for a message. */
static void read_protected(lua_State *L, Channel *ch) {
  lua_pushcfunction(L, read_messages);
  lua_pushlightuserdata(L, ch);
  lua_pushvalue(L, 2);
  lua_pushvalue(L, 3);
  if (lua_pcall(L, 3, 0, 0) == LUA_OK) return;
  if (interrupt_is(L, -1)) (void)lua_error(L);
  (void)luaL_tolstring(L, -1, NULL);
  lua_remove(L, -2);
  if (handle_is_open(&ch->base)) channel_fail(L, ch);
}

typedef struct PollEvent {
  Channel *ch;
  int status, events;
} PollEvent;

static int poll_deliver(lua_State *L) {
  PollEvent *ev = lua_touserdata(L, 1);
  Channel *ch = ev->ch;
  bool drained = false;
  if (!handle_is_open(&ch->base)) return 0;
  rt_push_pinned(L, ch->base.rt, ch->owner);
  (void)handle_push(L, &ch->base);
  if (ev->events & UV_WRITABLE) channel_flush(L, ch);
  if (ev->status == 0 && !(ev->events & UV_READABLE)) return 0;
  for (int i = 0; i < READS && !drained && handle_is_open(&ch->base); i++) {
    ssize_t n = ipc_link_read(&ch->link, &drained);
    if (n > 0) {
      read_protected(L, ch);
    } else if (n == UV_ENOMEM) {
      lua_pushliteral(L, "there is no memory for a message");
      channel_fail(L, ch);
    } else if (n < 0 || ev->status < 0) {
      ch->why = n == UV_EOF ? "peer closed" : "lost";
      channel_end(L, ch);
    }
    lua_settop(L, 3);
  }
  return 0;
}

void ipc_on_poll(uv_poll_t *poll, int status, int events) {
  Channel *ch = poll->data;
  if (status < 0) { /* the other side is gone: libuv has stopped to watch, reading tells the rest */
    ch->link.watched = 0;
    (void)ipc_link_watch(&ch->link, ipc_on_poll);
  }
  PollEvent ev = { ch, status, events };
  rt_enter(ch->base.rt, poll_deliver, &ev);
}

int channel_disconnect(lua_State *L, Channel *ch) {
  if (!channel_connected(ch)) {
    err_push(L, NULL, "ERR_IPC_DISCONNECTED", "IPC channel is already disconnected");
    (void)emit(L, 1, "error", 1);
    return 0;
  }
  ch->leaving = true;
  channel_settle(L, ch);
  return 0;
}

void channel_listeners(lua_State *L, Channel *ch, int owner, const char *event, int count) {
  bool message = !strcmp(event, "message");
  if (!message && strcmp(event, "disconnect") != 0) return;
  ch->listeners = emitter_count(L, owner, "message") + emitter_count(L, owner, "disconnect");
  update_hold(ch);
  if (!message || count != 1) return;
  int channel = handle_push(L, &ch->base);
  if (!lua_isnil(L, channel) && lua_getiuservalue(L, channel, CHANNEL_KEPT) == LUA_TTABLE) {
    lua_pushcfunction(L, kept_tick);
    lua_pushvalue(L, channel);
    lua_pushvalue(L, owner);
    rt_next_tick(L, 2);
  }
  lua_settop(L, channel - 1);
}

/* ---- life ---- */

static void channel_release(Handle *h) {
  Channel *ch = (Channel *)h;
  channel_free_waiting(ch);
  ipc_link_close(&ch->link);
  channel_abandon(ch);
  free(ch->notes);
}

Channel *channel_new(lua_State *L, int owner, ChannelOptions options,
                     void (*ended)(lua_State *L, int owner)) {
  owner = lua_absindex(L, owner);
  Channel *ch = handle_new(L, &channel_class, sizeof *ch, CHANNEL_VALUES);
  ch->link.fd = ch->far_fd = ch->passing.fd = -1;
  list_init(&ch->waiting);
  list_init(&ch->link.out);
  ch->base.release = channel_release;
  ch->ended = ended;
  ch->advanced = options.advanced;
  ch->limit = options.limit ? options.limit : ipc_limit();
  ch->trace_id = options.trace_id;
  lua_pushvalue(L, owner);
  ch->owner = rt_pin(L);
  return ch;
}

/* The channel's object is on top. Takes fd, also when it fails. */
static int channel_open(lua_State *L, Channel *ch, int fd) {
  int err = ipc_link_open(&ch->link, &ch->base.rt->loop, fd, ch->advanced ? FRAME_LENGTHS : FRAME_LINES);
  if (err) {
    (void)close(fd);
    int owner = ch->owner;
    ch->owner = 0;
    rt_unpin(ch->base.rt, owner);
    return err;
  }
  ch->link.frame.limit = ch->limit;
  handle_opened(&ch->base, (uv_handle_t *)&ch->link.poll);
  handle_pin(L, &ch->base, -1);
  return 0;
}

int channel_pair(lua_State *L, Channel *ch, int *child_fd) {
  int fds[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) return -errno;
  ch->far_fd = *child_fd = fds[1];
  return channel_open(L, ch, fds[0]);
}

int channel_adopt(lua_State *L, Channel *ch, int fd) { return channel_open(L, ch, fd); }

int channel_start(Channel *ch, bool from_parent) {
  ch->from_parent = from_parent;
  channel_abandon(ch);
  ch->link.reading = true;
  int err = ipc_link_watch(&ch->link, ipc_on_poll);
  update_hold(ch);
  return err;
}

static size_t read_limit(const char *text) {
  char *end;
  if (!text || *text < '1' || *text > '9') return FRAME_LIMIT;
  unsigned long long n = strtoull(text, &end, 10);
  return *end || n > UINT32_MAX ? FRAME_LIMIT : (size_t)n;
}

void ipc_claim(void) {
  const char *text = getenv("NODE_CHANNEL_FD"), *mode = getenv("NODE_CHANNEL_SERIALIZATION_MODE");
  char *end;
  claimed_limit = read_limit(getenv("MOONFORK_IPC_LIMIT"));
  if (!text) return;
  long fd = strtol(text, &end, 10);
  if (*text && !*end && fd >= 0 && fd < 1 << 20 && fcntl((int)fd, F_SETFD, FD_CLOEXEC) == 0)
    claimed_fd = (int)fd;
  claimed_advanced = mode && !strcmp(mode, "advanced");
  (void)unsetenv("NODE_CHANNEL_FD");
  (void)unsetenv("NODE_CHANNEL_SERIALIZATION_MODE");
}

int ipc_claimed(void) { return claimed_fd; }

bool ipc_claimed_advanced(void) { return claimed_advanced; }

size_t ipc_limit(void) { return claimed_limit ? claimed_limit : FRAME_LIMIT; }

/* ---- rows ---- */

static Channel *check_self(lua_State *L) { return class_check(L, 1, &channel_class); }

static int channel_ref(lua_State *L) {
  Channel *ch = check_self(L);
  ch->user_ref = ch->held = true;
  update_hold(ch);
  return 0;
}

static int channel_unref(lua_State *L) {
  Channel *ch = check_self(L);
  ch->user_ref = true;
  ch->held = false;
  update_hold(ch);
  return 0;
}

static int channel_ref_counted(lua_State *L) {
  Channel *ch = check_self(L);
  if (ch->counted < INT_MAX) ch->counted++;
  update_hold(ch);
  return 0;
}

static int channel_unref_counted(lua_State *L) {
  Channel *ch = check_self(L);
  if (ch->counted > 0) ch->counted--;
  update_hold(ch);
  return 0;
}

static int channel_get_fd(lua_State *L) {
  Channel *ch = check_self(L);
  if (!handle_is_open(&ch->base)) return 0;
  lua_pushinteger(L, ch->link.fd);
  return 1;
}

static int channel_get_limit(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)check_self(L)->limit);
  return 1;
}

static int channel_set_limit(lua_State *L) {
  Channel *ch = check_self(L);
  ch->limit = (size_t)arg_integer(L, 2, "maxMessageSize", 1, UINT32_MAX);
  ch->link.frame.limit = ch->limit;
  return 0;
}

static const FnDef channel_methods[] = {
  { "ref", channel_ref, FN_METHOD, "ref()",
    "The open channel keeps the program running, whatever listeners there are.", NULL, NULL, NULL },
  { "unref", channel_unref, FN_METHOD, "unref()",
    "The channel no longer keeps the program running.", NULL, NULL, NULL },
  { "refCounted", channel_ref_counted, FN_METHOD, "refCounted()",
    "One more reason to keep the program running, unless ref or unref have decided.", NULL, NULL, NULL },
  { "unrefCounted", channel_unref_counted, FN_METHOD, "unrefCounted()",
    "One reason of refCounted is gone.", NULL, NULL, NULL },
  { "hasRef", handle_lua_has_ref, FN_METHOD, "hasRef(): boolean",
    "Does the channel keep the program running?", NULL, NULL, NULL },
  { 0 }
};

static const PropDef channel_props[] = {
  { "fd", channel_get_fd, NULL, "integer?", "The descriptor of the channel in this process." },
  { "maxMessageSize", channel_get_limit, channel_set_limit, "integer",
    "Bytes that one message may have, received or sent; a longer one that arrives closes the channel. "
    "256 MiB, unless the option of fork or the variable MOONFORK_IPC_LIMIT of the environment says "
    "otherwise." },
  { 0 }
};

const ClassDef channel_class = {
  .name = "Channel", .abstract = true, .gc = handle_gc, .methods = channel_methods,
  .props = channel_props,
  .doc = "The message channel between parent and child: one socket pair. Each message is a JSON text and "
         "a line end, or, with the option serialization = \"advanced\", a length and V8's format."
};
