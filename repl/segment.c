/* SPDX-License-Identifier: MIT */
/* segment.c - see segment.h. */
#include "segment.h"
#include "live/live.h"
#include "procs.h"
#include "../modules/core/trace.h"

#include <stdio.h>

static struct {
  uv_async_t *wake;              /* of the prompt's loop */
  _Atomic unsigned threads;      /* living ones of this process, but the main one */
  _Atomic bool blocked_process;  /* a loop of the run is blocked: a process other than this one */
  _Atomic bool blocked_thread;   /* a thread of this one */
} segment;

/* On the collector's thread, the model held. */
static void on_change(Live *live, void *ctx) {
  const Model *m = ctx;
  unsigned threads = 0;
  bool process = false, thread = false;
  (void)live;
  for (const LiveProc *p = m->procs; p; p = p->next) {
    for (const LiveThread *t = p->ended ? NULL : p->threads; t; t = t->next) {
      if (t->ended) continue;
      if (!p->self) process |= t->blocked;
      else if (t->thread_id) thread |= t->blocked;
      if (p->self && t->thread_id) threads++;
    }
  }
  if (segment.threads == threads && segment.blocked_process == process && segment.blocked_thread == thread) return;
  segment.threads = threads;
  segment.blocked_process = process;
  segment.blocked_thread = thread;
  (void)uv_async_send(segment.wake); /* on_turn brings the prompt up to date */
}

void segment_start(Repl *repl) {
  int err;
  if (trace_dirfd() < 0) return;
  Live *live = live_running() ? live_running() : live_start(trace_dirfd(), trace_dir(), &err);
  if (!live) return; /* the views tell why when one is asked for */
  segment.wake = repl->rt->wake;
  void *model = (void *)live_hold(live); /* stays where it is for the life of the collector */
  live_release(live);
  live_on_change(live, on_change, model);
}

void segment_stop(void) {
  if (live_running()) live_stop(live_running());
  segment.threads = 0;
  segment.blocked_process = segment.blocked_thread = false;
}

/* `2p`, or red `2p!` */
static int add_count(char *text, size_t size, int count, char what, bool blocked, bool first) {
  if (count <= 0) return 0;
  return snprintf(text, size, "%s%s%d%c%s", first ? "" : " ", blocked ? "\001\033[31m\002" : "", count, what,
                  blocked ? "!\001\033[32m\002" : "");
}

void segment_text(Repl *repl, char *text, size_t size) {
  char counts[96] = "";
  int at = 0, n = (int)sizeof counts;
  if (repl->numbers) at = snprintf(counts, sizeof counts, "%d", repl->ev.number + 1);
  at += add_count(counts + at, (size_t)(n - at), procs_running(repl->rt), 'p', segment.blocked_process, at == 0);
  at += add_count(counts + at, (size_t)(n - at), (int)segment.threads, 't', segment.blocked_thread, at == 0);
  if (at > 0) (void)snprintf(text, size, "[%s]", counts);
  else *text = '\0';
}
