/* SPDX-License-Identifier: MIT */
/* chrome.c - Chrome's trace format; see export.h.
 *
 * A flow event belongs to the slice around it, so each end of a message is a short slice of its own: one
 * microsecond, or up to the thread's next record. Blocks and long turns are told when they end; their slice
 * begins that much earlier and holds what happened inside. A receive whose send is not there has no flow. */
#include "export.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum { SLICE_NS = 1000 };

/* The name of a message, at both ends alike. */
typedef struct Flow {
  int64_t channel, number;
  int kind;            /* the event that sends, and the direction */
  uint64_t t;
} Flow;

typedef struct Chrome {
  const TraceLog *log;
  FILE *out;
  Flow *sends;         /* owns; in order */
  size_t nsends;
  uint64_t *next;      /* owns; by item: when the thread's next record is */
  bool any;            /* an event is written already */
} Chrome;

/* ---- which receive belongs to which send ---- */

static int sender_of(int event) {
  switch (event) {
  case TRACE_IPC_SEND: case TRACE_IPC_RECV: return TRACE_IPC_SEND;
  case TRACE_HND_SEND: case TRACE_HND_RECV: return TRACE_HND_SEND;
  case TRACE_MSG_POST: case TRACE_MSG_RECV: return TRACE_MSG_POST;
  default: return 0;
  }
}

static Flow flow_of(const TraceRecord *r) {
  return (Flow){ r->n[0], r->n[1], sender_of(r->event) * 2 + ((r->flags & TRACE_UP) != 0), r->t };
}

static int compare(const void *a, const void *b) {
  const Flow *x = a, *y = b;
  if (x->channel != y->channel) return x->channel < y->channel ? -1 : 1;
  if (x->number != y->number) return x->number < y->number ? -1 : 1;
  return x->kind - y->kind;
}

static void find_sends(Chrome *c) {
  for (size_t i = 0; i < c->log->count; i++) {
    const TraceRecord *r = &c->log->items[i].r;
    if (sender_of(r->event) == r->event && r->event) c->sends[c->nsends++] = flow_of(r);
  }
  if (c->nsends) qsort(c->sends, c->nsends, sizeof *c->sends, compare);
}

/* When the thread of each record writes its next one. False: no memory. */
static bool find_next(Chrome *c) {
  uint64_t *last = malloc((c->log->nrings + 1) * sizeof *last);
  if (!last) return false;
  for (size_t i = 0; i < c->log->nrings; i++) last[i] = UINT64_MAX;
  for (size_t i = c->log->count; i-- > 0;) {
    c->next[i] = last[c->log->items[i].ring];
    last[c->log->items[i].ring] = c->log->items[i].r.t;
  }
  free(last);
  return true;
}

/* ---- writing ---- */

static void begin(Chrome *c, const Ring *ring, const char *ph, const char *cat, uint64_t t) {
  (void)fprintf(c->out, "%s{\"ph\":\"%s\",\"cat\":\"%s\",\"pid\":%d,\"tid\":%d,\"ts\":%" PRIu64 ".%03u",
                c->any ? ",\n" : "", ph, cat, ring->pid, ring->tid, t / 1000, (unsigned)(t % 1000));
  c->any = true;
}

static void put_name(Chrome *c, const char *name) {
  (void)fputs(",\"name\":", c->out);
  export_text(name, strlen(name), c->out);
}

/* A counter belongs to a process: that of a thread says so. */
static void put_counter_name(Chrome *c, const Ring *ring, const char *name) {
  char text[48];
  (void)snprintf(text, sizeof text, "%s of thread %u", name, ring->page.thread_id);
  put_name(c, ring->page.thread_id ? text : name);
}

static void put_args(Chrome *c, const TraceRecord *r) {
  (void)fprintf(c->out, ",\"args\":{\"seq\":%" PRIu32, r->seq);
  export_fields(r, c->out);
  (void)fputs("}}", c->out);
}

static void put_slice(Chrome *c, const Ring *ring, const TraceRecord *r, const char *name, uint64_t from, uint64_t ns) {
  begin(c, ring, "X", "trace", from);
  (void)fprintf(c->out, ",\"dur\":%" PRIu64 ".%03u", ns / 1000, (unsigned)(ns % 1000));
  put_name(c, name);
  put_args(c, r);
}

/* The name of an event's family: "ipc" of "ipc.send". */
static void family(const TraceRecord *r, char *name, size_t size) {
  const char *event = trace_events[r->event].name;
  (void)snprintf(name, size, "%.*s", (int)strcspn(event, "."), event);
}

static void put_message(Chrome *c, const Ring *ring, const TraceRecord *r, uint64_t next) {
  char name[16];
  uint64_t room = next > r->t ? next - r->t : 1;
  bool sends = sender_of(r->event) == r->event;
  Flow key = flow_of(r);
  const Flow *send = bsearch(&key, c->sends, c->nsends, sizeof key, compare);
  put_slice(c, ring, r, trace_events[r->event].name, r->t, room < SLICE_NS ? room : SLICE_NS);
  if (!send || send->t > r->t) return;
  family(r, name, sizeof name);
  begin(c, ring, sends ? "s" : "f", name, r->t);
  put_name(c, name);
  (void)fprintf(c->out, ",\"id\":%zu%s}", (size_t)(send - c->sends) + 1, sends ? "" : ",\"bp\":\"e\"");
}

static void put_counter(Chrome *c, const Ring *ring, const char *name, uint64_t t, double ms) {
  begin(c, ring, "C", "trace", t);
  put_counter_name(c, ring, name);
  (void)fprintf(c->out, ",\"args\":{\"ms\":%.3f}}", ms);
}

static void put_turn(Chrome *c, const Ring *ring, const TraceRecord *r) {
  char name[TRACE_TEXT + 32] = "turn";
  uint64_t wall = r->n[0] > 0 && (uint64_t)r->n[0] < r->t ? (uint64_t)r->n[0] : 0;
  if (r->event == TRACE_LOOP_BLOCK && r->text_len)
    (void)snprintf(name, sizeof name, "blocked in %.*s:%" PRId64, (int)strnlen(r->text, r->text_len), r->text, r->n[2]);
  else if (r->event == TRACE_LOOP_BLOCK) (void)snprintf(name, sizeof name, "blocked");
  put_slice(c, ring, r, name, r->t - wall, wall);
  put_counter(c, ring, "lag", r->t - wall, (double)wall / 1e6);
  put_counter(c, ring, "lag", r->t, 0);
}

static void put_memory(Chrome *c, const Ring *ring, const TraceRecord *r) {
  begin(c, ring, "C", "trace", r->t);
  put_counter_name(c, ring, "memory");
  (void)fprintf(c->out, ",\"args\":{\"heap\":%" PRId64 ",\"buffers\":%" PRId64 ",\"rss\":%" PRId64 "}}", r->n[0],
                r->n[1], r->n[2]);
}

/* A job of the pool runs beside others: an async event from its start to its end. */
static void put_job(Chrome *c, const Ring *ring, const TraceRecord *r) {
  uint64_t took = r->n[1] > 0 && (uint64_t)r->n[1] < r->t ? (uint64_t)r->n[1] : 0;
  char name[TRACE_TEXT + 1];
  (void)snprintf(name, sizeof name, "%.*s", (int)r->text_len, r->text);
  for (int end = 0; end < 2; end++) {
    begin(c, ring, end ? "e" : "b", "pool", end ? r->t : r->t - took);
    put_name(c, *name ? name : "job");
    (void)fprintf(c->out, ",\"id\":\"%d.%" PRId64 "\"", ring->tid, r->n[0]);
    if (end) put_args(c, r);
    else (void)fputc('}', c->out);
  }
}

static void put_instant(Chrome *c, const Ring *ring, const TraceRecord *r) {
  char name[TRACE_TEXT + 32];
  const char *event = trace_events[r->event].name;
  if (r->event == TRACE_USER_MARK) (void)snprintf(name, sizeof name, "%.*s", (int)r->text_len, r->text);
  else (void)snprintf(name, sizeof name, "%s", event);
  begin(c, ring, "i", "trace", r->t);
  (void)fputs(",\"s\":\"t\"", c->out);
  put_name(c, name);
  put_args(c, r);
}

static void put_record(Chrome *c, size_t i) {
  const TraceRecord *r = &c->log->items[i].r;
  const Ring *ring = &c->log->rings[c->log->items[i].ring];
  if (r->event == TRACE_NONE || r->event >= TRACE_EVENT_COUNT) return;
  switch (r->event) {
  case TRACE_LOOP_TURN: case TRACE_LOOP_BLOCK: put_turn(c, ring, r); break;
  case TRACE_MEM: put_memory(c, ring, r); break;
  case TRACE_POOL_DONE: put_job(c, ring, r); break;
  default:
    if (sender_of(r->event)) put_message(c, ring, r, c->next[i]);
    else put_instant(c, ring, r);
  }
}

static void put_meta(Chrome *c, const Ring *ring, const char *what, const char *name) {
  begin(c, ring, "M", "__metadata", 0);
  put_name(c, what);
  (void)fputs(",\"args\":{\"name\":", c->out);
  export_text(name, strlen(name), c->out);
  (void)fputs("}}", c->out);
}

static void put_names(Chrome *c) {
  for (size_t i = 0; i < c->log->nrings; i++) {
    const Ring *ring = &c->log->rings[i];
    const TracePage *p = &ring->page;
    const char *slash = strrchr(p->file, '/');
    char name[160];
    (void)snprintf(name, sizeof name, "%s %s", p->role, slash ? slash + 1 : p->file);
    if (p->thread_id == 0) put_meta(c, ring, "process_name", name);
    if (p->thread_id) (void)snprintf(name, sizeof name, "thread %u %s", p->thread_id, slash ? slash + 1 : p->file);
    put_meta(c, ring, "thread_name", p->thread_id ? name : "main");
  }
}

int export_chrome(const TraceLog *log, FILE *out) {
  Chrome c = { .log = log, .out = out };
  c.sends = malloc((log->count + 1) * sizeof *c.sends);
  c.next = malloc((log->count + 1) * sizeof *c.next);
  bool well = c.sends && c.next && find_next(&c);
  if (well) {
    find_sends(&c);
    (void)fputs("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n", out);
    put_names(&c);
    for (size_t i = 0; i < log->count; i++) put_record(&c, i);
    (void)fputs("\n]}\n", out);
  }
  free(c.sends);
  free(c.next);
  return well ? 0 : UV_ENOMEM;
}
