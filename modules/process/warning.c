/* SPDX-License-Identifier: MIT */
/* warning.c - process.emitWarning, and the first listener of `warning`, which prints.
 *
 * A warning is an Error whose name is its kind. It is emitted by a tick, so whoever causes one
 * may still add a listener. The printing listener is there from the start, as in Node: it comes
 * first, and removeAllListeners("warning") silences it. */
#include "parts.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/opts.h"
#include "../core/out.h"
#include "../core/strbuf.h"
#include "../events/events.h"

#include <string.h>
#include <unistd.h>

/* ---- process.noDeprecation and its like: nil until set ---- */

static int get_tristate(lua_State *L, Tristate t) {
  if (t == UNSET) lua_pushnil(L);
  else lua_pushboolean(L, t == YES);
  return 1;
}

static int set_tristate(lua_State *L, Tristate *t) {
  *t = lua_isnil(L, 2) ? UNSET : lua_toboolean(L, 2) ? YES : NO;
  return 0;
}

int process_get_no_deprecation(lua_State *L) {
  return get_tristate(L, process_self(L)->no_deprecation);
}
int process_set_no_deprecation(lua_State *L) {
  return set_tristate(L, &process_self(L)->no_deprecation);
}
int process_get_throw_deprecation(lua_State *L) {
  return get_tristate(L, process_self(L)->throw_deprecation);
}
int process_set_throw_deprecation(lua_State *L) {
  return set_tristate(L, &process_self(L)->throw_deprecation);
}
int process_get_trace_deprecation(lua_State *L) {
  return get_tristate(L, process_self(L)->trace_deprecation);
}
int process_set_trace_deprecation(lua_State *L) {
  return set_tristate(L, &process_self(L)->trace_deprecation);
}

/* ---- printing ---- */

/* Pushes the field of the Error at idx as text, or nil when it is no string. [+1] */
static const char *push_text_field(lua_State *L, int idx, const char *name) {
  if (lua_getfield(L, idx, name) != LUA_TSTRING) {
    lua_pop(L, 1);
    lua_pushnil(L);
  }
  return lua_tostring(L, -1);
}

static void add_hint(Process *process, const Settings *settings, StrBuf *out, bool deprecation) {
  if (process->hint_shown) return;
  process->hint_shown = true;
  const char *slash = strrchr(settings->argv0, '/');
  strbuf_addf(out, "\n(Use `%s %s ...` to show where the warning was created)",
              slash ? slash + 1 : settings->argv0,
              deprecation ? "--trace-deprecation" : "--trace-warnings");
}

int process_print_warning(lua_State *L) {
  if (!err_is(L, 1)) return 0; /* emitted by hand, with something else */
  lua_settop(L, 1);
  process_push(L);
  Process *process = class_test(L, 2, &process_class);
  const Settings *settings = rt_of(L)->settings;
  const char *name = push_text_field(L, 1, "name");
  bool deprecation = name && !strcmp(name, "DeprecationWarning");
  if (settings->no_warnings || (deprecation && process->no_deprecation == YES)) return 0;
  bool trace = settings->trace_warnings || (deprecation && process->trace_deprecation == YES);
  const char *code = push_text_field(L, 1, "code"), *detail = push_text_field(L, 1, "detail");
  const char *stack = push_text_field(L, 1, "stack"), *message = push_text_field(L, 1, "message");
  StrBuf *out = strbuf_new_lua(L);
  strbuf_addf(out, "(moonfork:%d) ", (int)getpid());
  if (code) strbuf_addf(out, "[%s] ", code);
  if (trace && stack) strbuf_adds(out, stack);
  else
    strbuf_addf(out, "%s%s%s", name ? name : "Warning", message && *message ? ": " : "",
                message ? message : "");
  if (detail) strbuf_addf(out, "\n%s", detail);
  if (!trace) add_hint(process, settings, out, deprecation);
  strbuf_addc(out, '\n');
  if (!out->failed) (void)out_write(2, out->p, out->len);
  strbuf_free(out);
  return 0;
}

/* ---- emitting ---- */

/* (warning): the tick */
static int emit_tick(lua_State *L) {
  lua_settop(L, 1);
  process_push(L);
  lua_insert(L, 1);
  (void)emit(L, 1, "warning", 1);
  return 0;
}

/* (warning): the tick of throwDeprecation */
static int throw_tick(lua_State *L) {
  return lua_error(L);
}

/* Queues the Error on top, or drops it when it is a deprecation that nobody wants. [-1] */
static void queue_warning(lua_State *L, const Process *process) {
  const char *name = push_text_field(L, -1, "name");
  bool deprecation = name && !strcmp(name, "DeprecationWarning");
  lua_pop(L, 1);
  if (deprecation && process->no_deprecation == YES) {
    lua_pop(L, 1);
    return;
  }
  lua_pushcfunction(L, deprecation && process->throw_deprecation == YES ? throw_tick : emit_tick);
  lua_insert(L, -2);
  rt_next_tick(L, 1);
}

void process_on_warning(lua_State *L) {
  process_push(L);
  const Process *process = class_test(L, -1, &process_class);
  lua_pop(L, 1);
  queue_warning(L, process);
}

/* The level just above the function at idx, or `level` when it is not running. */
static int level_above(lua_State *L, int idx, int level) {
  lua_Debug ar;
  for (int i = level; lua_getstack(L, i, &ar); i++) {
    lua_getinfo(L, "f", &ar);
    bool found = lua_rawequal(L, -1, idx);
    lua_pop(L, 1);
    if (found) return i + 1;
  }
  return level;
}

/* Takes options apart: after it type, code, detail and ctor are at 3, 4, 5, 6. */
static void spread_options(lua_State *L) {
  lua_settop(L, 5);
  if (arg_is_callable(L, 4)) { /* (msg, type, ctor) */
    lua_pushnil(L);
    lua_insert(L, 4);
    lua_settop(L, 5);
  }
  lua_pushnil(L);
  lua_insert(L, 5); /* no detail */
  if (arg_is_callable(L, 3)) {
    lua_pushvalue(L, 3);
    lua_replace(L, 6);
    lua_pushnil(L);
    lua_replace(L, 3);
    lua_pushnil(L);
    lua_replace(L, 4);
  } else if (lua_istable(L, 3) && !json_is_array(L, 3) && !class_of(L, 3)) {
    static const char *const keys[] = { "code", "detail", "ctor", "type" };
    static const int slots[] = { 4, 5, 6, 3 };
    for (int i = 0; i < 4; i++) {
      lua_getfield(L, 3, keys[i]);
      lua_replace(L, slots[i]);
    }
    if (lua_type(L, 5) != LUA_TSTRING) {
      lua_pushnil(L);
      lua_replace(L, 5);
    }
  }
}

/* Pushes the warning for the text at 2 with type, code, detail and ctor at 3 to 6. [+1] */
static void build_warning(lua_State *L) {
  int level = arg_is_callable(L, 6) ? level_above(L, 6, 1) : 1;
  err_push(L, NULL, NULL, "%s", lua_tostring(L, 2));
  int warning = lua_gettop(L);
  if (lua_isnil(L, 3) || !*lua_tostring(L, 3)) lua_pushliteral(L, "Warning");
  else lua_pushvalue(L, 3);
  lua_setfield(L, warning, "name");
  if (!lua_isnil(L, 4) && *lua_tostring(L, 4)) {
    lua_pushvalue(L, 4);
    lua_setfield(L, warning, "code");
  }
  lua_pushvalue(L, 5);
  lua_setfield(L, warning, "detail");
  luaL_tolstring(L, warning, NULL);
  err_push_stack(L, L, level);
  lua_concat(L, 2);
  lua_setfield(L, warning, "stack");
}

int process_emit_warning(lua_State *L) {
  const Process *process = process_self(L);
  spread_options(L);
  if (!lua_isnil(L, 3) && lua_type(L, 3) != LUA_TSTRING)
    return err_arg_type(L, 3, "type", "of type string");
  if (!lua_isnil(L, 4) && lua_type(L, 4) != LUA_TSTRING)
    return err_arg_type(L, 4, "code", "of type string");
  if (lua_type(L, 2) == LUA_TSTRING) build_warning(L);
  else if (err_is(L, 2)) lua_pushvalue(L, 2);
  else return err_arg_type(L, 2, "warning", "of type string or an instance of Error");
  queue_warning(L, process);
  return 0;
}
