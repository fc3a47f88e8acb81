/* SPDX-License-Identifier: MIT */
/* job.c - see job.h. */
#include "job.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../buffer/buffer.h"
#include "../core/error.h"
#include "../core/handle.h"
#include "../core/opts.h"
#include "../core/trace.h"
#include "../events/abort.h"
#include "../promise/promise.h"
#include "file_handle.h"

static const char job_key = 0, sync_key = 0; /* registry: metatable of Jobs, the Job of Sync forms */

/* ---- life ---- */

/* Lets go of what the job owns; again is harmless. */
static void job_dispose(Job *job) {
  if (job->store) store_unref(job->store);
  job->store = NULL;
  free(job->bufs);
  job->bufs = NULL;
  strbuf_free(&job->told);
  strbuf_free(&job->out);
  if (job->new_fd >= 0) (void)close(job->new_fd); /* nobody has got it */
  job->new_fd = -1;
}

static int job_gc(lua_State *L) {
  job_dispose(lua_touserdata(L, 1));
  return 0;
}

static void push_meta(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &job_key) != LUA_TNIL) return;
  lua_pop(L, 1);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, job_gc);
  lua_setfield(L, -2, "__gc");
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &job_key);
}

/* Pushes a Job for the form, with nothing in it. [+1] */
static Job *job_push(lua_State *L, Form form) {
  if (form == FORM_SYNC) {
    (void)lua_rawgetp(L, LUA_REGISTRYINDEX, &sync_key);
    Job *job = lua_touserdata(L, -1);
    if (job && job->spare) return job;
    lua_pop(L, 1);
  }
  Job *job = lua_newuserdatauv(L, sizeof *job, KEEP_COUNT);
  memset(job, 0, sizeof *job);
  job->new_fd = -1;
  push_meta(L);
  lua_setmetatable(L, -2);
  if (form == FORM_SYNC) {
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &sync_key);
  }
  return job;
}

/* The Sync form has ended well: its Job, at job->at, may be used again. */
static void job_put_back(lua_State *L, Job *job) {
  job_dispose(job);
  for (int i = 1; i <= KEEP_COUNT; i++) {
    lua_pushnil(L);
    lua_setiuservalue(L, job->at, i);
  }
  job->spare = true;
}

static Job *job_make(lua_State *L, const Op *op, Form form) {
  Job *job = job_push(L, form);
  memset(job, 0, sizeof *job);
  job->rt = rt_of(L);
  job->op = op;
  job->form = form;
  job->at = lua_gettop(L);
  job->fd = job->new_fd = -1;
  job->position = -1;
  strbuf_init(&job->told);
  strbuf_init(&job->out);
  return job;
}

Job *job_new(lua_State *L, const Op *op, int (*deliver)(lua_State *L, Job *job)) {
  luaL_checkstack(L, 12, "fs");
  Job *job = job_make(L, op, FORM_OWN);
  job->deliver = deliver;
  return job;
}

void job_keep(lua_State *L, Job *job, int idx, int slot) {
  lua_pushvalue(L, idx);
  lua_setiuservalue(L, job->at, slot);
}

/* ---- failing ---- */

void job_fail(Job *job, int err, const char *syscall, const char *path, const char *dest) {
  job->err = err;
  job->syscall = syscall;
  job->err_path = path;
  job->err_dest = dest;
}

void job_fail_at(Job *job, int err, const char *syscall, const char *path, const char *dest) {
  strbuf_clear(&job->told);
  strbuf_add(&job->told, path, strlen(path) + 1);
  size_t second = job->told.len;
  if (dest) strbuf_add(&job->told, dest, strlen(dest) + 1);
  if (job->told.failed) job_fail(job, UV_ENOMEM, syscall, NULL, NULL);
  else job_fail(job, err, syscall, job->told.p, dest ? job->told.p + second : NULL);
}

static void set_string(lua_State *L, const char *key, const char *s) {
  lua_pushstring(L, s);
  lua_setfield(L, -2, key);
}

static void set_integer(lua_State *L, const char *key, lua_Integer n) {
  lua_pushinteger(L, n);
  lua_setfield(L, -2, key);
}

static int push_system_error(lua_State *L, const Job *job) {
  const char *name = uv_err_name(job->err);
  luaL_checkstack(L, 12, "fs");
  err_push(L, NULL, job->err_code, "%s: %s returned %s (%s) %s", job->err_title, job->op->name, name,
           job->err_dest, job->err_path);
  set_string(L, "name", "SystemError");
  for (int info = 0; info < 2; info++) { /* the fields twice: of the error, and of its info */
    if (info) lua_createtable(L, 0, 5);
    if (info) set_string(L, "code", name);
    if (info) set_string(L, "message", job->err_dest);
    set_integer(L, "errno", -job->err);
    set_string(L, "syscall", job->op->name);
    set_string(L, "path", job->err_path);
  }
  lua_setfield(L, -2, "info");
  luaL_tolstring(L, -1, NULL);
  err_push_stack(L, L, 1);
  lua_concat(L, 2);
  lua_setfield(L, -2, "stack");
  return 1;
}

void job_fail_system(Job *job, int err, const char *code, const char *title, const char *path,
                     const char *detail) {
  job_fail_at(job, err, job->op->name, path, detail);
  job->err_code = code;
  job->err_title = title;
  if (job->err == err) job->push_error = push_system_error;
}

bool job_check(Job *job, int result, const char *syscall, const char *path, const char *dest) {
  if (result >= 0) return true;
  job_fail(job, -errno, syscall, path, dest); /* uv statuses are negated errnos here */
  return false;
}

void job_push_error(lua_State *L, const Job *job) {
  if (job->push_error) (void)job->push_error(L, job);
  else err_push_path(L, job->err, job->syscall, job->err_path, job->err_dest);
}

/* ---- running in the pool ---- */

static int job_push_results(lua_State *L, Job *job) { return job->op->push ? job->op->push(L, job) : 0; }

/* Pushes what went wrong; false: nothing did. [+1|0] */
static bool push_failure(lua_State *L, Job *job) {
  if (job->signal) {
    lua_getiuservalue(L, job->at, KEEP_SIGNAL);
    if (signal_aborted(L, lua_gettop(L))) {
      signal_push_error(L, lua_gettop(L));
      lua_remove(L, -2);
      return true;
    }
    lua_pop(L, 1);
  }
  if (job->err) job_push_error(L, job);
  return job->err != 0;
}

static int deliver_promise(lua_State *L, Job *job) {
  if (push_failure(L, job)) {
    promise_reject(L, 3);
    return 0;
  }
  if (job_push_results(L, job) == 0) lua_pushnil(L);
  promise_resolve(L, 3);
  return 0;
}

static int deliver_callback(lua_State *L, Job *job) {
  int n = 0;
  lua_pushvalue(L, 3);
  if (!push_failure(L, job)) {
    lua_pushnil(L);
    n = job_push_results(L, job);
  }
  lua_call(L, n + 1, 0);
  return 0;
}

/* Body: the job is done. */
static int job_deliver(lua_State *L) {
  Job *job = lua_touserdata(L, 1);
  rt_push_pinned(L, job->rt, job->pin);
  job->at = 2;
  if (job->handle) file_handle_release(L, job->handle);
  lua_getiuservalue(L, 2, KEEP_TARGET);
  switch (job->form) {
  case FORM_PROMISE: return deliver_promise(L, job);
  case FORM_CALLBACK: return deliver_callback(L, job);
  default: return job->deliver(L, job);
  }
}

static void on_work(uv_work_t *work) {
  Job *job = work->data;
  trace_job_begin(&job->traced);
  if (!job->skip) job->op->run(job);
  trace_job_end(&job->traced);
}

static void on_done(uv_work_t *work, int status) {
  Job *job = work->data;
  if (TRACING(job->rt)) trace_job_done(job->rt->trace, &job->traced);
  if (status < 0) job_fail(job, status, job->op->name, job->path, job->dest);
  (void)rt_enter(job->rt, job_deliver, job);
  job_dispose(job);
  rt_unpin(job->rt, job->pin);
}

void job_start(lua_State *L, Job *job) {
  rt_check_open(L);
  lua_pushvalue(L, job->at);
  job->pin = rt_pin(L);
  job->work.data = job;
  if (TRACING(job->rt)) trace_job_queue(job->rt->trace, &job->traced, "fs");
  (void)uv_queue_work(&job->rt->loop, &job->work, on_work, on_done); /* fails only without on_work */
  if (job->handle) file_handle_retain(job->handle);
}

/* ---- the three forms ---- */

/* Moves the callback behind all arguments, to most + 1. */
static void place_callback(lua_State *L, const Op *op) {
  int at = op->least + 1;
  while (at <= op->most && !lua_isfunction(L, at)) at++;
  if (!arg_is_callable(L, at)) err_arg_type(L, at, "cb", "of type function");
  lua_settop(L, at);
  for (; at <= op->most; at++) {
    lua_pushnil(L);
    lua_insert(L, at);
  }
}

/* Pushes the Job with its arguments read. most + 1: the callback, the promise, nil. [+1] */
static Job *job_prepare(lua_State *L, const Op *op, Form form) {
  Job *job = job_make(L, op, form);
  op->parse(L, job);
  lua_settop(L, job->at);
  return job;
}

int op_callback(lua_State *L, const Op *op) {
  luaL_checkstack(L, 20, "fs");
  place_callback(L, op);
  Job *job = job_prepare(L, op, FORM_CALLBACK);
  job_keep(L, job, op->most + 1, KEEP_TARGET);
  job_start(L, job);
  return 0;
}

/* upvalue: the Op */
static int promise_body(lua_State *L) {
  const Op *op = lua_touserdata(L, lua_upvalueindex(1));
  lua_settop(L, op->most + 1);
  Job *job = job_prepare(L, op, FORM_PROMISE);
  promise_new(L);
  job_keep(L, job, job->at + 1, KEEP_TARGET);
  job_start(L, job);
  return 1;
}

/* Wrong arguments reject the promise. */
int op_promise(lua_State *L, const Op *op) {
  luaL_checkstack(L, 20, "fs");
  lua_settop(L, op->most);
  lua_pushcfunction(L, rt_traceback);
  lua_insert(L, 1);
  lua_pushlightuserdata(L, (void *)op);
  lua_pushcclosure(L, promise_body, 1);
  lua_insert(L, 2);
  if (lua_pcall(L, op->most, 1, 1) != LUA_OK) promise_rejected(L);
  return 1;
}

int op_sync(lua_State *L, const Op *op) {
  luaL_checkstack(L, 20, "fs");
  lua_settop(L, op->most + 1);
  Job *job = job_prepare(L, op, FORM_SYNC);
  Trace *trace = rt_of(L)->trace;
  if (TRACING(rt_of(L))) trace_inside(trace, lua_pushfstring(L, "%sSync", op->name)), lua_pop(L, 1);
  op->run(job);
  if (TRACING(rt_of(L))) trace_inside(trace, NULL);
  if (job->err) {
    job_push_error(L, job);
    return lua_error(L);
  }
  int n = job_push_results(L, job);
  job_put_back(L, job);
  lua_settop(L, job->at + 1); /* the first result only: read also tells its Buffer to callbacks */
  return n > 0 ? 1 : 0;
}
