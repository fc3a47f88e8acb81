/* SPDX-License-Identifier: MIT */
/* finished.c - finished(): told when a stream is over, well or not; and the option `signal`.
 *
 * A Watch is a plain userdata, the upvalue of its listeners on the stream. Node's rules: where a stream
 * will emit "close", that is waited for; "close" before the end is ERR_STREAM_PREMATURE_CLOSE. */
#include "internal.h"

#include "core/error.h"
#include "core/opts.h"
#include "events/abort.h"
#include "promise/promise.h"

/* User values of a Watch. */
enum {
  WATCH_STREAM = 1, WATCH_CALLBACK, WATCH_LISTENERS, WATCH_SIGNAL, WATCH_ABORTER, WATCH_VALUES = 5
};

typedef struct Watch {
  bool readable, writable;
  bool will_close;         /* the stream will emit "close" for what is watched */
  bool read_over, write_over;
  bool called;             /* or ended: nothing more is told */
  bool listens_error;
} Watch;

bool readable_is_over(const Stream *s) {
  return !s->errored && (s->r.end_emitted || (s->r.ended && s->r.length == 0));
}

bool writable_is_over(const Stream *s) {
  return !s->errored && (s->w.finished || (s->w.ended && s->w.length == 0));
}

static bool can_read(const Stream *s) { return readable_open(s) && !readable_is_over(s); }
static bool can_write(const Stream *s) { return writable_open(s); }

void stream_put_down(lua_State *L, int idx, int err) {
  const Stream *s = stream_at(L, idx);
  if (s->destroyed) return;
  idx = lua_absindex(L, idx);
  if (has_error(L, err)) lua_pushvalue(L, err);
  else if (can_read(s) || can_write(s)) signal_push_error(L, 0);
  else lua_pushnil(L);
  class_call_method(L, idx, "destroy", 1, 0);
}

/* ---- telling ---- */

/* In a listener: the userdata at `first`, the stream behind it. */
static Watch *watch_enter(lua_State *L, int nargs, Stream **s) {
  lua_settop(L, nargs);
  luaL_checkstack(L, 12, "finished");
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_getiuservalue(L, nargs + 1, WATCH_STREAM);
  *s = stream_test(L, nargs + 2);
  return lua_touserdata(L, nargs + 1);
}

static void drop_signal(lua_State *L, int watch) {
  lua_getiuservalue(L, watch, WATCH_SIGNAL);
  if (lua_getiuservalue(L, watch, WATCH_ABORTER) == LUA_TNIL) lua_pop(L, 1);
  else signal_off(L, -2);
  lua_pop(L, 1);
}

/* Calls the callback, once, with the error at err (0: none). watch: index of the userdata */
static int tell(lua_State *L, int watch, int err) {
  Watch *w = lua_touserdata(L, watch);
  if (w->called) return 0;
  w->called = true;
  drop_signal(L, watch);
  lua_getiuservalue(L, watch, WATCH_CALLBACK);
  if (err != 0) lua_pushvalue(L, err);
  lua_call(L, err != 0, 0);
  return 0;
}

/* Tells the error that the stream has, if it has one. */
static bool tell_errored(lua_State *L, int watch, const Stream *s) {
  if (!s->errored) return false;
  slot_push(L, watch + 1, SLOT_ERRORED);
  tell(L, watch, lua_gettop(L));
  return true;
}

static int on_end(lua_State *L) {
  Stream *s;
  Watch *w = watch_enter(L, 0, &s);
  w->read_over = true;
  if (s->destroyed) w->will_close = false;
  if (w->will_close && (!readable_open(s) || w->readable)) return 0;
  return !w->writable || w->write_over ? tell(L, 1, 0) : 0;
}

static int on_finish(lua_State *L) {
  Stream *s;
  Watch *w = watch_enter(L, 0, &s);
  w->write_over = true;
  if (s->destroyed) w->will_close = false;
  if (w->will_close && (!writable_open(s) || w->writable)) return 0;
  return !w->readable || w->read_over ? tell(L, 1, 0) : 0;
}

static int on_error(lua_State *L) {
  Stream *s;
  (void)watch_enter(L, 1, &s);
  return tell(L, 2, 1);
}

static int on_close(lua_State *L) {
  Stream *s;
  Watch *w = watch_enter(L, 0, &s);
  if (tell_errored(L, 1, s)) return 0;
  bool early = (w->readable && !w->read_over && has_readable(s) && !readable_is_over(s)) ||
               (w->writable && !w->write_over && !writable_is_over(s));
  if (!early) return tell(L, 1, 0);
  err_push(L, NULL, "ERR_STREAM_PREMATURE_CLOSE", "Premature close");
  return tell(L, 1, lua_gettop(L));
}

/* It was over before. */
static int on_over(lua_State *L) {
  Stream *s;
  (void)watch_enter(L, 0, &s);
  return tell_errored(L, 1, s) ? 0 : tell(L, 1, 0);
}

/* ---- listening ---- */

static const struct {
  const char *event;
  lua_CFunction fn;
} watched[] = { { "end", on_end }, { "finish", on_finish }, { "error", on_error }, { "close", on_close } };

enum { WATCHED = sizeof watched / sizeof *watched, WATCHED_ERROR = 2 };

static void listen_all(lua_State *L, int idx, int watch, const Watch *w) {
  lua_createtable(L, WATCHED, 0);
  int list = lua_gettop(L);
  for (int i = 0; i < WATCHED; i++) {
    if (i == WATCHED_ERROR && !w->listens_error) continue;
    lua_pushstring(L, watched[i].event);
    lua_pushvalue(L, watch);
    lua_pushcclosure(L, watched[i].fn, 1);
    lua_pushvalue(L, -1);
    lua_rawseti(L, list, i + 1);
    class_call_method(L, idx, "on", 2, 0);
  }
  lua_setiuservalue(L, watch, WATCH_LISTENERS);
}

/* Ends the watch: nothing is told any more. upvalue: the userdata */
static int watch_end(lua_State *L) {
  Stream *s;
  Watch *w = watch_enter(L, 0, &s);
  w->called = true;
  drop_signal(L, 1);
  if (lua_getiuservalue(L, 1, WATCH_LISTENERS) != LUA_TTABLE) return 0;
  for (int i = 0; i < WATCHED; i++) {
    lua_pushstring(L, watched[i].event);
    if (lua_rawgeti(L, 3, i + 1) == LUA_TNIL) lua_pop(L, 2);
    else class_call_method(L, 2, "removeListener", 2, 0);
  }
  lua_pushnil(L);
  lua_setiuservalue(L, 1, WATCH_LISTENERS);
  return 0;
}

/* What is over already is told in a tick. Returns the function for it, NULL: wait for events. */
static lua_CFunction already(const Stream *s, const Watch *w) {
  bool no_write = s->w.present && !can_write(s), no_read = s->r.present && !can_read(s);
  if (s->closed) return on_close;
  if (s->error_emitted) return w->will_close ? NULL : on_over;
  if (!w->readable && (!w->will_close || can_read(s)) && (w->write_over || no_write)) return on_over;
  if (!w->writable && (!w->will_close || can_write(s)) && (w->read_over || no_read)) return on_over;
  return NULL;
}

void stream_watch(lua_State *L, int idx, int what) {
  Stream *s = stream_at(L, idx);
  int fn = lua_gettop(L), watch = fn + 1;
  luaL_checkstack(L, 16, "finished");
  idx = lua_absindex(L, idx);
  Watch *w = lua_newuserdatauv(L, sizeof *w, WATCH_VALUES);
  *w = (Watch){ .readable = what & WATCH_READABLE, .writable = what & WATCH_WRITABLE,
                .listens_error = what & WATCH_ERROR };
  lua_pushvalue(L, idx);
  lua_setiuservalue(L, watch, WATCH_STREAM);
  lua_pushvalue(L, fn);
  lua_setiuservalue(L, watch, WATCH_CALLBACK);
  w->will_close = s->auto_destroy && s->emit_close && !s->closed && has_readable(s) == w->readable &&
                  has_writable(s) == w->writable;
  w->write_over = s->w.present && writable_is_over(s);
  w->read_over = s->r.present && readable_is_over(s);
  listen_all(L, idx, watch, w);
  lua_CFunction over = already(s, w);
  if (over) {
    lua_pushvalue(L, watch);
    lua_pushcclosure(L, over, 1);
    rt_next_tick(L, 0);
  }
  lua_pushcclosure(L, watch_end, 1);
  lua_replace(L, fn);
}

/* ---- signals ---- */

/* The signal of finished has aborted. upvalues: the Watch, the function that ends it */
static int on_watch_abort(lua_State *L) {
  Stream *s;
  Watch *w = watch_enter(L, 0, &s);
  if (w->called) return 0;
  lua_getiuservalue(L, 1, WATCH_SIGNAL);
  signal_push_error(L, 3);
  lua_pushvalue(L, lua_upvalueindex(2));
  lua_call(L, 0, 0);
  w->called = false;
  return tell(L, 1, 4);
}

/* The function that ends a watch is on top: the signal at `signal` does, too. */
static void watch_follow(lua_State *L, int signal) {
  int end = lua_gettop(L);
  lua_getupvalue(L, end, 1);
  lua_pushvalue(L, signal);
  lua_setiuservalue(L, end + 1, WATCH_SIGNAL);
  lua_pushvalue(L, end + 1);
  lua_pushvalue(L, end);
  lua_pushcclosure(L, on_watch_abort, 2);
  if (signal_aborted(L, signal)) {
    rt_next_tick(L, 0);
  } else {
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, end + 1, WATCH_ABORTER);
    signal_on(L, signal);
  }
  lua_settop(L, end);
}

/* upvalues: stream, signal */
static int on_stream_abort(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  signal_push_error(L, lua_upvalueindex(2));
  class_call_method(L, 1, "destroy", 1, 0);
  return 0;
}

/* The stream is over. upvalues: signal, its listener */
static int forget_signal(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(2));
  signal_off(L, lua_upvalueindex(1));
  return 0;
}

static int watch_all(const Stream *s) {
  return (has_readable(s) ? WATCH_READABLE : 0) | (has_writable(s) ? WATCH_WRITABLE : 0) | WATCH_ERROR;
}

void stream_add_signal(lua_State *L, int idx) {
  int signal = lua_gettop(L);
  idx = lua_absindex(L, idx);
  lua_pushvalue(L, idx);
  lua_pushvalue(L, signal);
  lua_pushcclosure(L, on_stream_abort, 2);
  if (signal_aborted(L, signal)) {
    lua_call(L, 0, 0);
  } else {
    lua_pushvalue(L, signal);
    lua_pushvalue(L, signal + 1);
    lua_pushcclosure(L, forget_signal, 2);
    stream_watch(L, idx, watch_all(stream_at(L, idx)));
    lua_pop(L, 1);
    signal_on(L, signal);
  }
  lua_settop(L, signal - 1);
}

static Stream *arg_stream(lua_State *L, int idx, const char *name) {
  Stream *s = stream_test(L, idx);
  if (!s) err_arg_type(L, idx, name, "an instance of Stream");
  return s;
}

/* addAbortSignal(signal, stream) */
int stream_lua_add_signal(lua_State *L) {
  lua_settop(L, 2);
  signal_check(L, 1, "signal");
  (void)arg_stream(L, 2, "stream");
  lua_pushvalue(L, 1);
  stream_add_signal(L, 2);
  return 1;
}

/* ---- finished ---- */

/* What the options at idx ask to be watched. */
static int read_options(lua_State *L, int idx, const Stream *s) {
  if (!lua_isnil(L, idx)) arg_table(L, idx, "options");
  bool readable = opt_boolean(L, idx, "readable", has_readable(s));
  bool writable = opt_boolean(L, idx, "writable", has_writable(s));
  bool error = opt_boolean(L, idx, "error", true);
  return (readable ? WATCH_READABLE : 0) | (writable ? WATCH_WRITABLE : 0) | (error ? WATCH_ERROR : 0);
}

/* Watches the stream at 1 with the options at 2 and the function at 3. [+1] */
static void finished_start(lua_State *L) {
  Stream *s = arg_stream(L, 1, "stream");
  int what = read_options(L, 2, s);
  bool has_signal = signal_option(L, 2);
  bool closed = s->closed;
  lua_pushvalue(L, 3);
  stream_watch(L, 1, what);
  if (has_signal && !closed) watch_follow(L, 4);
}

/* finished(stream, options, callback) */
int stream_finished(lua_State *L) {
  if (lua_gettop(L) == 2) {
    lua_pushnil(L);
    lua_insert(L, 2);
  }
  lua_settop(L, 3);
  if (!lua_isnil(L, 2)) arg_table(L, 2, "options");
  arg_function(L, 3, "callback");
  finished_start(L);
  return 1;
}

/* upvalues: promise, table whose field is the function that ends the watch, or nil */
static int settle(lua_State *L) {
  bool failed = has_error(L, 1);
  lua_settop(L, 1);
  if (lua_istable(L, lua_upvalueindex(2))) {
    lua_rawgeti(L, lua_upvalueindex(2), 1);
    lua_call(L, 0, 0);
  }
  if (failed) promise_reject(L, lua_upvalueindex(1));
  else promise_resolve(L, lua_upvalueindex(1));
  return 0;
}

/* The promise form: finished(stream, options) */
int stream_finished_promise(lua_State *L) {
  lua_settop(L, 2);
  if (!lua_isnil(L, 2)) arg_table(L, 2, "options");
  bool clean = opt_boolean(L, 2, "cleanup", false);
  promise_new(L);
  if (clean) lua_createtable(L, 1, 0);
  else lua_pushnil(L);
  lua_pushcfunction(L, rt_traceback);
  lua_pushcfunction(L, stream_finished);
  lua_pushvalue(L, 1);
  lua_pushvalue(L, 2);
  lua_pushvalue(L, 3);
  lua_pushvalue(L, 4);
  lua_pushcclosure(L, settle, 2);
  if (lua_pcall(L, 3, 1, 5) != LUA_OK) promise_reject(L, 3);
  else if (clean) lua_rawseti(L, 4, 1);
  lua_settop(L, 3);
  return 1;
}
