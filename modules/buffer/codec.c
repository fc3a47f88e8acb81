/* SPDX-License-Identifier: MIT */
/* codec.c - see codec.h. What each encoding does with bad input is Node's. */
#include "codec.h"

#include <string.h>
#include <strings.h>
#include <lauxlib.h>
#include "core/error.h"
#include "core/runtime.h"
#include "core/utf8.h"
#include "base64.h"
#include "text.h"

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
  case ENC_LATIN1: case ENC_ASCII: return text_units(text, len);
  case ENC_UTF16LE: return text_units(text, len) * 2;
  case ENC_HEX: return text_units(text, len) / 2;
  default:
    for (int i = 0; i < 2 && len > 0 && text[len - 1] == '='; i++) len--;
    return text_units(text, len) * 3 / 4;
  }
}

size_t enc_write(Encoding enc, const char *text, size_t len, char *dst, size_t cap) {
  switch (enc) {
  case ENC_UTF8: return utf8_from_text(text, len, dst, cap);
  case ENC_LATIN1: case ENC_ASCII: return latin1_from_text(text, len, dst, cap);
  case ENC_UTF16LE: return utf16_from_text(text, len, dst, cap);
  case ENC_HEX: return hex_decode(text, len, dst, cap);
  default: return base64_decode(text, len, dst, cap);
  }
}

/* ---- bytes to text ---- */

enum { SCRATCH = 256 << 10 }; /* what a Buffer of 64 KiB gives in any encoding goes in */

/* Where a text is made before Lua copies it: a block that stays, which is in the cache, or for a
 * longer text one of its own, on the stack. */
typedef struct Room {
  char *p;
  StrBuf *own;
} Room;

static const char scratch_key = 0;

/* [+0|+1] */
static Room room_open(lua_State *L, size_t size) {
  Room room = { NULL, NULL };
  if (size <= SCRATCH) {
    room.p = rt_data(L, &scratch_key, SCRATCH);
    return room;
  }
  room.own = strbuf_new_lua(L);
  if (!strbuf_reserve(room.own, size)) luaL_error(L, "not enough memory");
  room.p = room.own->p;
  return room;
}

/* Pushes the first len bytes; closes the room. [-0|-1, +1] */
static void room_push(lua_State *L, Room room, size_t len) {
  lua_pushlstring(L, room.p, len);
  if (!room.own) return;
  strbuf_free(room.own);
  lua_remove(L, -2);
}

static void push_sanitized(lua_State *L, const char *s, size_t n) {
  StrBuf *buf = strbuf_new_lua(L);
  utf8_sanitize(buf, s, n);
  if (buf->failed) luaL_error(L, "not enough memory");
  lua_pushlstring(L, buf->p, buf->len);
  strbuf_free(buf);
  lua_remove(L, -2);
}

/* How long the text may be that n bytes give. */
static size_t text_bound(Encoding enc, size_t n) {
  switch (enc) {
  case ENC_LATIN1: case ENC_HEX: return n * 2;
  case ENC_UTF16LE: return n / 2 * 3;
  case ENC_BASE64: case ENC_BASE64URL: return (n + 2) / 3 * 4;
  default: return n;
  }
}

static size_t to_text(Encoding enc, const char *s, size_t n, char *dst) {
  switch (enc) {
  case ENC_LATIN1: return latin1_to_text(s, n, dst);
  case ENC_UTF16LE: return utf16_to_text(s, n, dst);
  case ENC_HEX: hex_encode(s, n, dst); return n * 2;
  case ENC_BASE64: case ENC_BASE64URL: return base64_encode(s, n, dst, enc == ENC_BASE64URL);
  default: return ascii_to_text(s, n, dst);
  }
}

/* Are the bytes the text already? */
static bool is_text(Encoding enc, const char *s, size_t n) {
  if (enc == ENC_UTF8) return text_valid(s, n);
  return (enc == ENC_LATIN1 || enc == ENC_ASCII) && text_ascii(s, n) == n;
}

void enc_push_text(lua_State *L, Encoding enc, const char *bytes, size_t len) {
  if (len > 0x1fffffe8)
    err_raise(L, NULL, "ERR_STRING_TOO_LONG",
              "Cannot create a string longer than 0x1fffffe8 characters");
  if (is_text(enc, bytes, len)) {
    lua_pushlstring(L, bytes, len);
  } else if (enc == ENC_UTF8) {
    push_sanitized(L, bytes, len);
  } else {
    Room room = room_open(L, text_bound(enc, len));
    room_push(L, room, to_text(enc, bytes, len, room.p));
  }
}
