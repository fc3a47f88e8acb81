/* SPDX-License-Identifier: MIT */
/* candidates.c - see candidates.h. */
#include "candidates.h"

#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <lauxlib.h>

enum { MOST_CANDIDATES = 2000 };

void candidates_open(Candidates *c, lua_State *L, const char *prefix, size_t len) {
  lua_newtable(L);
  *c = (Candidates){ .L = L, .seen = lua_gettop(L), .prefix = prefix, .len = len };
}

void candidates_add(Candidates *c, const char *word, size_t len) {
  lua_State *L = c->L;
  if (len < c->len || memcmp(word, c->prefix, c->len) != 0 || c->count == MOST_CANDIDATES) return;
  luaL_checkstack(L, 4, "candidates");
  lua_pushlstring(L, word, len);
  lua_pushvalue(L, -1);
  if (lua_rawget(L, c->seen) == LUA_TNIL) {
    lua_pushvalue(L, -2);
    lua_pushboolean(L, true);
    lua_rawset(L, c->seen);
    lua_pushvalue(L, -2);
    lua_rawseti(L, c->seen, ++c->count);
  }
  lua_pop(L, 2);
}

void candidates_adds(Candidates *c, const char *word) { candidates_add(c, word, strlen(word)); }

static bool is_name(const char *text, size_t len) {
  if (len == 0 || isdigit((unsigned char)*text)) return false;
  for (size_t i = 0; i < len; i++)
    if (!isalnum((unsigned char)text[i]) && text[i] != '_') return false;
  return true;
}

void candidates_add_keys(Candidates *c, int idx, bool methods) {
  lua_State *L = c->L;
  idx = lua_absindex(L, idx);
  luaL_checkstack(L, 8, "candidates");
  for (lua_pushnil(L); lua_next(L, idx); lua_pop(L, 1)) {
    size_t len;
    if (lua_type(L, -2) != LUA_TSTRING || (methods && !lua_isfunction(L, -1))) continue;
    const char *key = lua_tolstring(L, -2, &len);
    if (is_name(key, len)) candidates_add(c, key, len);
  }
}

void candidates_add_files(Candidates *c) {
  char folder[PATH_MAX] = ".", path[2 * PATH_MAX];
  const char *slash = c->len ? memrchr(c->prefix, '/', c->len) : NULL;
  int before = slash ? (int)(slash + 1 - c->prefix) : 0;
  if (before) (void)snprintf(folder, sizeof folder, "%.*s", before, c->prefix);
  DIR *dir = opendir(folder);
  if (!dir) return;
  for (struct dirent *entry; (entry = readdir(dir));) {
    struct stat st;
    bool hidden = *entry->d_name == '.' && c->len == (size_t)before;
    if (hidden || !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    bool is_folder = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
    (void)snprintf(path, sizeof path, "%.*s%s%s", before, c->prefix, entry->d_name, is_folder ? "/" : "");
    candidates_adds(c, path);
  }
  (void)closedir(dir);
}

static int by_bytes(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void candidates_give(Candidates *c, CandidateSink to, bool sorted) {
  lua_State *L = c->L;
  const char **words = lua_newuserdatauv(L, (size_t)(c->count + 1) * sizeof *words, 0);
  for (int i = 0; i < c->count; i++) {
    lua_rawgeti(L, c->seen, i + 1);
    words[i] = lua_tostring(L, -1); /* the table keeps it alive */
    lua_pop(L, 1);
  }
  if (sorted) qsort(words, (size_t)c->count, sizeof *words, by_bytes);
  for (int i = 0; i < c->count; i++) to.give(to.ctx, words[i], strlen(words[i]));
  lua_pop(L, 1);
}
