/* SPDX-License-Identifier: MIT */
/* child.c - see child.h.
 *
 * A Child is pinned from its start until `close` has been emitted: until the process was reaped and
 * every pipe to it has closed. Events are emitted in Node's order: spawn on the next tick, exit when
 * reaped, close last. A program that cannot be started gives error and close instead. */
#include "child.h"
#include "deadline.h"
#include "forward.h"
#include "ipc.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/opts.h"
#include "../core/out.h"
#include "../core/signame.h"
#include "../core/trace.h"
#include "../events/abort.h"
#include "../events/events.h"
#include "../stream/uv_stream.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

enum { SLOT_STDIO = UV_CLASS, SLOT_CHANNEL, SLOT_ARGS, SLOT_FILE, NSLOTS = 4 }; /* user values */

struct Child {
  Handle base;
  uv_process_t uv;
  int pid, number;
  bool started, exited, killed, unheld; /* unheld: unref() was called */
  int status;            /* exit code, or the uv error of a failed start */
  int signal;
  int kill_signal;       /* what the option timeout sends */
  Deadline *deadline;    /* of that option, until the child has ended */
  int waits;             /* what `close` still waits for: exit, pipes, channel */
  bool closed;
};

typedef struct ChildState {
  int count;
} ChildState;

static const char child_state = 0;

/* ---- the end ---- */

static void push_code(lua_State *L, const Child *c) {
  if (!c->exited || c->signal) lua_pushnil(L);
  else lua_pushinteger(L, c->status);
}

static void push_signal(lua_State *L, const Child *c) {
  if (c->signal) spawn_push_signal_name(L, c->signal);
  else lua_pushnil(L);
}

/* One of the things that `close` waits for has ended. The child's object is at idx. */
static void child_done(lua_State *L, int idx, Child *c) {
  if (--c->waits > 0 || c->closed) return;
  c->closed = true;
  idx = lua_absindex(L, idx);
  push_code(L, c);
  push_signal(L, c);
  handle_unpin(&c->base);
  (void)emit(L, idx, "close", 2);
}

/* A pipe's `close` listener. upvalue: the child */
static int pipe_closed(lua_State *L) {
  Child *c = class_test(L, lua_upvalueindex(1), &child_process_class);
  lua_pushvalue(L, lua_upvalueindex(1));
  if (c) child_done(L, -1, c);
  return 0;
}

static void channel_ended(lua_State *L, int owner) {
  Child *c = class_check(L, owner, &child_process_class);
  child_done(L, owner, c);
}

void child_pipe_done(lua_State *L, int idx) {
  child_done(L, idx, class_check(L, idx, &child_process_class));
}

/* Tick after exit: output that nobody reads is discarded, so that `close` can come. (child) */
static int flush_stdio(lua_State *L) {
  lua_getiuservalue(L, 1, SLOT_STDIO);
  lua_Integer n = (lua_Integer)lua_rawlen(L, 2);
  for (lua_Integer i = 2; i <= n; i++) {
    lua_rawgeti(L, 2, i);
    Socket *k = socket_test(L, -1);
    if (k && k->stream.r.present && !k->lent && !k->stream.r.readable_listening)
      class_call_method(L, -1, "resume", 0, 0);
    lua_settop(L, 2);
  }
  return 0;
}

/* The process has ended: nothing more goes into it, and what nobody reads is let go. */
static void drop_stdio(lua_State *L, int self) {
  lua_getiuservalue(L, self, SLOT_STDIO);
  if (lua_rawgeti(L, -1, 1) == LUA_TUSERDATA && class_is(L, -1, &socket_class))
    class_call_method(L, -1, "destroy", 0, 0);
  lua_pop(L, 2);
  lua_pushcfunction(L, flush_stdio);
  lua_pushvalue(L, self);
  rt_next_tick(L, 1);
}

typedef struct ExitEvent {
  Child *c;
  int64_t status;
  int signal;
} ExitEvent;

static int exit_deliver(lua_State *L) {
  ExitEvent *ev = lua_touserdata(L, 1);
  Child *c = ev->c;
  int self = handle_push(L, &c->base);
  c->exited = true;
  c->status = (int)ev->status;
  c->signal = ev->signal;
  if (TRACING(c->base.rt)) trace_reap(c->base.rt->trace, c->pid, ev->status, ev->signal);
  handle_close(&c->base);
  if (c->deadline) deadline_stop(c->deadline);
  c->deadline = NULL;
  drop_stdio(L, self);
  push_code(L, c);
  push_signal(L, c);
  (void)emit(L, self, "exit", 2);
  child_done(L, self, c);
  return 0;
}

static void on_exit_status(uv_process_t *uv, int64_t status, int signal) {
  Child *c = uv->data;
  ExitEvent ev = { c, status, signal };
  rt_enter(c->base.rt, exit_deliver, &ev);
}

/* ---- start ---- */

/* What uv_spawn is told, in memory that Lua owns. */
typedef struct Start {
  Child *c;
  int self, args;                 /* indices of the object and of the SpawnArgs value */
  uv_process_options_t options;
  Forward *forwards[3];
  ChannelOptions channel;
  int err;                        /* why nothing is started at all: no descriptor for the channel */
} Start;

/* One stdio slot: the container for libuv, and the stream (or null) on top for child.stdio. [+1] */
static void start_slot(lua_State *L, Start *s, const StdioSlot *slot, int i) {
  uv_stdio_container_t *to = &s->options.stdio[i];
  json_push_null(L);
  switch (slot->kind) {
  case STDIO_IGNORE: to->flags = UV_IGNORE; break;
  case STDIO_FD:
    to->flags = UV_INHERIT_FD;
    to->data.fd = slot->fd;
    break;
  case STDIO_FORWARD: {
    Forward *f = forward_new(L, s->self, slot->fd);
    s->forwards[slot->fd] = f;
    to->flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE;
    to->data.stream = forward_stream(f);
    s->c->waits++;
    break;
  }
  case STDIO_PIPE:
    lua_pop(L, 1);
    to->data.stream = socket_stream(socket_new_pipe(L, false));
    to->flags = UV_CREATE_PIPE | UV_READABLE_PIPE | UV_WRITABLE_PIPE;
    lua_pushvalue(L, s->self);
    lua_pushcclosure(L, pipe_closed, 1);
    emitter_on(L, -2, "close", true);
    s->c->waits++;
    break;
  case STDIO_IPC: {
    Channel *ch = channel_new(L, s->self, s->channel, channel_ended);
    s->err = channel_pair(L, ch, &to->data.fd);
    if (s->err) {
      lua_pop(L, 1);
      return;
    }
    to->flags = UV_INHERIT_FD;
    lua_setiuservalue(L, s->self, SLOT_CHANNEL);
    s->c->waits++;
  }
  }
}

/* Fills in the options and child.stdio; pushes nothing. */
static void start_prepare(lua_State *L, Start *s, const SpawnArgs *args) {
  uv_process_options_t *o = &s->options;
  o->exit_cb = on_exit_status;
  o->file = args->file;
  o->args = args->argv;
  o->env = args->env;
  o->cwd = args->cwd;
  o->flags = args->flags;
  o->uid = args->uid;
  o->gid = args->gid;
  o->stdio_count = args->nstdio;
  o->stdio = lua_newuserdatauv(L, (size_t)args->nstdio * sizeof *o->stdio, 0);
  lua_newtable(L);
  int streams = lua_gettop(L);
  for (int i = 0; i < args->nstdio; i++) {
    start_slot(L, s, &args->stdio[i], i);
    lua_rawseti(L, streams, i + 1);
  }
  lua_setiuservalue(L, s->self, SLOT_STDIO);
  /* the container of stdio stays on the stack until uv_spawn has run */
}

Channel *child_channel(lua_State *L, int idx) {
  lua_getiuservalue(L, idx, SLOT_CHANNEL);
  Channel *ch = class_test(L, -1, &channel_class);
  lua_pop(L, 1);
  return ch;
}

/* Tick: (child) */
static int spawn_tick(lua_State *L) {
  (void)emit(L, 1, "spawn", 0);
  return 0;
}

/* Tick after that of the error: (child). `disconnect` follows `close` here, as in Node. */
static int failed_close_tick(lua_State *L) {
  Channel *ch = child_channel(L, 1);
  if (ch) channel_shut(L, ch);
  child_done(L, 1, class_check(L, 1, &child_process_class));
  return 0;
}

/* Tick: the program could not be started. (child, error) */
static int failed_tick(lua_State *L) {
  ((Child *)class_check(L, 1, &child_process_class))->exited = true;
  drop_stdio(L, 1);
  lua_pushcfunction(L, failed_close_tick);
  lua_pushvalue(L, 1);
  rt_next_tick(L, 1);
  (void)emit(L, 1, "error", 1);
  return 0;
}

/* The pipe on top is the child's descriptor told.fd. */
static void start_pipe(lua_State *L, Socket *k, TracePipe told) {
  k->told = told;
  socket_start(L, lua_gettop(L), told.fd != 0, told.fd == 0 || told.fd > 2, false);
}

/* The pipes that libuv has connected begin, those that it has not are closed. Where the program could
 * not be run the other ends are closed already: stdout ends at once, as in Node. */
static void start_streams(lua_State *L, const Start *s, const SpawnArgs *args, bool any) {
  uv_os_fd_t fd;
  lua_getiuservalue(L, s->self, SLOT_STDIO);
  for (int i = 0; i < args->nstdio; i++) {
    lua_rawgeti(L, -1, i + 1);
    Socket *k = args->stdio[i].kind == STDIO_PIPE ? socket_test(L, -1) : NULL;
    if (k && any && uv_fileno(&k->uv.handle, &fd) == 0)
      start_pipe(L, k, (TracePipe){ s->c->pid, i });
    else if (k) class_call_method(L, -1, "destroy", 0, 0);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

/* Everything else that was prepared for the child is closed again. */
static void start_close(lua_State *L, Start *s) {
  for (int fd = 1; fd <= 2; fd++)
    if (s->forwards[fd]) {
      forward_close(s->forwards[fd]);
      s->c->waits--;
    }
  Channel *ch = child_channel(L, s->self);
  if (ch) channel_abandon(ch); /* it stays until the error has been told, as in Node */
}

/* Node throws for some failures and emits `error` for those that come with the program itself. */
static bool is_event_error(int err) {
  return err == UV_ENOENT || err == UV_EACCES || err == UV_EAGAIN || err == UV_EMFILE ||
         err == UV_ENFILE;
}

static void start_failed(lua_State *L, Start *s, const SpawnArgs *args, int err) {
  Child *c = s->c;
  start_streams(L, s, args, is_event_error(err));
  start_close(L, s);
  if (!is_event_error(err)) {
    Channel *ch = child_channel(L, s->self);
    c->closed = true;
    if (ch) channel_shut(L, ch);
    handle_unpin(&c->base);
    (void)err_raise_uv(L, err, "spawn");
  }
  c->status = err;
  lua_pushcfunction(L, failed_tick);
  lua_pushvalue(L, s->self);
  err_push_uv(L, err, lua_pushfstring(L, "spawn %s", args->file));
  lua_remove(L, -2);
  lua_pushstring(L, args->file);
  lua_setfield(L, -2, "path");
  spawn_push_args(L, args, 1);
  lua_setfield(L, -2, "spawnargs");
  rt_next_tick(L, 2);
}

/* (child): the time of the option timeout is over */
static int timeout_kill(lua_State *L) {
  Child *c = class_check(L, 1, &child_process_class);
  if (!c->exited && uv_process_kill(&c->uv, c->kill_signal) == 0) c->killed = true;
  return 0;
}

/* The signal of the options has aborted: the child is ended, `error` tells why, at once. upvalues:
 * child, signal */
static int on_abort(lua_State *L) {
  Child *c = class_test(L, lua_upvalueindex(1), &child_process_class);
  if (!c || c->exited || uv_process_kill(&c->uv, c->kill_signal) != 0) return 0;
  c->killed = true;
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  signal_push_error(L, lua_upvalueindex(2));
  (void)emit(L, 1, "error", 1);
  return 0;
}

/* (code, signal) of `exit`: the AbortSignal is let go. upvalues: the listener, the signal */
static int abort_unwatch(lua_State *L) {
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(2));
  lua_pushvalue(L, lua_upvalueindex(1));
  signal_off(L, 1);
  return 0;
}

/* Ends the child at self when the AbortSignal at `signal` aborts. */
static void abort_watch(lua_State *L, int self, int signal) {
  lua_pushvalue(L, self);
  lua_pushvalue(L, signal);
  lua_pushcclosure(L, on_abort, 2);
  if (signal_aborted(L, signal)) {
    rt_next_tick(L, 0);
    return;
  }
  lua_pushvalue(L, -1);
  signal_on(L, signal);
  lua_pushvalue(L, signal);
  lua_pushcclosure(L, abort_unwatch, 2);
  emitter_on(L, self, "exit", true);
}

/* The child runs: its pipes and channel begin. */
static void start_running(lua_State *L, Start *s, const SpawnArgs *args) {
  Child *c = s->c;
  c->started = true;
  c->pid = c->uv.pid;
  lua_pushcfunction(L, spawn_tick);
  lua_pushvalue(L, s->self);
  rt_next_tick(L, 1);
  start_streams(L, s, args, true);
  spawn_lend_streams(L, s->args, args->nstdio);
  for (int fd = 1; fd <= 2; fd++)
    if (s->forwards[fd]) forward_start(s->forwards[fd], c->pid);
  Channel *ch = child_channel(L, s->self);
  if (ch) (void)channel_start(ch, false); /* a failure shows as the end of the channel */
  c->kill_signal = args->kill_signal;
  if (args->has_signal) {
    spawn_push_signal(L, s->args);
    abort_watch(L, s->self, lua_gettop(L));
    lua_pop(L, 1);
  }
  if (!args->timeout) return;
  lua_pushcfunction(L, timeout_kill);
  c->deadline = deadline_start(L, s->self, args->timeout);
}

void child_spawn(lua_State *L, const SpawnArgs *args, const char *shown_file) {
  const RuntimeHooks *hooks = &rt_of(L)->hooks;
  int given = lua_gettop(L);
  if (hooks->may_spawn) hooks->may_spawn(L);
  Start *s = memset(lua_newuserdatauv(L, sizeof *s, 0), 0, sizeof *s);
  Child *c = s->c = handle_new(L, &child_process_class, sizeof *c, NSLOTS);
  s->self = lua_gettop(L);
  s->args = given;
  s->channel = (ChannelOptions){ args->advanced, args->message_limit, args->trace_channel };
  c->waits = 1;
  c->number = ++((ChildState *)rt_data(L, &child_state, sizeof(ChildState)))->count;
  spawn_push_args(L, args, 0);
  lua_setiuservalue(L, s->self, SLOT_ARGS);
  lua_pushstring(L, shown_file ? shown_file : args->file);
  lua_setiuservalue(L, s->self, SLOT_FILE);
  start_prepare(L, s, args); /* may raise: nothing is pinned yet */
  handle_pin(L, &c->base, s->self);
  out_flush();
  int err = s->err;
  if (!err) {
    err = uv_spawn(&c->base.rt->loop, &c->uv, &s->options);
    handle_opened(&c->base, (uv_handle_t *)&c->uv);
    if (err) handle_close(&c->base);
  }
  if (TRACING(c->base.rt)) trace_spawn(c->base.rt->trace, args, shown_file ? shown_file : args->file, err ? 0 : c->uv.pid, c->number, err);
  if (err) start_failed(L, s, args, err);
  else start_running(L, s, args);
  lua_settop(L, s->self);
  lua_remove(L, s->self - 1);
}

/* ---- methods ---- */

static Child *check_child(lua_State *L) { return class_check(L, 1, &child_process_class); }

static int child_kill(lua_State *L) {
  Child *c = check_child(L);
  int sig = arg_signal(L, 2, true, SIGTERM);
  int err = c->started && !c->exited ? uv_process_kill(&c->uv, sig) : UV_ESRCH;
  if (err == UV_EINVAL || err == UV_ENOSYS) return err_raise_uv(L, err, "kill");
  if (err == UV_EPERM) {
    err_push_uv(L, err, "kill");
    (void)emit(L, 1, "error", 1);
  }
  if (err == 0) c->killed = true;
  lua_pushboolean(L, err == 0);
  return 1;
}

static int child_ref(lua_State *L) {
  Child *c = check_child(L);
  if (handle_is_open(&c->base)) uv_ref((uv_handle_t *)&c->uv);
  return 0;
}

static int child_unref(lua_State *L) {
  Child *c = check_child(L);
  if (handle_is_open(&c->base)) uv_unref((uv_handle_t *)&c->uv);
  return 0;
}

/* The channel of the child at 1; raises where there never was one. */
static Channel *check_channel(lua_State *L) {
  (void)check_child(L);
  Channel *ch = child_channel(L, 1);
  if (!ch)
    (void)err_raise(L, NULL, "ERR_CHILD_PROCESS_IPC_REQUIRED",
                    "This child has no IPC channel: start it with fork, or with \"ipc\" in options.stdio");
  return ch;
}

static int child_send(lua_State *L) { return channel_send(L, check_channel(L)); }
static int child_disconnect(lua_State *L) { return channel_disconnect(L, check_channel(L)); }

static void child_listeners(lua_State *L, int idx, const char *event, int count) {
  Channel *ch = child_channel(L, idx);
  if (ch && handle_is_open((Handle *)ch)) channel_listeners(L, ch, idx, event, count);
}

/* ---- properties ---- */

static int child_get_pid(lua_State *L) {
  Child *c = check_child(L);
  if (!c->started) return 0;
  lua_pushinteger(L, c->pid);
  return 1;
}

static int child_get_connected(lua_State *L) {
  (void)check_child(L);
  Channel *ch = child_channel(L, 1);
  lua_pushboolean(L, channel_connected(ch));
  return 1;
}

static int child_get_channel(lua_State *L) {
  (void)check_child(L);
  Channel *ch = child_channel(L, 1);
  if (!ch || !handle_is_open((Handle *)ch)) return 0;
  lua_getiuservalue(L, 1, SLOT_CHANNEL);
  return 1;
}

static int child_get_killed(lua_State *L) {
  lua_pushboolean(L, check_child(L)->killed);
  return 1;
}

static int child_get_exit_code(lua_State *L) {
  push_code(L, check_child(L));
  return 1;
}

static int child_get_signal_code(lua_State *L) {
  push_signal(L, check_child(L));
  return 1;
}

static int child_get_stdio(lua_State *L) {
  (void)check_child(L);
  lua_getiuservalue(L, 1, SLOT_STDIO);
  return 1;
}

/* The stream of slot i; nil where the child's descriptor is not a pipe. */
static int child_push_stream(lua_State *L, int slot) {
  (void)check_child(L);
  if (lua_getiuservalue(L, 1, SLOT_STDIO) != LUA_TTABLE) return 0;
  lua_rawgeti(L, -1, slot + 1);
  return json_is_null(L, -1) ? 0 : 1;
}

static int child_get_stdin(lua_State *L) { return child_push_stream(L, 0); }
static int child_get_stdout(lua_State *L) { return child_push_stream(L, 1); }
static int child_get_stderr(lua_State *L) { return child_push_stream(L, 2); }

static int child_get_args(lua_State *L) {
  (void)check_child(L);
  lua_getiuservalue(L, 1, SLOT_ARGS);
  return 1;
}

static int child_get_file(lua_State *L) {
  (void)check_child(L);
  lua_getiuservalue(L, 1, SLOT_FILE);
  return 1;
}

/* ---- what others ask ---- */

static void fill_info(lua_State *L, int idx, const Child *c, ChildInfo *info) {
  Channel *ch = child_channel(L, idx);
  info->pid = c->pid;
  info->number = c->number;
  info->running = c->started && !c->exited;
  info->forked = ch != NULL;
  info->connected = channel_connected(ch);
  info->exit_code = c->status;
  info->signal = c->signal;
  lua_getiuservalue(L, idx, SLOT_FILE);
  info->file = lua_tostring(L, -1);
  lua_pop(L, 1);
}

bool child_info(lua_State *L, int idx, ChildInfo *info) {
  Child *c = class_test(L, idx, &child_process_class);
  if (c) fill_info(L, lua_absindex(L, idx), c, info);
  return c != NULL;
}

void child_each(Runtime *rt, void (*fn)(const ChildInfo *info, void *ctx), void *ctx) {
  lua_State *L = rt->L;
  for (List *l = rt->handles.next, *next; l != &rt->handles; l = next) {
    Handle *h = list_entry(l, Handle, link);
    ChildInfo info;
    next = l->next;
    if (h->cls != &child_process_class || !h->pin) continue;
    int idx = handle_push(L, h);
    fill_info(L, idx, (Child *)h, &info);
    lua_settop(L, idx - 1);
    if (info.running) fn(&info, ctx);
  }
}

/* ChildProcess #1 pid 412 running, ipc open, 0 queued */
static int child_inspect(lua_State *L) {
  Child *c = check_child(L);
  ChildInfo info;
  fill_info(L, 1, c, &info);
  lua_pushfstring(L, "ChildProcess #%d", c->number);
  if (!c->started) lua_pushfstring(L, " not started (%s)", c->status ? uv_err_name(c->status) : "");
  else if (info.running) lua_pushfstring(L, " pid %d running", c->pid);
  else if (c->signal) {
    push_signal(L, c);
    lua_pushfstring(L, " pid %d ended by %s", c->pid, lua_tostring(L, -1));
    lua_remove(L, -2);
  } else lua_pushfstring(L, " pid %d exited with %d", c->pid, c->status);
  if (!info.forked) lua_pushliteral(L, "");
  else if (info.connected)
    lua_pushfstring(L, ", ipc open, %d queued", (int)channel_queued(child_channel(L, 1)));
  else lua_pushliteral(L, ", ipc closed");
  lua_concat(L, 3);
  return 1;
}

/* ---- rows ---- */

static const OptDef send_options[] = {
  { "keepOpen", "boolean", "false", "A socket that is sent stays open here, too." }, { 0 }
};

static const FnDef child_methods[] = {
  { "kill", child_kill, FN_METHOD, "kill(signal: string|integer?): boolean",
    "Sends a signal to the child, SIGTERM by default; 0 only probes. True when it was delivered: that "
    "says nothing about the child's end. Errors: ERR_UNKNOWN_SIGNAL.",
    NULL, NULL, NULL },
  { "send", child_send, FN_METHOD,
    "send(message: any, sendHandle: any?, options: table?, callback: function?): boolean",
    "Sends a copy of the message to the child, where it is the event `message` of process. False when "
    "so much waits to be written that the sender should pause, or when the channel is closed. "
    "callback(error?) is called when the message was written; without one a failure is the event "
    "`error`. sendHandle, a net.Server, net.Socket or dgram.Socket, goes with it: a server is shared from then on, a "
    "socket leaves this process. What is sent behind a handle waits until the child has taken it. "
    "Errors: ERR_MISSING_ARGS, ERR_INVALID_ARG_TYPE, ERR_INVALID_HANDLE_TYPE, DataCloneError (advanced).",
    send_options, "local c = child_process.fork(function() process:once(\"message\", print) end)\nc:send{ hello = \"world\" }",
    NULL },
  { "disconnect", child_disconnect, FN_METHOD, "disconnect()",
    "Closes the channel; `disconnect` is emitted in both processes. A second call is the event `error` "
    "with ERR_IPC_DISCONNECTED.",
    NULL, NULL, NULL },
  { "ref", child_ref, FN_METHOD, "ref()", "The child keeps the program running, as at first.", NULL,
    NULL, NULL },
  { "unref", child_unref, FN_METHOD, "unref()",
    "The program may end before the child; open pipes and the channel still hold it.", NULL, NULL,
    NULL },
  { 0 }
};

static const PropDef child_props[] = {
  { "pid", child_get_pid, NULL, "integer?", "Its process id; nil when it could not be started." },
  { "connected", child_get_connected, NULL, "boolean", "Is the IPC channel open?" },
  { "killed", child_get_killed, NULL, "boolean", "Has kill delivered a signal?" },
  { "exitCode", child_get_exit_code, NULL, "integer?", "The code it ended with, nil before and after a signal." },
  { "signalCode", child_get_signal_code, NULL, "string?", "The signal that ended it." },
  { "stdin", child_get_stdin, NULL, "Socket?", "Its standard input, when that is a pipe." },
  { "stdout", child_get_stdout, NULL, "Socket?", "Its standard output, when that is a pipe." },
  { "stderr", child_get_stderr, NULL, "Socket?", "Its standard error, when that is a pipe." },
  { "stdio", child_get_stdio, NULL, "table", "Entry i is the stream of descriptor i-1, or null." },
  { "channel", child_get_channel, NULL, "Channel?", "The IPC channel while it is open." },
  { "spawnargs", child_get_args, NULL, "string[]", "The arguments it was started with, from argv[0] on." },
  { "spawnfile", child_get_file, NULL, "string", "The program that was started." },
  { 0 }
};

static const EventDef child_events[] = {
  { "spawn", "", "The child runs. On the next tick after the start." },
  { "message", "message: any, sendHandle: any?", "The child has sent a message." },
  { "internalMessage", "message: table, sendHandle: any?",
    "A message of the protocol has come: its cmd begins with NODE_." },
  { "disconnect", "", "The channel has closed." },
  { "exit", "code: integer?, signal: string?", "The child has ended. Its pipes may still hold output." },
  { "close", "code: integer?, signal: string?", "The child has ended and all its pipes have closed: the last event." },
  { "error", "error: Error", "It could not be started, killed or sent a message." },
  { 0 }
};

const ClassDef child_process_class = {
  .name = "ChildProcess", .base = &event_emitter_class, .abstract = true, .gc = handle_gc,
  .inspect = child_inspect, .methods = child_methods, .props = child_props, .events = child_events,
  .listeners = child_listeners,
  .doc = "A process that this one has started."
};
