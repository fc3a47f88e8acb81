/* SPDX-License-Identifier: MIT */
/* deadline.c - see deadline.h. The handle is internal and pins what it will call until it is stopped. */
#include "deadline.h"
#include "../core/error.h"

struct Deadline {
  Handle base;
  uv_timer_t uv;
  int fn, child; /* pins */
};

static int due_deliver(lua_State *L) {
  Deadline *d = lua_touserdata(L, 1);
  rt_push_pinned(L, d->base.rt, d->fn);
  rt_push_pinned(L, d->base.rt, d->child);
  lua_call(L, 1, 0);
  return 0;
}

static void on_due(uv_timer_t *uv) {
  Deadline *d = uv->data;
  rt_enter(d->base.rt, due_deliver, d);
}

Deadline *deadline_start(lua_State *L, int child, uint64_t ms) {
  child = lua_absindex(L, child);
  rt_check_open(L);
  Deadline *d = handle_new_internal(rt_of(L), sizeof *d);
  if (!d) {
    (void)luaL_error(L, "not enough memory");
    return NULL;
  }
  (void)uv_timer_init(&d->base.rt->loop, &d->uv); /* cannot fail */
  handle_opened(&d->base, (uv_handle_t *)&d->uv);
  d->fn = rt_pin(L);
  lua_pushvalue(L, child);
  d->child = rt_pin(L);
  (void)uv_timer_start(&d->uv, on_due, ms, 0);
  return d;
}

void deadline_stop(Deadline *d) {
  rt_unpin(d->base.rt, d->fn);
  rt_unpin(d->base.rt, d->child);
  handle_close(&d->base);
}
