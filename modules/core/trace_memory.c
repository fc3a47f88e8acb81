/* SPDX-License-Identifier: MIT */
/* trace_memory.c - how much memory a runtime has, told a few times a second; see trace.h. */
#include "trace.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

_Atomic size_t trace_buffer_bytes;

/* Resident bytes of the process, 0 where /proc is not there. */
static int64_t rss_of(void) {
  char text[64];
  long long pages = 0;
  int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
  if (fd >= 0) (void)close(fd);
  if (n <= 0) return 0;
  text[n] = '\0';
  if (sscanf(text, "%*d %lld", &pages) != 1) return 0;
  return pages * sysconf(_SC_PAGESIZE);
}

void trace_memory(Runtime *rt) {
  TracePage *page = trace_page(rt->trace);
  uint64_t heap = (uint64_t)lua_gc(rt->L, LUA_GCCOUNT) * 1024 + (uint64_t)lua_gc(rt->L, LUA_GCCOUNTB);
  uint64_t buffers = atomic_load_explicit(&trace_buffer_bytes, memory_order_relaxed);
  page->heap = heap;
  page->buffers = buffers;
  trace_add(rt->trace, TRACE_MEM, (TraceArgs){ { (int64_t)heap, (int64_t)buffers, rss_of() } }, NULL, NULL);
}
