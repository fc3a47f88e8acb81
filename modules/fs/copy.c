/* SPDX-License-Identifier: MIT */
/* copy.c - cp: files, links, and with recursive whole trees. */
#include "ops.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../core/opts.h"
#include "args.h"
#include "copy_filter.h"
#include "tree.h"

static void parse_cp(lua_State *L, Job *job) {
  fs_arg_path(L, job, 1, "src", KEEP_PATH);
  fs_arg_path(L, job, 2, "dest", KEEP_DEST);
  if (!lua_isnil(L, 3)) arg_table(L, 3, "options");
  job->recursive = opt_boolean(L, 3, "recursive", false);
  job->force = opt_boolean(L, 3, "force", true);
  job->excl = opt_boolean(L, 3, "errorOnExist", false);
  job->deref = opt_boolean(L, 3, "dereference", false);
  job->keep_times = opt_boolean(L, 3, "preserveTimestamps", false);
  job->raw = opt_boolean(L, 3, "verbatimSymlinks", false);
  job->flags = (int)opt_integer(L, 3, "mode", 0, 7, 0);
  copy_take_refused(L, job);
}

static const char bad_pair[] = "Invalid src or dest";

/* Fails with a SystemError whose detail is put together from three parts. */
static void fail_pair(Job *job, int err, const char *code, const char *title, const char *path,
                      const char *a, const char *b, const char *c, const char *d) {
  StrBuf detail;
  strbuf_init(&detail);
  strbuf_addf(&detail, "%s%s%s%s", a, b, c, d);
  if (detail.failed) job_fail(job, UV_ENOMEM, "cp", NULL, NULL);
  else job_fail_system(job, err, code, title, path, detail.p);
  strbuf_free(&detail);
}

static bool checked(Job *job, int result, const char *syscall, const char *path) {
  if (result >= 0) return true;
  job_fail_at(job, -errno, syscall, path, NULL);
  return false;
}

/* ---- one file ---- */

static bool keep_times(Job *job, const struct stat *st, const char *dest) {
  struct timespec times[2] = { st->st_atim, st->st_mtim };
  return !job->keep_times || checked(job, utimensat(AT_FDCWD, dest, times, 0), "utime", dest);
}

static bool copy_file(Job *job, const char *src, const struct stat *st, const char *dest, bool there) {
  if (there && !job->force) {
    if (job->excl)
      fail_pair(job, UV_EEXIST, "ERR_FS_CP_EEXIST", "Target already exists", dest, dest,
                " already exists", "", "");
    return !job->excl;
  }
  if (there && !checked(job, unlink(dest), "unlink", dest)) return false;
  uv_fs_t req;
  int err = uv_fs_copyfile(NULL, &req, src, dest, job->flags, NULL);
  uv_fs_req_cleanup(&req);
  if (err < 0) job_fail_at(job, err, "copyfile", src, dest);
  return err >= 0 && checked(job, chmod(dest, st->st_mode & 07777), "chmod", dest) &&
         keep_times(job, st, dest);
}

/* Where the link leads: relative targets are made absolute, unless they shall stay as they are. */
static char *link_target(Job *job, const char *src) {
  char target[PATH_MAX + 1];
  ssize_t n = readlink(src, target, PATH_MAX);
  if (!checked(job, n < 0 ? -1 : 0, "readlink", src)) return NULL;
  target[n] = '\0';
  if (job->raw || *target == '/') return strdup(target);
  const char *slash = strrchr(src, '/');
  char *folder = slash ? strndup(src, (size_t)(slash - src) + 1) : strdup(".");
  char *base = folder ? realpath(folder, NULL) : NULL;
  char *full = base ? tree_join(base, target) : NULL;
  free(folder);
  free(base);
  if (!full) job_fail(job, UV_ENOMEM, "cp", NULL, NULL);
  return full;
}

static bool copy_link(Job *job, const char *src, const char *dest, bool there) {
  char *target = link_target(job, src);
  if (!target) return false;
  bool ok = !there || checked(job, unlink(dest), "unlink", dest);
  ok = ok && checked(job, symlink(target, dest), "symlink", dest);
  free(target);
  return ok;
}

/* ---- checks ---- */

static bool same_file(const struct stat *a, const struct stat *b) {
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Does path, of which the end may not be there yet, lie in the folder? */
static bool lies_in(const struct stat *folder, const char *path) {
  char *up = strdup(path);
  bool inside = false;
  while (up && !inside) {
    struct stat st;
    char *slash = strrchr(up, '/');
    if (slash) slash[slash == up] = '\0';
    const char *parent = slash ? up : ".";
    inside = stat(parent, &st) == 0 && same_file(&st, folder);
    if (!slash || strcmp(up, "/") == 0) break;
  }
  free(up);
  return inside;
}

/* May src be put in the place of dest? */
static bool may_copy(Job *job, const char *src, const struct stat *st, const char *dest,
                     const struct stat *there) {
  bool folder = S_ISDIR(st->st_mode);
  if (there && same_file(st, there))
    fail_pair(job, UV_EINVAL, "ERR_FS_CP_EINVAL", bad_pair, dest, "src and dest cannot be the same", "", "",
              "");
  else if (there && folder && !S_ISDIR(there->st_mode))
    fail_pair(job, UV_EISDIR, "ERR_FS_CP_DIR_TO_NON_DIR", "Cannot overwrite non-directory with directory",
              dest, "cannot overwrite non-directory ", dest, " with directory ", src);
  else if (there && !folder && S_ISDIR(there->st_mode))
    fail_pair(job, UV_ENOTDIR, "ERR_FS_CP_NON_DIR_TO_DIR", "Cannot overwrite directory with non-directory",
              dest, "cannot overwrite directory ", dest, " with non-directory ", src);
  else if (folder && !job->recursive)
    fail_pair(job, UV_EISDIR, "ERR_FS_EISDIR", "Path is a directory", src, src,
              " is a directory (not copied)", "", "");
  else if (S_ISSOCK(st->st_mode))
    fail_pair(job, UV_EINVAL, "ERR_FS_CP_SOCKET", "Cannot copy a socket file", dest,
              "cannot copy a socket file: ", dest, "", "");
  else if (S_ISFIFO(st->st_mode))
    fail_pair(job, UV_EINVAL, "ERR_FS_CP_FIFO_PIPE", "Cannot copy a FIFO pipe", dest,
              "cannot copy a FIFO pipe: ", dest, "", "");
  return job->err == 0;
}

/* ---- a tree ---- */

static bool copy_any(Job *job, const char *src, const char *dest);

static bool copy_entries(Job *job, const char *src, const char *dest) {
  struct dirent **list;
  bool ok = true;
  int n = scandir(src, &list, tree_skip_dots, alphasort);
  if (!checked(job, n, "scandir", src)) return false;
  for (int i = 0; i < n; i++) {
    char *from = ok ? tree_join(src, list[i]->d_name) : NULL;
    char *to = ok ? tree_join(dest, list[i]->d_name) : NULL;
    if (ok && (!from || !to)) job_fail(job, UV_ENOMEM, "cp", NULL, NULL);
    ok = ok && from && to && copy_any(job, from, to);
    free(from);
    free(to);
    free(list[i]);
  }
  free(list);
  return ok;
}

/* The folder is ours to write into until it is full, then gets its own permissions. */
static bool copy_folder(Job *job, const char *src, const struct stat *st, const char *dest, bool there) {
  if (there) return copy_entries(job, src, dest);
  return checked(job, mkdir(dest, 0700), "mkdir", dest) && copy_entries(job, src, dest) &&
         checked(job, chmod(dest, st->st_mode & 07777), "chmod", dest);
}

static bool copy_any(Job *job, const char *src, const char *dest) {
  struct stat st, old;
  if (copy_is_refused(job, src)) return true;
  if (!checked(job, job->deref ? stat(src, &st) : lstat(src, &st), job->deref ? "stat" : "lstat", src))
    return false;
  bool there = (job->deref ? stat(dest, &old) : lstat(dest, &old)) == 0;
  if (!may_copy(job, src, &st, dest, there ? &old : NULL)) return false;
  if (S_ISDIR(st.st_mode)) return copy_folder(job, src, &st, dest, there);
  if (S_ISLNK(st.st_mode)) return copy_link(job, src, dest, there);
  return copy_file(job, src, &st, dest, there);
}

/* Makes the folders that dest lies in. */
static bool make_parents(Job *job, const char *dest) {
  char *path = strdup(dest);
  bool ok = path != NULL;
  if (!path) job_fail(job, UV_ENOMEM, "cp", NULL, NULL);
  for (char *p = path; ok && *p && (p = strchr(p + 1, '/')) != NULL;) {
    *p = '\0';
    ok = mkdir(path, 0777) == 0 || errno == EEXIST || checked(job, -1, "mkdir", path);
    *p = '/';
  }
  free(path);
  return ok;
}

static void run_cp(Job *job) {
  struct stat st;
  if (!checked(job, job->deref ? stat(job->path, &st) : lstat(job->path, &st),
               job->deref ? "stat" : "lstat", job->path)) return;
  struct stat old;
  bool there = lstat(job->dest, &old) == 0;
  if (!may_copy(job, job->path, &st, job->dest, there ? &old : NULL)) return;
  if (S_ISDIR(st.st_mode) && lies_in(&st, job->dest))
    fail_pair(job, UV_EINVAL, "ERR_FS_CP_EINVAL", bad_pair, job->dest, "cannot copy ", job->path,
              " to a subdirectory of self ", job->dest);
  else if (make_parents(job, job->dest))
    (void)copy_any(job, job->path, job->dest);
}

const Op op_cp = { "cp", 2, 3, parse_cp, run_cp, NULL };
