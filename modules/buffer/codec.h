/* SPDX-License-Identifier: MIT */
/* codec.h - the encodings of Buffers: text to bytes, bytes to text.
 *
 * Text is UTF-8 in a Lua string. utf8 takes its bytes as they are; for the other encodings of text what
 * is not UTF-8 counts as U+FFFD. Pure functions but for the ones that push. */
#ifndef MOONFORK_CODEC_H
#define MOONFORK_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <lua.h>

typedef enum Encoding {
  ENC_UTF8, ENC_UTF16LE, ENC_LATIN1, ENC_ASCII, ENC_HEX, ENC_BASE64, ENC_BASE64URL
} Encoding;

/* Finds an encoding by any of its names, in any case. */
bool enc_find(const char *name, size_t len, Encoding *enc);

/* The one name that Node uses: "utf8", "latin1". */
const char *enc_name(Encoding enc);

/* The encoding named at idx; nil, or idx 0, means the fallback. Raises ERR_UNKNOWN_ENCODING. */
Encoding arg_encoding(lua_State *L, int idx, Encoding fallback);

/* At least as many bytes as the text gives. */
size_t enc_bound(Encoding enc, const char *text, size_t len);

/* The bytes that Buffer.byteLength tells for the text: exact, but for base64 with foreign characters. */
size_t enc_byte_length(Encoding enc, const char *text, size_t len);

/* Writes the text's bytes to dst, whole characters only, at most cap bytes. Returns their number. */
size_t enc_write(Encoding enc, const char *text, size_t len, char *dst, size_t cap);

/* Pushes the bytes as text. [+1] */
void enc_push_text(lua_State *L, Encoding enc, const char *bytes, size_t len);

#endif
