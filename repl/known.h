/* SPDX-License-Identifier: MIT */
/* known.h - which global names there are: the session's, Lua's, and the built-in ones that load on
 * first use. Raw access only; nothing of the user's runs. Call from bodies or by guarded(). */
#ifndef MOONFORK_KNOWN_H
#define MOONFORK_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <lua.h>

/* Is there a global of this name? */
bool known_global(lua_State *L, const char *name, size_t len);

/* Is it a name of ours that loads on first use, a module or a global? */
bool known_builtin(lua_State *L, const char *name, size_t len);

/* Calls fn for every global name, some maybe twice. */
void known_each(lua_State *L, void (*fn)(void *ctx, const char *name, size_t len), void *ctx);

/* Among the global names the one most like `name`, pushed; false when none is near. [+1|0] */
bool known_nearest(lua_State *L, const char *name);

/* How many letters have to change to turn a into b; a swap of neighbours counts once. Beyond `most`:
 * most + 1. */
int spelling_distance(const char *a, size_t alen, const char *b, size_t blen, int most);

/* How far a misspelt word of this length may be from what was meant. */
static inline int spelling_limit(size_t len) { return len < 3 ? 0 : len < 6 ? 1 : 2; }

#endif
