/* SPDX-License-Identifier: MIT */
/* repl.h - the prompt as main sees it. */
#ifndef MOONFORK_REPL_H
#define MOONFORK_REPL_H

#include "../modules/core/runtime.h"

/* Can there be a prompt: are standard input and output a terminal? */
bool repl_possible(void);

/* Before a script that a prompt will follow: its uncaught errors are shown and do not end the program.
 * What is global now is not the session's. False when memory is short. */
bool repl_prepare(Runtime *rt);

/* Opens the prompt and runs it to its end. Returns the exit code; rt is gone then. */
int repl_run(Runtime *rt);

#endif
