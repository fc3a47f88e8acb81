/* SPDX-License-Identifier: MIT */
/* v8.h - V8's serialization format (version 15), which Node's `serialization: 'advanced'` sends.
 *
 * What JavaScript has and Lua has not is read as the nearest value: Map as a table, Set as an array,
 * Date as its milliseconds, RegExp as its source text, undefined as nil, a whole double up to 2^53 as an
 * integer. Any thread, its own state. */
#ifndef MOONFORK_V8_H
#define MOONFORK_V8_H

#include "../core/strbuf.h"

enum { V8_MAX_DEPTH = 1000 }; /* objects inside each other */

/* Appends the message of the value at idx to out, which Lua must own. from: where in out the frame
 * begins, which the alignment of two-byte strings counts from. Returns 0, or 1 with the text of a
 * DataCloneError pushed [-0, +1] and out as it was: `value.list[3].cb is a function`. May raise
 * memory errors; check out->failed. */
int v8_encode(lua_State *L, int idx, StrBuf *out, size_t from);

/* Pushes the value; false, nothing pushed and *error set for bytes that cannot be read. May raise memory
 * errors. Runs no Lua code but finalizers: s must survive those. [-0, +1] */
bool v8_decode(lua_State *L, const char *s, size_t len, const char **error);

#endif
