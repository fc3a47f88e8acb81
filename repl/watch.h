/* SPDX-License-Identifier: MIT */
/* watch.h - Ctrl-C at the prompt while a callback never returns.
 *
 * While the prompt is shown Ctrl-C is a key, and keys are read by the loop, which such a callback keeps
 * busy. A thread notices and reads the keys in its place: Ctrl-C interrupts the callback, the others
 * are typed once the loop is back. Main thread only. */
#ifndef MOONFORK_WATCH_H
#define MOONFORK_WATCH_H

#include "../modules/core/runtime.h"

/* Starts the thread for the terminal that the editor has open. Returns 0 or a uv error. */
int watch_start(Runtime *rt);
void watch_stop(void);

/* The loop turns again: keys that were typed meanwhile reach the editor. Cheap when there are none. */
void watch_back(void);

/* Keys that somebody else has read, for whoever gets them first: this thread, or the loop. Any thread. */
void watch_hand(const char *keys, size_t len);

/* The prompt is shown (keys are ours) or not. */
void watch_prompt(bool shown);

#endif
