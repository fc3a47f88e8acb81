/* SPDX-License-Identifier: MIT */
/* utf8.h - strict UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
 *
 * Pure functions over pointer + length. What is invalid is cut as the WHATWG
 * decoder and Node cut it: one U+FFFD for each maximal prefix of a valid
 * sequence, else one for each byte. */
#ifndef MOONFORK_UTF8_H
#define MOONFORK_UTF8_H

#include "strbuf.h"

#include <stdint.h>

/* The length of the longest prefix that is valid and ends on a character. */
size_t utf8_valid_prefix(const char *s, size_t n);
bool utf8_valid(const char *s, size_t n);

/* Bytes of the first character (1-4), its code point in *cp; 0 when it is invalid,
 * unfinished, or n is 0. */
int utf8_decode(const char *s, size_t n, uint32_t *cp);

/* Bytes written (1-4); a surrogate or a number above U+10FFFF is written as U+FFFD. */
int utf8_encode(uint32_t cp, char out[4]);

/* Appends s with all that is invalid replaced. */
void utf8_sanitize(StrBuf *out, const char *s, size_t n);

/* How many bytes at the end (0-3) are the valid start of an unfinished character:
 * what a decoder of chunks holds back for the next one. */
size_t utf8_incomplete_tail(const char *s, size_t n);

#endif
