/* SPDX-License-Identifier: MIT */
/* timing.c - see timing.h. Lua's allocator is wrapped while a line is timed; the wrapper only counts. */
#include "timing.h"
#include "../say.h"

#include <stdio.h>
#include <time.h>

static uint64_t cpu_now(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void *count_alloc(void *ud, void *block, size_t osize, size_t nsize) {
  Timing *t = ud;
  void *got = t->alloc(t->alloc_ud, block, osize, nsize);
  if (nsize > 0 && got) {
    if (!block) t->count++;
    if (!block) t->bytes += nsize;
    else if (nsize > osize) t->bytes += nsize - osize;
  }
  return got;
}

void timing_start(Repl *repl) {
  Timing *t = &repl->timing;
  if (t->on) return;
  *t = (Timing){ .on = true };
  t->alloc = lua_getallocf(repl->rt->L, &t->alloc_ud);
  lua_setallocf(repl->rt->L, count_alloc, t);
  t->cpu = cpu_now();
  t->wall = uv_hrtime();
}

/* 1.234 s, 5.678 ms, 910.0 us */
static const char *duration(char *text, size_t size, uint64_t ns) {
  double value = (double)ns;
  const char *unit = value >= 1e9 ? "s" : value >= 1e6 ? "ms" : "us";
  (void)snprintf(text, size, "%.3g %s", value / (value >= 1e9 ? 1e9 : value >= 1e6 ? 1e6 : 1e3), unit);
  return text;
}

void timing_stop(Repl *repl) {
  Timing *t = &repl->timing;
  char wall[32], cpu[32];
  if (!t->on) return;
  uint64_t ns = uv_hrtime() - t->wall, busy = cpu_now() - t->cpu;
  t->on = false;
  lua_setallocf(repl->rt->L, t->alloc, t->alloc_ud);
  say_styled(STYLE_DIM, "wall %s, CPU %s, %llu allocations of %.1f KiB", duration(wall, sizeof wall, ns),
             duration(cpu, sizeof cpu, busy), (unsigned long long)t->count, (double)t->bytes / 1024);
}
