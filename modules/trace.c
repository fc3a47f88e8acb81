/* SPDX-License-Identifier: MIT */
/* trace.c - see trace.h. Its one object answers also where nothing is recorded. */
#include "trace.h"
#include "core/class.h"
#include "core/opts.h"
#include "core/trace.h"

static int trace_mark(lua_State *L) {
  const char *text = arg_string(L, 2, "text", NULL);
  if (TRACING(rt_of(L))) trace_add(rt_of(L)->trace, TRACE_USER_MARK, (TraceArgs){ { 0 } }, text, NULL);
  return 0;
}

static int get_preview(lua_State *L) {
  lua_pushboolean(L, trace_previews());
  return 1;
}

static int set_preview(lua_State *L) {
  trace_set_previews(arg_boolean(L, 2, "preview"));
  return 0;
}

static int get_on(lua_State *L) {
  lua_pushboolean(L, TRACING(rt_of(L)) && trace_on());
  return 1;
}

static int get_dir(lua_State *L) {
  lua_pushstring(L, trace_dir());
  return 1;
}

static const FnDef trace_methods[] = {
  { "mark", trace_mark, FN_METHOD, "mark(text: string)",
    "Writes a record with this text (its first 80 bytes): the views and the export show it at its time, "
    "between what processes and messages did. Nothing happens where nothing is recorded.", NULL,
    "trace.mark \"before the fork\"", NULL },
  { 0 }
};

static const PropDef trace_props[] = {
  { "preview", get_preview, set_preview, "boolean",
    "Are the first bytes of messages kept in the records of this process? true, until it is set to false." },
  { "on", get_on, NULL, "boolean", "Is this thread recorded?" },
  { "dir", get_dir, NULL, "string?", "The folder of the recording: `moonfork top --dir` shows it." },
  { 0 }
};

static const ClassDef trace_class = {
  .name = "Trace",
  .abstract = true,
  .singleton = true,
  .methods = trace_methods,
  .props = trace_props,
  .doc = "What this program says to the flight recorder."
};

static int trace_module_open(lua_State *L) {
  (void)class_new(L, &trace_class, 0, 0);
  class_set_singleton(L, &trace_class, -1);
  return 1;
}

static const ClassDef *const trace_objects[] = { &trace_class, NULL };

const ModuleDef trace_module = {
  .name = "trace", .objects = trace_objects, .open = trace_module_open,
  .doc = "The flight recorder, as a script sees it. The prompt and lessons are recorded, a script by "
         "`moonfork --trace`. Ours: Node has none.",
  .example = "local trace = require \"trace\"\ntrace.mark \"begin\"\nprint(trace.on == (trace.dir ~= nil))"
};
