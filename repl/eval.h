/* SPDX-License-Identifier: MIT */
/* eval.h - one line of the prompt: compiled, run, its values or its error shown. */
#ifndef MOONFORK_EVAL_H
#define MOONFORK_EVAL_H

#include "prompt.h"

/* Runs the text as line repl->number + 1. */
void eval_line(Repl *repl, const char *text, size_t len);

#endif
