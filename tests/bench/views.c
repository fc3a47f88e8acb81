/* SPDX-License-Identifier: MIT */
/* views.c - draws .top of the run in the folder named, from what the collector has: how many processes, and
 * the milliseconds that a picture takes (median of 21), for a terminal and for all rows. */
#include "repl/live/live.h"
#include "repl/views/view.h"

#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 21 };

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double draw_ms(const Model *m, int rows) {
  double took[ROUNDS];
  for (int i = 0; i < ROUNDS; i++) {
    StrBuf out;
    const ViewSize size = { .columns = 80, .rows = rows, .colour = true };
    strbuf_init(&out);
    uint64_t began = uv_hrtime();
    view_top(m, &size, &out);
    took[i] = (double)(uv_hrtime() - began) / 1e6;
    strbuf_free(&out);
  }
  qsort(took, ROUNDS, sizeof *took, by_value);
  return took[ROUNDS / 2];
}

int main(int argc, char **argv) {
  int err = 0, fd = argc > 1 ? open(argv[1], O_RDONLY | O_DIRECTORY) : -1;
  (void)setlocale(LC_CTYPE, "C.UTF-8");
  Live *live = fd < 0 ? NULL : live_start(fd, argv[1], &err);
  if (!live) return 1;
  live_refresh(live);
  const Model *m = live_hold(live);
  (void)printf("processes %zu\nscreen %.3f\nall %.3f\n", m->nalive, draw_ms(m, 24), draw_ms(m, 0));
  live_release(live);
  live_stop(live);
  return 0;
}
