/* SPDX-License-Identifier: MIT */
/* ship.h - a Lua function given in place of a script: sent to the child as bytecode in a nameless file
 * whose descriptor the child inherits and finds in MOONFORK_FUNCTION_FD. */
#ifndef MOONFORK_SHIP_H
#define MOONFORK_SHIP_H

#include <lua.h>

/* Writes the function at idx into a fresh descriptor (close-on-exec) and returns it. Refuses a function
 * with an upvalue other than _ENV. Raises. */
int ship_function(lua_State *L, int idx);

/* In the child: takes MOONFORK_FUNCTION_FD out of the environment; once, at start. */
void ship_claim(void);

/* Was this process started for a function? */
int ship_claimed(void);

/* Pushes the function that the parent sent. Raises when it cannot be read. [+1] */
void ship_push(lua_State *L);

#endif
