/* SPDX-License-Identifier: MIT */
/* lists.c - see lists.h. */
#include "lists.h"

#include <stdlib.h>
#include <string.h>

static bool due_before(const TimerList *a, const TimerList *b) {
  return a->expiry != b->expiry ? a->expiry < b->expiry : a->serial < b->serial;
}

static void put(TimerLists *lists, size_t place, TimerList *list) {
  lists->heap[place] = list;
  list->place = place;
}

static void sift_up(TimerLists *lists, TimerList *list) {
  size_t at = list->place;
  while (at > 0 && due_before(list, lists->heap[(at - 1) / 2])) {
    put(lists, at, lists->heap[(at - 1) / 2]);
    at = (at - 1) / 2;
  }
  put(lists, at, list);
}

static void sift_down(TimerLists *lists, TimerList *list) {
  size_t at = list->place, child;
  while ((child = 2 * at + 1) < lists->count) {
    if (child + 1 < lists->count && due_before(lists->heap[child + 1], lists->heap[child])) child++;
    if (!due_before(lists->heap[child], list)) break;
    put(lists, at, lists->heap[child]);
    at = child;
  }
  put(lists, at, list);
}

static bool make_room(TimerLists *lists) {
  if (lists->count < lists->room) return true;
  size_t room = lists->room ? lists->room * 2 : 16;
  TimerList **heap = realloc(lists->heap, room * sizeof *heap);
  if (!heap) return false;
  lists->heap = heap;
  lists->room = room;
  return true;
}

TimerList *timer_lists_get(TimerLists *lists, uint32_t ms, uint64_t expiry) {
  TimerList **bucket = &lists->buckets[ms % TIMER_BUCKETS], *list = *bucket;
  while (list && list->ms != ms) list = list->next;
  if (list) return list;
  list = calloc(1, sizeof *list);
  if (!list || !make_room(lists)) {
    free(list);
    return NULL;
  }
  list_init(&list->timers);
  list->ms = ms;
  list->expiry = expiry;
  list->serial = lists->serial++;
  list->next = *bucket;
  *bucket = list;
  list->place = lists->count++;
  sift_up(lists, list);
  return list;
}

void timer_lists_postpone(TimerLists *lists, TimerList *list, uint64_t expiry) {
  list->expiry = expiry;
  list->serial = lists->serial++;
  sift_down(lists, list);
}

void timer_lists_drop(TimerLists *lists, TimerList *list) {
  TimerList **at = &lists->buckets[list->ms % TIMER_BUCKETS];
  while (*at != list) at = &(*at)->next;
  *at = list->next;
  TimerList *last = lists->heap[--lists->count];
  if (last != list) {
    put(lists, list->place, last);
    sift_up(lists, last);
    sift_down(lists, last);
  }
  free(list);
}

void timer_lists_free(TimerLists *lists) {
  for (size_t i = 0; i < lists->count; i++) free(lists->heap[i]);
  free(lists->heap);
  memset(lists, 0, sizeof *lists);
}
