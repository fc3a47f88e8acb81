/* SPDX-License-Identifier: MIT */
/* keys.c - see keys.h. */
#include "keys.h"

#include <string.h>

enum { ESC = 27, LONGEST = 12 };

/* ESC [ ... : ends with a byte from @ to ~. */
static int sequence(const char *bytes, size_t len, size_t *used) {
  static const struct { const char *rest; int key; } known[] = {
    { "A", KEY_UP }, { "B", KEY_DOWN }, { "5~", KEY_PAGE_UP }, { "6~", KEY_PAGE_DOWN }, { "H", KEY_HOME },
    { "F", KEY_END }, { "1~", KEY_HOME }, { "4~", KEY_END }, { "12~", KEY_F2 }, { "200~", KEY_PASTE },
    { "201~", KEY_PASTE_END },
  };
  if (len > 2 && bytes[2] == '[') { /* F1 to F5 of the linux console */
    *used = len > 3 ? 4 : 0;
    return len < 4 ? KEY_NONE : bytes[3] == 'B' ? KEY_F2 : KEY_OTHER;
  }
  for (size_t i = 2; i < len && i < LONGEST; i++) {
    if (bytes[i] < '@' || bytes[i] > '~') continue;
    *used = i + 1;
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
      if (strlen(known[k].rest) == i - 1 && !memcmp(known[k].rest, bytes + 2, i - 1)) return known[k].key;
    return KEY_OTHER;
  }
  *used = len < LONGEST ? 0 : LONGEST;
  return len < LONGEST ? KEY_NONE : KEY_OTHER;
}

int view_key(const char *bytes, size_t len, bool late, size_t *used) {
  int key = KEY_NONE;
  *used = 1;
  if (len == 0) return KEY_NONE;
  if (bytes[0] != ESC) return (unsigned char)bytes[0];
  if (len > 1 && bytes[1] == '[') {
    key = sequence(bytes, len, used);
  } else if (len > 1 && bytes[1] == 'O') {
    static const char ends[] = "ABHFQ";
    static const int keys[] = { KEY_UP, KEY_DOWN, KEY_HOME, KEY_END, KEY_F2 };
    const char *at = len > 2 ? strchr(ends, bytes[2]) : NULL;
    *used = 3;
    if (len > 2) return at && *at ? keys[at - ends] : KEY_OTHER;
  } else if (len > 1) {
    *used = bytes[1] == ESC ? 1 : 2;
    return bytes[1] == ESC ? KEY_ESCAPE : bytes[1] == 'v' ? KEY_ALT_V : KEY_OTHER;
  }
  if (key != KEY_NONE || !late) return key;
  *used = len;
  return KEY_ESCAPE;
}
