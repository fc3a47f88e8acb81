/* SPDX-License-Identifier: MIT */
/* cells.h - how many columns text takes on a terminal.
 *
 * UTF-8 is decoded here; the width of a character is libc's wcwidth, which
 * needs a UTF-8 LC_CTYPE. Characters libc does not know count as one column. */
#ifndef REPL_CELLS_H
#define REPL_CELLS_H

#include <stdbool.h>
#include <stddef.h>

/* One character of text[0..len), len > 0: returns its bytes, sets its columns.
 * A byte that starts no valid character is one byte, one column, *valid false. */
size_t cells_char(const char *text, size_t len, int *width, bool *valid);

/* Length of the escape sequence at text[0] == ESC; 0 when it is not finished. */
size_t cells_escape(const char *text, size_t len);

/* Bytes at the end of text that are an unfinished character or escape sequence. */
size_t cells_unfinished(const char *text, size_t len);

/* Columns of program output without line ends: escapes count nothing, a carriage
 * return goes back to column 0, a tab to the next multiple of eight. */
size_t cells_width(const char *text, size_t len);

#endif
