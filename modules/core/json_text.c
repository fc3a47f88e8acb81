/* SPDX-License-Identifier: MIT */
/* json_text.c - a JSON string of bytes that may be anything: what a process has printed, a ring's text. */
#include "json.h"
#include "utf8.h"

void json_add_text(StrBuf *out, const char *s, size_t n) {
  strbuf_addc(out, '"');
  for (size_t i = 0; i < n;) {
    uint32_t cp;
    unsigned char c = (unsigned char)s[i];
    int len = utf8_decode(s + i, n - i, &cp);
    if (len == 0) strbuf_adds(out, "\xEF\xBF\xBD"), i++;
    else if (c == '"' || c == '\\') strbuf_addc(out, '\\'), strbuf_addc(out, (char)c), i++;
    else if (c < ' ' || c == 0x7f) strbuf_addf(out, "\\u%04x", c), i++;
    else strbuf_add(out, s + i, (size_t)len), i += (size_t)len;
  }
  strbuf_addc(out, '"');
}
