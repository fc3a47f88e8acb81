/* SPDX-License-Identifier: MIT */
/* addon.c - process.dlopen: a module for Lua that is written in C, by its file.
 *
 * A library stays loaded for good, because its functions live in Lua values that nobody counts. */
#include "parts.h"
#include "../core/error.h"
#include "../core/opts.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

/* Pushes the name of the opening function: luaopen_ and the file's name up to its first dot; what
 * stands before a hyphen is left out, as in require. [+1] */
static const char *push_entry(lua_State *L, const char *file) {
  const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file;
  size_t len = strcspn(base, ".");
  const char *hyphen = memchr(base, '-', len);
  if (hyphen) {
    len -= (size_t)(hyphen + 1 - base);
    base = hyphen + 1;
  }
  lua_pushliteral(L, "luaopen_");
  lua_pushlstring(L, base, len);
  lua_concat(L, 2);
  return lua_tostring(L, -1);
}

static int failed(lua_State *L, const char *text) {
  return err_raise(L, NULL, "ERR_DLOPEN_FAILED", "%s", text ? text : "the library cannot be loaded");
}

/* The opening function of the file; raises when there is none. */
static lua_CFunction open_library(lua_State *L, const char *file, int flags) {
  lua_CFunction fn = NULL;
  void *library = dlopen(file, flags);
  if (!library) failed(L, dlerror());
  void *entry = dlsym(library, push_entry(L, file));
  if (!entry) {
    (void)dlclose(library);
    failed(L, lua_pushfstring(L, "Module did not self-register: '%s'.", file));
  }
  memcpy(&fn, &entry, sizeof fn); /* POSIX says that this is a function */
  return fn;
}

/* (process, module, filename, flags?) */
int process_dlopen(lua_State *L) {
  if (lua_gettop(L) < 3)
    return err_raise(L, &type_error_class, "ERR_MISSING_ARGS",
                     "process.dlopen needs at least 2 arguments");
  lua_settop(L, 4);
  arg_table(L, 2, "module");
  const char *file = arg_cstring(L, 3, "filename");
  int flags = lua_isnil(L, 4) ? RTLD_LAZY : (int)arg_integer(L, 4, "flags", INT32_MIN, INT32_MAX);
  lua_CFunction entry = open_library(L, file, flags);
  lua_pushcfunction(L, entry);
  const char *name = lua_tostring(L, -2) + strlen("luaopen_");
  lua_pushstring(L, name);
  lua_pushvalue(L, 3);
  lua_call(L, 2, 1);
  if (!lua_isnil(L, -1)) lua_setfield(L, 2, "exports");
  return 0;
}
