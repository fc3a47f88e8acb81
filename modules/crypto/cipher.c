/* SPDX-License-Identifier: MIT */
/* cipher.c - createCipheriv, createDecipheriv and their objects, which are streams, too. */
#include "cipher.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>
#include "buffer/views.h"
#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"

static void cipher_release(Handle *h) {
  Cipher *c = (Cipher *)h;
  if (c->ctx) ssl.EVP_CIPHER_CTX_free(c->ctx);
}

/* ---- as streams ---- */

/* Pushes a Buffer with what the chunk gives, or an error and is false. [+1] */
static bool take_chunk(lua_State *L, int self, int chunk) {
  Bytes data = { "", 0 };
  if (!memory_view(L, chunk, &data.p, &data.len)) (void)buffer_view(L, chunk, &data.p, &data.len);
  return cipher_feed(L, (Cipher *)stream_test(L, self), data);
}

/* The same for the end. [+1] */
static bool take_end(lua_State *L, int self) { return cipher_finish(L, (Cipher *)stream_test(L, self)); }

static void stream_write(lua_State *L, int self, int chunk) {
  int top = lua_gettop(L);
  if (!take_chunk(L, self, chunk)) writable_written(L, self, lua_gettop(L));
  else if (buffer_test(L, -1)->length > 0) filter_give(L, self);
  else writable_written(L, self, 0);
  lua_settop(L, top);
}

static void stream_final(lua_State *L, int self) {
  int top = lua_gettop(L);
  if (!take_end(L, self)) {
    writable_finalled(L, self, lua_gettop(L));
  } else {
    if (buffer_test(L, -1)->length > 0) (void)readable_push(L, self);
    readable_push_end(L, self);
    writable_finalled(L, self, 0);
  }
  lua_settop(L, top);
}

static const StreamImpl cipher_impl = { .read = filter_read, .write = stream_write, .final = stream_final };

/* ---- making ---- */

/* The IV at idx: null means that there is none. */
static Bytes arg_iv(lua_State *L, int idx) {
  Bytes none = { "", 0 };
  if (json_is_null(L, idx)) return none;
  return arg_octets(L, idx, "iv", BYTES_OR_TEXT, 0);
}

/* createCipheriv(algorithm, key, iv, options) */
static int create(lua_State *L, const ClassDef *cls) {
  ssl_need(L);
  lua_settop(L, 4);
  size_t len;
  const char *name = arg_string(L, 1, "cipher", &len);
  Bytes key = arg_secret(L, 2, "key", 0);
  Bytes iv = arg_iv(L, 3);
  if (!lua_isnil(L, 4)) arg_table(L, 4, "options");
  int tag_len = (int)opt_integer(L, 4, "authTagLength", 0, INT_MAX, NO_TAG);
  if (strlen(name) != len) return err_raise(L, NULL, "ERR_CRYPTO_UNKNOWN_CIPHER", "Unknown cipher");
  EVP_CIPHER *cipher = cipher_find(L, name);
  Cipher *c = stream_new(L, cls, sizeof *c, STREAM_READS | STREAM_WRITES, &cipher_impl,
                         TRANSFORM_VALUES);
  c->filter.transform.s.base.release = cipher_release;
  c->encrypt = cls == &cipher_class;
  cipher_start(L, c, cipher, name, key, iv, tag_len);
  stream_options(L, 6, 4);
  lua_settop(L, 6);
  return 1;
}

int crypto_create_cipher(lua_State *L) { return create(L, &cipher_class); }
int crypto_create_decipher(lua_State *L) { return create(L, &decipher_class); }

/* ---- methods ---- */

/* Turns the Buffer on top into text when the value at enc names an encoding. Characters are not cut:
 * what is incomplete waits for the next call. [-1, +1] */
static void shape_output(lua_State *L, Cipher *c, int enc, bool end) {
  Encoding e;
  const Buffer *b = buffer_test(L, -1);
  if (lua_isnil(L, enc)) return;
  if (!names_encoding(L, enc, &e)) {
    if (lua_type(L, enc) == LUA_TSTRING && strcmp(lua_tostring(L, enc), "buffer") == 0) return;
    (void)arg_encoding(L, enc, ENC_UTF8); /* raises */
    return;
  }
  if (!c->decoding) decoder_init(&c->decoder, e);
  c->decoding = true;
  if (c->decoder.enc != e) err_raise(L, NULL, "ERR_INTERNAL_ASSERTION", "Cannot change encoding");
  decoder_push(L, &c->decoder, buffer_bytes(b), b->length);
  if (end) {
    decoder_push_end(L, &c->decoder);
    lua_concat(L, 2);
  }
  lua_remove(L, -2);
}

static int update(lua_State *L, const ClassDef *cls) {
  Cipher *c = class_check(L, 1, cls);
  lua_settop(L, 4);
  Bytes data = arg_data(L, 2, 3);
  if (!cipher_feed(L, c, data)) return lua_error(L);
  shape_output(L, c, 4, false);
  return 1;
}

static int final(lua_State *L, const ClassDef *cls) {
  Cipher *c = class_check(L, 1, cls);
  lua_settop(L, 2);
  if (!cipher_finish(L, c)) return lua_error(L);
  shape_output(L, c, 2, true);
  return 1;
}

/* setAAD(buffer, options) */
static int set_aad(lua_State *L, const ClassDef *cls) {
  lua_settop(L, 3);
  if (!lua_isnil(L, 3)) arg_table(L, 3, "options");
  return cipher_add_aad(L, cls, opt_integer(L, 3, "plaintextLength", 0, INT_MAX, -1));
}

static int cipher_transform(lua_State *L) {
  (void)class_check(L, 1, &cipher_class);
  return filter_transform(L, take_chunk);
}

static int cipher_flush(lua_State *L) {
  (void)class_check(L, 1, &cipher_class);
  return filter_flush(L, take_end);
}

static int decipher_transform(lua_State *L) {
  (void)class_check(L, 1, &decipher_class);
  return filter_transform(L, take_chunk);
}

static int decipher_flush(lua_State *L) {
  (void)class_check(L, 1, &decipher_class);
  return filter_flush(L, take_end);
}

static int cipher_update(lua_State *L) { return update(L, &cipher_class); }
static int cipher_final(lua_State *L) { return final(L, &cipher_class); }
static int cipher_set_aad(lua_State *L) { return set_aad(L, &cipher_class); }
static int cipher_padding(lua_State *L) { return cipher_auto_padding(L, &cipher_class); }
static int decipher_update(lua_State *L) { return update(L, &decipher_class); }
static int decipher_final(lua_State *L) { return final(L, &decipher_class); }
static int decipher_set_aad(lua_State *L) { return set_aad(L, &decipher_class); }
static int decipher_padding(lua_State *L) { return cipher_auto_padding(L, &decipher_class); }

/* ---- what there is ---- */

static void add_cipher(const EVP_CIPHER *cipher, const char *from, const char *to, void *ctx) {
  (void)cipher;
  (void)to;
  const EVP_CIPHER *real = from ? ssl.EVP_get_cipherbyname(from) : NULL;
  EVP_CIPHER *fetched = real ? ssl.EVP_CIPHER_fetch(NULL, ssl.EVP_CIPHER_get0_name(real), NULL) : NULL;
  if (!fetched) return;
  ssl.EVP_CIPHER_free(fetched);
  strbuf_add(ctx, from, strlen(from) + 1);
}

int crypto_get_ciphers(lua_State *L) {
  ssl_need(L);
  StrBuf *names = strbuf_new_lua(L);
  ssl.EVP_CIPHER_do_all_sorted(add_cipher, names);
  ssl.ERR_clear_error();
  push_names(L, names);
  return 1;
}

static const char *mode_name(int mode) {
  static const struct {
    int mode;
    const char *name;
  } modes[] = { { EVP_CIPH_CBC_MODE, "cbc" }, { EVP_CIPH_CCM_MODE, "ccm" }, { EVP_CIPH_CFB_MODE, "cfb" },
                { EVP_CIPH_CTR_MODE, "ctr" }, { EVP_CIPH_ECB_MODE, "ecb" }, { EVP_CIPH_GCM_MODE, "gcm" },
                { EVP_CIPH_OCB_MODE, "ocb" }, { EVP_CIPH_OFB_MODE, "ofb" }, { EVP_CIPH_WRAP_MODE, "wrap" },
                { EVP_CIPH_XTS_MODE, "xts" }, { EVP_CIPH_STREAM_CIPHER, "stream" } };
  for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
    if (modes[i].mode == mode) return modes[i].name;
  return NULL;
}

/* Would the cipher take these lengths (0: not asked)? *iv becomes that of the cipher. */
static bool lengths_fit(lua_State *L, const EVP_CIPHER *cipher, int key, int *iv) {
  EVP_CIPHER_CTX *ctx = ssl.EVP_CIPHER_CTX_new();
  if (!ctx) luaL_error(L, "not enough memory");
  int own = ssl.EVP_CIPHER_get_iv_length(cipher);
  bool ok = ssl.EVP_CipherInit_ex(ctx, cipher, NULL, NULL, NULL, 1) == 1;
  if (ok && key >= 0) ok = ssl.EVP_CIPHER_CTX_set_key_length(ctx, key) == 1;
  if (ok && *iv >= 0 && cipher_is_aead(cipher))
    ok = ssl.EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_IVLEN, *iv, NULL) == 1;
  else if (ok && *iv >= 0) ok = *iv == own;
  ssl.EVP_CIPHER_CTX_free(ctx);
  ssl.ERR_clear_error();
  if (*iv < 0) *iv = own;
  return ok;
}

static void set_int(lua_State *L, const char *name, int n) {
  lua_pushinteger(L, n);
  lua_setfield(L, -2, name);
}

static void push_info(lua_State *L, const EVP_CIPHER *cipher, int key, int iv) {
  int mode = ssl.EVP_CIPHER_get_mode(cipher), nid = ssl.EVP_CIPHER_get_nid(cipher);
  char name[64];
  const char *sn = ssl.OBJ_nid2sn(nid);
  size_t n = 0;
  for (; sn && sn[n] && n + 1 < sizeof name; n++) name[n] = (char)tolower((unsigned char)sn[n]);
  name[n] = '\0';
  lua_createtable(L, 0, 6);
  if (mode_name(mode)) {
    lua_pushstring(L, mode_name(mode));
    lua_setfield(L, -2, "mode");
  }
  lua_pushstring(L, name);
  lua_setfield(L, -2, "name");
  set_int(L, "nid", nid);
  if (mode != EVP_CIPH_STREAM_CIPHER) set_int(L, "blockSize", ssl.EVP_CIPHER_get_block_size(cipher));
  if (iv != 0) set_int(L, "ivLength", iv);
  set_int(L, "keyLength", key);
}

/* getCipherInfo(nameOrNid, options) */
int crypto_get_cipher_info(lua_State *L) {
  ssl_need(L);
  lua_settop(L, 2);
  const char *name = NULL;
  if (lua_type(L, 1) == LUA_TNUMBER)
    name = ssl.OBJ_nid2sn((int)arg_integer(L, 1, "nameOrNid", INT_MIN, INT_MAX));
  else if (lua_type(L, 1) == LUA_TSTRING) name = lua_tostring(L, 1);
  else err_arg_type(L, 1, "nameOrNid", "one of type string or number");
  if (!lua_isnil(L, 2)) arg_table(L, 2, "options");
  int key = (int)opt_integer(L, 2, "keyLength", 0, INT_MAX, -1);
  int iv = (int)opt_integer(L, 2, "ivLength", 0, INT_MAX, -1);
  lua_pushnil(L);
  if (!name || !ssl.EVP_get_cipherbyname(name)) {
    ssl.ERR_clear_error();
    return 1;
  }
  EVP_CIPHER *cipher = cipher_find(L, name);
  if (!lengths_fit(L, cipher, key, &iv)) {
    lua_settop(L, 3);
    return 1;
  }
  push_info(L, cipher, key < 0 ? ssl.EVP_CIPHER_get_key_length(cipher) : key, iv);
  return 1;
}

/* ---- rows ---- */

#define UPDATE_TEXT \
  "Adds data (a string: in inputEncoding) and returns what has become of it so far: a Buffer, or text " \
  "in outputEncoding."

static const OptDef aad_options[] = {
  { "plaintextLength", "integer", NULL, "How long the message will be; CCM wants to know." },
  { 0 }
};

static const FnDef cipher_methods[] = {
  { "update", cipher_update, FN_METHOD,
    "update(data: string|Buffer, inputEncoding: string?, outputEncoding: string?): string|Buffer",
    UPDATE_TEXT, NULL, NULL, NULL },
  { "final", cipher_final, FN_METHOD, "final(outputEncoding: string?): string|Buffer",
    "The end: returns what is left. Works once.", NULL, NULL, NULL },
  { "getAuthTag", cipher_get_auth_tag, FN_METHOD, "getAuthTag(): Buffer",
    "After final: what proves the message whole (GCM, CCM, OCB, ChaCha20-Poly1305).", NULL, NULL, NULL },
  { "setAAD", cipher_set_aad, FN_METHOD, "setAAD(buffer: string|Buffer, options: table?): Cipheriv",
    "Data that is proven by the tag but not encrypted.", aad_options, NULL, NULL },
  { "setAutoPadding", cipher_padding, FN_METHOD, "setAutoPadding(autoPadding: boolean?): Cipheriv",
    "With false the message must be whole blocks, and none is added.", NULL, NULL, NULL },
  FILTER_ROWS(cipher_transform, cipher_flush),
  { 0 }
};

static const FnDef decipher_methods[] = {
  { "update", decipher_update, FN_METHOD,
    "update(data: string|Buffer, inputEncoding: string?, outputEncoding: string?): string|Buffer",
    UPDATE_TEXT, NULL, NULL, NULL },
  { "final", decipher_final, FN_METHOD, "final(outputEncoding: string?): string|Buffer",
    "The end: returns what is left, and raises when the key or the tag was a wrong one.", NULL, NULL,
    NULL },
  { "setAuthTag", decipher_set_auth_tag, FN_METHOD,
    "setAuthTag(buffer: string|Buffer, encoding: string?): Decipheriv",
    "The tag that came with the message; final checks it.", NULL, NULL, NULL },
  { "setAAD", decipher_set_aad, FN_METHOD, "setAAD(buffer: string|Buffer, options: table?): Decipheriv",
    "The data that was given to setAAD when the message was encrypted.", aad_options, NULL, NULL },
  { "setAutoPadding", decipher_padding, FN_METHOD, "setAutoPadding(autoPadding: boolean?): Decipheriv",
    "With false the last block is taken as it is.", NULL, NULL, NULL },
  FILTER_ROWS(decipher_transform, decipher_flush),
  { 0 }
};

const ClassDef cipher_class = {
  .name = "Cipheriv", .base = &transform_class, .abstract = true, .methods = cipher_methods,
  .doc = "A message being encrypted, from crypto.createCipheriv: by update and final, or as a stream.",
  .example = "local c = require(\"crypto\").createCipheriv(\"aes-128-cbc\", \"a key of 16 byte\", "
             "\"an IV of 16 byte\")\nprint(c:update(\"secret\", \"utf8\", \"hex\") .. c:final \"hex\")"
};

const ClassDef decipher_class = {
  .name = "Decipheriv", .base = &transform_class, .abstract = true, .methods = decipher_methods,
  .doc = "A message being decrypted, from crypto.createDecipheriv: by update and final, or as a stream."
};
