/* SPDX-License-Identifier: MIT */
/* readable.c - the reading half: a buffer between the source and whoever reads.
 *
 * The source pushes until push says false (high-water mark reached) and is asked again by read. In
 * flowing mode data is handed out as "data" events, else "readable" tells that read() has something. */
#include "internal.h"

#include <string.h>
#include "buffer/buffer.h"
#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"
#include "events/events.h"

enum { MAX_HWM = 0x40000000, RING_ROOM = 16 };

static void maybe_read_more(lua_State *L, int self);
static void emit_readable(lua_State *L, int self);
static void end_readable(lua_State *L, int self);
static void flow(lua_State *L, int self);

bool readable_open(const Stream *s) {
  return s->r.present && !s->r.off && !s->destroyed && !s->error_emitted && !s->r.end_emitted;
}

/* ---- the buffer ---- */

static size_t chunk_length(lua_State *L, const ReadState *r, int chunk) {
  const char *bytes;
  size_t len = 0;
  if (r->object_mode || !buffer_view(L, chunk, &bytes, &len)) return 1;
  return len;
}

/* The field of the ring that holds chunk i. */
static lua_Integer ring_slot(const ReadState *r, lua_Integer i) { return (i & (r->room - 1)) + 1; }

/* Pushes the ring with room for one more chunk. One that had to grow is left to the collector once it is
 * empty. [+1] */
static void ring_push_table(lua_State *L, int self, ReadState *r) {
  lua_Integer used = r->tail - r->head, room = used == 0 ? RING_ROOM : 2 * r->room;
  (void)lua_getiuservalue(L, self, UV_CHUNKS);
  if (used == 0 ? r->room == RING_ROOM : used < r->room) return;
  lua_createtable(L, (int)room, 0);
  for (lua_Integer i = r->head; i < r->tail; i++) {
    lua_rawgeti(L, -2, ring_slot(r, i));
    lua_rawseti(L, -2, (i & (room - 1)) + 1);
  }
  r->room = room;
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, self, UV_CHUNKS);
  lua_remove(L, -2);
}

/* Puts the chunk at `chunk` at the front or the end. */
static void list_add(lua_State *L, int self, ReadState *r, int chunk, bool front) {
  ring_push_table(L, self, r);
  lua_pushvalue(L, chunk);
  lua_rawseti(L, -2, ring_slot(r, front ? r->head - 1 : r->tail));
  lua_pop(L, 1);
  if (front) r->head--;
  else r->tail++;
  r->length += chunk_length(L, r, chunk);
}

/* Forgets slots head..to-1 of the list at t. */
static void list_drop(lua_State *L, ReadState *r, int t, lua_Integer to) {
  for (; r->head < to; r->head++) {
    lua_pushnil(L);
    lua_rawseti(L, t, ring_slot(r, r->head));
  }
}

static size_t list_first_length(lua_State *L, int self, ReadState *r) {
  (void)lua_getiuservalue(L, self, UV_CHUNKS);
  lua_rawgeti(L, -1, ring_slot(r, r->head));
  size_t len = chunk_length(L, r, lua_gettop(L));
  lua_pop(L, 2);
  return len;
}

/* The longest run of whole characters in n bytes of text, at least one character. */
static size_t text_cut(const char *s, size_t len, size_t n) {
  size_t cut = n;
  while (cut > 0 && cut < len && ((unsigned char)s[cut] & 0xC0) == 0x80) cut--;
  if (cut > 0) return cut;
  for (cut = n; cut < len && ((unsigned char)s[cut] & 0xC0) == 0x80;) cut++;
  return cut;
}

/* Pushes the first n bytes of the list at t as one chunk (all chunks are Buffers or text). Takes from
 * its front; returns how many bytes, which for text may differ from n. [+1] */
static size_t list_join(lua_State *L, ReadState *r, int t, size_t n) {
  Buffer *joined = NULL;
  luaL_Buffer text;
  size_t done = 0;
  lua_Integer at = r->head;
  if (r->decoding) luaL_buffinit(L, &text);
  else joined = buffer_push_new(L, n);
  for (; done < n; at++) {
    const char *bytes = "";
    size_t len = 0;
    lua_rawgeti(L, t, ring_slot(r, at));
    (void)buffer_view(L, -1, &bytes, &len);
    size_t take = len < n - done ? len : n - done;
    if (r->decoding && take < len) take = text_cut(bytes, len, take);
    if (joined) memcpy(buffer_bytes(joined) + done, bytes, take);
    done += take;
    if (take < len) { /* the rest stays where it is */
      if (joined) {
        const Buffer *part = buffer_test(L, -1);
        buffer_push_store(L, part->store, part->offset + take, len - take);
      } else {
        lua_pushlstring(L, bytes + take, len - take);
      }
      lua_rawseti(L, t, ring_slot(r, at));
      if (joined) lua_pop(L, 1);
      else {
        lua_pushlstring(L, bytes, take);
        lua_remove(L, -2);
        luaL_addvalue(&text);
      }
      break;
    }
    if (joined) lua_pop(L, 1);
    else luaL_addvalue(&text);
  }
  if (r->decoding) luaL_pushresult(&text);
  list_drop(L, r, t, at);
  return done;
}

/* Takes n bytes, or one object, off the list and pushes them; false and nothing pushed when the list is
 * empty. *n becomes what was taken. [+1|0] */
static bool list_take(lua_State *L, int self, ReadState *r, size_t *n) {
  if (r->length == 0) return false;
  (void)lua_getiuservalue(L, self, UV_CHUNKS);
  int t = lua_gettop(L);
  lua_rawgeti(L, t, ring_slot(r, r->head));
  size_t first = chunk_length(L, r, t + 1);
  if (*n > r->length) *n = r->length;
  if (r->object_mode || *n == first) {
    *n = first;
    list_drop(L, r, t, r->head + 1);
  } else if (*n < first && !r->decoding) {
    const Buffer *b = buffer_test(L, t + 1);
    Store *store = b->store;
    size_t off = b->offset;
    buffer_push_store(L, store, off + *n, first - *n);
    lua_rawseti(L, t, ring_slot(r, r->head));
    buffer_push_store(L, store, off, *n);
    lua_replace(L, t + 1);
  } else {
    lua_pop(L, 1);
    *n = list_join(L, r, t, *n);
  }
  lua_remove(L, t);
  return true;
}

/* ---- pushing ---- */

static void emit_data(lua_State *L, int self, int chunk) {
  stream_at(L, self)->r.data_emitted = true;
  if (emitter_push_only(L, self, "data")) {
    lua_pushvalue(L, chunk);
    lua_call(L, 1, 0);
  } else {
    lua_pushvalue(L, chunk);
    emit(L, self, "data", 1);
  }
}

static bool can_push_more(const ReadState *r) {
  return !r->ended && (r->length < r->hwm || r->length == 0);
}

static void add_chunk(lua_State *L, int self, Stream *s, int chunk, bool front) {
  ReadState *r = &s->r;
  if (r->flowing && !r->sync && r->data_listening && r->length == 0) {
    waiting_clear(L, self);
    emit_data(L, self, chunk);
  } else {
    list_add(L, self, r, chunk, front);
    if (r->need_readable) emit_readable(L, self);
  }
  maybe_read_more(L, self);
}

/* The source has no more. */
static void push_end(lua_State *L, int self, Stream *s) {
  ReadState *r = &s->r;
  r->reading = false;
  if (r->ended) return;
  if (r->decoding) {
    decoder_push_end(L, &r->decoder);
    if (lua_rawlen(L, -1) > 0) list_add(L, self, r, lua_gettop(L), false);
    lua_pop(L, 1);
  }
  r->ended = true;
  if (r->sync) {
    emit_readable(L, self);
    return;
  }
  r->need_readable = false;
  r->emitted_readable = true;
  if (!s->destroyed && !s->errored) {
    emit(L, self, "readable", 0);
    r->emitted_readable = false;
  }
  flow(L, self);
}

void readable_push_end(lua_State *L, int self) { push_end(L, self, stream_at(L, self)); }

static bool push_failed(lua_State *L, int self) { /* the error is on top [-1] */
  stream_fail(L, self, lua_gettop(L), false);
  lua_pop(L, 1);
  return false;
}

/* Makes the chunk on top (string or Buffer) a Buffer, or text where a decoder is at work. */
static void push_convert(lua_State *L, ReadState *r, int enc_idx, bool front) {
  Encoding enc = arg_encoding(L, enc_idx, r->default_enc);
  const char *bytes;
  size_t len;
  bool text = lua_type(L, -1) == LUA_TSTRING;
  if (text && r->decoding && enc == r->decoder.enc && enc != ENC_UTF8) return;
  if (text && !(r->decoding && enc == ENC_UTF8)) { /* a string may end inside a character */
    bytes = lua_tolstring(L, -1, &len);
    Buffer *b = buffer_push_new(L, enc_bound(enc, bytes, len));
    b->length = enc_write(enc, bytes, len, buffer_bytes(b), b->length);
    lua_replace(L, -2);
  }
  if (!r->decoding) return;
  (void)buffer_view(L, -1, &bytes, &len);
  if (front) enc_push_text(L, r->decoder.enc, bytes, len);
  else decoder_push(L, &r->decoder, bytes, len);
  lua_replace(L, -2);
}

static bool is_end(lua_State *L, int idx) { return lua_isnil(L, idx) || json_is_null(L, idx); }

static bool is_empty(lua_State *L, int idx) {
  const char *bytes;
  size_t len;
  return buffer_view(L, idx, &bytes, &len) && len == 0;
}

/* May a chunk be added? Otherwise the error of it is dealt with. */
static bool push_allowed(lua_State *L, int self, Stream *s, bool front) {
  if (front && s->r.end_emitted) {
    err_push(L, NULL, "ERR_STREAM_UNSHIFT_AFTER_END_EVENT", "stream.unshift() after end event");
    return push_failed(L, self);
  }
  if (!front && s->r.ended) {
    err_push(L, NULL, "ERR_STREAM_PUSH_AFTER_EOF", "stream.push() after EOF");
    return push_failed(L, self);
  }
  return !s->destroyed && !s->errored;
}

/* push and unshift: the chunk on top, its encoding at enc_idx (0: none). [-1] */
static bool push_chunk(lua_State *L, int self, int enc_idx, bool front) {
  Stream *s = stream_at(L, self);
  ReadState *r = &s->r;
  luaL_checkstack(L, 12, "stream");
  if (is_end(L, -1)) {
    lua_pop(L, 1);
    push_end(L, self, s);
    return false;
  }
  bool bytes = !r->object_mode;
  if (bytes && lua_type(L, -1) != LUA_TSTRING && !buffer_test(L, -1)) {
    err_push_received(L, -1);
    err_push(L, &type_error_class, "ERR_INVALID_ARG_TYPE",
             "The \"chunk\" argument must be of type string or an instance of Buffer, TypedArray, or "
             "DataView. Received %s", lua_tostring(L, -1));
    lua_insert(L, -3);
    lua_pop(L, 2);
    return push_failed(L, self);
  }
  if (bytes && is_empty(L, -1)) {
    lua_pop(L, 1);
    if (!front) {
      r->reading = false;
      maybe_read_more(L, self);
    }
    return can_push_more(r);
  }
  if (!push_allowed(L, self, s, front)) {
    lua_pop(L, 1);
    return false;
  }
  if (!front) r->reading = false;
  if (bytes) push_convert(L, r, enc_idx, front);
  if (bytes && is_empty(L, -1)) maybe_read_more(L, self); /* the decoder has kept it all */
  else add_chunk(L, self, s, lua_gettop(L), front);
  lua_pop(L, 1);
  return can_push_more(r);
}

bool readable_push(lua_State *L, int self) { return push_chunk(L, self, 0, false); }

static int push_args(lua_State *L, bool front) {
  stream_self(L, &readable_class);
  lua_settop(L, 3);
  (void)arg_encoding(L, 3, ENC_UTF8);
  lua_pushvalue(L, 2);
  lua_pushboolean(L, push_chunk(L, 1, 3, front));
  return 1;
}

static int readable_lua_push(lua_State *L) { return push_args(L, false); }
static int readable_lua_unshift(lua_State *L) { return push_args(L, true); }

/* ---- "readable" ---- */

static int tick_readable(lua_State *L) {
  Stream *s = stream_at(L, 1);
  ReadState *r = &s->r;
  if (!s->destroyed && !s->errored && (r->length > 0 || r->ended)) {
    emit(L, 1, "readable", 0);
    r->emitted_readable = false;
  }
  if (!r->flowing && !r->ended && r->length <= r->hwm) r->need_readable = true;
  flow(L, 1);
  return 0;
}

static void emit_readable(lua_State *L, int self) {
  ReadState *r = &stream_at(L, self)->r;
  r->need_readable = false;
  if (r->emitted_readable) return;
  r->emitted_readable = true;
  stream_tick(L, self, tick_readable);
}

/* ---- read ---- */

static size_t how_much(lua_State *L, int self, ReadState *r, lua_Integer n, bool all) {
  if ((!all && n <= 0) || (r->length == 0 && r->ended)) return 0;
  if (r->object_mode) return 1;
  if (all) return r->flowing && r->length > 0 ? list_first_length(L, self, r) : r->length;
  if ((size_t)n <= r->length) return (size_t)n;
  return r->ended ? r->length : 0;
}

/* The next power of two, so that the buffer is not raised byte by byte. */
static void raise_hwm(lua_State *L, ReadState *r, lua_Integer n) {
  if (n > MAX_HWM) {
    lua_pushinteger(L, n);
    err_range(L, lua_gettop(L), "size", "<= 1GiB");
  }
  size_t hwm = 1;
  while (hwm < (size_t)n) hwm *= 2;
  r->hwm = hwm;
}

/* self:_read(hwm). False: the error is on top. [+0|1] */
static bool call_lua_read(lua_State *L, int self, const ReadState *r) {
  guard_begin(L);
  if (push_method(L, self, "_read")) {
    lua_pushvalue(L, self);
    lua_pushinteger(L, (lua_Integer)r->hwm);
    return call_guarded(L, 2);
  }
  err_push(L, NULL, "ERR_METHOD_NOT_IMPLEMENTED", "The _read() method is not implemented");
  lua_replace(L, -2);
  return false;
}

/* Asks the source for more. */
static void call_read(lua_State *L, int self, Stream *s) {
  ReadState *r = &s->r;
  r->reading = r->sync = true;
  if (r->length == 0) r->need_readable = true;
  if (s->impl && s->impl->read) s->impl->read(L, self, r->hwm);
  else if (!call_lua_read(L, self, r)) (void)push_failed(L, self);
  r->sync = false;
}

static bool wants_more(const ReadState *r, size_t n) {
  return r->need_readable || r->length == 0 || r->length - n < r->hwm;
}

/* read(0) where a "readable" is due anyway: true when that was all there is to do. */
static bool read_nudge(lua_State *L, int self, ReadState *r) {
  bool full = r->hwm != 0 ? r->length >= r->hwm : r->length > 0;
  if (!r->need_readable || !(full || r->ended)) return false;
  if (r->length == 0 && r->ended) end_readable(L, self);
  else emit_readable(L, self);
  return true;
}

/* all: read(), whatever there is. [+1] */
static void read_some(lua_State *L, int self, lua_Integer want, bool all) {
  Stream *s = stream_at(L, self);
  ReadState *r = &s->r;
  luaL_checkstack(L, 12, "stream");
  if (!all && want > (lua_Integer)r->hwm) raise_hwm(L, r, want);
  if (all || want != 0) r->emitted_readable = false;
  if (!all && want == 0 && read_nudge(L, self, r)) {
    lua_pushnil(L);
    return;
  }
  size_t n = how_much(L, self, r, want, all);
  if (n == 0 && r->ended) {
    if (r->length == 0) end_readable(L, self);
    lua_pushnil(L);
    return;
  }
  if (wants_more(r, n) && !r->reading && !r->ended && !s->destroyed && !s->errored && s->constructed) {
    call_read(L, self, s);
    if (!r->reading) n = how_much(L, self, r, want, all);
  }
  bool found = n > 0 && list_take(L, self, r, &n);
  if (!found) {
    if (r->length <= r->hwm) r->need_readable = true;
    n = 0;
    lua_pushnil(L);
  } else {
    r->length -= r->object_mode ? 1 : n;
    waiting_clear(L, self);
  }
  if (r->length == 0) {
    if (!r->ended) r->need_readable = true;
    else if (all || want != (lua_Integer)n) end_readable(L, self);
  }
  if (found && !s->error_emitted && !s->close_emitted) emit_data(L, self, lua_gettop(L));
}

void readable_read(lua_State *L, int self, lua_Integer n) { read_some(L, self, n, n < 0); }

static void read_nothing(lua_State *L, int self) {
  read_some(L, self, 0, false);
  lua_pop(L, 1);
}

static int readable_lua_read(lua_State *L) {
  stream_self(L, &readable_class);
  int isnum;
  lua_settop(L, 2);
  lua_Number n = lua_tonumberx(L, 2, &isnum);
  if (!isnum || n != n) read_some(L, 1, 0, true);
  else read_some(L, 1, n > 9e15 ? (lua_Integer)9e15 : n < 0 ? -1 : (lua_Integer)n, false);
  return 1;
}

/* ---- reading ahead ---- */

static int tick_read_more(lua_State *L) {
  ReadState *r = &stream_at(L, 1)->r;
  while (!r->reading && !r->ended && (r->length < r->hwm || (r->flowing && r->length == 0))) {
    size_t before = r->length;
    read_nothing(L, 1);
    if (r->length == before) break;
  }
  r->reading_more = false;
  return 0;
}

static void maybe_read_more(lua_State *L, int self) {
  Stream *s = stream_at(L, self);
  if (s->r.reading_more || !s->constructed) return;
  s->r.reading_more = true;
  stream_tick(L, self, tick_read_more);
}

void readable_constructed(lua_State *L, int self) {
  if (stream_at(L, self)->r.need_readable) maybe_read_more(L, self);
}

/* ---- the end ---- */

static int tick_end_writable(lua_State *L) {
  if (writable_open(stream_at(L, 1))) writable_end(L, 1);
  return 0;
}

static int tick_end(lua_State *L) {
  Stream *s = stream_at(L, 1);
  if (s->errored || s->close_emitted || s->r.end_emitted || s->r.length > 0) return 0;
  s->r.end_emitted = true;
  emit(L, 1, "end", 0);
  if (writable_open(s) && !s->allow_half_open) stream_tick(L, 1, tick_end_writable);
  else if (s->auto_destroy && (!s->w.present || s->w.finished || s->w.off)) stream_destroy(L, 1, 0);
  return 0;
}

static void end_readable(lua_State *L, int self) {
  ReadState *r = &stream_at(L, self)->r;
  if (r->end_emitted) return;
  r->ended = true;
  stream_tick(L, self, tick_end);
}

/* ---- flowing ---- */

static void flow(lua_State *L, int self) {
  const ReadState *r = &stream_at(L, self)->r;
  while (r->flowing) {
    read_some(L, self, 0, true);
    bool none = lua_isnil(L, -1);
    lua_pop(L, 1);
    if (none) break;
  }
}

static int tick_resume(lua_State *L) {
  ReadState *r = &stream_at(L, 1)->r;
  if (!r->reading) read_nothing(L, 1);
  r->resume_scheduled = false;
  emit(L, 1, "resume", 0);
  flow(L, 1);
  if (r->flowing && !r->reading) read_nothing(L, 1);
  return 0;
}

void readable_resume(lua_State *L, int self) {
  ReadState *r = &stream_at(L, self)->r;
  if (!r->flowing) {
    r->flowing_known = true;
    r->flowing = !r->readable_listening; /* where somebody listens to "readable" they read */
    if (!r->resume_scheduled) {
      r->resume_scheduled = true;
      stream_tick(L, self, tick_resume);
    }
  }
  r->paused_known = true;
  r->paused = false;
}

void readable_pause(lua_State *L, int self) {
  ReadState *r = &stream_at(L, self)->r;
  if (!r->flowing_known || r->flowing) {
    r->flowing_known = true;
    r->flowing = false;
    emit(L, self, "pause", 0);
  }
  r->paused_known = r->paused = true;
}

static int readable_lua_resume(lua_State *L) {
  stream_self(L, &readable_class);
  readable_resume(L, 1);
  lua_settop(L, 1);
  return 1;
}

static int readable_lua_pause(lua_State *L) {
  stream_self(L, &readable_class);
  readable_pause(L, 1);
  lua_settop(L, 1);
  return 1;
}

static int readable_is_paused(lua_State *L) {
  const ReadState *r = &stream_self(L, &readable_class)->r;
  lua_pushboolean(L, r->paused || (r->flowing_known && !r->flowing));
  return 1;
}

/* ---- listeners start and stop the flow ---- */

static int tick_listening(lua_State *L) {
  ReadState *r = &stream_at(L, 1)->r;
  r->readable_listening = emitter_count(L, 1, "readable") > 0;
  if (r->resume_scheduled && r->paused_known && !r->paused) r->flowing_known = r->flowing = true;
  else if (r->data_listening) readable_resume(L, 1);
  else if (!r->readable_listening) r->flowing_known = r->flowing = false;
  return 0;
}

static int tick_read_nothing(lua_State *L) {
  read_nothing(L, 1);
  return 0;
}

static void data_listener_added(lua_State *L, int self, ReadState *r) {
  r->data_listening = true;
  if (r->readable_count > 0) r->readable_listening = true;
  if (!r->flowing_known || r->flowing) readable_resume(L, self);
}

static void readable_listener_added(lua_State *L, int self, ReadState *r) {
  if (r->end_emitted || r->readable_listening) return;
  r->readable_listening = r->need_readable = r->flowing_known = true;
  r->flowing = r->emitted_readable = false;
  if (r->length > 0) emit_readable(L, self);
  else if (!r->reading) stream_tick(L, self, tick_read_nothing);
}

void readable_listeners(lua_State *L, int idx, const char *event, int count) {
  Stream *s = stream_at(L, idx);
  if (!s) return;
  ReadState *r = &s->r;
  int self = lua_absindex(L, idx);
  luaL_checkstack(L, 8, "stream");
  if (!strcmp(event, "data")) {
    bool added = count > r->data_count;
    r->data_count = count;
    if (added) data_listener_added(L, self, r);
    else if (count == 0) r->data_listening = false;
  } else if (!strcmp(event, "readable")) {
    bool added = count > r->readable_count;
    r->readable_count = count;
    if (added) readable_listener_added(L, self, r);
    else stream_tick(L, self, tick_listening);
  }
}

/* ---- encoding ---- */

static int readable_set_encoding(lua_State *L) {
  ReadState *r = &stream_self(L, &readable_class)->r;
  lua_settop(L, 2);
  Encoding enc = arg_encoding(L, 2, ENC_UTF8);
  decoder_init(&r->decoder, enc);
  (void)lua_getiuservalue(L, 1, UV_CHUNKS);
  lua_pushliteral(L, "");
  for (lua_Integer i = r->head; i < r->tail && !r->object_mode; i++) {
    const char *bytes = "";
    size_t len = 0;
    lua_rawgeti(L, 3, ring_slot(r, i));
    bool text = lua_type(L, -1) == LUA_TSTRING;
    (void)buffer_view(L, -1, &bytes, &len);
    if (!text) {
      decoder_push(L, &r->decoder, bytes, len);
      lua_remove(L, -2);
    }
    lua_concat(L, 2);
  }
  r->decoding = true;
  if (!r->object_mode) {
    list_drop(L, r, 3, r->tail);
    r->length = 0;
    if (lua_rawlen(L, 4) > 0) list_add(L, 1, r, 4, false);
  }
  lua_settop(L, 1);
  return 1;
}

/* ---- making ---- */

void readable_options(lua_State *L, int self, int opts) {
  Stream *s = stream_at(L, self);
  ReadState *r = &s->r;
  bool duplex = s->w.present;
  r->object_mode = opt_boolean(L, opts, "objectMode", false) ||
                   (duplex && opt_boolean(L, opts, "readableObjectMode", false));
  r->hwm = opt_hwm(L, opts, "readableHighWaterMark", duplex, r->object_mode);
  (void)opt_push(L, opts, "defaultEncoding");
  r->default_enc = arg_encoding(L, lua_gettop(L), ENC_UTF8);
  (void)opt_push(L, opts, "encoding");
  if (!lua_isnil(L, -1)) {
    decoder_init(&r->decoder, arg_encoding(L, lua_gettop(L), ENC_UTF8));
    r->decoding = true;
  }
  lua_pop(L, 2);
}

static int readable_alloc(lua_State *L) {
  stream_new(L, &readable_class, sizeof(Stream), STREAM_READS, NULL, 0);
  return 1;
}

static int readable_init(lua_State *L) {
  stream_self(L, &readable_class);
  lua_settop(L, 2);
  stream_options(L, 1, 2);
  return 0;
}

/* ---- rows ---- */

static int get_readable(lua_State *L) {
  lua_pushboolean(L, readable_open(stream_self(L, &readable_class)));
  return 1;
}

static int get_aborted(lua_State *L) {
  const Stream *s = stream_self(L, &readable_class);
  lua_pushboolean(L, !s->r.off && (s->destroyed || s->errored) && !s->r.end_emitted);
  return 1;
}

static int get_did_read(lua_State *L) {
  lua_pushboolean(L, stream_self(L, &readable_class)->r.data_emitted);
  return 1;
}

static int get_encoding(lua_State *L) {
  const ReadState *r = &stream_self(L, &readable_class)->r;
  if (r->decoding) lua_pushstring(L, enc_name(r->decoder.enc));
  else lua_pushnil(L);
  return 1;
}

static int get_ended(lua_State *L) {
  lua_pushboolean(L, stream_self(L, &readable_class)->r.end_emitted);
  return 1;
}

static int get_flowing(lua_State *L) {
  const ReadState *r = &stream_self(L, &readable_class)->r;
  if (r->flowing_known) lua_pushboolean(L, r->flowing);
  else lua_pushnil(L);
  return 1;
}

static int get_hwm(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)stream_self(L, &readable_class)->r.hwm);
  return 1;
}

static int get_length(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)stream_self(L, &readable_class)->r.length);
  return 1;
}

static int get_object_mode(lua_State *L) {
  lua_pushboolean(L, stream_self(L, &readable_class)->r.object_mode);
  return 1;
}

static const FnDef readable_methods[] = {
  { "read", readable_lua_read, FN_METHOD, "read(size: integer?): Buffer|string|any",
    "Takes data out of the buffer: size bytes, or all there is; nil when there is not so much (yet). In "
    "object mode one object.",
    NULL, NULL, "Of text, size counts bytes, and no character is cut." },
  { "push", readable_lua_push, FN_METHOD, "push(chunk: string|Buffer|any, encoding: string?): boolean",
    "For the source: gives a chunk to the reader, nil for the end. False: enough for now, wait for the "
    "next call of _read.",
    NULL, NULL, NULL },
  { "unshift", readable_lua_unshift, FN_METHOD,
    "unshift(chunk: string|Buffer|any, encoding: string?): boolean",
    "Puts a chunk back at the front of the buffer.", NULL, NULL, NULL },
  { "pause", readable_lua_pause, FN_METHOD, "pause(): Readable",
    "Stops \"data\" events; the source is stopped once the buffer is full.", NULL, NULL, NULL },
  { "resume", readable_lua_resume, FN_METHOD, "resume(): Readable",
    "Lets data flow: what nobody listens to is lost.", NULL, NULL, NULL },
  { "isPaused", readable_is_paused, FN_METHOD, "isPaused(): boolean", "Was it paused?", NULL, NULL,
    NULL },
  { "setEncoding", readable_set_encoding, FN_METHOD, "setEncoding(encoding: string?): Readable",
    "Data comes as text from now on; a character in two chunks is never cut.", NULL, NULL, NULL },
  { "pipe", readable_pipe, FN_METHOD, "pipe(destination: Writable, options: table?): Writable",
    "Writes all data to the destination, no faster than it takes it, and ends it at the end. Returns the "
    "destination.",
    (const OptDef[]){ { "finish", "boolean", "true", "End the destination too; also as [\"end\"]." },
                      { 0 } },
    NULL, "The option end is [\"end\"] or finish." },
  { "iterator", readable_iterator, FN_METHOD, "iterator(options: table?): AsyncIterator",
    "Its chunks, to loop over where await works: for chunk in r:iterator() do. An error is raised "
    "there; leaving the loop destroys the stream.",
    (const OptDef[]){ { "destroyOnReturn", "boolean", "true", "false: leaving the loop only stops it." },
                      { 0 } },
    "local r = require(\"stream\").Readable.from { 1, 2, 3 }\nfor n in r:iterator() do print(n) end",
    "In Node a Readable itself can be looped over." },
  { "from", readable_from, FN_STATIC, "from(iterable: any, options: table?): Readable",
    "A Readable of the values of a sequence, of a function that is called for each (nil is the end; it "
    "may await) or of an async iterator; of a string or Buffer as one chunk. Values that are promises "
    "are waited for.",
    NULL, "require(\"stream\").Readable.from({ \"a\", \"b\" }):on(\"data\", print)", NULL },
  { "unpipe", readable_unpipe, FN_METHOD, "unpipe(destination: Writable?): Readable",
    "Takes off one destination of pipe, or all.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef readable_props[] = {
  { "readable", get_readable, NULL, "boolean", "Can it still be read from?" },
  { "readableAborted", get_aborted, NULL, "boolean", "Did it fail or was it destroyed before its end?" },
  { "readableDidRead", get_did_read, NULL, "boolean", "Has any data been handed out?" },
  { "readableEncoding", get_encoding, NULL, "string?", "The encoding of setEncoding." },
  { "readableEnded", get_ended, NULL, "boolean", "Has \"end\" been emitted?" },
  { "readableFlowing", get_flowing, NULL, "boolean?",
    "true: data flows; false: paused; nil: nobody has asked for data yet." },
  { "readableHighWaterMark", get_hwm, NULL, "integer", "How much is read ahead." },
  { "readableLength", get_length, NULL, "integer", "Bytes (or objects) in the buffer now." },
  { "readableObjectMode", get_object_mode, NULL, "boolean", "Are chunks any values?" },
  { 0 }
};

static const EventDef readable_events[] = {
  { "data", "chunk: Buffer|string|any", "A chunk of data. Listening lets data flow." },
  { "readable", "", "read() has something to give, or the end is reached." },
  { "end", "", "All data has been handed out." },
  { "pause", "", "pause() was called." },
  { "resume", "", "Data flows (again)." },
  { 0 }
};

const ClassDef readable_class = {
  .name = "Readable", .base = &stream_class, .alloc = readable_alloc, .init = readable_init,
  .listeners = readable_listeners, .methods = readable_methods, .props = readable_props,
  .events = readable_events,
  .doc = "A source of data, as Buffers (or text, or objects). Make one with Readable{ read = function(self, "
         "size) ... end } or with Readable:extend and a method _read, which push what they have.",
  .example = "local Readable = require(\"stream\").Readable\n"
             "local n = 0\n"
             "local r = Readable{ read = function(self) n = n + 1; self:push(n < 4 and tostring(n) or nil) end }\n"
             "r:on(\"data\", function(d) print(d) end)"
};
