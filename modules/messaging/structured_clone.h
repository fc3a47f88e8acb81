/* SPDX-License-Identifier: MIT */
/* structured_clone.h - the global function structuredClone. */
#ifndef MOONFORK_STRUCTURED_CLONE_H
#define MOONFORK_STRUCTURED_CLONE_H

#include <lua.h>

/* structuredClone(value, options) */
int structured_clone(lua_State *L);

#endif
