/* SPDX-License-Identifier: MIT */
/* side_thread.c - see side_thread.h. */
#include "side_thread.h"

#include <signal.h>

int side_thread_start(uv_thread_t *thread, uv_thread_cb fn, void *arg) {
  sigset_t all, before;
  (void)sigfillset(&all);
  int err = -pthread_sigmask(SIG_SETMASK, &all, &before); /* a thread begins with the mask of who starts it */
  if (err) return err;
  err = uv_thread_create(thread, fn, arg);
  (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
  return err;
}
