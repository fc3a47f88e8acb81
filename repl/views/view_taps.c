/* SPDX-License-Identifier: MIT */
/* view_taps.c - .taps: bytes that went over the standard streams of each process. */
#include "facts.h"
#include "table.h"

#include <stdio.h>

static const TableColumn columns[] = {
  { "PROCESS", 8, 16, 0, false }, { "STDIN", 6, 6, 0, true },  { "STDOUT", 6, 6, 0, true },
  { "READ", 5, 6, 2, true },      { "STDERR", 6, 6, 0, true }, { "READ", 5, 6, 3, true },
  { "FULL", 4, 20, 0, false },    { NULL, 0, 0, 0, false },
};

static void add_full(Table *t, const LiveTap *taps, bool ever) {
  static const char *const names[] = { "stdin", "stdout", "stderr" };
  char full[32] = "";
  size_t at = 0;
  for (int fd = 0; fd < 3; fd++)
    if (ever ? taps[fd].was_full : taps[fd].full)
      at += (size_t)snprintf(full + at, sizeof full - at, "%s%s", at ? " " : "FULL ", names[fd]);
  table_cell(t, STYLE_RED, "%s", full);
}

static void add_row(Table *t, const LiveProc *p, bool ever) {
  table_cell(t, fact_style(p, NULL), "%s", text_name(p).s);
  for (int fd = 0; fd < 3; fd++) {
    const LiveTap *tap = &p->taps[fd];
    bool own = fd > 0 && p->traced;
    if (own || fd == 0) table_cell(t, STYLE_NONE, "%s", text_bytes(fd == 0 && tap->told ? tap->parents : tap->own).s);
    else table_cell(t, STYLE_DIM, "?");
    if (fd > 0 && tap->told) table_cell(t, STYLE_NONE, "%s", text_bytes(tap->parents).s);
    else if (fd > 0) table_cell(t, STYLE_DIM, "-");
  }
  add_full(t, p->taps, ever);
}

void view_taps(const Model *m, const ViewSize *size, StrBuf *out) {
  Table t;
  table_begin(&t, columns);
  for (const LiveProc *p = m->procs; p; p = p->next)
    if ((!p->ended || size->ended) && (!size->only || size->only == p)) add_row(&t, p, size->ended);
  table_draw(&t, size, size->rows ? size->rows - 1 : 0, out);
  view_line(size, out, STYLE_DIM, "Bytes. READ: by the parent. ?: not traced, FULL as far as the system tells.");
}
