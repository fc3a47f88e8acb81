/* SPDX-License-Identifier: MIT */
/* complete.h - what Tab offers: the `complete` hook of ed.h; ctx is the Repl. Never runs the user's code:
 * raw fields, and the rows of classes for objects of ours. */
#ifndef MOONFORK_COMPLETE_H
#define MOONFORK_COMPLETE_H

#include <stddef.h>
#include "ed.h"

size_t complete_line(void *ctx, const char *text, size_t len, size_t point, EdList *out);

#endif
