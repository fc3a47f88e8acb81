/* SPDX-License-Identifier: MIT */
/* ipc.c - see ipc.h.
 *
 * Reading: bytes go straight into the frame; each message is emitted from a tick of its own, in order,
 * as Node does; messages that nobody listens to yet are kept (user value KEPT). A message whose `cmd`
 * begins with NODE_ is the protocol's own. What cannot be read - bad JSON, a message over the limit -
 * closes this channel and nothing else.
 * Writing: at once as far as the kernel takes it, the rest is queued; a SendReq owns its bytes. */
#include "ipc.h"
#include "../core/error.h"
#include "../core/frame.h"
#include "../core/json.h"
#include "../core/opts.h"
#include "../events/events.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEPT = UV_CLASS, QUEUE_HIGH = 128 * 1024, READ_SIZE = 64 * 1024 };

struct Channel {
  Handle base;
  uv_pipe_t pipe;
  Frame frame;
  int owner;           /* pin of the owner while open */
  bool from_parent;    /* the child's end */
  bool user_ref;       /* ref() or unref() was called: listeners decide no more */
  bool warned_handle;
  void (*ended)(lua_State *L, int owner);
};

typedef struct SendReq {
  uv_write_t req;
  Channel *ch;
  int channel;         /* pin of the channel's object */
  int callback;        /* pin, 0 when there is none */
  char data[];
} SendReq;

static int claimed_fd = -1; /* set once by main before any thread */

/* ---- ends ---- */

static int ended_tick(lua_State *L) { /* (owner) */
  (void)emit(L, 1, "disconnect", 0);
  return 0;
}

/* Closes the channel; `disconnect` comes on the next tick. Protected. */
static void channel_end(lua_State *L, Channel *ch) {
  if (!handle_is_open(&ch->base)) return;
  handle_close(&ch->base);
  int owner = ch->owner;
  ch->owner = 0;
  rt_push_pinned(L, ch->base.rt, owner);
  lua_pushcfunction(L, ended_tick);
  lua_pushvalue(L, -2);
  rt_next_tick(L, 1);
  if (ch->ended) ch->ended(L, lua_gettop(L));
  lua_pop(L, 1);
  rt_unpin(ch->base.rt, owner);
}

void channel_shut(lua_State *L, Channel *ch) { channel_end(L, ch); }

/* What came from the other side cannot be read: tells it and closes. text is on top. [-1] */
static void channel_fail(lua_State *L, Channel *ch) {
  err_push(L, NULL, "ERR_IPC_MALFORMED", "the IPC channel was closed: %s", lua_tostring(L, -1));
  rt_push_pinned(L, ch->base.rt, ch->owner);
  bool heard = emitter_count(L, -1, "error") > 0;
  channel_end(L, ch);
  lua_pushvalue(L, -2);
  if (heard) {
    (void)emit(L, -2, "error", 1);
  } else {
    lua_pushliteral(L, "IpcWarning");
    lua_setfield(L, -2, "name");
    rt_warning(L);
  }
  lua_pop(L, 3);
}

/* ---- reading ---- */

static void deliver_kept(lua_State *L, int channel);

/* Tick: (channel, owner, message, handle) */
static int message_tick(lua_State *L) {
  lua_settop(L, 4);
  if (emitter_count(L, 2, "message") > 0) {
    (void)emit(L, 2, "message", 2);
    return 0;
  }
  if (lua_getiuservalue(L, 1, KEPT) != LUA_TTABLE) {
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, 1, KEPT);
    lua_replace(L, 5);
  }
  lua_pushvalue(L, 3);
  lua_rawseti(L, 5, (lua_Integer)lua_rawlen(L, 5) + 1);
  return 0;
}

/* Queues the message on top for the owner. [-1] */
static void queue_message(lua_State *L, int channel, int owner) {
  lua_pushcfunction(L, message_tick);
  lua_pushvalue(L, channel);
  lua_pushvalue(L, owner);
  lua_pushvalue(L, -4);
  rt_next_tick(L, 3);
  lua_pop(L, 1);
}

/* Tick after the first `message` listener: (channel, owner) */
static int kept_tick(lua_State *L) {
  if (emitter_count(L, 2, "message") > 0) deliver_kept(L, 1);
  return 0;
}

static void deliver_kept(lua_State *L, int channel) {
  if (lua_getiuservalue(L, channel, KEPT) == LUA_TTABLE) {
    int kept = lua_gettop(L);
    lua_pushnil(L);
    lua_setiuservalue(L, channel, KEPT);
    for (lua_Integer i = 1; lua_rawgeti(L, kept, i) != LUA_TNIL; i++) queue_message(L, channel, 2);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

/* Writes one line of the protocol's own; a failure shows as the end of the channel. */
static void send_internal(Channel *ch, const char *line) {
  uv_buf_t buf = uv_buf_init((char *)line, (unsigned)strlen(line));
  (void)uv_try_write((uv_stream_t *)&ch->pipe, &buf, 1);
}

/* Descriptors that came along are closed: nothing here can hold them. */
static void drop_handles(Channel *ch) {
  while (uv_pipe_pending_count(&ch->pipe) > 0) {
    typedef struct Dropped {
      Handle base;
      union {
        uv_tcp_t tcp;
        uv_pipe_t pipe;
        uv_udp_t udp;
      } uv;
    } Dropped;
    Dropped *d = handle_new_internal(ch->base.rt, sizeof *d);
    if (!d) return;
    switch (uv_pipe_pending_type(&ch->pipe)) {
    case UV_TCP: (void)uv_tcp_init(&ch->base.rt->loop, &d->uv.tcp); break;
    case UV_UDP: (void)uv_udp_init(&ch->base.rt->loop, &d->uv.udp); break;
    default: (void)uv_pipe_init(&ch->base.rt->loop, &d->uv.pipe, 0);
    }
    handle_opened(&d->base, (uv_handle_t *)&d->uv);
    (void)uv_accept((uv_stream_t *)&ch->pipe, (uv_stream_t *)&d->uv);
    handle_close(&d->base);
  }
}

/* A message of the protocol, on top; cmd borrowed from it. Owner at 2, channel at 3. */
static void internal_message(lua_State *L, Channel *ch, const char *cmd) {
  if (!strcmp(cmd, "NODE_HANDLE")) {
    drop_handles(ch);
    send_internal(ch, "{\"cmd\":\"NODE_HANDLE_ACK\"}\n");
    lua_getfield(L, -1, "msg");
    queue_message(L, 3, 2);
  } else if (!strcmp(cmd, "NODE_HANDLE_ACK") || !strcmp(cmd, "NODE_HANDLE_NACK")) {
    lua_pushfstring(L, "%s without a handle on its way", cmd);
    channel_fail(L, ch);
  }
}

/* One message of the wire. Owner at 2, channel at 3. */
static void wire_message(lua_State *L, Channel *ch, const char *text, size_t len) {
  JsonError error;
  if (!json_decode(L, text, len, &error)) {
    lua_pushfstring(L, "a message is not JSON (%s)", len ? error.message : "an empty line");
    channel_fail(L, ch);
    return;
  }
  if (lua_istable(L, -1) && lua_getfield(L, -1, "cmd") == LUA_TSTRING) {
    const char *cmd = lua_tostring(L, -1);
    if (!strncmp(cmd, "NODE_", 5) && cmd[5]) {
      lua_insert(L, -2);
      internal_message(L, ch, cmd);
      return;
    }
  }
  lua_settop(L, 4);
  queue_message(L, 3, 2);
}

typedef struct ReadEvent {
  Channel *ch;
  ssize_t nread;
} ReadEvent;

static int read_deliver(lua_State *L) {
  ReadEvent *ev = lua_touserdata(L, 1);
  Channel *ch = ev->ch;
  const char *text;
  size_t len;
  FrameResult result;
  if (!handle_is_open(&ch->base)) return 0;
  rt_push_pinned(L, ch->base.rt, ch->owner);
  (void)handle_push(L, &ch->base);
  if (ev->nread < 0) {
    channel_end(L, ch);
    return 0;
  }
  while (handle_is_open(&ch->base) && (result = frame_next(&ch->frame, &text, &len)) != FRAME_MORE) {
    if (result == FRAME_TOO_LONG) {
      lua_pushfstring(L, "a message is longer than %I bytes", (lua_Integer)ch->frame.limit);
      channel_fail(L, ch);
      return 0;
    }
    wire_message(L, ch, text, len);
    lua_settop(L, 3);
  }
  return 0;
}

static void on_alloc(uv_handle_t *uv, size_t suggested, uv_buf_t *buf) {
  Channel *ch = uv->data;
  size_t n = 0;
  (void)suggested;
  buf->base = NULL;
  if (!frame_space(&ch->frame, READ_SIZE, &buf->base, &n)) n = 0; /* read reports ENOBUFS */
  buf->len = n;
}

static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf) {
  Channel *ch = stream->data;
  ReadEvent ev = { ch, nread };
  (void)buf;
  if (nread == 0) return;
  if (nread > 0) frame_commit(&ch->frame, (size_t)nread);
  rt_enter(ch->base.rt, read_deliver, &ev);
}

/* ---- writing ---- */

static int sent_deliver(lua_State *L);

typedef struct SentEvent {
  SendReq *req;
  int status;
} SentEvent;

static void on_sent(uv_write_t *uv, int status) {
  SendReq *req = (SendReq *)uv;
  SentEvent ev = { req, status };
  Runtime *rt = req->ch->base.rt;
  rt_enter(rt, sent_deliver, &ev);
  rt_unpin(rt, req->channel);
  if (req->callback) rt_unpin(rt, req->callback);
  free(req);
}

static int sent_deliver(lua_State *L) {
  SentEvent *ev = lua_touserdata(L, 1);
  Channel *ch = ev->req->ch;
  if (!ev->req->callback) {
    if (ev->status == 0 || !ch->owner) return 0;
    rt_push_pinned(L, ch->base.rt, ch->owner);
    err_push_uv(L, ev->status, "write");
    (void)emit(L, -2, "error", 1);
    return 0;
  }
  rt_push_pinned(L, ch->base.rt, ev->req->callback);
  if (ev->status == 0) lua_pushnil(L);
  else err_push_uv(L, ev->status, "write");
  lua_call(L, 1, 0);
  return 0;
}

/* Tick: (owner, error): an error that no callback takes */
static int error_tick(lua_State *L) {
  (void)emit(L, 1, "error", 1);
  return 0;
}

/* Hands the error on top (nil: none) to the callback at cb, or to the owner, on the next tick. [-1] */
static void report_later(lua_State *L, int cb) {
  int error = lua_gettop(L);
  if (cb) {
    lua_pushvalue(L, cb);
    lua_pushvalue(L, error);
    rt_next_tick(L, 1);
  } else if (!lua_isnil(L, error)) {
    lua_pushcfunction(L, error_tick);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, error);
    rt_next_tick(L, 2);
  }
  lua_settop(L, error - 1);
}

/* Queues what the kernel did not take. The channel's object is at idx. 0 or a uv error. */
static int queue_rest(lua_State *L, Channel *ch, const char *data, size_t len, int cb) {
  SendReq *req = malloc(sizeof *req + len);
  if (!req) return UV_ENOMEM;
  memcpy(req->data, data, len);
  uv_buf_t buf = uv_buf_init(req->data, (unsigned)len);
  int err = uv_write(&req->req, (uv_stream_t *)&ch->pipe, &buf, 1, on_sent);
  if (err) {
    free(req);
    return err;
  }
  req->ch = ch;
  req->channel = req->callback = 0;
  (void)handle_push(L, &ch->base);
  req->channel = rt_pin(L);
  if (cb) {
    lua_pushvalue(L, cb);
    req->callback = rt_pin(L);
  }
  return 0;
}

/* Writes a line; reports to cb or the owner. */
static void write_line(lua_State *L, Channel *ch, const char *data, size_t len, int cb) {
  uv_buf_t buf = uv_buf_init((char *)data, (unsigned)len);
  int n = uv_try_write((uv_stream_t *)&ch->pipe, &buf, 1);
  if (n == UV_EAGAIN) n = 0;
  if (n >= 0 && (size_t)n < len) {
    n = queue_rest(L, ch, data + n, len - (size_t)n, cb);
    if (n == 0) return;
  }
  if (n < 0) err_push_uv(L, n, "write");
  else lua_pushnil(L);
  report_later(L, cb);
}

/* Finds the callback among the arguments: send(m, cb), send(m, handle, cb), send(m, handle, options, cb).
 * Returns its index, 0 when there is none. */
static int send_arguments(lua_State *L) {
  lua_settop(L, 5);
  int type = lua_type(L, 2), cb = 0;
  if (type == LUA_TNIL)
    return err_raise(L, &type_error_class, "ERR_MISSING_ARGS",
                     "The \"message\" argument must be specified");
  if (type == LUA_TFUNCTION || type == LUA_TTHREAD)
    return err_arg_type(L, 2, "message", "one of type string, table, number, or boolean");
  for (int i = 3; i <= 5 && !cb; i++)
    if (lua_isfunction(L, i)) cb = i;
  if (cb != 3 && !lua_isnil(L, 3) && !json_is_null(L, 3))
    return err_raise(L, &type_error_class, "ERR_INVALID_HANDLE_TYPE",
                     "This handle type cannot be sent");
  if (cb != 3 && cb != 4 && !lua_isnil(L, 4)) arg_table(L, 4, "options");
  if (!cb && !lua_isnil(L, 5)) arg_function(L, 5, "callback");
  return cb;
}

int channel_send(lua_State *L, Channel *ch) {
  static const JsonOptions wire = { .wire = true };
  int cb = send_arguments(L);
  if (!ch || !handle_is_open(&ch->base)) {
    err_push(L, NULL, "ERR_IPC_CHANNEL_CLOSED", "Channel closed");
    report_later(L, cb);
    lua_pushboolean(L, false);
    return 1;
  }
  StrBuf *text = strbuf_new_lua(L);
  if (json_encode(L, 2, text, &wire) != 0)
    return err_raise(L, &type_error_class, NULL, "%s", lua_tostring(L, -1));
  strbuf_addc(text, '\n');
  if (text->failed) return luaL_error(L, "not enough memory");
  if (text->len > FRAME_LIMIT)
    return err_raise(L, &range_error_class, "ERR_OUT_OF_RANGE",
                     "The message is longer than %I bytes", (lua_Integer)FRAME_LIMIT);
  if (handle_is_open(&ch->base)) write_line(L, ch, text->p, text->len, cb);
  strbuf_free(text);
  lua_pushboolean(L, ch->pipe.write_queue_size <= QUEUE_HIGH);
  return 1;
}

int channel_disconnect(lua_State *L, Channel *ch) {
  if (!ch || !handle_is_open(&ch->base)) {
    err_push(L, NULL, "ERR_IPC_DISCONNECTED", "IPC channel is already disconnected");
    (void)emit(L, 1, "error", 1);
    return 0;
  }
  channel_end(L, ch);
  return 0;
}

/* ---- holding the loop ---- */

static void channel_hold(Channel *ch, bool hold) {
  if (!handle_is_open(&ch->base)) return;
  if (hold) uv_ref((uv_handle_t *)&ch->pipe);
  else uv_unref((uv_handle_t *)&ch->pipe);
}

void channel_listeners(lua_State *L, Channel *ch, int owner, const char *event, int count) {
  bool message = !strcmp(event, "message");
  if (!message && strcmp(event, "disconnect") != 0) return;
  if (ch->from_parent && !ch->user_ref)
    channel_hold(ch, emitter_count(L, owner, "message") + emitter_count(L, owner, "disconnect") > 0);
  if (!message || count != 1) return;
  int channel = handle_push(L, &ch->base);
  if (!lua_isnil(L, channel) && lua_getiuservalue(L, channel, KEPT) == LUA_TTABLE) {
    lua_pushcfunction(L, kept_tick);
    lua_pushvalue(L, channel);
    lua_pushvalue(L, owner);
    rt_next_tick(L, 2);
  }
  lua_settop(L, channel - 1);
}

/* ---- life ---- */

static void channel_release(Handle *h) { frame_free(&((Channel *)h)->frame); }

Channel *channel_new(lua_State *L, int owner, void (*ended)(lua_State *L, int owner)) {
  owner = lua_absindex(L, owner);
  Channel *ch = handle_new(L, &channel_class, sizeof *ch, 1);
  frame_init(&ch->frame, FRAME_LINES);
  ch->base.release = channel_release;
  ch->ended = ended;
  int err = uv_pipe_init(&rt_of(L)->loop, &ch->pipe, 1);
  if (err) (void)err_raise_uv(L, err, "pipe");
  handle_opened(&ch->base, (uv_handle_t *)&ch->pipe);
  lua_pushvalue(L, owner);
  ch->owner = rt_pin(L);
  handle_pin(L, &ch->base, -1);
  return ch;
}

uv_stream_t *channel_stream(Channel *ch) { return (uv_stream_t *)&ch->pipe; }

int channel_adopt(Channel *ch, int fd) { return uv_pipe_open(&ch->pipe, fd); }

int channel_start(Channel *ch, bool from_parent) {
  ch->from_parent = from_parent;
  int err = uv_read_start((uv_stream_t *)&ch->pipe, on_alloc, on_read);
  if (!err && from_parent) channel_hold(ch, false);
  return err;
}

void ipc_claim(void) {
  const char *text = getenv("NODE_CHANNEL_FD");
  char *end;
  if (!text) return;
  long fd = strtol(text, &end, 10);
  if (*text && !*end && fd >= 0 && fd < 1 << 20 && fcntl((int)fd, F_SETFD, FD_CLOEXEC) == 0)
    claimed_fd = (int)fd;
  (void)unsetenv("NODE_CHANNEL_FD");
  (void)unsetenv("NODE_CHANNEL_SERIALIZATION_MODE");
}

int ipc_claimed(void) { return claimed_fd; }

/* ---- rows ---- */

static int channel_ref(lua_State *L) {
  Channel *ch = class_check(L, 1, &channel_class);
  ch->user_ref = true;
  channel_hold(ch, true);
  return 0;
}

static int channel_unref(lua_State *L) {
  Channel *ch = class_check(L, 1, &channel_class);
  ch->user_ref = true;
  channel_hold(ch, false);
  return 0;
}

static int channel_get_fd(lua_State *L) {
  Channel *ch = class_check(L, 1, &channel_class);
  uv_os_fd_t fd = -1;
  if (!handle_is_open(&ch->base) || uv_fileno((uv_handle_t *)&ch->pipe, &fd) != 0) return 0;
  lua_pushinteger(L, fd);
  return 1;
}

static const FnDef channel_methods[] = {
  { "ref", channel_ref, FN_METHOD, "ref()",
    "The open channel keeps the program running, whatever listeners there are.", NULL, NULL, NULL },
  { "unref", channel_unref, FN_METHOD, "unref()",
    "The channel no longer keeps the program running.", NULL, NULL, NULL },
  { "hasRef", handle_lua_has_ref, FN_METHOD, "hasRef(): boolean",
    "Does the channel keep the program running?", NULL, NULL, NULL },
  { 0 }
};

static const PropDef channel_props[] = {
  { "fd", channel_get_fd, NULL, "integer?", "The descriptor of the channel in this process." },
  { 0 }
};

const ClassDef channel_class = {
  .name = "Channel", .abstract = true, .gc = handle_gc, .methods = channel_methods,
  .props = channel_props,
  .doc = "The message channel between parent and child: one socket pair, one JSON text a line."
};
