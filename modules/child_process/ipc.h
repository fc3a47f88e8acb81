/* SPDX-License-Identifier: MIT */
/* ipc.h - the message channel between a parent and a child, in Node's format over a socket pair.
 *
 * A Channel is the object `channel` of its owner, a ChildProcess or `process`; it emits `message`,
 * `internalMessage`, `disconnect` and `error` from the owner, and keeps the owner alive while it is
 * open. Main-loop thread of its runtime only. */
#ifndef MOONFORK_IPC_H
#define MOONFORK_IPC_H

#include "../core/handle.h"

typedef struct Channel Channel;

extern const ClassDef channel_class;

typedef struct ChannelOptions {
  bool advanced; /* V8's format instead of JSON */
  size_t limit;  /* bytes of one message; 0: what ipc_limit says */
  uint64_t trace_id; /* what the flight recorder calls it, at both ends; 0: it does not know it */
} ChannelOptions;

/* Creates a channel for the emitter at owner, not yet connected. ended runs (protected) when the channel
 * has closed; may be NULL. [+1] */
Channel *channel_new(lua_State *L, int owner, ChannelOptions options,
                     void (*ended)(lua_State *L, int owner));

/* Connects it to a fresh socket pair, whose other end is for the child: 0 or a uv error. channel_start
 * closes the other end. The channel's object is on top. */
int channel_pair(lua_State *L, Channel *ch, int *child_fd);

/* Connects the child's end to the descriptor it was started with. */
int channel_adopt(lua_State *L, Channel *ch, int fd);

/* Begins to read; 0 or a uv error. from_parent: this is the child's end, which holds the loop only
 * while somebody listens. */
int channel_start(Channel *ch, bool from_parent);

/* The child could not be started: its end is closed, what is sent fails with EPIPE. */
void channel_abandon(Channel *ch);

/* Can messages be sent? False once disconnect was called, though the channel may still be open to write
 * what waits. */
bool channel_connected(const Channel *ch);

/* Bytes of messages that the kernel has not taken yet. */
size_t channel_queued(const Channel *ch);

/* owner:send(message, sendHandle?, options?, callback?): arguments from index 2 on of the current
 * function; ch NULL: the channel is closed. The owner is at 1. */
int channel_send(lua_State *L, Channel *ch);

/* Closes it; the owner emits `disconnect` on the next tick. Protected. */
void channel_shut(lua_State *L, Channel *ch);

/* owner:disconnect(): closes it once everything sent has been written. */
int channel_disconnect(lua_State *L, Channel *ch);

/* A listener of the owner was added or removed: kept messages go out, the loop is held or not. */
void channel_listeners(lua_State *L, Channel *ch, int owner, const char *event, int count);

/* ---- messages of the protocol, for cluster ---- */

/* Called for each message whose cmd is NODE_CLUSTER, protected, from a tick of its own, in order with
 * the messages of the user. owner, message: stack indices; fd: a descriptor that came along, which the
 * hook takes, or -1. Returns with the stack as it was. */
typedef void (*ChannelHook)(lua_State *L, Channel *ch, int owner, int message, int fd);

/* Sets the hook of this runtime; NULL: none. */
void channel_set_cluster_hook(lua_State *L, ChannelHook hook);

/* Sends the table at idx, which says its cmd, as a message of the protocol. fd (-1: none) is borrowed:
 * it may be closed on return; type says what it is ("net.Native", "dgram.Native"). False when the channel
 * is closed or cannot be written to; may raise when the message cannot be encoded. */
bool channel_send_internal(lua_State *L, Channel *ch, int idx, int fd, const char *type);

/* ---- start of the program ---- */

/* Takes NODE_CHANNEL_FD and its kin out of the environment before user code runs; once, at start. */
void ipc_claim(void);

/* The descriptor that ipc_claim found, -1 when this process was not forked; its format. */
int ipc_claimed(void);
bool ipc_claimed_advanced(void);

/* Bytes of one message unless a channel says otherwise: MOONFORK_IPC_LIMIT, else 256 MiB. */
size_t ipc_limit(void);

#endif
