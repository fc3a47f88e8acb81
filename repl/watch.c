/* SPDX-License-Identifier: MIT */
/* watch.c - see watch.h.
 *
 * The thread looks at rt->turns ten times a second: an odd number that stays the same is a callback that
 * runs and runs. Only then does it touch the terminal. Ctrl-C becomes a SIGINT for the main thread alone,
 * under the handler that interrupts Lua; children in the group do not get it. */
#include "watch.h"
#include "edit/ed.h"
#include "side_thread.h"
#include "../modules/core/interrupt.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { LOOK_MS = 100, CTRL_C = 3 };

static struct {
  Runtime *rt;
  uv_thread_t thread;
  uv_mutex_t lock;      /* of stop and keys */
  uv_cond_t wake;
  bool running, stop;
  char keys[1024];      /* read while the loop was busy; more is lost, as in a full terminal */
  size_t nkeys;
  bool pressed;         /* Ctrl-C is among what watch_hand was given */
  _Atomic bool shown;
  _Atomic bool caught;  /* our SIGINT handler is in place */
} watch;

/* Keeps the keys; true when Ctrl-C is among them. What came before Ctrl-C is dropped with it. */
static bool keep_keys(const char *data, size_t n) {
  const char *c = memchr(data, CTRL_C, n);
  if (c) watch.nkeys = 0;
  const char *from = c ? c + 1 : data;
  size_t rest = (size_t)(data + n - from), room = sizeof watch.keys - watch.nkeys;
  if (rest > room) rest = room;
  memcpy(watch.keys + watch.nkeys, from, rest);
  watch.nkeys += rest;
  return c != NULL;
}

/* Takes what was typed; true when Ctrl-C is among it. */
static bool take_keys(int fd) {
  char data[256];
  ssize_t n = read(fd, data, sizeof data);
  return n > 0 && keep_keys(data, (size_t)n);
}

void watch_hand(const char *keys, size_t len) {
  if (!watch.running || !len) return;
  uv_mutex_lock(&watch.lock);
  watch.pressed |= keep_keys(keys, len);
  uv_mutex_unlock(&watch.lock);
}

static void interrupt_main(void) {
  if (!watch.caught) {
    interrupt_sigint_on(ed_emergency_restore);
    watch.caught = true;
  }
  (void)pthread_kill(watch.rt->thread, SIGINT);
}

static void watch_main(void *arg) {
  (void)arg;
  unsigned last = 0;
  uv_mutex_lock(&watch.lock);
  while (!watch.stop) {
    (void)uv_cond_timedwait(&watch.wake, &watch.lock, LOOK_MS * 1000000ull);
    unsigned now = watch.rt->turns;
    bool busy = (now & 1) && now == last;
    last = now;
    if (!busy || !watch.shown || watch.stop) continue;
    if (!watch.pressed && !take_keys(ed_keys_fd())) continue;
    watch.pressed = false;
    interrupt_main();
  }
  uv_mutex_unlock(&watch.lock);
}

int watch_start(Runtime *rt) {
  watch.rt = rt;
  watch.stop = false;
  int err = uv_mutex_init(&watch.lock);
  if (err) return err;
  if ((err = uv_cond_init(&watch.wake)) != 0) goto no_cond;
  if ((err = side_thread_start(&watch.thread, watch_main, NULL)) != 0) goto no_thread;
  watch.running = true;
  return 0;

no_thread:
  uv_cond_destroy(&watch.wake);
no_cond:
  uv_mutex_destroy(&watch.lock);
  return err;
}

void watch_stop(void) {
  if (!watch.running) return;
  watch.running = false;
  uv_mutex_lock(&watch.lock);
  watch.stop = true;
  uv_cond_signal(&watch.wake);
  uv_mutex_unlock(&watch.lock);
  (void)uv_thread_join(&watch.thread);
  uv_cond_destroy(&watch.wake);
  uv_mutex_destroy(&watch.lock);
}

void watch_prompt(bool shown) { watch.shown = shown; }

void watch_back(void) {
  if (!watch.running) return;
  static const char ctrl_c = CTRL_C;
  char keys[sizeof watch.keys];
  if (watch.caught) {
    interrupt_sigint_off();
    watch.caught = false;
  }
  uv_mutex_lock(&watch.lock);
  size_t n = watch.nkeys;
  memcpy(keys, watch.keys, n);
  bool pressed = watch.pressed;
  watch.nkeys = 0;
  watch.pressed = false;
  uv_mutex_unlock(&watch.lock);
  if (pressed) ed_type_ahead(&ctrl_c, 1);
  if (n) ed_type_ahead(keys, n);
}
