/* SPDX-License-Identifier: MIT */
/* view_top.c - .top: a line for each process and thread, and below it in words what is wrong. */
#include "facts.h"
#include "rows.h"
#include "table.h"

#include <stdio.h>
#include <string.h>

enum { CURVE = 6, MOST_NOTES = 6 };

static const TableColumn columns[] = {
  { "PID", 8, 22, 0, false },     { "ROLE", 10, 14, 0, false },  { "S", 1, 1, 0, false },
  { "CPU%", 5, 5, 5, true },      { "RSS", 4, 5, 6, true },     { "LAG ms", 6, 7, 0, true },
  { "RECENT", CURVE, CURVE, 9, false }, { "", 5, 5, 0, false },     { "IN/OUT", 8, 11, 4, false },
  { "Q", 2, 5, 2, true },         { "PORTS", 5, 16, 3, false }, { "SINCE", 5, 8, 7, true },
  { NULL, 0, 0, 0, false },
};

static void add_curve(Table *t, const LiveThread *thread) {
  LiveSample samples[CURVE];
  int levels[CURVE];
  StrBuf text;
  size_t n = thread ? fact_samples(thread->curve, thread->samples, samples, CURVE) : 0;
  for (size_t i = 0; i < CURVE; i++) levels[i] = -1;
  for (size_t i = 0; i < n; i++) levels[CURVE - n + i] = text_lag_level((double)samples[i].lag_ms);
  if (n && thread->blocked) levels[CURVE - 1] = text_lag_level(thread->lag_ms);
  strbuf_init(&text);
  if (thread && !thread->ended) text_spark(&text, levels, CURVE);
  table_cell(t, STYLE_NONE, "%s", text.p && !text.failed ? text.p : "");
  strbuf_free(&text);
}

/* The word behind the numbers: colour alone says nothing. */
static const char *mark_of(const LiveProc *p, const LiveThread *t) {
  if (p->ended) return "ENDED";
  if (p->state == 'Z') return "ZOMB";
  if (p->state == 'T') return "STOP";
  if (t && t->blocked) return "BLOCK";
  if (t && t->slow_ms) return "SLOW";
  return "";
}

static void add_channel(Table *t, const Model *m, const LiveProc *p, const LiveThread *thread, bool own) {
  const LiveChannel *c = own ? NULL : fact_channel(m, p);
  if (c && !c->open && !p->ended) {
    table_cell(t, STYLE_DIM, "closed");
    table_cell(t, STYLE_NONE, "-");
  } else if (!thread) {
    table_cell(t, STYLE_DIM, p->traced || p->ended ? "" : "no trace");
    table_cell(t, STYLE_NONE, "%s", "");
  } else {
    table_cell(t, STYLE_NONE, "%u/%u", (unsigned)thread->in, (unsigned)thread->out);
    table_cell(t, thread->waiting ? STYLE_YELLOW : STYLE_NONE, "%u", (unsigned)thread->waiting);
  }
}

static void add_row(Table *t, const Model *m, const ViewRow *row) {
  const LiveProc *p = row->proc;
  const LiveThread *thread = row->thread ? row->thread : fact_main(p);
  Style style = fact_style(p, thread);
  bool own = row->thread != NULL;
  if (own) table_cell(t, STYLE_NONE, "%s%d", row->guide, thread->tid);
  else table_cell(t, STYLE_NONE, "%s%d", row->guide, p->pid);
  if (own) table_cell(t, style, "%s thread", text_thread(thread).s);
  else table_cell(t, style, "%s", text_name(p).s);
  table_cell(t, STYLE_NONE, "%c", p->ended ? 'X' : own ? thread->state : p->state);
  if (p->ended) table_cell(t, STYLE_NONE, "%s", "");
  else table_cell(t, STYLE_NONE, "%.1f", own ? thread->cpu : p->cpu);
  table_cell(t, STYLE_NONE, "%s", own || p->ended ? "-" : text_bytes(p->rss).s);
  if (thread && !p->ended) table_cell(t, style, "%.0f", thread->lag_ms);
  else table_cell(t, STYLE_NONE, "%s", "-");
  add_curve(t, p->ended ? NULL : thread);
  table_cell(t, style, "%s", mark_of(p, thread));
  add_channel(t, m, p, thread, own);
  table_cell(t, STYLE_NONE, "%s", own ? "-" : fact_ports(m, p).s);
  uint64_t since = own ? thread->opened : p->ended ? p->end : p->began;
  table_cell(t, STYLE_NONE, "%s", text_age(m->now > since ? m->now - since : 0).s);
}

/* ---- around the table ---- */

static void add_head(const Model *m, const ViewSize *size, StrBuf *out) {
  double lag = 0;
  for (const LiveProc *p = m->procs; p; p = p->next)
    for (const LiveThread *t = p->ended ? NULL : p->threads; t; t = t->next)
      if (!t->ended && t->lag_ms > lag) lag = t->lag_ms;
  view_line(size, out, STYLE_BOLD, "%s%s%s%zu %s  %zu %s  loop lag max %s  msgs %.0f/s  lost %llu",
            size->title ? size->title : "", size->paused ? " [paused]" : "", size->title ? "  " : "", m->nalive, m->nalive == 1 ? "proc" : "procs",
            m->nthreads, m->nthreads == 1 ? "thread" : "threads", text_ms(lag).s, m->messages_per_s,
            (unsigned long long)m->lost);
}

/* Lines of words for the rows that need them, as far as there is room. Returns the lines. */
static int add_notes(const Model *m, const ViewSize *size, const ViewRows *rows, int room, StrBuf *out) {
  char note[256];
  int lines = 0, more = 0;
  for (size_t i = 0; i < rows->count; i++) {
    const ViewRow *row = &rows->row[i];
    const LiveThread *t = row->thread ? row->thread : fact_main(row->proc);
    if (!fact_note(m, row->proc, t, note, sizeof note)) continue;
    if (lines >= room) {
      more++;
      continue;
    }
    view_line(size, out, fact_style(row->proc, t), " %s %s",
              row->thread ? text_thread(t).s : text_who(row->proc).s, note);
    lines++;
  }
  if (more) view_line(size, out, STYLE_DIM, " (and %d more)", more);
  return lines + (more > 0);
}

void view_top(const Model *m, const ViewSize *size, StrBuf *out) {
  Table t;
  StrBuf notes;
  ViewRows rows = view_rows(m, true, false);
  strbuf_init(&notes);
  int room = size->rows ? (size->rows > 12 ? MOST_NOTES : 1) : 1000;
  int lines = add_notes(m, size, &rows, room, &notes);
  add_head(m, size, out);
  table_begin(&t, columns);
  t.marks = true;
  t.selected = view_rows_find(&rows, size->pid, size->tid);
  for (size_t i = 0; i < rows.count; i++) add_row(&t, m, &rows.row[i]);
  int left = size->rows ? size->rows - 1 - lines : 0;
  table_draw(&t, size, size->rows && left < 3 ? 3 : left, out);
  strbuf_add(out, notes.p, notes.len);
  strbuf_free(&notes);
  view_rows_free(&rows);
}
