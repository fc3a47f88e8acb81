/* SPDX-License-Identifier: MIT */
/* past.h - the last ten minutes: lines that are kept for whoever opens the page later. */
#ifndef MOONFORK_INSPECT_PAST_H
#define MOONFORK_INSPECT_PAST_H

#include <stddef.h>
#include <stdint.h>

enum { PAST_LINES = 600, PAST_BYTES = 16 * 1024 * 1024 };

typedef struct PastLine {
  char *text; /* owns */
  size_t len;
} PastLine;

/* Line number n is lines[n % PAST_LINES], n in [first, count). */
typedef struct Past {
  PastLine lines[PAST_LINES];
  uint64_t first, count;
  size_t bytes;
} Past;

/* Keeps a copy; the oldest lines make room. */
void past_add(Past *past, const char *text, size_t len);

const PastLine *past_line(const Past *past, uint64_t n); /* NULL: not kept */
void past_free(Past *past);

#endif
