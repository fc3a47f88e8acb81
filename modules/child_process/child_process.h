/* SPDX-License-Identifier: MIT */
/* child_process.h - the functions of the module, each in a file of its own. */
#ifndef MOONFORK_CHILD_PROCESS_H
#define MOONFORK_CHILD_PROCESS_H

#include "../core/doc.h"

int child_process_fork(lua_State *L);
int child_process_spawn_sync(lua_State *L);

#endif
