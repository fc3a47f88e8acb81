/* SPDX-License-Identifier: MIT */
/* url.h - the module url: URL, URLSearchParams and paths of files. */
#ifndef MOONFORK_URL_H
#define MOONFORK_URL_H

#include "../core/class.h"
#include "../core/strbuf.h"

extern const ClassDef url_class, url_params_class;
extern const ModuleDef url_module;

/* ---- params.c, for the URL object and querystring ---- */

/* Pushes a URLSearchParams of the query text, which belongs to the URL at idx. [+1] */
void url_params_push(lua_State *L, int idx, const char *query, size_t len);

/* The URL's query has changed: its URLSearchParams, on top, are read anew. [0] */
void url_params_read(lua_State *L, const char *query, size_t len);

/* The query of the URL at idx becomes text; url.c. */
void url_set_query(lua_State *L, int idx, const char *text, size_t len);

#endif
