/* SPDX-License-Identifier: MIT */
/* moment.c - see moment.h. First spans are read out of the records: who held a socket, lived, or did a job
 * from when to when. The moment is the end of the time in which most of them were open. */
#include "moment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NS_PER_MS = 1000000, THREAD_WEIGHT = 1 << 20 };

typedef struct Span {
  const LiveThread *thread; /* whose it is */
  LiveProc *proc;
  int64_t key;              /* inode, number of a job */
  int64_t port, fd;         /* of a socket */
  uint64_t from, begun, to; /* begun: when a job was taken from the queue, 0: it was not */
  char text[64];            /* address, kind */
} Span;

typedef struct Spans { Span *list; size_t count, space; } Spans;
typedef struct Change { uint64_t t; int64_t by; } Change;
typedef struct Changes { Change *list; size_t count, space; } Changes;

typedef struct Making {
  const Model *m;
  Model *to;
  MomentOf of;
  Spans spans;
  uint64_t t;
} Making;

/* ---- lists ---- */

static void *grown(void *list, size_t count, size_t *space, size_t size) {
  if (count < *space) return list;
  void *more = realloc(list, (*space ? *space * 2 : 64) * size);
  if (more) *space = *space ? *space * 2 : 64;
  return more;
}

static void set_text(Span *one, const LiveRecord *r) {
  size_t len = strnlen(r->r.text, r->r.text_len < sizeof one->text ? r->r.text_len : sizeof one->text - 1);
  memcpy(one->text, r->r.text, len);
  one->text[len] = '\0';
}

static Span *add_span(Spans *s, const LiveRecord *r, int64_t key) {
  void *more = grown(s->list, s->count, &s->space, sizeof *s->list);
  if (!more) return NULL;
  s->list = more;
  Span *one = &s->list[s->count++];
  *one = (Span){ .thread = r->thread, .proc = r->proc, .key = key, .from = r->r.t, .to = UINT64_MAX, .fd = -1 };
  set_text(one, r);
  return one;
}

static Span *open_span(Spans *s, const LiveRecord *r, int64_t key) {
  for (size_t i = s->count; i > 0; i--) {
    Span *one = &s->list[i - 1];
    if (one->proc == r->proc && one->key == key && one->to == UINT64_MAX) return one;
  }
  return NULL;
}

static void add_change(Changes *c, uint64_t t, int64_t by) {
  void *more = grown(c->list, c->count, &c->space, sizeof *c->list);
  if (!more) return;
  c->list = more;
  c->list[c->count++] = (Change){ t, by };
}

static int by_time(const void *a, const void *b) {
  const Change *x = a, *y = b;
  if (x->t != y->t) return x->t < y->t ? -1 : 1;
  return (x->by > y->by) - (x->by < y->by);
}

/* The last time at which the sum is the greatest. */
static uint64_t busiest(Changes *c, uint64_t end) {
  int64_t sum = 0, most = -1;
  uint64_t t = end;
  if (c->count > 1) qsort(c->list, c->count, sizeof *c->list, by_time);
  for (size_t i = 0; i < c->count; i++) {
    sum += c->list[i].by;
    if (sum < most) continue;
    most = sum;
    t = i + 1 < c->count ? c->list[i + 1].t - 1 : end;
  }
  return t < end ? t : end;
}

/* ---- spans ---- */

static uint64_t end_of(const Model *m, const LiveProc *p) { return !p->ended ? UINT64_MAX : p->end ? p->end : m->now; }

static bool is_server(const TraceRecord *r) {
  return !strncmp(r->text, "net.Server", 10) || (r->n[3] && strncmp(r->text, "net.Socket", 10) != 0);
}

static void note_socket(Spans *s, const LiveRecord *r) {
  const int64_t *n = r->r.n;
  Span *one;
  if (r->r.event == TRACE_PORT_LISTEN) {
    if ((one = open_span(s, r, n[1])) || (one = add_span(s, r, n[1]))) {
      one->port = n[0], one->fd = n[2];
      set_text(one, r);
    }
  } else if ((r->r.event == TRACE_HND_RECV || r->r.event == TRACE_HND_SEND) && is_server(&r->r) && !open_span(s, r, n[2])) {
    if ((one = add_span(s, r, n[2]))) one->port = n[3], *one->text = '\0'; /* who sends one holds it */
  } else if (r->r.event == TRACE_PORT_CLOSE && (one = open_span(s, r, n[1]))) {
    one->to = r->r.t;
  }
}

static void note_job(Spans *s, const LiveRecord *r) {
  Span *one;
  if (r->r.event == TRACE_POOL_QUEUE) {
    (void)add_span(s, r, r->r.n[0]);
  } else if (r->r.event == TRACE_POOL_START || r->r.event == TRACE_POOL_DONE) {
    if (!(one = open_span(s, r, r->r.n[0]))) return;
    if (r->r.event == TRACE_POOL_START) one->begun = r->r.t;
    else one->to = r->r.t;
  }
}

static void note_thread(Spans *s, const LiveRecord *r) {
  Span *one;
  if (r->r.event == TRACE_THR_EXIT && r->thread && (one = add_span(s, r, 0))) one->to = r->r.t;
}

static void read_spans(Making *mk) {
  for (uint64_t n = mk->m->first; n < mk->m->count; n++) {
    const LiveRecord *r = model_record(mk->m, n);
    if (!r->proc) continue;
    if (mk->of == MOMENT_PORTS) note_socket(&mk->spans, r);
    else if (mk->of == MOMENT_POOL) note_job(&mk->spans, r);
    else note_thread(&mk->spans, r);
  }
  for (size_t i = 0; i < mk->spans.count; i++) {
    Span *one = &mk->spans.list[i];
    uint64_t end = end_of(mk->m, one->proc);
    if (one->to > end && end > one->from) one->to = end; /* an end that was guessed may be too early */
  }
}

/* When the thread has ended. */
static uint64_t thread_end(const Making *mk, const LiveThread *t) {
  for (size_t i = 0; mk->of != MOMENT_PORTS && mk->of != MOMENT_POOL && i < mk->spans.count; i++)
    if (mk->spans.list[i].thread == t) return mk->spans.list[i].to;
  return end_of(mk->m, t->proc);
}

/* ---- when ---- */

static bool is_post(const LiveRecord *r) { return r->r.event == TRACE_MSG_POST && !(r->r.flags & TRACE_INTERNAL); }

static uint64_t when_threads(Making *mk) {
  Changes c = { 0 };
  const Model *m = mk->m;
  for (const LiveProc *p = m->procs; p; p = p->next)
    for (const LiveThread *t = p->threads; t; t = t->next) {
      add_change(&c, t->opened, THREAD_WEIGHT);
      if (thread_end(mk, t) != UINT64_MAX) add_change(&c, thread_end(mk, t), -THREAD_WEIGHT);
    }
  for (uint64_t n = m->first; n < m->count; n++) {
    const LiveRecord *r = model_record(m, n);
    if (!is_post(r)) continue;
    add_change(&c, r->r.t, 1);
    if (r->mate_t) add_change(&c, r->mate_t, -1);
  }
  uint64_t t = busiest(&c, m->now);
  free(c.list);
  return t;
}

/* key 0: of all spans. */
static uint64_t when_spans(const Making *mk, int64_t key) {
  Changes c = { 0 };
  for (size_t i = 0; i < mk->spans.count; i++) {
    if (key && mk->spans.list[i].key != key) continue;
    add_change(&c, mk->spans.list[i].from, 1);
    if (mk->spans.list[i].to != UINT64_MAX) add_change(&c, mk->spans.list[i].to, -1);
  }
  uint64_t t = busiest(&c, mk->m->now);
  free(c.list);
  return t;
}

/* The end of the last thread: strips end there. */
static uint64_t when_all(Making *mk) {
  uint64_t last = 0;
  for (const LiveProc *p = mk->m->procs; p; p = p->next)
    for (const LiveThread *t = p->threads; t; t = t->next) {
      uint64_t end = thread_end(mk, t);
      if (end > last) last = end;
    }
  return last && last < mk->m->now ? last : mk->m->now;
}

/* ---- processes and threads ---- */

/* Turns have their record at their end. */
static void set_turn(const Making *mk, const LiveThread *was, LiveThread *t) {
  for (uint64_t n = mk->m->first; n < mk->m->count; n++) {
    const LiveRecord *r = model_record(mk->m, n);
    if (r->thread != was || (r->r.event != TRACE_LOOP_TURN && r->r.event != TRACE_LOOP_BLOCK)) continue;
    if (r->r.n[0] <= 0 || r->r.t <= mk->t || r->r.t - (uint64_t)r->r.n[0] > mk->t) continue;
    t->busy_since = r->r.t - (uint64_t)r->r.n[0];
    t->lag_ms = (double)(mk->t - t->busy_since) / NS_PER_MS;
    t->state = 'R';
    if (r->r.event != TRACE_LOOP_BLOCK) continue;
    t->blocked = t->lag_ms > LIVE_BLOCKED_MS;
    t->place = (LivePlace){ .known = true, .line = (int)r->r.n[2] };
    (void)snprintf(t->place.file, sizeof t->place.file, "%.*s", (int)strnlen(r->r.text, r->r.text_len), r->r.text);
  }
}

static void count_messages(const Making *mk, const LiveThread *was, LiveThread *t) {
  t->in = t->out = t->waiting = 0;
  for (uint64_t n = mk->m->first; n < mk->m->count; n++) {
    const LiveRecord *r = model_record(mk->m, n);
    int event = r->r.event;
    if (r->r.t > mk->t || (r->r.flags & TRACE_INTERNAL)) continue;
    if (is_post(r) && r->peer_thread == was && (!r->mate_t || r->mate_t > mk->t)) t->waiting++;
    if (r->thread != was) continue;
    t->out += event == TRACE_MSG_POST || event == TRACE_IPC_SEND;
    t->in += event == TRACE_MSG_RECV || event == TRACE_IPC_RECV;
  }
}

static void set_jobs(const Making *mk, const LiveThread *was, LiveThread *t) {
  size_t slots = sizeof t->pool / sizeof *t->pool;
  memset(t->pool, 0, sizeof t->pool);
  t->pool_queued = t->pool_running = 0;
  for (size_t i = 0; i < mk->spans.count; i++) {
    const Span *job = &mk->spans.list[i];
    if (job->thread != was || job->from > mk->t || job->to <= mk->t) continue;
    bool runs = job->begun && job->begun <= mk->t;
    if (!runs) t->pool_queued++;
    else if (t->pool_running < slots) {
      t->pool[t->pool_running].since = job->begun;
      memcpy(t->pool[t->pool_running++].kind, job->text, sizeof t->pool->kind - 1);
    }
  }
}

/* The strip of one that ended earlier moves to the left: the same column is the same time for all. */
static void move_strip(const Making *mk, uint64_t end, LiveThread *t) {
  uint64_t slots = end < mk->t ? (mk->t - end) / ((uint64_t)TRACE_STRIP_MS * NS_PER_MS) : 0;
  if (slots > TRACE_STRIP) slots = TRACE_STRIP;
  memmove(t->strip, t->strip + slots, TRACE_STRIP - slots);
  memset(t->strip + TRACE_STRIP - slots, TRACE_BUSY_IDLE, slots);
}

static LiveThread *copy_thread(const Making *mk, const LiveThread *was, LiveProc *proc) {
  LiveThread *t = malloc(sizeof *t);
  if (!t) return NULL;
  *t = *was;
  t->next = NULL;
  t->proc = proc;
  t->ended = false;
  if (was->ended) t->state = 'S', t->lag_ms = 0;
  if (mk->of == MOMENT_ALL) move_strip(mk, thread_end(mk, was), t);
  if (mk->of == MOMENT_POOL) set_jobs(mk, was, t);
  if (mk->of == MOMENT_THREADS) set_turn(mk, was, t), count_messages(mk, was, t);
  return t;
}

static bool lived(const Making *mk, uint64_t from, uint64_t to) {
  return mk->of == MOMENT_ALL || mk->of == MOMENT_PORTS || (from <= mk->t && to > mk->t);
}

static LiveProc *copy_proc(const Making *mk, const LiveProc *was) {
  LiveProc *p = malloc(sizeof *p);
  if (!p) return NULL;
  *p = *was;
  p->next = NULL;
  p->threads = NULL;
  p->ended = false;
  if (was->ended || was->state == 'Z') p->state = 'S';
  LiveThread **end = &p->threads;
  for (const LiveThread *t = was->threads; t; t = t->next)
    if (lived(mk, t->opened, thread_end(mk, t)) && (*end = copy_thread(mk, t, p))) end = &(*end)->next;
  return p;
}

static void copy_procs(Making *mk) {
  LiveProc **end = &mk->to->procs;
  for (const LiveProc *p = mk->m->procs; p; p = p->next)
    if (lived(mk, p->began, end_of(mk->m, p)) && (*end = copy_proc(mk, p))) end = &(*end)->next, mk->to->nprocs++;
  mk->to->nalive = mk->to->nprocs;
}

/* ---- sockets ---- */

static LiveProc *proc_then(const Making *mk, const LiveProc *was) {
  for (LiveProc *p = mk->to->procs; p; p = p->next)
    if (p->pid == was->pid && p->start == was->start) return p;
  return NULL;
}

static LiveSocket *socket_then(Making *mk, const Span *one) {
  LiveSocket **at = &mk->to->sockets;
  for (; *at; at = &(*at)->next)
    if ((*at)->inode == (uint64_t)one->key) return *at;
  if (!(*at = calloc(1, sizeof **at))) return NULL;
  (*at)->inode = (uint64_t)one->key;
  (*at)->port = (int)one->port;
  return *at;
}

static LiveHolder *add_holder(LiveHolder **list, size_t *count, LiveProc *proc, int fd) {
  for (size_t i = 0; i < *count; i++)
    if ((*list)[i].proc == proc) return &(*list)[i];
  LiveHolder *more = realloc(*list, (*count + 1) * sizeof *more);
  if (!more) return NULL;
  *list = more;
  more[*count] = (LiveHolder){ proc, fd, 0 };
  return &more[(*count)++];
}

static bool holds(const LiveSocket *s, const LiveProc *p) {
  for (size_t i = 0; i < s->nholders; i++)
    if (s->holders[i].proc == p) return true;
  return false;
}

/* One who accepts without holding the socket gets connections from who holds it. */
static void count_accept(Making *mk, const TraceRecord *r, const LiveProc *was) {
  LiveProc *p = proc_then(mk, was);
  for (LiveSocket *s = p ? mk->to->sockets : NULL; s; s = s->next) {
    if (r->n[1] ? s->inode != (uint64_t)r->n[1] : s->port != r->n[0]) continue;
    LiveHolder *h = holds(s, p) ? add_holder(&s->holders, &s->nholders, p, -1) : add_holder(&s->takers, &s->ntakers, p, -1);
    if (h) h->accepted += r->event == TRACE_CONN_ACCEPT;
  }
}

/* Each socket is shown at the moment when most held it; what was accepted is counted over the whole run. */
static void copy_sockets(Making *mk) {
  for (size_t i = 0; i < mk->spans.count; i++) {
    const Span *one = &mk->spans.list[i];
    uint64_t t = when_spans(mk, one->key);
    LiveProc *p = one->from <= t && one->to > t ? proc_then(mk, one->proc) : NULL;
    LiveSocket *s = p ? socket_then(mk, one) : NULL;
    if (!s) continue;
    s->udp |= !strncmp(one->text, "udp ", 4);
    if (!*s->address) (void)snprintf(s->address, sizeof s->address, "%s", one->text + (s->udp ? 4 : 0));
    (void)add_holder(&s->holders, &s->nholders, p, (int)one->fd);
  }
  for (uint64_t n = mk->m->first; n < mk->m->count; n++) {
    const LiveRecord *r = model_record(mk->m, n);
    bool shares = r->r.event == TRACE_PORT_SHARE && !r->r.n[3];
    if ((r->r.event != TRACE_CONN_ACCEPT && !shares) || !r->proc) continue;
    const LiveProc *by = r->r.n[2] > 0 && !shares ? model_proc(mk->m, (int)r->r.n[2]) : NULL;
    count_accept(mk, &r->r, r->proc);
    if (by && by != r->proc) count_accept(mk, &r->r, by);
  }
}

/* ---- the moment ---- */

Model *moment_make(const Model *m, MomentOf of) {
  Making mk = { .m = m, .of = of, .to = malloc(sizeof *mk.to) };
  if (!mk.to) return NULL;
  *mk.to = *m;
  mk.to->procs = NULL;
  mk.to->sockets = NULL;
  mk.to->records = NULL;
  mk.to->nprocs = mk.to->nalive = 0;
  mk.to->first = mk.to->count = 0;
  read_spans(&mk);
  mk.t = of == MOMENT_THREADS ? when_threads(&mk) : of == MOMENT_POOL ? when_spans(&mk, 0) : when_all(&mk);
  mk.to->now = mk.t;
  copy_procs(&mk);
  if (of == MOMENT_PORTS) copy_sockets(&mk);
  free(mk.spans.list);
  return mk.to;
}

static void free_proc(LiveProc *p) {
  for (LiveThread *t = p->threads; t;) {
    LiveThread *next = t->next;
    free(t);
    t = next;
  }
  free(p);
}

void moment_free(Model *moment) {
  if (!moment) return;
  for (LiveProc *p = moment->procs; p;) {
    LiveProc *next = p->next;
    free_proc(p);
    p = next;
  }
  for (LiveSocket *s = moment->sockets; s;) {
    LiveSocket *next = s->next;
    free(s->holders);
    free(s->takers);
    free(s);
    s = next;
  }
  free(moment);
}
