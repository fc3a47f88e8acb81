/* SPDX-License-Identifier: MIT */
/* scan.c - processes, threads and descriptors by /proc; see scan.h. */
#include "scan.h"
#include "ring.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FULL_EVERY = 8 };

static bool read_file(const char *path, char *text, size_t size) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  ssize_t n = read(fd, text, size - 1);
  (void)close(fd);
  if (n <= 0) return false;
  text[n] = '\0';
  return true;
}

/* Fields are counted behind the name, which may hold blanks and brackets: the state is the third. */
static bool parse_stat(char *text, ProcStat *stat) {
  char *open = strchr(text, '('), *close = strrchr(text, ')'), *p;
  if (!open || !close || close < open || close[1] != ' ') return false;
  *close = '\0';
  (void)snprintf(stat->name, sizeof stat->name, "%s", open + 1);
  ring_clean(stat->name, strlen(stat->name));
  p = close + 2;
  stat->state = *p;
  int field = 3;
  while ((p = strchr(p, ' ')) != NULL) {
    p++;
    switch (++field) {
    case 4: stat->ppid = atoi(p); break;
    case 5: stat->pgrp = atoi(p); break;
    case 14: stat->cpu = strtoull(p, NULL, 10); break;
    case 15: stat->cpu += strtoull(p, NULL, 10); break;
    case 20: stat->nthreads = atoi(p); break;
    case 22: stat->start = strtoull(p, NULL, 10); break;
    case 24: stat->rss = strtoull(p, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE); break;
    case 52: stat->exit_status = atoi(p); break;
    default: break;
    }
  }
  return field >= 24;
}

bool scan_stat(int pid, int tid, ProcStat *stat) {
  char path[64], text[1024];
  *stat = (ProcStat){ .pid = pid, .exit_status = -1 };
  if (tid) (void)snprintf(path, sizeof path, "/proc/%d/task/%d/stat", pid, tid);
  else (void)snprintf(path, sizeof path, "/proc/%d/stat", pid);
  return read_file(path, text, sizeof text) && parse_stat(text, stat);
}

/* ---- all processes ---- */

static int by_number(const void *a, const void *b) {
  int x = *(const int *)a, y = *(const int *)b;
  return (x > y) - (x < y);
}

/* Of two that began in the same tick the pids tell; numbers begin anew behind the largest, and no tick is long
 * enough for half of them. */
int scan_order(uint64_t start, int pid, uint64_t other_start, int other_pid) {
  enum { FEWEST_PIDS = 32768 };
  if (start != other_start) return start < other_start ? -1 : 1;
  int order = (pid > other_pid) - (pid < other_pid);
  return abs(pid - other_pid) > FEWEST_PIDS / 2 ? -order : order;
}

static int by_age(const void *a, const void *b) {
  const ProcStat *x = a, *y = b;
  return scan_order(x->start, x->pid, y->start, y->pid);
}

static void add_stat(Scan *scan, int pid) {
  ProcStat stat;
  if (!scan_stat(pid, 0, &stat)) return;
  if (scan->count == scan->space) {
    size_t space = scan->space ? scan->space * 2 : 256;
    ProcStat *grown = realloc(scan->list, space * sizeof *grown);
    if (!grown) return;
    scan->list = grown;
    scan->space = space;
  }
  scan->list[scan->count++] = stat;
}

static bool is_foreign(const Scan *scan, int pid) {
  return scan->nforeign && bsearch(&pid, scan->foreign, scan->nforeign, sizeof pid, by_number);
}

void scan_all(Scan *scan) {
  DIR *dir = opendir("/proc");
  scan->count = 0;
  if (scan->turn++ % FULL_EVERY == 0) scan->nforeign = 0;
  scan->works = dir != NULL;
  if (!dir) return;
  for (struct dirent *entry; (entry = readdir(dir));) {
    if (!isdigit((unsigned char)entry->d_name[0])) continue;
    int pid = atoi(entry->d_name);
    if (!is_foreign(scan, pid)) add_stat(scan, pid);
  }
  (void)closedir(dir);
  scan->works = scan->count > 0 || scan->nforeign > 0;
  if (scan->count) qsort(scan->list, scan->count, sizeof *scan->list, by_age);
}

void scan_foreign(Scan *scan, int pid) {
  if (scan->nforeign == scan->foreign_space) {
    size_t space = scan->foreign_space ? scan->foreign_space * 2 : 256;
    int *grown = realloc(scan->foreign, space * sizeof *grown);
    if (!grown) return; /* it is read again */
    scan->foreign = grown;
    scan->foreign_space = space;
  }
  scan->foreign[scan->nforeign++] = pid;
}

void scan_familiar(Scan *scan, int pid) {
  for (size_t i = 0; i < scan->nforeign; i++) {
    if (scan->foreign[i] != pid) continue;
    memmove(scan->foreign + i, scan->foreign + i + 1, (--scan->nforeign - i) * sizeof *scan->foreign);
    return;
  }
}

void scan_settle(Scan *scan) {
  if (scan->nforeign) qsort(scan->foreign, scan->nforeign, sizeof *scan->foreign, by_number);
}

void scan_free(Scan *scan) {
  free(scan->list);
  free(scan->foreign);
  *scan = (Scan){ 0 };
}

/* ---- descriptors ---- */

int scan_full_pipe(int pid) {
  char path[48], text[256], target[16];
  long call;
  unsigned long fd;
  (void)snprintf(path, sizeof path, "/proc/%d/syscall", pid);
  if (!read_file(path, text, sizeof text) || sscanf(text, "%ld 0x%lx", &call, &fd) != 2) return 0; /* "running" */
  if ((call != SYS_write && call != SYS_writev) || (fd != 1 && fd != 2)) return 0;
  (void)snprintf(path, sizeof path, "/proc/%d/fd/%lu", pid, fd);
  ssize_t n = readlink(path, target, sizeof target);
  bool full = n > 7 && (!memcmp(target, "pipe:", 5) || !memcmp(target, "socket:", 7)); /* no file: that waits for its disk */
  return full ? (int)fd : 0;
}

/* New kernels tell the number as the folder's size. */
int scan_count_fds(int pid) {
  char path[48];
  struct stat st;
  int count = 0;
  (void)snprintf(path, sizeof path, "/proc/%d/fd", pid);
  if (stat(path, &st) == 0 && st.st_size > 0) return (int)st.st_size;
  DIR *dir = opendir(path);
  if (!dir) return -1;
  for (struct dirent *entry; (entry = readdir(dir));) count += *entry->d_name != '.';
  (void)closedir(dir);
  return count;
}

void scan_sockets(int pid, ScanFd fn, void *ctx) {
  char path[48], target[64];
  (void)snprintf(path, sizeof path, "/proc/%d/fd", pid);
  DIR *dir = opendir(path);
  if (!dir) return;
  for (struct dirent *entry; (entry = readdir(dir));) {
    if (*entry->d_name == '.') continue;
    ssize_t n = readlinkat(dirfd(dir), entry->d_name, target, sizeof target - 1);
    if (n <= 0) continue;
    target[n] = '\0';
    if (!strncmp(target, "socket:[", 8)) fn(ctx, atoi(entry->d_name), strtoull(target + 8, NULL, 10));
  }
  (void)closedir(dir);
}
