/* SPDX-License-Identifier: MIT */
/* lex.c - the words of Lua 5.4 in a byte buffer; see lex.h. */
#include "lex.h"

#include <string.h>

static const char *const keywords[] = {
  "and", "break", "do",  "else", "elseif", "end",    "false",  "for",  "function", "goto",  "if",
  "in",  "local", "nil", "not",  "or",     "repeat", "return", "then", "true",     "until", "while",
};

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name(char c) {
  return is_name_start(c) || is_digit(c);
}

static bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_keyword(const char *word, size_t len) {
  if (len < 2 || len > 8 || word[0] < 'a' || word[0] > 'w') return false;
  for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
    if (word[0] == keywords[i][0] && strlen(keywords[i]) == len && !memcmp(word, keywords[i], len))
      return true;
  return false;
}

Lexer lexer_of(const char *text, size_t len) {
  return (Lexer){ text, len, 0 };
}

bool token_is(const Lexer *lex, const Token *token, const char *word) {
  return token->len > 0 && lex->text[token->start] == word[0] && strlen(word) == token->len &&
         !memcmp(lex->text + token->start, word, token->len);
}

/* The byte `ahead` of the position; 0 past the end. */
static char peek(const Lexer *lex, size_t ahead) {
  return lex->pos + ahead < lex->len ? lex->text[lex->pos + ahead] : '\0';
}

/* At a '[': the number of '=' in a long bracket's opening plus one; 0 if it opens none. */
static size_t long_level(const Lexer *lex, size_t at) {
  size_t level = 1;
  if (peek(lex, at) != '[') return 0;
  while (peek(lex, at + level) == '=') level++;
  return peek(lex, at + level) == '[' ? level : 0;
}

/* Goes behind the closing bracket of this level; false if there is none. */
static bool skip_long(Lexer *lex, size_t level) {
  lex->pos += level + 1;
  while (lex->pos < lex->len) {
    const char *close = memchr(lex->text + lex->pos, ']', lex->len - lex->pos);
    if (!close) break;
    lex->pos = (size_t)(close - lex->text);
    size_t equals = 1;
    while (peek(lex, equals) == '=') equals++;
    if (equals == level && peek(lex, equals) == ']') {
      lex->pos += level + 1;
      return true;
    }
    lex->pos += equals;
  }
  lex->pos = lex->len;
  return false;
}

static void skip_line(Lexer *lex) {
  const char *end = memchr(lex->text + lex->pos, '\n', lex->len - lex->pos);
  lex->pos = end ? (size_t)(end - lex->text) : lex->len;
}

/* Behind a backslash: \z swallows white space, a line end may be of two bytes. */
static void skip_escape(Lexer *lex) {
  char c = peek(lex, 0);
  if (lex->pos < lex->len) lex->pos++;
  if (c == 'z')
    while (lex->pos < lex->len && is_space(lex->text[lex->pos])) lex->pos++;
  else if (c == '\r' && peek(lex, 0) == '\n') lex->pos++;
}

/* A string in quotes; false if its line or the text ends first. */
static bool skip_quoted(Lexer *lex) {
  char quote = lex->text[lex->pos++];
  while (lex->pos < lex->len) {
    char c = lex->text[lex->pos];
    if (c == '\n') return false;
    lex->pos++;
    if (c == quote) return true;
    if (c == '\\') skip_escape(lex);
  }
  return false;
}

/* As Lua reads them: anything that looks like part of a number belongs to it. */
static void skip_number(Lexer *lex) {
  bool hex = lex->text[lex->pos] == '0' && (peek(lex, 1) | 32) == 'x';
  char exponent = hex ? 'p' : 'e';
  if (hex) lex->pos += 2;
  while (lex->pos < lex->len) {
    char c = lex->text[lex->pos];
    if ((c | 32) == exponent) {
      lex->pos++;
      if (peek(lex, 0) == '+' || peek(lex, 0) == '-') lex->pos++;
    } else if (is_hex(c) || c == '.' || is_name(c)) {
      lex->pos++;
    } else {
      break;
    }
  }
}

static size_t op_length(const Lexer *lex) {
  char c = lex->text[lex->pos], next = peek(lex, 1);
  if (c == '.') return next != '.' ? 1 : peek(lex, 2) == '.' ? 3 : 2;
  if (next == '=' && strchr("=~<>", c)) return 2;
  if (next == c && strchr("/:<>", c)) return 2;
  return strchr("+-*/%^#&~|<>=(){}[];:,", c) ? 1 : 0;
}

static void skip_comment(Lexer *lex, Token *token) {
  size_t level = long_level(lex, 2);
  token->kind = TOKEN_COMMENT;
  if (level) {
    lex->pos += 2;
    token->open = !skip_long(lex, level);
  } else {
    skip_line(lex);
  }
}

static void skip_name(Lexer *lex, Token *token) {
  while (lex->pos < lex->len && is_name(lex->text[lex->pos])) lex->pos++;
  size_t len = lex->pos - token->start;
  token->kind = is_keyword(lex->text + token->start, len) ? TOKEN_KEYWORD : TOKEN_NAME;
}

static void skip_op(Lexer *lex, Token *token) {
  size_t len = lex->text[lex->pos] ? op_length(lex) : 0;
  token->kind = len ? TOKEN_OP : TOKEN_BAD;
  lex->pos += len ? len : 1;
}

Token next_token(Lexer *lex) {
  while (lex->pos < lex->len && is_space(lex->text[lex->pos])) lex->pos++;
  Token token = { TOKEN_END, lex->pos, 0, false };
  if (lex->pos >= lex->len) return token;
  char c = lex->text[lex->pos];
  size_t level;
  if (is_name_start(c)) {
    skip_name(lex, &token);
  } else if (is_digit(c) || (c == '.' && is_digit(peek(lex, 1)))) {
    token.kind = TOKEN_NUMBER;
    skip_number(lex);
  } else if (c == '"' || c == '\'') {
    token.kind = TOKEN_STRING;
    token.open = !skip_quoted(lex);
  } else if (c == '-' && peek(lex, 1) == '-') {
    skip_comment(lex, &token);
  } else if (c == '[' && (level = long_level(lex, 0)) > 0) {
    token.kind = TOKEN_STRING;
    token.open = !skip_long(lex, level);
  } else if (c == '#' && lex->pos == 0 && peek(lex, 1) == '!') {
    token.kind = TOKEN_COMMENT;
    skip_line(lex);
  } else {
    skip_op(lex, &token);
  }
  token.len = lex->pos - token.start;
  return token;
}
