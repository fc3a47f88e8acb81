/* SPDX-License-Identifier: MIT */
/* os_constants.h - os.constants. */
#ifndef MOONFORK_OS_CONSTANTS_H
#define MOONFORK_OS_CONSTANTS_H

#include <lua.h>

/* Pushes a fresh { signals, errno, priority, dlopen, UV_UDP_REUSEADDR }. [+1] */
void os_push_constants(lua_State *L);

#endif
