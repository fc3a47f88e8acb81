/* SPDX-License-Identifier: MIT */
/* waiters.h - who waits for a change of a place in shared memory, in all threads of the process. */
#ifndef MOONFORK_WAITERS_H
#define MOONFORK_WAITERS_H

#include "../core/runtime.h"

#include <stddef.h>

typedef enum WaitResult { WAIT_OK, WAIT_NOT_EQUAL, WAIT_TIMED_OUT } WaitResult;

/* Is the value at the place (size 4 or 8 bytes) still that one? Then sleeps until it is notified, or the
 * time is over (ns; UINT64_MAX: never). An interrupt of the runtime wakes it, too: WAIT_OK then, and the
 * code that called is stopped. */
WaitResult waiters_sleep(Runtime *rt, const void *place, size_t size, uint64_t value, uint64_t timeout);

/* Somebody who is told instead of sleeping. Embedded in what waits; owned by it. */
typedef struct Waiter {
  List link;
  const void *place;       /* NULL: in no list */
  uv_async_t *wake;        /* borrows; NULL: it sleeps on rt->park */
  Runtime *rt;
  bool told;
} Waiter;

/* The same without sleeping: enters w, whose wake is sent when it is notified. */
WaitResult waiters_enter(Waiter *w, const void *place, size_t size, uint64_t value);

/* Takes w out; true when it had been notified. */
bool waiters_leave(Waiter *w);

/* Wakes at most so many of those that wait for the place, the longest first; returns how many. */
size_t waiters_notify(const void *place, size_t most);

#endif
