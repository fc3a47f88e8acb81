/* SPDX-License-Identifier: MIT */
/* ship.c - see ship.h. The file holds what portable.h makes of the function. */
#include "ship.h"
#include "../core/error.h"
#include "../core/runtime.h"
#include "../portable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHIP_ENV "MOONFORK_FUNCTION_FD"

static int claimed_fd = -1; /* set once by main before any thread */

/* ---- parent ---- */

static int write_file(const StrBuf *text) {
  int fd = memfd_create("moonfork-function", MFD_CLOEXEC);
  for (size_t at = 0; fd >= 0 && at < text->len;) {
    ssize_t n = write(fd, text->p + at, text->len - at);
    if (n > 0) at += (size_t)n;
    else if (errno != EINTR) {
      int err = errno;
      (void)close(fd);
      errno = err;
      return -1;
    }
  }
  return fd;
}

int ship_function(lua_State *L, int idx) {
  StrBuf *text = strbuf_new_lua(L);
  portable_dump(L, idx < 0 ? idx - 1 : idx, text, "the child");
  int fd = write_file(text);
  if (fd < 0) (void)err_raise_uv(L, -errno, "memfd_create");
  lua_pop(L, 1);
  return fd;
}

/* ---- child ---- */

void ship_claim(void) {
  const char *text = getenv(SHIP_ENV);
  if (!text) return;
  int fd = atoi(text);
  if (fd > 2 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0) claimed_fd = fd;
  (void)unsetenv(SHIP_ENV);
}

int ship_claimed(void) { return claimed_fd; }

void ship_push(lua_State *L) {
  struct stat st;
  int fd = claimed_fd;
  claimed_fd = -1;
  if (fstat(fd, &st) != 0 || st.st_size > INT32_MAX) (void)err_raise_uv(L, UV_EIO, "read");
  char *data = lua_newuserdatauv(L, (size_t)st.st_size + 2, 0);
  ssize_t n = pread(fd, data, (size_t)st.st_size, 0);
  (void)close(fd);
  if (n != st.st_size) (void)err_raise_uv(L, UV_EIO, "read");
  data[n] = data[n + 1] = '\0';
  portable_load(L, data, (size_t)n);
  lua_remove(L, -2);
}
