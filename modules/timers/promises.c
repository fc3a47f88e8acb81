/* SPDX-License-Identifier: MIT */
/* promises.c - the module timers/promises: delays to await, and an interval to loop over.
 *
 * Wrong arguments reject the promise, as they do in Node; those of setInterval are raised at once, for
 * there is no promise yet. */
#include "parts.h"
#include "../core/error.h"
#include "../core/opts.h"
#include "../promise/promise.h"

/* ---- arguments ---- */

/* Checks the options at idx; does the timer keep the program running? */
static bool read_options(lua_State *L, int idx) {
  if (lua_isnoneornil(L, idx)) return true;
  arg_table(L, idx, "options");
  async_check_signal(L, idx);
  return opt_boolean(L, idx, "ref", true);
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

/* Pushes a pending promise and a function that resolves it with the value at idx. [+2] */
static void push_pending(lua_State *L, int idx) {
  promise_new(L);
  lua_pushvalue(L, -1);
  lua_pushvalue(L, idx);
  lua_pushcclosure(L, settle_later, 2);
}

static int delay_body(lua_State *L) {
  lua_settop(L, 3);
  lua_Number ms = read_delay(L, 1);
  bool ref = read_options(L, 3);
  push_pending(L, 2);
  (void)timer_new(L, ms, 0, false, ref);
  lua_pop(L, 1);
  return 1;
}

static int immediate_body(lua_State *L) {
  lua_settop(L, 2);
  bool ref = read_options(L, 2);
  push_pending(L, 1);
  (void)immediate_new(L, 0, ref);
  lua_pop(L, 1);
  return 1;
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

enum { TICKER_TIMER = 1, TICKER_VALUE = 2, TICKER_WAITERS = 3, TICKER_VALUES = 3 };

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

static int ticker_next(lua_State *L) {
  Ticker *tk = ticker_of(L);
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
  tk->finished = true;
  ticker_push(L, TICKER_TIMER);
  Timer *t = class_test(L, -1, &timeout_class);
  if (t) timer_clear(t, timers_of(L));
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
