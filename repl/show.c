/* SPDX-License-Identifier: MIT */
/* show.c - see show.h.
 *
 * An error's place is the first frame of its stack text; the caret goes under the name that its message
 * speaks of when the line has it, else under the first character. */
#include "show.h"
#include "edit/cells.h"
#include "known.h"
#include "edit/lex.h"
#include "say.h"
#include "session.h"
#include "../modules/core/error.h"
#include "../modules/core/out.h"
#include "../modules/core/source.h"
#include "../modules/inspect/inspect.h"

#include <stdlib.h>
#include <string.h>

/* ---- values ---- */

void show_value(lua_State *L, int idx, StrBuf *out) {
  InspectOptions opt = inspect_defaults;
  opt.colors = say_colours();
  inspect_append(L, idx, out, &opt);
}

void show_value_beside(lua_State *L, int idx, int column, StrBuf *out) {
  InspectOptions opt = inspect_defaults;
  opt.colors = say_colours();
  opt.break_length = column < opt.break_length / 2 ? opt.break_length - column : opt.break_length / 2;
  inspect_push(L, idx, &opt);
  const char *line = lua_tostring(L, -1);
  for (const char *end; (end = strchr(line, '\n')); line = end + 1)
    strbuf_addf(out, "%.*s\n%*s", (int)(end - line), line, column, "");
  strbuf_adds(out, line);
  lua_pop(L, 1);
}

void show_values(lua_State *L, int first, int last) {
  StrBuf *out = strbuf_new_lua(L);
  luaL_checkstack(L, 20, "too many values");
  for (int i = first; i <= last; i++) {
    if (i > first) strbuf_adds(out, "  ");
    show_value(L, i, out);
  }
  strbuf_addc(out, '\n');
  if (out->failed) luaL_error(L, "not enough memory");
  say_buffer(out);
  strbuf_free(out);
  lua_pop(L, 1);
}

/* ---- the place of an error ---- */

typedef struct Place {
  char chunk[256]; /* as shown, without @ or = */
  int line;
} Place;

/* Reads "chunk:line" that ends where `text` + len is. */
static bool read_place(const char *text, size_t len, Place *place) {
  const char *colon = len ? memrchr(text, ':', len) : NULL;
  if (!colon || (size_t)(colon - text) >= sizeof place->chunk) return false;
  memcpy(place->chunk, text, (size_t)(colon - text));
  place->chunk[colon - text] = '\0';
  place->line = atoi(colon + 1);
  return place->line > 0;
}

/* The first frame of a stack text that begins with the message. */
static bool first_frame(const char *stack, Place *place) {
  const char *at = strstr(stack, "\n    at ");
  if (!at) return false;
  at += strlen("\n    at ");
  size_t len = strcspn(at, "\n");
  const char *open = memchr(at, '(', len);
  if (open && at[len - 1] == ')') {
    len -= (size_t)(open + 1 - at) + 1;
    at = open + 1;
  }
  return read_place(at, len, place);
}

/* Pushes the line of source. [+1|0] */
static bool push_line(lua_State *L, const Place *place) {
  static const char marks[] = "=@";
  for (const char *mark = marks; *mark; mark++) {
    const char *name = lua_pushfstring(L, "%c%s", *mark, place->chunk);
    bool found = source_push_line(L, name, place->line);
    lua_remove(L, found ? -2 : -1);
    if (found) return true;
  }
  return false;
}

/* Where in the line the name stands as a word of its own; the first character when it does not. */
static size_t find_word(const char *line, const char *word, size_t *len) {
  size_t size = strlen(line);
  Lexer lex = lexer_of(line, size);
  if (*word)
    for (Token token = next_token(&lex); token.kind != TOKEN_END; token = next_token(&lex)) {
      if (!token_is(&lex, &token, word)) continue;
      *len = token.len;
      return token.start;
    }
  *len = 1;
  return strspn(line, " \t");
}

/* Adds the line, and carets under the word. */
static void add_line(lua_State *L, StrBuf *out, const Place *place, const char *word) {
  if (!push_line(L, place)) return;
  size_t len, size;
  const char *line = lua_tolstring(L, -1, &size);
  size_t start = find_word(line, word, &len);
  size_t blanks = cells_width(line, start), carets = cells_width(line + start, len);
  strbuf_adds(out, "  ");
  strbuf_add(out, line, size);
  strbuf_adds(out, "\n  ");
  for (size_t i = 0; i < blanks; i++) strbuf_addc(out, ' ');
  strbuf_adds(out, say_style(STYLE_RED));
  for (size_t i = 0; i < carets; i++) strbuf_addc(out, '^');
  strbuf_adds(out, say_style(STYLE_NONE));
  strbuf_addc(out, '\n');
  lua_pop(L, 1);
}

/* ---- what a message speaks of ---- */

/* Copies the name out of "... (global 'name')"; says what it is. */
static bool named_in(const char *message, char *name, size_t size, const char **what) {
  static const char *const kinds[] = { "global", "field", "method", "local", "upvalue" };
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    char start[16];
    (void)snprintf(start, sizeof start, "(%s '", kinds[i]);
    const char *at = strstr(message, start), *end;
    if (!at || !(end = strchr(at += strlen(start), '\''))) continue;
    if ((size_t)(end - at) >= size) return false;
    memcpy(name, at, (size_t)(end - at));
    name[end - at] = '\0';
    *what = kinds[i];
    return true;
  }
  return false;
}

static void add_suggestion(lua_State *L, StrBuf *out, const char *name, const char *what) {
  if (strcmp(what, "global") != 0 || !strcmp(name, "_")) return;
  if (known_nearest(L, name)) {
    strbuf_addf(out, "did you mean %s?\n", lua_tostring(L, -1));
    lua_pop(L, 1);
  }
}

/* ---- errors ---- */

/* Adds the message without the place that a thrown string begins with, which is shown below. */
static void add_message(StrBuf *out, const char *text, const Place *place, int column) {
  char start[300];
  int len = snprintf(start, sizeof start, "%s:%d: ", place->chunk, place->line);
  const char *at = place->line && (size_t)len < sizeof start ? strstr(text, start) : NULL;
  strbuf_adds(out, say_style(STYLE_RED));
  if (at) {
    strbuf_add(out, text, (size_t)(at - text));
    text = at + len;
  }
  if (!at && !strchr(text, '\n')) {
    say_wrap_from(out, text, 0, column);
    if (out->len && out->p[out->len - 1] == '\n') out->p[--out->len] = '\0';
  } else {
    strbuf_adds(out, text);
  }
  strbuf_adds(out, say_style(STYLE_NONE));
  strbuf_addc(out, '\n');
}

/* code, syscall and the like, on one line. */
static void add_fields(lua_State *L, StrBuf *out, int idx) {
  static const char *const names[] = { "code", "errno", "syscall", "path", "dest", "address", "port" };
  bool any = false;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    lua_pushstring(L, names[i]);
    int type = lua_rawget(L, idx);
    bool in_title = type == LUA_TSTRING && i == 0 && !strncmp(lua_tostring(L, -1), "ERR_", 4);
    if (type != LUA_TNIL && !in_title) {
      strbuf_addf(out, "%s%s = ", any ? ", " : "  { ", names[i]);
      show_value(L, lua_gettop(L), out);
      any = true;
    }
    lua_pop(L, 1);
  }
  if (any) strbuf_adds(out, " }\n");
}

/* Adds the frames of a stack text, dim. */
static void add_frames(StrBuf *out, const char *stack) {
  const char *frames = strstr(stack, "\n    at ");
  if (!frames) return;
  strbuf_adds(out, say_style(STYLE_DIM));
  strbuf_adds(out, frames + 1);
  strbuf_adds(out, say_style(STYLE_NONE));
  strbuf_addc(out, '\n');
}

/* The Error at idx, whose stack text is on top. */
static void add_error(lua_State *L, StrBuf *out, int idx, int column) {
  char name[64] = "";
  const char *what = "", *stack = lua_tostring(L, -1);
  Place place = { .line = 0 };
  (void)first_frame(stack, &place);
  const char *text = luaL_tolstring(L, idx, NULL);
  bool named = named_in(text, name, sizeof name, &what);
  add_message(out, text, &place, column);
  if (place.line) add_line(L, out, &place, name);
  add_fields(L, out, idx);
  add_frames(out, stack);
  if (named) add_suggestion(L, out, name, what);
  lua_pop(L, 1);
}

static void print_error(StrBuf *out) {
  if (!out->failed) (void)out_pass(2, out->p, out->len); /* no terminal, no prompt */
  strbuf_free(out);
}

void show_error(lua_State *L, int idx, const char *before) {
  int top = lua_gettop(L);
  luaL_checkstack(L, 30, "error");
  idx = lua_absindex(L, idx);
  StrBuf *out = strbuf_new_lua(L);
  if (before) strbuf_addf(out, "%s%s%s ", say_style(STYLE_RED), before, say_style(STYLE_NONE));
  bool is_error = err_is(L, idx);
  if (is_error) {
    lua_pushliteral(L, "stack");
    is_error = lua_rawget(L, idx) == LUA_TSTRING;
  }
  if (is_error) {
    add_error(L, out, idx, before ? (int)strlen(before) + 1 : 0);
  } else {
    if (!before) strbuf_addf(out, "%sUncaught%s ", say_style(STYLE_RED), say_style(STYLE_NONE));
    show_value(L, idx, out);
    strbuf_addc(out, '\n');
  }
  print_error(out);
  lua_settop(L, top);
}

void show_uncaught(lua_State *L, int idx) {
  const Origin *origin = &rt_of(L)->origin;
  char before[200] = "Uncaught";
  idx = lua_absindex(L, idx);
  if (origin->kind) {
    int len = snprintf(before, sizeof before, "Uncaught (in %s #%d", origin->kind, (int)origin->id);
    if (origin->source && len > 0 && (size_t)len < sizeof before)
      len += snprintf(before + len, sizeof before - (size_t)len, " created at %.100s:%d", origin->source + 1,
                      origin->line);
    if (len > 0 && (size_t)len < sizeof before) (void)snprintf(before + len, sizeof before - (size_t)len, ")");
  }
  show_error(L, idx, before);
  lua_pushvalue(L, idx);
  session_set_error(L);
}

/* The word that a message names: "near 'word'". */
static void near_word(const char *message, char *word, size_t size) {
  const char *at = strstr(message, "near '"), *end;
  *word = '\0';
  if (!at || !(end = strrchr(at += strlen("near '"), '\'')) || (size_t)(end - at) >= size) return;
  memcpy(word, at, (size_t)(end - at));
  word[end - at] = '\0';
}

void show_syntax_error(lua_State *L, const char *message, const char *chunk) {
  Place place = { .line = 0 };
  char word[64];
  size_t start = strlen(chunk + 1);
  StrBuf *out = strbuf_new_lua(L);
  if (!strncmp(message, chunk + 1, start) && message[start] == ':') {
    (void)snprintf(place.chunk, sizeof place.chunk, "%s", chunk + 1);
    place.line = atoi(message + start + 1);
  }
  const char *text = lua_pushfstring(L, "SyntaxError: %s", message);
  add_message(out, text, &place, 0);
  near_word(message, word, sizeof word);
  if (place.line) add_line(L, out, &place, word);
  print_error(out);
  lua_pop(L, 2);
}
