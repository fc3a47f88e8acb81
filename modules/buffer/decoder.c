/* SPDX-License-Identifier: MIT */
/* decoder.c - see decoder.h. */
#include "decoder.h"

#include <string.h>
#include <lauxlib.h>
#include "core/utf8.h"

void decoder_init(Decoder *d, Encoding enc) { *d = (Decoder){ .enc = enc }; }

/* Bytes at the end that wait for more. */
static size_t unfinished(Encoding enc, const char *s, size_t n) {
  switch (enc) {
  case ENC_UTF8: return utf8_incomplete_tail(s, n);
  case ENC_BASE64: case ENC_BASE64URL: return n % 3;
  case ENC_UTF16LE: {
    size_t odd = n & 1, whole = n - odd;
    bool high = whole >= 2 && ((unsigned char)s[whole - 1] & 0xFC) == 0xD8;
    return odd + (high ? 2 : 0);
  }
  default: return 0;
  }
}

void decoder_push(lua_State *L, Decoder *d, const char *bytes, size_t len) {
  lua_pushliteral(L, "");
  while (d->held > 0 && len > 0) { /* byte by byte until something is complete */
    char joined[2 * sizeof d->hold];
    size_t n = d->held, used = 0, rest;
    memcpy(joined, d->hold, n);
    do {
      joined[n++] = bytes[used++];
      rest = unfinished(d->enc, joined, n);
    } while (rest == n && used < len);
    memcpy(d->hold, joined + n - rest, rest);
    d->held = (unsigned)rest;
    enc_push_text(L, d->enc, joined, n - rest);
    lua_concat(L, 2);
    bytes += used;
    len -= used;
  }
  if (len == 0) return;
  size_t tail = unfinished(d->enc, bytes, len);
  memcpy(d->hold, bytes + len - tail, tail);
  d->held = (unsigned)tail;
  enc_push_text(L, d->enc, bytes, len - tail);
  lua_concat(L, 2);
}

void decoder_push_end(lua_State *L, Decoder *d) {
  size_t held = d->held;
  d->held = 0;
  if (d->enc == ENC_UTF8 && held > 0) { /* one cut character, whatever came of it */
    lua_pushliteral(L, "\xEF\xBF\xBD");
    return;
  }
  enc_push_text(L, d->enc, d->hold, held);
}
