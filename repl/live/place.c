/* SPDX-License-Identifier: MIT */
/* place.c - where a thread is whose loop is blocked.
 *
 * A thread that runs Lua is asked by a signal to write its place into its page; one that has entered a C
 * function that blocks has said so before. What answers neither is inside some C function. A signal goes
 * only to the very process that the ring belongs to. */
#include "run.h"
#include "../../modules/core/trace.h"

#include <stdio.h>
#include <string.h>

enum { ASK_AGAIN_MS = 500, ANSWER_MS = 150 };

static void set_place(RunThread *t, const char *file, const char *fn, int line) {
  LivePlace *place = &t->pub.place;
  place->known = true;
  place->line = line;
  (void)snprintf(place->file, sizeof place->file, "%s", file);
  (void)snprintf(place->fn, sizeof place->fn, "%s", fn);
}

static bool answered(RunThread *t) {
  const TracePlace *place = &t->ring.page.place;
  if (place->seq % 2 || place->t < t->pub.busy_since || place->line <= 0 || !*place->file) return false;
  set_place(t, place->file, place->fn, place->line);
  return true;
}

/* It still runs (a sleeping or stopped thread would not answer), and is the one that wrote the ring. */
static bool can_be_asked(const RunThread *t) {
  ProcStat proc, task;
  if (!t->pub.proc->start || !scan_stat(t->ring.pid, 0, &proc) || proc.start != t->pub.proc->start) return false;
  return scan_stat(t->ring.pid, t->ring.tid, &task) && task.state == 'R';
}

void place_update(Run *run, RunThread *t) {
  uint64_t now = run->m.now;
  if (!t->pub.blocked) {
    t->pub.place.known = false;
    t->asked = 0;
    return;
  }
  if (*t->ring.page.inside) {
    set_place(t, "", t->ring.page.inside, 0);
    return;
  }
  bool told = answered(t);
  if (t->asked < t->pub.busy_since) t->asked = 0;
  if (!told && t->asked && now - t->asked > ANSWER_MS * (uint64_t)RUN_MS) set_place(t, "", "", 0);
  if (t->asked && now - t->asked < ASK_AGAIN_MS * (uint64_t)RUN_MS) return;
  t->asked = now;
  if (can_be_asked(t)) (void)trace_ask_place(t->ring.pid, t->ring.tid);
}
