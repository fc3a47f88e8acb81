/* SPDX-License-Identifier: MIT */
/* immediate.c - setImmediate and the class Immediate.
 *
 * A check handle runs the queue after each poll; an idle handle is active while an immediate has a ref,
 * so that the loop does not sleep. The queue of a turn is taken as a whole: what its callbacks add waits
 * for the next. An Immediate is pinned while it is in a queue. */
#include "parts.h"
#include "../core/error.h"
#include "../core/opts.h"

#include <stdlib.h>

/* ---- uv ---- */

typedef struct CheckHandle {
  Handle base;
  uv_check_t uv;
  Timers *ts;
} CheckHandle;

typedef struct IdleHandle {
  Handle base;
  uv_idle_t uv;
} IdleHandle;

static void on_idle(uv_idle_t *uv) { (void)uv; /* it only keeps the loop from sleeping */ }

static void count_ref(Timers *ts, int by) {
  ts->immediate_refs += by;
  if (ts->immediate_refs > 0) (void)uv_idle_start(ts->idle, on_idle);
  else (void)uv_idle_stop(ts->idle);
}

static int immediate_deliver(lua_State *L) {
  Immediate *m = lua_touserdata(L, 1);
  Timers *ts = timers_of(L);
  rt_push_pinned(L, ts->rt, m->pin);
  rt_unpin(ts->rt, m->pin);
  m->pin = 0;
  timer_set_origin(L, 2, "immediate", m->id, m->line);
  lua_getiuservalue(L, 2, TIMER_CALL);
  timer_unpack(L, m->nargs);
  lua_call(L, m->nargs, 0);
  ts->rt->origin.kind = NULL;
  return 0;
}

/* It no longer waits, whether it runs now or was cleared. */
static void immediate_leave(Immediate *m, Timers *ts) {
  list_remove(&m->link);
  m->waiting = false;
  if (m->ref) count_ref(ts, -1);
  m->ref = false;
}

static void on_check(uv_check_t *uv) {
  Timers *ts = ((CheckHandle *)uv->data)->ts;
  list_splice(&ts->immediates, &ts->now);
  while (!list_empty(&ts->now) && !ts->rt->leaving) {
    Immediate *m = list_entry(ts->now.next, Immediate, link);
    immediate_leave(m, ts);
    (void)rt_enter(ts->rt, immediate_deliver, m);
  }
}

static void open_uv(lua_State *L, Timers *ts) {
  if (ts->check) return;
  CheckHandle *check = handle_new_internal(ts->rt, sizeof *check);
  IdleHandle *idle = handle_new_internal(ts->rt, sizeof *idle);
  if (!check || !idle) {
    free(check);
    free(idle);
    luaL_error(L, "not enough memory");
    return;
  }
  (void)uv_check_init(&ts->rt->loop, &check->uv); /* neither can fail */
  (void)uv_idle_init(&ts->rt->loop, &idle->uv);
  check->ts = ts;
  handle_opened(&check->base, (uv_handle_t *)&check->uv);
  handle_opened(&idle->base, (uv_handle_t *)&idle->uv);
  (void)uv_check_start(&check->uv, on_check);
  uv_unref((uv_handle_t *)&check->uv);
  ts->check = &check->uv;
  ts->idle = &idle->uv;
}

/* ---- functions ---- */

Immediate *immediate_new(lua_State *L, int nargs, bool ref) {
  Timers *ts = timers_of(L);
  rt_check_open(L);
  luaL_checkstack(L, 16, "immediate");
  open_uv(L, ts);
  Immediate *m = class_new(L, &immediate_class, sizeof *m, ts->rt->hooks.want_origin ? 2 : 1);
  lua_insert(L, -2);
  lua_setiuservalue(L, -2, TIMER_CALL);
  m->line = timer_note_place(L, lua_gettop(L));
  lua_pushvalue(L, -1);
  m->pin = rt_pin(L);
  m->id = ++ts->last_id;
  m->nargs = nargs;
  m->waiting = true;
  m->ref = ref;
  list_init(&m->link);
  list_append(&ts->immediates, &m->link);
  if (ref) count_ref(ts, 1);
  return m;
}

int immediate_set(lua_State *L) {
  arg_function(L, 1, "callback");
  (void)immediate_new(L, timer_pack(L, 2), true);
  return 1;
}

int immediate_clear(lua_State *L) {
  Immediate *m = class_test(L, 1, &immediate_class);
  Timers *ts = timers_of(L);
  if (!m || !m->waiting || ts->rt->stopping) return 0;
  immediate_leave(m, ts);
  rt_unpin(ts->rt, m->pin);
  m->pin = 0;
  return 0;
}

void immediates_each(Timers *ts, void (*fn)(const TimerInfo *info, void *ctx), void *ctx) {
  List *queues[] = { &ts->now, &ts->immediates };
  for (int i = 0; i < 2; i++)
    for (List *l = queues[i]->next; l != queues[i]; l = l->next) {
      Immediate *m = list_entry(l, Immediate, link);
      fn(&(TimerInfo){ .kind = "Immediate", .id = m->id, .ref = m->ref, .pin = m->pin }, ctx);
    }
}

/* ---- Immediate ---- */

static int immediate_set_ref(lua_State *L, bool ref) {
  Immediate *m = class_check(L, 1, &immediate_class);
  Timers *ts = timers_of(L);
  if (m->waiting && m->ref != ref && !ts->rt->stopping) {
    m->ref = ref;
    count_ref(ts, ref ? 1 : -1);
  }
  lua_settop(L, 1);
  return 1;
}

static int immediate_ref(lua_State *L) { return immediate_set_ref(L, true); }
static int immediate_unref(lua_State *L) { return immediate_set_ref(L, false); }

static int immediate_has_ref(lua_State *L) {
  Immediate *m = class_check(L, 1, &immediate_class);
  lua_pushboolean(L, m->ref);
  return 1;
}

static int immediate_close(lua_State *L) { return immediate_clear(L); }

static int immediate_inspect(lua_State *L) {
  Immediate *m = class_check(L, 1, &immediate_class);
  lua_pushfstring(L, "Immediate #%I { %s }", (LUAI_UACINT)m->id,
                  !m->waiting ? "over" : m->ref ? "ref" : "unref");
  return 1;
}

static const FnDef immediate_methods[] = {
  { "ref", immediate_ref, FN_METHOD, "ref(): Immediate", "Lets it keep the program running again.", NULL,
    NULL, NULL },
  { "unref", immediate_unref, FN_METHOD, "unref(): Immediate",
    "The program may end before it has run.", NULL, NULL, NULL },
  { "hasRef", immediate_has_ref, FN_METHOD, "hasRef(): boolean", "Does it keep the program running?",
    NULL, NULL, NULL },
  { 0 }
};

static const luaL_Reg immediate_meta[] = { { "__close", immediate_close }, { NULL, NULL } };

const ClassDef immediate_class = {
  .name = "Immediate", .abstract = true, .inspect = immediate_inspect, .meta = immediate_meta,
  .methods = immediate_methods,
  .doc = "What setImmediate returns.", .example = "local i = setImmediate(print)\nclearImmediate(i)"
};
