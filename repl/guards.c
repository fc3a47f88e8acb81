/* SPDX-License-Identifier: MIT */
/* guards.c - see guards.h.
 *
 * Which globals a function reads is found in its source text: of the functions that end on its last line
 * the one is taken whose bytecode is the same. Its names that nothing in it declares are free, as the
 * highlighter tells; those that the session made do not exist in a child. */
#include "guards.h"
#include "edit/highlight.h"
#include "edit/lex.h"
#include "procs.h"
#include "prompt.h"
#include "rewrite.h"
#include "session.h"
#include "../modules/core/error.h"
#include "../modules/core/source.h"

#include <string.h>

void guard_spawn(lua_State *L) {
  Repl *repl = repl_of(L);
  int count = procs_running(repl->rt);
  if (count < repl->child_limit) return;
  (void)err_raise(L, NULL, "ERR_TOO_MANY_CHILDREN",
                  "%d children are alive: the prompt starts no more, so that a loop cannot take the "
                  "machine down; \".set children %d\" allows more", count, repl->child_limit * 2);
}

/* ---- the source of a function ---- */

/* Pushes the text of lines first..last of the chunk. [+1|0] */
static bool push_text(lua_State *L, const char *chunk, int first, int last) {
  luaL_Buffer b;
  luaL_checkstack(L, 8, "source");
  luaL_buffinit(L, &b);
  for (int line = first; line <= last; line++) {
    if (!source_push_line(L, chunk, line)) {
      luaL_pushresult(&b);
      lua_pop(L, 1);
      return false;
    }
    luaL_addvalue(&b);
    luaL_addchar(&b, '\n');
  }
  luaL_pushresult(&b);
  return true;
}

/* Behind the `end` of the function whose keyword has just been read. */
static size_t function_end(Lexer lex) {
  int depth = 1;
  while (depth > 0) {
    Token token = next_token(&lex);
    if (token.kind == TOKEN_END) return 0;
    depth += rewrite_block_change(&lex, &token);
  }
  return lex.pos;
}

static int add_dump(lua_State *L, const void *data, size_t len, void *out) {
  (void)L;
  strbuf_add(out, data, len);
  return 0;
}

/* Pushes the bytecode of the function at idx without debugging information. [+1] */
static void push_dump(lua_State *L, int idx) {
  lua_pushvalue(L, idx);
  StrBuf *out = strbuf_new_lua(L);
  lua_insert(L, -2);
  (void)lua_dump(L, add_dump, out, 1);
  lua_pop(L, 1);
  lua_pushlstring(L, out->p ? out->p : "", out->len);
  strbuf_free(out);
  lua_remove(L, -2);
}

/* Is `function` + text the function at idx, which begins in this line? */
static bool is_function(lua_State *L, int idx, const char *text, size_t len, int line) {
  luaL_Buffer b;
  int top = lua_gettop(L);
  luaL_buffinit(L, &b);
  for (int i = 1; i < line; i++) luaL_addchar(&b, '\n');
  luaL_addstring(&b, "return function");
  luaL_addlstring(&b, text, len);
  luaL_pushresult(&b);
  size_t size;
  const char *code = lua_tolstring(L, -1, &size);
  bool same = false;
  if (luaL_loadbufferx(L, code, size, "=?", "t") == LUA_OK && lua_pcall(L, 0, 1, 0) == LUA_OK) {
    int made = lua_gettop(L);
    push_dump(L, made);
    push_dump(L, idx);
    same = lua_rawequal(L, -1, -2);
  }
  lua_settop(L, top);
  return same;
}

/* Finds the function at idx in its text: from behind its name to its end. */
static bool find_function(lua_State *L, int idx, const char *text, size_t len, int line, size_t *start,
                          size_t *end) {
  Lexer lex = lexer_of(text, len);
  for (Token token = next_token(&lex); token.kind != TOKEN_END; token = next_token(&lex)) {
    if (token.kind != TOKEN_KEYWORD || !token_is(&lex, &token, "function")) continue;
    size_t first_line = strcspn(text, "\n");
    if (token.start > first_line) return false;
    *end = function_end(lex);
    const char *open = memchr(text + lex.pos, '(', len - lex.pos);
    if (!*end || !open) continue;
    *start = (size_t)(open - text);
    if (is_function(L, idx, text + *start, *end - *start, line)) return true;
  }
  return false;
}

/* ---- its free names ---- */

static bool is_shipped(void *ctx, const char *name, size_t len) {
  lua_State *L = ctx;
  luaL_checkstack(L, 8, "names");
  lua_pushlstring(L, name, len);
  bool of_session = session_defined(L, -1);
  lua_pop(L, 1);
  return !of_session;
}

/* Raises when the body reads a name of the session. */
static void check_names(lua_State *L, const char *body, size_t len) {
  lua_pushfstring(L, "return function");
  lua_pushlstring(L, body, len);
  lua_concat(L, 2);
  size_t size;
  const char *text = lua_tolstring(L, -1, &size);
  uint8_t *attr = lua_newuserdatauv(L, size + 1, 0);
  highlight(text, size, attr, is_shipped, L);
  for (size_t i = 0; i < size; i++) {
    size_t end = i;
    while (end < size && attr[end] == HL_UNKNOWN) end++;
    if (end == i) continue;
    lua_pushlstring(L, text + i, end - i);
    (void)err_raise(L, &type_error_class, "ERR_INVALID_ARG_VALUE",
                    "the function reads '%s', which this session defined and the child will not have; "
                    "define it inside the function, or send it as an argument or a message",
                    lua_tostring(L, -1));
  }
  lua_pop(L, 2);
}

void guard_ship(lua_State *L, int idx) {
  lua_Debug ar;
  size_t len, start, end;
  int top = lua_gettop(L);
  idx = lua_absindex(L, idx);
  luaL_checkstack(L, 20, "function");
  lua_pushvalue(L, idx);
  lua_getinfo(L, ">S", &ar);
  if (ar.linedefined > 0 && push_text(L, ar.source, ar.linedefined, ar.lastlinedefined)) {
    const char *text = lua_tolstring(L, -1, &len);
    if (find_function(L, idx, text, len, ar.linedefined, &start, &end))
      check_names(L, text + start, end - start);
  }
  lua_settop(L, top);
}
