/* SPDX-License-Identifier: MIT */
/* worker_threads.h - the module worker_threads. */
#ifndef MOONFORK_WORKER_THREADS_H
#define MOONFORK_WORKER_THREADS_H

#include "../core/doc.h"

extern const ModuleDef worker_threads_module;

#endif
