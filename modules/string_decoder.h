/* SPDX-License-Identifier: MIT */
/* string_decoder.h - the module string_decoder. */
#ifndef MOONFORK_STRING_DECODER_H
#define MOONFORK_STRING_DECODER_H

#include "core/doc.h"

extern const ModuleDef string_decoder_module;

#endif
