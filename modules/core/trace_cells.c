/* SPDX-License-Identifier: MIT */
/* trace_cells.c - shared memory that can be watched: a small block in a file of the trace folder, which the
 * views read while the threads are busy with it; see trace.h. */
#include "trace.h"
#include "trace_folder.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum { NAME_SIZE = 64 };

static void file_name(char *name, uint32_t id) {
  (void)snprintf(name, NAME_SIZE, "%d.%llu.%u.cells", (int)getpid(), (unsigned long long)trace_start_time(), id);
}

char *trace_cells_new(size_t size, uint32_t *id) {
  static _Atomic uint32_t last;
  char name[NAME_SIZE];
  file_name(name, *id = ++last);
  int fd = openat(trace_dirfd(), name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return NULL;
  char *map = MAP_FAILED;
  if (posix_fallocate(fd, 0, (off_t)size) == 0) /* else a write to the map might end us */
    map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  (void)close(fd);
  if (map != MAP_FAILED) return map;
  (void)unlinkat(trace_dirfd(), name, 0);
  return NULL;
}

void trace_cells_free(char *cells, size_t size, uint32_t id) {
  char name[NAME_SIZE];
  file_name(name, id);
  (void)munmap(cells, size);
  (void)unlinkat(trace_dirfd(), name, 0);
}

void trace_cells_made(Trace *t, size_t size, uint32_t id) {
  char name[NAME_SIZE];
  file_name(name, id);
  trace_add(t, TRACE_CELLS, (TraceArgs){ { id, (int64_t)size } }, name, NULL);
}
