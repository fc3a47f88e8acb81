/* SPDX-License-Identifier: MIT */
/* view_mem.c - .mem: Lua's heap, ArrayBuffers and the whole process, now and as curves. */
#include "facts.h"
#include "table.h"

#include <stdio.h>

enum { BARS = 12, PER_BAR = 10 }; /* a bar is 5 s, a curve one minute */

static const TableColumn columns[] = {
  { "PROCESS", 8, 16, 0, false }, { "HEAP", 5, 5, 0, true }, { "", BARS, BARS, 2, false },
  { "BUFFERS", 7, 7, 0, true },   { "", BARS, BARS, 3, false }, { "RSS", 5, 5, 0, true },
  { "", BARS, BARS, 1, false },   { NULL, 0, 0, 0, false },
};

typedef uint64_t Pick(const LiveSample *s);
static uint64_t pick_heap(const LiveSample *s) { return s->heap; }
static uint64_t pick_buffers(const LiveSample *s) { return s->buffers; }
static uint64_t pick_rss(const LiveSample *s) { return s->rss; }

/* Of a run that is over, the curve shows all. */
static uint64_t samples_in_bar(const ViewSize *size, uint64_t samples) {
  uint64_t kept = samples > LIVE_CURVE ? LIVE_CURVE : samples;
  return !size->ended ? PER_BAR : kept > BARS ? (kept + BARS - 1) / BARS : 1;
}

/* The highest value of each bar; bars begin at fixed samples, so that a curve only moves to the left. */
static void add_curve(Table *t, const ViewSize *size, const LiveSample *curve, uint64_t samples, Pick *pick) {
  uint64_t per_bar = samples_in_bar(size, samples);
  uint64_t bars[BARS] = { 0 }, most = 1, newest = samples ? (samples - 1) / per_bar : 0;
  bool filled[BARS] = { false };
  for (uint64_t n = samples > LIVE_CURVE ? samples - LIVE_CURVE : 0; n < samples; n++) {
    uint64_t behind = newest - n / per_bar;
    if (behind >= BARS) continue;
    uint64_t value = pick(&curve[n % LIVE_CURVE]), *bar = &bars[BARS - 1 - behind];
    filled[BARS - 1 - behind] = true;
    if (value > *bar) *bar = value;
    if (value > most) most = value;
  }
  int levels[BARS];
  StrBuf text;
  for (int i = 0; i < BARS; i++) levels[i] = filled[i] ? (int)((double)bars[i] / (double)most * 7.0) : -1;
  strbuf_init(&text);
  text_spark(&text, levels, BARS);
  table_cell(t, STYLE_BLUE, "%s", text.p && !text.failed ? text.p : "");
  strbuf_free(&text);
}

static void add_thread(Table *t, const ViewSize *size, const LiveThread *thread) {
  const LiveProc *p = thread->proc;
  if (thread->thread_id) table_cell(t, STYLE_NONE, "  %s thread", text_thread(thread).s);
  else table_cell(t, STYLE_NONE, "%s", text_name(p).s);
  table_cell(t, STYLE_NONE, "%s", text_bytes(thread->heap).s);
  add_curve(t, size, thread->curve, thread->samples, pick_heap);
  table_cell(t, STYLE_NONE, "%s", text_bytes(thread->buffers).s);
  add_curve(t, size, thread->curve, thread->samples, pick_buffers);
  table_cell(t, STYLE_NONE, "%s", thread->thread_id ? "" : text_bytes(p->rss).s);
  if (thread->thread_id) table_cell(t, STYLE_NONE, "%s", "");
  else add_curve(t, size, p->curve, p->samples, pick_rss);
}

static void add_untraced(Table *t, const ViewSize *size, const LiveProc *p) {
  table_cell(t, STYLE_NONE, "%s", text_name(p).s);
  table_cell(t, STYLE_DIM, "-");
  table_cell(t, STYLE_DIM, "no trace");
  table_cell(t, STYLE_DIM, "-");
  table_cell(t, STYLE_NONE, "%s", "");
  table_cell(t, STYLE_NONE, "%s", text_bytes(p->rss).s);
  add_curve(t, size, p->curve, p->samples, pick_rss);
}

void view_mem(const Model *m, const ViewSize *size, StrBuf *out) {
  Table t;
  table_begin(&t, columns);
  for (const LiveProc *p = m->procs; p; p = p->next) {
    if (p->ended || (size->only && size->only != p)) continue;
    if (!p->threads) add_untraced(&t, size, p);
    for (const LiveThread *thread = p->threads; thread; thread = thread->next)
      if (!thread->ended) add_thread(&t, size, thread);
  }
  table_draw(&t, size, size->rows ? size->rows - 1 : 0, out);
  view_line(size, out, STYLE_DIM, "Each curve: %s, its highest value is its full height.",
            size->ended ? "the whole run" : "one minute, now at the right");
}
