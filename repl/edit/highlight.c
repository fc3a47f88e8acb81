/* SPDX-License-Identifier: MIT */
/* highlight.c - colours and matching brackets for half-typed Lua; see highlight.h.
 *
 * Two passes over the tokens: the first fills attributes and collects the names
 * the text declares itself, the second underlines names nobody knows. Scoping is
 * not followed: a name declared anywhere in the text counts as known in all of it. */
#include "highlight.h"

#include <string.h>

enum { INDENT = 2 };

/* ---- names of one text ---- */

enum { SLOTS = 1024, MOST_NAMES = 700 };

typedef enum NameState { NAME_FREE, NAME_KNOWN, NAME_UNKNOWN } NameState;

typedef struct NameSet { /* open addressing; positions in the text, no copies */
  const char *text;
  size_t start[SLOTS], len[SLOTS];
  uint8_t state[SLOTS];
  size_t count;
} NameSet;

static size_t name_slot(const NameSet *set, const char *name, size_t len) {
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < len; i++) hash = (hash ^ (unsigned char)name[i]) * 16777619u;
  size_t slot = hash % SLOTS;
  while (set->state[slot] != NAME_FREE &&
         (set->len[slot] != len || memcmp(set->text + set->start[slot], name, len) != 0))
    slot = (slot + 1) % SLOTS;
  return slot;
}

/* A text of more names than fit gets no underlines for the rest. */
static void name_put(NameSet *set, const Token *token, NameState state) {
  size_t slot = name_slot(set, set->text + token->start, token->len);
  if (set->state[slot] != NAME_FREE || set->count >= MOST_NAMES) return;
  set->start[slot] = token->start;
  set->len[slot] = token->len;
  set->state[slot] = (uint8_t)state;
  set->count++;
}

static bool name_unknown(NameSet *set, const Token *token, HighlightKnown *known, void *ctx) {
  const char *name = set->text + token->start;
  size_t slot = name_slot(set, name, token->len);
  if (set->state[slot] == NAME_FREE) {
    if (set->count >= MOST_NAMES) return false;
    name_put(set, token, known(ctx, name, token->len) ? NAME_KNOWN : NAME_UNKNOWN);
  }
  return set->state[slot] == NAME_UNKNOWN;
}

/* ---- first pass: which names does the text declare? ---- */

typedef enum Declaring {
  DECLARING_NOTHING,
  DECLARING_LIST, /* behind `local` or `for` */
  DECLARING_HEAD, /* behind `function`, before its parameters */
  DECLARING_PARAMS
} Declaring;

enum { MOST_TARGETS = 16 };

typedef struct Declarations {
  Declaring state;
  Token target[MOST_TARGETS]; /* `a, b` of what may become `a, b = ...` */
  size_t targets;
  bool listed;  /* the last token was the comma of such a list */
  bool expects; /* DECLARING_LIST: the next name belongs to it */
} Declarations;

static void declare_name(Declarations *d, NameSet *set, const Token *token) {
  if (d->state == DECLARING_LIST && !d->expects) d->state = DECLARING_NOTHING;
  if (d->state != DECLARING_NOTHING) name_put(set, token, NAME_KNOWN);
  d->expects = false;
  if (!d->listed) d->targets = 0;
  if (d->targets < MOST_TARGETS) d->target[d->targets++] = *token;
  d->listed = false;
}

static void declare_op(Declarations *d, NameSet *set, char op, size_t len) {
  if (op == '(' && d->state == DECLARING_HEAD) d->state = DECLARING_PARAMS;
  else if (op == ')' && d->state == DECLARING_PARAMS) d->state = DECLARING_NOTHING;
  else if (d->state == DECLARING_LIST && !strchr(",<>", op)) d->state = DECLARING_NOTHING;
  d->expects = op == ',' || op == '<'; /* `local a <const>, b` */
  d->listed = op == ',' && d->targets > 0;
  if (op == '=' && len == 1)
    for (size_t i = 0; i < d->targets; i++) name_put(set, &d->target[i], NAME_KNOWN);
  if (!d->listed) d->targets = 0;
}

static void declare_token(Declarations *d, NameSet *set, const Lexer *lex, const Token *token) {
  if (token->kind == TOKEN_COMMENT) return;
  if (token->kind == TOKEN_NAME) {
    declare_name(d, set, token);
    return;
  }
  if (token->kind == TOKEN_OP) {
    declare_op(d, set, lex->text[token->start], token->len);
    return;
  }
  d->state = DECLARING_NOTHING;
  d->targets = 0;
  d->listed = false;
  d->expects = true;
  if (token->kind != TOKEN_KEYWORD) return;
  if (token_is(lex, token, "local") || token_is(lex, token, "for")) d->state = DECLARING_LIST;
  else if (token_is(lex, token, "function")) d->state = DECLARING_HEAD;
}

/* ---- the passes ---- */

static HighlightAttr attr_of(TokenKind kind) {
  switch (kind) {
  case TOKEN_KEYWORD: return HL_KEYWORD;
  case TOKEN_STRING: return HL_STRING;
  case TOKEN_NUMBER: return HL_NUMBER;
  case TOKEN_COMMENT: return HL_COMMENT;
  default: return HL_PLAIN;
  }
}

static void colour_tokens(Lexer lex, uint8_t *attr, NameSet *set) {
  Declarations d = { 0 };
  for (Token token = next_token(&lex); token.kind != TOKEN_END; token = next_token(&lex)) {
    HighlightAttr a = attr_of(token.kind);
    if (a != HL_PLAIN) memset(attr + token.start, a, token.len);
    if (set) declare_token(&d, set, &lex, &token);
  }
}

/* A name that stands for a variable: no field, method, label or attribute. */
static bool is_free_name(const Lexer *lex, const Token *before, const Token *name) {
  static const char *const never[] = { "self", "_ENV", "const", "close" };
  if (name->kind != TOKEN_NAME) return false;
  if (before->kind == TOKEN_OP &&
      (token_is(lex, before, ".") || token_is(lex, before, ":") || token_is(lex, before, "::")))
    return false;
  if (before->kind == TOKEN_KEYWORD && token_is(lex, before, "goto")) return false;
  for (size_t i = 0; i < sizeof never / sizeof *never; i++)
    if (token_is(lex, name, never[i])) return false;
  return true;
}

static void underline_unknown(Lexer lex, uint8_t *attr, NameSet *set, HighlightKnown *known,
                              void *ctx) {
  Token before = { TOKEN_END, 0, 0, false };
  for (Token token = next_token(&lex); token.kind != TOKEN_END; token = next_token(&lex)) {
    if (token.kind == TOKEN_COMMENT) continue;
    if (is_free_name(&lex, &before, &token) && name_unknown(set, &token, known, ctx))
      memset(attr + token.start, HL_UNKNOWN, token.len);
    before = token;
  }
}

/* A line for the prompt itself: returns the bytes of its command word, 0 for Lua. */
static size_t command_length(const char *text, size_t len, size_t *start) {
  size_t at = 0, end;
  while (at < len && (text[at] == ' ' || text[at] == '\t')) at++;
  *start = at;
  if (at >= len) return 0;
  if (text[at] == '?' || text[at] == '!') return 1;
  if (text[at] != '.') return 0;
  for (end = at + 1; end < len && text[end] >= 'a' && text[end] <= 'z';) end++;
  return end > at + 1 && (end == len || strchr(" \t\n", text[end])) ? end - at : 0;
}

void highlight(const char *text, size_t len, uint8_t *attr, HighlightKnown *known, void *ctx) {
  size_t start, command = command_length(text, len, &start);
  if (!len) return;
  memset(attr, HL_PLAIN, len);
  if (command) {
    memset(attr + start, HL_COMMAND, command);
    return;
  }
  NameSet set;
  Lexer lex = lexer_of(text, len);
  if (known) {
    set.text = text;
    set.count = 0;
    memset(set.state, NAME_FREE, sizeof set.state);
  }
  colour_tokens(lex, attr, known ? &set : NULL);
  if (known) underline_unknown(lex, attr, &set, known, ctx);
}

/* ---- brackets ---- */

static const char openers[] = "([{", closers[] = ")]}";

/* Code brackets have no colour of their own; those in strings and comments do. */
static bool is_bracket(char c, uint8_t attr) {
  return attr == HL_PLAIN && c && (strchr(openers, c) || strchr(closers, c));
}

/* The partner of the bracket at `at`, or `len`. */
static size_t bracket_partner(const char *text, size_t len, size_t at, const uint8_t *attr) {
  const char *open = strchr(openers, text[at]);
  char mine = text[at];
  char other = open ? closers[open - openers] : openers[strchr(closers, mine) - closers];
  size_t depth = 0;
  for (size_t i = at; i < len; open ? i++ : i--) { /* below 0 wraps round to end the loop */
    if (attr[i] != HL_PLAIN) continue;
    if (text[i] == mine) depth++;
    else if (text[i] == other && --depth == 0) return i;
  }
  return len;
}

void highlight_brackets(const char *text, size_t len, size_t point, uint8_t *attr) {
  size_t at;
  if (point < len && is_bracket(text[point], attr[point])) at = point;
  else if (point > 0 && point <= len && is_bracket(text[point - 1], attr[point - 1]))
    at = point - 1;
  else return;
  size_t partner = bracket_partner(text, len, at, attr);
  if (partner == len) return;
  attr[at] = attr[partner] = HL_MATCH;
}

/* ---- indentation ---- */

enum { MOST_OPEN = 200 }; /* deeper nesting is counted, not indented further */

typedef struct Nesting {
  int level[MOST_OPEN]; /* of the contents of each open block */
  size_t count;
  int line_level;   /* of the line being read, after the closers it begins with */
  bool line_begins; /* only closers so far on this line */
} Nesting;

static int nesting_level(const Nesting *n) {
  if (n->count == 0) return 0;
  return n->level[n->count < MOST_OPEN ? n->count - 1 : MOST_OPEN - 1];
}

static void nesting_line(Nesting *n) {
  n->line_level = nesting_level(n);
  n->line_begins = true;
}

static void nesting_open(Nesting *n) {
  if (n->count < MOST_OPEN) n->level[n->count] = n->line_level + 1;
  n->count++;
}

static void nesting_close(Nesting *n) {
  if (n->count == 0) return;
  if (n->line_begins) n->line_level = nesting_level(n) - 1;
  n->count--;
}

typedef enum NestingEffect { OPENS = 1, CLOSES = 2 } NestingEffect;

static const struct {
  const char *word;
  int effect;
} nesting_words[] = {
  { "function", OPENS }, { "do", OPENS },     { "then", OPENS },    { "repeat", OPENS },
  { "end", CLOSES },     { "until", CLOSES }, { "elseif", CLOSES }, { "else", CLOSES | OPENS },
  { "(", OPENS },        { "[", OPENS },      { "{", OPENS },       { ")", CLOSES },
  { "]", CLOSES },       { "}", CLOSES },
};

static int nesting_effect(const Lexer *lex, const Token *token) {
  if (token->kind != TOKEN_KEYWORD && token->kind != TOKEN_OP) return 0;
  for (size_t i = 0; i < sizeof nesting_words / sizeof *nesting_words; i++)
    if (token_is(lex, token, nesting_words[i].word)) return nesting_words[i].effect;
  return 0;
}

/* Reads text up to its end; false when that end is inside a long string or comment. */
static bool nesting_read(Nesting *n, const char *text, size_t len) {
  Lexer lex = lexer_of(text, len);
  size_t seen = 0; /* line ends before here are counted */
  nesting_line(n);
  for (;;) {
    Token token = next_token(&lex);
    if (token.start > seen && memchr(text + seen, '\n', token.start - seen)) nesting_line(n);
    seen = token.start;
    if (token.kind == TOKEN_END) return true;
    int effect = nesting_effect(&lex, &token);
    if (effect & CLOSES) nesting_close(n);
    else n->line_begins = false;
    if (effect & OPENS) {
      nesting_open(n);
      n->line_begins = false;
    }
    if (token.open && lex.pos == len) return false;
  }
}

int highlight_depth(const char *text, size_t len) {
  Nesting n = { 0 };
  return nesting_read(&n, text, len) ? nesting_level(&n) : 0;
}

static bool is_closer(const char *word, size_t len) {
  for (size_t i = 0; i < sizeof nesting_words / sizeof *nesting_words; i++)
    if (nesting_words[i].effect & CLOSES && strlen(nesting_words[i].word) == len &&
        !memcmp(nesting_words[i].word, word, len))
      return true;
  return false;
}

static bool begins_closer(const char *word, size_t len) {
  return len < strlen("elseif") && !memcmp("elseif", word, len);
}

/* The line's level with its closing word counted. */
static int closed_level(const char *text, size_t len) {
  Nesting n = { 0 };
  return nesting_read(&n, text, len) ? n.line_level : -1;
}

int highlight_indent(const char *text, size_t len, size_t line) {
  size_t word = line;
  while (word < len && text[word] == ' ') word++;
  size_t size = len - word, indent = word - line;
  if (size == 0) return highlight_depth(text, line) * INDENT;
  bool closes = is_closer(text + word, size);
  bool grown = !closes && size > 1 && is_closer(text + word, size - 1) && text[word] >= 'a' &&
               text[word] <= 'z' && !begins_closer(text + word, size);
  if (!closes && !grown) return -1;
  int before = highlight_depth(text, line) * INDENT;
  int closed = closed_level(text, closes ? len : len - 1) * INDENT;
  if (closed < 0) return -1;           /* in a long string */
  int from = closes ? before : closed; /* a line moved by hand stays */
  if (indent != (size_t)from) return -1;
  return closes ? closed : before;
}
