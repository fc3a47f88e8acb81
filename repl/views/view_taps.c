/* SPDX-License-Identifier: MIT */
/* view_taps.c - .taps: bytes that went over the standard streams of each process. */
#include "facts.h"
#include "table.h"

#include <stdio.h>
#include <stdlib.h>

static const TableColumn columns[] = {
  { "PROCESS", 8, 16, 0, false }, { "STDIN", 6, 6, 0, true },  { "STDOUT", 6, 6, 0, true },
  { "READ", 5, 6, 2, true },      { "STDERR", 6, 6, 0, true }, { "READ", 5, 6, 3, true },
  { "FULL", 4, 20, 0, false },    { NULL, 0, 0, 0, false },
};

typedef struct Tap {
  const LiveProc *proc;
  uint64_t own[3], parents[3]; /* bytes: as the process itself tells, as its parent tells */
  bool told[3], full[3];
} Tap;

static Tap *tap_of(Tap *taps, size_t count, const LiveProc *p) {
  for (size_t i = 0; p && i < count; i++)
    if (taps[i].proc == p) return &taps[i];
  return NULL;
}

static size_t list_taps(const Model *m, const ViewSize *size, Tap *taps) {
  size_t count = 0;
  for (const LiveProc *p = m->procs; p && count < m->nprocs; p = p->next)
    if ((!p->ended || size->ended) && (!size->only || size->only == p)) taps[count++] = (Tap){ .proc = p };
  return count;
}

static void count_records(const Model *m, bool ever, Tap *taps, size_t count) {
  Tap *last = NULL; /* records of one process come in rows */
  for (uint64_t n = m->first; n < m->count; n++) {
    const LiveRecord *r = model_record(m, n);
    int64_t fd = r->r.n[0], bytes = r->r.n[1];
    if (r->r.event != TRACE_STDIO || fd < 0 || fd > 2 || bytes < 0) continue;
    const LiveProc *p = r->r.n[3] ? model_proc(m, (int)r->r.n[3]) : r->proc;
    if (!last || last->proc != p) last = tap_of(taps, count, p);
    if (!last) continue;
    if (r->r.n[3]) last->parents[fd] += (uint64_t)bytes, last->told[fd] = true;
    else last->own[fd] += (uint64_t)bytes;
    last->full[fd] = r->r.n[2] != 0 || (ever && last->full[fd]);
  }
}

static void add_row(Table *t, const Tap *tap) {
  static const char *const names[] = { "stdin", "stdout", "stderr" };
  char full[32] = "";
  size_t at = 0;
  table_cell(t, fact_style(tap->proc, NULL), "%s", text_name(tap->proc).s);
  for (int fd = 0; fd < 3; fd++) {
    bool own = fd > 0 && tap->proc->traced;
    if (own || fd == 0) table_cell(t, STYLE_NONE, "%s", text_bytes(fd == 0 && tap->told[0] ? tap->parents[0] : tap->own[fd]).s);
    else table_cell(t, STYLE_DIM, "?");
    if (fd > 0 && tap->told[fd]) table_cell(t, STYLE_NONE, "%s", text_bytes(tap->parents[fd]).s);
    else if (fd > 0) table_cell(t, STYLE_DIM, "-");
    if (tap->full[fd]) at += (size_t)snprintf(full + at, sizeof full - at, "%s%s", at ? " " : "FULL ", names[fd]);
  }
  table_cell(t, STYLE_RED, "%s", full);
}

void view_taps(const Model *m, const ViewSize *size, StrBuf *out) {
  Table t;
  Tap *taps = calloc(m->nprocs + 1, sizeof *taps);
  size_t count = taps ? list_taps(m, size, taps) : 0;
  if (taps) count_records(m, size->ended, taps, count);
  table_begin(&t, columns);
  for (size_t i = 0; i < count; i++) add_row(&t, &taps[i]);
  table_draw(&t, size, size->rows ? size->rows - 1 : 0, out);
  view_line(size, out, STYLE_DIM, "Bytes%s. READ: taken out of the pipe by the parent. ?: it is not traced.",
            m->first ? " of the last records" : "");
  free(taps);
}
