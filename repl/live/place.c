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

enum { ASK_AGAIN_MS = 500, ANSWER_MS = 150, SLACK_MS = 20 };

static void set_place(RunThread *t, const char *file, const char *fn, int line) {
  LivePlace *place = &t->pub.place;
  place->known = true;
  place->line = line;
  (void)snprintf(place->file, sizeof place->file, "%s", file);
  (void)snprintf(place->fn, sizeof place->fn, "%s", fn);
}

/* Since it was asked last, or just before by another collector. */
static bool answered(RunThread *t) {
  const TracePlace *place = &t->ring.page.place;
  if (place->t < t->pub.busy_since || place->t + SLACK_MS * (uint64_t)RUN_MS < t->asked) return false;
  if (place->seq % 2 || place->line <= 0 || !*place->file) return false;
  set_place(t, place->file, place->fn, place->line);
  return true;
}

/* Does it run, and is it the one that wrote the ring? One that sleeps would not answer. */
static bool can_be_asked(RunThread *t) {
  ProcStat proc, task;
  if (!t->pub.proc->start || !scan_stat(t->ring.pid, 0, &proc) || proc.start != t->pub.proc->start) return false;
  bool there = scan_stat(t->ring.pid, t->ring.tid, &task);
  t->sleeps = there && task.state != 'R';
  return there && !t->sleeps;
}

static void ask(RunThread *t, uint64_t now) {
  if (t->asked < t->pub.busy_since) t->asked = 0;
  if (t->asked && now - t->asked < ASK_AGAIN_MS * (uint64_t)RUN_MS) return;
  t->asked = now;
  if (can_be_asked(t)) (void)trace_ask_place(t->ring.pid, t->ring.tid);
}

void place_update(Run *run, RunThread *t) {
  const char *inside = t->ring.page.inside;
  uint64_t now = run->m.now;
  if (!t->pub.blocked) {
    t->pub.place.known = false;
    t->asked = 0;
    return;
  }
  ask(t, now);
  /* Code that calls short functions again and again is inside one at most looks, and yet in Lua. */
  if (t->sleeps && *inside) set_place(t, "", inside, 0);
  else if (!answered(t) && now - t->asked > ANSWER_MS * (uint64_t)RUN_MS) set_place(t, "", inside, 0);
}
