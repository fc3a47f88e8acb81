/* SPDX-License-Identifier: MIT */
/* parse.h - URLs as the WHATWG standard reads and writes them.
 *
 * Plain C over bytes: nothing here knows Lua objects or raises. A Url owns its buffers. Text is taken as
 * UTF-8; what is not becomes U+FFFD. Host names in other letters than ASCII are refused (URL_IDNA). */
#ifndef MOONFORK_URL_PARSE_H
#define MOONFORK_URL_PARSE_H

#include "../core/strbuf.h"

typedef struct Url {
  StrBuf scheme, username, password, host, path, query, fragment;
  int port;                /* -1: none, or the scheme's own */
  bool has_host, has_query, has_fragment;
  bool opaque;             /* the path is no list: mailto:ann@example.org */
} Url;

typedef enum UrlResult { URL_OK, URL_INVALID, URL_IDNA, URL_NO_MEMORY } UrlResult;

/* A part to be set anew, as the properties of a URL do. */
typedef enum UrlPart {
  PART_ALL, PART_PROTOCOL, PART_USERNAME, PART_PASSWORD, PART_HOST, PART_HOSTNAME, PART_PORT,
  PART_PATHNAME, PART_SEARCH, PART_HASH
} UrlPart;

/* Which characters are written as %XX. */
typedef enum UrlSet {
  SET_CONTROL, SET_FRAGMENT, SET_QUERY, SET_SPECIAL_QUERY, SET_PATH, SET_USERINFO, SET_COMPONENT,
  SET_FORM
} UrlSet;

void url_init(Url *u);
void url_free(Url *u);
bool url_copy(Url *to, const Url *from);

/* Reads s, relative to base when that is not NULL, into the fresh *u. */
UrlResult url_parse(Url *u, const char *s, size_t len, const Url *base);

/* Sets one part; a value that does not fit leaves *u as it was (URL_OK, as in browsers and Node). */
UrlResult url_set(Url *u, UrlPart part, const char *s, size_t len);

void url_write(const Url *u, StrBuf *out, bool fragment);     /* href */
void url_write_host(const Url *u, StrBuf *out);               /* host:port */
void url_write_origin(const Url *u, StrBuf *out);             /* "null" for most schemes */
bool url_is_special(const Url *u);
bool url_is_scheme(const Url *u, const char *scheme);

/* Appends s with the characters of the set encoded, and with %XX decoded. */
void url_encode(StrBuf *out, const char *s, size_t len, UrlSet set);
void url_decode(StrBuf *out, const char *s, size_t len);

/* ---- host.c ---- */

/* Reads a host into out (which is empty), in its written form. */
UrlResult url_parse_host(StrBuf *out, const char *s, size_t len, bool special);

#endif
