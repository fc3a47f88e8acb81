/* SPDX-License-Identifier: MIT */
/* paint.c - the painter: lays the prompt and the line out and repaints them whole.
 *
 * Readline's own display cannot colour, survive a resize or show a block taller
 * than the screen, so it only reports that a repaint is due. Every row is ended by
 * us, never by the terminal's wrapping, so the painter knows where each row is: it
 * goes up to the first one, writes all, clears what is left of the last paint. */
#include "editor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "highlight.h"
#include "rl.h"
#include "term.h"

/* Basic colours only, readable on dark and light; nothing is told by colour alone. */
static const char *const sgr[HL_COUNT] = {
  [HL_KEYWORD] = "35", [HL_STRING] = "32", [HL_NUMBER] = "36", [HL_COMMENT] = "90",
  [HL_COMMAND] = "34", [HL_UNKNOWN] = "4", [HL_MATCH] = "7",
};

enum { MARGIN_ROOM = 4, TAB_COLUMNS = 2 };

typedef struct Pen { /* where the layout is */
  Painter *p;
  int column;
  uint8_t attr;
  int cursor_row, cursor_column; /* the line's point, once passed */
} Pen;

/* ---- layout ---- */

static void pen_attr(Pen *pen, uint8_t attr) {
  if (attr == pen->attr) return;
  if (ed.colour) {
    bytes_str(&pen->p->body, "\033[0");
    if (attr != HL_PLAIN) bytes_format(&pen->p->body, ";%s", sgr[attr]);
    bytes_char(&pen->p->body, 'm');
  }
  pen->attr = attr;
}

static void pen_row(Pen *pen) {
  Painter *p = pen->p;
  if (p->row_count > 0) {
    pen_attr(pen, HL_PLAIN);
    p->row[p->row_count - 1].width = pen->column;
  }
  if (p->row_count == p->row_space) {
    p->row_space = p->row_space ? p->row_space * 2 : 64;
    p->row = realloc(p->row, (size_t)p->row_space * sizeof *p->row);
    if (!p->row) abort();
  }
  p->row[p->row_count++] = (Row){ p->body.len, 0 };
  pen->column = 0;
}

static void pen_fit(Pen *pen, int width) {
  if (pen->column + width > pen->p->columns) pen_row(pen);
}

static void pen_cursor(Pen *pen) {
  int last = pen->p->columns - 1;
  pen->cursor_row = pen->p->row_count - 1;
  pen->cursor_column = pen->column < last ? pen->column : last;
}

/* One character of the line as it is shown: its bytes used, its text and columns. */
typedef struct Glyph {
  size_t used;
  const char *text;
  size_t len;
  int width;
  char control[2];
} Glyph;

static void glyph_at(Glyph *g, const char *text, size_t len) {
  unsigned char c = (unsigned char)text[0];
  bool valid = true;
  g->text = text;
  if (c >= ' ' && c < 127) {
    g->used = g->len = 1;
    g->width = 1;
  } else if (c == '\t') {
    g->used = 1;
    g->text = "  ";
    g->len = TAB_COLUMNS;
    g->width = TAB_COLUMNS;
  } else if (c < ' ' || c == 127) {
    g->used = 1;
    g->control[0] = '^';
    g->control[1] = (char)(c == 127 ? '?' : c + '@');
    g->text = g->control;
    g->len = 2;
    g->width = 2;
  } else {
    g->used = g->len = cells_char(text, len, &g->width, &valid);
    if (!valid) {
      g->text = "?";
      g->len = 1;
    }
  }
}

static void pen_glyph(Pen *pen, const Glyph *g) {
  bytes_add(&pen->p->body, g->text, g->len);
  pen->column += g->width;
}

/* Text between \001 and \002 goes to the terminal without taking columns. */
static void pen_prompt(Pen *pen, const char *prompt) {
  size_t len = strlen(prompt);
  bool hidden = false;
  for (size_t i = 0; i < len;) {
    if (prompt[i] == '\001' || prompt[i] == '\002') {
      hidden = prompt[i++] == '\001';
      continue;
    }
    if (hidden) {
      bytes_char(&pen->p->body, prompt[i++]);
      continue;
    }
    Glyph g;
    glyph_at(&g, prompt + i, len - i);
    pen_fit(pen, g.width);
    pen_glyph(pen, &g);
    i += g.used;
  }
}

/* What the search and the numeric argument put in the prompt's place comes first. */
static const char *current_prompt(void) {
  return *rl.display_prompt == *rl.prompt ? bytes_cstr(&ed.prompt) : *rl.display_prompt;
}

static int prompt_width(const char *prompt) {
  int columns = 0;
  for (bool hidden = false; *prompt;) {
    Glyph g = { .used = 1 };
    if (*prompt == '\001' || *prompt == '\002') hidden = *prompt == '\001';
    else if (!hidden) glyph_at(&g, prompt, strlen(prompt));
    columns += g.width;
    prompt += g.used;
  }
  return columns;
}

/* Columns before the second and later lines of a block: spaces, so that a copied block
 * can be pasted back; few, because the search's prompt is long. */
static int margin_width(const Painter *p) {
  int width = prompt_width(bytes_cstr(&ed.prompt));
  if (width > PAINT_MARGIN) width = PAINT_MARGIN;
  return width < p->columns - MARGIN_ROOM ? width : 0;
}

static void pen_line(Pen *pen, const char *text, size_t len, size_t point) {
  int margin = margin_width(pen->p);
  for (size_t i = 0; i < len;) {
    if (text[i] == '\n') {
      if (i == point) pen_cursor(pen);
      pen_row(pen);
      bytes_fill(&pen->p->body, ' ', (size_t)margin);
      pen->column = margin;
      i++;
      continue;
    }
    Glyph g;
    glyph_at(&g, text + i, len - i);
    pen_fit(pen, g.width);
    if (i == point) pen_cursor(pen);
    pen_attr(pen, pen->p->attr[i]);
    pen_glyph(pen, &g);
    i += g.used;
  }
  pen_attr(pen, HL_PLAIN);
  if (pen->column >= pen->p->columns) pen_row(pen);
  if (point >= len) pen_cursor(pen);
}

/* What taking the suggestion would insert, dim, up to the end of the row. */
static void pen_ghost(Pen *pen, const char *ghost) {
  size_t len = strlen(ghost);
  int start = pen->column;
  for (size_t i = 0; i < len;) {
    Glyph g;
    glyph_at(&g, ghost + i, len - i);
    if (ghost[i] == '\n' || pen->column + g.width >= pen->p->columns) break;
    if (pen->column == start) bytes_str(&pen->p->body, "\033[90m");
    pen_glyph(pen, &g);
    i += g.used;
  }
  if (pen->column > start) bytes_str(&pen->p->body, "\033[0m");
}

static bool preview_allowed(void) {
  return ed.colour && keys_editing() && ed.hooks.preview;
}

/* A dim row under the text, cut at the end of the row; none when the screen is too low for it. */
static void pen_preview(Pen *pen, const char *text, size_t len) {
  char out[512];
  Painter *p = pen->p;
  if (p->row_count + ed.above.rows >= p->rows) return;
  if (!ed.hooks.preview(ed.hooks.ctx, text, len, out, sizeof out)) return;
  pen_row(pen);
  bytes_str(&p->body, "\033[90m");
  size_t size = strlen(out);
  for (size_t i = 0; i < size;) {
    Glyph g;
    glyph_at(&g, out + i, size - i);
    if (pen->column + g.width >= p->columns) break;
    pen_glyph(pen, &g);
    i += g.used;
  }
  bytes_str(&p->body, "\033[0m");
}

static void fill_attributes(Painter *p, const char *text, size_t len, size_t point) {
  if (p->attr_space < len + 1) {
    size_t space = (len + 1) * 2;
    p->attr = realloc(p->attr, space);
    if (!p->attr) abort();
    p->attr_space = space;
  }
  memset(p->attr, HL_PLAIN, len + 1);
  if (ed.colour && ed.hooks.highlight) ed.hooks.highlight(ed.hooks.ctx, text, len, point, p->attr);
}

static bool ghost_allowed(void) {
  return ed.colour && keys_editing() && (!ed.hooks.ghost || ed.hooks.ghost(ed.hooks.ctx));
}

/* `last`: as the line stays on the screen, without suggestion and bracket marks. */
static Pen lay_out(Painter *p, bool last) {
  const char *text = *rl.line_buffer;
  size_t len = (size_t)*rl.end, point = (size_t)*rl.point;
  Pen pen = { .p = p, .attr = HL_PLAIN };
  p->body.len = 0;
  p->row_count = 0;
  fill_attributes(p, text, len, last ? SIZE_MAX : point);
  pen_row(&pen);
  pen_prompt(&pen, current_prompt());
  pen_line(&pen, text, len, point);
  if (!last && point == len && ghost_allowed()) {
    const char *ghost = history_ghost();
    if (ghost) pen_ghost(&pen, ghost);
  }
  if (!last && len > 0 && preview_allowed()) pen_preview(&pen, text, len);
  p->row[p->row_count - 1].width = pen.column;
  return pen;
}

/* ---- painting ---- */

/* The part of a tall block that is shown moves only when the cursor would leave it. */
static void choose_window(Painter *p, int cursor_row) {
  int room = p->rows - ed.above.rows;
  if (room < 1) room = 1;
  p->shown = p->row_count < room ? p->row_count : room;
  if (p->top > p->row_count - p->shown) p->top = p->row_count - p->shown;
  if (cursor_row < p->top) p->top = cursor_row;
  if (cursor_row >= p->top + p->shown) p->top = cursor_row - p->shown + 1;
}

static void write_up(int rows) {
  if (rows > 0) bytes_format(&ed.out, "\033[%dA", rows);
}

/* A full row leaves the terminal's cursor on its last cell: clearing there would eat it. */
static void write_rows(const Painter *p) {
  for (int k = p->top; k < p->top + p->shown; k++) {
    size_t start = p->row[k].start;
    size_t end = k + 1 < p->row_count ? p->row[k + 1].start : p->body.len;
    if (k > p->top) bytes_str(&ed.out, "\r\n");
    bytes_add(&ed.out, p->body.data + start, end - start);
    if (p->row[k].width < p->columns) bytes_str(&ed.out, "\033[K");
  }
  if (p->row[p->top + p->shown - 1].width < p->columns) bytes_str(&ed.out, "\033[J");
}

static void paint(bool last) {
  Painter *p = &ed.paint;
  paint_resized();
  int above = p->cursor_row;
  Pen pen = lay_out(p, last);
  choose_window(p, pen.cursor_row);
  bytes_str(&ed.out, "\033[?25l");
  write_up(above);
  bytes_char(&ed.out, '\r');
  write_rows(p);
  p->cursor_row = pen.cursor_row - p->top;
  p->cursor_column = pen.cursor_column;
  write_up(p->shown - 1 - p->cursor_row);
  bytes_char(&ed.out, '\r');
  if (p->cursor_column > 0) bytes_format(&ed.out, "\033[%dC", p->cursor_column);
  bytes_str(&ed.out, "\033[?25h");
  term_below(p->shown - 1 - p->cursor_row);
}

void paint_later(void) {
  ed.paint.due = true;
}

void paint_now(void) {
  ed.paint.due = false;
  if (!ed_shown()) return;
  if (ed.plain) rl.redisplay();
  else paint(false);
}

void paint_again(void) {
  paint_forget();
  if (ed.plain) rl.forced_update_display();
  else paint(false);
}

void paint_last(const char *mark) {
  *rl.point = *rl.end;
  if (!ed.plain) paint(true);
  bytes_format(&ed.out, "%s\r\n", mark);
  paint_forget();
}

void paint_forget(void) {
  Painter *p = &ed.paint;
  p->due = false;
  p->cursor_row = p->cursor_column = p->shown = p->top = 0;
  term_size(&p->rows, &p->columns);
  rl.set_screen_size(p->rows, p->columns);
  term_below(0);
}

/* Rows a row of this width takes after the terminal has wrapped it anew. */
static int wrapped_rows(int width, int columns) {
  return width <= columns ? 1 : (width + columns - 1) / columns;
}

void paint_resized(void) {
  Painter *p = &ed.paint;
  int rows, columns;
  term_size(&rows, &columns);
  if (rows == p->rows && columns == p->columns) return;
  if (columns != p->columns && p->shown && p->reflows) {
    int cursor_row = p->cursor_column / columns;
    for (int k = p->top; k < p->top + p->cursor_row; k++)
      cursor_row += wrapped_rows(p->row[k].width, columns);
    p->cursor_row = cursor_row;
    if (ed.above.rows)
      ed.above.rows =
          wrapped_rows((int)cells_width(ed.above.open.data, ed.above.open.len), columns);
  }
  p->rows = rows;
  p->columns = columns;
  rl.set_screen_size(rows, columns);
}

void paint_erase(int rows_above) {
  Painter *p = &ed.paint;
  if (ed.plain) { /* one row, and no way up */
    bytes_char(&ed.out, '\r');
    bytes_fill(&ed.out, ' ', (size_t)p->columns - 1);
    bytes_char(&ed.out, '\r');
    return;
  }
  write_up(p->cursor_row + rows_above);
  bytes_str(&ed.out, "\r\033[J");
  p->cursor_row = p->shown = 0;
}

int ed_width(void) {
  int rows, columns;
  term_size(&rows, &columns);
  return columns;
}
