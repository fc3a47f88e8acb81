/* SPDX-License-Identifier: MIT */
/* exec.c - exec and execFile: a program's whole output, given to a callback once.
 *
 * An Exec belongs to one such child and is shared by its listeners (upvalues). It collects stdout and
 * stderr in buffers that Lua owns, cut at maxBuffer; the callback runs from the child's `close`, before
 * listeners of the user. */
#include "child_process.h"
#include "child.h"
#include "deadline.h"
#include "../buffer/buffer.h"
#include "../buffer/codec.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/opts.h"
#include "../core/trace.h"
#include "../core/signame.h"
#include "../core/strbuf.h"
#include "../events/events.h"
#include "../promise/promise.h"
#include "../util/promisify.h"

#include <signal.h>
#include <string.h>

enum { SLOT_OUT = UV_CLASS, SLOT_ERR, SLOT_CALLBACK, SLOT_ERROR, SLOT_CHILD, SLOT_CMD, NSLOTS = 6 };

typedef struct Exec {
  StrBuf *got[2];       /* stdout, stderr: in SLOT_OUT and SLOT_ERR */
  double max_buffer;
  uint64_t timeout;
  int kill_signal;
  Encoding enc;
  bool text, killed, done;
  Deadline *deadline;
} Exec;

static const ClassDef exec_class = { .name = "Exec", .abstract = true };

static Exec *check_exec(lua_State *L, int idx) { return class_check(L, idx, &exec_class); }

/* ---- the end ---- */

/* Pushes what came from stdout (0) or stderr (1). [+1] */
static void push_output(lua_State *L, const Exec *x, int which) {
  const char *bytes = x->got[which]->p ? x->got[which]->p : "";
  if (x->text) enc_push_text(L, x->enc, bytes, x->got[which]->len);
  else (void)buffer_push_copy(L, bytes, x->got[which]->len);
}

/* Pushes the error of a program that failed: `Command failed: cmd` and what it said. Code at code, signal
 * behind it. [+1] */
static void push_failure(lua_State *L, const Exec *x, int exec, int code) {
  lua_getiuservalue(L, exec, SLOT_CMD);
  const char *said = x->got[1]->p ? x->got[1]->p : "";
  err_push(L, NULL, NULL, "Command failed: %s\n%s", lua_tostring(L, -1), said);
  lua_remove(L, -2);
  if (!lua_isnil(L, code)) {
    lua_pushvalue(L, code);
    lua_setfield(L, -2, "code");
  }
  lua_getiuservalue(L, exec, SLOT_CHILD);
  lua_getfield(L, -1, "killed");
  if (x->killed) {
    lua_pushboolean(L, true);
    lua_replace(L, -2);
  }
  lua_setfield(L, -3, "killed");
  lua_pop(L, 1);
  lua_pushvalue(L, code + 1);
  lua_setfield(L, -2, "signal");
}

/* Calls the callback, once. Exec at 1, code at 2, signal at 3. */
static void exec_finish(lua_State *L) {
  Exec *x = check_exec(L, 1);
  lua_settop(L, 3);
  if (x->done) return;
  x->done = true;
  if (x->deadline) deadline_stop(x->deadline);
  x->deadline = NULL;
  bool ok = lua_isnil(L, 3) && lua_tointeger(L, 2) == 0 && !lua_isnil(L, 2);
  lua_getiuservalue(L, 1, SLOT_CALLBACK);
  if (lua_getiuservalue(L, 1, SLOT_ERROR) == LUA_TNIL && !(ok && !x->killed)) {
    lua_pop(L, 1);
    push_failure(L, x, 1, 2);
  }
  if (!lua_isnil(L, -1)) {
    lua_getiuservalue(L, 1, SLOT_CMD);
    lua_setfield(L, -2, "cmd");
  }
  if (lua_isnil(L, 4)) return;
  push_output(L, x, 0);
  push_output(L, x, 1);
  lua_call(L, 3, 0);
}

/* `close` of the child: (code, signal). upvalue: exec */
static int on_close(lua_State *L) {
  lua_settop(L, 2);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  exec_finish(L);
  return 0;
}

/* Lets both output streams go. */
static void drop_streams(lua_State *L, int child) {
  static const char *const names[] = { "stdout", "stderr" };
  for (int i = 0; i < 2; i++) {
    if (lua_getfield(L, child, names[i]) != LUA_TNIL) class_call_method(L, -1, "destroy", 0, 0);
    lua_pop(L, 1);
  }
}

/* `error` of the child: (error). upvalue: exec */
static int on_error(lua_State *L) {
  lua_settop(L, 1);
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, lua_upvalueindex(1), SLOT_ERROR);
  lua_getiuservalue(L, lua_upvalueindex(1), SLOT_CHILD);
  drop_streams(L, 2);
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  exec_finish(L);
  return 0;
}

/* Ends the child before its time: too late, or too much output. Exec at idx. */
static void exec_kill(lua_State *L, int exec) {
  Exec *x = check_exec(L, exec);
  lua_getiuservalue(L, exec, SLOT_CHILD);
  int child = lua_gettop(L);
  drop_streams(L, child);
  x->killed = true;
  lua_pushinteger(L, x->kill_signal);
  class_call_method(L, child, "kill", 1, 0);
  lua_pop(L, 1);
}

/* (child). upvalue: exec */
static int on_timeout(lua_State *L) {
  exec_kill(L, lua_upvalueindex(1));
  return 0;
}

/* ---- output ---- */

/* How many of the bytes are kept where there is room for so many more: as in Node, maxBuffer counts
 * bytes but what is cut are characters (as UTF-16 counts them). */
static size_t kept_length(const Exec *x, const char *bytes, size_t len, size_t room) {
  size_t i = 0, units = 0;
  if (!x->text || x->enc != ENC_UTF8) return room;
  while (i < len && units < room) {
    unsigned char lead = (unsigned char)bytes[i];
    size_t n = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    units += n == 4 ? 2 : 1;
    if (units > room) break;
    i += n < len - i ? n : len - i;
  }
  return i;
}

/* `data` of a stream: (chunk). upvalues: exec, 0 for stdout or 1 for stderr */
static int on_data(lua_State *L) {
  size_t len;
  Exec *x = check_exec(L, lua_upvalueindex(1));
  int which = (int)lua_tointeger(L, lua_upvalueindex(2));
  const char *bytes = arg_bytes(L, 1, "chunk", &len);
  StrBuf *got = x->got[which];
  double room = x->max_buffer - (double)got->len;
  bool over = (double)len > room;
  strbuf_add(got, bytes, over ? kept_length(x, bytes, len, (size_t)room) : len);
  if (got->failed) return luaL_error(L, "not enough memory");
  if (!over) return 0;
  err_push(L, &range_error_class, "ERR_CHILD_PROCESS_STDIO_MAXBUFFER", "%s maxBuffer length exceeded",
           which ? "stderr" : "stdout");
  lua_setiuservalue(L, lua_upvalueindex(1), SLOT_ERROR);
  exec_kill(L, lua_upvalueindex(1));
  return 0;
}

static void exec_listen(lua_State *L, int exec, int on, const char *event, lua_CFunction fn, int which) {
  lua_pushvalue(L, exec);
  lua_pushinteger(L, which);
  lua_pushcclosure(L, fn, 2);
  emitter_on(L, on, event, false);
}

static void listen_streams(lua_State *L, int exec, int child) {
  static const char *const names[] = { "stdout", "stderr" };
  for (int i = 0; i < 2; i++) {
    if (lua_getfield(L, child, names[i]) != LUA_TNIL) exec_listen(L, exec, lua_gettop(L), "data", on_data, i);
    lua_pop(L, 1);
  }
}

/* ---- start ---- */

/* Reads encoding, timeout, maxBuffer and killSignal. */
static void exec_options(lua_State *L, Exec *x, int options) {
  x->text = true;
  x->enc = ENC_UTF8;
  const char *name = opt_string(L, options, "encoding", "utf8");
  if (!enc_find(name, strlen(name), &x->enc)) x->text = false; /* "buffer", as in Node any other word */
  x->timeout = spawn_read_timeout(L, options);
  x->max_buffer = spawn_read_max_buffer(L, options);
  x->kill_signal = spawn_read_kill_signal(L, options);
  lua_pushnil(L);
  lua_setfield(L, options, "timeout"); /* ours: spawn's would leave the pipes open */
}

/* Pushes a new Exec with its buffers. [+1] */
static Exec *exec_new(lua_State *L) {
  Exec *x = class_new(L, &exec_class, sizeof *x, NSLOTS);
  for (int i = 0; i < 2; i++) {
    x->got[i] = strbuf_new_lua(L);
    lua_setiuservalue(L, -2, SLOT_OUT + i);
  }
  return x;
}

/* What the error calls the command: file and arguments. [+1] */
static void push_cmd(lua_State *L, int file, int args) {
  lua_pushvalue(L, file);
  lua_Integer n = lua_istable(L, args) ? luaL_len(L, args) : 0;
  for (lua_Integer i = 1; i <= n; i++) {
    lua_pushliteral(L, " ");
    lua_geti(L, args, i);
    (void)luaL_tolstring(L, -1, NULL);
    lua_remove(L, -2);
    lua_concat(L, 3);
  }
}

/* file at 1, args at 2 (nil: none), options at 3 (a table of our own), callback at 4. Pushes the child. */
static int exec_run(lua_State *L) {
  Exec *x = exec_new(L);
  exec_options(L, x, 3);
  lua_pushvalue(L, 4);
  lua_setiuservalue(L, 5, SLOT_CALLBACK);
  push_cmd(L, 1, 2);
  lua_setiuservalue(L, 5, SLOT_CMD);
  SpawnArgs *args = spawn_read(L, 1, false);
  child_spawn(L, args, NULL);
  int child = lua_gettop(L);
  lua_pushvalue(L, child);
  lua_setiuservalue(L, 5, SLOT_CHILD);
  exec_listen(L, 5, child, "close", on_close, 0);
  exec_listen(L, 5, child, "error", on_error, 0);
  listen_streams(L, 5, child);
  if (x->timeout > 0) {
    lua_pushvalue(L, 5);
    lua_pushcclosure(L, on_timeout, 1);
    x->deadline = deadline_start(L, child, x->timeout);
  }
  lua_settop(L, child);
  return 1;
}

/* Moves the value at `from` to `to`; nil stays behind. */
static void move_argument(lua_State *L, int from, int to) {
  lua_pushvalue(L, from);
  lua_replace(L, to);
  lua_pushnil(L);
  lua_replace(L, from);
}

/* Sorts (file, args?, options?, callback?) into 1 to 4, nil for what is not there; without with_args
 * there are no args. options become a copy that may be changed. */
static void exec_arguments(lua_State *L, bool with_args) {
  lua_settop(L, with_args ? 4 : 3);
  if (!with_args) {
    lua_pushnil(L);
    lua_insert(L, 2);
  }
  for (int i = 2; i <= 4; i++)
    if (json_is_null(L, i)) {
      lua_pushnil(L);
      lua_replace(L, i);
    }
  if (lua_isfunction(L, 2)) {
    move_argument(L, 2, 4);
  } else if (lua_istable(L, 2) && !spawn_is_list(L, 2)) { /* (file, options, callback) */
    if (!lua_isnil(L, 3)) move_argument(L, 3, 4);
    move_argument(L, 2, 3);
  }
  if (lua_isfunction(L, 3)) move_argument(L, 3, 4);
  if (!lua_isnil(L, 2)) arg_table(L, 2, "args");
  if (!lua_isnil(L, 3)) arg_table(L, 3, "options");
  if (!lua_isnil(L, 4)) arg_function(L, 4, "callback");
  spawn_copy_options(L, lua_isnil(L, 3) ? 0 : 3);
  lua_replace(L, 3);
}

/* options.shell of the copy at 3: /bin/sh where the caller names no other. */
static void want_shell(lua_State *L) {
  if (lua_getfield(L, 3, "shell") != LUA_TSTRING) {
    lua_pushboolean(L, true);
    lua_setfield(L, 3, "shell");
  }
  lua_pop(L, 1);
}

/* The command at 1. */
static void check_command(lua_State *L) {
  if (lua_type(L, 1) != LUA_TSTRING) err_arg_type(L, 1, "command", "of type string");
  (void)arg_cstring(L, 1, "command");
}

int child_process_exec(lua_State *L) {
  check_command(L);
  exec_arguments(L, false);
  want_shell(L);
  return exec_run(L);
}

int child_process_exec_file(lua_State *L) {
  exec_arguments(L, true);
  return exec_run(L);
}

/* ---- promises ---- */

/* callback(err, stdout, stderr). upvalue: the promise */
static int settle(lua_State *L) {
  lua_settop(L, 3);
  lua_pushvalue(L, lua_upvalueindex(1));
  bool failed = !lua_isnil(L, 1);
  if (failed) lua_pushvalue(L, 1);
  else lua_createtable(L, 0, 2);
  lua_pushvalue(L, 2);
  lua_setfield(L, -2, "stdout");
  lua_pushvalue(L, 3);
  lua_setfield(L, -2, "stderr");
  if (failed) promise_reject(L, 4);
  else promise_resolve(L, 4);
  return 0;
}

/* Calls run with the arguments and a callback that settles; the promise has the child as a field. */
static int promised(lua_State *L, lua_CFunction run) {
  int n = lua_gettop(L);
  luaL_checkstack(L, 6, "too many arguments");
  promise_new(L);
  lua_insert(L, 1);
  lua_pushvalue(L, 1);
  lua_pushcclosure(L, settle, 1);
  lua_pushcfunction(L, run);
  lua_insert(L, 2);
  lua_call(L, n + 1, 1);
  lua_setfield(L, 1, "child");
  lua_settop(L, 1);
  return 1;
}

static int exec_promised(lua_State *L) { return promised(L, child_process_exec); }
static int exec_file_promised(lua_State *L) { return promised(L, child_process_exec_file); }

void exec_open(lua_State *L) {
  lua_pushcfunction(L, child_process_exec);
  lua_pushcfunction(L, exec_promised);
  promisify_know(L);
  lua_pushcfunction(L, child_process_exec_file);
  lua_pushcfunction(L, exec_file_promised);
  promisify_know(L);
}

/* ---- sync ---- */

/* Without a stdio option the child's stderr is shown on ours. Result of spawnSync on top. */
static void show_stderr(lua_State *L, int options) {
  if (opt_push(L, options, "stdio") == LUA_TNIL && lua_getfield(L, -2, "stderr") != LUA_TNIL) {
    lua_getglobal(L, "process");
    lua_getfield(L, -1, "stderr");
    lua_pushvalue(L, -3);
    class_call_method(L, -2, "write", 1, 0);
    lua_pop(L, 2);
  }
  lua_settop(L, 4);
}

/* Copies what spawnSync gave to the error on top. Result at 4. */
static int raise_result(lua_State *L) {
  static const char *const fields[] = { "status", "signal", "output", "pid", "stdout", "stderr" };
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    lua_getfield(L, 4, fields[i]);
    lua_setfield(L, -2, fields[i]);
  }
  return lua_error(L);
}

/* file at 1, args at 2, options at 3: stdout, or the error raised. */
static int sync_run(lua_State *L, const char *name) {
  push_cmd(L, 1, 2);
  lua_insert(L, 1);
  lua_pushcfunction(L, child_process_spawn_sync);
  lua_insert(L, 2); /* cmd spawnSync file args options */
  lua_pushvalue(L, 5);
  lua_insert(L, 2); /* cmd options spawnSync file args options */
  if (TRACING(rt_of(L))) trace_inside(rt_of(L)->trace, name);
  lua_call(L, 3, 1);
  lua_pushnil(L);
  lua_insert(L, 3);
  lua_settop(L, 4); /* cmd options nil result */
  show_stderr(L, 2);
  if (lua_getfield(L, 4, "error") != LUA_TNIL) return raise_result(L);
  lua_getfield(L, 4, "status");
  if (lua_isinteger(L, -1) && lua_tointeger(L, -1) == 0) {
    lua_getfield(L, 4, "stdout");
    return 1;
  }
  lua_getfield(L, 4, "stderr");
  const char *said = lua_isnil(L, -1) ? "" : luaL_tolstring(L, -1, NULL);
  err_push(L, NULL, NULL, "Command failed: %s%s%s", lua_tostring(L, 1), *said ? "\n" : "", said);
  return raise_result(L);
}

int child_process_exec_file_sync(lua_State *L) {
  lua_settop(L, 3);
  exec_arguments(L, true);
  lua_settop(L, 3);
  return sync_run(L, "execFileSync");
}

int child_process_exec_sync(lua_State *L) {
  check_command(L);
  lua_settop(L, 2);
  exec_arguments(L, false);
  want_shell(L);
  lua_settop(L, 3);
  return sync_run(L, "execSync");
}
