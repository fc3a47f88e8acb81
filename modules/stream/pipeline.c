/* SPDX-License-Identifier: MIT */
/* pipeline.c - pipeline(): streams piped one into the next, that end and fail together.
 *
 * A Pipeline is a plain userdata which its listeners have as their upvalue. It counts what is still to
 * finish: for each pipe its source and its destination, and the promise of a last function. The first
 * error ends it: all streams that are not over are destroyed. */
#include "internal.h"

#include <string.h>
#include "core/error.h"
#include "core/opts.h"
#include "events/abort.h"
#include "promise/promise.h"

/* User values of a Pipeline. */
enum {
  PIPELINE_ERROR = 1, PIPELINE_VALUE, PIPELINE_CALLBACK, PIPELINE_STREAMS, PIPELINE_CLEANUPS,
  PIPELINE_SIGNAL, PIPELINE_ABORTER, PIPELINE_CONTROLLER, PIPELINE_VALUES = 8
};

typedef struct Pipeline {
  int to_finish;
  bool failed, over;
  bool ends; /* the last stream is ended */
} Pipeline;

/* Fields of the record of a stream that is destroyed with the pipeline. */
enum { REC_STREAM = 1, REC_OVER };

static bool has_code(lua_State *L, int idx, const char *code) {
  if (!lua_istable(L, idx)) return false;
  bool same = lua_getfield(L, idx, "code") == LUA_TSTRING && !strcmp(lua_tostring(L, -1), code);
  lua_pop(L, 1);
  return same;
}

static bool is_premature(lua_State *L, int idx) {
  return has_code(L, idx, "ERR_STREAM_PREMATURE_CLOSE");
}

/* ---- the end ---- */

/* Destroys the streams that are not over, with the error if there is one. */
static void destroy_all(lua_State *L, int pipeline) {
  int top = lua_gettop(L), list = top + 1, err = top + 2;
  lua_getiuservalue(L, pipeline, PIPELINE_STREAMS);
  lua_newtable(L);
  lua_setiuservalue(L, pipeline, PIPELINE_STREAMS);
  lua_getiuservalue(L, pipeline, PIPELINE_ERROR);
  for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, list); i <= n; i++) {
    lua_rawgeti(L, list, i);
    lua_rawgeti(L, err + 1, REC_OVER);
    if (!lua_toboolean(L, -1)) {
      lua_pushboolean(L, true);
      lua_rawseti(L, err + 1, REC_OVER);
      lua_rawgeti(L, err + 1, REC_STREAM);
      if (has_error(L, err)) lua_pushvalue(L, err);
      else (void)err_push_destroyed(L, "pipe");
      stream_put_down(L, err + 3, err + 4);
    }
    lua_settop(L, err);
  }
  lua_settop(L, top);
}

static void run_cleanups(lua_State *L, int pipeline) {
  lua_getiuservalue(L, pipeline, PIPELINE_CLEANUPS);
  int list = lua_gettop(L);
  for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, list); i <= n; i++) {
    lua_rawgeti(L, list, i);
    lua_call(L, 0, 0);
  }
  lua_pop(L, 1);
}

/* No signal is listened to any more; the functions' own one aborts. */
static void drop_signals(lua_State *L, int pipeline) {
  int top = lua_gettop(L);
  lua_getiuservalue(L, pipeline, PIPELINE_SIGNAL);
  lua_getiuservalue(L, pipeline, PIPELINE_ABORTER);
  if (!lua_isnil(L, -1)) signal_off(L, top + 1);
  lua_settop(L, top);
  if (lua_getiuservalue(L, pipeline, PIPELINE_CONTROLLER) != LUA_TNIL)
    class_call_method(L, top + 1, "abort", 0, 0);
  lua_settop(L, top);
}

/* Something has finished, with the error at err (0: none); final: it was the last. */
static void finish_with(lua_State *L, int pipeline, int err, bool final) {
  Pipeline *p = lua_touserdata(L, pipeline);
  luaL_checkstack(L, 16, "pipeline");
  if (has_error(L, err)) {
    lua_getiuservalue(L, pipeline, PIPELINE_ERROR);
    bool replace = !p->failed || is_premature(L, lua_gettop(L));
    lua_pop(L, 1);
    if (replace) {
      lua_pushvalue(L, err);
      lua_setiuservalue(L, pipeline, PIPELINE_ERROR);
    }
    p->failed = true;
  }
  if (!p->failed && !final) return;
  destroy_all(L, pipeline);
  drop_signals(L, pipeline);
  if (!final || p->over) return;
  p->over = true;
  if (!p->failed) run_cleanups(L, pipeline);
  lua_getiuservalue(L, pipeline, PIPELINE_CALLBACK);
  lua_getiuservalue(L, pipeline, PIPELINE_ERROR);
  lua_getiuservalue(L, pipeline, PIPELINE_VALUE);
  rt_next_tick(L, 2);
}

static void finish(lua_State *L, int pipeline, int err) {
  Pipeline *p = lua_touserdata(L, pipeline);
  finish_with(L, pipeline, err, --p->to_finish == 0);
}

/* finish(err). upvalue: the Pipeline */
static int on_finish(lua_State *L) {
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  finish(L, 2, 1);
  return 0;
}

static void push_on_finish(lua_State *L, int pipeline) {
  lua_pushvalue(L, pipeline);
  lua_pushcclosure(L, on_finish, 1);
}

/* The signal has aborted. upvalue: the Pipeline */
static int on_abort(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  signal_push_error(L, 0);
  finish_with(L, 1, 2, false);
  return 0;
}

/* ---- each stream ---- */

/* "error" of a stream, even after its part is done. upvalue: the Pipeline */
static int on_stream_error(lua_State *L) {
  lua_settop(L, 1);
  if (!has_error(L, 1) || is_premature(L, 1)) return 0;
  if (lua_istable(L, 1) && lua_getfield(L, 1, "name") == LUA_TSTRING &&
      !strcmp(lua_tostring(L, -1), "AbortError"))
    return 0;
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  finish(L, 2, 1);
  return 0;
}

/* "close". upvalue: the record */
static int on_stream_close(lua_State *L) {
  lua_pushboolean(L, true);
  lua_rawseti(L, lua_upvalueindex(1), REC_OVER);
  return 0;
}

/* finished's callback. upvalue: the record */
static int on_stream_over(lua_State *L) {
  lua_pushboolean(L, !has_error(L, lua_gettop(L) > 0 ? 1 : 0));
  lua_rawseti(L, lua_upvalueindex(1), REC_OVER);
  return 0;
}

/* Appends the value on top to a list of the Pipeline. [-1] */
static void append(lua_State *L, int pipeline, int which) {
  lua_getiuservalue(L, pipeline, which);
  lua_insert(L, -2);
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  lua_pop(L, 1);
}

static void add_listener(lua_State *L, int idx, const char *method, const char *event) {
  lua_pushstring(L, event);
  lua_insert(L, -2);
  class_call_method(L, idx, method, 2, 0);
}

/* The stream at idx is destroyed with the pipeline. last: it can be read from afterwards, so what the
 * pipeline listens to there ends with it. */
static void add_destroyed(lua_State *L, int pipeline, int idx, bool reading, bool writing, bool last) {
  int rec = lua_gettop(L) + 1;
  lua_createtable(L, 2, 0);
  lua_pushvalue(L, idx);
  lua_rawseti(L, rec, REC_STREAM);
  lua_pushvalue(L, rec);
  lua_pushcclosure(L, on_stream_close, 1);
  add_listener(L, idx, "on", "close");
  lua_pushvalue(L, rec);
  lua_pushcclosure(L, on_stream_over, 1);
  stream_watch(L, idx, (reading ? WATCH_READABLE : 0) | (writing ? WATCH_WRITABLE : 0) | WATCH_ERROR);
  if (last) append(L, pipeline, PIPELINE_CLEANUPS);
  else lua_pop(L, 1);
  append(L, pipeline, PIPELINE_STREAMS);
}

/* upvalues: stream, listener of "error" */
static int drop_error_listener(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushliteral(L, "error");
  lua_pushvalue(L, lua_upvalueindex(2));
  class_call_method(L, 1, "removeListener", 2, 0);
  return 0;
}

static void add_error_listener(lua_State *L, int pipeline, int idx, bool last) {
  lua_pushvalue(L, pipeline);
  lua_pushcclosure(L, on_stream_error, 1);
  lua_pushvalue(L, -1);
  add_listener(L, idx, "on", "error");
  lua_pushvalue(L, idx);
  lua_insert(L, -2);
  lua_pushcclosure(L, drop_error_listener, 2);
  if (last) append(L, pipeline, PIPELINE_CLEANUPS);
  else lua_pop(L, 1);
}

static void add_stream(lua_State *L, int pipeline, int idx, bool reading, bool writing) {
  const Pipeline *p = lua_touserdata(L, pipeline);
  bool last = !reading && readable_open(stream_at(L, idx)) && !readable_is_over(stream_at(L, idx));
  if (reading || p->ends) add_destroyed(L, pipeline, idx, reading, writing, last);
  add_error_listener(L, pipeline, idx, last);
}

/* ---- one pipe ---- */

/* Fields of the table of a pipe. */
enum { PIPE_PIPELINE = 1, PIPE_SRC, PIPE_DEST, PIPE_ENDED };

/* In a listener: the table to index 1 and its Pipeline, source, destination behind it. */
static void pipe_enter(lua_State *L, int nargs) {
  lua_settop(L, nargs);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_rawgeti(L, nargs + 1, PIPE_PIPELINE);
  lua_rawgeti(L, nargs + 1, PIPE_SRC);
  lua_rawgeti(L, nargs + 1, PIPE_DEST);
}

static int on_dest_close(lua_State *L) {
  pipe_enter(L, 0);
  lua_rawgeti(L, 1, PIPE_ENDED);
  if (lua_toboolean(L, -1)) return 0;
  err_push(L, NULL, "ERR_STREAM_PREMATURE_CLOSE", "Premature close");
  finish(L, 2, lua_gettop(L));
  return 0;
}

static int on_source_end(lua_State *L) {
  pipe_enter(L, 0);
  lua_pushboolean(L, true);
  lua_rawseti(L, 1, PIPE_ENDED);
  class_call_method(L, 4, "end", 0, 0);
  return 0;
}

static int on_source_over(lua_State *L) {
  pipe_enter(L, 1);
  const Stream *s = stream_at(L, 4);
  if (has_error(L, 1) && is_premature(L, 1) && s->r.ended && !s->errored && !s->error_emitted) {
    push_on_finish(L, 3);
    add_listener(L, 4, "once", "end");
    push_on_finish(L, 3);
    add_listener(L, 4, "once", "error");
  } else {
    finish(L, 3, 1);
  }
  return 0;
}

/* Makes a function over the table of the pipe on top. [+1] */
static void push_pipe_function(lua_State *L, int pipe, lua_CFunction fn) {
  lua_pushvalue(L, pipe);
  lua_pushcclosure(L, fn, 1);
}

/* src:pipe(dest, { end = false }) */
static void call_pipe(lua_State *L, int src, int dest) {
  lua_pushvalue(L, dest);
  lua_createtable(L, 0, 1);
  lua_pushboolean(L, false);
  lua_setfield(L, -2, "end");
  class_call_method(L, src, "pipe", 2, 0);
}

static void pipe_streams(lua_State *L, int pipeline, int src, int dest, bool ends) {
  Pipeline *p = lua_touserdata(L, pipeline);
  const int fields[] = { pipeline, src, dest };
  int pipe = lua_gettop(L) + 1;
  const Stream *d = stream_at(L, dest);
  bool last_readable = readable_open(d) && !readable_is_over(d);
  p->to_finish += 2;
  lua_createtable(L, 4, 0);
  for (int i = 0; i < 3; i++) {
    lua_pushvalue(L, fields[i]);
    lua_rawseti(L, pipe, PIPE_PIPELINE + i);
  }
  push_pipe_function(L, pipe, on_dest_close);
  add_listener(L, dest, "on", "close");
  call_pipe(L, src, dest);
  if (!ends) {
    finish(L, pipeline, 0);
  } else {
    push_pipe_function(L, pipe, on_source_end);
    if (readable_is_over(stream_at(L, src))) rt_next_tick(L, 0);
    else add_listener(L, src, "once", "end");
  }
  push_pipe_function(L, pipe, on_source_over);
  stream_watch(L, src, WATCH_READABLE | WATCH_ERROR);
  lua_pop(L, 1);
  push_on_finish(L, pipeline);
  stream_watch(L, dest, WATCH_WRITABLE | WATCH_ERROR);
  if (last_readable) append(L, pipeline, PIPELINE_CLEANUPS);
  lua_settop(L, pipe - 1);
}

/* ---- functions among the streams ---- */

/* Pushes { signal = ... } for the functions of the pipeline. [+1] */
static void push_function_options(lua_State *L, int pipeline) {
  if (lua_getiuservalue(L, pipeline, PIPELINE_CONTROLLER) == LUA_TNIL) {
    lua_pop(L, 1);
    class_construct(L, &abort_controller_class, 0);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, pipeline, PIPELINE_CONTROLLER);
  }
  lua_createtable(L, 0, 1);
  lua_getfield(L, -2, "signal");
  lua_setfield(L, -2, "signal");
  lua_remove(L, -2);
}

static int tick_finish(lua_State *L) {
  lua_settop(L, 2);
  finish(L, 1, 2);
  return 0;
}

/* Queues finish with the error on top (or nil). [-1] */
static void finish_in_tick(lua_State *L, int pipeline) {
  lua_pushcfunction(L, tick_finish);
  lua_pushvalue(L, pipeline);
  lua_rotate(L, -3, 2);
  rt_next_tick(L, 2);
}

/* The last function has returned. upvalues: the Pipeline, its PassThrough */
static int on_returned(lua_State *L) {
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, lua_upvalueindex(2));
  const Pipeline *p = lua_touserdata(L, 2);
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, 2, PIPELINE_VALUE);
  if (!lua_isnil(L, 1)) {
    lua_pushvalue(L, 1);
    class_call_method(L, 3, "write", 1, 0);
  }
  if (p->ends) class_call_method(L, 3, "end", 0, 0);
  lua_pushnil(L);
  finish_in_tick(L, 2);
  return 0;
}

/* It has raised. */
static int on_raised(lua_State *L) {
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, lua_upvalueindex(2));
  stream_destroy(L, 3, 1);
  lua_pushvalue(L, 1);
  finish_in_tick(L, 2);
  return 0;
}

/* Calls the last function, which is at fn, with the iterator of the stream at src. Leaves the stream
 * that stands for its result. [+1] */
static void call_last(lua_State *L, int pipeline, int src, int fn) {
  Pipeline *p = lua_touserdata(L, pipeline);
  int pass = lua_gettop(L) + 1;
  lua_createtable(L, 0, 1);
  lua_pushboolean(L, true);
  lua_setfield(L, -2, "objectMode");
  class_construct(L, &pass_through_class, 1);
  lua_pushvalue(L, fn);
  lua_pushvalue(L, src);
  readable_to_iterator(L, true);
  push_function_options(L, pipeline);
  async_start(L, 2);
  p->to_finish++;
  for (int i = 0; i < 2; i++) {
    lua_pushvalue(L, pipeline);
    lua_pushvalue(L, pass);
    lua_pushcclosure(L, i == 0 ? on_returned : on_raised, 2);
  }
  promise_on(L, pass + 1);
  lua_settop(L, pass);
  add_destroyed(L, pipeline, pass, false, true, true);
}

/* Calls the function at fn with the iterator of the stream at src (0: none) and makes a Readable of
 * what it returns. [+1] */
static void call_source(lua_State *L, int pipeline, int src, int fn, int place) {
  int top = lua_gettop(L);
  lua_pushvalue(L, fn);
  if (src != 0) {
    lua_pushvalue(L, src);
    readable_to_iterator(L, true);
  }
  push_function_options(L, pipeline);
  lua_call(L, src != 0 ? 2 : 1, 1);
  if (readable_push_from(L, 0)) return;
  const char *what = place == 0 ? "source" : lua_pushfstring(L, "transform[%d]", place - 1);
  err_push_received(L, top + 1);
  err_raise(L, &type_error_class, "ERR_INVALID_RETURN_VALUE",
            "Expected %s to be returned from the \"%s\" function but got %s.",
            place == 0 ? "Iterable, AsyncIterable or Stream" : "AsyncIterable", what,
            lua_tostring(L, -1));
}

/* ---- building ---- */

/* Is the value at idx a function and no stream? */
static bool is_stage_function(lua_State *L, int idx) {
  return !stream_test(L, idx) && !class_test(L, idx, &async_iterator_class) && !lua_istable(L, idx) &&
         arg_is_callable(L, idx);
}

static int bad_stage(lua_State *L, int idx) {
  return err_arg_type(L, idx, "streams", "of type function or an instance of Stream, Iterable, or "
                                         "AsyncIterable");
}

/* Adds stage i of n, the value at 1 on the stack is the list, 2 the Pipeline, 3 the stream before (0 for
 * the first). Replaces 3 by what comes out. */
static void add_stage(lua_State *L, int i, int n) {
  Pipeline *p = lua_touserdata(L, 2);
  bool reading = i < n, first = i == 1;
  lua_rawgeti(L, 1, i); /* 4 */
  if (stream_test(L, 4)) {
    add_stream(L, 2, 4, reading, !first);
    if (!first) pipe_streams(L, 2, 3, 4, reading || p->ends);
  } else if (first || reading) {
    if (is_stage_function(L, 4)) {
      call_source(L, 2, first ? 0 : 3, 4, i - 1);
      lua_replace(L, 4);
    } else if (!readable_push_from(L, 0)) {
      bad_stage(L, 4);
    }
    add_stream(L, 2, 4, true, false);
  } else {
    call_last(L, 2, 3, 4);
    lua_replace(L, 4);
  }
  lua_replace(L, 3);
  lua_settop(L, 3);
}

/* Every stage is looked at before the first is touched. */
static void check_stages(lua_State *L, int list, int n) {
  if (n < 2)
    err_raise(L, &type_error_class, "ERR_MISSING_ARGS", "The \"streams\" argument must be specified");
  for (int i = 1; i <= n; i++) {
    lua_rawgeti(L, list, i);
    int at = lua_gettop(L);
    const Stream *s = stream_test(L, at);
    bool fits = s ? (i == 1 || has_writable(s)) && (i == n || has_readable(s))
                  : is_stage_function(L, at) || (i == 1 && !lua_isnil(L, at) && !lua_isboolean(L, at) &&
                                                 !lua_isnumber(L, at));
    if (!fits) bad_stage(L, at);
    lua_pop(L, 1);
  }
}

/* The signal at `signal`, when it has not aborted yet, ends the pipeline. */
static void follow_signal(lua_State *L, int pipeline, int signal) {
  lua_pushvalue(L, signal);
  lua_setiuservalue(L, pipeline, PIPELINE_SIGNAL);
  lua_pushvalue(L, pipeline);
  lua_pushcclosure(L, on_abort, 1);
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, pipeline, PIPELINE_ABORTER);
  signal_on(L, signal);
}

/* The list of stages is at 1, options at 2 (or nil), the callback at 3. Leaves the last stream. */
static int pipeline_start(lua_State *L) {
  lua_settop(L, 3);
  luaL_checkstack(L, 30, "pipeline");
  int n = (int)lua_rawlen(L, 1);
  check_stages(L, 1, n);
  bool ends = opt_boolean(L, 2, "end", true) && opt_boolean(L, 2, "finish", true);
  bool has_signal = signal_option(L, 2), aborted = has_signal && signal_aborted(L, 4);
  Pipeline *p = lua_newuserdatauv(L, sizeof *p, PIPELINE_VALUES);
  *p = (Pipeline){ .ends = ends };
  lua_pushvalue(L, 3);
  lua_setiuservalue(L, 5, PIPELINE_CALLBACK);
  lua_newtable(L);
  lua_setiuservalue(L, 5, PIPELINE_STREAMS);
  lua_newtable(L);
  lua_setiuservalue(L, 5, PIPELINE_CLEANUPS);
  if (aborted) {
    lua_pushvalue(L, 5);
    lua_pushcclosure(L, on_abort, 1);
    rt_microtask(L, 0);
  } else if (has_signal) {
    follow_signal(L, 5, 4);
  }
  lua_copy(L, 5, 2);
  lua_settop(L, 2);
  lua_pushnil(L);
  for (int i = 1; i <= n; i++) add_stage(L, i, n);
  lua_settop(L, 3);
  return 1;
}

/* Pushes the sequence of the n values from 1 on, or the one sequence of streams that is there. [+1] */
static void push_stages(lua_State *L, int n) {
  bool listed = n == 1 && lua_istable(L, 1) && !class_of(L, 1);
  if (listed) {
    lua_pushvalue(L, 1);
    return;
  }
  lua_createtable(L, n, 0);
  for (int i = 1; i <= n; i++) {
    lua_pushvalue(L, i);
    lua_rawseti(L, -2, i);
  }
}

/* pipeline(..., callback) */
int stream_pipeline(lua_State *L) {
  int n = lua_gettop(L);
  if (n == 0) lua_settop(L, n = 1);
  arg_function(L, n, "streams[stream.length - 1]");
  luaL_checkstack(L, 6, "pipeline");
  push_stages(L, n - 1);
  lua_pushnil(L);
  lua_pushvalue(L, n);
  lua_rotate(L, 1, 3);
  return pipeline_start(L);
}

/* upvalue: the promise */
static int on_settled(lua_State *L) {
  lua_settop(L, 2);
  if (has_error(L, 1)) {
    lua_pushvalue(L, 1);
    promise_reject(L, lua_upvalueindex(1));
  } else {
    promise_resolve(L, lua_upvalueindex(1));
  }
  return 0;
}

/* Is the value at idx a table of options, and no sequence or object? */
static bool is_options(lua_State *L, int idx) {
  return lua_istable(L, idx) && lua_rawlen(L, idx) == 0 && !class_of(L, idx) && !arg_is_callable(L, idx);
}

/* The promise form: pipeline(..., options) */
int stream_pipeline_promise(lua_State *L) {
  int n = lua_gettop(L);
  bool options = n > 1 && is_options(L, n);
  luaL_checkstack(L, 10, "pipeline");
  promise_new(L);
  int promise = n + 1;
  lua_pushcfunction(L, rt_traceback);
  lua_pushcfunction(L, pipeline_start);
  push_stages(L, options ? n - 1 : n);
  if (options) lua_pushvalue(L, n);
  else lua_pushnil(L);
  lua_pushvalue(L, promise);
  lua_pushcclosure(L, on_settled, 1);
  if (lua_pcall(L, 3, 0, promise + 1) != LUA_OK) promise_reject(L, promise);
  lua_settop(L, promise);
  return 1;
}
