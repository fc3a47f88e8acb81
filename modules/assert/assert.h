/* SPDX-License-Identifier: MIT */
/* assert.h - the module assert. */
#ifndef MOONFORK_ASSERT_H
#define MOONFORK_ASSERT_H

#include "../core/class.h"
#include "../core/strbuf.h"

extern const ClassDef assertion_error_class;
extern const ModuleDef assert_module;

/* ---- diff.c ---- */

/* Appends the lines of a and b: those of both after two blanks, those of one of them after + or -.
 * Returns true when equal lines far from a difference were left out. False, nothing added and *same set
 * when no line differs. */
bool diff_add(StrBuf *out, const StrBuf *a, const StrBuf *b, bool *same);

#endif
