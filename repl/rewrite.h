/* SPDX-License-Identifier: MIT */
/* rewrite.h - top-level locals of a prompt line become names of the session.
 *
 * `local x = 1` is written as an assignment to a field of the table REWRITE_TABLE, which the line gets
 * as its argument; lines keep their numbers. Works on tokens: the text must compile already. */
#ifndef MOONFORK_REWRITE_H
#define MOONFORK_REWRITE_H

#include <stdbool.h>
#include <stddef.h>
#include "edit/lex.h"
#include "../modules/core/strbuf.h"

#define REWRITE_TABLE "__session"

typedef struct Rewritten {
  int kept;      /* locals that became names of the session */
  bool constant; /* one of them was <const> */
  bool closing;  /* a <close> was left as it is: the line's end closes it */
} Rewritten;

/* Appends the text as it is to be compiled. Without any top-level local nothing is appended. */
Rewritten rewrite_locals(const char *text, size_t len, StrBuf *out);

/* 1 for a token that opens a block which `end` or `until` closes, -1 for those two, 0 for any other. */
int rewrite_block_change(const Lexer *lex, const Token *token);

#endif
