/* SPDX-License-Identifier: MIT */
/* remove.c - rm: files, and with recursive whole trees. */
#include "ops.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "../core/opts.h"
#include "args.h"
#include "tree.h"

/* a: retries, b: milliseconds between them */
static void parse_rm(lua_State *L, Job *job) {
  parse_path(L, job);
  if (!lua_isnil(L, 2)) arg_table(L, 2, "options");
  job->force = opt_boolean(L, 2, "force", false);
  job->recursive = opt_boolean(L, 2, "recursive", false);
  job->a = opt_integer(L, 2, "maxRetries", 0, UINT32_MAX, 0);
  job->b = opt_integer(L, 2, "retryDelay", 0, INT32_MAX, 100);
}

/* Errors that may pass when somebody else has let go. */
static bool worth_retry(int err) {
  return err == EBUSY || err == EMFILE || err == ENFILE || err == ENOTEMPTY || err == EPERM;
}

/* Calls remove(path), again as often as is asked for. */
static bool remove_one(Job *job, int (*remove_it)(const char *), const char *syscall, const char *path) {
  for (int64_t tries = 0;; tries++) {
    if (remove_it(path) == 0 || (errno == ENOENT && (job->force || tries > 0))) return true;
    int err = errno;
    if (!worth_retry(err) || tries >= job->a) {
      job_fail_at(job, -err, syscall, path, NULL);
      return false;
    }
    int64_t ms = job->b * (tries + 1);
    struct timespec wait = { (time_t)(ms / 1000), (long)(ms % 1000) * 1000000 };
    (void)nanosleep(&wait, NULL); /* cut short: an earlier try */
  }
}

/* Removes the folder and what is in it. Paths are no longer than the system takes, which bounds the depth. */
static bool remove_tree(Job *job, const char *path) {
  struct dirent **list;
  bool ok = true;
  int n = scandir(path, &list, tree_skip_dots, NULL);
  if (n < 0) {
    job_fail_at(job, -errno, "scandir", path, NULL);
    return false;
  }
  for (int i = 0; i < n; i++) {
    char *below = ok ? tree_join(path, list[i]->d_name) : NULL;
    struct stat st;
    if (ok && !below) job_fail(job, UV_ENOMEM, "rm", NULL, NULL);
    else if (ok && lstat(below, &st) == 0 && S_ISDIR(st.st_mode)) ok = remove_tree(job, below);
    else if (ok) ok = remove_one(job, unlink, "unlink", below);
    if (job->err) ok = false;
    free(below);
    free(list[i]);
  }
  free(list);
  return ok && remove_one(job, rmdir, "rmdir", path);
}

static void run_rm(Job *job) {
  struct stat st;
  if (lstat(job->path, &st) != 0) {
    if (errno != ENOENT || !job->force) job_fail(job, -errno, "lstat", job->path, NULL);
  } else if (!S_ISDIR(st.st_mode)) {
    (void)remove_one(job, unlink, "unlink", job->path);
  } else if (job->recursive) {
    (void)remove_tree(job, job->path);
  } else {
    job_fail_system(job, UV_EISDIR, "ERR_FS_EISDIR", "Path is a directory", job->path, "is a directory");
  }
}

const Op op_rm = { "rm", 1, 2, parse_rm, run_rm, NULL };
