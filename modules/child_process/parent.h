/* SPDX-License-Identifier: MIT */
/* parent.h - the child's end of the channel: process.send and its kin. */
#ifndef MOONFORK_PARENT_H
#define MOONFORK_PARENT_H

#include "ipc.h"

/* Gives `process` the channel that ipc_claim found; nothing to do in a process that was not forked. [0] */
void parent_open(lua_State *L);

/* That channel, NULL where there is none; it may be closed. */
Channel *parent_find_channel(lua_State *L);

#endif
