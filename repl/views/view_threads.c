/* SPDX-License-Identifier: MIT */
/* view_threads.c - .threads: the threads that run Lua, their state and their queue. */
#include "facts.h"
#include "table.h"

static const TableColumn columns[] = {
  { "THREAD", 6, 12, 0, false }, { "TID", 5, 8, 2, true },   { "S", 1, 1, 0, false },
  { "CPU%", 4, 5, 5, true },     { "LAG ms", 5, 7, 3, true }, { "Q", 2, 5, 0, true },
  { "OUT", 2, 5, 4, true },      { "IN/OUT", 6, 11, 1, false }, { "HEAP", 4, 5, 6, true },
  { "WHAT", 10, 40, 1, false },  { NULL, 0, 0, 0, false },
};

static void add_row(Table *t, const Model *m, const LiveThread *thread) {
  const LiveProc *p = thread->proc;
  Style style = fact_style(p, thread);
  char note[256] = "";
  table_cell(t, style, "%s %s", text_thread(thread).s, thread->thread_id ? "thread" : "main");
  table_cell(t, STYLE_NONE, "%d", thread->tid);
  table_cell(t, style, "%c", thread->ended ? 'X' : thread->state);
  table_cell(t, STYLE_NONE, "%.1f", thread->cpu);
  table_cell(t, style, "%.0f", thread->lag_ms);
  table_cell(t, thread->waiting ? STYLE_YELLOW : STYLE_NONE, "%u", (unsigned)thread->waiting);
  table_cell(t, thread->queued ? STYLE_YELLOW : STYLE_NONE, "%u", (unsigned)thread->queued);
  table_cell(t, STYLE_NONE, "%u/%u", (unsigned)thread->in, (unsigned)thread->out);
  table_cell(t, STYLE_NONE, "%s", text_bytes(thread->heap).s);
  bool noted = !thread->ended && fact_note(m, p, thread, note, sizeof note);
  if (thread->ended) table_cell(t, STYLE_DIM, "%s, ended with code %lld", text_base(thread->file), (long long)thread->code);
  else table_cell(t, style, "%s%s%s", note, noted ? "; " : "", text_base(thread->file));
}

void view_threads(const Model *m, const ViewSize *size, StrBuf *out) {
  Table t;
  table_begin(&t, columns);
  for (const LiveProc *p = m->procs; p; p = p->next)
    for (const LiveThread *thread = p->ended || (size->only && size->only != p) ? NULL : p->threads; thread; thread = thread->next)
      if (!thread->ended || !size->rows) add_row(&t, m, thread);
  table_draw(&t, size, size->rows ? size->rows - 1 : 0, out);
  view_line(size, out, STYLE_DIM, "Q: sent to it, not received   OUT: in its channels, not yet taken by the system");
}
