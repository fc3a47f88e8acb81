/* SPDX-License-Identifier: MIT */
/* bytes.c - see bytes.h. A single byte is memchr's affair; a needle with many near hits is left to
 * memmem, which is linear whatever the bytes are. */
#include "bytes.h"

#include <string.h>
#include "simd.h"

size_t bytes_find(const char *s, size_t n, size_t from, const char *needle, size_t m) {
  const char *at;
  if (from > n || m > n - from) return BYTES_NONE;
  if (m == 1) {
    at = memchr(s + from, needle[0], n - from);
  } else {
    bool found = false;
    from += simd()->find(s + from, n - from, needle, m, &found);
    if (found) return from;
    at = memmem(s + from, n - from, needle, m);
  }
  return at ? (size_t)(at - s) : BYTES_NONE;
}

size_t bytes_find_last(const char *s, size_t n, size_t from, const char *needle, size_t m) {
  if (m > n) return BYTES_NONE;
  size_t end = n - m < from ? n - m + 1 : from + 1; /* the offsets below it are open */
  while (end > 0) {
    const char *at = memrchr(s, needle[0], end);
    if (!at) break;
    if (!memcmp(at, needle, m)) return (size_t)(at - s);
    end = (size_t)(at - s);
  }
  return BYTES_NONE;
}

void bytes_swap(char *s, size_t n, int width) {
  for (size_t i = simd()->swap(s, n, width); i < n; i += (size_t)width)
    for (int low = 0, high = width - 1; low < high; low++, high--) {
      char c = s[i + (size_t)low];
      s[i + (size_t)low] = s[i + (size_t)high];
      s[i + (size_t)high] = c;
    }
}
