/* SPDX-License-Identifier: MIT */
/* highlight.h - colours, matching brackets and indentation for half-typed Lua.
 *
 * Works on a byte buffer with the tokens of lex.h; uses no Lua state, so it can
 * run on every key. Dot-commands (`.help`), questions (`?name`) and shell lines
 * (`!ls`) of the prompt are known, too. */
#ifndef REPL_HIGHLIGHT_H
#define REPL_HIGHLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lex.h"

typedef enum HighlightAttr {
  HL_PLAIN,
  HL_KEYWORD,
  HL_STRING,
  HL_NUMBER,
  HL_COMMENT,
  HL_COMMAND, /* the command word of a prompt line */
  HL_UNKNOWN, /* a global nobody has heard of */
  HL_MATCH,   /* the bracket at the cursor and its partner */
  HL_COUNT
} HighlightAttr;

/* Is there a global of this name? Asked once for each name of a text. */
typedef bool HighlightKnown(void *ctx, const char *name, size_t len);

/* Writes one HighlightAttr for each byte. Without `known` no name is unknown;
 * names the text itself declares or assigns never are. */
void highlight(const char *text, size_t len, uint8_t *attr, HighlightKnown *known, void *ctx);

/* Marks the bracket on or just before `point` and its partner in a text whose
 * attributes are filled already. Nothing when the bracket has no partner. */
void highlight_brackets(const char *text, size_t len, size_t point, uint8_t *attr);

/* Levels of indentation a line after `text` wants: open blocks and brackets, those
 * opened on one line counted once. 0 inside a long string or comment. */
int highlight_depth(const char *text, size_t len);

/* Columns of indentation for the line that starts at `line`, where text ends at the
 * cursor; -1 to leave it. A line still empty gets its depth; `end` and the like move
 * back when their last letter is typed, and forth again when the word grows on. */
int highlight_indent(const char *text, size_t len, size_t line);

#endif
