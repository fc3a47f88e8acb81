/* SPDX-License-Identifier: MIT */
/* compare.h - for the fuzzers of the encodings: a decoder and a plain reference get the same input, in
 * blocks of just its size, with vector kernels and without. */
#ifndef MOONFORK_COMPARE_H
#define MOONFORK_COMPARE_H

#include "buffer/simd.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Reads n bytes, writes at most cap; returns how many. */
typedef size_t (*Decode)(const char *s, size_t n, char *dst, size_t cap);

static inline void require(int cond) {
  if (!cond) abort();
}

static inline char *block(size_t n) {
  char *p = malloc(n ? n : 1);
  require(p != NULL);
  return p;
}

static inline void compare(Decode decode, Decode plain, const uint8_t *data, size_t n, size_t cap) {
  char *s = block(n), *got = block(cap), *want = block(cap);
  if (n) memcpy(s, data, n);
  size_t len = plain(s, n, want, cap);
  for (int kernels = 0; kernels < 2; kernels++) {
    simd_allow(kernels);
    require(decode(s, n, got, cap) == len && memcmp(got, want, len) == 0);
  }
  free(s);
  free(got);
  free(want);
}

#endif
