/* SPDX-License-Identifier: MIT */
/* console.h - the console object. */
#ifndef MOONFORK_CONSOLE_H
#define MOONFORK_CONSOLE_H

#include "../core/doc.h"
#include "../core/strbuf.h"

extern const ClassDef console_class;
extern const ModuleDef console_module;

/* table.c. Appends the table of the rows in the value at `data`, with the columns listed at `columns`
 * (nil: all of them). False: it is no table, and is shown like any value. */
bool console_add_table(lua_State *L, int data, int columns, StrBuf *out);

#endif
