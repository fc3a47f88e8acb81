/* SPDX-License-Identifier: MIT */
/* exit.c - how the process ends: exit, exitCode, beforeExit and exit, abort, kill. */
#include "parts.h"
#include "../core/signame.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/opts.h"
#include "../core/out.h"
#include "../events/events.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

/* Reads an exit code at idx: an integer, a string that is one, nil or null for "none" (false). */
static bool read_code(lua_State *L, int idx, int64_t *code) {
  *code = 0;
  if (lua_isnoneornil(L, idx) || json_is_null(L, idx)) return false;
  if (lua_type(L, idx) == LUA_TSTRING) {
    const char *text = lua_tostring(L, idx);
    if (lua_stringtonumber(L, text) == 0) err_arg_type(L, idx, "code", "of type number");
    lua_replace(L, idx);
  }
  *code = arg_integer(L, idx, "code", LUA_MININTEGER, LUA_MAXINTEGER);
  return true;
}

/* exit() keeps process.exitCode, exit(nil) forgets it. */
int process_exit(lua_State *L) {
  Runtime *rt = rt_of(L);
  int64_t code = rt->exit_code;
  if (lua_gettop(L) >= 2) (void)read_code(L, 2, &code);
  return rt_exit(L, code);
}

int process_get_exit_code(lua_State *L) {
  const Runtime *rt = rt_of(L);
  if (rt->exit_code_set) lua_pushinteger(L, (lua_Integer)rt->exit_code);
  else lua_pushnil(L);
  return 1;
}

int process_set_exit_code(lua_State *L) {
  Runtime *rt = rt_of(L);
  int64_t code;
  bool set = read_code(L, 2, &code);
  rt->exit_code = code;
  rt->exit_code_set = set;
  return 0;
}

/* ---- events ---- */

static void emit_code(lua_State *L, const char *event) {
  process_push(L);
  lua_pushinteger(L, (lua_Integer)rt_of(L)->exit_code);
  (void)emit(L, -2, event, 1);
  lua_pop(L, 1);
}

static int before_exit_deliver(lua_State *L) {
  emit_code(L, "beforeExit");
  return 0;
}

void process_on_before_exit(Runtime *rt) {
  (void)rt_enter(rt, before_exit_deliver, NULL);
}

void process_on_exit(Runtime *rt, lua_State *L) {
  (void)rt;
  emit_code(L, "exit");
}

/* ---- signals that are sent ---- */

int process_abort(lua_State *L) {
  process_main_only(L, "process.abort()");
  out_flush();
  abort();
}

/* A pid: an integer, or a string that is one. */
static pid_t read_pid(lua_State *L, int idx) {
  int whole;
  lua_Integer pid = lua_tointegerx(L, idx, &whole); /* converts strings, too */
  if (!whole || pid < INT32_MIN || pid > INT32_MAX) err_arg_type(L, idx, "pid", "of type number");
  return (pid_t)pid;
}

static int read_signal(lua_State *L, int idx) {
  if (lua_isnoneornil(L, idx) || json_is_null(L, idx)) return SIGTERM;
  if (lua_type(L, idx) == LUA_TNUMBER) {
    int whole;
    lua_Integer number = lua_tointegerx(L, idx, &whole);
    if (whole && number >= INT32_MIN && number <= INT32_MAX) return (int)number;
  } else if (lua_type(L, idx) == LUA_TSTRING) {
    int number = signal_number(lua_tostring(L, idx), false);
    if (number) return number;
  }
  return err_unknown_signal(L, idx);
}

int process_kill(lua_State *L) {
  lua_settop(L, 3);
  pid_t pid = read_pid(L, 2);
  int number = read_signal(L, 3);
  out_flush(); /* it may end this process */
  int err = number < 0 ? UV_EINVAL : kill(pid, number) == 0 ? 0 : -errno;
  if (err < 0) return err_raise_uv(L, err, "kill");
  lua_pushboolean(L, true);
  return 1;
}
