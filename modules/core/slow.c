/* SPDX-License-Identifier: MIT */
/* slow.c - see slow.h. One timer for the head of a list that is in the order of time. */
#include "slow.h"
#include "handle.h"
#include "trace.h"

#include <stdlib.h>

typedef struct Slow {
  Handle base;
  uv_timer_t uv;
  List waiters;      /* of SlowWaiter, the earliest first */
  uint64_t last;     /* due time of the newest call */
  size_t calls;      /* that wait */
} Slow;

/* A call that waits; owns itself until it is made. */
typedef struct SlowCall {
  SlowWaiter waiter;
  Runtime *rt;
  int pin;           /* { function, arguments; n } */
} SlowCall;

static void on_timer(uv_timer_t *timer);
static void make_call(SlowWaiter *w);

/* ---- waiting ---- */

static SlowWaiter *first_of(Slow *slow) {
  return list_empty(&slow->waiters) ? NULL : list_entry(slow->waiters.next, SlowWaiter, link);
}

static void start_timer(Slow *slow) {
  SlowWaiter *first = first_of(slow);
  uint64_t now = uv_hrtime();
  if (!handle_is_open(&slow->base)) return;
  (void)uv_timer_stop(&slow->uv);
  if (!first) return;
  uv_update_time(&slow->base.rt->loop);
  (void)uv_timer_start(&slow->uv, on_timer, first->due > now ? (first->due - now + 999999) / 1000000 : 0, 0);
}

static void on_timer(uv_timer_t *timer) {
  Slow *slow = timer->data;
  uint64_t now = uv_hrtime();
  List ready;
  list_init(&ready);
  for (SlowWaiter *w; (w = first_of(slow)) && (w->due <= now || slow->base.rt->slow_ms == 0);) {
    list_remove(&w->link);
    list_append(&ready, &w->link);
  }
  for (List *item; (item = list_pop(&ready));) {
    SlowWaiter *w = list_entry(item, SlowWaiter, link);
    void (*fn)(SlowWaiter *) = w->fn;
    w->fn = NULL;
    fn(w);
  }
  start_timer(slow);
}

void slow_wait(Runtime *rt, SlowWaiter *w, uint64_t due, void (*fn)(SlowWaiter *w)) {
  Slow *slow = rt->slow;
  slow_forget(w);
  w->slow = slow;
  w->due = due;
  w->fn = fn;
  List *at = &slow->waiters;
  while (at->prev != &slow->waiters && list_entry(at->prev, SlowWaiter, link)->due > due) at = at->prev;
  list_append(at, &w->link);
  if (first_of(slow) == w) start_timer(slow);
}

void slow_forget(SlowWaiter *w) {
  if (!w->fn) return;
  bool first = first_of(w->slow) == w;
  list_remove(&w->link);
  w->fn = NULL;
  if (first) start_timer(w->slow); /* it holds the loop for those that wait */
}

/* ---- on and off ---- */

/* The runtime ends: calls that wait are dropped, their values go with the state. */
static void slow_release(Handle *h) {
  Slow *slow = (Slow *)h;
  for (List *item; (item = list_pop(&slow->waiters));) {
    SlowWaiter *w = list_entry(item, SlowWaiter, link);
    bool call = w->fn == make_call;
    w->fn = NULL;
    if (call) free(w);
  }
  h->rt->slow = NULL;
  h->rt->slow_ms = 0;
}

static int slow_open(Runtime *rt) {
  Slow *slow = rt->slow ? rt->slow : handle_new_internal(rt, sizeof *slow);
  if (!slow) return UV_ENOMEM;
  if (rt->slow) return 0;
  list_init(&slow->waiters);
  slow->base.release = slow_release;
  (void)uv_timer_init(&rt->loop, &slow->uv); /* cannot fail */
  handle_opened(&slow->base, (uv_handle_t *)&slow->uv);
  rt->slow = slow;
  return 0;
}

int slow_set(Runtime *rt, uint32_t ms) {
  int err = rt->stopping ? UV_ECANCELED : ms ? slow_open(rt) : 0;
  if (err) return err;
  rt->slow_ms = ms;
  if (TRACING(rt)) trace_page(rt->trace)->slow_ms = ms;
  if (rt->slow && !ms) (void)uv_timer_start(&((Slow *)rt->slow)->uv, on_timer, 0, 0);
  return 0;
}

/* ---- calls ---- */

static int call_body(lua_State *L) {
  SlowCall *call = lua_touserdata(L, 1);
  rt_push_pinned(L, call->rt, call->pin);
  lua_getfield(L, 2, "n");
  int n = (int)lua_tointeger(L, -1);
  lua_pop(L, 1);
  luaL_checkstack(L, n + 4, "slow");
  for (int i = 1; i <= n; i++) lua_rawgeti(L, 2, i);
  rt_next_tick(L, n - 1);
  return 0;
}

static void make_call(SlowWaiter *w) {
  SlowCall *call = (SlowCall *)w;
  Slow *slow = call->rt->slow;
  slow->calls--;
  (void)rt_enter(call->rt, call_body, call);
  rt_unpin(call->rt, call->pin);
  free(call);
}

static void queue_call(lua_State *L, int nargs, uint64_t due) {
  Runtime *rt = rt_of(L);
  Slow *slow = rt->slow;
  int base = lua_gettop(L) - nargs;
  luaL_checkstack(L, 6, "slow");
  lua_createtable(L, nargs + 1, 1);
  lua_insert(L, base);
  lua_pushinteger(L, nargs + 1);
  lua_setfield(L, base, "n");
  for (int i = nargs + 1; i >= 1; i--) lua_rawseti(L, base, i);
  int pin = rt_pin(L);
  SlowCall *call = calloc(1, sizeof *call);
  if (!call) {
    rt_unpin(rt, pin);
    (void)luaL_error(L, "not enough memory");
  }
  call->rt = rt;
  call->pin = pin;
  if (slow->calls == 0) slow->last = 0;
  if (due < slow->last) due = slow->last;
  slow->last = due;
  slow->calls++;
  slow_wait(rt, &call->waiter, due, make_call);
}

void slow_tick(lua_State *L, int nargs) {
  Runtime *rt = rt_of(L);
  if (rt->slow_ms) queue_call(L, nargs, uv_hrtime() + rt->slow_ms * 1000000ull);
  else slow_tick_behind(L, nargs);
}

void slow_tick_behind(lua_State *L, int nargs) {
  Slow *slow = rt_of(L)->slow;
  if (slow && slow->calls) queue_call(L, nargs, slow->last);
  else rt_next_tick(L, nargs);
}
