/* SPDX-License-Identifier: MIT */
/* list.h - an intrusive, circular, doubly linked list.
 *
 * A List is embedded in the struct it links and owns nothing. A head and an item
 * outside any list point to themselves, so removing twice is harmless; an item
 * must be initialised before its first list_remove. No locking. */
#ifndef MOONFORK_LIST_H
#define MOONFORK_LIST_H

#include <stdbool.h>
#include <stddef.h>

typedef struct List {
  struct List *next, *prev;
} List;

/* The struct of `type` whose `member` is the List at `ptr`. */
#define list_entry(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))

static inline void list_init(List *list) {
  list->next = list->prev = list;
}

/* Of a head: nothing in it. Of an item: in no list. */
static inline bool list_empty(const List *list) {
  return list->next == list;
}

/* The item must be in no list. */
static inline void list_append(List *head, List *item) {
  item->prev = head->prev;
  item->next = head;
  head->prev->next = item;
  head->prev = item;
}

static inline void list_remove(List *item) {
  item->prev->next = item->next;
  item->next->prev = item->prev;
  list_init(item);
}

/* Takes the first item out; NULL when empty. */
static inline List *list_pop(List *head) {
  List *item = head->next;
  if (item == head) return NULL;
  list_remove(item);
  return item;
}

/* Moves all items of `from` behind those of `to`, in order; `from` ends empty. */
static inline void list_splice(List *from, List *to) {
  if (list_empty(from)) return;
  from->next->prev = to->prev;
  to->prev->next = from->next;
  from->prev->next = to;
  to->prev = from->prev;
  list_init(from);
}

#endif
