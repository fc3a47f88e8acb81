/* SPDX-License-Identifier: MIT */
/* wait_async.c - Atomics.waitAsync: a promise in place of a sleep.
 *
 * A Wait owns the handle that a notify of any thread wakes, and a timer when there is a time limit. It lives
 * until the promise is settled, without keeping the program running, as in Node. */
#include "atomics.h"
#include "waiters.h"
#include "../core/error.h"
#include "../core/handle.h"
#include "../promise/promise.h"

#include <stdlib.h>

typedef struct Wait {
  Handle base;
  uv_async_t uv;
  Waiter waiter;
  Store *store;          /* owns a reference: the place stays what it is */
  int promise;           /* pin; 0 once it is settled */
  struct Limit *limit;   /* borrows; NULL: no time limit */
} Wait;

/* A time limit: a handle of its own. */
typedef struct Limit {
  Handle base;
  uv_timer_t uv;
  Wait *wait;            /* borrows; NULL once that is over */
} Limit;

static int settle_body(lua_State *L) {
  Wait *wait = lua_touserdata(L, 1);
  bool told = waiters_leave(&wait->waiter);
  rt_push_pinned(L, wait->base.rt, wait->promise);
  lua_pushstring(L, told ? "ok" : "timed-out");
  promise_resolve(L, 2);
  rt_unpin(wait->base.rt, wait->promise);
  wait->promise = 0;
  return 0;
}

static void settle(Wait *wait) {
  if (!wait->promise) return;
  (void)rt_enter(wait->base.rt, settle_body, wait);
  if (wait->limit) {
    wait->limit->wait = NULL;
    handle_close(&wait->limit->base);
  }
  handle_close(&wait->base);
}

static void on_notified(uv_async_t *uv) { settle(uv->data); }

static void wait_release(Handle *h) {
  Wait *wait = (Wait *)h;
  (void)waiters_leave(&wait->waiter);
  store_unref(wait->store);
}

static void on_limit(uv_timer_t *uv) {
  Limit *limit = uv->data;
  if (limit->wait) settle(limit->wait);
}

/* Starts the timer of the Wait. */
static bool limit_open(Wait *wait, uint64_t ns) {
  Limit *limit = handle_new_internal(wait->base.rt, sizeof *limit);
  if (!limit) return false;
  limit->wait = wait;
  wait->limit = limit;
  (void)uv_timer_init(&wait->base.rt->loop, &limit->uv);
  handle_opened(&limit->base, (uv_handle_t *)&limit->uv);
  uv_unref((uv_handle_t *)&limit->uv);
  (void)uv_timer_start(&limit->uv, on_limit, (ns + 999999) / 1000000, 0);
  return true;
}

static int push_result(lua_State *L, bool async) { /* value on top */
  lua_createtable(L, 0, 2);
  lua_insert(L, -2);
  lua_setfield(L, -2, "value");
  lua_pushboolean(L, async);
  lua_setfield(L, -2, "async");
  return 1;
}

int atomics_wait_async(lua_State *L) {
  WaitArgs args = atomics_read_wait(L);
  Runtime *rt = rt_of(L);
  rt_check_open(L);
  promise_new(L);
  Wait *wait = handle_new_internal(rt, sizeof *wait);
  int err = wait ? uv_async_init(&rt->loop, &wait->uv, on_notified) : UV_ENOMEM;
  if (err < 0) {
    free(wait);
    return err_raise_uv(L, err, "uv_async_init");
  }
  handle_opened(&wait->base, (uv_handle_t *)&wait->uv);
  wait->base.release = wait_release;
  uv_unref((uv_handle_t *)&wait->uv);
  list_init(&wait->waiter.link);
  wait->waiter.wake = &wait->uv;
  wait->store = store_ref(args.store);
  WaitResult result = waiters_enter(&wait->waiter, args.place, args.size, args.value);
  if (result == WAIT_OK && args.timeout == 0) result = WAIT_TIMED_OUT;
  if (result != WAIT_OK) {
    (void)waiters_leave(&wait->waiter);
    handle_close(&wait->base);
    lua_pushstring(L, result == WAIT_NOT_EQUAL ? "not-equal" : "timed-out");
    return push_result(L, false);
  }
  lua_pushvalue(L, -1);
  wait->promise = rt_pin(L);
  if (args.timeout != UINT64_MAX && !limit_open(wait, args.timeout)) {
    settle(wait);
    return luaL_error(L, "not enough memory");
  }
  return push_result(L, true);
}
