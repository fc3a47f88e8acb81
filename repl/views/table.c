/* SPDX-License-Identifier: MIT */
/* table.c - see table.h. */
#include "table.h"
#include "text.h"
#include "../edit/cells.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void table_begin(Table *t, const TableColumn *columns) {
  *t = (Table){ .columns = columns, .selected = SIZE_MAX };
  while (t->count < TABLE_COLUMNS && columns[t->count].title) t->count++;
  strbuf_init(&t->text);
}

size_t table_row(const Table *t) { return t->ncells / (size_t)t->count; }

void table_cell(Table *t, Style style, const char *fmt, ...) {
  char text[512];
  va_list ap;
  va_start(ap, fmt);
  int len = vsnprintf(text, sizeof text, fmt, ap);
  va_end(ap);
  if (t->ncells == t->space) {
    size_t space = t->space ? t->space * 2 : 256;
    TableCell *grown = realloc(t->cells, space * sizeof *grown);
    t->failed |= !grown;
    if (!grown) return;
    t->cells = grown;
    t->space = space;
  }
  if (len < 0) len = 0;
  if ((size_t)len >= sizeof text) len = sizeof text - 1;
  t->cells[t->ncells++] = (TableCell){ t->text.len, (size_t)len, style };
  strbuf_add(&t->text, text, (size_t)len);
}

/* ---- widths ---- */

typedef struct Widths {
  int width[TABLE_COLUMNS]; /* 0: left out */
  int gap;
} Widths;

static int total(const Table *t, const Widths *w) {
  int sum = 0;
  for (int i = 0; i < t->count; i++)
    if (w->width[i]) sum += w->width[i] + (sum ? w->gap : 0);
  return sum + (t->marks ? 1 : 0);
}

/* What the cells want. */
static void natural(const Table *t, Widths *w) {
  for (int i = 0; i < t->count; i++) {
    int title = (int)cells_width(t->columns[i].title, strlen(t->columns[i].title));
    w->width[i] = title > t->columns[i].least ? title : t->columns[i].least;
  }
  for (size_t i = 0; i < t->ncells; i++) {
    int *width = &w->width[i % (size_t)t->count];
    int wants = (int)cells_width(t->text.p + t->cells[i].start, t->cells[i].len);
    if (wants > *width) *width = wants;
  }
  for (int i = 0; i < t->count; i++)
    if (t->columns[i].most && w->width[i] > t->columns[i].most) w->width[i] = t->columns[i].most;
  w->gap = 2;
}

/* The column that can give the most, -1: none. */
static int widest(const Table *t, const Widths *w) {
  int best = -1, most = 0;
  for (int i = 0; i < t->count; i++) {
    int spare = w->width[i] - t->columns[i].least;
    if (w->width[i] && spare > most) most = spare, best = i;
  }
  return best;
}

/* The column that can be left out first, -1: none. */
static int weakest(const Table *t, const Widths *w) {
  int best = -1;
  for (int i = 0; i < t->count; i++)
    if (w->width[i] && t->columns[i].rank > (best < 0 ? 0 : t->columns[best].rank)) best = i;
  return best;
}

static void fit(const Table *t, int columns, Widths *w) {
  natural(t, w);
  if (total(t, w) <= columns) return;
  w->gap = 1;
  int least = 0; /* what is needed with everything cut */
  for (;;) {
    least = t->marks ? 1 : 0;
    for (int i = 0, any = 0; i < t->count; i++)
      if (w->width[i]) least += t->columns[i].least + (any++ ? 1 : 0);
    int drop = least > columns ? weakest(t, w) : -1;
    if (drop < 0) break;
    w->width[drop] = 0;
  }
  int give;
  while (total(t, w) > columns && (give = widest(t, w)) >= 0) w->width[give]--;
  while (total(t, w) > columns) { /* narrower than anything is made for: the last ones are cut */
    int last = t->count - 1;
    while (last > 0 && w->width[last] <= 1) last--;
    if (w->width[last] <= 1) break;
    w->width[last]--;
  }
}

/* ---- drawing ---- */

static void end_line(StrBuf *out, size_t start) {
  text_trim(out, start);
  strbuf_addc(out, '\n');
}

static void draw_titles(const Table *t, const ViewSize *size, const Widths *w, StrBuf *out) {
  bool any = false;
  strbuf_adds(out, view_style(size, STYLE_DIM));
  size_t start = out->len;
  if (t->marks) strbuf_addc(out, ' ');
  for (int i = 0; i < t->count; i++) {
    if (!w->width[i]) continue;
    if (any) text_pad(out, "", 0, w->gap, false);
    any = true;
    text_pad(out, t->columns[i].title, strlen(t->columns[i].title), w->width[i], t->columns[i].right);
  }
  text_trim(out, start);
  strbuf_adds(out, view_style(size, STYLE_NONE));
  strbuf_addc(out, '\n');
}

static void draw_row(const Table *t, const ViewSize *size, const Widths *w, size_t row, StrBuf *out) {
  bool any = false, chosen = row == t->selected;
  size_t start = out->len;
  if (chosen && size->colour) strbuf_adds(out, "\033[7m");
  if (t->marks) strbuf_addc(out, chosen ? '>' : ' ');
  for (int i = 0; i < t->count; i++) {
    const TableCell *cell = &t->cells[row * (size_t)t->count + (size_t)i];
    bool styled = cell->style != STYLE_NONE && !chosen && cell->len > 0;
    if (!w->width[i]) continue;
    if (any) text_pad(out, "", 0, w->gap, false);
    any = true;
    if (styled) strbuf_adds(out, view_style(size, cell->style));
    text_pad(out, t->text.p + cell->start, cell->len, w->width[i], t->columns[i].right);
    if (styled) strbuf_adds(out, view_style(size, STYLE_NONE));
  }
  if (chosen && size->colour) strbuf_adds(out, "\033[0m");
  end_line(out, start);
}

/* The first row shown, so that the selected one is among them, in the middle where that is possible. */
static size_t first_row(const Table *t, size_t count, size_t shown) {
  if (t->selected >= count || count <= shown) return 0;
  size_t first = t->selected > shown / 2 ? t->selected - shown / 2 : 0;
  return first + shown > count ? count - shown : first;
}

/* What is out of sight, in words; the keys are none of a picture of what is over. */
static void draw_hidden(const ViewSize *size, size_t above, size_t below, StrBuf *out) {
  if (size->ended) view_line(size, out, STYLE_DIM, " … and %zu more", above + below);
  else if (!above) view_line(size, out, STYLE_DIM, " … and %zu more below: Down, PgDn", below);
  else if (!below) view_line(size, out, STYLE_DIM, " … and %zu more above: Up, PgUp", above);
  else view_line(size, out, STYLE_DIM, " … and %zu more above: Up, %zu below: Down", above, below);
}

/* How many of the rows fit into the lines, with the titles, and where some do not, a line that says so. */
static size_t rows_shown(size_t count, int lines) {
  if (lines <= 0 || count + 1 <= (size_t)lines) return count;
  return lines > 2 ? (size_t)lines - 2 : (size_t)lines - 1;
}

void table_draw(Table *t, const ViewSize *size, int rows, StrBuf *out) {
  Widths w = { .gap = 1 };
  t->failed |= t->text.failed;
  if (!t->failed) {
    size_t count = table_row(t), shown = rows_shown(count, rows);
    size_t first = first_row(t, count, shown);
    fit(t, size->columns, &w);
    draw_titles(t, size, &w, out);
    for (size_t row = first; row < first + shown; row++) draw_row(t, size, &w, row, out);
    if (shown < count && rows > 2) draw_hidden(size, first, count - first - shown, out);
  }
  out->failed |= t->failed;
  free(t->cells);
  strbuf_free(&t->text);
  *t = (Table){ 0 };
}
