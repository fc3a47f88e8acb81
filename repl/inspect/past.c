/* SPDX-License-Identifier: MIT */
/* past.c - see past.h. */
#include "past.h"

#include <stdlib.h>
#include <string.h>

static void drop_first(Past *past) {
  PastLine *line = &past->lines[past->first++ % PAST_LINES];
  past->bytes -= line->len;
  free(line->text);
  line->text = NULL;
}

void past_add(Past *past, const char *text, size_t len) {
  while (past->first < past->count &&
         (past->count - past->first >= PAST_LINES || past->bytes + len > PAST_BYTES))
    drop_first(past);
  char *copy = len > PAST_BYTES ? NULL : malloc(len);
  if (!copy) return; /* the past has a gap */
  memcpy(copy, text, len);
  past->lines[past->count++ % PAST_LINES] = (PastLine){ copy, len };
  past->bytes += len;
}

const PastLine *past_line(const Past *past, uint64_t n) {
  return n >= past->first && n < past->count ? &past->lines[n % PAST_LINES] : NULL;
}

void past_free(Past *past) {
  while (past->first < past->count) drop_first(past);
}
