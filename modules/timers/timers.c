/* SPDX-License-Identifier: MIT */
/* timers.c - setTimeout, setInterval and the class Timeout.
 *
 * All timers of a runtime share one uv_timer_t, which fires when the first list is due (lists.h); a
 * Timeout is a userdata that holds its link, and is pinned while it waits or runs. Measured with
 * 100,000 timers of one delay: starting takes 9 ms and stopping 0.4 ms this way, 16 and 26 ms with a
 * uv_timer_t for each, which is 152 bytes more, too. Each callback is an entry of its own, so ticks and
 * microtasks run between two, and an error in one stops no other. */
#include "parts.h"
#include "../core/error.h"
#include "../core/opts.h"
#include "../core/trace.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double TIMEOUT_MAX = 2147483647;

static const char timers_key = 0, known_key = 0, origin_key = 0;

Timers *timers_of(lua_State *L) {
  Timers *ts = rt_data(L, &timers_key, sizeof *ts);
  if (!ts->rt) {
    ts->rt = rt_of(L);
    list_init(&ts->immediates);
    list_init(&ts->now);
  }
  return ts;
}

/* Milliseconds of the loop's clock, now and not when the loop last looked. */
static uint64_t clock_now(Timers *ts) {
  uv_update_time(&ts->rt->loop);
  return uv_now(&ts->rt->loop);
}

/* ---- the uv timer ---- */

static void on_due(uv_timer_t *uv);

typedef struct TimersHandle {
  Handle base;
  uv_timer_t uv;
  Timers *ts;
} TimersHandle;

static void release_lists(Handle *h) {
  Timers *ts = ((TimersHandle *)h)->ts;
  timer_lists_free(&ts->lists);
  ts->uv = NULL;
}

static void open_uv(lua_State *L, Timers *ts) {
  if (ts->uv) return;
  TimersHandle *h = handle_new_internal(ts->rt, sizeof *h);
  if (!h) {
    luaL_error(L, "not enough memory");
    return;
  }
  (void)uv_timer_init(&ts->rt->loop, &h->uv); /* cannot fail */
  h->ts = ts;
  h->base.release = release_lists;
  handle_opened(&h->base, (uv_handle_t *)&h->uv);
  uv_unref((uv_handle_t *)&h->uv);
  ts->uv = &h->uv;
}

static void count_ref(Timers *ts, int by) {
  ts->refs += by;
  if (!ts->uv) return;
  if (ts->refs > 0) uv_ref((uv_handle_t *)ts->uv);
  else uv_unref((uv_handle_t *)ts->uv);
}

/* Makes uv fire when the first list is due. */
static void schedule(Timers *ts, uint64_t now) {
  TimerList *first = timer_lists_first(&ts->lists);
  ts->next = first ? first->expiry : 0;
  if (!first) (void)uv_timer_stop(ts->uv);
  else (void)uv_timer_start(ts->uv, on_due, first->expiry > now ? first->expiry - now : 1, 0);
}

/* ---- waiting ---- */

static void drop_if_empty(Timers *ts, TimerList *list) {
  if (list != ts->current && list_empty(&list->timers)) timer_lists_drop(&ts->lists, list);
}

static void timer_unlink(Timer *t, Timers *ts) {
  TimerList *list = t->list;
  if (!list) return;
  list_remove(&t->link);
  t->list = NULL;
  drop_if_empty(ts, list);
}

/* Lets it wait from start. False: no memory. */
static bool timer_link(Timer *t, Timers *ts, uint64_t start) {
  timer_unlink(t, ts);
  TimerList *list = timer_lists_get(&ts->lists, t->ms, start + t->ms);
  if (!list) return false;
  t->start = start;
  t->list = list;
  list_append(&list->timers, &t->link);
  if (!ts->running && (!ts->next || list->expiry < ts->next)) schedule(ts, uv_now(&ts->rt->loop));
  return true;
}

static void timer_end(Timer *t, Timers *ts) {
  if (!t->live) return;
  t->live = false;
  if (t->ref) count_ref(ts, -1);
  if (t->running) return; /* it unpins itself */
  rt_unpin(ts->rt, t->pin);
  t->pin = 0;
}

void timer_clear(Timer *t, Timers *ts) {
  if (ts->rt->stopping) return; /* a finalizer: the lists are gone */
  t->cleared = true;
  timer_unlink(t, ts);
  timer_end(t, ts);
}

/* ---- firing ---- */

int timer_note_place(lua_State *L, int idx) {
  lua_Debug ar;
  if (!rt_of(L)->hooks.want_origin || !lua_getstack(L, 1, &ar)) return 0;
  lua_getinfo(L, "Sl", &ar);
  lua_pushstring(L, ar.source);
  lua_setiuservalue(L, idx, TIMER_PLACE);
  return ar.currentline;
}

void timer_set_origin(lua_State *L, int idx, const char *kind, lua_Integer id, int line) {
  Runtime *rt = rt_of(L);
  rt->origin = (Origin){ .kind = kind, .id = id, .line = line };
  if (!rt->hooks.want_origin || lua_getiuservalue(L, idx, TIMER_PLACE) != LUA_TSTRING) {
    lua_settop(L, idx);
    return;
  }
  rt->origin.source = lua_tostring(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &origin_key); /* the report may come when the timer is gone */
}

int timer_pack(lua_State *L, int from) {
  int n = lua_gettop(L) - from + 1;
  if (n <= 0) {
    lua_pushvalue(L, 1);
    return 0;
  }
  lua_createtable(L, n + 1, 0);
  lua_pushvalue(L, 1);
  lua_rawseti(L, -2, 1);
  for (int i = 0; i < n; i++) {
    lua_pushvalue(L, from + i);
    lua_rawseti(L, -2, i + 2);
  }
  return n;
}

void timer_unpack(lua_State *L, int nargs) {
  if (nargs == 0) return;
  int t = lua_gettop(L);
  luaL_checkstack(L, nargs + 4, "timer");
  for (int i = 1; i <= nargs + 1; i++) lua_rawgeti(L, t, i);
  lua_remove(L, t);
}

/* Body: one call. Whether it raises or not, an interval goes on from the start of the call. */
static int timer_deliver(lua_State *L) {
  Timer *t = lua_touserdata(L, 1);
  Timers *ts = timers_of(L);
  uint64_t start = t->repeat ? clock_now(ts) : 0;
  if (TRACING(ts->rt)) trace_kind(ts->rt->trace, TRACE_BUSY_TIMERS);
  rt_push_pinned(L, ts->rt, t->pin);
  timer_set_origin(L, 2, "timer", t->id, t->line);
  lua_pushcfunction(L, rt_traceback);
  lua_getiuservalue(L, 2, TIMER_CALL);
  timer_unpack(L, t->nargs);
  bool ok = lua_pcall(L, t->nargs, 0, 3) == LUA_OK;
  t->running = false;
  if (!t->repeat || t->cleared || !timer_link(t, ts, start)) {
    if (!t->list) timer_end(t, ts);
  }
  if (!t->live && t->pin) {
    rt_unpin(ts->rt, t->pin);
    t->pin = 0;
  }
  if (!ok) return lua_error(L);
  ts->rt->origin.kind = NULL;
  return 0;
}

/* Calls what is due in the list, then puts it off to its next timer or frees it. */
static void run_list(Timers *ts, TimerList *list, uint64_t now) {
  ts->current = list;
  while (!list_empty(&list->timers) && !ts->rt->leaving) {
    Timer *t = list_entry(list->timers.next, Timer, link);
    uint64_t due = t->start + list->ms; /* an interval may have started again after `now` */
    if (now < due) {
      timer_lists_postpone(&ts->lists, list, due);
      break;
    }
    list_remove(&t->link);
    t->list = NULL;
    t->running = true;
    (void)rt_enter(ts->rt, timer_deliver, t);
  }
  ts->current = NULL;
  drop_if_empty(ts, list);
}

static void on_due(uv_timer_t *uv) {
  Timers *ts = ((TimersHandle *)uv->data)->ts;
  uint64_t now = clock_now(ts);
  TimerList *list;
  ts->running = true;
  while (!ts->rt->leaving && (list = timer_lists_first(&ts->lists)) && list->expiry <= now)
    run_list(ts, list, now);
  ts->running = false;
  if (!ts->rt->leaving) schedule(ts, clock_now(ts));
}

/* ---- making ---- */

static void warn_overflow(lua_State *L, lua_Number ms) {
  if (isinf(ms)) lua_pushliteral(L, "Infinity");
  else if (ms < 1e15 && floor(ms) == ms) lua_pushfstring(L, "%I", (LUAI_UACINT)ms);
  else lua_pushfstring(L, "%f", ms);
  err_push(L, NULL, NULL, "%s does not fit into a 32-bit signed integer.\nTimeout duration was set to 1.",
           lua_tostring(L, -1));
  lua_pushliteral(L, "TimeoutOverflowWarning");
  lua_setfield(L, -2, "name");
  rt_warning(L);
  lua_pop(L, 1);
}

Timer *timer_new(lua_State *L, lua_Number ms, int nargs, bool repeat, bool ref) {
  Timers *ts = timers_of(L);
  rt_check_open(L);
  luaL_checkstack(L, 16, "timer");
  if (!(ms >= 1 && ms <= TIMEOUT_MAX)) {
    if (ms > TIMEOUT_MAX) warn_overflow(L, ms);
    ms = 1;
  }
  open_uv(L, ts);
  Timer *t = class_new(L, &timeout_class, sizeof *t, ts->rt->hooks.want_origin ? 2 : 1);
  lua_insert(L, -2);
  lua_setiuservalue(L, -2, TIMER_CALL);
  list_init(&t->link);
  *t = (Timer){ .link = t->link, .id = ++ts->last_id, .ms = (uint32_t)ms, .nargs = nargs,
                .repeat = repeat, .ref = ref };
  list_init(&t->link);
  t->line = timer_note_place(L, lua_gettop(L));
  lua_pushvalue(L, -1);
  t->pin = rt_pin(L);
  if (!timer_link(t, ts, clock_now(ts))) {
    rt_unpin(ts->rt, t->pin);
    luaL_error(L, "not enough memory");
  }
  t->live = true;
  if (ref) count_ref(ts, 1);
  return t;
}

/* setTimeout(callback, delay, ...), setInterval likewise */
static int make_timer(lua_State *L, bool repeat) {
  arg_function(L, 1, "callback");
  int ok;
  lua_Number ms = lua_tonumberx(L, 2, &ok);
  int nargs = timer_pack(L, 3);
  (void)timer_new(L, ok ? ms : 1, nargs, repeat, true);
  return 1;
}

static int timers_set_timeout(lua_State *L) { return make_timer(L, false); }
static int timers_set_interval(lua_State *L) { return make_timer(L, true); }

/* clearTimeout(timeout): the object, its id, or its id as a string; anything else is ignored */
static int timers_clear(lua_State *L) {
  Timers *ts = timers_of(L);
  Timer *t = class_test(L, 1, &timeout_class);
  lua_Integer id;
  int ok;
  if (!t && (id = lua_tointegerx(L, 1, &ok), ok) &&
      lua_rawgetp(L, LUA_REGISTRYINDEX, &known_key) == LUA_TTABLE) {
    lua_rawgeti(L, -1, id);
    t = class_test(L, -1, &timeout_class);
  }
  if (t) timer_clear(t, ts);
  return 0;
}

/* ---- Timeout ---- */

static Timer *timer_self(lua_State *L) { return class_check(L, 1, &timeout_class); }

static int timeout_set_ref(lua_State *L, bool ref) {
  Timer *t = timer_self(L);
  Timers *ts = timers_of(L);
  if (t->ref != ref) {
    t->ref = ref;
    if (t->live && !ts->rt->stopping) count_ref(ts, ref ? 1 : -1);
  }
  lua_settop(L, 1);
  return 1;
}

static int timeout_ref(lua_State *L) { return timeout_set_ref(L, true); }
static int timeout_unref(lua_State *L) { return timeout_set_ref(L, false); }

static int timeout_has_ref(lua_State *L) {
  lua_pushboolean(L, timer_self(L)->ref);
  return 1;
}

static int timeout_refresh(lua_State *L) {
  Timer *t = timer_self(L);
  Timers *ts = timers_of(L);
  lua_settop(L, 1);
  if (t->cleared || ts->rt->stopping) return 1;
  if (!t->pin) {
    lua_pushvalue(L, 1);
    t->pin = rt_pin(L);
  }
  if (!t->live && t->ref) count_ref(ts, 1);
  t->live = true;
  if (!timer_link(t, ts, clock_now(ts))) {
    timer_end(t, ts);
    return luaL_error(L, "not enough memory");
  }
  return 1;
}

static int timeout_close(lua_State *L) {
  timer_clear(timer_self(L), timers_of(L));
  lua_settop(L, 1);
  return 1;
}

/* The number by which clearTimeout finds it: from the first time on that somebody asks for it. */
static int timeout_id(lua_State *L) {
  Timer *t = timer_self(L);
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &known_key) != LUA_TTABLE) {
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "v");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &known_key);
  }
  lua_pushvalue(L, 1);
  lua_rawseti(L, -2, t->id);
  lua_pushinteger(L, t->id);
  return 1;
}

static int timeout_tostring(lua_State *L) {
  timeout_id(L);
  lua_tostring(L, -1);
  return 1;
}

/* `Timeout #3 { every 500 ms, ref }` */
static int timeout_inspect(lua_State *L) {
  Timer *t = timer_self(L);
  lua_pushfstring(L, "Timeout #%I { %s%d ms, %s%s }", (LUAI_UACINT)t->id, t->repeat ? "every " : "",
                  (int)t->ms, t->ref ? "ref" : "unref", t->live ? "" : t->cleared ? ", cleared" : ", over");
  return 1;
}

static uint32_t time_left(const Timer *t, uint64_t now) {
  uint64_t due = t->start + t->ms;
  return due > now ? (uint32_t)(due - now) : 0;
}

void timers_each(Runtime *rt, void (*fn)(const TimerInfo *info, void *ctx), void *ctx) {
  Timers *ts = timers_of(rt->L);
  uint64_t now = ts->uv ? clock_now(ts) : 0;
  for (size_t i = 0; i < ts->lists.count; i++) {
    List *timers = &ts->lists.heap[i]->timers;
    for (List *l = timers->next; l != timers; l = l->next) {
      Timer *t = list_entry(l, Timer, link);
      fn(&(TimerInfo){ "Timeout", t->id, t->ref, t->repeat, t->ms, time_left(t, now), t->pin }, ctx);
    }
  }
  immediates_each(ts, fn, ctx);
}

/* ---- rows ---- */

static const FnDef timeout_methods[] = {
  { "ref", timeout_ref, FN_METHOD, "ref(): Timeout", "Lets the timer keep the program running again.",
    NULL, NULL, NULL },
  { "unref", timeout_unref, FN_METHOD, "unref(): Timeout",
    "The program may end while the timer waits; it may never fire then.", NULL, NULL, NULL },
  { "hasRef", timeout_has_ref, FN_METHOD, "hasRef(): boolean",
    "Does the timer keep the program running?", NULL, NULL, NULL },
  { "refresh", timeout_refresh, FN_METHOD, "refresh(): Timeout",
    "Starts the delay again from now, also of a timer that has fired. One that was cleared stays so.",
    NULL, NULL, NULL },
  { "close", timeout_close, FN_METHOD, "close(): Timeout", "The same as clearTimeout.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef timeout_props[] = {
  { "id", timeout_id, NULL, "integer",
    "Its number, which clearTimeout takes in place of the object; tostring gives it too." },
  { NULL, NULL, NULL, NULL, NULL }
};

static const luaL_Reg timeout_meta[] = { { "__close", timeout_close }, { NULL, NULL } };

const ClassDef timeout_class = {
  .name = "Timeout", .abstract = true, .tostring = timeout_tostring, .inspect = timeout_inspect,
  .meta = timeout_meta, .methods = timeout_methods, .props = timeout_props,
  .doc = "What setTimeout and setInterval return. A pending one keeps the program running unless it is "
         "unref'd; nobody has to store it.",
  .example = "local t = setTimeout(print, 10, \"never\")\nclearTimeout(t)"
};

#define DELAY_DOC \
  "A delay below 1 ms, or none, is 1 ms; one above 2147483647 is 1 ms too, with a warning. "

static const FnDef timers_functions[] = {
  { "setTimeout", timers_set_timeout, FN_STATIC,
    "setTimeout(callback: function, delay: number?, ...: any): Timeout",
    "Calls the function once, with the further arguments, when the delay in milliseconds has passed. "
    DELAY_DOC "Timers of one delay fire in the order in which they were made.",
    NULL, "setTimeout(print, 10, \"ten milliseconds later\")", NULL },
  { "setInterval", timers_set_interval, FN_STATIC,
    "setInterval(callback: function, delay: number?, ...: any): Timeout",
    "Calls the function again and again. The next delay counts from the start of the call; a call that "
    "takes longer than the delay makes no calls pile up. " DELAY_DOC,
    NULL, "local n, t = 0\nt = setInterval(function()\n  n = n + 1\n  if n == 3 then clearInterval(t) end\nend, 5)",
    NULL },
  { "setImmediate", immediate_set, FN_STATIC,
    "setImmediate(callback: function, ...: any): Immediate",
    "Calls the function in this turn of the loop, after input and output. One that is made by an "
    "immediate waits for the next turn.",
    NULL, "setImmediate(print, \"soon\")", NULL },
  { "clearTimeout", timers_clear, FN_STATIC, "clearTimeout(timeout: Timeout|integer|string?)",
    "Ends a timer, also an interval; any other value is ignored.", NULL, NULL, NULL },
  { "clearInterval", timers_clear, FN_STATIC, "clearInterval(timeout: Timeout|integer|string?)",
    "The same as clearTimeout.", NULL, NULL, NULL },
  { "clearImmediate", immediate_clear, FN_STATIC, "clearImmediate(immediate: Immediate?)",
    "Ends an immediate that has not run; any other value is ignored.", NULL, NULL, NULL },
  { 0 }
};

static const ClassDef *const timers_classes[] = { &timeout_class, &immediate_class, NULL };

static const PropDef timers_constants[] = {
  { "promises", NULL, NULL, "table", "The module timers/promises." },
  { NULL, NULL, NULL, NULL, NULL }
};

static int timers_open(lua_State *L) {
  lua_settop(L, 1);
  if (rt_require_builtin(L, "timers/promises")) lua_setfield(L, 1, "promises");
  return 1;
}

const ModuleDef timers_module = {
  .name = "timers", .functions = timers_functions, .classes = timers_classes,
  .constants = timers_constants, .open = timers_open,
  .doc = "Calling functions later. Its functions are globals.",
  .example = "require(\"timers\").setTimeout(print, 1, \"later\")"
};
