/* SPDX-License-Identifier: MIT */
/* proc.c - see proc.h. What /proc/PID/stat says is read by live/scan.c. */
#include "proc.h"
#include "live/scan.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ADOPTION_MS = 2000 };

/* Reads the file at once; the bytes read, 0 when there are none. */
static size_t read_text(const char *path, char *text, size_t size) {
  FILE *f = fopen(path, "re");
  if (!f) return 0;
  size_t len = fread(text, 1, size - 1, f);
  (void)fclose(f);
  text[len] = '\0';
  return len;
}

bool proc_read(int pid, Proc *proc) {
  ProcStat stat;
  if (!scan_stat(pid, 0, &stat)) return false;
  *proc = (Proc){ .pid = pid, .ppid = stat.ppid, .pgrp = stat.pgrp, .state = stat.state, .start = stat.start,
                  .rss_kib = (long)(stat.rss / 1024), .threads = stat.nthreads };
  (void)snprintf(proc->name, sizeof proc->name, "%s", stat.name);
  return true;
}

char proc_state(int pid, uint64_t start) {
  ProcStat stat;
  return scan_stat(pid, 0, &stat) && stat.start == start ? stat.state : 'X';
}

bool proc_lives(int pid, uint64_t start) {
  char state = proc_state(pid, start);
  return state != 'X' && state != 'Z';
}

int proc_signal(int pid, int number, bool (*still)(int pid, void *ctx), void *ctx) {
  int fd = (int)syscall(SYS_pidfd_open, pid, 0), err = 0;
  if (fd < 0 && errno != ENOSYS && errno != EPERM) return -errno;
  if (!still(pid, ctx)) err = -ESRCH;
  else if (fd < 0) err = kill(pid, number) == 0 ? 0 : -errno; /* an old kernel, or one that forbids the other way */
  else if (syscall(SYS_pidfd_send_signal, fd, number, NULL, 0) != 0) err = -errno;
  if (fd >= 0) (void)close(fd);
  return err;
}

static int by_pid(const void *a, const void *b) {
  int x = ((const Proc *)a)->pid, y = ((const Proc *)b)->pid;
  return (x > y) - (x < y);
}

size_t proc_all(Proc **list) {
  size_t count = 0, space = 0;
  DIR *dir = opendir("/proc");
  *list = NULL;
  if (!dir) return 0;
  for (struct dirent *entry; (entry = readdir(dir));) {
    Proc proc;
    if (!isdigit((unsigned char)entry->d_name[0]) || !proc_read(atoi(entry->d_name), &proc)) continue;
    if (count == space) {
      Proc *grown = realloc(*list, (space = space ? space * 2 : 128) * sizeof **list);
      if (!grown) break;
      *list = grown;
    }
    (*list)[count++] = proc;
  }
  (void)closedir(dir);
  if (count) qsort(*list, count, sizeof **list, by_pid);
  return count;
}

void proc_command(int pid, char *text, size_t size) {
  char path[48];
  Proc proc;
  (void)snprintf(path, sizeof path, "/proc/%d/cmdline", pid);
  size_t len = read_text(path, text, size);
  while (len > 0 && !text[len - 1]) len--;
  for (size_t i = 0; i < len; i++)
    if ((unsigned char)text[i] < 32 || text[i] == 127) text[i] = ' ';
  text[len] = '\0';
  if (len == 0) (void)snprintf(text, size, "%s", proc_read(pid, &proc) ? proc.name : "?");
}

const char *proc_state_name(char state) {
  switch (state) {
  case 'R': return "running";
  case 'S': return "sleeping";
  case 'D': return "disk wait";
  case 'Z': return "zombie";
  case 'T': return "stopped";
  case 't': return "traced";
  case 'I': return "idle";
  default: return "?";
  }
}

/* The orphan: waits until its parent is another one than `parent`, writes who. */
static void report_adopter(int fd, pid_t parent) {
  for (int ms = 0; getppid() == parent && ms < ADOPTION_MS; ms++) (void)poll(NULL, 0, 1);
  int adopter = getppid() == parent ? 0 : (int)getppid();
  if (write(fd, &adopter, sizeof adopter) < 0) _exit(1);
  _exit(0);
}

int proc_find_adopter(void) {
  int fds[2], adopter = 0;
  if (pipe(fds) < 0) return 0;
  pid_t middle = fork();
  if (middle == 0) {
    pid_t parent = getpid();
    if (fork() == 0) report_adopter(fds[1], parent);
    _exit(0);
  }
  (void)close(fds[1]);
  if (middle > 0) {
    (void)waitpid(middle, NULL, 0);
    if (read(fds[0], &adopter, sizeof adopter) != sizeof adopter) adopter = 0;
  }
  (void)close(fds[0]);
  return adopter;
}
