/* SPDX-License-Identifier: MIT */
/* stream.c - what both halves of a stream share: birth, options, failure, destruction; the module. */
#include "internal.h"
#include "stdio.h"
#include "uv_stream.h"

#include <string.h>
#include "core/error.h"
#include "core/interrupt.h"
#include "core/json.h"
#include "core/opts.h"
#include "events/abort.h"
#include "events/events.h"

enum { DEFAULT_HWM = 16 * 1024, DEFAULT_OBJECTS = 16 };

/* ---- values of a stream ---- */

static bool push_state(lua_State *L, int self, bool make) {
  if (lua_getiuservalue(L, self, UV_STATE) == LUA_TTABLE) return true;
  lua_pop(L, 1);
  if (!make) return false;
  lua_createtable(L, 4, 0);
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, self, UV_STATE);
  return true;
}

void slot_push(lua_State *L, int self, int slot) {
  if (!push_state(L, self, false)) {
    lua_pushnil(L);
    return;
  }
  lua_rawgeti(L, -1, slot);
  lua_remove(L, -2);
}

void slot_set(lua_State *L, int self, int slot) {
  if (!push_state(L, self, !lua_isnil(L, -1))) {
    lua_pop(L, 1);
    return;
  }
  lua_insert(L, -2);
  lua_rawseti(L, -2, slot);
  lua_pop(L, 1);
}

void queue_push_table(lua_State *L, int self, int which) {
  if (lua_getiuservalue(L, self, which) == LUA_TTABLE) return;
  lua_pop(L, 1);
  lua_createtable(L, 4, 0);
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, self, which);
}

Stream *stream_test(lua_State *L, int idx) { return class_test(L, idx, &stream_class); }

/* ---- calling ---- */

void stream_tick(lua_State *L, int self, lua_CFunction fn) {
  lua_pushcfunction(L, fn);
  lua_pushvalue(L, self);
  rt_next_tick(L, 1);
}

void stream_tick_value(lua_State *L, int self, lua_CFunction fn) {
  lua_pushcfunction(L, fn);
  lua_pushvalue(L, self);
  lua_rotate(L, -3, 2);
  rt_next_tick(L, 2);
}

bool has_error(lua_State *L, int idx) {
  return idx != 0 && lua_toboolean(L, idx) && !json_is_null(L, idx);
}

void push_error_or_nil(lua_State *L, int err) {
  if (has_error(L, err)) lua_pushvalue(L, err);
  else lua_pushnil(L);
}

void guard_begin(lua_State *L) { lua_pushcfunction(L, rt_traceback); }

bool call_guarded(lua_State *L, int nargs) {
  int guard = lua_gettop(L) - nargs - 1;
  if (lua_pcall(L, nargs, 0, guard) == LUA_OK) {
    lua_pop(L, 1);
    return true;
  }
  lua_remove(L, guard);
  if (interrupt_is(L, -1)) lua_error(L);
  return false;
}

bool push_method(lua_State *L, int self, const char *name) {
  if (class_get_method(L, self, name) == LUA_TFUNCTION) return true;
  if (!lua_isnil(L, -1) && arg_is_callable(L, -1)) return true;
  lua_pop(L, 1);
  return false;
}

void push_callback(lua_State *L, int self, lua_CFunction fn) {
  lua_pushvalue(L, self);
  lua_pushcclosure(L, fn, 1);
}

int err_push_destroyed(lua_State *L, const char *what) {
  err_push(L, NULL, "ERR_STREAM_DESTROYED", "Cannot call %s after a stream was destroyed", what);
  return lua_gettop(L);
}

/* ---- failing and ending ---- */

void note_error(lua_State *L, int self, int err) {
  Stream *s = stream_at(L, self);
  if (!has_error(L, err) || s->errored) return;
  s->errored = true;
  lua_pushvalue(L, err);
  slot_set(L, self, SLOT_ERRORED);
}

static void emit_error(lua_State *L, int self, int err) {
  Stream *s = stream_at(L, self);
  if (s->error_emitted) return;
  s->error_emitted = true;
  lua_pushvalue(L, err);
  emit(L, self, "error", 1);
}

static int tick_error(lua_State *L) {
  emit_error(L, 1, 2);
  return 0;
}

static int tick_close(lua_State *L) {
  Stream *s = stream_at(L, 1);
  s->close_emitted = true;
  if (s->emit_close) emit(L, 1, "close", 0);
  return 0;
}

static int tick_error_close(lua_State *L) {
  emit_error(L, 1, 2);
  return tick_close(L);
}

void stream_destroyed(lua_State *L, int self, int err) {
  Stream *s = stream_at(L, self);
  if (s->closed) return;
  s->closed = true;
  note_error(L, self, err);
  if (has_error(L, err)) {
    lua_pushvalue(L, err);
    stream_tick_value(L, self, tick_error_close);
  } else {
    stream_tick(L, self, tick_close);
  }
}

/* The callback of a _destroy in Lua. */
static int on_destroyed(lua_State *L) {
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  stream_destroyed(L, 2, 1);
  return 0;
}

static void run_destroy(lua_State *L, int self, int err) {
  Stream *s = stream_at(L, self);
  luaL_checkstack(L, 12, "stream");
  if (s->impl && s->impl->destroy) {
    s->impl->destroy(L, self, err);
    return;
  }
  guard_begin(L);
  if (push_method(L, self, "_destroy")) {
    lua_pushvalue(L, self);
    push_error_or_nil(L, err);
    push_callback(L, self, on_destroyed);
    if (call_guarded(L, 3)) return;
    stream_destroyed(L, self, lua_gettop(L));
  } else {
    stream_destroyed(L, self, err);
  }
  lua_pop(L, 1); /* the error or the guard */
}

void stream_destroy(lua_State *L, int self, int err) {
  Stream *s = stream_at(L, self);
  if (s->destroyed) return;
  bool callbacks = s->w.buffered;
  if (!callbacks && s->w.present) {
    slot_push(L, self, SLOT_FINISHED);
    callbacks = lua_istable(L, -1);
    lua_pop(L, 1);
  }
  if (callbacks && !s->r.present) stream_tick(L, self, tick_error_buffer);
  note_error(L, self, err);
  s->destroyed = true;
  if (s->constructed) run_destroy(L, self, err); /* else once it is */
}

void stream_fail(lua_State *L, int self, int err, bool sync) {
  Stream *s = stream_at(L, self);
  if (s->destroyed) return;
  if (s->auto_destroy) {
    stream_destroy(L, self, err);
  } else if (has_error(L, err)) {
    note_error(L, self, err);
    if (!sync) {
      emit_error(L, self, err);
      return;
    }
    lua_pushvalue(L, err);
    stream_tick_value(L, self, tick_error);
  }
}

void stream_undestroy(Stream *s) {
  s->constructed = true;
  s->closed = s->close_emitted = s->destroyed = s->errored = s->error_emitted = false;
  if (s->r.present) {
    s->r.reading = false;
    s->r.ended = s->r.end_emitted = s->r.off;
  }
  if (s->w.present) {
    s->w.final_called = s->w.prefinished = false;
    s->w.ending = s->w.ended = s->w.finished = s->w.off;
  }
}

static int stream_lua_destroy(lua_State *L) {
  stream_self(L, &stream_class);
  lua_settop(L, 2);
  stream_destroy(L, 1, 2);
  lua_settop(L, 1);
  return 1;
}

/* Writable:pipe: nothing comes out of it. */
static int stream_pipe(lua_State *L) {
  stream_self(L, &stream_class);
  err_push(L, NULL, "ERR_STREAM_CANNOT_PIPE", "Cannot pipe, not readable");
  stream_fail(L, 1, lua_gettop(L), false);
  return 0;
}

/* ---- construction ---- */

/* (self, err): what _construct has called back. */
static int tick_constructed(lua_State *L) {
  Stream *s = stream_at(L, 1);
  if (s->constructed) {
    if (!has_error(L, 2)) {
      err_push(L, NULL, "ERR_MULTIPLE_CALLBACK", "Callback called multiple times");
      lua_replace(L, 2);
    }
    stream_fail(L, 1, 2, false);
    return 0;
  }
  s->constructed = true;
  if (s->destroyed) {
    if (!has_error(L, 2)) {
      slot_push(L, 1, SLOT_ERRORED);
      lua_replace(L, 2);
    }
    run_destroy(L, 1, 2);
  } else if (has_error(L, 2)) {
    stream_fail(L, 1, 2, true);
  } else {
    if (s->r.present) readable_constructed(L, 1);
    if (s->w.present) writable_constructed(L, 1);
  }
  return 0;
}

void stream_constructed(lua_State *L, int self, int err) {
  push_error_or_nil(L, err);
  stream_tick_value(L, self, tick_constructed);
}

static int on_constructed(lua_State *L) {
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  stream_tick_value(L, 1, tick_constructed);
  return 0;
}

static int tick_construct(lua_State *L) {
  guard_begin(L);
  if (!push_method(L, 1, "_construct")) return 0;
  lua_pushvalue(L, 1);
  push_callback(L, 1, on_constructed);
  if (!call_guarded(L, 2)) stream_tick_value(L, 1, tick_constructed);
  return 0;
}

static void stream_setup(lua_State *L, Stream *s, int halves, const StreamImpl *impl) {
  s->impl = impl;
  s->constructed = s->emit_close = s->auto_destroy = s->allow_half_open = true;
  s->r.present = halves & STREAM_READS;
  s->w.present = halves & STREAM_WRITES;
  s->r.hwm = s->w.hwm = default_hwm(L, false);
  s->r.sync = s->w.sync = s->w.decode_strings = true;
}

void *stream_new(lua_State *L, const ClassDef *cls, size_t size, int halves, const StreamImpl *impl,
                 int extra) {
  Stream *s = handle_new(L, cls, size, UV_STREAM_FREE - UV_CLASS + extra);
  stream_setup(L, s, halves, impl);
  return s;
}

void *stream_new_inline(lua_State *L, const ClassDef *cls, size_t size, int halves, const StreamImpl *impl,
                        int extra) {
  Stream *s = class_new(L, cls, size, UV_STREAM_FREE - UV_CLASS + extra);
  s->base.rt = rt_of(L);
  s->base.cls = cls;
  list_init(&s->base.link);
  stream_setup(L, s, halves, impl);
  return s;
}

/* An option that is a function becomes the method of the object. */
static void option_method(lua_State *L, int self, int opts, const char *key, const char *method) {
  (void)opt_push(L, opts, key);
  if (lua_isnil(L, -1) || !arg_is_callable(L, -1)) lua_pop(L, 1);
  else lua_setfield(L, self, method);
}

void stream_options(lua_State *L, int self, int opts) {
  Stream *s = stream_at(L, self);
  static const char *const both[][2] = { { "destroy", "_destroy" }, { "construct", "_construct" },
                                         { "read", "_read" }, { "write", "_write" },
                                         { "writev", "_writev" }, { "final", "_final" } };
  if (opts != 0 && lua_isnil(L, opts)) opts = 0;
  if (opts != 0 && !lua_istable(L, opts)) err_arg_type(L, opts, "options", "of type table");
  s->emit_close = opt_boolean(L, opts, "emitClose", true);
  s->auto_destroy = opt_boolean(L, opts, "autoDestroy", true);
  if (s->r.present) readable_options(L, self, opts);
  if (s->w.present) writable_options(L, self, opts);
  for (size_t i = 0; i < sizeof both / sizeof *both && opts != 0; i++) {
    if (!strcmp(both[i][0], "read") && !s->r.present) continue;
    if (i > 2 && !s->w.present) continue;
    option_method(L, self, opts, both[i][0], both[i][1]);
  }
  if (signal_option(L, opts)) stream_add_signal(L, self);
  else lua_pop(L, 1);
  if (!push_method(L, self, "_construct")) return;
  lua_pop(L, 1);
  s->constructed = false;
  stream_tick(L, self, tick_construct);
}

/* ---- high-water marks ---- */

typedef struct Defaults {
  size_t bytes, objects; /* 0: not changed */
} Defaults;

static const char defaults_key = 0;

size_t default_hwm(lua_State *L, bool object_mode) {
  const Defaults *d = rt_data(L, &defaults_key, sizeof *d);
  if (object_mode) return d->objects ? d->objects - 1 : DEFAULT_OBJECTS;
  return d->bytes ? d->bytes - 1 : DEFAULT_HWM;
}

/* options.highWaterMark, or for a Duplex options[key]. */
size_t opt_hwm(lua_State *L, int opts, const char *key, bool duplex, bool object_mode) {
  const char *name = "options.highWaterMark";
  int whole = 1;
  if (opt_push(L, opts, "highWaterMark") == LUA_TNIL && duplex) {
    lua_pop(L, 1);
    (void)opt_push(L, opts, key);
    name = lua_pushfstring(L, "options.%s", key);
    lua_insert(L, -2);
  } else {
    lua_pushnil(L);
    lua_insert(L, -2);
  }
  size_t hwm = default_hwm(L, object_mode);
  if (!lua_isnil(L, -1)) {
    lua_Integer n = lua_tointegerx(L, -1, &whole);
    if (lua_type(L, -1) != LUA_TNUMBER || !whole || n < 0)
      err_arg_value(L, lua_gettop(L), name, "is invalid");
    hwm = (size_t)n;
  }
  lua_pop(L, 2);
  return hwm;
}

static int stream_get_default(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)default_hwm(L, lua_toboolean(L, 1)));
  return 1;
}

static int stream_set_default(lua_State *L) {
  lua_Integer n = arg_integer(L, 2, "value", 0, LUA_MAXINTEGER - 1);
  Defaults *d = rt_data(L, &defaults_key, sizeof *d);
  if (lua_toboolean(L, 1)) d->objects = (size_t)n + 1;
  else d->bytes = (size_t)n + 1;
  return 0;
}

/* ---- rows ---- */

static int stream_get_destroyed(lua_State *L) {
  lua_pushboolean(L, stream_self(L, &stream_class)->destroyed);
  return 1;
}

static int stream_get_closed(lua_State *L) {
  lua_pushboolean(L, stream_self(L, &stream_class)->closed);
  return 1;
}

static int stream_get_errored(lua_State *L) {
  if (stream_self(L, &stream_class)->errored) slot_push(L, 1, SLOT_ERRORED);
  else lua_pushnil(L);
  return 1;
}

static const FnDef stream_methods[] = {
  { "destroy", stream_lua_destroy, FN_METHOD, "destroy(error: any?): Stream",
    "Ends the stream at once: what is buffered is dropped, then come \"error\" (when an error is given) "
    "and \"close\".",
    NULL, NULL, NULL },
  { "pipe", stream_pipe, FN_METHOD, "pipe(destination: Writable, options: table?): Writable",
    "Fails: nothing can be read from this stream.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef stream_props[] = {
  { "destroyed", stream_get_destroyed, NULL, "boolean", "Was it destroyed, by destroy() or an error?" },
  { "closed", stream_get_closed, NULL, "boolean", "Has it let go of what it held?" },
  { "errored", stream_get_errored, NULL, "any?", "The error it was destroyed with." },
  { 0 }
};

static const EventDef stream_events[] = {
  { "close", "", "The stream is over and has let go of what it held." },
  { "error", "error: any", "Reading or writing failed, or destroy(error) was called." },
  { 0 }
};

const ClassDef stream_class = {
  .name = "Stream", .base = &event_emitter_class, .abstract = true, .gc = handle_gc,
  .methods = stream_methods, .props = stream_props, .events = stream_events,
  .doc = "What Readable and Writable have in common."
};

static int is_state(lua_State *L, bool (*ask)(const Stream *s)) {
  const Stream *s = stream_test(L, 1);
  if (s) lua_pushboolean(L, ask(s));
  else lua_pushnil(L);
  return 1;
}

static bool state_errored(const Stream *s) { return s->errored; }
static bool state_destroyed(const Stream *s) { return s->destroyed; }
static bool state_disturbed(const Stream *s) {
  return s->r.data_emitted || (has_readable(s) && (s->destroyed || s->errored) && !s->r.end_emitted);
}

static int stream_is_errored(lua_State *L) { return is_state(L, state_errored); }
static int stream_is_destroyed(lua_State *L) { return is_state(L, state_destroyed); }
static int stream_is_disturbed(lua_State *L) { return is_state(L, state_disturbed); }
static int stream_is_readable(lua_State *L) { return is_state(L, readable_open); }
static int stream_is_writable(lua_State *L) { return is_state(L, writable_open); }

static const OptDef finished_options[] = {
  { "readable", "boolean", NULL, "Wait for the end of the reading side; default: if there is one." },
  { "writable", "boolean", NULL, "Wait for the end of the writing side; default: if there is one." },
  { "error", "boolean", "true", "false: an \"error\" event does not count." },
  { "signal", "AbortSignal", NULL, "Ends the wait, not the stream, with an AbortError." },
  { 0 }
};

static const OptDef finished_promise_options[] = {
  { "readable", "boolean", NULL, "Wait for the end of the reading side; default: if there is one." },
  { "writable", "boolean", NULL, "Wait for the end of the writing side; default: if there is one." },
  { "error", "boolean", "true", "false: an \"error\" event does not count." },
  { "signal", "AbortSignal", NULL, "Ends the wait, not the stream, with an AbortError." },
  { "cleanup", "boolean", "false", "Take its listeners off the stream afterwards." },
  { 0 }
};

static const OptDef pipeline_options[] = {
  { "signal", "AbortSignal", NULL, "Destroys all streams with an AbortError when it aborts." },
  { "finish", "boolean", "true", "End the last stream when the source ends; also as [\"end\"]." },
  { 0 }
};

#define PIPELINE_DOC \
  "Pipes the streams one into the next and destroys all of them when one fails or closes early. The " \
  "first may be anything that Readable.from takes, or a function that returns that; one in between a " \
  "function(source) that returns such a thing; the last a function(source), which may await. source is " \
  "an AsyncIterator: for chunk in source do ... end. "

static const FnDef stream_functions[] = {
  { "pipeline", stream_pipeline, FN_STATIC, "pipeline(...: any): Stream",
    PIPELINE_DOC "The last argument is callback(err, value): value is what the last function has "
    "returned. Returns the last stream.", NULL,
    "local stream = require \"stream\"\n"
    "stream.pipeline({ \"a\", \"b\" }, stream.PassThrough(), function(source)\n"
    "  for chunk in source do print(chunk) end\nend, print)", NULL },
  { "finished", stream_finished, FN_STATIC,
    "finished(stream: Stream, options: table|function?, callback: function?): function",
    "Calls callback(err) once the stream has ended, failed or closed too early "
    "(ERR_STREAM_PREMATURE_CLOSE). Returns a function that takes the listeners off again.",
    finished_options, NULL, NULL },
  { "addAbortSignal", stream_lua_add_signal, FN_STATIC,
    "addAbortSignal(signal: AbortSignal, stream: Stream): Stream",
    "Destroys the stream with an AbortError when the signal aborts.", NULL, NULL, NULL },
  { "duplexPair", stream_duplex_pair, FN_STATIC, "duplexPair(options: table?): Duplex[]",
    "A sequence of two Duplexes, each of which reads what is written to the other; the options are those "
    "of a Duplex, for both.", NULL,
    "local pair = require(\"stream\").duplexPair()\n"
    "pair[2]:on(\"data\", function(d) print(d) end)\npair[1]:write \"over\"", NULL },
  { "isErrored", stream_is_errored, FN_STATIC, "isErrored(stream: any): boolean?", "Has it failed?", NULL,
    NULL, NULL },
  { "isDestroyed", stream_is_destroyed, FN_STATIC, "isDestroyed(stream: any): boolean?",
    "Was it destroyed?", NULL, NULL, NULL },
  { "isDisturbed", stream_is_disturbed, FN_STATIC, "isDisturbed(stream: any): boolean?",
    "Has it been read from, or destroyed?", NULL, NULL, NULL },
  { "isReadable", stream_is_readable, FN_STATIC, "isReadable(stream: any): boolean?",
    "Can it still be read from?", NULL, NULL, NULL },
  { "isWritable", stream_is_writable, FN_STATIC, "isWritable(stream: any): boolean?",
    "Can it still be written to?", NULL, NULL, NULL },
  { "getDefaultHighWaterMark", stream_get_default, FN_STATIC,
    "getDefaultHighWaterMark(objectMode: boolean): integer",
    "The high-water mark of new streams: 16384 bytes, or 16 objects.", NULL, NULL, NULL },
  { "setDefaultHighWaterMark", stream_set_default, FN_STATIC,
    "setDefaultHighWaterMark(objectMode: boolean, value: integer)",
    "Sets the high-water mark of streams made from now on.", NULL, NULL, NULL },
  { 0 }
};

static const ClassDef *const stream_classes[] = { &stream_class, &readable_class, &writable_class,
                                                  &duplex_class, &transform_class,
                                                  &pass_through_class, NULL };

static const ClassDef *const stream_objects[] = { &duplex_side_class, &socket_class,
                                                  &stdio_writer_class, &tty_writer_class,
                                                  &tty_reader_class, &file_reader_class, NULL };

static const PropDef stream_constants[] = {
  { "promises", NULL, NULL, "table", "The module stream/promises." },
  { 0 }
};

static int stream_open(lua_State *L) {
  lua_settop(L, 1);
  (void)rt_require_builtin(L, "stream/promises");
  lua_setfield(L, 1, "promises");
  return 1;
}

static const FnDef stream_promises_functions[] = {
  { "pipeline", stream_pipeline_promise, FN_STATIC, "pipeline(...: any): Promise",
    PIPELINE_DOC "A promise of what the last function has returned. A table of options may come last.",
    pipeline_options,
    "await(require(\"stream/promises\").pipeline({ \"a\", \"b\" }, function(source)\n"
    "  for chunk in source do print(chunk) end\nend))", NULL },
  { "finished", stream_finished_promise, FN_STATIC, "finished(stream: Stream, options: table?): Promise",
    "A promise that is fulfilled once the stream has ended, and rejected when it fails or closes early.",
    finished_promise_options, NULL, NULL },
  { 0 }
};

const ModuleDef stream_promises_module = {
  .name = "stream/promises", .functions = stream_promises_functions,
  .doc = "pipeline and finished of stream as promises, to be awaited.",
  .example = "local stream = require \"stream\"\n"
             "local p = stream.PassThrough()\np:resume()\np:finish \"x\"\n"
             "await(require(\"stream/promises\").finished(p))\nprint \"done\""
};

const ModuleDef stream_module = {
  .name = "stream", .functions = stream_functions, .classes = stream_classes,
  .objects = stream_objects, .constants = stream_constants, .open = stream_open,
  .doc = "Data that comes and goes in pieces, and no faster than the other side can take: Readable, "
         "Writable, Duplex, Transform.",
  .example = "local stream = require \"stream\"\n"
             "local r = stream.Readable{ read = function() end }\n"
             "r:on(\"data\", function(d) print(d) end)\nr:push \"hi\"\nr:push(nil)"
};
