/* SPDX-License-Identifier: MIT */
/* source.c - see source.h. Registry[&sources] = { [chunk name] = path, or { text } }. */
#include "source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <limits.h>
#include <lauxlib.h>

static const char sources = 0;

static void push_sources(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &sources) == LUA_TTABLE) return;
  lua_pop(L, 1);
  lua_newtable(L);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &sources);
}

void source_add_file(lua_State *L, const char *name, const char *path) {
  push_sources(L);
  lua_pushstring(L, path);
  lua_setfield(L, -2, name);
  lua_pop(L, 1);
}

void source_add_text(lua_State *L, const char *name, const char *text, size_t len) {
  push_sources(L);
  lua_createtable(L, 1, 0);
  lua_pushlstring(L, text, len);
  lua_rawseti(L, -2, 1);
  lua_setfield(L, -2, name);
  lua_pop(L, 1);
}

/* Pushes what is known of the chunk: a path, { text }, or nil. A file that stock Lua has loaded, by dofile
 * for one, is known from the first time that somebody asks. [+1] */
static int push_source(lua_State *L, const char *name) {
  char path[PATH_MAX];
  push_sources(L);
  int type = lua_getfield(L, -1, name);
  if (type == LUA_TNIL && *name == '@' && realpath(name + 1, path)) {
    source_add_file(L, name, path);
    lua_pop(L, 1);
    type = lua_getfield(L, -1, name);
  }
  lua_remove(L, -2);
  return type;
}

bool source_push_path(lua_State *L, const char *name) {
  if (push_source(L, name) == LUA_TSTRING) return true;
  lua_pop(L, 1);
  return false;
}

bool source_push_caller(lua_State *L, int level) {
  lua_Debug ar;
  if (!lua_getstack(L, level, &ar) || !lua_getinfo(L, "S", &ar)) return false;
  return source_push_path(L, ar.source);
}

void source_push_name(lua_State *L, const char *path) {
  char cwd[PATH_MAX];
  size_t len;
  if (getcwd(cwd, sizeof cwd) && (len = strlen(cwd)) > 1 && !strncmp(path, cwd, len) &&
      path[len] == '/')
    path += len + 1;
  lua_pushfstring(L, "@%s", path);
}

/* Finds line n of text; false when there are fewer. */
static bool find_line(const char *text, size_t len, int n, const char **line, size_t *size) {
  const char *p = text, *end = text + len;
  while (--n > 0) {
    p = memchr(p, '\n', (size_t)(end - p));
    if (!p++) return false;
  }
  const char *stop = memchr(p, '\n', (size_t)(end - p));
  *line = p;
  *size = (size_t)((stop ? stop : end) - p);
  return true;
}

/* A line longer than the buffer is cut: it is only shown. */
static bool push_file_line(lua_State *L, const char *path, int line) {
  char text[512];
  bool starts = true, found = false;
  FILE *f = fopen(path, "re");
  if (!f) return false;
  while (line > 0 && fgets(text, sizeof text, f)) {
    if (starts && --line == 0) found = true;
    starts = strchr(text, '\n') != NULL;
  }
  (void)fclose(f);
  if (found) {
    text[strcspn(text, "\r\n")] = '\0';
    lua_pushstring(L, text);
  }
  return found;
}

bool source_push_line(lua_State *L, const char *name, int line) {
  const char *found;
  size_t len;
  bool ok = false;
  int type = push_source(L, name);
  if (type == LUA_TSTRING) {
    ok = push_file_line(L, lua_tostring(L, -1), line);
  } else if (type == LUA_TTABLE) {
    lua_rawgeti(L, -1, 1);
    const char *text = lua_tolstring(L, -1, &len);
    ok = find_line(text, len, line, &found, &len);
    if (ok) lua_pushlstring(L, found, len);
    lua_remove(L, ok ? -2 : -1);
  }
  lua_remove(L, ok ? -2 : -1);
  return ok;
}
