/* SPDX-License-Identifier: MIT */
/* builtins.h - the only list of built-in modules and of the globals that they give. */
#ifndef MOONFORK_BUILTINS_H
#define MOONFORK_BUILTINS_H

#include "core/doc.h"

extern const ModuleDef *const builtin_modules[]; /* ends with NULL */
extern const GlobalDef builtin_globals[];        /* ends with a NULL name */

#endif
