/* SPDX-License-Identifier: MIT */
/* cipher.h - the state of a cipher, between what scripts call and OpenSSL. */
#ifndef MOONFORK_CRYPTO_CIPHER_H
#define MOONFORK_CRYPTO_CIPHER_H

#include "parts.h"

enum { NO_TAG = -1, TAG_MAX = 16 };

typedef enum TagState { TAG_UNKNOWN, TAG_KNOWN, TAG_PASSED } TagState;

typedef struct Cipher {
  Filter filter;
  EVP_CIPHER_CTX *ctx;       /* owns; NULL after final */
  int mode;                  /* EVP_CIPH_... */
  bool encrypt, aead, chacha;
  bool bad_tag;              /* CCM: found by update, told by final */
  bool decoding;
  Decoder decoder;           /* of the text that update and final return */
  int tag_len;               /* NO_TAG: not told */
  TagState tag_state;
  unsigned char tag[TAG_MAX];
  int max_message;
} Cipher;

/* The cipher called name; pushes an Owned with it. Raises ERR_CRYPTO_UNKNOWN_CIPHER. [+1] */
EVP_CIPHER *cipher_find(lua_State *L, const char *name);

/* Is it one that authenticates: GCM, CCM, OCB, ChaCha20-Poly1305? */
bool cipher_is_aead(const EVP_CIPHER *cipher);

/* Sets c up; raises Node's errors. */
void cipher_start(lua_State *L, Cipher *c, const EVP_CIPHER *cipher, const char *name, Bytes key,
                  Bytes iv, int tag_len);

/* Pushes a Buffer with what the bytes give; on false an Error instead. [+1] */
bool cipher_feed(lua_State *L, Cipher *c, Bytes data);

/* The end: pushes a Buffer with what is left; on false an Error. [+1] */
bool cipher_finish(lua_State *L, Cipher *c);

/* Methods; the class says which of the two kinds self must be. */
int cipher_get_auth_tag(lua_State *L);
int decipher_set_auth_tag(lua_State *L);
int cipher_add_aad(lua_State *L, const ClassDef *cls, lua_Integer plaintext);
int cipher_auto_padding(lua_State *L, const ClassDef *cls);

#endif
