/* SPDX-License-Identifier: MIT */
/* target.h - a process or thread of the run that a command names: by letter, pid, #n, worker#n, "tid 3".
 *
 * A Target is a copy: it stays what it is when the process ends, and its start time tells it from another
 * process that got its pid. */
#ifndef MOONFORK_INSIDE_TARGET_H
#define MOONFORK_INSIDE_TARGET_H

#include <stdbool.h>
#include <stddef.h>

typedef struct Target {
  int pid;
  unsigned long long start; /* clock ticks since boot */
  int tid;                  /* pid: the main thread */
  unsigned thread;          /* threadId of a worker thread; 0 */
  bool door;
  bool traced;              /* it has a ring in the folder */
  char label[12];           /* what the prompt shows: "B", "412", "tid3" */
  char who[80];             /* "B (pid 412)" */
} Target;

/* Finds the process, or thread, that the word names; false, and why in words. */
bool target_find(const char *word, Target *t, char *why, size_t size);

/* Does it live, and is it still the one? */
bool target_lives(const Target *t);

/* How it has ended ("exited with code 0", "was killed by SIGKILL"); false: it lives, or that is not known. */
bool target_ended(const Target *t, char *how, size_t size);

/* Is it blocked: for how long and, when that is known already (*placed), where; false: it is not. */
bool target_blocked(const Target *t, char *text, size_t size, bool *placed);

/* Sends the signal to that process and no other: 0 or a negative errno; ESRCH: it has ended. */
int target_signal(const Target *t, int number);

/* Calls fn with each name by which something of the run can be named, for Tab. */
void target_names(void (*fn)(void *ctx, const char *name, size_t len), void *ctx);

#endif
