/* SPDX-License-Identifier: MIT */
/* promisify.h - rows of util: from callbacks to promises and back. */
#ifndef MOONFORK_PROMISIFY_H
#define MOONFORK_PROMISIFY_H

#include <lua.h>

#define PROMISIFY_CUSTOM "nodejs.util.promisify.custom" /* field of a callable table: its own form */

int util_promisify(lua_State *L);
int util_promisify_call(lua_State *L);
int util_callbackify(lua_State *L);

#endif
