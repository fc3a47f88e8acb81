/* SPDX-License-Identifier: MIT */
/* parts.h - what the files of the events module share. */
#ifndef MOONFORK_EVENTS_PARTS_H
#define MOONFORK_EVENTS_PARTS_H

#include <stdbool.h>
#include <lua.h>
#include "../core/doc.h"

enum { DEFAULT_MAX_LISTENERS = 10 };

#define CAPTURE_METHOD "nodejs.rejection" /* events.captureRejectionSymbol */

/* statics.c: functions of the module. Those of the names on, once and setMaxListeners share their field
 * of the class with the method of that name, which asks here what is meant. */
extern const FnDef events_functions[];
int events_once(lua_State *L);
int events_on(lua_State *L);
int events_set_max(lua_State *L);

/* once(emitter, name) or once(emitter, name, { options }), and no listener? */
bool events_is_wait(lua_State *L);

/* capture.c: looks after the promise that a listener has returned, on top of self name args... list; the
 * list is at index `list`. [-1] */
void capture_result(lua_State *L, int list);

/* unhandled.c: emit(self, "error", ...) without a listener. Raises. */
int emit_unhandled(lua_State *L);

/* emitter.c: the emitter at idx captures rejections from now on, or for a while not. */
void emitter_set_capture(lua_State *L, int idx, bool on);

#endif
