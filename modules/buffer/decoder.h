/* SPDX-License-Identifier: MIT */
/* decoder.h - bytes that come in pieces, as text: no character is ever cut.
 *
 * A Decoder holds back what begins a character (or a group of base64) until the rest has come. It owns
 * nothing but itself. */
#ifndef MOONFORK_DECODER_H
#define MOONFORK_DECODER_H

#include "codec.h"

typedef struct Decoder {
  Encoding enc;
  unsigned held; /* bytes in hold */
  char hold[4];
} Decoder;

void decoder_init(Decoder *d, Encoding enc);

/* Pushes the text that is complete with these bytes, maybe "". [+1] */
void decoder_push(lua_State *L, Decoder *d, const char *bytes, size_t len);

/* Pushes the text of what was held back, maybe "". [+1] */
void decoder_push_end(lua_State *L, Decoder *d);

#endif
