/* SPDX-License-Identifier: MIT */
/* heap.h - what lives in a Lua state, by type. */
#ifndef MOONFORK_HEAP_H
#define MOONFORK_HEAP_H

#include <lua.h>

/* Pushes a JSON text: { "heapBytes", "counted", "types": [{ "type", "count", "bytes" }] }, the largest
 * first. Everything that the registry leads to is counted; bytes of one object are Lua's own, nearly. [+1] */
void heap_push_summary(lua_State *L);

#endif
