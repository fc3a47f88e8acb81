/* SPDX-License-Identifier: MIT */
/* view_cells.c - .cells: the first cells of each SharedArrayBuffer; what has changed since the last look is
 * marked. */
#include "text.h"

#include <string.h>

enum { INDEX = 5, CELL = 12 };

static void add_row(const SharedBlock *b, int from, int to, const ViewSize *size, StrBuf *out) {
  strbuf_addf(out, "%s%*d%s", view_style(size, STYLE_DIM), INDEX, from, view_style(size, STYLE_NONE));
  for (int i = from; i < to; i++) {
    strbuf_addf(out, "%s%*d%s", b->changed[i] ? view_style(size, STYLE_YELLOW) : "", CELL - 1, (int)b->cell[i],
                b->changed[i] ? "*" : " ");
    if (b->changed[i]) strbuf_adds(out, view_style(size, STYLE_NONE));
  }
  text_trim(out, 0);
  strbuf_addc(out, '\n');
}

/* One that is smaller than a cell. */
static void add_bytes(const SharedBlock *b, const ViewSize *size, StrBuf *out) {
  unsigned char byte[sizeof *b->cell];
  memcpy(byte, b->cell, sizeof byte);
  view_line(size, out, STYLE_BOLD, "SharedArrayBuffer %lld of %s, bytes 0 to %lld", (long long)b->id,
            b->proc ? text_name(b->proc).s : "?", (long long)b->bytes - 1);
  strbuf_addf(out, "%s%*d%s", view_style(size, STYLE_DIM), INDEX, 0, view_style(size, STYLE_NONE));
  for (int64_t i = 0; i < b->bytes; i++) strbuf_addf(out, "%*d", i ? 5 : CELL - 1, byte[i]);
  strbuf_addc(out, '\n');
}

static void add_block(const SharedBlock *b, const ViewSize *size, StrBuf *out) {
  int cells = (int)(b->bytes / 4 < SHARED_CELLS ? b->bytes / 4 : SHARED_CELLS), row = (size->columns - INDEX) / CELL;
  if (b->readable && b->bytes > 0 && b->bytes < (int64_t)sizeof *b->cell) {
    add_bytes(b, size, out);
    return;
  }
  row = row >= 8 ? 8 : row >= 4 ? 4 : row >= 2 ? 2 : 1;
  view_line(size, out, STYLE_BOLD, "SharedArrayBuffer %lld of %s, %lld bytes, as 32-bit cells 0 to %d", (long long)b->id,
            b->proc ? text_name(b->proc).s : "?", (long long)b->bytes, cells - 1);
  if (!b->readable) {
    view_line(size, out, STYLE_DIM, "  (its file is gone: nobody has it any more)");
    return;
  }
  for (int from = 0; from < b->count; from += row) add_row(b, from, from + row < b->count ? from + row : b->count, size, out);
}

void view_cells(const SharedBlock *blocks, size_t count, const ViewSize *size, StrBuf *out) {
  for (size_t i = count; i > 0; i--) add_block(&blocks[i - 1], size, out);
  if (!count) view_line(size, out, STYLE_NONE, "No process of this run has made a SharedArrayBuffer of up to 4 KiB.");
}
