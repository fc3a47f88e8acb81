/* SPDX-License-Identifier: MIT */
/* base64.h - base64, base64url and hex, as Node reads and writes them. Pure functions, any thread. */
#ifndef MOONFORK_BASE64_H
#define MOONFORK_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* The digits for n bytes; url leaves out the padding. dst has room for (n + 2) / 3 * 4. */
size_t base64_encode(const char *s, size_t n, char *dst, bool url);

/* Digits of both alphabets; "=" ends them and anything else is passed over. At most cap bytes. */
size_t base64_decode(const char *s, size_t n, char *dst, size_t cap);

/* Two digits for each of the n bytes. */
void hex_encode(const char *s, size_t n, char *dst);

/* Ends at the first pair that is none. At most cap bytes. */
size_t hex_decode(const char *s, size_t n, char *dst, size_t cap);

#endif
