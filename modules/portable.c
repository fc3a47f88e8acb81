/* SPDX-License-Identifier: MIT */
/* portable.c - see portable.h.
 *
 * Bytes: the absolute path of the chunk the function stands in (empty: none), NUL, its chunk name, NUL,
 * bytecode. With the path require "./x" and __filename mean the same there. */
#include "portable.h"
#include "core/error.h"
#include "core/runtime.h"
#include "core/source.h"

#include <string.h>

static void refuse_upvalues(lua_State *L, int idx, const char *to) {
  const char *name;
  if (lua_iscfunction(L, idx))
    (void)err_raise(L, &type_error_class, "ERR_INVALID_ARG_VALUE",
                    "a built-in function cannot be sent to %s; wrap it in a Lua function", to);
  for (int i = 1; (name = lua_getupvalue(L, idx, i)); i++) {
    lua_pop(L, 1);
    if (strcmp(name, "_ENV") != 0)
      (void)err_raise(L, &type_error_class, "ERR_INVALID_ARG_VALUE",
                      "the function uses the local '%s' of the code around it, which does not exist in "
                      "%s; define it inside the function, or send it as an argument or a message",
                      *name ? name : "(unknown)", to);
  }
}

static int write_dump(lua_State *L, const void *data, size_t len, void *out) {
  (void)L;
  strbuf_add(out, data, len);
  return ((StrBuf *)out)->failed;
}

void portable_dump(lua_State *L, int idx, StrBuf *out, const char *to) {
  lua_Debug ar;
  Runtime *rt = rt_of(L);
  idx = lua_absindex(L, idx);
  refuse_upvalues(L, idx, to);
  if (rt->hooks.may_ship) rt->hooks.may_ship(L, idx);
  lua_pushvalue(L, idx);
  lua_getinfo(L, ">S", &ar);
  if (source_push_path(L, ar.source)) {
    strbuf_adds(out, lua_tostring(L, -1));
    lua_pop(L, 1);
  }
  strbuf_addc(out, '\0');
  strbuf_adds(out, ar.source);
  strbuf_addc(out, '\0');
  lua_pushvalue(L, idx);
  if (lua_dump(L, write_dump, out, 0) != 0 || out->failed) (void)luaL_error(L, "not enough memory");
  lua_pop(L, 1);
}

void portable_load(lua_State *L, const char *data, size_t len) {
  const char *end = data + len, *path = data, *name = path + strlen(path) + 1;
  const char *code = name <= end ? name + strlen(name) + 1 : end + 1;
  if (code > end) (void)err_raise_uv(L, UV_EIO, "read");
  if (*path) source_add_file(L, name, path);
  if (luaL_loadbufferx(L, code, (size_t)(end - code), name, "b") != LUA_OK) lua_error(L);
}
