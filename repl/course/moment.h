/* SPDX-License-Identifier: MIT */
/* moment.h - a run that is over as it was at the moment that says most of it.
 *
 * Most runs of a lesson are shorter than what sees sockets and threads; the records have it all. A moment is
 * a model of its own that views read: processes and threads that lived then, and what belongs to the view.
 * It has no records, and borrows the model's channels. */
#ifndef MOONFORK_COURSE_MOMENT_H
#define MOONFORK_COURSE_MOMENT_H

#include "../live/model.h"

typedef enum MomentOf {
  MOMENT_ALL,     /* everybody who ever lived, with curves and strips */
  MOMENT_PORTS,   /* each socket when it had most holders */
  MOMENT_THREADS, /* most threads, then the longest queues */
  MOMENT_POOL     /* most jobs that run or wait */
} MomentOf;

/* NULL: out of memory. The model is held as long as the moment is used. */
Model *moment_make(const Model *m, MomentOf of);
void moment_free(Model *moment);

#endif
