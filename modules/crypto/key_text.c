/* SPDX-License-Identifier: MIT */
/* key_text.c - keys as PEM and DER, out and in, encrypted where asked for. */
#include "parts.h"

#include <limits.h>
#include <string.h>
#include "buffer/buffer.h"
#include "core/error.h"
#include "core/opts.h"

/* ---- options ---- */

/* "The property 'options.format' is invalid. Received ..." for the value on top. */
static int raise_option(lua_State *L, const char *where, const char *key) {
  int value = lua_gettop(L);
  return err_arg_value(L, value, lua_pushfstring(L, "%s.%s", where, key), "is invalid");
}

/* The form named by the value on top; nil gives the fallback, -1: there must be one. */
static KeyForm read_form(lua_State *L, const char *where, int fallback) {
  const char *name = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
  if (lua_isnil(L, -1) && fallback >= 0) return (KeyForm)fallback;
  if (strcmp(name, "der") == 0) return FORM_DER;
  if (strcmp(name, "jwk") == 0) return FORM_JWK;
  if (strcmp(name, "pem") != 0) raise_option(L, where, "format");
  return FORM_PEM;
}

/* The type named by the value on top, one that the kind of key can have. */
static KeyType read_type(lua_State *L, const char *where, KeyKind kind, bool needed) {
  const char *name = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
  if (lua_isnil(L, -1) && !needed) return TYPE_NONE;
  if (strcmp(name, "pkcs1") == 0) return TYPE_PKCS1;
  if (kind != KEY_PRIVATE && strcmp(name, "spki") == 0) return TYPE_SPKI;
  if (kind == KEY_PRIVATE && strcmp(name, "pkcs8") == 0) return TYPE_PKCS8;
  if (kind == KEY_PRIVATE && strcmp(name, "sec1") == 0) return TYPE_SEC1;
  raise_option(L, where, "type");
  return TYPE_NONE;
}

/* The passphrase on top; it stays there. */
static void read_passphrase(lua_State *L, const char *where, KeySpec *spec) {
  if (!buffer_view(L, -1, &spec->passphrase.p, &spec->passphrase.len) || spec->passphrase.len > 1024)
    raise_option(L, where, "passphrase");
  spec->has_passphrase = true;
}

void opt_key_output(lua_State *L, int idx, const char *where, KeyKind kind, KeySpec *spec) {
  memset(spec, 0, sizeof *spec);
  luaL_checkstack(L, 10, "crypto");
  lua_getfield(L, idx, "format");
  spec->form = read_form(L, where, -1);
  lua_getfield(L, idx, "type");
  spec->type = spec->form == FORM_JWK ? TYPE_NONE : read_type(L, where, kind, true);
  if (kind != KEY_PRIVATE) return;
  lua_getfield(L, idx, "cipher");
  if (!lua_isnil(L, -1)) {
    if (lua_type(L, -1) != LUA_TSTRING) raise_option(L, where, "cipher");
    spec->cipher = lua_tostring(L, -1);
  }
  lua_getfield(L, idx, "passphrase");
  if (spec->cipher || !lua_isnil(L, -1)) read_passphrase(L, where, spec);
  if (spec->cipher && !ssl.EVP_get_cipherbyname(spec->cipher)) {
    ssl.ERR_clear_error();
    err_raise(L, NULL, "ERR_CRYPTO_UNKNOWN_CIPHER", "Unknown cipher");
  }
}

void opt_key_input(lua_State *L, int idx, KeyKind kind, KeySpec *spec) {
  memset(spec, 0, sizeof *spec);
  luaL_checkstack(L, 10, "crypto");
  lua_getfield(L, idx, "format");
  spec->form = read_form(L, "options", FORM_PEM);
  lua_getfield(L, idx, "type");
  bool either = kind == KEY_PUBLIC && lua_type(L, -1) == LUA_TSTRING &&
                strcmp(lua_tostring(L, -1), "spki") != 0;
  spec->type = read_type(L, "options", either ? KEY_PRIVATE : kind, spec->form == FORM_DER);
  lua_getfield(L, idx, "passphrase");
  if (!lua_isnil(L, -1)) read_passphrase(L, "options", spec);
}

void key_check_output(lua_State *L, int id, const KeySpec *spec) {
  static const char code[] = "ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS";
  if (spec->form == FORM_JWK && spec->has_passphrase)
    err_raise(L, NULL, code, "The selected key encoding jwk does not support encryption.");
  if (spec->type == TYPE_PKCS1 && id != EVP_PKEY_RSA)
    err_raise(L, NULL, code, "The selected key encoding pkcs1 can only be used for RSA keys.");
  if (spec->type == TYPE_SEC1 && id != EVP_PKEY_EC)
    err_raise(L, NULL, code, "The selected key encoding sec1 can only be used for EC keys.");
  if (spec->cipher && spec->form == FORM_DER && spec->type != TYPE_PKCS8)
    err_raise(L, NULL, code, "The selected key encoding %s does not support encryption.",
              spec->type == TYPE_PKCS1 ? "pkcs1" : "sec1");
}

/* ---- writing ---- */

static Owned *new_bio(lua_State *L, const Bytes *text) {
  Owned *owned = owned_new(L, drop_bio);
  owned->p = text ? ssl.BIO_new_mem_buf(text->p, (int)text->len) : ssl.BIO_new(ssl.BIO_s_mem());
  if (!owned->p) luaL_error(L, "not enough memory");
  return owned;
}

/* PEM or PKCS#8 into bio. */
static bool write_bio(BIO *bio, EVP_PKEY *pkey, KeyKind kind, const KeySpec *spec, const EVP_CIPHER *cipher) {
  char *pass = (char *)spec->passphrase.p;
  int len = (int)spec->passphrase.len;
  if (kind == KEY_PUBLIC) return ssl.PEM_write_bio_PUBKEY(bio, pkey) == 1;
  if (spec->form == FORM_DER) return ssl.i2d_PKCS8PrivateKey_bio(bio, pkey, cipher, pass, len, NULL, NULL) == 1;
  if (spec->type == TYPE_PKCS8)
    return ssl.PEM_write_bio_PKCS8PrivateKey(bio, pkey, cipher, pass, len, NULL, NULL) == 1;
  return ssl.PEM_write_bio_PrivateKey_traditional(bio, pkey, cipher, (unsigned char *)pass, len, NULL, NULL) == 1;
}

/* PKCS#1, SEC1 and SPKI as bytes; their length, negative when it failed. */
static int write_der(EVP_PKEY *pkey, KeyKind kind, KeyType type, unsigned char **out) {
  if (type == TYPE_SPKI) return ssl.i2d_PUBKEY(pkey, out);
  if (kind == KEY_PUBLIC) return ssl.i2d_PublicKey(pkey, out);
  return ssl.i2d_PrivateKey(pkey, out);
}

static bool write_pkcs1_public(BIO *bio, EVP_PKEY *pkey) {
  unsigned char *der = NULL;
  int len = ssl.i2d_PublicKey(pkey, &der);
  bool ok = len > 0 && ssl.PEM_write_bio(bio, PEM_STRING_RSA_PUBLIC, "", der, len) > 0;
  drop_bytes(der);
  return ok;
}

void key_write(lua_State *L, EVP_PKEY *pkey, KeyKind kind, const KeySpec *spec) {
  static const char failed[] = "Failed to encode key";
  char *p;
  if (spec->form == FORM_JWK) {
    jwk_push(L, pkey, kind);
    return;
  }
  if (spec->form == FORM_DER && spec->type != TYPE_PKCS8) {
    unsigned char *der = NULL;
    Owned *owned = owned_new(L, drop_bytes);
    int len = write_der(pkey, kind, spec->type, &der);
    owned->p = der;
    if (len <= 0) ssl_raise(L, failed);
    (void)buffer_push_copy(L, (const char *)der, (size_t)len);
    owned_drop(owned);
    lua_remove(L, -2);
    return;
  }
  const EVP_CIPHER *cipher = spec->cipher ? ssl.EVP_get_cipherbyname(spec->cipher) : NULL;
  Owned *bio = new_bio(L, NULL);
  bool ok = kind == KEY_PUBLIC && spec->type == TYPE_PKCS1 ? write_pkcs1_public(bio->p, pkey)
                                                           : write_bio(bio->p, pkey, kind, spec, cipher);
  if (!ok) ssl_raise(L, failed);
  long len = ssl.BIO_ctrl(bio->p, BIO_CTRL_INFO, 0, &p);
  if (spec->form == FORM_PEM) lua_pushlstring(L, p, (size_t)len);
  else (void)buffer_push_copy(L, p, (size_t)len);
  owned_drop(bio);
  lua_remove(L, -2);
}

/* ---- reading ---- */

/* What asks for the passphrase: -1 when there is none. */
static int give_passphrase(char *out, int size, int writing, void *ctx) {
  const KeySpec *spec = ctx;
  (void)writing;
  if (!spec->has_passphrase || spec->passphrase.len > (size_t)size) return -1;
  memcpy(out, spec->passphrase.p, spec->passphrase.len);
  return (int)spec->passphrase.len;
}

/* The block of PEM called name, as DER that the caller frees; false when there is none. */
static bool read_block(const Bytes *text, const char *name, const KeySpec *spec, unsigned char **der,
                       long *len) {
  BIO *bio = ssl.BIO_new_mem_buf(text->p, (int)text->len);
  bool ok = bio && ssl.PEM_bytes_read_bio(der, len, NULL, name, bio, give_passphrase, (void *)spec) == 1;
  (void)ssl.BIO_free(bio);
  return ok;
}

static EVP_PKEY *key_of_certificate(const unsigned char *der, long len) {
  X509 *x509 = ssl.d2i_X509(NULL, &der, len);
  EVP_PKEY *pkey = x509 ? ssl.X509_get_pubkey(x509) : NULL;
  ssl.X509_free(x509);
  return pkey;
}

/* A public key in PEM: SPKI, PKCS#1 or a certificate. *found: there was such a block. */
static EVP_PKEY *read_public_pem(const Bytes *text, const KeySpec *spec, bool *found) {
  static const char *const names[] = { PEM_STRING_PUBLIC, PEM_STRING_RSA_PUBLIC, PEM_STRING_X509 };
  for (int i = 0; i < 3; i++) {
    unsigned char *der = NULL;
    long len = 0;
    if (!read_block(text, names[i], spec, &der, &len)) continue;
    const unsigned char *p = der;
    *found = true;
    ssl.ERR_clear_error();
    EVP_PKEY *pkey = i == 0 ? ssl.d2i_PUBKEY(NULL, &p, len)
                   : i == 1 ? ssl.d2i_PublicKey(EVP_PKEY_RSA, NULL, &p, len)
                            : key_of_certificate(p, len);
    drop_bytes(der);
    return pkey;
  }
  ssl.ERR_clear_error();
  *found = false;
  return NULL;
}

/* A SEQUENCE of a SEQUENCE: an encrypted PKCS#8 key; a plain one begins with its version. */
static bool is_encrypted_pkcs8(const unsigned char *p, size_t len) {
  if (len < 2 || p[0] != 0x30) return false;
  size_t head = p[1] & 0x80 ? 2u + (p[1] & 0x7f) : 2u;
  return len > head && p[head] == 0x30;
}

static EVP_PKEY *read_pkcs8(const Bytes *text, const KeySpec *spec) {
  const unsigned char *p = (const unsigned char *)text->p;
  if (is_encrypted_pkcs8(p, text->len)) {
    BIO *bio = ssl.BIO_new_mem_buf(text->p, (int)text->len);
    EVP_PKEY *pkey = bio ? ssl.d2i_PKCS8PrivateKey_bio(bio, NULL, give_passphrase, (void *)spec) : NULL;
    (void)ssl.BIO_free(bio);
    return pkey;
  }
  PKCS8_PRIV_KEY_INFO *info = ssl.d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)text->len);
  EVP_PKEY *pkey = info ? ssl.EVP_PKCS82PKEY(info) : NULL;
  ssl.PKCS8_PRIV_KEY_INFO_free(info);
  return pkey;
}

static EVP_PKEY *read_private(const Bytes *text, const KeySpec *spec) {
  const unsigned char *p = (const unsigned char *)text->p;
  if (spec->form == FORM_DER) {
    if (spec->type == TYPE_PKCS1) return ssl.d2i_PrivateKey(EVP_PKEY_RSA, NULL, &p, (long)text->len);
    if (spec->type == TYPE_SEC1) return ssl.d2i_PrivateKey(EVP_PKEY_EC, NULL, &p, (long)text->len);
    return read_pkcs8(text, spec);
  }
  BIO *bio = ssl.BIO_new_mem_buf(text->p, (int)text->len);
  EVP_PKEY *pkey = bio ? ssl.PEM_read_bio_PrivateKey(bio, NULL, give_passphrase, (void *)spec) : NULL;
  (void)ssl.BIO_free(bio);
  return pkey;
}

static bool is_pkcs1_private(const Bytes *text) {
  const unsigned char *p = (const unsigned char *)text->p; /* begins with version 0 */
  if (text->len < 2 || p[0] != 0x30) return false;
  size_t head = p[1] & 0x80 ? 2u + (p[1] & 0x7f) : 2u;
  return text->len > head + 2 && p[head] == 2 && p[head + 1] == 1 && p[head + 2] == 0;
}

static EVP_PKEY *read_public(const Bytes *text, const KeySpec *spec) {
  const unsigned char *p = (const unsigned char *)text->p;
  bool found = false;
  if (spec->form == FORM_PEM) {
    EVP_PKEY *pkey = read_public_pem(text, spec, &found);
    return found ? pkey : read_private(text, spec);
  }
  if (spec->type == TYPE_SPKI) return ssl.d2i_PUBKEY(NULL, &p, (long)text->len);
  if (spec->type == TYPE_PKCS1 && !is_pkcs1_private(text))
    return ssl.d2i_PublicKey(EVP_PKEY_RSA, NULL, &p, (long)text->len);
  return read_private(text, spec);
}

/* Did it fail for want of a passphrase? */
static bool wants_passphrase(const SslErrors *errors) {
  for (int i = 0; i < errors->n; i++) {
    if (ERR_GET_LIB(errors->code[i]) == ERR_LIB_PEM &&
        ERR_GET_REASON(errors->code[i]) == PEM_R_BAD_PASSWORD_READ) return true;
    if (ERR_GET_LIB(errors->code[i]) == ERR_LIB_CRYPTO &&
        ERR_GET_REASON(errors->code[i]) == ERR_R_INTERRUPTED_OR_CANCELLED) return true;
  }
  return false;
}

EVP_PKEY *key_parse(lua_State *L, Bytes text, KeyKind kind, const KeySpec *spec) {
  SslErrors errors;
  Owned *owned = owned_new(L, drop_pkey);
  if (text.len > INT_MAX) err_raise(L, &range_error_class, "ERR_OUT_OF_RANGE", "key is too big");
  owned->p = kind == KEY_PUBLIC ? read_public(&text, spec) : read_private(&text, spec);
  ssl_take(&errors);
  if (owned->p) return owned->p;
  if (!spec->has_passphrase && wants_passphrase(&errors))
    err_raise(L, &type_error_class, "ERR_MISSING_PASSPHRASE", "Passphrase required for encrypted key");
  ssl_push(L, &errors, kind == KEY_PUBLIC ? "Failed to read asymmetric key" : "Failed to read private key");
  lua_error(L);
  return NULL;
}
