/* SPDX-License-Identifier: MIT */
/* descriptors.c - operations on open files, and opening and closing them. */
#include "ops.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../core/opts.h"
#include "args.h"
#include "file_handle.h"

static void parse_fd(lua_State *L, Job *job) { fs_arg_fd(L, job, 1); }

/* ---- open and close ---- */

static void parse_open(lua_State *L, Job *job) {
  parse_path(L, job);
  job->flags = fs_flags(L, 2, O_RDONLY);
  job->mode = fs_mode(L, 3, "mode", 0666);
}

static void run_open(Job *job) {
  job->new_fd = open(job->path, job->flags | O_CLOEXEC, job->mode);
  (void)job_check(job, job->new_fd, "open", job->path, NULL);
}

static int push_fd(lua_State *L, Job *job) {
  lua_pushinteger(L, job->new_fd);
  job->new_fd = -1; /* the script's from here on */
  return 1;
}

const Op op_open = { "open", 1, 3, parse_open, run_open, push_fd };

static int push_handle(lua_State *L, Job *job) {
  int fd = job->new_fd;
  (void)file_handle_push(L, -1);
  job->new_fd = -1;
  file_handle_test(L, lua_gettop(L))->fd = fd;
  return 1;
}

const Op op_open_handle = { "open", 1, 3, parse_open, run_open, push_handle };

/* Linux has closed the descriptor even when it was interrupted. */
static void run_close(Job *job) {
  uv_fs_t req;
  int err = uv_fs_close(NULL, &req, job->fd, NULL);
  uv_fs_req_cleanup(&req);
  if (err < 0) job_fail(job, err, "close", NULL, NULL);
}

const Op op_close = { "close", 1, 1, parse_fd, run_close, NULL };

/* ---- to the disk ---- */

static void run_fsync(Job *job) { (void)job_check(job, fsync(job->fd), "fsync", NULL, NULL); }
static void run_fdatasync(Job *job) { (void)job_check(job, fdatasync(job->fd), "fdatasync", NULL, NULL); }

const Op op_fsync = { "fsync", 1, 1, parse_fd, run_fsync, NULL };
const Op op_fdatasync = { "fdatasync", 1, 1, parse_fd, run_fdatasync, NULL };

/* ---- size, permissions, owner, times ---- */

static void parse_ftruncate(lua_State *L, Job *job) {
  fs_arg_fd(L, job, 1);
  lua_Integer len = lua_isnil(L, 2) ? 0 : arg_integer(L, 2, "len", -FS_MAX_INTEGER, FS_MAX_INTEGER);
  job->n = len < 0 ? 0 : len;
}

static void run_ftruncate(Job *job) {
  (void)job_check(job, ftruncate(job->fd, job->n), "ftruncate", NULL, NULL);
}

const Op op_ftruncate = { "ftruncate", 1, 2, parse_ftruncate, run_ftruncate, NULL };

static void parse_fchmod(lua_State *L, Job *job) {
  fs_arg_fd(L, job, 1);
  job->mode = fs_mode(L, 2, "mode", -1);
}

static void run_fchmod(Job *job) { (void)job_check(job, fchmod(job->fd, job->mode), "fchmod", NULL, NULL); }

const Op op_fchmod = { "fchmod", 2, 2, parse_fchmod, run_fchmod, NULL };

static void parse_fchown(lua_State *L, Job *job) {
  fs_arg_fd(L, job, 1);
  job->a = arg_integer(L, 2, "uid", -1, UINT32_MAX);
  job->b = arg_integer(L, 3, "gid", -1, UINT32_MAX);
}

static void run_fchown(Job *job) {
  (void)job_check(job, fchown(job->fd, (uid_t)job->a, (gid_t)job->b), "fchown", NULL, NULL);
}

const Op op_fchown = { "fchown", 3, 3, parse_fchown, run_fchown, NULL };

static void parse_futimes(lua_State *L, Job *job) {
  fs_arg_fd(L, job, 1);
  job->atime = fs_time(L, 2);
  job->mtime = fs_time(L, 3);
}

static void run_futimes(Job *job) {
  uv_fs_t req;
  int err = uv_fs_futime(NULL, &req, job->fd, job->atime, job->mtime, NULL);
  uv_fs_req_cleanup(&req);
  if (err < 0) job_fail(job, err, "futime", NULL, NULL);
}

const Op op_futimes = { "futimes", 3, 3, parse_futimes, run_futimes, NULL };
