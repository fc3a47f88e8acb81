/* SPDX-License-Identifier: MIT */
/* json.c - fuzzes JSON: any bytes decode or are refused without a crash, and what
 * was decoded encodes to a text that decodes and encodes to itself. */
// objs: modules/core/json.o modules/core/json_decode.o modules/core/json_encode.o modules/core/number.o modules/core/utf8.o modules/core/strbuf.o
#include "core/json.h"

#include <lauxlib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void require(int cond) {
  if (!cond) abort();
}

/* Like lua_State's own error path: the value goes in, its text comes out. */
static void check(lua_State *L, const char *s, size_t len) {
  JsonError err;
  int top = lua_gettop(L);
  if (!json_decode(L, s, len, &err)) {
    require(lua_gettop(L) == top && err.position <= len);
    require(strlen(err.message) < sizeof err.message);
    return;
  }
  require(lua_gettop(L) == top + 1);
  StrBuf *first = strbuf_new_lua(L), *second = strbuf_new_lua(L);
  require(json_encode(L, top + 1, first, NULL) == 0);
  require(json_decode(L, first->p, first->len, &err));
  require(json_encode(L, -1, second, NULL) == 0);
  require(first->len == second->len && memcmp(first->p, second->p, first->len) == 0);

  JsonOptions opt = { .indent = "  ", .wire = true };
  strbuf_clear(first);
  require(json_encode(L, top + 1, first, &opt) == 0);
  require(json_decode(L, first->p, first->len, &err));
  strbuf_clear(first);
  lua_pushlstring(L, s, len); /* the input as a string: written, or refused */
  json_encode(L, -1, first, NULL);
}

static int body(lua_State *L) {
  check(L, lua_touserdata(L, 1), (size_t)lua_tointeger(L, 2));
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static lua_State *L;
  if (!L) {
    L = luaL_newstate();
    json_open(L);
  }
  char *copy = malloc(size ? size : 1); /* no byte behind it */
  if (size) memcpy(copy, data, size);
  lua_pushcfunction(L, body);
  lua_pushlightuserdata(L, copy);
  lua_pushinteger(L, (lua_Integer)size);
  require(lua_pcall(L, 2, 0, 0) == LUA_OK);
  free(copy);
  return 0;
}
