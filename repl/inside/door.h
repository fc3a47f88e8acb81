/* SPDX-License-Identifier: MIT */
/* door.h - the way into a running process or thread: for a prompt that types lines there, and for .slow.
 *
 * Each traced thread that runs Lua has one: a unix socket in the trace folder beside its ring, one
 * descriptor on its own loop, which it does not hold. Nothing runs in a turn of the loop while nobody
 * comes. */
#ifndef MOONFORK_INSIDE_DOOR_H
#define MOONFORK_INSIDE_DOOR_H

#include "../../modules/core/runtime.h"

/* Runtime.on_traced: opens the door of this thread. Without a descriptor there is none. */
void door_open(Runtime *rt);

#endif
