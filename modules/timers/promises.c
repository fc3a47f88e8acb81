/* SPDX-License-Identifier: MIT */
/* promises.c - the module timers/promises: delays to await, and an interval to loop over.
 *
 * Wrong arguments reject the promise, as they do in Node; those of setInterval are raised at once, for
 * there is no promise yet. */
#include "parts.h"
#include "../core/error.h"
#include "../core/opts.h"
#include "../events/abort.h"
#include "../promise/promise.h"

/* ---- arguments ---- */

/* Checks the options at idx and puts option signal, or nil, there. Does the timer keep the program
 * running? */
static bool read_options(lua_State *L, int idx) {
  if (lua_isnoneornil(L, idx)) return true;
  arg_table(L, idx, "options");
  bool ref = opt_boolean(L, idx, "ref", true);
  (void)signal_option(L, idx);
  lua_replace(L, idx);
  return ref;
}

static lua_Number read_delay(lua_State *L, int idx) {
  return lua_isnoneornil(L, idx) ? 1 : arg_number(L, idx, "delay");
}

/* Calls body with the arguments; an error makes a rejected promise. */
static int guard(lua_State *L, lua_CFunction body) {
  lua_pushcfunction(L, rt_traceback);
  lua_insert(L, 1);
  lua_pushcfunction(L, body);
  lua_insert(L, 2);
  if (lua_pcall(L, lua_gettop(L) - 2, 1, 1) != LUA_OK) promise_rejected(L);
  return 1;
}

/* ---- one delay ---- */

/* upvalues: promise, value */
static int settle_later(lua_State *L) {
  lua_pushvalue(L, lua_upvalueindex(2));
  promise_resolve(L, lua_upvalueindex(1));
  return 0;
}

/* Slots of the table that the two ends of a delay with a signal share. */
enum { WAIT_PROMISE = 1, WAIT_VALUE, WAIT_SIGNAL, WAIT_TIMER, WAIT_LISTENER };

/* The delay has passed. upvalue: the table */
static int settle_waited(lua_State *L) {
  int wait = lua_upvalueindex(1);
  lua_settop(L, 0);
  lua_rawgeti(L, wait, WAIT_PROMISE);
  lua_rawgeti(L, wait, WAIT_VALUE);
  promise_resolve(L, 1);
  return 0;
}

/* It has settled, whichever way: the signal need not tell any more. upvalue: the table */
static int leave_signal(lua_State *L) {
  int wait = lua_upvalueindex(1);
  lua_settop(L, 0);
  lua_rawgeti(L, wait, WAIT_SIGNAL);
  lua_rawgeti(L, wait, WAIT_LISTENER);
  signal_off(L, 1);
  return 0;
}

/* The signal has aborted. upvalue: the table */
static int settle_aborted(lua_State *L) {
  int wait = lua_upvalueindex(1);
  lua_settop(L, 0);
  lua_rawgeti(L, wait, WAIT_PROMISE);
  lua_rawgeti(L, wait, WAIT_SIGNAL);
  lua_rawgeti(L, wait, WAIT_TIMER);
  Timer *t = class_test(L, 3, &timeout_class);
  if (t) {
    timer_clear(t, timers_of(L));
  } else {
    lua_pushcfunction(L, immediate_clear);
    lua_pushvalue(L, 3);
    lua_call(L, 1, 0);
  }
  signal_push_error(L, 2);
  promise_reject(L, 1);
  return 0;
}

/* A promise of the value at `value` after ms (immediate: in this turn), unless the signal at `signal`
 * aborts before. */
static int delay(lua_State *L, lua_Number ms, bool immediate, bool ref, int value, int signal) {
  bool has_signal = !lua_isnoneornil(L, signal);
  promise_new(L);
  int promise = lua_gettop(L);
  if (has_signal && signal_aborted(L, signal)) {
    signal_push_error(L, signal);
    promise_reject(L, promise);
    return 1;
  }
  if (has_signal) {
    const int from[] = { promise, value, signal };
    lua_createtable(L, 5, 0);
    for (int i = 0; i < 3; i++) {
      lua_pushvalue(L, from[i]);
      lua_rawseti(L, promise + 1, WAIT_PROMISE + i);
    }
    lua_pushvalue(L, promise + 1);
    lua_pushcclosure(L, settle_waited, 1);
  } else {
    lua_pushvalue(L, promise);
    lua_pushvalue(L, value);
    lua_pushcclosure(L, settle_later, 2);
  }
  if (immediate) (void)immediate_new(L, 0, ref);
  else (void)timer_new(L, ms, 0, false, ref);
  if (has_signal) {
    lua_rawseti(L, promise + 1, WAIT_TIMER);
    lua_pushvalue(L, promise + 1);
    lua_pushcclosure(L, settle_aborted, 1);
    lua_pushvalue(L, -1);
    lua_rawseti(L, promise + 1, WAIT_LISTENER);
    signal_on(L, signal);
    lua_pushvalue(L, promise + 1);
    lua_pushcclosure(L, leave_signal, 1);
    class_call_method(L, promise, "finally", 1, 1);
    return 1;
  }
  lua_settop(L, promise);
  return 1;
}

static int delay_body(lua_State *L) {
  lua_settop(L, 3);
  lua_Number ms = read_delay(L, 1);
  bool ref = read_options(L, 3);
  return delay(L, ms, false, ref, 2, 3);
}

static int immediate_body(lua_State *L) {
  lua_settop(L, 2);
  bool ref = read_options(L, 2);
  return delay(L, 0, true, ref, 1, 2);
}

static int promises_set_timeout(lua_State *L) {
  lua_settop(L, 3);
  return guard(L, delay_body);
}

static int promises_set_immediate(lua_State *L) {
  lua_settop(L, 2);
  return guard(L, immediate_body);
}

static int scheduler_wait(lua_State *L) {
  lua_settop(L, 2);
  lua_pushnil(L);
  lua_insert(L, 2);
  return guard(L, delay_body);
}

static int scheduler_yield(lua_State *L) {
  lua_settop(L, 0);
  lua_settop(L, 2);
  return guard(L, immediate_body);
}

/* ---- the interval ---- */

enum { TICKER_TIMER = 1, TICKER_VALUE, TICKER_WAITERS, TICKER_SIGNAL, TICKER_LISTENER, TICKER_VALUES = 5 };

/* A plain userdata, upvalue 1 of its functions; its user values are as above. */
typedef struct Ticker {
  lua_Number ms;
  bool ref, finished;
  lua_Integer ticks;       /* passed, and not asked for yet */
  lua_Integer head, tail;  /* of the promises in the waiters' table */
} Ticker;

static Ticker *ticker_of(lua_State *L) { return lua_touserdata(L, lua_upvalueindex(1)); }

static void ticker_push(lua_State *L, int which) { lua_getiuservalue(L, lua_upvalueindex(1), which); }

/* Resolves the promise that has waited longest with { value, done }. */
static void ticker_serve(lua_State *L, Ticker *tk, bool done) {
  ticker_push(L, TICKER_WAITERS);
  lua_rawgeti(L, -1, tk->head);
  lua_pushnil(L);
  lua_rawseti(L, -3, tk->head++);
  if (done) lua_pushnil(L);
  else ticker_push(L, TICKER_VALUE);
  async_push_result(L, done);
  promise_resolve(L, -2);
  lua_pop(L, 2);
}

static int ticker_tick(lua_State *L) {
  Ticker *tk = ticker_of(L);
  if (tk->head < tk->tail) ticker_serve(L, tk, false);
  else tk->ticks++;
  return 0;
}

/* Starts the interval at the first call of next. */
static void ticker_start(lua_State *L, Ticker *tk) {
  ticker_push(L, TICKER_TIMER);
  if (lua_isnil(L, -1)) {
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushcclosure(L, ticker_tick, 1);
    (void)timer_new(L, tk->ms, 0, true, tk->ref);
    lua_setiuservalue(L, lua_upvalueindex(1), TICKER_TIMER);
  }
  lua_pop(L, 1);
}

static void ticker_stop(lua_State *L, Ticker *tk) {
  tk->finished = true;
  ticker_push(L, TICKER_TIMER);
  Timer *t = class_test(L, -1, &timeout_class);
  if (t) timer_clear(t, timers_of(L));
  ticker_push(L, TICKER_SIGNAL);
  ticker_push(L, TICKER_LISTENER);
  if (lua_isnil(L, -1)) lua_pop(L, 1);
  else signal_off(L, -2);
  lua_pop(L, 2);
}

/* The signal has aborted: whoever waits longest gets the error. */
static int ticker_abort(lua_State *L) {
  Ticker *tk = ticker_of(L);
  lua_settop(L, 0);
  if (tk->head == tk->tail) return 0; /* the next call of next tells it */
  ticker_push(L, TICKER_WAITERS);
  lua_rawgeti(L, 1, tk->head);
  lua_pushnil(L);
  lua_rawseti(L, 1, tk->head++);
  ticker_push(L, TICKER_SIGNAL);
  signal_push_error(L, 3);
  promise_reject(L, 2);
  ticker_stop(L, tk);
  while (tk->head < tk->tail) ticker_serve(L, tk, true);
  return 0;
}

/* Pushes a rejected promise when the signal has aborted. [+1|0] */
static bool ticker_aborted(lua_State *L, Ticker *tk) {
  if (tk->finished) return false;
  ticker_push(L, TICKER_SIGNAL);
  if (!signal_aborted(L, -1)) {
    lua_pop(L, 1);
    return false;
  }
  ticker_stop(L, tk);
  signal_push_error(L, -1);
  promise_rejected(L);
  return true;
}

static int ticker_next(lua_State *L) {
  Ticker *tk = ticker_of(L);
  if (ticker_aborted(L, tk)) return 1;
  if (!tk->finished) ticker_start(L, tk);
  promise_new(L);
  if (!tk->finished && tk->ticks == 0) {
    ticker_push(L, TICKER_WAITERS);
    lua_pushvalue(L, -2);
    lua_rawseti(L, -2, tk->tail++);
    lua_pop(L, 1);
    return 1;
  }
  if (tk->finished) lua_pushnil(L);
  else ticker_push(L, TICKER_VALUE);
  if (!tk->finished) tk->ticks--;
  async_push_result(L, tk->finished);
  promise_resolve(L, -2);
  return 1;
}

static int ticker_finish(lua_State *L) {
  Ticker *tk = ticker_of(L);
  ticker_stop(L, tk);
  while (tk->head < tk->tail) ticker_serve(L, tk, true);
  lua_pushnil(L);
  async_push_result(L, true);
  promise_from(L);
  return 1;
}

static int promises_set_interval(lua_State *L) {
  lua_settop(L, 3);
  lua_Number ms = read_delay(L, 1);
  bool ref = read_options(L, 3);
  Ticker *tk = lua_newuserdatauv(L, sizeof *tk, TICKER_VALUES);
  *tk = (Ticker){ .ms = ms, .ref = ref, .head = 1, .tail = 1 };
  lua_newtable(L);
  lua_setiuservalue(L, 4, TICKER_WAITERS);
  lua_pushvalue(L, 2);
  lua_setiuservalue(L, 4, TICKER_VALUE);
  lua_pushvalue(L, 3);
  lua_setiuservalue(L, 4, TICKER_SIGNAL);
  if (!lua_isnil(L, 3)) {
    lua_pushvalue(L, 4);
    lua_pushcclosure(L, ticker_abort, 1);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, 4, TICKER_LISTENER);
    signal_on(L, 3);
  }
  lua_pushvalue(L, 4);
  lua_pushcclosure(L, ticker_next, 1);
  lua_pushvalue(L, 4);
  lua_pushcclosure(L, ticker_finish, 1);
  async_iterator_new(L);
  return async_iterator_return(L);
}

/* ---- rows ---- */

static const OptDef delay_options[] = {
  { "ref", "boolean", "true", "Whether it keeps the program running meanwhile." },
  { "signal", "AbortSignal", NULL, "Gives up with an AbortError when it aborts." },
  { NULL, NULL, NULL, NULL }
};

static const FnDef promises_functions[] = {
  { "setTimeout", promises_set_timeout, FN_STATIC,
    "setTimeout(delay: number?, value: any, options: table?): Promise",
    "A promise that is fulfilled with the value when the delay in milliseconds has passed.", delay_options,
    "print(await(require \"timers/promises\".setTimeout(5, \"now\")))", NULL },
  { "setImmediate", promises_set_immediate, FN_STATIC,
    "setImmediate(value: any, options: table?): Promise",
    "A promise that is fulfilled with the value in this turn of the loop, after input and output.",
    delay_options, NULL, NULL },
  { "setInterval", promises_set_interval, FN_STATIC,
    "setInterval(delay: number?, value: any, options: table?): AsyncIterator",
    "Values to loop over, one each time the delay has passed; leaving the loop ends the interval.",
    delay_options,
    "local n = 0\nfor v in require \"timers/promises\".setInterval(5, \"tick\") do\n"
    "  n = n + 1\n  if n == 3 then break end\nend",
    "Without a value the loop gets true, because nil would end it." },
  { 0 }
};

static const PropDef promises_constants[] = {
  { "scheduler", NULL, NULL, "table",
    "scheduler.wait(delay, options) is setTimeout without a value, scheduler.yield() is setImmediate()." },
  { NULL, NULL, NULL, NULL, NULL }
};

static int promises_open(lua_State *L) {
  static const luaL_Reg functions[] = {
    { "wait", scheduler_wait }, { "yield", scheduler_yield }, { NULL, NULL }
  };
  lua_settop(L, 1);
  luaL_newlib(L, functions);
  lua_setfield(L, 1, "scheduler");
  return 1;
}

const ModuleDef timers_promises_module = {
  .name = "timers/promises", .functions = promises_functions, .constants = promises_constants,
  .open = promises_open, .doc = "Timers as promises, to be awaited.",
  .example = "print(await(require(\"timers/promises\").setTimeout(1, \"later\")))"
};
