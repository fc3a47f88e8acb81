/* SPDX-License-Identifier: MIT */
/* eval.h - one line of the prompt: compiled, run, its values or its error shown.
 *
 * A line that awaits lets the prompt's loop go on; repl->waits is set until it ends or is cancelled. */
#ifndef MOONFORK_EVAL_H
#define MOONFORK_EVAL_H

#include "prompt.h"

/* Runs the text as line repl->number + 1. chunk: its name, NULL for `=moon>[number]`. */
void eval_line(Repl *repl, const char *chunk, const char *text, size_t len);

/* The same, and tells at the end what it took. */
void eval_timed(Repl *repl, const char *text, size_t len);

/* Ends the waiting of the line; what it waits for goes on. */
void eval_cancel(Repl *repl);

#endif
