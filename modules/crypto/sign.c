/* SPDX-License-Identifier: MIT */
/* sign.c - signatures: Sign and Verify, which take the message in pieces, sign and verify at once. */
#include "parts.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "buffer/buffer.h"
#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"

/* How a signature is made: options of the key. */
typedef struct SignSpec {
  int padding, salt;
  bool has_padding, has_salt;
  bool p1363;                /* r and s as they are, not in DER */
} SignSpec;

typedef struct Signer {
  Stream stream;
  EVP_MD_CTX *md;            /* owns; NULL once signed */
} Signer;

/* ---- options ---- */

static bool read_int(lua_State *L, int idx, const char *key, int *n) {
  int whole;
  if (opt_push(L, idx, key) == LUA_TNIL) {
    lua_pop(L, 1);
    return false;
  }
  lua_Integer value = lua_tointegerx(L, -1, &whole);
  if (lua_type(L, -1) != LUA_TNUMBER || !whole || value < INT_MIN || value > INT_MAX) {
    int at = lua_gettop(L);
    err_arg_value(L, at, lua_pushfstring(L, "options.%s", key), "is invalid");
  }
  lua_pop(L, 1);
  *n = (int)value;
  return true;
}

static SignSpec read_spec(lua_State *L, int idx) {
  SignSpec spec = { 0 };
  spec.has_padding = read_int(L, idx, "padding", &spec.padding);
  spec.has_salt = read_int(L, idx, "saltLength", &spec.salt);
  if (opt_push(L, idx, "dsaEncoding") != LUA_TNIL) {
    const char *name = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
    spec.p1363 = strcmp(name, "ieee-p1363") == 0;
    if (!spec.p1363 && strcmp(name, "der") != 0)
      err_arg_value(L, lua_gettop(L), "options.dsaEncoding", "is invalid");
  }
  lua_pop(L, 1);
  return spec;
}

/* ---- over OpenSSL; any thread ---- */

/* Padding of RSA. */
static bool set_padding(EVP_PKEY_CTX *ctx, const EVP_PKEY *pkey, const SignSpec *spec) {
  int id = ssl.EVP_PKEY_get_base_id(pkey);
  if (id != EVP_PKEY_RSA && id != EVP_PKEY_RSA_PSS) return true;
  int padding = spec->has_padding ? spec->padding
              : id == EVP_PKEY_RSA ? RSA_PKCS1_PADDING : RSA_PKCS1_PSS_PADDING;
  if (ssl.EVP_PKEY_CTX_set_rsa_padding(ctx, padding) <= 0) return false;
  return padding != RSA_PKCS1_PSS_PADDING || !spec->has_salt ||
         ssl.EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, spec->salt) > 0;
}

/* Bytes of r and of s; 0 when the key's signatures have none. */
static int half_size(const EVP_PKEY *pkey) {
  return ssl.EVP_PKEY_get_base_id(pkey) == EVP_PKEY_EC ? (ssl.EVP_PKEY_get_bits(pkey) + 7) / 8 : 0;
}

/* DER to r and s of n bytes each, in place (there is room). */
static bool to_p1363(unsigned char *sig, size_t *len, int n) {
  const unsigned char *p = sig;
  const BIGNUM *r, *s;
  ECDSA_SIG *pair = ssl.d2i_ECDSA_SIG(NULL, &p, (long)*len);
  if (!pair) return false;
  ssl.ECDSA_SIG_get0(pair, &r, &s);
  bool ok = ssl.BN_bn2binpad(r, sig, n) > 0 && ssl.BN_bn2binpad(s, sig + n, n) > 0;
  ssl.ECDSA_SIG_free(pair);
  *len = 2 * (size_t)n;
  return ok;
}

/* r and s as DER, which the caller frees; NULL when they are none. */
static unsigned char *to_der(const unsigned char *sig, size_t len, int n, size_t *out_len) {
  unsigned char *der = NULL;
  if (len != 2 * (size_t)n) return NULL;
  ECDSA_SIG *pair = ssl.ECDSA_SIG_new();
  BIGNUM *r = ssl.BN_bin2bn(sig, n, NULL), *s = ssl.BN_bin2bn(sig + n, n, NULL);
  if (!pair || !r || !s || ssl.ECDSA_SIG_set0(pair, r, s) != 1) {
    ssl.BN_free(r);
    ssl.BN_free(s);
  } else {
    int size = ssl.i2d_ECDSA_SIG(pair, &der);
    *out_len = size > 0 ? (size_t)size : 0;
  }
  ssl.ECDSA_SIG_free(pair);
  return der;
}

/* ---- at once: sign(), verify() ---- */

typedef struct SignJob {
  Job job;
  EVP_PKEY *pkey;            /* owns */
  const EVP_MD *md;          /* NULL: what the key prescribes */
  SignSpec spec;
  bool verify, valid;
  char *data;                /* owns */
  unsigned char *sig;        /* owns */
  size_t len, sig_len;
} SignJob;

static void sign_release(Job *job) {
  SignJob *s = (SignJob *)job;
  ssl.EVP_PKEY_free(s->pkey);
  free(s->data);
  free(s->sig);
}

static bool sign_make(SignJob *s, EVP_MD_CTX *ctx) {
  const unsigned char *data = (const unsigned char *)s->data;
  int half = s->spec.p1363 ? half_size(s->pkey) : 0;
  if (ssl.EVP_DigestSign(ctx, NULL, &s->sig_len, data, s->len) != 1) return false;
  s->sig = malloc(s->sig_len + 2 * (size_t)half);
  if (!s->sig || ssl.EVP_DigestSign(ctx, s->sig, &s->sig_len, data, s->len) != 1) return false;
  return half == 0 || to_p1363(s->sig, &s->sig_len, half);
}

static bool sign_check(SignJob *s, EVP_MD_CTX *ctx) {
  const unsigned char *data = (const unsigned char *)s->data;
  int half = s->spec.p1363 ? half_size(s->pkey) : 0;
  if (half == 0) return ssl.EVP_DigestVerify(ctx, s->sig, s->sig_len, data, s->len) == 1;
  size_t len = 0;
  unsigned char *der = to_der(s->sig, s->sig_len, half, &len);
  bool ok = der && ssl.EVP_DigestVerify(ctx, der, len, data, s->len) == 1;
  if (der) drop_bytes(der);
  return ok;
}

static void sign_run(Job *job) {
  SignJob *s = (SignJob *)job;
  EVP_PKEY_CTX *pctx = NULL; /* ctx owns it */
  EVP_MD_CTX *ctx = ssl.EVP_MD_CTX_new();
  bool ok = ctx && (s->verify ? ssl.EVP_DigestVerifyInit(ctx, &pctx, s->md, NULL, s->pkey)
                              : ssl.EVP_DigestSignInit(ctx, &pctx, s->md, NULL, s->pkey)) == 1;
  if (ok) ok = set_padding(pctx, s->pkey, &s->spec);
  if (ok && s->verify) s->valid = sign_check(s, ctx);
  else if (ok) ok = sign_make(s, ctx);
  job->failed = !ok;
  ssl.EVP_MD_CTX_free(ctx);
}

static int sign_push(lua_State *L, Job *job) {
  SignJob *s = (SignJob *)job;
  if (job->failed) {
    ssl_push(L, &job->errors, s->verify ? "Verify operation failed" : "Sign operation failed");
    return lua_error(L);
  }
  if (s->verify) lua_pushboolean(L, s->valid);
  else (void)buffer_push_copy(L, (const char *)s->sig, s->sig_len);
  return 1;
}

static void *copy_of(lua_State *L, Bytes bytes) {
  void *p = malloc(bytes.len ? bytes.len : 1);
  if (!p) luaL_error(L, "not enough memory");
  else memcpy(p, bytes.p, bytes.len);
  return p;
}

/* No key at idx? */
static bool no_key(lua_State *L, int idx) { return lua_isnil(L, idx) || json_is_null(L, idx); }

/* sign(algorithm, data, key, callback), verify(algorithm, data, key, signature, callback) */
static int sign_or_verify(lua_State *L, bool verify) {
  ssl_need(L);
  int callback = verify ? 5 : 4;
  lua_settop(L, callback);
  bool any = lua_isnil(L, 1) || json_is_null(L, 1);
  if (!any) (void)arg_string(L, 1, "algorithm", NULL);
  if (!lua_isnil(L, callback)) arg_function(L, callback, "callback");
  Bytes data = arg_octets(L, 2, "data", BYTES_OR_TEXT, 0), sig = { "", 0 };
  if (!verify && no_key(L, 3))
    return err_raise(L, NULL, "ERR_CRYPTO_SIGN_KEY_REQUIRED", "No key provided to sign");
  SignSpec spec = read_spec(L, 3);
  if (verify && lua_type(L, 4) == LUA_TSTRING)
    return err_arg_type(L, 4, "signature", "an instance of Buffer, TypedArray, or DataView");
  if (verify) sig = arg_octets(L, 4, "signature", "an instance of Buffer, TypedArray, or DataView", 0);
  Owned *key;
  (void)arg_pkey(L, 3, verify ? KEY_PUBLIC : KEY_PRIVATE);
  key = lua_touserdata(L, -1);
  const EVP_MD *md = any ? NULL : arg_digest(L, 1, "algorithm");
  SignJob *s = crypto_job_new(L, sizeof *s);
  s->job.run = sign_run;
  s->job.push = sign_push;
  s->job.release = sign_release;
  s->pkey = key->p;
  key->p = NULL;
  s->md = md;
  s->spec = spec;
  s->verify = verify;
  s->data = copy_of(L, data);
  s->len = data.len;
  if (verify) s->sig = copy_of(L, sig);
  s->sig_len = sig.len;
  return crypto_job_run(L, &s->job, lua_isnil(L, callback) ? 0 : callback, verify ? "verify" : "sign");
}

int crypto_sign(lua_State *L) { return sign_or_verify(L, false); }
int crypto_verify(lua_State *L) { return sign_or_verify(L, true); }

/* ---- in pieces: Sign, Verify ---- */

static void signer_release(Handle *h) { ssl.EVP_MD_CTX_free(((Signer *)h)->md); }

static void push_state_error(lua_State *L) {
  err_push(L, NULL, "ERR_CRYPTO_INVALID_STATE", "Not initialised");
}

static void signer_write(lua_State *L, int self, int chunk) {
  Signer *s = (Signer *)stream_test(L, self);
  const char *p = "";
  size_t len = 0;
  (void)buffer_view(L, chunk, &p, &len);
  bool ok = s->md && ssl.EVP_DigestUpdate(s->md, p, len) == 1;
  ssl.ERR_clear_error();
  if (!ok) push_state_error(L);
  writable_written(L, self, ok ? 0 : lua_gettop(L));
  if (!ok) lua_pop(L, 1);
}

static const StreamImpl signer_impl = { .write = signer_write };

static int signer_new(lua_State *L, const ClassDef *cls) {
  ssl_need(L);
  lua_settop(L, 2);
  const char *name = arg_string(L, 1, "algorithm", NULL);
  if (!lua_isnil(L, 2)) arg_table(L, 2, "options");
  const EVP_MD *md = ssl.EVP_get_digestbyname(name);
  ssl.ERR_clear_error();
  if (!md) return err_raise(L, &type_error_class, "ERR_CRYPTO_INVALID_DIGEST", "Invalid digest");
  Signer *s = stream_new(L, cls, sizeof *s, STREAM_WRITES, &signer_impl, 0);
  s->stream.base.release = signer_release;
  s->md = ssl.EVP_MD_CTX_new();
  if (!s->md || ssl.EVP_DigestInit_ex(s->md, md, NULL) != 1) return ssl_raise(L, "Invalid digest");
  stream_options(L, 3, 2);
  lua_settop(L, 3);
  return 1;
}

int crypto_create_sign(lua_State *L) { return signer_new(L, &sign_class); }
int crypto_create_verify(lua_State *L) { return signer_new(L, &verify_class); }

static int signer_update(lua_State *L, const ClassDef *cls) {
  Signer *s = class_check(L, 1, cls);
  lua_settop(L, 3);
  Bytes data = arg_data(L, 2, 3);
  if (!s->md) {
    push_state_error(L);
    return lua_error(L);
  }
  if (ssl.EVP_DigestUpdate(s->md, data.p, data.len) != 1) return ssl_raise(L, "Update failed");
  lua_settop(L, 1);
  return 1;
}

/* The digest of the message; the object is used up. */
static const EVP_MD *take_digest(lua_State *L, Signer *s, unsigned char *digest, unsigned *len) {
  if (!s->md) {
    push_state_error(L);
    lua_error(L);
  }
  const EVP_MD *md = ssl.EVP_MD_CTX_get0_md(s->md);
  const char *name = ssl.EVP_MD_get0_name(md);
  int ok = ssl.EVP_DigestFinal_ex(s->md, digest, len);
  const EVP_MD *known = ssl.EVP_get_digestbyname(name); /* lives on without the context */
  ssl.EVP_MD_CTX_free(s->md);
  s->md = NULL;
  if (ok != 1 || !known) ssl_raise(L, "Digest failed");
  return known;
}

/* Pushes an Owned with a context for the key, ready to sign or verify. [+1] */
static EVP_PKEY_CTX *start(lua_State *L, EVP_PKEY *pkey, const EVP_MD *md, const SignSpec *spec, bool verify) {
  Owned *owned = owned_new(L, drop_pkey_ctx);
  int id = ssl.EVP_PKEY_get_base_id(pkey);
  if (id == EVP_PKEY_ED25519 || id == EVP_PKEY_ED448)
    err_raise(L, NULL, "ERR_CRYPTO_UNSUPPORTED_OPERATION", "Unsupported crypto operation");
  EVP_PKEY_CTX *ctx = owned->p = ssl.EVP_PKEY_CTX_new(pkey, NULL);
  bool ok = ctx && (verify ? ssl.EVP_PKEY_verify_init(ctx) : ssl.EVP_PKEY_sign_init(ctx)) > 0 &&
            set_padding(ctx, pkey, spec) && ssl.EVP_PKEY_CTX_set_signature_md(ctx, md) > 0;
  if (!ok) ssl_raise(L, verify ? "PEM_read_bio_PUBKEY failed" : "Sign operation failed");
  return ctx;
}

/* sign(privateKey, outputEncoding) */
static int sign_sign(lua_State *L) {
  Signer *s = class_check(L, 1, &sign_class);
  lua_settop(L, 3);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned n;
  if (no_key(L, 2)) return err_raise(L, NULL, "ERR_CRYPTO_SIGN_KEY_REQUIRED", "No key provided to sign");
  SignSpec spec = read_spec(L, 2);
  EVP_PKEY *pkey = arg_pkey(L, 2, KEY_PRIVATE);
  const EVP_MD *md = take_digest(L, s, digest, &n);
  EVP_PKEY_CTX *ctx = start(L, pkey, md, &spec, false);
  int half = spec.p1363 ? half_size(pkey) : 0;
  size_t len = (size_t)ssl.EVP_PKEY_get_size(pkey);
  Buffer *sig = buffer_push_new(L, len + 2 * (size_t)half);
  unsigned char *out = (unsigned char *)buffer_bytes(sig);
  if (ssl.EVP_PKEY_sign(ctx, out, &len, digest, n) <= 0) return ssl_raise(L, "Sign operation failed");
  if (half > 0 && !to_p1363(out, &len, half)) return ssl_raise(L, "Malformed signature");
  sig->length = len;
  Encoding e;
  if (names_encoding(L, 3, &e)) enc_push_text(L, e, buffer_bytes(sig), len);
  return 1;
}

/* verify(key, signature, signatureEncoding) */
static int verify_verify(lua_State *L) {
  Signer *s = class_check(L, 1, &verify_class);
  lua_settop(L, 4);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned n;
  SignSpec spec = read_spec(L, 2);
  EVP_PKEY *pkey = arg_pkey(L, 2, KEY_PUBLIC);
  Bytes sig = arg_octets(L, 3, "signature", BYTES_OR_TEXT, 4);
  const EVP_MD *md = take_digest(L, s, digest, &n);
  EVP_PKEY_CTX *ctx = start(L, pkey, md, &spec, true);
  int half = spec.p1363 ? half_size(pkey) : 0;
  const unsigned char *p = (const unsigned char *)sig.p;
  bool ok;
  if (half > 0) {
    size_t len = 0;
    unsigned char *der = to_der(p, sig.len, half, &len);
    ok = der && ssl.EVP_PKEY_verify(ctx, der, len, digest, n) == 1;
    if (der) drop_bytes(der);
  } else {
    ok = ssl.EVP_PKEY_verify(ctx, p, sig.len, digest, n) == 1;
  }
  ssl.ERR_clear_error();
  lua_pushboolean(L, ok);
  return 1;
}

static int sign_update(lua_State *L) { return signer_update(L, &sign_class); }
static int verify_update(lua_State *L) { return signer_update(L, &verify_class); }

/* ---- rows ---- */

static const FnDef sign_methods[] = {
  { "update", sign_update, FN_METHOD, "update(data: string|Buffer, inputEncoding: string?): Sign",
    "Adds to the message.", NULL, NULL, NULL },
  { "sign", sign_sign, FN_METHOD,
    "sign(privateKey: KeyObject|string|Buffer|table, outputEncoding: string?): string|Buffer",
    "The signature of all that was added. In place of a key, a table with key, passphrase, padding, "
    "saltLength, dsaEncoding. Works once.", NULL, NULL, NULL },
  { 0 }
};

static const FnDef verify_methods[] = {
  { "update", verify_update, FN_METHOD, "update(data: string|Buffer, inputEncoding: string?): Verify",
    "Adds to the message.", NULL, NULL, NULL },
  { "verify", verify_verify, FN_METHOD,
    "verify(key: KeyObject|string|Buffer|table, signature: string|Buffer, signatureEncoding: string?): boolean",
    "Is this the signature of all that was added, by the owner of the key?", NULL, NULL, NULL },
  { 0 }
};

const ClassDef sign_class = {
  .name = "Sign", .base = &writable_class, .abstract = true, .methods = sign_methods,
  .doc = "A message to be signed, from crypto.createSign.",
  .example = "local crypto = require(\"crypto\")\n"
             "local pair = crypto.generateKeyPairSync(\"ec\", { namedCurve = \"P-256\" })\n"
             "print(#crypto.createSign(\"sha256\"):update(\"text\"):sign(pair.privateKey))"
};

const ClassDef verify_class = {
  .name = "Verify", .base = &writable_class, .abstract = true, .methods = verify_methods,
  .doc = "A message whose signature is to be checked, from crypto.createVerify."
};
