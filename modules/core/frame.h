/* SPDX-License-Identifier: MIT */
/* frame.h - cuts a stream of bytes into messages.
 *
 * A Frame owns its buffer and looks at every byte once, so the cost of a message
 * is linear in its size however it is chopped. Fill it with frame_feed, or receive
 * straight into it with frame_space and frame_commit; then take messages with
 * frame_next until it says FRAME_MORE. One thread at a time. */
#ifndef MOONFORK_FRAME_H
#define MOONFORK_FRAME_H

#include <stdbool.h>
#include <stddef.h>

typedef enum FrameKind {
  FRAME_LINES,  /* message LF */
  FRAME_LENGTHS /* u32 big-endian length, message */
} FrameKind;

typedef enum FrameResult {
  FRAME_MESSAGE,
  FRAME_MORE,    /* no whole message yet */
  FRAME_TOO_LONG /* a message beyond the limit: the stream cannot be read any further */
} FrameResult;

#define FRAME_LIMIT ((size_t)256 << 20) /* bytes of one message, unless set otherwise */

typedef struct Frame {
  char *buf;
  size_t cap;
  size_t start, end; /* bytes not yet returned */
  size_t scanned;    /* FRAME_LINES: no LF in start..scanned */
  size_t limit;      /* largest message; may be set right after frame_init */
  FrameKind kind;
  bool too_long; /* stays set once a message was beyond the limit */
} Frame;

void frame_init(Frame *frame, FrameKind kind);
void frame_free(Frame *frame); /* and drops what is pending; may be called twice */

/* Appends a copy of the bytes; false when memory is out. */
bool frame_feed(Frame *frame, const char *bytes, size_t len);

/* Room for at least `want` bytes at *p, *n of them in fact; false when memory is
 * out. frame_commit(n) then counts n received bytes in. */
bool frame_space(Frame *frame, size_t want, char **p, size_t *n);
void frame_commit(Frame *frame, size_t n);

/* On FRAME_MESSAGE *msg borrows the message (without LF or length; may be
 * empty) until the next frame_next, frame_feed or frame_space. */
FrameResult frame_next(Frame *frame, const char **msg, size_t *len);

/* Bytes received and not yet returned: after the last FRAME_MORE, those of an
 * unfinished message. */
size_t frame_pending(const Frame *frame);

#endif
