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

#define LESSON TRACE_FOLDER_PREFIX "lesson-"

typedef struct Newest { char *path; size_t size; struct timespec t; } Newest;

static void take(Newest *newest, const struct timespec *t, const char *base, const char *name, const char *below) {
  struct timespec *best = &newest->t;
  if (t->tv_sec < best->tv_sec || (t->tv_sec == best->tv_sec && t->tv_nsec <= best->tv_nsec)) return;
  int len = snprintf(newest->path, newest->size, "%s/%s%s%s", base, name, *below ? "/" : "", below);
  if (len < (int)newest->size) *best = *t;
  else *newest->path = '\0';
}

/* The folder that a lesson's runner works in holds one for each run that is on, and one for its prompt. */
static void find_in_lesson(int fd, const char *base, const char *name, Newest *newest) {
  int copy = dup(fd);
  DIR *all = copy < 0 ? NULL : fdopendir(copy);
  struct stat st;
  for (const struct dirent *e; all && (e = readdir(all));) {
    if (strncmp(e->d_name, "run", 3) != 0 && strcmp(e->d_name, "play") != 0) continue;
    int run = openat(fd, e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (run >= 0 && !trace_folder_fault(run) && fstat(run, &st) == 0) take(newest, &st.st_mtim, base, name, e->d_name);
    if (run >= 0) (void)close(run);
  }
  if (all) (void)closedir(all);
  else if (copy >= 0) (void)close(copy);
}

/* Among the folders in `base` the newest, if it is newer than what was found. */
static void find_newest(const char *base, Newest *newest) {
  DIR *all = base && *base == '/' ? opendir(base) : NULL;
  struct stat maker;
  for (const struct dirent *e; all && (e = readdir(all));) {
    if (strncmp(e->d_name, TRACE_FOLDER_PREFIX, strlen(TRACE_FOLDER_PREFIX)) != 0) continue;
    int fd = openat(dirfd(all), e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    bool ours = fd >= 0 && !trace_folder_fault(fd);
    if (ours && !strncmp(e->d_name, LESSON, strlen(LESSON))) find_in_lesson(fd, base, e->d_name, newest);
    else if (ours && fstatat(fd, TRACE_FOLDER_MAKER, &maker, AT_SYMLINK_NOFOLLOW) == 0)
      take(newest, &maker.st_mtim, base, e->d_name, "");
    if (fd >= 0) (void)close(fd);
  }
  if (all) (void)closedir(all);
}

static bool choose(const char *dir, char *path, size_t size) {
  const char *const places[] = { getenv("XDG_RUNTIME_DIR"), getenv("TMPDIR"), "/tmp" };
  Newest newest = { path, size, { 0, 0 } };
  *path = '\0';
  if (!dir) dir = trace_dir();
  if (dir) return snprintf(path, size, "%s", dir) < (int)size;
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) find_newest(places[i], &newest);
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
