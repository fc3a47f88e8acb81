/* SPDX-License-Identifier: MIT */
/* server.h - rows of the Server for the module. */
#ifndef MOONFORK_HTTP_SERVER_H
#define MOONFORK_HTTP_SERVER_H

#include "core/doc.h"

extern const OptDef http_server_options[];
int http_create_server(lua_State *L);

#endif
