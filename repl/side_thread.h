/* SPDX-License-Identifier: MIT */
/* side_thread.h - the program's own threads beside Lua: signals are the main thread's, so they take none. */
#ifndef MOONFORK_SIDE_THREAD_H
#define MOONFORK_SIDE_THREAD_H

#include <uv.h>

/* As uv_thread_create, with all signals blocked from the thread's first moment. 0 or a negative uv error. */
int side_thread_start(uv_thread_t *thread, uv_thread_cb fn, void *arg);

#endif
