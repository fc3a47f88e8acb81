/* SPDX-License-Identifier: MIT */
/* cipher_core.c - ciphers over EVP_CIPHER_CTX, with the states that Node has them pass.
 *
 * When decrypting, the tag is handed over before the first bytes; CCM checks it while it decrypts, the
 * others at the end. */
#include "cipher.h"

#include <limits.h>
#include <string.h>
#include "buffer/buffer.h"
#include "core/error.h"

EVP_CIPHER *cipher_find(lua_State *L, const char *name) {
  const EVP_CIPHER *known = ssl.EVP_get_cipherbyname(name);
  ssl.ERR_clear_error();
  if (!known) err_raise(L, NULL, "ERR_CRYPTO_UNKNOWN_CIPHER", "Unknown cipher");
  const char *real = ssl.EVP_CIPHER_get0_name(known);
  Owned *owned = owned_new(L, drop_cipher);
  owned->p = ssl.EVP_CIPHER_fetch(NULL, real, NULL);
  if (owned->p) return owned->p;
  SslErrors errors;
  ssl_take(&errors);
  OSSL_LIB_CTX *legacy = ssl_legacy();
  if (legacy) owned->p = ssl.EVP_CIPHER_fetch(legacy, real, NULL);
  ssl.ERR_clear_error();
  if (!owned->p) {
    ssl_push(L, &errors, "Unknown cipher");
    lua_error(L);
  }
  return owned->p;
}

bool cipher_is_aead(const EVP_CIPHER *cipher) {
  switch (ssl.EVP_CIPHER_get_mode(cipher)) {
  case EVP_CIPH_CCM_MODE:
  case EVP_CIPH_GCM_MODE:
  case EVP_CIPH_OCB_MODE: return true;
  case EVP_CIPH_STREAM_CIPHER: return ssl.EVP_CIPHER_get_nid(cipher) == NID_chacha20_poly1305;
  default: return false;
  }
}

static int raise_iv(lua_State *L) {
  return err_raise(L, &type_error_class, "ERR_CRYPTO_INVALID_IV", "Invalid initialization vector");
}

static int raise_tag(lua_State *L, int len) {
  return err_raise(L, &type_error_class, "ERR_CRYPTO_INVALID_AUTH_TAG",
                   "Invalid authentication tag length: %d", len);
}

static bool is_gcm_tag(int len) { return len == 4 || len == 8 || (len >= 12 && len <= 16); }

static void check_iv(lua_State *L, const Cipher *c, const EVP_CIPHER *cipher, Bytes iv) {
  int expected = ssl.EVP_CIPHER_get_iv_length(cipher);
  if (iv.len == 0 && expected != 0) raise_iv(L);
  if (!c->aead && iv.len > 0 && iv.len != (size_t)expected) raise_iv(L);
  if (c->chacha && iv.len > 12) raise_iv(L);
  if (c->mode == EVP_CIPH_CCM_MODE && (iv.len < 7 || iv.len > 13)) raise_iv(L);
  if (iv.len > INT_MAX) raise_iv(L);
}

/* Lengths of IV and tag, which these ciphers are told first. */
static void start_aead(lua_State *L, Cipher *c, const char *name, size_t iv_len, int tag_len) {
  if (ssl.EVP_CIPHER_CTX_ctrl(c->ctx, EVP_CTRL_AEAD_SET_IVLEN, (int)iv_len, NULL) != 1) {
    ssl.ERR_clear_error();
    raise_iv(L);
  }
  if (c->mode == EVP_CIPH_GCM_MODE) {
    if (tag_len != NO_TAG && !is_gcm_tag(tag_len)) raise_tag(L, tag_len);
    c->tag_len = tag_len;
    return;
  }
  if (tag_len == NO_TAG && c->chacha) tag_len = 16;
  if (tag_len == NO_TAG)
    err_raise(L, &type_error_class, "ERR_CRYPTO_INVALID_AUTH_TAG", "authTagLength required for %s", name);
  if (tag_len > TAG_MAX ||
      ssl.EVP_CIPHER_CTX_ctrl(c->ctx, EVP_CTRL_AEAD_SET_TAG, tag_len, NULL) != 1) {
    ssl.ERR_clear_error();
    raise_tag(L, tag_len);
  }
  c->tag_len = tag_len;
}

void cipher_start(lua_State *L, Cipher *c, const EVP_CIPHER *cipher, const char *name, Bytes key,
                  Bytes iv, int tag_len) {
  c->mode = ssl.EVP_CIPHER_get_mode(cipher);
  c->aead = cipher_is_aead(cipher);
  c->chacha = ssl.EVP_CIPHER_get_nid(cipher) == NID_chacha20_poly1305;
  c->tag_len = NO_TAG;
  c->max_message = INT_MAX;
  if (c->mode == EVP_CIPH_CCM_MODE && iv.len == 12) c->max_message = 16777215;
  if (c->mode == EVP_CIPH_CCM_MODE && iv.len == 13) c->max_message = 65535;
  check_iv(L, c, cipher, iv);
  c->ctx = ssl.EVP_CIPHER_CTX_new();
  if (!c->ctx) luaL_error(L, "not enough memory");
  if (c->mode == EVP_CIPH_WRAP_MODE) ssl.EVP_CIPHER_CTX_set_flags(c->ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
  if (ssl.EVP_CipherInit_ex(c->ctx, cipher, NULL, NULL, NULL, c->encrypt) != 1)
    ssl_raise(L, "Failed to initialize cipher");
  if (c->aead) start_aead(L, c, name, iv.len, tag_len);
  if (key.len > INT_MAX || ssl.EVP_CIPHER_CTX_set_key_length(c->ctx, (int)key.len) != 1) {
    ssl.ERR_clear_error();
    err_raise(L, &range_error_class, "ERR_CRYPTO_INVALID_KEYLEN", "Invalid key length");
  }
  if (ssl.EVP_CipherInit_ex(c->ctx, NULL, NULL, (const unsigned char *)key.p,
                            iv.len ? (const unsigned char *)iv.p : NULL, c->encrypt) != 1)
    ssl_raise(L, "Failed to initialize cipher");
}

/* ---- the tag ---- */

/* Hands the tag over once it is known. */
static bool pass_tag(Cipher *c) {
  if (c->encrypt || !c->aead || c->tag_state != TAG_KNOWN) return true;
  if (ssl.EVP_CIPHER_CTX_ctrl(c->ctx, EVP_CTRL_AEAD_SET_TAG, c->tag_len, c->tag) != 1) return false;
  c->tag_state = TAG_PASSED;
  return true;
}

static int raise_state(lua_State *L, const char *operation) {
  ssl.ERR_clear_error();
  return err_raise(L, NULL, "ERR_CRYPTO_INVALID_STATE", "Invalid state for operation %s", operation);
}

static Cipher *cipher_self(lua_State *L, const ClassDef *cls) { return class_check(L, 1, cls); }

int cipher_get_auth_tag(lua_State *L) {
  Cipher *c = cipher_self(L, &cipher_class);
  if (c->ctx || !c->aead || c->tag_len == NO_TAG) return raise_state(L, "getAuthTag");
  (void)buffer_push_copy(L, (const char *)c->tag, (size_t)c->tag_len);
  return 1;
}

int decipher_set_auth_tag(lua_State *L) {
  Cipher *c = cipher_self(L, &decipher_class);
  lua_settop(L, 3);
  Bytes tag = arg_octets(L, 2, "buffer", BYTES_OR_TEXT, 3);
  if (!c->ctx || !c->aead || c->tag_state != TAG_UNKNOWN) return raise_state(L, "setAuthTag");
  int len = tag.len > INT_MAX ? INT_MAX : (int)tag.len;
  bool fits = c->tag_len == len || (c->mode == EVP_CIPH_GCM_MODE && c->tag_len == NO_TAG);
  if (!fits || len > TAG_MAX || (c->mode == EVP_CIPH_GCM_MODE && !is_gcm_tag(len))) return raise_tag(L, len);
  memcpy(c->tag, tag.p, tag.len);
  c->tag_len = len;
  c->tag_state = TAG_KNOWN;
  lua_settop(L, 1);
  return 1;
}

/* setAAD for both; plaintext: how long the message will be, -1: not told. False: wrong state. */
static bool add_aad(lua_State *L, Cipher *c, Bytes data, lua_Integer plaintext) {
  int n;
  if (!c->ctx || !c->aead || data.len > INT_MAX) return false;
  if (c->mode == EVP_CIPH_CCM_MODE) {
    if (plaintext < 0)
      err_raise(L, &type_error_class, "ERR_MISSING_ARGS",
                "options.plaintextLength required for CCM mode with AAD");
    if (plaintext > c->max_message)
      err_raise(L, NULL, "ERR_CRYPTO_INVALID_MESSAGELEN", "Invalid message length");
    if (!pass_tag(c) || ssl.EVP_CipherUpdate(c->ctx, NULL, &n, NULL, (int)plaintext) != 1) return false;
  }
  return ssl.EVP_CipherUpdate(c->ctx, NULL, &n, (const unsigned char *)data.p, (int)data.len) == 1;
}

int cipher_add_aad(lua_State *L, const ClassDef *cls, lua_Integer plaintext) {
  Cipher *c = cipher_self(L, cls);
  Bytes data = arg_octets(L, 2, "buffer", BYTES_OR_TEXT, 0);
  if (!add_aad(L, c, data, plaintext)) return raise_state(L, "setAAD");
  lua_settop(L, 1);
  return 1;
}

int cipher_auto_padding(lua_State *L, const ClassDef *cls) {
  Cipher *c = cipher_self(L, cls);
  bool on = lua_isnoneornil(L, 2) || lua_toboolean(L, 2);
  if (!c->ctx || ssl.EVP_CIPHER_CTX_set_padding(c->ctx, on) != 1) return raise_state(L, "setAutoPadding");
  lua_settop(L, 1);
  return 1;
}

/* ---- bytes through it ---- */

/* How much room update needs; -1: OpenSSL refuses. */
static int room_for(Cipher *c, Bytes data) {
  int n = (int)data.len + EVP_MAX_BLOCK_LENGTH;
  if (c->encrypt && c->mode == EVP_CIPH_WRAP_MODE &&
      ssl.EVP_CipherUpdate(c->ctx, NULL, &n, (const unsigned char *)data.p, (int)data.len) != 1)
    return -1;
  return n;
}

static bool fail(lua_State *L, const char *text) {
  SslErrors errors;
  ssl_take(&errors);
  ssl_push(L, &errors, text);
  return false;
}

bool cipher_feed(lua_State *L, Cipher *c, Bytes data) {
  static const char state[] = "Trying to add data in unsupported state";
  if (!c->ctx || data.len > INT_MAX - EVP_MAX_BLOCK_LENGTH) return fail(L, state);
  if (c->mode == EVP_CIPH_CCM_MODE && data.len > (size_t)c->max_message) {
    err_push(L, NULL, "ERR_CRYPTO_INVALID_MESSAGELEN", "Invalid message length");
    return false;
  }
  int room = pass_tag(c) ? room_for(c, data) : -1, n = 0;
  if (room < 0) return fail(L, state);
  Buffer *out = buffer_push_new(L, (size_t)room);
  int ok = ssl.EVP_CipherUpdate(c->ctx, (unsigned char *)buffer_bytes(out), &n,
                                (const unsigned char *)data.p, (int)data.len);
  if (ok != 1 && !c->encrypt && c->mode == EVP_CIPH_CCM_MODE) {
    c->bad_tag = true;
    n = 0;
  } else if (ok != 1) {
    return fail(L, state);
  }
  ssl.ERR_clear_error();
  out->length = (size_t)n;
  return true;
}

/* The last block into out; the tag is made or checked. */
static bool finish(Cipher *c, Buffer *out) {
  int n = 0;
  out->length = 0;
  if (!pass_tag(c)) return false;
  if (!c->encrypt && c->chacha && c->tag_state != TAG_PASSED) return false;
  if (!c->encrypt && c->mode == EVP_CIPH_CCM_MODE) return !c->bad_tag;
  if (ssl.EVP_CipherFinal_ex(c->ctx, (unsigned char *)buffer_bytes(out), &n) != 1) return false;
  out->length = (size_t)n;
  if (!c->encrypt || !c->aead) return true;
  if (c->tag_len == NO_TAG) c->tag_len = 16;
  return ssl.EVP_CIPHER_CTX_ctrl(c->ctx, EVP_CTRL_AEAD_GET_TAG, c->tag_len, c->tag) == 1;
}

bool cipher_finish(lua_State *L, Cipher *c) {
  if (!c->ctx) {
    err_push(L, NULL, "ERR_CRYPTO_INVALID_STATE", "Invalid state");
    return false;
  }
  bool ok = finish(c, buffer_push_new(L, EVP_MAX_BLOCK_LENGTH));
  ssl.EVP_CIPHER_CTX_free(c->ctx);
  c->ctx = NULL;
  if (!ok) return fail(L, c->aead ? "Unsupported state or unable to authenticate data" : "Unsupported state");
  ssl.ERR_clear_error();
  return true;
}
