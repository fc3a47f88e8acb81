/* SPDX-License-Identifier: MIT */
/* bytes.h - searching in bytes and reversing their order. Pure functions, any thread. */
#ifndef MOONFORK_BYTES_H
#define MOONFORK_BYTES_H

#include <stddef.h>

#define BYTES_NONE ((size_t)-1)

/* The first offset from `from` on, the last one up to `from`, where the needle (m >= 1) stands;
 * BYTES_NONE when there is none. */
size_t bytes_find(const char *s, size_t n, size_t from, const char *needle, size_t m);
size_t bytes_find_last(const char *s, size_t n, size_t from, const char *needle, size_t m);

/* Reverses the bytes of each unit of width 2, 4 or 8; n is a multiple of it. */
void bytes_swap(char *s, size_t n, int width);

#endif
