/* SPDX-License-Identifier: MIT */
/* response.h - making a ServerResponse. */
#ifndef MOONFORK_HTTP_RESPONSE_H
#define MOONFORK_HTTP_RESPONSE_H

#include "internal.h"

/* Pushes the answer to the request at req. cls: index of a class of a script, 0: ServerResponse. [+1] */
Outgoing *response_new(lua_State *L, int req, int cls);

/* The headers of the table or list at idx become headers set; headers.c. */
void http_merge_headers(lua_State *L, int self, int headers);

#endif
