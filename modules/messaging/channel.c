/* SPDX-License-Identifier: MIT */
/* channel.c - see channel.h.
 *
 * A Queue has one reader and one writer and is freed by whoever of them leaves last. The reader takes all
 * that waits in one go and hands it out from a list of its own, so the lock is taken once for many
 * messages. The writer signals only where the queue was empty: the reader looks again until it is. */
#include "channel.h"
#include "message.h"

#include <stdlib.h>

typedef struct Queue {
  uv_mutex_t lock;
  List waiting;        /* Messages */
  Ring *ring;          /* borrows: the reader's, NULL while the end is detached */
  bool no_writer, no_reader;
  List taken;          /* the reader's own: out of the queue, not handed out yet */
} Queue;

struct End {
  Queue *in, *out;
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

bool end_pair(End **a, End **b) {
  Queue *to_a = queue_new(), *to_b = queue_new();
  *a = malloc(sizeof **a);
  *b = malloc(sizeof **b);
  if (to_a && to_b && *a && *b) {
    **a = (End){ to_a, to_b };
    **b = (End){ to_b, to_a };
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

Message *end_take(End *end) {
  Queue *q = end->in;
  if (list_empty(&q->taken)) {
    uv_mutex_lock(&q->lock);
    list_splice(&q->waiting, &q->taken);
    uv_mutex_unlock(&q->lock);
  }
  List *item = list_pop(&q->taken);
  return item ? list_entry(item, Message, link) : NULL;
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
  free(end);
  writer_leaves(out);
  reader_leaves(in);
}

bool end_is_peer(const End *a, const End *b) { return a->in == b->out; }
