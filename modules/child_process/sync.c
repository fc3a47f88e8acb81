/* SPDX-License-Identifier: MIT */
/* sync.c - spawnSync: a child on an event loop of its own, run until the child and its pipes are done.
 *
 * No Lua code runs meanwhile, so nothing can raise between uv_loop_init and uv_loop_close. What is read
 * lies in buffers that Lua owns, so that pushing the result may fail without a leak. */
#include "child_process.h"
#include "spawn.h"
#include "../buffer/buffer.h"
#include "../buffer/codec.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/opts.h"
#include "../core/out.h"
#include "../core/runtime.h"
#include "../core/signame.h"
#include "../core/strbuf.h"
#include "../core/trace.h"

#include <math.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

typedef struct SyncRun SyncRun;

typedef struct SyncPipe {
  uv_pipe_t uv;
  SyncRun *run;
  StrBuf *got;          /* owned by Lua; NULL for a pipe to our writer */
  int forward;          /* 1 or 2: our own descriptor to write to */
  bool open;
  char buf[16 * 1024];
} SyncPipe;

struct SyncRun {
  uv_loop_t loop;
  uv_process_t process;
  uv_timer_t timer;
  uv_write_t write;
  uv_shutdown_t shutdown;
  const char *input;
  size_t input_len;
  uint64_t timeout;
  double max_buffer;
  int kill_signal, error, term_signal;
  int64_t status;
  bool running;
  SyncPipe *pipes;      /* one a slot of stdio; owned by Lua */
  int npipes;
};

/* ---- events of the inner loop ---- */

static void pipe_close(SyncPipe *p) {
  if (!p->open) return;
  p->open = false;
  uv_close((uv_handle_t *)&p->uv, NULL);
}

/* Ends the child before its time; the first reason wins. The pipes go, too: a grandchild may hold
 * them. */
static void sync_kill(SyncRun *run, int error) {
  if (run->error == 0) run->error = error;
  if (run->running) (void)uv_process_kill(&run->process, run->kill_signal);
  for (int i = 0; i < run->npipes; i++) pipe_close(&run->pipes[i]);
}

static void on_timeout(uv_timer_t *timer) {
  sync_kill(timer->data, UV_ETIMEDOUT);
}

static void on_alloc(uv_handle_t *uv, size_t suggested, uv_buf_t *buf) {
  SyncPipe *p = uv->data;
  (void)suggested;
  *buf = uv_buf_init(p->buf, sizeof p->buf);
}

static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf) {
  SyncPipe *p = stream->data;
  TracePipe pipe = { p->run->process.pid, (int)(p - p->run->pipes) };
  if (nread > 0 && TRACING(rt_self)) trace_pipe(rt_self->trace, pipe, buf->base, (size_t)nread, false);
  if (nread < 0) {
    pipe_close(p);
  } else if (p->forward) {
    (void)out_pass(p->forward, buf->base, (size_t)nread);
  } else {
    strbuf_add(p->got, buf->base, (size_t)nread);
    if (p->got->failed || (double)p->got->len > p->run->max_buffer)
      sync_kill(p->run, p->got->failed ? UV_ENOMEM : UV_ENOBUFS);
  }
}

static void on_input_closed(uv_shutdown_t *req, int status) {
  (void)status;
  SyncPipe *p = req->handle->data;
  if (p->open && !uv_is_active((uv_handle_t *)&p->uv)) pipe_close(p);
}

static void on_input_written(uv_write_t *req, int status) {
  SyncPipe *p = req->handle->data;
  if (status < 0 || !p->open) {
    if (status != UV_EPIPE && status != UV_ECANCELED && p->run->error == 0) p->run->error = status;
    pipe_close(p);
    return;
  }
  if (uv_shutdown(&p->run->shutdown, (uv_stream_t *)&p->uv, on_input_closed) != 0) pipe_close(p);
}

static void on_exit_status(uv_process_t *process, int64_t status, int signal) {
  SyncRun *run = process->data;
  run->running = false;
  run->status = status;
  run->term_signal = signal;
  if (TRACING(rt_self)) trace_reap(rt_self->trace, process->pid, status, signal);
  uv_close((uv_handle_t *)process, NULL);
  uv_unref((uv_handle_t *)&run->timer);
}

/* ---- the run ---- */

static void sync_feed(SyncRun *run) {
  SyncPipe *in = &run->pipes[0];
  uv_buf_t buf = uv_buf_init((char *)run->input, (unsigned)run->input_len);
  if (uv_write(&run->write, (uv_stream_t *)&in->uv, &buf, 1, on_input_written) != 0) pipe_close(in);
}

static void sync_start(SyncRun *run, const SpawnArgs *args) {
  if (run->timeout) (void)uv_timer_start(&run->timer, on_timeout, run->timeout, 0);
  for (int i = 0; i < args->nstdio; i++) {
    SyncPipe *p = &run->pipes[i];
    if (!p->open) continue;
    if (i == 0) sync_feed(run);
    else (void)uv_read_start((uv_stream_t *)&p->uv, on_alloc, on_read);
  }
}

/* Sets up the pipes and the container that uv_spawn wants. */
static void sync_stdio(SyncRun *run, const SpawnArgs *args, uv_stdio_container_t *to) {
  for (int i = 0; i < args->nstdio; i++) {
    const StdioSlot *slot = &args->stdio[i];
    SyncPipe *p = &run->pipes[i];
    to[i].flags = UV_IGNORE;
    if (slot->kind == STDIO_FD) {
      to[i].flags = UV_INHERIT_FD;
      to[i].data.fd = slot->fd;
    } else if (slot->kind == STDIO_PIPE || slot->kind == STDIO_FORWARD) {
      (void)uv_pipe_init(&run->loop, &p->uv, 0);
      p->uv.data = p;
      p->run = run;
      p->open = true;
      p->forward = slot->kind == STDIO_FORWARD ? slot->fd : 0;
      to[i].flags = UV_CREATE_PIPE | UV_READABLE_PIPE | UV_WRITABLE_PIPE;
      to[i].data.stream = (uv_stream_t *)&p->uv;
    }
  }
}

/* libuv 1.44 forgets its epoll descriptor when a later one cannot be had. */
static int sync_loop(uv_loop_t *loop) {
  loop->backend_fd = -1;
  int err = uv_loop_init(loop);
  if (err && loop->backend_fd >= 0) (void)close(loop->backend_fd);
  return err;
}

/* Starts the child and waits for its end. 0, or the uv error of a failed start. */
static int sync_run(SyncRun *run, const SpawnArgs *args, uv_stdio_container_t *stdio) {
  uv_process_options_t options = {
    .exit_cb = on_exit_status, .file = args->file, .args = args->argv, .env = args->env,
    .cwd = args->cwd, .flags = args->flags, .uid = args->uid, .gid = args->gid,
    .stdio_count = args->nstdio, .stdio = stdio
  };
  int err = sync_loop(&run->loop);
  if (err) return err;
  (void)uv_timer_init(&run->loop, &run->timer);
  run->timer.data = run;
  sync_stdio(run, args, stdio);
  out_flush();
  err = uv_spawn(&run->loop, &run->process, &options);
  run->process.data = run;
  if (TRACING(rt_self)) trace_spawn(rt_self->trace, args, args->file, err ? 0 : run->process.pid, 0, err);
  if (err) {
    uv_close((uv_handle_t *)&run->process, NULL);
    for (int i = 0; i < args->nstdio; i++) pipe_close(&run->pipes[i]);
  } else {
    run->running = true;
    sync_start(run, args);
    (void)uv_run(&run->loop, UV_RUN_DEFAULT);
  }
  uv_close((uv_handle_t *)&run->timer, NULL);
  (void)uv_run(&run->loop, UV_RUN_DEFAULT);
  (void)uv_loop_close(&run->loop);
  return err;
}

/* ---- the result ---- */

/* Pushes what a pipe gave: a Buffer, or text in the encoding. */
static void push_output(lua_State *L, const SyncPipe *p, bool text, Encoding enc) {
  if (!p->got) {
    json_push_null(L);
    return;
  }
  const char *bytes = p->got->p ? p->got->p : "";
  if (text) enc_push_text(L, enc, bytes, p->got->len);
  else (void)buffer_push_copy(L, bytes, p->got->len);
  strbuf_free(p->got);
}

static void push_outputs(lua_State *L, const SyncRun *run, bool text, Encoding enc) {
  lua_createtable(L, run->npipes, 0);
  for (int i = 0; i < run->npipes; i++) {
    push_output(L, &run->pipes[i], text, enc);
    if (i == 1 || i == 2) {
      if (json_is_null(L, -1)) lua_pushnil(L);
      else lua_pushvalue(L, -1);
      lua_setfield(L, -4, i == 1 ? "stdout" : "stderr");
    }
    lua_rawseti(L, -2, i + 1);
  }
  lua_setfield(L, -2, "output");
}

static void set_error(lua_State *L, int err, const SpawnArgs *args) {
  err_push_uv(L, err, lua_pushfstring(L, "spawnSync %s", args->file));
  lua_remove(L, -2);
  lua_pushstring(L, args->file);
  lua_setfield(L, -2, "path");
  spawn_push_args(L, args, 1);
  lua_setfield(L, -2, "spawnargs");
  lua_setfield(L, -2, "error");
}

static int sync_result(lua_State *L, const SyncRun *run, const SpawnArgs *args, int err, bool text,
                       Encoding enc) {
  lua_createtable(L, 0, 7);
  lua_pushinteger(L, err ? 0 : run->process.pid);
  lua_setfield(L, -2, "pid");
  if (!err) {
    push_outputs(L, run, text, enc);
    if (run->term_signal) spawn_push_signal_name(L, run->term_signal);
    else lua_pushinteger(L, (lua_Integer)run->status);
    lua_setfield(L, -2, run->term_signal ? "signal" : "status");
  }
  if (err || run->error) set_error(L, err ? err : run->error, args);
  return 1;
}

/* ---- options ---- */

static void sync_options(lua_State *L, SyncRun *run, int options) {
  run->max_buffer = spawn_read_max_buffer(L, options);
  run->timeout = spawn_read_timeout(L, options);
  run->kill_signal = spawn_read_kill_signal(L, options);
  if (opt_push(L, options, "input") != LUA_TNIL)
    run->input = arg_bytes(L, lua_gettop(L), "options.input", &run->input_len);
  else run->input = "";
  if (run->input_len > UINT32_MAX) err_range(L, lua_gettop(L), "options.input", "at most 4 GiB");
}

/* Reads the option encoding: "buffer" and nothing mean Buffers. */
static bool sync_encoding(lua_State *L, int options, Encoding *enc) {
  const char *name = opt_string(L, options, "encoding", "buffer");
  if (!strcmp(name, "buffer")) return false;
  (void)opt_push(L, options, "encoding");
  *enc = arg_encoding(L, lua_gettop(L), ENC_UTF8);
  lua_pop(L, 1);
  return true;
}

int child_process_spawn_sync(lua_State *L) {
  Encoding enc = ENC_UTF8;
  lua_settop(L, 3);
  SpawnArgs *args = spawn_read(L, 1, true);
  int options = lua_istable(L, 3) ? 3 : lua_istable(L, 2) && !spawn_is_list(L, 2) ? 2 : 0;
  bool text = sync_encoding(L, options, &enc);
  SyncRun *run = memset(lua_newuserdatauv(L, sizeof *run, 0), 0, sizeof *run);
  size_t size = (size_t)args->nstdio * sizeof *run->pipes;
  run->pipes = memset(lua_newuserdatauv(L, size, 0), 0, size);
  run->npipes = args->nstdio;
  uv_stdio_container_t *stdio = lua_newuserdatauv(L, (size_t)args->nstdio * sizeof *stdio, 0);
  luaL_checkstack(L, args->nstdio + 20, "spawnSync");
  sync_options(L, run, options);
  for (int i = 1; i < args->nstdio; i++)
    if (args->stdio[i].kind == STDIO_PIPE) run->pipes[i].got = strbuf_new_lua(L);
  if (TRACING(rt_of(L))) trace_inside(rt_of(L)->trace, "spawnSync");
  int err = sync_run(run, args, stdio);
  if (TRACING(rt_of(L))) trace_inside(rt_of(L)->trace, NULL);
  return sync_result(L, run, args, err, text, enc);
}
