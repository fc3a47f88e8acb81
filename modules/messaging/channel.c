/* SPDX-License-Identifier: MIT */
/* channel.c - see channel.h.
 *
 * A Queue has one reader and one writer and is freed by whoever of them leaves last. The reader takes all
 * that waits in one go and hands it out from a list of its own, so the lock is taken once for many
 * messages. The writer signals only where the queue was empty: the reader looks again until it is. */
#include "channel.h"
#include "message.h"
#include "../core/slow.h"
#include "../core/trace.h"

#include <stdlib.h>

typedef struct Queue {
  uv_mutex_t lock;
  List waiting;        /* Messages */
  Ring *ring;          /* borrows: the reader's, NULL while the end is detached */
  bool no_writer, no_reader;
  _Atomic int reader;  /* the thread whose ring it is, -1 */
  List taken;          /* the reader's own: out of the queue, not handed out yet */
} Queue;

struct End {
  Queue *in, *out;
  uint64_t id;         /* see EndTold */
  bool second;
  uint32_t posted, taken;
  SlowWaiter wait;     /* for the time of the first message taken */
};

static Queue *queue_new(void) {
  Queue *q = calloc(1, sizeof *q);
  if (!q) return NULL;
  if (uv_mutex_init(&q->lock) != 0) {
    free(q);
    return NULL;
  }
  list_init(&q->waiting);
  list_init(&q->taken);
  q->reader = -1;
  return q;
}

static void drop_all(List *messages) {
  for (List *item; (item = list_pop(messages));) message_free(list_entry(item, Message, link));
}

/* Nobody uses it any more. */
static void queue_free(Queue *q) {
  if (!q) return;
  drop_all(&q->taken);
  drop_all(&q->waiting);
  uv_mutex_destroy(&q->lock);
  free(q);
}

bool end_pair(End **a, End **b, bool told) {
  Queue *to_a = queue_new(), *to_b = queue_new();
  *a = malloc(sizeof **a);
  *b = malloc(sizeof **b);
  if (to_a && to_b && *a && *b) {
    uint64_t id = told && trace_dir() ? trace_channel_id() : 0;
    **a = (End){ .in = to_a, .out = to_b, .id = id };
    **b = (End){ .in = to_b, .out = to_a, .id = id, .second = true };
    return true;
  }
  queue_free(to_a);
  queue_free(to_b);
  free(*a);
  free(*b);
  return false;
}

void end_post(End *end, Message *m) {
  Queue *q = end->out;
  m->number = ++end->posted;
  uv_mutex_lock(&q->lock);
  bool taken = !q->no_reader;
  if (taken) {
    bool first = list_empty(&q->waiting);
    list_append(&q->waiting, &m->link);
    if (first && q->ring) ring_ring(q->ring);
  }
  uv_mutex_unlock(&q->lock);
  if (!taken) message_free(m);
}

static void fetch(Queue *q) {
  uv_mutex_lock(&q->lock);
  list_splice(&q->waiting, &q->taken);
  uv_mutex_unlock(&q->lock);
}

Message *end_take(End *end) {
  Queue *q = end->in;
  if (list_empty(&q->taken)) fetch(q);
  List *item = list_pop(&q->taken);
  if (!item) return NULL;
  end->taken++;
  return list_entry(item, Message, link);
}

static void on_due(SlowWaiter *w) {
  Queue *q = list_entry(w, End, wait)->in;
  uv_mutex_lock(&q->lock);
  if (q->ring) ring_ring(q->ring);
  uv_mutex_unlock(&q->lock);
}

Message *end_take_due(Runtime *rt, End *end) {
  Queue *q = end->in;
  if (rt->slow_ms == 0) return end_take(end);
  uint64_t now = uv_hrtime(), due = now + rt->slow_ms * 1000000ull;
  fetch(q);
  for (List *item = q->taken.prev; item != &q->taken; item = item->prev) {
    Message *m = list_entry(item, Message, link);
    if (m->due) break;
    m->due = m->kind ? 1 : due;
  }
  if (list_empty(&q->taken)) return NULL;
  const Message *first = list_entry(q->taken.next, Message, link);
  if (first->due <= now) return end_take(end);
  slow_wait(rt, &end->wait, first->due, on_due);
  return NULL;
}

void end_hurry(End *end) {
  slow_forget(&end->wait);
  fetch(end->in);
  for (List *item = end->in->taken.next; item != &end->in->taken; item = item->next)
    list_entry(item, Message, link)->due = 1;
}

/* Something waits; *over: nothing does and the writer is gone. */
static bool queue_look(Queue *q, bool *over) {
  uv_mutex_lock(&q->lock);
  bool waiting = !list_empty(&q->taken) || !list_empty(&q->waiting);
  *over = !waiting && q->no_writer;
  uv_mutex_unlock(&q->lock);
  return waiting;
}

bool end_is_over(End *end) {
  bool over;
  (void)queue_look(end->in, &over);
  return over;
}

bool end_has_news(End *end) {
  bool over, waiting = queue_look(end->in, &over);
  return waiting || over;
}

void end_attach(End *end, Ring *ring) {
  Queue *q = end->in;
  uv_mutex_lock(&q->lock);
  q->ring = ring;
  uv_mutex_unlock(&q->lock);
  q->reader = ring && rt_self ? (int)rt_self->thread_id : -1;
  slow_forget(&end->wait);
  if (ring && end_has_news(end)) ring_ring(ring);
}

static void reader_leaves(Queue *q) {
  uv_mutex_lock(&q->lock);
  q->no_reader = true;
  q->ring = NULL;
  List rest;
  list_init(&rest);
  list_splice(&q->taken, &rest);
  list_splice(&q->waiting, &rest);
  bool last = q->no_writer;
  uv_mutex_unlock(&q->lock);
  drop_all(&rest); /* may close ends inside, so not under the lock */
  if (last) queue_free(q);
}

static void writer_leaves(Queue *q) {
  uv_mutex_lock(&q->lock);
  q->no_writer = true;
  if (q->ring) ring_ring(q->ring);
  bool last = q->no_reader;
  uv_mutex_unlock(&q->lock);
  if (last) queue_free(q);
}

void end_close(End *end) {
  if (!end) return;
  Queue *in = end->in, *out = end->out;
  slow_forget(&end->wait);
  free(end);
  writer_leaves(out);
  reader_leaves(in);
}

EndTold end_told(const End *end) {
  return (EndTold){ end->id, end->second, end->posted, end->taken, end->out->reader };
}

bool end_is_peer(const End *a, const End *b) { return a->in == b->out; }
