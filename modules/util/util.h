/* SPDX-License-Identifier: MIT */
/* util.h - the module util. */
#ifndef MOONFORK_UTIL_H
#define MOONFORK_UTIL_H

#include "../core/doc.h"

extern const ModuleDef util_module;

/* equal.c: isDeepStrictEqual(a, b) for values on the stack, also for assert. */
bool util_deep_equal(lua_State *L, int a, int b);
/* The same whatever the metatables are; 0.0 and -0.0 are equal. */
bool util_deep_equal_loose(lua_State *L, int a, int b);

#endif
