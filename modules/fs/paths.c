/* SPDX-License-Identifier: MIT */
/* paths.c - operations on names: permissions, owners, times, links, renaming, making folders. */
#include "ops.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../buffer/buffer.h"
#include "../core/error.h"
#include "../core/opts.h"
#include "args.h"

void parse_path(lua_State *L, Job *job) { fs_arg_path(L, job, 1, "path", KEEP_PATH); }

void parse_path_options(lua_State *L, Job *job) {
  parse_path(L, job);
  (void)fs_options(L, job, 2, false);
}

int push_text(lua_State *L, Job *job) {
  fs_push_name(L, job, job->out.p ? job->out.p : "", job->out.len);
  return 1;
}

/* ---- access, exists ---- */

/* 0 to 7, with words of its own in Node. */
static int small_mode(lua_State *L, int idx) {
  if (lua_isnil(L, idx)) return 0;
  lua_Integer n = arg_integer(L, idx, "mode", LUA_MININTEGER, LUA_MAXINTEGER);
  if (n < 0 || n > 7)
    err_raise(L, &range_error_class, "ERR_OUT_OF_RANGE", "mode is out of range: >= 0 && <= 7");
  return (int)n;
}

static void parse_access(lua_State *L, Job *job) {
  parse_path(L, job);
  job->flags = small_mode(L, 2);
}

static void run_access(Job *job) {
  (void)job_check(job, access(job->path, job->flags), "access", job->path, NULL);
}

const Op op_access = { "access", 1, 2, parse_access, run_access, NULL };

/* What is no path does not exist. */
static void parse_exists(lua_State *L, Job *job) {
  size_t len = 0;
  const char *path = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &len) : "";
  if (buffer_test(L, 1)) parse_path(L, job);
  else if (memchr(path, '\0', len)) job->path = "";
  else job->path = path;
  if (job->path == path) job_keep(L, job, 1, KEEP_PATH);
}

static void run_exists(Job *job) { job->n = access(job->path, F_OK) == 0; }

static int push_exists(lua_State *L, Job *job) {
  if (job->form == FORM_CALLBACK) lua_pop(L, 1); /* the callback gets no error first */
  lua_pushboolean(L, job->n != 0);
  return job->form == FORM_CALLBACK ? 0 : 1;
}

const Op op_exists = { "exists", 1, 1, parse_exists, run_exists, push_exists };

/* ---- permissions and owners ---- */

static void parse_chmod(lua_State *L, Job *job) {
  parse_path(L, job);
  job->mode = fs_mode(L, 2, "mode", -1);
}

static void run_chmod(Job *job) {
  (void)job_check(job, chmod(job->path, job->mode), "chmod", job->path, NULL);
}

const Op op_chmod = { "chmod", 2, 2, parse_chmod, run_chmod, NULL };

static void parse_chown(lua_State *L, Job *job) {
  parse_path(L, job);
  job->a = arg_integer(L, 2, "uid", -1, UINT32_MAX);
  job->b = arg_integer(L, 3, "gid", -1, UINT32_MAX);
}

static void run_chown(Job *job) {
  (void)job_check(job, chown(job->path, (uid_t)job->a, (gid_t)job->b), "chown", job->path, NULL);
}

static void run_lchown(Job *job) {
  (void)job_check(job, lchown(job->path, (uid_t)job->a, (gid_t)job->b), "lchown", job->path, NULL);
}

const Op op_chown = { "chown", 3, 3, parse_chown, run_chown, NULL };
const Op op_lchown = { "lchown", 3, 3, parse_chown, run_lchown, NULL };

/* ---- times ---- */

static void parse_utimes(lua_State *L, Job *job) {
  parse_path(L, job);
  job->atime = fs_time(L, 2);
  job->mtime = fs_time(L, 3);
}

static void run_utimes(Job *job) {
  uv_fs_t req;
  int err = uv_fs_utime(NULL, &req, job->path, job->atime, job->mtime, NULL);
  uv_fs_req_cleanup(&req);
  if (err < 0) job_fail(job, err, "utime", job->path, NULL);
}

static void run_lutimes(Job *job) {
  uv_fs_t req;
  int err = uv_fs_lutime(NULL, &req, job->path, job->atime, job->mtime, NULL);
  uv_fs_req_cleanup(&req);
  if (err < 0) job_fail(job, err, "lutime", job->path, NULL);
}

const Op op_utimes = { "utimes", 3, 3, parse_utimes, run_utimes, NULL };
const Op op_lutimes = { "lutimes", 3, 3, parse_utimes, run_lutimes, NULL };

/* ---- copies, links, other names ---- */

static void parse_copy(lua_State *L, Job *job) {
  fs_arg_path(L, job, 1, "src", KEEP_PATH);
  fs_arg_path(L, job, 2, "dest", KEEP_DEST);
  job->flags = small_mode(L, 3);
}

static void run_copy(Job *job) {
  uv_fs_t req;
  int err = uv_fs_copyfile(NULL, &req, job->path, job->dest, job->flags, NULL);
  uv_fs_req_cleanup(&req);
  if (err < 0) job_fail(job, err, "copyfile", job->path, job->dest);
}

const Op op_copy_file = { "copyFile", 2, 3, parse_copy, run_copy, NULL };

static void parse_link(lua_State *L, Job *job) {
  fs_arg_path(L, job, 1, "existingPath", KEEP_PATH);
  fs_arg_path(L, job, 2, "newPath", KEEP_DEST);
}

static void run_link(Job *job) {
  (void)job_check(job, link(job->path, job->dest), "link", job->path, job->dest);
}

const Op op_link = { "link", 2, 2, parse_link, run_link, NULL };

/* The type of a link is Windows' affair, but a wrong one is refused. */
static void parse_symlink(lua_State *L, Job *job) {
  fs_arg_path(L, job, 1, "target", KEEP_PATH);
  fs_arg_path(L, job, 2, "path", KEEP_DEST);
  if (lua_isnil(L, 3)) return;
  const char *type = lua_type(L, 3) == LUA_TSTRING ? lua_tostring(L, 3) : luaL_tolstring(L, 3, NULL);
  if (strcmp(type, "dir") != 0 && strcmp(type, "file") != 0 && strcmp(type, "junction") != 0)
    err_raise(L, NULL, "ERR_FS_INVALID_SYMLINK_TYPE",
              "Symlink type must be one of \"dir\", \"file\", or \"junction\". Received \"%s\"", type);
}

static void run_symlink(Job *job) {
  (void)job_check(job, symlink(job->path, job->dest), "symlink", job->path, job->dest);
}

const Op op_symlink = { "symlink", 2, 3, parse_symlink, run_symlink, NULL };

static void run_readlink(Job *job) {
  uv_fs_t req;
  int err = uv_fs_readlink(NULL, &req, job->path, NULL);
  if (err < 0) job_fail(job, err, "readlink", job->path, NULL);
  else strbuf_adds(&job->out, req.ptr);
  uv_fs_req_cleanup(&req);
  if (job->out.failed) job_fail(job, UV_ENOMEM, "readlink", job->path, NULL);
}

const Op op_readlink = { "readlink", 1, 2, parse_path_options, run_readlink, push_text };

static void run_realpath(Job *job) {
  uv_fs_t req;
  int err = uv_fs_realpath(NULL, &req, job->path, NULL);
  if (err < 0) job_fail(job, err, "realpath", job->path, NULL);
  else strbuf_adds(&job->out, req.ptr);
  uv_fs_req_cleanup(&req);
  if (job->out.failed) job_fail(job, UV_ENOMEM, "realpath", job->path, NULL);
}

const Op op_realpath = { "realpath", 1, 2, parse_path_options, run_realpath, push_text };

static void parse_rename(lua_State *L, Job *job) {
  fs_arg_path(L, job, 1, "oldPath", KEEP_PATH);
  fs_arg_path(L, job, 2, "newPath", KEEP_DEST);
}

static void run_rename(Job *job) {
  (void)job_check(job, rename(job->path, job->dest), "rename", job->path, job->dest);
}

const Op op_rename = { "rename", 2, 2, parse_rename, run_rename, NULL };

/* ---- going away ---- */

static void run_unlink(Job *job) {
  (void)job_check(job, unlink(job->path), "unlink", job->path, NULL);
}

const Op op_unlink = { "unlink", 1, 1, parse_path, run_unlink, NULL };

static void run_rmdir(Job *job) { (void)job_check(job, rmdir(job->path), "rmdir", job->path, NULL); }

static void parse_rmdir(lua_State *L, Job *job) {
  parse_path(L, job);
  if (!lua_isnil(L, 2)) arg_table(L, 2, "options");
}

const Op op_rmdir = { "rmdir", 1, 2, parse_rmdir, run_rmdir, NULL };

static void parse_truncate(lua_State *L, Job *job) {
  parse_path(L, job);
  lua_Integer len = lua_isnil(L, 2) ? 0 : arg_integer(L, 2, "len", -FS_MAX_INTEGER, FS_MAX_INTEGER);
  job->n = len < 0 ? 0 : len;
}

/* Node opens the file for it: errors speak of that. */
static void run_truncate(Job *job) {
  int fd = open(job->path, O_RDWR | O_CLOEXEC);
  if (!job_check(job, fd, "open", job->path, NULL)) return;
  (void)job_check(job, ftruncate(fd, job->n), "ftruncate", NULL, NULL);
  (void)close(fd);
}

const Op op_truncate = { "truncate", 1, 2, parse_truncate, run_truncate, NULL };

/* ---- making folders ---- */

static void parse_mkdir(lua_State *L, Job *job) {
  parse_path(L, job);
  int type = lua_type(L, 2), opts = lua_istable(L, 2) ? 2 : 0;
  int mode = opts ? fs_field(L, opts, "mode") : 2;
  if (type != LUA_TNIL && !opts && type != LUA_TNUMBER && type != LUA_TSTRING) arg_table(L, 2, "options");
  job->mode = fs_mode(L, mode, "mode", 0777);
  job->recursive = opt_boolean(L, opts, "recursive", false);
}

static bool is_folder(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Where the parent's name ends in the first `len` bytes of path; 0 when there is none. */
static size_t parent_end(const char *path, size_t len) {
  while (len > 0 && path[len - 1] == '/') len--;
  while (len > 0 && path[len - 1] != '/') len--;
  while (len > 1 && path[len - 1] == '/') len--;
  return len;
}

/* Makes the first `len` bytes of path (a scratch copy). Returns 0 or an errno; *first: how many bytes name
 * the first folder that was made. */
static int make_path(char *path, size_t len, unsigned mode, size_t *first) {
  char cut = path[len];
  path[len] = '\0';
  int err = mkdir(path, mode) == 0 ? 0 : errno;
  if (err == ENOENT) {
    size_t up = parent_end(path, len);
    if (up > 0 && up < len) {
      err = make_path(path, up, mode, first);
      if (err == 0) err = mkdir(path, mode) == 0 ? 0 : errno;
    }
  }
  if (err == 0 && *first == 0) *first = len;
  if (err == EEXIST && is_folder(path)) err = 0;
  path[len] = cut;
  return err;
}

static void run_mkdir_all(Job *job) {
  size_t len = strlen(job->path), first = 0;
  while (len > 1 && job->path[len - 1] == '/') len--;
  char *scratch = strndup(job->path, len);
  int err = scratch ? make_path(scratch, len, job->mode, &first) : ENOMEM;
  if (err == EEXIST && first == 0) {
    struct stat st;
    if (stat(job->path, &st) != 0) err = errno;
  }
  free(scratch);
  strbuf_add(&job->out, job->path, first);
  if (err) job_fail(job, -err, "mkdir", job->path, NULL);
}

static void run_mkdir(Job *job) {
  if (job->recursive) run_mkdir_all(job);
  else (void)job_check(job, mkdir(job->path, job->mode), "mkdir", job->path, NULL);
}

/* recursive: the first folder that had to be made, nil when all were there. */
static int push_mkdir(lua_State *L, Job *job) { return job->out.len > 0 ? push_text(L, job) : 0; }

const Op op_mkdir = { "mkdir", 1, 2, parse_mkdir, run_mkdir, push_mkdir };

static void parse_mkdtemp(lua_State *L, Job *job) {
  const char *prefix = fs_check_path(L, 1, "prefix");
  (void)fs_options(L, job, 2, false);
  lua_pushfstring(L, "%sXXXXXX", prefix);
  job->path = lua_tostring(L, -1);
  job_keep(L, job, lua_gettop(L), KEEP_PATH);
}

static void run_mkdtemp(Job *job) {
  strbuf_adds(&job->out, job->path);
  if (job->out.failed) job_fail(job, UV_ENOMEM, "mkdtemp", job->path, NULL);
  else (void)job_check(job, mkdtemp(job->out.p) ? 0 : -1, "mkdtemp", job->path, NULL);
}

const Op op_mkdtemp = { "mkdtemp", 1, 2, parse_mkdtemp, run_mkdtemp, push_text };
