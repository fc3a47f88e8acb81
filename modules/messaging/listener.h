/* SPDX-License-Identifier: MIT */
/* listener.h - listeners as the web has them, on an EventEmitter: they get an Event with the value in
 * `data`. Each is an ordinary listener made around the function. */
#ifndef MOONFORK_LISTENER_H
#define MOONFORK_LISTENER_H

#include "../core/class.h"

/* User values of the object: the functions of two properties, what stands around them, and
 * { [type] = { [function] = listener } }. */
enum { LISTENER_MESSAGE = UV_CLASS, LISTENER_ERROR, LISTENER_TABLE, LISTENER_FREE };
enum { LISTENER_VALUES = LISTENER_FREE - UV_CLASS };

/* addEventListener(type, listener, options), removeEventListener(type, listener) */
int listener_add(lua_State *L);
int listener_remove(lua_State *L);

/* A property such as onmessage: (self) and (self, function or nil). */
int listener_get(lua_State *L, int slot);
int listener_set(lua_State *L, int slot, const char *event);

#endif
