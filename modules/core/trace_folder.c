/* SPDX-License-Identifier: MIT */
/* trace_folder.c - the folder that a run's rings lie in: finding, making, removing it; see trace.h.
 *
 * It is used only when it is a folder and no link, belongs to this user and nobody else may enter it. Each
 * process that uses it holds a shared lock on it until it ends, however it ends; whoever gets the lock alone
 * knows that no ring is written any more, and a process that comes meanwhile finds the run over. Processes
 * without a ring (a shell) are known by their environment. A folder that we made has a file `maker`: nothing
 * else is ever removed. */
#include "trace.h"
#include "trace_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define PREFIX TRACE_FOLDER_PREFIX
#define PATTERN PREFIX "XXXXXX"
#define MAKER TRACE_FOLDER_MAKER

enum { SWEEP_MOST = 16, ROOM = 64 * 1024 * 1024, ENVIRON_MOST = 4 * 1024 * 1024 };

static struct {
  char *path;       /* absolute; owns */
  int fd;           /* holds the lock; -1: nothing is traced */
  bool made;        /* by this process, under a name of its own */
  uint64_t start, channel;
  char role[24];
  const char *why;
} folder = { .fd = -1 };

const char *trace_dir(void) { return folder.path; }
int trace_dirfd(void) { return folder.fd; }
uint64_t trace_start_time(void) { return folder.start; }
uint64_t trace_parent_channel(void) { return folder.channel; }
const char *trace_given_role(void) { return *folder.role ? folder.role : NULL; }
const char *trace_why(void) { return folder.why ? folder.why : ""; }

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

/* Also what one file may have: a longer one would end the process with SIGXFSZ. */
uint64_t trace_room(int dirfd) {
  struct statvfs fs;
  struct rlimit file;
  uint64_t most = getrlimit(RLIMIT_FSIZE, &file) == 0 ? file.rlim_cur : RLIM_INFINITY;
  if (fstatvfs(dirfd, &fs) != 0) return most;
  uint64_t all = (uint64_t)fs.f_blocks * fs.f_frsize, left = (uint64_t)fs.f_bavail * fs.f_frsize;
  uint64_t others = all / 16 < ROOM ? all / 16 : ROOM, room = left > others ? left - others : 0;
  return room < most ? room : most;
}

/* ---- using ---- */

/* Behind the folder's name. */
static const char *in_words(int err) { return err == ENOENT ? "does not exist" : strerror(err); }

const char *trace_folder_fault(int fd) {
  struct stat st;
  if (fstat(fd, &st) != 0) return strerror(errno);
  if (!S_ISDIR(st.st_mode)) return "is no folder";
  if (st.st_uid != geteuid()) return "belongs to another user";
  if ((st.st_mode & 07777) != 0700) return "can be entered by others: its mode must be 0700";
  return NULL;
}

/* Opens the folder when it may be used, in place of the one before. 0 or a negative uv error; why is set. */
static int open_folder(const char *path) {
  struct stat st;
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) {
    int err = errno;
    bool link = lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
    folder.why = link ? "is a link" : err == ENOTDIR ? "is no folder" : in_words(err);
    return -err;
  }
  folder.why = trace_folder_fault(fd);
  char *full = folder.why ? NULL : realpath(path, NULL);
  bool over = full && flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  if (full && !over) over = fstat(fd, &st) != 0 || st.st_nlink == 0; /* removed before we had the lock */
  if (!full || over) {
    if (!folder.why) folder.why = in_words(ENOENT);
    free(full);
    (void)close(fd);
    return over ? UV_ENOENT : UV_EPERM;
  }
  if (folder.fd >= 0) (void)close(folder.fd);
  free(folder.path);
  folder.fd = fd;
  folder.path = full;
  folder.start = read_start_time();
  return setenv(TRACE_ENV, full, 1) ? UV_ENOMEM : 0;
}

/* Is it a name that trace_begin gives? */
static bool is_ours(const char *name) { return !strncmp(name, PREFIX, strlen(PREFIX)) && strlen(name) == strlen(PATTERN); }

bool trace_claim(const char **why) {
  const char *path = getenv(TRACE_ENV), *channel = getenv(TRACE_ENV_CHANNEL), *role = getenv(TRACE_ENV_ROLE);
  if (channel && getenv("NODE_CHANNEL_FD")) folder.channel = strtoull(channel, NULL, 10);
  if (role) (void)snprintf(folder.role, sizeof folder.role, "%s", role);
  (void)unsetenv(TRACE_ENV_CHANNEL);
  (void)unsetenv(TRACE_ENV_ROLE);
  if (!TRACE_BUILT || !path || !*path) return true;
  const char *slash = strrchr(path, '/');
  int err = open_folder(path);
  if (err == UV_ENOENT && is_ours(slash ? slash + 1 : path)) {
    (void)unsetenv(TRACE_ENV);
    return true;
  }
  *why = folder.why;
  return err == 0;
}

/* ---- removing ---- */

/* Does a process other than this one have the folder in its environment, with a ring or without? */
static bool named_in(const char *pid, const char *entry, size_t len, char *buf) {
  char name[64];
  (void)snprintf(name, sizeof name, "/proc/%.20s/environ", pid);
  int fd = open(name, O_RDONLY | O_CLOEXEC);
  size_t got = 0;
  ssize_t n;
  if (fd < 0) return false; /* ended, or another user's */
  while (got < ENVIRON_MOST && (n = read(fd, buf + got, ENVIRON_MOST - got)) > 0) got += (size_t)n;
  (void)close(fd);
  for (size_t at = 0; at + len <= got; at += strnlen(buf + at, got - at) + 1)
    if (!memcmp(buf + at, entry, len)) return true; /* with its NUL */
  return false;
}

/* Is the folder named by a living process? When that cannot be found out it is. */
static bool is_named(const char *path) {
  char *entry = NULL, *buf = malloc(ENVIRON_MOST);
  int len = asprintf(&entry, TRACE_ENV "=%s", path);
  DIR *proc = opendir("/proc");
  bool found = len < 0 || !buf || !proc;
  const struct dirent *e;
  while (!found && (e = readdir(proc)))
    if (*e->d_name >= '1' && *e->d_name <= '9' && atoi(e->d_name) != (int)getpid())
      found = named_in(e->d_name, entry, (size_t)len + 1, buf);
  if (proc) (void)closedir(proc);
  if (len >= 0) free(entry);
  free(buf);
  return found;
}

/* Takes the folder away with all that is in it, when nobody is in the run any more. */
static void remove_folder(int fd, const char *path) {
  if (flock(fd, LOCK_EX | LOCK_NB) != 0 || is_named(path)) return;
  int again = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *all = again < 0 ? NULL : fdopendir(again);
  const struct dirent *e;
  if (!all) {
    if (again >= 0) (void)close(again);
    return;
  }
  while ((e = readdir(all)))
    if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..")) (void)unlinkat(fd, e->d_name, 0);
  (void)closedir(all);
  (void)rmdir(path);
}

/* Is it a folder that a trace_begin has made? */
static bool is_made(int fd) {
  struct stat st;
  return !trace_folder_fault(fd) && fstatat(fd, MAKER, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode);
}

/* Folders of runs that are over, whose maker could not remove them. */
static void sweep(const char *base) {
  DIR *all = opendir(base);
  const struct dirent *e;
  int tried = 0;
  if (!all) return;
  while (tried < SWEEP_MOST && (e = readdir(all))) {
    if (!is_ours(e->d_name)) continue;
    int fd = openat(dirfd(all), e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    char path[PATH_MAX];
    int len = snprintf(path, sizeof path, "%s/%s", base, e->d_name);
    if (fd >= 0 && len < (int)sizeof path && is_made(fd)) {
      tried++;
      remove_folder(fd, path);
    }
    if (fd >= 0) (void)close(fd);
  }
  (void)closedir(all);
}

void trace_end(void) {
  if (!folder.made || folder.fd < 0) return;
  folder.made = false;
  remove_folder(folder.fd, folder.path);
}

/* ---- making ---- */

/* Says that the folder is ours to remove, and whose it is. 0 or a negative uv error. */
static int write_maker(void) {
  int fd = openat(folder.fd, MAKER, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return -errno;
  int n = dprintf(fd, "%d %llu\n", (int)getpid(), (unsigned long long)folder.start), err = n < 0 ? -errno : 0;
  (void)close(fd);
  return err;
}

/* A fresh folder below this one, if that is a place for it. */
static int make_below(const char *named) {
  char path[PATH_MAX], *base = named && *named == '/' ? realpath(named, NULL) : NULL;
  int fd = base ? open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1, err = UV_ENOENT;
  bool room = fd >= 0 && trace_room(fd) > TRACE_PAGE_SIZE + TRACE_RING_BYTES;
  if (fd >= 0) (void)close(fd);
  if (room) {
    sweep(base);
    int len = snprintf(path, sizeof path, "%s/" PATTERN, base);
    if (len >= (int)sizeof path) err = UV_ENAMETOOLONG;
    else if (!mkdtemp(path)) err = -errno;
    else if ((err = open_folder(path)) != 0 || (err = write_maker()) != 0) (void)rmdir(path); /* no sweep would */
    folder.made = !err;
  } else if (base) {
    err = UV_ENOSPC;
  }
  free(base);
  return err;
}

int trace_begin(const char *dir) {
  if (!TRACE_BUILT) {
    folder.why = "this program was built without the recorder";
    return UV_ENOTSUP;
  }
  if (dir && mkdir(dir, 0700) != 0 && errno != EEXIST) {
    int failed = errno;
    folder.why = in_words(failed);
    return -failed;
  }
  if (dir) return open_folder(dir);
  if (folder.fd >= 0) return 0;
  const char *const places[] = { getenv("XDG_RUNTIME_DIR"), getenv("TMPDIR"), "/tmp" };
  int err = UV_ENOENT;
  for (size_t i = 0; i < sizeof places / sizeof *places && err; i++) err = make_below(places[i]);
  if (err) folder.why = uv_strerror(err);
  return err;
}
