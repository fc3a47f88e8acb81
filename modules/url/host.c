/* SPDX-License-Identifier: MIT */
/* host.c - hosts: names, IPv4 and IPv6 addresses, in the one form in which they are written. */
#include "parse.h"

#include <stdint.h>
#include <string.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/* Not allowed in any host; name: in those of special schemes. */
static bool is_forbidden(unsigned char c, bool name) {
  if (c == 0 || strchr("\t\n\r #/:<>?@[\\]^|", c)) return true;
  return name && (c < 0x20 || c == '%' || c == 0x7F);
}

/* ---- IPv4 ---- */

/* A number in decimal, 0octal or 0xhex, capped at 2^40; false when it is none. */
static bool read_number(const char *s, size_t len, uint64_t *n) {
  int base = 10;
  *n = 0;
  if (len == 0) return false;
  if (len >= 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) base = 16, s += 2, len -= 2;
  else if (len >= 2 && s[0] == '0') base = 8, s++, len--;
  for (size_t i = 0; i < len; i++) {
    int digit = hex_digit(s[i]);
    if (digit < 0 || digit >= base) return false;
    *n = *n * (uint64_t)base + (uint64_t)digit;
    if (*n > (uint64_t)1 << 40) *n = (uint64_t)1 << 40;
  }
  return true;
}

/* Does the last label look like a number? Then the host must be an address. */
static bool ends_in_number(const char *s, size_t len) {
  uint64_t n;
  if (len > 0 && s[len - 1] == '.') len--;
  size_t start = len;
  while (start > 0 && s[start - 1] != '.') start--;
  if (start == len) return false;
  bool digits = true;
  for (size_t i = start; i < len; i++) digits = digits && is_digit(s[i]);
  return digits || read_number(s + start, len - start, &n);
}

static UrlResult parse_ipv4(StrBuf *out, const char *s, size_t len) {
  uint64_t parts[4], address = 0;
  int n = 0;
  if (s[len - 1] == '.') len--;
  for (size_t start = 0; start <= len; n++) {
    const char *dot = memchr(s + start, '.', len - start);
    size_t end = dot ? (size_t)(dot - s) : len;
    if (n == 4 || !read_number(s + start, end - start, &parts[n])) return URL_INVALID;
    start = end + 1;
  }
  for (int i = 0; i < n - 1; i++) {
    if (parts[i] > 255) return URL_INVALID;
    address |= parts[i] << (24 - 8 * i);
  }
  if (parts[n - 1] >= (uint64_t)1 << (8 * (5 - n))) return URL_INVALID;
  address |= parts[n - 1];
  strbuf_addf(out, "%u.%u.%u.%u", (unsigned)(address >> 24), (unsigned)(address >> 16 & 255),
              (unsigned)(address >> 8 & 255), (unsigned)(address & 255));
  return URL_OK;
}

/* ---- IPv6 ---- */

/* The dotted tail: four numbers below 256 without leading zeros, up to the end. */
static bool read_dotted(const char *s, size_t len, uint16_t out[2]) {
  unsigned part[4];
  size_t i = 0;
  for (int n = 0; n < 4; n++) {
    if (n > 0 && (i == len || s[i++] != '.')) return false;
    if (i == len || !is_digit(s[i])) return false;
    size_t start = i;
    part[n] = 0;
    for (; i < len && is_digit(s[i]); i++) {
      part[n] = part[n] * 10 + (unsigned)(s[i] - '0');
      if (part[n] > 255 || (i > start && s[start] == '0')) return false;
    }
  }
  out[0] = (uint16_t)(part[0] << 8 | part[1]);
  out[1] = (uint16_t)(part[2] << 8 | part[3]);
  return i == len;
}

/* Up to four hex digits at s + *i. */
static uint16_t read_piece(const char *s, size_t len, size_t *i) {
  unsigned value = 0;
  for (int n = 0; n < 4 && *i < len && hex_digit(s[*i]) >= 0; n++)
    value = value * 16 + (unsigned)hex_digit(s[(*i)++]);
  return (uint16_t)value;
}

static bool read_ipv6(const char *s, size_t len, uint16_t piece[8]) {
  int n = 0, gap = -1;
  size_t i = 0;
  memset(piece, 0, 8 * sizeof *piece);
  if (len > 0 && s[0] == ':') {
    if (len < 2 || s[1] != ':') return false;
    i = 2;
    gap = 0;
  }
  while (i < len) {
    if (n == 8) return false;
    if (s[i] == ':') {
      if (gap >= 0) return false;
      gap = n;
      i++;
      continue;
    }
    size_t start = i;
    piece[n] = read_piece(s, len, &i);
    if (i < len && s[i] == '.') {
      if (i == start || n > 6 || !read_dotted(s + start, len - start, piece + n)) return false;
      n += 2;
      break;
    }
    n++;
    if (i == len) break;
    if (s[i] != ':' || i == start || ++i == len) return false;
  }
  if (gap < 0) return n == 8;
  if (n == 8) return false;
  memmove(piece + 8 - (n - gap), piece + gap, (size_t)(n - gap) * sizeof *piece);
  memset(piece + gap, 0, (size_t)(8 - n) * sizeof *piece);
  return true;
}

/* The first of the longest runs of two or more zeros; its start or -1. */
static int longest_zeros(const uint16_t piece[8], int *length) {
  int best = -1;
  *length = 1;
  for (int i = 0; i < 8; i++) {
    int n = 0;
    while (i + n < 8 && piece[i + n] == 0) n++;
    if (n > *length) best = i, *length = n;
    if (n > 0) i += n - 1;
  }
  return best;
}

static UrlResult parse_ipv6(StrBuf *out, const char *s, size_t len) {
  uint16_t piece[8];
  int zeros;
  if (!read_ipv6(s, len, piece)) return URL_INVALID;
  int gap = longest_zeros(piece, &zeros);
  strbuf_addc(out, '[');
  for (int i = 0; i < 8; i++) {
    if (i == gap) {
      strbuf_adds(out, i == 0 ? "::" : ":");
      i += zeros - 1;
      continue;
    }
    strbuf_addf(out, i < 7 ? "%x:" : "%x", piece[i]);
  }
  strbuf_addc(out, ']');
  return URL_OK;
}

/* ---- names ---- */

static UrlResult parse_opaque(StrBuf *out, const char *s, size_t len) {
  for (size_t i = 0; i < len; i++) {
    if (is_forbidden((unsigned char)s[i], false)) return URL_INVALID;
  }
  url_encode(out, s, len, SET_CONTROL);
  return URL_OK;
}

UrlResult url_parse_host(StrBuf *out, const char *s, size_t len, bool special) {
  if (len > 0 && s[0] == '[')
    return s[len - 1] == ']' && len > 1 ? parse_ipv6(out, s + 1, len - 2) : URL_INVALID;
  if (!special) return parse_opaque(out, s, len);
  url_decode(out, s, len);
  if (out->failed) return URL_NO_MEMORY;
  if (out->len == 0) return URL_INVALID;
  for (size_t i = 0; i < out->len; i++) {
    unsigned char c = (unsigned char)out->p[i];
    if (c >= 0x80) return URL_IDNA;
    if (is_forbidden(c, true)) return URL_INVALID;
    if (c >= 'A' && c <= 'Z') out->p[i] = (char)(c + 32);
  }
  if (!ends_in_number(out->p, out->len)) return URL_OK;
  char copy[256]; /* an address is short: more is leading zeros */
  size_t n = out->len;
  if (n > sizeof copy) return URL_INVALID;
  memcpy(copy, out->p, n);
  strbuf_clear(out);
  return parse_ipv4(out, copy, n);
}
