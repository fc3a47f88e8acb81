/* SPDX-License-Identifier: MIT */
/* worker.h - the class Worker: a thread as its parent sees it. */
#ifndef MOONFORK_WORKER_H
#define MOONFORK_WORKER_H

#include "../core/doc.h"

#include <stdbool.h>

extern const ClassDef worker_class;

/* The program ends with a thread that cannot be stopped, inside one call of C: nothing may be taken down
 * around it, only _exit is left. */
bool workers_abandoned(void);

#endif
