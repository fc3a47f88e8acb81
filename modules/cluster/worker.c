/* SPDX-License-Identifier: MIT */
/* worker.c - the Worker class: in the primary one of its workers, in a worker itself. */
#include "parts.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/opts.h"
#include "../events/events.h"

#include <string.h>

enum { WV_PROCESS = UV_CLASS, WV_STATE, WV_LEFT, WV_COUNT = 3 }; /* user values */

ClusterWorker *worker_check(lua_State *L, int idx) {
  return class_check(L, idx, &cluster_worker_class);
}

void worker_push_process(lua_State *L, int worker) { lua_getiuservalue(L, worker, WV_PROCESS); }

void worker_set_state(lua_State *L, int worker, const char *state) {
  worker = lua_absindex(L, worker);
  lua_pushstring(L, state);
  lua_setiuservalue(L, worker, WV_STATE);
}

bool worker_in_state(lua_State *L, int worker, const char *state) {
  lua_getiuservalue(L, worker, WV_STATE);
  const char *now = lua_tostring(L, -1);
  bool same = now && !strcmp(now, state);
  lua_pop(L, 1);
  return same;
}

bool worker_left(lua_State *L, int worker) {
  lua_getiuservalue(L, worker, WV_LEFT);
  bool left = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return left;
}

void worker_set_left(lua_State *L, int worker, bool left) {
  worker = lua_absindex(L, worker);
  lua_pushboolean(L, left);
  lua_setiuservalue(L, worker, WV_LEFT);
}

/* Pushes a field of its process; nil when it has none. [+1] */
static void push_process_field(lua_State *L, int worker, const char *name) {
  worker_push_process(L, worker);
  if (lua_isnil(L, -1)) return;
  lua_getfield(L, -1, name);
  lua_remove(L, -2);
}

bool worker_is_connected(lua_State *L, int worker) {
  push_process_field(L, worker, "connected");
  bool connected = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return connected;
}

bool worker_is_dead(lua_State *L, int worker) {
  push_process_field(L, worker, "exitCode");
  push_process_field(L, worker, "signalCode");
  bool dead = !lua_isnil(L, -1) || !lua_isnil(L, -2);
  lua_pop(L, 2);
  return dead;
}

/* ---- birth ---- */

/* A listener of the process (...): the worker emits the same. upvalues: worker, name of the event */
static int forward(lua_State *L) {
  int n = lua_gettop(L);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  (void)emit(L, 1, lua_tostring(L, lua_upvalueindex(2)), n);
  return 0;
}

/* Hangs the worker at idx to its process, which is on top. [-1] */
static void set_process(lua_State *L, int worker) {
  static const char *const events[] = { "error", "message" };
  int process = lua_gettop(L);
  for (int i = 0; i < 2; i++) {
    lua_pushvalue(L, worker);
    lua_pushstring(L, events[i]);
    lua_pushcclosure(L, forward, 2);
    emitter_on(L, process, events[i], false);
  }
  lua_setiuservalue(L, worker, WV_PROCESS);
}

static int worker_alloc(lua_State *L) {
  ClusterWorker *w = class_new(L, &cluster_worker_class, sizeof *w, WV_COUNT);
  list_init(&w->parts);
  worker_set_state(L, -1, "none");
  return 1;
}

static int worker_gc(lua_State *L) {
  ClusterWorker *w = class_test(L, 1, &cluster_worker_class);
  if (w) share_forget(w);
  return 0;
}

void worker_push_new(lua_State *L, lua_Integer id, int process, const char *state) {
  process = lua_absindex(L, process);
  (void)worker_alloc(L);
  int worker = lua_gettop(L);
  worker_check(L, worker)->id = id;
  worker_set_state(L, worker, state);
  lua_pushvalue(L, process);
  set_process(L, worker);
}

/* Worker(options?), as little as Node's does. */
static int worker_init(lua_State *L) {
  ClusterWorker *w = worker_check(L, 1);
  if (!lua_istable(L, 2)) return 0;
  w->id = opt_integer(L, 2, "id", INT32_MIN, INT32_MAX, 0);
  const char *state = opt_string(L, 2, "state", "none");
  bool given = opt_push(L, 2, "process") != LUA_TNIL;
  if (given && !class_is(L, -1, &event_emitter_class))
    return err_arg_type(L, -1, "options.process", "an instance of EventEmitter");
  worker_set_state(L, 1, state);
  if (given) set_process(L, 1);
  return 0;
}

/* ---- methods ---- */

static int worker_send(lua_State *L) {
  (void)worker_check(L, 1);
  worker_push_process(L, 1);
  if (lua_isnil(L, -1)) return err_raise(L, NULL, "ERR_IPC_CHANNEL_CLOSED", "Channel closed");
  lua_replace(L, 1);
  lua_getfield(L, 1, "send");
  if (!lua_isfunction(L, -1)) return err_raise(L, NULL, "ERR_IPC_CHANNEL_CLOSED", "Channel closed");
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, 1);
  return 1;
}

static int worker_kill(lua_State *L) {
  (void)worker_check(L, 1);
  return cluster_state(L)->inside ? inside_worker_kill(L) : primary_worker_kill(L);
}

static int worker_disconnect(lua_State *L) {
  (void)worker_check(L, 1);
  return cluster_state(L)->inside ? inside_worker_disconnect(L) : primary_worker_disconnect(L);
}

static int worker_lua_is_connected(lua_State *L) {
  (void)worker_check(L, 1);
  lua_pushboolean(L, worker_is_connected(L, 1));
  return 1;
}

static int worker_lua_is_dead(lua_State *L) {
  (void)worker_check(L, 1);
  lua_pushboolean(L, worker_is_dead(L, 1));
  return 1;
}

/* ---- properties ---- */

static int worker_get_id(lua_State *L) {
  lua_pushinteger(L, worker_check(L, 1)->id);
  return 1;
}

static int get_value(lua_State *L, int slot) {
  (void)worker_check(L, 1);
  lua_getiuservalue(L, 1, slot);
  return 1;
}

static int worker_get_process(lua_State *L) { return get_value(L, WV_PROCESS); }
static int worker_get_state(lua_State *L) { return get_value(L, WV_STATE); }
static int worker_get_left(lua_State *L) { return get_value(L, WV_LEFT); }

static int worker_set_state_value(lua_State *L) {
  (void)worker_check(L, 1);
  (void)arg_string(L, 2, "state", NULL);
  lua_settop(L, 2);
  lua_setiuservalue(L, 1, WV_STATE);
  return 0;
}

static int worker_set_left_value(lua_State *L) {
  (void)worker_check(L, 1);
  if (!lua_isnil(L, 2)) (void)arg_boolean(L, 2, "exitedAfterDisconnect");
  lua_settop(L, 2);
  lua_setiuservalue(L, 1, WV_LEFT);
  return 0;
}

/* Worker #1 pid 412 listening */
static int worker_inspect(lua_State *L) {
  ClusterWorker *w = worker_check(L, 1);
  push_process_field(L, 1, "pid");
  lua_getiuservalue(L, 1, WV_STATE);
  lua_pushfstring(L, "Worker #%I", w->id);
  if (lua_isinteger(L, 2)) lua_pushfstring(L, " pid %I", lua_tointeger(L, 2));
  else lua_pushliteral(L, "");
  lua_pushfstring(L, " %s", lua_tostring(L, 3));
  lua_concat(L, 3);
  return 1;
}

/* ---- rows ---- */

static const OptDef send_options[] = {
  { "keepOpen", "boolean", "false", "A socket that is sent stays open here, too." }, { 0 }
};

#define KILL_TEXT                                                                                  \
  "In the primary: sends the signal, SIGTERM by default, to the worker, and nothing else. In a "   \
  "worker: tells the primary, disconnects and ends with code 0 at once; open connections are not " \
  "waited for. Errors: ERR_UNKNOWN_SIGNAL."

static const FnDef worker_methods[] = {
  { "send", worker_send, FN_METHOD,
    "send(message: any, sendHandle: any?, options: table?, callback: function?): boolean",
    "Sends a message: to the worker, or in a worker to the primary. As ChildProcess.send and "
    "process.send.",
    send_options, NULL, NULL },
  { "kill", worker_kill, FN_METHOD, "kill(signal: string|integer?)", KILL_TEXT, NULL, NULL, NULL },
  { "destroy", worker_kill, FN_METHOD, "destroy(signal: string|integer?)", KILL_TEXT, NULL, NULL, NULL },
  { "disconnect", worker_disconnect, FN_METHOD, "disconnect(): Worker",
    "Lets the worker go: it closes its servers, waits until their connections have ended, closes the "
    "channel, and so ends when it has nothing else to do. exitedAfterDisconnect is true.",
    NULL, NULL, NULL },
  { "isConnected", worker_lua_is_connected, FN_METHOD, "isConnected(): boolean",
    "Is the channel between primary and worker open?", NULL, NULL, NULL },
  { "isDead", worker_lua_is_dead, FN_METHOD, "isDead(): boolean", "Has the process ended?", NULL, NULL,
    NULL },
  { 0 }
};

static const PropDef worker_props[] = {
  { "id", worker_get_id, NULL, "integer", "Counts the workers from 1; no number is used twice." },
  { "process", worker_get_process, NULL, "ChildProcess|Process",
    "The ChildProcess in the primary; in the worker the global process." },
  { "exitedAfterDisconnect", worker_get_left, worker_set_left_value, "boolean?",
    "Did it go because it was told to, by disconnect (or its own kill)? nil until that is known." },
  { "state", worker_get_state, worker_set_state_value, "string",
    "\"none\", \"online\", \"listening\", \"disconnected\" or \"dead\"; in a worker also \"disconnecting\" "
    "and \"destroying\"." },
  { 0 }
};

static const EventDef worker_events[] = {
  { "online", "", "The worker runs. In the primary." },
  { "listening", "address: table",
    "A server of the worker listens: { address, port, addressType }, where addressType is 4, 6, -1 (a "
    "path), \"udp4\" or \"udp6\". In the primary." },
  { "message", "message: any, handle: any?", "A message from the other side." },
  { "disconnect", "", "The channel has closed." },
  { "exit", "code: integer?, signal: string?", "The process has ended. In the primary." },
  { "error", "error: Error", "The worker could not be started, killed or sent a message." },
  { 0 }
};

const ClassDef cluster_worker_class = {
  .name = "Worker", .base = &event_emitter_class, .alloc = worker_alloc, .init = worker_init,
  .gc = worker_gc, .inspect = worker_inspect, .methods = worker_methods, .props = worker_props,
  .events = worker_events,
  .doc = "A worker process: in the primary one of cluster.workers, in a worker cluster.worker.",
  .example = "local cluster = require \"cluster\"\n"
             "cluster.setupPrimary{ exec = function() end }\n"
             "local worker = cluster.fork()\n"
             "worker:on(\"online\", function()\n  print(worker.id, worker.state)\n  worker:disconnect()\nend)\n"
             "worker:on(\"exit\", function(code)\n  print(code, worker.exitedAfterDisconnect)\nend)"
};
