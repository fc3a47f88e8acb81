/* SPDX-License-Identifier: MIT */
/* json_scan.h - the run of characters that stand for themselves in a JSON string,
 * eight bytes at a time; private to json_decode.c and json_encode.c. */
#ifndef MOONFORK_JSON_SCAN_H
#define MOONFORK_JSON_SCAN_H

#include <stdint.h>
#include <string.h>

#define JSON_HIGH_BITS UINT64_C(0x8080808080808080)

/* The first '"', '\\' or control character in p..end, else end. Sets bits of
 * JSON_HIGH_BITS in *high when it passed bytes beyond ASCII. */
static inline const char *json_skip_plain(const char *p, const char *end, uint64_t *high) {
  const uint64_t ones = UINT64_C(0x0101010101010101);
  for (uint64_t word; end - p >= (ptrdiff_t)sizeof word; p += sizeof word) {
    memcpy(&word, p, sizeof word);
    uint64_t quote = word ^ ones * '"', slash = word ^ ones * '\\';
    uint64_t stop =
        ((quote - ones) & ~quote) | ((slash - ones) & ~slash) | ((word - ones * 0x20) & ~word);
    if (stop & JSON_HIGH_BITS) break;
    *high |= word;
  }
  for (; p < end; p++) {
    unsigned char c = (unsigned char)*p;
    if (c < 0x20 || c == '"' || c == '\\') break;
    *high |= c;
  }
  return p;
}

#endif
