/* SPDX-License-Identifier: MIT */
/* hex.c - fuzzes hex: any text decodes as a plain decoder does, into any room, and any bytes come back. */
// objs: modules/buffer/base64.o modules/buffer/simd.o modules/buffer/simd_avx2.o
#include "compare.h"
#include "buffer/base64.h"

static const char digits[] = "0123456789abcdef0123456789ABCDEF";

static size_t plain(const char *s, size_t n, char *dst, size_t cap) {
  size_t out = 0;
  for (; out < n / 2 && out < cap; out++) {
    const char *high = memchr(digits, s[2 * out], 32), *low = memchr(digits, s[2 * out + 1], 32);
    if (!high || !low) break;
    dst[out] = (char)((high - digits) % 16 * 16 + (low - digits) % 16);
  }
  return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  size_t n = size - 1;
  compare(hex_decode, plain, data + 1, n, n / 2);
  compare(hex_decode, plain, data + 1, n, n * data[0] / 255);

  char *text = block(2 * n), *back = block(n);
  for (int kernels = 0; kernels < 2; kernels++) {
    simd_allow(kernels);
    hex_encode((const char *)data + 1, n, text);
    require(plain(text, 2 * n, back, n) == n && memcmp(back, data + 1, n) == 0);
    for (size_t i = 0; i < 2 * n; i++) require(memchr(digits, text[i], 16) != NULL);
  }
  free(text);
  free(back);
  return 0;
}
