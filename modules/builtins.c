/* SPDX-License-Identifier: MIT */
/* builtins.c - see builtins.h. A new module is one line here. */
#include "builtins.h"

#include <stddef.h>
#include "buffer/buffer.h"
#include "events/events.h"
#include "module.h"
#include "process/process.h"

const ModuleDef *const builtin_modules[] = {
  &buffer_module,
  &events_module,
  &module_module,
  &process_module,
  NULL
};

const GlobalDef builtin_globals[] = {
  { "Buffer", "buffer", "Buffer" },
  { "EventEmitter", "events", NULL },
  { "process", "process", NULL },
  { NULL, NULL, NULL }
};
