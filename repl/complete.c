/* SPDX-License-Identifier: MIT */
/* complete.c - see complete.h.
 *
 * The words before the cursor are read as tokens. A path `a.b:c` is followed with raw look-ups as far as
 * there are values; behind a property of an object of ours it goes on with the class that the
 * property's type names. */
#include "complete.h"
#include "candidates.h"
#include "commands/commands.h"
#include "help/docs.h"
#include "inside/target.h"
#include "known.h"
#include "lesson.h"
#include "edit/lex.h"
#include "session.h"
#include "typing.h"
#include "../modules/builtins.h"
#include "../modules/core/class.h"
#include "../modules/core/signame.h"

#include <string.h>

enum { MOST_TOKENS = 512, MOST_PARTS = 16, MOST_INDEX = 10 };

typedef struct Typed {
  const char *text;
  size_t from;              /* where Lua begins in it: behind the name of a command */
  size_t point;
  CandidateSink out;
  size_t start;            /* where the word to be replaced begins */
  Token token[MOST_TOKENS]; /* the last ones before the cursor, without comments */
  int count;
} Typed;

/* ---- tokens ---- */

static void read_tokens(Typed *t) {
  Lexer lex = lexer_of(t->text, t->point);
  lex.pos = t->from;
  for (Token token = next_token(&lex); token.kind != TOKEN_END; token = next_token(&lex)) {
    if (token.kind == TOKEN_COMMENT && !(token.open || token.start + token.len == t->point)) continue;
    if (t->count == MOST_TOKENS) {
      memmove(t->token, t->token + 1, (MOST_TOKENS - 1) * sizeof *t->token);
      t->count--;
    }
    t->token[t->count++] = token;
  }
}

static bool is_word(const Typed *t, int i, const char *word) {
  if (i < 0 || i >= t->count) return false;
  const Token *token = &t->token[i];
  return token->len == strlen(word) && !memcmp(t->text + token->start, word, token->len);
}

static bool is_kind(const Typed *t, int i, TokenKind kind) {
  return i >= 0 && i < t->count && t->token[i].kind == kind;
}

static bool is_separator(const Typed *t, int i) { return is_word(t, i, ".") || is_word(t, i, ":"); }

/* The first token of the path that ends with the name at `last`. */
static int path_start(const Typed *t, int last) {
  while (is_separator(t, last - 1) && is_kind(t, last - 2, TOKEN_NAME)) last -= 2;
  return last;
}

/* ---- following a path ---- */

typedef struct Place {
  bool found;
  const ClassDef *cls; /* the value is only known to be of this class; else it is on top of the stack */
} Place;

/* Pushes the global's value; a module or global of ours is loaded. [+1] */
static void push_global(lua_State *L, const char *name, size_t len) {
  session_push(L);
  lua_pushlstring(L, name, len);
  lua_rawget(L, -2);
  lua_remove(L, -2);
  if (!lua_isnil(L, -1)) return;
  lua_pop(L, 1);
  bool ours = known_builtin(L, name, len);
  if (ours) session_push(L);
  else lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
  lua_pushlstring(L, name, len);
  if (ours) lua_gettable(L, -2); /* our own __index */
  else lua_rawget(L, -2);
  lua_remove(L, -2);
}

/* The class that a type names: "Readable?" or "Socket|nil"; NULL when none does. */
typedef struct ByName {
  const char *name;
  size_t len;
  const ClassDef *def;
} ByName;

static void match_class(const ClassDef *def, void *ctx) {
  ByName *by = ctx;
  if (strlen(def->name) == by->len && !memcmp(def->name, by->name, by->len)) by->def = def;
}

static const ClassDef *class_of_type(lua_State *L, const char *type) {
  ByName by = { type, strcspn(type, "?|[]<"), NULL };
  class_each(L, match_class, &by);
  return by.def;
}

static const PropDef *find_prop(const ClassDef *def, const char *name, size_t len) {
  for (; def; def = def->base) {
    for (const PropDef *p = def->props; p && p->name; p++)
      if (strlen(p->name) == len && !memcmp(p->name, name, len)) return p;
    if (def->also) {
      const PropDef *p = find_prop(def->also, name, len);
      if (p) return p;
    }
  }
  return NULL;
}

/* Replaces the value on top by its field, raw, through __index tables. */
static bool step_table(lua_State *L, const char *name, size_t len) {
  for (int depth = 0; lua_istable(L, -1) && depth < MOST_INDEX; depth++) {
    lua_pushlstring(L, name, len);
    if (lua_rawget(L, -2) != LUA_TNIL) {
      lua_remove(L, -2);
      return true;
    }
    lua_pop(L, 1);
    if (luaL_getmetafield(L, -1, "__index") == LUA_TNIL) return false;
    lua_remove(L, -2);
  }
  return false;
}

static Place step(lua_State *L, Place at, const char *name, size_t len) {
  const ClassDef *def = at.cls ? at.cls : class_of(L, -1);
  if (!at.cls && lua_istable(L, -1) && step_table(L, name, len)) return at;
  if (!at.cls && lua_isuserdata(L, -1) && def && lua_getiuservalue(L, -1, UV_FIELDS) == LUA_TTABLE) {
    lua_pushlstring(L, name, len);
    if (lua_rawget(L, -2) != LUA_TNIL) return at;
    lua_pop(L, 2);
  }
  const PropDef *prop = find_prop(def, name, len);
  at.cls = prop ? class_of_type(L, prop->type) : NULL;
  at.found = at.cls != NULL;
  return at;
}

/* Follows the path of the tokens first..last; the value is left on top. */
static Place follow(lua_State *L, const Typed *t, int first, int last) {
  Place at = { .found = true };
  luaL_checkstack(L, 40, "completion");
  const Token *token = &t->token[first];
  push_global(L, t->text + token->start, token->len);
  for (int i = first + 2; i <= last && at.found; i += 2)
    at = step(L, at, t->text + t->token[i].start, t->token[i].len);
  return at;
}

/* ---- members ---- */

static void add_methods(Candidates *c, const ClassDef *def) {
  for (; def; def = def->base) {
    for (const FnDef *f = def->methods; f && f->name; f++) candidates_adds(c, f->name);
    if (def->also) add_methods(c, def->also);
  }
}

static void add_props(Candidates *c, const ClassDef *def) {
  for (; def; def = def->base) {
    for (const PropDef *p = def->props; p && p->name; p++) candidates_adds(c, p->name);
    if (def->also) add_props(c, def->also);
  }
}

static void add_events(Candidates *c, const ClassDef *def) {
  for (; def; def = def->base) {
    for (const EventDef *e = def->events; e && e->name; e++) candidates_adds(c, e->name);
    if (def->also) add_events(c, def->also);
  }
}

/* Keys of the table on top and of the tables behind it. [-1] */
static void add_table(Candidates *c, bool methods) {
  lua_State *L = c->L;
  for (int depth = 0; lua_istable(L, -1) && depth < MOST_INDEX; depth++) {
    candidates_add_keys(c, -1, methods);
    if (luaL_getmetafield(L, -1, "__index") == LUA_TNIL) break;
    lua_remove(L, -2);
  }
  lua_pop(L, 1);
}

static void add_members(Candidates *c, Place at, bool colon) {
  lua_State *L = c->L;
  const ClassDef *def = at.cls ? at.cls : class_of(L, -1);
  if (!at.cls && lua_type(L, -1) == LUA_TSTRING && colon) {
    lua_getglobal(L, "string");
    add_table(c, true);
  } else if (!at.cls && lua_istable(L, -1)) {
    lua_pushvalue(L, -1);
    add_table(c, colon);
  }
  if (!def) return;
  if (!at.cls && lua_isuserdata(L, -1)) {
    if (lua_getiuservalue(L, -1, UV_FIELDS) == LUA_TTABLE) candidates_add_keys(c, -1, colon);
    lua_pop(L, 1);
  }
  if (!colon) add_props(c, def);
  if (colon || def->singleton || def->bound || c->count == 0) add_methods(c, def);
}

static int complete_member(lua_State *L, Typed *t, int separator, Candidates *c) {
  int first = path_start(t, separator - 1);
  Place at = follow(L, t, first, separator - 1);
  if (at.found) add_members(c, at, is_word(t, separator, ":"));
  return 0;
}

/* ---- plain names ---- */

static void add_known(void *ctx, const char *name, size_t len) {
  Candidates *c = ctx;
  if (len > 1 && name[0] == '_' && c->len == 0) return;
  candidates_add(c, name, len);
}

static void complete_name(lua_State *L, Typed *t, Candidates *c) {
  static const char *const keywords[] = { "and", "break", "do", "else", "elseif", "end", "false", "for",
                                          "function", "goto", "if", "in", "local", "nil", "not", "or",
                                          "repeat", "return", "then", "true", "until", "while" };
  for (size_t i = 0; i < sizeof keywords / sizeof *keywords && c->len > 0; i++)
    candidates_adds(c, keywords[i]);
  known_each(L, add_known, c);
  for (int i = 0; i + 1 < t->count; i++)
    if (t->token[i].kind == TOKEN_NAME && !is_separator(t, i - 1))
      candidates_add(c, t->text + t->token[i].start, t->token[i].len);
}

/* ---- strings ---- */

/* The '(' of the call in whose arguments token `at` stands, -1 when it stands in none. */
static int enclosing_call(const Typed *t, int at) {
  int depth = 0;
  for (int i = at - 1; i >= 0; i--) {
    if (is_word(t, i, ")") || is_word(t, i, "}") || is_word(t, i, "]")) depth++;
    else if (is_word(t, i, "(") || is_word(t, i, "{") || is_word(t, i, "[")) {
      if (depth-- == 0) return is_word(t, i, "(") && is_kind(t, i - 1, TOKEN_NAME) ? i : -1;
    }
  }
  return -1;
}

static bool is_one_of(const Typed *t, int i, const char *const *words) {
  for (; *words; words++)
    if (is_word(t, i, *words)) return true;
  return false;
}

/* Events of the object: before `:on(`, or the first argument of events.once(c, ". */
static void complete_event(lua_State *L, Typed *t, int open, int string, Candidates *c) {
  int last = open - 3, first;
  if (is_word(t, string - 1, ",") && is_kind(t, string - 2, TOKEN_NAME)) last = string - 2;
  else if (!is_separator(t, open - 2) || !is_kind(t, last, TOKEN_NAME)) return;
  first = path_start(t, last);
  Place at = follow(L, t, first, last);
  if (at.found) add_events(c, at.cls ? at.cls : class_of(L, -1));
}

static void add_modules(Candidates *c) {
  if (c->len && strchr("./", *c->prefix)) {
    candidates_add_files(c);
    return;
  }
  for (const ModuleDef *const *m = builtin_modules; *m; m++)
    if (strcmp((*m)->name, "_G")) candidates_adds(c, (*m)->name);
}

/* In a string that is not closed. Returns whether the candidates are in a good order already. */
static bool complete_string(lua_State *L, Typed *t, Candidates *c) {
  static const char *const listening[] = { "on", "once", "off", "emit", "addListener", "removeListener",
                                           "prependListener", "prependOnceListener", "listenerCount",
                                           "listeners", "removeAllListeners", NULL };
  static const char *const encoding[] = { "toString", "from", "setEncoding", "byteLength", "write",
                                          "setDefaultEncoding", NULL };
  static const char *const encodings[] = { "utf8", "hex", "base64", "base64url", "latin1", "ascii",
                                           "binary", "utf16le", "ucs2", NULL };
  int string = t->count - 1, open = enclosing_call(t, string), name = open - 1;
  if (is_word(t, string - 1, "require") || (open >= 0 && is_word(t, name, "require"))) {
    add_modules(c);
  } else if (open >= 0 && is_one_of(t, name, listening)) {
    complete_event(L, t, open, string, c);
  } else if ((open >= 0 && is_word(t, name, "kill")) || is_word(t, string - 2, "killSignal")) {
    for (const SignalName *s = signal_names; s->name; s++) candidates_adds(c, s->name);
  } else if (open >= 0 && is_one_of(t, name, encoding)) {
    for (const char *const *e = encodings; *e; e++) candidates_adds(c, *e);
  } else {
    if (c->len) candidates_add_files(c);
    return false;
  }
  return true;
}

/* ---- options ---- */

typedef struct ByFunction {
  lua_CFunction fn;
  const OptDef *options;
} ByFunction;

static void match_function(const DocRow *row, void *ctx) {
  ByFunction *by = ctx;
  if (row->fn && row->fn->fn == by->fn) by->options = row->fn->options;
}

/* In the braces of an options table, where a key may begin: the options of the function called. */
static bool complete_option(lua_State *L, Typed *t, int at, Candidates *c) {
  int depth = 0, brace = at - 1;
  if (!is_word(t, brace, "{") && !is_word(t, brace, ",")) return false;
  for (; brace >= 0; brace--) {
    if (is_word(t, brace, "}") || is_word(t, brace, ")")) depth++;
    if ((is_word(t, brace, "{") || is_word(t, brace, "(")) && depth-- == 0) break;
  }
  if (!is_word(t, brace, "{")) return false;
  int open = enclosing_call(t, brace);
  if (open < 0) return false;
  Place place = follow(L, t, path_start(t, open - 1), open - 1);
  ByFunction by = { place.found && !place.cls ? lua_tocfunction(L, -1) : NULL, NULL };
  if (by.fn) docs_each(L, match_function, &by);
  for (const OptDef *o = by.options; o && o->name; o++) candidates_adds(c, o->name);
  return by.options && c->count > 0;
}

/* ---- lines for the prompt ---- */

static void add_lessons(Candidates *c) {
  Lessons all;
  if (lessons_read(&all) != 0) return;
  for (size_t i = 0; i < all.count; i++) candidates_adds(c, all.list[i].name);
  lessons_free(&all);
}

static void add_doc(const DocRow *row, void *ctx) { candidates_adds(ctx, row->name); }

/* Commands that name a process. */
static bool takes_process(const char *name, size_t len) {
  static const char *const names[] = { "cont", "i",    "in",   "kill", "lanes", "log",
                                        "loop", "mem", "pool", "ports", "slow", "stop", "taps", "threads" };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strlen(names[i]) == len && !memcmp(names[i], name, len)) return true;
  return false;
}

/* Commands that take -f: those of the views. */
static bool follows(const char *name, size_t len) {
  for (const CommandDef *d = command_defs; d->name; d++)
    if (strlen(d->name) == len && !memcmp(d->name, name, len)) return strstr(d->args, "[-f]") != NULL;
  return false;
}

static bool named(const char *name, size_t len, const char *const *words) {
  for (; *words; words++)
    if (strlen(*words) == len && !memcmp(*words, name, len)) return true;
  return false;
}

static void add_words(Candidates *c, const char *const *words) {
  for (; *words; words++) candidates_adds(c, *words);
}

/* The words that a command knows; behind an option of .set its values. */
static void add_choices(const Typed *t, const char *name, size_t len, Candidates *c) {
  static const struct { const char *name, *words[6]; } choices[] = {
    { "info", { "memory", "loop", "limits", "procs", NULL } },
    { "set", { "children", "numbers", "preview", NULL } },
    { "record", { "off", NULL } },
    { "inspect", { "off", NULL } },
    { "trace", { "on", "off", "log", NULL } },
  };
  static const char *const switches[] = { "on", "off", NULL };
  bool second = strspn(name + len, " ") < (size_t)(t->text + t->start - (name + len));
  if (second && len == 3 && !memcmp(name, "set", 3)) add_words(c, switches);
  for (size_t i = 0; i < sizeof choices / sizeof *choices && !second; i++)
    if (strlen(choices[i].name) == len && !memcmp(choices[i].name, name, len)) add_words(c, choices[i].words);
}

static void complete_lua(lua_State *L, Typed *t);

static void complete_command(lua_State *L, Typed *t) {
  static const char *const files[] = { "load", "save", "edit", "record", "transcript", NULL };
  static const char *const lines[] = { "time", "type", NULL }, *const texts[] = { "doc", "help", NULL };
  static const char *const of_lessons[] = { "lesson", "node", "present", NULL };
  Candidates c;
  size_t at = strspn(t->text, " \t"), word = at + 1;
  const char *name = t->text + word;
  size_t len = strcspn(name, " \n");
  size_t arg = t->point;
  while (arg > word && !strchr(" (", t->text[arg - 1])) arg--;
  t->start = arg > word ? arg : word;
  candidates_open(&c, L, t->text + t->start, t->point - t->start);
  bool first = t->start == word && t->text[at] == '.';
  bool member = len == 1 && *name == 'i' && strcspn(t->text + t->start, ".:[\"'") < t->point - t->start;
  if (t->text[at] == '.' && !first && (member || named(name, len, lines))) {
    t->from = word + len;
    complete_lua(L, t);
    return;
  }
  if (t->text[at] == '?') {
    while (t->start < t->point && strchr("?.", t->text[t->start])) t->start++;
    candidates_open(&c, L, t->text + t->start, t->point - t->start);
    docs_each(L, add_doc, &c);
  } else if (first) {
    for (const CommandDef *d = command_defs; d->name; d++) candidates_adds(&c, d->name);
  } else if (t->text[at] == '!') {
    candidates_add_files(&c);
  } else if (named(name, len, of_lessons)) {
    add_lessons(&c);
  } else if (takes_process(name, len) || follows(name, len)) {
    if (takes_process(name, len)) target_names(add_known, &c);
    if (len == 1 && *name == 'i') known_each(L, add_known, &c);
    if (follows(name, len)) candidates_adds(&c, "-f");
  } else if (named(name, len, texts)) {
    docs_each(L, add_doc, &c);
  } else {
    add_choices(t, name, len, &c);
    if (named(name, len, files)) candidates_add_files(&c);
  }
  candidates_give(&c, t->out, true);
}

/* ---- the line ---- */

static void complete_lua(lua_State *L, Typed *t) {
  Candidates c;
  read_tokens(t);
  int last = t->count - 1;
  if (is_kind(t, last, TOKEN_COMMENT)) return;
  if (is_kind(t, last, TOKEN_STRING) && t->token[last].open) {
    t->start = t->token[last].start + 1;
    candidates_open(&c, L, t->text + t->start, t->point - t->start);
    bool ordered = complete_string(L, t, &c);
    candidates_give(&c, t->out, !ordered);
    return;
  }
  bool in_word = (is_kind(t, last, TOKEN_NAME) || is_kind(t, last, TOKEN_KEYWORD)) &&
                 t->token[last].start + t->token[last].len == t->point;
  int before = in_word ? last - 1 : last;
  t->start = in_word ? t->token[last].start : t->point;
  candidates_open(&c, L, t->text + t->start, t->point - t->start);
  if (is_separator(t, before) && is_kind(t, before - 1, TOKEN_NAME)) complete_member(L, t, before, &c);
  else if (!is_separator(t, before) && !complete_option(L, t, before + 1, &c)) complete_name(L, t, &c);
  candidates_give(&c, t->out, true);
}

static int complete_body(lua_State *L) {
  Typed *t = lua_touserdata(L, 1);
  if (typing_is_command(t->text, t->point)) complete_command(L, t);
  else complete_lua(L, t);
  return 0;
}

size_t complete_text(Runtime *rt, const char *text, size_t point, CandidateSink to) {
  Typed typed = { .text = text, .point = point, .out = to, .start = point };
  (void)guarded(rt, complete_body, &typed);
  return typed.start;
}

static void give_to_editor(void *ctx, const char *word, size_t len) { ed_candidate(ctx, word, len); }

size_t complete_line(void *ctx, const char *text, size_t len, size_t point, EdList *out) {
  Repl *repl = ctx;
  (void)len;
  return complete_text(repl->rt, text, point, (CandidateSink){ give_to_editor, out });
}
