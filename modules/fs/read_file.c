/* SPDX-License-Identifier: MIT */
/* read_file.c - a whole file at once. */
#include "ops.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../buffer/buffer.h"
#include "../core/error.h"
#include "../core/opts.h"
#include "args.h"

enum { FIRST_SLICE = 64 * 1024 };
#define FILE_MAX 2147483648 /* Node's limit */

static void parse_read_file(lua_State *L, Job *job) {
  fs_arg_file(L, job, 1, "path");
  int opts = fs_options(L, job, 2, true);
  job->flags = fs_flags(L, fs_field(L, opts, "flag"), O_RDONLY);
  fs_signal(L, job, opts);
}

static int push_too_large(lua_State *L, const Job *job) {
  err_push(L, &range_error_class, "ERR_FS_FILE_TOO_LARGE", "File size (%I) is greater than 2 GiB",
           (LUAI_UACINT)job->n);
  return 1;
}

static ssize_t read_some(int fd, char *to, size_t len) {
  ssize_t n;
  do {
    n = read(fd, to, len);
  } while (n < 0 && errno == EINTR);
  return n;
}

/* Reads to the end of what tells its size: no more than that. */
static void read_sized(Job *job, int fd, size_t size) {
  job->store = store_new(size);
  if (!job->store) {
    job_fail(job, UV_ENOMEM, "read", NULL, NULL);
    return;
  }
  for (size_t done = 0; done < size;) {
    ssize_t n = read_some(fd, job->store->data + done, size - done);
    if (!job_check(job, (int)(n < 0 ? -1 : 0), "read", NULL, NULL) || n == 0) break;
    done += (size_t)n;
    job->a = (int64_t)done;
  }
}

/* Pipes, devices and what /proc has do not tell: read until nothing more comes. */
static void read_unsized(Job *job, int fd) {
  size_t size = FIRST_SLICE, done = 0;
  for (;;) {
    Store *store = store_new(size);
    if (!store) {
      job_fail(job, UV_ENOMEM, "read", NULL, NULL);
      return;
    }
    if (done > 0) memcpy(store->data, job->store->data, done);
    store_unref(job->store);
    job->store = store;
    while (done < size) {
      ssize_t n = read_some(fd, store->data + done, size - done);
      if (!job_check(job, (int)(n < 0 ? -1 : 0), "read", NULL, NULL)) return;
      if (n == 0) {
        job->a = (int64_t)done;
        return;
      }
      done += (size_t)n;
    }
    size *= 2;
    if (size > FILE_MAX) {
      job->n = (int64_t)size;
      job->push_error = push_too_large;
      job_fail(job, UV_EFBIG, "read", NULL, NULL);
      return;
    }
  }
}

static void read_all(Job *job, int fd) {
  struct stat st;
  if (!job_check(job, fstat(fd, &st), "fstat", NULL, NULL)) return;
  if (!S_ISREG(st.st_mode) || st.st_size == 0) {
    read_unsized(job, fd);
  } else if (st.st_size > FILE_MAX) {
    job->n = st.st_size;
    job->push_error = push_too_large;
    job_fail(job, UV_EFBIG, "read", NULL, NULL);
  } else {
    read_sized(job, fd, (size_t)st.st_size);
  }
}

static void run_read_file(Job *job) {
  int fd = job->fd >= 0 ? job->fd : open(job->path, job->flags | O_CLOEXEC, 0666);
  if (!job_check(job, fd, "open", job->path, NULL)) return;
  read_all(job, fd);
  if (job->fd < 0) (void)close(fd); /* nothing was written: nothing can be lost */
}

static int push_read_file(lua_State *L, Job *job) {
  size_t len = (size_t)job->a;
  if (job->raw) {
    (void)buffer_push_store(L, job->store, 0, len);
    store_press(L, job->store->size);
  } else {
    enc_push_text(L, job->enc, job->store->data, len);
  }
  return 1;
}

const Op op_read_file = { "readFile", 1, 2, parse_read_file, run_read_file, push_read_file };
