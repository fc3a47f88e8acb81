/* SPDX-License-Identifier: MIT */
/* look.h - the full screen of the views over the runner, on a thread of its own: a run goes on below it, and
 * what it prints is shown when the screen ends. One at a time. Main thread. */
#ifndef MOONFORK_COURSE_LOOK_H
#define MOONFORK_COURSE_LOOK_H

#include "../views/screen.h"

/* False: there is no terminal for it, or a screen is open already. only: the pid that it is about, 0: all. */
bool look_open(Live *live, ScreenMode mode, int level, int only);

/* Can be read when the student has left the screen; -1: none is open. */
int look_fd(void);

/* Gives the terminal back if the screen has been left. */
void look_poll(void);

/* Waits until it is left, or until we are asked to end. Before the collector ends. */
void look_wait(void);

#endif
