/* SPDX-License-Identifier: MIT */
/* utf16le.c - fuzzes UTF-16: any bytes decode as a plain decoder does, a lone surrogate to U+FFFD; what is
 * valid comes back as it was; any text encodes into any room without a cut character. */
// objs: modules/buffer/text.o modules/buffer/simd.o modules/buffer/simd_avx2.o modules/core/utf8.o modules/core/strbuf.o
#include "compare.h"
#include "buffer/text.h"
#include "core/utf8.h"

static unsigned unit(const char *s, size_t i) {
  return (unsigned char)s[2 * i] + 256u * (unsigned char)s[2 * i + 1];
}

static size_t put(char *dst, unsigned long cp) {
  if (cp < 0x80) {
    dst[0] = (char)cp;
    return 1;
  }
  size_t len = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
  for (size_t i = len - 1; i > 0; i--, cp >>= 6) dst[i] = (char)(0x80 + cp % 64);
  dst[0] = (char)((0xF00 >> len) + cp);
  return len;
}

static size_t plain(const char *s, size_t n, char *dst, size_t cap) {
  size_t out = 0;
  (void)cap;
  for (size_t i = 0; i < n / 2; i++) {
    unsigned long cp = unit(s, i), next = i + 1 < n / 2 ? unit(s, i + 1) : 0;
    if (cp / 0x400 == 0x36 && next / 0x400 == 0x37) {
      cp = 0x10000 + cp % 0x400 * 0x400 + next % 0x400;
      i++;
    } else if (cp / 0x800 == 0x1B) {
      cp = 0xFFFD;
    }
    out += put(dst + out, cp);
  }
  return out;
}

static size_t decode(const char *s, size_t n, char *dst, size_t cap) {
  (void)cap;
  return utf16_to_text(s, n, dst);
}

static void there_and_back(const char *s, size_t n, size_t cap) {
  char *text = block(n / 2 * 3), *back = block(2 * n);
  size_t len = utf16_to_text(s, n, text), units = utf16_from_text(text, len, back, 2 * n);
  require(utf8_valid(text, len) && units == n / 2 * 2 && text_units(text, len) == n / 2);
  for (size_t i = 0; i < n / 2; i++) require(unit(back, i) == unit(s, i) || unit(back, i) == 0xFFFD);
  char *part = block(cap);
  size_t cut = utf16_from_text(text, len, part, cap), room = cap < units ? cap : units;
  require(cut % 2 == 0 && cut <= room && cut + 4 > room && memcmp(part, back, cut) == 0);
  require(cut == 0 || unit(part, cut / 2 - 1) / 0x400 != 0x36);
  free(text);
  free(back);
  free(part);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  size_t n = size - 1;
  const char *s = (const char *)data + 1;
  compare(decode, plain, data + 1, n, n / 2 * 3);
  there_and_back(s, n, n * data[0] / 255);
  char *bytes = block(2 * n); /* the input as a text, whatever it is */
  size_t len = utf16_from_text(s, n, bytes, 2 * n);
  require(len == 2 * text_units(s, n));
  free(bytes);
  return 0;
}
