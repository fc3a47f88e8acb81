/* SPDX-License-Identifier: MIT */
/* path.h - the module `path`. */
#ifndef MOONFORK_PATH_H
#define MOONFORK_PATH_H

#include "core/doc.h"

extern const ModuleDef path_module;

#endif
