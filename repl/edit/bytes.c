/* SPDX-License-Identifier: MIT */
/* bytes.c - the editor's growing byte buffer; see bytes.h. */
#include "bytes.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void bytes_reserve(Bytes *b, size_t more) {
  if (more <= b->cap - b->len) return;
  if (more > SIZE_MAX / 4 - b->len) abort();
  size_t cap = b->cap ? b->cap : 256;
  while (cap - b->len < more) cap *= 2;
  char *data = realloc(b->data, cap);
  if (!data) abort();
  b->data = data;
  b->cap = cap;
}

void bytes_add(Bytes *b, const void *data, size_t len) {
  if (!len) return;
  bytes_reserve(b, len);
  memcpy(b->data + b->len, data, len);
  b->len += len;
}

void bytes_str(Bytes *b, const char *text) {
  bytes_add(b, text, strlen(text));
}

void bytes_char(Bytes *b, char c) {
  bytes_add(b, &c, 1);
}

void bytes_fill(Bytes *b, char c, size_t count) {
  if (!count) return;
  bytes_reserve(b, count);
  memset(b->data + b->len, c, count);
  b->len += count;
}

void bytes_format(Bytes *b, const char *format, ...) {
  char text[128]; /* escapes and counters only: longer text goes through bytes_add */
  va_list args;
  va_start(args, format);
  int len = vsnprintf(text, sizeof text, format, args);
  va_end(args);
  if (len < 0 || (size_t)len >= sizeof text) abort();
  bytes_add(b, text, (size_t)len);
}

void bytes_drop(Bytes *b, size_t count) {
  if (!count) return;
  b->len -= count;
  memmove(b->data, b->data + count, b->len);
}

const char *bytes_cstr(Bytes *b) {
  bytes_reserve(b, 1);
  b->data[b->len] = '\0';
  return b->data;
}

void bytes_free(Bytes *b) {
  free(b->data);
  *b = (Bytes){ 0 };
}
