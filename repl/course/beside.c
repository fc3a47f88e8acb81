/* SPDX-License-Identifier: MIT */
/* beside.c - the views beside a run: the one that the step names, kept from the moment when it said most, and
 * the lanes around what was not seen. */
#include "course.h"
#include "moment.h"
#include "../views/wish.h"

#include <string.h>

enum { BESIDE_ROWS = 12, LANES_ROWS = 18, KEPT_FREE = 6, AROUND_ROWS = 12 };

static View *view_of(const char *command) {
  ScreenMode mode = command && *command == '.' ? wish_mode(command + 1, strcspn(command + 1, " ")) : SCREEN_MODES;
  return mode == SCREEN_MODES ? NULL : screen_view(mode);
}

/* ".lanes 4": 4, as one types it; 0: none is named. */
static int level_of(const char *command) {
  const char *blank = strchr(command, ' ');
  return blank && blank[1] >= '1' && blank[1] <= '9' ? blank[1] - '0' : 0;
}

/* ---- what a view says ---- */

static size_t score_ps(const Model *m) {
  size_t n = 0;
  for (const LiveProc *p = m->procs; p; p = p->next) n += !p->ended && p->state != 'Z' ? 64 + p->orphan : 0;
  return n;
}

static size_t score_ports(const Model *m) {
  size_t n = m->nrefusals;
  for (const LiveSocket *s = m->sockets; s; s = s->next) n += s->nholders + s->ntakers;
  return n;
}

typedef size_t Count(const LiveThread *t);

static size_t over_threads(const Model *m, Count *count) {
  size_t n = 0;
  for (const LiveProc *p = m->procs; p; p = p->next)
    for (const LiveThread *t = p->ended ? NULL : p->threads; t; t = t->next) n += t->ended ? 0 : count(t);
  return n;
}

static size_t count_queue(const LiveThread *t) { return (1 << 20) + t->waiting + t->queued; }
static size_t count_jobs(const LiveThread *t) { return t->pool_running + t->pool_queued; }

static size_t count_busy(const LiveThread *t) {
  size_t n = 0;
  for (int i = 0; i < TRACE_STRIP; i++) n += t->strip[i] >= TRACE_BUSY_LONG ? (t->strip[i] == TRACE_BUSY_BLOCKED ? 2 : 1) : 0;
  return n;
}

static size_t score_threads(const Model *m) { return over_threads(m, count_queue); }
static size_t score_pool(const Model *m) { return over_threads(m, count_jobs); }
static size_t score_loop(const Model *m) { return over_threads(m, count_busy); }

/* Of the rows without a score the end is shown. past: the records know the moment, too. */
static const struct Score { View *view; size_t (*score)(const Model *m); bool past; MomentOf of; } scores[] = {
  { view_top, score_ps, false, MOMENT_ALL },        { view_ps, score_ps, false, MOMENT_ALL },
  { view_ports, score_ports, true, MOMENT_PORTS },  { view_threads, score_threads, true, MOMENT_THREADS },
  { view_pool, score_pool, true, MOMENT_POOL },     { view_loop, score_loop, true, MOMENT_ALL },
  { view_mem, NULL, true, MOMENT_ALL },
};

static const struct Score *row_of(View *view) {
  for (size_t i = 0; i < sizeof scores / sizeof *scores; i++)
    if (scores[i].view == view) return &scores[i];
  return NULL;
}

/* Lanes tell the whole run: they get the terminal but for what stands below them. */
static int rows_of(View *view) {
  int free = ui_rows() - KEPT_FREE;
  return view != view_lanes ? BESIDE_ROWS : free > LANES_ROWS ? free : LANES_ROWS;
}

static void draw(Beside *b, View *view, const Model *m, int level) {
  const ViewSize size = { .columns = ui_columns(), .rows = rows_of(view), .colour = ui_colours(), .ended = true,
    .level = level };
  strbuf_clear(&b->text);
  view(m, &size, &b->text);
}

void beside_open(Beside *b, const char *folder) {
  b->kept = kept_open(folder);
}

static void look(Beside *b, View *view, const Model *m) {
  const struct Score *row = view ? row_of(view) : NULL;
  size_t score = row && row->score && m ? row->score(m) : 0;
  if (score == 0 || score < b->score) return;
  b->score = score;
  draw(b, view, m, 0);
}

void beside_look(Stage *s) {
  const Model *m = stage_hold(s);
  look(&s->beside, view_of(s->step->view), m);
  look(&s->tree, view_ps, m);
  stage_release(s);
}

/* The records may know a better moment than any that was seen. */
static void draw_past(Beside *b, View *view, const Model *m) {
  const struct Score *row = row_of(view);
  Model *then = row && row->past ? moment_make(m, row->of) : NULL;
  size_t score = then && row->score ? row->score(then) : 0;
  if (then && score >= b->score && (score > 0 || view != view_ports)) draw(b, view, then, 0);
  moment_free(then);
}

void beside_tell(Beside *b, const Step *step, const Model *m) {
  View *view = view_of(step->view);
  if (view && m) draw_past(b, view, m);
  if (b->kept && m && step->view && !strcmp(step->view, ".cells")) {
    const ViewSize size = { .columns = ui_columns(), .rows = BESIDE_ROWS, .colour = ui_colours() };
    kept_draw(b->kept, m, &size, &b->text);
  }
  if (view == view_ports && b->text.len == 0) {
    tell_in(SHADE_DIM, "(nobody was seen to listen; in the place of .ports:)", "（没有看到监听；代替 .ports：）");
    view = view_lanes;
  }
  if (view && m && b->text.len == 0) draw(b, view, m, level_of(step->view));
  if (b->text.len == 0 || b->text.failed) return;
  tell_line(SHADE_BOLD, view_of(step->view) == view ? step->view : ".lanes");
  ui_write(b->text.p, b->text.len);
}

void beside_around(Stage *s) {
  const Model *m = stage_hold(s);
  const ViewSize size = { .columns = ui_columns(), .rows = AROUND_ROWS, .colour = ui_colours(), .level = 3 };
  StrBuf out;
  strbuf_init(&out);
  if (m) view_lanes(m, &size, &out);
  stage_release(s);
  if (out.len > 0 && !out.failed) ui_write(out.p, out.len);
  strbuf_free(&out);
}
