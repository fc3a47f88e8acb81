/* SPDX-License-Identifier: MIT */
/* wish.h - the words behind a command that shows the run, and its view printed once: .lanes 3 B -f
 *
 * Also for the lesson runner, so it knows neither prompt nor Lua. Main thread. */
#ifndef MOONFORK_VIEWS_WISH_H
#define MOONFORK_VIEWS_WISH_H

#include "screen.h"

typedef struct Wish {
  bool follow;   /* -f: on the full screen */
  int level;     /* of lanes; 0: as usual */
  char name[32]; /* of a process; "": all */
  bool wrong;
  bool ended;    /* set by the caller: the run is over, and what it was is shown */
} Wish;

/* The view that a command shows: "top", "lanes", ... SCREEN_MODES: none. */
ScreenMode wish_mode(const char *command, size_t len);

Wish wish_read(const char *args, ScreenMode mode);

/* ".lanes [LEVEL] [NAME] [-f]" */
void wish_usage(ScreenMode mode, char *text, size_t size);

/* The pid of the process that is named; 0 with the reason. */
int wish_pid(const Model *m, const char *name, char *why, size_t size);

/* Appends the view, of this process alone where `only` is not 0. */
void wish_draw(const Model *m, ScreenMode mode, const Wish *wish, int only, bool colour, StrBuf *out);

#endif
