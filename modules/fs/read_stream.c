/* SPDX-License-Identifier: MIT */
/* read_stream.c - ReadStream: the bytes of a file, a slice at a time. */
#include "streams.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <unistd.h>
#include "../buffer/buffer.h"
#include "../core/error.h"
#include "../core/opts.h"
#include "../events/events.h"
#include "args.h"
#include "ops.h"

enum { SLICE = 64 * 1024 };

static int slice_deliver(lua_State *L, Job *job) {
  FileStream *f = file_stream_at(L, 3);
  if (f->stream.destroyed) {
    file_stream_idle(L, 3, f);
    return 0;
  }
  f->busy = false;
  if (job->err) {
    job_push_error(L, job);
    stream_fail(L, 3, lua_gettop(L), false);
  } else if (job->n == 0) {
    readable_push_end(L, 3);
  } else {
    size_t n = (size_t)job->n;
    f->bytes += job->n;
    if (f->position >= 0) f->position += job->n;
    if (n == job->store->size) {
      (void)buffer_push_store(L, job->store, 0, n);
      store_press(L, n);
    } else {
      (void)buffer_push_copy(L, job->store->data, n); /* a small slice does not hold a large block */
    }
    (void)readable_push(L, 3);
  }
  return 0;
}

/* How many bytes may still be read. */
static int64_t left_of(const FileStream *f) {
  int64_t at = f->position >= 0 ? f->position : f->bytes;
  if (f->last == INT64_MAX) return INT64_MAX;
  return f->last - at + 1;
}

static void slice_read(lua_State *L, int self, size_t n) {
  FileStream *f = file_stream_at(L, self);
  int64_t left = left_of(f);
  if (left <= 0) {
    readable_push_end(L, self);
    return;
  }
  if (n == 0) n = f->stream.r.hwm > 0 ? f->stream.r.hwm : SLICE;
  if ((int64_t)n > left) n = (size_t)left;
  Job *job = job_new(L, &op_read, slice_deliver);
  fs_bufs(L, job, 1);
  job->store = store_new(n);
  if (!job->store) luaL_error(L, "not enough memory");
  job->bufs[0].base = job->store->data;
  job->bufs[0].len = n;
  job->fd = f->fd;
  job->position = f->position;
  job_keep(L, job, self, KEEP_TARGET);
  job_start(L, job);
  f->busy = true;
  lua_pop(L, 1);
}

static const StreamImpl read_impl = { .read = slice_read, .destroy = file_stream_destroy };

static int read_stream_alloc(lua_State *L) {
  (void)file_stream_new(L, &fs_read_stream_class, STREAM_READS, &read_impl);
  return 1;
}

/* The last byte: "end" or finish of the options at 3. */
static int64_t read_last(lua_State *L) {
  int at = fs_field(L, 3, "end");
  if (lua_isnil(L, at)) at = fs_field(L, 3, "finish");
  if (lua_isnil(L, at) || (lua_type(L, at) == LUA_TNUMBER && lua_tonumber(L, at) == HUGE_VAL))
    return INT64_MAX;
  return arg_integer(L, at, "end", 0, FS_MAX_INTEGER);
}

static int read_stream_init(lua_State *L) {
  lua_settop(L, 3);
  FileStream *f = class_check(L, 1, &fs_read_stream_class);
  if (lua_istable(L, 3)) {
    int start = fs_field(L, 3, "start");
    f->last = read_last(L);
    if (lua_type(L, start) == LUA_TNUMBER && lua_tonumber(L, start) > (double)f->last)
      err_range(L, start, "start", lua_pushfstring(L, "<= \"end\" (here: %I)", (LUAI_UACINT)f->last));
  }
  bool own = lua_istable(L, 3) && fs_field(L, 3, "highWaterMark") && !lua_isnil(L, -1);
  lua_settop(L, 3);
  if (!own) f->stream.r.hwm = SLICE;
  file_stream_init(L, f, O_RDONLY);
  if (!own) f->stream.r.hwm = SLICE;
  return 0;
}

/* close(callback): destroy, and the callback when that is done. */
static int read_stream_close(lua_State *L) {
  FileStream *f = class_check(L, 1, &fs_read_stream_class);
  lua_settop(L, 2);
  if (!lua_isnil(L, 2)) {
    arg_function(L, 2, "callback");
    if (f->stream.close_emitted) rt_next_tick(L, 0);
    else emitter_on(L, 1, "close", true);
  }
  stream_destroy(L, 1, 0);
  return 0;
}

int fs_create_read_stream(lua_State *L) {
  lua_settop(L, 2);
  class_construct(L, &fs_read_stream_class, 2);
  return 1;
}

/* ---- rows ---- */

static const FnDef read_stream_methods[] = {
  { "close", read_stream_close, FN_METHOD, "close(callback: function?)",
    "Destroys the stream; the callback is called once the file is closed.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef read_stream_props[] = {
  { "path", file_stream_get_path, NULL, "string?", "The path it was opened with." },
  { "fd", file_stream_get_fd, NULL, "integer?", "The descriptor; nil until \"open\" and once it is closed." },
  { "pending", file_stream_get_pending, NULL, "boolean", "The file is not open yet." },
  { "bytesRead", file_stream_get_bytes, NULL, "integer", "Bytes read so far." },
  { 0 }
};

static const EventDef read_stream_events[] = {
  { "open", "fd: integer", "The file is open." },
  { "ready", "", "Directly after \"open\"." },
  { 0 }
};

const ClassDef fs_read_stream_class = {
  .name = "ReadStream", .base = &readable_class, .alloc = read_stream_alloc, .init = read_stream_init,
  .gc = handle_gc, .methods = read_stream_methods, .props = read_stream_props,
  .events = read_stream_events,
  .doc = "A file that is read in slices: what fs.createReadStream gives.",
  .example = "require(\"fs\").createReadStream(\"api.lua\", { finish = 9 }):on(\"data\", print)"
};
