/* SPDX-License-Identifier: MIT */
/* spawn.c - see spawn.h. All checks are made here, before anything is acquired, in Node's words. */
#include "spawn.h"
#include "../buffer/buffer.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/opts.h"
#include "../core/out.h"
#include "../core/signame.h"
#include "../core/trace.h"
#include "../events/abort.h"
#include "../fs/args.h"
#include "../process/process.h"
#include "../stream/uv_stream.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

/* User values of the owner: what the pointers of SpawnArgs point into. */
enum { KEPT_TABLE = UV_CLASS, KEPT_SIGNAL, KEPT_STREAMS, NKEEP = 3 };

const char spawn_function_slot = 0;

/* Keeps the value on top alive with the owner at idx. [-1] */
static void keep(lua_State *L, int owner) {
  lua_getiuservalue(L, owner, KEPT_TABLE);
  lua_insert(L, -2);
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  lua_pop(L, 1);
}

/* Zeroed memory that lives as long as the owner. */
static void *keep_alloc(lua_State *L, int owner, size_t size) {
  void *p = memset(lua_newuserdatauv(L, size, 0), 0, size);
  keep(L, owner);
  return p;
}

/* The value at idx as text without NUL, kept alive; name is what an error calls it. */
static char *keep_text(lua_State *L, int owner, int idx, const char *name) {
  size_t len;
  const char *s = luaL_tolstring(L, idx, &len);
  if (memchr(s, '\0', len)) err_arg_value(L, -1, name, "must be a string without null bytes");
  keep(L, owner);
  return (char *)s;
}

bool spawn_is_list(lua_State *L, int idx) {
  if (json_is_array(L, idx)) return true;
  lua_pushnil(L);
  if (!lua_next(L, lua_absindex(L, idx))) return true; /* {} */
  lua_pop(L, 2);
  return false;
}

void spawn_copy_options(lua_State *L, int idx) {
  lua_newtable(L);
  if (!idx) return;
  for (lua_pushnil(L); lua_next(L, idx);) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, -4);
  }
}

/* ---- arguments ---- */

/* argv of `sh -c "file args..."` when the option shell asks for it. */
static void read_shell(lua_State *L, SpawnArgs *a, int owner, const char *shell) {
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  luaL_addstring(&b, a->file);
  for (char **arg = a->argv + 1; *arg; arg++) {
    luaL_addchar(&b, ' ');
    luaL_addstring(&b, *arg);
  }
  luaL_pushresult(&b);
  char *command = keep_text(L, owner, -1, "file");
  lua_pop(L, 1);
  char *argv0 = a->argv[0] == a->file ? (char *)shell : a->argv[0];
  a->argv = keep_alloc(L, owner, 4 * sizeof *a->argv);
  a->argv[0] = argv0;
  a->argv[1] = "-c";
  a->argv[2] = command;
  a->file = shell;
}

static void read_argv(lua_State *L, SpawnArgs *a, int owner, int args, int options) {
  lua_Integer n = args ? luaL_len(L, args) : 0;
  char name[64];
  if (n > 1000000) (void)err_raise_uv(L, UV_E2BIG, "spawn");
  a->argv = keep_alloc(L, owner, ((size_t)n + 2) * sizeof *a->argv);
  a->argv[0] = (char *)a->file;
  if (opt_string(L, options, "argv0", NULL)) {
    (void)opt_push(L, options, "argv0");
    a->argv[0] = keep_text(L, owner, -1, "options.argv0");
    lua_pop(L, 1);
  }
  for (lua_Integer i = 1; i <= n; i++) {
    snprintf(name, sizeof name, "args[%lld]", (long long)i);
    lua_geti(L, args, i);
    a->argv[i] = keep_text(L, owner, -1, name);
    lua_pop(L, 1);
  }
  int type = opt_push(L, options, "shell");
  if (type != LUA_TNIL && type != LUA_TBOOLEAN && type != LUA_TSTRING)
    err_arg_type(L, -1, "options.shell", "one of type boolean or string");
  if (type == LUA_TSTRING) read_shell(L, a, owner, keep_text(L, owner, -1, "options.shell"));
  else if (lua_toboolean(L, -1)) read_shell(L, a, owner, "/bin/sh");
  lua_pop(L, 1);
}

/* ---- environment ---- */

/* Adds `key=value` of the pair on top to the list at `list`. [0] */
static void env_add(lua_State *L, int list) {
  char name[96];
  size_t klen, vlen;
  if (lua_type(L, -2) != LUA_TSTRING) err_arg_type(L, lua_gettop(L) - 1, "options.env key", "of type string");
  const char *key = lua_tolstring(L, -2, &klen), *value = luaL_tolstring(L, -1, &vlen);
  bool bad_key = memchr(key, '\0', klen) != NULL;
  if (bad_key || memchr(value, '\0', vlen)) {
    snprintf(name, sizeof name, "options.env['%.60s']", key);
    if (bad_key) lua_pushlstring(L, key, klen);
    err_arg_value(L, -1, name, "must be a string without null bytes");
  }
  lua_pushfstring(L, "%s=%s", key, value);
  lua_rawseti(L, list, (lua_Integer)lua_rawlen(L, list) + 1);
  lua_pop(L, 1);
}

/* Pushes an array of `key=value` from the table (or object with __pairs) on top. [-1, +1] */
static void env_list(lua_State *L) {
  int from = lua_gettop(L);
  lua_newtable(L);
  if (luaL_getmetafield(L, from, "__pairs") == LUA_TNIL) {
    arg_table(L, from, "options.env");
    for (lua_pushnil(L); lua_next(L, from); lua_pop(L, 1)) env_add(L, from + 1);
  } else {
    lua_pushvalue(L, from);
    lua_call(L, 1, 3); /* next state control */
    for (;;) {
      lua_pushvalue(L, from + 2);
      lua_pushvalue(L, from + 3);
      lua_pushvalue(L, from + 4);
      lua_call(L, 2, 2);
      if (lua_isnil(L, -2)) break;
      env_add(L, from + 1);
      lua_pop(L, 1);
      lua_replace(L, from + 4);
    }
  }
  lua_settop(L, from + 1);
  lua_remove(L, from);
}

/* Pushes our own environment as such an array. [+1] */
static void env_own(lua_State *L) {
  if (process_has_own_env(L)) {
    process_push_env(L);
    env_list(L);
    return;
  }
  lua_newtable(L);
  lua_Integer n = 0;
  for (char **e = environ; *e; e++) {
    lua_pushstring(L, *e);
    lua_rawseti(L, -2, ++n);
  }
}

/* By name, which ends at the first "=" behind its first byte. */
static int compare_variables(const void *a, const void *b) {
  const char *x = *(const char *const *)a, *y = *(const char *const *)b;
  while (*x == *y && *x && *x != '=') {
    x++;
    y++;
  }
  int cx = *x == '=' ? 0 : (unsigned char)*x, cy = *y == '=' ? 0 : (unsigned char)*y;
  return cx - cy;
}

/* The list on top loses what told us of our own place in the recorder, and, while that pauses, its folder.
 * A folder that the script has named itself stays: true when the list has one. */
static bool env_claim_trace(lua_State *L) {
  lua_Integer n = (lua_Integer)lua_rawlen(L, -1), kept = 0;
  bool named = false;
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, -1, i);
    const char *entry = lua_tostring(L, -1);
    bool folder = !strncmp(entry, TRACE_ENV "=", sizeof TRACE_ENV);
    bool drop = !strncmp(entry, LESSON_ENV "=", sizeof LESSON_ENV) ||
                !strncmp(entry, TRACE_ENV_CHANNEL "=", sizeof TRACE_ENV_CHANNEL) ||
                (folder && !trace_on() && !strcmp(entry + sizeof TRACE_ENV, trace_dir()));
    named = named || (folder && !drop);
    if (drop) lua_pop(L, 1);
    else lua_rawseti(L, -2, ++kept);
  }
  for (; n > kept; n--) {
    lua_pushnil(L);
    lua_rawseti(L, -2, n);
  }
  return named;
}

/* Every child is traced when we are, whatever env it is given. The list is on top. */
static void env_add_trace(lua_State *L, SpawnArgs *a, bool named) {
  const char *lesson = getenv(LESSON_ENV);
  if (lesson) {
    lua_pushfstring(L, LESSON_ENV "=%s", lesson);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  }
  if (a->ipc >= 0) a->trace_channel = trace_channel_id();
  if (trace_on() && !named) {
    lua_pushfstring(L, TRACE_ENV "=%s", trace_dir());
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  }
  if (trace_on() && a->ipc >= 0) {
    lua_pushfstring(L, TRACE_ENV_CHANNEL "=%I", (lua_Integer)a->trace_channel);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  }
}

void trace_spawn(Trace *trace, const SpawnArgs *args, const char *file, int pid, unsigned number, int err) {
  TraceArgs numbers = { { pid, (int64_t)args->trace_channel, number, err } };
  size_t len = strlen(file);
  trace_add(trace, TRACE_PROC_SPAWN, numbers, file + (len > TRACE_TEXT ? len - TRACE_TEXT : 0), NULL);
}

void trace_reap(Trace *trace, int pid, int64_t status, int signal) {
  trace_add(trace, TRACE_PROC_REAP, (TraceArgs){ { pid, status, signal } }, NULL, NULL);
}

static void read_env(lua_State *L, SpawnArgs *a, int owner, int options) {
  int type = opt_push(L, options, "env");
  bool given = type != LUA_TNIL && !json_is_null(L, -1), traced = trace_dir() != NULL;
  if (!given && a->ipc < 0 && !traced && !process_has_own_env(L)) {
    lua_pop(L, 1);
    return;
  }
  if (given) {
    env_list(L);
  } else {
    lua_pop(L, 1);
    env_own(L);
  }
  bool named = traced && env_claim_trace(L);
  size_t from_table = given ? (size_t)lua_rawlen(L, -1) : 0;
  if (a->ipc >= 0) {
    lua_pushfstring(L, "NODE_CHANNEL_FD=%d", a->ipc);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    lua_pushfstring(L, "NODE_CHANNEL_SERIALIZATION_MODE=%s", a->advanced ? "advanced" : "json");
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  }
  if (a->ipc >= 0 && a->message_limit) {
    lua_pushfstring(L, "MOONFORK_IPC_LIMIT=%I", (lua_Integer)a->message_limit);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  }
  if (options && lua_rawgetp(L, options, &spawn_function_slot) == LUA_TNUMBER) {
    lua_pushfstring(L, "MOONFORK_FUNCTION_FD=%I", lua_tointeger(L, -1));
    lua_rawseti(L, -3, (lua_Integer)lua_rawlen(L, -3) + 1);
  }
  if (options) lua_pop(L, 1);
  if (traced) env_add_trace(L, a, named);
  lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
  a->env = keep_alloc(L, owner, ((size_t)n + 1) * sizeof *a->env);
  for (lua_Integer i = 0; i < n; i++) {
    lua_rawgeti(L, -1, i + 1);
    a->env[i] = (char *)lua_tostring(L, -1);
    lua_pop(L, 1);
  }
  qsort(a->env, from_table, sizeof *a->env, compare_variables); /* a table has no order */
  keep(L, owner); /* the strings */
}

/* ---- stdio ---- */

/* The descriptor of the socket, pipe, terminal or server at idx, -1 when it is none that is open. */
static int handle_fd(lua_State *L, int idx) {
  uv_os_fd_t fd;
  const Handle *h = handle_test(L, idx);
  if (!h || !handle_is_open(h)) return -1;
  return uv_fileno(h->uv, &fd) == 0 ? fd : -1; /* libuv knows which kinds have one */
}

/* The descriptor of a stream or number at idx, -1 when it has none. */
static int stdio_fd(lua_State *L, int idx) {
  int whole = 0;
  lua_Integer n = -1;
  if (lua_type(L, idx) == LUA_TNUMBER) {
    n = lua_tointegerx(L, idx, &whole);
    if (!whole) n = -1;
  } else if (handle_fd(L, idx) >= 0) {
    n = handle_fd(L, idx);
  } else if (lua_isuserdata(L, idx) && class_of(L, idx)) {
    lua_getfield(L, idx, "fd");
    n = lua_tointegerx(L, -1, &whole);
    if (!whole) n = -1;
    lua_pop(L, 1);
  }
  return n >= 0 && n < 1 << 20 ? (int)n : -1;
}

/* At the prompt the terminal is the editor's: a child gets nothing to read and is written through us. */
static StdioSlot stdio_inherit(int fd) {
  if (!out_hooked() || fd > 2) return (StdioSlot){ STDIO_FD, fd };
  if (fd == 0) return (StdioSlot){ STDIO_IGNORE, 0 };
  return (StdioSlot){ STDIO_FORWARD, fd };
}

/* The value at idx cannot stand in a list of stdio. */
static void stdio_refuse(lua_State *L, int idx, bool sync) {
  bool bytes = lua_type(L, idx) == LUA_TSTRING || buffer_test(L, idx);
  if (sync || !bytes) err_arg_value(L, idx, "stdio", "is invalid");
  if (buffer_test(L, idx)) rt_of(L)->inspect(L, idx);
  else lua_pushfstring(L, "'%s'", lua_tostring(L, idx));
  (void)err_raise(L, &type_error_class, "ERR_INVALID_SYNC_FORK_INPUT",
                  "Asynchronous forks do not support Buffer, TypedArray, DataView or string input: %s",
                  lua_tostring(L, -1));
}

static StdioSlot stdio_word(lua_State *L, int idx, int slot, bool in_list, bool sync) {
  const char *word = lua_tostring(L, idx);
  if (!strcmp(word, "pipe") || !strcmp(word, "overlapped")) return (StdioSlot){ STDIO_PIPE, -1 };
  if (!strcmp(word, "ignore")) return (StdioSlot){ STDIO_IGNORE, -1 };
  if (!strcmp(word, "inherit")) return stdio_inherit(slot);
  if (!strcmp(word, "ipc") && in_list) return (StdioSlot){ STDIO_IPC, -1 };
  stdio_refuse(L, idx, sync || !in_list);
  return (StdioSlot){ STDIO_IGNORE, -1 };
}

/* Slot i (from 0) of the list; the value is at idx. */
static StdioSlot stdio_read_slot(lua_State *L, int idx, int i, bool sync) {
  if (lua_isnoneornil(L, idx) || json_is_null(L, idx))
    return (StdioSlot){ i < 3 ? STDIO_PIPE : STDIO_IGNORE, -1 };
  if (lua_type(L, idx) == LUA_TSTRING) return stdio_word(L, idx, i, true, sync);
  int fd = stdio_fd(L, idx);
  if (fd < 0) stdio_refuse(L, idx, sync);
  return stdio_inherit(fd);
}

/* Slot i is the Socket on top: it lives on until the child has it. [-1] */
static void keep_stream(lua_State *L, int owner, int i) {
  if (lua_getiuservalue(L, owner, KEPT_STREAMS) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, owner, KEPT_STREAMS);
  }
  lua_insert(L, -2);
  lua_rawseti(L, -2, i + 1);
  lua_pop(L, 1);
}

static void read_stdio(lua_State *L, SpawnArgs *a, int owner, int options, bool sync) {
  int type = opt_push(L, options, "stdio"), at = lua_gettop(L);
  if (type != LUA_TNIL && type != LUA_TSTRING && type != LUA_TTABLE)
    err_arg_value(L, at, "stdio", "is invalid");
  lua_Integer n = type == LUA_TTABLE ? luaL_len(L, at) : 3;
  if (n < 3) n = 3;
  if (n > 1024) err_arg_value(L, at, "stdio", "has too many entries");
  a->nstdio = (int)n;
  a->ipc = -1;
  a->stdio = keep_alloc(L, owner, (size_t)n * sizeof *a->stdio);
  for (int i = 0; i < a->nstdio; i++) {
    if (type == LUA_TTABLE) lua_geti(L, at, i + 1);
    else lua_pushvalue(L, at);
    a->stdio[i] = type == LUA_TSTRING ? stdio_word(L, lua_gettop(L), i, false, sync)
                                      : stdio_read_slot(L, lua_gettop(L), i, sync);
    if (a->stdio[i].kind == STDIO_FD && socket_test(L, -1)) keep_stream(L, owner, i);
    else lua_pop(L, 1);
    if (a->stdio[i].kind != STDIO_IPC) continue;
    if (sync)
      (void)err_raise(L, NULL, "ERR_IPC_SYNC_FORK", "IPC cannot be used with synchronous forks");
    if (a->ipc >= 0)
      (void)err_raise(L, NULL, "ERR_IPC_ONE_PIPE", "Child process can have only one IPC pipe");
    a->ipc = i;
  }
  lua_pop(L, 1);
}

/* ---- all of it ---- */

/* uid and gid, which Node wants to be 32-bit integers. */
static bool read_id(lua_State *L, int options, const char *key, const char *name, unsigned *id) {
  int whole;
  bool given = opt_push(L, options, key) != LUA_TNIL;
  if (given) {
    lua_Integer n = lua_tointegerx(L, -1, &whole);
    if (lua_type(L, -1) != LUA_TNUMBER || !whole || n < INT32_MIN || n > INT32_MAX)
      err_arg_type(L, -1, name, "int32");
    *id = (unsigned)n;
  }
  lua_pop(L, 1);
  return given;
}

/* The format of messages on the channel, and how long one may be. */
static void read_messages(lua_State *L, SpawnArgs *a, int options) {
  if (opt_push(L, options, "serialization") != LUA_TNIL) {
    const char *name = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
    a->advanced = !strcmp(name, "advanced");
    if (!a->advanced && strcmp(name, "json") != 0)
      err_arg_value(L, lua_gettop(L), "options.serialization", "must be one of: nil, 'json', 'advanced'");
  }
  lua_pop(L, 1);
  a->message_limit = (size_t)opt_integer(L, options, "maxMessageSize", 1, UINT32_MAX, 0);
}

uint64_t spawn_read_timeout(lua_State *L, int options) {
  int whole = true;
  lua_Integer ms = 0;
  if (opt_push(L, options, "timeout") != LUA_TNIL && !json_is_null(L, -1)) {
    ms = lua_type(L, -1) == LUA_TNUMBER ? lua_tointegerx(L, -1, &whole) : -1;
    if (!whole || ms < 0) err_range(L, lua_gettop(L), "timeout", "an unsigned integer");
  }
  lua_pop(L, 1);
  return (uint64_t)ms;
}

int spawn_read_kill_signal(lua_State *L, int options) {
  int type = opt_push(L, options, "killSignal"), at = lua_gettop(L), number = SIGTERM;
  if (type != LUA_TNIL && !json_is_null(L, at)) {
    if (type != LUA_TSTRING && type != LUA_TNUMBER)
      err_arg_type(L, at, "options.killSignal", "one of type string or number");
    number = arg_signal(L, at, true, SIGTERM);
    if (number == 0)
      (void)err_raise(L, &type_error_class, "ERR_UNKNOWN_SIGNAL", "Unknown signal: 0");
  }
  lua_pop(L, 1);
  return number;
}

double spawn_read_max_buffer(lua_State *L, int options) {
  double max = 1024 * 1024;
  if (opt_push(L, options, "maxBuffer") != LUA_TNIL && !json_is_null(L, -1)) {
    max = lua_type(L, -1) == LUA_TNUMBER ? lua_tonumber(L, -1) : -1;
    if (!(max >= 0)) err_range(L, lua_gettop(L), "options.maxBuffer", "a positive number");
  }
  lua_pop(L, 1);
  return max;
}

/* The folder to start in: a string, a Buffer or a URL of a file. */
static const char *read_cwd(lua_State *L, int owner, int options) {
  const char *cwd = NULL;
  if (opt_push(L, options, "cwd") != LUA_TNIL && !json_is_null(L, -1)) {
    cwd = fs_check_path(L, lua_gettop(L), "options.cwd");
    keep(L, owner);
  } else {
    lua_pop(L, 1);
  }
  return cwd;
}

static void read_options(lua_State *L, SpawnArgs *a, int owner, int options, bool sync) {
  read_messages(L, a, options);
  a->cwd = read_cwd(L, owner, options);
  if (opt_boolean(L, options, "detached", false)) a->flags |= UV_PROCESS_DETACHED;
  (void)opt_boolean(L, options, "windowsHide", false);
  (void)opt_boolean(L, options, "windowsVerbatimArguments", false);
  a->timeout = spawn_read_timeout(L, options);
  a->kill_signal = spawn_read_kill_signal(L, options);
  a->has_signal = signal_option(L, options);
  lua_setiuservalue(L, owner, KEPT_SIGNAL);
  if (read_id(L, options, "uid", "options.uid", &a->uid)) a->flags |= UV_PROCESS_SETUID;
  if (read_id(L, options, "gid", "options.gid", &a->gid)) a->flags |= UV_PROCESS_SETGID;
  read_stdio(L, a, owner, options, sync);
}

static const ClassDef spawn_args_class = { .name = "SpawnArgs", .abstract = true };

SpawnArgs *spawn_read(lua_State *L, int file, bool sync) {
  luaL_checkstack(L, 20, "spawn");
  int args = file + 1, options = file + 2;
  if (lua_type(L, file) != LUA_TSTRING) err_arg_type(L, file, "file", "of type string");
  if (lua_rawlen(L, file) == 0) err_arg_value(L, file, "file", "cannot be empty");
  (void)arg_cstring(L, file, "file");
  if (lua_isnoneornil(L, args) || json_is_null(L, args)) {
    args = 0;
  } else {
    arg_table(L, args, "args");
    if (!spawn_is_list(L, args)) {
      options = args;
      args = 0;
    }
  }
  if (lua_isnoneornil(L, options)) options = 0;
  else arg_table(L, options, "options");
  SpawnArgs *a = class_new(L, &spawn_args_class, sizeof *a, NKEEP);
  int owner = lua_gettop(L);
  lua_newtable(L);
  lua_setiuservalue(L, owner, KEPT_TABLE);
  a->file = keep_text(L, owner, file, "file");
  read_options(L, a, owner, options, sync);
  read_argv(L, a, owner, args, options);
  read_env(L, a, owner, options);
  lua_settop(L, owner);
  return a;
}

void spawn_push_signal(lua_State *L, int owner) { lua_getiuservalue(L, owner, KEPT_SIGNAL); }

void spawn_push_signal_name(lua_State *L, int number) {
  const char *name = signal_name(number);
  if (name) lua_pushstring(L, name);
  else lua_pushfstring(L, "SIG%d", number);
}

void spawn_lend_streams(lua_State *L, int owner, int count) {
  if (lua_getiuservalue(L, owner, KEPT_STREAMS) == LUA_TTABLE)
    for (int i = 1; i <= count; i++) {
      lua_rawgeti(L, -1, i);
      Socket *k = socket_test(L, -1);
      if (k) {
        k->lent = true;
        if (k->stream.r.present) readable_pause(L, lua_gettop(L));
        socket_read_stop(k);
      }
      lua_pop(L, 1);
    }
  lua_pop(L, 1);
}

void spawn_push_args(lua_State *L, const SpawnArgs *args, int from) {
  lua_newtable(L);
  lua_Integer n = 0;
  for (char **arg = args->argv + from; *arg; arg++) {
    lua_pushstring(L, *arg);
    lua_rawseti(L, -2, ++n);
  }
}
