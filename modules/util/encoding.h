/* SPDX-License-Identifier: MIT */
/* encoding.h - the classes TextEncoder and TextDecoder. */
#ifndef MOONFORK_UTIL_ENCODING_H
#define MOONFORK_UTIL_ENCODING_H

#include "../core/doc.h"

extern const ClassDef text_encoder_class, text_decoder_class;

#endif
