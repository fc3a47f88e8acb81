/* SPDX-License-Identifier: MIT */
/* worker_threads.c - the module: its functions, and what a thread knows of itself. */
#include "worker_threads.h"
#include "options.h"
#include "station.h"
#include "thread.h"
#include "worker.h"
#include "../buffer/views.h"
#include "../core/error.h"
#include "../messaging/broadcast.h"
#include "../messaging/port.h"
#include "../process/process.h"

/* setEnvironmentData(key, value): a clone for each Worker made from now on; nil takes it away. */
static int set_environment(lua_State *L) {
  luaL_checkany(L, 1);
  lua_settop(L, 2);
  if (lua_isnil(L, 1) || (lua_type(L, 1) == LUA_TNUMBER && lua_tonumber(L, 1) != lua_tonumber(L, 1)))
    return err_arg_value(L, 1, "key", "must be a value that a table takes as a key");
  thread_push_environment(L);
  lua_insert(L, 1);
  lua_rawset(L, 1);
  return 0;
}

static int get_environment(lua_State *L) {
  lua_settop(L, 1);
  thread_push_environment(L);
  lua_insert(L, 1);
  if (!lua_isnil(L, 2)) lua_rawget(L, 1);
  return 1;
}

static int mark_untransferable(lua_State *L) {
  luaL_checkany(L, 1);
  if (!port_keep(L, 1)) memory_keep(L, 1);
  return 0;
}

static int move_port(lua_State *L) {
  return err_raise(L, NULL, "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM",
                   "moveMessagePortToContext: there are no vm contexts in Lua; a state of its own is a Worker");
}

static const FnDef functions[] = {
  { "getEnvironmentData", get_environment, FN_STATIC, "getEnvironmentData(key: any): any",
    "What setEnvironmentData has set, here or in the thread that made this one.", NULL, NULL, NULL },
  { "markAsUntransferable", mark_untransferable, FN_STATIC, "markAsUntransferable(object: any)",
    "An ArrayBuffer so marked is copied where a transfer list names it; a port so marked cannot be sent.", NULL,
    NULL, NULL },
  { "moveMessagePortToContext", move_port, FN_STATIC,
    "moveMessagePortToContext(port: MessagePort, context: table)",
    "Raises ERR_FEATURE_UNAVAILABLE_ON_PLATFORM.", NULL, NULL, "There are no vm contexts in Lua." },
  { "postMessageToThread", station_post, FN_STATIC,
    "postMessageToThread(threadId: integer, value: any, transferList: table?, timeout: number?): Promise",
    "Sends a clone of the value to any thread by its number; its process emits `workerMessage` with the value "
    "and our number. The promise is fulfilled when a listener has run, and rejected with "
    "ERR_WORKER_MESSAGING_FAILED (no such thread or listener), _ERRORED, _TIMEOUT (after timeout "
    "milliseconds) or _SAME_THREAD.",
    NULL, NULL, NULL },
  { "receiveMessageOnPort", port_receive, FN_STATIC, "receiveMessageOnPort(port: MessagePort): table?",
    "Takes the next message from the port at once, { message = value }; nil when none waits.", NULL, NULL, NULL },
  { "setEnvironmentData", set_environment, FN_STATIC, "setEnvironmentData(key: any, value: any)",
    "Each Worker made from now on gets a clone of the value; nil takes it away.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef constants[] = {
  { "SHARE_ENV", NULL, NULL, "userdata", "As option env of a Worker: it shares our environment." },
  { "isMainThread", NULL, NULL, "boolean", "Is this the program's first thread?" },
  { "parentPort", NULL, NULL, "MessagePort?", "The way to the Worker object; nil on the main thread." },
  { "resourceLimits", NULL, NULL, "table", "The limits of this thread; {} on the main one." },
  { "threadId", NULL, NULL, "integer", "The thread's number; 0 on the main thread." },
  { "workerData", NULL, NULL, "any", "A clone of the Worker's option workerData; nil on the main thread." },
  { 0 }
};

static int worker_threads_open(lua_State *L) {
  const Runtime *rt = rt_of(L);
  const Thread *t = thread_of(L);
  station_open(L);
  lua_pushboolean(L, rt->thread_id == 0);
  lua_setfield(L, 1, "isMainThread");
  lua_pushinteger(L, rt->thread_id);
  lua_setfield(L, 1, "threadId");
  thread_push_port(L);
  lua_setfield(L, 1, "parentPort");
  thread_push_data(L);
  lua_setfield(L, 1, "workerData");
  share_env_push(L);
  lua_setfield(L, 1, "SHARE_ENV");
  if (t) limits_push(L, &t->plan.limits);
  else lua_newtable(L);
  lua_setfield(L, 1, "resourceLimits");
  lua_getglobal(L, "os"); /* from now on other threads may change the environment */
  lua_pushcfunction(L, process_getenv);
  lua_setfield(L, -2, "getenv");
  lua_pop(L, 1);
  return 1;
}

static const ClassDef *const classes[] = {
  &broadcast_channel_class, &message_channel_class, &message_port_class, &worker_class, NULL
};

const ModuleDef worker_threads_module = {
  .name = "worker_threads",
  .doc = "Threads with a Lua state and an event loop each, the messages between them, and memory that they "
         "share.",
  .example = "local channel = MessageChannel()\nchannel.port1:postMessage(42)\n"
             "print(require \"worker_threads\".receiveMessageOnPort(channel.port2).message)",
  .functions = functions, .classes = classes, .constants = constants, .open = worker_threads_open
};
