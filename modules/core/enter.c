/* SPDX-License-Identifier: MIT */
/* enter.c - the one way into Lua, the queues of ticks and microtasks, and where uncaught errors go.
 *
 * rt_enter pushes the message handler, the body and its event and calls them protected. When the
 * outermost entry returns, ticks run to the last, then microtasks to the last, and again, as Node's
 * processTicksAndRejections does; then rejections that nobody took are reported. */
#include "runtime.h"
#include "error.h"
#include "handle.h"
#include "interrupt.h"
#include "out.h"
#include "trace.h"

#include <stdio.h>
#include <unistd.h>

/* ---- queues: registry table of nargs, fn, args..., nargs, fn, ... ---- */

/* Appends fn and its nargs arguments, which are on top. [-(nargs+1), +0] */
static void queue_push(lua_State *L, CallQueue *q, int nargs) {
  int base = lua_gettop(L) - nargs;
  luaL_checkstack(L, 4, "queue");
  if (q->table_ref == LUA_NOREF) {
    lua_createtable(L, 32, 0);
    q->table_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  }
  lua_rawgeti(L, LUA_REGISTRYINDEX, q->table_ref);
  lua_pushinteger(L, nargs);
  lua_rawseti(L, -2, q->tail);
  for (int i = 0; i <= nargs; i++) {
    lua_pushvalue(L, base + i);
    lua_rawseti(L, -2, q->tail + 1 + i);
  }
  q->tail += nargs + 2; /* only now: a failed append leaves nothing half done */
  lua_settop(L, base - 1);
}

static bool queue_empty(const CallQueue *q) { return q->head == q->tail; }

/* Takes the first call off and calls it. The queue's table is at index t. */
static void queue_call_first(lua_State *L, CallQueue *q, int t) {
  lua_rawgeti(L, t, q->head);
  int nargs = (int)lua_tointeger(L, -1);
  lua_pop(L, 1);
  luaL_checkstack(L, nargs + 4, "queue");
  for (int i = 0; i <= nargs + 1; i++) {
    if (i > 0) lua_rawgeti(L, t, q->head + i);
    lua_pushnil(L);
    lua_rawseti(L, t, q->head + i);
  }
  q->head += nargs + 2;
  if (queue_empty(q)) q->head = q->tail = 1;
  lua_call(L, nargs, 0);
}

/* Body: runs the queue at ev to its end. An error leaves the rest for the next call. */
static int queue_run(lua_State *L) {
  CallQueue *q = lua_touserdata(L, 1);
  Runtime *rt = rt_of(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, q->table_ref);
  while (!queue_empty(q) && !rt->leaving) queue_call_first(L, q, 2);
  return 0;
}

void rt_next_tick(lua_State *L, int nargs) { queue_push(L, &rt_of(L)->ticks, nargs); }
void rt_microtask(lua_State *L, int nargs) { queue_push(L, &rt_of(L)->micro, nargs); }

/* ---- entering ---- */

/* Calls body protected on L. On failure the error is on top of L. [+0|1] */
static bool call_protected(lua_State *L, lua_CFunction body, void *ev) {
  int top = lua_gettop(L);
  if (!lua_checkstack(L, 8)) return false;
  lua_pushcfunction(L, rt_traceback);
  lua_pushcfunction(L, body);
  lua_pushlightuserdata(L, ev);
  bool ok = lua_pcall(L, 1, 0, top + 1) == LUA_OK;
  lua_remove(L, top + 1);
  return ok;
}

/* Takes the first call off without calling it. */
static int queue_drop(lua_State *L) {
  CallQueue *q = lua_touserdata(L, 1);
  lua_rawgeti(L, LUA_REGISTRYINDEX, q->table_ref);
  lua_rawgeti(L, 2, q->head);
  q->head += lua_tointeger(L, -1) + 2;
  if (queue_empty(q)) q->head = q->tail = 1;
  return 0;
}

/* An interrupt may stop queue_run before it has taken the next call off: a call that queues itself again
 * for ever would never end. */
static void queue_interrupted(Runtime *rt, CallQueue *q, lua_Integer head) {
  if (rt->interrupt == INTR_TERMINATE) rt_terminate(rt);
  if (rt->interrupt != INTR_SIGINT) return;
  interrupt_clear(rt);
  if (q->head == head && !queue_empty(q)) (void)call_protected(rt->L, queue_drop, q);
}

static void run_queue(Runtime *rt, CallQueue *q) {
  while (!queue_empty(q) && !rt->leaving) {
    lua_Integer head = q->head;
    if (call_protected(rt->L, queue_run, q)) continue;
    rt_uncaught(rt, rt->L, "uncaughtException");
    if (rt->interrupt) queue_interrupted(rt, q, head);
  }
}

static int rejections_body(lua_State *L) {
  Runtime *rt = rt_of(L);
  rt->on_rejections(rt, L);
  return 0;
}

void rt_drain(Runtime *rt) {
  do {
    while (!rt->leaving && (!queue_empty(&rt->ticks) || !queue_empty(&rt->micro))) {
      run_queue(rt, &rt->ticks);
      run_queue(rt, &rt->micro);
    }
    if (rt->on_rejections && !rt->leaving && !call_protected(rt->L, rejections_body, NULL))
      rt_uncaught(rt, rt->L, "unhandledRejection");
  } while (!rt->leaving && (!queue_empty(&rt->ticks) || !queue_empty(&rt->micro)));
}

/* One writer, so no locked instruction is needed. */
static void count_turn(Runtime *rt) {
  unsigned turns = atomic_load_explicit(&rt->turns, memory_order_relaxed);
  atomic_store_explicit(&rt->turns, turns + 1, memory_order_relaxed);
}

/* Body: what print wrote nobody reads any more. An `error` event of process.stdout, or uncaught. */
static int output_error_body(lua_State *L) {
  Runtime *rt = rt_of(L);
  err_push_uv(L, (int)(intptr_t)lua_touserdata(L, 1), "write");
  if (!rt->on_output_error) return lua_error(L);
  rt->on_output_error(L);
  return 0;
}

/* The outermost entry is over: what print has buffered goes out. */
static void flush_output(Runtime *rt) {
  out_flush();
  int err = out_take_error();
  if (!err || rt->leaving) return;
  if (!call_protected(rt->L, output_error_body, (void *)(intptr_t)err))
    rt_uncaught(rt, rt->L, "uncaughtException");
}

static void leave_traced(Runtime *rt) {
  trace_leave(rt->trace);
  if (trace_memory_due(rt->trace)) trace_memory(rt);
}

bool rt_enter(Runtime *rt, lua_CFunction body, void *ev) {
  if (rt->stopping || rt->leaving) return false;
  lua_State *outer = rt->running;
  rt->running = rt->L;
  if (rt->depth++ == 0) {
    rt->hooking = false; /* memory ran out in debug.sethook */
    count_turn(rt);
    if (TRACING(rt)) trace_enter(rt->trace, TRACE_BUSY_IO);
  }
  if (rt->interrupt) interrupt_entering(rt);
  bool ok = call_protected(rt->L, body, ev);
  if (!ok) rt_uncaught(rt, rt->L, "uncaughtException");
  rt->origin.kind = NULL;
  if (rt->depth == 1) {
    if (rt->interrupt == INTR_TERMINATE) rt_terminate(rt);
    rt_drain(rt);
    if (rt->interrupt == INTR_TERMINATE) rt_terminate(rt);
    else if (rt->interrupt) interrupt_clear(rt);
    flush_output(rt);
    count_turn(rt);
    if (TRACING(rt)) leave_traced(rt);
  }
  rt->depth--;
  rt->running = outer;
  return ok;
}

int rt_traceback(lua_State *L) {
  if (!interrupt_is(L, 1)) err_wrap(L, 1);
  return 1;
}

/* ---- uncaught ---- */

/* Body for the listeners of process; its result is left in ev. */
typedef struct Uncaught {
  const char *origin;
  int value;    /* pinned */
  bool handled;
} Uncaught;

static int uncaught_body(lua_State *L) {
  Uncaught *u = lua_touserdata(L, 1);
  Runtime *rt = rt_of(L);
  rt_push_pinned(L, rt, u->value);
  u->handled = rt->on_uncaught(rt, L, lua_gettop(L), u->origin);
  return 0;
}

typedef enum Offer { OFFER_REFUSED, OFFER_TAKEN, OFFER_FAILED } Offer;

/* Shows the error on top to process's listeners. FAILED: a listener raised, and its error has taken the
 * place. [0] */
static Offer uncaught_offer(Runtime *rt, lua_State *L, const char *origin) {
  Uncaught u = { .origin = origin };
  if (!rt->on_uncaught) return OFFER_REFUSED;
  lua_pushvalue(L, -1);
  u.value = rt_pin(L);
  bool ok = call_protected(L, uncaught_body, &u);
  rt_unpin(rt, u.value);
  if (ok) return u.handled ? OFFER_TAKEN : OFFER_REFUSED;
  lua_remove(L, -2);
  return interrupt_is(L, -1) ? OFFER_TAKEN : OFFER_FAILED; /* process.exit() in a listener */
}

/* The message of the error on top, without calling what it may have for a metatable. */
static void trace_uncaught(Runtime *rt, lua_State *L) {
  char text[TRACE_TEXT + 1];
  bool error = lua_istable(L, -1);
  if (error) {
    lua_pushliteral(L, "message");
    (void)lua_rawget(L, -2);
  } else {
    lua_pushvalue(L, -1);
  }
  if (error && lua_type(L, -1) == LUA_TSTRING) (void)snprintf(text, sizeof text, "%s", lua_tostring(L, -1));
  else text[trace_value(L, -1, text)] = '\0';
  for (char *p = text; *p; p++)
    if ((unsigned char)*p < ' ') *p = ' ';
  trace_add(rt->trace, TRACE_ERR_UNCAUGHT, (TraceArgs){ { 0 } }, text, NULL);
  lua_pop(L, 1);
}

void rt_uncaught(Runtime *rt, lua_State *L, const char *origin) {
  if (interrupt_is(L, -1)) {
    if (!rt->leaving && rt->hooks.uncaught) (void)rt->hooks.uncaught(rt, L, lua_gettop(L));
    lua_pop(L, 1);
    return;
  }
  if (TRACING(rt)) trace_uncaught(rt, L);
  Offer offer = rt->leaving ? OFFER_TAKEN : uncaught_offer(rt, L, origin);
  if (offer == OFFER_TAKEN ||
      (rt->hooks.uncaught && rt->hooks.uncaught(rt, L, lua_gettop(L)))) {
    lua_pop(L, 1);
    return;
  }
  if (offer == OFFER_FAILED) rt_die_at_once(rt, L, EXIT_HANDLER_FAILED);
  else rt_die(rt, L);
}

/* Before process is there: it is opened for the first warning, because it knows how to print one. */
void rt_warning(lua_State *L) {
  Runtime *rt = rt_of(L);
  if (!rt->on_warning && rt_require_builtin(L, "process")) lua_pop(L, 1);
  if (rt->on_warning) {
    rt->on_warning(L);
    return;
  }
  (void)fprintf(out_file(2), "(moonfork:%d) %s\n", (int)getpid(), luaL_tolstring(L, -1, NULL));
  lua_pop(L, 2);
}
