/* SPDX-License-Identifier: MIT */
/* file_handle.c - see file_handle.h.
 *
 * Each method is the promise form of an operation with the handle in place of the descriptor. The handle
 * counts what is under way, and close() waits for it. One that is collected open closes, and says so. */
#include "file_handle.h"

#include <unistd.h>
#include "../core/error.h"
#include "../core/opts.h"
#include "../events/events.h"
#include "../promise/promise.h"
#include "job.h"
#include "ops.h"
#include "streams.h"
#include "write_from.h"

enum { UV_CLOSE_PROMISE = UV_CLASS, UV_HANDLE_COUNT = 1 };

FileHandle *file_handle_push(lua_State *L, int fd) {
  FileHandle *handle = class_new(L, &file_handle_class, sizeof *handle, UV_HANDLE_COUNT);
  handle->fd = fd;
  handle->closing = -1;
  return handle;
}

FileHandle *file_handle_test(lua_State *L, int idx) { return class_test(L, idx, &file_handle_class); }

static FileHandle *handle_self(lua_State *L) { return class_check(L, 1, &file_handle_class); }

/* ---- closing ---- */

/* FORM_OWN: the descriptor is closed; the target is the FileHandle. */
static int closed_deliver(lua_State *L, Job *job) {
  lua_getiuservalue(L, 3, UV_CLOSE_PROMISE);
  int promise = lua_gettop(L);
  if (job->err) {
    job_push_error(L, job);
    promise_reject(L, promise);
  } else {
    lua_pushnil(L);
    promise_resolve(L, promise);
  }
  (void)emit(L, 3, "close", 0);
  return 0;
}

/* Sends the close of the FileHandle at idx to the pool. */
static void close_now(lua_State *L, int idx, FileHandle *handle) {
  Job *job = job_new(L, &op_close, closed_deliver);
  job->fd = handle->closing;
  job_keep(L, job, idx, KEEP_TARGET);
  job_start(L, job);
  handle->closing = -1;
  lua_pop(L, 1);
}

void file_handle_retain(FileHandle *handle) { handle->refs++; }

/* A Job of the handle is at 2, or the handle itself at the top. */
static void release_at(lua_State *L, int idx, FileHandle *handle) {
  if (--handle->refs == 0 && handle->closing >= 0) close_now(L, idx, handle);
}

void file_handle_release(lua_State *L, FileHandle *handle) {
  lua_getiuservalue(L, 2, KEEP_HANDLE);
  release_at(L, lua_gettop(L), handle);
  lua_pop(L, 1);
}

void file_handle_unref(lua_State *L, int idx) { release_at(L, idx, file_handle_test(L, idx)); }

void file_handle_close(lua_State *L, int idx) {
  FileHandle *handle = file_handle_test(L, idx);
  idx = lua_absindex(L, idx);
  if (lua_getiuservalue(L, idx, UV_CLOSE_PROMISE) != LUA_TNIL) return; /* closed, or about to be */
  lua_pop(L, 1);
  promise_new(L);
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, idx, UV_CLOSE_PROMISE);
  handle->closing = handle->fd;
  handle->fd = -1;
  if (handle->refs == 0) close_now(L, idx, handle);
}

static int handle_lua_close(lua_State *L) {
  (void)handle_self(L);
  lua_settop(L, 1);
  file_handle_close(L, 1);
  return 1;
}

/* Pushes a warning, with the name and the code given. [+1] */
static void push_warning(lua_State *L, const char *name, const char *code, const char *text) {
  err_push(L, NULL, code, "%s", text);
  lua_pushstring(L, name);
  lua_setfield(L, -2, "name");
}

static void warn_collected(lua_State *L, int fd) {
  lua_pushfstring(L, "Closing file descriptor %d on garbage collection", fd);
  push_warning(L, "Warning", NULL, lua_tostring(L, -1));
  rt_warning(L);
  lua_pop(L, 1);
  push_warning(L, "DeprecationWarning", "DEP0137",
               "Closing a FileHandle object on garbage collection is deprecated. Please close FileHandle "
               "objects explicitly using FileHandle:close(). In the future, an error will be thrown if a "
               "file descriptor is closed during garbage collection.");
  rt_warning(L);
}

static int collect(lua_State *L) {
  FileHandle *handle = file_handle_test(L, 1);
  int fd = handle ? (handle->closing >= 0 ? handle->closing : handle->fd) : -1;
  if (fd < 0) return 0;
  handle->fd = handle->closing = -1;
  (void)close(fd); /* nobody is left to be told */
  if (!rt_of(L)->stopping) warn_collected(L, fd);
  return 0;
}

/* ---- methods ---- */

static int handle_method(lua_State *L, const Op *op) {
  (void)handle_self(L);
  return op_promise(L, op);
}

static int handle_write_from(lua_State *L, const Op *op) {
  (void)handle_self(L);
  return fs_write_from(L, op, "w");
}

static int handle_append_file(lua_State *L) { return handle_write_from(L, &op_append_file); }
static int handle_chmod(lua_State *L) { return handle_method(L, &op_fchmod); }
static int handle_chown(lua_State *L) { return handle_method(L, &op_fchown); }
static int handle_datasync(lua_State *L) { return handle_method(L, &op_fdatasync); }
static int handle_read(lua_State *L) { return handle_method(L, &op_read); }
static int handle_readv(lua_State *L) { return handle_method(L, &op_readv); }
static int handle_read_file(lua_State *L) { return handle_method(L, &op_read_file); }
static int handle_stat(lua_State *L) { return handle_method(L, &op_fstat); }
static int handle_sync(lua_State *L) { return handle_method(L, &op_fsync); }
static int handle_truncate(lua_State *L) { return handle_method(L, &op_ftruncate); }
static int handle_utimes(lua_State *L) { return handle_method(L, &op_futimes); }
static int handle_write(lua_State *L) { return handle_method(L, &op_write); }
static int handle_writev(lua_State *L) { return handle_method(L, &op_writev); }
static int handle_write_file(lua_State *L) { return handle_write_from(L, &op_write_file); }

/* (options) with the handle as its fd. */
static int handle_stream(lua_State *L, lua_CFunction make) {
  (void)handle_self(L);
  lua_settop(L, 2);
  if (!lua_isnil(L, 2)) arg_table(L, 2, "options");
  lua_newtable(L);
  if (!lua_isnil(L, 2)) {
    for (lua_pushnil(L); lua_next(L, 2);) {
      lua_pushvalue(L, -2);
      lua_insert(L, -2);
      lua_rawset(L, 3);
    }
  }
  lua_pushvalue(L, 1);
  lua_setfield(L, 3, "fd");
  lua_pushcfunction(L, make);
  lua_pushnil(L);
  lua_pushvalue(L, 3);
  lua_call(L, 2, 1);
  return 1;
}

static int handle_read_stream(lua_State *L) { return handle_stream(L, fs_create_read_stream); }
static int handle_write_stream(lua_State *L) { return handle_stream(L, fs_create_write_stream); }

/* readLines(options): the lines of createReadStream(options), as an Interface of readline */
static int handle_read_lines(lua_State *L) {
  (void)handle_read_stream(L);
  int stream = lua_gettop(L);
  if (!rt_require_builtin(L, "readline")) return luaL_error(L, "module readline is missing");
  lua_getfield(L, -1, "createInterface");
  lua_createtable(L, 0, 1);
  lua_pushvalue(L, stream);
  lua_setfield(L, -2, "input");
  lua_call(L, 1, 1);
  return 1;
}

static int handle_get_fd(lua_State *L) {
  lua_pushinteger(L, handle_self(L)->fd);
  return 1;
}

/* ---- rows ---- */

static const FnDef handle_methods[] = {
  { "appendFile", handle_append_file, FN_METHOD,
    "appendFile(data: any, options: table|string?): Promise", "Writes at the current position; data as for fs.promises.writeFile.",
    NULL, NULL, NULL },
  { "chmod", handle_chmod, FN_METHOD, "chmod(mode: integer|string): Promise", "Sets the permissions.", NULL,
    NULL, NULL },
  { "chown", handle_chown, FN_METHOD, "chown(uid: integer, gid: integer): Promise", "Sets the owner.", NULL,
    NULL, NULL },
  { "close", handle_lua_close, FN_METHOD, "close(): Promise",
    "Closes the file once all that is under way is done. Closing twice is harmless.", NULL, NULL, NULL },
  { "createReadStream", handle_read_stream, FN_METHOD, "createReadStream(options: table?): ReadStream",
    "A stream of the file's bytes; options as for fs.createReadStream.", NULL, NULL, NULL },
  { "createWriteStream", handle_write_stream, FN_METHOD, "createWriteStream(options: table?): WriteStream",
    "A stream into the file; options as for fs.createWriteStream.", NULL, NULL, NULL },
  { "datasync", handle_datasync, FN_METHOD, "datasync(): Promise", "Waits until the data is on the disk.",
    NULL, NULL, NULL },
  { "read", handle_read, FN_METHOD,
    "read(buffer: Buffer|table?, offset: integer|table?, length: integer?, position: integer?): Promise",
    "Reads into the Buffer (one of 16 KiB when none is given): { bytesRead, buffer }.", NULL, NULL, NULL },
  { "readFile", handle_read_file, FN_METHOD, "readFile(options: table|string?): Promise",
    "The rest of the file, a Buffer or with an encoding a string.", NULL, NULL, NULL },
  { "readLines", handle_read_lines, FN_METHOD, "readLines(options: table?): Interface",
    "The file's lines, from where it stands: `for line in f:readLines():iterator() do ... end`. Options as "
    "for createReadStream.", NULL, NULL, NULL },
  { "readv", handle_readv, FN_METHOD, "readv(buffers: Buffer[], position: integer?): Promise",
    "Fills one Buffer after the other: { bytesRead, buffers }.", NULL, NULL, NULL },
  { "stat", handle_stat, FN_METHOD, "stat(options: table?): Promise", "The file's Stats.", NULL, NULL,
    NULL },
  { "sync", handle_sync, FN_METHOD, "sync(): Promise", "Waits until data and attributes are on the disk.",
    NULL, NULL, NULL },
  { "truncate", handle_truncate, FN_METHOD, "truncate(len: integer?): Promise",
    "Cuts the file, or fills it with zeros, to len bytes: 0 unless given.", NULL, NULL, NULL },
  { "utimes", handle_utimes, FN_METHOD, "utimes(atime: number, mtime: number): Promise",
    "Sets the times of access and change, in seconds.", NULL, NULL, NULL },
  { "write", handle_write, FN_METHOD,
    "write(buffer: Buffer|string, offset: integer|table?, length: integer|string?, position: integer?): "
    "Promise",
    "Writes a Buffer, or a string (then position and encoding follow): { bytesWritten, buffer }.", NULL,
    NULL, NULL },
  { "writeFile", handle_write_file, FN_METHOD,
    "writeFile(data: any, options: table|string?): Promise", "Writes at the current position; data as for fs.promises.writeFile.",
    NULL, NULL, NULL },
  { "writev", handle_writev, FN_METHOD, "writev(buffers: Buffer[], position: integer?): Promise",
    "Writes one Buffer after the other: { bytesWritten, buffers }.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef handle_props[] = {
  { "fd", handle_get_fd, NULL, "integer", "The descriptor, -1 once close was called." }, { 0 }
};

static const EventDef handle_events[] = { { "close", "", "The file is closed." }, { 0 } };

const ClassDef file_handle_class = {
  .name = "FileHandle", .base = &event_emitter_class, .abstract = true, .gc = collect,
  .methods = handle_methods, .props = handle_props, .events = handle_events,
  .doc = "An open file of fs/promises; its methods return promises. Close it: the collector does so only "
         "with a warning."
};
