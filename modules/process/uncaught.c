/* SPDX-License-Identifier: MIT */
/* uncaught.c - what happens to an error that nobody caught.
 *
 * The order is Node's: uncaughtExceptionMonitor sees every one; then the capture callback, if
 * there is one, takes it, else the listeners of uncaughtException do; else it is fatal. What
 * raises in here is fatal, too: rt_uncaught sees to that. */
#include "parts.h"
#include "report.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/opts.h"
#include "../events/events.h"

#include <string.h>

/* process._fatalException, when a script has set it: a function replaces everything here,
 * anything else is fatal at once. Returns 1 (handled), 0 (not handled) or -1 (there is none).
 * process is at top. */
static int ask_replacement(Runtime *rt, lua_State *L, int idx, const char *origin) {
  if (lua_getiuservalue(L, -1, UV_FIELDS) != LUA_TTABLE ||
      lua_getfield(L, -1, "_fatalException") == LUA_TNIL)
    return -1;
  if (!arg_is_callable(L, -1)) {
    lua_pushvalue(L, idx);
    rt_die_at_once(rt, L, EXIT_BAD_HOOK);
    return 1;
  }
  lua_pushvalue(L, idx);
  lua_pushboolean(L, !strcmp(origin, "unhandledRejection"));
  lua_call(L, 2, 1);
  return lua_toboolean(L, -1);
}

bool process_on_uncaught(Runtime *rt, lua_State *L, int idx, const char *origin) {
  luaL_checkstack(L, 12, "uncaughtException");
  idx = lua_absindex(L, idx);
  process_push(L);
  int process = lua_gettop(L);
  int replaced = ask_replacement(rt, L, idx, origin);
  if (replaced >= 0) return replaced;
  lua_settop(L, process);
  lua_pushvalue(L, idx);
  lua_pushstring(L, origin);
  (void)emit(L, process, "uncaughtExceptionMonitor", 2);
  if (lua_getiuservalue(L, process, PV_CAPTURE) != LUA_TNIL) {
    lua_pushvalue(L, idx);
    lua_call(L, 1, 0);
    return true;
  }
  lua_pushvalue(L, idx);
  lua_pushstring(L, origin);
  if (emit(L, process, "uncaughtException", 2)) return true;
  report_on_uncaught(L, idx);
  return false;
}

int process_set_capture(lua_State *L) {
  lua_settop(L, 2);
  (void)process_self(L);
  bool none = json_is_null(L, 2);
  if (!none && !arg_is_callable(L, 2)) return err_arg_type(L, 2, "fn", "of type function or null");
  bool active = lua_getiuservalue(L, 1, PV_CAPTURE) != LUA_TNIL;
  if (!none && active)
    return err_raise(
        L, NULL, "ERR_UNCAUGHT_EXCEPTION_CAPTURE_ALREADY_SET",
        "`process.setupUncaughtExceptionCapture()` was called while a capture callback "
        "was already active");
  if (none) lua_pushnil(L);
  else lua_pushvalue(L, 2);
  lua_setiuservalue(L, 1, PV_CAPTURE);
  return 0;
}

int process_has_capture(lua_State *L) {
  (void)process_self(L);
  lua_pushboolean(L, lua_getiuservalue(L, 1, PV_CAPTURE) != LUA_TNIL);
  return 1;
}
