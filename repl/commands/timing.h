/* SPDX-License-Identifier: MIT */
/* timing.h - what a line takes: time, processor time, allocations. */
#ifndef MOONFORK_TIMING_H
#define MOONFORK_TIMING_H

#include "../prompt.h"

void timing_start(Repl *repl);
/* Tells what it was; nothing when it was not started. */
void timing_stop(Repl *repl);

#endif
