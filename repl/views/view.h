/* SPDX-License-Identifier: MIT */
/* view.h - what the terminal views share: their size, and one function for each.
 *
 * A view is a pure renderer: it reads a Model that somebody holds and appends lines to a buffer, each ended
 * by a line end and no wider than the terminal. It knows no terminal, no Lua and no collector. Any thread. */
#ifndef MOONFORK_VIEW_H
#define MOONFORK_VIEW_H

#include "../live/model.h"
#include "../live/shared.h"
#include "../style.h"
#include "../../modules/core/strbuf.h"

typedef struct ViewSize {
  int columns;
  int rows;        /* that may be used; 0: as many as it takes */
  bool colour;
  int pid, tid;    /* what is selected: a process and one of its threads (0: the process); pid 0: nothing */
  int level;       /* of detail, 1 to 9: lanes */
  size_t back;     /* lanes, log: so many lines above the newest ones */
  uint64_t until;  /* lanes, log: only records before this number; 0: all */
  const char *title; /* top: before its first line; NULL: nothing */
  bool paused;     /* top: says so */
  bool ended;      /* the run is over. taps: processes that have ended, too; lanes: messages first */
  const LiveProc *only; /* lanes, log, loop, mem, ...: of this process alone; NULL: all */
} ViewSize;

typedef void View(const Model *m, const ViewSize *size, StrBuf *out);

void view_top(const Model *m, const ViewSize *size, StrBuf *out);     /* V1 */
void view_ps(const Model *m, const ViewSize *size, StrBuf *out);      /* V2 */
void view_lanes(const Model *m, const ViewSize *size, StrBuf *out);   /* V3 */
void view_ports(const Model *m, const ViewSize *size, StrBuf *out);   /* V4 */
void view_loop(const Model *m, const ViewSize *size, StrBuf *out);    /* V5 */
void view_pool(const Model *m, const ViewSize *size, StrBuf *out);    /* V6 */
void view_log(const Model *m, const ViewSize *size, StrBuf *out);
void view_mem(const Model *m, const ViewSize *size, StrBuf *out);
void view_taps(const Model *m, const ViewSize *size, StrBuf *out);
void view_threads(const Model *m, const ViewSize *size, StrBuf *out);

/* What shared_read has found. */
void view_cells(const SharedBlock *blocks, size_t count, const ViewSize *size, StrBuf *out);

/* Everything that is known of one process: the one selected. */
void view_one(const Model *m, const ViewSize *size, StrBuf *out);

/* The escape that begins the style; "" without colours. STYLE_NONE ends any. */
const char *view_style(const ViewSize *size, Style style);

/* A line of its own, cut to the width. */
void view_line(const ViewSize *size, StrBuf *out, Style style, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif
