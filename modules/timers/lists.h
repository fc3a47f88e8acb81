/* SPDX-License-Identifier: MIT */
/* lists.h - timers in lists, one for each delay, and the lists in a heap by what is due first.
 *
 * Timers of one delay fall due in the order in which they were started, so a list needs no sorting, and
 * 100,000 timers of one delay cost one entry of the heap: Node's plan, with Node's order. Pure C; owns
 * the lists, borrows the links in them. */
#ifndef MOONFORK_TIMERS_LISTS_H
#define MOONFORK_TIMERS_LISTS_H

#include <stdint.h>
#include "../core/list.h"

enum { TIMER_BUCKETS = 256 };

typedef struct TimerList TimerList;
struct TimerList {
  List timers;
  uint64_t expiry;  /* ms of the loop's clock at which its first timer is due */
  uint64_t serial;  /* decides between lists of one expiry */
  uint32_t ms;      /* the delay of all its timers */
  size_t place;     /* in the heap */
  TimerList *next;  /* in the bucket of its delay */
};

typedef struct TimerLists {
  TimerList **heap;
  size_t count, room;
  uint64_t serial;
  TimerList *buckets[TIMER_BUCKETS];
} TimerLists;

/* The list of the delay, made with this expiry when there is none; NULL when memory is short. */
TimerList *timer_lists_get(TimerLists *lists, uint32_t ms, uint64_t expiry);

/* The list that is due first, NULL when there is none. */
static inline TimerList *timer_lists_first(const TimerLists *lists) {
  return lists->count ? lists->heap[0] : NULL;
}

/* The first list is due later than it was. */
void timer_lists_postpone(TimerLists *lists, TimerList *list, uint64_t expiry);

/* Frees a list without timers. */
void timer_lists_drop(TimerLists *lists, TimerList *list);

/* Frees all lists; the timers in them are forgotten. */
void timer_lists_free(TimerLists *lists);

#endif
