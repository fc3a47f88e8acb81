/* SPDX-License-Identifier: MIT */
/* out.c - see out.h. The hook belongs to the prompt, which runs on the main thread. */
#include "out.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <uv.h>

static struct {
  OutHook hook;
  void *ctx;
  int error; /* of standard output, not yet taken */
} out;

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

static int deliver(int fd, const char *data, size_t len) {
  if (!out.hook) return write_all(fd, data, len);
  out.hook(out.ctx, fd, data, len);
  return 0;
}

void out_flush(void) {
  if (fflush(stdout) != 0) clearerr(stdout); /* a broken pipe is told by out_take_error */
}

int out_write(int fd, const char *data, size_t len) {
  if (fd == 1) out_flush();
  return deliver(fd, data, len);
}

void out_note_error(int fd, int err) {
  if (fd == 1 && err == UV_EPIPE) out.error = err;
}

int out_take_error(void) {
  int err = out.error;
  out.error = 0;
  return err;
}

static ssize_t cookie_write(void *cookie, const char *data, size_t len) {
  int fd = cookie ? 2 : 1, err = deliver(fd, data, len);
  out_note_error(fd, err);
  return err == 0 ? (ssize_t)len : 0;
}

void out_open(void) {
  static char is_stderr;
  cookie_io_functions_t io = { .write = cookie_write };
  FILE *to_out = fopencookie(NULL, "w", io), *to_err = fopencookie(&is_stderr, "w", io);
  if (!to_out || !to_err) abort(); /* a few hundred bytes at start */
  (void)setvbuf(to_err, NULL, _IONBF, 0);
  if (isatty(1)) (void)setvbuf(to_out, NULL, _IOLBF, BUFSIZ);
  stdout = to_out;
  stderr = to_err;
}

void out_set_hook(OutHook hook, void *ctx) {
  out_flush();
  out.hook = hook;
  out.ctx = ctx;
}

bool out_hooked(void) { return out.hook != NULL; }
