/* SPDX-License-Identifier: MIT */
/* utf8.c - fuzzes UTF-8: validity, prefix, replacement and latin1 beside a table of what may follow what;
 * what is replaced is valid, and pieces held back by a decoder of chunks join to the same text. */
// objs: modules/buffer/text.o modules/buffer/simd.o modules/buffer/simd_avx2.o modules/core/utf8.o modules/core/strbuf.o
#include "compare.h"
#include "buffer/text.h"
#include "core/utf8.h"

/* The well-formed sequences, as the Unicode standard lists them: leads, then bounds of the second. */
static const struct {
  unsigned char from, to, low, high;
  size_t len;
} forms[] = {
  { 0x00, 0x7F, 0, 0, 1 },       { 0xC2, 0xDF, 0x80, 0xBF, 2 }, { 0xE0, 0xE0, 0xA0, 0xBF, 3 },
  { 0xE1, 0xEC, 0x80, 0xBF, 3 }, { 0xED, 0xED, 0x80, 0x9F, 3 }, { 0xEE, 0xEF, 0x80, 0xBF, 3 },
  { 0xF0, 0xF0, 0x90, 0xBF, 4 }, { 0xF1, 0xF3, 0x80, 0xBF, 4 }, { 0xF4, 0xF4, 0x80, 0x8F, 4 }
};

/* Bytes of the first character or of the maximal prefix of one; cp is U+FFFD where it is none. */
static size_t first(const unsigned char *s, size_t n, uint32_t *cp) {
  *cp = 0xFFFD;
  for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
    if (s[0] < forms[f].from || s[0] > forms[f].to) continue;
    size_t len = forms[f].len;
    uint32_t v = len == 1 ? s[0] : s[0] & (0x3Fu >> (len - 1));
    for (size_t i = 1; i < len; i++) {
      unsigned char low = i == 1 ? forms[f].low : 0x80, high = i == 1 ? forms[f].high : 0xBF;
      if (i == n || s[i] < low || s[i] > high) return i;
      v = v * 64 + (s[i] - 0x80u);
    }
    *cp = v;
    return len;
  }
  return 1;
}

static size_t plain_valid(const char *s, size_t n, char *dst, size_t cap) {
  (void)dst, (void)cap;
  for (size_t i = 0; i < n;) {
    uint32_t cp;
    size_t used = first((const unsigned char *)s + i, n - i, &cp);
    if (cp == 0xFFFD && (used != 3 || memcmp(s + i, "\xEF\xBF\xBD", 3))) return 0;
    i += used;
  }
  return 1;
}

static size_t valid(const char *s, size_t n, char *dst, size_t cap) {
  (void)dst, (void)cap;
  return text_valid(s, n);
}

static size_t plain_latin1(const char *s, size_t n, char *dst, size_t cap) {
  size_t out = 0;
  for (size_t i = 0; i < n;) {
    uint32_t cp;
    i += first((const unsigned char *)s + i, n - i, &cp);
    if (cp > 0xFFFF && out < cap) dst[out++] = (char)((0xD800 + ((cp - 0x10000) >> 10)) & 255);
    if (out < cap) dst[out++] = (char)((cp > 0xFFFF ? 0xDC00 + (cp - 0x10000) % 1024 : cp) & 255);
  }
  return out;
}

static size_t plain_replaced(const char *s, size_t n, char *dst, size_t cap) {
  size_t out = 0;
  (void)cap;
  for (size_t i = 0; i < n;) {
    uint32_t cp;
    size_t used = first((const unsigned char *)s + i, n - i, &cp);
    memcpy(dst + out, cp == 0xFFFD ? "\xEF\xBF\xBD" : s + i, cp == 0xFFFD ? 3 : used);
    out += cp == 0xFFFD ? 3 : used;
    i += used;
  }
  return out;
}

static size_t replaced(const char *s, size_t n, char *dst, size_t cap) {
  StrBuf out;
  strbuf_init(&out);
  utf8_sanitize(&out, s, n);
  size_t len = out.len;
  require(!out.failed && len <= cap && utf8_valid(out.p ? out.p : "", len));
  if (len) memcpy(dst, out.p, len);
  strbuf_free(&out);
  return len;
}

/* In two pieces, the unfinished end of the first one moved to the second. */
static void in_pieces(const char *s, size_t n, size_t cut) {
  size_t tail = utf8_incomplete_tail(s, cut), whole = cut - tail;
  StrBuf all, pieces;
  strbuf_init(&all);
  strbuf_init(&pieces);
  utf8_sanitize(&all, s, n);
  utf8_sanitize(&pieces, s, whole);
  utf8_sanitize(&pieces, s + whole, n - whole);
  require(all.len == pieces.len && (!all.len || memcmp(all.p, pieces.p, all.len) == 0));
  strbuf_free(&all);
  strbuf_free(&pieces);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  size_t n = size - 1;
  compare(valid, plain_valid, data + 1, n, 0);
  compare(replaced, plain_replaced, data + 1, n, 3 * n);
  compare(latin1_from_text, plain_latin1, data + 1, n, n);
  compare(latin1_from_text, plain_latin1, data + 1, n, n * data[0] / 255);
  in_pieces((const char *)data + 1, n, n * data[0] / 255);
  return 0;
}
