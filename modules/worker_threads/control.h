/* SPDX-License-Identifier: MIT */
/* control.h - what a thread gets from its parent besides messages: its standard input, and questions. */
#ifndef MOONFORK_WORKER_CONTROL_H
#define MOONFORK_WORKER_CONTROL_H

#include "thread.h"

/* Listens on the control channel, and makes process.stdin when the plan asks for it. On the thread. */
void control_open(lua_State *L, Thread *t);

#endif
