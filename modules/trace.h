/* SPDX-License-Identifier: MIT */
/* trace.h - the module trace: what a script says to the flight recorder (core/trace.h). Ours: Node has none. */
#ifndef MOONFORK_TRACE_MODULE_H
#define MOONFORK_TRACE_MODULE_H

#include "core/doc.h"

extern const ModuleDef trace_module;

#endif
