/* SPDX-License-Identifier: MIT */
/* from.c - Readable.from: a Readable of values that come one by one; and readable:iterator(), the other
 * way round.
 *
 * A Source is a plain userdata, upvalue of the _read and _destroy that the Readable gets. A function is
 * run as an async function, so it may await. A Feed is that of an iterator. */
#include "internal.h"

#include "buffer/buffer.h"
#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"
#include "promise/promise.h"

/* ---- Readable.from ---- */

enum { SOURCE_VALUE = 1, SOURCE_STREAM, SOURCE_VALUES = 2 };
typedef enum SourceKind { SOURCE_NONE, SOURCE_BYTES, SOURCE_TABLE, SOURCE_FUNCTION, SOURCE_ITERATOR } SourceKind;

typedef struct Source {
  SourceKind kind;
  lua_Integer next; /* of a table */
  bool reading;     /* a value is being fetched, or pushed */
} Source;

/* What came of asking for the next value. */
typedef enum Fetched { FETCHED_VALUE, FETCHED_END, FETCHED_LATER, FETCHED_ERROR } Fetched;

static SourceKind source_kind(lua_State *L, int idx) {
  const char *bytes;
  size_t len;
  if (class_test(L, idx, &async_iterator_class)) return SOURCE_ITERATOR;
  if (buffer_view(L, idx, &bytes, &len)) return SOURCE_BYTES;
  if (lua_istable(L, idx) && !class_of(L, idx) && !arg_is_callable(L, idx)) return SOURCE_TABLE;
  return arg_is_callable(L, idx) ? SOURCE_FUNCTION : SOURCE_NONE;
}

static void source_run(lua_State *L, int source);

/* A promise of the next value, or of { value, done }, was kept. upvalue: the Source */
static int on_fetched(lua_State *L);

/* upvalue: the Source */
static int on_failed(lua_State *L) {
  lua_settop(L, 1);
  lua_getiuservalue(L, lua_upvalueindex(1), SOURCE_STREAM);
  stream_destroy(L, 2, 1);
  return 0;
}

/* Waits for the promise on top. [-1] */
static void source_wait(lua_State *L, int source) {
  lua_pushvalue(L, source);
  lua_pushcclosure(L, on_fetched, 1);
  lua_pushvalue(L, source);
  lua_pushcclosure(L, on_failed, 1);
  promise_on(L, -3);
  lua_pop(L, 1);
}

/* The value on top, from a table or function, replaced by what a settled promise holds. */
static Fetched source_settle(lua_State *L, int source, bool wait) {
  if (promise_is(L, -1)) {
    if (wait || promise_state(L, -1) == PROMISE_PENDING) {
      source_wait(L, source);
      lua_pushnil(L);
      return FETCHED_LATER;
    }
    promise_mark_handled(L, lua_gettop(L));
    bool failed = promise_state(L, -1) == PROMISE_REJECTED;
    promise_push_value(L, -1);
    lua_remove(L, -2);
    if (failed) return FETCHED_ERROR;
  }
  return lua_isnil(L, -1) ? FETCHED_END : FETCHED_VALUE;
}

/* Pushes the next value, or the error. [+1] */
static Fetched source_fetch(lua_State *L, int source) {
  Source *src = lua_touserdata(L, source);
  lua_getiuservalue(L, source, SOURCE_VALUE);
  switch (src->kind) {
  case SOURCE_TABLE:
    lua_rawgeti(L, -1, src->next++);
    lua_remove(L, -2);
    return source_settle(L, source, true);
  case SOURCE_FUNCTION:
    async_start(L, 0);
    return source_settle(L, source, false);
  case SOURCE_ITERATOR:
    class_call_method(L, -1, "next", 0, 1);
    lua_remove(L, -2);
    promise_from(L);
    return source_settle(L, source, true);
  default:
    if (src->next++ == 1) return FETCHED_VALUE;
    lua_pop(L, 1);
    lua_pushnil(L);
    return FETCHED_END;
  }
}

/* Gives the value on top to the stream behind it. False: enough for now. [-1] */
static bool source_push(lua_State *L, Source *src, int stream) {
  if (json_is_null(L, -1)) {
    src->reading = false;
    err_push(L, &type_error_class, "ERR_STREAM_NULL_VALUES", "May not write null values to stream");
    stream_destroy(L, stream, lua_gettop(L));
    lua_pop(L, 2);
    return false;
  }
  if (readable_push(L, stream)) return true;
  src->reading = false;
  return false;
}

/* Fetches and pushes as long as there is room and values come at once. */
static void source_run(lua_State *L, int source) {
  Source *src = lua_touserdata(L, source);
  int top = lua_gettop(L), stream = top + 1;
  luaL_checkstack(L, 16, "stream");
  lua_getiuservalue(L, source, SOURCE_STREAM);
  for (bool more = true; more;) {
    switch (source_fetch(L, source)) {
    case FETCHED_VALUE: more = source_push(L, src, stream); break;
    case FETCHED_END: readable_push_end(L, stream); more = false; break;
    case FETCHED_ERROR: stream_destroy(L, stream, stream + 1); more = false; break;
    case FETCHED_LATER: more = false; break;
    }
    lua_settop(L, stream);
  }
  lua_settop(L, top);
}

static int on_fetched(lua_State *L) {
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_getiuservalue(L, 2, SOURCE_STREAM);
  Source *src = lua_touserdata(L, 2);
  lua_pushvalue(L, 1);
  bool done = lua_isnil(L, 1);
  if (src->kind == SOURCE_ITERATOR && lua_istable(L, 1)) {
    lua_getfield(L, 1, "done");
    lua_getfield(L, 1, "value");
    done = lua_toboolean(L, 5);
    lua_replace(L, 4);
    lua_settop(L, 4);
    if (!done && lua_isnil(L, 4)) { /* as a for loop has it */
      lua_pushboolean(L, true);
      lua_replace(L, 4);
    }
  }
  if (done) readable_push_end(L, 3);
  else if (source_push(L, src, 3)) source_run(L, 2);
  return 0;
}

/* _read(size). upvalue: the Source */
static int source_read(lua_State *L) {
  Source *src = lua_touserdata(L, lua_upvalueindex(1));
  lua_settop(L, 0);
  if (src->reading) return 0;
  src->reading = true;
  lua_pushvalue(L, lua_upvalueindex(1));
  source_run(L, 1);
  return 0;
}

/* The iterator is closed: the _destroy calls back in a tick. upvalues: callback, error */
static int on_source_closed(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, lua_upvalueindex(2));
  rt_next_tick(L, 1);
  return 0;
}

static int on_close_failed(lua_State *L) {
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, lua_toboolean(L, 1) ? 1 : lua_upvalueindex(2));
  rt_next_tick(L, 1);
  return 0;
}

/* _destroy(err, callback). upvalue: the Source */
static int source_destroy(lua_State *L) {
  Source *src = lua_touserdata(L, lua_upvalueindex(1));
  lua_settop(L, 3);
  lua_pushnil(L);
  if (src->kind == SOURCE_ITERATOR) {
    lua_getiuservalue(L, lua_upvalueindex(1), SOURCE_VALUE);
    class_call_method(L, 5, "finish", 0, 1);
    lua_replace(L, 4);
    lua_settop(L, 4);
  }
  promise_from(L);
  for (int i = 0; i < 2; i++) {
    lua_pushvalue(L, 3);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, i == 0 ? on_source_closed : on_close_failed, 2);
  }
  promise_on(L, 4);
  return 0;
}

/* Pushes the options of the new Readable: those of the user over ours. [+1] */
static void push_options(lua_State *L, int options, bool one_by_one) {
  lua_createtable(L, 0, 4);
  int t = lua_gettop(L);
  lua_pushboolean(L, true);
  lua_setfield(L, t, "objectMode");
  if (one_by_one) {
    lua_pushinteger(L, 1);
    lua_setfield(L, t, "highWaterMark");
  }
  if (options == 0 || lua_isnil(L, options)) return;
  for (lua_pushnil(L); lua_next(L, options); lua_pop(L, 1)) {
    lua_pushvalue(L, -2);
    lua_pushvalue(L, -2);
    lua_rawset(L, t);
  }
}

static void set_method(lua_State *L, int stream, const char *name, lua_CFunction fn, int source) {
  lua_pushvalue(L, source);
  lua_pushcclosure(L, fn, 1);
  lua_setfield(L, stream, name);
}

bool readable_push_from(lua_State *L, int options) {
  int value = lua_gettop(L), source = value + 1, stream = value + 2;
  Stream *s = stream_test(L, value);
  luaL_checkstack(L, 16, "stream");
  if (s && has_readable(s)) readable_to_iterator(L, true);
  SourceKind kind = source_kind(L, value);
  if (kind == SOURCE_NONE) return false;
  Source *src = lua_newuserdatauv(L, sizeof *src, SOURCE_VALUES);
  *src = (Source){ .kind = kind, .next = 1 };
  push_options(L, options, kind != SOURCE_BYTES);
  class_construct(L, &readable_class, 1);
  lua_pushvalue(L, value);
  lua_setiuservalue(L, source, SOURCE_VALUE);
  lua_pushvalue(L, stream);
  lua_setiuservalue(L, source, SOURCE_STREAM);
  set_method(L, stream, "_read", source_read, source);
  if (kind != SOURCE_BYTES) set_method(L, stream, "_destroy", source_destroy, source);
  lua_replace(L, value);
  lua_settop(L, value);
  return true;
}

/* Readable.from(iterable, options) */
int readable_from(lua_State *L) {
  lua_settop(L, 2);
  if (!lua_isnil(L, 2)) arg_table(L, 2, "options");
  lua_pushvalue(L, 1);
  if (!readable_push_from(L, 2)) return err_arg_type(L, 1, "iterable", "an instance of Iterable");
  return 1;
}

/* ---- iterator ---- */

/* User values of a Feed. */
enum { FEED_STREAM = 1, FEED_WAITERS, FEED_ERROR, FEED_LISTENER, FEED_END_WATCH, FEED_VALUES = 5 };

typedef struct Feed {
  lua_Integer head, tail; /* promises in the table of waiters */
  bool started, pumping;
  bool over, failed;      /* the stream is over, with an error */
  bool finished;          /* so is the iterator */
  bool destroys;          /* leaving the loop destroys the stream */
} Feed;

/* Takes the promise that has waited longest. [+1] */
static void feed_take(lua_State *L, int feed) {
  Feed *f = lua_touserdata(L, feed);
  lua_getiuservalue(L, feed, FEED_WAITERS);
  lua_rawgeti(L, -1, f->head);
  lua_pushnil(L);
  lua_rawseti(L, -3, f->head++);
  lua_remove(L, -2);
}

/* The iterator has ended: lets go of the stream. */
static void feed_close(lua_State *L, int feed) {
  Feed *f = lua_touserdata(L, feed);
  int top = lua_gettop(L);
  if (f->finished) return;
  f->finished = true;
  lua_getiuservalue(L, feed, FEED_STREAM);
  Stream *s = stream_at(L, top + 1);
  bool known = f->over || f->failed;
  if ((f->failed || f->destroys) && (!known || s->auto_destroy)) {
    stream_put_down(L, top + 1, 0);
  } else if (f->started) {
    lua_pushliteral(L, "readable");
    lua_getiuservalue(L, feed, FEED_LISTENER);
    class_call_method(L, top + 1, "removeListener", 2, 0);
    lua_getiuservalue(L, feed, FEED_END_WATCH);
    lua_call(L, 0, 0);
  }
  lua_settop(L, top);
}

/* Answers the promise on top: the end, or the error. [-1] */
static void feed_answer_end(lua_State *L, int feed) {
  Feed *f = lua_touserdata(L, feed);
  bool error = f->failed && !f->finished;
  feed_close(L, feed);
  if (error) {
    lua_getiuservalue(L, feed, FEED_ERROR);
    promise_reject(L, -2);
  } else {
    lua_pushnil(L);
    async_push_result(L, true);
    promise_resolve(L, -2);
  }
  lua_pop(L, 1);
}

/* Answers those who wait, as far as it goes. */
static void feed_pump(lua_State *L, int feed) {
  Feed *f = lua_touserdata(L, feed);
  int top = lua_gettop(L), stream = top + 1;
  if (f->pumping) return;
  luaL_checkstack(L, 20, "stream");
  f->pumping = true;
  lua_getiuservalue(L, feed, FEED_STREAM);
  while (f->head < f->tail) {
    if (f->finished || stream_at(L, stream)->destroyed) lua_pushnil(L);
    else readable_read(L, stream, -1);
    bool found = !lua_isnil(L, -1);
    if (!found && !f->finished && !f->failed && !f->over) break;
    feed_take(L, feed);
    if (found) {
      lua_pushvalue(L, stream + 1);
      async_push_result(L, false);
      promise_resolve(L, -2);
    } else {
      feed_answer_end(L, feed);
    }
    lua_settop(L, stream);
  }
  f->pumping = false;
  lua_settop(L, top);
}

static int feed_wake(lua_State *L) {
  feed_pump(L, 1);
  return 0;
}

/* Whoever waits goes on in a microtask, as await does in Node: before that nothing is read. */
static void feed_wake_later(lua_State *L, int feed) {
  const Feed *f = lua_touserdata(L, feed);
  if (f->head == f->tail) return;
  lua_pushcfunction(L, feed_wake);
  lua_pushvalue(L, feed);
  rt_microtask(L, 1);
}

/* "readable". upvalue: the Feed */
static int on_readable(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  feed_wake_later(L, 1);
  return 0;
}

/* The stream is over. upvalue: the Feed */
static int on_stream_over(lua_State *L) {
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  Feed *f = lua_touserdata(L, 2);
  f->over = true;
  f->failed = has_error(L, 1);
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, 2, FEED_ERROR);
  feed_wake_later(L, 2);
  return 0;
}

static void feed_start(lua_State *L, int feed) {
  Feed *f = lua_touserdata(L, feed);
  int top = lua_gettop(L);
  f->started = true;
  lua_getiuservalue(L, feed, FEED_STREAM);
  lua_pushliteral(L, "readable");
  lua_pushvalue(L, feed);
  lua_pushcclosure(L, on_readable, 1);
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, feed, FEED_LISTENER);
  class_call_method(L, top + 1, "on", 2, 0);
  lua_pushvalue(L, feed);
  lua_pushcclosure(L, on_stream_over, 1);
  stream_watch(L, top + 1, WATCH_READABLE | WATCH_ERROR);
  lua_setiuservalue(L, feed, FEED_END_WATCH);
  lua_settop(L, top);
}

static int feed_next(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  Feed *f = lua_touserdata(L, 1);
  if (!f->started && !f->finished) feed_start(L, 1);
  promise_new(L);
  lua_getiuservalue(L, 1, FEED_WAITERS);
  lua_pushvalue(L, 2);
  lua_rawseti(L, 3, f->tail++);
  feed_pump(L, 1);
  lua_settop(L, 2);
  return 1;
}

static int feed_finish(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  Feed *f = lua_touserdata(L, 1);
  if (f->started) feed_close(L, 1);
  f->finished = true;
  feed_pump(L, 1);
  lua_pushnil(L);
  async_push_result(L, true);
  promise_from(L);
  return 1;
}

void readable_to_iterator(lua_State *L, bool destroys) {
  int stream = lua_gettop(L), feed = stream + 1;
  luaL_checkstack(L, 12, "stream");
  Feed *f = lua_newuserdatauv(L, sizeof *f, FEED_VALUES);
  *f = (Feed){ .head = 1, .tail = 1, .destroys = destroys };
  lua_pushvalue(L, stream);
  lua_setiuservalue(L, feed, FEED_STREAM);
  lua_newtable(L);
  lua_setiuservalue(L, feed, FEED_WAITERS);
  lua_pushvalue(L, feed);
  lua_pushcclosure(L, feed_next, 1);
  lua_pushvalue(L, feed);
  lua_pushcclosure(L, feed_finish, 1);
  async_iterator_new(L);
  lua_replace(L, stream);
  lua_settop(L, stream);
}

/* iterator(options) */
int readable_iterator(lua_State *L) {
  stream_self(L, &readable_class);
  lua_settop(L, 2);
  if (!lua_isnil(L, 2)) arg_table(L, 2, "options");
  bool destroys = opt_boolean(L, 2, "destroyOnReturn", true);
  lua_settop(L, 1);
  readable_to_iterator(L, destroys);
  return async_iterator_return(L);
}
