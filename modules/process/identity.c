/* SPDX-License-Identifier: MIT */
/* identity.c - who and where the process is: ids, folder, title, arguments, versions. */
#include "parts.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/opts.h"

#include <grp.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- ids ---- */

static int push_id(lua_State *L, int64_t id) {
  lua_pushinteger(L, (lua_Integer)id);
  return 1;
}

int process_get_pid(lua_State *L) {
  return push_id(L, getpid());
}
int process_get_ppid(lua_State *L) {
  return push_id(L, getppid());
}
int process_getuid(lua_State *L) {
  return push_id(L, getuid());
}
int process_geteuid(lua_State *L) {
  return push_id(L, geteuid());
}
int process_getgid(lua_State *L) {
  return push_id(L, getgid());
}
int process_getegid(lua_State *L) {
  return push_id(L, getegid());
}

/* Supplementary groups; the effective one is added where the system leaves it out, as in Node. */
int process_getgroups(lua_State *L) {
  int count = getgroups(0, NULL);
  if (count < 0) return err_raise_uv(L, uv_translate_sys_error(errno), "getgroups");
  gid_t *groups = lua_newuserdatauv(L, ((size_t)count + 1) * sizeof *groups, 0);
  count = getgroups(count, groups);
  if (count < 0) return err_raise_uv(L, uv_translate_sys_error(errno), "getgroups");
  bool effective = false;
  lua_createtable(L, count + 1, 0);
  json_mark_array(L, -1);
  for (int i = 0; i < count; i++) {
    effective = effective || groups[i] == getegid();
    lua_pushinteger(L, groups[i]);
    lua_rawseti(L, -2, i + 1);
  }
  if (effective) return 1;
  lua_pushinteger(L, getegid());
  lua_rawseti(L, -2, count + 1);
  return 1;
}

/* ---- folder and mask ---- */

int process_cwd(lua_State *L) {
  char path[PATH_MAX];
  size_t len = sizeof path;
  int err = uv_cwd(path, &len);
  if (err < 0) {
    err_push_path(L, err, "uv_cwd", NULL, NULL);
    return lua_error(L);
  }
  lua_pushlstring(L, path, len);
  return 1;
}

int process_chdir(lua_State *L) {
  char old[PATH_MAX];
  size_t len = sizeof old;
  process_main_only(L, "process.chdir()");
  const char *folder = arg_cstring(L, 2, "directory");
  if (uv_cwd(old, &len) < 0) *old = '\0'; /* it may be gone: that must not keep us there */
  int err = uv_chdir(folder);
  if (err == 0) return 0;
  err_push_path(L, err, "chdir", old, folder);
  return lua_error(L);
}

/* The mask at 2: an integer of 32 bits or a string of octal digits. */
static mode_t read_mask(lua_State *L) {
  if (lua_type(L, 2) == LUA_TSTRING) {
    const char *text = lua_tostring(L, 2);
    size_t digits = strspn(text, "01234567");
    if (digits > 0 && digits == lua_rawlen(L, 2)) return (mode_t)(strtoul(text, NULL, 8) & 0777);
    return (mode_t)err_arg_value(L, 2, "mask",
                                 "must be a 32-bit unsigned integer or an octal string");
  }
  return (mode_t)(arg_integer(L, 2, "mask", 0, UINT32_MAX) & 0777);
}

int process_umask(lua_State *L) {
  mode_t old;
  if (lua_isnoneornil(L, 2)) {
    old = umask(0); /* there is no other way to read it */
    (void)umask(old);
  } else {
    process_main_only(L, "Setting process.umask()");
    mode_t mask = read_mask(L);
    old = umask(mask);
  }
  return push_id(L, old);
}

/* ---- title ---- */

int process_get_title(lua_State *L) {
  char title[1024];
  if (uv_get_process_title(title, sizeof title) < 0 || !*title)
    lua_pushstring(L, rt_of(L)->settings->argv0);
  else lua_pushstring(L, title);
  return 1;
}

int process_set_title(lua_State *L) {
  if (rt_of(L)->thread_id != 0) return 0; /* a worker's is ignored, as in Node */
  int err = uv_set_process_title(luaL_tolstring(L, 2, NULL));
  return err < 0 ? err_raise_uv(L, err, "uv_set_process_title") : 0;
}

/* ---- command line ---- */

static void push_exec_path(lua_State *L) {
  char path[PATH_MAX];
  size_t len = sizeof path;
  if (uv_exepath(path, &len) == 0) lua_pushlstring(L, path, len);
  else lua_pushstring(L, rt_of(L)->settings->argv0);
}

/* Appends n strings to the array on top. [0] */
static void append_strings(lua_State *L, char **strings, int n) {
  for (int i = 0; i < n; i++) {
    lua_pushstring(L, strings[i]);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  }
}

static void make_argv(lua_State *L) {
  const Settings *settings = rt_of(L)->settings;
  lua_newtable(L);
  json_mark_array(L, -1);
  push_exec_path(L);
  lua_rawseti(L, -2, 1);
  if (settings->script) {
    lua_pushstring(L, settings->script);
    lua_rawseti(L, -2, 2);
  }
  append_strings(L, settings->args, settings->nargs);
}

static void make_exec_argv(lua_State *L) {
  const Settings *settings = rt_of(L)->settings;
  lua_newtable(L);
  json_mark_array(L, -1);
  append_strings(L, settings->exec_argv, settings->exec_argc);
}

int process_get_argv(lua_State *L) {
  return process_cached(L, PV_ARGV, make_argv);
}
int process_get_exec_argv(lua_State *L) {
  return process_cached(L, PV_EXEC_ARGV, make_exec_argv);
}

int process_get_argv0(lua_State *L) {
  lua_pushstring(L, rt_of(L)->settings->argv0);
  return 1;
}

int process_get_exec_path(lua_State *L) {
  push_exec_path(L);
  return 1;
}

/* ---- versions ---- */

static void make_versions(lua_State *L) {
  lua_createtable(L, 0, 3);
  lua_pushliteral(L, MOONFORK_VERSION);
  lua_setfield(L, -2, "moonfork");
  lua_pushliteral(L, LUA_VERSION_MAJOR "." LUA_VERSION_MINOR "." LUA_VERSION_RELEASE);
  lua_setfield(L, -2, "lua");
  lua_pushstring(L, uv_version_string());
  lua_setfield(L, -2, "uv");
}

static void make_release(lua_State *L) {
  lua_createtable(L, 0, 1);
  lua_pushliteral(L, "moonfork");
  lua_setfield(L, -2, "name");
}

static void make_features(lua_State *L) {
  static const struct {
    const char *name;
    bool here;
  } rows[] = { { "cached_builtins", true }, { "debug", false },    { "inspector", false },
               { "ipv6", true },            { "tls", false },      { "tls_alpn", false },
               { "tls_ocsp", false },       { "tls_sni", false },  { "uv", true } };
  lua_createtable(L, 0, 9);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    lua_pushboolean(L, rows[i].here);
    lua_setfield(L, -2, rows[i].name);
  }
}

int process_get_features(lua_State *L) {
  return process_cached(L, PV_FEATURES, make_features);
}

int process_get_version(lua_State *L) {
  lua_pushliteral(L, "v" MOONFORK_VERSION);
  return 1;
}

int process_get_versions(lua_State *L) {
  return process_cached(L, PV_VERSIONS, make_versions);
}
int process_get_release(lua_State *L) {
  return process_cached(L, PV_RELEASE, make_release);
}

int process_get_platform(lua_State *L) {
  lua_pushstring(L, process_platform());
  return 1;
}

int process_get_arch(lua_State *L) {
  lua_pushstring(L, process_arch());
  return 1;
}
