/* SPDX-License-Identifier: MIT */
/* querystring.h - the module querystring. */
#ifndef MOONFORK_QUERYSTRING_H
#define MOONFORK_QUERYSTRING_H

#include "core/doc.h"

extern const ModuleDef querystring_module;

#endif
