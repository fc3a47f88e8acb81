/* SPDX-License-Identifier: MIT */
/* key.c - KeyObject: a secret, or the public or private half of a pair; and keys as arguments. */
#include "parts.h"

#include <openssl/core_names.h>
#include <stdlib.h>
#include <string.h>
#include "buffer/buffer.h"
#include "core/error.h"
#include "core/opts.h"

static const char *const kind_names[] = { "secret", "public", "private" };

KeyObject *key_new(lua_State *L, KeyKind kind) {
  KeyObject *key = class_new(L, &key_object_class, sizeof *key, 0);
  key->kind = kind;
  return key;
}

void key_push(lua_State *L, KeyKind kind, EVP_PKEY *pkey) {
  KeyObject *key = key_new(L, kind);
  if (ssl.EVP_PKEY_up_ref(pkey) != 1) ssl_raise(L, "Key cannot be shared");
  key->pkey = pkey;
}

static int key_gc(lua_State *L) {
  KeyObject *key = class_test(L, 1, &key_object_class);
  if (!key) return 0;
  if (key->pkey) ssl.EVP_PKEY_free(key->pkey);
  if (key->bytes) ssl.OPENSSL_cleanse(key->bytes, key->len);
  free(key->bytes);
  key->pkey = NULL;
  key->bytes = NULL;
  key->len = 0;
  return 0;
}

static KeyObject *key_self(lua_State *L) { return class_check(L, 1, &key_object_class); }

static KeyObject *key_test(lua_State *L, int idx) { return class_test(L, idx, &key_object_class); }

static int raise_kind(lua_State *L, KeyKind got, const char *expected) {
  return err_raise(L, &type_error_class, "ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE",
                   "Invalid key object type %s, expected %s.", kind_names[got], expected);
}

/* ---- keys as arguments ---- */

Bytes arg_secret(lua_State *L, int idx, const char *name, int enc) {
  const KeyObject *key = key_test(L, idx);
  if (!key)
    return arg_octets(L, idx, name,
                      "of type string or an instance of ArrayBuffer, Buffer, TypedArray, DataView, or "
                      "KeyObject", enc);
  if (key->kind != KEY_SECRET) raise_kind(L, key->kind, "secret");
  return (Bytes){ key->bytes ? key->bytes : "", key->len };
}

/* The key of a KeyObject, or NULL when the value at idx is none. */
static EVP_PKEY *object_key(lua_State *L, int idx, KeyKind kind) {
  const KeyObject *key = key_test(L, idx);
  if (!key) return NULL;
  if (key->kind == KEY_SECRET || (kind == KEY_PRIVATE && key->kind != KEY_PRIVATE))
    raise_kind(L, key->kind, kind == KEY_PRIVATE ? "private" : "private or public");
  return key->pkey;
}

/* Pushes an Owned with the key read from the text at idx, or from the table there. [+1] */
static EVP_PKEY *parse_arg(lua_State *L, int idx, KeyKind kind) {
  KeySpec spec = { 0 };
  int text = idx, enc = 0, base = lua_gettop(L);
  if (lua_istable(L, idx)) {
    lua_getfield(L, idx, "key");
    lua_getfield(L, idx, "encoding");
    text = base + 1;
    enc = base + 2;
    lua_getfield(L, idx, "format");
    if (lua_type(L, -1) == LUA_TSTRING && !strcmp(lua_tostring(L, -1), "jwk")) {
      EVP_PKEY *pkey = jwk_parse(L, text, kind);
      lua_replace(L, base + 1);
      lua_settop(L, base + 1);
      return pkey;
    }
    opt_key_input(L, idx, kind, &spec);
  }
  Bytes bytes = arg_octets(L, text, text == idx ? "key" : "key.key", BYTES_OR_TEXT, enc);
  EVP_PKEY *pkey = key_parse(L, bytes, kind, &spec);
  lua_insert(L, base + 1);
  lua_settop(L, base + 1);
  return pkey;
}

EVP_PKEY *arg_pkey(lua_State *L, int idx, KeyKind kind) {
  int top = lua_gettop(L);
  EVP_PKEY *pkey = object_key(L, idx, kind);
  if (!pkey && lua_istable(L, idx)) {
    lua_getfield(L, idx, "key");
    pkey = object_key(L, top + 1, kind);
    lua_settop(L, top);
  }
  if (!pkey) return parse_arg(L, idx, kind);
  Owned *owned = owned_new(L, drop_pkey);
  if (ssl.EVP_PKEY_up_ref(pkey) != 1) ssl_raise(L, "Key cannot be shared");
  owned->p = pkey;
  return pkey;
}

/* ---- making ---- */

int crypto_create_secret_key(lua_State *L) {
  ssl_need(L);
  lua_settop(L, 2);
  Bytes bytes = arg_octets(L, 1, "key", "an instance of ArrayBuffer, Buffer, TypedArray, or DataView", 2);
  KeyObject *key = key_new(L, KEY_SECRET);
  key->bytes = malloc(bytes.len ? bytes.len : 1);
  if (!key->bytes) return luaL_error(L, "not enough memory");
  memcpy(key->bytes, bytes.p, bytes.len);
  key->len = bytes.len;
  return 1;
}

int crypto_create_private_key(lua_State *L) {
  ssl_need(L);
  lua_settop(L, 1);
  key_push(L, KEY_PRIVATE, parse_arg(L, 1, KEY_PRIVATE));
  return 1;
}

/* Of a private KeyObject, of text, or of a table with either. */
int crypto_create_public_key(lua_State *L) {
  ssl_need(L);
  lua_settop(L, 1);
  const KeyObject *from = key_test(L, 1);
  if (!from && lua_istable(L, 1)) {
    lua_getfield(L, 1, "key");
    from = key_test(L, 2);
  }
  if (from && from->kind != KEY_PRIVATE) return raise_kind(L, from->kind, "private");
  key_push(L, KEY_PUBLIC, from ? from->pkey : parse_arg(L, 1, KEY_PUBLIC));
  return 1;
}

/* ---- methods and properties ---- */

static int export_secret(lua_State *L, const KeyObject *key) {
  lua_settop(L, 2);
  if (!lua_isnil(L, 2)) {
    arg_table(L, 2, "options");
    const char *format = opt_string(L, 2, "format", "buffer");
    if (strcmp(format, "jwk") == 0) {
      jwk_push_secret(L, key->bytes ? key->bytes : "", key->len);
      return 1;
    }
    if (strcmp(format, "buffer") != 0) {
      lua_getfield(L, 2, "format");
      return err_arg_value(L, 3, "options.format", "must be one of: nil, 'buffer', 'jwk'");
    }
  }
  (void)buffer_push_copy(L, key->bytes ? key->bytes : "", key->len);
  return 1;
}

static int key_export(lua_State *L) {
  const KeyObject *key = key_self(L);
  KeySpec spec;
  if (key->kind == KEY_SECRET) return export_secret(L, key);
  lua_settop(L, 2);
  arg_table(L, 2, "options");
  opt_key_output(L, 2, "options", key->kind, &spec);
  key_check_output(L, ssl.EVP_PKEY_get_base_id(key->pkey), &spec);
  key_write(L, key->pkey, key->kind, &spec);
  return 1;
}

static int key_equals(lua_State *L) {
  const KeyObject *a = key_self(L), *b = key_test(L, 2);
  if (!b) return err_arg_type(L, 2, "otherKeyObject", "an instance of KeyObject");
  bool same = a->kind == b->kind;
  if (same && a->kind == KEY_SECRET)
    same = a->len == b->len && ssl.CRYPTO_memcmp(a->bytes, b->bytes, a->len) == 0;
  else if (same) same = ssl.EVP_PKEY_eq(a->pkey, b->pkey) == 1;
  ssl.ERR_clear_error();
  lua_pushboolean(L, same);
  return 1;
}

static int key_get_type(lua_State *L) {
  lua_pushstring(L, kind_names[key_self(L)->kind]);
  return 1;
}

static int key_get_size(lua_State *L) {
  const KeyObject *key = key_self(L);
  if (key->kind == KEY_SECRET) lua_pushinteger(L, (lua_Integer)key->len);
  else lua_pushnil(L);
  return 1;
}

static const char *family(const KeyObject *key) {
  switch (key->pkey ? ssl.EVP_PKEY_get_base_id(key->pkey) : 0) {
  case EVP_PKEY_RSA: return "rsa";
  case EVP_PKEY_RSA_PSS: return "rsa-pss";
  case EVP_PKEY_DSA: return "dsa";
  case EVP_PKEY_DH: return "dh";
  case EVP_PKEY_EC: return "ec";
  case EVP_PKEY_ED25519: return "ed25519";
  case EVP_PKEY_ED448: return "ed448";
  case EVP_PKEY_X25519: return "x25519";
  case EVP_PKEY_X448: return "x448";
  default: return NULL;
  }
}

static int key_get_family(lua_State *L) {
  lua_pushstring(L, family(key_self(L)));
  return 1;
}

static void rsa_details(lua_State *L, EVP_PKEY *pkey) {
  BIGNUM *e = NULL;
  lua_pushinteger(L, ssl.EVP_PKEY_get_bits(pkey));
  lua_setfield(L, -2, "modulusLength");
  if (ssl.EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_E, &e) != 1) return;
  lua_Integer exponent = (lua_Integer)ssl.BN_get_word(e);
  ssl.BN_free(e);
  lua_pushinteger(L, exponent);
  lua_setfield(L, -2, "publicExponent");
}

static int key_get_details(lua_State *L) {
  const KeyObject *key = key_self(L);
  char curve[64];
  if (key->kind == KEY_SECRET) {
    lua_pushnil(L);
    return 1;
  }
  lua_newtable(L);
  int id = ssl.EVP_PKEY_get_base_id(key->pkey);
  if (id == EVP_PKEY_RSA || id == EVP_PKEY_RSA_PSS) rsa_details(L, key->pkey);
  if (id == EVP_PKEY_EC && ssl.EVP_PKEY_get_utf8_string_param(key->pkey, OSSL_PKEY_PARAM_GROUP_NAME, curve,
                                                              sizeof curve, NULL) == 1) {
    lua_pushstring(L, curve);
    lua_setfield(L, -2, "namedCurve");
  }
  ssl.ERR_clear_error();
  return 1;
}

static int key_inspect(lua_State *L) {
  const KeyObject *key = key_self(L);
  if (key->kind == KEY_SECRET) lua_pushfstring(L, "KeyObject secret, %d bytes", (int)key->len);
  else lua_pushfstring(L, "KeyObject %s, %s", kind_names[key->kind], family(key));
  return 1;
}

/* ---- rows ---- */

static const OptDef export_options[] = {
  { "format", "string", NULL, "\"pem\" (text), \"der\" (a Buffer) or \"jwk\" (a table); \"buffer\" or \"jwk\" for a secret." },
  { "type", "string", NULL, "\"spki\" or \"pkcs1\" for a public key, \"pkcs8\", \"pkcs1\" or \"sec1\" for a "
    "private one." },
  { "cipher", "string", NULL, "Encrypts a private key with this cipher." },
  { "passphrase", "string|Buffer", NULL, "What the cipher's key is made of." },
  { 0 }
};

static const FnDef key_methods[] = {
  { "export", key_export, FN_METHOD, "export(options: table?): string|Buffer|table",
    "The key as text (PEM), bytes (DER) or a table (JWK).", export_options, NULL, NULL },
  { "equals", key_equals, FN_METHOD, "equals(otherKeyObject: KeyObject): boolean",
    "Are both the same key?", NULL, NULL, NULL },
  { 0 }
};

static const PropDef key_props[] = {
  { "type", key_get_type, NULL, "string", "\"secret\", \"public\" or \"private\"." },
  { "asymmetricKeyType", key_get_family, NULL, "string?", "\"rsa\", \"ec\", \"ed25519\", ...; nil for a secret." },
  { "asymmetricKeyDetails", key_get_details, NULL, "table?",
    "What the family tells: modulusLength and publicExponent, or namedCurve." },
  { "symmetricKeySize", key_get_size, NULL, "integer?", "Bytes of a secret." },
  { 0 }
};

const ClassDef key_object_class = {
  .name = "KeyObject", .abstract = true, .gc = key_gc, .inspect = key_inspect, .methods = key_methods,
  .props = key_props,
  .doc = "A key that is kept out of Lua's memory: a secret, or one half of a pair.",
  .example = "local pair = require(\"crypto\").generateKeyPairSync(\"ed25519\")\n"
             "print(pair.publicKey:export{ type = \"spki\", format = \"pem\" })"
};
