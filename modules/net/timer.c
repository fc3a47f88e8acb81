/* SPDX-License-Identifier: MIT */
/* timer.c - setTimeout of a Socket: tells that nothing has come or gone for a while.
 *
 * Data only notes when it came (Socket.active); the timer, when it fires, sees whether that was long ago
 * and otherwise goes on for the rest, so that a busy connection costs nothing here. It runs on after
 * `timeout`, because activity asks for the next one. It never keeps the program running. */
#include "internal.h"

#include "core/error.h"
#include "core/opts.h"
#include "events/events.h"

struct NetTimer {
  Handle base;
  uv_timer_t uv;
  NetSocket *socket; /* borrows; NULL once the socket is gone */
};

#define MAX_TIMEOUT 2147483647.0

static void on_timer(uv_timer_t *uv);

/* The handle is closed: by us, or because the program ends. */
static void timer_release(Handle *h) {
  NetTimer *t = (NetTimer *)h;
  if (t->socket) t->socket->timer = NULL;
}

void net_timer_free(NetSocket *s) {
  if (!s->timer) return;
  s->timer->socket = NULL;
  handle_close(&s->timer->base);
  s->timer = NULL;
}

void net_timer_moved(NetSocket *s) {
  if (s->timer) s->timer->socket = s;
}

void net_timer_stop(NetSocket *s) {
  if (s->timer) (void)uv_timer_stop(&s->timer->uv); /* always 0 */
  if (!s->base.keep) handle_unpin(&s->base.stream.base);
}

static void timer_start(NetTimer *t, uint64_t ms) {
  (void)uv_timer_start(&t->uv, on_timer, ms, 0); /* fails only while it closes */
}

static NetTimer *timer_new(NetSocket *s) {
  Runtime *rt = s->base.stream.base.rt;
  NetTimer *t = handle_new_internal(rt, sizeof *t);
  if (!t) return NULL;
  (void)uv_timer_init(&rt->loop, &t->uv); /* always 0 */
  uv_unref((uv_handle_t *)&t->uv);
  t->base.release = timer_release;
  handle_opened(&t->base, (uv_handle_t *)&t->uv);
  t->socket = s;
  return t;
}

void net_timer_touch(lua_State *L, NetSocket *s, int self) {
  if (s->timeout == 0 || s->base.stream.destroyed) return;
  s->base.active = uv_now(&rt_of(L)->loop);
  s->told_at = 0;
  if (!s->timer && !(s->timer = timer_new(s))) luaL_error(L, "not enough memory");
  handle_pin(L, &s->base.stream.base, self);
  if (!uv_is_active((uv_handle_t *)&s->timer->uv) || uv_timer_get_due_in(&s->timer->uv) > s->timeout)
    timer_start(s->timer, s->timeout);
}

static int timer_deliver(lua_State *L) {
  NetSocket *s = lua_touserdata(L, 1);
  int self = handle_push(L, &s->base.stream.base);
  if (!lua_isnil(L, self)) emit(L, self, "timeout", 0);
  return 0;
}

/* A write goes on, though slowly: libuv's queue gets shorter. */
static bool queue_moves(NetSocket *s) {
  if (!handle_is_open(&s->base.stream.base)) return false;
  size_t before = s->queued;
  s->queued = uv_stream_get_write_queue_size(socket_stream(&s->base));
  return before > 0 && s->queued != before;
}

static void on_timer(uv_timer_t *uv) {
  NetTimer *t = uv->data;
  NetSocket *s = t->socket;
  uint64_t now = uv_now(uv->loop);
  if (s->base.active + s->timeout > now) {
    timer_start(t, s->base.active + s->timeout - now);
  } else if (queue_moves(s)) {
    s->base.active = now;
    timer_start(t, s->timeout);
  } else if (s->told_at != s->base.active) {
    s->told_at = s->base.active;
    timer_start(t, s->timeout);
    (void)rt_enter(s->base.stream.base.rt, timer_deliver, s);
  } else if (handle_is_open(&s->base.stream.base)) {
    timer_start(t, s->timeout);
  } else {
    net_timer_stop(s); /* not connected: nothing can happen before connect */
  }
}

void net_socket_set_timeout(lua_State *L, int socket, uint64_t ms) {
  NetSocket *s = net_socket_test(L, socket);
  if (!s || s->base.stream.destroyed) return;
  s->timeout = ms;
  s->timeout_set = true;
  if (ms == 0) net_timer_stop(s);
  else net_timer_touch(L, s, socket);
}

/* setTimeout(milliseconds, callback) */
int net_lua_set_timeout(lua_State *L) {
  NetSocket *s = class_check(L, 1, &net_socket_class);
  lua_settop(L, 3);
  lua_Number ms = arg_number(L, 2, "msecs");
  if (!(ms >= 0 && ms <= 1e300)) err_range(L, 2, "msecs", "a non-negative finite number");
  if (!lua_isnil(L, 3)) arg_function(L, 3, "callback");
  if (ms > MAX_TIMEOUT) ms = MAX_TIMEOUT;
  if (ms > 0 && ms < 1) ms = 1;
  if (s->base.stream.destroyed) {
    lua_settop(L, 1);
    return 1;
  }
  net_socket_set_timeout(L, 1, (uint64_t)ms);
  if (!lua_isnil(L, 3)) {
    if (ms == 0) {
      lua_pushliteral(L, "timeout");
      lua_pushvalue(L, 3);
      class_call_method(L, 1, "removeListener", 2, 0);
    } else {
      lua_pushvalue(L, 3);
      emitter_on(L, 1, "timeout", true);
    }
  }
  lua_settop(L, 1);
  return 1;
}
