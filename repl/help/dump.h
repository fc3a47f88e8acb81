/* SPDX-License-Identifier: MIT */
/* dump.h - every documentation row as a Lua table, for the reference and the editor stubs. */
#ifndef MOONFORK_DUMP_H
#define MOONFORK_DUMP_H

#include <lua.h>

/* Opens every built-in module and pushes the text `return {...}` of all rows. [+1] */
void dump_push_api(lua_State *L);

#endif
