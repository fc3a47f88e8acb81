/* SPDX-License-Identifier: MIT */
/* live.c - the collector's thread; see live.h.
 *
 * Only this thread changes the model, and holds `lock` while it does; reading rings and /proc is done
 * without. Requests of others (a look now, a function to run, the end) wait under `gate`, and are counted,
 * so who asks can wait until his own is done. Lock order: lock before gate. */
#include "live.h"
#include "run.h"
#include "../side_thread.h"

#include <errno.h>
#include <stdlib.h>

enum { LOOK_MS = 100, AGAIN_MS = 25, REFRESH_MS = 300, MOST_LISTENERS = 8, LETTER_LOOKS = 80 };

typedef struct Call {
  struct Call *next;
  void (*fn)(Live *live, void *ctx);
  void *ctx;
  bool done;
} Call;

struct Live {
  Run *run;                  /* owns */
  uv_loop_t loop;
  uv_timer_t timer;
  uv_async_t wake;
  uv_thread_t thread;
  uv_mutex_t lock;           /* the model, listeners */
  uv_mutex_t gate;           /* all below */
  uv_cond_t answer;
  uint64_t asked, answered;  /* looks */
  Call *calls;               /* borrowed from the stacks of those who wait */
  bool ends;
  struct { void (*fn)(Live *live, void *ctx); void *ctx; } listeners[MOST_LISTENERS];
};

static Live *running;

Live *live_running(void) { return running; }

static bool on_own_thread(Live *live) {
  uv_thread_t self = uv_thread_self();
  return uv_thread_equal(&self, &live->thread) != 0;
}

/* ---- the thread ---- */

static void look(Live *live, bool all) {
  Run *run = live->run;
  run_gather(run, all);
  uv_mutex_lock(&live->lock);
  run_apply(run);
  bool changed = run->changed;
  run->changed = false;
  for (int i = 0; changed && i < MOST_LISTENERS; i++)
    if (live->listeners[i].fn) live->listeners[i].fn(live, live->listeners[i].ctx);
  uv_mutex_unlock(&live->lock);
}

static void on_time(uv_timer_t *timer) {
  Live *live = timer->data;
  look(live, false);
  (void)uv_timer_start(&live->timer, on_time, live->run->again ? AGAIN_MS : LOOK_MS, 0);
}

static void run_calls(Live *live) {
  for (;;) {
    uv_mutex_lock(&live->gate);
    Call *call = live->calls;
    if (call) live->calls = call->next;
    uv_mutex_unlock(&live->gate);
    if (!call) return;
    uv_mutex_lock(&live->lock);
    call->fn(live, call->ctx);
    uv_mutex_unlock(&live->lock);
    uv_mutex_lock(&live->gate);
    call->done = true; /* who waits may take it away now */
    uv_cond_broadcast(&live->answer);
    uv_mutex_unlock(&live->gate);
  }
}

/* A second look a little later sees what was too young at the first. */
static void answer_refresh(Live *live) {
  uv_mutex_lock(&live->gate);
  uint64_t asked = live->asked;
  bool waits = asked != live->answered;
  uv_mutex_unlock(&live->gate);
  if (!waits) return;
  look(live, true);
  if (live->run->again) {
    uv_sleep(AGAIN_MS);
    look(live, true);
  }
  uv_mutex_lock(&live->gate);
  live->answered = asked;
  uv_cond_broadcast(&live->answer);
  uv_mutex_unlock(&live->gate);
}

static void on_wake(uv_async_t *wake) {
  Live *live = wake->data;
  run_calls(live);
  answer_refresh(live);
  uv_mutex_lock(&live->gate);
  bool ends = live->ends;
  uv_mutex_unlock(&live->gate);
  if (ends) uv_stop(&live->loop);
}

static void close_handle(uv_handle_t *handle, void *ctx) {
  (void)ctx;
  if (!uv_is_closing(handle)) uv_close(handle, NULL);
}

static void run_thread(void *arg) {
  Live *live = arg;
  (void)uv_run(&live->loop, UV_RUN_DEFAULT);
  run_calls(live);
  uv_walk(&live->loop, close_handle, NULL);
  while (uv_run(&live->loop, UV_RUN_DEFAULT)) {}
}

/* ---- starting and ending ---- */

static void free_locks(Live *live) {
  uv_cond_destroy(&live->answer);
  uv_mutex_destroy(&live->gate);
  uv_mutex_destroy(&live->lock);
}

static int init_locks(Live *live) {
  int err = uv_mutex_init(&live->lock);
  if (err) return err;
  if ((err = uv_mutex_init(&live->gate)) != 0) goto no_gate;
  if ((err = uv_cond_init(&live->answer)) == 0) return 0;
  uv_mutex_destroy(&live->gate);
no_gate:
  uv_mutex_destroy(&live->lock);
  return err;
}

static int init_loop(Live *live) {
  int err = uv_loop_init(&live->loop);
  if (err) return err;
  (void)uv_timer_init(&live->loop, &live->timer);
  live->timer.data = live;
  if ((err = uv_async_init(&live->loop, &live->wake, on_wake)) == 0) {
    live->wake.data = live;
    return uv_timer_start(&live->timer, on_time, 0, 0);
  }
  uv_close((uv_handle_t *)&live->timer, NULL);
  (void)uv_run(&live->loop, UV_RUN_DEFAULT);
  (void)uv_loop_close(&live->loop);
  return err;
}

Live *live_start(int dirfd, const char *dir, int *err) {
  Live *live = calloc(1, sizeof *live);
  *err = UV_ENOMEM;
  if (!live) return NULL;
  if (!(live->run = run_new(dirfd, dir, err))) goto no_run;
  if ((*err = init_locks(live)) != 0) goto no_locks;
  if ((*err = init_loop(live)) != 0) goto no_loop;
  if ((*err = side_thread_start(&live->thread, run_thread, live)) == 0) {
    running = live;
    return live;
  }
  uv_walk(&live->loop, close_handle, NULL);
  (void)uv_run(&live->loop, UV_RUN_DEFAULT);
  (void)uv_loop_close(&live->loop);
no_loop:
  free_locks(live);
no_locks:
  run_free(live->run);
no_run:
  free(live);
  return NULL;
}

void live_stop(Live *live) {
  if (!live) return;
  if (running == live) running = NULL;
  uv_mutex_lock(&live->gate);
  live->ends = true;
  uv_mutex_unlock(&live->gate);
  (void)uv_async_send(&live->wake);
  (void)uv_thread_join(&live->thread);
  (void)uv_loop_close(&live->loop);
  free_locks(live);
  run_free(live->run);
  free(live);
}

/* ---- for others ---- */

const Model *live_hold(Live *live) {
  uv_mutex_lock(&live->lock);
  return &live->run->m;
}

void live_release(Live *live) { uv_mutex_unlock(&live->lock); }

void live_refresh(Live *live) { live_settle(live, REFRESH_MS); }

void live_settle(Live *live, unsigned ms) {
  uint64_t until = uv_hrtime() + ms * (uint64_t)RUN_MS, mine, now;
  uv_mutex_lock(&live->gate);
  mine = ++live->asked;
  (void)uv_async_send(&live->wake);
  while (live->answered < mine && (now = uv_hrtime()) < until)
    if (uv_cond_timedwait(&live->answer, &live->gate, until - now) != 0) break;
  uv_mutex_unlock(&live->gate);
}

uv_loop_t *live_loop(Live *live) { return &live->loop; }

int live_run_there(Live *live, void (*fn)(Live *live, void *ctx), void *ctx) {
  Call call = { .fn = fn, .ctx = ctx }, **at = &live->calls;
  if (on_own_thread(live)) {
    fn(live, ctx);
    return 0;
  }
  uv_mutex_lock(&live->gate);
  while (*at) at = &(*at)->next;
  *at = &call;
  int err = uv_async_send(&live->wake);
  while (!call.done) uv_cond_wait(&live->answer, &live->gate);
  uv_mutex_unlock(&live->gate);
  return err;
}

static bool set_listener(Live *live, void (*fn)(Live *live, void *ctx), void *ctx) {
  for (int i = 0; i < MOST_LISTENERS; i++) {
    bool match = fn ? !live->listeners[i].fn : live->listeners[i].ctx == ctx;
    if (!match) continue;
    live->listeners[i].fn = fn;
    live->listeners[i].ctx = fn ? ctx : NULL;
    return true;
  }
  return false;
}

void live_on_change(Live *live, void (*fn)(Live *live, void *ctx), void *ctx) {
  bool own = on_own_thread(live); /* then it is held */
  if (!own) uv_mutex_lock(&live->lock);
  (void)set_listener(live, fn, ctx);
  if (!own) uv_mutex_unlock(&live->lock);
}

Model *live_read(int dirfd, const char *dir, int *err) {
  Run *run = run_new(dirfd, dir, err);
  if (!run) return NULL;
  /* The second look knows whose threads and sockets to look for; letters are worth a wait. */
  for (int i = 0; i < 3 || (run->unlettered && i < LETTER_LOOKS); i++) {
    run_gather(run, true);
    run_apply(run);
    if (i > 0 && !run->again) break;
    if (run->dir_again || run->unlettered) uv_sleep(AGAIN_MS);
  }
  return &run->m;
}

void live_free(Model *model) { run_free((Run *)model); }
