/* SPDX-License-Identifier: MIT */
/* text.c - see text.h. Runs of ASCII are taken at one go: that is most of what texts are made of. */
#include "text.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>
#include "core/utf8.h"
#include "simd.h"

static bool is_ascii(char c) { return !((unsigned char)c & 0x80); }

size_t text_ascii(const char *s, size_t n) {
  size_t i = simd()->ascii(s, n);
  for (uint64_t word; n - i >= sizeof word; i += sizeof word) {
    memcpy(&word, s + i, sizeof word);
    if (word & UINT64_C(0x8080808080808080)) break;
  }
  while (i < n && is_ascii(s[i])) i++;
  return i;
}

/* Copies eight bytes; returns how many of them are ASCII before the first that is not. */
static size_t copy_eight(const char *s, char *dst) {
  uint64_t word, high;
  memcpy(&word, s, sizeof word);
  memcpy(dst, &word, sizeof word);
  high = le64toh(word) & UINT64_C(0x8080808080808080);
  return high ? (size_t)__builtin_ctzll(high) / 8 : 8;
}

bool text_valid(const char *s, size_t n) {
  size_t known = simd()->utf8(s, n);
  return utf8_valid(s + known, n - known);
}

/* The next character of the text; what is not UTF-8 is U+FFFD. Returns the bytes it takes. */
static size_t next_char(const char *s, size_t n, uint32_t *cp) {
  int used = utf8_decode(s, n, cp);
  if (used > 0) return (size_t)used;
  *cp = 0xFFFD;
  size_t len = 1; /* the maximal prefix of a valid sequence is one error */
  while (len < 3 && len < n && utf8_incomplete_tail(s, len + 1) == len + 1) len++;
  return len;
}

size_t text_units(const char *s, size_t n) {
  size_t i = text_ascii(s, n), units = i;
  while (i < n) {
    uint32_t cp;
    i += next_char(s + i, n - i, &cp);
    units += cp > 0xFFFF ? 2 : 1;
  }
  return units;
}

/* ---- text to bytes ---- */

size_t utf8_from_text(const char *s, size_t n, char *dst, size_t cap) {
  if (n > cap) {
    n = cap;
    n -= utf8_incomplete_tail(s, n);
  }
  memcpy(dst, s, n);
  return n;
}

/* U+0080 to U+00FF is one byte behind C2 or C3. */
static bool is_latin1(const char *s, size_t n) {
  return n >= 2 && ((unsigned char)s[0] & 0xFE) == 0xC2 && ((unsigned char)s[1] & 0xC0) == 0x80;
}

/* The bytes for one character, at most cap >= 1; *i goes past it. */
static size_t latin1_char(const char *s, size_t n, size_t *i, char *dst, size_t cap) {
  uint32_t cp;
  if (is_latin1(s + *i, n - *i)) {
    dst[0] = (char)((unsigned char)s[*i] << 6 | ((unsigned char)s[*i + 1] & 0x3F));
    *i += 2;
    return 1;
  }
  *i += next_char(s + *i, n - *i, &cp);
  if (cp <= 0xFFFF) {
    dst[0] = (char)(cp & 0xFF);
    return 1;
  }
  cp -= 0x10000; /* two UTF-16 units, the low byte of each */
  dst[0] = (char)(cp >> 10 & 0xFF);
  if (cap == 1) return 1;
  dst[1] = (char)(cp & 0xFF);
  return 2;
}

size_t latin1_from_text(const char *s, size_t n, char *dst, size_t cap) {
  size_t out = simd()->ascii_copy(s, n < cap ? n : cap, dst), i = out;
  while (n - i >= 32 && cap - out >= 8) { /* 32 bytes of text give 8 at least: all copied are ours */
    size_t plain = copy_eight(s + i, dst + out);
    i += plain;
    out += plain;
    if (plain < 8) out += latin1_char(s, n, &i, dst + out, cap - out);
  }
  while (i < n && out < cap) {
    if (is_ascii(s[i])) dst[out++] = s[i++];
    else out += latin1_char(s, n, &i, dst + out, cap - out);
  }
  return out;
}

static void put_unit(char *dst, uint32_t unit) {
  dst[0] = (char)(unit & 0xFF);
  dst[1] = (char)(unit >> 8);
}

size_t utf16_from_text(const char *s, size_t n, char *dst, size_t cap) {
  size_t out = 0;
  for (size_t i = 0; i < n;) {
    uint32_t cp = (unsigned char)s[i];
    size_t used = cp < 0x80 ? 1 : next_char(s + i, n - i, &cp), need = cp > 0xFFFF ? 4 : 2;
    if (cap - out < need) break;
    if (need == 4) {
      put_unit(dst + out, 0xD800 + ((cp - 0x10000) >> 10));
      put_unit(dst + out + 2, 0xDC00 + ((cp - 0x10000) & 0x3FF));
    } else {
      put_unit(dst + out, cp);
    }
    i += used;
    out += need;
  }
  return out;
}

/* ---- bytes to text ---- */

size_t latin1_to_text(const char *s, size_t n, char *dst) {
  size_t out = simd()->ascii_copy(s, n, dst), i = out;
  while (i < n) {
    if (n - i >= 8) {
      size_t plain = copy_eight(s + i, dst + out);
      i += plain;
      out += plain;
      if (plain == 8) continue;
    }
    unsigned char c = (unsigned char)s[i++];
    if (c >= 0x80) dst[out++] = (char)(0xC0 | c >> 6);
    dst[out++] = (char)(c < 0x80 ? c : 0x80 | (c & 0x3F));
  }
  return out;
}

size_t ascii_to_text(const char *s, size_t n, char *dst) {
  size_t i = 0;
  for (uint64_t word; n - i >= sizeof word; i += sizeof word) {
    memcpy(&word, s + i, sizeof word);
    word &= UINT64_C(0x7F7F7F7F7F7F7F7F);
    memcpy(dst + i, &word, sizeof word);
  }
  for (; i < n; i++) dst[i] = (char)(s[i] & 0x7F);
  return n;
}

static uint32_t get_unit(const char *s) {
  return (uint32_t)(unsigned char)s[0] | (uint32_t)(unsigned char)s[1] << 8;
}

size_t utf16_to_text(const char *s, size_t n, char *dst) {
  size_t out = 0;
  n &= ~(size_t)1; /* an odd last byte is no unit */
  for (size_t i = 0; i < n; i += 2) {
    uint32_t cp = get_unit(s + i);
    char bytes[4];
    if (cp < 0x80) {
      dst[out++] = (char)cp;
      continue;
    }
    if (cp >= 0xD800 && cp < 0xDC00 && n - i >= 4) {
      uint32_t low = get_unit(s + i + 2);
      if (low >= 0xDC00 && low < 0xE000) {
        cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
        i += 2;
      }
    }
    int len = utf8_encode(cp, bytes);
    memcpy(dst + out, bytes, (size_t)len);
    out += (size_t)len;
  }
  return out;
}
