/* SPDX-License-Identifier: MIT */
/* perf_hooks.c - see perf_hooks.h.
 *
 * Marks and measures are tables in one list, sorted by their start, which the registry holds. A Histogram
 * counts in buckets of 1/256 of their value; its timer never keeps the program running and calls no Lua.
 * The loop's idle time is measured from the first use of the module on. */
#include "perf_hooks.h"
#include "core/error.h"
#include "core/handle.h"
#include "core/opts.h"
#include "core/runtime.h"

#include <math.h>
#include <string.h>
#include <time.h>

enum { SUB_BITS = 8, POWERS = 48, BUCKETS = POWERS << SUB_BITS };

/* ---- the clock ---- */

static const char perf_key = 0, entries_key = 0;

typedef struct Perf {
  uint64_t loop_start, idle_start; /* hrtime and idle time at first use, ns */
} Perf;

static Perf *perf_of(lua_State *L) { return rt_data(L, &perf_key, sizeof(Perf)); }

static double now_ms(lua_State *L) { return (double)(uv_hrtime() - rt_of(L)->started) / 1e6; }

static int performance_now(lua_State *L) {
  lua_pushnumber(L, now_ms(L));
  return 1;
}

/* ---- entries ---- */

static const ClassDef entry_class = {
  .name = "PerformanceEntry", .plain = true,
  .doc = "An entry of performance: name, entryType, startTime, duration, detail.",
  .example = "for _, e in ipairs(performance.getEntries()) do print(e.name, e.duration) end"
};
static const ClassDef mark_class = { .name = "PerformanceMark", .base = &entry_class, .plain = true,
                                     .doc = "What performance.mark has made.",
                                     .example = "print(performance.mark(\"a\").entryType)" };
static const ClassDef measure_class = { .name = "PerformanceMeasure", .base = &entry_class, .plain = true,
                                        .doc = "What performance.measure has made.",
                                        .example = "print(performance.measure(\"all\").duration > 0)" };

/* Pushes the list of all entries. [+1] */
static void push_entries(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &entries_key) == LUA_TTABLE) return;
  lua_pop(L, 1);
  lua_newtable(L);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &entries_key);
}

static double start_of(lua_State *L, int entry) {
  lua_getfield(L, entry, "startTime");
  double start = lua_tonumber(L, -1);
  lua_pop(L, 1);
  return start;
}

/* Puts the entry on top into the list behind those that began no later. [0] */
static void add_entry(lua_State *L, double start) {
  int entry = lua_gettop(L);
  push_entries(L);
  lua_Integer i = (lua_Integer)lua_rawlen(L, -1);
  for (; i > 0; i--) {
    lua_rawgeti(L, entry + 1, i);
    if (start_of(L, entry + 2) <= start) break;
    lua_rawseti(L, entry + 1, i + 1);
  }
  lua_settop(L, entry + 1);
  lua_pushvalue(L, entry);
  lua_rawseti(L, entry + 1, i + 1);
  lua_settop(L, entry);
}

/* Makes an entry with the name at 1 and the detail on top, and adds it. [-1, +1] */
static void push_entry(lua_State *L, const ClassDef *cls, const char *type, double start, double duration) {
  lua_createtable(L, 0, 5);
  class_push_meta(L, cls);
  lua_setmetatable(L, -2);
  lua_insert(L, -2);
  lua_setfield(L, -2, "detail");
  lua_pushvalue(L, 1);
  lua_setfield(L, -2, "name");
  lua_pushstring(L, type);
  lua_setfield(L, -2, "entryType");
  lua_pushnumber(L, start);
  lua_setfield(L, -2, "startTime");
  lua_pushnumber(L, duration);
  lua_setfield(L, -2, "duration");
  add_entry(L, start);
}

static void need_name(lua_State *L) {
  if (lua_isnone(L, 1))
    err_raise(L, &type_error_class, "ERR_MISSING_ARGS", "The \"name\" argument must be specified");
  luaL_tolstring(L, 1, NULL);
  lua_replace(L, 1);
}

/* mark(name, { startTime, detail }) */
static int performance_mark(lua_State *L) {
  need_name(L);
  lua_settop(L, 2);
  if (!lua_isnil(L, 2)) arg_table(L, 2, "options");
  double start = opt_number(L, 2, "startTime", now_ms(L));
  if (start < 0)
    return err_raise(L, &type_error_class, "ERR_PERFORMANCE_INVALID_TIMESTAMP",
                     "%f is not a valid timestamp", start);
  opt_push(L, 2, "detail");
  push_entry(L, &mark_class, "mark", start, 0);
  return 1;
}

/* The time that the value at idx names: a number, or the last mark of that name. */
static double time_of(lua_State *L, int idx) {
  if (lua_type(L, idx) == LUA_TNUMBER) return lua_tonumber(L, idx);
  int top = lua_gettop(L);
  const char *name = arg_string(L, idx, "mark", NULL);
  push_entries(L);
  for (lua_Integer i = (lua_Integer)lua_rawlen(L, -1); i > 0; i--, lua_settop(L, top + 1)) {
    lua_rawgeti(L, top + 1, i);
    lua_getfield(L, top + 2, "name");
    lua_getfield(L, top + 2, "entryType");
    if (!lua_rawequal(L, top + 3, idx) || strcmp(lua_tostring(L, top + 4), "mark") != 0) continue;
    double start = start_of(L, top + 2);
    lua_settop(L, top);
    return start;
  }
  return err_raise(L, &syntax_error_class, NULL, "The \"%s\" performance mark has not been set", name);
}

/* measure(name, start, end) or measure(name, { start, end, duration, detail }) */
static int performance_measure(lua_State *L) {
  need_name(L);
  lua_settop(L, 3);
  if (lua_istable(L, 2)) { /* 4 start, 5 end, 6 duration, 7 detail */
    lua_getfield(L, 2, "start");
    if (lua_getfield(L, 2, "end") == LUA_TNIL) lua_getfield(L, 2, "finish"), lua_replace(L, 5);
    lua_getfield(L, 2, "duration");
    lua_getfield(L, 2, "detail");
  } else {
    lua_pushvalue(L, 2);
    lua_pushvalue(L, 3);
    lua_settop(L, 7);
  }
  bool lasts = !lua_isnil(L, 6);
  double length = lasts ? arg_number(L, 6, "options.duration") : 0, now = now_ms(L);
  double finish = !lua_isnil(L, 5) ? time_of(L, 5) : lasts && !lua_isnil(L, 4) ? time_of(L, 4) + length : now;
  double start = !lua_isnil(L, 4) ? time_of(L, 4) : lasts ? finish - length : 0;
  push_entry(L, &measure_class, "measure", start, finish - start);
  return 1;
}

/* Does the entry at idx have this field? value at `want`, nil: any. */
static bool has_field(lua_State *L, int idx, const char *name, int want) {
  if (lua_isnil(L, want)) return true;
  lua_getfield(L, idx, name);
  bool same = lua_rawequal(L, -1, want);
  lua_pop(L, 1);
  return same;
}

/* name at 1 and type at 2, nil: any. keep: returns those that fit; else takes them away. */
static int filter_entries(lua_State *L, bool keep) {
  lua_settop(L, 2);
  push_entries(L);
  lua_newtable(L);
  lua_Integer n = (lua_Integer)lua_rawlen(L, 3), count = 0;
  for (lua_Integer i = 1; i <= n; i++, lua_settop(L, 4)) {
    lua_rawgeti(L, 3, i);
    bool fits = has_field(L, 5, "name", 1) && has_field(L, 5, "entryType", 2);
    if (fits == keep) lua_rawseti(L, 4, ++count);
  }
  if (keep) return 1;
  lua_rawsetp(L, LUA_REGISTRYINDEX, &entries_key);
  return 0;
}

static int get_entries(lua_State *L) {
  lua_settop(L, 0);
  return filter_entries(L, true);
}

static int get_by_name(lua_State *L) {
  (void)arg_string(L, 1, "name", NULL);
  return filter_entries(L, true);
}

static int get_by_type(lua_State *L) {
  (void)arg_string(L, 1, "type", NULL);
  lua_settop(L, 1);
  lua_pushnil(L);
  lua_insert(L, 1);
  return filter_entries(L, true);
}

static int clear_entries(lua_State *L, const char *type) {
  lua_settop(L, 1);
  if (!lua_isnil(L, 1)) (void)arg_string(L, 1, "name", NULL);
  lua_pushstring(L, type);
  return filter_entries(L, false);
}

static int clear_marks(lua_State *L) { return clear_entries(L, "mark"); }
static int clear_measures(lua_State *L) { return clear_entries(L, "measure"); }

/* ---- the loop's utilization ---- */

static void push_utilization(lua_State *L, double idle, double active) {
  lua_createtable(L, 0, 3);
  lua_pushnumber(L, idle);
  lua_setfield(L, -2, "idle");
  lua_pushnumber(L, active);
  lua_setfield(L, -2, "active");
  lua_pushnumber(L, idle + active > 0 ? active / (idle + active) : 0);
  lua_setfield(L, -2, "utilization");
}

/* eventLoopUtilization(util1, util2): since the start, since util1, or between the two */
static int utilization(lua_State *L) {
  lua_settop(L, 2);
  const Perf *perf = perf_of(L);
  double idle = (double)(uv_metrics_idle_time(&rt_of(L)->loop) - perf->idle_start) / 1e6;
  double active = (double)(uv_hrtime() - perf->loop_start) / 1e6 - idle;
  if (active < 0) active = 0;
  for (int i = 1; i <= 2; i++) {
    if (!lua_isnil(L, i)) arg_table(L, i, i == 1 ? "util1" : "util2");
  }
  if (!lua_isnil(L, 2)) {
    idle = opt_number(L, 1, "idle", 0) - opt_number(L, 2, "idle", 0);
    active = opt_number(L, 1, "active", 0) - opt_number(L, 2, "active", 0);
  } else if (!lua_isnil(L, 1)) {
    idle -= opt_number(L, 1, "idle", 0);
    active -= opt_number(L, 1, "active", 0);
  }
  push_utilization(L, idle, active);
  return 1;
}

/* ---- Histogram ---- */

typedef struct Histogram {
  Handle base;
  uv_timer_t uv;
  uint64_t resolution;   /* ms */
  uint64_t last;         /* hrtime of the last turn, 0: none yet */
  uint64_t count, min, max;
  double mean, squares;  /* running mean and sum of squared distances from it */
  bool enabled;
  uint32_t buckets[BUCKETS];
} Histogram;

static int bucket_of(uint64_t value) {
  int power = 0;
  while (value >> power >= (uint64_t)2 << SUB_BITS && power < POWERS - 2) power++;
  return (int)(((uint64_t)power << SUB_BITS) + (value >> power));
}

/* The largest value of the bucket. */
static uint64_t bucket_top(int i) {
  int power = i >> SUB_BITS ? (i >> SUB_BITS) - 1 : 0;
  uint64_t sub = (uint64_t)(i - (power << SUB_BITS));
  return ((sub + 1) << power) - 1;
}

static void histogram_record(Histogram *h, uint64_t value) {
  int i = bucket_of(value);
  h->buckets[i < BUCKETS ? i : BUCKETS - 1]++;
  h->count++;
  if (value < h->min) h->min = value;
  if (value > h->max) h->max = value;
  double away = (double)value - h->mean;
  h->mean += away / (double)h->count;
  h->squares += away * ((double)value - h->mean);
}

static void histogram_clear(Histogram *h) {
  memset(h->buckets, 0, sizeof h->buckets);
  h->count = h->max = h->last = 0;
  h->min = INT64_MAX;
  h->mean = h->squares = 0;
}

static void on_interval(uv_timer_t *uv) {
  Histogram *h = (Histogram *)uv->data;
  uint64_t now = uv_hrtime();
  if (h->last > 0 && now > h->last) histogram_record(h, now - h->last);
  h->last = now;
}

static Histogram *check_histogram(lua_State *L) { return class_check(L, 1, &histogram_class); }

static int histogram_enable(lua_State *L) {
  Histogram *h = check_histogram(L);
  bool starts = !h->enabled && handle_is_open(&h->base);
  if (starts) {
    h->last = 0;
    (void)uv_timer_start(&h->uv, on_interval, h->resolution, h->resolution);
    uv_unref((uv_handle_t *)&h->uv);
    handle_pin(L, &h->base, 1);
    h->enabled = true;
  }
  lua_pushboolean(L, starts);
  return 1;
}

static int histogram_disable(lua_State *L) {
  Histogram *h = check_histogram(L);
  bool stops = h->enabled;
  if (stops) {
    if (handle_is_open(&h->base)) (void)uv_timer_stop(&h->uv);
    handle_unpin(&h->base);
    h->enabled = false;
  }
  lua_pushboolean(L, stops);
  return 1;
}

static int histogram_reset(lua_State *L) {
  histogram_clear(check_histogram(L));
  return 0;
}

static uint64_t percentile_of(const Histogram *h, double p) {
  uint64_t wanted = (uint64_t)ceil(p / 100 * (double)h->count), seen = 0;
  if (wanted == 0) wanted = 1;
  for (int i = 0; i < BUCKETS && h->count > 0; i++) {
    seen += h->buckets[i];
    if (seen < wanted) continue;
    uint64_t top = bucket_top(i);
    return top < h->max ? top : h->max;
  }
  return h->max;
}

static int histogram_percentile(lua_State *L) {
  Histogram *h = check_histogram(L);
  lua_Number p = arg_number(L, 2, "percentile");
  if (!(p > 0 && p <= 100)) return err_range(L, 2, "percentile", "> 0 && <= 100");
  lua_pushinteger(L, (lua_Integer)percentile_of(h, p));
  return 1;
}

/* { [50] = ns, [75] = ns, ... [100] = ns } */
static int histogram_percentiles(lua_State *L) {
  Histogram *h = check_histogram(L);
  lua_newtable(L);
  for (double p = 50; h->count > 0 && p < 100 && percentile_of(h, p) < h->max; p += (100 - p) / 2) {
    lua_pushinteger(L, (lua_Integer)percentile_of(h, p));
    lua_pushnumber(L, p);
    lua_insert(L, -2);
    lua_rawset(L, -3);
  }
  lua_pushinteger(L, (lua_Integer)h->max);
  lua_rawseti(L, -2, 100);
  return 1;
}

static int histogram_min(lua_State *L) { lua_pushinteger(L, (lua_Integer)check_histogram(L)->min); return 1; }
static int histogram_max(lua_State *L) { lua_pushinteger(L, (lua_Integer)check_histogram(L)->max); return 1; }
static int histogram_count(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)check_histogram(L)->count);
  return 1;
}
static int histogram_mean(lua_State *L) {
  Histogram *h = check_histogram(L);
  lua_pushnumber(L, h->count ? h->mean : NAN);
  return 1;
}
static int histogram_stddev(lua_State *L) {
  Histogram *h = check_histogram(L);
  lua_pushnumber(L, h->count ? sqrt(h->squares / (double)h->count) : NAN);
  return 1;
}

static int monitor_delay(lua_State *L) {
  enum { DEFAULT_RESOLUTION = 10 };
  lua_settop(L, 1);
  if (!lua_isnil(L, 1)) arg_table(L, 1, "options");
  lua_Integer resolution = opt_integer(L, 1, "resolution", 1, ((lua_Integer)1 << 53) - 1, DEFAULT_RESOLUTION);
  rt_check_open(L);
  Histogram *h = handle_new(L, &histogram_class, sizeof *h, 0);
  h->resolution = (uint64_t)resolution;
  histogram_clear(h);
  int err = uv_timer_init(&rt_of(L)->loop, &h->uv);
  if (err < 0) return err_raise_uv(L, err, "uv_timer_init");
  uv_unref((uv_handle_t *)&h->uv);
  handle_opened(&h->base, (uv_handle_t *)&h->uv);
  return 1;
}

/* ---- rows ---- */

static const FnDef histogram_methods[] = {
  { "enable", histogram_enable, FN_METHOD, "enable(): boolean", "Starts; false when it runs already.", NULL,
    NULL, NULL },
  { "disable", histogram_disable, FN_METHOD, "disable(): boolean", "Stops; false when it does not run.", NULL,
    NULL, NULL },
  { "percentile", histogram_percentile, FN_METHOD, "percentile(percentile: number): integer",
    "So many per cent of the values are at most this, in nanoseconds.", NULL, NULL, NULL },
  { "reset", histogram_reset, FN_METHOD, "reset()", "Forgets all values.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef histogram_props[] = {
  { "count", histogram_count, NULL, "integer", "How many values there are." },
  { "max", histogram_max, NULL, "integer", "The largest, in nanoseconds." },
  { "mean", histogram_mean, NULL, "number", "Their mean; nan without any." },
  { "min", histogram_min, NULL, "integer", "The smallest; math.maxinteger without any." },
  { "percentiles", histogram_percentiles, NULL, "table", "Values by their percentiles: 50, 75, 87.5 ... 100." },
  { "stddev", histogram_stddev, NULL, "number", "Their standard deviation." },
  { 0 }
};

const ClassDef histogram_class = {
  .name = "Histogram", .abstract = true, .gc = handle_gc, .methods = histogram_methods,
  .props = histogram_props,
  .doc = "Times in nanoseconds, as monitorEventLoopDelay gathers them."
};

static const OptDef delay_options[] = {
  { "resolution", "integer", "10", "Milliseconds between two looks." },
  { 0 }
};
static const OptDef mark_options[] = {
  { "detail", "any", NULL, "Kept with the entry." },
  { "startTime", "number", NULL, "Instead of now." },
  { 0 }
};

static const FnDef perf_functions[] = {
  { "monitorEventLoopDelay", monitor_delay, FN_STATIC, "monitorEventLoopDelay(options: table?): Histogram",
    "A histogram of the time between two looks at the loop, which grows when something blocks it. "
    "Nothing is measured before enable().", delay_options,
    "local h = perf_hooks.monitorEventLoopDelay { resolution = 5 }\nh:enable()\n"
    "setTimeout(function() h:disable() print(h.max > 0) end, 30)", NULL },
  { "performance.clearMarks", NULL, FN_STATIC, "performance.clearMarks(name: string?)",
    "Forgets the marks, or those of the name.", NULL, NULL, NULL },
  { "performance.clearMeasures", NULL, FN_STATIC, "performance.clearMeasures(name: string?)",
    "Forgets the measures, or those of the name.", NULL, NULL, NULL },
  { "performance.eventLoopUtilization", NULL, FN_STATIC,
    "performance.eventLoopUtilization(util1: table?, util2: table?): table",
    "How long the loop was idle and active (ms), and the share of it that was active: in all, since util1, or "
    "between util2 and util1.", NULL, "print(performance.eventLoopUtilization().utilization <= 1)",
    "Counted from the first use of the module on." },
  { "performance.getEntries", NULL, FN_STATIC, "performance.getEntries(): table[]",
    "All marks and measures by their start.", NULL, NULL, NULL },
  { "performance.getEntriesByName", NULL, FN_STATIC,
    "performance.getEntriesByName(name: string, type: string?): table[]", "Those of the name.", NULL, NULL,
    NULL },
  { "performance.getEntriesByType", NULL, FN_STATIC, "performance.getEntriesByType(type: string): table[]",
    "Those of a type: \"mark\" or \"measure\".", NULL, NULL, NULL },
  { "performance.mark", NULL, FN_STATIC, "performance.mark(name: string, options: table?): table",
    "Notes the time under a name.", mark_options, "performance.mark \"begin\"", NULL },
  { "performance.measure", NULL, FN_STATIC,
    "performance.measure(name: string, start: string|number|table?, finish: string|number?): table",
    "The time between two marks; without them from the program's start and to now. A table may have start, "
    "finish, duration and detail.", NULL,
    "performance.mark \"a\"\nprint(performance.measure(\"since a\", \"a\").duration >= 0)", NULL },
  { "performance.now", NULL, FN_STATIC, "performance.now(): number",
    "Milliseconds since the program began, with their fractions.", NULL, "print(performance.now() > 0)",
    NULL },
  { 0 }
};

static const PropDef perf_constants[] = {
  { "performance", NULL, NULL, "table", "The clock and its entries; global, too." },
  { "performance.timeOrigin", NULL, NULL, "number", "When the program began: milliseconds since 1970." },
  { 0 }
};

static const ClassDef *const perf_classes[] = { &entry_class, &mark_class, &measure_class, NULL };
static const ClassDef *const perf_objects[] = { &histogram_class, NULL };

static int perf_open(lua_State *L) {
  static const luaL_Reg functions[] = {
    { "clearMarks", clear_marks },          { "clearMeasures", clear_measures },
    { "eventLoopUtilization", utilization }, { "getEntries", get_entries },
    { "getEntriesByName", get_by_name },    { "getEntriesByType", get_by_type },
    { "mark", performance_mark },           { "measure", performance_measure },
    { "now", performance_now },             { NULL, NULL }
  };
  Runtime *rt = rt_of(L);
  Perf *perf = perf_of(L);
  struct timespec wall;
  lua_settop(L, 1);
  (void)uv_loop_configure(&rt->loop, UV_METRICS_IDLE_TIME); /* can only say that it is on */
  perf->loop_start = uv_hrtime();
  perf->idle_start = uv_metrics_idle_time(&rt->loop);
  luaL_newlib(L, functions);
  if (clock_gettime(CLOCK_REALTIME, &wall) != 0) return luaL_error(L, "no clock");
  lua_pushnumber(L, (double)wall.tv_sec * 1e3 + (double)wall.tv_nsec / 1e6 - now_ms(L));
  lua_setfield(L, -2, "timeOrigin");
  lua_setfield(L, 1, "performance");
  return 1;
}

const ModuleDef perf_hooks_module = {
  .name = "perf_hooks", .functions = perf_functions, .classes = perf_classes, .objects = perf_objects,
  .constants = perf_constants, .open = perf_open,
  .doc = "Clocks and measures: how long something takes, and how long the event loop is held up.",
  .example = "local t = performance.now()\nfor i = 1, 1000 do end\nprint(performance.now() - t < 1000)"
};
