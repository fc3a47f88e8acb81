/* SPDX-License-Identifier: MIT */
/* view_ps.c - .ps: the tree of processes with the channels between them. */
#include "facts.h"
#include "rows.h"
#include "table.h"

#include <stdio.h>
#include <string.h>

enum { MOST_NOTES = 3, BEFORE_WHAT = 47 /* columns, about */ };

static const TableColumn columns[] = {
  { "PID", 8, 24, 0, false }, { "NAME", 8, 16, 0, false }, { "S", 1, 1, 0, false },
  { "IPC", 3, 14, 2, false }, { "MEM", 4, 5, 4, true },    { "FDS", 3, 4, 5, true },
  { "AGE", 5, 8, 3, true },   { "WHAT", 10, 40, 1, false }, { NULL, 0, 0, 0, false },
};

/* The line that leads to the process: what ties it to its parent. */
static const char *tie_of(const Model *m, const ViewRow *row) {
  const LiveChannel *c = fact_channel(m, row->proc);
  if (row->adopted) return "┄";
  if (!c) return "─";
  return c->open ? "═" : "x";
}

static void add_channel(Table *t, const Model *m, const LiveProc *p) {
  const LiveChannel *c = fact_channel(m, p);
  if (!c) table_cell(t, STYLE_NONE, "%s", "-");
  else if (!c->open) table_cell(t, STYLE_DIM, "closed");
  else if (c->down_waiting)
    table_cell(t, STYLE_YELLOW, "%u/%u Q=%u", (unsigned)c->down, (unsigned)c->up, (unsigned)c->down_waiting);
  else table_cell(t, STYLE_NONE, "%u/%u", (unsigned)c->down, (unsigned)c->up);
}

/* An orphan whose new parent is none of ours stands under a line for that one. */
static void add_stranger(Table *t, int pid) {
  table_cell(t, STYLE_DIM, "%d", pid);
  table_cell(t, STYLE_DIM, "(adopter)");
  for (int i = 2; i < t->count - 1; i++) table_cell(t, STYLE_NONE, "%s", "");
  table_cell(t, STYLE_DIM, "not of this run");
}

static void add_what(Table *t, const Model *m, const LiveProc *p) {
  char note[256];
  const LiveThread *thread = fact_main(p);
  if (fact_note(m, p, thread, note, sizeof note))
    table_cell(t, fact_style(p, thread), "%s%s%s", note, *p->name ? "; " : "", p->name); /* a cut hits the name */
  else table_cell(t, STYLE_NONE, "%s%s", p->name, p->traced ? "" : " (no trace)");
}

/* Was it adopted by a process that is not of the run? */
static bool is_stray(const ViewRow *row) { return row->depth == 0 && row->proc->orphan && !row->proc->ended; }

/* Does the same stranger have one more? */
static bool has_sibling(const ViewRows *rows, size_t i) {
  size_t next = i + 1;
  while (next < rows->count && rows->row[next].depth > 0) next++;
  return next < rows->count && is_stray(&rows->row[next]) && rows->row[next].proc->ppid == rows->row[i].proc->ppid;
}

/* before: the lines that come from the stranger above, "" where there is none. */
static void add_row(Table *t, const Model *m, const ViewRow *row, const char *before) {
  const LiveProc *p = row->proc;
  char guide[ROW_GUIDE + 16];
  size_t len = strlen(row->guide);
  Style style = fact_style(p, fact_main(p));
  (void)snprintf(guide, sizeof guide, "%s%.*s%s", before, (int)(len ? len - 1 : 0), row->guide, len ? tie_of(m, row) : "");
  table_cell(t, STYLE_NONE, "%s%d", guide, p->pid);
  table_cell(t, style, "%s", text_name(p).s);
  table_cell(t, style, "%c", p->ended ? 'X' : p->state);
  add_channel(t, m, p);
  table_cell(t, STYLE_NONE, "%s", p->ended ? "-" : text_bytes(p->rss).s);
  if (p->ended || p->nfds < 0) table_cell(t, STYLE_NONE, "%s", "-");
  else table_cell(t, STYLE_NONE, "%d", p->nfds);
  uint64_t since = p->ended ? p->end : p->began;
  table_cell(t, STYLE_NONE, "%s", text_age(m->now > since ? m->now - since : 0).s);
  add_what(t, m, p);
}

/* The notes that the table is too narrow for, each in a line of its own. Returns the lines. */
static int add_long_notes(const Model *m, const ViewSize *size, const ViewRows *rows, StrBuf *out) {
  char note[256];
  int lines = 0;
  for (size_t i = 0; i < rows->count && (!size->rows || lines < MOST_NOTES); i++) {
    const LiveProc *p = rows->row[i].proc;
    const LiveThread *t = fact_main(p);
    if (!fact_note(m, p, t, note, sizeof note) || (int)strlen(note) + BEFORE_WHAT <= size->columns) continue;
    view_line(size, out, fact_style(p, t), " %s %s", text_who(p).s, note);
    lines++;
  }
  return lines;
}

void view_ps(const Model *m, const ViewSize *size, StrBuf *out) {
  Table t;
  ViewRows rows = view_rows(m, false, false);
  const ViewRow *stray = NULL; /* what is listed now stands under it */
  bool more = false;
  int stranger = 0;
  StrBuf notes;
  strbuf_init(&notes);
  table_begin(&t, columns);
  for (size_t i = 0; i < rows.count; i++) {
    const ViewRow *row = &rows.row[i];
    const LiveProc *p = row->proc;
    if (row->depth == 0) stray = is_stray(row) ? row : NULL;
    if (row == stray) {
      more = has_sibling(&rows, i);
      if (p->ppid != stranger) add_stranger(&t, stranger = p->ppid);
    }
    if (size->pid && !row->thread && p->pid == size->pid) t.selected = table_row(&t);
    add_row(&t, m, row, !stray ? "" : row == stray ? (more ? "├┄" : "└┄") : more ? "│ " : "  ");
  }
  t.marks = size->pid != 0;
  int lines = add_long_notes(m, size, &rows, &notes);
  table_draw(&t, size, size->rows ? size->rows - 1 - lines : 0, out);
  strbuf_add(out, notes.p, notes.len);
  strbuf_free(&notes);
  view_line(size, out, STYLE_DIM, "%s", "═ channel  x closed  ─ none  ┄ adopted   IPC: messages down/up, Q not received");
  view_rows_free(&rows);
}
