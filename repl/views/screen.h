/* SPDX-License-Identifier: MIT */
/* screen.h - the full screen of .top: it draws the collector's model and takes the keys.
 *
 * It runs on a thread of its own (or in a program of its own), with the terminal lent to it, so nothing that
 * the prompt's Lua does stops it: it reads the keys itself and takes no part in any loop. */
#ifndef MOONFORK_VIEW_SCREEN_H
#define MOONFORK_VIEW_SCREEN_H

#include "view.h"
#include "../live/live.h"
#include "../edit/bytes.h"

typedef enum ScreenMode {
  SCREEN_TOP, SCREEN_TREE, SCREEN_LANES, SCREEN_PORTS, SCREEN_LOOP, SCREEN_POOL, SCREEN_LOG, SCREEN_MEM,
  SCREEN_TAPS, SCREEN_THREADS, SCREEN_CELLS, SCREEN_ONE, SCREEN_HELP, SCREEN_MODES
} ScreenMode;

typedef struct ScreenStart {
  Live *live;
  ScreenMode mode;      /* `q` there ends the screen; elsewhere it goes back */
  int level;            /* lanes; 0: as usual */
  int only;             /* pid that lanes, log, ... are about; 0: all */
  int keys, wake;       /* descriptors: the terminal; a pipe that ends the screen when it can be read */
  bool colour;
  _Atomic bool *again;  /* set by others: the terminal has to be painted anew */
  Bytes *pending;       /* keys already read; afterwards those behind the one that ended the screen */
} ScreenStart;

/* Draws until `q`, Ctrl-C or the wake pipe. */
void screen_run(const ScreenStart *start);

/* The view of a mode that needs nothing but a size; NULL for others. */
View *screen_view(ScreenMode mode);

#endif
