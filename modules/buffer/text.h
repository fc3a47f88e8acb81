/* SPDX-License-Identifier: MIT */
/* text.h - text (UTF-8 in a Lua string) to and from utf8, latin1, ascii and utf16le.
 *
 * What of a text is not UTF-8 counts as U+FFFD, one for each maximal prefix of a valid sequence. Pure
 * functions, any thread. */
#ifndef MOONFORK_TEXT_H
#define MOONFORK_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* How many bytes from the front are below 0x80. */
size_t text_ascii(const char *s, size_t n);

/* Is it UTF-8? */
bool text_valid(const char *s, size_t n);

/* UTF-16 units of the text: what JavaScript calls its length. */
size_t text_units(const char *s, size_t n);

/* Text to bytes: whole characters only (latin1: whole units), at most cap. Return how many. */
size_t utf8_from_text(const char *s, size_t n, char *dst, size_t cap);
size_t latin1_from_text(const char *s, size_t n, char *dst, size_t cap);
size_t utf16_from_text(const char *s, size_t n, char *dst, size_t cap);

/* Bytes to text; dst has room for 2 n (latin1), n (ascii), n / 2 * 3 (utf16). Return its length. */
size_t latin1_to_text(const char *s, size_t n, char *dst);
size_t ascii_to_text(const char *s, size_t n, char *dst);
size_t utf16_to_text(const char *s, size_t n, char *dst);

#endif
