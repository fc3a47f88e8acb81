/* SPDX-License-Identifier: MIT */
/* perf_hooks.h - the module perf_hooks: clocks, marks, how long the loop is held up. */
#ifndef MOONFORK_PERF_HOOKS_H
#define MOONFORK_PERF_HOOKS_H

#include "core/doc.h"

extern const ClassDef histogram_class;
extern const ModuleDef perf_hooks_module;

#endif
