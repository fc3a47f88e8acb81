/* SPDX-License-Identifier: MIT */
/* read.c - see read.h. */
#include "read.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

static void take(void *ctx, const TraceRecord *r) {
  TraceLog *log = ctx;
  if (log->count == log->room) {
    size_t room = log->room ? 2 * log->room : 4096;
    TraceItem *more = realloc(log->items, room * sizeof *more);
    if (!more) {
      log->failed = true;
      return;
    }
    log->items = more;
    log->room = room;
  }
  TraceItem *item = &log->items[log->count++];
  memcpy(&item->r, r, sizeof *r);
  item->ring = (uint32_t)(log->nrings - 1);
}

static bool read_ring(TraceLog *log, int dirfd, const char *name) {
  Ring *more = realloc(log->rings, (log->nrings + 1) * sizeof *more);
  if (!more) return false;
  log->rings = more;
  Ring *ring = &log->rings[log->nrings];
  if (ring_attach(ring, dirfd, name, true) != 0) return true; /* no ring, or gone */
  log->nrings++;
  ring->history = true;
  (void)ring_look(ring, dirfd, take, log);
  log->lost += ring->page.head > ring->capacity ? ring->page.head - ring->capacity : 0;
  ring_detach(ring);
  return !log->failed;
}

static int compare(const void *a, const void *b) {
  const TraceItem *x = a, *y = b;
  if (x->r.t != y->r.t) return x->r.t < y->r.t ? -1 : 1;
  if (x->ring != y->ring) return x->ring < y->ring ? -1 : 1;
  return x->r.seq < y->r.seq ? -1 : x->r.seq > y->r.seq;
}

int trace_log_read(TraceLog *log, int dirfd) {
  memset(log, 0, sizeof *log);
  int fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), pid, tid;
  DIR *all = fd < 0 ? NULL : fdopendir(fd);
  const struct dirent *e;
  uint64_t start;
  bool well = true;
  if (!all) {
    int err = -errno;
    if (fd >= 0) (void)close(fd);
    return err;
  }
  while (well && (e = readdir(all)))
    if (ring_parse_name(e->d_name, &pid, &start, &tid)) well = read_ring(log, dirfd, e->d_name);
  (void)closedir(all);
  if (log->count) qsort(log->items, log->count, sizeof *log->items, compare);
  return well ? 0 : UV_ENOMEM;
}

void trace_log_free(TraceLog *log) {
  free(log->rings);
  free(log->items);
  memset(log, 0, sizeof *log);
}
