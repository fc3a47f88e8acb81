/* SPDX-License-Identifier: MIT */
/* facts.h - what several views say of a process or a thread. Any thread. */
#ifndef MOONFORK_VIEW_FACTS_H
#define MOONFORK_VIEW_FACTS_H

#include "text.h"

/* The thread that runs its main Lua state; NULL when it is not traced. */
const LiveThread *fact_main(const LiveProc *p);

/* The newest samples of the curve, oldest first: at most `most`; returns how many. */
size_t fact_samples(const LiveSample *curve, uint64_t samples, LiveSample *out, size_t most);

/* The channel to the process that forked it; NULL: none. */
const LiveChannel *fact_channel(const Model *m, const LiveProc *p);

/* Does it hold the socket, or get connections from one who does? */
bool fact_has_socket(const LiveSocket *s, const LiveProc *p);

/* "3000*" (its own, and others have it too), "3000=A" (the one that A opened), "3000<A" (A accepts for it),
 * "-". */
Text fact_ports(const Model *m, const LiveProc *p);

/* What is worth a line of words of the process or thread: blocked, orphan, zombie, killed, stopped, ...
 * False: nothing. */
bool fact_note(const Model *m, const LiveProc *p, const LiveThread *t, char *out, size_t size);

/* The number behind the newest record that is to be shown. */
static inline uint64_t newest_record(const Model *m, const ViewSize *size) {
  return size->until && size->until < m->count ? size->until : m->count;
}

/* The colour that goes with the note. */
Style fact_style(const LiveProc *p, const LiveThread *t);

#endif
