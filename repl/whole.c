/* SPDX-License-Identifier: MIT */
/* whole.c - see whole.h. */
#include "whole.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int whole_write(int fd, const char *data, size_t len) {
  while (len > 0) {
    ssize_t n = write(fd, data, len);
    if (n < 0 && errno != EINTR) return -errno;
    if (n > 0) data += n, len -= (size_t)n;
  }
  return 0;
}

int whole_replace(const char *path, const char *data, size_t len) {
  char *draft;
  if (asprintf(&draft, "%s.%d", path, (int)getpid()) < 0) return -ENOMEM;
  int fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  int err = fd < 0 ? -errno : whole_write(fd, data, len);
  if (!err && fsync(fd) != 0 && errno != EINVAL) err = -errno; /* EINVAL: it has no disk */
  if (fd >= 0 && close(fd) != 0 && !err) err = -errno;
  if (!err && rename(draft, path) != 0) err = -errno;
  if (err && fd >= 0) (void)unlink(draft);
  free(draft);
  return err;
}

int whole_folders(const char *path) {
  char *copy = strdup(path);
  int err = copy ? 0 : -ENOMEM;
  for (char *slash = copy ? strchr(copy + 1, '/') : NULL; slash && !err; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    if (mkdir(copy, 0700) != 0 && errno != EEXIST) err = -errno;
    *slash = '/';
  }
  free(copy);
  return err;
}
