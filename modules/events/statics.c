/* SPDX-License-Identifier: MIT */
/* statics.c - events.once and events.on, which wait for events, and the other functions that take the
 * emitter as an argument.
 *
 * They go through the emitter's own methods, so anything with on, once and removeListener will do. What
 * waits is kept alive by its listeners. */
#include "events.h"
#include "abort.h"
#include "parts.h"
#include "target.h"
#include "../core/class.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/opts.h"
#include "../core/runtime.h"
#include "../promise/promise.h"

/* ---- arguments ---- */

static bool has_method(lua_State *L, int idx, const char *name) {
  lua_getfield(L, idx, name);
  bool callable = arg_is_callable(L, -1);
  lua_pop(L, 1);
  return callable;
}

static bool is_target(lua_State *L, int idx) { return class_is(L, idx, &event_target_class); }

/* Raises unless the value at idx can be listened to. */
static void check_emitter(lua_State *L, int idx, const char *name, const char *expected) {
  bool object = class_is(L, idx, &event_emitter_class) || lua_istable(L, idx);
  if (is_target(L, idx)) return;
  if (!object || !has_method(L, idx, "on") || !has_method(L, idx, "once"))
    err_arg_type(L, idx, name, expected);
}

/* Adds the listener on top for the name below it to the emitter or target at idx. [-2] */
static void listener_add(lua_State *L, int idx, bool once) {
  if (!is_target(L, idx)) {
    class_call_method(L, idx, once ? "once" : "on", 2, 0);
    return;
  }
  lua_createtable(L, 0, 1);
  lua_pushboolean(L, once);
  lua_setfield(L, -2, "once");
  class_call_method(L, idx, "addEventListener", 3, 0);
}

/* Removes it. [-2] */
static void listener_remove(lua_State *L, int idx) {
  class_call_method(L, idx, is_target(L, idx) ? "removeEventListener" : "removeListener", 2, 0);
}

/* (emitter, name, options): checks, and leaves three values. */
static void check_wait(lua_State *L) {
  lua_settop(L, 3);
  check_emitter(L, 1, "emitter", "an instance of EventEmitter");
  if (lua_isnil(L, 2)) err_arg_type(L, 2, "eventName", "a value other than nil");
  if (lua_isnil(L, 3)) return;
  arg_table(L, 3, "options");
  (void)signal_option(L, 3);
  lua_pop(L, 1);
}

/* Turns the arguments of a listener into an array. [-n, +1] */
static void pack_arguments(lua_State *L) {
  int n = lua_gettop(L);
  lua_createtable(L, n, 0);
  lua_insert(L, 1);
  for (int i = n; i >= 1; i--) lua_rawseti(L, 1, i);
  json_mark_array(L, 1);
}

static bool is_error_name(lua_State *L, int idx) {
  lua_pushliteral(L, "error");
  bool same = lua_rawequal(L, -1, idx);
  lua_pop(L, 1);
  return same;
}

/* ---- once ---- */

/* Slots of the table that the two listeners of one wait share. */
enum {
  ONCE_PROMISE = 1, ONCE_EMITTER, ONCE_NAME, ONCE_RESOLVER, ONCE_FAILER, ONCE_SIGNAL, ONCE_ABORTER
};

/* Removes the listener in `slot` for the event whose name is on top. Table at t. [-1] */
static void once_remove(lua_State *L, int t, int slot) {
  lua_rawgeti(L, t, ONCE_EMITTER);
  lua_insert(L, -2);
  lua_rawgeti(L, t, slot);
  listener_remove(L, lua_gettop(L) - 2);
  lua_pop(L, 1);
}

/* The signal need not tell any more. */
static void once_drop_signal(lua_State *L, int t) {
  lua_rawgeti(L, t, ONCE_SIGNAL);
  if (lua_rawgeti(L, t, ONCE_ABORTER) == LUA_TNIL) lua_pop(L, 1);
  else signal_off(L, -2);
  lua_pop(L, 1);
}

/* Removes the listener for errors, if there is one. */
static void once_drop_failer(lua_State *L, int t) {
  bool listening = lua_rawgeti(L, t, ONCE_FAILER) != LUA_TNIL;
  lua_pop(L, 1);
  if (!listening) return;
  lua_pushliteral(L, "error");
  once_remove(L, t, ONCE_FAILER);
}

static int once_resolve(lua_State *L) {
  int t = lua_upvalueindex(1);
  pack_arguments(L);
  once_drop_failer(L, t);
  once_drop_signal(L, t);
  lua_rawgeti(L, t, ONCE_PROMISE);
  lua_pushvalue(L, 1);
  promise_resolve(L, -2);
  return 0;
}

static int once_fail(lua_State *L) {
  int t = lua_upvalueindex(1);
  lua_settop(L, 1);
  lua_rawgeti(L, t, ONCE_NAME);
  once_remove(L, t, ONCE_RESOLVER);
  once_drop_signal(L, t);
  lua_rawgeti(L, t, ONCE_PROMISE);
  lua_pushvalue(L, 1);
  promise_reject(L, -2);
  return 0;
}

static int once_abort(lua_State *L) {
  int t = lua_upvalueindex(1);
  lua_settop(L, 0);
  lua_rawgeti(L, t, ONCE_NAME);
  once_remove(L, t, ONCE_RESOLVER);
  once_drop_failer(L, t);
  lua_rawgeti(L, t, ONCE_PROMISE);
  lua_rawgeti(L, t, ONCE_SIGNAL);
  signal_push_error(L, 2);
  promise_reject(L, 1);
  return 0;
}

/* Listens once, to the event at `name`, with fn over the table at t, and notes the listener in it. */
static void once_listen(lua_State *L, int t, int slot, int name, lua_CFunction fn) {
  lua_pushvalue(L, name);
  lua_pushvalue(L, t);
  lua_pushcclosure(L, fn, 1);
  lua_pushvalue(L, -1);
  lua_rawseti(L, t, slot);
  listener_add(L, 1, true);
}

/* The signal at 6 may end the wait of the table at 4. */
static void once_follow(lua_State *L) {
  lua_pushvalue(L, 6);
  lua_rawseti(L, 4, ONCE_SIGNAL);
  lua_pushvalue(L, 4);
  lua_pushcclosure(L, once_abort, 1);
  lua_pushvalue(L, -1);
  lua_rawseti(L, 4, ONCE_ABORTER);
  signal_on(L, 6);
}

static int once_body(lua_State *L) {
  check_wait(L);
  lua_createtable(L, 7, 0);
  promise_new(L);
  lua_pushvalue(L, -1);
  lua_rawseti(L, 4, ONCE_PROMISE);
  for (int i = 1; i <= 2; i++) {
    lua_pushvalue(L, i);
    lua_rawseti(L, 4, i == 1 ? ONCE_EMITTER : ONCE_NAME);
  }
  bool has_signal = signal_option(L, 3); /* 6 */
  if (has_signal && signal_aborted(L, 6)) {
    signal_push_error(L, 6);
    promise_reject(L, 5);
    lua_settop(L, 5);
    return 1;
  }
  once_listen(L, 4, ONCE_RESOLVER, 2, once_resolve);
  if (!is_error_name(L, 2) && !is_target(L, 1)) {
    lua_pushliteral(L, "error");
    once_listen(L, 4, ONCE_FAILER, lua_gettop(L), once_fail);
  }
  if (has_signal) once_follow(L);
  promise_new(L); /* as an async function in Node returns the promise of its own */
  lua_pushvalue(L, 5);
  promise_resolve(L, -2);
  return 1;
}

/* Wrong arguments reject the promise. */
int events_once(lua_State *L) {
  lua_settop(L, 3);
  lua_pushcfunction(L, rt_traceback);
  lua_insert(L, 1);
  lua_pushcfunction(L, once_body);
  lua_insert(L, 2);
  if (lua_pcall(L, 3, 1, 1) != LUA_OK) promise_rejected(L);
  return 1;
}

/* ---- on ---- */

/* User values of the userdata that the functions of one iterator share, upvalue 1. */
enum { FEED_EMITTER = 1, FEED_EVENTS, FEED_WAITERS, FEED_ERROR, FEED_LISTENERS, FEED_SIGNAL, FEED_ABORTER,
       FEED_VALUES = 7 };

typedef struct Feed {
  lua_Integer first, last;          /* of the events in their table: first..last-1 */
  lua_Integer waits_first, waits_last;
  lua_Integer high, low;            /* the emitter is paused above, resumed below */
  bool paused, failed, finished;
  bool single;                      /* a value is the first argument, not the list of all */
} Feed;

static Feed *feed_of(lua_State *L) { return lua_touserdata(L, lua_upvalueindex(1)); }

static void feed_push(lua_State *L, int which) { lua_getiuservalue(L, lua_upvalueindex(1), which); }

/* Appends the value on top to a table of the feed. [-1] */
static void feed_append(lua_State *L, int which, lua_Integer *last) {
  feed_push(L, which);
  lua_insert(L, -2);
  lua_rawseti(L, -2, (*last)++);
  lua_pop(L, 1);
}

/* Takes the first value out of a table of the feed. [+1] */
static void feed_take(lua_State *L, int which, lua_Integer *first) {
  feed_push(L, which);
  lua_rawgeti(L, -1, *first);
  lua_pushnil(L);
  lua_rawseti(L, -3, (*first)++);
  lua_remove(L, -2);
}

static void feed_call_emitter(lua_State *L, const char *method) {
  feed_push(L, FEED_EMITTER);
  class_call_method(L, -1, method, 0, 0);
  lua_pop(L, 1);
}

static int feed_event(lua_State *L) {
  Feed *feed = feed_of(L);
  if (feed->single) lua_settop(L, 1);
  else pack_arguments(L);
  if (feed->waits_first < feed->waits_last) {
    feed_take(L, FEED_WAITERS, &feed->waits_first);
    lua_pushvalue(L, 1);
    async_push_result(L, false);
    promise_resolve(L, 2);
    return 0;
  }
  feed_append(L, FEED_EVENTS, &feed->last);
  if (!feed->paused && feed->last - feed->first > feed->high) {
    feed->paused = true;
    feed_call_emitter(L, "pause");
  }
  return 0;
}

/* Removes all listeners, ends all waits, and returns the promise of the end. */
static int feed_finish(lua_State *L) {
  Feed *feed = feed_of(L);
  lua_settop(L, 0);
  feed_push(L, FEED_EMITTER);
  feed_push(L, FEED_LISTENERS);
  for (lua_Integer i = (lua_Integer)lua_rawlen(L, 2); i >= 2; i -= 2) {
    lua_rawgeti(L, 2, i - 1);
    lua_rawgeti(L, 2, i);
    listener_remove(L, 1);
    lua_pushnil(L);
    lua_rawseti(L, 2, i);
    lua_pushnil(L);
    lua_rawseti(L, 2, i - 1);
  }
  feed_push(L, FEED_SIGNAL);
  feed_push(L, FEED_ABORTER);
  if (!lua_isnil(L, 4)) signal_off(L, 3);
  lua_settop(L, 2);
  feed->finished = true;
  while (feed->waits_first < feed->waits_last) {
    feed_take(L, FEED_WAITERS, &feed->waits_first);
    lua_pushnil(L);
    async_push_result(L, true);
    promise_resolve(L, 3);
    lua_settop(L, 2);
  }
  lua_pushnil(L);
  async_push_result(L, true);
  promise_from(L);
  return 1;
}

static int feed_error(lua_State *L) {
  Feed *feed = feed_of(L);
  lua_settop(L, 1);
  if (feed->waits_first < feed->waits_last) {
    feed_take(L, FEED_WAITERS, &feed->waits_first);
    lua_insert(L, 1);
    promise_reject(L, 1);
  } else {
    feed->failed = true;
    lua_setiuservalue(L, lua_upvalueindex(1), FEED_ERROR);
  }
  return feed_finish(L);
}

/* The signal has aborted. */
static int feed_abort(lua_State *L) {
  lua_settop(L, 0);
  feed_push(L, FEED_SIGNAL);
  signal_push_error(L, 1);
  lua_replace(L, 1);
  return feed_error(L);
}

static int feed_next(lua_State *L) {
  Feed *feed = feed_of(L);
  lua_settop(L, 0);
  if (feed->first < feed->last) {
    feed_take(L, FEED_EVENTS, &feed->first);
    if (feed->paused && feed->last - feed->first < feed->low) {
      feed->paused = false;
      feed_call_emitter(L, "resume");
    }
    async_push_result(L, false);
    promise_from(L);
  } else if (feed->failed) {
    feed->failed = false;
    feed_push(L, FEED_ERROR);
    promise_rejected(L);
  } else if (feed->finished) {
    return feed_finish(L);
  } else {
    promise_new(L);
    lua_pushvalue(L, -1);
    feed_append(L, FEED_WAITERS, &feed->waits_last);
  }
  return 1;
}

/* Listens with fn over the feed at 4 to the event on top, and notes it. [-1] */
static void feed_listen(lua_State *L, lua_CFunction fn) {
  int name = lua_gettop(L);
  lua_getiuservalue(L, 4, FEED_LISTENERS);
  lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
  lua_pushvalue(L, name);
  lua_rawseti(L, -2, n + 1);
  lua_pushvalue(L, 4);
  lua_pushcclosure(L, fn, 1);
  lua_pushvalue(L, -1);
  lua_rawseti(L, -3, n + 2);
  lua_pushvalue(L, name);
  lua_insert(L, -2);
  listener_add(L, 1, false);
  lua_settop(L, name - 1);
}

/* The names in option `close` end the feed. */
static void feed_listen_close(lua_State *L) {
  if (opt_push(L, 3, "close") != LUA_TNIL) {
    arg_table(L, -1, "options.close");
    int names = lua_gettop(L);
    for (lua_Integer i = 1, n = luaL_len(L, names); i <= n; i++) {
      lua_geti(L, names, i);
      feed_listen(L, feed_finish);
    }
  }
  lua_pop(L, 1);
}

/* Option signal ends the feed at 4. */
static void feed_follow(lua_State *L) {
  if (signal_option(L, 3)) {
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, 4, FEED_SIGNAL);
    lua_pushvalue(L, 4);
    lua_pushcclosure(L, feed_abort, 1);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, 4, FEED_ABORTER);
    signal_on(L, -2);
  }
  lua_pop(L, 1);
}

/* Four values, for the loop. */
static int feed_open(lua_State *L, bool single) {
  check_wait(L);
  lua_Integer high = opt_integer(L, 3, "highWaterMark", 1, LUA_MAXINTEGER, LUA_MAXINTEGER);
  lua_Integer low = opt_integer(L, 3, "lowWaterMark", 1, LUA_MAXINTEGER, 1);
  if (signal_option(L, 3) && signal_aborted(L, 4)) {
    signal_push_error(L, 4);
    return lua_error(L);
  }
  lua_settop(L, 3);
  Feed *feed = lua_newuserdatauv(L, sizeof *feed, FEED_VALUES);
  *feed = (Feed){ .first = 1, .last = 1, .waits_first = 1, .waits_last = 1, .high = high, .low = low,
                  .single = single };
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, 4, FEED_EMITTER);
  for (int i = FEED_EVENTS; i <= FEED_LISTENERS; i++) {
    if (i == FEED_ERROR) continue;
    lua_newtable(L);
    lua_setiuservalue(L, 4, i);
  }
  lua_pushvalue(L, 2);
  feed_listen(L, feed_event);
  if (!is_error_name(L, 2) && !is_target(L, 1)) {
    lua_pushliteral(L, "error");
    feed_listen(L, feed_error);
  }
  feed_listen_close(L);
  feed_follow(L);
  lua_pushvalue(L, 4);
  lua_pushcclosure(L, feed_next, 1);
  lua_pushvalue(L, 4);
  lua_pushcclosure(L, feed_finish, 1);
  async_iterator_new(L);
  return async_iterator_return(L);
}

int events_on(lua_State *L) { return feed_open(L, false); }
int emitter_values(lua_State *L) { return feed_open(L, true); }

bool events_is_wait(lua_State *L) {
  if (lua_gettop(L) == 2) return !lua_isfunction(L, 2); /* e.on("x", fn): a dot for a colon */
  return lua_istable(L, 3) && !arg_is_callable(L, 3);
}

/* ---- the others ---- */

#define TARGET "an instance of EventEmitter or EventTarget"

static int events_get_listeners(lua_State *L) {
  lua_settop(L, 2);
  check_emitter(L, 1, "emitter", TARGET);
  lua_pushvalue(L, 2);
  if (is_target(L, 1)) {
    target_listeners(L, 1);
    return 1;
  }
  class_call_method(L, 1, "listeners", 1, 1);
  return 1;
}

int events_set_max(lua_State *L) {
  int n = lua_gettop(L);
  lua_Number max = arg_number(L, 1, "setMaxListeners");
  if (!(max >= 0)) return err_range(L, 1, "setMaxListeners", ">= 0");
  for (int i = 2; i <= n; i++) check_emitter(L, i, "eventTargets", TARGET);
  for (int i = 2; i <= n; i++) {
    if (is_target(L, i)) continue; /* there is no limit to exceed */
    lua_pushvalue(L, 1);
    class_call_method(L, i, "setMaxListeners", 1, 0);
  }
  if (n > 1) return 0;
  class_push(L, &event_emitter_class);
  lua_pushvalue(L, 1);
  lua_setfield(L, -2, "defaultMaxListeners");
  return 0;
}

/* ---- addAbortListener ---- */

/* Takes the listener off again. upvalues: the signal, the listener */
static int abort_dispose(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, lua_upvalueindex(2));
  signal_off(L, 1);
  return 0;
}

/* (signal, listener): { dispose } that also closes a variable <close> */
static int events_add_abort(lua_State *L) {
  lua_settop(L, 2);
  signal_check(L, 1, "signal");
  arg_function(L, 2, "listener");
  lua_pushvalue(L, 2);
  if (signal_aborted(L, 1)) rt_microtask(L, 0);
  else signal_on(L, 1);
  lua_createtable(L, 0, 1);
  lua_createtable(L, 0, 1);
  lua_pushvalue(L, 1);
  lua_pushvalue(L, 2);
  lua_pushcclosure(L, abort_dispose, 2);
  lua_pushvalue(L, -1);
  lua_setfield(L, -4, "dispose");
  lua_setfield(L, -2, "__close");
  lua_setmetatable(L, -2);
  return 1;
}

static const OptDef on_options[] = {
  { "close", "any[]", NULL, "Names of events that end the loop once what was emitted has been taken." },
  { "highWaterMark", "integer", NULL, "The emitter is paused when more events than that wait." },
  { "lowWaterMark", "integer", "1", "It is resumed when fewer wait." },
  { "signal", "AbortSignal", NULL, "Ends the loop with an AbortError when it aborts." },
  { NULL, NULL, NULL, NULL }
};

static const OptDef once_options[] = {
  { "signal", "AbortSignal", NULL, "Gives up with an AbortError when it aborts." }, { 0 }
};

const FnDef events_functions[] = {
  { "once", events_once, FN_STATIC,
    "once(emitter: EventEmitter, name: any, options: table?): Promise",
    "A promise of the arguments, as a sequence, of the next such event. An \"error\" event rejects it, "
    "unless that is what it waits for. (With a function as third argument it is the method.)",
    once_options, "local e = EventEmitter()\nsetTimeout(function() e:emit(\"x\", 1) end, 1)\n"
    "print(await(require \"events\".once(e, \"x\"))[1])", NULL },
  { "on", events_on, FN_STATIC,
    "on(emitter: EventEmitter, name: any, options: table?): AsyncIterator",
    "Loops over the events: each value is the sequence of the arguments of one. An \"error\" event is "
    "raised there. (With a function as third argument it is the method.)",
    on_options, "local e = EventEmitter()\nsetTimeout(function() e:emit(\"x\", 1) end, 1)\n"
    "for args in require \"events\".on(e, \"x\") do print(args[1]) break end", NULL },
  { "addAbortListener", events_add_abort, FN_STATIC,
    "addAbortListener(signal: AbortSignal, listener: function): table",
    "Calls the function once when the signal aborts, whatever other listeners do; at once, in a microtask, "
    "when it has aborted already. The table's dispose(), or leaving the block of "
    "`local x <close> = ...`, takes it off again.",
    NULL, "local ac = AbortController()\n"
    "require \"events\".addAbortListener(ac.signal, function(event) print(event.type) end)\nac:abort()", NULL },
  { "getEventListeners", events_get_listeners, FN_STATIC,
    "getEventListeners(emitter: EventEmitter|EventTarget, name: any): function[]", "The listeners of the event.",
    NULL, NULL, NULL },
  { "setMaxListeners", events_set_max, FN_STATIC, "setMaxListeners(n: number, ...: EventEmitter)",
    "Sets the limit of the emitters, or the default of all when none is named.", NULL, NULL, NULL },
  { 0 }
};
