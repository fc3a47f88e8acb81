/* SPDX-License-Identifier: MIT */
/* culprit.h - ?EADDRINUSE: who holds the address that was refused last. */
#ifndef MOONFORK_CULPRIT_H
#define MOONFORK_CULPRIT_H

#include <lua.h>
#include "../../modules/core/strbuf.h"

/* Appends what is known of the code here and now; nothing for other codes. */
void culprit_add(lua_State *L, const char *code, StrBuf *out);

#endif
