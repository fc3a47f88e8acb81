/* SPDX-License-Identifier: MIT */
/* write_stream.c - WriteStream: what is written goes to a file, one write after the other. */
#include "streams.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>
#include "../buffer/buffer.h"
#include "../core/error.h"
#include "../core/opts.h"
#include "../events/events.h"
#include "args.h"
#include "ops.h"

/* Writes all of the job's buffers, however many calls that takes. */
static void run_write_all(Job *job) {
  for (unsigned i = 0; i < job->nbufs; i++) {
    while (job->bufs[i].len > 0) {
      ssize_t n = job->position < 0 ? write(job->fd, job->bufs[i].base, job->bufs[i].len)
                                    : pwrite(job->fd, job->bufs[i].base, job->bufs[i].len, job->position);
      if (n < 0 && errno == EINTR) continue;
      if (!job_check(job, n < 0 ? -1 : 0, "write", NULL, NULL)) return;
      if (job->position >= 0) job->position += n;
      job->bufs[i].base += n;
      job->bufs[i].len -= (size_t)n;
      job->n += n;
    }
  }
}

static const Op write_all = { "write", 0, 0, NULL, run_write_all, NULL };

static int written_deliver(lua_State *L, Job *job) {
  FileStream *f = file_stream_at(L, 3);
  f->bytes += job->n;
  if (f->position >= 0) f->position += job->n;
  f->busy = false;
  if (job->err) job_push_error(L, job);
  else lua_pushnil(L);
  writable_written(L, 3, job->err ? lua_gettop(L) : 0);
  if (!f->busy) file_stream_idle(L, 3, f);
  return 0;
}

/* Sends the job at its place with its n buffers; keep holds the bytes. Pops the Job. */
static void write_job(lua_State *L, int self, FileStream *f, Job *job, int keep) {
  job->fd = f->fd;
  job->position = f->position;
  job_keep(L, job, keep, KEEP_DATA);
  job_keep(L, job, self, KEEP_TARGET);
  job_start(L, job);
  f->busy = true;
  lua_settop(L, job->at - 1);
}

static void set_buf(lua_State *L, uv_buf_t *buf, int idx) {
  const char *bytes = "";
  size_t len = 0;
  (void)buffer_view(L, idx, &bytes, &len);
  buf->base = (char *)bytes;
  buf->len = len;
}

static void chunk_write(lua_State *L, int self, int chunk) {
  Job *job = job_new(L, &write_all, written_deliver);
  fs_bufs(L, job, 1);
  set_buf(L, job->bufs, chunk);
  write_job(L, self, file_stream_at(L, self), job, chunk);
}

static void chunks_write(lua_State *L, int self, int chunks) {
  Job *job = job_new(L, &write_all, written_deliver);
  size_t n = lua_rawlen(L, chunks);
  fs_bufs(L, job, n);
  for (size_t i = 0; i < n; i++) {
    lua_rawgeti(L, chunks, (lua_Integer)i + 1);
    set_buf(L, job->bufs + i, -1); /* the table keeps it */
    lua_pop(L, 1);
  }
  write_job(L, self, file_stream_at(L, self), job, chunks);
}

static const StreamImpl write_impl = { .write = chunk_write, .writev = chunks_write,
                                       .destroy = file_stream_destroy };

static int write_stream_alloc(lua_State *L) {
  (void)file_stream_new(L, &fs_write_stream_class, STREAM_WRITES, &write_impl);
  return 1;
}

static int write_stream_init(lua_State *L) {
  lua_settop(L, 3);
  FileStream *f = class_check(L, 1, &fs_write_stream_class);
  file_stream_init(L, f, O_WRONLY | O_CREAT | O_TRUNC);
  lua_getfield(L, 3, "encoding");
  f->stream.w.default_enc = arg_encoding(L, lua_gettop(L), f->stream.w.default_enc);
  return 0;
}

/* A listener of "finish": destroys the stream, its upvalue. */
static int destroy_finished(lua_State *L) {
  lua_pushvalue(L, lua_upvalueindex(1));
  stream_destroy(L, lua_gettop(L), 0);
  return 0;
}

/* close(callback): all is written, then the file is closed. */
static int write_stream_close(lua_State *L) {
  FileStream *f = class_check(L, 1, &fs_write_stream_class);
  lua_settop(L, 2);
  if (!lua_isnil(L, 2)) {
    arg_function(L, 2, "callback");
    if (f->stream.close_emitted) {
      rt_next_tick(L, 0);
      return 0;
    }
    emitter_on(L, 1, "close", false);
  }
  lua_settop(L, 1);
  if (!f->stream.auto_destroy) {
    lua_pushvalue(L, 1);
    lua_pushcclosure(L, destroy_finished, 1);
    emitter_on(L, 1, "finish", true);
  }
  writable_end(L, 1);
  return 0;
}

int fs_create_write_stream(lua_State *L) {
  lua_settop(L, 2);
  class_construct(L, &fs_write_stream_class, 2);
  return 1;
}

/* ---- rows ---- */

static const FnDef write_stream_methods[] = {
  { "close", write_stream_close, FN_METHOD, "close(callback: function?)",
    "Ends the stream; the callback is called once all is written and the file closed.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef write_stream_props[] = {
  { "path", file_stream_get_path, NULL, "string?", "The path it was opened with." },
  { "fd", file_stream_get_fd, NULL, "integer?", "The descriptor; nil until \"open\" and once it is closed." },
  { "pending", file_stream_get_pending, NULL, "boolean", "The file is not open yet." },
  { "bytesWritten", file_stream_get_bytes, NULL, "integer", "Bytes written so far." },
  { 0 }
};

static const EventDef write_stream_events[] = {
  { "open", "fd: integer", "The file is open." },
  { "ready", "", "Directly after \"open\"." },
  { 0 }
};

const ClassDef fs_write_stream_class = {
  .name = "WriteStream", .base = &writable_class, .alloc = write_stream_alloc, .init = write_stream_init,
  .gc = handle_gc, .methods = write_stream_methods, .props = write_stream_props,
  .events = write_stream_events,
  .doc = "A file that is written to: what fs.createWriteStream gives.",
  .example = "require(\"fs\").createWriteStream(\"/dev/null\"):finish(\"done\")"
};
