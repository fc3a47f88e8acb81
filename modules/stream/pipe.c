/* SPDX-License-Identifier: MIT */
/* pipe.c - readable:pipe(destination): data flows as fast as the slowest destination takes it.
 *
 * The destination may be any emitter with write and end (or finish). Each pipe has a table with both ends
 * and its listeners, which all have that table as their upvalue. */
#include "internal.h"

#include "core/class.h"
#include "core/error.h"
#include "core/opts.h"
#include "events/events.h"

/* Fields of the table of a pipe. */
enum {
  PIPE_SRC = 1, PIPE_DEST, PIPE_CLEANED, PIPE_DATA, PIPE_END, PIPE_DRAIN, PIPE_ERROR, PIPE_CLOSE,
  PIPE_FINISH, PIPE_UNPIPE
};

/* In a listener: the table goes to index P, source and destination above it. */
static int pipe_enter(lua_State *L, int nargs) {
  lua_settop(L, nargs);
  luaL_checkstack(L, 16, "pipe");
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_rawgeti(L, nargs + 1, PIPE_SRC);
  lua_rawgeti(L, nargs + 1, PIPE_DEST);
  return nargs + 1;
}

/* obj:removeListener(event, listener of the pipe), obj:on(...), ... */
static void pipe_listener(lua_State *L, int p, int obj, const char *method, const char *event, int field) {
  lua_pushstring(L, event);
  if (lua_rawgeti(L, p, field) == LUA_TNIL) {
    lua_pop(L, 2);
    return;
  }
  class_call_method(L, obj, method, 2, 0);
}

/* Makes a listener of the pipe at p. */
static void pipe_make(lua_State *L, int p, int field, lua_CFunction fn) {
  lua_pushvalue(L, p);
  lua_pushcclosure(L, fn, 1);
  lua_rawseti(L, p, field);
}

/* ---- destinations whose drain is awaited ---- */

void waiting_clear(lua_State *L, int self) {
  Stream *s = stream_at(L, self);
  if (s->r.waiting == 0) return;
  s->r.waiting = 0;
  lua_pushnil(L);
  slot_set(L, self, SLOT_WAITING);
}

static void waiting_add(lua_State *L, int self, int dest) {
  slot_push(L, self, SLOT_WAITING);
  if (!lua_istable(L, -1)) {
    lua_pop(L, 1);
    lua_createtable(L, 0, 1);
    lua_pushvalue(L, -1);
    slot_set(L, self, SLOT_WAITING);
  }
  lua_pushvalue(L, dest);
  if (lua_rawget(L, -2) == LUA_TNIL) {
    stream_at(L, self)->r.waiting++;
    lua_pushvalue(L, dest);
    lua_pushboolean(L, true);
    lua_rawset(L, -4);
  }
  lua_pop(L, 2);
}

static void waiting_remove(lua_State *L, int self, int dest) {
  slot_push(L, self, SLOT_WAITING);
  if (lua_istable(L, -1)) {
    lua_pushvalue(L, dest);
    if (lua_rawget(L, -2) != LUA_TNIL) {
      stream_at(L, self)->r.waiting--;
      lua_pushvalue(L, dest);
      lua_pushnil(L);
      lua_rawset(L, -4);
    }
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

/* ---- the list of destinations ---- */

/* Place of dest in the list at t, 0 when it is not there. */
static lua_Integer pipes_find(lua_State *L, int t, int dest) {
  lua_Integer n = lua_istable(L, t) ? (lua_Integer)lua_rawlen(L, t) : 0;
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, t, i);
    bool same = lua_rawequal(L, -1, dest);
    lua_pop(L, 1);
    if (same) return i;
  }
  return 0;
}

static void pipes_add(lua_State *L, int self, int dest) {
  slot_push(L, self, SLOT_PIPES);
  if (!lua_istable(L, -1)) {
    lua_pop(L, 1);
    lua_createtable(L, 1, 0);
    lua_pushvalue(L, -1);
    slot_set(L, self, SLOT_PIPES);
  }
  lua_pushvalue(L, dest);
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  lua_pop(L, 1);
}

/* Takes dest off the list; false when it is not there. */
static bool pipes_remove(lua_State *L, int self, int dest) {
  slot_push(L, self, SLOT_PIPES);
  int t = lua_gettop(L);
  lua_Integer at = pipes_find(L, t, dest), n = at ? (lua_Integer)lua_rawlen(L, t) : 0;
  for (; at > 0 && at <= n; at++) {
    lua_rawgeti(L, t, at + 1); /* nil behind the last */
    lua_rawseti(L, t, at);
  }
  if (n == 1) {
    lua_pushnil(L);
    slot_set(L, self, SLOT_PIPES);
    readable_pause(L, self);
  }
  lua_pop(L, 1);
  return n > 0;
}

static void emit_unpipe(lua_State *L, int self, int dest) {
  lua_pushliteral(L, "unpipe");
  lua_pushvalue(L, self);
  lua_createtable(L, 0, 1);
  lua_pushboolean(L, false);
  lua_setfield(L, -2, "hasUnpiped");
  class_call_method(L, dest, "emit", 3, 0);
}

static void unpipe(lua_State *L, int self, int dest) {
  if (pipes_remove(L, self, dest)) emit_unpipe(L, self, dest);
}

/* unpipe(destination) */
int readable_unpipe(lua_State *L) {
  stream_self(L, &readable_class);
  lua_settop(L, 2);
  if (!lua_isnil(L, 2)) {
    unpipe(L, 1, 2);
  } else {
    slot_push(L, 1, SLOT_PIPES);
    if (lua_istable(L, 3)) {
      lua_pushnil(L);
      slot_set(L, 1, SLOT_PIPES);
      readable_pause(L, 1);
      for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, 3); i <= n; i++) {
        lua_rawgeti(L, 3, i);
        emit_unpipe(L, 1, 4);
        lua_settop(L, 3);
      }
    }
  }
  lua_settop(L, 1);
  return 1;
}

/* ---- listeners ---- */

static int on_drain(lua_State *L) {
  int p = pipe_enter(L, 0), src = p + 1, dest = p + 2;
  Stream *s = stream_at(L, src);
  waiting_remove(L, src, dest);
  if (s->r.waiting == 0 && s->r.data_listening) readable_resume(L, src);
  return 0;
}

/* The destination is full: the source waits for its drain. */
static void pipe_pause(lua_State *L, int p) {
  int src = p + 1, dest = p + 2;
  lua_rawgeti(L, p, PIPE_CLEANED);
  bool cleaned = lua_toboolean(L, -1);
  lua_pop(L, 1);
  if (!cleaned) {
    slot_push(L, src, SLOT_PIPES);
    bool listed = pipes_find(L, lua_gettop(L), dest) > 0;
    lua_pop(L, 1);
    if (listed) waiting_add(L, src, dest);
    readable_pause(L, src);
  }
  bool listening = lua_rawgeti(L, p, PIPE_DRAIN) != LUA_TNIL;
  lua_pop(L, 1);
  if (listening) return;
  pipe_make(L, p, PIPE_DRAIN, on_drain);
  pipe_listener(L, p, dest, "on", "drain", PIPE_DRAIN);
}

static int on_data(lua_State *L) {
  int p = pipe_enter(L, 1), dest = p + 2;
  bool more;
  (void)class_get_method(L, dest, "write");
  if (lua_tocfunction(L, -1) == writable_lua_write && class_test(L, dest, &writable_class)) {
    more = writable_write(L, dest, 1);
  } else {
    lua_pushvalue(L, dest);
    lua_pushvalue(L, 1);
    lua_call(L, 2, 1);
    more = !lua_isboolean(L, -1) || lua_toboolean(L, -1);
  }
  if (!more) pipe_pause(L, p);
  return 0;
}

static int on_end(lua_State *L) {
  int p = pipe_enter(L, 0);
  class_call_method(L, p + 2, "end", 0, 0);
  return 0;
}

static int on_end_unpipe(lua_State *L) {
  int p = pipe_enter(L, 0);
  unpipe(L, p + 1, p + 2);
  return 0;
}

static int on_close(lua_State *L) {
  int p = pipe_enter(L, 0);
  pipe_listener(L, p, p + 2, "removeListener", "finish", PIPE_FINISH);
  unpipe(L, p + 1, p + 2);
  return 0;
}

static int on_finish(lua_State *L) {
  int p = pipe_enter(L, 0);
  pipe_listener(L, p, p + 2, "removeListener", "close", PIPE_CLOSE);
  unpipe(L, p + 1, p + 2);
  return 0;
}

/* An error of the destination: the source lets go of it; where nobody else listens it is raised. */
static int on_error(lua_State *L) {
  int p = pipe_enter(L, 1), dest = p + 2;
  unpipe(L, p + 1, dest);
  pipe_listener(L, p, dest, "removeListener", "error", PIPE_ERROR);
  if (emitter_count(L, dest, "error") > 0) return 0;
  Stream *s = stream_test(L, dest);
  if (s && !s->error_emitted) {
    stream_fail(L, dest, 1, false);
  } else {
    lua_pushvalue(L, 1);
    emit(L, dest, "error", 1);
  }
  return 0;
}

static void pipe_clean(lua_State *L, int p) {
  int src = p + 1, dest = p + 2;
  pipe_listener(L, p, dest, "removeListener", "close", PIPE_CLOSE);
  pipe_listener(L, p, dest, "removeListener", "finish", PIPE_FINISH);
  pipe_listener(L, p, dest, "removeListener", "drain", PIPE_DRAIN);
  pipe_listener(L, p, dest, "removeListener", "error", PIPE_ERROR);
  pipe_listener(L, p, dest, "removeListener", "unpipe", PIPE_UNPIPE);
  pipe_listener(L, p, src, "removeListener", "end", PIPE_END);
  pipe_listener(L, p, src, "removeListener", "data", PIPE_DATA);
  lua_pushboolean(L, true);
  lua_rawseti(L, p, PIPE_CLEANED);
  const Stream *d = stream_test(L, dest), *s = stream_at(L, src);
  if (lua_rawgeti(L, p, PIPE_DRAIN) != LUA_TNIL && s->r.waiting > 0 && (!d || d->w.need_drain))
    lua_call(L, 0, 0);
  else
    lua_pop(L, 1);
}

/* (source, info) */
static int on_unpipe(lua_State *L) {
  int p = pipe_enter(L, 2);
  if (!lua_rawequal(L, 1, p + 1) || !lua_istable(L, 2)) return 0;
  lua_getfield(L, 2, "hasUnpiped");
  bool done = lua_toboolean(L, -1);
  lua_pop(L, 1);
  if (done) return 0;
  lua_pushboolean(L, true);
  lua_setfield(L, 2, "hasUnpiped");
  pipe_clean(L, p);
  return 0;
}

/* ---- pipe ---- */

/* options.finish or options["end"], default true. */
static bool wants_end(lua_State *L, int opts, int dest) {
  const Stream *d = stream_test(L, dest);
  bool end = opt_boolean(L, opts, "end", true) && opt_boolean(L, opts, "finish", true);
  return end && !(d && d->stdio);
}

static void check_destination(lua_State *L, int dest) {
  int type = lua_type(L, dest);
  bool fits = (type == LUA_TUSERDATA || type == LUA_TTABLE) && class_is(L, dest, &event_emitter_class);
  if (!fits || !push_method(L, dest, "write"))
    err_arg_type(L, dest, "destination", "an instance of Writable");
  lua_pop(L, 1);
}

/* pipe(destination, options) */
int readable_pipe(lua_State *L) {
  Stream *s = stream_self(L, &readable_class);
  lua_settop(L, 3);
  check_destination(L, 2);
  bool ends = wants_end(L, 3, 2);
  lua_createtable(L, 10, 0);
  int p = 4, src = 5, dest = 6;
  lua_pushvalue(L, 1);
  lua_pushvalue(L, 2);
  lua_pushvalue(L, 1);
  lua_rawseti(L, p, PIPE_SRC);
  lua_pushvalue(L, 2);
  lua_rawseti(L, p, PIPE_DEST);
  pipes_add(L, src, dest);
  pipe_make(L, p, PIPE_END, ends ? on_end : on_end_unpipe);
  if (s->r.end_emitted) {
    lua_rawgeti(L, p, PIPE_END);
    rt_next_tick(L, 0);
  } else {
    pipe_listener(L, p, src, "once", "end", PIPE_END);
  }
  pipe_make(L, p, PIPE_UNPIPE, on_unpipe);
  pipe_listener(L, p, dest, "on", "unpipe", PIPE_UNPIPE);
  pipe_make(L, p, PIPE_DATA, on_data);
  pipe_listener(L, p, src, "on", "data", PIPE_DATA);
  pipe_make(L, p, PIPE_ERROR, on_error);
  pipe_listener(L, p, dest, "prependListener", "error", PIPE_ERROR);
  pipe_make(L, p, PIPE_CLOSE, on_close);
  pipe_listener(L, p, dest, "once", "close", PIPE_CLOSE);
  pipe_make(L, p, PIPE_FINISH, on_finish);
  pipe_listener(L, p, dest, "once", "finish", PIPE_FINISH);
  lua_pushliteral(L, "pipe");
  lua_pushvalue(L, src);
  class_call_method(L, dest, "emit", 2, 0);
  lua_getfield(L, dest, "writableNeedDrain");
  bool full = lua_isboolean(L, -1) && lua_toboolean(L, -1);
  lua_pop(L, 1);
  if (full) pipe_pause(L, p);
  else if (!s->r.flowing) readable_resume(L, src);
  lua_settop(L, 2);
  return 1;
}
