/* SPDX-License-Identifier: MIT */
/* rows.h - the processes and threads of a model in the order of a tree, for the views that list them. */
#ifndef MOONFORK_VIEW_ROWS_H
#define MOONFORK_VIEW_ROWS_H

#include "view.h"

enum { ROW_GUIDE = 64, ROWS_KEPT_S = 10 /* an ended process is listed for so long */ };

typedef struct ViewRow {
  const LiveProc *proc;
  const LiveThread *thread; /* NULL: the row of the process; never its main thread */
  int depth;
  bool adopted;             /* under another parent than the one that started it */
  char guide[ROW_GUIDE];    /* the lines of the tree before it */
} ViewRow;

typedef struct ViewRows {
  ViewRow *row; /* owns */
  size_t count;
} ViewRows;

/* Living processes and those that ended not long ago, threads behind their process (threads: living ones
 * but the main thread). all: every process that the model knows. Empty when memory is short. */
ViewRows view_rows(const Model *m, bool threads, bool all);
void view_rows_free(ViewRows *rows);

/* The row of what is selected, SIZE_MAX: none. */
size_t view_rows_find(const ViewRows *rows, int pid, int tid);

#endif
