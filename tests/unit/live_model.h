/* SPDX-License-Identifier: MIT */
/* live_model.h - a model made by hand, for the tests and benches of the views. */
#ifndef MOONFORK_TEST_LIVE_MODEL_H
#define MOONFORK_TEST_LIVE_MODEL_H

#include "repl/live/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MS 1000000ull
#define SECOND 1000000000ull
#define NOW (200 * SECOND)

static inline Model *fake_model(void) {
  Model *m = calloc(1, sizeof *m);
  m->records = calloc(LIVE_RECORDS, sizeof *m->records);
  m->now = NOW;
  m->proc_fs = true;
  return m;
}

/* The next process, with the next letter; parent NULL: started by nobody of the run. */
static inline LiveProc *fake_proc(Model *m, int pid, LiveProc *parent, const char *role, const char *name) {
  LiveProc *p = calloc(1, sizeof *p), **at = &m->procs;
  while (*at) at = &(*at)->next;
  *at = p;
  size_t n = m->nprocs++;
  m->nalive++;
  if (n < 26) p->letter[0] = (char)('A' + n);
  else p->letter[0] = (char)('A' + n / 26 % 27 - 1), p->letter[1] = (char)('A' + n % 26); /* up to ZZ */
  p->pid = pid;
  p->start = (uint64_t)pid;
  p->parent = parent;
  p->ppid = p->first_ppid = parent ? parent->pid : 1000;
  p->state = 'S';
  p->rss = 6 << 20;
  p->nthreads = 5;
  p->nfds = 9;
  p->began = NOW - 131 * SECOND;
  (void)snprintf(p->role, sizeof p->role, "%s", role);
  (void)snprintf(p->name, sizeof p->name, "%s", name);
  return p;
}

static inline LiveThread *fake_thread(Model *m, LiveProc *p, int tid, uint32_t id) {
  LiveThread *t = calloc(1, sizeof *t), **at = &p->threads;
  while (*at) at = &(*at)->next;
  *at = t;
  t->proc = p;
  t->tid = tid;
  t->thread_id = id;
  t->state = 'S';
  t->opened = p->began;
  t->heap = 400 << 10;
  p->traced = true;
  (void)snprintf(t->file, sizeof t->file, "%s", p->name);
  if (id) m->nthreads++;
  for (int i = 0; i < 8; i++) t->curve[t->samples++ % LIVE_CURVE].lag_ms = 1;
  return t;
}

static inline LiveChannel *fake_channel(Model *m, LiveProc *parent, LiveProc *child) {
  LiveChannel *c = calloc(1, sizeof *c), **at = &m->channels;
  while (*at) at = &(*at)->next;
  *at = c;
  c->parent = parent;
  c->child = child;
  c->open = true;
  return c;
}

static inline LiveRecord *fake_record(Model *m, LiveThread *t, uint64_t when, int event, TraceRecord numbers,
                                      const char *text) {
  LiveRecord *r = &m->records[m->count++ % LIVE_RECORDS];
  *r = (LiveRecord){ .r = numbers, .thread = t, .proc = t->proc, .mate = UINT64_MAX };
  r->r.t = when;
  r->r.event = (uint8_t)event;
  r->r.text_len = (uint8_t)strlen(text);
  memcpy(r->r.text, text, strlen(text));
  return r;
}

static inline void fake_free(Model *m) {
  for (LiveProc *p = m->procs, *next; p; p = next) {
    next = p->next;
    for (LiveThread *t = p->threads, *after; t; t = after) after = t->next, free(t);
    free(p);
  }
  for (LiveChannel *c = m->channels, *next; c; c = next) next = c->next, free(c);
  for (LiveSocket *s = m->sockets, *next; s; s = next) {
    next = s->next;
    free(s->holders);
    free(s);
  }
  free(m->records);
  free(m);
}

#endif
