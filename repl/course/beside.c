/* SPDX-License-Identifier: MIT */
/* beside.c - the views beside a run: the one that the step names, kept from the moment when most of the
 * run's processes lived, and the lanes around what was not seen. */
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

void beside_look(Beside *b, const Step *step, const Model *m) {
  View *view = view_of(step->view);
  const ViewSize size = { .columns = TEXT_COLUMNS, .rows = BESIDE_ROWS, .colour = ui_colours() };
  size_t alive = view && m ? living(m) : 0;
  if (alive == 0 || (alive < b->alive && !is_history(view))) return;
  b->alive = alive;
  strbuf_clear(&b->text);
  view(m, &size, &b->text);
}

/* After the end: what tells the whole run is told once more, and what was too short to be seen. */
void beside_tell(Beside *b, const Step *step, const Model *m) {
  View *view = view_of(step->view);
  const ViewSize size = { .columns = TEXT_COLUMNS, .rows = BESIDE_ROWS, .colour = ui_colours() };
  if (view && m && (is_history(view) || b->text.len == 0)) {
    strbuf_clear(&b->text);
    view(m, &size, &b->text);
  }
  if (b->text.len == 0 || b->text.failed) return;
  tell_line(SHADE_BOLD, step->view);
  ui_write(b->text.p, b->text.len);
}

void beside_around(Stage *s) {
  const Model *m = stage_hold(s);
  const ViewSize size = { .columns = TEXT_COLUMNS, .rows = AROUND_ROWS, .colour = ui_colours(), .level = 3 };
  StrBuf out;
  strbuf_init(&out);
  if (m) view_lanes(m, &size, &out);
  stage_release(s);
  if (out.len > 0 && !out.failed) ui_write(out.p, out.len);
  strbuf_free(&out);
}
