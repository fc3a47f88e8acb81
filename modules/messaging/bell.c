/* SPDX-License-Identifier: MIT */
/* bell.c - see bell.h.
 *
 * The Bell outlives its runtime's handle as long as a ring of it is open, so a thread that still rings
 * finds its lock and descriptor. The handle keeps no program running: what receives does, by its own. */
#include "bell.h"
#include "../core/error.h"
#include "../core/handle.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct Bell {
  _Atomic int refs;
  int fd;
  uv_mutex_t lock;     /* guards rung and every ring's link */
  List rung;
};

typedef struct Listener {
  Handle base;
  uv_poll_t uv;
  Bell *bell;          /* holds a reference */
} Listener;

static const char listener_key = 0;

static void bell_unref(Bell *bell) {
  if (atomic_fetch_sub(&bell->refs, 1) != 1) return;
  (void)close(bell->fd);
  uv_mutex_destroy(&bell->lock);
  free(bell);
}

static Bell *bell_new(void) {
  Bell *bell = calloc(1, sizeof *bell);
  if (!bell) return NULL;
  bell->refs = 1;
  list_init(&bell->rung);
  bell->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (bell->fd >= 0 && uv_mutex_init(&bell->lock) == 0) return bell;
  if (bell->fd >= 0) (void)close(bell->fd);
  free(bell);
  return NULL;
}

/* Takes the ring that was rung first off the list; NULL when all are heard. */
static Ring *take(Bell *bell) {
  uv_mutex_lock(&bell->lock);
  List *item = list_pop(&bell->rung);
  uv_mutex_unlock(&bell->lock);
  return item ? list_entry(item, Ring, link) : NULL;
}

/* Everything that was rung up to now, and not what rings itself again meanwhile: the loop goes on between. */
static size_t count(Bell *bell) {
  size_t n = 0;
  uv_mutex_lock(&bell->lock);
  for (List *item = bell->rung.next; item != &bell->rung; item = item->next) n++;
  uv_mutex_unlock(&bell->lock);
  return n;
}

static void on_bell(uv_poll_t *uv, int status, int events) {
  Listener *listener = uv->data;
  Bell *bell = listener->bell;
  uint64_t times;
  (void)status, (void)events;
  if (read(bell->fd, &times, sizeof times) < 0 && errno != EAGAIN) return; /* the next ring comes again */
  for (size_t n = count(bell); n > 0; n--) {
    Ring *ring = take(bell);
    if (!ring) return;
    ring->heard(ring);
  }
  uv_mutex_lock(&bell->lock);
  bool more = !list_empty(&bell->rung);
  uv_mutex_unlock(&bell->lock);
  if (more) (void)eventfd_write(bell->fd, 1);
}

static void listener_release(Handle *h) { bell_unref(((Listener *)h)->bell); }

/* The listener of L's runtime, made on first use. */
static Listener *listener_of(lua_State *L) {
  Listener **slot = rt_data(L, &listener_key, sizeof *slot);
  if (*slot) return *slot;
  Runtime *rt = rt_of(L);
  rt_check_open(L);
  Listener *listener = handle_new_internal(rt, sizeof *listener);
  Bell *bell = listener ? bell_new() : NULL;
  int err = bell ? uv_poll_init(&rt->loop, &listener->uv, bell->fd) : UV_ENOMEM;
  if (err < 0) {
    if (bell) bell_unref(bell);
    free(listener);
    err_raise_uv(L, err, "eventfd");
    return NULL;
  }
  listener->bell = bell;
  listener->base.release = listener_release;
  handle_opened(&listener->base, (uv_handle_t *)&listener->uv);
  (void)uv_poll_start(&listener->uv, UV_READABLE, on_bell); /* a fresh descriptor: it cannot fail */
  uv_unref((uv_handle_t *)&listener->uv);
  *slot = listener;
  return listener;
}

void ring_open(lua_State *L, Ring *ring, void (*heard)(Ring *ring)) {
  Bell *bell = listener_of(L)->bell;
  list_init(&ring->link);
  (void)atomic_fetch_add(&bell->refs, 1);
  ring->bell = bell;
  ring->heard = heard;
}

void ring_ring(Ring *ring) {
  Bell *bell = ring->bell;
  uv_mutex_lock(&bell->lock);
  bool first = list_empty(&bell->rung);
  if (list_empty(&ring->link)) list_append(&bell->rung, &ring->link);
  uv_mutex_unlock(&bell->lock);
  if (first) (void)eventfd_write(bell->fd, 1); /* it only fails when it is rung 2^64 times */
}

void ring_close(Ring *ring) {
  Bell *bell = ring->bell;
  if (!bell) return;
  uv_mutex_lock(&bell->lock);
  list_remove(&ring->link);
  uv_mutex_unlock(&bell->lock);
  ring->bell = NULL;
  bell_unref(bell);
}
