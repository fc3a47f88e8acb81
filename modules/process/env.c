/* SPDX-License-Identifier: MIT */
/* env.c - process.env: the environment itself, as a table.
 *
 * Nothing is kept here: reading asks getenv, writing calls setenv, so C libraries, os.getenv and
 * children see what a script sets. A worker has a table of its own (registry: own_env) unless it shares
 * the process's, whose use a lock guards: process_getenv is for the threads what os.getenv is for one. */
#include "parts.h"
#include "../buffer/buffer.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/opts.h"
#include "../core/strbuf.h"
#include "../inspect/inspect.h"
#include "../url/url.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static const char own_env = 0;
static uv_mutex_t shared_env = PTHREAD_MUTEX_INITIALIZER; /* the lock of the process's own */

void process_set_env(lua_State *L) { lua_rawsetp(L, LUA_REGISTRYINDEX, &own_env); }

void process_change_variable(const char *name, const char *value) {
  uv_mutex_lock(&shared_env);
  (void)(value ? setenv(name, value, 1) : unsetenv(name)); /* without memory it stays as it was */
  uv_mutex_unlock(&shared_env);
}

/* Pushes the worker's own table; false, and nothing, where there is none. [+1|0] */
static bool push_own(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &own_env) == LUA_TTABLE) return true;
  lua_pop(L, 1);
  return false;
}

/* Pushes the value of the variable, nil when there is none. [+1] */
static void push_value(lua_State *L, const char *name) {
  if (push_own(L)) {
    lua_pushstring(L, name);
    lua_rawget(L, -2);
    lua_remove(L, -2);
    return;
  }
  uv_mutex_lock(&shared_env);
  const char *value = getenv(name);
  char *copy = value ? strdup(value) : NULL;
  uv_mutex_unlock(&shared_env);
  lua_pushstring(L, copy); /* nil for NULL */
  free(copy);
}

const char *process_push_variable(lua_State *L, const char *name) {
  push_value(L, name);
  return lua_tostring(L, -1);
}

int process_getenv(lua_State *L) {
  push_value(L, luaL_checkstring(L, 1));
  return 1;
}

/* The name of a variable at idx; NULL for what can be none. */
static const char *env_name(lua_State *L, int idx) {
  if (lua_type(L, idx) != LUA_TSTRING && lua_type(L, idx) != LUA_TNUMBER) return NULL;
  size_t len;
  lua_pushvalue(L, idx); /* a number keeps its type */
  const char *name = lua_tolstring(L, -1, &len);
  lua_replace(L, idx);
  return len > 0 && strlen(name) == len && !strchr(name, '=') ? name : NULL;
}

static int env_index(lua_State *L) {
  lua_settop(L, 2);
  const char *name = env_name(L, 2);
  if (name) push_value(L, name);
  else lua_pushnil(L);
  return 1;
}

/* Text of a value as JavaScript's String() has it, without what a C string cannot hold. */
static const char *env_value(lua_State *L, int idx) {
  if (json_is_null(L, idx)) return "null";
  return luaL_tolstring(L, idx, NULL);
}

static int env_newindex(lua_State *L) {
  lua_settop(L, 3);
  const char *name = env_name(L, 2);
  if (!name) return err_arg_value(L, 2, "name", "must be a name without \"=\" and null bytes");
  const char *value = lua_isnil(L, 3) ? NULL : env_value(L, 3);
  if (push_own(L)) {
    lua_pushstring(L, name);
    lua_pushstring(L, value);
    lua_rawset(L, -3);
    return 0;
  }
  uv_mutex_lock(&shared_env);
  int failed = value ? setenv(name, value, 1) : unsetenv(name);
  uv_mutex_unlock(&shared_env);
  if (failed) return luaL_error(L, "not enough memory");
  if (!strcmp(name, "TZ")) tzset(); /* os.date follows */
  return 0;
}

static int compare_names(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Body for a protected call, for the lock is held: (values table, environ). [0] */
static int read_variables(lua_State *L) {
  for (char **entry = environ; entry && *entry; entry++) {
    const char *equals = strchr(*entry, '=');
    if (!equals) continue;
    lua_pushlstring(L, *entry, (size_t)(equals - *entry));
    lua_pushvalue(L, -1);
    if (lua_rawget(L, 1) == LUA_TNIL) { /* the first of a name counts */
      lua_pop(L, 1);
      lua_pushstring(L, equals + 1);
      lua_rawset(L, 1);
    } else {
      lua_pop(L, 2);
    }
  }
  return 0;
}

void process_push_env(lua_State *L) {
  lua_newtable(L);
  if (push_own(L)) {
    for (lua_pushnil(L); lua_next(L, -2);) {
      lua_pushvalue(L, -2);
      lua_insert(L, -2);
      lua_rawset(L, -5);
    }
    lua_pop(L, 1);
    return;
  }
  lua_pushcfunction(L, read_variables);
  lua_pushvalue(L, -2);
  uv_mutex_lock(&shared_env);
  int status = lua_pcall(L, 1, 0, 0);
  uv_mutex_unlock(&shared_env);
  if (status != LUA_OK) lua_error(L);
}

bool process_has_own_env(lua_State *L) {
  if (!push_own(L)) return false;
  lua_pop(L, 1);
  return true;
}

/* Pushes a table of all variables and an array of their names in order of bytes. [+2] */
static void push_snapshot(lua_State *L) {
  process_push_env(L);
  int values = lua_gettop(L), n = 0;
  size_t count = 0;
  for (lua_pushnil(L); lua_next(L, values); lua_pop(L, 1)) count++;
  lua_createtable(L, (int)count, 0);
  const char **names = lua_newuserdatauv(L, (count + 1) * sizeof *names, 0);
  for (lua_pushnil(L); lua_next(L, values); lua_pop(L, 1)) names[n++] = lua_tostring(L, -2); /* the table keeps it */
  qsort(names, (size_t)n, sizeof *names, compare_names);
  for (int i = 0; i < n; i++) {
    lua_pushstring(L, names[i]);
    lua_rawseti(L, values + 1, i + 1);
  }
  lua_pop(L, 1);
}

/* Iterator; upvalues: values, names, index. */
static int env_next(lua_State *L) {
  lua_Integer i = lua_tointeger(L, lua_upvalueindex(3)) + 1;
  lua_pushinteger(L, i);
  lua_replace(L, lua_upvalueindex(3));
  if (lua_rawgeti(L, lua_upvalueindex(2), i) == LUA_TNIL) return 1;
  lua_pushvalue(L, -1);
  lua_rawget(L, lua_upvalueindex(1));
  return 2;
}

static int env_pairs(lua_State *L) {
  push_snapshot(L);
  lua_pushinteger(L, 0);
  lua_pushcclosure(L, env_next, 3);
  return 1;
}

/* What JSON.stringify and inspect show in place of it. */
static int env_copy(lua_State *L) {
  push_snapshot(L);
  lua_pop(L, 1);
  return 1;
}

/* Between the table and the environment stands one that has the methods by which it is shown. */
void process_make_env(lua_State *L) {
  static const luaL_Reg methods[] = { { "toJSON", env_copy },
                                      { INSPECT_CUSTOM, env_copy },
                                      { NULL, NULL } };
  lua_newtable(L);
  lua_createtable(L, 0, 3);
  luaL_newlib(L, methods);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, env_index);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, env_newindex);
  lua_setfield(L, -2, "__newindex");
  lua_pushcfunction(L, env_pairs);
  lua_setfield(L, -2, "__pairs");
  lua_setmetatable(L, -2);
}

/* ---- .env files ---- */

/* Appends the file's bytes: 0, or a uv error of the call *syscall. Raises nothing. */
static int read_all(const char *path, StrBuf *out, const char **syscall) {
  char part[4096];
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  *syscall = fd < 0 ? "open" : "read";
  if (fd < 0) return uv_translate_sys_error(errno);
  ssize_t n;
  do {
    n = read(fd, part, sizeof part);
    if (n > 0) strbuf_add(out, part, (size_t)n);
  } while (n > 0 || (n < 0 && errno == EINTR));
  int err = n < 0 ? uv_translate_sys_error(errno) : out->failed ? UV_ENOMEM : 0;
  (void)close(fd);
  return err;
}

/* The path at 2, which may be a Buffer or the URL of a file. */
static const char *env_path(lua_State *L) {
  const Buffer *buf = buffer_test(L, 2);
  if (lua_isnil(L, 2)) return ".env";
  if (buf) {
    lua_pushlstring(L, buffer_bytes(buf), buf->length);
    lua_replace(L, 2);
  } else if (class_is(L, 2, &url_class)) {
    (void)rt_require_builtin(L, "url");
    lua_getfield(L, -1, "fileURLToPath");
    lua_pushvalue(L, 2);
    lua_call(L, 1, 1);
    lua_replace(L, 2);
    lua_settop(L, 2);
  } else if (lua_type(L, 2) != LUA_TSTRING) {
    err_arg_type(L, 2, "path", "of type string or an instance of Buffer or URL");
  }
  return arg_cstring(L, 2, "path");
}

/* (process, path?): what the environment has already stays. */
int process_load_env_file(lua_State *L) {
  lua_settop(L, 2);
  const char *path = env_path(L);
  StrBuf *text = strbuf_new_lua(L);
  const char *syscall;
  int err = read_all(path, text, &syscall);
  if (err < 0) {
    err_push_path(L, err, syscall, path, NULL);
    return lua_error(L);
  }
  (void)rt_require_builtin(L, "util");
  lua_getfield(L, -1, "parseEnv");
  lua_pushlstring(L, text->len ? text->p : "", text->len);
  strbuf_free(text);
  lua_call(L, 1, 1);
  int vars = lua_gettop(L);
  for (lua_pushnil(L); lua_next(L, vars); lua_pop(L, 1)) {
    lua_pushvalue(L, -2);
    const char *name = env_name(L, lua_gettop(L));
    if (name && !getenv(name) && setenv(name, env_value(L, -2), 1) != 0)
      return luaL_error(L, "not enough memory");
    lua_settop(L, vars + 2);
  }
  return 0;
}
