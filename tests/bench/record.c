/* SPDX-License-Identifier: MIT */
/* record.c - what a record of the flight recorder costs, beside the clock that it reads. */
#include "../../modules/builtins.h"
#include "../../modules/core/runtime.h"
#include "../../modules/core/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TIMES = 2000000 };

static double now(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void told(const char *key, double began) { printf("%s %.2f\n", key, (now() - began) / TIMES); }

int main(void) {
  const char *why = "";
  struct timespec t;
  if (!trace_claim(&why)) return 1;
  Runtime *rt = rt_new(builtin_modules);
  if (!rt) return 1;
  trace_open(rt, "script", "record.c");
  Trace *trace = rt->trace;
  double began = now();
  for (int i = 0; i < TIMES; i++) (void)clock_gettime(CLOCK_MONOTONIC, &t);
  told("clock_ns", began);
  if (trace) {
    began = now();
    for (int i = 0; i < TIMES; i++) trace_add(trace, TRACE_PORT_CLOSE, (TraceArgs){ { i, 1, 2 } }, NULL, NULL);
    told("record_ns", began);
    began = now();
    for (int i = 0; i < TIMES; i++)
      trace_add_bytes(trace, TRACE_IPC_SEND, 0, (TraceArgs){ { i, 1, 2 } }, "{\"i\":1,\"name\":\"message\"}", 24, 0);
    told("message_ns", began);
    began = now();
    for (int i = 0; i < TIMES; i++) trace_enter(trace, TRACE_BUSY_IO), trace_leave(trace);
    told("turn_ns", began);
  }
  (void)rt_end(rt);
  return 0;
}
