/* SPDX-License-Identifier: MIT */
/* complete.h - what Tab offers: the `complete` hook of ed.h; ctx is the Repl. Never runs the user's code:
 * raw fields, and the rows of classes for objects of ours. */
#ifndef MOONFORK_COMPLETE_H
#define MOONFORK_COMPLETE_H

#include <stddef.h>
#include "candidates.h"
#include "edit/ed.h"
#include "../modules/core/runtime.h"

size_t complete_line(void *ctx, const char *text, size_t len, size_t point, EdList *out);

/* The same for a line of Lua in any runtime that has a session: the candidates go to `to`. */
size_t complete_text(Runtime *rt, const char *text, size_t point, CandidateSink to);

#endif
