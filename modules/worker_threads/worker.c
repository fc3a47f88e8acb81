/* SPDX-License-Identifier: MIT */
/* worker.c - see worker.h.
 *
 * A Worker is kept alive until its thread has ended, and keeps the loop running unless unref() was called.
 * What the thread says comes by two channels, of which control goes first; before an error or the exit all
 * messages of the script are delivered, so their order is online, messages, error, exit. */
#include "worker.h"
#include "options.h"
#include "streams.h"
#include "thread.h"
#include "../core/error.h"
#include "../core/handle.h"
#include "../core/opts.h"
#include "../core/out.h"
#include "../core/trace.h"
#include "../events/events.h"
#include "../promise/promise.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_AT_ONCE = 1000 };     /* messages of one turn of the loop */
enum { PATIENCE_MS = 2000 };      /* for a thread to end, when everything does */

typedef struct Worker {
  Handle base;
  uv_async_t uv;         /* never sent: it keeps the program running */
  Ring ring;
  List link;             /* in the runtime's list of workers, while the thread lives */
  Thread *thread;        /* owns a reference; NULL before and after */
  End *port, *control;   /* own */
  bool over;
  bool wanted, heard;    /* what lets it keep the program running: ref() as at first, listeners of messages */
} Worker;

static const char workers_key = 0;
static _Atomic bool abandoned;

bool workers_abandoned(void) { return abandoned; }

/* The workers of this runtime. */
static List *workers_of(lua_State *L) {
  List *list = rt_data(L, &workers_key, sizeof *list);
  if (!list->next) list_init(list);
  return list;
}

static Worker *worker_self(lua_State *L) { return class_check(L, 1, &worker_class); }

/* ---- what the thread says ---- */

static int port_deliver(lua_State *L) {
  const Delivery *d = lua_touserdata(L, 1);
  int self = handle_push(L, d->owner);
  bool good = message_try_unpack(L, d->message);
  (void)emit(L, self, good ? "message" : "messageerror", 1);
  return 0;
}

static int64_t read_code(const Message *m) {
  int64_t code = EXIT_UNCAUGHT;
  if (m->len == sizeof code) memcpy(&code, m->bytes, sizeof code);
  return code;
}

/* The last message: the thread is gone. */
static void exit_deliver(lua_State *L, Worker *w, int self, const Message *m) {
  (void)thread_wait(w->thread, UINT32_MAX); /* it has nothing left to do */
  list_remove(&w->link);
  thread_unref(w->thread);
  w->thread = NULL;
  w->over = true;
  int64_t code = read_code(m);
  streams_end(L, self);
  lua_getiuservalue(L, self, WORKER_PROMISE);
  if (!lua_isnil(L, -1)) {
    lua_pushinteger(L, code);
    promise_resolve(L, -2);
  }
  lua_pop(L, 1);
  handle_close(&w->base);
  lua_pushinteger(L, code);
  (void)emit(L, self, "exit", 1);
}

static void push_memory_error(lua_State *L) {
  err_push(L, NULL, "ERR_WORKER_OUT_OF_MEMORY",
           "Worker terminated due to reaching memory limit: JS heap out of memory");
}

/* Pushes what has ended the thread, an Error with the fields that a script has set. [+1] */
static void push_error(lua_State *L, Message *m) {
  message_unpack(L, m);
  int packed = lua_gettop(L);
  lua_rawgeti(L, packed, 1);
  if (lua_rawgeti(L, packed, 2) == LUA_TTABLE) {
    for (lua_pushnil(L); lua_next(L, -2);) {
      lua_pushvalue(L, -2);
      lua_insert(L, -2);
      lua_rawset(L, packed + 1);
    }
  }
  lua_settop(L, packed + 1);
  lua_replace(L, packed);
}

static int control_deliver(lua_State *L) {
  const Delivery *d = lua_touserdata(L, 1);
  Message *m = d->message;
  int self = handle_push(L, d->owner);
  switch (m->kind) {
  case CONTROL_ONLINE: (void)emit(L, self, "online", 0); break;
  case CONTROL_OUT: streams_output(L, self, 1, m->bytes, m->len); break;
  case CONTROL_ERR: streams_output(L, self, 2, m->bytes, m->len); break;
  case CONTROL_HEAP: streams_heap(L, self, m->bytes, m->len); break;
  case CONTROL_EXIT: exit_deliver(L, d->owner, self, m); break;
  case CONTROL_MEMORY:
    push_memory_error(L);
    (void)emit(L, self, "error", 1);
    break;
  default:
    push_error(L, m);
    (void)emit(L, self, "error", 1);
  }
  return 0;
}

/* Delivers what the script has posted, at most so many; true: there may be more. */
static bool drain_port(Worker *w, int most) {
  while (most-- > 0)
    if (!message_deliver(w->base.rt, w->port, port_deliver, w)) return false;
  return true;
}

/* All that was posted before the thread told of its end comes before that. */
static bool is_end(int kind) {
  return kind == CONTROL_ERROR || kind == CONTROL_MEMORY || kind == CONTROL_EXIT;
}

static void on_news(Ring *ring) {
  Worker *w = list_entry(ring, Worker, ring);
  Runtime *rt = w->base.rt;
  while (!w->over && !rt->leaving) {
    Message *m = end_take(w->control);
    if (!m) break;
    if (is_end(m->kind)) {
      end_hurry(w->port); /* what is held back comes before the end, too */
      (void)drain_port(w, INT_MAX);
    }
    message_enter(rt, control_deliver, w, m);
  }
  if (!w->over && drain_port(w, MOST_AT_ONCE)) ring_ring(ring);
}

/* ---- life ---- */

static void worker_release(Handle *h) {
  Worker *w = (Worker *)h;
  end_close(w->port);
  end_close(w->control);
  ring_close(&w->ring);
  thread_unref(w->thread);
}

static int worker_alloc(lua_State *L) {
  Worker *w = handle_new(L, &worker_class, sizeof *w, WORKER_VALUES);
  list_init(&w->link);
  w->base.release = worker_release;
  return 1;
}

/* Tick: tells process of the worker, when a script has ever named process. */
static int announce(lua_State *L) {
  Runtime *rt = rt_of(L);
  lua_settop(L, 1);
  if (rt->on_process_event) (void)rt->on_process_event(L, "worker", 1);
  return 0;
}

/* Worker(filename, options) */
static int worker_init(lua_State *L) {
  Worker *w = worker_self(L);
  Runtime *rt = rt_of(L);
  rt_check_open(L);
  lua_settop(L, 3);
  if (w->thread || w->over)
    return err_raise(L, &type_error_class, "ERR_INVALID_THIS", "the Worker has been started already");
  w->thread = thread_new(&w->port, &w->control);
  if (!w->thread) return luaL_error(L, "not enough memory");
  options_read_worker(L, w->thread);
  int err = uv_async_init(&rt->loop, &w->uv, NULL);
  if (err < 0) return err_raise_uv(L, err, "uv_async_init");
  handle_opened(&w->base, (uv_handle_t *)&w->uv);
  w->wanted = true;
  streams_open(L, w->thread, w->control);
  ring_open(L, &w->ring, on_news);
  end_attach(w->port, &w->ring);
  end_attach(w->control, &w->ring);
  w->thread->by = rt->thread_id;
  out_flush();
  if (TRACING(rt)) trace_add(rt->trace, TRACE_THR_SPAWN, (TraceArgs){ { w->thread->number } }, thread_file(w->thread), NULL);
  err = thread_start(w->thread);
  if (err < 0) {
    handle_close(&w->base);
    return err_raise(L, NULL, "ERR_WORKER_INIT_FAILED", "Worker initialization failure: %s", uv_err_name(err));
  }
  list_append(workers_of(L), &w->link);
  handle_pin(L, &w->base, 1);
  rt->on_stopping = rt->on_stopping ? rt->on_stopping : workers_end;
  lua_pushcfunction(L, announce);
  lua_pushvalue(L, 1);
  rt_next_tick(L, 1);
  return 0;
}

/* All are stopped first, so that they end at the same time. */
void workers_end(Runtime *rt) {
  List *list = workers_of(rt->L);
  for (List *item = list->next; item != list; item = item->next) thread_stop(list_entry(item, Worker, link)->thread);
  for (List *item; (item = list_pop(list));) {
    Worker *w = list_entry(item, Worker, link);
    if (!thread_wait(w->thread, PATIENCE_MS)) abandoned = true;
    w->over = true;
  }
}

static void worker_hold(Worker *w, bool wanted, bool heard) {
  w->wanted = wanted;
  w->heard = heard;
  if (!handle_is_open(&w->base)) return;
  if (wanted || heard) uv_ref((uv_handle_t *)&w->uv);
  else uv_unref((uv_handle_t *)&w->uv);
}

/* In Node the port of messages counts by itself: its first listener holds, whatever unref() said before,
 * and the last one that goes lets go. */
static void worker_listeners(lua_State *L, int idx, const char *event, int count) {
  Worker *w = class_test(L, idx, &worker_class);
  if (w && !strcmp(event, "message")) worker_hold(w, w->wanted, count > 0);
}

static int worker_ref(lua_State *L) {
  worker_hold(worker_self(L), true, true);
  lua_settop(L, 1);
  return 1;
}

static int worker_unref(lua_State *L) {
  worker_hold(worker_self(L), false, false);
  lua_settop(L, 1);
  return 1;
}

/* ---- methods ---- */

static int worker_post(lua_State *L) {
  Worker *w = worker_self(L);
  if (lua_isnone(L, 2))
    return err_raise(L, &type_error_class, "ERR_MISSING_ARGS",
                     "Not enough arguments to MessagePort.postMessage");
  lua_settop(L, 3);
  Message *m = message_pack(L, 2, 3, 0);
  out_flush(); /* as in port.c */
  if (w->port && !w->over)
    message_post(L, w->port, m, (Posting){ .idx = 2, .thread = (int)w->thread->number, .own = true });
  else message_free(m);
  return 0;
}

/* terminate(): one promise for all who ask while it ends */
static int worker_terminate(lua_State *L) {
  Worker *w = worker_self(L);
  if (!w->thread) {
    lua_pushnil(L);
    promise_from(L);
    return 1;
  }
  if (lua_getiuservalue(L, 1, WORKER_PROMISE) == LUA_TNIL) {
    promise_new(L);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, 1, WORKER_PROMISE);
  }
  worker_hold(w, true, w->heard);
  thread_stop(w->thread);
  return 1;
}

/* getHeapSnapshot() */
static int worker_heap(lua_State *L) {
  Worker *w = worker_self(L);
  lua_settop(L, 1);
  if (!w->thread) return err_raise(L, NULL, "ERR_WORKER_NOT_RUNNING", "Worker instance not running");
  promise_new(L);
  streams_ask_heap(L);
  Message *m = message_new(CONTROL_ASK_HEAP, "", 0);
  if (!m) return luaL_error(L, "not enough memory");
  end_post(w->control, m);
  return 1;
}

static int worker_get_thread_id(lua_State *L) {
  const Worker *w = worker_self(L);
  lua_pushinteger(L, w->thread ? (lua_Integer)w->thread->number : -1);
  return 1;
}

static int worker_inspect(lua_State *L) {
  const Worker *w = worker_self(L);
  if (!w->thread) lua_pushliteral(L, "Worker ended");
  else lua_pushfstring(L, "Worker thread %d running%s", (int)w->thread->number,
                       handle_is_open(&w->base) && !uv_has_ref(w->base.uv) ? ", unref" : "");
  return 1;
}

static int worker_get_limits(lua_State *L) {
  const Worker *w = worker_self(L);
  if (w->thread) limits_push(L, &w->thread->plan.limits);
  else lua_newtable(L);
  return 1;
}

static int worker_get_stdin(lua_State *L) {
  (void)worker_self(L);
  lua_getiuservalue(L, 1, WORKER_STDIN);
  return 1;
}

/* From the first look at the stream on the output passes through it. */
static int get_output(lua_State *L, int fd) {
  Worker *w = worker_self(L);
  streams_push_output(L, fd);
  if (w->thread) w->thread->forward[fd] = true;
  return 1;
}

static int worker_get_stdout(lua_State *L) { return get_output(L, 1); }
static int worker_get_stderr(lua_State *L) { return get_output(L, 2); }

/* ---- event loop utilisation ---- */

/* performance.eventLoopUtilization(): of the worker's loop; upvalue: the Worker */
static int worker_utilization(lua_State *L) {
  Worker *w = class_test(L, lua_upvalueindex(1), &worker_class);
  uint64_t idle = 0, whole = 0;
  if (w && w->thread) {
    uv_mutex_lock(&w->thread->lock);
    Runtime *rt = w->thread->rt;
    if (rt) {
      idle = uv_metrics_idle_time(&rt->loop);
      whole = uv_hrtime() - rt->started;
    }
    uv_mutex_unlock(&w->thread->lock);
  }
  uint64_t active = whole > idle ? whole - idle : 0;
  lua_createtable(L, 0, 3);
  lua_pushnumber(L, (lua_Number)idle / 1e6);
  lua_setfield(L, -2, "idle");
  lua_pushnumber(L, (lua_Number)active / 1e6);
  lua_setfield(L, -2, "active");
  lua_pushnumber(L, whole ? (lua_Number)active / (lua_Number)whole : 0);
  lua_setfield(L, -2, "utilization");
  return 1;
}

static int worker_get_performance(lua_State *L) {
  (void)worker_self(L);
  if (lua_getiuservalue(L, 1, WORKER_PERFORMANCE) != LUA_TNIL) return 1;
  lua_createtable(L, 0, 1);
  lua_pushvalue(L, 1);
  lua_pushcclosure(L, worker_utilization, 1);
  lua_setfield(L, -2, "eventLoopUtilization");
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, 1, WORKER_PERFORMANCE);
  return 1;
}

/* ---- rows ---- */

static const OptDef worker_options[] = {
  { "argv", "any[]", NULL, "Appended to the worker's process.argv, as text." },
  { "env", "any", NULL,
    "A table: the worker's environment. A copy of ours without it; with SHARE_ENV the same one." },
  { "eval", "boolean", "false", "The first argument is source text, not a path." },
  { "execArgv", "string[]", NULL, "Must be empty: options belong to the whole process." },
  { "name", "string", NULL, "A name for the thread." },
  { "resourceLimits", "table", NULL,
    "maxOldGenerationSizeMb: MiB of Lua's heap, beyond which the worker ends with ERR_WORKER_OUT_OF_MEMORY; "
    "stackSizeMb: MiB of the thread's C stack, 4. The others are kept and mean nothing here." },
  { "stderr", "boolean", "false", "worker.stderr alone gets the output." },
  { "stdin", "boolean", "false", "worker.stdin is a Writable that feeds the worker's process.stdin." },
  { "stdout", "boolean", "false", "worker.stdout alone gets the output." },
  { "trackUnmanagedFds", "boolean", "true", "Accepted; descriptors of fs.open are never closed behind a script's back." },
  { "transferList", "table", NULL, "What of workerData is moved instead of copied." },
  { "workerData", "any", NULL, "Cloned; the worker finds it as workerData." },
  { 0 }
};

static const FnDef worker_methods[] = {
  { "init", worker_init, FN_METHOD, "init(filename: string|URL|function, options: table?)",
    "Starts a thread that runs the file (absolute, or relative with ./ or ../), the function, or with eval "
    "the source text. Raises ERR_WORKER_PATH, DataCloneError, ERR_WORKER_INVALID_EXEC_ARGV.",
    worker_options, NULL, "A function may stand in place of a file; it uses no locals of the code around it." },
  { "getHeapSnapshot", worker_heap, FN_METHOD, "getHeapSnapshot(): Promise",
    "A promise of a readable stream of JSON: how many objects live in the worker, by type and bytes. It "
    "comes when the worker's loop gets to it.",
    NULL, NULL, "Lua's objects by type, not V8's snapshot." },
  { "postMessage", worker_post, FN_METHOD, "postMessage(value: any, transferList: table?)",
    "Sends a clone of the value; the worker's parentPort emits `message`. ArrayBuffers and ports of the list "
    "are moved. Dropped when the worker has ended.",
    NULL, NULL, NULL },
  { "ref", worker_ref, FN_METHOD, "ref(): Worker", "The worker keeps the program running, as it does at first.",
    NULL, NULL, NULL },
  { "terminate", worker_terminate, FN_METHOD, "terminate(): Promise",
    "Stops the worker at its next instruction, whatever it does; its exit listeners do not run. The promise "
    "gives the exit code, 1, or nil when it had ended before. A single call into C cannot be cut short.",
    NULL, "local w = require \"worker_threads\".Worker(function() while true do end end)\nw:on(\"online\", function() w:terminate() end)\n"
    "w:on(\"exit\", print)", NULL },
  { "unref", worker_unref, FN_METHOD, "unref(): Worker",
    "The worker does not keep the program running any more.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef worker_props[] = {
  { "performance", worker_get_performance, NULL, "table",
    "eventLoopUtilization(): { idle, active, utilization } of the worker's loop, ms and a share of 1." },
  { "resourceLimits", worker_get_limits, NULL, "table", "The limits, -1 where there is none; {} once it has ended." },
  { "stderr", worker_get_stderr, NULL, "Readable", "The worker's standard error." },
  { "stdin", worker_get_stdin, NULL, "Writable?", "With the option stdin: what the worker reads." },
  { "stdout", worker_get_stdout, NULL, "Readable", "The worker's standard output." },
  { "threadId", worker_get_thread_id, NULL, "integer", "The thread's number, -1 once it has ended." },
  { 0 }
};

static const EventDef worker_events[] = {
  { "error", "err: any", "An uncaught error has ended the worker; exit follows. Without a listener it is "
    "uncaught here, too." },
  { "exit", "exitCode: integer", "The thread has ended; the last event." },
  { "message", "value: any", "parentPort:postMessage(value) in the worker." },
  { "messageerror", "error: Error", "A message could not be read." },
  { "online", "", "The worker's code begins to run." },
  { 0 }
};

const ClassDef worker_class = {
  .name = "Worker", .base = &event_emitter_class, .alloc = worker_alloc, .init = worker_init, .gc = handle_gc,
  .inspect = worker_inspect, .listeners = worker_listeners, .methods = worker_methods, .props = worker_props, .events = worker_events,
  .doc = "Worker(filename, options): a thread with a Lua state and an event loop of its own.",
  .example = "local worker = require \"worker_threads\".Worker(function()\n  local port = require \"worker_threads\".parentPort\n"
             "  port:once(\"message\", function(n) port:postMessage(n * 2) end)\nend)\n"
             "worker:on(\"message\", print)\nworker:postMessage(21)"
};
