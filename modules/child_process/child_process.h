/* SPDX-License-Identifier: MIT */
/* child_process.h - the functions of the module, each in a file of its own. */
#ifndef MOONFORK_CHILD_PROCESS_H
#define MOONFORK_CHILD_PROCESS_H

#include <lua.h>

int child_process_fork(lua_State *L);
int child_process_spawn_sync(lua_State *L);
int child_process_exec(lua_State *L);
int child_process_exec_file(lua_State *L);
int child_process_exec_sync(lua_State *L);
int child_process_exec_file_sync(lua_State *L);

/* util.promisify gives exec and execFile forms of their own: { stdout, stderr }, and .child. [0] */
void exec_open(lua_State *L);

#endif
