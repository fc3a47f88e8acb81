/* SPDX-License-Identifier: MIT */
/* recode.c - functions of the module about text: atob, btoa, transcode, isUtf8, isAscii. */
#include "buffer_args.h"

#include <string.h>
#include "core/class.h"
#include "core/error.h"
#include "core/opts.h"
#include "core/utf8.h"
#include "text.h"
#include "views.h"

/* ---- base64 as browsers have it ---- */

static int refuse_character(lua_State *L, const char *message) {
  err_push(L, NULL, NULL, "%s", message);
  lua_pushliteral(L, "InvalidCharacterError");
  lua_setfield(L, -2, "name");
  lua_pushinteger(L, 5); /* DOMException's number for it */
  lua_setfield(L, -2, "code");
  return lua_error(L);
}

static const char *arg_input(lua_State *L, size_t *len) {
  if (lua_isnoneornil(L, 1))
    err_raise(L, &type_error_class, "ERR_MISSING_ARGS", "The \"input\" argument must be specified");
  const char *s = luaL_tolstring(L, 1, len);
  lua_replace(L, 1);
  return s;
}

/* The text at 1 without white space and its padding; NULL: what is left cannot be base64. */
static const char *push_squeezed(lua_State *L, const char *s, size_t len, size_t *squeezed) {
  luaL_Buffer out;
  luaL_buffinit(L, &out);
  for (size_t i = 0; i < len; i++)
    if (!s[i] || !strchr(" \t\n\f\r", s[i])) luaL_addchar(&out, s[i]);
  luaL_pushresult(&out);
  s = lua_tolstring(L, -1, &len);
  if (len % 4 == 0)
    for (int i = 0; i < 2 && len > 0 && s[len - 1] == '='; i++) len--;
  *squeezed = len;
  for (size_t i = 0; i < len; i++)
    if (!s[i] || !strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", s[i])) return NULL;
  return s;
}

static int recode_atob(lua_State *L) {
  size_t len, n;
  const char *given = arg_input(L, &len);
  const char *s = push_squeezed(L, given, len, &n);
  if (!s) return refuse_character(L, "Invalid character");
  if (n % 4 == 1) return refuse_character(L, "The string to be decoded is not correctly encoded.");
  char *bytes = lua_newuserdatauv(L, enc_bound(ENC_BASE64, s, n), 0);
  size_t got = enc_write(ENC_BASE64, s, n, bytes, enc_bound(ENC_BASE64, s, n));
  enc_push_text(L, ENC_LATIN1, bytes, got);
  return 1;
}

static int recode_btoa(lua_State *L) {
  size_t len;
  const char *s = arg_input(L, &len);
  uint32_t cp = 0;
  for (size_t i = 0; i < len;) {
    int step = utf8_decode(s + i, len - i, &cp);
    if (step == 0 || cp > 255) return refuse_character(L, "Invalid character");
    i += (size_t)step;
  }
  char *bytes = lua_newuserdatauv(L, enc_bound(ENC_LATIN1, s, len), 0);
  size_t n = enc_write(ENC_LATIN1, s, len, bytes, enc_bound(ENC_LATIN1, s, len));
  enc_push_text(L, ENC_BASE64, bytes, n);
  return 1;
}

/* ---- questions ---- */

static const char *arg_memory(lua_State *L, size_t *len) {
  const char *bytes = NULL;
  if (class_is(L, 1, &data_view_class) || !memory_view(L, 1, &bytes, len))
    err_arg_type(L, 1, "input", "an instance of ArrayBuffer, Buffer, or TypedArray");
  return bytes;
}

static int recode_is_utf8(lua_State *L) {
  size_t len;
  const char *bytes = arg_memory(L, &len);
  lua_pushboolean(L, text_valid(bytes, len));
  return 1;
}

static int recode_is_ascii(lua_State *L) {
  size_t len;
  const char *bytes = arg_memory(L, &len);
  lua_pushboolean(L, text_ascii(bytes, len) == len);
  return 1;
}

/* ---- transcode ---- */

static int refuse_transcode(lua_State *L, const char *code) {
  return err_raise(L, NULL, code, "Unable to transcode Buffer [%s]", code);
}

/* The encoding named at idx (nil: utf8); one that transcode cannot take is refused. */
static Encoding arg_transcoding(lua_State *L, int idx) {
  size_t len;
  Encoding enc = ENC_UTF8;
  if (arg_missing(L, idx)) return enc;
  const char *name = lua_type(L, idx) == LUA_TSTRING ? lua_tolstring(L, idx, &len) : NULL;
  if (!name || !enc_find(name, len, &enc) || enc > ENC_ASCII)
    refuse_transcode(L, "U_ILLEGAL_ARGUMENT_ERROR");
  return enc;
}

/* The next code unit of UTF-16 at s, n bytes long. */
static uint32_t unit_at(const char *s) { return (unsigned char)s[0] | (uint32_t)(unsigned char)s[1] << 8; }

/* Are the surrogates of the n bytes all in pairs? */
static bool utf16_valid(const char *s, size_t n) {
  for (size_t i = 0; i + 1 < n; i += 2) {
    uint32_t u = unit_at(s + i);
    if (u < 0xD800 || u > 0xDFFF) continue;
    if (u > 0xDBFF || i + 3 >= n || unit_at(s + i + 2) - 0xDC00 > 0x3FF) return false;
    i += 2;
  }
  return true;
}

/* Pushes the source as UTF-8. Bytes of ASCII above 127 are no characters, but on the way to UTF-16, where
 * Node takes them for latin1. [+1] */
static void push_decoded(lua_State *L, const Buffer *b, Encoding from, Encoding to) {
  const char *bytes = buffer_bytes(b);
  if (from != ENC_ASCII || to == ENC_UTF16LE) {
    enc_push_text(L, from == ENC_ASCII ? ENC_LATIN1 : from, bytes, b->length);
    return;
  }
  luaL_Buffer out;
  luaL_buffinit(L, &out);
  for (size_t i = 0; i < b->length; i++) {
    if ((unsigned char)bytes[i] < 128) luaL_addchar(&out, bytes[i]);
    else luaL_addstring(&out, "\xEF\xBF\xBD");
  }
  luaL_pushresult(&out);
}

/* Pushes a Buffer with one byte for each character of the text on top, `?` above `most`. [-1, +1] */
static void push_narrow(lua_State *L, uint32_t most) {
  size_t len, n = 0;
  const char *s = lua_tolstring(L, -1, &len);
  Buffer *b = buffer_push_new(L, len);
  for (size_t i = 0; i < len; n++) {
    uint32_t cp = 0;
    int step = utf8_decode(s + i, len - i, &cp);
    buffer_bytes(b)[n] = cp <= most ? (char)cp : '?';
    i += step > 0 ? (size_t)step : 1;
  }
  b->length = n;
  lua_remove(L, -2);
}

/* transcode(source, fromEnc, toEnc) */
static int recode_transcode(lua_State *L) {
  lua_settop(L, 3);
  const Buffer *b = arg_buffer(L, 1, "source");
  if (b->length == 0) {
    buffer_push_new(L, 0);
    return 1;
  }
  Encoding from = arg_transcoding(L, 2), to = arg_transcoding(L, 3);
  bool strict = (from == ENC_UTF8 && to == ENC_UTF16LE) || (from == ENC_UTF16LE && to == ENC_UTF8);
  if (strict && !(from == ENC_UTF8 ? text_valid(buffer_bytes(b), b->length)
                                   : utf16_valid(buffer_bytes(b), b->length)))
    return refuse_transcode(L, "U_INVALID_CHAR_FOUND");
  push_decoded(L, b, from, to);
  if (to == ENC_LATIN1 || to == ENC_ASCII) {
    push_narrow(L, to == ENC_ASCII ? 127 : 255);
    return 1;
  }
  size_t len;
  const char *s = lua_tolstring(L, -1, &len);
  Buffer *made = buffer_push_new(L, enc_byte_length(to, s, len));
  made->length = enc_write(to, s, len, buffer_bytes(made), made->length);
  return 1;
}

const FnDef recode_functions[] = {
  { "atob", recode_atob, FN_STATIC, "atob(data: string): string",
    "The text whose code points (0 to 255) are the bytes that base64 text stands for.", NULL,
    "print(require(\"buffer\").atob \"aGk=\")", "The result is UTF-8, as all text is." },
  { "btoa", recode_btoa, FN_STATIC, "btoa(data: string): string",
    "Text with code points up to 255 as base64.", NULL, "print(require(\"buffer\").btoa \"hi\")", NULL },
  { "isAscii", recode_is_ascii, FN_STATIC, "isAscii(input: TypedArray|ArrayBuffer): boolean",
    "Are all bytes below 128?", NULL, NULL, NULL },
  { "isUtf8", recode_is_utf8, FN_STATIC, "isUtf8(input: TypedArray|ArrayBuffer): boolean",
    "Are the bytes valid UTF-8?", NULL, NULL, NULL },
  { "transcode", recode_transcode, FN_STATIC,
    "transcode(source: Uint8Array, fromEnc: string, toEnc: string): Buffer",
    "The same text in another encoding (utf8, utf16le, latin1, ascii); what it cannot say becomes ?.",
    NULL, "print(require(\"buffer\").transcode(Buffer.from \"€\", \"utf8\", \"ascii\"))", NULL },
  { 0 }
};
