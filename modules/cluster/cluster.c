/* SPDX-License-Identifier: MIT */
/* cluster.c - the object that `require "cluster"` gives: in a worker another one than in a primary. */
#include "parts.h"
#include "../core/class.h"
#include "../core/error.h"
#include "../core/opts.h"
#include "../events/events.h"

static const char state_key = 0;

Cluster *cluster_state(lua_State *L) { return rt_data(L, &state_key, sizeof(Cluster)); }

void cluster_push(lua_State *L) { (void)rt_require_builtin(L, "cluster"); }

int cluster_push_value(lua_State *L, int slot) {
  cluster_push(L);
  int type = lua_getiuservalue(L, -1, slot);
  lua_remove(L, -2);
  return type;
}

/* ---- properties: nil on the side that does not have them ---- */

static int get_value(lua_State *L, int slot) {
  (void)class_check(L, 1, &cluster_class);
  lua_getiuservalue(L, 1, slot);
  return 1;
}

static int set_value(lua_State *L, int slot) {
  (void)class_check(L, 1, &cluster_class);
  lua_settop(L, 2);
  lua_setiuservalue(L, 1, slot);
  return 0;
}

static int get_is_worker(lua_State *L) {
  lua_pushboolean(L, cluster_state(L)->inside);
  return 1;
}

static int get_is_primary(lua_State *L) {
  lua_pushboolean(L, !cluster_state(L)->inside);
  return 1;
}

static int get_settings(lua_State *L) { return get_value(L, CV_SETTINGS); }
static int get_workers(lua_State *L) { return get_value(L, CV_WORKERS); }
static int get_worker(lua_State *L) { return get_value(L, CV_WORKER); }
static int get_policy(lua_State *L) { return get_value(L, CV_POLICY); }
static int set_policy(lua_State *L) { return set_value(L, CV_POLICY); }

static int set_settings(lua_State *L) {
  arg_table(L, 2, "settings");
  return set_value(L, CV_SETTINGS);
}

static int push_policy(lua_State *L, int policy) {
  if (cluster_state(L)->inside) lua_pushnil(L);
  else lua_pushinteger(L, policy);
  return 1;
}

static int get_sched_none(lua_State *L) { return push_policy(L, POLICY_NONE); }
static int get_sched_rr(lua_State *L) { return push_policy(L, POLICY_RR); }

static int get_worker_class(lua_State *L) {
  class_push(L, &cluster_worker_class);
  return 1;
}

static int cluster_inspect(lua_State *L) {
  const Cluster *c = cluster_state(L);
  lua_Integer n = 0;
  if (c->inside) {
    lua_pushliteral(L, "cluster { isWorker }");
    return 1;
  }
  lua_getiuservalue(L, 1, CV_WORKERS);
  for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) n++;
  lua_pushfstring(L, "cluster { isPrimary, %I %s }", n, n == 1 ? "worker" : "workers");
  return 1;
}

/* ---- birth ---- */

/* Sets a new table as a user value of the object on top. mode: of weakness, or NULL. */
static void set_table(lua_State *L, int slot, const char *mode) {
  lua_newtable(L);
  if (mode) {
    lua_createtable(L, 0, 1);
    lua_pushstring(L, mode);
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
  }
  lua_setiuservalue(L, -2, slot);
}

static void open_primary(lua_State *L) {
  set_table(L, CV_WORKERS, NULL);
  set_table(L, CV_SETTINGS, NULL);
  set_table(L, CV_PROCESSES, "k");
  set_table(L, CV_KEYS, NULL);
  class_construct(L, &event_emitter_class, 0);
  lua_setiuservalue(L, -2, CV_INTERCOM);
  settings_push_policy(L);
  lua_setiuservalue(L, -2, CV_POLICY);
  primary_open(L);
  class_push(L, &cluster_class); /* one function by two names */
  lua_getfield(L, -1, "setupPrimary");
  lua_setfield(L, -2, "setupMaster");
  lua_pop(L, 1);
}

/* The functions of a primary are nil in a worker. */
static void open_worker(lua_State *L) {
  static const char *const missing[] = { "fork", "disconnect", "setupPrimary", "setupMaster" };
  class_push(L, &cluster_class);
  for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
    lua_pushnil(L);
    lua_setfield(L, -2, missing[i]);
  }
  lua_pop(L, 1);
  set_table(L, CV_SERVERS, NULL);
  set_table(L, CV_PLACES, "k");
  set_table(L, CV_INDEXES, NULL);
  set_table(L, CV_REQUESTS, NULL);
}

static int cluster_open(lua_State *L) {
  class_push(L, &cluster_class);
  (void)class_new(L, &cluster_class, sizeof(int), CV_LAST - UV_CLASS + 1);
  class_set_singleton(L, &cluster_class, -1);
  Cluster *c = cluster_state(L);
  c->inside = cluster_claimed() && rt_of(L)->thread_id == 0;
  if (c->inside) open_worker(L);
  else open_primary(L);
  return 1;
}

/* ---- rows ---- */

static const OptDef settings_options[] = {
  { "exec", "string|function", "process.argv[2]", "The script of the workers, or a Lua function." },
  { "args", "string[]", "the arguments of this script", "Its arguments." },
  { "execArgv", "string[]", "process.execArgv", "Options of the program, before the script." },
  { "execPath", "string", "process.execPath", "The program to run; \"node\" works, too." },
  { "cwd", "string", NULL, "Working folder of the workers; ours when not given." },
  { "serialization", "string", "\"json\"", "Format of the messages: \"json\" or \"advanced\"." },
  { "silent", "boolean", "false", "Pipes instead of our own stdin, stdout and stderr." },
  { "stdio", "table", NULL, "As for child_process.fork; must hold \"ipc\"." },
  { "uid", "integer", NULL, "User id of the workers." },
  { "gid", "integer", NULL, "Group id of the workers." },
  { 0 }
};

#define SETUP_TEXT                                                                                 \
  "Changes the settings that the next workers are started with; what is not given stays as it is. " \
  "The first call, or the first fork, also decides for good about schedulingPolicy. Errors: "      \
  "ERR_INVALID_ARG_TYPE, ERR_INTERNAL_ASSERTION."
#define SETUP_DIFFERS "exec may be a function; execPath says which program runs the workers."

static const FnDef cluster_methods[] = {
  { "fork", cluster_fork, FN_METHOD, "fork(env: table?): Worker",
    "Starts a worker: the same script again (or settings.exec), with env added to its environment, where "
    "cluster.isWorker is true and listen() shares the primary's port. Only in the primary.",
    NULL,
    "if cluster.isPrimary then\n  cluster.setupPrimary{ exec = function()\n"
    "    print(\"worker \" .. require(\"cluster\").worker.id)\n    process.exit()\n  end }\n  cluster.fork()\nend",
    NULL },
  { "setupPrimary", cluster_setup_primary, FN_METHOD, "setupPrimary(settings: table?)", SETUP_TEXT,
    settings_options, "cluster.setupPrimary{ silent = true }\nprint(cluster.settings.silent)",
    SETUP_DIFFERS },
  { "setupMaster", cluster_setup_primary, FN_METHOD, "setupMaster(settings: table?)",
    "The old name of setupPrimary.", settings_options, NULL, SETUP_DIFFERS },
  { "disconnect", cluster_disconnect, FN_METHOD, "disconnect(callback: function?)",
    "Calls disconnect on every worker, so that the primary can end when they have. As in Node 20 the "
    "callback comes when the first of them is gone for good, or on the next tick when there is none. "
    "Only in the primary.",
    NULL, NULL, NULL },
  { 0 }
};

static const PropDef cluster_props[] = {
  { "isPrimary", get_is_primary, NULL, "boolean", "This process is no worker." },
  { "isMaster", get_is_primary, NULL, "boolean", "The old name of isPrimary." },
  { "isWorker", get_is_worker, NULL, "boolean",
    "This process was started by cluster.fork: NODE_UNIQUE_ID was in its environment." },
  { "worker", get_worker, NULL, "Worker?", "In a worker: its own Worker." },
  { "workers", get_workers, NULL, "table?", "In the primary: the living workers by id." },
  { "settings", get_settings, set_settings, "table?",
    "In the primary: what setupPrimary has set; {} before the first setupPrimary or fork." },
  { "schedulingPolicy", get_policy, set_policy, "integer?",
    "How connections are handed out, SCHED_RR (the default) or SCHED_NONE; may be set before the first "
    "fork. The environment variable NODE_CLUSTER_SCHED_POLICY (\"rr\", \"none\") sets it, too." },
  { "SCHED_NONE", get_sched_none, NULL, "integer?", "1: each worker accepts by itself." },
  { "SCHED_RR", get_sched_rr, NULL, "integer?",
    "2: the primary accepts and hands each connection to the worker that has been free longest." },
  { "Worker", get_worker_class, NULL, "function", "The class of cluster.workers." },
  { 0 }
};

static const EventDef cluster_events[] = {
  { "setup", "settings: table", "setupPrimary was called, by the script or by fork." },
  { "fork", "worker: Worker", "A worker is being started." },
  { "online", "worker: Worker", "The worker runs." },
  { "listening", "worker: Worker, address: table",
    "A server of the worker listens: { address, port, addressType }." },
  { "message", "worker: Worker, message: any, handle: any?", "A worker has sent a message." },
  { "disconnect", "worker: Worker", "The channel to the worker has closed." },
  { "exit", "worker: Worker, code: integer?, signal: string?", "The worker has ended." },
  { 0 }
};

const ClassDef cluster_class = {
  .name = "Cluster",
  .base = &event_emitter_class,
  .abstract = true,
  .singleton = true,
  .inspect = cluster_inspect,
  .methods = cluster_methods,
  .props = cluster_props,
  .events = cluster_events,
  .doc = "The cluster as this process sees it. There is one, the module; its functions can be called with "
         "a dot or a colon."
};

static const ClassDef *const classes[] = { &cluster_worker_class, NULL };
static const ClassDef *const objects[] = { &cluster_class, NULL };

const ModuleDef cluster_module = {
  .name = "cluster",
  .classes = classes,
  .objects = objects,
  .open = cluster_open,
  .doc = "Several processes of one program that share a port. The module is an EventEmitter.",
  .example = "local cluster = require \"cluster\"\n"
             "cluster.setupPrimary{ exec = function()\n  process.send(\"hello from a worker\")\nend }\n"
             "local worker = cluster.fork()\n"
             "worker:on(\"message\", function(text)\n  print(text)\n  worker:disconnect()\nend)\n"
             "cluster.on(\"exit\", function(w, code)\n  print(\"worker \" .. w.id .. \" ended with\", code)\nend)"
};
