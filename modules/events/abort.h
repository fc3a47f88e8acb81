/* SPDX-License-Identifier: MIT */
/* abort.h - AbortController and AbortSignal, and how a function that takes a `signal` uses it. */
#ifndef MOONFORK_ABORT_H
#define MOONFORK_ABORT_H

#include <stdbool.h>
#include <lua.h>
#include "../core/doc.h"

extern const ClassDef abort_controller_class, abort_signal_class;
extern const ModuleDef event_target_module;

/* Raises ERR_INVALID_ARG_TYPE unless the value at idx is an AbortSignal. */
void signal_check(lua_State *L, int idx, const char *name);

/* Pushes options.signal of the options at opts (0: none), checked; false, and nil pushed, when there is
 * none. [+1] */
bool signal_option(lua_State *L, int opts);

/* Has the signal at idx aborted? */
bool signal_aborted(lua_State *L, int idx);

/* Pushes what an operation that the signal at idx has ended fails with: AbortError, ABORT_ERR, whose
 * cause is the signal's reason. idx 0: no cause. [+1] */
void signal_push_error(lua_State *L, int idx);

/* Calls the function on top once when the signal at idx aborts. [-1] */
void signal_on(lua_State *L, int idx);

/* No longer calls the function on top. [-1] */
void signal_off(lua_State *L, int idx);

#endif
