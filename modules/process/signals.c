/* SPDX-License-Identifier: MIT */
/* signals.c - process:on("SIGTERM", ...): a signal is watched while somebody listens to it.
 *
 * Each watched signal has one uv_signal_t, an internal handle that does not keep the loop alive
 * and frees itself once closed. Without listeners the default action is back: libuv restores it
 * when the handle stops, except that SIGPIPE stays ignored, as it is from the start. Signals
 * belong to the main thread; elsewhere their names are ordinary events. */
#include "parts.h"
#include "../core/signame.h"
#include "../core/error.h"
#include "../core/interrupt.h"
#include "../core/trace.h"
#include "../events/events.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

typedef struct Watch {
  Handle base;
  uv_signal_t uv;
  const SignalName *row; /* SIGABRT and SIGIOT are one signal, but two events */
  lua_CFunction deliver;
} Watch;

static int signal_deliver(lua_State *L) {
  const Watch *w = lua_touserdata(L, 1);
  process_push(L);
  lua_pushstring(L, w->row->name);
  lua_pushinteger(L, w->row->number);
  (void)emit(L, -3, w->row->name, 2);
  return 0;
}

static void on_signal(uv_signal_t *uv, int number) {
  Watch *w = uv->data;
  const Runtime *rt = w->base.rt;
  if (TRACING(rt)) trace_add(rt->trace, TRACE_SIG_RECV, (TraceArgs){ { number } }, w->row->name, NULL);
  (void)rt_enter(w->base.rt, w->deliver, w);
}

/* 0 or a negative uv error, with nothing left behind. */
static int watch_start(Runtime *rt, Handle **slot, const SignalName *row, lua_CFunction deliver) {
  Watch *w = handle_new_internal(rt, sizeof *w);
  if (!w) return UV_ENOMEM;
  int err = uv_signal_init(&rt->loop, &w->uv);
  if (err < 0) {
    free(w);
    return err;
  }
  w->row = row;
  w->deliver = deliver;
  handle_opened(&w->base, (uv_handle_t *)&w->uv);
  err = uv_signal_start(&w->uv, on_signal, row->number);
  if (err < 0) {
    handle_close(&w->base);
    return err;
  }
  uv_unref((uv_handle_t *)&w->uv);
  *slot = &w->base;
  return 0;
}

static void watch_stop(Handle **slot, int number) {
  handle_close(*slot);
  *slot = NULL;
  if (number == SIGPIPE) (void)signal(SIGPIPE, SIG_IGN);
}

/* Takes the listener away again: it was added before we could say no. */
static int refuse(lua_State *L, int idx, const char *event, int err) {
  lua_pushstring(L, event);
  class_call_method(L, idx, "removeAllListeners", 1, 0);
  return err_raise_uv(L, err, "uv_signal_start");
}

static const SignalName *find_row(const char *event) {
  if (strncmp(event, "SIG", 3) != 0) return NULL;
  const SignalName *row = signal_names;
  while (row->name && strcmp(row->name, event) != 0) row++;
  return row->name && row - signal_names < SIGNAL_LIMIT ? row : NULL;
}

int process_watch_signal(Runtime *rt, Handle **slot, const char *name, lua_CFunction deliver) {
  const SignalName *row = find_row(name);
  return row ? watch_start(rt, slot, row, deliver) : UV_EINVAL;
}

void process_unwatch_signal(Handle **slot) {
  const Watch *w = (const Watch *)*slot;
  watch_stop(slot, w->row->number);
}

void process_signal_listeners(lua_State *L, int idx, const char *event, int count) {
  Runtime *rt = rt_of(L);
  Process *process = class_test(L, idx, &process_class);
  const SignalName *row = find_row(event);
  if (!process || !row || rt->thread_id != 0 || rt->stopping) return;
  Handle **slot = &process->watched[row - signal_names];
  if ((*slot != NULL) == (count > 0)) return;
  int err = 0;
  if (*slot) watch_stop(slot, row->number);
  else err = watch_start(rt, slot, row, signal_deliver);
  if (row->number == SIGINT) interrupt_sigint_again();
  if (err < 0) refuse(L, idx, event, err);
}
