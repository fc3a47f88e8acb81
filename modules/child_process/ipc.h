/* SPDX-License-Identifier: MIT */
/* ipc.h - the message channel between a parent and a child, in Node's format: a JSON text a line over
 * a socket pair.
 *
 * A Channel is the object `channel` of its owner, a ChildProcess or `process`; it emits `message`,
 * `disconnect` and `error` from the owner, and keeps the owner alive while it is open. */
#ifndef MOONFORK_IPC_H
#define MOONFORK_IPC_H

#include "../core/handle.h"

typedef struct Channel Channel;

extern const ClassDef channel_class;

/* Creates a channel for the emitter at idx, not yet connected. ended runs (protected) when the channel
 * has closed. [+1] */
Channel *channel_new(lua_State *L, int owner, void (*ended)(lua_State *L, int owner));

uv_stream_t *channel_stream(Channel *ch);

/* Connects it to an open descriptor of our own; 0 or a uv error. */
int channel_adopt(Channel *ch, int fd);

/* Begins to read; 0 or a uv error. from_parent: this is the child's end, which holds the loop only
 * while somebody listens. */
int channel_start(Channel *ch, bool from_parent);

/* owner:send(message, sendHandle?, options?, callback?): arguments from index 2 on of the current
 * function; ch NULL: the channel is closed. The owner is at 1. */
int channel_send(lua_State *L, Channel *ch);

/* Closes it; the owner emits `disconnect` on the next tick. Protected. */
void channel_shut(lua_State *L, Channel *ch);

/* owner:disconnect() */
int channel_disconnect(lua_State *L, Channel *ch);

/* A listener of the owner was added or removed: kept messages go out, the loop is held or not. */
void channel_listeners(lua_State *L, Channel *ch, int owner, const char *event, int count);

/* Takes NODE_CHANNEL_FD out of the environment before user code runs; once, at start. */
void ipc_claim(void);

/* The descriptor that ipc_claim found, -1 when this process was not forked. */
int ipc_claimed(void);

#endif
