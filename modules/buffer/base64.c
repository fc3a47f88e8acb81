/* SPDX-License-Identifier: MIT */
/* base64.c - see base64.h. The kernels of simd.h take what they can; the rest is done here. */
#include "base64.h"

#include <stdint.h>
#include "simd.h"

/* ---- base64 ---- */

size_t base64_encode(const char *s, size_t n, char *dst, bool url) {
  static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const char *digits = url ? safe : standard;
  const unsigned char *p = (const unsigned char *)s;
  size_t i = simd()->base64_encode(s, n, dst, url);
  char *at = dst + i / 3 * 4;
  for (; n - i >= 3; i += 3) {
    uint32_t v = (uint32_t)p[i] << 16 | (uint32_t)p[i + 1] << 8 | p[i + 2];
    *at++ = digits[v >> 18];
    *at++ = digits[v >> 12 & 63];
    *at++ = digits[v >> 6 & 63];
    *at++ = digits[v & 63];
  }
  if (i < n) {
    bool two = n - i == 2;
    uint32_t v = (uint32_t)p[i] << 16 | (two ? (uint32_t)p[i + 1] << 8 : 0);
    *at++ = digits[v >> 18];
    *at++ = digits[v >> 12 & 63];
    if (two) *at++ = digits[v >> 6 & 63];
    for (int pad = two ? 1 : 2; pad > 0 && !url; pad--) *at++ = '=';
  }
  return (size_t)(at - dst);
}

/* The value of a digit and 1; 0 for what is passed over. */
static const unsigned char base64_values[256] = {
  ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
  ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
  ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
  ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
  ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
  ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
  ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
  ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63, ['-'] = 63,
  ['/'] = 64, ['_'] = 64
};

/* Reads up to four digits into *bits from s[*i] on; tells whether something was passed over. Stops
 * before "=" and the end. Returns how many. */
static int next_digits(const unsigned char *s, size_t n, size_t *i, uint32_t *bits, bool *foreign) {
  int have = 0;
  *bits = 0;
  *foreign = false;
  for (; have < 4 && *i < n && s[*i] != '='; (*i)++) {
    unsigned value = base64_values[s[*i]];
    if (value == 0) {
      *foreign = true;
      continue;
    }
    *bits = *bits << 6 | (value - 1);
    have++;
  }
  return have;
}

size_t base64_decode(const char *s, size_t n, char *dst, size_t cap) {
  const Simd *kernels = simd();
  size_t i = 0, out = 0;
  bool foreign = true; /* the kernel goes on behind what it stopped at */
  for (;;) {
    uint32_t bits;
    if (foreign) {
      size_t used = kernels->base64_decode(s + i, n - i, dst + out, cap - out);
      i += used;
      out += used / 4 * 3;
    }
    int have = next_digits((const unsigned char *)s, n, &i, &bits, &foreign);
    bits <<= 6 * (4 - have);
    for (int shift = 16; shift > 16 - (have - 1) * 8 && out < cap; shift -= 8)
      dst[out++] = (char)(bits >> shift & 0xFF);
    if (have < 4 || out == cap) return out;
  }
}

/* ---- hex ---- */

void hex_encode(const char *s, size_t n, char *dst) {
  static const char digits[] = "0123456789abcdef";
  for (size_t i = simd()->hex_encode(s, n, dst); i < n; i++) {
    unsigned char c = (unsigned char)s[i];
    dst[2 * i] = digits[c >> 4];
    dst[2 * i + 1] = digits[c & 15];
  }
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

size_t hex_decode(const char *s, size_t n, char *dst, size_t cap) {
  size_t i = simd()->hex_decode(s, n, dst, cap), out = i / 2;
  for (; n - i >= 2 && out < cap; i += 2) {
    int high = hex_digit(s[i]), low = hex_digit(s[i + 1]);
    if (high < 0 || low < 0) break;
    dst[out++] = (char)(high << 4 | low);
  }
  return out;
}
