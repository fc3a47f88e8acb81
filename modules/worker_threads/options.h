/* SPDX-License-Identifier: MIT */
/* options.h - the arguments of Worker(filename, options), read into a plan. */
#ifndef MOONFORK_WORKER_OPTIONS_H
#define MOONFORK_WORKER_OPTIONS_H

#include "thread.h"

/* Reads the arguments at 2 and 3. Everything that can be refused is refused here. stack index of the
 * Worker at 1. May raise: t is the caller's all the time. */
void options_read_worker(lua_State *L, Thread *t);

/* Pushes the table of the limits. [+1] */
void limits_push(lua_State *L, const ThreadLimits *limits);

/* Pushes worker_threads.SHARE_ENV, the same value each time. [+1] */
void share_env_push(lua_State *L);

#endif
