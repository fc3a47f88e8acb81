/* SPDX-License-Identifier: MIT */
/* portable.h - a Lua function as bytes, for another state: a forked child, a worker. */
#ifndef MOONFORK_PORTABLE_H
#define MOONFORK_PORTABLE_H

#include <lua.h>
#include "core/strbuf.h"

/* Appends the function at idx to out, which Lua must own. Raises for what cannot travel: a function in C,
 * one with an upvalue other than _ENV. to: "the child", "the worker". [0] */
void portable_dump(lua_State *L, int idx, StrBuf *out, const char *to);

/* Pushes the function of the len bytes at data; there are two NULs behind them. Raises. [+1] */
void portable_load(lua_State *L, const char *data, size_t len);

#endif
