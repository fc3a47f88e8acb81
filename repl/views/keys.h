/* SPDX-License-Identifier: MIT */
/* keys.h - bytes from a terminal as keys. */
#ifndef MOONFORK_VIEW_KEYS_H
#define MOONFORK_VIEW_KEYS_H

#include <stdbool.h>
#include <stddef.h>

enum {
  KEY_NONE = -1,    /* the bytes are the beginning of a key */
  KEY_UP = 256, KEY_DOWN, KEY_PAGE_UP, KEY_PAGE_DOWN, KEY_HOME, KEY_END, KEY_ESCAPE, KEY_F2, KEY_ALT_V,
  KEY_PASTE, KEY_PASTE_END, KEY_OTHER
};

/* The first key of the bytes and how many they are; a plain byte is itself. late: no more bytes come soon,
 * so an ESC alone is the key. */
int view_key(const char *bytes, size_t len, bool late, size_t *used);

#endif
