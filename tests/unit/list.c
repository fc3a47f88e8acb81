/* SPDX-License-Identifier: MIT */
/* list.c - the intrusive list. */
#include "core/list.h"
#include "tap.h"

typedef struct Item {
  int n;
  List link;
} Item;

/* The numbers in the list, forwards; NULL when the way back differs. */
static const char *numbers(List *head) {
  static char text[64];
  size_t len = 0, count = 0;
  text[0] = '\0';
  for (List *at = head->next; at != head; at = at->next, count++) {
    if (at->next->prev != at) return NULL;
    len += (size_t)snprintf(text + len, sizeof text - len, "%d ", list_entry(at, Item, link)->n);
  }
  for (List *at = head->prev; at != head; at = at->prev) count--;
  return count ? NULL : text;
}

int main(void) {
  List head, other;
  Item items[5];
  list_init(&head);
  list_init(&other);
  for (int i = 0; i < 5; i++) {
    items[i].n = i;
    list_init(&items[i].link);
  }

  ok(list_empty(&head) && !list_pop(&head), "a new list is empty");
  list_remove(&items[0].link);
  ok(list_empty(&items[0].link), "removing an item of no list is harmless");
  for (int i = 0; i < 5; i++) list_append(&head, &items[i].link);
  is_text(numbers(&head), "0 1 2 3 4 ", "appended in order");
  ok(!list_empty(&head) && !list_empty(&items[2].link), "neither head nor item is empty");

  list_remove(&items[2].link);
  list_remove(&items[2].link);
  is_text(numbers(&head), "0 1 3 4 ", "removed from the middle, twice");
  ok(items[2].link.next == &items[2].link, "a removed item points to itself");
  ok(list_entry(list_pop(&head), Item, link)->n == 0, "pop takes the first");
  is_text(numbers(&head), "1 3 4 ", "and leaves the others");

  list_splice(&other, &head);
  is_text(numbers(&head), "1 3 4 ", "an empty list spliced changes nothing");
  list_append(&other, &items[2].link);
  list_splice(&head, &other);
  is_text(numbers(&other), "2 1 3 4 ", "spliced behind");
  ok(list_empty(&head), "the source is empty");
  list_splice(&other, &head);
  is_text(numbers(&head), "2 1 3 4 ", "spliced into an empty list");
  while (list_pop(&head)) {}
  ok(list_empty(&head), "popped to the end");
  return tap_end();
}
