/* SPDX-License-Identifier: MIT */
/* readline.h - the modules readline and readline/promises. */
#ifndef MOONFORK_READLINE_H
#define MOONFORK_READLINE_H

#include "../core/doc.h"

extern const ModuleDef readline_module, readline_promises_module;

#endif
