/* SPDX-License-Identifier: MIT */
/* globals.h - what is there without require and belongs to no other module. */
#ifndef MOONFORK_GLOBALS_H
#define MOONFORK_GLOBALS_H

#include "core/doc.h"

extern const ModuleDef globals_module;

#endif
