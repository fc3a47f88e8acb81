/* SPDX-License-Identifier: MIT */
/* trace_folder.c - the folder that a run's rings lie in; see trace.h.
 *
 * It is used only when it is a folder and no link, belongs to this user and nobody else may enter it. */
#include "trace_folder.h"
#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
  char *path;       /* absolute; owns */
  int fd;           /* -1: nothing is traced */
  uint64_t start, channel;
  char role[24];
} folder = { .fd = -1 };

const char *trace_dir(void) { return folder.path; }
int trace_dirfd(void) { return folder.fd; }
uint64_t trace_start_time(void) { return folder.start; }
uint64_t trace_parent_channel(void) { return folder.channel; }
const char *trace_given_role(void) { return *folder.role ? folder.role : NULL; }

/* Field 22 of /proc/self/stat, counted behind the name, which may hold blanks and brackets. */
static uint64_t read_start_time(void) {
  char text[1024];
  int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
  ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
  if (fd >= 0) (void)close(fd);
  if (n <= 0) return 0;
  text[n] = '\0';
  char *p = strrchr(text, ')');
  for (int field = 2; p && field < 22; field++) p = strchr(p + 1, ' ');
  return p ? strtoull(p + 1, NULL, 10) : 0;
}

/* Opens the folder when it may be used. */
static const char *open_folder(const char *path) {
  struct stat st;
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return errno == ELOOP || errno == ENOTDIR ? "is no folder" : strerror(errno);
  const char *why = fstat(fd, &st) != 0          ? strerror(errno)
                    : st.st_uid != geteuid()     ? "belongs to another user"
                    : (st.st_mode & 0777) != 0700 ? "can be entered by others: its mode must be 0700"
                                                 : NULL;
  char *full = why ? NULL : realpath(path, NULL);
  if (!why && !full) why = strerror(errno);
  if (why) {
    (void)close(fd);
    return why;
  }
  folder.fd = fd;
  folder.path = full;
  folder.start = read_start_time();
  return NULL;
}

bool trace_claim(const char **why) {
  const char *path = getenv(TRACE_ENV), *channel = getenv(TRACE_ENV_CHANNEL), *role = getenv(TRACE_ENV_ROLE);
  if (channel && getenv("NODE_CHANNEL_FD")) folder.channel = strtoull(channel, NULL, 10);
  if (role) (void)snprintf(folder.role, sizeof folder.role, "%s", role);
  (void)unsetenv(TRACE_ENV_CHANNEL);
  (void)unsetenv(TRACE_ENV_ROLE);
  if (!path || !*path) return true;
  return (*why = open_folder(path)) == NULL;
}
