/* SPDX-License-Identifier: MIT */
/* out.c - see out.h. The hook belongs to the prompt, which runs on the main thread; hooked is asked by
 * others. */
#include "out.h"
#include "trace.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <uv.h>

static struct {
  OutHook hook;
  void *ctx;
  _Atomic bool hooked;
  int error; /* of standard output, not yet taken */
} out;

/* A thread that is not the main one. */
static _Thread_local struct {
  OutHook sink;      /* NULL: the main thread */
  void *ctx;
  FILE *files[3];    /* own; [0] has nothing to read */
} thread;

/* Of any thread: somebody looks at what it writes. */
static _Thread_local struct {
  OutTake take;      /* NULL: nobody */
  void *ctx;
} capture;

static uv_mutex_t write_lock = PTHREAD_MUTEX_INITIALIZER;

/* Writes to the descriptor itself, whatever its mode. */
static int write_all(int fd, const char *data, size_t len) {
  while (len > 0) {
    ssize_t n = write(fd, data, len);
    if (n >= 0) {
      data += n;
      len -= (size_t)n;
    } else if (errno == EAGAIN) {
      struct pollfd p = { .fd = fd, .events = POLLOUT };
      (void)poll(&p, 1, -1); /* an error shows at the next write */
    } else if (errno != EINTR) {
      return -errno;
    }
  }
  return 0;
}

int out_write_thread(int fd, const char *data, size_t len) {
  uv_mutex_lock(&write_lock);
  int err = write_all(fd, data, len);
  uv_mutex_unlock(&write_lock);
  return err;
}

/* Tells the flight recorder of it. */
static void told(int fd, const char *data, size_t len) {
  const Runtime *rt = rt_self;
  if (rt && TRACING(rt)) trace_output(rt->trace, fd, data, len, !thread.sink && !out.hook);
}

static int deliver(int fd, const char *data, size_t len) {
  if (capture.take && capture.take(capture.ctx, fd, data, len)) return 0;
  if (thread.sink) thread.sink(thread.ctx, fd, data, len);
  else if (out.hook) out.hook(out.ctx, fd, data, len);
  else return out_write_thread(fd, data, len);
  return 0;
}

FILE *out_file(int fd) {
  if (thread.sink) return thread.files[fd];
  return fd == 0 ? stdin : fd == 1 ? stdout : stderr;
}

void out_flush(void) {
  if (thread.sink) {
    (void)fflush(thread.files[1]);
    return;
  }
  if (fflush(stdout) != 0) clearerr(stdout); /* a broken pipe is told by out_take_error */
}

int out_write(int fd, const char *data, size_t len) {
  if (fd == 1) out_flush();
  told(fd, data, len);
  return deliver(fd, data, len);
}

int out_pass(int fd, const char *data, size_t len) {
  if (fd == 1) out_flush();
  return deliver(fd, data, len);
}

void out_note_error(int fd, int err) {
  if (fd == 1 && err == UV_EPIPE && !thread.sink) out.error = err;
}

int out_take_error(void) {
  if (thread.sink) return 0;
  int err = out.error;
  out.error = 0;
  return err;
}

static ssize_t cookie_write(void *cookie, const char *data, size_t len) {
  int fd = cookie ? 2 : 1;
  told(fd, data, len);
  int err = deliver(fd, data, len);
  out_note_error(fd, err);
  return err == 0 ? (ssize_t)len : 0;
}

/* Makes the two FILEs; false when memory is short. */
static bool open_files(FILE **to_out, FILE **to_err) {
  static char is_stderr;
  cookie_io_functions_t io = { .write = cookie_write };
  *to_out = fopencookie(NULL, "w", io);
  *to_err = fopencookie(&is_stderr, "w", io);
  if (*to_err) (void)setvbuf(*to_err, NULL, _IONBF, 0);
  if (*to_out && *to_err) return true;
  if (*to_out) (void)fclose(*to_out);
  if (*to_err) (void)fclose(*to_err);
  return false;
}

static ssize_t cookie_read(void *cookie, char *data, size_t len) {
  (void)cookie, (void)data, (void)len;
  return 0;
}

bool out_open_thread(OutHook sink, void *ctx) {
  cookie_io_functions_t nothing = { .read = cookie_read };
  thread.files[0] = fopencookie(NULL, "r", nothing);
  if (!thread.files[0]) return false;
  if (!open_files(&thread.files[1], &thread.files[2])) {
    (void)fclose(thread.files[0]);
    return false;
  }
  thread.sink = sink;
  thread.ctx = ctx;
  return true;
}

void out_close_thread(void) {
  for (int fd = 0; fd <= 2; fd++) (void)fclose(thread.files[fd]);
  thread.sink = NULL;
}

void out_open(void) {
  FILE *to_out, *to_err;
  if (!open_files(&to_out, &to_err)) abort(); /* a few hundred bytes at start */
  if (isatty(1)) (void)setvbuf(to_out, NULL, _IOLBF, BUFSIZ);
  stdout = to_out;
  stderr = to_err;
}

void out_set_hook(OutHook hook, void *ctx) {
  out_flush();
  out.hook = hook;
  out.ctx = ctx;
  out.hooked = hook != NULL;
}

void out_capture(OutTake take, void *ctx) {
  out_flush();
  capture.take = take;
  capture.ctx = ctx;
}

void out_unbuffered(bool on) {
  out_flush();
  (void)setvbuf(out_file(1), NULL, on ? _IONBF : !thread.sink && isatty(1) ? _IOLBF : _IOFBF, BUFSIZ);
}

bool out_hooked(void) { return out.hooked; }
