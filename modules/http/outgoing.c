/* SPDX-License-Identifier: MIT */
/* outgoing.c - OutgoingMessage: what ServerResponse and ClientRequest have in common.
 *
 * Head and small pieces are collected in `out` and leave with the body in one system call: at finish(),
 * or in the tick after a write(), as Node's corked socket does it. What the kernel does not take waits in
 * the socket's queue. One tick after all has gone come the callbacks, `drain` and `finish`. */
#include "internal.h"

#include <stdio.h>
#include <string.h>
#include "buffer/buffer.h"
#include "buffer/codec.h"
#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"
#include "events/events.h"
#include "stream/internal.h"

enum { DIRECT = 4096, MOST_HELD = 65536 };

Outgoing *outgoing_test(lua_State *L, int idx) { return class_test(L, idx, &outgoing_class); }
Outgoing *outgoing_self(lua_State *L) { return class_check(L, 1, &outgoing_class); }

void http_tick(lua_State *L, int idx, lua_CFunction fn) {
  idx = lua_absindex(L, idx);
  lua_pushcfunction(L, fn);
  lua_pushvalue(L, idx);
  rt_next_tick(L, 1);
}

/* ---- values ---- */

void outgoing_data_push(lua_State *L, int self, int slot) {
  if (lua_getiuservalue(L, self, UV_OUT_DATA) == LUA_TTABLE) lua_rawgeti(L, -1, slot);
  else lua_pushnil(L);
  lua_remove(L, -2);
}

void outgoing_data_set(lua_State *L, int self, int slot) {
  if (lua_getiuservalue(L, self, UV_OUT_DATA) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_createtable(L, 2, 0);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, self, UV_OUT_DATA);
  }
  lua_insert(L, -2);
  lua_rawseti(L, -2, slot);
  lua_pop(L, 1);
}

static NetSocket *push_socket(lua_State *L, int self) {
  if (lua_getiuservalue(L, self, UV_OUT_SOCKET) != LUA_TUSERDATA) return NULL;
  return ((Head *)lua_touserdata(L, -1))->self;
}

/* ---- what has gone ---- */

static void add_callback(lua_State *L, int self, int fn) {
  Outgoing *o = outgoing_at(L, self);
  outgoing_data_push(L, self, OUT_CALLBACKS);
  if (!lua_istable(L, -1)) {
    lua_pop(L, 1);
    lua_createtable(L, 2, 0);
    lua_pushvalue(L, -1);
    outgoing_data_set(L, self, OUT_CALLBACKS);
  }
  lua_pushvalue(L, fn);
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  lua_pop(L, 1);
  o->callbacks = true;
}

/* Calls what write was given, with the error at err (0: none). */
static void run_callbacks(lua_State *L, int self, int err) {
  Outgoing *o = outgoing_at(L, self);
  if (!o->callbacks) return;
  o->callbacks = false;
  outgoing_data_push(L, self, OUT_CALLBACKS);
  int list = lua_gettop(L);
  lua_pushnil(L);
  outgoing_data_set(L, self, OUT_CALLBACKS);
  lua_Integer n = (lua_Integer)lua_rawlen(L, list);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, list, i);
    if (err != 0) lua_pushvalue(L, err);
    lua_call(L, err != 0, 0);
  }
  lua_settop(L, list - 1);
}

/* All has gone: tells so. */
static void settle(lua_State *L, int self) {
  Outgoing *o = outgoing_at(L, self);
  WriteState *w = &o->stream.w;
  if (o->out_len > 0 || o->writes > 0) return;
  run_callbacks(L, self, 0);
  if (w->need_drain && !w->ending && !o->stream.destroyed) {
    w->need_drain = false;
    emit(L, self, "drain", 0);
  }
  if (!w->ending || o->told_finish || !o->attached) return;
  o->told_finish = w->finished = true;
  if (o->kind) o->kind->finished(L, self);
  emit(L, self, "finish", 0);
}

static int tick_sent(lua_State *L) {
  Outgoing *o = outgoing_at(L, 1);
  o->tick_queued = false;
  o->ticked = 0;
  if (o->out_len > 0 && o->attached && o->corked == 0) outgoing_flush(L, 1);
  else settle(L, 1);
  return 0;
}

static void queue_tick(lua_State *L, int self, Outgoing *o) {
  if (o->tick_queued) return;
  o->tick_queued = true;
  http_tick(L, self, tick_sent);
}

/* Callback of the socket's write; upvalue: the message. */
static int on_written(lua_State *L) {
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  Outgoing *o = outgoing_at(L, 2);
  o->writes--;
  if (lua_toboolean(L, 1)) run_callbacks(L, 2, 1);
  else if (!o->tick_queued) settle(L, 2);
  return 0;
}

/* ---- sending ---- */

static bool can_write_now(const NetSocket *s) {
  const WriteState *w = &s->base.stream.w;
  return handle_is_open(&s->base.stream.base) && !s->connecting && w->length == 0 && !w->writing &&
         w->corked == 0 && !w->buffered;
}

/* Writes the value on top to the socket at idx, behind what waits there. [-1] */
static void write_queued(lua_State *L, int self, int socket) {
  Outgoing *o = outgoing_at(L, self);
  lua_pushcfunction(L, writable_lua_write);
  lua_insert(L, -2);
  lua_pushvalue(L, socket);
  lua_insert(L, -2);
  lua_pushnil(L);
  lua_pushvalue(L, self);
  lua_pushcclosure(L, on_written, 1);
  o->writes++;
  lua_call(L, 4, 0);
}

/* Pushes one Buffer of what the parts hold beyond the first `done` bytes. [+1] */
static void push_rest(lua_State *L, const uv_buf_t *parts, int count, size_t done) {
  size_t total = 0;
  for (int i = 0; i < count; i++) total += parts[i].len;
  Buffer *b = buffer_push_new(L, total - done);
  char *to = buffer_bytes(b);
  for (int i = 0; i < count; i++) {
    size_t skip = done < parts[i].len ? done : parts[i].len, n = parts[i].len - skip;
    if (n > 0) memcpy(to, parts[i].base + skip, n);
    to += n;
    done -= skip;
  }
}

/* What the kernel takes now of the parts; negative: it failed. */
static ssize_t write_now(NetSocket *s, uv_buf_t *parts, int count) {
  int from = 0;
  while (from < count && parts[from].len == 0) from++;
  while (count > from && parts[count - 1].len == 0) count--;
  if (from == count) return 0;
  int n = uv_try_write(socket_stream(&s->base), parts + from, (unsigned)(count - from));
  if (n == UV_EAGAIN || n == UV_ENOSYS) n = 0;
  if (n > 0) s->base.bytes_written += (uint64_t)n;
  s->base.active = uv_now(&s->base.stream.base.rt->loop);
  return n;
}

/* ---- what waits ---- */

void outgoing_add(lua_State *L, int self, const char *bytes, size_t len) {
  Outgoing *o = outgoing_at(L, self);
  if (len == 0) return;
  if (o->out_room - o->out_len < len) {
    size_t room = o->out_room ? o->out_room * 2 : 512;
    while (room < o->out_len + len) room *= 2;
    char *more = lua_newuserdatauv(L, room, 0);
    if (o->out_len > 0) memcpy(more, o->out, o->out_len);
    lua_setiuservalue(L, self, UV_OUT_BYTES);
    o->out = more;
    o->out_room = room;
  }
  memcpy(o->out + o->out_len, bytes, len);
  o->out_len += len;
}

void outgoing_drop(lua_State *L, int self) {
  Outgoing *o = outgoing_at(L, self);
  o->out_len = 0;
  if (!o->out) return;
  o->out = NULL;
  o->out_room = 0;
  lua_pushnil(L);
  lua_setiuservalue(L, self, UV_OUT_BYTES);
}

static void hold(lua_State *L, int self, const Parts *p) {
  outgoing_add(L, self, p->head, p->head_len);
  outgoing_add(L, self, p->bytes, p->len);
  outgoing_add(L, self, p->tail, p->tail_len);
}

static void send_parts(lua_State *L, int self, NetSocket *s, uv_buf_t *parts, int count) {
  int socket = lua_gettop(L);
  Outgoing *o = outgoing_at(L, self);
  size_t total = 0;
  ssize_t done = 0;
  for (int i = 0; i < count; i++) total += parts[i].len;
  if (can_write_now(s)) done = write_now(s, parts, count);
  if (done < 0) {
    outgoing_drop(L, self);
    err_push_uv(L, (int)done, "write");
    stream_destroy(L, socket, lua_gettop(L));
    lua_pop(L, 1);
    return;
  }
  if ((size_t)done < total) {
    push_rest(L, parts, count, (size_t)done);
    outgoing_drop(L, self);
    write_queued(L, self, socket);
  } else {
    outgoing_drop(L, self);
  }
  queue_tick(L, self, o);
}

void outgoing_send(lua_State *L, int self, const Parts *p) {
  Outgoing *o = outgoing_at(L, self);
  luaL_checkstack(L, 12, "http");
  o->head_sent = o->head_made;
  NetSocket *s = o->attached && o->corked == 0 ? push_socket(L, self) : NULL;
  if (!s || s->base.stream.w.ending) {
    hold(L, self, p);
  } else if (s->base.stream.destroyed) {
    outgoing_drop(L, self);
  } else {
    uv_buf_t parts[4] = { uv_buf_init(o->out, (unsigned)o->out_len),
                          uv_buf_init((char *)p->head, (unsigned)p->head_len),
                          uv_buf_init((char *)p->bytes, (unsigned)p->len),
                          uv_buf_init((char *)p->tail, (unsigned)p->tail_len) };
    send_parts(L, self, s, parts, 4);
  }
  if (s) lua_pop(L, 1);
}

void outgoing_flush(lua_State *L, int self) { outgoing_send(L, self, &(Parts){ 0 }); }

/* ---- the buffer for heads ---- */

typedef struct TextBuffer {
  StrBuf text;
  bool busy;
} TextBuffer;

static const char text_key = 0;

enum { TEXT_KEPT = 65536 };

static int text_gc(lua_State *L) {
  strbuf_free(&((TextBuffer *)lua_touserdata(L, 1))->text);
  return 0;
}

/* Pushes the userdata of the buffer. [+1] */
static TextBuffer *text_push(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &text_key) != LUA_TUSERDATA) {
    lua_pop(L, 1);
    TextBuffer *made = lua_newuserdatauv(L, sizeof *made, 0);
    strbuf_init(&made->text);
    made->busy = false;
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, text_gc);
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &text_key);
  }
  return lua_touserdata(L, -1);
}

StrBuf *text_begin(lua_State *L) {
  TextBuffer *t = text_push(L);
  if (t->busy) {
    lua_pop(L, 1);
    return strbuf_new_lua(L);
  }
  t->busy = true;
  strbuf_clear(&t->text);
  if (!strbuf_reserve(&t->text, 256)) luaL_error(L, "not enough memory");
  return &t->text;
}

void text_end(lua_State *L, StrBuf *text) {
  TextBuffer *t = text_push(L);
  if (text != &t->text || text->cap > TEXT_KEPT) strbuf_free(text);
  if (text == &t->text) t->busy = false;
  lua_pop(L, 1);
}

void text_reset(lua_State *L) {
  text_push(L)->busy = false;
  lua_pop(L, 1);
}

void outgoing_attach(lua_State *L, int self, int socket) {
  Outgoing *o = outgoing_at(L, self);
  lua_pushvalue(L, socket);
  lua_setiuservalue(L, self, UV_OUT_SOCKET);
  o->attached = true;
  if (o->stream.destroyed) {
    outgoing_data_push(L, self, OUT_ERROR);
    stream_destroy(L, socket, lua_gettop(L));
    lua_pop(L, 1);
    return;
  }
  lua_pushvalue(L, socket);
  emit(L, self, "socket", 1);
}

void outgoing_detach(lua_State *L, int self) {
  Outgoing *o = outgoing_at(L, self);
  o->attached = false;
  lua_pushnil(L);
  lua_setiuservalue(L, self, UV_OUT_SOCKET);
}

void outgoing_tell_close(lua_State *L, int self) {
  Outgoing *o = outgoing_at(L, self);
  if (o->close_told) return;
  o->close_told = o->stream.destroyed = o->stream.closed = o->stream.close_emitted = true;
  emit(L, self, "close", 0);
}

/* ---- write and end ---- */

/* (self, error, callback or nil) */
static int tick_error(lua_State *L) {
  if (lua_isfunction(L, 3)) {
    lua_pushvalue(L, 3);
    lua_pushvalue(L, 2);
    lua_call(L, 1, 0);
  }
  if (outgoing_at(L, 1)->stream.destroyed) return 0;
  lua_pushvalue(L, 2);
  emit(L, 1, "error", 1);
  return 0;
}

/* The error on top goes to the callback at cb and, while it lives, to `error`. [-1] */
static void refuse(lua_State *L, int self, int cb) {
  const Outgoing *o = outgoing_at(L, self);
  int err = lua_gettop(L);
  if (!o->stream.destroyed) {
    lua_pushcfunction(L, tick_error);
    lua_pushvalue(L, self);
    lua_pushvalue(L, err);
    lua_pushvalue(L, cb);
    rt_next_tick(L, 3);
  } else if (lua_isfunction(L, cb)) {
    lua_pushvalue(L, cb);
    lua_pushvalue(L, err);
    rt_next_tick(L, 1);
  }
  lua_settop(L, err - 1);
}

/* The bytes of the chunk at 2; text in another encoding (3) is turned into a Buffer there. */
static const char *chunk_bytes(lua_State *L, size_t *len) {
  const char *bytes;
  if (json_is_null(L, 2))
    err_raise(L, &type_error_class, "ERR_STREAM_NULL_VALUES", "May not write null values to stream");
  if (lua_type(L, 2) == LUA_TSTRING) {
    bytes = lua_tolstring(L, 2, len);
    Encoding enc = lua_type(L, 3) == LUA_TSTRING && strcmp(lua_tostring(L, 3), "buffer") != 0
                     ? arg_encoding(L, 3, ENC_UTF8) : ENC_UTF8;
    if (enc == ENC_UTF8) return bytes;
    Buffer *b = buffer_push_new(L, enc_bound(enc, bytes, *len));
    b->length = enc_write(enc, bytes, *len, buffer_bytes(b), b->length);
    lua_replace(L, 2);
  }
  if (buffer_view(L, 2, &bytes, len)) return bytes;
  err_arg_type(L, 2, "chunk", "of type string or an instance of Buffer or Uint8Array");
  return NULL;
}

/* Does the length that was announced bind? */
static bool binds_length(lua_State *L, const Outgoing *o) {
  if (!o->strict_length || o->content_length < 0 || !o->has_body || o->removed_length || o->chunked)
    return false;
  bool coded = header_push(L, 1, "transfer-encoding");
  if (coded) lua_pop(L, 1);
  return !coded;
}

static int wrong_length(lua_State *L, uint64_t sum, int64_t wanted) {
  return err_raise(L, NULL, "ERR_HTTP_CONTENT_LENGTH_MISMATCH",
                   "Response body's content-length of %I byte(s) does not match the content-length of %I byte(s) "
                   "set in header", (LUAI_UACINT)sum, (LUAI_UACINT)wanted);
}

/* A further piece: is that too much? */
static void check_length(lua_State *L, Outgoing *o, size_t len) {
  if (!o->strict_length) return;
  uint64_t sum = o->body_written + len;
  if (binds_length(L, o) && sum > (uint64_t)o->content_length) wrong_length(L, sum, o->content_length);
  o->body_written = sum;
}

/* The whole body is known. The head in text, which is made, is kept for the next attempt. */
static void check_total(lua_State *L, Outgoing *o, StrBuf *text, size_t len) {
  if (!o->strict_length || !binds_length(L, o) || o->body_written == (uint64_t)o->content_length) return;
  uint64_t sum = o->body_written;
  if (text) {
    outgoing_add(L, 1, text->p, text->len);
    text_end(L, text);
  }
  o->body_written -= len;
  wrong_length(L, sum, o->content_length);
}

/* Makes the head, into text. */
static void make_head(lua_State *L, const Outgoing *o, StrBuf *text) {
  if (!o->kind)
    err_raise(L, NULL, "ERR_METHOD_NOT_IMPLEMENTED", "The _implicitHeader() method is not implemented");
  o->kind->implicit_head(L, 1, text);
}

/* The head is among what waits. */
static void need_head(lua_State *L, Outgoing *o) {
  if (o->head_made) return;
  StrBuf *text = text_begin(L);
  make_head(L, o, text);
  outgoing_add(L, 1, text->p, text->len);
  text_end(L, text);
  lua_pop(L, 1);
  if (o->flush_head) outgoing_flush(L, 1);
}

/* A body that must not be: dropped. */
static void no_body(lua_State *L, const Outgoing *o, int cb) {
  if (o->reject_body)
    err_raise(L, NULL, "ERR_HTTP_BODY_NOT_ALLOWED",
              "Adding content for this request method or response status is not allowed.");
  if (!lua_isfunction(L, cb)) return;
  lua_pushvalue(L, cb);
  rt_next_tick(L, 0);
}

/* Moves a function among chunk, encoding, callback (2, 3, 4) to its place. */
static void shift_callback(lua_State *L, int first) {
  lua_settop(L, 4);
  for (int i = first; i < 4; i++) {
    if (!lua_isfunction(L, i)) continue;
    lua_pushvalue(L, i);
    lua_replace(L, 4);
    for (; i < 4; i++) {
      lua_pushnil(L);
      lua_replace(L, i);
    }
  }
}

static bool refuse_late(lua_State *L, const Outgoing *o, int cb) {
  if (!o->stream.w.ending && !o->stream.destroyed) return false;
  if (o->stream.w.ending) err_push(L, NULL, "ERR_STREAM_WRITE_AFTER_END", "write after end");
  else (void)err_push_destroyed(L, "write");
  refuse(L, 1, cb);
  return true;
}

static size_t waiting(lua_State *L, const Outgoing *o) {
  size_t n = o->out_len;
  if (o->attached) {
    const NetSocket *s = push_socket(L, 1);
    if (s) n += s->base.stream.w.length;
    lua_pop(L, 1);
  }
  return n;
}

/* write(chunk, encoding, callback) */
static int outgoing_write(lua_State *L) {
  Outgoing *o = outgoing_self(L);
  size_t len;
  shift_callback(L, 3);
  const char *bytes = chunk_bytes(L, &len);
  if (refuse_late(L, o, 4)) {
    lua_pushboolean(L, false);
    return 1;
  }
  check_length(L, o, len);
  need_head(L, o);
  if (!o->has_body) {
    no_body(L, o, 4);
    lua_pushboolean(L, true);
    return 1;
  }
  if (lua_isfunction(L, 4)) add_callback(L, 1, 4);
  char size[24];
  bool chunked = o->chunked && len > 0;
  Parts p = { .head = size, .bytes = bytes, .len = len, .tail = "\r\n", .tail_len = chunked ? 2 : 0 };
  if (chunked) p.head_len = (size_t)snprintf(size, sizeof size, "%zx\r\n", len);
  if (o->attached && (len >= DIRECT || o->out_len + len >= MOST_HELD)) {
    outgoing_send(L, 1, &p);
  } else {
    o->head_sent = true;
    hold(L, 1, &p);
    if (o->attached) queue_tick(L, 1, o);
  }
  o->ticked += len;
  size_t pending = waiting(L, o), hwm = o->stream.w.hwm;
  bool more = pending < hwm && o->ticked < hwm;
  if (!more) o->stream.w.need_drain = true;
  lua_pushboolean(L, more);
  return 1;
}

/* The callback at cb is called at `finish`. */
static void on_finish(lua_State *L, int cb) {
  if (!lua_isfunction(L, cb)) return;
  lua_pushvalue(L, cb);
  emitter_on(L, 1, "finish", true);
}

static int end_again(lua_State *L, const Outgoing *o) {
  if (lua_isfunction(L, 4)) {
    if (!o->told_finish) {
      on_finish(L, 4);
    } else {
      lua_pushvalue(L, 4);
      err_push(L, NULL, "ERR_STREAM_ALREADY_FINISHED", "Cannot call end after a stream was finished");
      lua_call(L, 1, 0);
    }
  }
  lua_settop(L, 1);
  return 1;
}

/* The end of a chunked body: with trailers. [+1] the text */
static const char *push_last_chunk(lua_State *L, bool after_chunk) {
  lua_pushstring(L, after_chunk ? "\r\n0\r\n" : "0\r\n");
  outgoing_data_push(L, 1, OUT_TRAILER);
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    lua_pushliteral(L, "");
  }
  lua_pushliteral(L, "\r\n");
  lua_concat(L, 3);
  return lua_tostring(L, -1);
}

/* The head when it is in text (NULL: it has gone, or waits), the last piece and what ends the body. */
static void send_last(lua_State *L, Outgoing *o, StrBuf *text, const char *bytes, size_t len) {
  Parts p = { .bytes = bytes, .len = len };
  char size[24];
  bool chunked = o->has_body && o->chunked;
  o->corked = 0;
  o->stream.w.ending = o->stream.w.ended = true;
  if (chunked && len > 0) {
    int n = snprintf(size, sizeof size, "%zx\r\n", len);
    if (text) strbuf_add(text, size, (size_t)n);
    else p.head = size, p.head_len = (size_t)n;
  }
  if (text && text->len > 0) p.head = text->p, p.head_len = text->len;
  if (chunked) {
    p.tail = push_last_chunk(L, len > 0);
    p.tail_len = lua_rawlen(L, -1);
  }
  outgoing_send(L, 1, &p);
}

/* finish(chunk, encoding, callback), also named end */
static int outgoing_lua_end(lua_State *L) {
  Outgoing *o = outgoing_self(L);
  size_t len = 0, given = 0;
  const char *bytes = "";
  shift_callback(L, 2);
  bool chunk = !lua_isnil(L, 2) && !json_is_null(L, 2) && !(lua_type(L, 2) == LUA_TSTRING && lua_rawlen(L, 2) == 0);
  if (o->stream.w.ending && !chunk) return end_again(L, o);
  if (chunk) {
    bytes = chunk_bytes(L, &len);
    if (refuse_late(L, o, 4)) {
      lua_settop(L, 1);
      return 1;
    }
    if (o->strict_length) o->body_written += len;
    given = len;
  }
  StrBuf *text = NULL;
  on_finish(L, 4);
  if (!o->head_made) {
    o->content_length = (int64_t)len;
    text = text_begin(L);
    make_head(L, o, text);
  }
  if (chunk && !o->has_body) {
    no_body(L, o, 0);
    len = 0;
  }
  check_total(L, o, text, o->strict_length ? given : 0);
  send_last(L, o, text, bytes, len);
  if (text) text_end(L, text);
  if (o->attached) queue_tick(L, 1, o);
  if (o->attached && o->out_len == 0) emit(L, 1, "prefinish", 0);
  lua_settop(L, 1);
  return 1;
}

void outgoing_end(lua_State *L, int self) {
  lua_pushcfunction(L, outgoing_lua_end);
  lua_pushvalue(L, self);
  lua_call(L, 1, 0);
}

/* ---- other methods ---- */

static int flush_headers(lua_State *L) {
  Outgoing *o = outgoing_self(L);
  lua_settop(L, 1);
  need_head(L, o);
  outgoing_flush(L, 1);
  return 0;
}

static int outgoing_cork(lua_State *L) {
  outgoing_self(L)->corked++;
  return 0;
}

static int outgoing_uncork(lua_State *L) {
  Outgoing *o = outgoing_self(L);
  lua_settop(L, 1);
  if (o->corked > 0 && --o->corked == 0 && o->out_len > 0 && o->attached) queue_tick(L, 1, o);
  return 0;
}

/* destroy(error) */
static int outgoing_destroy(lua_State *L) {
  Outgoing *o = outgoing_self(L);
  lua_settop(L, 2);
  if (!o->stream.destroyed) {
    o->stream.destroyed = true;
    lua_pushvalue(L, 2);
    outgoing_data_set(L, 1, OUT_ERROR);
    if (o->attached && push_socket(L, 1)) stream_destroy(L, lua_gettop(L), 2);
  }
  lua_settop(L, 1);
  return 1;
}

/* once("socket"): upvalue: milliseconds */
static int on_socket_timeout(lua_State *L) {
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  class_call_method(L, 1, "setTimeout", 1, 0);
  return 0;
}

/* setTimeout(milliseconds, callback) */
static int outgoing_set_timeout(lua_State *L) {
  Outgoing *o = outgoing_self(L);
  lua_settop(L, 3);
  if (!lua_isnil(L, 3)) {
    arg_function(L, 3, "callback");
    lua_pushvalue(L, 3);
    emitter_on(L, 1, "timeout", false);
  }
  if (o->attached) {
    (void)push_socket(L, 1);
    lua_pushvalue(L, 2);
    class_call_method(L, 4, "setTimeout", 1, 0);
  } else {
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, on_socket_timeout, 1);
    emitter_on(L, 1, "socket", true);
  }
  lua_settop(L, 1);
  return 1;
}

/* ---- making ---- */

Outgoing *outgoing_init(lua_State *L, const ClassDef *cls, size_t size, const OutgoingKind *kind) {
  Outgoing *o = stream_new_inline(L, cls, size, STREAM_WRITES, NULL, OUTGOING_EXTRA);
  o->kind = kind;
  o->content_length = -1;
  o->has_body = o->chunked_by_default = o->should_keep_alive = o->default_keep_alive = true;
  o->status = 0;
  return o;
}

static int outgoing_alloc(lua_State *L) {
  (void)outgoing_init(L, &outgoing_class, sizeof(Outgoing), NULL);
  return 1;
}

static int outgoing_construct(lua_State *L) {
  (void)outgoing_self(L);
  return 0;
}

/* ---- properties ---- */

static int push_flag(lua_State *L, bool value) {
  lua_pushboolean(L, value);
  return 1;
}

static int get_headers_sent(lua_State *L) { return push_flag(L, outgoing_self(L)->head_made); }
static int get_ended(lua_State *L) { return push_flag(L, outgoing_self(L)->stream.w.ending); }
static int get_send_date(lua_State *L) { return push_flag(L, outgoing_self(L)->send_date); }
static int get_strict(lua_State *L) { return push_flag(L, outgoing_self(L)->strict_length); }
static int get_chunked_default(lua_State *L) { return push_flag(L, outgoing_self(L)->chunked_by_default); }
static int get_should_keep_alive(lua_State *L) { return push_flag(L, outgoing_self(L)->should_keep_alive); }
static int get_chunked(lua_State *L) { return push_flag(L, outgoing_self(L)->chunked); }

static int set_send_date(lua_State *L) {
  outgoing_self(L)->send_date = lua_toboolean(L, 2);
  return 0;
}

static int set_strict(lua_State *L) {
  outgoing_self(L)->strict_length = lua_toboolean(L, 2);
  return 0;
}

static int set_chunked_default(lua_State *L) {
  outgoing_self(L)->chunked_by_default = lua_toboolean(L, 2);
  return 0;
}

static int set_should_keep_alive(lua_State *L) {
  outgoing_self(L)->should_keep_alive = lua_toboolean(L, 2);
  return 0;
}

static int set_chunked(lua_State *L) {
  outgoing_self(L)->chunked = lua_toboolean(L, 2);
  return 0;
}

static int get_finished(lua_State *L) {
  const Outgoing *o = outgoing_self(L);
  lua_settop(L, 1);
  return push_flag(L, o->told_finish || (o->stream.w.ending && o->writes == 0 && waiting(L, o) == 0));
}

static int get_length(lua_State *L) {
  const Outgoing *o = outgoing_self(L);
  lua_settop(L, 1);
  lua_pushinteger(L, (lua_Integer)waiting(L, o));
  return 1;
}

static int get_corked(lua_State *L) {
  lua_pushinteger(L, outgoing_self(L)->corked);
  return 1;
}

static int get_errored(lua_State *L) {
  (void)outgoing_self(L);
  outgoing_data_push(L, 1, OUT_ERROR);
  return 1;
}

static int get_closed(lua_State *L) { return push_flag(L, outgoing_self(L)->close_told); }

static int get_socket(lua_State *L) {
  (void)outgoing_self(L);
  lua_getiuservalue(L, 1, UV_OUT_SOCKET);
  return 1;
}

static const FnDef outgoing_methods[] = {
  { "write", outgoing_write, FN_METHOD,
    "write(chunk: string|Buffer, encoding: string?, callback: function?): boolean",
    "Sends a piece of the body; the head goes first. False: the other side is slower, wait for \"drain\".",
    NULL, NULL, NULL },
  { "end", outgoing_lua_end, FN_METHOD,
    "end(chunk: string|Buffer, encoding: string?, callback: function?): OutgoingMessage",
    "The same as finish, under Node's name: res[\"end\"](res).", NULL, NULL, NULL },
  { "finish", outgoing_lua_end, FN_METHOD,
    "finish(chunk: string|Buffer, encoding: string?, callback: function?): OutgoingMessage",
    "The message is complete, with this last piece. As the only piece it gets a Content-Length.", NULL, NULL,
    "Node's end, which is a keyword of Lua." },
  { "addTrailers", outgoing_add_trailers, FN_METHOD, "addTrailers(headers: table)",
    "Headers that come after a chunked body.", NULL, NULL, NULL },
  { "flushHeaders", flush_headers, FN_METHOD, "flushHeaders()", "Sends the head now.", NULL, NULL, NULL },
  { "cork", outgoing_cork, FN_METHOD, "cork()", "Holds what is written back until uncork.", NULL, NULL, NULL },
  { "uncork", outgoing_uncork, FN_METHOD, "uncork()", "Undoes one cork.", NULL, NULL, NULL },
  { "destroy", outgoing_destroy, FN_METHOD, "destroy(error: any?): OutgoingMessage",
    "Closes the connection at once.", NULL, NULL, NULL },
  { "setTimeout", outgoing_set_timeout, FN_METHOD,
    "setTimeout(milliseconds: number, callback: function?): OutgoingMessage",
    "Calls setTimeout of its socket, once there is one; callback is a listener of \"timeout\".", NULL, NULL,
    NULL },
  { "setHeader", header_lua_set, FN_METHOD, "setHeader(name: string, value: string|number|string[]): OutgoingMessage",
    "Sets a header, in place of one of that name. Several values make several lines.", NULL, NULL, NULL },
  { "setHeaders", header_lua_set_all, FN_METHOD, "setHeaders(headers: table): OutgoingMessage",
    "Sets all headers of a table.", NULL, NULL, "Node takes a Headers or a Map." },
  { "appendHeader", header_lua_append, FN_METHOD,
    "appendHeader(name: string, value: string|number|string[]): OutgoingMessage",
    "Adds one more value to a header.", NULL, NULL, NULL },
  { "getHeader", header_lua_get, FN_METHOD, "getHeader(name: string): any", "What was set, or nil.", NULL, NULL,
    NULL },
  { "getHeaderNames", header_lua_names, FN_METHOD, "getHeaderNames(): string[]",
    "The names of the headers set, in lower case.", NULL, NULL, NULL },
  { "getRawHeaderNames", header_lua_raw_names, FN_METHOD, "getRawHeaderNames(): string[]",
    "The names of the headers set, as they were given.", NULL, NULL, NULL },
  { "getHeaders", header_lua_get_all, FN_METHOD, "getHeaders(): table",
    "A table of the headers set, names in lower case.", NULL, NULL, NULL },
  { "hasHeader", header_lua_has, FN_METHOD, "hasHeader(name: string): boolean", "Is it set?", NULL, NULL, NULL },
  { "removeHeader", header_lua_remove, FN_METHOD, "removeHeader(name: string)",
    "Takes a header back, also one that would be sent by itself (Date, Connection, Content-Length).", NULL,
    NULL, NULL },
  { 0 }
};

static const PropDef outgoing_props[] = {
  { "headersSent", get_headers_sent, NULL, "boolean", "Is the head made? It cannot be changed any more then." },
  { "sendDate", get_send_date, set_send_date, "boolean", "Send the header Date?" },
  { "strictContentLength", get_strict, set_strict, "boolean",
    "Raise when the body is not as long as its Content-Length says?" },
  { "useChunkedEncodingByDefault", get_chunked_default, set_chunked_default, "boolean",
    "Send a body of unknown length in chunks?" },
  { "shouldKeepAlive", get_should_keep_alive, set_should_keep_alive, "boolean",
    "May the connection live on?" },
  { "chunkedEncoding", get_chunked, set_chunked, "boolean", "Is the body sent in chunks?" },
  { "finished", get_ended, NULL, "boolean", "Was finish called?" },
  { "writableEnded", get_ended, NULL, "boolean", "Was finish called?" },
  { "writableFinished", get_finished, NULL, "boolean", "Is all with the system?" },
  { "writableLength", get_length, NULL, "integer", "Bytes that wait." },
  { "writableCorked", get_corked, NULL, "integer", "How many uncork are still missing." },
  { "errored", get_errored, NULL, "any?", "What it was destroyed with." },
  { "closed", get_closed, NULL, "boolean", "Has \"close\" been emitted?" },
  { "socket", get_socket, NULL, "Socket?", "The connection, while it is this message's." },
  { "connection", get_socket, NULL, "Socket?", "The same as socket." },
  { 0 }
};

static const EventDef outgoing_events[] = {
  { "finish", "", "All is with the system." },
  { "prefinish", "", "finish was called." },
  { "socket", "socket: Socket", "It has its connection." },
  { "timeout", "socket: Socket?", "Nothing happened for the time of setTimeout." },
  { "close", "", "It is over, or its connection was closed." },
  { 0 }
};

const ClassDef outgoing_class = {
  .name = "OutgoingMessage", .base = &writable_class, .alloc = outgoing_alloc, .init = outgoing_construct,
  .gc = class_no_gc,
  .methods = outgoing_methods, .props = outgoing_props, .events = outgoing_events,
  .doc = "What ServerResponse and ClientRequest have in common: headers, then a body, written as to any "
         "Writable.",
  .example = "local m = require(\"http\").OutgoingMessage()\n"
             "m:setHeader(\"X-A\", \"b\")\nprint(m:getHeader \"x-a\")"
};
