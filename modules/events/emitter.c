/* SPDX-License-Identifier: MIT */
/* emitter.c - the EventEmitter class.
 *
 * An emitter's listener table (user value of a userdata, raw field under a private key of a table) maps
 * an event to its one listener - the bare function, the common case - or to a list. A list is changed
 * in place unless an emit walks it: then it is replaced by a changed copy, so a running emit sees what
 * was there when it began. What is taken from the front leaves false behind, so that many once listeners
 * need not move up one by one. list[1] counts both (see LIST_DEAD). A once listener is a
 * table { listener, emitter, name } that can be called. The list form is also used for "error" as soon
 * as errorMonitor is listened to, and for all events with captureRejections, so that the bare function
 * needs no look aside. */
#include "events.h"
#include "parts.h"
#include "../core/class.h"
#include "../core/error.h"
#include "../core/opts.h"
#include "../core/runtime.h"

#include <math.h>
#include <string.h>

static const char listeners_key = 0, once_meta = 0, monitor_key = 0, max_key = 0, warned_key = 0,
                  capture_key = 0;

enum { DEAD_SLOTS = 32 }; /* at the front of a list, before it is worth moving the rest */

/* ---- the listener table ---- */

/* Pushes the listener table of the emitter at idx; false and nothing pushed when it has none yet. */
static bool push_listeners(lua_State *L, int idx) {
  int type;
  if (lua_type(L, idx) == LUA_TTABLE) type = lua_rawgetp(L, idx, &listeners_key);
  else if (class_test(L, idx, &event_emitter_class)) type = lua_getiuservalue(L, idx, UV_LISTENERS);
  else return err_raise(L, &type_error_class, "ERR_INVALID_THIS",
                        "EventEmitter expected as self (call it with a colon). Received %s",
                        (err_push_received(L, idx), lua_tostring(L, -1)));
  if (type == LUA_TTABLE) return true;
  lua_pop(L, 1);
  return false;
}

/* events.captureRejections: do all emitters made now capture? */
static bool captures_all(lua_State *L) {
  class_push(L, &event_emitter_class);
  lua_getfield(L, -1, "captureRejections");
  bool capture = lua_toboolean(L, -1);
  lua_pop(L, 2);
  return capture;
}

/* Pushes the listener table of the emitter at idx, made when missing. [+1] */
static void make_listeners(lua_State *L, int idx) {
  if (push_listeners(L, idx)) return;
  lua_createtable(L, 0, 1);
  lua_pushvalue(L, -1);
  if (lua_istable(L, idx)) lua_rawsetp(L, idx, &listeners_key);
  else lua_setiuservalue(L, idx, UV_LISTENERS);
  if (!captures_all(L)) return;
  lua_pushboolean(L, true);
  lua_rawsetp(L, -2, &capture_key);
}

/* Is the value at idx a list (and no once listener)? */
static bool is_once(lua_State *L, int idx) {
  if (lua_type(L, idx) != LUA_TTABLE || !lua_getmetatable(L, idx)) return false;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &once_meta);
  bool once = lua_rawequal(L, -1, -2);
  lua_pop(L, 2);
  return once;
}

/* list[1] is the number of emits that walk the list, and from the bit LIST_DEAD on that of the slots at the
 * front which hold no listener: itself and those that are empty. */
enum { LIST_DEAD = 32 };

static lua_Integer list_state(lua_State *L, int idx) {
  lua_rawgeti(L, idx, 1);
  lua_Integer state = lua_tointeger(L, -1);
  lua_pop(L, 1);
  return state;
}

static void list_set_state(lua_State *L, int idx, lua_Integer state) {
  lua_pushinteger(L, state);
  lua_rawseti(L, idx, 1);
}

static int list_dead(lua_State *L, int idx) { return (int)(list_state(L, idx) >> LIST_DEAD); }

static bool list_is_walked(lua_State *L, int idx) { return (uint32_t)list_state(L, idx) > 0; }

static void list_set_dead(lua_State *L, int idx, int dead) {
  list_set_state(L, idx, (lua_Integer)dead << LIST_DEAD | (uint32_t)list_state(L, idx));
}

/* Pushes an empty list. [+1] */
static void push_list(lua_State *L, int room) {
  lua_createtable(L, room + 1, 0);
  list_set_state(L, lua_gettop(L), (lua_Integer)1 << LIST_DEAD);
}

/* Pushes the entry of the event at `name` of the table at t. Returns how many listeners it has. [+1] */
static int push_entry(lua_State *L, int t, int name) {
  lua_pushvalue(L, name);
  int type = lua_rawget(L, t);
  if (type == LUA_TNIL) return 0;
  if (type == LUA_TFUNCTION || is_once(L, -1)) return 1;
  return (int)lua_rawlen(L, -1) - list_dead(L, lua_gettop(L));
}

/* Pushes listener i of the entry at idx. [+1] */
static void push_listener(lua_State *L, int entry, int i) {
  if (i == 1 && (lua_type(L, entry) == LUA_TFUNCTION || is_once(L, entry))) lua_pushvalue(L, entry);
  else lua_rawgeti(L, entry, list_dead(L, entry) + i);
}

/* Replaces a once listener on top by the function it wraps. [0] */
static void unwrap(lua_State *L) {
  if (!is_once(L, -1)) return;
  lua_getfield(L, -1, "listener");
  lua_remove(L, -2);
}

/* The emitter at idx captures rejections from now on, or for a while not. */
void emitter_set_capture(lua_State *L, int idx, bool on) {
  make_listeners(L, idx);
  if (on) lua_pushboolean(L, true);
  else lua_pushnil(L);
  lua_rawsetp(L, -2, &capture_key);
  lua_pop(L, 1);
}

/* ---- emit ---- */

static bool remove_listener(lua_State *L, int self, int name, int fn);
static int emitter_emit(lua_State *L);
static int emitter_event_names(lua_State *L);

/* Calls the once listener on top of [... once args...]: removed first, so that it runs once. */
static void once_prepare(lua_State *L, int at) {
  lua_getfield(L, at, "emitter");
  lua_getfield(L, at, "name");
  int self = lua_gettop(L) - 1;
  (void)remove_listener(L, self, self + 1, at);
  lua_settop(L, self - 1);
  lua_getfield(L, at, "listener");
  lua_replace(L, at);
}

/* once(...) by hand, as rawListeners hands it out */
static int once_call(lua_State *L) {
  once_prepare(L, 1);
  lua_call(L, lua_gettop(L) - 1, 0);
  return 0;
}

static int emit_finish(lua_State *L, int status, lua_KContext ctx) {
  (void)status, (void)ctx;
  lua_pushboolean(L, true);
  return 1;
}

enum { CTX_LIST = 0xffff, CTX_CAPTURE = 0x10000, CTX_SHIFT = 17 };

/* Stack: self name args... list, ctx = its index, whether results count, slots called so far. */
static int emit_list(lua_State *L, int status, lua_KContext ctx) {
  int list = (int)(ctx & CTX_LIST), i = (int)(ctx >> CTX_SHIFT), nargs = list - 3;
  bool capture = ctx & CTX_CAPTURE;
  lua_KContext fixed = ctx & (CTX_LIST | CTX_CAPTURE);
  int count = (int)lua_rawlen(L, list);
  luaL_checkstack(L, nargs + 8, "emit");
  if (status == LUA_YIELD && capture) capture_result(L, list);
  while (++i <= count) {
    int type = lua_rawgeti(L, list, i);
    for (int a = 3; a < list; a++) lua_pushvalue(L, a);
    if (type == LUA_TTABLE && is_once(L, list + 1)) once_prepare(L, list + 1);
    lua_callk(L, nargs, capture, ((lua_KContext)i << CTX_SHIFT) | fixed, emit_list);
    if (capture) capture_result(L, list);
  }
  list_set_state(L, list, list_state(L, list) - 1);
  return emit_finish(L, LUA_OK, 0);
}

/* Stack: self name args... (n values), the listener table and the list of the event. */
static int emit_list_begin(lua_State *L, int n) {
  bool capture = lua_rawgetp(L, n + 1, &capture_key) != LUA_TNIL;
  lua_copy(L, n + 2, n + 1);
  lua_settop(L, n + 1);
  lua_Integer state = list_state(L, n + 1);
  list_set_state(L, n + 1, state + 1);
  lua_KContext ctx = (lua_KContext)(state >> LIST_DEAD) << CTX_SHIFT;
  return emit_list(L, LUA_OK, ctx | (capture ? CTX_CAPTURE : 0) | (n + 1));
}

/* Before the listeners of "error": those of errorMonitor, with the same arguments. */
static void emit_monitor(lua_State *L, int n) {
  luaL_checkstack(L, n + 4, "emit");
  lua_pushvalue(L, 1);
  emitter_push_error_monitor(L);
  for (int i = 3; i <= n; i++) lua_pushvalue(L, i);
  lua_pushcfunction(L, emitter_emit);
  lua_insert(L, n + 1);
  lua_call(L, n, 0);
}

static bool is_error_event(lua_State *L) {
  size_t len;
  const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tolstring(L, 2, &len) : NULL;
  return name && len == 5 && !memcmp(name, "error", 5);
}

/* Everything but one bare function. Stack: self name args... (n values). */
static int emit_slow(lua_State *L, int n) {
  bool found = push_listeners(L, 1);
  if (found && is_error_event(L)) {
    if (lua_rawgetp(L, -1, &monitor_key) != LUA_TNIL) {
      lua_settop(L, n);
      emit_monitor(L, n);
    }
    lua_settop(L, n);
    found = push_listeners(L, 1);
  }
  int count = found ? push_entry(L, n + 1, 2) : 0;
  if (count == 0) {
    lua_settop(L, n);
    if (is_error_event(L)) return emit_unhandled(L);
    lua_pushboolean(L, false);
    return 1;
  }
  if (is_once(L, -1) || lua_isfunction(L, -1)) { /* one: [self, listener, args...] */
    lua_copy(L, -1, 2);
    lua_settop(L, n);
    if (is_once(L, 2)) once_prepare(L, 2);
    lua_callk(L, n - 2, 0, 0, emit_finish);
    return emit_finish(L, LUA_OK, 0);
  }
  return emit_list_begin(L, n);
}

static int emitter_emit(lua_State *L) {
  int n = lua_gettop(L);
  const Head *head = object_head(L, 1);
  bool plain = n == 3 && head && head->def == &event_emitter_class; /* the common case, in few steps */
  if (n < 2) lua_settop(L, n = 2);
  if (n > 60000) return err_raise(L, &range_error_class, "ERR_OUT_OF_RANGE", "too many arguments");
  if (plain ? lua_getiuservalue(L, 1, UV_LISTENERS) == LUA_TTABLE : push_listeners(L, 1)) {
    lua_pushvalue(L, 2);
    int type = lua_rawget(L, n + 1);
    if (type == LUA_TFUNCTION && plain) {
      lua_pushvalue(L, 3);
      lua_callk(L, 1, 0, 0, emit_finish);
      return emit_finish(L, LUA_OK, 0);
    }
    if (type == LUA_TFUNCTION) {
      lua_copy(L, n + 2, 2);
      lua_settop(L, n);
      lua_callk(L, n - 2, 0, 0, emit_finish);
      return emit_finish(L, LUA_OK, 0);
    }
    if (type == LUA_TTABLE && !is_error_event(L) && !is_once(L, n + 2)) return emit_list_begin(L, n);
  }
  lua_settop(L, n);
  return emit_slow(L, n);
}

bool emitter_push_only(lua_State *L, int idx, const char *name) {
  if (!push_listeners(L, idx)) return false;
  lua_pushstring(L, name);
  if (lua_rawget(L, -2) == LUA_TFUNCTION) {
    lua_replace(L, -2);
    return true;
  }
  lua_pop(L, 2);
  return false;
}

bool emit(lua_State *L, int idx, const char *name, int nargs) {
  idx = lua_absindex(L, idx);
  luaL_checkstack(L, 6, "emit");
  int type = LUA_TNIL;
  if (push_listeners(L, idx)) {
    lua_pushstring(L, name);
    type = lua_rawget(L, -2);
    lua_remove(L, -2);
  } else {
    lua_pushnil(L);
  }
  if (type == LUA_TFUNCTION) { /* one listener: no need for the method */
    lua_insert(L, -nargs - 1);
    lua_call(L, nargs, 0);
    return true;
  }
  lua_pop(L, 1);
  if (type == LUA_TNIL && strcmp(name, "error") != 0) {
    lua_pop(L, nargs);
    return false;
  }
  lua_pushcfunction(L, emitter_emit);
  lua_pushvalue(L, idx);
  lua_pushstring(L, name);
  lua_rotate(L, -nargs - 3, 3);
  lua_call(L, nargs + 2, 1);
  bool heard = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return heard;
}

int emitter_count(lua_State *L, int idx, const char *name) {
  int count = 0;
  idx = lua_absindex(L, idx);
  if (!push_listeners(L, idx)) return 0;
  lua_pushstring(L, name);
  count = push_entry(L, lua_gettop(L) - 1, lua_gettop(L));
  lua_pop(L, 3);
  return count;
}

/* ---- adding ---- */

/* Tells the class of a userdata that the event at `name` now has count listeners. */
static void notify_class(lua_State *L, int self, int name, int count) {
  if (lua_type(L, self) != LUA_TUSERDATA || lua_type(L, name) != LUA_TSTRING) return;
  const ClassDef *def = class_of(L, self);
  while (def && !def->listeners) def = def->base;
  if (def) def->listeners(L, self, lua_tostring(L, name), count);
}

/* The limit that holds for the emitter whose listener table is at t. */
static lua_Number max_listeners(lua_State *L, int t) {
  if (lua_rawgetp(L, t, &max_key) != LUA_TNUMBER) {
    lua_pop(L, 1);
    class_push(L, &event_emitter_class);
    lua_getfield(L, -1, "defaultMaxListeners");
    lua_remove(L, -2);
    if (lua_isnil(L, -1)) { /* the module was not asked for yet */
      lua_pop(L, 1);
      lua_pushinteger(L, DEFAULT_MAX_LISTENERS);
    }
  }
  lua_Number max = lua_tonumber(L, -1);
  lua_pop(L, 1);
  return max;
}

/* Warns once for an event that collects more listeners than its limit: most often a leak. */
static void warn_of_leak(lua_State *L, int self, int t, int name, int count) {
  lua_Number max = max_listeners(L, t);
  if (max <= 0 || count <= max) return;
  if (lua_rawgetp(L, t, &warned_key) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, t, &warned_key);
  }
  lua_pushvalue(L, name);
  if (lua_rawget(L, -2) == LUA_TNIL) {
    lua_pushvalue(L, name);
    lua_pushboolean(L, true);
    lua_rawset(L, -4);
    const char *shown = luaL_tolstring(L, name, NULL);
    if (!class_push_name(L, self)) lua_pushliteral(L, "EventEmitter");
    err_push(L, NULL, NULL,
             "Possible EventEmitter memory leak detected. %d %s listeners added to [%s]. MaxListeners "
             "is %d. Use emitter:setMaxListeners() to increase limit",
             count, shown, lua_tostring(L, -1), (int)max);
    lua_pushliteral(L, "MaxListenersExceededWarning");
    lua_setfield(L, -2, "name");
    lua_pushvalue(L, self);
    lua_setfield(L, -2, "emitter");
    lua_pushvalue(L, name);
    lua_setfield(L, -2, "type");
    lua_pushinteger(L, count);
    lua_setfield(L, -2, "count");
    rt_warning(L);
    lua_pop(L, 2);
  }
  lua_pop(L, 2);
}

/* Replaces the list on top by a copy when an emit walks it. [0] */
static void list_own(lua_State *L) {
  if (!list_is_walked(L, lua_gettop(L))) return;
  int dead = list_dead(L, lua_gettop(L)), n = (int)lua_rawlen(L, -1) - dead;
  push_list(L, n + 1);
  for (int i = 1; i <= n; i++) {
    lua_rawgeti(L, -2, dead + i);
    lua_rawseti(L, -2, 1 + i);
  }
  lua_replace(L, -2);
}

/* Turns the entry on top (nil, one listener or a list) into a list. [0] */
static void entry_to_list(lua_State *L) {
  if (lua_istable(L, -1) && !is_once(L, -1)) {
    list_own(L);
    return;
  }
  push_list(L, 2);
  if (!lua_isnil(L, -2)) {
    lua_pushvalue(L, -2);
    lua_rawseti(L, -2, 2);
  }
  lua_replace(L, -2);
}

/* From now on "error" of the listener table at t is a list: the fast way of emit asks no more. */
static void note_monitor(lua_State *L, int t) {
  lua_pushboolean(L, true);
  lua_rawsetp(L, t, &monitor_key);
  if (lua_getfield(L, t, "error") != LUA_TNIL) {
    entry_to_list(L);
    lua_setfield(L, t, "error");
  } else {
    lua_pop(L, 1);
  }
}

/* Must the event at `name` be a list even with one listener? */
static bool wants_list(lua_State *L, int t, int name) {
  emitter_push_error_monitor(L);
  bool monitor = lua_rawequal(L, -1, name);
  lua_pop(L, 1);
  if (monitor) note_monitor(L, t);
  bool capture = lua_rawgetp(L, t, &capture_key) != LUA_TNIL;
  lua_pop(L, 1);
  if (capture) return true;
  if (lua_type(L, name) != LUA_TSTRING || strcmp(lua_tostring(L, name), "error") != 0) return false;
  bool noted = lua_rawgetp(L, t, &monitor_key) != LUA_TNIL;
  lua_pop(L, 1);
  return noted;
}

/* Puts the listener at fn into the list on top, which has `count`. */
static void list_insert(lua_State *L, int count, int fn, bool first) {
  int list = lua_gettop(L), dead = list_dead(L, list), at = dead + count + 1;
  if (first && dead > 1) {
    list_set_dead(L, list, dead - 1);
    at = dead;
  } else if (first) {
    for (; at > 2; at--) {
      lua_rawgeti(L, list, at - 1);
      lua_rawseti(L, list, at);
    }
  }
  lua_pushvalue(L, fn);
  lua_rawseti(L, list, at);
}

/* Puts the listener at fn into the table at t. Returns the new count. */
static int insert_listener(lua_State *L, int t, int name, int fn, bool first) {
  bool list = wants_list(L, t, name);
  bool bare = lua_isfunction(L, fn) || is_once(L, fn); /* another callable needs a list around it */
  int count = push_entry(L, t, name);
  if (count == 0 && !list && bare) {
    lua_pop(L, 1);
    lua_pushvalue(L, fn);
  } else {
    entry_to_list(L);
    list_insert(L, count, fn, first);
  }
  lua_pushvalue(L, name);
  lua_insert(L, -2);
  lua_rawset(L, t);
  return count + 1;
}

/* Pushes the once listener for the function at fn. [+1] */
static void push_once(lua_State *L, int self, int name, int fn) {
  lua_createtable(L, 0, 3);
  lua_pushvalue(L, fn);
  lua_setfield(L, -2, "listener");
  lua_pushvalue(L, self);
  lua_setfield(L, -2, "emitter");
  lua_pushvalue(L, name);
  lua_setfield(L, -2, "name");
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &once_meta) == LUA_TNIL) {
    lua_pop(L, 1);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, once_call);
    lua_setfield(L, -2, "__call");
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &once_meta);
  }
  lua_setmetatable(L, -2);
}

enum { ADD_ONCE = 1, ADD_FIRST = 2 };

/* Adds the function at 3 to the event at 2 of the emitter at 1, and leaves the emitter alone. */
static int add_listener(lua_State *L, int how) {
  lua_settop(L, 3);
  if (lua_isnil(L, 2)) return err_arg_type(L, 2, "eventName", "a value other than nil");
  make_listeners(L, 1);
  int fn = 3, t = 4;
  arg_function(L, 3, "listener");
  if (emitter_count(L, 1, "newListener") > 0) {
    lua_pushvalue(L, 2);
    lua_pushvalue(L, 3);
    unwrap(L);
    (void)emit(L, 1, "newListener", 2);
  }
  if (how & ADD_ONCE) {
    push_once(L, 1, 2, 3);
    fn = 5;
  }
  int count = insert_listener(L, t, 2, fn, how & ADD_FIRST);
  warn_of_leak(L, 1, t, 2, count);
  notify_class(L, 1, 2, count);
  lua_settop(L, 1);
  return 1;
}

static int emitter_add(lua_State *L) { return add_listener(L, 0); }

static int emitter_listen(lua_State *L) {
  return events_is_wait(L) ? events_on(L) : add_listener(L, 0);
}

static int emitter_once(lua_State *L) {
  return events_is_wait(L) ? events_once(L) : add_listener(L, ADD_ONCE);
}

static int emitter_prepend(lua_State *L) { return add_listener(L, ADD_FIRST); }
static int emitter_prepend_once(lua_State *L) { return add_listener(L, ADD_ONCE | ADD_FIRST); }

void emitter_on(lua_State *L, int idx, const char *name, bool once) {
  idx = lua_absindex(L, idx);
  lua_pushcfunction(L, once ? emitter_once : emitter_add);
  lua_insert(L, -2);
  lua_pushvalue(L, idx);
  lua_insert(L, -2);
  lua_pushstring(L, name);
  lua_insert(L, -2);
  lua_call(L, 3, 0);
}

/* ---- removing ---- */

/* Is the listener on top the one at fn, or does it wrap it? */
static bool same_listener(lua_State *L, int fn) {
  if (lua_rawequal(L, -1, fn)) return true;
  if (lua_type(L, -1) != LUA_TTABLE) return false;
  lua_pushliteral(L, "listener");
  lua_rawget(L, -2);
  bool same = lua_rawequal(L, -1, fn);
  lua_pop(L, 1);
  return same;
}

/* Moves what follows slot `to` + by - 1 of the list on top down by `by` slots, counted from the first
 * listener; `count` slots were in use. */
static void list_move(lua_State *L, int to, int by, int count) {
  int list = lua_gettop(L), dead = list_dead(L, list);
  for (; to + by <= count; to++) {
    lua_rawgeti(L, list, dead + to + by);
    lua_rawseti(L, list, dead + to);
  }
  for (; to <= count; count--) {
    lua_pushnil(L);
    lua_rawseti(L, list, dead + count);
  }
}

/* Takes the first of `count` listeners out of the list on top. */
static void list_drop_first(lua_State *L, int count) {
  int list = lua_gettop(L), dead = list_dead(L, list) + 1;
  if (dead < DEAD_SLOTS || dead < count) {
    lua_pushboolean(L, false);
    lua_rawseti(L, list, dead);
    list_set_dead(L, list, dead);
    return;
  }
  list_set_dead(L, list, 1);
  list_move(L, 1, dead - 1, dead + count - 2);
}

/* Takes position i (of count) out of the entry on top and stores what is left. [-1] */
static void entry_drop(lua_State *L, int t, int name, int i, int count) {
  lua_pushvalue(L, name);
  if (count == 1) {
    lua_pushnil(L);
  } else {
    lua_pushvalue(L, -2);
    entry_to_list(L);
    if (i == 1) list_drop_first(L, count);
    else list_move(L, i, 1, count);
  }
  lua_rawset(L, t);
  lua_pop(L, 1);
}

/* The place of the listener at fn among the `count` of the entry at `entry`, the last one that fits; 0:
 * none. A once listener that is about to run is most often the first. */
static int find_listener(lua_State *L, int entry, int count, int fn) {
  if (count > 1) {
    push_listener(L, entry, 1);
    bool first = is_once(L, fn) && lua_rawequal(L, -1, fn);
    lua_pop(L, 1);
    if (first) return 1;
  }
  const void *wanted = lua_topointer(L, fn);
  for (int i = count; i >= 1; i--) {
    push_listener(L, entry, i);
    bool found = lua_topointer(L, -1) == wanted || same_listener(L, fn);
    lua_pop(L, 1);
    if (found) return i;
  }
  return 0;
}

/* Removes the most recently added instance of the listener at fn and tells about it. */
static bool remove_listener(lua_State *L, int self, int name, int fn) {
  luaL_checkstack(L, 12, "removeListener");
  if (!push_listeners(L, self)) return false;
  int t = lua_gettop(L), count = push_entry(L, t, name), i = find_listener(L, t + 1, count, fn);
  if (i == 0) {
    lua_settop(L, t - 1);
    return false;
  }
  entry_drop(L, t, name, i, count);
  notify_class(L, self, name, count - 1);
  if (emitter_count(L, self, "removeListener") > 0) {
    lua_pushvalue(L, name);
    lua_pushvalue(L, fn);
    unwrap(L);
    (void)emit(L, self, "removeListener", 2);
  }
  lua_settop(L, t - 1);
  return true;
}

static int emitter_remove(lua_State *L) {
  lua_settop(L, 3);
  if (!arg_is_callable(L, 3)) arg_function(L, 3, "listener");
  if (!lua_isnil(L, 2)) (void)remove_listener(L, 1, 2, 3);
  lua_settop(L, 1);
  return 1;
}

/* Removes all listeners of the event at `name`, the last added first. */
static void remove_all_of(lua_State *L, int self, int name) {
  for (;;) {
    if (!push_listeners(L, self)) return;
    int t = lua_gettop(L), count = push_entry(L, t, name);
    if (count > 0) {
      push_listener(L, t + 1, count);
      (void)remove_listener(L, self, name, t + 2);
    }
    lua_settop(L, t - 1);
    if (count == 0) return;
  }
}

static int emitter_remove_all(lua_State *L) {
  bool all = lua_isnoneornil(L, 2);
  lua_settop(L, 2);
  if (!all) {
    remove_all_of(L, 1, 2);
  } else {
    lua_settop(L, 1);
    lua_pushcfunction(L, emitter_event_names);
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    lua_Integer n = (lua_Integer)lua_rawlen(L, 2);
    for (lua_Integer i = 1; i <= n; i++) {
      lua_rawgeti(L, 2, i);
      lua_pushliteral(L, "removeListener");
      if (!lua_rawequal(L, 3, 4)) remove_all_of(L, 1, 3);
      lua_settop(L, 2);
    }
    lua_pushliteral(L, "removeListener");
    remove_all_of(L, 1, 3);
  }
  lua_settop(L, 1);
  return 1;
}

/* ---- asking ---- */

/* An array of the listeners of the event at 2; wrappers of once as they are, or what they wrap. */
static int list_listeners(lua_State *L, bool raw) {
  lua_settop(L, 2);
  lua_newtable(L);
  if (!push_listeners(L, 1)) return 1;
  int count = lua_isnil(L, 2) ? 0 : push_entry(L, 4, 2);
  for (int i = 1; i <= count; i++) {
    push_listener(L, 5, i);
    if (!raw) unwrap(L);
    lua_rawseti(L, 3, i);
  }
  lua_settop(L, 3);
  return 1;
}

static int emitter_listeners(lua_State *L) { return list_listeners(L, false); }
static int emitter_raw_listeners(lua_State *L) { return list_listeners(L, true); }

static int emitter_listener_count(lua_State *L) {
  lua_settop(L, 3);
  int found = 0;
  if (push_listeners(L, 1) && !lua_isnil(L, 2)) {
    int count = push_entry(L, 4, 2);
    for (int i = 1; i <= count; i++) {
      push_listener(L, 5, i);
      if (lua_isnil(L, 3) || same_listener(L, 3)) found++;
      lua_pop(L, 1);
    }
  }
  lua_pushinteger(L, found);
  return 1;
}

/* Event names: strings in order of bytes, then other values. */
static int emitter_event_names(lua_State *L) {
  lua_settop(L, 1);
  lua_newtable(L);
  if (!push_listeners(L, 1)) return 1;
  for (int pass = 0; pass < 2; pass++) {
    for (lua_pushnil(L); lua_next(L, 3); lua_pop(L, 1)) {
      bool text = lua_type(L, 4) == LUA_TSTRING;
      if (lua_islightuserdata(L, 4) || text != (pass == 0)) continue;
      lua_pushvalue(L, 4);
      lua_rawseti(L, 2, (lua_Integer)lua_rawlen(L, 2) + 1);
    }
    if (pass > 0) break;
    lua_getglobal(L, "table");
    lua_getfield(L, -1, "sort");
    lua_pushvalue(L, 2);
    lua_call(L, 1, 0);
    lua_settop(L, 3);
  }
  lua_settop(L, 2);
  return 1;
}

static int emitter_set_max(lua_State *L) {
  if (lua_type(L, 1) == LUA_TNUMBER) return events_set_max(L);
  lua_settop(L, 2);
  lua_Number n = arg_number(L, 2, "setMaxListeners");
  if (!(n >= 0)) return err_range(L, 2, "setMaxListeners", ">= 0");
  make_listeners(L, 1);
  lua_pushvalue(L, 2);
  lua_rawsetp(L, 3, &max_key);
  lua_settop(L, 1);
  return 1;
}

static int emitter_get_max(lua_State *L) {
  lua_settop(L, 1);
  if (!push_listeners(L, 1)) lua_newtable(L);
  lua_Number max = max_listeners(L, 2);
  if (max == floor(max) && max < 1e15) lua_pushinteger(L, (lua_Integer)max);
  else lua_pushnumber(L, max);
  return 1;
}

/* From now on rejections of what listeners return are captured: every entry of the table on top is a
 * list. */
static void capture_on(lua_State *L) {
  int t = lua_gettop(L);
  lua_pushboolean(L, true);
  lua_rawsetp(L, t, &capture_key);
  for (lua_pushnil(L); lua_next(L, t); lua_settop(L, t + 1)) {
    if (!lua_isfunction(L, -1) && !is_once(L, -1)) continue;
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    entry_to_list(L);
    lua_rawset(L, t);
  }
}

/* EventEmitter.init(self, options): makes any table an emitter; without options it is not needed before
 * the first listener. */
static int emitter_init(lua_State *L) {
  lua_settop(L, 2);
  if (!lua_istable(L, 1)) { /* raises for what can be no emitter */
    (void)push_listeners(L, 1);
    lua_settop(L, 2);
  }
  bool capture = lua_istable(L, 2) && opt_boolean(L, 2, "captureRejections", false);
  if (!capture && !captures_all(L)) return 0;
  make_listeners(L, 1);
  capture_on(L);
  return 0;
}

void emitter_push_error_monitor(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &monitor_key) != LUA_TNIL) return;
  lua_pop(L, 1);
  lua_createtable(L, 0, 1);
  lua_pushliteral(L, "errorMonitor");
  lua_setfield(L, -2, "description");
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &monitor_key);
}

/* ---- rows ---- */

#define LISTENER_ARGS "(eventName: any, listener: function): EventEmitter"

static const OptDef init_options[] = {
  { "captureRejections", "boolean", "false",
    "A promise that a listener returns and that is rejected makes an \"error\" event, or a call of the "
    "method self[\"nodejs.rejection\"](self, err, eventName, ...) where there is one." },
  { 0 }
};

static const FnDef emitter_methods[] = {
  { "init", emitter_init, FN_METHOD, "init(options: table?)", "The constructor.", init_options, NULL,
    NULL },
  { "on", emitter_listen, FN_METHOD, "on" LISTENER_ARGS,
    "Calls the listener with the event's arguments each time the event is emitted. Listeners run in "
    "the order in which they were added. Returns the emitter.",
    NULL, "local e = EventEmitter()\ne:on(\"x\", print)\ne:emit(\"x\", 1, 2)", NULL },
  { "addListener", emitter_add, FN_METHOD, "addListener" LISTENER_ARGS, "The same as on.", NULL,
    NULL, NULL },
  { "once", emitter_once, FN_METHOD, "once" LISTENER_ARGS,
    "Calls the listener for the next such event only: it is removed before it runs.", NULL, NULL,
    NULL },
  { "prependListener", emitter_prepend, FN_METHOD, "prependListener" LISTENER_ARGS,
    "Adds the listener before all others.", NULL, NULL, NULL },
  { "prependOnceListener", emitter_prepend_once, FN_METHOD, "prependOnceListener" LISTENER_ARGS,
    "Adds the listener before all others, for one event.", NULL, NULL, NULL },
  { "off", emitter_remove, FN_METHOD, "off" LISTENER_ARGS,
    "Removes the listener, the most recently added one when it was added several times.", NULL, NULL,
    NULL },
  { "removeListener", emitter_remove, FN_METHOD, "removeListener" LISTENER_ARGS, "The same as off.",
    NULL, NULL, NULL },
  { "removeAllListeners", emitter_remove_all, FN_METHOD,
    "removeAllListeners(eventName: any?): EventEmitter",
    "Removes all listeners of the event, or of every event, the last added first.", NULL, NULL, NULL },
  { "emit", emitter_emit, FN_METHOD, "emit(eventName: any, ...: any): boolean",
    "Calls the listeners one after the other, now, with the arguments. True when there was one. An "
    "\"error\" event that nobody listens to is raised.",
    NULL, NULL, "A listener gets no `this`." },
  { "listeners", emitter_listeners, FN_METHOD, "listeners(eventName: any): function[]",
    "The listeners of the event.", NULL, NULL, NULL },
  { "rawListeners", emitter_raw_listeners, FN_METHOD, "rawListeners(eventName: any): any[]",
    "The listeners as they are kept: one added by once is a callable table with .listener.", NULL,
    NULL, NULL },
  { "listenerCount", emitter_listener_count, FN_METHOD,
    "listenerCount(eventName: any, listener: function?): integer",
    "How many listeners the event has, or how often this one was added.", NULL, NULL, NULL },
  { "eventNames", emitter_event_names, FN_METHOD, "eventNames(): any[]",
    "The events that have listeners, strings in order of their bytes.", NULL, NULL,
    "Node lists them in the order in which they were first listened to." },
  { "setMaxListeners", emitter_set_max, FN_METHOD, "setMaxListeners(n: number): EventEmitter",
    "More than n listeners of one event warn of a leak; 0 means no limit. Default 10.", NULL, NULL,
    NULL },
  { "getMaxListeners", emitter_get_max, FN_METHOD, "getMaxListeners(): number",
    "The limit that holds for this emitter.", NULL, NULL, NULL },
  { 0 }
};

static const EventDef emitter_events[] = {
  { "newListener", "eventName: any, listener: function", "A listener is about to be added." },
  { "removeListener", "eventName: any, listener: function", "A listener has been removed." },
  { "error", "error: any", "Something failed. Raised where nobody listens." },
  { 0 }
};

static int emitter_alloc(lua_State *L) {
  class_new(L, &event_emitter_class, 0, 0);
  return 1;
}

const ClassDef event_emitter_class = {
  .name = "EventEmitter", .alloc = emitter_alloc, .plain = true, .init = emitter_init, .methods = emitter_methods,
  .events = emitter_events,
  .doc = "What can be listened to: emit calls the listeners of an event, at once and in order. "
         "Derive with EventEmitter:extend(\"Name\"); a method init(self, ...) is the constructor.",
  .example = "local Chat = EventEmitter:extend(\"Chat\")\n"
             "function Chat:init(who) self.who = who end\n"
             "local c = Chat \"ann\"\n"
             "c:on(\"hi\", function(x) print(c.who, x) end)\nc:emit(\"hi\", 1)"
};
