/* SPDX-License-Identifier: MIT */
/* clone.c - fuzzes structured clones: any bytes are refused or read without a crash, and what was read
 * is written to a message that is read again. */
// objs: modules/core/clone.o modules/core/step.o modules/core/clone_read.o modules/core/json.o modules/core/json_decode.o modules/core/json_encode.o modules/core/number.o modules/core/utf8.o modules/core/strbuf.o
#include "core/clone.h"
#include "core/json.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

static void require(int cond) {
  if (!cond) abort();
}

static int body(lua_State *L) {
  const char *error = NULL;
  size_t len = (size_t)lua_tointeger(L, 2);
  if (!clone_decode(L, lua_touserdata(L, 1), len, NULL, NULL, &error)) {
    require(lua_gettop(L) == 2 && error != NULL);
    return 0;
  }
  require(lua_gettop(L) == 3);
  StrBuf *first = strbuf_new_lua(L), *second = strbuf_new_lua(L);
  require(clone_encode(L, 3, first, NULL, NULL) == 0 && !first->failed);
  require(clone_decode(L, first->p, first->len, NULL, NULL, &error));
  require(lua_gettop(L) == 6 && clone_encode(L, 6, second, NULL, NULL) == 0);
  require(lua_type(L, 3) == lua_type(L, 6));
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
