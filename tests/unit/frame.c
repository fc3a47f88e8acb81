/* SPDX-License-Identifier: MIT */
/* frame.c - messages out of a stream, however it is chopped. */
#include "core/frame.h"
#include "tap.h"

#include <stdint.h>
#include <stdlib.h>

/* Takes all that is ready; adds "<message>" of each to text. */
static FrameResult drain(Frame *frame, char *text, size_t size) {
  const char *msg;
  size_t len;
  FrameResult result;
  while ((result = frame_next(frame, &msg, &len)) == FRAME_MESSAGE) {
    size_t used = strlen(text);
    snprintf(text + used, size - used, "<%.*s>", (int)len, msg);
  }
  return result;
}

static void lines(void) {
  static const char stream[] = "{}\n\n{\"a\":1}\nlonger message here\ntail";
  for (size_t chunk = 1; chunk <= sizeof stream - 1; chunk++) {
    Frame frame;
    char text[128] = "";
    frame_init(&frame, FRAME_LINES);
    for (size_t at = 0; at < sizeof stream - 1; at += chunk) {
      size_t n = sizeof stream - 1 - at < chunk ? sizeof stream - 1 - at : chunk;
      if (!frame_feed(&frame, stream + at, n)) break;
      drain(&frame, text, sizeof text);
    }
    is_text(text, "<{}><><{\"a\":1}><longer message here>", "lines in chunks of %zu", chunk);
    ok(frame_pending(&frame) == 4, "the unfinished one waits");
    frame_free(&frame);
  }
}

static void lengths(void) {
  static const char stream[] = "\0\0\0\3abc\0\0\0\0\0\0\0\5a\nb\0c\0\0\0\2x";
  size_t total = sizeof stream - 1;
  for (size_t chunk = 1; chunk <= total; chunk++) {
    Frame frame;
    size_t sizes[4] = { 0 }, count = 0, len;
    const char *msg;
    bool same = true;
    frame_init(&frame, FRAME_LENGTHS);
    for (size_t at = 0; at < total; at += chunk) {
      frame_feed(&frame, stream + at, total - at < chunk ? total - at : chunk);
      while (count < 4 && frame_next(&frame, &msg, &len) == FRAME_MESSAGE) {
        if (count == 2) same = len == 5 && memcmp(msg, "a\nb\0c", 5) == 0;
        sizes[count++] = len;
      }
    }
    ok(count == 3 && sizes[0] == 3 && sizes[1] == 0 && sizes[2] == 5 && same,
       "lengths in chunks of %zu", chunk);
    ok(frame_pending(&frame) == 5, "the unfinished one waits");
    frame_free(&frame);
  }
}

static void limits(void) {
  Frame frame;
  char text[64] = "";
  frame_init(&frame, FRAME_LINES);
  frame.limit = 4;
  frame_feed(&frame, "1234\n12345\n1\n", 13);
  ok(drain(&frame, text, sizeof text) == FRAME_TOO_LONG, "a line beyond the limit");
  is_text(text, "<1234>", "one of just the limit passes");
  frame_feed(&frame, "1\n", 2);
  ok(drain(&frame, text, sizeof text) == FRAME_TOO_LONG, "the stream stays dead");
  ok(frame_pending(&frame) == 0, "and gathers nothing");
  frame_free(&frame);

  frame_init(&frame, FRAME_LINES);
  frame.limit = 4;
  frame_feed(&frame, "1234", 4);
  ok(drain(&frame, text, sizeof text) == FRAME_MORE, "the limit reached, no end yet");
  frame_feed(&frame, "5", 1);
  ok(drain(&frame, text, sizeof text) == FRAME_TOO_LONG, "is passed before the line ends");
  frame_free(&frame);

  frame_init(&frame, FRAME_LENGTHS);
  frame.limit = 4;
  frame_feed(&frame, "\0\0\0\4abcd\377\377\377\377", 12);
  text[0] = '\0';
  ok(drain(&frame, text, sizeof text) == FRAME_TOO_LONG, "a length beyond the limit");
  is_text(text, "<abcd>", "is refused before its bytes come");
  frame_free(&frame);
  frame_free(&frame);
}

static void receiving(void) {
  Frame frame;
  char *p, text[64] = "";
  size_t n;
  frame_init(&frame, FRAME_LINES);
  ok(frame_space(&frame, 10, &p, &n) && n >= 10, "room to receive");
  memcpy(p, "ab\ncd", 5);
  frame_commit(&frame, 5);
  ok(drain(&frame, text, sizeof text) == FRAME_MORE, "more to come");
  ok(frame_space(&frame, 65536, &p, &n) && n >= 65536, "more room");
  memcpy(p, "e\n", 2);
  frame_commit(&frame, 2);
  drain(&frame, text, sizeof text);
  is_text(text, "<ab><cde>", "received in place");
  ok(!frame_space(&frame, SIZE_MAX - 4, &p, &n), "an impossible size is refused");
  ok(frame_feed(&frame, "x\n", 2) && frame_pending(&frame) == 2, "which changes nothing");
  frame_free(&frame);
}

/* 64 MiB in pieces of 64 KiB: quadratic scanning would be 32 GiB of memchr. */
static void large(void) {
  enum { PIECE = 65536, PIECES = 1024 };
  Frame frame;
  char *piece = malloc(PIECE);
  const char *msg;
  size_t len = 0;
  bool good = true;
  memset(piece, 'x', PIECE);
  frame_init(&frame, FRAME_LINES);
  for (int i = 0; i < PIECES; i++) {
    good = good && frame_feed(&frame, piece, PIECE) && frame_next(&frame, &msg, &len) == FRAME_MORE;
    good = good && frame.scanned == frame.end;
  }
  ok(good, "each byte is scanned once");
  frame_feed(&frame, "\n", 1);
  ok(frame_next(&frame, &msg, &len) == FRAME_MESSAGE && len == (size_t)PIECE * PIECES,
     "a large one");
  ok(frame_next(&frame, &msg, &len) == FRAME_MORE && frame.cap == 0, "its memory is given back");
  frame_free(&frame);
  free(piece);
}

/* A reader that never quite catches up must not let the buffer grow. */
static void steady(void) {
  Frame frame;
  const char *msg;
  size_t len, most = 0;
  frame_init(&frame, FRAME_LINES);
  frame_feed(&frame, "half", 4);
  bool good = true;
  for (int i = 0; i < 100000; i++) {
    frame_feed(&frame, "way\nhalf", 8);
    good = good && frame_next(&frame, &msg, &len) == FRAME_MESSAGE && len == 7 &&
           memcmp(msg, "halfway", 7) == 0;
    if (frame.cap > most) most = frame.cap;
  }
  ok(good, "a hundred thousand messages across chunks");
  ok(most <= 4096, "in one small buffer");
  frame_free(&frame);
}

int main(void) {
  lines();
  lengths();
  limits();
  receiving();
  large();
  steady();
  return tap_end();
}
