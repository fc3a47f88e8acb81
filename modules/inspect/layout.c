/* SPDX-License-Identifier: MIT */
/* layout.c - one line or several: where Node breaks lines, we do.
 *
 * Up to `compact` innermost levels share a line when it stays within breakLength; arrays of more than
 * six elements stand in columns; everything else is one entry a line. */
#include "inspector.h"
#include "width.h"

#include <math.h>
#include <string.h>

enum { SEPARATOR = 2, MIN_GROUPED = 6, MAX_COLUMNS = 15 };

static Entry *entry_at(Inspector *in, size_t mark, size_t i) {
  return (Entry *)(void *)(in->work->entries.p + mark) + i;
}

void layout_begin_entry(Inspector *in) {
  Entry entry = { .start = in->out->len };
  strbuf_add(&in->work->entries, &entry, sizeof entry);
}

/* The entry is the newest one: those of tables inside it are gone. */
void layout_end_entry(Inspector *in) {
  StrBuf *entries = &in->work->entries;
  if (entries->failed || in->out->failed) return;
  Entry *entry = (Entry *)(void *)(entries->p + entries->len) - 1;
  const char *text = in->out->p + entry->start;
  entry->end = in->out->len;
  entry->width = text_width(text, entry->end - entry->start);
  entry->lines = memchr(text, '\n', entry->end - entry->start) != NULL;
}

/* ---- columns ---- */

typedef struct Columns {
  size_t count; /* 0: no columns */
  size_t width[MAX_COLUMNS + 1];
} Columns;

static size_t smaller(size_t a, size_t b) {
  return a < b ? a : b;
}

/* How many columns make about a square, a character being 2.5 times as high as wide; dense entries of
 * very different widths get none. `shown` leaves out the last entry when that is "... n more". */
static size_t count_columns(const Inspector *in, const Entry *e, size_t shown, size_t count) {
  size_t total = 0, longest = 0;
  for (size_t i = 0; i < shown; i++) {
    total += e[i].width + SEPARATOR;
    if (e[i].width > longest) longest = e[i].width;
  }
  size_t widest = longest + SEPARATOR, line = (size_t)in->opt->break_length;
  if (widest * 3 + (size_t)in->indent >= line) return 0;
  if ((double)total / (double)widest <= 5 && longest > MIN_GROUPED) return 0;
  double bias = sqrt((double)widest - (double)total / (double)count);
  double biased = fmax((double)widest - 3 - bias, 1);
  size_t square = (size_t)floor(sqrt(2.5 * biased * (double)shown) / biased + 0.5);
  size_t fit = (line - (size_t)in->indent) / widest;
  size_t allowed = in->opt->compact > MAX_COLUMNS ? MAX_COLUMNS : (size_t)in->opt->compact * 4;
  return smaller(smaller(square, fit), smaller(allowed, MAX_COLUMNS));
}

static Columns find_columns(Inspector *in, const Block *block, size_t count) {
  Columns columns = { 0 };
  const Entry *e = entry_at(in, block->first_entry, 0);
  if (!block->array || count <= MIN_GROUPED || in->opt->compact < 1) return columns;
  size_t shown = count - block->more;
  size_t n = count_columns(in, e, shown, count);
  if (n <= 1) return columns;
  columns.count = n;
  for (size_t i = 0; i < shown; i++) {
    size_t *width = &columns.width[i % n];
    if (e[i].width + SEPARATOR > *width) *width = e[i].width + SEPARATOR;
  }
  return columns;
}

static void add_spaces(StrBuf *out, size_t n) {
  static const char spaces[] = "                                ";
  for (; n > sizeof spaces - 1; n -= sizeof spaces - 1) strbuf_add(out, spaces, sizeof spaces - 1);
  strbuf_add(out, spaces, n);
}

static void add_break(Inspector *in, int more) {
  strbuf_addc(in->out, '\n');
  add_spaces(in->out, (size_t)(in->indent + more));
}

/* from: the copy of everything since base. */
static void add_entry(Inspector *in, const char *from, const Block *block, const Entry *e) {
  strbuf_add(in->out, from + (e->start - block->base), e->end - e->start);
}

static void add_columns(Inspector *in, const char *from, const Block *block, const Entry *e,
                        size_t count, const Columns *columns) {
  size_t shown = count - block->more;
  for (size_t i = 0; i < shown; i++) {
    size_t at = i % columns->count;
    bool last = at == columns->count - 1 || i == shown - 1;
    size_t pad = columns->width[at] - SEPARATOR - e[i].width;
    if (at == 0) add_break(in, 2);
    if (block->numbers) add_spaces(in->out, pad);
    add_entry(in, from, block, &e[i]);
    if (i < count - 1) strbuf_addc(in->out, ',');
    if (!last) add_spaces(in->out, block->numbers ? 1 : pad + 1);
  }
  if (block->more) {
    add_break(in, 2);
    add_entry(in, from, block, &e[shown]);
  }
}

/* ---- one line? ---- */

static bool fits_line(const Inspector *in, const Block *block, const Entry *e, size_t count,
                      const char *base, size_t base_len) {
  if (in->opt->compact < 1 || in->current_depth - block->level >= in->opt->compact) return false;
  size_t start = count + (size_t)in->indent + 1 + text_width(base, base_len) + 10;
  size_t total = count + start, line = (size_t)in->opt->break_length;
  if (total + count > line) return false;
  for (size_t i = 0; i < count; i++) {
    total += e[i].width;
    if (total > line || e[i].lines) return false;
  }
  return base_len == 0 || !memchr(base, '\n', base_len);
}

/* The base anew, with the mark of a cycle before it. */
static size_t add_base(Inspector *in, const char *from, const Block *block) {
  size_t start = in->out->len, len = block->base_end - block->base;
  if (block->cycle) {
    style_on(in, STYLE_SPECIAL);
    strbuf_addf(in->out, "<ref %d>", block->cycle);
    style_off(in, STYLE_SPECIAL);
    if (len > 0) strbuf_addc(in->out, ' ');
  }
  strbuf_add(in->out, from, len);
  return in->out->len - start;
}

static void add_entries(Inspector *in, const char *from, const Block *block, const Entry *e,
                        size_t count, bool line) {
  for (size_t i = 0; i < count; i++) {
    if (i > 0) strbuf_addc(in->out, ',');
    if (line) strbuf_addc(in->out, ' ');
    else add_break(in, 2);
    add_entry(in, from, block, &e[i]);
  }
}

void layout_finish(Inspector *in, const Block *block) {
  StrBuf *scratch = &in->work->scratch, *entries = &in->work->entries;
  strbuf_clear(scratch);
  strbuf_reserve(scratch, 1); /* never NULL */
  if (!in->out->failed && in->out->p)
    strbuf_add(scratch, in->out->p + block->base, in->out->len - block->base);
  if (scratch->failed || entries->failed || in->out->failed) {
    in->out->failed = true;
    return;
  }
  const char *from = scratch->p;
  size_t count = (entries->len - block->first_entry) / sizeof(Entry);
  const Entry *e = entry_at(in, block->first_entry, 0);
  in->out->len = block->base;
  size_t base_len = add_base(in, from, block);
  if (base_len > 0) strbuf_addc(in->out, ' ');
  if (count == 0) {
    strbuf_adds(in->out, "{}");
    return;
  }
  Columns columns = find_columns(in, block, count);
  bool line =
      columns.count == 0 && fits_line(in, block, e, count, in->out->p + block->base, base_len);
  strbuf_addc(in->out, '{');
  if (columns.count) add_columns(in, from, block, e, count, &columns);
  else add_entries(in, from, block, e, count, line);
  if (line) strbuf_addc(in->out, ' ');
  else add_break(in, 0);
  strbuf_addc(in->out, '}');
  entries->len = block->first_entry;
}
