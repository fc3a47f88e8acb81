/* SPDX-License-Identifier: MIT */
/* folder.c - see folder.h. The descriptor is held without a lock: the run may clear its folder away while
 * we look, and what was read stays. */
#include "folder.h"
#include "../../modules/core/trace.h"
#include "../../modules/core/trace_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Among the folders in `base` the newest; *best is its time so far. */
static void find_newest(const char *base, char *path, size_t size, struct timespec *best) {
  DIR *all = base && *base == '/' ? opendir(base) : NULL;
  const struct dirent *e;
  struct stat maker;
  while (all && (e = readdir(all))) {
    if (strncmp(e->d_name, TRACE_FOLDER_PREFIX, strlen(TRACE_FOLDER_PREFIX)) != 0) continue;
    int fd = openat(dirfd(all), e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    bool fits = fd >= 0 && !trace_folder_fault(fd) && fstatat(fd, TRACE_FOLDER_MAKER, &maker, AT_SYMLINK_NOFOLLOW) == 0;
    if (fd >= 0) (void)close(fd);
    if (!fits) continue;
    const struct timespec *t = &maker.st_mtim;
    if (t->tv_sec < best->tv_sec || (t->tv_sec == best->tv_sec && t->tv_nsec <= best->tv_nsec)) continue;
    *best = *t;
    (void)snprintf(path, size, "%s/%s", base, e->d_name);
  }
  if (all) (void)closedir(all);
}

static bool choose(const char *dir, char *path, size_t size) {
  const char *const places[] = { getenv("XDG_RUNTIME_DIR"), getenv("TMPDIR"), "/tmp" };
  struct timespec best = { 0, 0 };
  *path = '\0';
  if (!dir) dir = trace_dir();
  if (dir) return snprintf(path, size, "%s", dir) < (int)size;
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) find_newest(places[i], path, size, &best);
  return *path != '\0';
}

int run_folder_open(const char *who, const char *dir, char *path, size_t size) {
  struct stat st;
  if (!choose(dir, path, size)) {
    (void)fprintf(stderr, "%s: no traced run is found: name its folder by --dir\n", who);
    return -1;
  }
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  const char *why = fd >= 0 ? trace_folder_fault(fd) : strerror(errno);
  if (fd < 0 && lstat(path, &st) == 0 && S_ISLNK(st.st_mode)) why = "is a link";
  if (!why) return fd;
  (void)fprintf(stderr, "%s: %s: %s\n", who, path, why);
  if (fd >= 0) (void)close(fd);
  return -1;
}
