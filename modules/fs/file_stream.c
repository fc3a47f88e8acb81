/* SPDX-License-Identifier: MIT */
/* file_stream.c - opening, closing and options of ReadStream and WriteStream.
 *
 * Until the file is open the stream counts as under construction: reads and writes wait, and a destroy
 * does so too. One operation at a time is under way, and closing waits for it, so a descriptor is never
 * closed beneath one. A stream that is collected open closes its file. */
#include "streams.h"

#include <unistd.h>
#include "../core/error.h"
#include "../core/opts.h"
#include "../events/events.h"
#include "../promise/promise.h"
#include "args.h"
#include "ops.h"


FileStream *file_stream_at(lua_State *L, int self) { return (FileStream *)stream_test(L, self); }

static FileStream *stream_self(lua_State *L) {
  FileStream *f = class_test(L, 1, &fs_read_stream_class);
  return f ? f : class_check(L, 1, &fs_write_stream_class);
}

/* The memory goes: nobody can close the file any more. One that came by fd is not ours. */
static void release(Handle *h) {
  FileStream *f = (FileStream *)h;
  if (f->fd >= 0 && f->own_fd) (void)close(f->fd);
  f->fd = -1;
}

FileStream *file_stream_new(lua_State *L, const ClassDef *cls, int halves, const StreamImpl *impl) {
  FileStream *f = stream_new(L, cls, sizeof *f, halves, impl, UV_FILE_COUNT);
  f->fd = -1;
  f->position = -1;
  f->last = INT64_MAX;
  f->stream.base.release = release;
  return f;
}

/* ---- opening ---- */

/* FORM_OWN: the file is open, or could not be. */
static int opened_deliver(lua_State *L, Job *job) {
  FileStream *f = file_stream_at(L, 3);
  f->opening = false;
  if (job->err) {
    job_push_error(L, job);
    stream_constructed(L, 3, lua_gettop(L));
    return 0;
  }
  f->own_fd = true;
  f->fd = job->new_fd;
  job->new_fd = -1;
  stream_constructed(L, 3, 0);
  lua_pushinteger(L, f->fd);
  (void)emit(L, 3, "open", 1);
  (void)emit(L, 3, "ready", 0);
  return 0;
}

static void begin_open(lua_State *L, int self, FileStream *f) {
  Job *job = job_new(L, &op_open, opened_deliver);
  lua_getiuservalue(L, self, UV_FILE_PATH);
  job->path = lua_tostring(L, -1);
  job_keep(L, job, lua_gettop(L), KEEP_PATH);
  job->flags = f->flags;
  job->mode = f->mode;
  job_keep(L, job, self, KEEP_TARGET);
  job_start(L, job);
  f->opening = true;
  f->stream.constructed = false;
  lua_settop(L, job->at - 1);
}

/* ---- options ---- */

/* A table at 3, whatever was there. */
static void options_table(lua_State *L) {
  if (lua_isnil(L, 3)) {
    lua_newtable(L);
    lua_replace(L, 3);
  } else if (lua_type(L, 3) == LUA_TSTRING) {
    lua_newtable(L);
    lua_pushvalue(L, 3);
    lua_setfield(L, -2, "encoding");
    lua_replace(L, 3);
  } else if (!lua_istable(L, 3)) {
    err_arg_type(L, 3, "options", "one of type string or table");
  }
}

/* options.fd at idx: a descriptor or a FileHandle. */
static void take_fd(lua_State *L, FileStream *f, int idx) {
  FileHandle *handle = file_handle_test(L, idx);
  if (!handle) {
    if (lua_type(L, idx) != LUA_TNUMBER)
      err_arg_type(L, idx, "options.fd", "of type number or an instance of FileHandle");
    f->fd = (int)arg_integer(L, idx, "fd", 0, INT32_MAX);
    return;
  }
  if (handle->fd < 0) err_raise(L, NULL, "EBADF", "file closed");
  if (handle->in_stream)
    err_raise(L, NULL, "ERR_METHOD_NOT_IMPLEMENTED", "The FileHandle is in use by a stream already");
  lua_pushvalue(L, idx);
  lua_setiuservalue(L, 1, UV_FILE_HANDLE);
  f->handle = handle;
  f->fd = handle->fd;
  handle->in_stream = true;
  file_handle_retain(handle);
}

void file_stream_init(lua_State *L, FileStream *f, int flags) {
  options_table(L);
  lua_settop(L, 3);
  int fd = fs_field(L, 3, "fd");
  if (lua_isnil(L, fd)) (void)fs_check_path(L, 2, "path");
  f->flags = fs_flags(L, fs_field(L, 3, "flags"), flags);
  f->mode = fs_mode(L, fs_field(L, 3, "mode"), "mode", 0666);
  int start = fs_field(L, 3, "start");
  if (!lua_isnil(L, start)) f->position = arg_integer(L, start, "start", 0, FS_MAX_INTEGER);
  f->flush = opt_boolean(L, 3, "flush", false);
  stream_options(L, 1, 3);
  f->stream.auto_destroy = opt_boolean(L, 3, "autoClose", true);
  lua_pushvalue(L, 2);
  lua_setiuservalue(L, 1, UV_FILE_PATH);
  if (!lua_isnil(L, fd)) take_fd(L, f, fd);
  else begin_open(L, 1, f);
  lua_settop(L, 3);
}

/* ---- closing ---- */

static void run_close_stream(Job *job) {
  if (job->flush && fsync(job->fd) < 0) (void)job_check(job, -1, "fsync", NULL, NULL);
  uv_fs_t req;
  int err = uv_fs_close(NULL, &req, job->fd, NULL);
  uv_fs_req_cleanup(&req);
  if (err < 0 && !job->err) job_fail(job, err, "close", NULL, NULL);
}

static const Op close_stream = { "close", 0, 0, NULL, run_close_stream, NULL };

static int closed_deliver(lua_State *L, Job *job) {
  lua_getiuservalue(L, 2, KEEP_DATA); /* the error it is destroyed with */
  if (job->err) {
    job_push_error(L, job);
    lua_replace(L, 4);
  }
  stream_destroyed(L, 3, 4);
  return 0;
}

/* upvalues: the stream, the error; for both ends of close() */
static int handle_closed(lua_State *L) {
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, lua_upvalueindex(2));
  stream_destroyed(L, lua_gettop(L) - 1, lua_gettop(L));
  return 0;
}

/* Lets go of a FileHandle: it is closed, too. */
static void close_handle(lua_State *L, int self, FileStream *f, int err) {
  int top = lua_gettop(L);
  lua_getiuservalue(L, self, UV_FILE_HANDLE);
  f->handle->in_stream = false;
  f->handle = NULL;
  file_handle_close(L, top + 1);
  file_handle_unref(L, top + 1);
  for (int i = 0; i < 2; i++) {
    lua_pushvalue(L, self);
    if (err) lua_pushvalue(L, err);
    else lua_pushnil(L);
    lua_pushcclosure(L, handle_closed, 2);
  }
  promise_on(L, top + 2);
  lua_settop(L, top);
}

static void close_file(lua_State *L, int self, FileStream *f, int err) {
  int fd = f->fd;
  f->fd = -1;
  if (fd < 0) {
    stream_destroyed(L, self, err);
  } else if (f->handle) {
    close_handle(L, self, f, err);
  } else {
    Job *job = job_new(L, &close_stream, closed_deliver);
    job->fd = fd;
    job->flush = f->flush;
    job_keep(L, job, self, KEEP_TARGET);
    if (err) job_keep(L, job, err, KEEP_DATA);
    job_start(L, job);
    lua_pop(L, 1);
  }
}

void file_stream_destroy(lua_State *L, int self, int err) {
  FileStream *f = file_stream_at(L, self);
  if (!f->busy) {
    close_file(L, self, f, err);
    return;
  }
  f->destroying = true;
  if (!err) return;
  lua_pushvalue(L, err);
  lua_setiuservalue(L, self, UV_FILE_ERROR);
}

void file_stream_idle(lua_State *L, int self, FileStream *f) {
  f->busy = false;
  if (!f->destroying) return;
  f->destroying = false;
  lua_getiuservalue(L, self, UV_FILE_ERROR);
  close_file(L, self, f, lua_gettop(L));
  lua_pop(L, 1);
}

/* ---- properties ---- */

int file_stream_get_path(lua_State *L) {
  (void)stream_self(L);
  lua_getiuservalue(L, 1, UV_FILE_PATH);
  return 1;
}

int file_stream_get_fd(lua_State *L) {
  const FileStream *f = stream_self(L);
  if (f->fd < 0) lua_pushnil(L);
  else lua_pushinteger(L, f->fd);
  return 1;
}

int file_stream_get_pending(lua_State *L) {
  lua_pushboolean(L, stream_self(L)->fd < 0);
  return 1;
}

int file_stream_get_bytes(lua_State *L) {
  lua_pushinteger(L, stream_self(L)->bytes);
  return 1;
}
