/* SPDX-License-Identifier: MIT */
/* leave.h - the question at the end: what becomes of the children that still live. */
#ifndef MOONFORK_LEAVE_H
#define MOONFORK_LEAVE_H

#include "../prompt.h"

/* Asks, and ends the prompt by the answer. False when no child lives: there is nothing to ask. The
 * editor is stopped. */
bool leave_ask(Repl *repl);

#endif
