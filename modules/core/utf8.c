/* SPDX-License-Identifier: MIT */
/* utf8.c - strict UTF-8; see utf8.h. Everything but the ASCII run goes through
 * read_one, the only place that knows which bytes may follow which. */
#include "utf8.h"

#include <string.h>

typedef enum { CHAR_VALID, CHAR_INVALID, CHAR_UNFINISHED } CharState;

/* Reads the character at s (n > 0). *used: its bytes, or those of the maximal
 * invalid prefix (at least 1); *cp is set only when valid. */
static CharState read_one(const unsigned char *s, size_t n, uint32_t *cp, size_t *used) {
  unsigned char lead = s[0], low = 0x80, high = 0xBF; /* bounds of the next byte */
  size_t len;

  *used = 1;
  if (lead < 0x80) {
    *cp = lead;
    return CHAR_VALID;
  }
  if (lead < 0xC2 || lead > 0xF4) return CHAR_INVALID;
  len = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xED) high = 0x9F;
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;

  uint32_t value = lead & (0x7Fu >> len);
  for (size_t i = 1; i < len; i++, low = 0x80, high = 0xBF) {
    *used = i;
    if (i == n) return CHAR_UNFINISHED;
    if (s[i] < low || s[i] > high) return CHAR_INVALID;
    value = value << 6 | (s[i] & 0x3F);
  }
  *used = len;
  *cp = value;
  return CHAR_VALID;
}

static size_t ascii_prefix(const unsigned char *s, size_t n) {
  size_t i = 0;
  for (uint64_t word; n - i >= sizeof word; i += sizeof word) {
    memcpy(&word, s + i, sizeof word);
    if (word & UINT64_C(0x8080808080808080)) break;
  }
  while (i < n && s[i] < 0x80) i++;
  return i;
}

size_t utf8_valid_prefix(const char *s, size_t n) {
  const unsigned char *bytes = (const unsigned char *)s;
  size_t i = ascii_prefix(bytes, n);
  while (i < n) {
    uint32_t cp;
    size_t used;
    if (read_one(bytes + i, n - i, &cp, &used) != CHAR_VALID) break;
    i += used;
    if (used == 1) i += ascii_prefix(bytes + i, n - i);
  }
  return i;
}

bool utf8_valid(const char *s, size_t n) {
  return utf8_valid_prefix(s, n) == n;
}

int utf8_decode(const char *s, size_t n, uint32_t *cp) {
  size_t used;
  if (n == 0 || read_one((const unsigned char *)s, n, cp, &used) != CHAR_VALID) return 0;
  return (int)used;
}

int utf8_encode(uint32_t cp, char out[4]) {
  if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF)) cp = 0xFFFD;
  if (cp < 0x80) {
    out[0] = (char)cp;
    return 1;
  }
  if (cp < 0x800) {
    out[0] = (char)(0xC0 | cp >> 6);
    out[1] = (char)(0x80 | (cp & 0x3F));
    return 2;
  }
  if (cp < 0x10000) {
    out[0] = (char)(0xE0 | cp >> 12);
    out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[2] = (char)(0x80 | (cp & 0x3F));
    return 3;
  }
  out[0] = (char)(0xF0 | cp >> 18);
  out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
  out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
  out[3] = (char)(0x80 | (cp & 0x3F));
  return 4;
}

void utf8_sanitize(StrBuf *out, const char *s, size_t n) {
  while (n > 0) {
    uint32_t cp;
    size_t used, good = utf8_valid_prefix(s, n);
    strbuf_add(out, s, good);
    s += good;
    n -= good;
    if (n == 0) return;
    read_one((const unsigned char *)s, n, &cp, &used); /* not valid: the prefix ended here */
    strbuf_add(out, "\xEF\xBF\xBD", 3);
    s += used;
    n -= used;
  }
}

size_t utf8_incomplete_tail(const char *s, size_t n) {
  for (size_t back = 1; back <= 3 && back <= n; back++) {
    const unsigned char *at = (const unsigned char *)s + n - back;
    uint32_t cp;
    size_t used;
    if ((*at & 0xC0) == 0x80) continue; /* a continuation: its lead is further back */
    return read_one(at, back, &cp, &used) == CHAR_UNFINISHED ? back : 0;
  }
  return 0;
}
