/* SPDX-License-Identifier: MIT */
/* slow.h - holding back what a runtime receives of its user's messages, so that a lesson can watch them.
 *
 * While rt->slow_ms is not 0 each message waits so long, counted from its arrival; order is kept. What
 * waits keeps the program running. Own thread only. */
#ifndef MOONFORK_SLOW_H
#define MOONFORK_SLOW_H

#include "list.h"
#include "runtime.h"

enum { SLOW_MOST_MS = 60000 };

/* Something that is to go on later; lies in its owner. */
typedef struct SlowWaiter {
  List link;
  struct Slow *slow;
  uint64_t due;                     /* uv_hrtime */
  void (*fn)(struct SlowWaiter *w); /* NULL: does not wait */
} SlowWaiter;

/* From now on; 0 ends it: what waits comes at once. 0 or a uv error. */
int slow_set(Runtime *rt, uint32_t ms);

/* Calls fn once, from the loop: at `due`, or as soon as slowness has ended. */
void slow_wait(Runtime *rt, SlowWaiter *w, uint64_t due, void (*fn)(SlowWaiter *w));
void slow_forget(SlowWaiter *w);

/* The function and its nargs arguments, which are on top, become a tick when their time has come; at once
 * when nothing is held back. Calls come in the order they were queued. [-(nargs+1)] */
void slow_tick(lua_State *L, int nargs);

/* The same, but only behind calls that wait already: for what must not overtake them. [-(nargs+1)] */
void slow_tick_behind(lua_State *L, int nargs);

#endif
