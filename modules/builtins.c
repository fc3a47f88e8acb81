/* SPDX-License-Identifier: MIT */
/* builtins.c - see builtins.h. A new module is one line here. */
#include "builtins.h"

#include <stddef.h>
#include "buffer/buffer.h"
#include "console/console.h"
#include "events/events.h"
#include "globals.h"
#include "module.h"
#include "process/process.h"
#include "util/util.h"

const ModuleDef *const builtin_modules[] = {
  &buffer_module,
  &console_module,
  &events_module,
  &globals_module,
  &module_module,
  &process_module,
  &util_module,
  NULL
};

const GlobalDef builtin_globals[] = {
  { "AggregateError", "globals", "AggregateError" },
  { "Buffer", "buffer", "Buffer" },
  { "Error", "globals", "Error" },
  { "EventEmitter", "events", NULL },
  { "JSON", "globals", "JSON" },
  { "RangeError", "globals", "RangeError" },
  { "SyntaxError", "globals", "SyntaxError" },
  { "TypeError", "globals", "TypeError" },
  { "array", "globals", "array" },
  { "console", "console", NULL },
  { "instanceof", "globals", "instanceof" },
  { "null", "globals", "null" },
  { "process", "process", NULL },
  { NULL, NULL, NULL }
};
