/* SPDX-License-Identifier: MIT */
/* records.c - the newest records of a run, and which send belongs to which receive.
 *
 * The two ends of a message name it alike, by channel, direction and number in that direction. Records with
 * the same name are chained, newest first, by their number; a chain ends where a number is older than the
 * store, so nothing is ever taken out of it. */
#include "run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADS = 1 << 15, LONGEST_CHAIN = 64, LEAST_NOISE = 6 };

enum { FAMILY_NONE, FAMILY_IPC, FAMILY_HANDLE, FAMILY_PORT };

bool records_init(Run *run) {
  run->m.records = calloc(LIVE_RECORDS, sizeof *run->m.records);
  run->heads = calloc(HEADS, sizeof *run->heads);
  run->chain = calloc(LIVE_RECORDS, sizeof *run->chain);
  return run->m.records && run->heads && run->chain;
}

void records_free(Run *run) {
  free(run->m.records);
  free(run->heads);
  free(run->chain);
}

static int family_of(int event) {
  switch (event) {
  case TRACE_IPC_SEND: case TRACE_IPC_RECV: return FAMILY_IPC;
  case TRACE_HND_SEND: case TRACE_HND_RECV: return FAMILY_HANDLE;
  case TRACE_MSG_POST: case TRACE_MSG_RECV: return FAMILY_PORT;
  default: return FAMILY_NONE;
  }
}

static bool same_message(const TraceRecord *a, const TraceRecord *b) {
  return a->event != b->event && family_of(a->event) == family_of(b->event) && a->n[0] == b->n[0] &&
         a->n[1] == b->n[1] && !((a->flags ^ b->flags) & TRACE_UP);
}

static uint64_t *head_of(Run *run, const TraceRecord *r) {
  uint64_t key = (uint64_t)r->n[0] * 0x9E3779B97F4A7C15u + (uint64_t)r->n[1] * 2 + ((r->flags & TRACE_UP) != 0);
  key = (key ^ key >> 29) * 0xBF58476D1CE4E5B9u + (uint64_t)family_of(r->event);
  return &run->heads[(key >> 32) % HEADS];
}

static void mate(LiveRecord *a, uint64_t na, LiveRecord *b, uint64_t nb) {
  a->mate = nb, a->mate_t = b->r.t, a->peer = b->proc, a->peer_thread = b->thread;
  b->mate = na, b->mate_t = a->r.t, b->peer = a->proc, b->peer_thread = a->thread;
}

static void pair(Run *run, LiveRecord *rec, uint64_t number) {
  uint64_t *head = head_of(run, &rec->r), at = *head;
  for (int i = 0; at > run->m.first && i < LONGEST_CHAIN; i++) {
    LiveRecord *other = &run->m.records[(at - 1) % LIVE_RECORDS];
    if (other->mate == UINT64_MAX && same_message(&rec->r, &other->r)) {
      mate(rec, number, other, at - 1);
      break;
    }
    at = run->chain[(at - 1) % LIVE_RECORDS];
  }
  run->chain[number % LIVE_RECORDS] = *head;
  *head = number + 1;
}

static void count_send(Run *run, const TraceRecord *r) {
  if ((r->event != TRACE_IPC_SEND && r->event != TRACE_MSG_POST) || (r->flags & TRACE_INTERNAL)) return;
  uint64_t slot = r->t / (100ull * RUN_MS);
  if (slot + RUN_LAG_SLOTS <= run->sends_slot) return;
  for (; run->sends_slot < slot; run->sends_slot++) {
    if (slot - run->sends_slot > RUN_LAG_SLOTS) run->sends_slot = slot - RUN_LAG_SLOTS;
    run->sends[(run->sends_slot + 1) % RUN_LAG_SLOTS] = 0;
  }
  run->sends[slot % RUN_LAG_SLOTS]++;
}

/* Whether it is worth to be somebody's last words. */
static bool tells(const TraceRecord *r) {
  return r->event != TRACE_NONE && r->event < TRACE_EVENT_COUNT && !(r->flags & TRACE_INTERNAL) &&
         trace_events[r->event].level < LEAST_NOISE;
}

LiveRecord *records_add(Run *run, const TraceRecord *r, RunThread *thread, RunProc *proc) {
  uint64_t number = run->m.count++;
  LiveRecord *rec = &run->m.records[number % LIVE_RECORDS];
  if (run->m.count > LIVE_RECORDS) run->m.first = run->m.count - LIVE_RECORDS;
  memcpy(&rec->r, r, sizeof *r);
  rec->thread = thread ? &thread->pub : NULL;
  rec->proc = &proc->pub;
  rec->mate = UINT64_MAX;
  rec->mate_t = 0;
  rec->peer = NULL;
  rec->peer_thread = NULL;
  if (thread) thread->last_record = number + 1;
  if (thread && tells(r)) thread->last_words = number + 1;
  if (family_of(r->event) != FAMILY_NONE) pair(run, rec, number);
  count_send(run, r);
  run->changed = true;
  return rec;
}

void records_own(Run *run, RunProc *proc, int event, int64_t a, int64_t b, uint64_t t) {
  TraceRecord r = { .t = t, .event = (uint8_t)event, .level = 1, .n = { a, b } };
  (void)records_add(run, &r, NULL, proc);
}

void records_words(const LiveRecord *rec, char *text, size_t size) {
  const TraceRecord *r = &rec->r;
  size_t len = (size_t)snprintf(text, size, "%s", live_event_name(r->event));
  const TraceEventDef *def = r->event < TRACE_EVENT_COUNT ? &trace_events[r->event] : NULL;
  int shown = (int)strnlen(r->text, TRACE_TEXT);
  while (shown > 0 && r->text[shown - 1] == ' ') shown--; /* a line's end */
  if (shown && len < size) len += (size_t)snprintf(text + len, size - len, " %.*s", shown, r->text);
  for (int i = 0; def && i < 4 && len < size; i++) {
    if (!def->numbers[i] || !r->n[i] || !strcmp(def->numbers[i], "ch")) continue;
    const char *unit = strstr(def->numbers[i], ":ms");
    int name = (int)(unit ? unit - def->numbers[i] : (long)strlen(def->numbers[i]));
    if (unit) len += (size_t)snprintf(text + len, size - len, " %.*s %.1f ms", name, def->numbers[i], (double)r->n[i] / RUN_MS);
    else len += (size_t)snprintf(text + len, size - len, " %.*s %" PRId64, name, def->numbers[i], r->n[i]);
  }
}
