/* SPDX-License-Identifier: MIT */
/* ipc_send.c - what a channel writes; see ipc_parts.h.
 *
 * A message is written at once as far as the kernel takes it, the rest is queued in the link. After a
 * message with a descriptor everything waits here, in Helds, until the other side has acknowledged it:
 * plain messages encoded, messages with a handle as they are, because what a handle has to give is
 * asked for when its turn comes. */
#include "ipc_parts.h"
#include "v8.h"
#include "../core/error.h"
#include "../core/interrupt.h"
#include "../core/json.h"
#include "../core/opts.h"
#include "../events/events.h"
#include "../messaging/kinds.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
  QUEUE_HIGH = 128 * 1024,
  SPARE_MOST = 1 << 16, /* a larger buffer is not kept for the next message */
  PREFIX = 4,           /* bytes of a length */
  TRIES = 3             /* times that a refused socket is sent again */
};

typedef struct Held {
  List link;
  LinkOut *out;        /* encoded; NULL: message and handle below */
  bool owned;          /* out->fd is a parcel's: see Parcel */
  int message, handle; /* pins */
  int callback;        /* pin, 0: none */
  unsigned flags;      /* of its record */
  bool keep_open;
} Held;

/* ---- telling ---- */

/* Tick: (owner, error): an error that no callback takes */
static int error_tick(lua_State *L) {
  (void)emit(L, 1, "error", 1);
  return 0;
}

void channel_report(lua_State *L, int owner, int cb) {
  int error = lua_gettop(L);
  if (cb) {
    lua_pushvalue(L, cb);
    lua_pushvalue(L, error);
    rt_next_tick(L, 1);
  } else if (!lua_isnil(L, error)) {
    lua_pushcfunction(L, error_tick);
    lua_pushvalue(L, owner);
    lua_pushvalue(L, error);
    rt_next_tick(L, 2);
  }
  lua_settop(L, error - 1);
}

/* Hands an error (NULL: none; syscall write) to a pinned callback, which is unpinned. */
static void report_pinned(lua_State *L, Channel *ch, int callback, int err) {
  rt_push_pinned(L, ch->base.rt, callback);
  rt_unpin(ch->base.rt, callback);
  if (err == 0) lua_pushnil(L);
  else err_push_uv(L, err, "write");
  rt_next_tick(L, 1);
}

/* An item is written, or never will be (err). Takes it. */
static void item_done(lua_State *L, Channel *ch, LinkOut *item, int err) {
  int callback = item->callback;
  ipc_out_free(item);
  if (callback) report_pinned(L, ch, callback, err);
}

static void held_free(Runtime *rt, Held *held) {
  if (held->out) ipc_out_free(held->out);
  if (rt && held->message) rt_unpin(rt, held->message);
  if (rt && held->handle) rt_unpin(rt, held->handle);
  free(held);
}

static Held *held_pop(Channel *ch) {
  List *l = list_pop(&ch->waiting);
  if (!l) return NULL;
  ch->nwaiting--;
  return list_entry(l, Held, link);
}

/* The handle on its way needs no keeping any more. */
static void passing_end(Channel *ch) {
  if (ch->passing.fd >= 0) (void)close(ch->passing.fd);
  ch->passing.fd = -1;
  if (ch->passing.message) rt_unpin(ch->base.rt, ch->passing.message);
  ch->passing.message = ch->passing.tries = 0;
  ch->passing.waiting = false;
}

void channel_drop_all(lua_State *L, Channel *ch) {
  List *l;
  Held *held;
  passing_end(ch);
  ch->link.queued = ch->link.frames = 0;
  while ((l = list_pop(&ch->link.out))) item_done(L, ch, list_entry(l, LinkOut, link), UV_ECANCELED);
  while ((held = held_pop(ch))) {
    int callback = held->callback;
    held_free(ch->base.rt, held);
    if (callback) report_pinned(L, ch, callback, UV_ECANCELED);
  }
}

void channel_free_waiting(Channel *ch) {
  List *l;
  Held *held;
  if (ch->passing.fd >= 0) (void)close(ch->passing.fd);
  ch->passing.fd = -1;
  while ((l = list_pop(&ch->link.out))) ipc_out_free(list_entry(l, LinkOut, link));
  while ((held = held_pop(ch))) held_free(NULL, held);
}

void channel_flush(lua_State *L, Channel *ch) {
  List done, *l;
  list_init(&done);
  int err = ipc_link_flush(&ch->link, &done);
  while ((l = list_pop(&done))) item_done(L, ch, list_entry(l, LinkOut, link), 0);
  if (err < 0) {
    ch->link.queued = ch->link.frames = 0;
    while ((l = list_pop(&ch->link.out))) item_done(L, ch, list_entry(l, LinkOut, link), err);
  }
  channel_settle(L, ch);
}

/* ---- encoding ---- */

/* Pushes the channel's spare buffer, or a new one: the message is encoded there. give_back keeps it for
 * the next. A failure in between loses it to the collector. [+1] */
static StrBuf *take_buffer(lua_State *L, Channel *ch) {
  int channel = handle_push(L, &ch->base);
  if (lua_getiuservalue(L, channel, CHANNEL_SPARE) != LUA_TUSERDATA) {
    lua_settop(L, channel - 1);
    return strbuf_new_lua(L);
  }
  lua_pushnil(L);
  lua_setiuservalue(L, channel, CHANNEL_SPARE);
  lua_remove(L, channel);
  StrBuf *buf = lua_touserdata(L, -1);
  strbuf_clear(buf);
  return buf;
}

/* The buffer is at idx; the channel may have closed. */
static void give_back(lua_State *L, Channel *ch, int idx) {
  StrBuf *buf = lua_touserdata(L, idx);
  if (buf->cap > SPARE_MOST) strbuf_free(buf);
  if (!handle_is_open(&ch->base)) return;
  int channel = handle_push(L, &ch->base);
  lua_pushvalue(L, idx);
  lua_setiuservalue(L, channel, CHANNEL_SPARE);
  lua_settop(L, channel - 1);
}

static void encode_json(lua_State *L, int idx, StrBuf *out) {
  static const JsonOptions wire = { .wire = true };
  if (json_encode(L, idx, out, &wire) != 0)
    (void)err_raise(L, &type_error_class, NULL, "%s", lua_tostring(L, -1));
  strbuf_addc(out, '\n');
}

static void encode_v8(lua_State *L, int idx, StrBuf *out) {
  size_t from = out->len;
  strbuf_add(out, "\0\0\0\0", PREFIX);
  if (v8_encode(L, idx, out, from) != 0) (void)data_clone_refuse(L);
  if (out->failed) return;
  size_t len = out->len - from - PREFIX;
  for (int i = 0; i < PREFIX; i++) out->p[from + (size_t)i] = (char)(len >> (8 * (PREFIX - 1 - i)) & 255);
}

/* Appends the frame of the value at idx to out, which is at the top; raises when it cannot be sent. */
static void encode(lua_State *L, Channel *ch, int idx, StrBuf *out) {
  if (ch->advanced) encode_v8(L, idx, out);
  else encode_json(L, idx, out);
  if (out->failed) (void)luaL_error(L, "not enough memory");
  if (out->len - 1 > ch->limit)
    (void)err_raise(L, &range_error_class, "ERR_OUT_OF_RANGE", "The message is longer than %I bytes",
                    (lua_Integer)ch->limit);
}

/* ---- writing ---- */

static int pin_value(lua_State *L, int idx) {
  if (!idx) return 0;
  lua_pushvalue(L, idx);
  return rt_pin(L);
}

/* Queues what the kernel did not take; fd (-1: it has gone) is borrowed. 0 or a uv error. */
static int queue_rest(lua_State *L, Channel *ch, StrBuf *bytes, size_t off, int fd, int cb) {
  LinkOut *item = fd < 0 && off == 0 ? ipc_link_append(&ch->link, bytes->p, bytes->len) : NULL;
  if (item) {
    if (cb) item->callback = pin_value(L, cb);
    return 0;
  }
  item = ipc_out_new(bytes);
  if (!item) return UV_ENOMEM;
  item->off = off;
  if (fd >= 0 && (item->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3)) < 0) {
    int err = -errno;
    ipc_out_free(item);
    return err;
  }
  ipc_link_queue(&ch->link, item);
  item->callback = pin_value(L, cb);
  return 0;
}

/* A frame enters the wire, or its queue: it gets its number. The message is at idx; 0: flags tell of it. */
static void count_sent(lua_State *L, Channel *ch, const StrBuf *bytes, int idx, unsigned flags, int fd) {
  ch->sent++;
  if (TRACING(ch->base.rt)) channel_trace_sent(L, ch, bytes, idx, flags, fd);
}

/* Writes a frame, fd (-1: none, borrowed) with it; the result goes to cb or the owner. False: failed. */
static bool write_frame(lua_State *L, Channel *ch, int owner, StrBuf *bytes, int fd, int cb) {
  ssize_t n = list_empty(&ch->link.out) ? ipc_link_offer(&ch->link, bytes->p, bytes->len, fd) : 0;
  if (n >= 0 && (size_t)n < bytes->len) {
    n = queue_rest(L, ch, bytes, (size_t)n, n > 0 ? -1 : fd, cb);
    if (n == 0) {
      channel_settle(L, ch);
      return true;
    }
  }
  if (n < 0) err_push_uv(L, (int)n, "write");
  else lua_pushnil(L);
  channel_report(L, owner, cb);
  return n >= 0;
}

/* A message with a descriptor has been written: nothing follows until it is acknowledged. The wrapped
 * message is at idx. */
static void passing_begin(lua_State *L, Channel *ch, int idx, int fd, bool owned) {
  ch->passing.waiting = true;
  if (!owned) return;
  ch->passing.fd = fd;
  lua_pushvalue(L, idx);
  ch->passing.message = rt_pin(L);
}

/* Writes the encoded frame with what goes with it. The wrapped message is at idx. */
static void send_parcel(lua_State *L, Channel *ch, int owner, StrBuf *bytes, int idx, int handle,
                        Parcel parcel, int cb) {
  int err = handle_leave(L, handle, &parcel);
  if (err) {
    err_push_uv(L, err, "write");
    channel_report(L, owner, cb);
    return;
  }
  count_sent(L, ch, bytes, idx, 0, parcel.fd);
  bool good = write_frame(L, ch, owner, bytes, parcel.fd, cb);
  if (good) passing_begin(L, ch, idx, parcel.fd, parcel.owned);
  else if (parcel.owned) (void)close(parcel.fd);
  handle_left(L, good ? ch : NULL, handle, parcel);
}

/* Sends message and handle (0: none) at the indices now. */
static void send_now(lua_State *L, Channel *ch, int owner, int message, int handle, bool keep, int cb) {
  int top = lua_gettop(L);
  Parcel parcel = { .fd = -1 };
  if (handle) {
    parcel = handle_wrap(L, message, handle, keep);
    message = lua_gettop(L);
  }
  if (parcel.err) {
    err_push_uv(L, parcel.err, "write");
    channel_report(L, owner, cb);
    lua_settop(L, top);
    return;
  }
  StrBuf *bytes = take_buffer(L, ch);
  int buffer = lua_gettop(L);
  encode(L, ch, message, bytes);
  if (!handle_is_open(&ch->base)) { /* a toJSON has closed it */
    err_push(L, NULL, "ERR_IPC_CHANNEL_CLOSED", "Channel closed");
    channel_report(L, owner, cb);
  } else if (parcel.fd >= 0) {
    send_parcel(L, ch, owner, bytes, message, handle, parcel, cb);
  } else {
    count_sent(L, ch, bytes, message, 0, -1);
    (void)write_frame(L, ch, owner, bytes, -1, cb);
  }
  give_back(L, ch, buffer);
  lua_settop(L, top);
}

/* ---- waiting behind a handle ---- */

static Held *held_new(lua_State *L, Channel *ch) {
  Held *held = calloc(1, sizeof *held);
  if (!held) (void)luaL_error(L, "not enough memory");
  list_init(&held->link);
  list_append(&ch->waiting, &held->link);
  ch->nwaiting++;
  return held;
}

/* The message of the current function, whose owner is at 1, waits. One with a handle is encoded now only to tell what is wrong with it. */
static void hold(lua_State *L, Channel *ch, int message, int handle, bool keep, int cb) {
  int top = lua_gettop(L);
  StrBuf *bytes = strbuf_new_lua(L);
  encode(L, ch, message, bytes);
  if (!handle_is_open(&ch->base)) { /* toJSON has closed it */
    err_push(L, NULL, "ERR_IPC_CHANNEL_CLOSED", "Channel closed");
    channel_report(L, 1, cb);
    lua_settop(L, top);
    return;
  }
  Held *held = held_new(L, ch);
  held->keep_open = keep;
  if (handle) {
    held->message = pin_value(L, message);
    held->handle = pin_value(L, handle);
  } else if (!(held->out = ipc_out_new(bytes))) {
    (void)luaL_error(L, "not enough memory");
  }
  if (TRACING(ch->base.rt)) held->flags = channel_trace_flags(L, message);
  held->callback = pin_value(L, cb);
  channel_settle(L, ch);
  lua_settop(L, top);
}

/* Protected: (channel, owner, message, handle, keep open?, callback or nil) */
static int send_held(lua_State *L) {
  send_now(L, lua_touserdata(L, 1), 2, 3, 4, lua_toboolean(L, 5), lua_isnil(L, 6) ? 0 : 6);
  return 0;
}

/* Sends a message that has waited with its handle. It could be encoded when it was given to us; should
 * that have changed, it is the sender who hears of it. The callback (or nil) is on top. [-1] */
static void release_handle(lua_State *L, Channel *ch, int owner, Held *held) {
  int cb = lua_gettop(L);
  lua_pushcfunction(L, send_held);
  lua_pushlightuserdata(L, ch);
  lua_pushvalue(L, owner);
  rt_push_pinned(L, ch->base.rt, held->message);
  rt_push_pinned(L, ch->base.rt, held->handle);
  lua_pushboolean(L, held->keep_open);
  lua_pushvalue(L, cb);
  held_free(ch->base.rt, held);
  if (lua_pcall(L, 6, 0, 0) != LUA_OK) {
    if (interrupt_is(L, -1)) (void)lua_error(L);
    err_wrap(L, 1);
    channel_report(L, owner, lua_isnil(L, cb) ? 0 : cb);
  }
  lua_settop(L, cb - 1);
}

/* Writes one that has waited, which is taken. */
static void release_held(lua_State *L, Channel *ch, int owner, Held *held) {
  int top = lua_gettop(L);
  luaL_checkstack(L, 20, "ipc");
  if (held->callback) {
    rt_push_pinned(L, ch->base.rt, held->callback);
    rt_unpin(ch->base.rt, held->callback);
  } else {
    lua_pushnil(L);
  }
  if (!held->out) {
    release_handle(L, ch, owner, held);
    return;
  }
  int fd = held->out->fd;
  count_sent(L, ch, &held->out->bytes, 0, held->flags, fd);
  bool good = write_frame(L, ch, owner, &held->out->bytes, fd, lua_isnil(L, top + 1) ? 0 : top + 1);
  if (fd >= 0 && good) ch->passing.waiting = true;
  held_free(ch->base.rt, held);
  lua_settop(L, top);
}

/* Sends what waits, up to the next handle. */
static void release_waiting(lua_State *L, Channel *ch, int owner) {
  Held *held;
  while (handle_is_open(&ch->base) && !ch->passing.waiting && (held = held_pop(ch)))
    release_held(L, ch, owner, held);
  channel_settle(L, ch);
}

/* ---- acknowledgements ---- */

void channel_acknowledge(lua_State *L, Channel *ch, bool received) {
  int top = lua_gettop(L);
  lua_createtable(L, 0, 1);
  lua_pushstring(L, received ? "NODE_HANDLE_ACK" : "NODE_HANDLE_NACK");
  lua_setfield(L, -2, "cmd");
  StrBuf *bytes = take_buffer(L, ch);
  encode(L, ch, top + 1, bytes);
  count_sent(L, ch, bytes, top + 1, 0, -1);
  /* the other side may be gone already: that shows as the end of the channel */
  ssize_t n = list_empty(&ch->link.out) ? ipc_link_offer(&ch->link, bytes->p, bytes->len, -1) : 0;
  if (n >= 0 && (size_t)n < bytes->len && queue_rest(L, ch, bytes, (size_t)n, -1, 0) == 0)
    channel_settle(L, ch);
  give_back(L, ch, top + 2);
  lua_settop(L, top);
}

/* The socket did not arrive: once more, wrapped once more, as Node does. Node acknowledges each layer,
 * so two answers may come. */
static bool send_again(lua_State *L, Channel *ch, int owner) {
  int top = lua_gettop(L);
  if (ch->passing.fd < 0 || ch->passing.tries++ == TRIES) return false;
  lua_createtable(L, 0, 3);
  lua_pushliteral(L, "NODE_HANDLE");
  lua_setfield(L, -2, "cmd");
  lua_pushliteral(L, "net.Native");
  lua_setfield(L, -2, "type");
  rt_push_pinned(L, ch->base.rt, ch->passing.message);
  lua_setfield(L, -2, "msg");
  StrBuf *bytes = take_buffer(L, ch);
  encode(L, ch, top + 1, bytes);
  count_sent(L, ch, bytes, top + 1, 0, ch->passing.fd);
  bool good = write_frame(L, ch, owner, bytes, ch->passing.fd, 0);
  ch->passing.spare++;
  give_back(L, ch, top + 2);
  lua_settop(L, top);
  return good;
}

static void warn_lost(lua_State *L) {
  err_push(L, NULL, NULL, "Handle did not reach the receiving process correctly");
  lua_pushliteral(L, "SentHandleNotReceivedWarning");
  lua_setfield(L, -2, "name");
  rt_warning(L);
}

void channel_acknowledged(lua_State *L, Channel *ch, int owner, bool received) {
  if (!ch->passing.waiting) {
    ch->passing.spare--;
    return;
  }
  if (!received && ch->passing.fd >= 0) {
    if (send_again(L, ch, owner)) return;
    warn_lost(L);
  }
  passing_end(ch);
  release_waiting(L, ch, owner);
}

/* ---- what others call ---- */

/* Finds handle, options and callback among the arguments: send(m, cb), send(m, handle, cb), send(m,
 * handle, options, cb). Indices, 0 where there is none. */
typedef struct SendArguments {
  int handle, cb;
  bool keep_open;
} SendArguments;

static SendArguments send_arguments(lua_State *L) {
  lua_settop(L, 5);
  SendArguments a = { 0 };
  int type = lua_type(L, 2);
  if (type == LUA_TNIL)
    (void)err_raise(L, &type_error_class, "ERR_MISSING_ARGS",
                    "The \"message\" argument must be specified");
  if (type == LUA_TFUNCTION || type == LUA_TTHREAD)
    (void)err_arg_type(L, 2, "message", "one of type string, table, number, or boolean");
  for (int i = 3; i <= 5 && !a.cb; i++)
    if (lua_isfunction(L, i)) a.cb = i;
  if (a.cb != 3 && !lua_isnil(L, 3) && !json_is_null(L, 3)) {
    a.handle = 3;
    if (!handle_can_send(L, 3))
      (void)err_raise(L, &type_error_class, "ERR_INVALID_HANDLE_TYPE",
                      "This handle type cannot be sent");
  }
  if (a.cb != 3 && a.cb != 4 && !lua_isnil(L, 4)) {
    arg_table(L, 4, "options");
    a.keep_open = opt_boolean(L, 4, "keepOpen", false);
  }
  if (!a.cb && !lua_isnil(L, 5)) arg_function(L, 5, "callback");
  return a;
}

int channel_send(lua_State *L, Channel *ch) {
  SendArguments a = send_arguments(L);
  if (!channel_connected(ch)) {
    err_push(L, NULL, "ERR_IPC_CHANNEL_CLOSED", "Channel closed");
    channel_report(L, 1, a.cb);
    lua_pushboolean(L, false);
    return 1;
  }
  if (ch->passing.waiting || !list_empty(&ch->waiting)) {
    hold(L, ch, 2, a.handle, a.keep_open, a.cb);
    lua_pushboolean(L, ch->nwaiting <= 1);
    return 1;
  }
  send_now(L, ch, 1, 2, a.handle, a.keep_open, a.cb);
  lua_pushboolean(L, ch->link.queued < QUEUE_HIGH);
  return 1;
}

/* Pushes { cmd = "NODE_HANDLE", type = type, msg = the value at idx }. [+1] */
static void wrap_internal(lua_State *L, int idx, const char *type) {
  lua_createtable(L, 0, 3);
  lua_pushliteral(L, "NODE_HANDLE");
  lua_setfield(L, -2, "cmd");
  lua_pushstring(L, type);
  lua_setfield(L, -2, "type");
  lua_pushvalue(L, idx);
  lua_setfield(L, -2, "msg");
}

/* Encoded, the message at idx waits behind a handle, fd (-1: none) as a copy. */
static bool hold_internal(lua_State *L, Channel *ch, StrBuf *bytes, int idx, int fd) {
  int copy = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 3);
  if (fd >= 0 && copy < 0) return false;
  LinkOut *out = ipc_out_new(bytes);
  Held *held = out ? calloc(1, sizeof *held) : NULL;
  if (!held) {
    if (out) ipc_out_free(out);
    if (copy >= 0) (void)close(copy);
    return false;
  }
  out->fd = copy;
  held->out = out;
  if (TRACING(ch->base.rt)) held->flags = channel_trace_flags(L, idx);
  list_init(&held->link);
  list_append(&ch->waiting, &held->link);
  ch->nwaiting++;
  channel_settle(L, ch);
  return true;
}

bool channel_send_internal(lua_State *L, Channel *ch, int idx, int fd, const char *type) {
  if (!ch || !handle_is_open(&ch->base)) return false;
  luaL_checkstack(L, 12, "ipc");
  idx = lua_absindex(L, idx);
  int top = lua_gettop(L);
  if (fd >= 0) {
    wrap_internal(L, idx, type);
    idx = top + 1;
  }
  StrBuf *bytes = take_buffer(L, ch);
  int buffer = lua_gettop(L);
  bool good;
  encode(L, ch, idx, bytes);
  if (ch->passing.waiting || !list_empty(&ch->waiting)) {
    good = hold_internal(L, ch, bytes, idx, fd);
  } else {
    count_sent(L, ch, bytes, idx, 0, fd);
    ssize_t n = list_empty(&ch->link.out) ? ipc_link_offer(&ch->link, bytes->p, bytes->len, fd) : 0;
    if (n >= 0 && (size_t)n < bytes->len) {
      n = queue_rest(L, ch, bytes, (size_t)n, n > 0 ? -1 : fd, 0);
      channel_settle(L, ch);
    }
    good = n >= 0;
    if (good && fd >= 0) ch->passing.waiting = true;
  }
  give_back(L, ch, buffer);
  lua_settop(L, top);
  return good;
}
