/* SPDX-License-Identifier: MIT */
/* target.h - the classes Event and EventTarget, for AbortSignal and other targets in C. */
#ifndef MOONFORK_TARGET_H
#define MOONFORK_TARGET_H

#include <stdbool.h>
#include <lua.h>
#include "../core/class.h"

/* User value of an EventTarget; a class derived from it begins at UV_TARGET_FREE. */
enum { UV_TARGET = UV_CLASS, UV_TARGET_FREE };

/* How a listener was added. */
enum {
  TARGET_ONCE = 1, TARGET_CAPTURE = 2, TARGET_PASSIVE = 4,
  TARGET_RESIST = 8,   /* the program's own: nothing stops it from being called */
  TARGET_PROPERTY = 16 /* the value of a property such as onabort */
};

extern const ClassDef event_class, event_target_class;

/* Pushes an Event that the program itself sends. [+1] */
void event_push(lua_State *L, const char *type);

/* The Event on top says that it was sent to the object at idx. */
void event_set_target(lua_State *L, int idx);

/* Sends the Event on top to the target at idx; false when a listener has prevented the default. What a
 * listener raises becomes an uncaught error. [-1] */
bool target_dispatch(lua_State *L, int idx);

/* Adds the function on top as a listener of the target at idx, unless it is one already. [-1] */
void target_add(lua_State *L, int idx, const char *type, int flags);

/* Removes the function on top. [-1] */
void target_remove(lua_State *L, int idx, const char *type, int flags);

/* Property onTYPE: pushes its function or nil. [+1]; sets it to the value on top. [-1] */
void target_push_property(lua_State *L, int idx, const char *type);
void target_set_property(lua_State *L, int idx, const char *type);

/* Pushes the sequence of the target's listeners of the event named on top. [-1, +1] */
void target_listeners(lua_State *L, int idx);

#endif
