/* SPDX-License-Identifier: MIT */
/* frame.c - cuts a stream of bytes into messages; see frame.h.
 *
 * Returned messages are skipped by moving `start`. The rest is moved to the front only
 * when it is no longer than what lies before it, so a byte is moved at most as
 * often as one is consumed: linear altogether. */
#include "frame.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
  FIRST_CAP = 4096,
  KEEP_CAP = 1 << 20, /* an empty buffer larger than this is given back */
  PREFIX = 4          /* bytes of a length */
};

void frame_init(Frame *frame, FrameKind kind) {
  *frame = (Frame){ .kind = kind, .limit = FRAME_LIMIT };
}

static void release(Frame *frame) {
  free(frame->buf);
  frame->buf = NULL;
  frame->cap = frame->start = frame->end = frame->scanned = 0;
}

void frame_free(Frame *frame) {
  release(frame);
}

static void compact(Frame *frame) {
  size_t pending = frame->end - frame->start;
  if (frame->start == 0 || pending > frame->start) return;
  memmove(frame->buf, frame->buf + frame->start, pending);
  frame->scanned -= frame->start;
  frame->start = 0;
  frame->end = pending;
}

static bool grow(Frame *frame, size_t want) {
  size_t cap = frame->cap ? frame->cap : FIRST_CAP;
  if (want > SIZE_MAX / 4 - frame->end) return false;
  while (cap - frame->end < want) cap *= 2;
  char *buf = realloc(frame->buf, cap);
  if (!buf) return false;
  frame->buf = buf;
  frame->cap = cap;
  return true;
}

bool frame_space(Frame *frame, size_t want, char **p, size_t *n) {
  if (want == 0) want = 1;
  if (frame->start == frame->end) {
    frame->start = frame->end = frame->scanned = 0;
  } else if (frame->cap - frame->end < want) {
    compact(frame);
  }
  if (frame->cap - frame->end < want && !grow(frame, want)) return false;
  *p = frame->buf + frame->end;
  *n = frame->cap - frame->end;
  return true;
}

void frame_commit(Frame *frame, size_t n) {
  assert(n <= frame->cap - frame->end);
  frame->end += n;
}

bool frame_feed(Frame *frame, const char *bytes, size_t len) {
  char *p;
  size_t room;
  if (len == 0) return true;
  if (!frame_space(frame, len, &p, &room)) return false;
  memcpy(p, bytes, len);
  frame_commit(frame, len);
  return true;
}

size_t frame_pending(const Frame *frame) {
  return frame->end - frame->start;
}

static FrameResult too_long(Frame *frame) {
  release(frame);
  frame->too_long = true;
  return FRAME_TOO_LONG;
}

static FrameResult next_line(Frame *frame, const char **msg, size_t *len) {
  char *from = frame->buf + frame->scanned;
  char *stop = memchr(from, '\n', frame->end - frame->scanned);
  size_t size = (stop ? (size_t)(stop - frame->buf) : frame->end) - frame->start;

  if (size > frame->limit) return too_long(frame);
  if (!stop) {
    frame->scanned = frame->end;
    return FRAME_MORE;
  }
  *msg = frame->buf + frame->start;
  *len = size;
  frame->start += size + 1;
  frame->scanned = frame->start;
  return FRAME_MESSAGE;
}

static FrameResult next_length(Frame *frame, const char **msg, size_t *len) {
  const unsigned char *head = (const unsigned char *)frame->buf + frame->start;
  size_t have = frame->end - frame->start;

  if (have < PREFIX) return FRAME_MORE;
  size_t size = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
  if (size > frame->limit) return too_long(frame);
  if (have - PREFIX < size) return FRAME_MORE;
  *msg = frame->buf + frame->start + PREFIX;
  *len = size;
  frame->start += PREFIX + size;
  frame->scanned = frame->start;
  return FRAME_MESSAGE;
}

FrameResult frame_next(Frame *frame, const char **msg, size_t *len) {
  if (frame->too_long) {
    frame->start = frame->end = frame->scanned = 0; /* what came after it is of no use */
    return FRAME_TOO_LONG;
  }
  if (frame->start == frame->end) {
    if (frame->cap > KEEP_CAP) release(frame);
    return FRAME_MORE;
  }
  return frame->kind == FRAME_LINES ? next_line(frame, msg, len) : next_length(frame, msg, len);
}
