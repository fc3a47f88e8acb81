/* SPDX-License-Identifier: MIT */
/* writable.c - the writing half: one write at a time goes to the sink, the others wait in a queue.
 *
 * write says false when the queue has reached the high-water mark; "drain" tells when it is empty again.
 * UV_WRITES holds chunk, encoding and callback of each waiting write in turn, false where there is none. */
#include "internal.h"

#include <string.h>
#include "buffer/buffer.h"
#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"
#include "events/events.h"

enum { ENTRY = 3 }; /* slots of a waiting write */

static void finish_maybe(lua_State *L, int self, bool sync);
static void clear_buffer(lua_State *L, int self);

bool writable_open(const Stream *s) {
  const WriteState *w = &s->w;
  return w->present && !w->off && !w->ending && !w->ended && !s->destroyed && !s->errored;
}

static Stream *writable_self(lua_State *L) { return stream_self(L, &writable_class); }

/* Calls the callback on top with the error at err (0: none). [-1] */
static void call_back(lua_State *L, int err) {
  push_error_or_nil(L, err);
  lua_call(L, 1, 0);
}

/* ---- callbacks of end() ---- */

static void call_finished(lua_State *L, int self, int err) {
  slot_push(L, self, SLOT_FINISHED);
  int list = lua_gettop(L);
  if (lua_istable(L, list)) {
    lua_pushnil(L);
    slot_set(L, self, SLOT_FINISHED);
    lua_Integer n = (lua_Integer)lua_rawlen(L, list);
    for (lua_Integer i = 1; i <= n; i++) {
      lua_rawgeti(L, list, i);
      call_back(L, err);
    }
  }
  lua_settop(L, list - 1);
}

/* ---- the queue ---- */

static void reset_queue(lua_State *L, int self, WriteState *w) {
  w->head = w->tail = 1;
  w->buffered = false;
  lua_pushnil(L);
  lua_setiuservalue(L, self, UV_WRITES);
}

static size_t chunk_length(lua_State *L, const WriteState *w, int chunk) {
  const char *bytes;
  size_t len = 0;
  if (w->object_mode || !buffer_view(L, chunk, &bytes, &len)) return 1;
  return len;
}

/* Pushes the error that waiting writes get. [+1] */
static int push_queue_error(lua_State *L, int self, const char *what) {
  if (!stream_at(L, self)->errored) return err_push_destroyed(L, what);
  slot_push(L, self, SLOT_ERRORED);
  return lua_gettop(L);
}

/* The stream is destroyed: what waits is dropped, callbacks get the error. */
static void error_buffer(lua_State *L, int self) {
  WriteState *w = &stream_at(L, self)->w;
  int top = lua_gettop(L);
  if (w->writing) return;
  luaL_checkstack(L, 12, "stream");
  if (w->buffered) {
    queue_push_table(L, self, UV_WRITES);
    for (; w->head < w->tail; w->head += ENTRY) {
      lua_rawgeti(L, top + 1, w->head);
      w->length -= chunk_length(L, w, top + 2);
      if (lua_rawgeti(L, top + 1, w->head + 2) != LUA_TBOOLEAN) {
        int err = push_queue_error(L, self, "write");
        lua_pushvalue(L, top + 3);
        w->head += ENTRY; /* a callback that raises is not called again */
        call_back(L, err);
        w->head -= ENTRY;
      }
      lua_settop(L, top + 1);
    }
  }
  call_finished(L, self, push_queue_error(L, self, "end"));
  reset_queue(L, self, w);
  lua_settop(L, top);
}

int tick_error_buffer(lua_State *L) {
  error_buffer(L, 1);
  return 0;
}

/* ---- handing chunks to the sink ---- */

/* The function in UV_ON_WRITE, which a Lua _write calls when it is done. */
static int on_written(lua_State *L) {
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  writable_written(L, 2, 1);
  return 0;
}

static void push_on_written(lua_State *L, int self) {
  if (lua_getiuservalue(L, self, UV_ON_WRITE) != LUA_TNIL) return;
  lua_pop(L, 1);
  push_callback(L, self, on_written);
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, self, UV_ON_WRITE);
}

/* { chunk, encoding } as _writev gets them. [+1] */
static void push_entry(lua_State *L, int chunk, int enc) {
  lua_createtable(L, 0, 2);
  lua_pushvalue(L, chunk);
  lua_setfield(L, -2, "chunk");
  if (lua_toboolean(L, enc)) {
    lua_pushvalue(L, enc);
    lua_setfield(L, -2, "encoding");
  }
}

static void call_write(lua_State *L, int self, Stream *s, int chunk, int enc) {
  if (s->impl && s->impl->write) {
    s->impl->write(L, self, chunk);
  } else if (push_method(L, self, "_write")) {
    lua_pushvalue(L, self);
    lua_pushvalue(L, chunk);
    if (lua_toboolean(L, enc)) lua_pushvalue(L, enc);
    else lua_pushnil(L);
    push_on_written(L, self);
    lua_call(L, 4, 0);
  } else if (push_method(L, self, "_writev")) {
    lua_pushvalue(L, self);
    lua_createtable(L, 1, 0);
    push_entry(L, chunk, enc);
    lua_rawseti(L, -2, 1);
    push_on_written(L, self);
    lua_call(L, 3, 0);
  } else {
    err_raise(L, NULL, "ERR_METHOD_NOT_IMPLEMENTED", "The _write() method is not implemented");
  }
}

/* Marks a write of len with the callback at cb as under way. */
static void write_begins(lua_State *L, int self, WriteState *w, size_t len, int cb) {
  w->writing_len = len;
  w->called_back = lua_toboolean(L, cb);
  if (w->called_back) {
    lua_pushvalue(L, cb);
    slot_set(L, self, SLOT_WRITE_CB);
  }
  w->writing = w->sync = w->expect_cb = true;
}

static void do_write(lua_State *L, int self, size_t len, int chunk, int enc, int cb) {
  Stream *s = stream_at(L, self);
  write_begins(L, self, &s->w, len, cb);
  if (s->destroyed) {
    writable_written(L, self, err_push_destroyed(L, "write"));
    lua_pop(L, 1);
  } else {
    call_write(L, self, s, chunk, enc);
  }
  s->w.sync = false;
}

/* callback(err) of a _writev: upvalue is the list of the callbacks of its chunks. */
static int on_batch(lua_State *L) {
  lua_settop(L, 1);
  lua_Integer n = (lua_Integer)lua_rawlen(L, lua_upvalueindex(1));
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, lua_upvalueindex(1), i);
    call_back(L, 1);
  }
  return 0;
}

static bool has_writev(lua_State *L, int self, const Stream *s) {
  if (s->impl && s->impl->write) return s->impl->writev != NULL;
  if (!push_method(L, self, "_writev")) return false;
  lua_pop(L, 1);
  return true;
}

/* Hands the whole queue (table at q) to the sink in one call. */
static void write_batch(lua_State *L, int self, Stream *s, int q) {
  WriteState *w = &s->w;
  lua_Integer count = (w->tail - w->head) / ENTRY, callbacks = 0;
  bool raw = s->impl && s->impl->writev;
  int size = count < 1 << 20 ? (int)count : 0, chunks = q + 1, list = q + 2;
  w->pending -= (int)count - 1;
  lua_createtable(L, size, 0);
  lua_createtable(L, 0, 0);
  for (lua_Integer i = 1, at = w->head; i <= count; i++, at += ENTRY) {
    lua_rawgeti(L, q, at);
    lua_rawgeti(L, q, at + 1);
    if (raw) lua_pop(L, 1);
    else push_entry(L, list + 1, list + 2);
    lua_rawseti(L, chunks, i);
    lua_settop(L, list);
    if (lua_rawgeti(L, q, at + 2) == LUA_TBOOLEAN) lua_pop(L, 1);
    else lua_rawseti(L, list, ++callbacks);
  }
  if (callbacks > 0) {
    lua_pushcclosure(L, on_batch, 1); /* takes the list's place */
  } else {
    lua_pushboolean(L, false);
    lua_replace(L, list);
  }
  write_begins(L, self, w, w->length, list);
  if (raw) {
    s->impl->writev(L, self, chunks);
  } else if (push_method(L, self, "_writev")) {
    lua_pushvalue(L, self);
    lua_pushvalue(L, chunks);
    push_on_written(L, self);
    lua_call(L, 3, 0);
  }
  w->sync = false;
  reset_queue(L, self, w);
}

/* Hands chunks over one by one as long as the sink answers at once. */
static void write_singly(lua_State *L, int self, WriteState *w, int q) {
  do {
    for (int i = 0; i < ENTRY; i++) {
      lua_rawgeti(L, q, w->head);
      lua_pushnil(L);
      lua_rawseti(L, q, w->head++);
    }
    do_write(L, self, chunk_length(L, w, q + 1), q + 1, q + 2, q + 3);
    lua_settop(L, q);
  } while (w->head < w->tail && !w->writing);
  if (w->head == w->tail) reset_queue(L, self, w);
}

/* The sink is free: the queue goes on. */
static void clear_buffer(lua_State *L, int self) {
  Stream *s = stream_at(L, self);
  WriteState *w = &s->w;
  int top = lua_gettop(L);
  if (s->destroyed || w->processing || w->corked > 0 || !w->buffered || !s->constructed) return;
  if (w->head == w->tail) return;
  luaL_checkstack(L, 16, "stream");
  w->processing = true;
  queue_push_table(L, self, UV_WRITES);
  if (w->tail - w->head > ENTRY && has_writev(L, self, s)) write_batch(L, self, s, top + 1);
  else write_singly(L, self, w, top + 1);
  w->processing = false;
  lua_settop(L, top);
}

/* ---- a write is over ---- */

/* (self, callback or false) */
static void after_write(lua_State *L, int self, int cb) {
  Stream *s = stream_at(L, self);
  WriteState *w = &s->w;
  w->after_write_pending = false;
  if (!w->ending && w->need_drain && !s->destroyed && w->length == 0) {
    w->need_drain = false;
    emit(L, self, "drain", 0);
  }
  w->pending--;
  if (lua_toboolean(L, cb)) {
    lua_pushvalue(L, cb);
    call_back(L, 0);
  }
  if (s->destroyed) error_buffer(L, self);
  if (w->ending) finish_maybe(L, self, true);
}

static int tick_after_write(lua_State *L) {
  after_write(L, 1, 2);
  return 0;
}

/* (self, err, callback or false) */
static void write_failed(lua_State *L, int self, int err, int cb) {
  stream_at(L, self)->w.pending--;
  if (lua_toboolean(L, cb)) {
    lua_pushvalue(L, cb);
    call_back(L, err);
  }
  error_buffer(L, self);
  stream_fail(L, self, err, false);
}

static int tick_write_failed(lua_State *L) {
  write_failed(L, 1, 2, 3);
  return 0;
}

/* An error came back; the callback is on top. */
static void written_badly(lua_State *L, int self, int err, bool sync) {
  int cb = lua_gettop(L);
  note_error(L, self, err);
  if (!sync) {
    write_failed(L, self, err, cb);
    return;
  }
  lua_pushcfunction(L, tick_write_failed);
  lua_pushvalue(L, self);
  lua_pushvalue(L, err);
  lua_pushvalue(L, cb);
  rt_next_tick(L, 3);
}

/* The sink has answered inside its _write: what follows waits for a tick where it can be seen. */
static void written_at_once(lua_State *L, int self, WriteState *w, int cb) {
  bool callback = lua_toboolean(L, cb);
  bool tick = callback || ((w->need_drain && w->length == 0) || w->object_mode);
  if (tick && (callback || !w->after_write_pending)) {
    w->after_write_pending = true;
    lua_pushvalue(L, cb);
    stream_tick_value(L, self, tick_after_write);
  } else {
    w->pending--;
    if (w->ending) finish_maybe(L, self, true);
  }
}

void writable_written(lua_State *L, int self, int err) {
  WriteState *w = &stream_at(L, self)->w;
  int top = lua_gettop(L);
  luaL_checkstack(L, 16, "stream");
  if (!w->expect_cb) {
    err_push(L, NULL, "ERR_MULTIPLE_CALLBACK", "Callback called multiple times");
    stream_fail(L, self, top + 1, false);
    lua_settop(L, top);
    return;
  }
  bool sync = w->sync;
  if (w->called_back) {
    slot_push(L, self, SLOT_WRITE_CB);
    lua_pushnil(L);
    slot_set(L, self, SLOT_WRITE_CB);
  } else {
    lua_pushnil(L);
  }
  w->writing = w->expect_cb = w->called_back = false;
  w->length -= w->writing_len;
  w->writing_len = 0;
  if (has_error(L, err)) {
    written_badly(L, self, err, sync);
  } else {
    if (w->buffered) clear_buffer(L, self);
    if (sync) written_at_once(L, self, w, top + 1);
    else after_write(L, self, top + 1);
  }
  lua_settop(L, top);
}

/* ---- write ---- */

/* Makes the chunk fit for the sink; sets the encoding at enc. Raises for what cannot be written. */
static void convert_chunk(lua_State *L, const Stream *s, int chunk, int enc) {
  const WriteState *w = &s->w;
  if (lua_isnil(L, chunk) || json_is_null(L, chunk))
    err_raise(L, &type_error_class, "ERR_STREAM_NULL_VALUES", "May not write null values to stream");
  if (w->object_mode) return;
  size_t len = 0;
  const char *name = lua_type(L, enc) == LUA_TSTRING ? lua_tolstring(L, enc, &len) : "";
  bool is_buffer = len == 6 && !memcmp(name, "buffer", 6);
  Encoding encoding = is_buffer || !lua_toboolean(L, enc) ? w->default_enc
                                                          : arg_encoding(L, enc, w->default_enc);
  if (lua_type(L, chunk) == LUA_TSTRING) {
    bool as_is = s->impl && s->impl->write && encoding == ENC_UTF8;
    if (!as_is && w->decode_strings) {
      const char *text = lua_tolstring(L, chunk, &len);
      Buffer *b = buffer_push_new(L, enc_bound(encoding, text, len));
      b->length = enc_write(encoding, text, len, buffer_bytes(b), b->length);
      lua_replace(L, chunk);
    } else {
      lua_pushstring(L, enc_name(encoding));
      lua_replace(L, enc);
      return;
    }
  } else if (!buffer_test(L, chunk)) {
    err_arg_type(L, chunk, "chunk",
                 "of type string or an instance of Buffer, TypedArray, or DataView");
  }
  lua_pushliteral(L, "buffer");
  lua_replace(L, enc);
}

/* Writes now, or puts the write into the queue. Returns what write() returns. */
static bool write_or_buffer(lua_State *L, int self, Stream *s, int chunk, int enc, int cb) {
  WriteState *w = &s->w;
  size_t len = chunk_length(L, w, chunk);
  w->length += len;
  if (w->writing || s->errored || w->corked > 0 || !s->constructed) {
    const int from[ENTRY] = { chunk, enc, cb };
    if (!w->buffered) w->head = w->tail = 1;
    queue_push_table(L, self, UV_WRITES);
    for (int i = 0; i < ENTRY; i++) {
      if (lua_toboolean(L, from[i])) lua_pushvalue(L, from[i]);
      else lua_pushboolean(L, false);
      lua_rawseti(L, -2, w->tail + i);
    }
    w->tail += ENTRY;
    w->buffered = true;
    lua_pop(L, 1);
  } else {
    do_write(L, self, len, chunk, enc, cb);
  }
  bool more = w->length < w->hwm || w->length == 0;
  if (!more) w->need_drain = true;
  return more && !s->destroyed && !s->errored;
}

/* chunk, enc, cb are stack slots, which it changes. True: more can be written. When nothing may be
 * written an error is pushed and *failed set. [+0|1] */
static bool write_chunk(lua_State *L, int self, int chunk, int enc, int cb, bool *failed) {
  Stream *s = stream_at(L, self);
  luaL_checkstack(L, 16, "stream");
  convert_chunk(L, s, chunk, enc);
  *failed = s->w.ending || s->destroyed;
  if (!*failed) {
    s->w.pending++;
    return write_or_buffer(L, self, s, chunk, enc, cb);
  }
  if (s->w.ending) err_push(L, NULL, "ERR_STREAM_WRITE_AFTER_END", "write after end");
  else (void)err_push_destroyed(L, "write");
  int err = lua_gettop(L);
  if (lua_toboolean(L, cb)) {
    lua_pushvalue(L, cb);
    lua_pushvalue(L, err);
    rt_next_tick(L, 1);
  }
  stream_fail(L, self, err, true);
  return false;
}

/* Moves a function among the arguments chunk, encoding, callback (2, 3, 4) to its place. */
static void shift_callback(lua_State *L, int first) {
  lua_settop(L, 4);
  for (int i = first; i < 4; i++)
    if (lua_isfunction(L, i)) {
      lua_pushvalue(L, i);
      lua_replace(L, 4);
      for (; i < 4; i++) {
        lua_pushnil(L);
        lua_replace(L, i);
      }
    }
  if (!lua_isnil(L, 4) && !arg_is_callable(L, 4)) {
    lua_pushnil(L);
    lua_replace(L, 4);
  }
}

/* write(chunk, encoding, callback): boolean */
int writable_lua_write(lua_State *L) {
  bool failed;
  writable_self(L);
  shift_callback(L, 3);
  lua_pushboolean(L, write_chunk(L, 1, 2, 3, 4, &failed));
  return 1;
}

bool writable_write(lua_State *L, int self, int chunk) {
  bool failed;
  int top = lua_gettop(L);
  lua_pushvalue(L, chunk);
  lua_settop(L, top + 3);
  bool more = write_chunk(L, self, top + 1, top + 2, top + 3, &failed);
  lua_settop(L, top);
  return more;
}

/* ---- cork ---- */

static int writable_cork(lua_State *L) {
  writable_self(L)->w.corked++;
  return 0;
}

static void uncork(lua_State *L, int self) {
  WriteState *w = &stream_at(L, self)->w;
  if (w->corked == 0) return;
  w->corked--;
  if (!w->writing) clear_buffer(L, self);
}

static int writable_uncork(lua_State *L) {
  writable_self(L);
  uncork(L, 1);
  return 0;
}

static int writable_set_encoding(lua_State *L) {
  WriteState *w = &writable_self(L)->w;
  if (lua_isnoneornil(L, 2))
    return err_raise(L, &type_error_class, "ERR_UNKNOWN_ENCODING", "Unknown encoding: nil");
  w->default_enc = arg_encoding(L, 2, ENC_UTF8);
  lua_settop(L, 1);
  return 1;
}

/* ---- end ---- */

static bool need_finish(const Stream *s) {
  const WriteState *w = &s->w;
  return w->ending && !s->destroyed && s->constructed && !w->finished && !w->writing &&
         !s->error_emitted && !s->close_emitted && !s->errored && !w->buffered && w->length == 0;
}

static void finish(lua_State *L, int self) {
  Stream *s = stream_at(L, self);
  s->w.pending--;
  s->w.finished = true;
  call_finished(L, self, 0);
  emit(L, self, "finish", 0);
  if (s->auto_destroy && (!s->r.present || s->r.end_emitted || s->r.off)) stream_destroy(L, self, 0);
}

static int tick_finish(lua_State *L) {
  finish(L, 1);
  return 0;
}

static int tick_finish_if_needed(lua_State *L) {
  Stream *s = stream_at(L, 1);
  if (need_finish(s)) finish(L, 1);
  else s->w.pending--;
  return 0;
}

void writable_finalled(lua_State *L, int self, int err) {
  Stream *s = stream_at(L, self);
  WriteState *w = &s->w;
  int top = lua_gettop(L);
  if (w->prefinished) {
    if (!has_error(L, err)) {
      err_push(L, NULL, "ERR_MULTIPLE_CALLBACK", "Callback called multiple times");
      err = top + 1;
    }
    stream_fail(L, self, err, false);
    lua_settop(L, top);
    return;
  }
  w->pending--;
  if (has_error(L, err)) {
    call_finished(L, self, err);
    stream_fail(L, self, err, w->sync);
  } else if (need_finish(s)) {
    w->prefinished = true;
    emit(L, self, "prefinish", 0);
    w->pending++;
    stream_tick(L, self, tick_finish);
  }
}

static int on_finalled(lua_State *L) {
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  writable_finalled(L, 2, 1);
  return 0;
}

/* All is written: the sink may finish its work first. */
static void prefinish(lua_State *L, int self, Stream *s) {
  WriteState *w = &s->w;
  if (w->prefinished || w->final_called) return;
  bool in_c = s->impl && s->impl->final;
  int top = lua_gettop(L);
  guard_begin(L);
  if (s->destroyed || !(in_c || push_method(L, self, "_final"))) {
    lua_settop(L, top);
    w->final_called = w->prefinished = true;
    emit(L, self, "prefinish", 0);
    return;
  }
  w->final_called = w->sync = true;
  w->pending++;
  if (in_c) {
    s->impl->final(L, self);
  } else {
    lua_pushvalue(L, self);
    push_callback(L, self, on_finalled);
    if (!call_guarded(L, 2)) {
      writable_finalled(L, self, lua_gettop(L));
    }
  }
  lua_settop(L, top);
  w->sync = false;
}

static void finish_maybe(lua_State *L, int self, bool sync) {
  Stream *s = stream_at(L, self);
  if (!need_finish(s)) return;
  prefinish(L, self, s);
  if (s->w.pending != 0) return;
  if (sync) {
    s->w.pending++;
    stream_tick(L, self, tick_finish_if_needed);
  } else if (need_finish(s)) {
    s->w.pending++;
    finish(L, self);
  }
}

void writable_constructed(lua_State *L, int self) {
  WriteState *w = &stream_at(L, self)->w;
  if (!w->writing) clear_buffer(L, self);
  if (w->ending) finish_maybe(L, self, false);
}

/* Ends the queue. Pushes the error when there was nothing to end, else nothing. [+0|1] */
static bool end_queue(lua_State *L, int self) {
  Stream *s = stream_at(L, self);
  WriteState *w = &s->w;
  if (w->corked > 0) {
    w->corked = 1;
    uncork(L, self);
  }
  if (!w->ending && !s->errored) {
    w->ending = true;
    finish_maybe(L, self, true);
    w->ended = true;
  } else if (w->finished) {
    err_push(L, NULL, "ERR_STREAM_ALREADY_FINISHED", "Cannot call end after a stream was finished");
    return false;
  } else if (s->destroyed) {
    (void)err_push_destroyed(L, "end");
    return false;
  }
  return true;
}

void writable_end(lua_State *L, int self) {
  int top = lua_gettop(L);
  (void)end_queue(L, self);
  lua_settop(L, top);
}

/* The callback of end() at cb: called once finished, or with the error at err (0: none). */
static void end_callback(lua_State *L, int self, int cb, int err) {
  Stream *s = stream_at(L, self);
  if (err != 0 || s->errored || s->w.finished) {
    lua_pushvalue(L, cb);
    if (err != 0) lua_pushvalue(L, err);
    else if (s->errored) slot_push(L, self, SLOT_ERRORED);
    else lua_pushnil(L);
    rt_next_tick(L, 1);
    return;
  }
  slot_push(L, self, SLOT_FINISHED);
  if (!lua_istable(L, -1)) {
    lua_pop(L, 1);
    lua_createtable(L, 1, 0);
    lua_pushvalue(L, -1);
    slot_set(L, self, SLOT_FINISHED);
  }
  lua_pushvalue(L, cb);
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  lua_pop(L, 1);
}

/* finish(chunk, encoding, callback), also named end */
static int writable_lua_end(lua_State *L) {
  bool failed = false;
  int err = 0;
  WriteState *w = &writable_self(L)->w;
  shift_callback(L, 2);
  lua_pushboolean(L, false); /* 5: a chunk given to end has no callback of its own */
  if (!lua_isnil(L, 2) && !json_is_null(L, 2)) (void)write_chunk(L, 1, 2, 3, 5, &failed);
  if (failed) {
    err = lua_gettop(L);
    if (w->corked > 0) {
      w->corked = 1;
      uncork(L, 1);
    }
  } else if (!end_queue(L, 1)) {
    err = lua_gettop(L);
  }
  if (!lua_isnil(L, 4)) end_callback(L, 1, 4, err);
  lua_settop(L, 1);
  return 1;
}

/* ---- making ---- */

void writable_options(lua_State *L, int self, int opts) {
  Stream *s = stream_at(L, self);
  WriteState *w = &s->w;
  bool duplex = s->r.present;
  w->object_mode = opt_boolean(L, opts, "objectMode", false) ||
                   (duplex && opt_boolean(L, opts, "writableObjectMode", false));
  w->hwm = opt_hwm(L, opts, "writableHighWaterMark", duplex, w->object_mode);
  w->decode_strings = opt_boolean(L, opts, "decodeStrings", true);
  (void)opt_push(L, opts, "defaultEncoding");
  w->default_enc = arg_encoding(L, lua_gettop(L), ENC_UTF8);
  lua_pop(L, 1);
}

static int writable_alloc(lua_State *L) {
  stream_new(L, &writable_class, sizeof(Stream), STREAM_WRITES, NULL, 0);
  return 1;
}

static int writable_init(lua_State *L) {
  writable_self(L);
  lua_settop(L, 2);
  stream_options(L, 1, 2);
  return 0;
}

/* ---- rows ---- */

static int push_flag(lua_State *L, bool value) {
  lua_pushboolean(L, value);
  return 1;
}

static int push_count(lua_State *L, size_t value) {
  lua_pushinteger(L, (lua_Integer)value);
  return 1;
}

static int get_writable(lua_State *L) { return push_flag(L, writable_open(writable_self(L))); }
static int get_ended(lua_State *L) { return push_flag(L, writable_self(L)->w.ending); }
static int get_finished(lua_State *L) { return push_flag(L, writable_self(L)->w.finished); }
static int get_object_mode(lua_State *L) { return push_flag(L, writable_self(L)->w.object_mode); }
static int get_hwm(lua_State *L) { return push_count(L, writable_self(L)->w.hwm); }
static int get_length(lua_State *L) { return push_count(L, writable_self(L)->w.length); }
static int get_corked(lua_State *L) { return push_count(L, (size_t)writable_self(L)->w.corked); }

static int get_need_drain(lua_State *L) {
  const Stream *s = writable_self(L);
  return push_flag(L, s->w.need_drain && !s->destroyed && !s->w.ending);
}

static int get_aborted(lua_State *L) {
  const Stream *s = writable_self(L);
  return push_flag(L, !s->w.off && (s->destroyed || s->errored) && !s->w.finished);
}

static const FnDef writable_methods[] = {
  { "write", writable_lua_write, FN_METHOD,
    "write(chunk: string|Buffer|any, encoding: string?, callback: function?): boolean",
    "Writes a chunk; callback(err) when it is done. False: the buffer is full, wait for \"drain\".", NULL,
    NULL, NULL },
  { "end", writable_lua_end, FN_METHOD,
    "end(chunk: string|Buffer|any, encoding: string?, callback: function?): Writable",
    "The same as finish, under Node's name: w[\"end\"](w).", NULL, NULL, NULL },
  { "finish", writable_lua_end, FN_METHOD,
    "finish(chunk: string|Buffer|any, encoding: string?, callback: function?): Writable",
    "No more is written, but for the chunk if one is given. \"finish\" comes when all is done.", NULL,
    NULL, "Node's end, which is a keyword of Lua." },
  { "cork", writable_cork, FN_METHOD, "cork()",
    "Holds all writes back until uncork, so that they go out as one.", NULL, NULL, NULL },
  { "uncork", writable_uncork, FN_METHOD, "uncork()", "Undoes one cork.", NULL, NULL, NULL },
  { "setDefaultEncoding", writable_set_encoding, FN_METHOD,
    "setDefaultEncoding(encoding: string): Writable", "The encoding of strings written without one.",
    NULL, NULL, NULL },
  { 0 }
};

static const PropDef writable_props[] = {
  { "writable", get_writable, NULL, "boolean", "Can it still be written to?" },
  { "writableAborted", get_aborted, NULL, "boolean", "Did it fail or was it destroyed before its end?" },
  { "writableCorked", get_corked, NULL, "integer", "How many uncork are still missing." },
  { "writableEnded", get_ended, NULL, "boolean", "Was finish called?" },
  { "writableFinished", get_finished, NULL, "boolean", "Is all written?" },
  { "writableHighWaterMark", get_hwm, NULL, "integer", "From here on write says false." },
  { "writableLength", get_length, NULL, "integer", "Bytes (or objects) that wait to be written." },
  { "writableNeedDrain", get_need_drain, NULL, "boolean", "Has write said false, and no \"drain\" yet?" },
  { "writableObjectMode", get_object_mode, NULL, "boolean", "Are chunks any values?" },
  { 0 }
};

static const EventDef writable_events[] = {
  { "drain", "", "The buffer is empty again after write said false." },
  { "finish", "", "finish was called and all is written." },
  { "pipe", "source: Readable", "A Readable pipes into this stream now." },
  { "unpipe", "source: Readable", "A Readable has stopped piping into this stream." },
  { 0 }
};

const ClassDef writable_class = {
  .name = "Writable", .base = &stream_class, .alloc = writable_alloc, .init = writable_init,
  .methods = writable_methods, .props = writable_props, .events = writable_events,
  .doc = "Where data goes. Make one with Writable{ write = function(self, chunk, encoding, callback) ... "
         "end } or with Writable:extend and a method _write; callback(err) asks for the next chunk.",
  .example = "local Writable = require(\"stream\").Writable\n"
             "local w = Writable{ write = function(self, chunk, enc, done) print(chunk) done() end }\n"
             "w:write \"a\"\nw:finish \"b\""
};
