/* SPDX-License-Identifier: MIT */
/* message.h - a value on its way to another state: a structured clone, and what cannot be bytes of it.
 *
 * A Message owns its parts: Stores (copied, shared or moved) and the ends of channels. One that nobody
 * takes gives them back. Any thread may hold or free it; packing and unpacking is done on the thread of
 * the state. */
#ifndef MOONFORK_MESSAGE_H
#define MOONFORK_MESSAGE_H

#include "../buffer/buffer.h"
#include "../core/list.h"
#include "../core/runtime.h"
#include "channel.h"

typedef struct Part {
  Store *store;        /* owns a reference */
  End *end;            /* or this; NULL once it is unpacked */
} Part;

struct Message {
  List link;
  int kind;            /* what the two sides agree on; 0: a user's value */
  bool internal;       /* none of a user's, for the flight recorder */
  uint32_t from;       /* the thread that has posted it */
  uint32_t number;     /* of its channel's direction, from 1; see end_post */
  uint64_t due;        /* held back until then (slow.h); 0: not asked for yet */
  uint64_t tag;        /* which of its questions this is or answers */
  const char *bytes;   /* in `room`, or a block of its own */
  size_t len;
  Part *parts;         /* owns */
  size_t nparts;
  char *block;         /* owns; NULL */
  char *words;         /* owns; what the flight recorder shows of it, NULL */
  char room[];
};

/* Packs the value at idx. transfer: index of the list of what is moved (nil or 0: nothing, { transfer =
 * list } will do); source: index of the port it is posted to, 0: none. What is in the list is empty or
 * closed here afterwards; when it raises (DataCloneError, ERR_INVALID_TRANSFER_OBJECT, ...) nothing is.
 * The caller owns the result. [0] */
Message *message_pack(lua_State *L, int idx, int transfer, int source);

/* Pushes the value; m keeps nothing that is worth more than message_free. Raises. [+1] */
void message_unpack(lua_State *L, Message *m);

/* The same protected: false, and the error pushed, where it cannot be read. [+1] */
bool message_try_unpack(lua_State *L, Message *m);

/* What the body of message_enter gets as light userdata. */
typedef struct Delivery {
  void *owner;
  Message *message;
} Delivery;

/* Posts it, which the flight recorder is told where it runs: the value that was packed is at idx (0: none), and
 * goes to this thread (-1: the one at the other end). own: end is the caller's own, not one of a list in which
 * all threads post. Takes m. */
typedef struct Posting {
  int idx, thread;
  bool own;
} Posting;
void message_post(lua_State *L, End *end, Message *m, Posting posting);

/* The next message that is due, as end_take_due, which the recorder is told. */
Message *message_take(Runtime *rt, End *end);

/* The end leaves this thread, or closes: the recorder's live page is told. */
void message_end_gone(Runtime *rt, const End *end);

/* Enters Lua with the message. Takes m. */
void message_enter(Runtime *rt, lua_CFunction body, void *owner, Message *m);

/* The same with the next message of the end; false: there is none, or the runtime is leaving. The body may
 * close the end. */
bool message_deliver(Runtime *rt, End *end, lua_CFunction body, void *owner);

/* A message of bytes alone, copied; NULL when memory is short. */
Message *message_new(int kind, const void *bytes, size_t len);

/* A second message of the same; NULL when memory is short. Ends of channels cannot be in it. */
Message *message_copy(const Message *m);

void message_free(Message *m);

#endif
