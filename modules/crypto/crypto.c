/* SPDX-License-Identifier: MIT */
/* crypto.c - the rows of the module crypto. */
#include "crypto.h"

#include "parts.h"
#include "../util/promisify.h"

static const OptDef hash_options[] = {
  { "outputLength", "integer", NULL, "Bytes of the digest, for hashes of any length: \"shake256\"." },
  { 0 }
};

static const OptDef cipher_options[] = {
  { "authTagLength", "integer", NULL, "Bytes of the tag; CCM and OCB want to know it, GCM has 16." },
  { 0 }
};

static const OptDef info_options[] = {
  { "keyLength", "integer", NULL, "Asks whether the cipher takes a key of so many bytes." },
  { "ivLength", "integer", NULL, "The same for its IV." },
  { 0 }
};

static const OptDef scrypt_options[] = {
  { "N", "integer", "16384", "Cost, a power of two; also called cost." },
  { "r", "integer", "8", "Size of a block; also called blockSize." },
  { "p", "integer", "1", "How many go on side by side; also called parallelization." },
  { "maxmem", "integer", "33554432", "Bytes of memory it may take: 128 * N * r is needed." },
  { 0 }
};

static const OptDef pair_options[] = {
  { "modulusLength", "integer", NULL, "rsa: bits of the key." },
  { "publicExponent", "integer", "65537", "rsa." },
  { "namedCurve", "string", NULL, "ec: one of getCurves()." },
  { "paramEncoding", "string", "\"named\"", "ec: \"named\" or \"explicit\"." },
  { "publicKeyEncoding", "table", NULL, "type \"spki\" or \"pkcs1\", format \"pem\" or \"der\"; without it a KeyObject." },
  { "privateKeyEncoding", "table", NULL, "type \"pkcs8\", \"pkcs1\" or \"sec1\", format, cipher, passphrase." },
  { 0 }
};

static const FnDef crypto_functions[] = {
  { "createHash", crypto_create_hash, FN_STATIC, "createHash(algorithm: string, options: table?): Hash",
    "A hash in the making: \"sha256\", \"md5\", ... of getHashes().", hash_options,
    "print(crypto.createHash(\"md5\"):update(\"text\"):digest(\"hex\"))", NULL },
  { "createHmac", crypto_create_hmac, FN_STATIC,
    "createHmac(algorithm: string, key: string|Buffer|KeyObject, options: table?): Hmac",
    "A hash with a key.", NULL,
    "print(crypto.createHmac(\"sha256\", \"key\"):update(\"text\"):digest(\"hex\"))", NULL },
  { "hash", crypto_hash, FN_STATIC,
    "hash(algorithm: string, data: string|Buffer, outputEncoding: string?): string|Buffer",
    "The hash of data at once, as \"hex\" unless told; \"buffer\" gives a Buffer.", NULL,
    "print(crypto.hash(\"sha1\", \"text\"))", NULL },
  { "getHashes", crypto_get_hashes, FN_STATIC, "getHashes(): string[]", "The names of all hashes.", NULL,
    NULL, NULL },
  { "createCipheriv", crypto_create_cipher, FN_STATIC,
    "createCipheriv(algorithm: string, key: string|Buffer|KeyObject, iv: string|Buffer, options: table?): "
    "Cipheriv",
    "Encrypts: \"aes-256-cbc\", \"aes-128-gcm\", ... of getCiphers(). The IV is public, and another one for "
    "each message; null where the cipher has none.", cipher_options, NULL,
    "old ciphers (des-ecb) work: OpenSSL's legacy provider is loaded for them" },
  { "createDecipheriv", crypto_create_decipher, FN_STATIC,
    "createDecipheriv(algorithm: string, key: string|Buffer|KeyObject, iv: string|Buffer, options: table?): "
    "Decipheriv",
    "Decrypts what createCipheriv has encrypted with the same key and IV.", cipher_options, NULL, NULL },
  { "getCiphers", crypto_get_ciphers, FN_STATIC, "getCiphers(): string[]",
    "The names of all ciphers, without the old ones of the legacy provider.", NULL, NULL, NULL },
  { "getCipherInfo", crypto_get_cipher_info, FN_STATIC,
    "getCipherInfo(nameOrNid: string|integer, options: table?): table?",
    "{ name, nid, mode, blockSize, ivLength, keyLength } of a cipher; nil when there is none.", info_options,
    "print(crypto.getCipherInfo(\"aes-128-cbc\").keyLength)", NULL },
  { "createSign", crypto_create_sign, FN_STATIC, "createSign(algorithm: string, options: table?): Sign",
    "Signs a message that comes in pieces.", NULL, NULL, NULL },
  { "createVerify", crypto_create_verify, FN_STATIC, "createVerify(algorithm: string, options: table?): Verify",
    "Checks the signature of a message that comes in pieces.", NULL, NULL, NULL },
  { "sign", crypto_sign, FN_STATIC,
    "sign(algorithm: string?, data: string|Buffer, key: KeyObject|string|Buffer|table, callback: function?): "
    "Buffer?",
    "The signature of data by a private key (text in PEM, a KeyObject, or a table with key, passphrase, "
    "padding, saltLength, dsaEncoding). algorithm: the hash; nil for ed25519, which has its own. With a "
    "callback(err, signature) it is done in the thread pool.", NULL, NULL, NULL },
  { "verify", crypto_verify, FN_STATIC,
    "verify(algorithm: string?, data: string|Buffer, key: KeyObject|string|Buffer|table, signature: Buffer, "
    "callback: function?): boolean?",
    "Is it the signature of data by the owner of the key?", NULL, NULL, NULL },
  { "generateKeyPair", crypto_generate_pair, FN_STATIC,
    "generateKeyPair(type: string, options: table?, callback: function)",
    "Makes a pair of keys in the thread pool: callback(err, publicKey, privateKey). type: \"rsa\", \"ec\", "
    "\"ed25519\", \"ed448\", \"x25519\", \"x448\".", pair_options, NULL, NULL },
  { "generateKeyPairSync", crypto_generate_pair_sync, FN_STATIC,
    "generateKeyPairSync(type: string, options: table?): table",
    "Makes a pair of keys: { publicKey, privateKey }. The loop stands still meanwhile.", pair_options, NULL,
    NULL },
  { "createSecretKey", crypto_create_secret_key, FN_STATIC,
    "createSecretKey(key: string|Buffer, encoding: string?): KeyObject", "A KeyObject with a secret.", NULL,
    NULL, NULL },
  { "createPrivateKey", crypto_create_private_key, FN_STATIC,
    "createPrivateKey(key: string|Buffer|table): KeyObject",
    "A KeyObject of a private key in PEM, or of { key, format, type, passphrase }; with format \"jwk\" the "
    "key is a table.",
    NULL, NULL, NULL },
  { "createPublicKey", crypto_create_public_key, FN_STATIC,
    "createPublicKey(key: string|Buffer|KeyObject|table): KeyObject",
    "A KeyObject of a public key, or of the public half of a private one; tables as for createPrivateKey.",
    NULL, NULL, NULL },
  { "getCurves", crypto_get_curves, FN_STATIC, "getCurves(): string[]", "The names of all elliptic curves.",
    NULL, NULL, NULL },
  { "pbkdf2", crypto_pbkdf2, FN_STATIC,
    "pbkdf2(password: string|Buffer, salt: string|Buffer, iterations: integer, keylen: integer, "
    "digest: string, callback: function)",
    "A key from a password, in the thread pool: callback(err, key). More iterations, more work for whoever "
    "guesses.", NULL, NULL, NULL },
  { "pbkdf2Sync", crypto_pbkdf2_sync, FN_STATIC,
    "pbkdf2Sync(password: string|Buffer, salt: string|Buffer, iterations: integer, keylen: integer, "
    "digest: string): Buffer",
    "The same at once; the loop stands still meanwhile.", NULL,
    "print(crypto.pbkdf2Sync(\"password\", \"salt\", 1000, 16, \"sha256\"):toString(\"hex\"))", NULL },
  { "scrypt", crypto_scrypt, FN_STATIC,
    "scrypt(password: string|Buffer, salt: string|Buffer, keylen: integer, options: table?, "
    "callback: function)",
    "A key from a password, which costs memory, too; in the thread pool: callback(err, key).", scrypt_options,
    NULL, NULL },
  { "scryptSync", crypto_scrypt_sync, FN_STATIC,
    "scryptSync(password: string|Buffer, salt: string|Buffer, keylen: integer, options: table?): Buffer",
    "The same at once; the loop stands still meanwhile.", scrypt_options, NULL, NULL },
  { "hkdf", crypto_hkdf, FN_STATIC,
    "hkdf(digest: string, ikm: string|Buffer|KeyObject, salt: string|Buffer, info: string|Buffer, "
    "keylen: integer, callback: function)",
    "Derives keys from a key that is good already, in the thread pool: callback(err, key).", NULL, NULL,
    "gives a Buffer" },
  { "hkdfSync", crypto_hkdf_sync, FN_STATIC,
    "hkdfSync(digest: string, ikm: string|Buffer|KeyObject, salt: string|Buffer, info: string|Buffer, "
    "keylen: integer): Buffer",
    "The same at once.", NULL, NULL, "gives a Buffer" },
  { "randomBytes", crypto_random_bytes, FN_STATIC, "randomBytes(size: integer, callback: function?): Buffer?",
    "A Buffer of random bytes that nobody can guess; with a callback(err, buffer) from the thread pool.",
    NULL, "print(crypto.randomBytes(4):toString(\"hex\"))", NULL },
  { "randomFill", crypto_random_fill, FN_STATIC,
    "randomFill(buffer: Buffer, offset: integer?, size: integer?, callback: function)",
    "Fills a Buffer, or a part of it, with random bytes in the thread pool: callback(err, buffer).", NULL,
    NULL, NULL },
  { "randomFillSync", crypto_random_fill_sync, FN_STATIC,
    "randomFillSync(buffer: Buffer, offset: integer?, size: integer?): Buffer",
    "Fills a Buffer, or a part of it, with random bytes; returns it.", NULL, NULL, NULL },
  { "getRandomValues", crypto_random_values, FN_STATIC, "getRandomValues(buffer: Buffer): Buffer",
    "Fills a Buffer of at most 65536 bytes with random ones; returns it.", NULL, NULL, NULL },
  { "randomInt", crypto_random_int, FN_STATIC,
    "randomInt(min: integer?, max: integer, callback: function?): integer?",
    "A random whole number, at least min (0), less than max; each equally likely.", NULL,
    "print(crypto.randomInt(6) + 1)", NULL },
  { "randomUUID", crypto_random_uuid, FN_STATIC, "randomUUID(options: table?): string",
    "A random name that no other program will come up with (version 4).", NULL,
    "print(crypto.randomUUID())", NULL },
  { "timingSafeEqual", crypto_timing_safe_equal, FN_STATIC, "timingSafeEqual(a: Buffer, b: Buffer): boolean",
    "Are the bytes equal? Takes the same time wherever they differ, so that nobody learns from it.", NULL,
    NULL, NULL },
  { 0 }
};

static const ClassDef *const crypto_classes[] = {
  &cipher_class, &decipher_class, &hash_class, &hmac_class, &key_object_class, &sign_class, &verify_class,
  NULL
};

static const PropDef crypto_values[] = {
  { "constants", NULL, NULL, "table", "RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING, RSA_PSS_SALTLEN_DIGEST, ..." },
  { 0 }
};

/* (module) */
static int crypto_open(lua_State *L) {
  static const struct {
    const char *name;
    int value;
  } constants[] = { { "RSA_PKCS1_PADDING", RSA_PKCS1_PADDING },
                    { "RSA_NO_PADDING", RSA_NO_PADDING },
                    { "RSA_PKCS1_OAEP_PADDING", RSA_PKCS1_OAEP_PADDING },
                    { "RSA_X931_PADDING", RSA_X931_PADDING },
                    { "RSA_PKCS1_PSS_PADDING", RSA_PKCS1_PSS_PADDING },
                    { "RSA_PSS_SALTLEN_DIGEST", RSA_PSS_SALTLEN_DIGEST },
                    { "RSA_PSS_SALTLEN_MAX_SIGN", RSA_PSS_SALTLEN_MAX_SIGN },
                    { "RSA_PSS_SALTLEN_AUTO", RSA_PSS_SALTLEN_AUTO } };
  size_t n = sizeof constants / sizeof *constants;
  lua_createtable(L, 0, (int)n);
  for (size_t i = 0; i < n; i++) {
    lua_pushinteger(L, constants[i].value);
    lua_setfield(L, -2, constants[i].name);
  }
  lua_setfield(L, 1, "constants");
  static const char *const halves[] = { "publicKey", "privateKey", NULL };
  lua_pushcfunction(L, crypto_generate_pair);
  promisify_know_names(L, halves);
  lua_settop(L, 1);
  return 1;
}

const ModuleDef crypto_module = {
  .name = "crypto", .functions = crypto_functions, .classes = crypto_classes, .constants = crypto_values,
  .open = crypto_open,
  .doc = "Hashes, ciphers, signatures, keys and random bytes, over OpenSSL 3.",
  .example = "print(require(\"crypto\").createHash(\"sha256\"):update(\"abc\"):digest(\"hex\"))"
};
