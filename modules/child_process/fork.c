/* SPDX-License-Identifier: MIT */
/* fork.c - fork: a child of our own kind with a channel. See child_process.h. */
#include "child_process.h"
#include "child.h"
#include "ship.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/opts.h"
#include "../fs/args.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

static bool list_has_ipc(lua_State *L, int idx) {
  bool found = false;
  lua_Integer n = luaL_len(L, idx);
  for (lua_Integer i = 1; i <= n && !found; i++) {
    lua_geti(L, idx, i);
    found = lua_type(L, -1) == LUA_TSTRING && !strcmp(lua_tostring(L, -1), "ipc");
    lua_pop(L, 1);
  }
  return found;
}

/* Sets options.stdio of the table on top: a list that ends with "ipc". */
static void fork_stdio(lua_State *L) {
  int options = lua_gettop(L);
  bool silent = opt_boolean(L, options, "silent", false);
  const char *word = silent ? "pipe" : "inherit";
  int type = lua_getfield(L, options, "stdio");
  if (type == LUA_TTABLE) {
    if (!list_has_ipc(L, options + 1))
      (void)err_raise(L, NULL, "ERR_CHILD_PROCESS_IPC_REQUIRED",
                      "Forked processes must have an IPC channel, missing value 'ipc' in options.stdio");
    lua_pop(L, 1);
    return;
  }
  if (type == LUA_TSTRING) word = lua_tostring(L, -1);
  else if (type != LUA_TNIL) err_arg_value(L, options + 1, "stdio", "is invalid");
  if (strcmp(word, "pipe") != 0 && strcmp(word, "overlapped") != 0 && strcmp(word, "inherit") != 0 && strcmp(word, "ignore") != 0)
    err_arg_value(L, options + 1, "stdio", "is invalid");
  lua_createtable(L, 4, 0);
  for (int i = 1; i <= 3; i++) {
    lua_pushstring(L, word);
    lua_rawseti(L, -2, i);
  }
  lua_pushliteral(L, "ipc");
  lua_rawseti(L, -2, 4);
  lua_setfield(L, options, "stdio");
  lua_settop(L, options);
}

/* Appends the values of the list at idx (0: none) to the table at `to`. */
static void append_list(lua_State *L, int to, int idx) {
  lua_Integer n = idx ? luaL_len(L, idx) : 0, at = (lua_Integer)lua_rawlen(L, to);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_geti(L, idx, i);
    lua_rawseti(L, to, ++at);
  }
}

static bool takes_code(const char *option) {
  return !strcmp(option, "-e") || !strcmp(option, "--eval") || !strcmp(option, "-p") ||
         !strcmp(option, "--print");
}

/* Such options are ours alone: the child has its own script. */
static bool says_what_to_run(const char *option) {
  return takes_code(option) || !strcmp(option, "-i") || !strcmp(option, "--interactive");
}

/* The values of the list on top are to be arguments: a NUL in one is told with its place in the list
 * that the caller gave. */
static void check_list(lua_State *L, const char *what) {
  lua_Integer n = luaL_len(L, -1);
  for (lua_Integer i = 1; i <= n; i++) {
    size_t len;
    lua_geti(L, -1, i);
    const char *text = luaL_tolstring(L, -1, &len);
    if (memchr(text, '\0', len)) {
      const char *name = lua_pushfstring(L, "%s[%I]", what, i);
      err_arg_value(L, -2, name, "must be a string without null bytes");
    }
    lua_pop(L, 2);
  }
}

/* Pushes options.execArgv, or the options that our own process was started with. [+1] */
static void push_exec_argv(lua_State *L, int options) {
  if (lua_getfield(L, options, "execArgv") == LUA_TTABLE) {
    check_list(L, "options.execArgv");
    return;
  }
  if (!lua_isnil(L, -1)) err_arg_type(L, lua_gettop(L), "options.execArgv", "of type table");
  lua_pop(L, 1);
  lua_newtable(L);
  const Settings *settings = rt_of(L)->settings;
  lua_Integer n = 0;
  for (int i = 0; i < settings->exec_argc; i++) {
    const char *option = settings->exec_argv[i];
    if (says_what_to_run(option)) {
      i += takes_code(option);
      continue;
    }
    lua_pushstring(L, option);
    lua_rawseti(L, -2, ++n);
  }
}

/* Pushes the program to run: options.execPath or our own. [+1] */
static void push_exec_path(lua_State *L, int options) {
  static const char replaced[] = " (deleted)"; /* a newer one is in its place: children run that */
  char path[PATH_MAX];
  size_t size = sizeof path;
  if (opt_string(L, options, "execPath", NULL)) {
    (void)opt_push(L, options, "execPath");
    (void)arg_cstring(L, -1, "options.execPath");
    return;
  }
  int err = uv_exepath(path, &size);
  if (err) (void)err_raise_uv(L, err, "uv_exepath");
  size_t tail = strlen(replaced);
  if (size > tail && !strcmp(path + size - tail, replaced)) size -= tail;
  lua_pushlstring(L, path, size);
}

/* The function's descriptor joins stdio behind the channel, its number the environment. */
static void add_function(lua_State *L, int options, int fd) {
  lua_getfield(L, options, "stdio");
  lua_Integer slot = luaL_len(L, -1);
  lua_pushinteger(L, fd);
  lua_rawseti(L, -2, slot + 1);
  lua_pop(L, 1);
  lua_pushinteger(L, slot);
  lua_rawsetp(L, options, &spawn_function_slot);
}

/* fork's own arguments: module at 1, args at 2 (0: none), options at 3 (a copy). */
static int fork_arguments(lua_State *L) {
  lua_settop(L, 3);
  int args = 2, options = 3;
  if (lua_isnil(L, 2) || json_is_null(L, 2)) {
    args = 0;
  } else {
    if (!lua_istable(L, 2)) return err_arg_type(L, 2, "args", "an instance of Array");
    if (!spawn_is_list(L, 2)) {
      options = 2;
      args = 0;
    }
  }
  if (lua_isnil(L, options) || json_is_null(L, options)) options = 0;
  else arg_table(L, options, "options");
  spawn_copy_options(L, options);
  lua_replace(L, 3);
  return args;
}

/* Closes a descriptor when it is collected, should anything raise before. */
typedef struct FdGuard {
  int fd;
} FdGuard;

static const ClassDef fd_guard_class;

static void fd_guard_end(FdGuard *guard) {
  if (guard->fd >= 0) (void)close(guard->fd);
  guard->fd = -1;
}

static int fd_guard_gc(lua_State *L) {
  FdGuard *guard = class_test(L, 1, &fd_guard_class);
  if (guard) fd_guard_end(guard);
  return 0;
}

static const ClassDef fd_guard_class = { .name = "FdGuard", .abstract = true, .gc = fd_guard_gc };

int child_process_fork(lua_State *L) {
  bool function = lua_isfunction(L, 1);
  if (!function && lua_type(L, 1) != LUA_TSTRING && !lua_isuserdata(L, 1))
    return err_arg_type(L, 1, "modulePath",
                        "of type string or function or an instance of Buffer or URL");
  if (!function) (void)fs_check_path(L, 1, "modulePath");
  int args = fork_arguments(L), options = 3;
  FdGuard *guard = class_new(L, &fd_guard_class, sizeof *guard, 0);
  guard->fd = -1;
  lua_pushvalue(L, options);
  fork_stdio(L);
  lua_newtable(L); /* 6: arguments of the program */
  push_exec_argv(L, options);
  append_list(L, 6, 7);
  lua_settop(L, 6);
  if (args) {
    lua_pushvalue(L, args);
    check_list(L, "args");
    lua_pop(L, 1);
  }
  if (function) {
    guard->fd = ship_function(L, 1);
    add_function(L, options, guard->fd);
    lua_pushliteral(L, "[function]");
  } else {
    lua_pushvalue(L, 1);
  }
  lua_rawseti(L, 6, (lua_Integer)lua_rawlen(L, 6) + 1);
  append_list(L, 6, args);
  push_exec_path(L, options);
  lua_pushvalue(L, 6);
  lua_pushvalue(L, options);
  SpawnArgs *spawn = spawn_read(L, 7, false);
  child_spawn(L, spawn, function ? "[function]" : lua_tostring(L, 1));
  fd_guard_end(guard);
  return 1;
}
