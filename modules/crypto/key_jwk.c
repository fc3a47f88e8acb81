/* SPDX-License-Identifier: MIT */
/* key_jwk.c - keys as JSON Web Keys: tables of numbers in base64url, out and in.
 *
 * All fields are checked and decoded before OpenSSL is called; in between nothing raises. */
#include "parts.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <string.h>
#include "buffer/codec.h"
#include "core/error.h"
#include "core/opts.h"

enum { MAX_FIELDS = 8 };

/* A number of a key: its name here and in OpenSSL. */
typedef struct Field {
  const char *name, *param;
} Field;

static const Field rsa_fields[MAX_FIELDS] = {
  { "n", OSSL_PKEY_PARAM_RSA_N },          { "e", OSSL_PKEY_PARAM_RSA_E },
  { "d", OSSL_PKEY_PARAM_RSA_D },          { "p", OSSL_PKEY_PARAM_RSA_FACTOR1 },
  { "q", OSSL_PKEY_PARAM_RSA_FACTOR2 },    { "dp", OSSL_PKEY_PARAM_RSA_EXPONENT1 },
  { "dq", OSSL_PKEY_PARAM_RSA_EXPONENT2 }, { "qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1 }
};

static const Field ec_fields[3] = { { "x", OSSL_PKEY_PARAM_EC_PUB_X }, { "y", OSSL_PKEY_PARAM_EC_PUB_Y },
                                    { "d", OSSL_PKEY_PARAM_PRIV_KEY } };

/* How curves are called here and in OpenSSL; size: bytes of a coordinate. */
static const struct {
  const char *name, *group;
  size_t size;
} curves[] = { { "P-256", "prime256v1", 32 }, { "secp256k1", "secp256k1", 32 }, { "P-384", "secp384r1", 48 },
               { "P-521", "secp521r1", 66 } };

static const struct {
  const char *name;
  int id;
} edwards[] = { { "Ed25519", EVP_PKEY_ED25519 }, { "Ed448", EVP_PKEY_ED448 }, { "X25519", EVP_PKEY_X25519 },
                { "X448", EVP_PKEY_X448 } };

enum { CURVES = sizeof curves / sizeof *curves, EDWARDS = sizeof edwards / sizeof *edwards };

/* ---- writing ---- */

/* Sets the field of the table on top to the bytes. */
static void set_bytes(lua_State *L, const char *name, const void *p, size_t len) {
  enc_push_text(L, ENC_BASE64URL, p, len);
  lua_setfield(L, -2, name);
}

static void set_text(lua_State *L, const char *name, const char *text) {
  lua_pushstring(L, text);
  lua_setfield(L, -2, name);
}

/* The same for a number of the key, of at least `size` bytes. */
static void set_number(lua_State *L, EVP_PKEY *pkey, const Field *field, size_t size) {
  BIGNUM *n = NULL;
  if (ssl.EVP_PKEY_get_bn_param(pkey, field->param, &n) != 1) ssl_raise(L, "Failed to encode key");
  size_t len = ((size_t)ssl.BN_num_bits(n) + 7) / 8;
  if (len < size) len = size;
  Owned *owned = owned_new(L, drop_bignum);
  owned->p = n;
  unsigned char *bytes = lua_newuserdatauv(L, len + 1, 0);
  (void)ssl.BN_bn2binpad(n, bytes, (int)len);
  lua_pushvalue(L, -3);
  set_bytes(L, field->name, bytes, len);
  ssl.OPENSSL_cleanse(bytes, len);
  owned_drop(owned);
  lua_pop(L, 3);
}

static void write_ec(lua_State *L, EVP_PKEY *pkey, KeyKind kind) {
  char group[64] = "";
  (void)ssl.EVP_PKEY_get_utf8_string_param(pkey, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, NULL);
  size_t i = 0;
  while (i < CURVES && strcmp(curves[i].group, group) != 0) i++;
  if (i == CURVES)
    err_raise(L, NULL, "ERR_CRYPTO_JWK_UNSUPPORTED_CURVE", "Unsupported JWK EC curve: %s.", group);
  set_text(L, "kty", "EC");
  set_text(L, "crv", curves[i].name);
  for (int f = 0; f < (kind == KEY_PRIVATE ? 3 : 2); f++) set_number(L, pkey, &ec_fields[f], curves[i].size);
}

static void write_edwards(lua_State *L, EVP_PKEY *pkey, KeyKind kind, const char *name) {
  unsigned char bytes[64];
  size_t len = sizeof bytes;
  set_text(L, "kty", "OKP");
  set_text(L, "crv", name);
  if (ssl.EVP_PKEY_get_raw_public_key(pkey, bytes, &len) != 1) ssl_raise(L, "Failed to encode key");
  set_bytes(L, "x", bytes, len);
  if (kind != KEY_PRIVATE) return;
  len = sizeof bytes;
  if (ssl.EVP_PKEY_get_raw_private_key(pkey, bytes, &len) != 1) ssl_raise(L, "Failed to encode key");
  set_bytes(L, "d", bytes, len);
  ssl.OPENSSL_cleanse(bytes, sizeof bytes);
}

void jwk_push(lua_State *L, EVP_PKEY *pkey, KeyKind kind) {
  int id = ssl.EVP_PKEY_get_base_id(pkey);
  luaL_checkstack(L, 12, "crypto");
  lua_createtable(L, 0, MAX_FIELDS + 1);
  for (size_t i = 0; i < EDWARDS; i++) {
    if (edwards[i].id != id) continue;
    write_edwards(L, pkey, kind, edwards[i].name);
    return;
  }
  if (id == EVP_PKEY_EC) {
    write_ec(L, pkey, kind);
    return;
  }
  if (id != EVP_PKEY_RSA)
    err_raise(L, NULL, "ERR_CRYPTO_JWK_UNSUPPORTED_KEY_TYPE", "Unsupported JWK Key Type.");
  set_text(L, "kty", "RSA");
  for (int f = 0; f < (kind == KEY_PRIVATE ? MAX_FIELDS : 2); f++) set_number(L, pkey, &rsa_fields[f], 0);
}

void jwk_push_secret(lua_State *L, const char *bytes, size_t len) {
  lua_createtable(L, 0, 2);
  set_text(L, "kty", "oct");
  set_bytes(L, "k", bytes, len);
}

/* ---- reading ---- */

/* The field of the table at idx, decoded; the bytes stay on the stack. [+2] */
static Bytes read_field(lua_State *L, int idx, const char *name) {
  size_t len;
  luaL_checkstack(L, 6, "crypto");
  const char *label = lua_pushfstring(L, "key.%s", name);
  lua_getfield(L, idx, name);
  const char *text = arg_string(L, -1, label, &len);
  size_t bound = enc_bound(ENC_BASE64URL, text, len);
  char *bytes = lua_newuserdatauv(L, bound + 1, 0);
  len = enc_write(ENC_BASE64URL, text, len, bytes, bound);
  lua_replace(L, -3);
  return (Bytes){ bytes, len };
}

/* Which of the names, each `step` bytes behind the one before, is the field `key`? Raises with all of them. */
static size_t read_choice(lua_State *L, int idx, const char *key, const char *const *names, size_t n) {
  lua_getfield(L, idx, key);
  const char *given = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
  for (size_t i = 0; i < n; i++) {
    if (!strcmp(names[i], given)) {
      lua_pop(L, 1);
      return i;
    }
  }
  int value = lua_gettop(L);
  lua_pushliteral(L, "must be one of: ");
  for (size_t i = 0; i < n; i++) {
    lua_pushfstring(L, "%s'%s'", i > 0 ? ", " : "", names[i]);
    lua_concat(L, 2);
  }
  const char *label = lua_pushfstring(L, "key.%s", key);
  (void)err_arg_value(L, value, label, lua_tostring(L, -2));
  return 0;
}

/* A key of OpenSSL's own making from the parameters; NULL when they are none. */
static EVP_PKEY *make_key(const char *type, OSSL_PARAM_BLD *build, bool private) {
  OSSL_PARAM *params = ssl.OSSL_PARAM_BLD_to_param(build);
  EVP_PKEY_CTX *ctx = params ? ssl.EVP_PKEY_CTX_new_from_name(NULL, type, NULL) : NULL;
  EVP_PKEY *pkey = NULL;
  if (ctx && ssl.EVP_PKEY_fromdata_init(ctx) == 1)
    (void)ssl.EVP_PKEY_fromdata(ctx, &pkey, private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params);
  ssl.EVP_PKEY_CTX_free(ctx);
  ssl.OSSL_PARAM_free(params);
  return pkey;
}

/* Adds the numbers to what is built; *kept are to be freed after it. */
static bool add_numbers(OSSL_PARAM_BLD *build, const Field *fields, const Bytes *values, int n, BIGNUM **kept) {
  for (int i = 0; i < n; i++) {
    if (values[i].len > 4096) return false; /* no key has such a number */
    kept[i] = ssl.BN_bin2bn((const unsigned char *)values[i].p, (int)values[i].len, NULL);
    if (!kept[i] || ssl.OSSL_PARAM_BLD_push_BN(build, fields[i].param, kept[i]) != 1) return false;
  }
  return true;
}

static EVP_PKEY *parse_rsa(lua_State *L, int idx, bool private) {
  Bytes values[MAX_FIELDS];
  BIGNUM *kept[MAX_FIELDS] = { NULL };
  int n = private ? MAX_FIELDS : 2;
  for (int i = 0; i < n; i++) values[i] = read_field(L, idx, rsa_fields[i].name);
  OSSL_PARAM_BLD *build = ssl.OSSL_PARAM_BLD_new();
  EVP_PKEY *pkey = build && add_numbers(build, rsa_fields, values, n, kept) ? make_key("RSA", build, private)
                                                                             : NULL;
  ssl.OSSL_PARAM_BLD_free(build);
  for (int i = 0; i < n; i++) ssl.BN_clear_free(kept[i]);
  return pkey;
}

static EVP_PKEY *parse_ec(lua_State *L, int idx, bool private) {
  static const char *const names[CURVES] = { "P-256", "secp256k1", "P-384", "P-521" };
  enum { MAX_COORDINATE = 66 };
  size_t curve = read_choice(L, idx, "crv", names, CURVES), size = curves[curve].size;
  Bytes x = read_field(L, idx, "x"), y = read_field(L, idx, "y"), d = { "", 0 };
  if (private) d = read_field(L, idx, "d");
  unsigned char point[1 + 2 * MAX_COORDINATE] = { POINT_CONVERSION_UNCOMPRESSED };
  if (x.len > size || y.len > size) return NULL;
  memcpy(point + 1 + size - x.len, x.p, x.len);
  memcpy(point + 1 + 2 * size - y.len, y.p, y.len);
  BIGNUM *kept = NULL;
  OSSL_PARAM_BLD *build = ssl.OSSL_PARAM_BLD_new();
  bool good = build &&
    ssl.OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, curves[curve].group, 0) == 1 &&
    ssl.OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * size) == 1 &&
    (!private || add_numbers(build, &ec_fields[2], &d, 1, &kept));
  EVP_PKEY *pkey = good ? make_key("EC", build, private) : NULL;
  ssl.OSSL_PARAM_BLD_free(build);
  ssl.BN_clear_free(kept);
  return pkey;
}

static EVP_PKEY *parse_edwards(lua_State *L, int idx, bool private) {
  static const char *const names[EDWARDS] = { "Ed25519", "Ed448", "X25519", "X448" };
  int id = edwards[read_choice(L, idx, "crv", names, EDWARDS)].id;
  Bytes key = read_field(L, idx, "x");
  if (private) key = read_field(L, idx, "d");
  const unsigned char *p = (const unsigned char *)key.p;
  return private ? ssl.EVP_PKEY_new_raw_private_key(id, NULL, p, key.len)
                 : ssl.EVP_PKEY_new_raw_public_key(id, NULL, p, key.len);
}

EVP_PKEY *jwk_parse(lua_State *L, int idx, KeyKind kind) {
  static const char *const types[] = { "RSA", "EC", "OKP" };
  static EVP_PKEY *(*const parse[])(lua_State *, int, bool) = { parse_rsa, parse_ec, parse_edwards };
  if (!lua_istable(L, idx)) err_arg_type(L, idx, "key.key", "of type table");
  size_t type = read_choice(L, idx, "kty", types, 3);
  Owned *owned = owned_new(L, drop_pkey);
  int top = lua_gettop(L);
  owned->p = parse[type](L, idx, kind == KEY_PRIVATE);
  lua_settop(L, top);
  ssl.ERR_clear_error();
  if (owned->p) return owned->p;
  err_raise(L, &type_error_class, "ERR_CRYPTO_INVALID_JWK", "Invalid JWK %s", type == 1 ? "EC key" : "data");
  return NULL;
}
