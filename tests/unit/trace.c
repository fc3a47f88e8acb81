/* SPDX-License-Identifier: MIT */
/* trace.c - unit test of the writer of a ring: wrap-around, and a reader who looks all the time sees whole
 * records only, each once or counted as lost. */
// objs: all
#include "tap.h"
#include "../../modules/builtins.h"
#include "../../modules/core/runtime.h"
#include "../../modules/core/trace.h"
#include "../../repl/live/ring.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static _Atomic bool finished;
static uint64_t seen, wrong, last;

/* A record whose parts fit each other is whole. */
static void take(void *ctx, const TraceRecord *r) {
  (void)ctx;
  if (r->event != TRACE_USER_MARK && r->event != TRACE_IPC_SEND) return;
  char text[TRACE_TEXT + 1];
  int len = snprintf(text, sizeof text, "record %lld of the test, with some text", (long long)r->n[0]);
  seen++;
  if (r->n[1] != 3 * r->n[0] || r->n[2] != ~r->n[0] || r->text_len != len || memcmp(r->text, text, (size_t)len) != 0) wrong++;
  if (r->n[0] && (uint64_t)r->n[0] <= last) wrong++;
  last = (uint64_t)r->n[0];
}

static bool find_ring(const char *dir, char *name, size_t size) {
  DIR *all = opendir(dir);
  const struct dirent *e;
  bool found = false;
  while (all && !found && (e = readdir(all)))
    if ((found = strstr(e->d_name, ".ring") && *e->d_name != '.')) (void)snprintf(name, size, "%.63s", e->d_name);
  if (all) (void)closedir(all);
  return found;
}

static void *reader(void *arg) {
  Ring *ring = arg;
  while (!finished) (void)ring_look(ring, trace_dirfd(), take, NULL);
  (void)ring_look(ring, trace_dirfd(), take, NULL);
  return NULL;
}

static void write_records(Trace *t, int count) {
  char text[TRACE_TEXT];
  for (int64_t i = 1; i <= count; i++) {
    TraceArgs args = { { i, 3 * i, ~i } };
    int len = snprintf(text, sizeof text, "record %lld of the test, with some text", (long long)i);
    if (i % 2) trace_add(t, TRACE_USER_MARK, args, text, NULL);
    else trace_add_bytes(t, TRACE_IPC_SEND, 0, args, text, (size_t)len, 0);
  }
}

int main(void) {
  char dir[512], name[64] = "", command[640];
  const char *why = "", *scale = getenv("MOONFORK_TEST_SCALE");
  int count = 400000 * (scale ? atoi(scale) : 100) / 100;
  pthread_t thread;
  if (count < 10000) count = 10000;
  (void)snprintf(dir, sizeof dir, "%s/rings-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
  if (!mkdtemp(dir)) return 1;
  (void)setenv(TRACE_ENV, dir, 1);
  ok(trace_claim(&why), "the folder is taken");
  Runtime *rt = rt_new(builtin_modules);
  trace_open(rt, "script", "trace.c");
  ok(rt->trace != NULL, "there is a ring");
  Ring ring;
  ok(find_ring(dir, name, sizeof name) && ring_attach(&ring, trace_dirfd(), name, true) == 0, "the reader has it");
  (void)pthread_create(&thread, NULL, reader, &ring);
  write_records(rt->trace, count);
  finished = true;
  (void)pthread_join(thread, NULL);
  uint64_t head = trace_page(rt->trace)->head;
  ok(head >= (uint64_t)count, "the ring has gone round %d times", (int)(head / ring.capacity));
  ok(wrong == 0, "%llu of %llu records were torn or out of order", (unsigned long long)wrong, (unsigned long long)seen);
  ok(last == (uint64_t)count, "the last one was read");
  ok(seen + ring.lost + ring.torn + 8 >= (uint64_t)count, "what was not read is known as lost (%llu read, %llu lost)",
     (unsigned long long)seen, (unsigned long long)ring.lost);
  ring_detach(&ring);
  (void)rt_end(rt);
  Ring after = { 0 };
  seen = last = 0;
  ok(ring_attach(&after, trace_dirfd(), name, false) == 0, "it is read after its end, too");
  after.history = true;
  (void)ring_look(&after, trace_dirfd(), take, NULL);
  ok(seen + 8 >= after.capacity && wrong == 0, "and holds its last %llu records", (unsigned long long)seen);
  ok(after.page.flags & TRACE_PAGE_ENDED, "it says that it has ended");
  ring_detach(&after);
  (void)snprintf(command, sizeof command, "rm -r %s", dir);
  ok(system(command) == 0, "the folder goes");
  return tap_end();
}
