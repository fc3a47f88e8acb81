/* SPDX-License-Identifier: MIT */
/* os.h - the module `os`: Node's functions beside those of the stock table. */
#ifndef MOONFORK_OS_H
#define MOONFORK_OS_H

#include <lua.h>
#include "core/doc.h"

extern const ModuleDef os_module;
extern const ModuleDef io_module; /* the stock table; the row tells that popen blocks */

/* Puts our exit and execute into the stock table, which holds the rest once the module is
 * opened. [0] */
void os_replace_stock(lua_State *L);

#endif
