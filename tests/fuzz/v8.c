/* SPDX-License-Identifier: MIT */
/* v8.c - fuzzes V8's format: any bytes are refused or read without a crash, and what was read and can be
 * written is read again from what was written. */
// objs: modules/core/*.o modules/buffer/*.o modules/child_process/v8_read.o modules/child_process/v8_write.o
#include "buffer/buffer.h"
#include "child_process/v8.h"
#include "core/runtime.h"

#include <stdlib.h>
#include <string.h>

static void require(int cond) {
  if (!cond) abort();
}

static int body(lua_State *L) {
  const char *error = NULL;
  size_t len = (size_t)lua_tointeger(L, 2);
  if (!v8_decode(L, lua_touserdata(L, 1), len, &error)) {
    require(lua_gettop(L) == 2 && error != NULL);
    return 0;
  }
  require(lua_gettop(L) == 3);
  StrBuf *out = strbuf_new_lua(L);
  if (v8_encode(L, 3, out, 0) != 0) { /* a key that is there twice, or is a table: a Map may have them */
    require(lua_gettop(L) == 5 && lua_type(L, 5) == LUA_TSTRING);
    return 0;
  }
  require(!out->failed && lua_gettop(L) == 4);
  require(v8_decode(L, out->p, out->len, &error));
  require(lua_gettop(L) == 5 && lua_type(L, 3) == lua_type(L, 5));
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const ModuleDef *const modules[] = { &buffer_module, NULL };
  static Runtime *rt;
  if (!rt) rt = rt_new(modules);
  lua_State *L = rt->L;
  char *copy = malloc(size ? size : 1); /* no byte behind it */
  if (size) memcpy(copy, data, size);
  lua_pushcfunction(L, body);
  lua_pushlightuserdata(L, copy);
  lua_pushinteger(L, (lua_Integer)size);
  require(lua_pcall(L, 2, 0, 0) == LUA_OK);
  lua_settop(L, 0);
  free(copy);
  return 0;
}
