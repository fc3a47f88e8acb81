/* SPDX-License-Identifier: MIT */
/* async.c - two threads that wake each other by uv_async_send, and nothing else: round trips a second. What
 * threads.lua prints as the limit of an event loop that is woken so. */
#include <stdio.h>
#include <uv.h>

enum { ROUNDS = 50000 };

typedef struct Side {
  uv_loop_t loop;
  uv_async_t async;
  struct Side *other;
  int left;
} Side;

static void on_wake(uv_async_t *async) {
  Side *side = async->data;
  side->left--;
  if (side->left >= 0) (void)uv_async_send(&side->other->async);
  if (side->left <= 0) uv_close((uv_handle_t *)async, NULL);
}

static int side_init(Side *side, Side *other) {
  side->other = other;
  side->left = ROUNDS;
  side->async.data = side;
  int err = uv_loop_init(&side->loop);
  return err ? err : uv_async_init(&side->loop, &side->async, on_wake);
}

static void side_run(void *arg) { (void)uv_run(&((Side *)arg)->loop, UV_RUN_DEFAULT); }

int main(void) {
  static Side a, b;
  uv_thread_t thread;
  if (side_init(&a, &b) || side_init(&b, &a) || uv_thread_create(&thread, side_run, &b)) return 1;
  uint64_t began = uv_hrtime();
  (void)uv_async_send(&b.async);
  side_run(&a);
  double took = (double)(uv_hrtime() - began) / 1e9;
  (void)uv_thread_join(&thread);
  (void)printf("%.0f\n", ROUNDS / took);
  return 0;
}
