/* SPDX-License-Identifier: MIT */
/* number.h - doubles to text and back as JavaScript writes them, in any locale. */
#ifndef MOONFORK_NUMBER_H
#define MOONFORK_NUMBER_H

#include <stddef.h>

enum { NUMBER_TEXT = 32 }; /* room for any number's text and its NUL */

/* The shortest text that reads back as the same value, as JavaScript's String(x):
 * "3", "0.1", "1e+21", "-1.5e-9", "NaN", "-Infinity"; -0 is "0". Returns its length. */
size_t number_format(double value, char out[NUMBER_TEXT]);

/* The double nearest to a decimal text: [-]digits[.digits][e[+-]digits], which the
 * caller has checked. Beyond the range: infinity or zero. */
double number_parse(const char *s, size_t len);

#endif
