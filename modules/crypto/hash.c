/* SPDX-License-Identifier: MIT */
/* hash.c - Hash and Hmac: update and digest, or written to and read from. */
#include "parts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "buffer/views.h"
#include "core/error.h"
#include "core/opts.h"

typedef struct Hash {
  Filter filter;
  EVP_MD_CTX *md;            /* owns; Hash */
  EVP_MAC_CTX *mac;          /* owns; Hmac */
  size_t out;                /* bytes of the digest */
  bool xof;                  /* of any length: shake128 */
  bool finalized;
} Hash;

static void hash_release(Handle *h) {
  Hash *hash = (Hash *)h;
  if (hash->md) ssl.EVP_MD_CTX_free(hash->md);
  if (hash->mac) ssl.EVP_MAC_CTX_free(hash->mac);
}

static bool hash_feed(Hash *hash, const char *p, size_t len) {
  if (hash->mac) return ssl.EVP_MAC_update(hash->mac, (const unsigned char *)p, len) == 1;
  return ssl.EVP_DigestUpdate(hash->md, p, len) == 1;
}

/* Pushes the digest, as text when enc names an encoding. [+1] */
static void hash_push_digest(lua_State *L, Hash *hash, int enc) {
  Buffer *b = buffer_push_new(L, hash->out);
  unsigned char *out = (unsigned char *)buffer_bytes(b);
  int ok;
  if (hash->mac) ok = ssl.EVP_MAC_final(hash->mac, out, NULL, hash->out);
  else if (hash->out == 0) ok = 1;
  else if (hash->xof) ok = ssl.EVP_DigestFinalXOF(hash->md, out, hash->out);
  else ok = ssl.EVP_DigestFinal_ex(hash->md, out, NULL);
  if (ok != 1) ssl_raise(L, "Digest failed");
  hash->finalized = true;
  Encoding e;
  if (!names_encoding(L, enc, &e)) return;
  enc_push_text(L, e, buffer_bytes(b), b->length);
  lua_remove(L, -2);
}

static int raise_finalized(lua_State *L) {
  return err_raise(L, NULL, "ERR_CRYPTO_HASH_FINALIZED", "Digest already called");
}

/* ---- as streams ---- */

/* Pushes nil, or an error and is false. [+1] */
static bool take_chunk(lua_State *L, int self, int chunk) {
  Hash *hash = (Hash *)stream_test(L, self);
  const char *p = "";
  size_t len = 0;
  if (!memory_view(L, chunk, &p, &len)) (void)buffer_view(L, chunk, &p, &len);
  bool good = !hash->finalized && hash_feed(hash, p, len);
  if (!good) {
    ssl.ERR_clear_error();
    err_push(L, NULL, "ERR_CRYPTO_HASH_FINALIZED", "Digest already called");
  } else {
    lua_pushnil(L);
  }
  return good;
}

/* Pushes the digest, or an error and is false. [+1] */
static bool take_end(lua_State *L, int self) {
  Hash *hash = (Hash *)stream_test(L, self);
  bool good = !hash->finalized;
  if (good) hash_push_digest(L, hash, 0);
  else err_push(L, NULL, "ERR_CRYPTO_HASH_FINALIZED", "Digest already called");
  return good;
}

static void hash_write(lua_State *L, int self, int chunk) {
  bool good = take_chunk(L, self, chunk);
  writable_written(L, self, good ? 0 : lua_gettop(L));
  lua_pop(L, 1);
}

static void hash_final(lua_State *L, int self) {
  if (!take_end(L, self)) {
    writable_finalled(L, self, lua_gettop(L));
    lua_pop(L, 1);
    return;
  }
  (void)readable_push(L, self);
  readable_push_end(L, self);
  writable_finalled(L, self, 0);
}

static const StreamImpl hash_impl = { .read = filter_read, .write = hash_write, .final = hash_final };

/* [+1] */
static Hash *hash_new(lua_State *L, const ClassDef *cls) {
  Hash *hash = stream_new(L, cls, sizeof *hash, STREAM_READS | STREAM_WRITES, &hash_impl,
                          TRANSFORM_VALUES);
  hash->filter.transform.s.base.release = hash_release;
  return hash;
}

/* ---- Hash ---- */

static Hash *hash_self(lua_State *L) { return class_check(L, 1, &hash_class); }

/* options.outputLength; -1: what the digest has by itself */
static lua_Integer opt_length(lua_State *L, int opts) {
  return opt_integer(L, opts, "outputLength", 0, UINT32_MAX, -1);
}

/* Options of the stream, and the length of the digest. */
static void hash_options(lua_State *L, Hash *hash, int self, int opts) {
  const EVP_MD *md = ssl.EVP_MD_CTX_get0_md(hash->md);
  lua_Integer length = opt_length(L, opts);
  hash->out = (size_t)ssl.EVP_MD_get_size(md);
  hash->xof = ssl.EVP_MD_get_flags(md) & EVP_MD_FLAG_XOF;
  if (length >= 0 && (size_t)length != hash->out) {
    if (!hash->xof) {
      SslErrors errors = { { ERR_PACK(ERR_LIB_EVP, 0, EVP_R_NOT_XOF_OR_INVALID_LENGTH) }, 1 };
      ssl_push(L, &errors, "");
      lua_error(L);
    }
    hash->out = (size_t)length;
  }
  stream_options(L, self, opts);
}

int crypto_create_hash(lua_State *L) {
  ssl_need(L);
  lua_settop(L, 2);
  const char *name = arg_cstring(L, 1, "algorithm");
  if (!lua_isnil(L, 2)) arg_table(L, 2, "options");
  (void)opt_length(L, 2);
  const EVP_MD *md = ssl.EVP_get_digestbyname(name);
  if (!md) return ssl_raise(L, "Digest method not supported");
  Hash *hash = hash_new(L, &hash_class);
  hash->md = ssl.EVP_MD_CTX_new();
  if (!hash->md || ssl.EVP_DigestInit_ex(hash->md, md, NULL) != 1)
    return ssl_raise(L, "Digest method not supported");
  hash_options(L, hash, 3, 2);
  return 1;
}

static int hash_copy(lua_State *L) {
  Hash *from = hash_self(L);
  lua_settop(L, 2);
  if (from->finalized) return raise_finalized(L);
  if (!lua_isnil(L, 2)) arg_table(L, 2, "options");
  (void)opt_length(L, 2);
  Hash *hash = hash_new(L, &hash_class);
  hash->md = ssl.EVP_MD_CTX_new();
  if (!hash->md || ssl.EVP_MD_CTX_copy_ex(hash->md, from->md) != 1)
    return ssl_raise(L, "Digest copy error");
  hash_options(L, hash, 3, 2);
  return 1;
}

static int update(lua_State *L, Hash *hash) {
  lua_settop(L, 3);
  if (hash->finalized) return raise_finalized(L);
  Bytes data = arg_data(L, 2, 3);
  if (!hash_feed(hash, data.p, data.len)) return ssl_raise(L, "Hash update failed");
  lua_settop(L, 1);
  return 1;
}

static int hash_transform(lua_State *L) {
  (void)hash_self(L);
  return filter_transform(L, take_chunk);
}

static int hash_flush(lua_State *L) {
  (void)hash_self(L);
  return filter_flush(L, take_end);
}

static int hash_update(lua_State *L) { return update(L, hash_self(L)); }

static int hash_digest(lua_State *L) {
  Hash *hash = hash_self(L);
  lua_settop(L, 2);
  if (hash->finalized) return raise_finalized(L);
  hash_push_digest(L, hash, 2);
  return 1;
}

/* ---- Hmac ---- */

static Hash *hmac_self(lua_State *L) { return class_check(L, 1, &hmac_class); }

static bool mac_init(Hash *hash, const EVP_MD *md, Bytes key) {
  EVP_MAC *hmac = ssl.EVP_MAC_fetch(NULL, "HMAC", NULL);
  if (!hmac) return false;
  hash->mac = ssl.EVP_MAC_CTX_new(hmac);
  ssl.EVP_MAC_free(hmac); /* the context holds it */
  OSSL_PARAM params[] = {
    ssl.OSSL_PARAM_construct_utf8_string("digest", (char *)ssl.EVP_MD_get0_name(md), 0),
    ssl.OSSL_PARAM_construct_end()
  };
  return hash->mac && ssl.EVP_MAC_init(hash->mac, (const unsigned char *)key.p, key.len, params) == 1;
}

int crypto_create_hmac(lua_State *L) {
  ssl_need(L);
  lua_settop(L, 3);
  (void)arg_string(L, 1, "hmac", NULL);
  if (!lua_isnil(L, 3)) arg_table(L, 3, "options");
  lua_pushnil(L);
  (void)opt_push(L, 3, "encoding");
  lua_replace(L, 4);
  Bytes key = arg_secret(L, 2, "key", 4);
  const EVP_MD *md = arg_digest(L, 1, "hmac");
  Hash *hash = hash_new(L, &hmac_class);
  if (!mac_init(hash, md, key)) return ssl_raise(L, "Hmac initialisation failed");
  hash->out = (size_t)ssl.EVP_MD_get_size(md);
  stream_options(L, 5, 3);
  lua_settop(L, 5);
  return 1;
}

static int hmac_transform(lua_State *L) {
  (void)hmac_self(L);
  return filter_transform(L, take_chunk);
}

static int hmac_flush(lua_State *L) {
  (void)hmac_self(L);
  return filter_flush(L, take_end);
}

static int hmac_update(lua_State *L) { return update(L, hmac_self(L)); }

/* The second digest is empty: so it is in Node. */
static int hmac_digest(lua_State *L) {
  Hash *hash = hmac_self(L);
  lua_settop(L, 2);
  if (hash->finalized) push_octets(L, "", 0, 2);
  else hash_push_digest(L, hash, 2);
  return 1;
}

/* ---- functions ---- */

int crypto_hash(lua_State *L) {
  ssl_need(L);
  lua_settop(L, 3);
  const char *name = arg_cstring(L, 1, "algorithm");
  Bytes data = arg_octets(L, 2, "input",
                          "of type string or an instance of Buffer, TypedArray, or DataView", 0);
  Encoding e;
  if (lua_isnil(L, 3)) {
    lua_pushliteral(L, "hex");
    lua_replace(L, 3);
  }
  const char *out_name = arg_string(L, 3, "outputEncoding", NULL);
  if (!names_encoding(L, 3, &e) && strcmp(out_name, "buffer") != 0)
    return err_arg_value(L, 3, "outputEncoding", "is invalid");
  const EVP_MD *md = ssl.EVP_get_digestbyname(name);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (!md) {
    ssl.ERR_clear_error();
    return err_raise(L, NULL, NULL, "Digest method %s is not supported", name);
  }
  if (ssl.EVP_Digest(data.p, data.len, digest, &size, md, NULL) != 1)
    return ssl_raise(L, "Digest method not supported");
  push_octets(L, digest, size, 3);
  return 1;
}

/* Of EVP_MD_do_all_sorted: those that can be had, as Node lists them. */
static void add_digest(const EVP_MD *md, const char *from, const char *to, void *ctx) {
  (void)md;
  (void)to;
  const EVP_MD *real = from ? ssl.EVP_get_digestbyname(from) : NULL;
  EVP_MD *fetched = real ? ssl.EVP_MD_fetch(NULL, ssl.EVP_MD_get0_name(real), NULL) : NULL;
  if (!fetched) return;
  ssl.EVP_MD_free(fetched);
  strbuf_add(ctx, from, strlen(from) + 1);
}

int crypto_get_hashes(lua_State *L) {
  ssl_need(L);
  StrBuf *names = strbuf_new_lua(L);
  ssl.EVP_MD_do_all_sorted(add_digest, names);
  ssl.ERR_clear_error();
  push_names(L, names);
  return 1;
}

/* ---- rows ---- */

static const FnDef hash_methods[] = {
  { "update", hash_update, FN_METHOD, "update(data: string|Buffer, inputEncoding: string?): Hash",
    "Adds to what is hashed; may be called often. A string counts with its bytes, or with those that "
    "it stands for in the encoding (\"hex\", \"base64\").", NULL, NULL, NULL },
  { "digest", hash_digest, FN_METHOD, "digest(encoding: string?): string|Buffer",
    "The hash of all that was added: a Buffer, or text in the encoding. Works once.", NULL, NULL, NULL },
  { "copy", hash_copy, FN_METHOD, "copy(options: table?): Hash",
    "Another Hash that has been fed the same so far.", NULL, NULL, NULL },
  FILTER_ROWS(hash_transform, hash_flush),
  { 0 }
};

static const FnDef hmac_methods[] = {
  { "update", hmac_update, FN_METHOD, "update(data: string|Buffer, inputEncoding: string?): Hmac",
    "Adds to what is hashed; may be called often.", NULL, NULL, NULL },
  { "digest", hmac_digest, FN_METHOD, "digest(encoding: string?): string|Buffer",
    "The keyed hash of all that was added: a Buffer, or text in the encoding.", NULL, NULL, NULL },
  FILTER_ROWS(hmac_transform, hmac_flush),
  { 0 }
};

const ClassDef hash_class = {
  .name = "Hash", .base = &transform_class, .abstract = true, .methods = hash_methods,
  .doc = "A hash in the making, from crypto.createHash: feed it by update and take the digest, or write "
         "to it, finish, and read.",
  .example = "print(require(\"crypto\").createHash(\"sha256\"):update(\"a\"):update(\"b\"):digest(\"hex\"))"
};

const ClassDef hmac_class = {
  .name = "Hmac", .base = &transform_class, .abstract = true, .methods = hmac_methods,
  .doc = "A hash with a key, from crypto.createHmac: only who has the key can make it or check it.",
  .example = "print(require(\"crypto\").createHmac(\"sha256\", \"key\"):update(\"a\"):digest(\"hex\"))"
};
