/* SPDX-License-Identifier: MIT */
/* above.c - the program's output above the prompt.
 *
 * Complete lines are written once and scroll away. An unfinished last line is kept
 * in `open` and rewritten with every addition, so that a child printing dots grows
 * one line; it never holds more than one screen row, what is before that has been
 * written for good. Colours left on by the output are switched off for the prompt
 * and on again for the next bytes. */
#include "editor.h"

#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "rl.h"
#include "term.h"

enum { MOST_HELD = 1 << 20, MOST_SGR = 256 };

/* Follows the colour state through bytes on their way to the terminal. */
static void track_colours(const char *text, size_t len) {
  Bytes *sgr = &ed.above.sgr;
  const char *end = text + len;
  while (text < end && (text = memchr(text, '\033', (size_t)(end - text)))) {
    size_t used = cells_escape(text, (size_t)(end - text));
    if (used == 0) return;
    if (text[1] == '[' && text[used - 1] == 'm') {
      bool zero = text[2] == '0' && (text[3] == 'm' || text[3] == ';');
      bool only_resets = used == 3 || (zero && text[3] == 'm');
      if (only_resets || zero || sgr->len > MOST_SGR) sgr->len = 0;
      if (!only_resets) bytes_add(sgr, text, used);
    }
    text += used;
  }
}

static void write_output(const char *text, size_t len) {
  bytes_add(&ed.out, ed.above.sgr.data, ed.above.sgr.len);
  bytes_add(&ed.out, text, len);
  track_colours(text, len);
}

static void write_plain_colours(void) {
  if (ed.above.sgr.len) bytes_str(&ed.out, "\033[0m");
}

/* A carriage return with more behind it begins the open line anew. */
static void fold_returns(Bytes *open) {
  size_t start = 0;
  for (size_t i = 0; i + 1 < open->len; i++)
    if (open->data[i] == '\r') start = i + 1;
  track_colours(open->data, start);
  bytes_drop(open, start);
}

/* Where the last screen row of the open line begins. */
static size_t last_row(const Bytes *open, int columns) {
  size_t start = 0;
  int column = 0;
  for (size_t i = 0; i < open->len;) {
    int width = 1;
    bool valid;
    size_t used = 1;
    unsigned char c = (unsigned char)open->data[i];
    if (c == '\033') {
      used = cells_escape(open->data + i, open->len - i);
      width = 0;
    } else if (c == '\t') {
      width = 8 - column % 8;
    } else if (c < ' ' || c == 127) {
      width = 0;
    } else {
      used = cells_char(open->data + i, open->len - i, &width, &valid);
    }
    if (used == 0) break;
    if (column + width > columns) {
      start = i;
      column = 0;
    }
    column += width;
    i += used;
  }
  return start;
}

/* ---- while the prompt is shown ---- */

static void write_complete(Bytes *open) {
  char *end = open->len ? memrchr(open->data, '\n', open->len) : NULL;
  size_t len = end ? (size_t)(end - open->data) + 1 : 0;
  if (!len) return;
  write_output(open->data, len);
  bytes_drop(open, len);
}

static bool has_columns(const char *text, size_t len) {
  return len > 0 && cells_width(text, len) > 0;
}

static void write_open(Bytes *open) {
  int columns = ed.paint.columns;
  fold_returns(open);
  size_t start = last_row(open, columns);
  if (start) {
    write_output(open->data, start);
    bytes_str(&ed.out, "\r\n");
    bytes_drop(open, start);
  }
  size_t len = open->len - cells_unfinished(open->data, open->len);
  ed.above.rows = has_columns(open->data, len); /* one that only ends a colour has no row */
  if (!ed.above.rows) return;
  bytes_add(&ed.out, ed.above.sgr.data, ed.above.sgr.len);
  bytes_add(&ed.out, open->data, len);
  bytes_str(&ed.out, memchr(open->data, '\033', len) ? "\033[0m\r\n" : "\r\n");
}

static void print_painted(const char *data, size_t len) {
  paint_resized();
  paint_erase(ed.above.rows);
  ed.above.rows = 0;
  bytes_add(&ed.above.open, data, len);
  write_complete(&ed.above.open);
  write_open(&ed.above.open);
  write_plain_colours();
  paint_now();
  editor_flush();
}

/* Without a way up only whole lines can go above the prompt; the rest waits. */
static void print_plain(const char *data, size_t len) {
  Bytes *open = &ed.above.open;
  bytes_add(open, data, len);
  if (!open->len || !memrchr(open->data, '\n', open->len)) return;
  paint_erase(0);
  write_complete(open);
  rl.forced_update_display();
  editor_flush();
}

/* ---- otherwise ---- */

/* Written as it is; only its last row is remembered, for the next prompt. */
static void print_through(const char *data, size_t len) {
  Bytes *open = &ed.above.open;
  const char *end = memrchr(data, '\n', len);
  size_t done = end ? (size_t)(end - data) + 1 : 0;
  term_write(data, len);
  if (done) {
    track_colours(open->data, open->len);
    open->len = 0;
    track_colours(data, done);
  }
  bytes_add(open, data + done, len - done);
  fold_returns(open);
  size_t start = last_row(open, ed_width());
  track_colours(open->data, start);
  bytes_drop(open, start);
}

/* A view has the screen: the newest output waits for it to end. */
static void hold(const char *data, size_t len) {
  Bytes *held = &ed.above.held;
  bytes_add(held, data, len);
  if (held->len <= MOST_HELD) return;
  const char *from = held->data + (held->len - MOST_HELD);
  const char *line = memchr(from, '\n', MOST_HELD);
  bytes_drop(held, (size_t)((line ? line + 1 : from) - held->data));
}

void ed_print_above(const char *data, size_t len) {
  if (!ed.open || !len) return;
  if (ed.view) hold(data, len);
  else if (!ed.shown) print_through(data, len);
  else if (ed.plain) print_plain(data, len);
  else print_painted(data, len);
}

void ed_fresh_line(void) {
  if (!ed.open || ed.shown) return;
  ed.above.open.len = 0; /* written already */
  if (ed.plain) return;
  /* Fills the rest of the row; from column 0 that ends on the same row, else on the next. */
  bytes_fill(&ed.out, ' ', (size_t)ed_width() - 1);
  bytes_str(&ed.out, " \r\033[K");
  editor_flush();
}

void above_started(void) {
  Bytes *open = &ed.above.open;
  if (has_columns(open->data, open->len)) {
    bytes_str(&ed.out, "\r\n");
    if (ed.plain) open->len = 0;
    else ed.above.rows = 1;
  }
  if (!ed.plain && open->len && memchr(open->data, '\033', open->len)) bytes_str(&ed.out, "\033[0m");
  if (!ed.plain) write_plain_colours();
}

void above_committed(void) {
  Bytes *open = &ed.above.open;
  if (ed.plain && open->len) {
    write_complete(open);
    write_output(open->data, open->len);
    bytes_str(&ed.out, "\r\n");
  }
  track_colours(open->data, open->len);
  open->len = 0;
  ed.above.rows = 0;
}

void above_free(void) {
  bytes_free(&ed.above.open);
  bytes_free(&ed.above.sgr);
  bytes_free(&ed.above.held);
}
