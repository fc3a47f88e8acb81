/* SPDX-License-Identifier: MIT */
/* parts.h - what the files of the crypto module share: arguments, results, keys, work in the pool.
 *
 * What begins with arg_ or opt_ raises Node's errors and comes before anything is acquired. */
#ifndef MOONFORK_CRYPTO_PARTS_H
#define MOONFORK_CRYPTO_PARTS_H

#include "ssl.h"
#include "core/class.h"
#include "core/runtime.h"
#include "core/strbuf.h"
#include "core/trace.h"
#include "stream/transform.h"

/* ---- bytes.c: arguments and results ---- */

typedef struct Bytes {
  const char *p; /* borrowed from a value on the stack */
  size_t len;
} Bytes;

#define BYTES_OR_TEXT "of type string or an instance of ArrayBuffer, Buffer, TypedArray, or DataView"

/* A string or Buffer. enc: where the encoding of a string may stand, 0: it is taken as it is; decoded
 * bytes take the place of the string. */
Bytes arg_octets(lua_State *L, int idx, const char *name, const char *expected, int enc);

/* The `data` of update(data, encoding): hex must have whole bytes. */
Bytes arg_data(lua_State *L, int idx, int enc);

/* Does the value at idx name an encoding of text ("buffer" does not)? */
bool names_encoding(lua_State *L, int idx, Encoding *enc);

/* Pushes the bytes as text when the value at enc names an encoding, else as a Buffer. [+1] */
void push_octets(lua_State *L, const void *p, size_t len, int enc);

/* The digest called name; ERR_CRYPTO_INVALID_DIGEST. */
const EVP_MD *arg_digest(lua_State *L, int idx, const char *name);

/* Pushes the sorted list of the NUL-ended names in the buffer; of those that differ in case only the
 * last counts. [+1] */
void push_names(lua_State *L, const StrBuf *names);

/* ---- job.c: work on the thread pool ---- */

typedef struct Job Job;
struct Job {
  uv_work_t req;
  TraceJob traced;
  Runtime *rt;
  int callback;              /* pin */
  SslErrors errors;          /* of run, when it fails */
  bool failed;
  void (*run)(Job *job);     /* in the pool, or at once: no Lua here */
  int (*push)(lua_State *L, Job *job); /* pushes what came of it, or raises; how many values */
  void (*release)(Job *job); /* frees what it holds besides itself; may be NULL */
};

/* Pushes a userdata that frees a job of `size` zeroed bytes until it is started. [+1] */
void *crypto_job_new(lua_State *L, size_t size);

/* Runs the job on top at once and replaces it by its results; or, with a function at callback, in the
 * pool, and calls function(err, results...) once done. name: of the function that blocks meanwhile, for
 * the views. Returns the number of results. */
int crypto_job_run(lua_State *L, Job *job, int callback, const char *name);

/* ---- filter.c: streams that change what passes ---- */

/* A Transform whose write pushes, in C: Hash, Hmac, ciphers. */
typedef struct Filter {
  Transform transform;
  bool waiting;              /* the reader has enough: the write under way ends at the next read */
} Filter;

/* _transform(chunk, encoding, callback) and _flush(callback) with what `feed` and `finish` leave: a Buffer,
 * or false and an Error. [+1] */
int filter_transform(lua_State *L, bool (*feed)(lua_State *L, int self, int chunk));
int filter_flush(lua_State *L, bool (*finish)(lua_State *L, int self));

/* The class's own _transform and _flush as rows. */
#define FILTER_ROWS(transform, flush) \
  { "_transform", transform, FN_METHOD, "_transform(chunk: string|Buffer, encoding: string?, callback: function)", \
    "For the stream itself: callback(err, what has become of the chunk).", NULL, NULL, NULL }, \
  { "_flush", flush, FN_METHOD, "_flush(callback: function)", \
    "For the stream itself: callback(err, what is left).", NULL, NULL, NULL }

void filter_read(lua_State *L, int self, size_t n);

/* The chunk on top came of the write under way. [-1] */
void filter_give(lua_State *L, int self);

/* ---- key.c: KeyObject ---- */

typedef enum KeyKind { KEY_SECRET, KEY_PUBLIC, KEY_PRIVATE } KeyKind;

typedef struct KeyObject {
  KeyKind kind;
  EVP_PKEY *pkey;            /* owns a reference; NULL for a secret */
  char *bytes;               /* owns: a secret's, wiped when freed */
  size_t len;
} KeyObject;

extern const ClassDef key_object_class;

/* Pushes a key that owns nothing yet. [+1] */
KeyObject *key_new(lua_State *L, KeyKind kind);

/* Pushes a public or private key with a reference of its own to pkey. [+1] */
void key_push(lua_State *L, KeyKind kind, EVP_PKEY *pkey);

/* The secret at idx: bytes, or a secret KeyObject. */
Bytes arg_secret(lua_State *L, int idx, const char *name, int enc);

/* The key at idx for signing (private) or verifying (public): a KeyObject, text or bytes, or a table with
 * `key`. Pushes an Owned with it. [+1] */
EVP_PKEY *arg_pkey(lua_State *L, int idx, KeyKind kind);

int crypto_create_secret_key(lua_State *L);
int crypto_create_private_key(lua_State *L);
int crypto_create_public_key(lua_State *L);

/* ---- key_text.c: keys as PEM and DER ---- */

typedef enum KeyForm { FORM_PEM, FORM_DER, FORM_JWK } KeyForm;
typedef enum KeyType { TYPE_NONE, TYPE_PKCS1, TYPE_SPKI, TYPE_PKCS8, TYPE_SEC1 } KeyType;

/* How a key is written or read. Pointers are borrowed from the options. */
typedef struct KeySpec {
  KeyForm form;
  KeyType type;
  const char *cipher;        /* NULL: as it is */
  Bytes passphrase;
  bool has_passphrase;
} KeySpec;

/* Reads `format`, `type`, `cipher`, `passphrase` of the table at idx for a key to be written. where:
 * "options", "options.publicKeyEncoding". Leaves borrowed values on the stack. */
void opt_key_output(lua_State *L, int idx, const char *where, KeyKind kind, KeySpec *spec);

/* The same for one to be read; format is "pem" unless told. */
void opt_key_input(lua_State *L, int idx, KeyKind kind, KeySpec *spec);

/* Raises unless a key of this kind (EVP_PKEY_RSA, ...) can be written so. */
void key_check_output(lua_State *L, int id, const KeySpec *spec);

/* Pushes the key as text (PEM), a Buffer (DER) or a table (JWK). [+1] */
void key_write(lua_State *L, EVP_PKEY *pkey, KeyKind kind, const KeySpec *spec);

/* Reads a key; pushes an Owned with it. A private key gives a public one, too. [+1] */
EVP_PKEY *key_parse(lua_State *L, Bytes text, KeyKind kind, const KeySpec *spec);

/* ---- key_jwk.c: keys as JSON Web Keys ---- */

/* Pushes the table. [+1] */
void jwk_push(lua_State *L, EVP_PKEY *pkey, KeyKind kind);
void jwk_push_secret(lua_State *L, const char *bytes, size_t len);

/* Reads the table at idx; pushes an Owned with the key. [+1] */
EVP_PKEY *jwk_parse(lua_State *L, int idx, KeyKind kind);

/* ---- functions of the other files, for the rows in crypto.c ---- */

extern const ClassDef hash_class, hmac_class, cipher_class, decipher_class, sign_class, verify_class;

int crypto_create_hash(lua_State *L);
int crypto_create_hmac(lua_State *L);
int crypto_hash(lua_State *L);
int crypto_get_hashes(lua_State *L);
int crypto_create_cipher(lua_State *L);
int crypto_create_decipher(lua_State *L);
int crypto_get_ciphers(lua_State *L);
int crypto_get_cipher_info(lua_State *L);
int crypto_create_sign(lua_State *L);
int crypto_create_verify(lua_State *L);
int crypto_sign(lua_State *L);
int crypto_verify(lua_State *L);
int crypto_generate_pair(lua_State *L);
int crypto_generate_pair_sync(lua_State *L);
int crypto_get_curves(lua_State *L);
int crypto_pbkdf2(lua_State *L);
int crypto_pbkdf2_sync(lua_State *L);
int crypto_scrypt(lua_State *L);
int crypto_scrypt_sync(lua_State *L);
int crypto_hkdf(lua_State *L);
int crypto_hkdf_sync(lua_State *L);
int crypto_random_bytes(lua_State *L);
int crypto_random_fill(lua_State *L);
int crypto_random_fill_sync(lua_State *L);
int crypto_random_int(lua_State *L);
int crypto_random_uuid(lua_State *L);
int crypto_random_values(lua_State *L);
int crypto_timing_safe_equal(lua_State *L);

#endif
