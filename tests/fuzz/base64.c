/* SPDX-License-Identifier: MIT */
/* base64.c - fuzzes base64: any text decodes as a decoder of one bit at a time does, into any room, and
 * any bytes come back from both alphabets. */
// objs: modules/buffer/base64.o modules/buffer/simd.o modules/buffer/simd_avx2.o
#include "compare.h"
#include "buffer/base64.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int value(char c) {
  if (c == '-') c = '+';
  if (c == '_') c = '/';
  const char *at = c ? strchr(digits, c) : NULL;
  return at ? (int)(at - digits) : -1;
}

static size_t plain(const char *s, size_t n, char *dst, size_t cap) {
  size_t bits = 0;
  unsigned byte = 0;
  for (size_t i = 0; i < n && s[i] != '='; i++) {
    int v = value(s[i]);
    for (int bit = 5; v >= 0 && bit >= 0; bit--) {
      if (bits / 8 == cap) return cap;
      byte = (byte << 1 | (v >> bit & 1)) & 255;
      if (++bits % 8 == 0) dst[bits / 8 - 1] = (char)byte;
    }
  }
  return bits / 8;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  size_t n = size - 1, most = n / 4 * 3 + 3;
  compare(base64_decode, plain, data + 1, n, most);
  compare(base64_decode, plain, data + 1, n, most * data[0] / 255);

  char *text = block((n + 2) / 3 * 4), *back = block(n);
  for (int round = 0; round < 4; round++) {
    bool url = round & 1;
    simd_allow(round & 2);
    size_t len = base64_encode((const char *)data + 1, n, text, url);
    require(len == (url ? (n * 4 + 2) / 3 : (n + 2) / 3 * 4));
    require(plain(text, len, back, n) == n && memcmp(back, data + 1, n) == 0);
    for (size_t i = 0; i < len; i++)
      require(text[i] == '=' || (value(text[i]) >= 0 && !strchr(url ? "+/" : "-_", text[i])));
  }
  free(text);
  free(back);
  return 0;
}
