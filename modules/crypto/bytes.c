/* SPDX-License-Identifier: MIT */
/* bytes.c - how crypto reads bytes from its arguments and gives bytes back. */
#include "parts.h"

#include <ctype.h>
#include <string.h>
#include "buffer/buffer.h"
#include "core/error.h"

bool names_encoding(lua_State *L, int idx, Encoding *enc) {
  size_t len;
  if (idx == 0 || lua_type(L, idx) != LUA_TSTRING) return false;
  const char *name = lua_tolstring(L, idx, &len);
  return enc_find(name, len, enc);
}

/* Puts the bytes that the text at idx stands for in its place. */
static void decode_text(lua_State *L, int idx, Encoding enc) {
  size_t len;
  const char *text = lua_tolstring(L, idx, &len);
  Buffer *b = buffer_push_new(L, enc_bound(enc, text, len));
  b->length = enc_write(enc, text, len, buffer_bytes(b), b->length);
  lua_replace(L, idx);
}

Bytes arg_octets(lua_State *L, int idx, const char *name, const char *expected, int enc) {
  Bytes bytes = { "", 0 };
  Encoding e;
  if (lua_type(L, idx) == LUA_TSTRING && names_encoding(L, enc, &e) && e != ENC_UTF8)
    decode_text(L, idx, e);
  if (!buffer_view(L, idx, &bytes.p, &bytes.len)) err_arg_type(L, idx, name, expected);
  return bytes;
}

Bytes arg_data(lua_State *L, int idx, int enc) {
  Encoding e;
  if (lua_type(L, idx) == LUA_TSTRING && names_encoding(L, enc, &e) && e == ENC_HEX &&
      lua_rawlen(L, idx) % 2 != 0) {
    err_arg_value(L, enc, "encoding",
                  lua_pushfstring(L, "is invalid for data of length %d", (int)lua_rawlen(L, idx)));
  }
  return arg_octets(L, idx, "data",
                    "of type string or an instance of Buffer, TypedArray, or DataView", enc);
}

void push_octets(lua_State *L, const void *p, size_t len, int enc) {
  Encoding e;
  if (names_encoding(L, enc, &e)) enc_push_text(L, e, p, len);
  else (void)buffer_push_copy(L, p, len);
}

const EVP_MD *arg_digest(lua_State *L, int idx, const char *name) {
  size_t len;
  if (lua_type(L, idx) != LUA_TSTRING) err_arg_type(L, idx, name, "of type string");
  const char *digest = lua_tolstring(L, idx, &len);
  const EVP_MD *md = strlen(digest) == len ? ssl.EVP_get_digestbyname(digest) : NULL;
  ssl.ERR_clear_error();
  if (!md) err_raise(L, &type_error_class, "ERR_CRYPTO_INVALID_DIGEST", "Invalid digest: %s", digest);
  return md;
}

/* ---- lists of names ---- */

/* Sorts the list of strings at the top; there are about a hundred. */
static void sort_list(lua_State *L) {
  int list = lua_gettop(L), n = (int)lua_rawlen(L, list);
  for (int i = 2; i <= n; i++) {
    lua_rawgeti(L, list, i);
    int at = i;
    for (; at > 1; at--) {
      lua_rawgeti(L, list, at - 1);
      if (strcmp(lua_tostring(L, -1), lua_tostring(L, -2)) <= 0) break;
      lua_rawseti(L, list, at);
    }
    lua_settop(L, list + 1);
    lua_rawseti(L, list, at);
  }
}

static void push_lower(lua_State *L, const char *name) {
  char small[128];
  size_t n = 0;
  while (name[n] && n < sizeof small) {
    small[n] = (char)tolower((unsigned char)name[n]);
    n++;
  }
  lua_pushlstring(L, small, n);
}

void push_names(lua_State *L, const StrBuf *names) {
  if (names->failed) luaL_error(L, "not enough memory");
  lua_newtable(L);
  for (size_t at = 0; at < names->len; at += strlen(names->p + at) + 1) {
    push_lower(L, names->p + at);
    lua_pushstring(L, names->p + at);
    lua_rawset(L, -3);
  }
  lua_newtable(L);
  lua_pushnil(L);
  for (int n = 1; lua_next(L, -3); n++) lua_rawseti(L, -3, n);
  lua_remove(L, -2);
  sort_list(L);
}
