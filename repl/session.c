/* SPDX-License-Identifier: MIT */
/* session.c - see session.h. The tables lie in the registry, at the addresses of the statics. */
#include "session.h"
#include "known.h"

#include <string.h>

static const char locals_key = 0, writer_key = 0, baseline_key = 0, values_key = 0, lines_key = 0;

static void push_table(lua_State *L, const void *key) { lua_rawgetp(L, LUA_REGISTRYINDEX, key); }

static void new_table(lua_State *L, const void *key) {
  lua_newtable(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, key);
}

static void push_globals(lua_State *L) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
}

/* __newindex of the table that declarations are written to: (table, name, value). */
static int declare(lua_State *L) {
  session_push(L);
  lua_replace(L, 1);
  lua_rawset(L, 1);
  return 0;
}

/* Makes the table of the locals, which reads and writes what it has not in the globals, and the one that
 * declares a name in it. [0] */
static void new_locals(lua_State *L) {
  lua_newtable(L);
  lua_createtable(L, 0, 2);
  push_globals(L);
  lua_pushvalue(L, -1);
  lua_setfield(L, -3, "__index");
  lua_setfield(L, -2, "__newindex");
  lua_setmetatable(L, -2);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &locals_key);
  lua_newtable(L);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, declare);
  lua_setfield(L, -2, "__newindex");
  lua_setmetatable(L, -2);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &writer_key);
}

/* Pushes a copy of the table on top. [+1] */
static void push_copy(lua_State *L) {
  lua_newtable(L);
  for (lua_pushnil(L); lua_next(L, -3);) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, -4);
  }
}

void session_open(lua_State *L) {
  new_locals(L);
  push_globals(L);
  push_copy(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &baseline_key);
  lua_pop(L, 1);
  new_table(L, &values_key);
  new_table(L, &lines_key);
}

void session_push(lua_State *L) { push_table(L, &locals_key); }

/* ---- compiling ---- */

typedef struct Pieces {
  const char *text[2];
  size_t len[2];
  int at;
} Pieces;

static const char *read_piece(lua_State *L, void *ud, size_t *size) {
  Pieces *p = ud;
  (void)L;
  if (p->at == 2) return NULL;
  *size = p->len[p->at];
  return p->text[p->at++];
}

/* lua_load of the text behind a prefix. [+1] */
static int load_text(lua_State *L, const char *chunk, const char *prefix, const char *text, size_t len) {
  Pieces p = { { prefix, text }, { strlen(prefix), len }, *prefix ? 0 : 1 };
  return lua_load(L, read_piece, &p, chunk, "t");
}

static bool load_rewritten(lua_State *L, const char *chunk, const char *text, size_t len,
                           Rewritten *locals) {
  StrBuf *out = strbuf_new_lua(L);
  *locals = rewrite_locals(text, len, out);
  bool ok = locals->kept > 0 && !out->failed && load_text(L, chunk, "", out->p, out->len) == LUA_OK;
  strbuf_free(out);
  if (locals->kept > 0 && !ok) lua_pop(L, 1); /* too many names for one line: they stay local */
  lua_remove(L, ok ? -2 : -1);
  if (!ok) locals->kept = 0;
  return ok;
}

LineKind session_load(lua_State *L, const char *chunk, const char *text, size_t len, Rewritten *locals) {
  LineKind kind = LINE_EXPRESSION;
  memset(locals, 0, sizeof *locals);
  if (load_text(L, chunk, "return ", text, len) != LUA_OK) {
    kind = LINE_STATEMENT;
    lua_pop(L, 1);
    if (load_text(L, chunk, "", text, len) != LUA_OK) return LINE_WRONG;
    if (load_rewritten(L, chunk, text, len, locals)) lua_remove(L, -2);
  }
  session_push(L);
  (void)lua_setupvalue(L, -2, 1); /* a chunk has _ENV, and nothing else */
  push_table(L, &writer_key);
  return kind;
}

/* Compiles; on failure tells whether it is only that more has to come. [0] */
static bool compiles(lua_State *L, const char *prefix, const char *text, size_t len, bool *more) {
  static const char eof[] = "<eof>";
  size_t size;
  int status = load_text(L, "=moon>", prefix, text, len);
  if (status == LUA_ERRSYNTAX) {
    const char *message = lua_tolstring(L, -1, &size);
    if (size >= sizeof eof && !strcmp(message + size - (sizeof eof - 1), eof)) *more = true;
  }
  lua_pop(L, 1);
  return status == LUA_OK;
}

bool session_incomplete(lua_State *L, const char *text, size_t len) {
  bool more = false;
  return !compiles(L, "return ", text, len, &more) && !compiles(L, "", text, len, &more) && more;
}

/* ---- values ---- */

void session_set_value(lua_State *L, int number) {
  push_table(L, &values_key);
  lua_pushvalue(L, -2);
  lua_rawseti(L, -2, number);
  lua_pushnil(L);
  lua_rawseti(L, -2, number - MOST_VALUES);
  lua_pop(L, 1);
  session_push(L);
  lua_insert(L, -2);
  lua_pushliteral(L, "_");
  lua_insert(L, -2);
  lua_rawset(L, -3);
  lua_pop(L, 1);
}

void session_set_error(lua_State *L) {
  session_push(L);
  lua_insert(L, -2);
  lua_pushliteral(L, "_err");
  lua_insert(L, -2);
  lua_rawset(L, -3);
  lua_pop(L, 1);
}

void session_push_value(lua_State *L, lua_Integer number) {
  if (number < 0) number += evaluator_of(L)->number; /* the line that asks has a number, too */
  push_table(L, &values_key);
  lua_rawgeti(L, -1, number);
  lua_remove(L, -2);
}

void session_keep_line(lua_State *L, const char *text, size_t len) {
  push_table(L, &lines_key);
  lua_pushlstring(L, text, len);
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  lua_pop(L, 1);
}

void session_push_lines(lua_State *L) {
  luaL_Buffer b;
  push_table(L, &lines_key);
  int table = lua_gettop(L);
  lua_Integer n = (lua_Integer)lua_rawlen(L, table);
  luaL_buffinit(L, &b);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, table, i);
    luaL_addvalue(&b);
    luaL_addchar(&b, '\n');
  }
  luaL_pushresult(&b);
  lua_remove(L, table);
}

void session_push_last_line(lua_State *L) {
  push_table(L, &lines_key);
  lua_rawgeti(L, -1, (lua_Integer)lua_rawlen(L, -1));
  lua_remove(L, -2);
}

/* ---- names ---- */

bool session_is_builtin(lua_State *L, int idx) {
  size_t len;
  const char *name = lua_tolstring(L, idx, &len);
  return known_builtin(L, name, len);
}

/* Is the pair on top (key, value) of the globals another than at the start? */
static bool is_new_global(lua_State *L, int baseline) {
  lua_pushvalue(L, -2);
  lua_rawget(L, baseline);
  bool is_new = !lua_rawequal(L, -1, -2);
  lua_pop(L, 1);
  return is_new;
}

bool session_defined(lua_State *L, int name) {
  int top = lua_gettop(L);
  name = lua_absindex(L, name);
  session_push(L);
  lua_pushvalue(L, name);
  bool defined = lua_rawget(L, -2) != LUA_TNIL;
  if (!defined) {
    push_table(L, &baseline_key);
    int baseline = lua_gettop(L);
    push_globals(L);
    lua_pushvalue(L, name);
    lua_pushvalue(L, name);
    defined = lua_rawget(L, -3) != LUA_TNIL && is_new_global(L, baseline) && !session_is_builtin(L, name);
  }
  lua_settop(L, top);
  return defined;
}

/* Copies the pairs of the table on top to the table below it. only_new: those not in the baseline. [-1] */
static void copy_names(lua_State *L, bool only_new) {
  push_table(L, &baseline_key);
  int baseline = lua_gettop(L);
  for (lua_pushnil(L); lua_next(L, baseline - 1);) {
    bool take = lua_type(L, -2) == LUA_TSTRING && (!only_new || is_new_global(L, baseline));
    if (take) {
      lua_pushvalue(L, -2);
      lua_pushvalue(L, -2);
      lua_rawset(L, baseline - 2);
    }
    lua_pop(L, 1);
  }
  lua_settop(L, baseline - 2);
}

void session_push_names(lua_State *L, bool locals) {
  lua_newtable(L);
  if (locals) session_push(L);
  else push_globals(L);
  copy_names(L, !locals);
}

void session_reset(lua_State *L) {
  int top = lua_gettop(L);
  new_locals(L);
  new_table(L, &values_key);
  new_table(L, &lines_key);
  push_globals(L);
  push_table(L, &baseline_key);
  for (lua_pushnil(L); lua_next(L, top + 1);) { /* clearing a field while walking is allowed */
    lua_pop(L, 1);
    lua_pushvalue(L, -1);
    lua_pushnil(L);
    lua_rawset(L, top + 1);
  }
  for (lua_pushnil(L); lua_next(L, top + 2);) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, top + 1);
  }
  lua_settop(L, top);
}

bool guarded(Runtime *rt, lua_CFunction fn, void *ev) {
  lua_State *L = rt->L;
  if (rt->stopping || !lua_checkstack(L, 4)) return false;
  lua_pushcfunction(L, fn);
  lua_pushlightuserdata(L, ev);
  if (lua_pcall(L, 1, 0, 0) == LUA_OK) return true;
  lua_pop(L, 1);
  return false;
}
