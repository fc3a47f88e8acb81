/* SPDX-License-Identifier: MIT */
/* promisify.h - rows of util: from callbacks to promises and back. */
#ifndef MOONFORK_PROMISIFY_H
#define MOONFORK_PROMISIFY_H

#include <lua.h>

/* The field of a callable table that holds its own form. */
#define PROMISIFY_CUSTOM "nodejs.util.promisify.custom"

/* From now on promisify of the function below the top gives the function on top. [-2] */
void promisify_know(lua_State *L);

/* From now on promisify of the function on top gives one whose promise resolves with a table of the
 * callback's values by these names, which end with NULL and are static. [-1] */
void promisify_know_names(lua_State *L, const char *const *names);

/* The same for a function whose callback gets no error, only a value. [-1] */
void promisify_know_value(lua_State *L);

int util_promisify(lua_State *L);
int util_promisify_call(lua_State *L);
int util_callbackify(lua_State *L);

#endif
