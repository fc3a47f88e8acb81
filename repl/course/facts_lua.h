/* SPDX-License-Identifier: MIT */
/* facts_lua.h - the functions that a guide's checks call; for facts.c alone. */
#ifndef MOONFORK_COURSE_FACTS_LUA_H
#define MOONFORK_COURSE_FACTS_LUA_H

#include "facts.h"

/* Sets saw, count, proc, ... in the table at env. */
void facts_lua_open(lua_State *L, int env, Facts **at);

#endif
