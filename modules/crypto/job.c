/* SPDX-License-Identifier: MIT */
/* job.c - work that takes its time: on the thread pool with a callback, or at once.
 *
 * A Job owns copies of all it needs. It belongs to a userdata until the pool has it, then to on_done. */
#include "parts.h"

#include <stdlib.h>
#include "core/error.h"
#include "core/handle.h"
#include "core/interrupt.h"
#include "core/trace.h"

static void job_free(void *p) {
  Job *job = p;
  if (job->release) job->release(job);
  free(job);
}

void *crypto_job_new(lua_State *L, size_t size) {
  Owned *owned = owned_new(L, job_free);
  Job *job = calloc(1, size);
  if (!job) luaL_error(L, "not enough memory");
  else job->rt = rt_of(L);
  owned->p = job;
  return job;
}

static void job_work(Job *job) {
  job->run(job);
  ssl_take(&job->errors); /* also what was left by a success */
}

/* (job) -> its results */
static int push_results(lua_State *L) {
  Job *job = lua_touserdata(L, 1);
  return job->push(L, job);
}

/* Body: tells the callback. */
static int job_deliver(lua_State *L) {
  Job *job = lua_touserdata(L, 1);
  rt_push_pinned(L, job->rt, job->callback);
  int callback = lua_gettop(L);
  lua_pushcfunction(L, push_results);
  lua_pushlightuserdata(L, job);
  if (lua_pcall(L, 1, LUA_MULTRET, 0) != LUA_OK) {
    if (interrupt_is(L, -1)) return lua_error(L);
    err_wrap(L, 1);
  } else {
    lua_pushnil(L);
    lua_insert(L, callback + 1);
  }
  lua_call(L, lua_gettop(L) - callback, 0);
  return 0;
}

static void on_work(uv_work_t *req) {
  Job *job = (Job *)req;
  trace_job_begin(&job->traced);
  job_work(job);
  trace_job_end(&job->traced);
}

static void on_done(uv_work_t *req, int status) {
  Job *job = (Job *)req;
  if (TRACING(job->rt)) trace_job_done(job->rt->trace, &job->traced);
  if (status == 0) (void)rt_enter(job->rt, job_deliver, job);
  rt_unpin(job->rt, job->callback);
  job_free(job);
}

int crypto_job_run(lua_State *L, Job *job, int callback, const char *name) {
  Owned *owned = lua_touserdata(L, -1);
  if (!callback) {
    if (TRACING(job->rt)) trace_inside(job->rt->trace, name);
    job_work(job);
    if (TRACING(job->rt)) trace_inside(job->rt->trace, NULL);
    int owner = lua_gettop(L), n = job->push(L, job);
    owned_drop(owned);
    lua_remove(L, owner);
    return n;
  }
  rt_check_open(L);
  lua_pushvalue(L, callback);
  job->callback = rt_pin(L);
  if (TRACING(job->rt)) trace_job_queue(job->rt->trace, &job->traced, "crypto");
  int err = uv_queue_work(&job->rt->loop, &job->req, on_work, on_done);
  if (err < 0) {
    if (TRACING(job->rt)) trace_job_done(job->rt->trace, &job->traced);
    rt_unpin(job->rt, job->callback);
    return err_raise_uv(L, err, "uv_queue_work");
  }
  owned->p = NULL;
  lua_pop(L, 1);
  return 0;
}
