/* SPDX-License-Identifier: MIT */
/* builtins.h - the only list of built-in modules and of the globals that they give. */
#ifndef MOONFORK_BUILTINS_H
#define MOONFORK_BUILTINS_H

#include "core/doc.h"

/* A global name, and where its value comes from: a field of a module (NULL: the module itself). Looked
 * up on first use. */
typedef struct GlobalDef {
  const char *name, *module, *field;
} GlobalDef;

extern const ModuleDef *const builtin_modules[]; /* ends with NULL */
extern const GlobalDef builtin_globals[];        /* ends with a NULL name */

#endif
