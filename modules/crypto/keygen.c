/* SPDX-License-Identifier: MIT */
/* keygen.c - generateKeyPair: a private key and its public half, as KeyObjects or encoded. */
#include "parts.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "core/error.h"
#include "core/opts.h"

/* How one half is handed out. The strings that the KeySpec points to are in `text`. */
typedef struct Output {
  bool encoded;              /* else a KeyObject */
  KeySpec spec;
  char *text;                /* owns: passphrase */
  char cipher[64];
} Output;

typedef struct PairJob {
  Job job;
  int id;                    /* EVP_PKEY_... */
  int bits, curve;
  bool explicit_curve;
  unsigned long exponent;
  EVP_PKEY *pkey;            /* owns */
  Output public_key, private_key;
} PairJob;

static void pair_release(Job *job) {
  PairJob *p = (PairJob *)job;
  ssl.EVP_PKEY_free(p->pkey);
  if (p->private_key.text) ssl.OPENSSL_cleanse(p->private_key.text, p->private_key.spec.passphrase.len);
  free(p->private_key.text);
}

static bool set_rsa(EVP_PKEY_CTX *ctx, const PairJob *p) {
  BIGNUM *e = ssl.BN_new();
  bool ok = e && ssl.BN_set_word(e, p->exponent) == 1 &&
            ssl.EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, p->bits) == 1 &&
            ssl.EVP_PKEY_CTX_set1_rsa_keygen_pubexp(ctx, e) == 1;
  ssl.BN_free(e);
  return ok;
}

static void pair_run(Job *job) {
  PairJob *p = (PairJob *)job;
  EVP_PKEY_CTX *ctx = ssl.EVP_PKEY_CTX_new_id(p->id, NULL);
  bool ok = ctx && ssl.EVP_PKEY_keygen_init(ctx) == 1;
  if (ok && p->id == EVP_PKEY_RSA) ok = set_rsa(ctx, p);
  if (ok && p->id == EVP_PKEY_EC)
    ok = ssl.EVP_PKEY_CTX_set_ec_paramgen_curve_nid(ctx, p->curve) == 1 &&
         ssl.EVP_PKEY_CTX_set_ec_param_enc(ctx, p->explicit_curve ? 0 : OPENSSL_EC_NAMED_CURVE) == 1;
  job->failed = !ok || ssl.EVP_PKEY_generate(ctx, &p->pkey) != 1;
  ssl.EVP_PKEY_CTX_free(ctx);
}

static void push_half(lua_State *L, PairJob *p, KeyKind kind, const Output *out) {
  if (out->encoded) key_write(L, p->pkey, kind, &out->spec);
  else key_push(L, kind, p->pkey);
}

static int pair_push(lua_State *L, Job *job) {
  PairJob *p = (PairJob *)job;
  if (job->failed) {
    ssl_push(L, &job->errors, "Key generation job failed");
    return lua_error(L);
  }
  push_half(L, p, KEY_PUBLIC, &p->public_key);
  push_half(L, p, KEY_PRIVATE, &p->private_key);
  return 2;
}

/* ---- arguments ---- */

static int family_id(lua_State *L, int idx) {
  static const struct {
    const char *name;
    int id;
  } families[] = { { "rsa", EVP_PKEY_RSA }, { "ec", EVP_PKEY_EC }, { "ed25519", EVP_PKEY_ED25519 },
                   { "ed448", EVP_PKEY_ED448 }, { "x25519", EVP_PKEY_X25519 }, { "x448", EVP_PKEY_X448 } };
  const char *name = arg_string(L, idx, "type", NULL);
  for (size_t i = 0; i < sizeof families / sizeof *families; i++)
    if (strcmp(families[i].name, name) == 0) return families[i].id;
  return err_arg_value(L, idx, "type", "must be a supported key type");
}

static int curve_id(lua_State *L, const char *name) {
  int nid = ssl.EC_curve_nist2nid(name);
  if (nid == NID_undef) nid = ssl.OBJ_sn2nid(name);
  ssl.ERR_clear_error();
  EVP_PKEY_CTX *ctx = nid == NID_undef ? NULL : ssl.EVP_PKEY_CTX_new_id(EVP_PKEY_EC, NULL);
  bool ok = ctx && ssl.EVP_PKEY_keygen_init(ctx) == 1 &&
            ssl.EVP_PKEY_CTX_set_ec_paramgen_curve_nid(ctx, nid) == 1;
  ssl.EVP_PKEY_CTX_free(ctx);
  ssl.ERR_clear_error();
  if (!ok) err_raise(L, &type_error_class, "ERR_CRYPTO_INVALID_CURVE", "Invalid EC curve name");
  return nid;
}

/* Reads what belongs to the family. */
static void read_family(lua_State *L, PairJob *p, int opts) {
  if (p->id == EVP_PKEY_RSA) {
    (void)opt_push(L, opts, "modulusLength");
    p->bits = (int)arg_integer(L, -1, "options.modulusLength", 0, INT_MAX);
    p->exponent = (unsigned long)opt_integer(L, opts, "publicExponent", 0, UINT32_MAX, 0x10001);
  } else if (p->id == EVP_PKEY_EC) {
    (void)opt_push(L, opts, "namedCurve");
    p->curve = curve_id(L, arg_string(L, -1, "options.namedCurve", NULL));
    const char *enc = opt_string(L, opts, "paramEncoding", "named");
    p->explicit_curve = strcmp(enc, "explicit") == 0;
    if (!p->explicit_curve && strcmp(enc, "named") != 0) {
      (void)opt_push(L, opts, "paramEncoding");
      err_arg_value(L, -1, "options.paramEncoding", "is invalid");
    }
  }
}

/* Reads publicKeyEncoding or privateKeyEncoding; what the spec points to becomes the job's own. */
static void read_output(lua_State *L, Output *out, int opts, const char *key, KeyKind kind, int id) {
  int top = lua_gettop(L);
  if (opt_push(L, opts, key) != LUA_TNIL) {
    const char *where = lua_pushfstring(L, "options.%s", key);
    if (!lua_istable(L, top + 1)) err_arg_value(L, top + 1, where, "is invalid");
    KeySpec *spec = &out->spec;
    KeySpec read;
    opt_key_output(L, top + 1, where, kind, &read);
    key_check_output(L, id, &read);
    *spec = read;
    out->encoded = true;
    spec->passphrase = (Bytes){ NULL, 0 };
    if (read.has_passphrase) {
      out->text = malloc(read.passphrase.len + 1);
      if (!out->text) luaL_error(L, "not enough memory");
      memcpy(out->text, read.passphrase.p, read.passphrase.len);
      spec->passphrase = (Bytes){ out->text, read.passphrase.len };
    }
    if (read.cipher) {
      if (strlen(read.cipher) >= sizeof out->cipher)
        err_raise(L, NULL, "ERR_CRYPTO_UNKNOWN_CIPHER", "Unknown cipher");
      strcpy(out->cipher, read.cipher);
      spec->cipher = out->cipher;
    }
  }
  lua_settop(L, top);
}

/* (type, options): leaves the job on top. */
static PairJob *read_pair(lua_State *L) {
  int id = family_id(L, 1);
  if (!lua_isnil(L, 2) || id == EVP_PKEY_RSA || id == EVP_PKEY_EC) arg_table(L, 2, "options");
  PairJob *p = crypto_job_new(L, sizeof *p);
  int top = lua_gettop(L);
  p->job.run = pair_run;
  p->job.push = pair_push;
  p->job.release = pair_release;
  p->id = id;
  read_family(L, p, 2);
  read_output(L, &p->public_key, 2, "publicKeyEncoding", KEY_PUBLIC, id);
  read_output(L, &p->private_key, 2, "privateKeyEncoding", KEY_PRIVATE, id);
  lua_settop(L, top);
  return p;
}

int crypto_generate_pair(lua_State *L) {
  ssl_need(L);
  lua_settop(L, 3);
  if (lua_isnil(L, 3) && arg_is_callable(L, 2) && !lua_istable(L, 2)) {
    lua_insert(L, 2); /* (type, callback) */
  }
  arg_function(L, 3, "callback");
  return crypto_job_run(L, &read_pair(L)->job, 3, "generateKeyPair");
}

/* Returns { publicKey, privateKey }. */
int crypto_generate_pair_sync(lua_State *L) {
  ssl_need(L);
  lua_settop(L, 2);
  (void)crypto_job_run(L, &read_pair(L)->job, 0, "generateKeyPairSync");
  lua_createtable(L, 0, 2);
  lua_insert(L, -3);
  lua_setfield(L, -3, "privateKey");
  lua_setfield(L, -2, "publicKey");
  return 1;
}

int crypto_get_curves(lua_State *L) {
  ssl_need(L);
  size_t n = ssl.EC_get_builtin_curves(NULL, 0);
  EC_builtin_curve *curves = lua_newuserdatauv(L, (n + 1) * sizeof *curves, 0);
  StrBuf *names = strbuf_new_lua(L);
  n = ssl.EC_get_builtin_curves(curves, n);
  for (size_t i = 0; i < n; i++) {
    const char *name = ssl.OBJ_nid2sn(curves[i].nid);
    strbuf_add(names, name, strlen(name) + 1);
  }
  push_names(L, names);
  return 1;
}
