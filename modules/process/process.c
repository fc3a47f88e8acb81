/* SPDX-License-Identifier: MIT */
/* process.c - the process object: its rows, its birth and the hooks that it hangs into the
 * runtime.
 *
 * The object is made when something first names it, so a script that never does pays nothing:
 * without it nobody can listen, and the runtime's own defaults hold. */
#include "parts.h"
#include "report.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/opts.h"
#include "../events/events.h"
#include "../stream/stdio.h"

#include <string.h>
#include <unistd.h>

Process *process_self(lua_State *L) {
  return class_check(L, 1, &process_class);
}

int process_cached(lua_State *L, int slot, void (*make)(lua_State *L)) {
  (void)process_self(L);
  if (lua_getiuservalue(L, 1, slot) != LUA_TNIL) return 1;
  lua_pop(L, 1);
  make(L);
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, 1, slot);
  return 1;
}

void process_push(lua_State *L) {
  (void)rt_require_builtin(L, "process");
}

static bool on_process_event(lua_State *L, const char *name, int nargs) {
  process_push(L);
  lua_insert(L, -nargs - 1);
  bool heard = emit(L, -nargs - 1, name, nargs);
  lua_pop(L, 1);
  return heard;
}

void process_main_only(lua_State *L, const char *what) {
  if (rt_of(L)->thread_id != 0)
    err_raise(L, &type_error_class, "ERR_WORKER_UNSUPPORTED_OPERATION", "%s is not supported in workers", what);
}

/* ---- small functions ---- */

static int process_next_tick(lua_State *L) {
  arg_function(L, 2, "callback");
  rt_next_tick(L, lua_gettop(L) - 2);
  return 0;
}

static int process_builtin_module(lua_State *L) {
  const char *name = arg_string(L, 2, "id", NULL);
  if (!rt_require_builtin(L, name)) lua_pushnil(L);
  return 1;
}

static int process_get_env(lua_State *L) {
  return process_cached(L, PV_ENV, process_make_env);
}

static int process_get_stdin(lua_State *L) {
  stdio_push(L, 0);
  return 1;
}

static int process_get_stdout(lua_State *L) {
  stdio_push(L, 1);
  return 1;
}

static int process_get_stderr(lua_State *L) {
  stdio_push(L, 2);
  return 1;
}

static int process_tostring(lua_State *L) {
  lua_pushliteral(L, "[object process]");
  return 1;
}

static int process_inspect(lua_State *L) {
  lua_pushfstring(L, "process { pid = %d, ppid = %d, execPath = \"", (int)getpid(), (int)getppid());
  process_get_exec_path(L);
  lua_pushliteral(L, "\" }");
  lua_concat(L, 3);
  return 1;
}

/* ---- the channel to a parent ---- */

static const ProcessChannel *channel_of(lua_State *L) {
  return process_self(L)->channel;
}

/* Only reached while there is a channel: see process_set_channel. */
static int process_send(lua_State *L) {
  const ProcessChannel *channel = channel_of(L);
  lua_remove(L, 1);
  return channel->send(L);
}

static int process_disconnect(lua_State *L) {
  const ProcessChannel *channel = channel_of(L);
  lua_remove(L, 1);
  return channel->disconnect(L);
}

static int process_get_channel(lua_State *L) {
  const ProcessChannel *channel = channel_of(L);
  lua_settop(L, 0);
  return channel ? channel->channel(L) : 0;
}

static int process_get_connected(lua_State *L) {
  const ProcessChannel *channel = channel_of(L);
  lua_settop(L, 0);
  return channel ? channel->connected(L) : 0;
}

/* The rows put send and disconnect into the class table; they are kept beside it until they
 * work. */
static const char *const channel_functions[] = { "send", "disconnect" };
static const char channel_kept = 0;

/* Stack: the class table on top. [0] */
static void hide_channel_functions(lua_State *L) {
  lua_createtable(L, 0, 2);
  for (int i = 0; i < 2; i++) {
    lua_getfield(L, -2, channel_functions[i]);
    lua_setfield(L, -2, channel_functions[i]);
    lua_pushnil(L);
    lua_setfield(L, -3, channel_functions[i]);
  }
  lua_rawsetp(L, LUA_REGISTRYINDEX, &channel_kept);
}

void process_set_channel(lua_State *L, const ProcessChannel *channel) {
  process_push(L);
  Process *process = class_check(L, lua_gettop(L), &process_class);
  process->channel = channel;
  class_push(L, &process_class);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &channel_kept);
  for (int i = 0; i < 2; i++) {
    if (channel) lua_getfield(L, -1, channel_functions[i]);
    else lua_pushnil(L);
    lua_setfield(L, -3, channel_functions[i]);
  }
  lua_pop(L, 3);
}

/* Somebody listens to multipleResolves, or no longer; as in Node, the first one is told that it is
 * deprecated. */
static void multiple_listeners(lua_State *L, Process *process, int count) {
  rt_of(L)->want_multiple = count > 0;
  if (process->multiple_told || count == 0) return;
  process->multiple_told = true;
  err_push(L, NULL, "DEP0160", "The multipleResolves event has been deprecated.");
  lua_pushliteral(L, "DeprecationWarning");
  lua_setfield(L, -2, "name");
  rt_warning(L);
}

static void process_listeners(lua_State *L, int idx, const char *event, int count) {
  Process *process = class_test(L, idx, &process_class);
  if (process && !strcmp(event, "multipleResolves")) multiple_listeners(L, process, count);
  if (process && process->channel && process->channel->listeners)
    process->channel->listeners(L, event, count);
  process_signal_listeners(L, idx, event, count);
}

/* ---- functions that have a function as a field: process.hrtime.bigint() ---- */

/* (table, ...): calls the upvalue with process in front. */
static int callable_call(lua_State *L) {
  lua_remove(L, 1);
  if (!class_is(L, 1, &process_class)) {
    process_push(L);
    lua_insert(L, 1);
  }
  return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

/* Replaces the methods `name` and `name.field` of the class table on top by one callable table.
 * [0] */
static void make_callable(lua_State *L, const char *name, lua_CFunction fn, const char *field,
                          const char *dotted) {
  lua_createtable(L, 0, 1);
  lua_getfield(L, -2, dotted);
  lua_setfield(L, -2, field);
  lua_createtable(L, 0, 2);
  lua_pushcfunction(L, fn);
  lua_pushcclosure(L, callable_call, 1);
  lua_setfield(L, -2, "__call");
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__name");
  lua_setmetatable(L, -2);
  lua_setfield(L, -2, name);
  lua_pushnil(L);
  lua_setfield(L, -2, dotted);
}

/* ---- birth ---- */

/* What print wrote has nobody to read it: the error on top is an event of process.stdout. [-1] */
static void on_output_error(lua_State *L) {
  process_push(L);
  lua_getfield(L, -1, "stdout");
  lua_pushvalue(L, -3);
  (void)emit(L, -2, "error", 1);
  lua_pop(L, 3);
}

static void process_hook(Runtime *rt) {
  rt->on_uncaught = process_on_uncaught;
  rt->on_warning = process_on_warning;
  rt->on_output_error = on_output_error;
  rt->on_fatal = report_on_fatal;
  rt->on_before_exit = process_on_before_exit;
  rt->on_exit = process_on_exit;
  rt->on_process_event = on_process_event;
}

static int process_open(lua_State *L) {
  Runtime *rt = rt_of(L);
  const Settings *settings = rt->settings;
  class_push(L, &process_class);
  make_callable(L, "hrtime", process_hrtime, "bigint", "hrtime.bigint");
  make_callable(L, "memoryUsage", process_memory_usage, "rss", "memoryUsage.rss");
  hide_channel_functions(L);
  Process *process = class_new(L, &process_class, sizeof *process, PV_LAST - UV_CLASS + 1);
  if (settings->no_deprecation) process->no_deprecation = YES;
  if (settings->throw_deprecation) process->throw_deprecation = YES;
  if (settings->trace_deprecation) process->trace_deprecation = YES;
  class_set_singleton(L, &process_class, -1);
  lua_pushcfunction(L, process_print_warning);
  emitter_on(L, -2, "warning", false);
  process_hook(rt);
  return 1;
}

/* ---- rows ---- */

static const OptDef warning_options[] = {
  { "type", "string", "\"Warning\"", "The warning's name." },
  { "code", "string", NULL, "A code that tells warnings apart." },
  { "detail", "string", NULL, "More text, printed on lines of its own." },
  { "ctor", "function", NULL, "The stack begins at the caller of this function." },
  { 0 }
};

static const OptDef send_options[] = {
  { "keepOpen", "boolean", "false", "A socket that is sent stays open here, too." }, { 0 }
};

static const FnDef process_methods[] = {
  { "abort", process_abort, FN_METHOD, "abort()",
    "Ends the process at once by SIGABRT, with a core file where the system writes one. No exit "
    "event.",
    NULL, NULL, NULL },
  { "availableMemory", process_available_memory, FN_METHOD, "availableMemory(): number",
    "Bytes that the process can still have: what is free, or what is left of a limit.", NULL,
    "print(process.availableMemory() // 2^20, \"MiB\")", NULL },
  { "chdir", process_chdir, FN_METHOD, "chdir(directory: string)",
    "Changes the working folder, or raises an Error with code, path and dest.", NULL,
    "process.chdir(os.tmpdir())", NULL },
  { "constrainedMemory", process_constrained_memory, FN_METHOD, "constrainedMemory(): number",
    "The limit of memory in bytes that the system sets this process; a huge number where there is "
    "none.",
    NULL, NULL, NULL },
  { "cpuUsage", process_cpu_usage, FN_METHOD, "cpuUsage(previousValue: table?): table",
    "Processor time in microseconds so far, { user, system }; with an earlier result, since that.",
    NULL,
    "local before = process.cpuUsage()\nfor i = 1, 1e6 do "
    "end\nprint(process.cpuUsage(before).user)",
    NULL },
  { "cwd", process_cwd, FN_METHOD, "cwd(): string", "The working folder.", NULL,
    "print(process.cwd())", NULL },
  { "disconnect", process_disconnect, FN_METHOD, "disconnect()",
    "Closes the channel to the parent. nil in a process that was not forked with one.", NULL, NULL,
    NULL },
  { "dlopen", process_dlopen, FN_METHOD, "dlopen(module: table, filename: string, flags: integer?)",
    "Loads a module for Lua that is written in C: calls its luaopen_NAME (NAME is the file's up to "
    "the first dot) and sets module.exports to what that returns. flags: os.constants.dlopen, "
    "RTLD_LAZY unless given. Raises an Error with code ERR_DLOPEN_FAILED.",
    NULL, NULL, "The library is one for Lua, not for Node." },
  { "emitWarning", process_emit_warning, FN_METHOD,
    "emitWarning(warning: string|Error, typeOrOptions: string|table?, code: string?, ctor: "
    "function?)",
    "Emits `warning` in the next tick, which prints it on standard error.", warning_options,
    "process.emitWarning(\"hot\", { type = \"Heat\", code = \"H1\", detail = \"open a window\" })",
    NULL },
  { "exit", process_exit, FN_METHOD, "exit(code: integer?)",
    "Ends the process with this code, else with process.exitCode: `exit` listeners run, nothing "
    "else "
    "does. No pcall holds it up.",
    NULL, NULL,
    "Never returns: in Node the error of an exit listener can be caught around the call, and the "
    "program "
    "goes on." },
  { "getActiveResourcesInfo", process_active_resources, FN_METHOD,
    "getActiveResourcesInfo(): string[]", "What keeps the program running, by kind.", NULL,
    "for _, kind in ipairs(process.getActiveResourcesInfo()) do print(kind) end", NULL },
  { "getBuiltinModule", process_builtin_module, FN_METHOD, "getBuiltinModule(id: string): any",
    "The built-in module of that name, nil when there is none.", NULL, NULL, NULL },
  { "getegid", process_getegid, FN_METHOD, "getegid(): integer", "The effective group id.", NULL,
    NULL, NULL },
  { "geteuid", process_geteuid, FN_METHOD, "geteuid(): integer", "The effective user id.", NULL,
    NULL, NULL },
  { "getgid", process_getgid, FN_METHOD, "getgid(): integer", "The group id.", NULL, NULL, NULL },
  { "getgroups", process_getgroups, FN_METHOD, "getgroups(): integer[]",
    "The supplementary group ids and the effective one.", NULL, NULL, NULL },
  { "getuid", process_getuid, FN_METHOD, "getuid(): integer", "The user id.", NULL, NULL, NULL },
  { "hasUncaughtExceptionCaptureCallback", process_has_capture, FN_METHOD,
    "hasUncaughtExceptionCaptureCallback(): boolean", "Is there a capture callback?", NULL, NULL,
    NULL },
  { "hrtime", process_hrtime, FN_METHOD, "hrtime(time: integer[]?): integer[]",
    "A clock that only goes forward, as { seconds, nanoseconds }; with an earlier result, since "
    "that.",
    NULL, "local t = process.hrtime()\nprint(process.hrtime(t)[2])", NULL },
  { "hrtime.bigint", process_hrtime_bigint, FN_METHOD, "hrtime.bigint(): integer",
    "The same clock as one number of nanoseconds.", NULL, "print(process.hrtime.bigint())", NULL },
  { "initgroups", process_initgroups, FN_METHOD,
    "initgroups(user: string|integer, extraGroup: string|integer)",
    "Sets the supplementary groups to those of the user and one more. Needs the rights of root.",
    NULL, NULL, NULL },
  { "kill", process_kill, FN_METHOD, "kill(pid: integer, signal: string|integer?): boolean",
    "Sends a signal, SIGTERM unless another is named; 0 only asks whether the process is there. A "
    "negative pid means a process group. Raises an Error with code ESRCH, EPERM or EINVAL.",
    NULL, "print(process.kill(process.pid, 0))", NULL },
  { "loadEnvFile", process_load_env_file, FN_METHOD, "loadEnvFile(path: string|Buffer|URL?)",
    "Reads a file of lines NAME=VALUE, .env unless another is named, into process.env. What is set "
    "there already stays.",
    NULL, NULL, NULL },
  { "memoryUsage", process_memory_usage, FN_METHOD, "memoryUsage(): table",
    "Bytes: rss (what the system counts), heapTotal (what the allocator holds), heapUsed (Lua's "
    "values), "
    "external (all else that is allocated), arrayBuffers (Buffers, a part of external).",
    NULL, "print(process.memoryUsage().heapUsed)",
    "The heap is Lua's and the C library's, not V8's." },
  { "memoryUsage.rss", process_memory_rss, FN_METHOD, "memoryUsage.rss(): integer",
    "The resident memory in bytes alone, which is cheaper.", NULL,
    "print(process.memoryUsage.rss())", NULL },
  { "nextTick", process_next_tick, FN_METHOD, "nextTick(callback: function, ...: any)",
    "Calls the function with the arguments once the code that runs now has returned, before "
    "promises "
    "and before the loop goes on.",
    NULL, "process.nextTick(print, \"second\")\nprint \"first\"", NULL },
  { "resourceUsage", process_resource_usage, FN_METHOD, "resourceUsage(): table",
    "What getrusage(2) counts: times in microseconds, maxRSS in KiB, faults, switches.", NULL,
    "print(process.resourceUsage().maxRSS)", NULL },
  { "send", process_send, FN_METHOD,
    "send(message: any, sendHandle: any?, options: table?, callback: function?): boolean",
    "Sends a message to the parent. nil in a process that was not forked with a channel.",
    send_options, NULL, NULL },
  { "setegid", process_setegid, FN_METHOD, "setegid(id: string|integer)",
    "Sets the effective group, by number or name. A refusal is an Error with code EPERM and a "
    "positive errno.",
    NULL, NULL, NULL },
  { "seteuid", process_seteuid, FN_METHOD, "seteuid(id: string|integer)",
    "Sets the effective user, by number or name: who the system takes us for. It can be set back.",
    NULL, NULL, NULL },
  { "setgid", process_setgid, FN_METHOD, "setgid(id: string|integer)",
    "Sets the group for good, by number or name. Before setuid, while we still may.", NULL, NULL,
    NULL },
  { "setgroups", process_setgroups, FN_METHOD, "setgroups(groups: table)",
    "Sets the supplementary groups, by numbers and names. Needs the rights of root.", NULL, NULL,
    NULL },
  { "setuid", process_setuid, FN_METHOD, "setuid(id: string|integer)",
    "Sets the user for good, by number or name: how a server gives up the rights of root.", NULL,
    NULL, NULL },
  { "setUncaughtExceptionCaptureCallback", process_set_capture, FN_METHOD,
    "setUncaughtExceptionCaptureCallback(fn: function)",
    "The function takes every uncaught error in place of the uncaughtException listeners; null "
    "ends it.",
    NULL, NULL, NULL },
  { "umask", process_umask, FN_METHOD, "umask(mask: integer|string?): integer",
    "The file mode creation mask; with an argument (an octal string will do) it is set and the old "
    "one "
    "returned.",
    NULL, "print(string.format(\"%03o\", process.umask()))", NULL },
  { "uptime", process_uptime, FN_METHOD, "uptime(): number", "Seconds since the process began.",
    NULL, "print(process.uptime())", NULL },
  { 0 }
};

static const PropDef process_props[] = {
  { "arch", process_get_arch, NULL, "string", "The processor: \"x64\", \"arm64\", ..." },
  { "argv", process_get_argv, NULL, "string[]",
    "The command line: [1] the program, [2] the script (not with -e), then its arguments." },
  { "argv0", process_get_argv0, NULL, "string", "The program's name as it was typed." },
  { "channel", process_get_channel, NULL, "table?",
    "The channel to the parent, with ref and unref." },
  { "connected", process_get_connected, NULL, "boolean?",
    "Is the channel to the parent open? nil where there never was one." },
  { "env", process_get_env, NULL, "table",
    "The environment: reading, setting and (with nil) deleting works on the process's own; values "
    "are "
    "made strings. pairs goes in order of names." },
  { "execArgv", process_get_exec_argv, NULL, "string[]",
    "The options of the program before the script." },
  { "execPath", process_get_exec_path, NULL, "string", "The program's absolute path." },
  { "exitCode", process_get_exit_code, process_set_exit_code, "integer?",
    "What the process ends with when it ends by itself; nil until set." },
  { "features", process_get_features, NULL, "table",
    "What the program was built with, by Node's names: there is ipv6, there is no inspector." },
  { "noDeprecation", process_get_no_deprecation, process_set_no_deprecation, "boolean?",
    "True: warnings of type DeprecationWarning are dropped." },
  { "pid", process_get_pid, NULL, "integer", "The process id." },
  { "platform", process_get_platform, NULL, "string", "The system: \"linux\", ..." },
  { "ppid", process_get_ppid, NULL, "integer",
    "The parent's process id, as it is now: an orphan gets a new parent." },
  { "release", process_get_release, NULL, "table", "{ name = \"moonfork\" }" },
  { "report", process_get_report, NULL, "Report",
    "Diagnostic reports: getReport, writeReport, and when they are written by themselves." },
  { "throwDeprecation", process_get_throw_deprecation, process_set_throw_deprecation, "boolean?",
    "True: warnings of type DeprecationWarning are raised." },
  { "stderr", process_get_stderr, NULL, "Writable",
    "Standard error: what is written is out at once. A WriteStream with isTTY on a terminal." },
  { "stdin", process_get_stdin, NULL, "Readable",
    "Standard input. Keeps the program running while it is read, not before." },
  { "stdout", process_get_stdout, NULL, "Writable",
    "Standard output, in order with print. A WriteStream with isTTY, columns, rows on a "
    "terminal." },
  { "title", process_get_title, process_set_title, "string",
    "The name that ps shows; a new one has as much room as the command line had." },
  { "traceDeprecation", process_get_trace_deprecation, process_set_trace_deprecation, "boolean?",
    "True: warnings of type DeprecationWarning are printed with their stack." },
  { "version", process_get_version, NULL, "string", "The program's version, \"v\" first." },
  { "versions", process_get_versions, NULL, "table", "Versions of moonfork, lua and uv." },
  { 0 }
};

#define SIGNAL_ROW(name, text)                                                                     \
  { name, "signal: string, number: integer", text }

static const EventDef process_events[] = {
  { "beforeExit", "code: integer",
    "Nothing is left to do. New work keeps the program going, and the event comes again after "
    "it." },
  { "disconnect", "", "The channel to the parent is closed." },
  { "exit", "code: integer",
    "The process ends when the listeners have returned; process.exitCode may still be changed." },
  { "message", "message: any, sendHandle: any", "The parent sent a message." },
  { "multipleResolves", "type: string, promise: Promise, value: any",
    "A promise was resolved or rejected once more, which has no effect; type is \"resolve\" or "
    "\"reject\". Deprecated in Node." },
  { "rejectionHandled", "promise: Promise",
    "A promise of unhandledRejection got its handler after all." },
  { "uncaughtException", "err: any, origin: string",
    "Nobody caught the error. With a listener the program goes on." },
  { "uncaughtExceptionMonitor", "err: any, origin: string",
    "The same, for watching only: the program ends all the same." },
  { "unhandledRejection", "reason: any, promise: Promise",
    "A promise was rejected and nobody looks after it. With a listener the program goes on." },
  { "warning", "warning: Error", "A warning: its name is its kind. The first listener prints it." },
  { "worker", "worker: Worker", "A Worker was made." },
  { "workerMessage", "value: any, source: integer",
    "postMessageToThread of the thread with the number source." },
  SIGNAL_ROW("SIGHUP", "The terminal was closed."),
  SIGNAL_ROW("SIGINT",
             "Ctrl-C. As with every signal: a listener replaces the default action, does not "
             "keep the program running, and SIGKILL and SIGSTOP cannot be listened to."),
  SIGNAL_ROW("SIGQUIT", "Ctrl-\\."),
  SIGNAL_ROW("SIGTERM", "The polite request to end."),
  SIGNAL_ROW("SIGUSR1", "Free for use."),
  SIGNAL_ROW("SIGUSR2", "Free for use."),
  SIGNAL_ROW("SIGPIPE", "A write to a pipe that nobody reads; ignored without a listener."),
  SIGNAL_ROW("SIGABRT", "abort(3) was called; process.abort ends the program all the same."),
  SIGNAL_ROW("SIGALRM", "An alarm clock of the system."),
  SIGNAL_ROW("SIGCHLD", "A child has ended or stopped."),
  SIGNAL_ROW("SIGCONT", "The process goes on after a stop."),
  SIGNAL_ROW("SIGTSTP", "Ctrl-Z."),
  SIGNAL_ROW("SIGTTIN", "Reading from the terminal in the background."),
  SIGNAL_ROW("SIGTTOU", "Writing to the terminal in the background."),
  SIGNAL_ROW("SIGURG", "A socket has urgent data."),
  SIGNAL_ROW("SIGXCPU", "The limit of processor time is passed."),
  SIGNAL_ROW("SIGXFSZ", "A file would grow over the limit."),
  SIGNAL_ROW("SIGVTALRM", "An alarm clock that counts our processor time."),
  SIGNAL_ROW("SIGPROF", "An alarm clock for profilers."),
  SIGNAL_ROW("SIGIO", "A descriptor is ready."),
  SIGNAL_ROW("SIGWINCH", "The terminal has another size."),
  { 0 }
};

const ClassDef process_class = {
  .name = "Process",
  .base = &event_emitter_class,
  .abstract = true,
  .singleton = true,
  .tostring = process_tostring,
  .inspect = process_inspect,
  .listeners = process_listeners,
  .methods = process_methods,
  .props = process_props,
  .events = process_events,
  .doc = "The running process: identity, command line, environment, how it ends, signals. There is "
         "one, "
         "the global `process`; its functions can be called with a dot or a colon.",
  .example =
      "process:on(\"exit\", function(code) print(\"ends with\", code) end)\nprint(process.pid)"
};

static const ClassDef *const process_classes[] = { &process_class, NULL };
static const ClassDef *const process_objects[] = { &report_class, NULL };

const ModuleDef process_module = {
  .name = "process",
  .classes = process_classes,
  .objects = process_objects,
  .open = process_open,
  .doc = "The running process. The module is the object that the global `process` is.",
  .example = "print(require(\"process\").pid)"
};
