/* SPDX-License-Identifier: MIT */
/* opts.h - reading arguments and option tables, with Node's errors.
 *
 * All of these may raise, so they come first, before anything is acquired. name is what the error says:
 * "callback", "options.cwd". Pointers are borrowed from the value on the stack. */
#ifndef MOONFORK_OPTS_H
#define MOONFORK_OPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <lua.h>

const char *arg_string(lua_State *L, int idx, const char *name, size_t *len);
const char *arg_cstring(lua_State *L, int idx, const char *name);  /* no NUL inside */
lua_Integer arg_integer(lua_State *L, int idx, const char *name, lua_Integer min, lua_Integer max);
lua_Number arg_number(lua_State *L, int idx, const char *name);
bool arg_boolean(lua_State *L, int idx, const char *name);
void arg_function(lua_State *L, int idx, const char *name);
void arg_table(lua_State *L, int idx, const char *name);
bool arg_is_callable(lua_State *L, int idx);

/* nil or nothing at idx? */
static inline bool arg_missing(lua_State *L, int idx) { return lua_isnoneornil(L, idx); }

/* Option readers: the field `key` of the table at idx (0 or a nil value: no options at all), fallback
 * when nil. Errors name it "options.key". The string stays valid while the table holds it. */
const char *opt_string(lua_State *L, int idx, const char *key, const char *fallback);
lua_Integer opt_integer(lua_State *L, int idx, const char *key, lua_Integer min, lua_Integer max,
                        lua_Integer fallback);
lua_Number opt_number(lua_State *L, int idx, const char *key, lua_Number fallback);
bool opt_boolean(lua_State *L, int idx, const char *key, bool fallback);
/* Pushes the field (nil when there are no options) and returns its type. [+1] */
int opt_push(lua_State *L, int idx, const char *key);

#endif
