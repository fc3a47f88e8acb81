/* SPDX-License-Identifier: MIT */
/* inside.h - the prompt's side of `.in`, and the experiments: .kill .stop .cont .slow.
 *
 * While the prompt is inside another process or thread each line goes there. While an answer is awaited
 * the prompt stays alive: keys are keys, so Ctrl-C never is a signal to the group. Main thread only. */
#ifndef MOONFORK_INSIDE_INSIDE_H
#define MOONFORK_INSIDE_INSIDE_H

#include "../edit/ed.h"
#include "../prompt.h"

/* Is the prompt inside? What it then shows behind "moon:". */
bool inside_active(void);
const char *inside_label(void);

/* Is an answer from another process awaited? */
bool inside_waits(void);

/* Ctrl-C while one is: asks to stop it. */
void inside_interrupt(Repl *repl);

/* A line, or a dot command, typed while inside; false: the command is for this prompt. */
bool inside_line(Repl *repl, const char *text, size_t len);

/* Ctrl-D, and the end of the prompt: back to where we are; a line under way there is cancelled. */
void inside_leave(Repl *repl);

/* Tab, inside: returns where the word begins. */
size_t inside_complete(const char *text, size_t len, size_t point, EdList *out);

/* experiment.c: something is under way that Ctrl-C stops watching. */
bool experiment_waits(void);
void experiment_interrupt(Repl *repl);

#endif
