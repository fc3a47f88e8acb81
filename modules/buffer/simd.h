/* SPDX-License-Identifier: MIT */
/* simd.h - the inner loops of codec and search that vector instructions make fast.
 *
 * A kernel starts at the front and goes on as long as it finds what it is made for; it returns how
 * many bytes of its input it took, and the caller does the rest in plain C, so every result comes
 * from plain C where a kernel takes nothing. A kernel reads and writes only inside what it is given.
 * simd() picks by the processor at run time. Any thread. */
#ifndef MOONFORK_SIMD_H
#define MOONFORK_SIMD_H

#include <stdbool.h>
#include <stddef.h>

typedef struct Simd {
  const char *name;
  /* Takes a multiple of 3 bytes, writes 4 digits for each 3. */
  size_t (*base64_encode)(const char *s, size_t n, char *dst, bool url);
  /* Takes a multiple of 4 digits of either alphabet, writes 3 bytes for each 4, at most cap. */
  size_t (*base64_decode)(const char *s, size_t n, char *dst, size_t cap);
  /* Writes 2 digits for each byte it takes. */
  size_t (*hex_encode)(const char *s, size_t n, char *dst);
  /* Takes pairs of digits, writes a byte for each, at most cap. */
  size_t (*hex_decode)(const char *s, size_t n, char *dst, size_t cap);
  /* Take bytes below 0x80; the second one copies them. */
  size_t (*ascii)(const char *s, size_t n);
  size_t (*ascii_copy)(const char *s, size_t n, char *dst);
  /* Takes whole characters of valid UTF-8. */
  size_t (*utf8)(const char *s, size_t n);
  /* Reverses the bytes in units of width 2, 4 or 8, of which it takes whole ones. */
  size_t (*swap)(char *s, size_t n, int width);
  /* Looks for the needle of m >= 2 bytes. Returns how many offsets it has gone past; when the needle
   * stands at the offset returned, *found is set. It gives up early where candidates abound. */
  size_t (*find)(const char *s, size_t n, const char *needle, size_t m, bool *found);
} Simd;

const Simd *simd(void);

/* For tests: false leaves everything to plain C. */
void simd_allow(bool allowed);

/* The kernels for AVX2; NULL where the program is built for another kind of processor. */
const Simd *simd_avx2(void);

#endif
