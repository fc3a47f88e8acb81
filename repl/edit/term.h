/* SPDX-License-Identifier: MIT */
/* term.h - the terminal under the prompt: its modes, its size, writing to it.
 *
 * There is one controlling terminal in a process. It is opened a second time
 * here, because O_NONBLOCK belongs to the open file description: libuv sets it
 * on what it polls, and on the shared one of descriptor 0 it would break our
 * standard output and every child's. */
#ifndef REPL_TERM_H
#define REPL_TERM_H

#include <stdbool.h>
#include <stddef.h>

/* Opens the terminal of descriptor 0 and remembers its modes. Returns the
 * descriptor, or a negative errno. */
int term_open(void);
void term_close(void);

/* Keys one by one, none of them a signal. `escapes` also asks for bracketed paste. */
void term_raw(bool escapes);
/* The modes found by term_open, so that Ctrl-C is a signal again. */
void term_cooked(void);

/* Begins and ends the full screen of a view. Any thread; the same one for both. */
void term_alternate(bool on);

/* Rows to step down to leave what is painted, for term_emergency. */
void term_below(int rows);
/* Restores the terminal from a signal handler or at exit; nothing if it is cooked. */
void term_emergency(void);

/* Shows `tap` all that is written from now on, before it is; NULL ends it. */
void term_set_tap(void (*tap)(const char *data, size_t len));

void term_size(int *rows, int *columns);
/* Writes all of it, waiting when the terminal is slow; gives up when it is gone. */
void term_write(const char *data, size_t len);

#endif
