/* SPDX-License-Identifier: MIT */
/* codec.c - see codec.h. What each encoding does with bad input is Node's. */
#include "codec.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <lauxlib.h>
#include "core/error.h"
#include "core/utf8.h"

/* ---- names ---- */

typedef struct EncName {
  const char *name;
  Encoding enc;
} EncName;

static const EncName names[] = { /* the first of each encoding is the one shown */
  { "utf8", ENC_UTF8 },       { "utf-8", ENC_UTF8 },       { "utf16le", ENC_UTF16LE },
  { "ucs2", ENC_UTF16LE },    { "utf-16le", ENC_UTF16LE }, { "ucs-2", ENC_UTF16LE },
  { "latin1", ENC_LATIN1 },   { "binary", ENC_LATIN1 },    { "ascii", ENC_ASCII },
  { "hex", ENC_HEX },         { "base64", ENC_BASE64 },    { "base64url", ENC_BASE64URL },
  { NULL, ENC_UTF8 }
};

bool enc_find(const char *name, size_t len, Encoding *enc) {
  for (const EncName *n = names; n->name; n++)
    if (strlen(n->name) == len && !strncasecmp(n->name, name, len)) {
      *enc = n->enc;
      return true;
    }
  return false;
}

const char *enc_name(Encoding enc) {
  const EncName *n = names;
  while (n->enc != enc) n++;
  return n->name;
}

Encoding arg_encoding(lua_State *L, int idx, Encoding fallback) {
  Encoding enc;
  size_t len;
  if (idx == 0 || lua_isnoneornil(L, idx)) return fallback;
  if (lua_type(L, idx) == LUA_TSTRING) {
    const char *name = lua_tolstring(L, idx, &len);
    if (enc_find(name, len, &enc)) return enc;
  }
  err_raise(L, &type_error_class, "ERR_UNKNOWN_ENCODING", "Unknown encoding: %s",
            luaL_tolstring(L, idx, NULL));
  return fallback;
}

/* ---- text to bytes ---- */

/* The next character of the text; what is not UTF-8 is U+FFFD. Returns the bytes it takes. */
static size_t next_char(const char *s, size_t n, uint32_t *cp) {
  int used = utf8_decode(s, n, cp);
  if (used > 0) return (size_t)used;
  *cp = 0xFFFD;
  size_t len = 1; /* the maximal prefix of a valid sequence is one error */
  while (len < 3 && len < n && utf8_incomplete_tail(s, len + 1) == len + 1) len++;
  return len;
}

static size_t write_utf8(const char *s, size_t n, char *dst, size_t cap) {
  if (n > cap) {
    n = cap;
    n -= utf8_incomplete_tail(s, n);
  }
  memcpy(dst, s, n);
  return n;
}

static size_t write_latin1(const char *s, size_t n, char *dst, size_t cap) {
  size_t out = 0;
  for (size_t i = 0; i < n && out < cap;) {
    uint32_t cp;
    i += next_char(s + i, n - i, &cp);
    if (cp > 0xFFFF) { /* two UTF-16 units, the low byte of each */
      cp -= 0x10000;
      dst[out++] = (char)(cp >> 10 & 0xFF);
      if (out < cap) dst[out++] = (char)(cp & 0xFF);
    } else {
      dst[out++] = (char)cp;
    }
  }
  return out;
}

static void put_unit(char *dst, uint32_t unit) {
  dst[0] = (char)(unit & 0xFF);
  dst[1] = (char)(unit >> 8);
}

static size_t write_utf16(const char *s, size_t n, char *dst, size_t cap) {
  size_t out = 0;
  for (size_t i = 0; i < n;) {
    uint32_t cp;
    i += next_char(s + i, n - i, &cp);
    size_t need = cp > 0xFFFF ? 4 : 2;
    if (cap - out < need) break;
    if (need == 4) {
      put_unit(dst + out, 0xD800 + ((cp - 0x10000) >> 10));
      put_unit(dst + out + 2, 0xDC00 + ((cp - 0x10000) & 0x3FF));
    } else {
      put_unit(dst + out, cp);
    }
    out += need;
  }
  return out;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

static size_t write_hex(const char *s, size_t n, char *dst, size_t cap) {
  size_t out = 0;
  for (size_t i = 0; i + 1 < n && out < cap; i += 2) {
    int high = hex_digit(s[i]), low = hex_digit(s[i + 1]);
    if (high < 0 || low < 0) break;
    dst[out++] = (char)(high << 4 | low);
  }
  return out;
}

/* Both alphabets; -1 for what is skipped. */
static int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

static size_t write_base64(const char *s, size_t n, char *dst, size_t cap) {
  size_t out = 0;
  uint32_t bits = 0;
  int have = 0;
  for (size_t i = 0; i < n && s[i] != '=' && out < cap; i++) {
    int digit = base64_digit(s[i]);
    if (digit < 0) continue;
    bits = bits << 6 | (uint32_t)digit;
    have += 6;
    if (have < 8) continue;
    have -= 8;
    dst[out++] = (char)(bits >> have & 0xFF);
  }
  return out;
}

/* UTF-16 units of the text: what JavaScript calls its length. */
static size_t utf16_units(const char *s, size_t n) {
  size_t units = 0;
  for (size_t i = 0; i < n; units++) {
    uint32_t cp;
    i += next_char(s + i, n - i, &cp);
    if (cp > 0xFFFF) units++;
  }
  return units;
}

size_t enc_bound(Encoding enc, const char *text, size_t len) {
  (void)text;
  switch (enc) {
  case ENC_UTF8: case ENC_LATIN1: case ENC_ASCII: return len;
  case ENC_UTF16LE: return len * 2;
  case ENC_HEX: return len / 2;
  default: return len / 4 * 3 + 3;
  }
}

size_t enc_byte_length(Encoding enc, const char *text, size_t len) {
  switch (enc) {
  case ENC_UTF8: return len;
  case ENC_LATIN1: case ENC_ASCII: return utf16_units(text, len);
  case ENC_UTF16LE: return utf16_units(text, len) * 2;
  case ENC_HEX: return utf16_units(text, len) / 2;
  default:
    for (int i = 0; i < 2 && len > 0 && text[len - 1] == '='; i++) len--;
    return utf16_units(text, len) * 3 / 4;
  }
}

size_t enc_write(Encoding enc, const char *text, size_t len, char *dst, size_t cap) {
  switch (enc) {
  case ENC_UTF8: return write_utf8(text, len, dst, cap);
  case ENC_LATIN1: case ENC_ASCII: return write_latin1(text, len, dst, cap);
  case ENC_UTF16LE: return write_utf16(text, len, dst, cap);
  case ENC_HEX: return write_hex(text, len, dst, cap);
  default: return write_base64(text, len, dst, cap);
  }
}

/* ---- bytes to text ---- */

static void push_utf8(lua_State *L, const char *s, size_t n) {
  if (utf8_valid(s, n)) {
    lua_pushlstring(L, s, n);
    return;
  }
  StrBuf *buf = strbuf_new_lua(L);
  utf8_sanitize(buf, s, n);
  if (buf->failed) luaL_error(L, "not enough memory");
  lua_pushlstring(L, buf->p, buf->len);
  strbuf_free(buf);
  lua_replace(L, -2);
}

static void push_latin1(lua_State *L, const char *s, size_t n) {
  luaL_Buffer b;
  size_t out = 0;
  char *dst = luaL_buffinitsize(L, &b, n * 2);
  for (size_t i = 0; i < n; i++) {
    unsigned char c = (unsigned char)s[i];
    if (c >= 0x80) dst[out++] = (char)(0xC0 | c >> 6);
    dst[out++] = (char)(c < 0x80 ? c : 0x80 | (c & 0x3F));
  }
  luaL_pushresultsize(&b, out);
}

static void push_ascii(lua_State *L, const char *s, size_t n) {
  luaL_Buffer b;
  char *dst = luaL_buffinitsize(L, &b, n);
  for (size_t i = 0; i < n; i++) dst[i] = (char)(s[i] & 0x7F);
  luaL_pushresultsize(&b, n);
}

static uint32_t get_unit(const char *s) {
  return (uint32_t)(unsigned char)s[0] | (uint32_t)(unsigned char)s[1] << 8;
}

static void push_utf16(lua_State *L, const char *s, size_t n) {
  luaL_Buffer b;
  size_t out = 0;
  n &= ~(size_t)1; /* an odd last byte is no unit */
  char *dst = luaL_buffinitsize(L, &b, n / 2 * 3);
  for (size_t i = 0; i < n; i += 2) {
    uint32_t cp = get_unit(s + i);
    if (cp >= 0xD800 && cp < 0xDC00 && i + 2 < n) {
      uint32_t low = get_unit(s + i + 2);
      if (low >= 0xDC00 && low < 0xE000) {
        cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
        i += 2;
      }
    }
    char bytes[4];
    int len = utf8_encode(cp, bytes);
    memcpy(dst + out, bytes, (size_t)len);
    out += (size_t)len;
  }
  luaL_pushresultsize(&b, out);
}

static void push_hex(lua_State *L, const char *s, size_t n) {
  static const char digits[] = "0123456789abcdef";
  luaL_Buffer b;
  char *dst = luaL_buffinitsize(L, &b, n * 2);
  for (size_t i = 0; i < n; i++) {
    unsigned char c = (unsigned char)s[i];
    dst[2 * i] = digits[c >> 4];
    dst[2 * i + 1] = digits[c & 15];
  }
  luaL_pushresultsize(&b, n * 2);
}

static void push_base64(lua_State *L, const char *s, size_t n, bool url) {
  static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const char *digits = url ? safe : standard;
  const unsigned char *p = (const unsigned char *)s;
  luaL_Buffer b;
  size_t i = 0;
  char *start = luaL_buffinitsize(L, &b, (n + 2) / 3 * 4), *dst = start;
  for (; i + 2 < n; i += 3) {
    uint32_t v = (uint32_t)p[i] << 16 | (uint32_t)p[i + 1] << 8 | p[i + 2];
    *dst++ = digits[v >> 18];
    *dst++ = digits[v >> 12 & 63];
    *dst++ = digits[v >> 6 & 63];
    *dst++ = digits[v & 63];
  }
  if (i < n) {
    bool two = n - i == 2;
    uint32_t v = (uint32_t)p[i] << 16 | (two ? (uint32_t)p[i + 1] << 8 : 0);
    *dst++ = digits[v >> 18];
    *dst++ = digits[v >> 12 & 63];
    if (two) *dst++ = digits[v >> 6 & 63];
    for (int pad = two ? 1 : 2; pad > 0 && !url; pad--) *dst++ = '=';
  }
  luaL_pushresultsize(&b, (size_t)(dst - start));
}

void enc_push_text(lua_State *L, Encoding enc, const char *bytes, size_t len) {
  if (len > 0x1fffffe8)
    err_raise(L, NULL, "ERR_STRING_TOO_LONG",
              "Cannot create a string longer than 0x1fffffe8 characters");
  switch (enc) {
  case ENC_UTF8: push_utf8(L, bytes, len); return;
  case ENC_LATIN1: push_latin1(L, bytes, len); return;
  case ENC_ASCII: push_ascii(L, bytes, len); return;
  case ENC_UTF16LE: push_utf16(L, bytes, len); return;
  case ENC_HEX: push_hex(L, bytes, len); return;
  case ENC_BASE64: case ENC_BASE64URL: push_base64(L, bytes, len, enc == ENC_BASE64URL); return;
  }
}
