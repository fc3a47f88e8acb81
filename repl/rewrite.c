/* SPDX-License-Identifier: MIT */
/* rewrite.c - see rewrite.h. Only `local` outside every block is meant: blocks are counted by their
 * keywords, and a function's body and parameters lie inside its block. */
#include "rewrite.h"
#include "edit/lex.h"

#include <string.h>

enum { MOST_NAMES = 64 }; /* of one statement; more are left as they are */

typedef struct Names {
  Token name[MOST_NAMES];
  int count;
  bool constant, closing, valid;
  size_t end;   /* behind the last name or attribute */
  bool assigns; /* a '=' follows */
  Lexer after;  /* at what follows */
} Names;

static Token next_word(Lexer *lex) {
  Token token;
  do token = next_token(lex);
  while (token.kind == TOKEN_COMMENT);
  return token;
}

/* Reads `a <const>, b` behind `local`. */
static Names read_names(Lexer lex) {
  Names n = { .after = lex };
  for (;;) {
    Token token = next_word(&lex);
    if (token.kind != TOKEN_NAME || n.count == MOST_NAMES) return n;
    n.name[n.count++] = token;
    n.end = lex.pos;
    n.after = lex;
    token = next_word(&lex);
    if (token_is(&lex, &token, "<")) {
      token = next_word(&lex);
      if (token_is(&lex, &token, "close")) n.closing = true;
      else n.constant = true;
      (void)next_word(&lex);
      n.end = lex.pos;
      n.after = lex;
      token = next_word(&lex);
    }
    if (token_is(&lex, &token, ",")) continue;
    n.assigns = token.kind == TOKEN_OP && token_is(&lex, &token, "=");
    n.valid = true;
    return n;
  }
}

int rewrite_block_change(const Lexer *lex, const Token *token) {
  static const char *const opens[] = { "function", "do", "if", "repeat" };
  if (token->kind != TOKEN_KEYWORD) return 0;
  for (size_t i = 0; i < sizeof opens / sizeof *opens; i++)
    if (token_is(lex, token, opens[i])) return 1;
  return token_is(lex, token, "end") || token_is(lex, token, "until") ? -1 : 0;
}

typedef struct Writer {
  Lexer lex;
  StrBuf *out;
  size_t copied; /* of the text, so far */
  Rewritten done;
} Writer;

static void copy_to(Writer *w, size_t end) {
  if (w->done.kept == 0 && w->out->len == 0) strbuf_adds(w->out, "local " REWRITE_TABLE " = ...; ");
  strbuf_add(w->out, w->lex.text + w->copied, end - w->copied);
  w->copied = end;
}

static void put_field(Writer *w, const Token *name) {
  strbuf_adds(w->out, REWRITE_TABLE ".");
  strbuf_add(w->out, w->lex.text + name->start, name->len);
}

static void write_names(Writer *w, const Names *n) {
  for (int i = 0; i < n->count; i++) {
    if (i) strbuf_adds(w->out, ", ");
    put_field(w, &n->name[i]);
  }
  if (!n->assigns) strbuf_adds(w->out, " = nil ");
  for (size_t i = w->copied; i < n->end; i++)
    if (w->lex.text[i] == '\n') strbuf_addc(w->out, '\n');
  w->copied = n->end;
  w->lex = n->after;
  w->done.kept += n->count;
  w->done.constant |= n->constant;
}

/* At a `local` outside every block. Returns how many blocks it opens. */
static int write_local(Writer *w, const Token *local) {
  Lexer ahead = w->lex;
  Token token = next_word(&ahead);
  if (token.kind == TOKEN_KEYWORD && token_is(&ahead, &token, "function")) {
    Token name = next_word(&ahead);
    copy_to(w, local->start);
    strbuf_adds(w->out, "function ");
    put_field(w, &name);
    w->copied = ahead.pos;
    w->lex = ahead;
    w->done.kept++;
    return 1;
  }
  Names n = read_names(w->lex);
  w->done.closing |= n.closing;
  if (!n.valid || n.closing) return 0;
  copy_to(w, local->start);
  write_names(w, &n);
  return 0;
}

Rewritten rewrite_locals(const char *text, size_t len, StrBuf *out) {
  Writer w = { .lex = lexer_of(text, len), .out = out };
  int depth = 0;
  for (Token token = next_word(&w.lex); token.kind != TOKEN_END; token = next_word(&w.lex)) {
    if (token.kind == TOKEN_KEYWORD && depth == 0 && token_is(&w.lex, &token, "local")) {
      depth += write_local(&w, &token);
    } else if (token.kind == TOKEN_OP && depth == 0 && token_is(&w.lex, &token, "...")) {
      copy_to(&w, token.start); /* the line itself has no arguments */
      strbuf_adds(out, "nil");
      w.copied = w.lex.pos;
    } else {
      depth += rewrite_block_change(&w.lex, &token);
    }
  }
  if (w.done.kept > 0) copy_to(&w, len);
  return w.done;
}
