/* SPDX-License-Identifier: MIT */
/* signals.c - process:on("SIGTERM", ...): a signal is watched while somebody listens to it.
 *
 * Each watched signal has one uv_signal_t, an internal handle that does not keep the loop alive
 * and frees itself once closed. Without listeners the default action is back: libuv restores it
 * when the handle stops, except that SIGPIPE stays ignored, as it is from the start. Signals
 * belong to the main thread; elsewhere their names are ordinary events. */
#include "parts.h"
#include "signames.h"
#include "../core/error.h"
#include "../core/interrupt.h"
#include "../events/events.h"

#include <signal.h>
#include <stdlib.h>

typedef struct Watch {
  Handle base;
  uv_signal_t uv;
} Watch;

static int signal_deliver(lua_State *L) {
  const uv_signal_t *uv = lua_touserdata(L, 1);
  const char *name = signal_name(uv->signum);
  process_push(L);
  lua_pushstring(L, name);
  lua_pushinteger(L, uv->signum);
  (void)emit(L, -3, name, 2);
  return 0;
}

static void on_signal(uv_signal_t *uv, int number) {
  (void)number;
  Handle *h = uv->data;
  (void)rt_enter(h->rt, signal_deliver, uv);
}

/* 0 or a negative uv error, with nothing left behind. */
static int watch_start(Runtime *rt, Process *process, int number) {
  Watch *w = handle_new_internal(rt, sizeof *w);
  if (!w) return UV_ENOMEM;
  int err = uv_signal_init(&rt->loop, &w->uv);
  if (err < 0) {
    free(w);
    return err;
  }
  handle_opened(&w->base, (uv_handle_t *)&w->uv);
  err = uv_signal_start(&w->uv, on_signal, number);
  if (err < 0) {
    handle_close(&w->base);
    return err;
  }
  uv_unref((uv_handle_t *)&w->uv);
  process->watched[number] = &w->base;
  return 0;
}

static void watch_stop(Process *process, int number) {
  handle_close(process->watched[number]);
  process->watched[number] = NULL;
  if (number == SIGPIPE) (void)signal(SIGPIPE, SIG_IGN);
}

/* Takes the listener away again: it was added before we could say no. */
static int refuse(lua_State *L, int idx, const char *event, int err) {
  lua_pushstring(L, event);
  class_call_method(L, idx, "removeAllListeners", 1, 0);
  return err_raise_uv(L, err, "uv_signal_start");
}

void process_signal_listeners(lua_State *L, int idx, const char *event, int count) {
  Runtime *rt = rt_of(L);
  Process *process = class_test(L, idx, &process_class);
  int number = signal_number(event);
  if (!process || number == 0 || rt->thread_id != 0 || rt->stopping) return;
  bool watched = process->watched[number] != NULL;
  if (watched == (count > 0)) return;
  if (watched) {
    watch_stop(process, number);
  } else {
    int err = watch_start(rt, process, number);
    if (err < 0) refuse(L, idx, event, err);
  }
  if (number == SIGINT) interrupt_sigint_again();
}
