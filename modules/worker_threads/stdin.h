/* SPDX-License-Identifier: MIT */
/* stdin.h - what a thread gets from its parent besides messages: its standard input, and questions. */
#ifndef MOONFORK_WORKER_STDIN_H
#define MOONFORK_WORKER_STDIN_H

#include "thread.h"

/* Listens on the control channel, and makes process.stdin when the plan asks for it. On the thread. */
void stdin_open(lua_State *L, Thread *t);

#endif
