/* SPDX-License-Identifier: MIT */
/* forward.c - see forward.h. The handle is internal; it pins its child while it reads. */
#include "forward.h"
#include "child.h"
#include "../core/error.h"
#include "../core/out.h"
#include "../core/trace.h"

struct Forward {
  Handle base;
  uv_pipe_t pipe;
  int child;         /* pin of the ChildProcess */
  int fd, pid;
  char buf[4096];
};

static int done_deliver(lua_State *L) {
  Forward *f = lua_touserdata(L, 1);
  rt_push_pinned(L, f->base.rt, f->child);
  child_pipe_done(L, -1);
  return 0;
}

static void forward_drop(Forward *f) {
  rt_unpin(f->base.rt, f->child);
  handle_close(&f->base);
}

static void on_alloc(uv_handle_t *uv, size_t suggested, uv_buf_t *buf) {
  Forward *f = uv->data;
  (void)suggested;
  *buf = uv_buf_init(f->buf, sizeof f->buf);
}

static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf) {
  Forward *f = stream->data;
  const Runtime *rt = f->base.rt;
  if (nread > 0 && TRACING(rt)) trace_pipe(rt->trace, (TracePipe){ f->pid, f->fd }, buf->base, (size_t)nread, false);
  if (nread > 0) (void)out_pass(f->fd, buf->base, (size_t)nread);
  if (nread >= 0) return;
  rt_enter(f->base.rt, done_deliver, f);
  forward_drop(f);
}

Forward *forward_new(lua_State *L, int child, int fd) {
  child = lua_absindex(L, child);
  rt_check_open(L);
  Forward *f = handle_new_internal(rt_of(L), sizeof *f);
  if (!f) {
    (void)luaL_error(L, "not enough memory");
    return NULL;
  }
  (void)uv_pipe_init(&f->base.rt->loop, &f->pipe, 0);
  handle_opened(&f->base, (uv_handle_t *)&f->pipe);
  f->fd = fd;
  lua_pushvalue(L, child);
  f->child = rt_pin(L);
  return f;
}

uv_stream_t *forward_stream(Forward *f) { return (uv_stream_t *)&f->pipe; }

void forward_start(Forward *f, int pid) {
  f->pid = pid;
  (void)uv_read_start((uv_stream_t *)&f->pipe, on_alloc, on_read);
}

void forward_close(Forward *f) { forward_drop(f); }
