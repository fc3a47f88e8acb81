/* SPDX-License-Identifier: MIT */
/* channel.h - two ends of a way for messages, which may lie on two threads.
 *
 * Each direction is a queue with a lock. A message posted to an end comes out at the other one, in order,
 * once. An end belongs to one thread at a time: what attaches it is woken by its Ring; detached it may
 * travel inside a message, with what waits in its queue. */
#ifndef MOONFORK_CHANNEL_H
#define MOONFORK_CHANNEL_H

#include "bell.h"

typedef struct End End;
typedef struct Message Message;

/* Makes a channel; false when memory is short. told: it carries users' messages, and the flight recorder
 * tells of it. Any thread. */
bool end_pair(End **a, End **b, bool told);

/* Puts the message into the other end's queue and wakes its owner. Takes m in every case: it is dropped
 * when nobody will read it any more. The end's thread. */
void end_post(End *end, Message *m);

/* The next message, which the caller owns then; NULL when there is none now. The end's thread. */
Message *end_take(End *end);

/* The same for a runtime that may hold back users' messages (slow.h): NULL also while the next one waits,
 * and then the end's ring rings when its time has come. The end's thread. */
Message *end_take_due(Runtime *rt, End *end);

/* What has come waits no longer: end_take_due gives it now. The end's thread. */
void end_hurry(End *end);

/* Nothing waits, and nothing will come any more: the other end is closed. */
bool end_is_over(End *end);

/* Is something waiting, or has the other end been closed? */
bool end_has_news(End *end);

/* From now on news ring; at once when there is some. NULL detaches: the ring may be closed afterwards. The
 * end's thread. */
void end_attach(End *end, Ring *ring);

/* The other end is told; what waits here is dropped, what was posted arrives. Frees end. */
void end_close(End *end);

/* What the flight recorder asks. The posting side counts what it posts, the reading side what it takes. */
typedef struct EndTold {
  uint64_t id;         /* of the channel; 0: it is not told of */
  bool second;         /* this is the channel's second end */
  uint32_t posted, taken;
  int reader;          /* the thread at the other end, -1: none is there now */
} EndTold;

EndTold end_told(const End *end);

/* Are these the two ends of one channel? */
bool end_is_peer(const End *a, const End *b);

#endif
