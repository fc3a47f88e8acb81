/* SPDX-License-Identifier: MIT */
/* control.c - see control.h. The handle is the program's own and does not keep the thread running, but while
 * somebody reads from process.stdin. */
#include "control.h"
#include "heap.h"
#include "../core/error.h"
#include "../core/handle.h"
#include "../stream/stdio.h"
#include "../stream/stream.h"

#include <stdlib.h>

typedef struct Control {
  Handle base;
  uv_async_t uv;       /* never sent: see input_read */
  Ring ring;
  Thread *thread;      /* borrows: it outlives its runtime */
  int input;           /* registry reference of the stream, LUA_NOREF without */
} Control;

static const char control_key = 0;

static Control *control_of(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &control_key);
  Control *c = lua_touserdata(L, -1);
  lua_pop(L, 1);
  return c;
}

static void input_read(lua_State *L, int self, size_t n) {
  (void)self, (void)n;
  uv_ref((uv_handle_t *)&control_of(L)->uv);
}

static void input_destroy(lua_State *L, int self, int err) {
  uv_unref((uv_handle_t *)&control_of(L)->uv);
  stream_destroyed(L, self, err);
}

static const StreamImpl input_impl = { .read = input_read, .destroy = input_destroy };

static int control_deliver(lua_State *L) {
  const Delivery *d = lua_touserdata(L, 1);
  const Control *c = d->owner;
  const Message *m = d->message;
  if (m->kind == CONTROL_ASK_HEAP) {
    heap_push_summary(L);
    size_t len;
    const char *text = lua_tolstring(L, -1, &len);
    Message *answer = message_new(CONTROL_HEAP, text, len);
    if (answer) end_post(c->thread->control, answer);
    return 0;
  }
  lua_rawgeti(L, LUA_REGISTRYINDEX, c->input);
  if (!stream_test(L, 2) || stream_test(L, 2)->destroyed) return 0;
  if (m->kind == CONTROL_STDIN) {
    (void)buffer_push_copy(L, m->bytes, m->len);
    (void)readable_push(L, 2);
  } else {
    readable_push_end(L, 2);
    uv_unref((uv_handle_t *)&control_of(L)->uv);
  }
  return 0;
}

static void on_control(Ring *ring) {
  Control *c = list_entry(ring, Control, ring);
  while (message_deliver(c->base.rt, c->thread->control, control_deliver, c)) continue;
}

static void control_release(Handle *h) {
  Control *c = (Control *)h;
  end_attach(c->thread->control, NULL);
  ring_close(&c->ring);
}

void control_open(lua_State *L, Thread *t) {
  Runtime *rt = rt_of(L);
  Control *c = handle_new_internal(rt, sizeof *c);
  if (!c) {
    luaL_error(L, "not enough memory");
    return;
  }
  c->thread = t;
  c->input = LUA_NOREF;
  int err = uv_async_init(&rt->loop, &c->uv, NULL);
  if (err < 0) {
    free(c);
    err_raise_uv(L, err, "uv_async_init");
  }
  handle_opened(&c->base, (uv_handle_t *)&c->uv);
  c->base.release = control_release;
  uv_unref((uv_handle_t *)&c->uv);
  ring_open(L, &c->ring, on_control);
  end_attach(t->control, &c->ring);
  lua_pushlightuserdata(L, c);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &control_key);
  if (!t->plan.stdin_open) return;
  (void)stream_new(L, &readable_class, sizeof(Stream), STREAM_READS, &input_impl, 0);
  lua_pushvalue(L, -1);
  c->input = luaL_ref(L, LUA_REGISTRYINDEX);
  stdio_set_stdin(L);
}
