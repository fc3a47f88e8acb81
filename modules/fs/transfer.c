/* SPDX-License-Identifier: MIT */
/* transfer.c - read, readv, write, writev: bytes between Buffers and open files.
 *
 * A job borrows the memory of the Buffers it was given; they stay alive with it. The script may look at
 * them meanwhile, as in Node. */
#include "ops.h"

#include <errno.h>
#include <limits.h>
#include <sys/uio.h>
#include <unistd.h>
#include "../buffer/views.h"
#include "../core/error.h"
#include "../core/opts.h"
#include "args.h"

enum { DEFAULT_READ = 16384 };

static Buffer *check_buffer(lua_State *L, int idx) {
  Buffer *buf = any_view_test(L, idx);
  if (!buf) err_arg_type(L, idx, "buffer", "an instance of Buffer, TypedArray, or DataView");
  return buf;
}

/* ---- results ---- */

/* n and what it was done with: two results, for a promise one table. */
static int push_counted(lua_State *L, Job *job, const char *count, const char *what) {
  if (job->form != FORM_PROMISE) {
    lua_pushinteger(L, job->n);
    lua_getiuservalue(L, job->at, KEEP_DATA);
    return 2;
  }
  lua_createtable(L, 0, 2);
  lua_pushinteger(L, job->n);
  lua_setfield(L, -2, count);
  lua_getiuservalue(L, job->at, KEEP_DATA);
  lua_setfield(L, -2, what);
  return 1;
}

static int push_read(lua_State *L, Job *job) { return push_counted(L, job, "bytesRead", "buffer"); }
static int push_readv(lua_State *L, Job *job) { return push_counted(L, job, "bytesRead", "buffers"); }
static int push_write(lua_State *L, Job *job) { return push_counted(L, job, "bytesWritten", "buffer"); }
static int push_writev(lua_State *L, Job *job) { return push_counted(L, job, "bytesWritten", "buffers"); }

/* ---- read ---- */

/* The named fields of the options at idx take the places of offset, length, position. */
static void spread_options(lua_State *L, int idx, int offset_at) {
  static const char *const keys[] = { "offset", "length", "position" };
  lua_pushvalue(L, idx);
  for (int i = 0; i < 3; i++) {
    lua_getfield(L, -1, keys[i]);
    lua_replace(L, offset_at + i);
  }
  lua_pop(L, 1);
}

/* (fd, buffer, offset, length, position), (fd, buffer, options), (fd, options) */
static void parse_read(lua_State *L, Job *job) {
  fs_arg_fd(L, job, 1);
  if (!any_view_test(L, 2) && (lua_isnil(L, 2) ? job->form != FORM_SYNC : lua_istable(L, 2))) {
    lua_pushvalue(L, 2);
    (void)fs_field(L, 2, "buffer");
    if (lua_isnil(L, -1)) (void)buffer_push_new(L, DEFAULT_READ);
    lua_replace(L, 2);
    lua_replace(L, 3);
  }
  const Buffer *buf = check_buffer(L, 2);
  if (lua_istable(L, 3)) spread_options(L, 3, 3);
  else if (!lua_isnil(L, 3) && lua_type(L, 3) != LUA_TNUMBER) arg_table(L, 3, "options");
  lua_Integer size = (lua_Integer)buf->length;
  lua_Integer offset = lua_isnil(L, 3) ? 0 : arg_integer(L, 3, "offset", 0, FS_MAX_INTEGER);
  lua_Integer left = offset > size ? 0 : size - offset;
  lua_Integer len = lua_isnil(L, 4) ? left : arg_integer(L, 4, "length", INT32_MIN, INT32_MAX);
  if (len < 0) err_range(L, 4, "length", ">= 0");
  if (len > 0 && size == 0) err_arg_value(L, 2, "buffer", "is empty and cannot be written");
  if (len > left) err_range(L, 4, "length", lua_pushfstring(L, "<= %I", (LUAI_UACINT)left));
  job->position = fs_position(L, 5);
  fs_bufs(L, job, 1);
  job->bufs[0].base = buffer_bytes(buf) + (len > 0 ? offset : 0);
  job->bufs[0].len = (size_t)len;
  if (buf->store) job->store = store_ref(buf->store);
  job_keep(L, job, 2, KEEP_DATA);
}

/* Reads or writes job's buffers, as many at once as the system takes; uv_buf_t is an iovec on every Unix.
 * An error counts only while nothing has been moved. */
static void move_all(Job *job, bool writes) {
  const struct iovec *iov = (const struct iovec *)job->bufs;
  int64_t total = 0;
  for (unsigned at = 0; at < job->nbufs; at += IOV_MAX) {
    int count = (int)(job->nbufs - at < IOV_MAX ? job->nbufs - at : IOV_MAX);
    size_t want = 0;
    for (int i = 0; i < count; i++) want += iov[at + (unsigned)i].iov_len;
    ssize_t n;
    do {
      if (job->position < 0) n = (writes ? writev : readv)(job->fd, iov + at, count);
      else n = (writes ? pwritev : preadv)(job->fd, iov + at, count, job->position + total);
    } while (n < 0 && errno == EINTR);
    if (n < 0 && total == 0) {
      (void)job_check(job, -1, writes ? "write" : "read", NULL, NULL);
      return;
    }
    if (n < 0) break;
    total += n;
    if ((size_t)n < want) break;
  }
  job->n = total;
}

static void run_read(Job *job) { move_all(job, false); }

const Op op_read = { "read", 1, 5, parse_read, run_read, push_read };

/* ---- write ---- */

/* (fd, string, position, encoding) */
static void parse_write_text(lua_State *L, Job *job) {
  (void)fs_options(L, job, lua_type(L, 4) == LUA_TSTRING ? 4 : 0, false);
  if (!lua_isnil(L, 4) && lua_type(L, 4) != LUA_TSTRING) arg_string(L, 4, "encoding", NULL);
  job->position = lua_type(L, 3) == LUA_TNUMBER ? fs_position(L, 3) : -1;
  fs_arg_data(L, job, 2, "buffer");
}

/* (fd, buffer, offset, length, position), (fd, buffer, options) */
static void parse_write(lua_State *L, Job *job) {
  fs_arg_fd(L, job, 1);
  if (!any_view_test(L, 2)) {
    parse_write_text(L, job);
    return;
  }
  const Buffer *buf = check_buffer(L, 2);
  if (lua_istable(L, 3)) spread_options(L, 3, 3);
  lua_Integer size = (lua_Integer)buf->length;
  lua_Integer offset = lua_isnil(L, 3) ? 0 : arg_integer(L, 3, "offset", 0, FS_MAX_INTEGER);
  if (offset > size) err_range(L, 3, "offset", lua_pushfstring(L, "<= %I", (LUAI_UACINT)size));
  lua_Integer len = size - offset;
  if (lua_type(L, 4) == LUA_TNUMBER) {
    len = arg_integer(L, 4, "length", LUA_MININTEGER, LUA_MAXINTEGER);
    if (len > size - offset)
      err_range(L, 4, "length", lua_pushfstring(L, "<= %I", (LUAI_UACINT)(size - offset)));
    if (len < 0) err_range(L, 4, "length", ">= 0");
  }
  job->position = lua_type(L, 5) == LUA_TNUMBER ? fs_position(L, 5) : -1;
  fs_arg_data(L, job, 2, "buffer");
  job->bufs[0].base += offset;
  job->bufs[0].len = (size_t)len;
}

static void run_write(Job *job) { move_all(job, true); }

const Op op_write = { "write", 2, 5, parse_write, run_write, push_write };

/* ---- several buffers ---- */

/* (fd, buffers, position) */
static void parse_vector(lua_State *L, Job *job) {
  fs_arg_fd(L, job, 1);
  if (!lua_istable(L, 2)) err_arg_type(L, 2, "buffers", "a list of Buffers");
  lua_Unsigned n = lua_rawlen(L, 2);
  if (n > INT32_MAX) err_range(L, 2, "buffers.length", "<= 2147483647");
  fs_bufs(L, job, (size_t)n);
  lua_createtable(L, (int)n, 0); /* a list of the job's own: the script may change its one */
  for (lua_Unsigned i = 0; i < n; i++) {
    lua_rawgeti(L, 2, (lua_Integer)i + 1);
    const Buffer *buf = any_view_test(L, -1);
    if (!buf) err_arg_type(L, 2, "buffers", "a list of Buffers");
    job->bufs[i].base = buffer_bytes(buf);
    job->bufs[i].len = buf->length;
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  job->position = lua_type(L, 3) == LUA_TNUMBER ? fs_position(L, 3) : -1;
  job_keep(L, job, lua_gettop(L), KEEP_LIST);
  job_keep(L, job, 2, KEEP_DATA);
}

const Op op_readv = { "readv", 2, 3, parse_vector, run_read, push_readv };
const Op op_writev = { "writev", 2, 3, parse_vector, run_write, push_writev };
