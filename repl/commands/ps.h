/* SPDX-License-Identifier: MIT */
/* ps.h - the tree of our processes, and what has become of those that left it. */
#ifndef MOONFORK_PS_H
#define MOONFORK_PS_H

#include "../../modules/core/runtime.h"
#include "../../modules/core/strbuf.h"

/* Remembers which processes descend from us now, so that an orphan is known later. */
void ps_remember(void);

/* Appends the tree, 80 columns wide, by /proc. */
void ps_tree(Runtime *rt, StrBuf *out);

#endif
