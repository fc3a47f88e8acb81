/* SPDX-License-Identifier: MIT */
/* frame.c - fuzzes the framer against a plain reading of the same bytes. The first
 * byte chooses the kind and the limit, the second the sizes of the chunks. */
// objs: modules/core/frame.o
#include "core/frame.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void require(int cond) {
  if (!cond) abort();
}

/* What must come next from at..size. */
static FrameResult expected(FrameKind kind, size_t limit, const char *s, size_t at, size_t size,
                            size_t *from, size_t *len) {
  const unsigned char *u = (const unsigned char *)s + at;
  if (kind == FRAME_LINES) {
    const char *stop = at < size ? memchr(s + at, '\n', size - at) : NULL;
    *from = at;
    *len = stop ? (size_t)(stop - s) - at : size - at;
    if (*len > limit) return FRAME_TOO_LONG;
    return stop ? FRAME_MESSAGE : FRAME_MORE;
  }
  if (size - at < 4) return FRAME_MORE;
  *from = at + 4;
  *len = (size_t)u[0] << 24 | (size_t)u[1] << 16 | (size_t)u[2] << 8 | u[3];
  if (*len > limit) return FRAME_TOO_LONG;
  return size - *from < *len ? FRAME_MORE : FRAME_MESSAGE;
}

static void give(Frame *frame, const char *s, size_t n, int direct) {
  char *p;
  size_t room;
  if (!direct) {
    require(frame_feed(frame, s, n));
    return;
  }
  require(frame_space(frame, n, &p, &room) && room >= n);
  if (n) memcpy(p, s, n);
  frame_commit(frame, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 2) return 0;
  Frame frame;
  FrameKind kind = data[0] & 1 ? FRAME_LINES : FRAME_LENGTHS;
  size_t chunk = (size_t)(data[1] >> 1) + 1, at = 0, given = 0;
  const char *s = (const char *)data + 2;
  size -= 2;

  frame_init(&frame, kind);
  frame.limit = (size_t)(data[0] >> 1) * 16;
  while (given < size && !frame.too_long) {
    size_t n = size - given < chunk ? size - given : chunk;
    give(&frame, s + given, n, data[1] & 1);
    given += n;
    for (;;) {
      const char *msg;
      size_t len, want_from = 0, want_len = 0;
      FrameResult want = expected(kind, frame.limit, s, at, given, &want_from, &want_len);
      require(frame_next(&frame, &msg, &len) == want);
      if (want != FRAME_MESSAGE) break;
      require(len == want_len && (len == 0 || memcmp(msg, s + want_from, len) == 0));
      at = want_from + want_len + (kind == FRAME_LINES);
    }
    require(frame.too_long || frame_pending(&frame) == given - at);
  }
  frame_free(&frame);
  return 0;
}
