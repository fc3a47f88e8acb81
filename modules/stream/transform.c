/* SPDX-License-Identifier: MIT */
/* transform.c - Transform, a Duplex whose output is made of its input, and PassThrough.
 *
 * A write is answered only once its output has found room on the reading side, so a slow reader slows
 * the writer down. The callback of the write under way lies in TRANSFORM_CALLBACK. */
#include "transform.h"
#include "internal.h"

#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"
#include "events/events.h"

static Transform *transform_self(lua_State *L) { return class_check(L, 1, &transform_class); }

static bool is_value(lua_State *L, int idx) { return !lua_isnil(L, idx) && !json_is_null(L, idx); }

/* Calls the callback of the write under way, with the error at err (0: none). */
static void call_back(lua_State *L, int self, int err) {
  if (lua_getiuservalue(L, self, TRANSFORM_CALLBACK) == LUA_TNIL) {
    lua_pop(L, 1);
    return;
  }
  push_error_or_nil(L, err);
  lua_call(L, 1, 0);
}

/* callback(err, chunk) of _transform. upvalue: the stream */
static int on_transformed(lua_State *L) {
  lua_settop(L, 2);
  lua_pushvalue(L, lua_upvalueindex(1));
  Transform *t = class_test(L, 3, &transform_class);
  const ReadState *r = &t->s.r;
  if (has_error(L, 1)) {
    call_back(L, 3, 1);
    return 0;
  }
  if (is_value(L, 2)) {
    lua_pushvalue(L, 2);
    (void)readable_push(L, 3);
  }
  if (t->s.w.ended || t->before == r->length || r->length < r->hwm) call_back(L, 3, 0);
  else t->waiting = true;
  return 0;
}

static void push_done(lua_State *L) {
  if (lua_getiuservalue(L, 1, TRANSFORM_DONE) != LUA_TNIL) return;
  lua_pop(L, 1);
  push_callback(L, 1, on_transformed);
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, 1, TRANSFORM_DONE);
}

/* _write(chunk, encoding, callback) */
static int transform_write(lua_State *L) {
  Transform *t = transform_self(L);
  lua_settop(L, 4);
  t->before = t->s.r.length;
  lua_pushvalue(L, 4);
  lua_setiuservalue(L, 1, TRANSFORM_CALLBACK);
  if (!push_method(L, 1, "_transform"))
    return err_raise(L, NULL, "ERR_METHOD_NOT_IMPLEMENTED", "The _transform() method is not implemented");
  for (int i = 1; i <= 3; i++) lua_pushvalue(L, i);
  push_done(L);
  lua_call(L, 4, 0);
  return 0;
}

/* _read(size) */
static int transform_read(lua_State *L) {
  Transform *t = transform_self(L);
  lua_settop(L, 1);
  if (!t->waiting) return 0;
  t->waiting = false;
  call_back(L, 1, 0);
  return 0;
}

/* callback(err, chunk) of _flush. upvalues: the stream, the callback of _final or nil */
static int on_flushed(lua_State *L) {
  bool failed = has_error(L, 1), answers = !lua_isnil(L, lua_upvalueindex(2));
  lua_settop(L, 2);
  lua_pushvalue(L, lua_upvalueindex(1));
  if (!failed && is_value(L, 2)) {
    lua_pushvalue(L, 2);
    (void)readable_push(L, 3);
  }
  if (!failed) readable_push_end(L, 3);
  if (answers) {
    lua_pushvalue(L, lua_upvalueindex(2));
    push_error_or_nil(L, failed ? 1 : 0);
    lua_call(L, 1, 0);
  } else if (failed) {
    stream_destroy(L, 3, 1);
  }
  return 0;
}

/* _final(callback) */
static int transform_final(lua_State *L) {
  Transform *t = transform_self(L);
  lua_settop(L, 2);
  if (!t->s.destroyed && push_method(L, 1, "_flush")) {
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, on_flushed, 2);
    lua_call(L, 2, 0);
    return 0;
  }
  readable_push_end(L, 1);
  if (lua_isnil(L, 2)) return 0;
  lua_call(L, 0, 0);
  return 0;
}

/* "prefinish" of a stream with a _final of its own. upvalue: the stream */
static int on_prefinish(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  return transform_final(L);
}

static int transform_alloc(lua_State *L) {
  stream_new(L, &transform_class, sizeof(Transform), STREAM_READS | STREAM_WRITES, NULL,
             TRANSFORM_VALUES);
  return 1;
}

static void option_method(lua_State *L, int opts, const char *key, const char *method) {
  (void)opt_push(L, opts, key);
  if (lua_isnil(L, -1) || !arg_is_callable(L, -1)) lua_pop(L, 1);
  else lua_setfield(L, 1, method);
}

static int transform_init(lua_State *L) {
  Transform *t = transform_self(L);
  lua_settop(L, 2);
  duplex_options(L, 1, 2);
  t->s.r.sync = false;
  option_method(L, 2, "transform", "_transform");
  option_method(L, 2, "flush", "_flush");
  if (t->s.r.hwm == 0 && opt_push(L, 2, "writableHighWaterMark") == LUA_TNIL) t->s.w.hwm = 0;
  lua_settop(L, 2);
  lua_getfield(L, 1, "_final");
  if (lua_tocfunction(L, -1) != transform_final) {
    push_callback(L, 1, on_prefinish);
    emitter_on(L, 1, "prefinish", false);
  }
  return 0;
}

static const OptDef transform_options[] = {
  { "transform", "function", NULL, "The method _transform(self, chunk, encoding, callback)." },
  { "flush", "function", NULL, "The method _flush(self, callback), before the end." },
  { 0 }
};

static const FnDef transform_methods[] = {
  { "init", transform_init, FN_METHOD, "init(options: table?)",
    "The constructor; all options of a Duplex are taken, too.", transform_options, NULL, NULL },
  { "_write", transform_write, FN_METHOD, "_write(chunk: any, encoding: string?, callback: function)",
    "For the stream itself: hands the chunk to _transform.", NULL, NULL, NULL },
  { "_read", transform_read, FN_METHOD, "_read(size: integer)",
    "For the stream itself: there is room again.", NULL, NULL, NULL },
  { "_final", transform_final, FN_METHOD, "_final(callback: function?)",
    "For the stream itself: calls _flush and ends the reading side.", NULL, NULL, NULL },
  { 0 }
};

const ClassDef transform_class = {
  .name = "Transform", .base = &duplex_class, .alloc = transform_alloc, .init = transform_init,
  .methods = transform_methods,
  .doc = "A stream that changes what goes through it. Make one with Transform{ transform = "
         "function(self, chunk, encoding, callback) ... end } or with Transform:extend and a method "
         "_transform; callback(err, chunk) gives the output and asks for the next chunk.",
  .example = "local Transform = require(\"stream\").Transform\n"
             "local upper = Transform{ transform = function(self, chunk, enc, done)\n"
             "  done(nil, chunk:toString():upper()) end }\n"
             "upper:on(\"data\", function(d) print(d) end)\nupper:finish \"hi\""
};

static int pass_transform(lua_State *L) {
  (void)transform_self(L);
  lua_settop(L, 4);
  arg_function(L, 4, "callback");
  lua_pushnil(L);
  lua_pushvalue(L, 2);
  lua_call(L, 2, 0);
  return 0;
}

static const FnDef pass_methods[] = {
  { "_transform", pass_transform, FN_METHOD,
    "_transform(chunk: any, encoding: string?, callback: function)",
    "For the stream itself: hands the chunk on.", NULL, NULL, NULL },
  { 0 }
};

const ClassDef pass_through_class = {
  .name = "PassThrough", .base = &transform_class, .methods = pass_methods,
  .doc = "A Transform that changes nothing: to look at what passes, or to have a stream at hand before "
         "its source.",
  .example = "local p = require(\"stream\").PassThrough()\n"
             "p:on(\"data\", function(d) print(d) end)\np:finish \"through\""
};
