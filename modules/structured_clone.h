/* SPDX-License-Identifier: MIT */
/* structured_clone.h - structuredClone, and which objects can be cloned. */
#ifndef MOONFORK_STRUCTURED_CLONE_H
#define MOONFORK_STRUCTURED_CLONE_H

#include "core/class.h"
#include "core/clone.h"

extern const ClassDef data_clone_error_class;

/* Errors and Buffers, for clone_encode and clone_decode. Ends with NULL. */
extern const CloneKind *const clone_kinds[];

/* Makes the text on top the DataCloneError that Node throws, and raises it. */
int structured_clone_refuse(lua_State *L);

/* structuredClone(value, options) */
int structured_clone(lua_State *L);

#endif
