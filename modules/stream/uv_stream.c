/* SPDX-License-Identifier: MIT */
/* uv_stream.c - see uv_stream.h.
 *
 * All sockets of a runtime read into one slab of 64 KiB, one after the other: libuv asks for memory,
 * reads and reports in one go. Each chunk is a window into the slab, so a hundred small messages share one
 * block and nothing is copied; a full slab is left to its chunks and replaced. */
#include "uv_stream.h"

#include <fcntl.h>
#include <stdlib.h>
#include "buffer/buffer.h"
#include "core/error.h"
#include "events/events.h"
#include "internal.h"

enum { SLAB_SIZE = 64 * 1024, SLAB_LEAST = 8 * 1024, FEW_CHUNKS = 32 };

Socket *socket_test(lua_State *L, int idx) { return class_test(L, idx, &socket_class); }

/* ---- the slab ---- */

struct Slab {
  Store *store;           /* owns a reference */
  size_t used;
  size_t fresh;           /* bytes of new stores that the collector does not know of */
};

static const char slab_key = 0;

static int slab_gc(lua_State *L) {
  Slab *slab = lua_touserdata(L, 1);
  store_unref(slab->store);
  slab->store = NULL;
  return 0;
}

static Slab *slab_of(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &slab_key) != LUA_TUSERDATA) {
    lua_pop(L, 1);
    Slab *made = lua_newuserdatauv(L, sizeof *made, 0);
    *made = (Slab){ NULL, 0, 0 };
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, slab_gc);
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &slab_key);
  }
  Slab *slab = lua_touserdata(L, -1);
  lua_pop(L, 1); /* the registry holds it */
  return slab;
}

/* libuv wants memory to read into; none is told by an empty buffer (ENOBUFS). */
static void on_alloc(uv_handle_t *uv, size_t suggested, uv_buf_t *buf) {
  (void)suggested;
  const Socket *k = uv->data;
  Slab *slab = k->slab;
  if (slab->store && atomic_load(&slab->store->refs) == 1) slab->used = 0; /* all chunks are gone */
  if (!slab->store || slab->store->size - slab->used < SLAB_LEAST) {
    store_unref(slab->store);
    slab->store = store_new(SLAB_SIZE);
    slab->used = 0;
    slab->fresh += SLAB_SIZE;
    const Runtime *rt = k->stream.base.rt;
    if (TRACING(rt)) trace_add(rt->trace, TRACE_BUF_ALLOC, (TraceArgs){ { SLAB_SIZE, 1 } }, NULL, NULL);
  }
  buf->base = slab->store ? slab->store->data + slab->used : NULL;
  buf->len = slab->store ? slab->store->size - slab->used : 0;
  if (k->read_most != 0 && k->read_most < buf->len) buf->len = k->read_most;
}

/* ---- life ---- */

/* Unpins the object when nothing can call back any more. */
static void socket_settle(Socket *k) {
  if (!k->reading && k->requests == 0 && !k->keep && handle_is_open(&k->stream.base))
    handle_unpin(&k->stream.base);
}

void socket_request_begins(lua_State *L, Socket *k, int self) {
  k->requests++;
  handle_pin(L, &k->stream.base, self);
}

void socket_request_ends(Socket *k) {
  k->requests--;
  socket_settle(k);
}

/* Standard input may be shared with the shell: what libuv set (O_NONBLOCK) is undone. */
static void restore_flags(Socket *k) {
  if (k->fd_flags >= 0) (void)fcntl(k->shared_fd, F_SETFL, k->fd_flags);
  k->fd_flags = -1;
}

static void socket_release(Handle *h) { restore_flags((Socket *)h); }

int socket_closed(lua_State *L) {
  Socket *k = lua_touserdata(L, 1);
  int self = handle_push(L, &k->stream.base);
  restore_flags(k);
  if (lua_isnil(L, self)) return 0;
  lua_pushboolean(L, k->had_error);
  emit(L, self, "close", 1);
  return 0;
}

static int tick_close_event(lua_State *L) {
  emit(L, 1, "close", 0); /* as in Node, without hadError where nothing was open */
  return 0;
}

static void socket_destroy(lua_State *L, int self, int err) {
  Socket *k = (Socket *)stream_at(L, self);
  bool open = handle_is_open(&k->stream.base);
  k->had_error = has_error(L, err);
  if (open) {
    socket_read_stop(k);
    handle_pin(L, &k->stream.base, self);
    handle_close(&k->stream.base);
  }
  stream_destroyed(L, self, err);
  if (!open) stream_tick(L, self, tick_close_event);
}

/* ---- reading ---- */

typedef struct ReadEvent {
  Socket *socket;
  ssize_t n;
} ReadEvent;

/* The bytes just read belong to a chunk now; a slab that nobody refers to is used again. */
static void slab_take(Slab *slab, size_t n) {
  slab->used += (n + 15) & ~(size_t)15;
  if (slab->used > slab->store->size) slab->used = slab->store->size;
}

/* Pushes a Buffer of n bytes of the slab from `at` on; new memory is told to the collector. [+1] */
static void slab_push(lua_State *L, Slab *slab, size_t at, size_t n) {
  size_t fresh = slab->fresh;
  buffer_push_store(L, slab->store, at, n);
  slab->fresh = 0;
  if (fresh > 0) store_press(L, fresh);
}

void socket_push_chunk(lua_State *L, Socket *k, const char *bytes, size_t n) {
  slab_push(L, k->slab, (size_t)(bytes - k->slab->store->data), n);
}

static void read_bytes(lua_State *L, int self, Socket *k, size_t n) {
  Slab *slab = k->slab;
  size_t at = slab->used;
  slab_take(slab, n);
  k->bytes_read += n;
  if (k->told.child && TRACING(k->stream.base.rt))
    trace_pipe(k->stream.base.rt->trace, k->told, slab->store->data + at, n, false);
  if (k->consume) {
    k->consume(L, self, slab->store->data + at, (ssize_t)n);
    return;
  }
  slab_push(L, slab, at, n);
  if (!readable_push(L, self)) socket_read_stop(k);
}

/* Body: bytes, the end, or an error. */
static int read_deliver(lua_State *L) {
  const ReadEvent *ev = lua_touserdata(L, 1);
  Socket *k = ev->socket;
  int self = handle_push(L, &k->stream.base);
  if (lua_isnil(L, self) || k->stream.destroyed) return 0;
  k->active = uv_now(&k->stream.base.rt->loop);
  if (ev->n > 0) {
    read_bytes(L, self, k, (size_t)ev->n);
    return 0;
  }
  if (k->consume) {
    k->consume(L, self, "", ev->n);
    if (k->stream.destroyed) return 0;
  }
  if (ev->n == UV_EOF) {
    socket_read_stop(k);
    readable_push_end(L, self);
    readable_read(L, self, 0);
  } else {
    err_push_uv(L, (int)ev->n, "read");
    stream_destroy(L, self, lua_gettop(L));
  }
  return 0;
}

static void on_read(uv_stream_t *uv, ssize_t n, const uv_buf_t *buf) {
  (void)buf;
  ReadEvent ev = { uv->data, n };
  if (n == 0) return; /* nothing there after all */
  (void)rt_enter(ev.socket->stream.base.rt, read_deliver, &ev);
  socket_settle(ev.socket);
}

void socket_read_stop(Socket *k) {
  if (!k->reading) return;
  k->reading = false;
  if (handle_is_open(&k->stream.base)) (void)uv_read_stop(&k->uv.stream); /* always 0 */
}

static void socket_read(lua_State *L, int self, size_t n) {
  (void)n;
  Socket *k = (Socket *)stream_at(L, self);
  if (k->reading || !handle_is_open(&k->stream.base)) return;
  int err = uv_read_start(&k->uv.stream, on_alloc, on_read);
  if (err < 0) {
    err_push_uv(L, err, "read");
    stream_destroy(L, self, lua_gettop(L));
    lua_pop(L, 1);
    return;
  }
  k->reading = true;
  handle_pin(L, &k->stream.base, self);
}

/* ---- requests ---- */

typedef struct Request {
  union {
    uv_write_t write;
    uv_shutdown_t shutdown;
  } uv;
  Socket *socket;
  int pin;                /* what is written, in rt->pins; 0: nothing */
  int status;
} Request;

static Request *request_new(Socket *k) {
  Request *req = calloc(1, sizeof *req);
  if (req) req->socket = k;
  return req;
}

/* The request is over: body tells the stream, then all is let go. Takes req. */
static void request_over(Request *req, int status, lua_CFunction body) {
  Socket *k = req->socket;
  req->status = status;
  (void)rt_enter(k->stream.base.rt, body, req);
  if (req->pin) rt_unpin(k->stream.base.rt, req->pin);
  free(req);
  socket_request_ends(k);
}

static int write_deliver(lua_State *L) {
  const Request *req = lua_touserdata(L, 1);
  Socket *k = req->socket;
  int self = handle_push(L, &k->stream.base), err = 0;
  if (lua_isnil(L, self)) return 0;
  k->active = uv_now(&k->stream.base.rt->loop);
  if (req->status < 0 && !k->stream.destroyed) {
    err_push_uv(L, req->status, "write");
    err = lua_gettop(L);
  }
  writable_written(L, self, err);
  return 0;
}

static void on_write(uv_write_t *uv, int status) { request_over(uv->data, status, write_deliver); }

static void write_error(lua_State *L, int self, int status) {
  err_push_uv(L, status, "write");
  writable_written(L, self, lua_gettop(L));
  lua_pop(L, 1);
}

/* Leaves out the first `done` bytes of the buffers. */
static int skip_written(uv_buf_t **bufs, unsigned *count, size_t done) {
  while (*count > 0 && done >= (*bufs)->len) {
    done -= (*bufs)->len;
    (*bufs)++;
    (*count)--;
  }
  if (*count > 0) {
    (*bufs)->base += done;
    (*bufs)->len -= done;
  }
  return *count > 0;
}

/* The kernel has taken n bytes of the buffers at once. */
static void trace_written(const Socket *k, const uv_buf_t *bufs, unsigned count, int n) {
  size_t len = 0, taken = n > 0 ? (size_t)n : 0;
  for (unsigned i = 0; i < count; i++) len += bufs[i].len;
  TraceArgs args = { { k->told.fd, (int64_t)len, taken < len, k->told.child } };
  trace_add_bytes(k->stream.base.rt->trace, TRACE_STDIO, 0, args, bufs[0].base, count ? bufs[0].len : 0, 0);
}

/* Writes what the kernel takes now, queues the rest. keep: the value that holds the bytes. */
static void write_buffers(lua_State *L, int self, uv_buf_t *bufs, unsigned count, int keep) {
  Socket *k = (Socket *)stream_at(L, self);
  if (!handle_is_open(&k->stream.base)) {
    err_push(L, NULL, "ERR_SOCKET_CLOSED", "Socket is closed");
    writable_written(L, self, lua_gettop(L));
    lua_pop(L, 1);
    return;
  }
  for (unsigned i = 0; i < count; i++) k->bytes_written += bufs[i].len;
  k->active = uv_now(&k->stream.base.rt->loop);
  int n = uv_try_write(&k->uv.stream, bufs, count);
  if (k->told.child && TRACING(k->stream.base.rt)) trace_written(k, bufs, count, n);
  if (n < 0 && n != UV_EAGAIN && n != UV_ENOSYS) {
    write_error(L, self, n);
    return;
  }
  if (!skip_written(&bufs, &count, n > 0 ? (size_t)n : 0)) {
    writable_written(L, self, 0);
    return;
  }
  Request *req = request_new(k);
  if (!req) {
    write_error(L, self, UV_ENOMEM);
    return;
  }
  lua_pushvalue(L, keep);
  req->pin = rt_pin(L);
  req->uv.write.data = req;
  int err = uv_write(&req->uv.write, &k->uv.stream, bufs, count, on_write);
  if (err < 0) {
    rt_unpin(k->stream.base.rt, req->pin);
    free(req);
    write_error(L, self, err);
    return;
  }
  socket_request_begins(L, k, self);
}

static uv_buf_t buf_of(lua_State *L, int idx) {
  const char *bytes = "";
  size_t len = 0;
  (void)buffer_view(L, idx, &bytes, &len);
  return uv_buf_init((char *)bytes, (unsigned)len);
}

static void socket_write(lua_State *L, int self, int chunk) {
  uv_buf_t buf = buf_of(L, chunk);
  write_buffers(L, self, &buf, 1, chunk);
}

static void socket_writev(lua_State *L, int self, int chunks) {
  uv_buf_t few[FEW_CHUNKS], *bufs = few;
  lua_Integer n = (lua_Integer)lua_rawlen(L, chunks);
  int top = lua_gettop(L);
  if (n > FEW_CHUNKS) bufs = lua_newuserdatauv(L, (size_t)n * sizeof *bufs, 0);
  for (lua_Integer i = 0; i < n; i++) {
    lua_rawgeti(L, chunks, i + 1);
    bufs[i] = buf_of(L, -1); /* the table keeps it */
    lua_pop(L, 1);
  }
  write_buffers(L, self, bufs, (unsigned)n, chunks);
  lua_settop(L, top);
}

static int shutdown_deliver(lua_State *L) {
  const Request *req = lua_touserdata(L, 1);
  int self = handle_push(L, &req->socket->stream.base);
  if (!lua_isnil(L, self)) writable_finalled(L, self, 0);
  return 0;
}

static void on_shutdown(uv_shutdown_t *uv, int status) {
  request_over(uv->data, status, shutdown_deliver);
}

static void socket_final(lua_State *L, int self) {
  Socket *k = (Socket *)stream_at(L, self);
  int err = UV_ENOTCONN;
  Request *req = handle_is_open(&k->stream.base) ? request_new(k) : NULL;
  if (req) {
    req->uv.shutdown.data = req;
    err = uv_shutdown(&req->uv.shutdown, &k->uv.stream, on_shutdown);
    if (err == 0) {
      socket_request_begins(L, k, self);
      return;
    }
    free(req);
  }
  if (err == UV_ENOTCONN) {
    writable_finalled(L, self, 0);
    return;
  }
  err_push_uv(L, err, "shutdown");
  writable_finalled(L, self, lua_gettop(L));
  lua_pop(L, 1);
}

const StreamImpl socket_impl = {
  .read = socket_read, .write = socket_write, .writev = socket_writev, .final = socket_final,
  .destroy = socket_destroy
};

/* ---- making ---- */

void *socket_new(lua_State *L, const ClassDef *cls, size_t size, int extra) {
  Slab *slab = slab_of(L);
  Socket *k = stream_new(L, cls, size, STREAM_READS | STREAM_WRITES, &socket_impl, extra);
  k->slab = slab;
  k->fd_flags = k->shared_fd = -1;
  k->stream.base.release = socket_release;
  k->stream.base.closed = socket_closed;
  k->stream.emit_close = false; /* `close` comes when libuv has closed the handle */
  k->stream.allow_half_open = false;
  return k;
}

void socket_opened(Socket *k) { handle_opened(&k->stream.base, &k->uv.handle); }

Socket *socket_new_pipe(lua_State *L, bool ipc) {
  Socket *k = socket_new(L, &socket_class, sizeof *k, 0);
  int err = uv_pipe_init(&rt_of(L)->loop, &k->uv.pipe, ipc);
  if (err < 0) err_raise_uv(L, err, "uv_pipe_init");
  socket_opened(k);
  return k;
}

void socket_start(lua_State *L, int self, bool readable, bool writable, bool paused) {
  Stream *s = stream_at(L, self);
  if (!readable) s->r.off = s->r.ended = s->r.end_emitted = true;
  if (!writable) s->w.off = s->w.ending = s->w.ended = s->w.finished = true;
  if (!readable || paused) return;
  readable_read(L, self, 0);
  lua_pop(L, 1);
}

static int socket_alloc(lua_State *L) {
  socket_new(L, &socket_class, sizeof(Socket), 0);
  return 1;
}

/* ---- rows ---- */

static Socket *socket_self(lua_State *L) { return class_check(L, 1, &socket_class); }

/* write on a socket that the other side has ended, and that has ended itself for that */
static int socket_lua_write(lua_State *L) {
  Socket *k = socket_self(L);
  if (!k->stream.r.end_emitted || k->stream.r.off || k->stream.allow_half_open || !k->stream.w.ending)
    return writable_lua_write(L);
  lua_settop(L, 4);
  int cb = lua_isfunction(L, 3) ? 3 : 4;
  err_push(L, NULL, NULL, "This socket has been ended by the other party");
  lua_pushliteral(L, "EPIPE");
  lua_setfield(L, 5, "code");
  if (lua_isfunction(L, cb)) {
    lua_pushvalue(L, cb);
    lua_pushvalue(L, 5);
    rt_next_tick(L, 1);
  }
  stream_destroy(L, 1, 5);
  lua_pushboolean(L, false);
  return 1;
}

static int get_bytes_read(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)socket_self(L)->bytes_read);
  return 1;
}

/* What waits counts too: it has been accepted. */
static int get_bytes_written(lua_State *L) {
  const Socket *k = socket_self(L);
  size_t waiting = k->stream.w.length - k->stream.w.writing_len;
  lua_pushinteger(L, (lua_Integer)(k->bytes_written + waiting));
  return 1;
}

static const FnDef socket_methods[] = {
  { "write", socket_lua_write, FN_METHOD,
    "write(chunk: string|Buffer, encoding: string?, callback: function?): boolean",
    "Writes a chunk; callback(err) when it is done. False: the other side is slower, wait for \"drain\".",
    NULL, NULL, NULL },
  { "ref", handle_lua_ref, FN_METHOD, "ref(): Socket", "Lets it keep the program running (again).", NULL,
    NULL, NULL },
  { "unref", handle_lua_unref, FN_METHOD, "unref(): Socket", "The program may end while it is open.", NULL,
    NULL, NULL },
  { 0 }
};

static const PropDef socket_props[] = {
  { "bytesRead", get_bytes_read, NULL, "integer", "Bytes that have come in." },
  { "bytesWritten", get_bytes_written, NULL, "integer", "Bytes written, those that still wait included." },
  { 0 }
};

static const EventDef socket_events[] = {
  { "close", "hadError: boolean", "The descriptor is closed." },
  { 0 }
};

const ClassDef socket_class = {
  .name = "Socket", .base = &duplex_class, .alloc = socket_alloc, .gc = handle_gc,
  .methods = socket_methods, .props = socket_props, .events = socket_events,
  .doc = "A connection or pipe to another process: what is written comes out on the other side."
};
