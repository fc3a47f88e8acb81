/* SPDX-License-Identifier: MIT */
/* report.c - see report.h: the object process.report, when a report is written, and where to.
 *
 * The object is made on first use and process keeps it; the signal is watched while reportOnSignal
 * is on, by an internal handle that does not keep the loop alive. */
#include "report.h"
#include "parts.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/opts.h"
#include "../core/out.h"
#include "../core/signame.h"
#include "../core/strbuf.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { RV_DIRECTORY = UV_CLASS, RV_FILENAME, RV_SIGNAL, NRV = 3 };

typedef struct Report {
  bool compact, exclude_network, on_fatal, on_signal, on_uncaught;
  int count;       /* reports written so far */
  Handle *watched; /* of the signal; owns itself */
} Report;

static Report *report_self(lua_State *L) {
  return class_check(L, 1, &report_class);
}

static void make_report(lua_State *L) {
  static const char *const first[] = { "", "", "SIGUSR2" };
  (void)class_new(L, &report_class, sizeof(Report), NRV);
  for (int i = 0; i < NRV; i++) {
    lua_pushstring(L, first[i]);
    lua_setiuservalue(L, -2, RV_DIRECTORY + i);
  }
  class_set_singleton(L, &report_class, -1);
}

int process_get_report(lua_State *L) {
  return process_cached(L, PV_REPORT, make_report);
}

/* The report object, pushed, where a script has made one; else NULL and nothing. [+1|0] */
static Report *report_push_made(lua_State *L) {
  process_push(L);
  (void)lua_getiuservalue(L, -1, PV_REPORT);
  lua_remove(L, -2);
  Report *report = class_test(L, -1, &report_class);
  if (!report) lua_pop(L, 1);
  return report;
}

/* ---- writing ---- */

/* Pushes the name that a report gets by itself. [+1] */
static void push_file_name(lua_State *L, int count) {
  char text[96], stamp[32];
  time_t now = time(NULL);
  struct tm local;
  (void)localtime_r(&now, &local);
  (void)strftime(stamp, sizeof stamp, "%Y%m%d.%H%M%S", &local);
  (void)snprintf(text, sizeof text, "report.%s.%d.%u.%03d.json", stamp, (int)getpid(),
                 rt_of(L)->thread_id, count);
  lua_pushstring(L, text);
}

static void say(lua_State *L, const char *fmt, const char *what) {
  const char *text = lua_pushfstring(L, fmt, what);
  (void)out_write(2, text, strlen(text));
  lua_pop(L, 1);
}

/* Writes the text; "" instead of the name when the file cannot be opened, as in Node. The name is
 * on top. [0] */
static bool write_file(lua_State *L, int report, const StrBuf *text) {
  const char *name = lua_tostring(L, -1), *path = name;
  int fd = !strcmp(name, "stdout") ? 1 : !strcmp(name, "stderr") ? 2 : 0;
  if (fd) return out_write(fd, text->p, text->len) == 0;
  lua_getiuservalue(L, report, RV_DIRECTORY);
  if (lua_rawlen(L, -1) > 0) path = lua_pushfstring(L, "%s/%s", lua_tostring(L, -1), name);
  else lua_pushnil(L);
  FILE *file = fopen(path, "we");
  if (!file) {
    say(L, "\nFailed to open moonfork report file: %s", path);
    say(L, " (%s)\n", uv_err_name(uv_translate_sys_error(errno)));
  } else {
    say(L, "\nWriting moonfork report to file: %s\n", path);
    bool ok = fwrite(text->p, 1, text->len, file) == text->len;
    ok = fclose(file) == 0 && ok;
    say(L, "%s\n", ok ? "moonfork report completed" : "moonfork report is not complete");
  }
  lua_pop(L, 2);
  return file != NULL;
}

/* (process, report, filename or nil, error or nil, event, trigger) -> the file's name, "" when it
 * could not be opened */
static int write_body(lua_State *L) {
  Report *report = class_check(L, 2, &report_class);
  lua_settop(L, 6);
  report->count++;
  if (lua_isnil(L, 3) && lua_getiuservalue(L, 2, RV_FILENAME) == LUA_TSTRING && lua_rawlen(L, 7) > 0)
    lua_replace(L, 3);
  lua_settop(L, 6);
  if (lua_isnil(L, 3)) {
    push_file_name(L, report->count);
    lua_replace(L, 3);
  }
  ReportWish wish = { .event = lua_tostring(L, 5),
                      .trigger = lua_tostring(L, 6),
                      .filename = lua_tostring(L, 3),
                      .error = lua_isnil(L, 4) ? 0 : 4,
                      .exclude_network = report->exclude_network };
  report_push(L, &wish);
  StrBuf *text = strbuf_new_lua(L);
  JsonOptions options = { .indent = report->compact ? NULL : "  " };
  if (json_encode(L, 7, text, &options) != 0) return lua_error(L);
  strbuf_addc(text, '\n');
  if (text->failed) return luaL_error(L, "not enough memory");
  lua_pushvalue(L, 3);
  if (!write_file(L, 2, text)) lua_pushliteral(L, "");
  strbuf_free(text);
  return 1;
}

/* Pushes write_body, process, the report at `report`, the file's name at `name` and the error at
 * `error` (0: none), and the two words. [+7] */
static void push_write(lua_State *L, int report, int name, int error, const char *event,
                       const char *trigger) {
  luaL_checkstack(L, 12, "report");
  lua_pushcfunction(L, write_body);
  process_push(L);
  lua_pushvalue(L, report);
  if (name) lua_pushvalue(L, name);
  else lua_pushnil(L);
  if (error) lua_pushvalue(L, error);
  else lua_pushnil(L);
  lua_pushstring(L, event);
  lua_pushstring(L, trigger);
}

/* ---- functions ---- */

static void check_error(lua_State *L, int idx) {
  if (!lua_isnil(L, idx) && !lua_istable(L, idx) && !lua_isuserdata(L, idx))
    err_arg_type(L, idx, "err", "of type table");
  if (json_is_null(L, idx)) err_arg_type(L, idx, "err", "of type table");
}

static int report_get(lua_State *L) {
  const Report *report = report_self(L);
  lua_settop(L, 2);
  check_error(L, 2);
  ReportWish wish = { .event = "Lua API", .trigger = "GetReport",
                      .error = lua_isnil(L, 2) ? 0 : 2,
                      .exclude_network = report->exclude_network };
  process_push(L);
  lua_replace(L, 1);
  report_push(L, &wish);
  return 1;
}

static int report_write(lua_State *L) {
  (void)report_self(L);
  lua_settop(L, 3);
  bool is_name = lua_type(L, 2) == LUA_TSTRING;
  if (!is_name && (lua_istable(L, 2) || (lua_isuserdata(L, 2) && !json_is_null(L, 2)))) {
    lua_remove(L, 2); /* (err) */
    lua_pushnil(L);
    lua_insert(L, 2);
  } else if (!is_name && !lua_isnil(L, 2)) {
    return err_arg_type(L, 2, "file", "of type string");
  }
  if (is_name) (void)arg_cstring(L, 2, "file");
  check_error(L, 3);
  push_write(L, 1, 2, 3, "Lua API", "API");
  lua_call(L, 6, 1);
  return 1;
}

/* ---- triggers ---- */

static int signal_deliver(lua_State *L) {
  if (!report_push_made(L)) return 0;
  lua_getiuservalue(L, -1, RV_SIGNAL);
  push_write(L, lua_gettop(L) - 1, 0, 0, lua_tostring(L, -1), "Signal");
  lua_call(L, 6, 0);
  return 0;
}

/* The signal is watched when it is wanted, with its name as it is now. */
static void watch_again(lua_State *L, Report *report) {
  if (report->watched) process_unwatch_signal(&report->watched);
  if (!report->on_signal) return;
  lua_getiuservalue(L, 1, RV_SIGNAL);
  int err = process_watch_signal(rt_of(L), &report->watched, lua_tostring(L, -1), signal_deliver);
  lua_pop(L, 1);
  if (err < 0) {
    report->on_signal = false;
    err_raise_uv(L, err, "uv_signal_start");
  }
}

/* Pushes the error's message, or a word in its place. [+1] */
static const char *push_message(lua_State *L, int idx) {
  if (lua_istable(L, idx) && lua_getfield(L, idx, "message") == LUA_TSTRING)
    return lua_tostring(L, -1);
  lua_pushliteral(L, "Exception");
  return lua_tostring(L, -1);
}

void report_on_uncaught(lua_State *L, int idx) {
  idx = lua_absindex(L, idx);
  const Report *report = report_push_made(L);
  if (!report) return;
  int at = lua_gettop(L);
  if (report->on_uncaught) {
    const char *message = push_message(L, idx);
    push_write(L, at, 0, idx, message, "Exception");
    lua_call(L, 6, 0);
  }
  lua_settop(L, at - 1);
}

/* (error) */
static int fatal_body(lua_State *L) {
  const Report *report = report_push_made(L);
  if (!report || !report->on_fatal) return 0;
  const char *message = push_message(L, 1);
  push_write(L, 2, 0, 1, message, "FatalError");
  lua_call(L, 6, 0);
  return 0;
}

void report_on_fatal(lua_State *L) {
  if (!lua_checkstack(L, 4)) return;
  lua_pushcfunction(L, fatal_body);
  lua_pushvalue(L, -2);
  if (lua_pcall(L, 1, 0, 0) != LUA_OK) lua_pop(L, 1); /* the error itself is told all the same */
}

/* ---- properties ---- */

static int get_flag(lua_State *L, bool on) {
  lua_pushboolean(L, on);
  return 1;
}

static bool want_flag(lua_State *L, const char *name) {
  if (!lua_isboolean(L, 2)) err_arg_type(L, 2, name, "of type boolean");
  return lua_toboolean(L, 2);
}

static int report_get_compact(lua_State *L) {
  return get_flag(L, report_self(L)->compact);
}
static int report_set_compact(lua_State *L) {
  report_self(L)->compact = want_flag(L, "compact");
  return 0;
}
static int report_get_exclude(lua_State *L) {
  return get_flag(L, report_self(L)->exclude_network);
}
static int report_set_exclude(lua_State *L) {
  report_self(L)->exclude_network = want_flag(L, "excludeNetwork");
  return 0;
}
static int report_get_fatal(lua_State *L) {
  return get_flag(L, report_self(L)->on_fatal);
}
static int report_set_fatal(lua_State *L) {
  report_self(L)->on_fatal = want_flag(L, "trigger");
  return 0;
}
static int report_get_uncaught(lua_State *L) {
  return get_flag(L, report_self(L)->on_uncaught);
}
static int report_set_uncaught(lua_State *L) {
  report_self(L)->on_uncaught = want_flag(L, "trigger");
  return 0;
}
static int report_get_on_signal(lua_State *L) {
  return get_flag(L, report_self(L)->on_signal);
}
static int report_set_on_signal(lua_State *L) {
  Report *report = report_self(L);
  report->on_signal = want_flag(L, "trigger");
  watch_again(L, report);
  return 0;
}

static int get_word(lua_State *L, int slot) {
  (void)report_self(L);
  lua_getiuservalue(L, 1, slot);
  return 1;
}

static int set_word(lua_State *L, int slot, const char *name) {
  (void)report_self(L);
  (void)arg_cstring(L, 2, name);
  lua_pushvalue(L, 2);
  lua_setiuservalue(L, 1, slot);
  return 0;
}

static int report_get_directory(lua_State *L) {
  return get_word(L, RV_DIRECTORY);
}
static int report_set_directory(lua_State *L) {
  return set_word(L, RV_DIRECTORY, "directory");
}
static int report_get_filename(lua_State *L) {
  return get_word(L, RV_FILENAME);
}
static int report_set_filename(lua_State *L) {
  return set_word(L, RV_FILENAME, "filename");
}
static int report_get_signal(lua_State *L) {
  return get_word(L, RV_SIGNAL);
}

static int report_set_signal(lua_State *L) {
  Report *report = report_self(L);
  const char *name = arg_cstring(L, 2, "signal");
  if (!signal_number(name, false))
    return err_raise(L, &type_error_class, "ERR_UNKNOWN_SIGNAL", "Unknown signal: %s", name);
  (void)set_word(L, RV_SIGNAL, "signal");
  watch_again(L, report);
  return 0;
}

/* ---- rows ---- */

static const FnDef report_methods[] = {
  { "getReport", report_get, FN_METHOD, "getReport(err: Error?): table",
    "The state of the program now, as a table; with an error, its stack in place of the one here.",
    NULL, "print(process.report.getReport().header.processId)",
    "A table; in Node an object of the same sections. The stack and the heap are Lua's." },
  { "writeReport", report_write, FN_METHOD,
    "writeReport(filename: string|Error?, err: Error?): string",
    "Writes the report to a file in process.report.directory and returns its name, \"\" when that "
    "failed. Without a name it is report.DATE.TIME.PID.THREAD.NUMBER.json; \"stdout\" and "
    "\"stderr\" "
    "are no files.",
    NULL, "process.report.writeReport(\"stdout\")", NULL },
  { 0 }
};

static const PropDef report_props[] = {
  { "compact", report_get_compact, report_set_compact, "boolean",
    "True: a report is one line, for programs to read." },
  { "directory", report_get_directory, report_set_directory, "string",
    "The folder for reports; \"\" is the working folder." },
  { "excludeNetwork", report_get_exclude, report_set_exclude, "boolean",
    "True: header.networkInterfaces is left out." },
  { "filename", report_get_filename, report_set_filename, "string",
    "The file's name; \"\" makes one of date, time and pid." },
  { "reportOnFatalError", report_get_fatal, report_set_fatal, "boolean",
    "True: a report is written when the program ends at once, because a handler of uncaught errors "
    "has failed." },
  { "reportOnSignal", report_get_on_signal, report_set_on_signal, "boolean",
    "True: each `signal` that comes writes a report." },
  { "reportOnUncaughtException", report_get_uncaught, report_set_uncaught, "boolean",
    "True: an error that nobody caught writes a report." },
  { "signal", report_get_signal, report_set_signal, "string",
    "The signal of reportOnSignal, \"SIGUSR2\" at first." },
  { 0 }
};

const ClassDef report_class = {
  .name = "Report",
  .abstract = true,
  .singleton = true,
  .methods = report_methods,
  .props = report_props,
  .doc = "Diagnostic reports: what the program, its loop and its system look like at one moment.",
  .example = "print(process.report.getReport().userLimits.open_files.soft)"
};
