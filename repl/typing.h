/* SPDX-License-Identifier: MIT */
/* typing.h - what the editor asks while a line is typed: colours, indentation, is it complete. The hooks
 * of ed.h; ctx is the Repl. */
#ifndef MOONFORK_TYPING_H
#define MOONFORK_TYPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool typing_incomplete(void *ctx, const char *text, size_t len);
void typing_highlight(void *ctx, const char *text, size_t len, size_t point, uint8_t *attr);
int typing_indent(void *ctx, const char *text, size_t len, size_t line);

/* The value of the text, when finding it can have no effect (preview.h). */
bool typing_preview(void *ctx, const char *text, size_t len, char *out, size_t size);

/* Is the line one for the prompt itself: `.word`, `?` or `!`? */
bool typing_is_command(const char *text, size_t len);

#endif
