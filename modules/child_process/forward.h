/* SPDX-License-Identifier: MIT */
/* forward.h - a child's inherited output while a prompt is on the screen: a pipe whose bytes go to our
 * own writer, which draws them above the line being typed. */
#ifndef MOONFORK_FORWARD_H
#define MOONFORK_FORWARD_H

#include "../core/handle.h"

typedef struct Forward Forward;

/* For descriptor fd (1 or 2) of the ChildProcess at idx. Raises when it cannot be made. */
Forward *forward_new(lua_State *L, int child, int fd);

uv_stream_t *forward_stream(Forward *f);

/* The child runs: begin to read. The end of the pipe is told by child_pipe_done. */
void forward_start(Forward *f, int pid);

/* The child could not be started; nothing is told. */
void forward_close(Forward *f);

#endif
