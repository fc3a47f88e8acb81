/* SPDX-License-Identifier: MIT */
/* width.h - how many columns a text takes on a terminal. */
#ifndef MOONFORK_WIDTH_H
#define MOONFORK_WIDTH_H

#include <stddef.h>

/* Columns of UTF-8 text; colour sequences, controls and combining characters take none, East Asian wide
 * ones and emoji two, a byte that is no UTF-8 one. */
size_t text_width(const char *s, size_t len);

#endif
