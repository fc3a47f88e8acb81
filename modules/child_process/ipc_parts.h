/* SPDX-License-Identifier: MIT */
/* ipc_parts.h - what the files of a channel share: ipc.c (life and reading), ipc_send.c (writing),
 * ipc_handle.c (descriptors). */
#ifndef MOONFORK_IPC_PARTS_H
#define MOONFORK_IPC_PARTS_H

#include "ipc.h"
#include "ipc_link.h"
#include "../core/trace.h"

/* User values of a channel's object: messages nobody has listened to yet; a buffer to encode into; what
 * ipc_handle.c counts. */
enum { CHANNEL_KEPT = UV_CLASS, CHANNEL_SPARE, CHANNEL_SOCKETS, CHANNEL_VALUES = 3 };

/* The descriptor that was sent last, until the other side has acknowledged it. */
typedef struct Passing {
  bool waiting;
  int fd;       /* a socket that has left its object, kept for another try; -1: none */
  int message;  /* pin of the wrapped message, for that; 0: none */
  int tries;
  int spare;    /* acknowledgements that may come beside the one awaited: see passing_refused */
} Passing;

/* What the record of a user's message will say that has come and was not delivered yet. */
typedef struct ChannelNote {
  uint32_t mid;
  uint8_t flags, text_len;
  int64_t bytes, slow; /* slow: ns that .slow holds it back */
  char text[TRACE_TEXT + 1]; /* one more than is shown: then it is known that it was cut */
} ChannelNote;

struct Channel {
  Handle base;
  IpcLink link;
  int far_fd;          /* the child's end until it runs; -1 */
  int owner;           /* pin of the owner while open */
  bool advanced;
  bool from_parent;    /* the child's end */
  bool leaving;        /* disconnect was called: closes when all is written */
  bool user_ref, held; /* ref() or unref() was called, and which: nothing else decides any more */
  int listeners;       /* of `message` and `disconnect` on the owner */
  int counted;         /* refCounted() less unrefCounted() */
  size_t limit;
  uint64_t trace_id;   /* of its records; 0: none */
  uint32_t sent, received; /* frames of all kinds, as both ends count them: the mid of a record */
  uint32_t told;       /* how many wait to be written, as the live page has it */
  ChannelNote *notes;  /* of messages on their way to a listener, oldest first; owns */
  uint32_t first_note, pending, room; /* where the oldest lies, how many there are, space for how many */
  bool noted;          /* note is that of the message that is being read */
  ChannelNote note;
  const char *why;     /* why it ends, for its last record; NULL: not known yet */
  Passing passing;
  List waiting;        /* of Held: what was sent after a descriptor */
  int nwaiting;
  void (*ended)(lua_State *L, int owner);
};

/* ---- ipc.c ---- */

/* What came from the other side makes no sense: tells it and closes. text is on top. [-1] */
void channel_fail(lua_State *L, Channel *ch);

/* Closes the channel; `disconnect` comes on the next tick. Protected. */
void channel_end(lua_State *L, Channel *ch);

/* Closes it when disconnect has asked for that and nothing waits any more; brings the events that are
 * waited for and the hold on the loop in step. Protected. */
void channel_settle(lua_State *L, Channel *ch);

/* Pushes a value that owns the descriptor until an internal message takes it along. [+1] */
void channel_push_fd(lua_State *L, int fd);

/* Queues message and handle, which are on top, for the owner: a `message`, or an internal one. [-2] */
void channel_queue_message(lua_State *L, Channel *ch, int channel, int owner, bool internal);

/* Is the table at idx one of the protocol's own? *cmd borrows from it. */
bool ipc_is_internal(lua_State *L, int idx, const char **cmd);

void ipc_on_poll(uv_poll_t *poll, int status, int events);

/* ---- ipc_send.c ---- */

/* The kernel may take more: writes what waits, tells the callbacks on ticks. Protected. */
void channel_flush(lua_State *L, Channel *ch);

/* Drops all that waits; callbacks get an error. Protected. */
void channel_drop_all(lua_State *L, Channel *ch);

/* The same for a channel that is freed: nobody is told. */
void channel_free_waiting(Channel *ch);

/* Answers a NODE_HANDLE. */
void channel_acknowledge(lua_State *L, Channel *ch, bool received);

/* An acknowledgement (or refusal) has come, which was awaited. The owner is at the index. */
void channel_acknowledged(lua_State *L, Channel *ch, int owner, bool received);

/* Hands the error on top (nil: none) to the callback at cb, or to the owner, on the next tick. [-1] */
void channel_report(lua_State *L, int owner, int cb);

/* ---- ipc_trace.c: what the flight recorder is told; asked for where TRACING ---- */

/* TRACE_INTERNAL, TRACE_HANDLE of the message at idx, as it travels. */
unsigned channel_trace_flags(lua_State *L, int idx);

/* Frame number ch->sent is about to be written or queued, with fd (-1: none). Its message is at idx; 0: it is
 * at hand no more, and these are its flags. */
void channel_trace_sent(lua_State *L, Channel *ch, const StrBuf *frame, int idx, unsigned flags, int fd);

/* Frame number ch->received has come; its message is at idx. cmd: when it is one of the protocol's own, which
 * is recorded at once. A user's is noted: received it is when the listener gets it. */
void channel_trace_received(lua_State *L, Channel *ch, const char *s, size_t len, int idx, const char *cmd);

/* The note is kept while its message is on its way; false: there is no memory for that. */
bool channel_trace_keep_note(Channel *ch);

/* The listener gets the message with this number now; or nobody does, and the note of ch was not kept. */
void channel_trace_delivered(Channel *ch, uint32_t mid);
void channel_trace_undelivered(Channel *ch);

/* fd has come with it. */
void channel_trace_handle(lua_State *L, Channel *ch, int idx, int fd);

/* It is a connection. */
void channel_trace_passed(lua_State *L, int fd);

/* What waits to be written has changed. */
void channel_trace_live(Channel *ch);

/* The channel ends. */
void channel_trace_end(Channel *ch);

/* ---- ipc_handle.c ---- */

/* What goes with a message. */
typedef struct Parcel {
  int fd;       /* -1: the message travels alone */
  bool owned;   /* fd is the channel's until it is acknowledged */
  bool counted; /* a socket that a server has accepted */
  int err;      /* it cannot be sent: a uv error */
} Parcel;

/* Is the value at idx something that can be sent? */
bool handle_can_send(lua_State *L, int idx);

/* Pushes what to send for the message and the handle at the indices: the wrapped message, or the message
 * itself when the handle has nothing to give (fd -1). [+1] */
Parcel handle_wrap(lua_State *L, int message, int handle, bool keep_open);

/* The message is encoded and nothing can raise before it is written: a socket that is not kept open
 * leaves its object, parcel->fd is then owned. 0 or a uv error. */
int handle_leave(lua_State *L, int handle, Parcel *parcel);

/* After handle_leave: it has left for the channel; ch NULL: it could not be written. */
void handle_left(lua_State *L, Channel *ch, int handle, Parcel parcel);

/* A NODE_HANDLE message at `wrapper` has come with fd, which is taken. */
void handle_received(lua_State *L, Channel *ch, int owner, int channel, int wrapper, int fd);

/* ---- ipc_sockets.c ---- */

/* The socket at the index, whose key is on top, has arrived. */
void sockets_arrived(lua_State *L, int channel, int socket);

/* A socket of the server is about to leave its object: `close` waits until it is known where it went. */
void sockets_leaving(lua_State *L, int server);

/* The socket, for which sockets_leaving was called, has left for the channel; NULL: for nowhere. */
void sockets_left(lua_State *L, int socket, Channel *ch);

/* A message of the protocol about sockets that were passed. */
void handle_counts(lua_State *L, Channel *ch, int channel, int message, const char *cmd);

/* The channel is closing: nobody will answer any more. */
void sockets_end(lua_State *L, int channel);

#endif
