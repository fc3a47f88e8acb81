/* SPDX-License-Identifier: MIT */
/* signals.c - see signals.h. libuv puts the default action back when the last listener of a signal goes,
 * so the guard looks again before each prompt. */
#include "signals.h"
#include "edit/ed.h"
#include "../modules/core/trace.h"

#include <signal.h>
#include <stddef.h>

static void on_deadly(int number) {
  ed_emergency_restore();
  if (number == SIGHUP || number == SIGTERM) trace_end(); /* after a fault the records may be wanted */
  (void)signal(number, SIG_DFL);
  (void)raise(number); /* ends the program once the handler has returned */
}

void signals_guard(void) {
  static const int deadly[] = { SIGHUP, SIGTERM, SIGQUIT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
  for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++) {
    struct sigaction now;
    if (sigaction(deadly[i], NULL, &now) != 0 || now.sa_handler != SIG_DFL) continue;
    struct sigaction ours = { .sa_handler = on_deadly, .sa_flags = SA_NODEFER };
    (void)sigemptyset(&ours.sa_mask);
    (void)sigaction(deadly[i], &ours, NULL);
  }
}
