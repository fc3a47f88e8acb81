/* SPDX-License-Identifier: MIT */
/* threads.c - the live state of each thread, out of the page of its ring, and the curves. */
#include "run.h"

#include <stdio.h>
#include <string.h>

/* A turn that took long and ended at `when`. */
void run_turn(RunThread *t, uint64_t when, uint64_t took) {
  uint64_t slot = when / (100ull * RUN_MS);
  float ms = (float)((double)took / RUN_MS);
  if (ms > t->sample_lag) t->sample_lag = ms;
  if (slot + RUN_LAG_SLOTS <= t->lag_slot) return;
  if (slot > t->lag_slot + RUN_LAG_SLOTS) t->lag_slot = slot - RUN_LAG_SLOTS;
  while (t->lag_slot < slot) t->lag[++t->lag_slot % RUN_LAG_SLOTS] = 0;
  if (ms > t->lag[slot % RUN_LAG_SLOTS]) t->lag[slot % RUN_LAG_SLOTS] = ms;
}

static double lag_of(RunThread *t, uint64_t now) {
  float most = 0;
  if (t->pub.busy_since) return now > t->pub.busy_since ? (double)(now - t->pub.busy_since) / RUN_MS : 0;
  run_turn(t, now, 0); /* what is older than a second goes */
  for (int i = 0; i < RUN_LAG_SLOTS; i++)
    if (t->lag[i] > most) most = t->lag[i];
  return most;
}

/* ---- the strip ---- */

/* The turn that runs now, or in which the thread was ended: it has no record. since 0: there is none. */
typedef struct Turn { uint64_t since, to; } Turn;

static Turn turn_of(const RunThread *t, uint64_t now) {
  uint64_t since = t->ring.page.busy_since, to = t->pub.ended ? t->ended : now;
  return since && since < to ? (Turn){ since, to } : (Turn){ 0, 0 };
}

/* Is any of the slot in the turn? */
static bool in_turn(Turn turn, uint64_t slot) {
  uint64_t length = TRACE_STRIP_MS * (uint64_t)RUN_MS;
  return turn.since && (slot + 1) * length > turn.since && slot * length < turn.to;
}

/* Of a slot that the writer has not come to: it waits, or it is in one turn since then. */
static uint8_t slot_now(Turn turn, uint64_t slot) {
  uint64_t ms = (turn.to - turn.since) / RUN_MS;
  if (!in_turn(turn, slot)) return TRACE_BUSY_IDLE;
  return ms > LIVE_BLOCKED_MS ? TRACE_BUSY_BLOCKED : ms >= 10 ? TRACE_BUSY_LONG : TRACE_BUSY_IO;
}

static void copy_strip(RunThread *t, uint64_t now) {
  const Turn turn = turn_of(t, now);
  const TracePage *page = &t->ring.page;
  uint64_t last = page->strip_last, slot = now / (TRACE_STRIP_MS * (uint64_t)RUN_MS);
  if (last > slot) last = slot;
  uint64_t oldest = slot >= TRACE_STRIP ? slot - TRACE_STRIP + 1 : 0, at = oldest;
  uint8_t *to = t->pub.strip + (TRACE_STRIP - (slot - oldest + 1));
  uint64_t turned = last >= TRACE_STRIP ? last - TRACE_STRIP + 1 : 0; /* older ones are overwritten */
  for (; at < turned && at <= slot; at++) *to++ = TRACE_BUSY_IDLE;
  for (; at <= last; at++) {
    uint8_t kind = page->strip[at % TRACE_STRIP];
    *to++ = kind > TRACE_BUSY_BLOCKED ? TRACE_BUSY_IDLE : kind;
  }
  for (; at <= slot; at++) *to++ = slot_now(turn, at);
  for (int i = TRACE_STRIP - 1; i >= 0; i--) { /* it began before `last` */
    uint64_t one = slot - (uint64_t)(TRACE_STRIP - 1 - i);
    if (one > slot || turn.to - turn.since <= LIVE_BLOCKED_MS * (uint64_t)RUN_MS) break;
    if (in_turn(turn, one)) t->pub.strip[i] = TRACE_BUSY_BLOCKED;
  }
}

/* ---- the page ---- */

static void copy_pool(RunThread *t, uint64_t now) {
  const TracePage *page = &t->ring.page;
  t->pub.pool_size = page->pool_size < TRACE_POOL ? page->pool_size : TRACE_POOL;
  t->pub.pool_queued = page->pool_queued;
  t->pub.pool_running = page->pool_running;
  for (int i = 0; i < TRACE_POOL; i++) {
    uint64_t since = page->pool[i].since;
    t->pub.pool[i].since = since > now ? now : since;
    memcpy(t->pub.pool[i].kind, page->pool[i].kind, sizeof t->pub.pool[i].kind);
  }
}

/* The page counts all messages, also those whose records are lost; what Node's protocol sent is known by
 * records alone. */
static uint32_t users(uint32_t all, uint32_t own, uint32_t seen) { return all > own + seen ? all - own : seen; }

static void copy_counts(RunThread *t) {
  const TracePage *page = &t->ring.page;
  uint32_t in = 0, out = 0;
  for (int i = 0; i < TRACE_CHANNELS; i++) {
    in += page->channels[i].in;
    out += page->channels[i].out;
  }
  t->pub.in = users(in, t->own_in, t->in);
  t->pub.out = users(out, t->own_out, t->out);
  t->pub.queued = page->queued;
  t->pub.turns = page->turns;
  t->pub.heap = page->heap;
  t->pub.buffers = page->buffers;
  t->pub.slow_ms = page->slow_ms;
  t->pub.head = page->head;
  t->pub.lost = t->ring.lost;
}

static void copy_role(RunThread *t) {
  RunProc *p = run_proc_of(t->pub.proc);
  const TracePage *page = &t->ring.page;
  memcpy(t->pub.role, page->role, sizeof t->pub.role);
  memcpy(t->pub.file, page->file, sizeof t->pub.file);
  if (t->pub.thread_id) return;
  memcpy(p->pub.role, page->role, sizeof p->pub.role);
  if (sscanf(page->role, "worker#%d", &p->pub.worker) != 1 || p->pub.worker < 0) p->pub.worker = 0;
}

static void take_task(Run *run, RunThread *t) {
  if (!run->scanned || !t->task_known) return;
  t->pub.cpu = run_cpu(run, t->task.cpu, run->scan_t, &t->cpu, &t->cpu_t, t->pub.cpu);
  t->pub.state = t->task.state;
}

static void update(Run *run, RunThread *t) {
  const RunProc *p = run_proc_of(t->pub.proc);
  uint64_t now = run->m.now;
  bool ended = run_gone(p) || (t->ring.page.flags & TRACE_PAGE_ENDED) || t->ring.broken;
  if (ended != t->pub.ended) run->changed = true;
  if (ended && !t->pub.ended) t->ended = p->pub.end && p->pub.end < now ? p->pub.end : now;
  t->pub.ended = ended;
  copy_role(t);
  copy_counts(t);
  copy_pool(t, now);
  take_task(run, t);
  uint64_t busy = ended ? 0 : t->ring.page.busy_since;
  t->pub.busy_since = busy > now ? now : busy;
  t->pub.lag_ms = ended ? 0 : lag_of(t, now);
  bool blocked = busy && t->pub.lag_ms > LIVE_BLOCKED_MS;
  if (blocked != t->pub.blocked || busy) run->changed = true;
  t->pub.blocked = blocked;
  t->pub.door = !ended && (t->ring.page.flags & TRACE_PAGE_DOOR);
  if (ended) {
    t->pub.state = 'X';
    t->pub.cpu = 0;
  }
  copy_strip(t, now);
  place_update(run, t);
}

/* From one that has ended, and is read to its end, nothing more comes: it costs nothing any more. */
static void retire(Run *run, RunThread *t) {
  run->lost += t->ring.lost;
  t->pub.waiting = 0;
  t->next_ring = run->old_rings;
  run->old_rings = t;
}

void run_update_threads(Run *run) {
  RunThread **at = &run->rings, *t;
  uint64_t lost = 0;
  while ((t = *at) != NULL) {
    update(run, t);
    if (t->done && t->pub.ended) {
      *at = t->next_ring;
      retire(run, t);
      continue;
    }
    lost += t->ring.lost;
    at = &t->next_ring;
  }
  run->m.lost = run->lost + lost;
}

/* ---- curves ---- */

static LiveSample sample_thread(RunThread *t, uint64_t now) {
  LiveSample s = { now, t->sample_lag, (float)t->pub.cpu, t->pub.proc->rss, t->pub.heap, t->pub.buffers };
  if (t->pub.busy_since && t->pub.lag_ms > s.lag_ms) s.lag_ms = (float)t->pub.lag_ms;
  t->sample_lag = 0;
  t->pub.curve[t->pub.samples++ % LIVE_CURVE] = s;
  return s;
}

static void sample_proc(RunProc *p, uint64_t now) {
  LiveSample all = { now, 0, (float)p->pub.cpu, p->pub.rss, 0, 0 };
  for (LiveThread *t = p->pub.threads; t; t = t->next) {
    if (t->ended) continue;
    LiveSample s = sample_thread(run_thread_of(t), now);
    if (s.lag_ms > all.lag_ms) all.lag_ms = s.lag_ms;
    all.heap += s.heap;
    all.buffers += s.buffers;
  }
  p->pub.curve[p->pub.samples++ % LIVE_CURVE] = all;
}

void run_sample(Run *run) {
  if (run->sample_t && run->m.now - run->sample_t < (LIVE_SAMPLE_MS - 20) * (uint64_t)RUN_MS) return;
  run->sample_t = run->m.now;
  run->changed = true;
  for (LiveProc *p = run->m.procs; p; p = p->next)
    if (!p->ended) sample_proc(run_proc_of(p), run->m.now);
}
