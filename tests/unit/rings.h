/* SPDX-License-Identifier: MIT */
/* rings.h - rings made by hand, in a folder of their own, for the units of repl/live. */
#ifndef MOONFORK_TEST_RINGS_H
#define MOONFORK_TEST_RINGS_H

#include "repl/live/ring.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FORGED_CAPACITY = 8, FORGED_MS = 1000000 };

typedef struct Forged { /* a ring and its file */
  TracePage page;
  char rest[TRACE_PAGE_SIZE - sizeof(TracePage)];
  TraceRecord records[64];
} Forged;

static char rings_dir[64];
static int rings_fd = -1;

static inline void rings_begin(void) {
  snprintf(rings_dir, sizeof rings_dir, "/tmp/moonfork-rings-XXXXXX");
  if (!mkdtemp(rings_dir) || (rings_fd = open(rings_dir, O_RDONLY | O_DIRECTORY)) < 0) abort();
}

static inline void rings_end(void) {
  DIR *dir = fdopendir(rings_fd);
  if (!dir) abort();
  for (struct dirent *e; (e = readdir(dir));)
    if (*e->d_name != '.') unlinkat(dirfd(dir), e->d_name, 0);
  closedir(dir);
  rmdir(rings_dir);
}

static inline void forge(Forged *f, int pid, uint64_t start, int tid, uint32_t capacity) {
  memset(f, 0, sizeof *f);
  memcpy(f->page.magic, TRACE_MAGIC, 8);
  f->page.record_size = sizeof(TraceRecord);
  f->page.capacity = capacity;
  f->page.pid = pid;
  f->page.tid = tid;
  f->page.start = start;
  f->page.ppid = 1;
  f->page.opened = start * 10 * FORGED_MS;
  snprintf(f->page.file, sizeof f->page.file, "/some/where/app.lua");
  snprintf(f->page.role, sizeof f->page.role, "script");
}

/* The next record, as a writer would put it there. */
static inline TraceRecord *forge_record(Forged *f, int event, uint64_t t, int64_t a, int64_t b, const char *text) {
  TraceRecord *r = &f->records[f->page.head % f->page.capacity];
  memset(r, 0, sizeof *r);
  r->t = t;
  r->event = (uint8_t)event;
  r->n[0] = a;
  r->n[1] = b;
  r->text_len = (uint8_t)strlen(text);
  memcpy(r->text, text, strlen(text));
  r->seq = (uint32_t)++f->page.head;
  return r;
}

static inline const char *forge_name(const Forged *f) {
  static char name[64];
  snprintf(name, sizeof name, "%d.%llu.%d.ring", f->page.pid, (unsigned long long)f->page.start, f->page.tid);
  return name;
}

static inline void forge_write(const Forged *f) {
  size_t size = TRACE_PAGE_SIZE + f->page.capacity * sizeof(TraceRecord);
  int fd = openat(rings_fd, forge_name(f), O_WRONLY | O_CREAT, 0600);
  if (fd < 0 || pwrite(fd, f, size, 0) != (ssize_t)size) abort();
  close(fd);
}

#endif
