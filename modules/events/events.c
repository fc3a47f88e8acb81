/* SPDX-License-Identifier: MIT */
/* events.c - the module: the EventEmitter class itself with the statics as its fields. */
#include "events.h"
#include "parts.h"
#include "../core/class.h"

static int events_open(lua_State *L) {
  class_push(L, &event_emitter_class);
  lua_pushvalue(L, -1);
  lua_setfield(L, -2, "EventEmitter");
  lua_pushinteger(L, DEFAULT_MAX_LISTENERS);
  lua_setfield(L, -2, "defaultMaxListeners");
  lua_getfield(L, 1, "getEventListeners"); /* the others share their name with a method */
  lua_setfield(L, -2, "getEventListeners");
  lua_getfield(L, 1, "addAbortListener");
  lua_setfield(L, -2, "addAbortListener");
  lua_pushboolean(L, false);
  lua_setfield(L, -2, "captureRejections");
  lua_pushliteral(L, CAPTURE_METHOD);
  lua_setfield(L, -2, "captureRejectionSymbol");
  emitter_push_error_monitor(L);
  lua_setfield(L, -2, "errorMonitor");
  return 1;
}

static const ClassDef *const events_classes[] = { &event_emitter_class, NULL };

const ModuleDef events_module = {
  .name = "events", .functions = events_functions, .classes = events_classes, .open = events_open,
  .doc = "Events: objects that can be listened to. The module is the EventEmitter class.",
  .example = "local bell = require(\"events\")()\nbell:on(\"ring\", print)\nbell:emit(\"ring\", 1)"
};
