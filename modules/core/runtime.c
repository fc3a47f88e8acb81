/* SPDX-License-Identifier: MIT */
/* runtime.c - birth, run and end of a Runtime. See runtime.h. */
#include "runtime.h"
#include "error.h"
#include "handle.h"
#include "interrupt.h"
#include "json.h"
#include "out.h"
#include "trace.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <lualib.h>

_Thread_local Runtime *rt_self;

static const char module_cache = 0;

/* ---- birth ---- */

/* Counts a change of the heap. Over the limit a new object is refused once, so that Lua collects fully and
 * tries again; when that does not help the memory is given after all, and the code that runs is stopped:
 * an error for want of memory might be caught. Only a leap to twice the limit is refused. With STRESS=1 the
 * collection has just been. */
static bool heap_admits(Runtime *rt, const void *block, size_t osize, size_t nsize) {
  size_t used = rt->heap_used - (block ? osize : 0) + nsize;
  bool grows = nsize > (block ? osize : 0), over = grows && used > rt->heap_limit;
  if (!over) {
    rt->heap_asked = rt->heap_asked && used > rt->heap_limit;
  } else if (!rt->heap_asked && !rt->stress && !block && osize >= LUA_TSTRING) {
    rt->heap_asked = true;
    return false;
  } else {
    rt->heap_over = true;
    interrupt_request(rt, INTR_TERMINATE);
    if (nsize > rt->heap_limit) return false;
  }
  rt->heap_used = used;
  return true;
}

void rt_limit_heap(Runtime *rt, size_t bytes) {
  rt->heap_used = (size_t)lua_gc(rt->L, LUA_GCCOUNT) * 1024 + (size_t)lua_gc(rt->L, LUA_GCCOUNTB);
  rt->heap_limit = bytes;
}

static void *change_block(Runtime *rt, void *block, size_t osize, size_t nsize) {
  if (rt->heap_limit && !heap_admits(rt, block, osize, nsize)) return NULL;
  if (nsize > 0) return realloc(block, nsize);
  free(block);
  return NULL;
}

#ifdef MOONFORK_STRESS
/* The first attempt at every new object fails (block NULL, osize its type), which makes Lua collect
 * fully and try again. Growth of buffers, which lauxlib does not retry, never fails. */
static void *rt_alloc(void *ud, void *block, size_t osize, size_t nsize) {
  Runtime *rt = ud;
  bool object = !block && nsize > 0 && osize >= LUA_TSTRING && osize <= LUA_TTHREAD + 2;
  if (object && rt->stress && (rt->stress_failed = !rt->stress_failed)) return NULL;
  return change_block(rt, block, osize, nsize);
}
#else
static void *rt_alloc(void *ud, void *block, size_t osize, size_t nsize) {
  return change_block(ud, block, osize, nsize);
}
#endif

static int rt_panic(lua_State *L) {
  const char *message = lua_tostring(L, -1);
  (void)dprintf(2, "moonfork: error outside a protected call: %s\n", message ? message : "(no text)");
  return 0; /* Lua aborts: one of our invariants is broken */
}

/* Lua's own warn("...") goes where its output goes; "@on" and "@off" as in stock Lua. */
static void rt_warn(void *ud, const char *message, int to_continue) {
  Runtime *rt = ud;
  if (!rt->warn_continues && !to_continue && *message == '@') {
    if (!strcmp(message, "@on")) rt->warn_on = true;
    if (!strcmp(message, "@off")) rt->warn_on = false;
    return;
  }
  if (rt->warn_on) (void)fprintf(out_file(2), "%s%s%s", rt->warn_continues ? "" : "Lua warning: ", message,
                                 to_continue ? "" : "\n");
  rt->warn_continues = to_continue;
}

/* An interrupt has come from a signal handler or another thread. */
static void on_wake(uv_async_t *async) {
  Runtime *rt = ((Handle *)async->data)->rt;
  if (rt->interrupt == INTR_TERMINATE) rt_terminate(rt);
}

typedef struct Wake {
  Handle base;
  uv_async_t uv;
} Wake;

static bool rt_open_wake(Runtime *rt) {
  Wake *w = handle_new_internal(rt, sizeof *w);
  if (!w) return false;
  if (uv_async_init(&rt->loop, &w->uv, on_wake) != 0) {
    free(w);
    return false;
  }
  handle_opened(&w->base, (uv_handle_t *)&w->uv);
  uv_unref((uv_handle_t *)&w->uv);
  rt->wake = &w->uv;
  return true;
}

/* Protected: everything that a fresh state needs and that may run out of memory. */
static int rt_boot(lua_State *L) {
  Runtime *rt = rt_of(L);
  luaL_openlibs(L);
  lua_createtable(L, 8, 0);
  lua_pushinteger(L, 0);
  lua_rawseti(L, -2, 1); /* the list of free pins, see handle.c */
  rt->pins = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_newtable(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &module_cache);
  json_open(L);
  err_open(L);
  interrupt_open(L);
  return 0;
}

Runtime *rt_new(const ModuleDef *const *modules) {
  Runtime *rt = calloc(1, sizeof *rt);
  if (!rt) return NULL;
  static const Settings plain = { .argv0 = "moonfork" };
  rt->modules = modules;
  rt->settings = &plain;
  rt->ticks = rt->micro = (CallQueue){ LUA_NOREF, 1, 1 };
  rt->started = uv_hrtime();
  rt->thread = pthread_self();
  list_init(&rt->handles);
  if (uv_loop_init(&rt->loop) != 0) goto no_loop;
  rt->L = lua_newstate(rt_alloc, rt);
  if (!rt->L) goto no_state;
  *(Runtime **)lua_getextraspace(rt->L) = rt;
  (void)lua_atpanic(rt->L, rt_panic);
  lua_setwarnf(rt->L, rt_warn, rt);
  lua_pushcfunction(rt->L, rt_boot);
  if (lua_pcall(rt->L, 0, 0, 0) != LUA_OK) goto no_boot;
  if (!rt_open_wake(rt)) goto no_boot;
  rt_self = rt;
#ifdef MOONFORK_STRESS
  rt->stress = true;
#endif
  return rt;

no_boot:
  lua_close(rt->L);
no_state:
  (void)uv_loop_close(&rt->loop);
no_loop:
  free(rt);
  return NULL;
}

void rt_check_open(lua_State *L) {
  if (rt_of(L)->stopping)
    err_raise(L, NULL, "ERR_RUNTIME_STOPPED", "the program is ending: nothing can be opened any more");
}

/* ---- modules and their state ---- */

void *rt_data(lua_State *L, const void *key, size_t size) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, key) != LUA_TUSERDATA) {
    lua_pop(L, 1);
    memset(lua_newuserdatauv(L, size, 0), 0, size);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, key);
  }
  void *data = lua_touserdata(L, -1);
  lua_pop(L, 1); /* the registry holds it */
  return data;
}

const ModuleDef *rt_find_module(Runtime *rt, const char *name) {
  if (!strncmp(name, "node:", 5)) name += 5;
  for (const ModuleDef *const *m = rt->modules; *m; m++)
    if (!strcmp((*m)->name, name)) return *m;
  return NULL;
}

/* Pushes the module's value: a table of its functions and classes, which open may replace. [+1] */
static void module_open(lua_State *L, const ModuleDef *m) {
  lua_newtable(L);
  class_set_functions(L, m->functions);
  for (const ClassDef *const *c = m->classes; c && *c; c++) {
    class_push(L, *c);
    lua_setfield(L, -2, (*c)->name);
  }
  if (!m->open) return;
  lua_pushcfunction(L, m->open);
  lua_insert(L, -2);
  lua_call(L, 1, 1);
}

bool rt_require_builtin(lua_State *L, const char *name) {
  const ModuleDef *m = rt_find_module(rt_of(L), name);
  if (!m) return false;
  luaL_checkstack(L, 8, "require");
  lua_rawgetp(L, LUA_REGISTRYINDEX, &module_cache);
  if (lua_getfield(L, -1, m->name) == LUA_TNIL) {
    lua_pop(L, 1);
    module_open(L, m);
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, m->name);
  }
  lua_remove(L, -2);
  return true;
}

/* ---- run ---- */

void rt_run(Runtime *rt) {
  if (!rt->leaving && TRACING(rt)) trace_add(rt->trace, TRACE_PROC_READY, (TraceArgs){ { 0 } }, "loop", NULL);
  while (!rt->leaving) {
    (void)uv_run(&rt->loop, UV_RUN_DEFAULT);
    if (rt->leaving || uv_loop_alive(&rt->loop)) continue;
    if (rt->on_before_exit) rt->on_before_exit(rt);
    if (!uv_loop_alive(&rt->loop)) break;
  }
}

/* ---- end ---- */

static void rt_leave(Runtime *rt) {
  rt->leaving = true;
  uv_stop(&rt->loop);
}

void rt_terminate(Runtime *rt) {
  if (rt->leaving) return;
  rt->exiting = true;
  rt->exit_code = EXIT_UNCAUGHT;
  rt->exit_code_set = true;
  rt_leave(rt);
}

static int exit_body(lua_State *L) {
  Runtime *rt = rt_of(L);
  rt->on_exit(rt, L);
  return 0;
}

/* Runs `exit` listeners, once, on L. False: one raised and the error is on top. [+0|1] */
static bool rt_announce_exit(Runtime *rt, lua_State *L) {
  if (rt->exiting) return true;
  rt->exiting = true;
  if (!rt->on_exit || !lua_checkstack(L, 8)) return true;
  int top = lua_gettop(L);
  lua_State *outer = rt->running;
  rt->running = L;
  if (rt->interrupt) interrupt_entering(rt);
  lua_pushcfunction(L, rt_traceback);
  lua_pushcfunction(L, exit_body);
  bool ok = lua_pcall(L, 0, 0, top + 1) == LUA_OK;
  lua_remove(L, top + 1);
  rt->running = outer;
  if (rt->interrupt == INTR_TERMINATE) rt_terminate(rt);
  return ok;
}

int rt_exit(lua_State *L, int64_t code) {
  Runtime *rt = rt_of(L);
  rt->exit_code = code;
  rt->exit_code_set = true;
  if (!rt_announce_exit(rt, L)) rt_uncaught(rt, L, "uncaughtException");
  rt_leave(rt);
  return interrupt_raise(L, INTR_EXIT);
}

/* Tells of the error on top, on stderr when nobody else does. [-1] */
static void rt_print_report(Runtime *rt, lua_State *L) {
  if (rt->hooks.report) {
    rt->hooks.report(rt, L, lua_gettop(L));
    lua_pop(L, 1);
    return;
  }
  lua_pushcfunction(L, rt_report);
  lua_insert(L, -2);
  if (lua_pcall(L, 1, 1, 0) == LUA_OK) {
    size_t len;
    const char *text = lua_tolstring(L, -1, &len);
    (void)out_write(2, text, len);
  }
  lua_pop(L, 1);
}

/* The code is 1 whatever process.exitCode was, unless a listener of `exit` sets another; an error in
 * such a listener keeps what is set. */
void rt_die(Runtime *rt, lua_State *L) {
  if (!rt->exiting || !rt->exit_code_set) rt->exit_code = EXIT_UNCAUGHT;
  rt->exit_code_set = true;
  if (!rt_announce_exit(rt, L)) lua_pop(L, 1); /* the first error is the one that is told */
  rt_leave(rt);
  rt_print_report(rt, L);
}

void rt_die_at_once(Runtime *rt, lua_State *L, int code) {
  if (rt->on_fatal) rt->on_fatal(L);
  rt->exiting = true;
  rt->exit_code = code;
  rt->exit_code_set = true;
  rt_leave(rt);
  rt_print_report(rt, L);
}

int rt_report(lua_State *L) {
  err_push_report(L, 1);
  lua_pushliteral(L, "\n");
  lua_concat(L, 2);
  return 1;
}

int64_t rt_end(Runtime *rt) {
  if (!rt_announce_exit(rt, rt->L)) rt_uncaught(rt, rt->L, "uncaughtException");
  rt->leaving = true;
  rt->stopping = true;
  out_flush();
  if (rt->on_stopping) rt->on_stopping(rt);
  handle_close_all(rt);
  (void)uv_run(&rt->loop, UV_RUN_DEFAULT); /* requests under way end with UV_ECANCELED */
  lua_close(rt->L);
  while (uv_loop_close(&rt->loop) == UV_EBUSY) (void)uv_run(&rt->loop, UV_RUN_ONCE);
  out_flush();
  int64_t code = rt->exit_code;
  trace_close(rt);
  if (rt_self == rt) rt_self = NULL;
  free(rt);
  return code;
}
