/* SPDX-License-Identifier: MIT */
/* facts.c - see facts.h. The globals of guides: facts_lua.c holds the functions. */
#include "facts.h"
#include "facts_lua.h"
#include "../../modules/core/json.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>
#include <unistd.h>

enum { CHECK_SECONDS = 20, HOOK_STEPS = 100000 };

/* ---- the store ---- */

void facts_clear(Facts *f) {
  for (size_t i = 0; i < f->nlines; i++) free(f->lines[i].text);
  for (size_t i = 0; i < f->nmessages; i++) free(f->messages[i]);
  free(f->lines);
  free(f->messages);
  *f = (Facts){ 0 };
}

void facts_add_line(Facts *f, const char *text, size_t len) {
  FactLine *grown = realloc(f->lines, (f->nlines + 1) * sizeof *grown);
  char *copy = strndup(text, len);
  if (grown) f->lines = grown;
  if (!grown || !copy) free(copy); /* a line that memory has no room for was not seen */
  else grown[f->nlines++] = (FactLine){ uv_hrtime(), copy };
}

void facts_add_message(Facts *f, const char *json, size_t len) {
  char **grown = realloc(f->messages, (f->nmessages + 1) * sizeof *grown);
  char *copy = strndup(json, len);
  if (grown) f->messages = grown;
  if (!grown || !copy) free(copy);
  else grown[f->nmessages++] = copy;
}

/* ---- the globals ---- */

static void copy_globals(lua_State *L, int from, int to, const char *const *names) {
  for (; *names; names++) {
    lua_getfield(L, from, *names);
    lua_setfield(L, to, *names);
  }
}

void facts_open(lua_State *L, Facts **at) {
  static const char *const basic[] = { "assert", "error", "ipairs", "next", "pairs", "pcall", "select", "tonumber",
                                       "tostring", "type", NULL };
  lua_newtable(L);
  int env = lua_gettop(L);
  luaL_requiref(L, "_G", luaopen_base, 0);
  copy_globals(L, env + 1, env, basic);
  lua_pop(L, 1);
  luaL_requiref(L, "math", luaopen_math, 0);
  lua_setfield(L, env, "math");
  luaL_requiref(L, "string", luaopen_string, 0);
  lua_setfield(L, env, "string");
  luaL_requiref(L, "table", luaopen_table, 0);
  lua_setfield(L, env, "table");
  json_open(L);
  lua_pushinteger(L, (lua_Integer)sysconf(_SC_NPROCESSORS_ONLN));
  lua_setfield(L, env, "cores");
  facts_lua_open(L, env, at);
}

/* ---- calls ---- */

static time_t deadline;

static void on_steps(lua_State *L, lua_Debug *ar) {
  (void)ar;
  if (time(NULL) > deadline) luaL_error(L, "the check does not end");
}

/* Calls fn with the arguments on top; false: an error, whose text is on top. */
static bool call(Guide *g, Facts *facts, int nargs, int nresults) {
  g->facts = facts;
  deadline = time(NULL) + CHECK_SECONDS;
  lua_sethook(g->L, on_steps, LUA_MASKCOUNT, HOOK_STEPS);
  int status = lua_pcall(g->L, nargs, nresults, 0);
  lua_sethook(g->L, NULL, 0, 0);
  g->facts = NULL;
  return status == LUA_OK;
}

static int to_text(lua_State *L) {
  lua_Integer n;
  if (lua_type(L, 1) == LUA_TNUMBER && lua_numbertointeger(lua_tonumber(L, 1), &n) &&
      (lua_Number)n == lua_tonumber(L, 1))
    lua_pushinteger(L, n); /* 3.0 is said as 3 */
  else
    lua_pushvalue(L, 1);
  (void)luaL_tolstring(L, -1, NULL);
  return 1;
}

/* Replaces the value on top by its text. */
static const char *text_of_top(lua_State *L) {
  lua_pushcfunction(L, to_text);
  lua_insert(L, -2);
  return lua_pcall(L, 1, 1, 0) == LUA_OK ? lua_tostring(L, -1) : "?";
}

bool facts_check(Guide *g, int fn, Facts *facts, StrBuf *detail) {
  lua_State *L = g->L;
  int top = lua_gettop(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, fn);
  facts->untold = false;
  bool fine = call(g, facts, 0, 2), seen = fine && lua_toboolean(L, top + 1);
  bool cut = !fine && facts->untold; /* the run has not come to what the check is about: its error says nothing */
  if (!seen && !cut && (!fine || !lua_isnil(L, -1))) {
    const char *text = text_of_top(L), *place = fine ? NULL : strstr(text, "guide.lua:");
    strbuf_adds(detail, place ? place : text);
  }
  lua_settop(L, top);
  return seen;
}

char *facts_value(Guide *g, int ref, Facts *facts, StrBuf *why) {
  lua_State *L = g->L;
  int top = lua_gettop(L);
  char *text = NULL;
  lua_rawgeti(L, LUA_REGISTRYINDEX, ref);
  bool asks = lua_isfunction(L, -1);
  if (asks) lua_pushinteger(L, facts->seed);
  if (asks && !call(g, facts, 1, 1)) strbuf_adds(why, text_of_top(L));
  else if (!lua_isnil(L, -1)) text = strdup(text_of_top(L));
  lua_settop(L, top);
  return text;
}

bool facts_accept(Guide *g, int fn, Facts *facts, const char *said, const char *is) {
  lua_State *L = g->L;
  int top = lua_gettop(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, fn);
  lua_pushstring(L, said);
  lua_pushstring(L, is);
  bool accepted = call(g, facts, 2, 1) && lua_toboolean(L, -1);
  lua_settop(L, top);
  return accepted;
}
