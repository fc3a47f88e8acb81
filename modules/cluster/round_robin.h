/* SPDX-License-Identifier: MIT */
/* round_robin.h - who gets which connection: the queue of one listening socket, without Lua and libuv.
 *
 * A member is a worker that serves this socket. It is offered one connection at a time, the member that
 * has been free longest first, and is free again when it has answered. Until then the connection is
 * owned here, so that one refused, or offered to a member that goes, is offered to the next. A member
 * that refuses rests until round_robin_wake: one that is full is not asked again at once. */
#ifndef MOONFORK_ROUND_ROBIN_H
#define MOONFORK_ROUND_ROBIN_H

#include "../core/list.h"

typedef struct RoundRobin RoundRobin;

typedef struct Connection {
  List link;            /* in waiting, in no list while offered */
  int fd;               /* owns */
} Connection;

typedef enum MemberState { MEMBER_FREE, MEMBER_BUSY, MEMBER_RESTING, MEMBER_RETIRED } MemberState;

/* Embedded in the struct of a worker's part in a socket. */
typedef struct Member {
  List link;            /* in free or resting, in no list while busy */
  MemberState state;
  Connection *offered;  /* owns; NULL unless busy, or retired while it was */
} Member;

struct RoundRobin {
  List waiting, free, resting;
  unsigned nwaiting;
  /* Sends the descriptor of m->offered to the member's worker; false when it cannot be reached any
   * more. May not call back into the queue. */
  bool (*offer)(RoundRobin *rr, Member *m);
};

void round_robin_init(RoundRobin *rr, bool (*offer)(RoundRobin *rr, Member *m));

/* Closes the connections that wait. Members must have left. */
void round_robin_close(RoundRobin *rr);

/* A connection has come. Takes fd; false, fd closed, when memory is short. */
bool round_robin_push(RoundRobin *rr, int fd);

void round_robin_join(RoundRobin *rr, Member *m);

/* The member is offered nothing more, but may still answer. */
void round_robin_retire(Member *m);

/* The member is gone; what it has not answered waits again, in front of the others. */
void round_robin_leave(RoundRobin *rr, Member *m);

/* The member's answer to what it was offered: accepted means that the descriptor lives on there. */
void round_robin_answer(RoundRobin *rr, Member *m, bool accepted);

/* Closes a connection that no queue holds. */
void connection_close(Connection *c);

/* Those that rest are free again. */
void round_robin_wake(RoundRobin *rr);

#endif
