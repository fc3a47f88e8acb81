/* SPDX-License-Identifier: MIT */
/* builtins.c - see builtins.h. A new module is one line here. */
#include "builtins.h"

#include <stddef.h>
#include "events/events.h"
#include "module.h"

const ModuleDef *const builtin_modules[] = {
  &events_module,
  &module_module,
  NULL
};

const GlobalDef builtin_globals[] = {
  { "EventEmitter", "events", NULL },
  { NULL, NULL, NULL }
};
