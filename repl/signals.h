/* SPDX-License-Identifier: MIT */
/* signals.h - the terminal is given back sane when a signal ends the program. */
#ifndef MOONFORK_REPL_SIGNALS_H
#define MOONFORK_REPL_SIGNALS_H

/* Before each prompt: signals that end the program restore the terminal first. One that a script
 * listens to, or that is ignored, stays as it is. */
void signals_guard(void);

#endif
