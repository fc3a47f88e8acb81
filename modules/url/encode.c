/* SPDX-License-Identifier: MIT */
/* encode.c - percent encoding, with the standard's sets of characters. */
#include "parse.h"

#include <string.h>

static bool in_set(unsigned char c, UrlSet set) {
  static const char *const more[] = {
    [SET_CONTROL] = "", [SET_FRAGMENT] = " \"<>`", [SET_QUERY] = " \"#<>",
    [SET_SPECIAL_QUERY] = " \"#<>'", [SET_PATH] = " \"#<>?`{}",
    [SET_USERINFO] = " \"#<>?`{}/:;=@[\\]^|", [SET_COMPONENT] = " \"#<>?`{}/:;=@[\\]^|$%&+,",
    [SET_FORM] = " \"#<>?`{}/:;=@[\\]^|$%&+,!'()~"
  };
  if (c < 0x20 || c > 0x7E) return true;
  return strchr(more[set], c) != NULL;
}

void url_encode(StrBuf *out, const char *s, size_t len, UrlSet set) {
  static const char hex[] = "0123456789ABCDEF";
  for (size_t i = 0; i < len; i++) {
    unsigned char c = (unsigned char)s[i];
    if (!in_set(c, set)) {
      strbuf_addc(out, (char)c);
      continue;
    }
    strbuf_add(out, (char[]){ '%', hex[c >> 4], hex[c & 15] }, 3);
  }
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void url_decode(StrBuf *out, const char *s, size_t len) {
  for (size_t i = 0; i < len; i++) {
    int high = i + 2 < len && s[i] == '%' ? hex_digit(s[i + 1]) : -1;
    int low = high >= 0 ? hex_digit(s[i + 2]) : -1;
    if (low < 0) {
      strbuf_addc(out, s[i]);
      continue;
    }
    strbuf_addc(out, (char)(high << 4 | low));
    i += 2;
  }
}
