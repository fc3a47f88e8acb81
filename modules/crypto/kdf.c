/* SPDX-License-Identifier: MIT */
/* kdf.c - keys from passwords: pbkdf2, scrypt, hkdf; slow on purpose, so they run in the pool. */
#include "parts.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "buffer/buffer.h"
#include "core/error.h"
#include "core/opts.h"

enum { MAX_LENGTH = INT_MAX };

typedef struct KdfJob {
  Job job;
  char *in;                  /* owns: password, salt, info one after the other */
  size_t pass, salt, info;   /* their lengths */
  const EVP_MD *md;
  int iterations;            /* pbkdf2 */
  uint64_t n, r, p, maxmem;  /* scrypt */
  Store *out;                /* owns */
  size_t len;
} KdfJob;

static void kdf_release(Job *job) {
  KdfJob *k = (KdfJob *)job;
  if (k->in) ssl.OPENSSL_cleanse(k->in, k->pass + k->salt + k->info);
  free(k->in);
  store_unref(k->out);
}

static unsigned char *kdf_out(KdfJob *k) { return (unsigned char *)k->out->data; }

static void pbkdf2_run(Job *job) {
  KdfJob *k = (KdfJob *)job;
  if (k->len == 0) return;
  job->failed = ssl.PKCS5_PBKDF2_HMAC(k->in, (int)k->pass, (const unsigned char *)k->in + k->pass,
                                      (int)k->salt, k->iterations, k->md, (int)k->len, kdf_out(k)) != 1;
}

static void scrypt_run(Job *job) {
  KdfJob *k = (KdfJob *)job;
  if (k->len == 0) return;
  job->failed = ssl.EVP_PBE_scrypt(k->in, k->pass, (const unsigned char *)k->in + k->pass, k->salt, k->n,
                                   k->r, k->p, k->maxmem, kdf_out(k), k->len) != 1;
}

static void hkdf_run(Job *job) {
  KdfJob *k = (KdfJob *)job;
  const unsigned char *in = (const unsigned char *)k->in;
  size_t len = k->len;
  if (len == 0) return;
  EVP_PKEY_CTX *ctx = ssl.EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, NULL);
  job->failed = !ctx || ssl.EVP_PKEY_derive_init(ctx) != 1 || ssl.EVP_PKEY_CTX_set_hkdf_md(ctx, k->md) != 1 ||
                ssl.EVP_PKEY_CTX_set1_hkdf_salt(ctx, in + k->pass, (int)k->salt) != 1 ||
                ssl.EVP_PKEY_CTX_set1_hkdf_key(ctx, in, (int)k->pass) != 1 ||
                ssl.EVP_PKEY_CTX_add1_hkdf_info(ctx, in + k->pass + k->salt, (int)k->info) != 1 ||
                ssl.EVP_PKEY_derive(ctx, kdf_out(k), &len) != 1;
  ssl.EVP_PKEY_CTX_free(ctx);
}

static int kdf_push(lua_State *L, Job *job) {
  KdfJob *k = (KdfJob *)job;
  if (job->failed) {
    ssl_push(L, &job->errors, "Deriving bits failed");
    return lua_error(L);
  }
  if (k->len == 0) (void)buffer_push_copy(L, "", 0);
  else (void)buffer_push_store(L, k->out, 0, k->len);
  return 1;
}

/* Pushes a job with copies of the three. [+1] */
static KdfJob *kdf_new(lua_State *L, Bytes pass, Bytes salt, Bytes info, size_t len) {
  KdfJob *k = crypto_job_new(L, sizeof *k);
  k->job.push = kdf_push;
  k->job.release = kdf_release;
  k->in = malloc(pass.len + salt.len + info.len + 1);
  k->out = store_new(len);
  if (!k->in || !k->out) {
    luaL_error(L, "not enough memory");
    return k;
  }
  k->pass = pass.len;
  k->salt = salt.len;
  k->info = info.len;
  memcpy(k->in, pass.p, pass.len);
  memcpy(k->in + pass.len, salt.p, salt.len);
  memcpy(k->in + pass.len + salt.len, info.p, info.len);
  k->len = len;
  store_press(L, len);
  return k;
}

/* Bytes that OpenSSL can count in an int. */
static Bytes arg_part(lua_State *L, int idx, const char *name) {
  Bytes bytes = arg_octets(L, idx, name, BYTES_OR_TEXT, 0);
  if (bytes.len > INT_MAX)
    err_raise(L, &range_error_class, "ERR_OUT_OF_RANGE", "%s is too big", name);
  return bytes;
}

static const Bytes nothing = { "", 0 };

/* ---- pbkdf2 ---- */

/* (password, salt, iterations, keylen, digest): leaves the job on top. */
static KdfJob *read_pbkdf2(lua_State *L) {
  (void)arg_string(L, 5, "digest", NULL);
  Bytes pass = arg_part(L, 1, "password"), salt = arg_part(L, 2, "salt");
  int iterations = (int)arg_integer(L, 3, "iterations", 1, INT_MAX);
  size_t len = (size_t)arg_integer(L, 4, "keylen", 0, MAX_LENGTH);
  const EVP_MD *md = arg_digest(L, 5, "digest");
  KdfJob *k = kdf_new(L, pass, salt, nothing, len);
  k->job.run = pbkdf2_run;
  k->iterations = iterations;
  k->md = md;
  return k;
}

int crypto_pbkdf2(lua_State *L) {
  ssl_need(L);
  lua_settop(L, 6);
  if (lua_isnil(L, 6) && lua_isfunction(L, 5)) { /* without a digest, as Node looks at it */
    lua_pushnil(L);
    lua_insert(L, 5);
    lua_settop(L, 6);
  }
  KdfJob *k = (arg_function(L, 6, "callback"), read_pbkdf2(L));
  return crypto_job_run(L, &k->job, 6, "pbkdf2");
}

int crypto_pbkdf2_sync(lua_State *L) {
  ssl_need(L);
  lua_settop(L, 5);
  return crypto_job_run(L, &read_pbkdf2(L)->job, 0, "pbkdf2Sync");
}

/* ---- scrypt ---- */

/* An option that has two names. */
static uint64_t opt_two(lua_State *L, int opts, const char *name, const char *other, uint64_t fallback) {
  bool one = opt_push(L, opts, name) != LUA_TNIL, two = opt_push(L, opts, other) != LUA_TNIL;
  if (one && two)
    err_raise(L, NULL, "ERR_CRYPTO_SCRYPT_INVALID_PARAMETER", "Invalid scrypt parameter");
  uint64_t n = fallback;
  if (one) n = (uint64_t)arg_integer(L, -2, name, 0, UINT32_MAX);
  if (two) n = (uint64_t)arg_integer(L, -1, other, 0, UINT32_MAX);
  lua_pop(L, 2);
  return n ? n : fallback;
}

/* Asks OpenSSL, without deriving anything, whether it would take them. */
static void check_scrypt(lua_State *L, const KdfJob *k) {
  if (ssl.EVP_PBE_scrypt(NULL, 0, NULL, 0, k->n, k->r, k->p, k->maxmem, NULL, 0) == 1) return;
  SslErrors errors;
  char text[256];
  ssl_take(&errors);
  if (errors.n == 0)
    err_raise(L, &range_error_class, "ERR_CRYPTO_INVALID_SCRYPT_PARAMS", "Invalid scrypt params");
  ssl.ERR_error_string_n(errors.code[0], text, sizeof text);
  err_raise(L, &range_error_class, "ERR_CRYPTO_INVALID_SCRYPT_PARAMS", "Invalid scrypt params: %s", text);
}

/* (password, salt, keylen, options): leaves the job on top. */
static KdfJob *read_scrypt(lua_State *L) {
  if (!lua_isnil(L, 4)) arg_table(L, 4, "options");
  Bytes pass = arg_part(L, 1, "password"), salt = arg_part(L, 2, "salt");
  size_t len = (size_t)arg_integer(L, 3, "keylen", 0, MAX_LENGTH);
  KdfJob with = { 0 };
  with.n = opt_two(L, 4, "N", "cost", 16384);
  with.r = opt_two(L, 4, "r", "blockSize", 8);
  with.p = opt_two(L, 4, "p", "parallelization", 1);
  with.maxmem = (uint64_t)opt_integer(L, 4, "maxmem", 0, ((lua_Integer)1 << 53) - 1, 32 << 20);
  if (with.maxmem == 0) with.maxmem = 32 << 20;
  check_scrypt(L, &with);
  KdfJob *k = kdf_new(L, pass, salt, nothing, len);
  k->job.run = scrypt_run;
  k->n = with.n;
  k->r = with.r;
  k->p = with.p;
  k->maxmem = with.maxmem;
  return k;
}

int crypto_scrypt(lua_State *L) {
  ssl_need(L);
  lua_settop(L, 5);
  if (lua_isnil(L, 5) && !lua_istable(L, 4)) lua_insert(L, 4); /* (password, salt, keylen, callback) */
  arg_function(L, 5, "callback");
  return crypto_job_run(L, &read_scrypt(L)->job, 5, "scrypt");
}

int crypto_scrypt_sync(lua_State *L) {
  ssl_need(L);
  lua_settop(L, 4);
  return crypto_job_run(L, &read_scrypt(L)->job, 0, "scryptSync");
}

/* ---- hkdf ---- */

/* (digest, ikm, salt, info, keylen): leaves the job on top. */
static KdfJob *read_hkdf(lua_State *L) {
  (void)arg_string(L, 1, "digest", NULL);
  Bytes ikm = class_test(L, 2, &key_object_class) ? arg_secret(L, 2, "ikm", 0) : arg_part(L, 2, "ikm");
  Bytes salt = arg_part(L, 3, "salt"), info = arg_part(L, 4, "info");
  size_t len = (size_t)arg_integer(L, 5, "length", 0, MAX_LENGTH);
  if (info.len > 1024)
    err_raise(L, &range_error_class, "ERR_OUT_OF_RANGE",
              "The value of \"info\" is out of range. It must be must not contain more than 1024 bytes. "
              "Received %d", (int)info.len);
  const EVP_MD *md = arg_digest(L, 1, "digest");
  if (len > 255 * (size_t)ssl.EVP_MD_get_size(md))
    err_raise(L, &range_error_class, "ERR_CRYPTO_INVALID_KEYLEN", "Invalid key length");
  KdfJob *k = kdf_new(L, ikm, salt, info, len);
  k->job.run = hkdf_run;
  k->md = md;
  return k;
}

int crypto_hkdf(lua_State *L) {
  ssl_need(L);
  lua_settop(L, 6);
  arg_function(L, 6, "callback");
  return crypto_job_run(L, &read_hkdf(L)->job, 6, "hkdf");
}

int crypto_hkdf_sync(lua_State *L) {
  ssl_need(L);
  lua_settop(L, 5);
  return crypto_job_run(L, &read_hkdf(L)->job, 0, "hkdfSync");
}
