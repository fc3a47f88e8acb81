/* SPDX-License-Identifier: MIT */
/* menu.c - Tab: inserts what all candidates have in common, lists them at once.
 *
 * The candidates come from the `complete` hook in the order they are shown. */
#include "editor.h"

#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "rl.h"

enum { GAP = 2, MOST_LINES = 12, STEP = 2 };

struct EdList {
  Bytes text;    /* the candidates one after the other */
  size_t *start; /* owned; count + 1 places in `text` */
  size_t count, space;
};

void ed_candidate(EdList *list, const char *text, size_t len) {
  if (list->count + 2 > list->space) {
    list->space = list->space ? list->space * 2 : 64;
    list->start = realloc(list->start, list->space * sizeof *list->start);
    if (!list->start) abort();
  }
  list->start[list->count++] = list->text.len;
  bytes_add(&list->text, text, len);
  list->start[list->count] = list->text.len;
}

static const char *candidate(const EdList *list, size_t i, size_t *len) {
  *len = list->start[i + 1] - list->start[i];
  return list->text.data + list->start[i];
}

static size_t common_length(const EdList *list) {
  size_t common;
  const char *first = candidate(list, 0, &common);
  for (size_t i = 1; i < list->count; i++) {
    size_t len, same = 0;
    const char *text = candidate(list, i, &len);
    while (same < common && same < len && text[same] == first[same]) same++;
    common = same;
  }
  return common - cells_unfinished(first, common); /* no half character */
}

static void replace_word(int start, const char *text, size_t len) {
  Bytes word = { 0 };
  bytes_add(&word, text, len);
  rl.begin_undo_group();
  rl.delete_text(start, *rl.point);
  *rl.point = start;
  rl.insert_text(bytes_cstr(&word));
  rl.end_undo_group();
  bytes_free(&word);
}

/* ---- the list ---- */

static size_t widest(const EdList *list) {
  size_t most = 0;
  for (size_t i = 0; i < list->count; i++) {
    size_t len, width;
    const char *text = candidate(list, i, &len);
    width = cells_width(text, len);
    if (width > most) most = width;
  }
  return most;
}

static void put_candidate(Bytes *out, const EdList *list, size_t i, size_t column) {
  size_t len, width;
  const char *text = candidate(list, i, &len);
  width = cells_width(text, len);
  bytes_add(out, text, len);
  if (width < column) bytes_fill(out, ' ', column - width);
}

/* In columns, read downwards; a list of too many lines is cut and says so. */
static void show_list(const EdList *list) {
  Bytes out = { 0 };
  size_t screen = (size_t)ed_width(), column = widest(list) + GAP;
  size_t across = (screen + GAP) / column;
  if (across == 0) across = 1;
  size_t half = (size_t)ed.paint.rows / 2, most = half < MOST_LINES ? half : MOST_LINES;
  if (most == 0) most = 1;
  size_t shown = list->count < most * across ? list->count : most * across;
  size_t lines = (shown + across - 1) / across;
  for (size_t line = 0; line < lines; line++) {
    for (size_t i = line; i < shown; i += lines)
      put_candidate(&out, list, i, i + lines < shown ? column : 0);
    bytes_char(&out, '\n');
  }
  if (shown < list->count) bytes_format(&out, "... %zu more\n", list->count - shown);
  ed_print_above(out.data, out.len);
  bytes_free(&out);
}

/* ---- the key ---- */

static bool only_blanks_before(void) {
  int at = *rl.point;
  while (at > 0 && (*rl.line_buffer)[at - 1] == ' ') at--;
  return at > 0 ? (*rl.line_buffer)[at - 1] == '\n' : *rl.end > 0;
}

static void complete(EdList *list) {
  size_t point = (size_t)*rl.point, len;
  size_t start = ed.hooks.complete(ed.hooks.ctx, *rl.line_buffer, (size_t)*rl.end, point, list);
  if (!list->count) return;
  if (start > point) start = point;
  size_t common = common_length(list);
  const char *first = candidate(list, 0, &len);
  if (common >= point - start) replace_word((int)start, first, common);
  if (list->count > 1) show_list(list);
}

int menu_key(int count, int key) {
  (void)count;
  (void)key;
  if (only_blanks_before()) {
    rl.insert_text("  ");
    return 0;
  }
  if (!ed.hooks.complete) return 0;
  EdList list = { 0 };
  complete(&list);
  bytes_free(&list.text);
  free(list.start);
  return 0;
}
