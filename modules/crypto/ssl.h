/* SPDX-License-Identifier: MIT */
/* ssl.h - OpenSSL 3, loaded when crypto is first used, and its errors.
 *
 * The program is not linked with libcrypto, which would cost each script 1.5 MB and 0.5 ms: `ssl` holds
 * the address of each function, typed by OpenSSL's own headers. ssl_need comes first in every function
 * that scripts can call. Each thread has a queue of errors of its own: whoever sees a call fail
 * takes them (ssl_take), so that none is left for the next. */
#ifndef MOONFORK_CRYPTO_SSL_H
#define MOONFORK_CRYPTO_SSL_H

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <lua.h>
#include "core/doc.h"

#define SSL_FUNCTIONS(X) \
  X(BIO_free) X(BIO_new) X(BIO_new_mem_buf) X(BIO_ctrl) X(BIO_s_mem) \
  X(BN_bin2bn) X(BN_bn2binpad) X(BN_clear_free) X(BN_free) X(BN_new) X(BN_num_bits) X(BN_set_word) X(BN_to_ASN1_INTEGER) \
  X(CRYPTO_free) X(CRYPTO_memcmp) X(OPENSSL_cleanse) X(OPENSSL_init_crypto) \
  X(ECDSA_SIG_free) X(ECDSA_SIG_get0) X(ECDSA_SIG_new) X(ECDSA_SIG_set0) X(d2i_ECDSA_SIG) \
  X(i2d_ECDSA_SIG) X(EC_curve_nist2nid) X(EC_get_builtin_curves) \
  X(ERR_clear_error) X(ERR_error_string_n) X(ERR_get_error) X(ERR_lib_error_string) X(ERR_peek_error) \
  X(ERR_reason_error_string) \
  X(EVP_CIPHER_CTX_ctrl) X(EVP_CIPHER_CTX_free) X(EVP_CIPHER_CTX_new) X(EVP_CIPHER_CTX_set_flags) \
  X(EVP_CIPHER_CTX_set_key_length) X(EVP_CIPHER_CTX_set_padding) X(EVP_CIPHER_do_all_sorted) \
  X(EVP_CIPHER_fetch) X(EVP_CIPHER_free) X(EVP_CIPHER_get0_name) X(EVP_CIPHER_get_block_size) \
  X(EVP_CIPHER_get_iv_length) X(EVP_CIPHER_get_key_length) X(EVP_CIPHER_get_mode) \
  X(EVP_CIPHER_get_nid) X(EVP_CipherFinal_ex) X(EVP_CipherInit_ex) X(EVP_CipherUpdate) \
  X(EVP_Digest) X(EVP_DigestFinalXOF) X(EVP_DigestFinal_ex) X(EVP_DigestInit_ex) X(EVP_DigestSign) \
  X(EVP_DigestSignFinal) X(EVP_DigestSignInit) X(EVP_DigestUpdate) X(EVP_DigestVerify) \
  X(EVP_DigestVerifyInit) \
  X(EVP_MD_CTX_copy_ex) X(EVP_MD_CTX_free) X(EVP_MD_CTX_get0_md) X(EVP_MD_CTX_new) \
  X(EVP_MD_do_all_sorted) X(EVP_MD_fetch) X(EVP_MD_free) X(EVP_MD_get0_name) X(EVP_MD_get_flags) \
  X(EVP_MD_get_size) X(EVP_get_digestbyname) X(EVP_get_cipherbyname) \
  X(EVP_MAC_CTX_free) X(EVP_MAC_CTX_new) X(EVP_MAC_fetch) X(EVP_MAC_final) X(EVP_MAC_free) \
  X(EVP_MAC_init) X(EVP_MAC_update) X(OSSL_PARAM_construct_end) X(OSSL_PARAM_construct_utf8_string) \
  X(EVP_PBE_scrypt) X(PKCS5_PBKDF2_HMAC) \
  X(EVP_PKEY_CTX_add1_hkdf_info) X(EVP_PKEY_CTX_free) X(EVP_PKEY_CTX_new) X(EVP_PKEY_CTX_new_id) \
  X(EVP_PKEY_CTX_set1_hkdf_key) X(EVP_PKEY_CTX_set1_hkdf_salt) X(EVP_PKEY_CTX_set_ec_param_enc) \
  X(EVP_PKEY_CTX_set_ec_paramgen_curve_nid) X(EVP_PKEY_CTX_set_hkdf_md) \
  X(EVP_PKEY_CTX_set_rsa_keygen_bits) X(EVP_PKEY_CTX_set1_rsa_keygen_pubexp) \
  X(EVP_PKEY_CTX_set_rsa_padding) X(EVP_PKEY_CTX_set_rsa_pss_saltlen) \
  X(EVP_PKEY_CTX_set_signature_md) \
  X(EVP_PKEY_derive) X(EVP_PKEY_derive_init) X(EVP_PKEY_eq) X(EVP_PKEY_free) X(EVP_PKEY_generate) \
  X(EVP_PKEY_get_base_id) X(EVP_PKEY_get_bits) X(EVP_PKEY_get_bn_param) X(EVP_PKEY_get_size) \
  X(EVP_PKEY_CTX_new_from_name) X(EVP_PKEY_fromdata) X(EVP_PKEY_fromdata_init) \
  X(EVP_PKEY_get_raw_private_key) X(EVP_PKEY_get_raw_public_key) X(EVP_PKEY_new_raw_private_key) \
  X(EVP_PKEY_new_raw_public_key) X(OSSL_PARAM_BLD_free) X(OSSL_PARAM_BLD_new) X(OSSL_PARAM_BLD_push_BN) \
  X(OSSL_PARAM_BLD_push_octet_string) X(OSSL_PARAM_BLD_push_utf8_string) X(OSSL_PARAM_BLD_to_param) \
  X(OSSL_PARAM_free) \
  X(EVP_PKEY_get_utf8_string_param) X(EVP_PKEY_keygen_init) X(EVP_PKEY_new) \
  X(EVP_PKEY_sign) X(EVP_PKEY_sign_init) X(EVP_PKEY_up_ref) \
  X(EVP_PKEY_verify) X(EVP_PKEY_verify_init) X(EVP_PKCS82PKEY) X(PKCS8_PRIV_KEY_INFO_free) \
  X(BN_get_word) X(OBJ_nid2sn) X(OBJ_sn2nid) \
  X(OSSL_LIB_CTX_free) X(OSSL_LIB_CTX_new) X(OSSL_PROVIDER_load) \
  X(PEM_bytes_read_bio) X(PEM_read_bio_PrivateKey) X(PEM_write_bio) X(PEM_write_bio_PKCS8PrivateKey) \
  X(PEM_write_bio_PUBKEY) X(PEM_write_bio_PrivateKey_traditional) \
  X(RAND_bytes) X(X509_free) X(X509_get_pubkey) X(d2i_X509) \
  X(d2i_PKCS8PrivateKey_bio) X(d2i_PKCS8_PRIV_KEY_INFO) X(d2i_PUBKEY) X(d2i_PrivateKey) \
  X(d2i_PublicKey) X(i2d_PKCS8PrivateKey_bio) X(i2d_PUBKEY) X(i2d_PrivateKey) X(i2d_PublicKey)

typedef struct Ssl {
#define SSL_FIELD(name) __typeof__(name) *name;
  SSL_FUNCTIONS(SSL_FIELD)
#undef SSL_FIELD
} Ssl;

extern Ssl ssl; /* filled once by ssl_need, constant afterwards */

/* Loads the library on first use; raises when it cannot. Any thread. */
void ssl_need(lua_State *L);

/* Old algorithms (DES, RC4, Blowfish): a library context of their own with the legacy provider, so
 * that nothing else sees them. Loaded on first use; NULL when it is not installed. Any thread. */
OSSL_LIB_CTX *ssl_legacy(void);

/* ---- errors ---- */

typedef struct SslErrors {
  unsigned long code[8]; /* the oldest first */
  int n;
} SslErrors;

/* Takes this thread's errors; what does not fit is dropped. Any thread. */
void ssl_take(SslErrors *errors);

/* Pushes them as Node does: `error:1C800064:Provider routines::bad decrypt` with library, reason, code
 * ERR_OSSL_BAD_DECRYPT, opensslErrorStack. Without any: an Error with the text. [+1] */
void ssl_push(lua_State *L, const SslErrors *errors, const char *text);

/* Takes them and raises. */
int ssl_raise(lua_State *L, const char *text);

/* ---- what has to be freed ---- */

/* Something of OpenSSL's that the collector frees: raise freely while it is on the stack. */
typedef struct Owned {
  void *p;
  void (*drop)(void *p);
} Owned;

/* Pushes one that owns nothing yet. [+1] */
Owned *owned_new(lua_State *L, void (*drop)(void *p));

/* Lets go of it now. */
void owned_drop(Owned *owned);

/* drop functions */
void drop_bio(void *p);
void drop_bignum(void *p);
void drop_pkey(void *p);
void drop_pkey_ctx(void *p);
void drop_md_ctx(void *p);
void drop_cipher(void *p);
void drop_bytes(void *p); /* of OPENSSL_malloc */

#endif
