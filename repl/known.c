/* SPDX-License-Identifier: MIT */
/* known.c - see known.h. */
#include "known.h"
#include "session.h"
#include "../modules/builtins.h"

#include <string.h>

enum { MOST_LETTERS = 40 };

static bool same(const char *text, const char *name, size_t len) {
  return strlen(text) == len && !memcmp(text, name, len);
}

bool known_builtin(lua_State *L, const char *name, size_t len) {
  (void)L;
  for (const GlobalDef *g = builtin_globals; g->name; g++)
    if (same(g->name, name, len)) return true;
  for (const ModuleDef *const *m = builtin_modules; *m; m++)
    if (same((*m)->name, name, len)) return true;
  return same("__filename", name, len) || same("__dirname", name, len);
}

/* Has the table on top the field? [-1] */
static bool has_field(lua_State *L, const char *name, size_t len) {
  lua_pushlstring(L, name, len);
  bool has = lua_rawget(L, -2) != LUA_TNIL;
  lua_pop(L, 2);
  return has;
}

bool known_global(lua_State *L, const char *name, size_t len) {
  if (known_builtin(L, name, len)) return true;
  session_push(L);
  if (has_field(L, name, len)) return true;
  lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
  return has_field(L, name, len);
}

/* The string keys of the table on top. [-1] */
static void each_key(lua_State *L, void (*fn)(void *ctx, const char *name, size_t len), void *ctx) {
  int table = lua_gettop(L);
  for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) continue;
    size_t len;
    const char *name = lua_tolstring(L, -2, &len);
    fn(ctx, name, len);
  }
  lua_pop(L, 1);
}

void known_each(lua_State *L, void (*fn)(void *ctx, const char *name, size_t len), void *ctx) {
  for (const GlobalDef *g = builtin_globals; g->name; g++) fn(ctx, g->name, strlen(g->name));
  for (const ModuleDef *const *m = builtin_modules; *m; m++)
    if (!strchr((*m)->name, '/')) fn(ctx, (*m)->name, strlen((*m)->name));
  session_push(L);
  each_key(L, fn, ctx);
  lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
  each_key(L, fn, ctx);
}

/* ---- spelling ---- */

static int least(int a, int b, int c) {
  int m = a < b ? a : b;
  return m < c ? m : c;
}

int spelling_distance(const char *a, size_t alen, const char *b, size_t blen, int most) {
  int row[3][MOST_LETTERS + 1];
  if (alen > MOST_LETTERS || blen > MOST_LETTERS) return most + 1;
  for (size_t j = 0; j <= blen; j++) row[0][j] = (int)j;
  for (size_t i = 1; i <= alen; i++) {
    int *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
    now[0] = (int)i;
    for (size_t j = 1; j <= blen; j++) {
      bool equal = a[i - 1] == b[j - 1];
      now[j] = least(last[j] + 1, now[j - 1] + 1, last[j - 1] + !equal);
      bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped && before[j - 2] + 1 < now[j]) now[j] = before[j - 2] + 1;
    }
  }
  int distance = row[alen % 3][blen];
  return distance > most ? most + 1 : distance;
}

typedef struct Nearest {
  const char *wanted;
  size_t len;
  int best;
  char name[MOST_LETTERS + 1];
} Nearest;

static void consider(void *ctx, const char *name, size_t len) {
  Nearest *n = ctx;
  int distance = spelling_distance(n->wanted, n->len, name, len, n->best - 1);
  if (distance >= n->best || distance == 0) return;
  n->best = distance;
  memcpy(n->name, name, len);
  n->name[len] = '\0';
}

bool known_nearest(lua_State *L, const char *name) {
  Nearest n = { .wanted = name, .len = strlen(name) };
  n.best = spelling_limit(n.len) + 1;
  known_each(L, consider, &n);
  if (!*n.name) return false;
  lua_pushstring(L, n.name);
  return true;
}
