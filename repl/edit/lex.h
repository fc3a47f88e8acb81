/* SPDX-License-Identifier: MIT */
/* lex.h - the words of Lua 5.4 in a byte buffer that may be half typed.
 *
 * It never fails and keeps no state but a position: every byte belongs to one
 * token or to the white space between two. Needs no Lua state. */
#ifndef REPL_LEX_H
#define REPL_LEX_H

#include <stdbool.h>
#include <stddef.h>

typedef enum TokenKind {
  TOKEN_END,
  TOKEN_NAME,
  TOKEN_KEYWORD,
  TOKEN_NUMBER,
  TOKEN_STRING,  /* short or long, quotes included */
  TOKEN_COMMENT, /* short or long, dashes included; a first line with #! too */
  TOKEN_OP,      /* operator or punctuation, at most three bytes */
  TOKEN_BAD      /* bytes Lua has no use for */
} TokenKind;

typedef struct Lexer {
  const char *text; /* borrowed */
  size_t len, pos;
} Lexer;

typedef struct Token {
  TokenKind kind;
  size_t start, len;
  bool open; /* a string or long comment whose end is missing */
} Token;

Lexer lexer_of(const char *text, size_t len);
Token next_token(Lexer *lex);
/* Is the token this word? (Not for strings and comments.) */
bool token_is(const Lexer *lex, const Token *token, const char *word);

#endif
