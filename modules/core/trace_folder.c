/* SPDX-License-Identifier: MIT */
/* trace_folder.c - the folder that a run's rings lie in: finding, making, removing it; see trace.h.
 *
 * It is used only when it is a folder and no link, belongs to this user and nobody else may enter it. Each
 * process that uses it holds a shared lock on it until it ends, however it ends; whoever gets the lock alone
 * knows that no ring is written any more, and a process that comes meanwhile waits until that is decided.
 * Processes without a ring (a shell) are known by their environment. A folder that we made has a file `maker`:
 * nothing else is ever removed. The last process of a run that ends by itself, the maker or another one, takes
 * the folder away; where the last one is killed, or is a shell, a later start does. */
#include "trace.h"
#include "trace_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PREFIX TRACE_FOLDER_PREFIX
#define PATTERN PREFIX "XXXXXX"
#define MAKER TRACE_FOLDER_MAKER

enum { SWEEP_MOST = 16, ROOM = 64 * 1024 * 1024, LOCK_TRIES = 200, LOCK_PAUSE_MS = 5 };

static struct {
  char *path;       /* absolute; owns */
  int fd;           /* holds the lock; -1: nothing is traced */
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

enum { STAT_ROOM = 1024 };

/* Field 22 of this file in /proc: when the process began. It is counted behind the name, which may hold blanks
 * and brackets. "0" where it cannot be read. */
static const char *start_time(int dir, const char *stat, char text[STAT_ROOM]) {
  int fd = openat(dir, stat, O_RDONLY | O_CLOEXEC);
  ssize_t n = fd < 0 ? -1 : read(fd, text, STAT_ROOM - 1);
  if (fd >= 0) (void)close(fd);
  text[n > 0 ? n : 0] = '\0';
  char *p = strrchr(text, ')');
  for (int field = 2; p && field < 22; field++)
    if ((p = strchr(p, ' '))) p++;
  if (!p) return "0";
  p[strspn(p, "0123456789")] = '\0';
  return p;
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

/* Who has it alone looks for others of the run, and either removes the folder or lets go: that takes as long as
 * reading /proc does, and a process that came meanwhile must neither be overlooked nor think the run over.
 * False: somebody keeps it to himself. */
static bool lock_shared(int fd) {
  for (int i = 0; flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK; i++) {
    if (i == LOCK_TRIES) return false;
    (void)poll(NULL, 0, LOCK_PAUSE_MS);
  }
  return true;
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
  bool over = full && !lock_shared(fd);
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
  char text[STAT_ROOM];
  folder.start = strtoull(start_time(AT_FDCWD, "/proc/self/stat", text), NULL, 10);
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

/* The end of a run may be told by a signal handler: what is used here is async-signal-safe, so directories are
 * read by their system call. */
typedef struct Entry {
  uint64_t inode;
  int64_t offset;
  uint16_t size;
  uint8_t type;
  char name[];
} Entry;

/* Calls fn for each name until it returns true. False: it never did. *all tells if there were no others. */
static bool any_entry(int dir, bool (*fn)(int dir, const char *name, const void *ctx), const void *ctx, bool *all) {
  _Alignas(Entry) char buf[4096];
  long n;
  *all = false;
  if (dir < 0 || lseek(dir, 0, SEEK_SET) != 0) return false;
  while ((n = syscall(SYS_getdents64, dir, buf, sizeof buf)) > 0) {
    for (long at = 0; at < n; at += ((const Entry *)(buf + at))->size)
      if (fn(dir, ((const Entry *)(buf + at))->name, ctx)) return true;
  }
  *all = n == 0;
  return false;
}

/* Entries end in NULs. */
bool environ_has(int fd, const char *name, const char *value) {
  char buf[4096];
  size_t matched = 0, len = strlen(name), whole = len + 1 + strlen(value);
  bool lost = false; /* this entry is another one */
  for (ssize_t n; (n = read(fd, buf, sizeof buf)) > 0;) {
    for (ssize_t i = 0; i < n; i++) {
      if (!buf[i] && !lost && matched == whole) return true;
      size_t at = matched++;
      char want = at < len ? name[at] : at == len ? '=' : at < whole ? value[at - len - 1] : '\0';
      if (!buf[i]) matched = 0, lost = false;
      else if (buf[i] != want) lost = true;
    }
  }
  return false;
}

typedef struct Named { int fd; const char *path; } Named;

/* One with a ring holds the lock for as long as it writes. When we have that alone it is about to end. */
static bool has_ring(int fd, int dir, const char *pid) {
  char text[STAT_ROOM], name[STAT_ROOM + 64];
  const char *const parts[] = { ".", start_time(dir, "stat", text), ".", pid, ".ring" };
  char *end = stpcpy(name, pid);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) end = stpcpy(end, parts[i]);
  return faccessat(fd, name, F_OK, 0) == 0;
}

/* Does a process other than this one have the folder in its environment, without a ring? */
static bool names_folder(int proc, const char *name, const void *ctx) {
  const Named *named = ctx;
  if (*name < '1' || *name > '9' || atoi(name) == (int)getpid()) return false;
  int dir = openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int fd = dir < 0 ? -1 : openat(dir, "environ", O_RDONLY | O_CLOEXEC);
  bool found = fd >= 0 && environ_has(fd, TRACE_ENV, named->path); /* else it has ended, or is another user's */
  if (found) found = !has_ring(named->fd, dir, name);
  if (fd >= 0) (void)close(fd);
  if (dir >= 0) (void)close(dir);
  return found;
}

/* Is the folder named by a living process? When that cannot be found out it is. */
static bool is_named(int fd, const char *path) {
  int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool all, found = any_entry(proc, names_folder, &(Named){ fd, path }, &all);
  if (proc >= 0) (void)close(proc);
  return found || !all;
}

static bool remove_entry(int dir, const char *name, const void *ctx) {
  (void)ctx;
  if (strcmp(name, ".") && strcmp(name, "..")) (void)unlinkat(dir, name, 0);
  return false;
}

/* Takes the folder away with all that is in it, when nobody is in the run any more. */
static void remove_folder(int fd, const char *path) {
  bool all;
  if (flock(fd, LOCK_EX | LOCK_NB) != 0 || is_named(fd, path)) return;
  int dir = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  (void)any_entry(dir, remove_entry, NULL, &all);
  if (rmdir(path) != 0 && errno == ENOTEMPTY) { /* some systems skip names while others are taken away */
    (void)any_entry(dir, remove_entry, NULL, &all);
    (void)rmdir(path);
  }
  if (dir >= 0) (void)close(dir);
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
  int fd = folder.fd, err = errno;
  if (fd < 0) return;
  folder.fd = -1; /* once, whatever comes next */
  if (is_made(fd)) remove_folder(fd, folder.path);
  errno = err;
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
