/* SPDX-License-Identifier: MIT */
/* attach.h - the views at the prompt: its collector, and the full screen over the line being typed.
 *
 * Main thread only. */
#ifndef MOONFORK_VIEWS_ATTACH_H
#define MOONFORK_VIEWS_ATTACH_H

#include "screen.h"
#include "../prompt.h"

/* The collector of this run, started when it is first asked for; NULL when nothing is traced. */
Live *views_live(Repl *repl);

/* Gives the terminal to the full screen; the line being typed comes back when it ends. False, with the
 * reason said, where that cannot be. only: the pid that it is about, 0: all. */
bool views_open(Repl *repl, ScreenMode mode, int level, int only);

/* Appends everything about the process that the word names; false, with the reason, when there is none. */
bool views_inspect(Repl *repl, const char *word, StrBuf *out, char *why, size_t size);

/* The prompt ends: a full screen ends first. Before the collector does. */
void views_close(void);

#endif
