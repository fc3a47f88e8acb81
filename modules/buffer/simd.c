/* SPDX-License-Identifier: MIT */
/* simd.c - see simd.h: the kernels that take nothing, and the choice. */
#include "simd.h"

static size_t none_encode(const char *s, size_t n, char *dst, bool url) {
  (void)s, (void)n, (void)dst, (void)url;
  return 0;
}

static size_t none_decode(const char *s, size_t n, char *dst, size_t cap) {
  (void)s, (void)n, (void)dst, (void)cap;
  return 0;
}

static size_t none_spread(const char *s, size_t n, char *dst) {
  (void)s, (void)n, (void)dst;
  return 0;
}

static size_t none_scan(const char *s, size_t n) {
  (void)s, (void)n;
  return 0;
}

static size_t none_swap(char *s, size_t n, int width) {
  (void)s, (void)n, (void)width;
  return 0;
}

static size_t none_find(const char *s, size_t n, const char *needle, size_t m, bool *found) {
  (void)s, (void)n, (void)needle, (void)m, (void)found;
  return 0;
}

static const Simd none = {
  .name = "none", .base64_encode = none_encode, .base64_decode = none_decode,
  .hex_encode = none_spread, .hex_decode = none_decode, .ascii = none_scan, .ascii_copy = none_spread,
  .utf8 = none_scan, .swap = none_swap, .find = none_find
};

static bool refused;

void simd_allow(bool allowed) { refused = !allowed; }

const Simd *simd(void) {
#if defined(__x86_64__)
  if (!refused && __builtin_cpu_supports("avx2")) return simd_avx2();
#endif
  return &none;
}
