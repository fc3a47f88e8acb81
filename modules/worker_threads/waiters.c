/* SPDX-License-Identifier: MIT */
/* waiters.c - see waiters.h.
 *
 * One list under one lock, in the order of arrival; the value is looked at under the lock, so a notify
 * after the change cannot be missed. A thread sleeps on the futex rt->park: 1 says notified, 2 that the
 * runtime was interrupted, which the interrupt sets itself (see interrupt.c). */
#include "waiters.h"
#include "../core/interrupt.h"
#include "../core/trace.h"

static struct {
  uv_mutex_t lock;
  List list;
} waiters = { PTHREAD_MUTEX_INITIALIZER, { &waiters.list, &waiters.list } };

static bool holds(const void *place, size_t size, uint64_t value) {
  return size == 4 ? __atomic_load_n((const uint32_t *)place, __ATOMIC_SEQ_CST) == (uint32_t)value
                   : __atomic_load_n((const uint64_t *)place, __ATOMIC_SEQ_CST) == value;
}

static bool enter(Waiter *w, const void *place, size_t size, uint64_t value) {
  uv_mutex_lock(&waiters.lock);
  bool same = holds(place, size, value);
  if (same) {
    w->place = place;
    w->told = false;
    list_append(&waiters.list, &w->link);
  }
  uv_mutex_unlock(&waiters.lock);
  return same;
}

WaitResult waiters_enter(Waiter *w, const void *place, size_t size, uint64_t value) {
  return enter(w, place, size, value) ? WAIT_OK : WAIT_NOT_EQUAL;
}

bool waiters_leave(Waiter *w) {
  uv_mutex_lock(&waiters.lock);
  if (w->place) list_remove(&w->link);
  w->place = NULL;
  bool told = w->told;
  uv_mutex_unlock(&waiters.lock);
  return told;
}

size_t waiters_notify(const void *place, size_t most) {
  size_t n = 0;
  uv_mutex_lock(&waiters.lock);
  for (List *item = waiters.list.next; item != &waiters.list && n < most;) {
    Waiter *w = list_entry(item, Waiter, link);
    item = item->next;
    if (w->place != place) continue;
    list_remove(&w->link);
    w->place = NULL;
    w->told = true;
    n++;
    if (w->wake) (void)uv_async_send(w->wake);
    else interrupt_unpark(w->rt, PARK_NOTIFIED);
  }
  uv_mutex_unlock(&waiters.lock);
  return n;
}

WaitResult waiters_sleep(Runtime *rt, const void *place, size_t size, uint64_t value, uint64_t timeout) {
  Waiter w = { .rt = rt };
  list_init(&w.link);
  interrupt_park_begin(rt);
  if (!enter(&w, place, size, value)) return WAIT_NOT_EQUAL;
  if (TRACING(rt)) trace_inside(rt->trace, "Atomics.wait");
  bool woken = interrupt_park(rt, timeout);
  if (TRACING(rt)) trace_inside(rt->trace, NULL);
  return waiters_leave(&w) || woken ? WAIT_OK : WAIT_TIMED_OUT;
}
