/* SPDX-License-Identifier: MIT */
/* beside.c - the views beside a run: the one that the step names, kept from the moment when it
 * had most to show, and the lanes around what was not seen. */
#include "course.h"
#include "../views/view.h"

#include <string.h>

enum { BESIDE_ROWS = 12, AROUND_ROWS = 12 };

static View *view_of(const char *command) {
  static const struct { const char *name; View *view; } rows[] = {
    { ".top", view_top }, { ".ps", view_ps }, { ".lanes", view_lanes }, { ".ports", view_ports },
    { ".loop", view_loop }, { ".pool", view_pool }, { ".log", view_log }, { ".mem", view_mem },
    { ".taps", view_taps }, { ".threads", view_threads },
  };
  size_t len = command ? strcspn(command, " ") : 0;
  for (size_t i = 0; i < sizeof rows / sizeof *rows && len; i++)
    if (!strncmp(rows[i].name, command, len) && !rows[i].name[len]) return rows[i].view;
  return NULL;
}

/* Lanes and log tell the whole run; the others what is now. */
static bool is_history(View *view) { return view == view_lanes || view == view_log; }

static size_t living(const Model *m) {
  size_t n = 0;
  for (const LiveProc *p = m->procs; p; p = p->next) n += !p->ended && p->state != 'Z';
  return n;
}

static size_t in_pools(const Model *m) {
  size_t n = 0;
  for (const LiveProc *p = m->procs; p; p = p->next)
    for (const LiveThread *t = p->threads; t; t = t->next) n += t->pool_running + t->pool_queued;
  return n;
}

static size_t holders(const Model *m) {
  size_t n = 0;
  for (const LiveSocket *s = m->sockets; s; s = s->next) n += s->nholders + s->ntakers;
  return n;
}

/* How much a view has to show now. */
static size_t to_show(View *view, const Model *m) {
  size_t alive = living(m);
  if (view == view_ports) return holders(m);
  if (view == view_threads && alive) return alive + m->nthreads;
  if (view == view_pool && alive) return alive + in_pools(m);
  return alive;
}

void beside_look(Beside *b, const Step *step, const Model *m) {
  View *view = view_of(step->view);
  const ViewSize size = { .columns = ui_columns(), .rows = BESIDE_ROWS, .colour = ui_colours() };
  size_t much = view && m ? to_show(view, m) : 0;
  if (much == 0 || (much < b->much && !is_history(view))) return;
  b->much = much;
  strbuf_clear(&b->text);
  view(m, &size, &b->text);
}

/* After the end: what tells the whole run is told once more, and what was too short to be seen. */
void beside_tell(Beside *b, const Step *step, const Model *m) {
  View *view = view_of(step->view);
  const ViewSize size = { .columns = ui_columns(), .rows = BESIDE_ROWS, .colour = ui_colours() };
  if (view == view_ports && b->text.len == 0) {
    tell_in(SHADE_DIM, "(the run was too short for .ports; in its place:)", "（运行太短，.ports 来不及看；改看：）");
    view = view_lanes;
  }
  if (view && m && (is_history(view) || b->text.len == 0)) {
    strbuf_clear(&b->text);
    view(m, &size, &b->text);
  }
  if (b->text.len == 0 || b->text.failed) return;
  tell_line(SHADE_BOLD, view == view_lanes ? ".lanes" : step->view);
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
