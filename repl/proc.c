/* SPDX-License-Identifier: MIT */
/* proc.c - see proc.h. */
#include "proc.h"

#include <ctype.h>
#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STAT_SIZE = 1024, ADOPTION_MS = 2000 };

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
  char path[48], text[STAT_SIZE];
  long rss = 0;
  unsigned long long start = 0;
  (void)snprintf(path, sizeof path, "/proc/%d/stat", pid);
  if (!read_text(path, text, sizeof text)) return false;
  char *open = strchr(text, '('), *close = strrchr(text, ')'); /* the name may hold both */
  if (!open || !close) return false;
  *proc = (Proc){ .pid = pid };
  *close = '\0';
  (void)snprintf(proc->name, sizeof proc->name, "%s", open + 1);
  int got = sscanf(close + 1,
                   " %c %d %d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %ld %*d %llu %*u %ld",
                   &proc->state, &proc->ppid, &proc->pgrp, &proc->threads, &start, &rss);
  proc->start = start;
  proc->rss_kib = rss * (sysconf(_SC_PAGESIZE) / 1024);
  return got == 6;
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

int proc_descriptors(int pid) {
  char path[48];
  int count = 0;
  (void)snprintf(path, sizeof path, "/proc/%d/fd", pid);
  DIR *dir = opendir(path);
  if (!dir) return -1;
  for (struct dirent *entry; (entry = readdir(dir));) count += *entry->d_name != '.';
  (void)closedir(dir);
  return count;
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
