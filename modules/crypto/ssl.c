/* SPDX-License-Identifier: MIT */
/* ssl.c - see ssl.h. */
#include "ssl.h"

#include <ctype.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "core/class.h"
#include "core/error.h"

#define LIBRARY "libcrypto.so.3"

Ssl ssl;

static const struct {
  const char *symbol;
  size_t slot; /* where its address goes in Ssl */
} symbols[] = {
#define SSL_ROW(name) { #name, offsetof(Ssl, name) },
  SSL_FUNCTIONS(SSL_ROW)
#undef SSL_ROW
};

static struct {
  pthread_once_t once;
  bool ready;
  char why[256];
} library = { .once = PTHREAD_ONCE_INIT };

static void load(void) {
  void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    snprintf(library.why, sizeof library.why, "crypto needs OpenSSL 3 (package libssl3): %s", dlerror());
    return;
  }
  for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
    void *address = dlsym(handle, symbols[i].symbol);
    if (!address) {
      snprintf(library.why, sizeof library.why, "crypto needs OpenSSL 3 (package libssl3): %s has no %s",
               LIBRARY, symbols[i].symbol);
      dlclose(handle);
      return;
    }
    memcpy((char *)&ssl + symbols[i].slot, &address, sizeof address);
  }
  /* The system's openssl.cnf does not decide here, nor in Node. No clean-up when the process exits: the
   * threads of the pool are still there and keep what is theirs, which goes with them. */
  (void)ssl.OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL);
  library.ready = true; /* the library stays loaded for the life of the process */
}

void ssl_need(lua_State *L) {
  (void)pthread_once(&library.once, load);
  if (!library.ready) err_raise(L, NULL, "ERR_CRYPTO_UNAVAILABLE", "%s", library.why);
}

/* ---- the legacy provider ---- */

static struct {
  pthread_once_t once;
  OSSL_LIB_CTX *ctx;
} legacy = { .once = PTHREAD_ONCE_INIT };

/* The context lives as long as the process: ciphers of it may be in use anywhere. */
static void load_legacy(void) {
  OSSL_LIB_CTX *ctx = ssl.OSSL_LIB_CTX_new();
  if (ctx && ssl.OSSL_PROVIDER_load(ctx, "legacy") && ssl.OSSL_PROVIDER_load(ctx, "default")) legacy.ctx = ctx;
  else ssl.OSSL_LIB_CTX_free(ctx);
  ssl.ERR_clear_error();
}

OSSL_LIB_CTX *ssl_legacy(void) {
  (void)pthread_once(&legacy.once, load_legacy);
  return legacy.ctx;
}

/* ---- errors ---- */

void ssl_take(SslErrors *errors) {
  unsigned long code;
  errors->n = 0;
  while ((code = ssl.ERR_get_error()) != 0)
    if (errors->n < (int)(sizeof errors->code / sizeof *errors->code)) errors->code[errors->n++] = code;
}

/* The part of a code that names the library, as far as Node has it there. */
static const char *library_part(unsigned long code) {
  switch (ERR_GET_LIB(code)) {
  case ERR_LIB_BN: return "BN_";
  case ERR_LIB_RSA: return "RSA_";
  case ERR_LIB_EVP: return "EVP_";
  case ERR_LIB_PEM: return "PEM_";
  case ERR_LIB_X509: return "X509_";
  case ERR_LIB_ASN1: return "ASN1_";
  case ERR_LIB_CRYPTO: return "CRYPTO_";
  case ERR_LIB_EC: return "EC_";
  case ERR_LIB_BIO: return "BIO_";
  case ERR_LIB_PKCS12: return "PKCS12_";
  case ERR_LIB_RAND: return "RAND_";
  case ERR_LIB_HMAC: return "HMAC_";
  default: return "";
  }
}

/* Sets library, reason and code of the Error on top. */
static void set_fields(lua_State *L, unsigned long code) {
  const char *lib = ssl.ERR_lib_error_string(code), *reason = ssl.ERR_reason_error_string(code);
  char text[128];
  if (lib) {
    lua_pushstring(L, lib);
    lua_setfield(L, -2, "library");
  }
  if (!reason) return;
  lua_pushstring(L, reason);
  lua_setfield(L, -2, "reason");
  size_t from = (size_t)snprintf(text, sizeof text, "ERR_OSSL_%s", library_part(code));
  snprintf(text + from, sizeof text - from, "%s", reason);
  for (char *p = text + from; *p; p++) *p = *p == ' ' ? '_' : (char)toupper((unsigned char)*p);
  lua_pushstring(L, text);
  lua_setfield(L, -2, "code");
}

void ssl_push(lua_State *L, const SslErrors *errors, const char *text) {
  char line[256];
  if (errors->n == 0) {
    err_push(L, NULL, NULL, "%s", text);
    return;
  }
  ssl.ERR_error_string_n(errors->code[0], line, sizeof line);
  err_push(L, NULL, NULL, "%s", line);
  set_fields(L, errors->code[0]);
  if (errors->n == 1) return;
  lua_createtable(L, errors->n - 1, 0);
  for (int i = errors->n - 1; i > 0; i--) {
    ssl.ERR_error_string_n(errors->code[i], line, sizeof line);
    lua_pushstring(L, line);
    lua_rawseti(L, -2, errors->n - i);
  }
  lua_setfield(L, -2, "opensslErrorStack");
}

int ssl_raise(lua_State *L, const char *text) {
  SslErrors errors;
  ssl_take(&errors);
  ssl_push(L, &errors, text);
  return lua_error(L);
}

/* ---- what has to be freed ---- */

void owned_drop(Owned *owned) {
  if (owned->p) owned->drop(owned->p);
  owned->p = NULL;
}

static int owned_gc(lua_State *L) {
  owned_drop(lua_touserdata(L, 1));
  return 0;
}

Owned *owned_new(lua_State *L, void (*drop)(void *p)) {
  static const char meta = 0;
  luaL_checkstack(L, 4, "crypto");
  Owned *owned = lua_newuserdatauv(L, sizeof *owned, 0);
  owned->p = NULL;
  owned->drop = drop;
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &meta) == LUA_TNIL) {
    lua_pop(L, 1);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, owned_gc);
    lua_setfield(L, -2, "__gc");
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &meta);
  }
  lua_setmetatable(L, -2);
  return owned;
}

void drop_bio(void *p) { (void)ssl.BIO_free(p); }
void drop_bignum(void *p) { ssl.BN_clear_free(p); }
void drop_pkey(void *p) { ssl.EVP_PKEY_free(p); }
void drop_pkey_ctx(void *p) { ssl.EVP_PKEY_CTX_free(p); }
void drop_md_ctx(void *p) { ssl.EVP_MD_CTX_free(p); }
void drop_cipher(void *p) { ssl.EVP_CIPHER_free(p); }
void drop_bytes(void *p) { ssl.CRYPTO_free(p, __FILE__, __LINE__); }
