/* SPDX-License-Identifier: MIT */
/* style.h - the few styles of text, and their escapes. Any thread. */
#ifndef MOONFORK_STYLE_H
#define MOONFORK_STYLE_H

#include <stdbool.h>

typedef enum Style { STYLE_NONE, STYLE_DIM, STYLE_RED, STYLE_GREEN, STYLE_YELLOW, STYLE_BLUE, STYLE_BOLD } Style;

/* The escape that begins the style; STYLE_NONE ends any. Whether there are colours is the caller's to know. */
const char *style_code(Style style);

/* Does the environment (TERM, NO_COLOR) allow colours? */
bool style_allowed(void);

#endif
