/* SPDX-License-Identifier: MIT */
/* lair.c - see lair.h. A process is ended by a descriptor that was opened before it was looked at, so a
 * number that the system has given to somebody else meanwhile is never meant. */
#include "lair.h"
#include "../live/scan.h"
#include "../proc.h"
#include "../../modules/core/trace.h"
#include "../../modules/core/trace_folder.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ENVIRON_LIMIT = 1 << 20, ROUNDS = 200, PAUSE_MS = 10 };

/* ---- /proc ---- */

/* The file's bytes, ended by a zero; NULL. The caller frees. */
static char *read_whole(const char *path, size_t *len) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  char *text = fd < 0 ? NULL : malloc(ENVIRON_LIMIT + 1);
  ssize_t n;
  *len = 0;
  while (text && *len < ENVIRON_LIMIT && (n = read(fd, text + *len, ENVIRON_LIMIT - *len)) > 0) *len += (size_t)n;
  if (text) text[*len] = '\0';
  if (fd >= 0) (void)close(fd);
  return text;
}

static bool carries(pid_t pid, const char *id) {
  char path[40];
  (void)snprintf(path, sizeof path, "/proc/%d/environ", (int)pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  bool is = fd >= 0 && environ_has(fd, LESSON_ENV, id);
  if (fd >= 0) (void)close(fd);
  return is;
}

/* Is this a living process of the run: ours, begun after it, and with its id? */
static bool belongs(pid_t pid, const char *id, uint64_t since) {
  char path[40];
  struct stat st;
  ProcStat proc;
  (void)snprintf(path, sizeof path, "/proc/%d", (int)pid);
  return pid != getpid() && stat(path, &st) == 0 && st.st_uid == geteuid() && scan_stat(pid, 0, &proc) &&
         proc.state != 'Z' && proc.state != 'X' && proc.start >= since && carries(pid, id);
}

typedef void Visit(pid_t pid, void *ctx);

/* Visits all that belongs to the run; how many. -1: no /proc. */
static int each(const char *id, uint64_t since, Visit *visit, void *ctx) {
  DIR *dir = opendir("/proc");
  int n = 0;
  if (!dir) return -1;
  for (struct dirent *e; (e = readdir(dir));) {
    if (!isdigit((unsigned char)e->d_name[0])) continue;
    pid_t pid = (pid_t)atoi(e->d_name);
    if (!belongs(pid, id, since)) continue;
    n++;
    if (visit) visit(pid, ctx);
  }
  (void)closedir(dir);
  return n;
}

/* ---- ending ---- */

typedef struct Ports { Net net; Reclaimed *what; } Ports;

/* A socket that several processes hold is one port. */
static void count_port(void *ctx, int fd, uint64_t inode) {
  Ports *ports = ctx;
  Reclaimed *what = ports->what;
  const NetSocket *socket = net_find(&ports->net, inode);
  bool counts = socket && socket->port;
  (void)fd;
  for (int i = 0; i < what->ports && i < 32 && counts; i++) counts = what->sockets[i] != inode;
  if (!counts) return;
  if (what->ports < 32) what->sockets[what->ports] = inode;
  what->ports++;
}

/* Counts what the process listens on. */
static void count_ports(pid_t pid, Reclaimed *what) {
  Ports ports = { .what = what };
  net_read(&ports.net);
  scan_sockets(pid, count_port, &ports);
  net_free(&ports.net);
}

typedef struct Ending { const char *id; uint64_t since; Reclaimed *what; int round; } Ending;

/* What is about to be ended counts once. False: it is not of the run any more. */
static bool count_one(int pid, void *ctx) {
  Ending *ending = ctx;
  Reclaimed *what = ending->what;
  bool known = false;
  if (!belongs(pid, ending->id, ending->since)) return false;
  for (int i = 0; i < what->processes && i < 32 && !known; i++) known = what->pids[i] == pid;
  if (known) return true;
  count_ports(pid, what);
  if (what->processes < 32) what->pids[what->processes] = pid;
  what->processes++;
  return true;
}

static void end_one(pid_t pid, void *ctx) { (void)proc_signal(pid, SIGKILL, count_one, ctx); }

static void pause_ms(long ms) {
  struct timespec t = { ms / 1000, ms % 1000 * 1000000 };
  (void)nanosleep(&t, NULL);
}

/* A process may start another one while we look, so this goes on until nothing is found. */
static void end_all(const char *id, uint64_t since, Reclaimed *what) {
  Ending ending = { id, since, what, 0 };
  int left = each(id, since, end_one, &ending);
  for (int i = 0; i < ROUNDS && left > 0; i++) {
    pause_ms(PAUSE_MS);
    left = each(id, since, end_one, &ending);
  }
  if (left > 0) what->leaked += left;
}

int lair_alive(const Lair *lair) { return each(lair->id, lair->start, NULL, NULL); }

void lair_reclaim(const Lair *lair, Reclaimed *what) { end_all(lair->id, lair->start, what); }

/* ---- folders ---- */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw) {
  (void)st, (void)type, (void)ftw;
  (void)remove(path); /* what cannot be removed stays */
  return 0;
}

void remove_tree(const char *path) { (void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT); }

/* Where the folder will be, named after the run. */
static char *scratch_path(const char *id) {
  const char *base = getenv("XDG_RUNTIME_DIR");
  char *path;
  struct stat st;
  if (!base || *base != '/' || stat(base, &st) != 0 || st.st_uid != geteuid()) base = getenv("TMPDIR");
  if (!base || *base != '/') base = "/tmp";
  return asprintf(&path, "%s/moonfork-lesson-%.12s", base, id) < 0 ? NULL : path;
}

/* ---- records ---- */

static void boot_id(char *id, size_t size) {
  size_t len;
  char *text = read_whole("/proc/sys/kernel/random/boot_id", &len);
  (void)snprintf(id, size, "%s", text ? text : "?");
  id[strcspn(id, "\n")] = '\0';
  free(text);
}

static int write_record(Lair *lair) {
  char boot[48], text[512];
  boot_id(boot, sizeof boot);
  int n = snprintf(text, sizeof text, "boot %s\nuid %d\nrunner %d\nstart %llu\nscratch %s\n", boot, (int)geteuid(),
                   (int)getpid(), (unsigned long long)lair->start, lair->scratch);
  return n < (int)sizeof text && write(lair->fd, text, (size_t)n) == n && fsync(lair->fd) == 0 ? 0 : -EIO;
}

/* Makes the record and locks it. -EAGAIN: a sweeper was between the two, and has removed it. */
static int make_record(Lair *lair, const char *records) {
  unsigned char bits[16];
  struct stat mine, named;
  if (getrandom(bits, sizeof bits, 0) != (ssize_t)sizeof bits) return -EIO;
  for (size_t i = 0; i < sizeof bits; i++) (void)snprintf(lair->id + 2 * i, 3, "%02x", bits[i]);
  if (asprintf(&lair->record, "%s/%s", records, lair->id) < 0) return lair->record = NULL, -ENOMEM;
  lair->fd = open(lair->record, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (lair->fd < 0 || flock(lair->fd, LOCK_EX) != 0 || fstat(lair->fd, &mine) != 0) return -errno;
  return stat(lair->record, &named) == 0 && named.st_ino == mine.st_ino ? 0 : -EAGAIN;
}

/* The record is whole before the folder is made: one that is not has nothing to its name. */
int lair_open(Lair *lair, const char *records) {
  ProcStat self;
  int err = -EAGAIN;
  *lair = (Lair){ .fd = -1 };
  if (mkdir(records, 0700) != 0 && errno != EEXIST) return -errno;
  if (scan_stat(getpid(), 0, &self)) lair->start = self.start;
  for (int i = 0; i < ROUNDS && err == -EAGAIN; i++)
    if ((err = make_record(lair, records)) == -EAGAIN) {
      (void)close(lair->fd);
      free(lair->record);
      lair->record = NULL;
      lair->fd = -1;
    }
  if (err) return err;
  if (!(lair->scratch = scratch_path(lair->id))) return -ENOMEM;
  if ((err = write_record(lair)) == 0 && mkdir(lair->scratch, 0700) != 0) err = -errno;
  if (err) free(lair->scratch), lair->scratch = NULL; /* not ours */
  return err;
}

void lair_close(Lair *lair) {
  if (lair->scratch) remove_tree(lair->scratch);
  if (lair->record) (void)unlink(lair->record);
  if (lair->fd >= 0) (void)close(lair->fd);
  free(lair->scratch);
  free(lair->record);
  *lair = (Lair){ .fd = -1 };
}

/* ---- sweeping ---- */

/* The value of a line "key value", which is ended there; NULL. */
static char *value_of(char *text, const char *key) {
  size_t len = strlen(key);
  for (char *line = text; *line;) {
    char *end = line + strcspn(line, "\n");
    if (!*end) break; /* cut off */
    if (!strncmp(line, key, len) && line[len] == ' ') return strndup(line + len + 1, (size_t)(end - line) - len - 1);
    line = end + 1;
  }
  return NULL;
}

/* Only a folder that a runner may have made. */
static void remove_scratch(const char *path) {
  const char *name = strrchr(path, '/');
  struct stat st;
  if (name && !strncmp(name, "/moonfork-lesson-", 17) && lstat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
      st.st_uid == geteuid())
    remove_tree(path);
}

static void sweep_record(const char *path, const char *id, Reclaimed *what) {
  char boot[48];
  size_t len;
  char *text = read_whole(path, &len);
  char *its = text ? value_of(text, "boot") : NULL, *start = text ? value_of(text, "start") : NULL;
  char *scratch = text ? value_of(text, "scratch") : NULL;
  boot_id(boot, sizeof boot);
  if (its && start && !strcmp(its, boot)) end_all(id, strtoull(start, NULL, 10), what);
  if (scratch) remove_scratch(scratch);
  what->runs += scratch != NULL; /* it was written to its end */
  (void)unlink(path);
  free(text);
  free(its);
  free(start);
  free(scratch);
}

/* Whoever holds the lock is alive; one who has just got it may have found a file that is removed now, and
 * looks (make_record). A record without an end is that of a runner that died while writing it. */
static void sweep_one(const char *records, const char *id, Reclaimed *what) {
  char *path;
  struct stat mine, named;
  if (asprintf(&path, "%s/%s", records, id) < 0) return;
  int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &mine) == 0 && stat(path, &named) == 0 &&
      mine.st_ino == named.st_ino && mine.st_uid == geteuid())
    sweep_record(path, id, what);
  if (fd >= 0) (void)close(fd);
  free(path);
}

void lair_sweep(const char *records, Reclaimed *what) {
  DIR *dir = opendir(records);
  if (!dir) return;
  for (struct dirent *e; (e = readdir(dir));)
    if (strlen(e->d_name) == 32) sweep_one(records, e->d_name, what);
  (void)closedir(dir);
}
