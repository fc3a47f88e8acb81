/* SPDX-License-Identifier: MIT */
/* host.h - the guest's session in the process that it has entered: runs its lines, tells it what they print.
 *
 * The guest gets what a line prints while it runs, and its values or error; what a callback prints later
 * goes where the output of the process goes. An error that leaves a line, or what it has queued, is shown to
 * the guest and does not end the process; one in a later callback does what it does in any script. The
 * names that lines declare stay, also for the next guest. */
#ifndef MOONFORK_INSIDE_HOST_H
#define MOONFORK_INSIDE_HOST_H

#include "link.h"

typedef struct Host Host;

/* NULL without memory. */
Host *host_new(Runtime *rt);
void host_free(Host *host);

/* A guest comes: its HELLO. False, and *why, when it may not. */
bool host_enter(Host *host, Link *link, const char *hello, size_t len, const char **why);

/* It has gone: a line that waits is cancelled. */
void host_leave(Host *host);

/* Who is in: its terminal as it said. */
const char *host_terminal(const Host *host);

/* A frame of the guest's; false for one that makes no sense. */
bool host_frame(Host *host, int kind, const char *bytes, size_t len);

#endif
