/* SPDX-License-Identifier: MIT */
/* live.h - the collector: a thread with a loop of its own that keeps a Model up to date.
 *
 * It runs no Lua, so a prompt that is blocked shows what goes on all the same. One per process at most. */
#ifndef MOONFORK_LIVE_H
#define MOONFORK_LIVE_H

#include <uv.h>
#include "model.h"

typedef struct Live Live;

/* Starts the thread for the folder (an open descriptor, which it duplicates, and its name). NULL with *err
 * a negative uv error. */
Live *live_start(int dirfd, const char *dir, int *err);

/* Ends the thread and frees the model. */
void live_stop(Live *live);

/* The collector that runs in this process, NULL. Main thread. */
Live *live_running(void);

/* The model, which stands still until it is released. Any thread; hold it shortly. */
const Model *live_hold(Live *live);
void live_release(Live *live);

/* Asks for a look at rings and /proc now, and returns when it has been made (at most 300 ms). Not from the
 * collector's thread. */
void live_refresh(Live *live);

/* The same, with another ceiling: where more depends on it than what a terminal shows a moment later. */
void live_settle(Live *live, unsigned ms);

/* Reads a folder once, without a thread: rings, and /proc as far as processes live. The caller frees it. */
Model *live_read(int dirfd, const char *dir, int *err);
void live_free(Model *model);

/* The collector's loop, for the page's server; `fn` runs on its thread, with the model held, and has ended
 * when live_run_there returns. From another thread: not while the model is held. Who has handles on the
 * loop closes them before live_stop. */
uv_loop_t *live_loop(Live *live);
int live_run_there(Live *live, void (*fn)(Live *live, void *ctx), void *ctx);

/* Called on the collector's thread after each change of the model (10 a second at most; after a request
 * more), the model held. At most 8; fn NULL: not any more the one with this ctx. */
void live_on_change(Live *live, void (*fn)(Live *live, void *ctx), void *ctx);

#endif
