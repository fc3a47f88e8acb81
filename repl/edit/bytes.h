/* SPDX-License-Identifier: MIT */
/* bytes.h - the editor's growing byte buffer.
 *
 * A zeroed Bytes is empty and owns nothing. Without memory an editor can do
 * nothing useful (readline ends the process then, too), so growth never fails:
 * it aborts, and whoever handles fatal signals restores the terminal. */
#ifndef REPL_BYTES_H
#define REPL_BYTES_H

#include <stddef.h>

typedef struct Bytes {
  char *data; /* owned; NULL while nothing was added */
  size_t len, cap;
} Bytes;

void bytes_add(Bytes *b, const void *data, size_t len);
void bytes_str(Bytes *b, const char *text);
void bytes_char(Bytes *b, char c);
void bytes_fill(Bytes *b, char c, size_t count);
void bytes_format(Bytes *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Removes the first `count` bytes. */
void bytes_drop(Bytes *b, size_t count);
/* Makes `data` a C string; the zero is not counted in `len`. */
const char *bytes_cstr(Bytes *b);
void bytes_free(Bytes *b);

#endif
