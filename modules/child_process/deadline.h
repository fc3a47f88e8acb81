/* SPDX-License-Identifier: MIT */
/* deadline.h - something that happens to a child unless it ends before. */
#ifndef MOONFORK_DEADLINE_H
#define MOONFORK_DEADLINE_H

#include "../core/handle.h"

typedef struct Deadline Deadline;

/* After ms milliseconds calls the function on top with the ChildProcess at `child`. Holds the loop. [-1] */
Deadline *deadline_start(lua_State *L, int child, uint64_t ms);

/* Not needed any more: nothing is called. Once. */
void deadline_stop(Deadline *d);

#endif
