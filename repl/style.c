/* SPDX-License-Identifier: MIT */
/* style.c - see style.h. */
#include "style.h"

#include <stdlib.h>
#include <string.h>

const char *style_code(Style style) {
  static const char *const codes[] = {
    [STYLE_NONE] = "\033[0m", [STYLE_DIM] = "\033[90m",    [STYLE_RED] = "\033[31m",
    [STYLE_GREEN] = "\033[32m", [STYLE_YELLOW] = "\033[33m", [STYLE_BLUE] = "\033[34m",
    [STYLE_BOLD] = "\033[1m",
  };
  return codes[style];
}

bool style_allowed(void) {
  const char *term = getenv("TERM"), *no_colour = getenv("NO_COLOR");
  return term && *term && strcmp(term, "dumb") != 0 && !(no_colour && *no_colour);
}
