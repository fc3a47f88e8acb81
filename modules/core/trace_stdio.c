/* SPDX-License-Identifier: MIT */
/* trace_stdio.c - what goes to a standard stream, for the flight recorder; see trace.h. */
#include "trace.h"

#include <linux/sockios.h>
#include <poll.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

/* Bytes that a pipe or socket still takes before a write waits; SIZE_MAX for anything else. */
static size_t room_of(int fd) {
  struct stat st;
  int used = 0, size = 0;
  socklen_t len = sizeof size;
  if (fstat(fd, &st) != 0) return SIZE_MAX;
  if (S_ISFIFO(st.st_mode)) {
    size = fcntl(fd, F_GETPIPE_SZ);
    if (size < 0 || ioctl(fd, FIONREAD, &used) != 0) return SIZE_MAX;
  } else if (S_ISSOCK(st.st_mode)) {
    if (getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, &len) != 0 || ioctl(fd, SIOCOUTQ, &used) != 0)
      return SIZE_MAX;
  } else {
    return SIZE_MAX;
  }
  return used < size ? (size_t)(size - used) : 0;
}

/* Asked before the write, which may wait for as long as nobody reads. */
static bool is_too_much(int fd, size_t len) {
  struct pollfd p = { .fd = fd, .events = POLLOUT };
  return poll(&p, 1, 0) == 0 || room_of(fd) < len;
}

void trace_output(Trace *t, int fd, const char *data, size_t len, bool here) {
  TraceArgs args = { { fd, (int64_t)len, here && is_too_much(fd, len) } };
  trace_add_bytes(t, TRACE_STDIO, 0, args, data, len, 0);
}

void trace_pipe(Trace *t, TracePipe pipe, const char *data, size_t len, bool full) {
  TraceArgs args = { { pipe.fd, (int64_t)len, full, pipe.child > 0 ? pipe.child : 0 } };
  trace_add_bytes(t, TRACE_STDIO, 0, args, data, len, 0);
}
