/* SPDX-License-Identifier: MIT */
/* message.h - the texts of failed assertions. */
#ifndef MOONFORK_ASSERT_MESSAGE_H
#define MOONFORK_ASSERT_MESSAGE_H

#include <lua.h>

/* Pushes what an assertion of this operator says when it fails for the values at actual and expected. [+1] */
void message_push(lua_State *L, const char *op, int actual, int expected);

/* The same for tables of the fields of an error, which are shown as `Comparison { ... }`. [+1] */
void message_push_comparison(lua_State *L, int actual, int expected);

#endif
