/* SPDX-License-Identifier: MIT */
/* shared.c - see shared.h. The file's name comes from another process: it is opened only inside the folder,
 * as an ordinary file, and read with pread. */
#include "shared.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void shared_fill(SharedBlock *b, int fd) {
  struct stat st;
  size_t want = b->bytes <= 0 ? 0 : b->bytes < (int64_t)sizeof b->cell ? (size_t)b->bytes : sizeof b->cell;
  if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) return;
  ssize_t got = pread(fd, b->cell, want, 0);
  b->readable = got >= 0;
  b->count = got > 0 ? (int)((size_t)got / sizeof *b->cell) : 0;
}

static void read_cells(const Model *m, SharedBlock *b) {
  int dir = open(m->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (dir < 0) return;
  int fd = strchr(b->file, '/') ? -1 : openat(dir, b->file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  (void)close(dir);
  if (fd < 0) return;
  shared_fill(b, fd);
  (void)close(fd);
}

static void compare(SharedBlock *b, const SharedBlock *before, size_t had) {
  for (size_t i = 0; i < had; i++) {
    if (strcmp(before[i].file, b->file) != 0) continue;
    for (int c = 0; c < b->count && c < before[i].count; c++) b->changed[c] = b->cell[c] != before[i].cell[c];
  }
}

size_t shared_read(const Model *m, SharedBlock *blocks, const SharedBlock *before, size_t had) {
  size_t count = 0;
  for (size_t i = m->nblocks; i > 0; i--) {
    const LiveBlock *from = &m->blocks[i - 1];
    SharedBlock *b = &blocks[count++];
    *b = (SharedBlock){ .proc = from->proc, .id = from->id, .bytes = from->bytes };
    memcpy(b->file, from->file, sizeof b->file);
    if (b->bytes > 0) read_cells(m, b);
    compare(b, before, had);
  }
  return count;
}
