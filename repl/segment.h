/* SPDX-License-Identifier: MIT */
/* segment.h - the prompt's counts: `[2p 1t]`, red and with a `!` where one of them is blocked.
 *
 * Children are counted by child_process itself, threads and what is blocked by the collector, whose thread
 * wakes the prompt when that changes. Without tracing there is no collector: children are counted alone. */
#ifndef MOONFORK_SEGMENT_H
#define MOONFORK_SEGMENT_H

#include "prompt.h"

/* Starts the collector of this run, when it is traced, and looks at it from now on. */
void segment_start(Repl *repl);

/* Before the runtime ends. Ends the collector, too. */
void segment_stop(void);

/* The segment with its brackets and colours (for ed_set_prompt); "" when there is nothing to count. */
void segment_text(Repl *repl, char *text, size_t size);

#endif
