/* SPDX-License-Identifier: MIT */
/* console.c - console.log and its like.
 *
 * Each call puts its whole text together, indents it by the open groups and hands it to the writer at
 * once, so that lines of several processes do not mix. sink.c knows where it goes. Counters and timers are
 * tables of labels in user values of the console. */
#include "console.h"
#include "../core/class.h"
#include "../core/error.h"
#include "../core/opts.h"
#include "../core/runtime.h"

#include <stdio.h>
#include <string.h>

enum { GROUP_STEP = 2, MAX_INDENT = 1000 };

static Console *self_of(lua_State *L) {
  Console *console = class_check(L, 1, &console_class);
  if (console->sink == SINK_NONE)
    err_raise(L, &type_error_class, "ERR_CONSOLE_WRITABLE_STREAM",
              "Console expects a writable stream instance for stdout");
  return console;
}

/* ---- writing ---- */

static void print_args(lua_State *L, int first, int fd) {
  (void)self_of(L);
  int last = lua_gettop(L);
  InspectOptions look = console_options(L, fd);
  StrBuf *out = inspect_take_buffer(L);
  inspect_format(L, first, last, out, &look);
  console_write(L, out, fd);
}

static int console_log(lua_State *L) {
  print_args(L, 2, TO_OUT);
  return 0;
}

static int console_error(lua_State *L) {
  print_args(L, 2, TO_ERR);
  return 0;
}

static int console_dir(lua_State *L) {
  (void)self_of(L);
  InspectOptions opt = console_options(L, TO_OUT);
  opt.no_calls = true; /* shows the object itself, not what it says of itself */
  lua_settop(L, 3);
  inspect_read_options(L, 3, &opt);
  StrBuf *out = inspect_take_buffer(L);
  inspect_append(L, 2, out, &opt);
  console_write(L, out, TO_OUT);
  return 0;
}

/* `Trace: text` and the calls that led here */
static int console_trace(lua_State *L) {
  (void)self_of(L);
  int last = lua_gettop(L);
  size_t len;
  InspectOptions look = console_options(L, TO_ERR);
  StrBuf *out = inspect_take_buffer(L);
  strbuf_adds(out, last > 1 ? "Trace: " : "Trace");
  inspect_format(L, 2, last, out, &look);
  err_push_stack(L, L, 1);
  const char *stack = lua_tolstring(L, -1, &len);
  strbuf_add(out, stack, len);
  lua_pop(L, 1);
  console_write(L, out, TO_ERR);
  return 0;
}

static int console_assert(lua_State *L) {
  (void)self_of(L);
  int last = lua_gettop(L);
  if (lua_toboolean(L, 2)) return 0;
  InspectOptions look = console_options(L, TO_ERR);
  StrBuf *out = inspect_take_buffer(L);
  strbuf_adds(out, "Assertion failed");
  if (last > 2) {
    strbuf_adds(out, ": ");
    inspect_format(L, 3, last, out, &look);
  }
  console_write(L, out, TO_ERR);
  return 0;
}

static int console_table(lua_State *L) {
  (void)self_of(L);
  lua_settop(L, 3);
  if (!lua_isnil(L, 3)) arg_table(L, 3, "properties");
  InspectOptions look = console_options(L, TO_OUT);
  StrBuf *out = inspect_take_buffer(L);
  if (!console_add_table(L, 2, 3, &look, out)) inspect_format(L, 2, 2, out, &look);
  console_write(L, out, TO_OUT);
  return 0;
}

static int console_clear(lua_State *L) {
  (void)self_of(L);
  console_wipe(L);
  return 0;
}

/* ---- groups ---- */

static int console_group(lua_State *L) {
  Console *console = self_of(L);
  if (lua_gettop(L) > 1) print_args(L, 2, TO_OUT);
  if (console->indent < MAX_INDENT) console->indent += console->step;
  return 0;
}

static int console_group_end(lua_State *L) {
  Console *console = self_of(L);
  console->indent = console->indent > console->step ? console->indent - console->step : 0;
  return 0;
}

/* ---- labels ---- */

/* Puts the text of the label at 2 ("default" when nil) there. */
static const char *label_arg(lua_State *L) {
  if (lua_gettop(L) < 2) lua_settop(L, 2);
  if (lua_isnil(L, 2)) lua_pushliteral(L, "default");
  else luaL_tolstring(L, 2, NULL);
  lua_replace(L, 2);
  return lua_tostring(L, 2);
}

static void push_labels(lua_State *L, int uv) {
  if (lua_getiuservalue(L, 1, uv) == LUA_TTABLE) return;
  lua_pop(L, 1);
  lua_newtable(L);
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, 1, uv);
}

/* A process warning, as Node gives them for labels. */
static void warn_label(lua_State *L, const char *fmt, const char *label) {
  err_push(L, NULL, NULL, fmt, label);
  lua_pushliteral(L, "Warning");
  lua_setfield(L, -2, "name");
  rt_warning(L);
}

static int console_count(lua_State *L) {
  (void)self_of(L);
  const char *label = label_arg(L);
  lua_settop(L, 2);
  push_labels(L, UV_COUNTS);
  lua_pushvalue(L, 2);
  lua_rawget(L, 3);
  lua_Integer n = lua_tointeger(L, -1) + 1;
  lua_pushvalue(L, 2);
  lua_pushinteger(L, n);
  lua_rawset(L, 3);
  StrBuf *out = inspect_take_buffer(L);
  strbuf_add(out, label, lua_rawlen(L, 2));
  strbuf_addf(out, ": %lld", (long long)n);
  console_write(L, out, TO_OUT);
  return 0;
}

static int console_count_reset(lua_State *L) {
  (void)self_of(L);
  const char *label = label_arg(L);
  lua_settop(L, 2);
  push_labels(L, UV_COUNTS);
  lua_pushvalue(L, 2);
  if (lua_rawget(L, 3) == LUA_TNIL) {
    warn_label(L, "Count for '%s' does not exist", label);
  } else {
    lua_pushvalue(L, 2);
    lua_pushnil(L);
    lua_rawset(L, 3);
  }
  return 0;
}

static int console_time(lua_State *L) {
  (void)self_of(L);
  const char *label = label_arg(L);
  lua_settop(L, 2);
  push_labels(L, UV_TIMERS);
  lua_pushvalue(L, 2);
  if (lua_rawget(L, 3) != LUA_TNIL) {
    warn_label(L, "Label '%s' already exists for console.time()", label);
    return 0;
  }
  lua_pushvalue(L, 2);
  lua_pushinteger(L, (lua_Integer)uv_hrtime());
  lua_rawset(L, 3);
  return 0;
}

/* `0.074ms`, `1.234s`, `1:02.345 (m:ss.mmm)`, `1:00:02 (h:mm:ss)` */
static void add_duration(StrBuf *out, double ms) {
  double s = ms / 1000;
  long minutes = (long)(s / 60);
  if (s >= 3600)
    strbuf_addf(out, "%ld:%02ld:%02d (h:mm:ss)", minutes / 60, minutes % 60, (int)s % 60);
  else if (s >= 60)
    strbuf_addf(out, "%ld:%02d.%03d (m:ss.mmm)", minutes, (int)s % 60, (int)(ms - (int)s * 1000.0));
  else if (ms >= 1000) strbuf_addf(out, "%.3fs", s);
  else if (ms >= 0.0005) {
    char text[32];
    snprintf(text, sizeof text, "%.3f", ms);
    size_t len = strlen(text);
    while (text[len - 1] == '0') text[--len] = '\0';
    if (text[len - 1] == '.') text[--len] = '\0';
    strbuf_addf(out, "%sms", text);
  } else strbuf_adds(out, "0ms");
}

/* Shows the time of a label with the values behind it. False: there is no such label. */
static bool show_time(lua_State *L, const char *caller) {
  (void)self_of(L);
  const char *label = label_arg(L);
  InspectOptions look = console_options(L, TO_OUT);
  int last = lua_gettop(L);
  push_labels(L, UV_TIMERS);
  lua_pushvalue(L, 2);
  if (lua_rawget(L, -2) == LUA_TNIL) {
    lua_pushfstring(L, "No such label '%%s' for console.%s()", caller);
    warn_label(L, lua_tostring(L, -1), label);
    return false;
  }
  double ms = (double)(uv_hrtime() - (uint64_t)lua_tointeger(L, -1)) / 1e6;
  StrBuf *out = inspect_take_buffer(L);
  strbuf_add(out, label, lua_rawlen(L, 2));
  strbuf_adds(out, ": ");
  add_duration(out, ms);
  for (int i = 3; i <= last; i++) {
    strbuf_addc(out, ' ');
    inspect_format(L, i, i, out, &look);
  }
  console_write(L, out, TO_OUT);
  return true;
}

static int console_time_log(lua_State *L) {
  (void)show_time(L, "timeLog");
  return 0;
}

static int console_time_end(lua_State *L) {
  if (lua_gettop(L) > 2) lua_settop(L, 2);
  if (!show_time(L, "timeEnd")) return 0;
  push_labels(L, UV_TIMERS);
  lua_pushvalue(L, 2);
  lua_pushnil(L);
  lua_rawset(L, -3);
  return 0;
}

/* ---- rows ---- */

static const OptDef dir_options[] = { { "depth", "number", "2",
                                        "Levels of tables that are opened; math.huge for all." },
                                      { "colors", "boolean", "false", "Colours for a terminal." },
                                      { "showHidden", "boolean", "false", "Shows metatables too." },
                                      { 0 } };

static const OptDef console_init_options[] = {
  { "stdout", "Writable", NULL, "Where the text goes: any object with a method write(self, text)." },
  { "stderr", "Writable", "options.stdout", "Where errors, warnings, traces and assertions go." },
  { "ignoreErrors", "boolean", "true", "Errors of the streams are nobody's business." },
  { "colorMode", "string|boolean", "\"auto\"",
    "\"auto\": colours when the stream's isTTY and getColorDepth say so." },
  { "inspectOptions", "table", NULL, "Options of util.inspect for all values." },
  { "groupIndentation", "integer", "2", "Columns of one group." },
  { 0 }
};

static const FnDef console_methods[] = {
  { "init", console_init, FN_METHOD,
    "init(stdout: Writable|table, stderr: Writable?, ignoreErrors: boolean?)",
    "The constructor: with streams, or a table of options.", console_init_options, NULL, NULL },
  { "log", console_log, FN_METHOD, "log(...: any)",
    "Writes the values to standard output as one line, as util.format puts them together: strings "
    "as "
    "they are, tables opened.",
    NULL, "console.log(\"%s has %d\", \"ann\", 3, { 1, 2, name = \"x\" })", NULL },
  { "info", console_log, FN_METHOD, "info(...: any)", "The same as log.", NULL, NULL, NULL },
  { "debug", console_log, FN_METHOD, "debug(...: any)", "The same as log.", NULL, NULL, NULL },
  { "error", console_error, FN_METHOD, "error(...: any)", "As log, to standard error.", NULL, NULL,
    NULL },
  { "warn", console_error, FN_METHOD, "warn(...: any)", "The same as error.", NULL, NULL, NULL },
  { "dir", console_dir, FN_METHOD, "dir(value: any, options: table?)",
    "Shows one value with the options of util.inspect, without asking its own inspect method.",
    dir_options, "console.dir({ a = { b = { c = 1 } } }, { depth = 0 })", NULL },
  { "dirxml", console_log, FN_METHOD, "dirxml(...: any)", "The same as log.", NULL, NULL, NULL },
  { "trace", console_trace, FN_METHOD, "trace(...: any)",
    "Writes `Trace: text` and the calls that led here to standard error.", NULL, NULL, NULL },
  { "assert", console_assert, FN_METHOD, "assert(value: any, ...: any)",
    "Writes `Assertion failed` and the further values to standard error when the value is nil or "
    "false. Nothing is raised.",
    NULL, "console.assert(1 == 2, \"%s is wrong\", \"this\")", NULL },
  { "count", console_count, FN_METHOD, "count(label: string?)",
    "Writes how often it was called with this label.", NULL,
    "console.count(\"seen\")\nconsole.count(\"seen\")", NULL },
  { "countReset", console_count_reset, FN_METHOD, "countReset(label: string?)",
    "Lets the label's count start anew.", NULL, NULL, NULL },
  { "time", console_time, FN_METHOD, "time(label: string?)", "Starts a stop-watch.", NULL,
    "console.time(\"sum\")\nconsole.timeEnd(\"sum\")", NULL },
  { "timeLog", console_time_log, FN_METHOD, "timeLog(label: string?, ...: any)",
    "Writes the time since time(label), which goes on.", NULL, NULL, NULL },
  { "timeEnd", console_time_end, FN_METHOD, "timeEnd(label: string?)",
    "Writes the time since time(label) and ends it.", NULL, NULL, NULL },
  { "group", console_group, FN_METHOD, "group(...: any)",
    "Writes the values and indents what follows by two more columns.", NULL,
    "console.group(\"outer\")\nconsole.log(\"inner\")\nconsole.groupEnd()", NULL },
  { "groupCollapsed", console_group, FN_METHOD, "groupCollapsed(...: any)", "The same as group.",
    NULL, NULL, NULL },
  { "groupEnd", console_group_end, FN_METHOD, "groupEnd()", "Ends the last group.", NULL, NULL,
    NULL },
  { "table", console_table, FN_METHOD, "table(data: any, properties: string[]?)",
    "Writes a table of rows: one for each entry, a column for each of their fields, or those "
    "named.",
    NULL, "console.table({ { x = 1, y = 2 }, { x = 3 } })",
    "Rows and columns are sorted: elements first, then keys by their bytes." },
  { "clear", console_clear, FN_METHOD, "clear()",
    "Clears the terminal when standard output is one.", NULL, NULL, NULL },
  { 0 }
};

static int console_alloc(lua_State *L) {
  class_new(L, &console_class, sizeof(Console), CONSOLE_VALUES);
  return 1;
}

const ClassDef console_class = {
  .name = "Console", .alloc = console_alloc, .init = console_init, .bound = true,
  .methods = console_methods,
  .doc = "Writes values for a person to read. The console object is one; Console(stdout, stderr) or "
         "Console{ stdout = ..., ... } makes another over streams of your own, in which all of its "
         "functions work. They may be called with a dot or a colon.",
  .example = "local out = require(\"stream\").PassThrough()\n"
             "local logger = console.Console(out)\nlogger.log(\"written to out\")\n"
             "print(out:read())"
};

/* The global object writes where the program writes. */
static int console_open(lua_State *L) {
  Console *console = class_new(L, &console_class, sizeof(Console), CONSOLE_VALUES);
  *console = (Console){ .sink = SINK_DESCRIPTORS, .step = GROUP_STEP };
  console_read_environment(L, console);
  class_push(L, &console_class);
  lua_setfield(L, -2, "Console");
  class_bind(L, &console_class, -1);
  return 1;
}

static const ClassDef *const console_classes[] = { &console_class, NULL };

const ModuleDef console_module = {
  .name = "console",
  .classes = console_classes,
  .open = console_open,
  .doc =
      "The console object: writes values to standard output and standard error. Its functions are "
      "called with a dot or a colon.",
  .example = "console.log({ 1, 2, name = \"x\" })"
};
