/* SPDX-License-Identifier: MIT */
/* globals.h - what is global and belongs to no module of Node's: Error and its kinds, null, array,
 * JSON, instanceof. */
#ifndef MOONFORK_GLOBALS_H
#define MOONFORK_GLOBALS_H

#include "core/doc.h"

/* Named "_G", as stock Lua's require names the table of globals. */
extern const ModuleDef globals_module;

#endif
