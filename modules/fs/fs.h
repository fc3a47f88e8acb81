/* SPDX-License-Identifier: MIT */
/* fs.h - the modules fs and fs/promises: files, over libuv's thread pool. */
#ifndef MOONFORK_FS_H
#define MOONFORK_FS_H

#include <lua.h>
#include "../core/doc.h"

extern const ModuleDef fs_module, fs_promises_module;

/* Pushes the table fs.constants. [+1] */
void fs_push_constants(lua_State *L);

#endif
