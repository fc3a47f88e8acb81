/* SPDX-License-Identifier: MIT */
/* show.h - values and errors as the prompt shows them. All may raise: call from bodies. */
#ifndef MOONFORK_SHOW_H
#define MOONFORK_SHOW_H

#include <stdbool.h>
#include <lua.h>
#include "../modules/core/strbuf.h"

/* Appends the value at idx as the prompt shows it: strings in quotes, with colours. */
void show_value(lua_State *L, int idx, StrBuf *out);

/* The same behind a name that takes so many columns: further lines stand below the first. */
void show_value_beside(lua_State *L, int idx, int column, StrBuf *out);

/* Prints the values first..last on one line (more when they take more). */
void show_values(lua_State *L, int first, int last);

/* Prints the error at idx: `before` (NULL: nothing), message, the source line with a caret, where it
 * came from, its fields, and what may have been meant. */
void show_error(lua_State *L, int idx, const char *before);

/* The same for an error that nobody caught, with what had called the code; kept as `_err`. */
void show_uncaught(lua_State *L, int idx);

/* Prints the message of a line that does not compile, with the place. */
void show_syntax_error(lua_State *L, const char *message, const char *chunk);

#endif
