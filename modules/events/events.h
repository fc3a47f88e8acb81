/* SPDX-License-Identifier: MIT */
/* events.h - the EventEmitter class, and emitting from C. */
#ifndef MOONFORK_EVENTS_H
#define MOONFORK_EVENTS_H

#include <stdbool.h>
#include <lua.h>
#include "../core/doc.h"

extern const ClassDef event_emitter_class;
extern const ModuleDef events_module;

/* Emits `name` with the nargs values on top from the emitter at idx; true when somebody listens.
 * Raises what a listener raises, and for "error" without a listener the error. [-nargs, +0] */
bool emit(lua_State *L, int idx, const char *name, int nargs);

/* Pushes the listener of `name` when there is just one, a plain function, which C code may then call with
 * the arguments of the event: the short way where events come thick and fast. [+1|0] */
bool emitter_push_only(lua_State *L, int idx, const char *name);

/* Listeners of `name` on the emitter at idx. */
int emitter_count(lua_State *L, int idx, const char *name);

/* Adds the function on top as a listener of the emitter at idx (once: for one event). [-1] */
void emitter_on(lua_State *L, int idx, const char *name, bool once);

/* The loop of events.on(emitter, name, options), its arguments at 1 to 3, over the first argument of each
 * event in place of the list of all. Four results, for the loop. */
int emitter_values(lua_State *L);

/* Pushes the value of events.errorMonitor. [+1] */
void emitter_push_error_monitor(lua_State *L);

#endif
