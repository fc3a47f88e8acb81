/* SPDX-License-Identifier: MIT */
/* thread.c - see thread.h. This file runs on the new thread, but for thread_new, _start, _stop and _wait.
 *
 * Life: a runtime is made and can be stopped from then on; the state is furnished and the code run as the
 * main chunk of any script; when the runtime ends it cannot be reached any more, and when it is gone the
 * exit code is posted, as the last message. */
#include "thread.h"
#include "control.h"
#include "station.h"
#include "../core/error.h"
#include "../core/interrupt.h"
#include "../core/json.h"
#include "../core/out.h"
#include "../core/source.h"
#include "../core/trace.h"
#include "../main_chunk.h"
#include "../messaging/port.h"
#include "../module.h"
#include "../portable.h"
#include "../process/process.h"

#include <lualib.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_NAME "=[worker eval]"

enum { LEAST_STACK = 256 * 1024 };

static const char thread_key = 0, port_key = 0, data_key = 0, environment_key = 0;

/* ---- shared ---- */

Thread *thread_new(End **port, End **control) {
  static _Atomic uint32_t last;
  Thread *t = calloc(1, sizeof *t);
  if (!t) return NULL;
  if (!end_pair(port, &t->port, true)) goto no_port;
  if (!end_pair(control, &t->control, false)) goto no_control;
  if (uv_mutex_init(&t->lock) != 0) goto no_lock;
  if (uv_cond_init(&t->ended) != 0) goto no_cond;
  t->refs = 1;
  t->number = ++last;
  strbuf_init(&t->plan.code);
  strbuf_init(&t->plan.words);
  return t;

no_cond:
  uv_mutex_destroy(&t->lock);
no_lock:
  end_close(*control);
  end_close(t->control);
no_control:
  end_close(*port);
  end_close(t->port);
no_port:
  free(t);
  return NULL;
}

void thread_unref(Thread *t) {
  if (!t || atomic_fetch_sub(&t->refs, 1) != 1) return;
  end_close(t->port);
  end_close(t->control);
  strbuf_free(&t->plan.code);
  strbuf_free(&t->plan.words);
  free(t->plan.lists);
  message_free(t->plan.data);
  message_free(t->plan.env);
  message_free(t->plan.environment);
  uv_cond_destroy(&t->ended);
  uv_mutex_destroy(&t->lock);
  free(t);
}

const char *thread_file(const Thread *t) { return t->plan.form == THREAD_FILE ? t->plan.code.p : "[code]"; }

void thread_stop(Thread *t) {
  uv_mutex_lock(&t->lock);
  t->stop = true;
  if (t->rt) interrupt_thread(t->rt, INTR_TERMINATE);
  uv_mutex_unlock(&t->lock);
}

bool thread_wait(Thread *t, uint64_t ms) {
  uint64_t end = uv_hrtime() + ms * 1000000, now;
  uv_mutex_lock(&t->lock);
  while (!t->over && (now = uv_hrtime()) < end) (void)uv_cond_timedwait(&t->ended, &t->lock, end - now);
  bool over = t->over;
  uv_mutex_unlock(&t->lock);
  if (over) (void)uv_thread_join(&t->id);
  return over;
}

Thread *thread_of(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &thread_key);
  Thread *t = lua_touserdata(L, -1);
  lua_pop(L, 1);
  return t;
}

void thread_push_port(lua_State *L) { lua_rawgetp(L, LUA_REGISTRYINDEX, &port_key); }
void thread_push_data(lua_State *L) { lua_rawgetp(L, LUA_REGISTRYINDEX, &data_key); }

void thread_push_environment(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &environment_key) == LUA_TTABLE) return;
  lua_pop(L, 1);
  lua_newtable(L);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &environment_key);
}

/* ---- to the parent ---- */

static void post(Thread *t, int kind, const void *bytes, size_t len) {
  Message *m = message_new(kind, bytes, len);
  if (m) end_post(t->control, m); /* else memory is out everywhere */
}

/* OutHook: where print, console.log and process.stdout of this thread end up. */
static void write_output(void *ctx, int fd, const char *data, size_t len) {
  Thread *t = ctx;
  if (t->forward[fd] || out_hooked()) post(t, fd == 1 ? CONTROL_OUT : CONTROL_ERR, data, len);
  else (void)out_write_thread(fd, data, len); /* nobody reads any more: the main thread will find out */
}

/* Pushes the scripts' own fields of the Error at 1: those that are values. [+1] */
static void push_own_fields(lua_State *L) {
  lua_newtable(L);
  for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1)) {
    int type = lua_type(L, -1);
    if (lua_type(L, -2) != LUA_TSTRING || (type != LUA_TSTRING && type != LUA_TNUMBER && type != LUA_TBOOLEAN))
      continue;
    lua_pushvalue(L, -2);
    lua_pushvalue(L, -2);
    lua_rawset(L, -5);
  }
}

static int pack_error(lua_State *L) { /* (value, thread) */
  Thread *t = lua_touserdata(L, 2);
  lua_createtable(L, 2, 0);
  lua_pushvalue(L, 1);
  lua_rawseti(L, -2, 1);
  if (err_is(L, 1) && lua_istable(L, 1)) {
    push_own_fields(L);
    lua_rawseti(L, -2, 2);
  }
  Message *m = message_pack(L, -1, 0, 0);
  m->kind = CONTROL_ERROR;
  end_post(t->control, m);
  return 0;
}

/* The same with no more than the text of what cannot be cloned. */
static int pack_text(lua_State *L) {
  err_push(L, NULL, NULL, "%s", luaL_tolstring(L, 1, NULL));
  lua_replace(L, 1);
  lua_settop(L, 2);
  return pack_error(L);
}

static bool try_pack(lua_State *L, lua_CFunction pack, int idx) {
  lua_pushcfunction(L, pack);
  lua_pushvalue(L, idx);
  lua_pushlightuserdata(L, thread_of(L));
  if (lua_pcall(L, 2, 0, 0) == LUA_OK) return true;
  lua_pop(L, 1);
  return false;
}

/* The error at idx ends this thread. Whoever is terminated tells nothing any more. */
static void report(Runtime *rt, lua_State *L, int idx) {
  if (rt->interrupt == INTR_TERMINATE || !lua_checkstack(L, 10)) return;
  if (!try_pack(L, pack_error, idx)) (void)try_pack(L, pack_text, idx);
}

/* ---- furnishing the state ---- */

static int thread_print(lua_State *L) {
  FILE *out = out_file(1);
  int n = lua_gettop(L);
  for (int i = 1; i <= n; i++) {
    size_t len;
    const char *s = luaL_tolstring(L, i, &len);
    if (i > 1) (void)fputc('\t', out);
    (void)fwrite(s, 1, len, out);
    lua_pop(L, 1);
  }
  (void)fputc('\n', out);
  return 0;
}

static void set_file(lua_State *L, const char *name, FILE *file) {
  lua_getfield(L, -1, name);
  luaL_Stream *stream = luaL_testudata(L, -1, LUA_FILEHANDLE);
  if (stream) stream->f = file;
  lua_pop(L, 1);
}

/* print, io.write and io.stderr of this state write where the thread writes; io.read has nothing. */
static void open_output(lua_State *L) {
  lua_pushcfunction(L, thread_print);
  lua_setglobal(L, "print");
  lua_getglobal(L, "io");
  set_file(L, "stdin", out_file(0));
  set_file(L, "stdout", out_file(1));
  set_file(L, "stderr", out_file(2));
  lua_pop(L, 1);
}

/* Pushes the message's value and stores it in the registry. [0] */
static void keep_value(lua_State *L, Message *m, const char *key) {
  if (!m) return;
  message_unpack(L, m);
  lua_rawsetp(L, LUA_REGISTRYINDEX, key);
}

static int furnish_body(lua_State *L) {
  Thread *t = lua_touserdata(L, 1);
  ThreadPlan *plan = &t->plan;
  End *end = t->port;
  lua_pushlightuserdata(L, t);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &thread_key);
  open_output(L);
  module_install(L, plan->globals);
  main_chunk_set_arg(L, &plan->settings, plan->settings.script);
  if (plan->env) {
    message_unpack(L, plan->env);
    process_set_env(L);
  }
  lua_getglobal(L, "os");
  lua_pushcfunction(L, process_getenv);
  lua_setfield(L, -2, "getenv");
  lua_pop(L, 1);
  t->port = NULL;
  port_push_parent(L, end);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &port_key);
  keep_value(L, plan->data, &data_key);
  keep_value(L, plan->environment, &environment_key);
  control_open(L, t);
  station_open(L);
  return 0;
}

/* ---- the code ---- */

static void push_file(lua_State *L, const char *path) {
  if (!module_find_file(L, path))
    err_raise(L, NULL, "MODULE_NOT_FOUND", "Cannot find module '%s'", path);
  module_load_file(L, lua_tostring(L, -1));
}

static int run_body(lua_State *L) {
  const ThreadPlan *plan = &((Thread *)lua_touserdata(L, 1))->plan;
  lua_settop(L, 0);
  if (plan->form == THREAD_FILE) {
    push_file(L, plan->code.p);
  } else if (plan->form == THREAD_FUNCTION) {
    portable_load(L, plan->code.p, plan->code.len);
  } else {
    source_add_text(L, TEXT_NAME, plan->code.p, plan->code.len);
    module_load_text(L, TEXT_NAME, plan->code.p, plan->code.len);
  }
  main_chunk_call(L, &plan->settings);
  if (plan->form == THREAD_FILE) main_chunk_keep(L, lua_tostring(L, 1));
  return 0;
}

/* ---- life ---- */

/* Signals are the main thread's; SIGURG stops us, and faults of the program are not hidden. */
static void block_signals(void) {
  static const int open[] = { SIGURG, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS, SIGPROF };
  sigset_t set;
  (void)sigfillset(&set);
  for (size_t i = 0; i < sizeof open / sizeof *open; i++) (void)sigdelset(&set, open[i]);
  (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/* on_stopping: nobody may reach the runtime from here on. */
static void unreachable(Runtime *rt) {
  Thread *t = thread_of(rt->L);
  if (t) {
    uv_mutex_lock(&t->lock);
    t->rt = NULL;
    uv_mutex_unlock(&t->lock);
  }
  workers_end(rt);
}

static Runtime *birth(Thread *t) {
  Runtime *rt = rt_new(t->plan.modules);
  if (!rt) return NULL;
  rt->thread_id = t->number;
  rt->started_by = t->by;
  rt->settings = &t->plan.settings;
  rt->inspect = t->plan.inspect;
  rt->hooks.report = report;
  rt->on_stopping = unreachable;
  rt->on_traced = t->plan.on_traced;
  trace_open(rt, "thread", thread_file(t));
  uv_mutex_lock(&t->lock);
  t->rt = rt;
  if (t->stop) rt->interrupt = INTR_TERMINATE;
  uv_mutex_unlock(&t->lock);
  return rt;
}

static int64_t live(Thread *t, Runtime *rt) {
  if (rt->interrupt) {
    rt_terminate(rt);
  } else if (rt_enter(rt, furnish_body, t)) {
    post(t, CONTROL_ONLINE, NULL, 0);
    if (t->plan.limits.old > 0) rt_limit_heap(rt, (size_t)(t->plan.limits.old * 1048576));
    (void)rt_enter(rt, run_body, t);
  }
  main_chunk_finish(rt);
  if (rt->heap_over) post(t, CONTROL_MEMORY, NULL, 0);
  rt->heap_limit = 0; /* what ends now may take what it needs */
  return rt_end(rt);
}

static void thread_main(void *arg) {
  Thread *t = arg;
  int64_t code = EXIT_UNCAUGHT;
  block_signals();
  if (out_open_thread(write_output, t)) {
    Runtime *rt = birth(t);
    if (rt) code = live(t, rt);
    out_close_thread();
  }
  post(t, CONTROL_EXIT, &code, sizeof code);
  uv_mutex_lock(&t->lock);
  t->over = true;
  uv_cond_signal(&t->ended);
  uv_mutex_unlock(&t->lock);
  thread_unref(t);
}

int thread_start(Thread *t) {
  double bytes = t->plan.limits.stack * 1048576;
  uv_thread_options_t options = { .flags = UV_THREAD_HAS_STACK_SIZE,
                                  .stack_size = bytes > LEAST_STACK ? (size_t)bytes : LEAST_STACK };
  interrupt_take_urgent(rt_self);
  (void)atomic_fetch_add(&t->refs, 1);
  int err = uv_thread_create_ex(&t->id, &options, thread_main, t);
  if (err < 0) (void)atomic_fetch_sub(&t->refs, 1);
  return err;
}
