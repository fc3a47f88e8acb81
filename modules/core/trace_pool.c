/* SPDX-License-Identifier: MIT */
/* trace_pool.c - work on libuv's threads, for the flight recorder; see trace.h.
 *
 * A thread of the pool takes the times and a slot of the live page, which is this runtime's own: it shows the
 * jobs of this runtime. Records are written by the loop's thread alone, when the job is back, with those times. */
#include "trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POOL_USUAL = 4, POOL_MOST = 1024 };

/* As libuv reads it. */
static uint32_t pool_size(void) {
  const char *text = getenv("UV_THREADPOOL_SIZE");
  int n = text ? atoi(text) : POOL_USUAL;
  return n < 1 ? 1 : n > POOL_MOST ? POOL_MOST : (uint32_t)n;
}

static void add(_Atomic uint32_t *n, int by) { (void)atomic_fetch_add_explicit(n, (uint32_t)by, memory_order_relaxed); }

void trace_job_queue(Trace *t, TraceJob *job, const char *kind) {
  static _Atomic int64_t last;
  TracePage *page = trace_page(t);
  if (page->pool_size == 0) page->pool_size = pool_size();
  *job = (TraceJob){ .page = page, .kind = kind, .number = ++last, .queued = uv_hrtime(), .slot = -1 };
  add(&page->pool_queued, 1);
  trace_add(t, TRACE_POOL_QUEUE, (TraceArgs){ { job->number } }, kind, NULL);
}

void trace_job_begin(TraceJob *job) {
  TracePage *page = job->page;
  if (!page) return;
  job->began = uv_hrtime();
  add(&page->pool_queued, -1);
  add(&page->pool_running, 1);
  for (int i = 0; i < TRACE_POOL && job->slot < 0; i++) {
    uint64_t idle = 0;
    if (!atomic_compare_exchange_strong(&page->pool[i].since, &idle, job->began)) continue;
    (void)snprintf(page->pool[i].kind, sizeof page->pool[i].kind, "%s", job->kind); /* for a moment the last one's */
    job->slot = i;
  }
}

bool trace_job_fits(const TraceJob *job, uint32_t slots) {
  const TracePage *page = job->page;
  return page && page->pool_running < (slots < page->pool_size ? slots : page->pool_size);
}

void trace_job_end(TraceJob *job) {
  if (!job->page || !job->began) return;
  job->ended = uv_hrtime();
  if (job->slot >= 0) atomic_store_explicit(&job->page->pool[job->slot].since, 0, memory_order_release);
  add(&job->page->pool_running, -1);
}

void trace_job_done(Trace *t, TraceJob *job) {
  if (!job->page) return;
  if (!job->began) { /* cancelled before any thread took it */
    add(&job->page->pool_queued, -1);
    return;
  }
  int64_t waited = (int64_t)(job->began - job->queued), took = (int64_t)(job->ended - job->began);
  trace_add_at(t, job->began, TRACE_POOL_START, (TraceArgs){ { job->number, waited } }, job->kind);
  trace_add_at(t, job->ended, TRACE_POOL_DONE, (TraceArgs){ { job->number, took } }, job->kind);
  job->page = NULL;
}
