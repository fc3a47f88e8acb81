/* SPDX-License-Identifier: MIT */
/* write_file.c - a whole file at once: writeFile and appendFile. */
#include "ops.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "../core/opts.h"
#include "args.h"

static void parse_with_flags(lua_State *L, Job *job, const char *name, int flags) {
  fs_arg_file(L, job, 1, name);
  int opts = fs_options(L, job, 3, false);
  if (job->raw) { /* "buffer" is no encoding of text */
    job->raw = false;
    job->enc = ENC_UTF8;
  }
  job->flush = opt_boolean(L, opts, "flush", false);
  job->mode = fs_mode(L, fs_field(L, opts, "mode"), "mode", 0666);
  job->flags = fs_flags(L, fs_field(L, opts, "flag"), flags);
  fs_signal(L, job, opts);
  fs_arg_data(L, job, 2, "data");
}

static void parse_write_file(lua_State *L, Job *job) {
  parse_with_flags(L, job, "path", O_WRONLY | O_CREAT | O_TRUNC);
}

static void parse_append_file(lua_State *L, Job *job) {
  parse_with_flags(L, job, "path", O_WRONLY | O_CREAT | O_APPEND);
}

static void write_all(Job *job, int fd) {
  const char *p = job->bufs[0].base;
  for (size_t left = job->bufs[0].len; left > 0;) {
    ssize_t n = write(fd, p, left);
    if (n < 0 && errno == EINTR) continue;
    if (!job_check(job, (int)(n < 0 ? -1 : 0), "write", NULL, NULL)) return;
    p += n;
    left -= (size_t)n;
  }
  if (job->flush) (void)job_check(job, fsync(fd), "fsync", NULL, NULL);
}

static void run_write_file(Job *job) {
  int fd = job->fd >= 0 ? job->fd : open(job->path, job->flags | O_CLOEXEC, job->mode);
  if (!job_check(job, fd, "open", job->path, NULL)) return;
  write_all(job, fd);
  if (job->fd >= 0) return;
  int closed = close(fd); /* what a network's file system could not keep is told here */
  if (!job->err) (void)job_check(job, closed, "close", NULL, NULL);
}

const Op op_write_file = { "writeFile", 2, 3, parse_write_file, run_write_file, NULL };
const Op op_append_file = { "appendFile", 2, 3, parse_append_file, run_write_file, NULL };
