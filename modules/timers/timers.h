/* SPDX-License-Identifier: MIT */
/* timers.h - setTimeout, setInterval, setImmediate for Lua code, and what other modules may see of them. */
#ifndef MOONFORK_TIMERS_H
#define MOONFORK_TIMERS_H

#include <stdbool.h>
#include <stdint.h>
#include <lua.h>
#include "../core/runtime.h"

extern const ClassDef timeout_class, immediate_class;
extern const ModuleDef timers_module, timers_promises_module;

/* What process.getActiveResourcesInfo and the prompt's list of handles show. */
typedef struct TimerInfo {
  const char *kind;     /* "Timeout" or "Immediate" */
  lua_Integer id;
  bool ref, repeat;
  uint32_t delay;       /* ms */
  uint32_t left;        /* ms until it is due */
  int pin;              /* rt_push_pinned gives the object */
} TimerInfo;

/* Visits every pending timer and immediate; fn must not change any. */
void timers_each(Runtime *rt, void (*fn)(const TimerInfo *info, void *ctx), void *ctx);

#endif
