/* SPDX-License-Identifier: MIT */
/* globals.h - what is global and belongs to no module of Node's: Error and its kinds, null, array,
 * JSON, instanceof; and what is different in Lua's own libraries. */
#ifndef MOONFORK_GLOBALS_H
#define MOONFORK_GLOBALS_H

#include <lua.h>
#include "core/doc.h"

/* Named "_G", as stock Lua's require names the table of globals. */
extern const ModuleDef globals_module;

/* Puts our os.exit in place. Once per state. [0] */
void globals_install(lua_State *L);

#endif
