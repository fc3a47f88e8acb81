/* SPDX-License-Identifier: MIT */
/* guards.h - what the prompt refuses: too many children, and functions for a child that lean on the
 * session. Hooks of the runtime; they raise to refuse. */
#ifndef MOONFORK_GUARDS_H
#define MOONFORK_GUARDS_H

#include <lua.h>

void guard_spawn(lua_State *L);
void guard_ship(lua_State *L, int idx);

#endif
