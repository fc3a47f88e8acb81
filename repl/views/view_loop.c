/* SPDX-License-Identifier: MIT */
/* view_loop.c - .loop: what each thread's loop did, one character for 50 ms, the newest at the right. */
#include "facts.h"

#include <stdio.h>
#include <string.h>

enum { NAME = 13 };

static Style style_of(uint8_t kind) {
  static const Style styles[] = { STYLE_DIM, STYLE_BLUE, STYLE_GREEN, STYLE_YELLOW, STYLE_RED };
  return styles[kind <= TRACE_BUSY_BLOCKED ? kind : TRACE_BUSY_BLOCKED];
}

static void add_strip(const LiveThread *t, const ViewSize *size, int slots, StrBuf *out) {
  static const char signs[] = ".ti#!";
  int last = -1;
  for (int i = TRACE_STRIP - slots; i < TRACE_STRIP; i++) {
    uint8_t kind = t->strip[i] <= TRACE_BUSY_BLOCKED ? t->strip[i] : TRACE_BUSY_BLOCKED;
    if (kind != last) strbuf_adds(out, view_style(size, style_of(kind)));
    strbuf_addc(out, signs[kind]);
    last = kind;
  }
  if (last >= 0) strbuf_adds(out, view_style(size, STYLE_NONE));
}

static void add_thread(const LiveThread *t, const ViewSize *size, StrBuf *out) {
  char name[64];
  int slots = size->columns - NAME - 1;
  if (slots > TRACE_STRIP) slots = TRACE_STRIP;
  if (t->thread_id) (void)snprintf(name, sizeof name, "%s thread", text_thread(t).s);
  else (void)snprintf(name, sizeof name, "%s", text_name(t->proc).s);
  text_pad(out, name, strlen(name), NAME, false);
  strbuf_addc(out, ' ');
  if (slots > 0) add_strip(t, size, slots, out);
  strbuf_addc(out, '\n');
}

void view_loop(const Model *m, const ViewSize *size, StrBuf *out) {
  int lines = 0, room = size->rows ? size->rows - 1 : 0, more = 0;
  for (const LiveProc *p = m->procs; p; p = p->next)
    for (const LiveThread *t = p->ended || (size->only && size->only != p) ? NULL : p->threads; t; t = t->next) {
      if (t->ended) continue;
      if (room && lines >= room - 1) more++;
      else add_thread(t, size, out), lines++;
    }
  if (more) view_line(size, out, STYLE_DIM, "(and %d more)", more);
  if (lines) view_line(size, out, STYLE_DIM, "%s", "1 = 50 ms, now at the right: . waits  t timers  i I/O  # Lua > 10 ms  ! > 200 ms");
  else view_line(size, out, STYLE_NONE, "No process of this run is traced.");
}
