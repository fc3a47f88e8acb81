/* SPDX-License-Identifier: MIT */
/* text.h - numbers, times and names as the views write them. Any thread. */
#ifndef MOONFORK_VIEW_TEXT_H
#define MOONFORK_VIEW_TEXT_H

#include "view.h"

typedef struct Text { char s[48]; } Text; /* by value: used inside the expression that makes it */

Text text_bytes(uint64_t n);               /* "512B" "6.1M" */
Text text_age(uint64_t ns);                /* "02:11" "1:02:11" "3d04h" */
Text text_ms(double ms);                   /* "0.3 ms" "812 ms" "12.4 s" */
Text text_clock(const Model *m, uint64_t t); /* "12:04:15" */
Text text_clock_ms(const Model *m, uint64_t t); /* "12:04:15.123" */
Text text_ending(const LiveProc *p);          /* "code 0" "SIGKILL", "gone" when it is not known */
Text text_name(const LiveProc *p);         /* "B worker#1" */
Text text_who(const LiveProc *p);          /* "B"; the pid of one that has no letter (no ring) */
Text text_thread(const LiveThread *t);     /* "B w1": the letter alone for the main thread */

/* What stands behind the last slash. */
const char *text_base(const char *path);

/* "compute.lua:12 (function 'computation')", "inside spawnSync" or ""; without folders. */
void text_place(const LivePlace *place, char *out, size_t size);

/* Appends the text with control bytes and what is no UTF-8 replaced, at most `columns` wide; a cut text
 * ends with an ellipsis. Returns the columns it took. */
int text_fit(StrBuf *out, const char *text, size_t len, int columns);

/* The same, filled up with blanks. */
void text_pad(StrBuf *out, const char *text, size_t len, int columns, bool right);

/* Takes away the blanks at the end, back to `start` at most. */
void text_trim(StrBuf *out, size_t start);

/* Appends a curve of `columns` cells, the newest at the right; level: 0 (lowest) to 7, -1 a blank. */
void text_spark(StrBuf *out, const int *levels, int columns);

/* Levels of the loop's lag: a fixed scale, so that rows can be compared. */
int text_lag_level(double ms);

/* The text number `which` (0 or 1) of a record; "" when it has none. */
const char *text_of_record(const TraceRecord *r, int which, char out[TRACE_TEXT + 1]);

#endif
