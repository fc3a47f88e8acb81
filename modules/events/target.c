/* SPDX-License-Identifier: MIT */
/* target.c - Event and EventTarget.
 *
 * The listener table of a target maps a type to a list of records { callback, flags, removed }; list[0]
 * counts the dispatches that walk it. A record that is removed meanwhile is only marked, and taken out
 * when the last of them has ended; one that is added is not called before the next event. */
#include "target.h"
#include "../core/error.h"
#include "../core/interrupt.h"
#include "../core/opts.h"
#include "../core/runtime.h"

enum { EVENT_TYPE = UV_CLASS, EVENT_TARGET, EVENT_VALUES = 2 };
enum { REC_CALLBACK = 1, REC_FLAGS, REC_REMOVED, REC_SIZE = REC_REMOVED };
enum { PHASE_NONE = 0, PHASE_AT_TARGET = 2 };

typedef struct Event {
  bool bubbles, cancelable, composed, trusted;
  bool prevented, stopped, passive, dispatching;
  bool hushed;      /* stopPropagation was called: there is nowhere else to go */
  lua_Number time;  /* ms since the program started */
} Event;

/* ---- Event ---- */

static Event *event_self(lua_State *L) { return class_check(L, 1, &event_class); }

static int event_alloc(lua_State *L) {
  Event *event = class_new(L, &event_class, sizeof *event, EVENT_VALUES);
  event->time = (lua_Number)(uv_hrtime() - rt_of(L)->started) / 1e6;
  return 1;
}

void event_push(lua_State *L, const char *type) {
  luaL_checkstack(L, 8, "event");
  (void)event_alloc(L);
  Event *event = class_test(L, -1, &event_class);
  event->trusted = true;
  lua_pushstring(L, type);
  lua_setiuservalue(L, -2, EVENT_TYPE);
}

void event_set_target(lua_State *L, int idx) {
  lua_pushvalue(L, idx);
  lua_setiuservalue(L, -2, EVENT_TARGET);
}

/* Event(type, options) */
static int event_init(lua_State *L) {
  int n = lua_gettop(L);
  lua_settop(L, 3);
  Event *event = event_self(L);
  if (n < 2)
    return err_raise(L, &type_error_class, "ERR_MISSING_ARGS", "The \"type\" argument must be specified");
  if (!lua_isnil(L, 3)) arg_table(L, 3, "options");
  bool cancelable = opt_boolean(L, 3, "cancelable", false);
  bool bubbles = opt_boolean(L, 3, "bubbles", false), composed = opt_boolean(L, 3, "composed", false);
  luaL_tolstring(L, 2, NULL);
  lua_setiuservalue(L, 1, EVENT_TYPE);
  event->cancelable = cancelable;
  event->bubbles = bubbles;
  event->composed = composed;
  return 0;
}

static int event_prevent_default(lua_State *L) {
  Event *event = event_self(L);
  if (event->cancelable && !event->passive) event->prevented = true;
  return 0;
}

static int event_stop_propagation(lua_State *L) {
  event_self(L)->hushed = true;
  return 0;
}

static int event_stop_at_once(lua_State *L) {
  Event *event = event_self(L);
  event->stopped = event->hushed = true;
  return 0;
}

static int event_composed_path(lua_State *L) {
  Event *event = event_self(L);
  lua_createtable(L, 1, 0);
  if (event->dispatching) {
    lua_getiuservalue(L, 1, EVENT_TARGET);
    lua_rawseti(L, -2, 1);
  }
  return 1;
}

static int push_flag(lua_State *L, bool value) {
  lua_pushboolean(L, value);
  return 1;
}

static int event_get_type(lua_State *L) {
  (void)event_self(L);
  lua_getiuservalue(L, 1, EVENT_TYPE);
  return 1;
}

static int event_get_target(lua_State *L) {
  (void)event_self(L);
  lua_getiuservalue(L, 1, EVENT_TARGET);
  return 1;
}

static int event_get_current_target(lua_State *L) {
  if (!event_self(L)->dispatching) return 0;
  return event_get_target(L);
}

static int event_get_phase(lua_State *L) {
  lua_pushinteger(L, event_self(L)->dispatching ? PHASE_AT_TARGET : PHASE_NONE);
  return 1;
}

static int event_get_time(lua_State *L) {
  lua_pushnumber(L, event_self(L)->time);
  return 1;
}

static int event_get_bubbles(lua_State *L) { return push_flag(L, event_self(L)->bubbles); }
static int event_get_cancelable(lua_State *L) { return push_flag(L, event_self(L)->cancelable); }
static int event_get_composed(lua_State *L) { return push_flag(L, event_self(L)->composed); }
static int event_get_prevented(lua_State *L) { return push_flag(L, event_self(L)->prevented); }
static int event_get_trusted(lua_State *L) { return push_flag(L, event_self(L)->trusted); }
static int event_get_hushed(lua_State *L) { return push_flag(L, event_self(L)->hushed); }

static int event_set_hushed(lua_State *L) {
  Event *event = event_self(L);
  if (lua_toboolean(L, 2)) event->hushed = true;
  return 0;
}

/* ---- the listeners of a target ---- */

static void target_self(lua_State *L) { (void)class_check(L, 1, &event_target_class); }

/* Pushes the list of the type on top; false, and only the type gone, when there is none. [-1, +1|0] */
static bool push_list(lua_State *L, int idx) {
  if (lua_getiuservalue(L, idx, UV_TARGET) == LUA_TTABLE) {
    lua_insert(L, -2);
    bool found = lua_rawget(L, -2) == LUA_TTABLE;
    lua_remove(L, -2);
    if (found) return true;
    lua_pop(L, 1);
    return false;
  }
  lua_pop(L, 2);
  return false;
}

/* The same, made when missing. [-1, +1] */
static void make_list(lua_State *L, int idx) {
  lua_pushvalue(L, -1);
  if (push_list(L, idx)) {
    lua_remove(L, -2);
    return;
  }
  if (lua_getiuservalue(L, idx, UV_TARGET) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_createtable(L, 0, 1);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, idx, UV_TARGET);
  }
  lua_insert(L, -2);
  lua_createtable(L, 2, 0);
  lua_pushvalue(L, -1);
  lua_insert(L, -3);
  lua_rawset(L, -4);
  lua_remove(L, -2);
}

static int record_flags(lua_State *L, int record) {
  lua_rawgeti(L, record, REC_FLAGS);
  int flags = (int)lua_tointeger(L, -1);
  lua_pop(L, 1);
  return flags;
}

static bool record_removed(lua_State *L, int record) {
  bool removed = lua_rawgeti(L, record, REC_REMOVED) != LUA_TNIL;
  lua_pop(L, 1);
  return removed;
}

/* Pushes the record of the list at `list` that has the callback at `fn` (0: the property's) and the same
 * capture. [+1|0] */
static bool find_record(lua_State *L, int list, int fn, int flags) {
  for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, list); i <= n; i++) {
    lua_rawgeti(L, list, i);
    int record = lua_gettop(L), has = record_flags(L, record);
    bool same = fn == 0 ? (has & TARGET_PROPERTY) != 0 : false;
    if (fn != 0 && ((has ^ flags) & (TARGET_CAPTURE | TARGET_PROPERTY)) == 0) {
      lua_rawgeti(L, record, REC_CALLBACK);
      same = lua_rawequal(L, -1, fn);
      lua_pop(L, 1);
    }
    if (same && !record_removed(L, record)) return true;
    lua_pop(L, 1);
  }
  return false;
}

/* Takes the removed records out of the list unless a dispatch walks it. */
static void list_sweep(lua_State *L, int list) {
  lua_rawgeti(L, list, 0);
  bool walked = lua_tointeger(L, -1) > 0;
  lua_pop(L, 1);
  if (walked) return;
  lua_Integer kept = 0, n = (lua_Integer)lua_rawlen(L, list);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, list, i);
    if (record_removed(L, lua_gettop(L))) lua_pop(L, 1);
    else lua_rawseti(L, list, ++kept);
  }
  for (; n > kept; n--) {
    lua_pushnil(L);
    lua_rawseti(L, list, n);
  }
}

static void record_remove(lua_State *L, int record) {
  lua_pushboolean(L, true);
  lua_rawseti(L, record, REC_REMOVED);
}

/* Appends a record of the callback on top. [-1] */
static void records_append(lua_State *L, int list, int flags) {
  lua_createtable(L, REC_SIZE, 0);
  lua_insert(L, -2);
  lua_rawseti(L, -2, REC_CALLBACK);
  lua_pushinteger(L, flags);
  lua_rawseti(L, -2, REC_FLAGS);
  lua_rawseti(L, list, (lua_Integer)lua_rawlen(L, list) + 1);
}

/* Adds the callback at fn for the type on top. [-1] */
static void add_callback(lua_State *L, int idx, int fn, int flags) {
  luaL_checkstack(L, 12, "event target");
  make_list(L, idx);
  int list = lua_gettop(L);
  if (!find_record(L, list, fn, flags)) {
    lua_pushvalue(L, fn);
    records_append(L, list, flags);
  }
  lua_settop(L, list - 1);
}

static void remove_callback(lua_State *L, int idx, int fn, int flags) {
  luaL_checkstack(L, 12, "event target");
  int top = lua_gettop(L) - 1;
  if (push_list(L, idx) && find_record(L, top + 1, fn, flags)) {
    record_remove(L, top + 2);
    list_sweep(L, top + 1);
  }
  lua_settop(L, top);
}

void target_add(lua_State *L, int idx, const char *type, int flags) {
  int fn = lua_gettop(L);
  idx = lua_absindex(L, idx);
  lua_pushstring(L, type);
  add_callback(L, idx, fn, flags);
  lua_settop(L, fn - 1);
}

void target_remove(lua_State *L, int idx, const char *type, int flags) {
  int fn = lua_gettop(L);
  idx = lua_absindex(L, idx);
  lua_pushstring(L, type);
  remove_callback(L, idx, fn, flags);
  lua_settop(L, fn - 1);
}

void target_push_property(lua_State *L, int idx, const char *type) {
  int top = lua_gettop(L);
  luaL_checkstack(L, 8, "event target");
  lua_pushstring(L, type);
  if (push_list(L, idx) && find_record(L, top + 1, 0, 0)) {
    lua_rawgeti(L, top + 2, REC_CALLBACK);
    lua_replace(L, top + 1);
  } else {
    lua_settop(L, top);
    lua_pushnil(L);
  }
  lua_settop(L, top + 1);
}

/* A function keeps the place of the one before it; what cannot be called takes it away. */
void target_set_property(lua_State *L, int idx, const char *type) {
  int value = lua_gettop(L);
  bool callable = arg_is_callable(L, value);
  luaL_checkstack(L, 8, "event target");
  lua_pushstring(L, type);
  make_list(L, idx);
  int list = value + 1;
  if (!find_record(L, list, 0, 0)) {
    lua_pushvalue(L, value);
    if (callable) records_append(L, list, TARGET_PROPERTY);
  } else if (callable) {
    lua_pushvalue(L, value);
    lua_rawseti(L, list + 1, REC_CALLBACK);
  } else {
    record_remove(L, list + 1);
    list_sweep(L, list);
  }
  lua_settop(L, value - 1);
}

void target_listeners(lua_State *L, int idx) {
  idx = lua_absindex(L, idx);
  int top = lua_gettop(L) - 1;
  lua_newtable(L);
  lua_insert(L, -2);
  luaL_tolstring(L, -1, NULL);
  lua_remove(L, -2);
  if (push_list(L, idx)) {
    for (lua_Integer i = 1, count = 0, n = (lua_Integer)lua_rawlen(L, top + 2); i <= n; i++) {
      lua_rawgeti(L, top + 2, i);
      if (!record_removed(L, top + 3)) {
        lua_rawgeti(L, top + 3, REC_CALLBACK);
        lua_rawseti(L, top + 1, ++count);
      }
      lua_settop(L, top + 2);
    }
  }
  lua_settop(L, top + 1);
}

/* ---- dispatch ---- */

/* (error): what a listener has raised, raised where nothing catches it. */
static int raise_later(lua_State *L) {
  lua_settop(L, 1);
  return lua_error(L);
}

/* Calls the callback on top - a function, or something with handleEvent - with the event. [-1] */
static void call_listener(lua_State *L, int event) {
  int callback = lua_gettop(L), nargs = 1;
  lua_pushcfunction(L, rt_traceback);
  if (arg_is_callable(L, callback)) {
    lua_pushvalue(L, callback);
  } else {
    lua_getfield(L, callback, "handleEvent");
    lua_pushvalue(L, callback);
    nargs = 2;
  }
  lua_pushvalue(L, event);
  if (lua_pcall(L, nargs, 0, callback + 1) != LUA_OK) {
    if (interrupt_is(L, -1)) lua_error(L);
    lua_pushcfunction(L, raise_later);
    lua_insert(L, -2);
    rt_next_tick(L, 1);
  }
  lua_settop(L, callback - 1);
}

static void count_walk(lua_State *L, int list, int change) {
  lua_rawgeti(L, list, 0);
  lua_pushinteger(L, lua_tointeger(L, -1) + change);
  lua_rawseti(L, list, 0);
  lua_pop(L, 1);
}

static void walk_list(lua_State *L, int list, int at, Event *event) {
  lua_Integer n = (lua_Integer)lua_rawlen(L, list);
  count_walk(L, list, 1);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, list, i);
    int flags = record_flags(L, list + 1);
    if (!record_removed(L, list + 1) && (!event->stopped || (flags & TARGET_RESIST))) {
      if (flags & TARGET_ONCE) record_remove(L, list + 1);
      event->passive = flags & TARGET_PASSIVE;
      lua_rawgeti(L, list + 1, REC_CALLBACK);
      call_listener(L, at);
    }
    lua_settop(L, list);
  }
  event->passive = false;
  count_walk(L, list, -1);
  list_sweep(L, list);
}

bool target_dispatch(lua_State *L, int idx) {
  int at = lua_gettop(L);
  Event *event = class_test(L, at, &event_class);
  idx = lua_absindex(L, idx);
  luaL_checkstack(L, 16, "event target");
  lua_pushvalue(L, idx);
  lua_setiuservalue(L, at, EVENT_TARGET);
  event->dispatching = true;
  lua_getiuservalue(L, at, EVENT_TYPE);
  if (push_list(L, idx)) walk_list(L, at + 1, at, event);
  event->dispatching = false;
  lua_settop(L, at - 1);
  return !event->prevented;
}

/* dispatchEvent(event): boolean */
static int target_dispatch_event(lua_State *L) {
  target_self(L);
  lua_settop(L, 2);
  Event *event = class_test(L, 2, &event_class);
  if (!event) return err_arg_type(L, 2, "event", "an instance of Event");
  if (event->dispatching) {
    lua_getiuservalue(L, 2, EVENT_TYPE);
    return err_raise(L, NULL, "ERR_EVENT_RECURSION", "The event \"%s\" is already being dispatched",
                     luaL_tolstring(L, -1, NULL));
  }
  return push_flag(L, target_dispatch(L, 1));
}

/* ---- adding and removing ---- */

/* A function, or an object that has (or will have) a handleEvent. */
static bool is_listener(lua_State *L, int idx) {
  int type = lua_type(L, idx);
  return arg_is_callable(L, idx) || type == LUA_TTABLE || type == LUA_TUSERDATA;
}

static int read_flags(lua_State *L, int idx) {
  if (lua_isboolean(L, idx)) return lua_toboolean(L, idx) ? TARGET_CAPTURE : 0;
  if (lua_isnil(L, idx)) return 0;
  arg_table(L, idx, "options");
  return (opt_boolean(L, idx, "once", false) ? TARGET_ONCE : 0) |
         (opt_boolean(L, idx, "capture", false) ? TARGET_CAPTURE : 0) |
         (opt_boolean(L, idx, "passive", false) ? TARGET_PASSIVE : 0);
}

static void check_type(lua_State *L, int nargs) {
  if (nargs < 3)
    err_raise(L, &type_error_class, "ERR_MISSING_ARGS",
              "The \"type\" and \"listener\" arguments must be specified");
  luaL_tolstring(L, 2, NULL);
  lua_replace(L, 2);
}

/* The signal of the option has aborted. upvalues: target, type, callback, flags */
static int on_signal(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, lua_upvalueindex(3));
  lua_pushvalue(L, lua_upvalueindex(2));
  remove_callback(L, 1, 2, (int)lua_tointeger(L, lua_upvalueindex(4)));
  return 0;
}

/* Option signal of the options at 4: false when it has aborted already. */
static bool follow_signal(lua_State *L, int flags) {
  if (opt_push(L, 4, "signal") == LUA_TNIL) return true;
  lua_getfield(L, 5, "aborted");
  if (lua_toboolean(L, -1)) return false;
  for (int i = 1; i <= 3; i++) lua_pushvalue(L, i);
  lua_pushinteger(L, flags);
  lua_pushcclosure(L, on_signal, 4);
  target_add(L, 5, "abort", TARGET_ONCE | TARGET_RESIST);
  return true;
}

/* addEventListener(type, listener, options) */
static int target_add_listener(lua_State *L) {
  int n = lua_gettop(L);
  target_self(L);
  lua_settop(L, 4);
  check_type(L, n);
  int flags = read_flags(L, 4);
  if (opt_push(L, 4, "signal") != LUA_TNIL) {
    bool fits = class_is(L, 5, &event_target_class) && lua_getfield(L, 5, "aborted") == LUA_TBOOLEAN;
    if (!fits) return err_arg_type(L, 5, "options.signal", "an instance of AbortSignal");
  }
  lua_settop(L, 4);
  if (lua_isnil(L, 3)) {
    err_push(L, NULL, NULL, "addEventListener called with nil which has no effect.");
    lua_pushliteral(L, "AddEventListenerWarning");
    lua_setfield(L, -2, "name");
    rt_warning(L);
    return 0;
  }
  if (!is_listener(L, 3)) return err_arg_type(L, 3, "listener", "an instance of EventListener");
  if (!follow_signal(L, flags)) return 0;
  lua_pushvalue(L, 2);
  add_callback(L, 1, 3, flags);
  return 0;
}

/* removeEventListener(type, listener, options) */
static int target_remove_listener(lua_State *L) {
  int n = lua_gettop(L);
  target_self(L);
  lua_settop(L, 4);
  check_type(L, n);
  int flags = read_flags(L, 4);
  if (lua_isnil(L, 3)) return 0;
  if (!is_listener(L, 3)) return err_arg_type(L, 3, "listener", "an instance of EventListener");
  lua_pushvalue(L, 2);
  remove_callback(L, 1, 3, flags);
  return 0;
}

static int target_alloc(lua_State *L) {
  (void)class_new(L, &event_target_class, 0, 1);
  return 1;
}

/* ---- rows ---- */

static const OptDef event_options[] = {
  { "bubbles", "boolean", "false", "Only kept: there is no tree to climb." },
  { "cancelable", "boolean", "false", "May preventDefault be called?" },
  { "composed", "boolean", "false", "Only kept." },
  { 0 }
};

static const FnDef event_methods[] = {
  { "init", event_init, FN_METHOD, "init(type: string, options: table?)", "The constructor.",
    event_options, NULL, NULL },
  { "preventDefault", event_prevent_default, FN_METHOD, "preventDefault()",
    "Makes dispatchEvent return false, if the event is cancelable.", NULL, NULL, NULL },
  { "stopPropagation", event_stop_propagation, FN_METHOD, "stopPropagation()",
    "Sets cancelBubble: an EventTarget has no parent to go on to.", NULL, NULL, NULL },
  { "stopImmediatePropagation", event_stop_at_once, FN_METHOD, "stopImmediatePropagation()",
    "No further listener is called.", NULL, NULL, NULL },
  { "composedPath", event_composed_path, FN_METHOD, "composedPath(): EventTarget[]",
    "The target while the event is being dispatched.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef event_props[] = {
  { "type", event_get_type, NULL, "string", "Its name." },
  { "target", event_get_target, NULL, "EventTarget?", "Where it was sent to." },
  { "srcElement", event_get_target, NULL, "EventTarget?", "The same as target." },
  { "currentTarget", event_get_current_target, NULL, "EventTarget?", "The target during the dispatch." },
  { "eventPhase", event_get_phase, NULL, "integer", "2 during the dispatch, else 0." },
  { "timeStamp", event_get_time, NULL, "number", "Milliseconds from the program's start to its making." },
  { "bubbles", event_get_bubbles, NULL, "boolean", "As the option says." },
  { "cancelable", event_get_cancelable, NULL, "boolean", "May preventDefault be called?" },
  { "composed", event_get_composed, NULL, "boolean", "As the option says." },
  { "defaultPrevented", event_get_prevented, NULL, "boolean", "Was preventDefault called?" },
  { "isTrusted", event_get_trusted, NULL, "boolean", "Was it sent by the program itself?" },
  { "cancelBubble", event_get_hushed, event_set_hushed, "boolean", "Was stopPropagation called?" },
  { 0 }
};

const ClassDef event_class = {
  .name = "Event", .alloc = event_alloc, .init = event_init, .methods = event_methods,
  .props = event_props,
  .doc = "What an EventTarget sends to its listeners.",
  .example = "local t = EventTarget()\nt:addEventListener(\"hi\", function(e) print(e.type) end)\n"
             "t:dispatchEvent(Event \"hi\")"
};

#define LISTENER_SIG "(type: string, listener: function|table, options: table|boolean?)"

static const FnDef target_methods[] = {
  { "addEventListener", target_add_listener, FN_METHOD, "addEventListener" LISTENER_SIG,
    "Calls listener(event), or listener:handleEvent(event), for each event of the type. Added twice it "
    "is called once.",
    (const OptDef[]){ { "once", "boolean", "false", "For the next event only." },
                      { "signal", "AbortSignal", NULL, "Removes the listener when it aborts." },
                      { "capture", "boolean", "false", "Tells two uses of one function apart." },
                      { "passive", "boolean", "false", "preventDefault does nothing there." },
                      { 0 } },
    NULL, NULL },
  { "removeEventListener", target_remove_listener, FN_METHOD, "removeEventListener" LISTENER_SIG,
    "Removes the listener that was added with the same capture.",
    (const OptDef[]){ { "capture", "boolean", "false", "As when it was added." }, { 0 } }, NULL, NULL },
  { "dispatchEvent", target_dispatch_event, FN_METHOD, "dispatchEvent(event: Event): boolean",
    "Calls the listeners of the event's type, now and in order. False when one of them has called "
    "preventDefault. What a listener raises is an uncaught error; the others are called all the same.",
    NULL, NULL, NULL },
  { 0 }
};

const ClassDef event_target_class = {
  .name = "EventTarget", .alloc = target_alloc, .methods = target_methods,
  .doc = "The web's way to listen, which AbortSignal has: listeners get one Event. EventEmitter is the "
         "usual one here.",
  .example = "local t = EventTarget()\n"
             "t:addEventListener(\"x\", function(e) print(e.type) end, { once = true })\n"
             "t:dispatchEvent(Event \"x\")"
};
