/* SPDX-License-Identifier: MIT */
/* assets.h - the files of the page, which lie in the program. */
#ifndef MOONFORK_INSPECT_ASSETS_H
#define MOONFORK_INSPECT_ASSETS_H

#include <stddef.h>

typedef struct Asset {
  const char *path, *type; /* "/page.js", its MIME type */
  const char *begin, *end;
} Asset;

/* The file at this path, exactly as it is written; NULL: there is none. */
const Asset *asset_at(const char *path, size_t len);

#endif
