/* SPDX-License-Identifier: MIT */
/* procs.h - our own living children. */
#ifndef MOONFORK_PROCS_H
#define MOONFORK_PROCS_H

#include "../modules/core/runtime.h"
#include "proc.h"

enum { MOST_CHILDREN = 256 }; /* that a list shows */

/* Children of child_process that still run; cheap. */
int procs_running(Runtime *rt);

/* All of our children, however they were started; reads /proc. */
int procs_count(Runtime *rt);

/* Those that got the Ctrl-C of the terminal with us. */
int procs_in_group(Runtime *rt);

/* Fills in what they are, at most `most`, by pid; returns how many. */
int procs_list(Runtime *rt, Proc *list, int most);

#endif
