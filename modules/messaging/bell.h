/* SPDX-License-Identifier: MIT */
/* bell.h - how another thread wakes this loop for its messages.
 *
 * A runtime has one Bell, an eventfd on its loop; each object that receives has a Ring of it. Ringing twice
 * before it is heard is once. libuv's uv_async_t does the same, but makes the woken thread wait for the
 * sender to leave uv_async_send: five times slower from thread to thread where cores are few. */
#ifndef MOONFORK_BELL_H
#define MOONFORK_BELL_H

#include "../core/runtime.h"

typedef struct Bell Bell;

typedef struct Ring {
  List link;                      /* in the bell's list from rung to heard */
  Bell *bell;                     /* holds a reference; NULL: not open */
  void (*heard)(struct Ring *);   /* on the owner's thread, from its loop */
} Ring;

/* Opens the ring on L's runtime. Raises. */
void ring_open(lua_State *L, Ring *ring, void (*heard)(Ring *ring));

/* The owner will be called. Any thread that knows the ring to be open. */
void ring_ring(Ring *ring);

/* The owner is not called any more. Its own thread; idempotent, also for a ring that was never open. */
void ring_close(Ring *ring);

#endif
