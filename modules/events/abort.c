/* SPDX-License-Identifier: MIT */
/* abort.c - AbortController and AbortSignal; the module of what Node has as globals only.
 *
 * A signal keeps its reason, and the signals made of it by AbortSignal.any, which follow it once its own
 * listeners have run. AbortSignal.timeout goes through the module timers by name, for timers stands on
 * this one. */
#include "abort.h"
#include "target.h"
#include "../core/error.h"
#include "../core/opts.h"
#include "../core/runtime.h"

enum { SIGNAL_REASON = UV_TARGET_FREE, SIGNAL_FOLLOWERS, SIGNAL_VALUES = 3 };
enum { CONTROLLER_SIGNAL = UV_CLASS };
enum { CODE_ABORT = 20, CODE_TIMEOUT = 23 }; /* of the web's DOMException */

typedef struct Signal {
  bool aborted;
} Signal;

static Signal *signal_test(lua_State *L, int idx) { return class_test(L, idx, &abort_signal_class); }
static Signal *signal_self(lua_State *L) { return class_check(L, 1, &abort_signal_class); }

static void signal_new(lua_State *L) {
  luaL_checkstack(L, 12, "signal");
  (void)class_new(L, &abort_signal_class, sizeof(Signal), SIGNAL_VALUES);
}

/* Pushes the reason of an abort that was given none, with the web's name and number. [+1] */
static void push_reason(lua_State *L, const char *name, int code, const char *message) {
  err_push(L, &abort_error_class, NULL, "%s", message);
  lua_pushstring(L, name);
  lua_setfield(L, -2, "name");
  lua_pushinteger(L, code);
  lua_setfield(L, -2, "code");
}

/* ---- for other modules ---- */

void signal_check(lua_State *L, int idx, const char *name) {
  if (!signal_test(L, idx)) err_arg_type(L, idx, name, "an instance of AbortSignal");
}

bool signal_option(lua_State *L, int opts) {
  if (opt_push(L, opts, "signal") == LUA_TNIL) return false;
  signal_check(L, lua_gettop(L), "options.signal");
  return true;
}

bool signal_aborted(lua_State *L, int idx) {
  const Signal *signal = signal_test(L, idx);
  return signal && signal->aborted;
}

void signal_push_error(lua_State *L, int idx) {
  if (idx != 0) idx = lua_absindex(L, idx);
  err_push(L, &abort_error_class, "ABORT_ERR", "The operation was aborted");
  if (idx == 0) return;
  lua_getiuservalue(L, idx, SIGNAL_REASON);
  lua_setfield(L, -2, "cause");
}

void signal_on(lua_State *L, int idx) { target_add(L, idx, "abort", TARGET_ONCE | TARGET_RESIST); }
void signal_off(lua_State *L, int idx) { target_remove(L, idx, "abort", 0); }

/* ---- aborting ---- */

/* The signal at idx aborts for the reason on top, then those that follow it. [-1] */
static void signal_abort(lua_State *L, int idx) {
  Signal *signal = signal_test(L, idx);
  idx = lua_absindex(L, idx);
  if (signal->aborted) {
    lua_pop(L, 1);
    return;
  }
  luaL_checkstack(L, 12, "signal");
  int reason = lua_gettop(L);
  signal->aborted = true;
  lua_pushvalue(L, reason);
  lua_setiuservalue(L, idx, SIGNAL_REASON);
  event_push(L, "abort");
  (void)target_dispatch(L, idx);
  if (lua_getiuservalue(L, idx, SIGNAL_FOLLOWERS) == LUA_TTABLE) {
    int list = reason + 1;
    for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, list); i <= n; i++) {
      lua_rawgeti(L, list, i);
      lua_pushvalue(L, reason);
      signal_abort(L, list + 1);
      lua_settop(L, list);
    }
    lua_pushnil(L);
    lua_setiuservalue(L, idx, SIGNAL_FOLLOWERS);
  }
  lua_settop(L, reason - 1);
}

/* Puts the usual reason in the place of nil. */
static void default_reason(lua_State *L, int idx) {
  if (!lua_isnil(L, idx)) return;
  push_reason(L, "AbortError", CODE_ABORT, "This operation was aborted");
  lua_replace(L, idx);
}

/* AbortSignal.abort(reason) */
static int signal_static_abort(lua_State *L) {
  lua_settop(L, 1);
  default_reason(L, 1);
  signal_new(L);
  lua_pushvalue(L, 1);
  signal_abort(L, 2);
  return 1;
}

/* The time of AbortSignal.timeout is up. upvalue: the signal */
static int on_timeout(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  push_reason(L, "TimeoutError", CODE_TIMEOUT, "The operation was aborted due to timeout");
  signal_abort(L, 1);
  return 0;
}

/* AbortSignal.timeout(delay) */
static int signal_static_timeout(lua_State *L) {
  lua_Integer ms = arg_integer(L, 1, "delay", 0, UINT32_MAX);
  lua_settop(L, 0);
  signal_new(L);
  (void)rt_require_builtin(L, "timers");
  lua_getfield(L, 2, "setTimeout");
  lua_pushvalue(L, 1);
  lua_pushcclosure(L, on_timeout, 1);
  lua_pushinteger(L, ms);
  lua_call(L, 2, 1);
  class_call_method(L, -1, "unref", 0, 0);
  lua_settop(L, 1);
  return 1;
}

/* The signal at idx is followed by the one on top. [-1] */
static void add_follower(lua_State *L, int idx) {
  if (lua_getiuservalue(L, idx, SIGNAL_FOLLOWERS) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_createtable(L, 1, 0);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, idx, SIGNAL_FOLLOWERS);
  }
  lua_insert(L, -2);
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  lua_pop(L, 1);
}

/* AbortSignal.any(signals) */
static int signal_static_any(lua_State *L) {
  arg_table(L, 1, "signals");
  lua_settop(L, 1);
  lua_Integer n = (lua_Integer)lua_rawlen(L, 1);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, 1, i);
    signal_check(L, 2, lua_pushfstring(L, "signals[%d]", (int)i - 1));
    lua_settop(L, 1);
  }
  signal_new(L);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, 1, i);
    if (!signal_aborted(L, 3)) {
      lua_settop(L, 2);
      continue;
    }
    lua_getiuservalue(L, 3, SIGNAL_REASON);
    signal_abort(L, 2);
    lua_settop(L, 2);
    return 1;
  }
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, 1, i);
    lua_pushvalue(L, 2);
    add_follower(L, 3);
    lua_settop(L, 2);
  }
  return 1;
}

static int signal_throw_if_aborted(lua_State *L) {
  if (!signal_self(L)->aborted) return 0;
  lua_getiuservalue(L, 1, SIGNAL_REASON);
  return lua_error(L);
}

static int signal_get_aborted(lua_State *L) {
  lua_pushboolean(L, signal_self(L)->aborted);
  return 1;
}

static int signal_get_reason(lua_State *L) {
  (void)signal_self(L);
  lua_getiuservalue(L, 1, SIGNAL_REASON);
  return 1;
}

static int signal_get_onabort(lua_State *L) {
  (void)signal_self(L);
  target_push_property(L, 1, "abort");
  return 1;
}

static int signal_set_onabort(lua_State *L) {
  (void)signal_self(L);
  lua_settop(L, 2);
  target_set_property(L, 1, "abort");
  return 0;
}

static int signal_inspect(lua_State *L) {
  lua_pushfstring(L, "AbortSignal { aborted: %s }", signal_self(L)->aborted ? "true" : "false");
  return 1;
}

/* ---- AbortController ---- */

static void controller_self(lua_State *L) { (void)class_check(L, 1, &abort_controller_class); }

static int controller_alloc(lua_State *L) {
  (void)class_new(L, &abort_controller_class, 0, 1);
  signal_new(L);
  lua_setiuservalue(L, -2, CONTROLLER_SIGNAL);
  return 1;
}

static int controller_abort(lua_State *L) {
  controller_self(L);
  lua_settop(L, 2);
  default_reason(L, 2);
  lua_getiuservalue(L, 1, CONTROLLER_SIGNAL);
  lua_insert(L, 2);
  signal_abort(L, 2);
  return 0;
}

static int controller_get_signal(lua_State *L) {
  controller_self(L);
  lua_getiuservalue(L, 1, CONTROLLER_SIGNAL);
  return 1;
}

static int controller_inspect(lua_State *L) {
  controller_self(L);
  lua_getiuservalue(L, 1, CONTROLLER_SIGNAL);
  lua_pushfstring(L, "AbortController { signal: AbortSignal { aborted: %s } }",
                  signal_aborted(L, -1) ? "true" : "false");
  return 1;
}

/* ---- rows ---- */

static const FnDef signal_methods[] = {
  { "throwIfAborted", signal_throw_if_aborted, FN_METHOD, "throwIfAborted()",
    "Raises the reason if it has aborted.", NULL, NULL, NULL },
  { "abort", signal_static_abort, FN_STATIC, "abort(reason: any?): AbortSignal",
    "A signal that has aborted already.", NULL, "print(AbortSignal.abort(\"no\").reason)", NULL },
  { "timeout", signal_static_timeout, FN_STATIC, "timeout(delay: integer): AbortSignal",
    "A signal that aborts with a TimeoutError after so many milliseconds. It does not keep the program "
    "running.", NULL, NULL, NULL },
  { "any", signal_static_any, FN_STATIC, "any(signals: AbortSignal[]): AbortSignal",
    "A signal that aborts as soon as one of these does, for the same reason.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef signal_props[] = {
  { "aborted", signal_get_aborted, NULL, "boolean", "Has it aborted?" },
  { "reason", signal_get_reason, NULL, "any?", "What abort was given, else an AbortError." },
  { "onabort", signal_get_onabort, signal_set_onabort, "function?", "A listener of its own." },
  { 0 }
};

static const EventDef signal_events[] = {
  { "abort", "event: Event", "It has aborted; the event's target is the signal." },
  { 0 }
};

const ClassDef abort_signal_class = {
  .name = "AbortSignal", .base = &event_target_class, .abstract = true, .methods = signal_methods,
  .props = signal_props, .events = signal_events, .inspect = signal_inspect,
  .doc = "Tells functions that take it as option `signal` to give up. Comes from an AbortController.",
  .example = "local signal = AbortSignal.timeout(5)\n"
             "signal.onabort = function() print(signal.reason.name) end\nsetTimeout(print, 20, \"end\")"
};

static const FnDef controller_methods[] = {
  { "abort", controller_abort, FN_METHOD, "abort(reason: any?)",
    "Aborts the signal, once; without a reason it is an AbortError.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef controller_props[] = {
  { "signal", controller_get_signal, NULL, "AbortSignal", "What to hand to the functions to be stopped." },
  { 0 }
};

const ClassDef abort_controller_class = {
  .name = "AbortController", .alloc = controller_alloc, .methods = controller_methods,
  .props = controller_props, .inspect = controller_inspect,
  .doc = "Stops what was started with its signal.",
  .example = "local c = AbortController()\n"
             "require(\"timers/promises\").setTimeout(1000, 1, { signal = c.signal }):catch(print)\n"
             "c:abort()"
};

static const ClassDef *const event_target_classes[] = {
  &abort_controller_class, &abort_signal_class, &event_class, &event_target_class, NULL
};

const ModuleDef event_target_module = {
  .name = "event_target", .classes = event_target_classes,
  .doc = "AbortController, AbortSignal, Event and EventTarget, which are globals.",
  .example = "print(require(\"event_target\").AbortController().signal.aborted)"
};
