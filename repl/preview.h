/* SPDX-License-Identifier: MIT */
/* preview.h - the value of a half-typed line, where finding it can have no effect.
 *
 * Evaluated by itself, not by Lua: literals, names, raw fields (through __index tables), arithmetic,
 * comparison, concatenation and length of plain values, and a few properties of our own classes. Nothing
 * of the user's is ever called, no metamethod and no finalizer; what would need one has no preview. Time
 * and text are bounded. */
#ifndef MOONFORK_PREVIEW_H
#define MOONFORK_PREVIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <lua.h>

/* Body part: pushes the value of the expression; raises (nil) when it has none that is certain. [+1] */
void preview_push(lua_State *L, const char *text, size_t len);

/* Writes the value of the text on one line without control bytes into out, cut to some `size` bytes.
 * False when there is nothing to show. Needs no protection. [0] */
bool preview_text(lua_State *L, const char *text, size_t len, char *out, size_t size);

#endif
