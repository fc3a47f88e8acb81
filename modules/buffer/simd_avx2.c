/* SPDX-License-Identifier: MIT */
/* simd_avx2.c - the kernels of simd.h for AVX2, 32 bytes at a time.
 *
 * Only called where the processor has AVX2: each function is compiled for it by its attribute, the
 * file as a whole is not. Shuffles of AVX2 work inside each half (lane) of a register, so tables are
 * given once and doubled. */
#include "simd.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#define AVX2 __attribute__((target("avx2")))

AVX2 static inline __m256i load(const char *s) { return _mm256_loadu_si256((const __m256i *)s); }
AVX2 static inline void store(char *dst, __m256i v) { _mm256_storeu_si256((__m256i *)dst, v); }
AVX2 static inline __m256i byte(int v) { return _mm256_set1_epi8((char)v); }

/* A table of 16 bytes, in both lanes. */
AVX2 static inline __m256i table(const unsigned char t[16]) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)t));
}

AVX2 static inline __m256i high_nibble(__m256i v) {
  return _mm256_and_si256(_mm256_srli_epi16(v, 4), byte(15));
}

/* ---- base64 ---- */

/* What to add to a value to get its digit, by class: a-z, 0-9 (ten of them), 62, 63, A-Z. */
#define DIGITS(plus, slash) { 71, 252, 252, 252, 252, 252, 252, 252, 252, 252, 252, plus, slash, 65, 0, 0 }

static const unsigned char standard[16] = DIGITS(256 + '+' - 62, 256 + '/' - 63);
static const unsigned char safe[16] = DIGITS(256 + '-' - 62, '_' - 63);

/* 24 bytes, 12 in each lane, to 32 values of 6 bits. */
AVX2 static inline __m256i split_sixes(__m256i in) {
  static const unsigned char order[16] = { 1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10 };
  in = _mm256_shuffle_epi8(in, table(order));
  __m256i odd = _mm256_and_si256(in, _mm256_set1_epi32(0x0fc0fc00));
  __m256i even = _mm256_and_si256(in, _mm256_set1_epi32(0x003f03f0));
  odd = _mm256_mulhi_epu16(odd, _mm256_set1_epi32(0x04000040));
  even = _mm256_mullo_epi16(even, _mm256_set1_epi32(0x01000010));
  return _mm256_or_si256(odd, even);
}

AVX2 static size_t base64_encode(const char *s, size_t n, char *dst, bool url) {
  const __m256i digits = table(url ? safe : standard);
  size_t i = 0;
  for (; n - i >= 28; i += 24, dst += 32) { /* the second half reads 4 bytes more than it takes */
    __m256i in = _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(s + i))),
        _mm_loadu_si128((const __m128i *)(s + i + 12)), 1);
    __m256i six = split_sixes(in), kind = _mm256_subs_epu8(six, byte(51));
    __m256i upper = _mm256_cmpgt_epi8(byte(26), six);
    kind = _mm256_or_si256(kind, _mm256_and_si256(upper, byte(13)));
    store(dst, _mm256_add_epi8(six, _mm256_shuffle_epi8(digits, kind)));
  }
  return i;
}

/* A byte is a digit when its nibbles have a class in common: 1 "+-/", 2 "0-9", 4 "A-O a-o",
 * 8 "P-Z _", 16 "p-z". */
static const unsigned char class_high[16] = { 0, 0, 1, 2, 4, 8, 4, 16 };
static const unsigned char class_low[16] = { 26, 30, 30, 30, 30, 30, 30, 30, 30, 30, 28, 5, 4, 5, 4, 13 };
/* What to add to a digit to get its value: by the high nibble, and for "+-/_" more by the low one. */
static const unsigned char value_high[16] = { 0, 0, 239, 4, 191, 191, 185, 185 };
static const unsigned char value_low[16] = { [11] = 36, [13] = 34, [15] = 33 };
static const unsigned char marks_high[16] = { [2] = 255, [5] = 255 };

/* The classes the nibbles of each byte have in common: 0 for what is no digit. */
AVX2 static inline __m256i digit_classes(__m256i in, __m256i high) {
  return _mm256_and_si256(_mm256_shuffle_epi8(table(class_high), high),
                          _mm256_shuffle_epi8(table(class_low), in));
}

/* 32 digits to 24 bytes, 12 in the front of each lane. */
AVX2 static inline __m256i digit_bytes(__m256i in, __m256i high) {
  static const unsigned char order[16] = { 2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 128, 128, 128, 128 };
  __m256i mark = _mm256_and_si256(_mm256_shuffle_epi8(table(value_low), in),
                                  _mm256_shuffle_epi8(table(marks_high), high));
  __m256i shift = _mm256_add_epi8(_mm256_shuffle_epi8(table(value_high), high), mark);
  __m256i six = _mm256_add_epi8(in, shift);
  __m256i twelve = _mm256_maddubs_epi16(six, _mm256_set1_epi32(0x01400140));
  __m256i whole = _mm256_madd_epi16(twelve, _mm256_set1_epi32(0x00011000));
  return _mm256_shuffle_epi8(whole, table(order));
}

/* Writes 28 bytes, the first 24 of them to stay. */
AVX2 static inline void store_lanes(char *dst, __m256i bytes) {
  _mm_storeu_si128((__m128i *)dst, _mm256_castsi256_si128(bytes));
  _mm_storeu_si128((__m128i *)(dst + 12), _mm256_extracti128_si256(bytes, 1));
}

AVX2 static size_t base64_decode(const char *s, size_t n, char *dst, size_t cap) {
  const __m256i close = _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 7, 7);
  size_t i = 0;
  for (; n - i >= 64 && cap >= 48; i += 64, dst += 48, cap -= 48) {
    __m256i a = load(s + i), b = load(s + i + 32), high_a = high_nibble(a), high_b = high_nibble(b);
    __m256i least = _mm256_min_epu8(digit_classes(a, high_a), digit_classes(b, high_b));
    if (_mm256_movemask_epi8(_mm256_cmpeq_epi8(least, _mm256_setzero_si256()))) break;
    store_lanes(dst, digit_bytes(a, high_a));
    __m256i bytes = _mm256_permutevar8x32_epi32(digit_bytes(b, high_b), close);
    _mm_storeu_si128((__m128i *)(dst + 24), _mm256_castsi256_si128(bytes));
    _mm_storel_epi64((__m128i *)(dst + 40), _mm256_extracti128_si256(bytes, 1));
  }
  return i;
}

/* ---- hex ---- */

AVX2 static size_t hex_encode(const char *s, size_t n, char *dst) {
  const __m256i digits = table((const unsigned char *)"0123456789abcdef");
  size_t i = 0;
  for (; n - i >= 16; i += 16, dst += 32) {
    __m256i wide = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(s + i)));
    __m256i both = _mm256_or_si256(_mm256_srli_epi16(wide, 4), _mm256_slli_epi16(wide, 8));
    store(dst, _mm256_shuffle_epi8(digits, _mm256_and_si256(both, byte(15))));
  }
  return i;
}

AVX2 static size_t hex_decode(const char *s, size_t n, char *dst, size_t cap) {
  size_t i = 0;
  for (; n - i >= 32 && cap >= 16; i += 32, dst += 16, cap -= 16) {
    __m256i in = load(s + i), digit = _mm256_sub_epi8(in, byte('0'));
    __m256i letter = _mm256_sub_epi8(_mm256_or_si256(in, byte(0x20)), byte('a'));
    __m256i is_digit = _mm256_cmpeq_epi8(_mm256_min_epu8(digit, byte(9)), digit);
    __m256i is_letter = _mm256_cmpeq_epi8(_mm256_min_epu8(letter, byte(5)), letter);
    if (_mm256_movemask_epi8(_mm256_or_si256(is_digit, is_letter)) != -1) break;
    __m256i four = _mm256_blendv_epi8(_mm256_add_epi8(letter, byte(10)), digit, is_digit);
    __m256i words = _mm256_maddubs_epi16(four, _mm256_set1_epi16(0x0110));
    __m256i bytes = _mm256_permute4x64_epi64(_mm256_packus_epi16(words, words), 8);
    _mm_storeu_si128((__m128i *)dst, _mm256_castsi256_si128(bytes));
  }
  return i;
}

/* ---- text ---- */

AVX2 static size_t ascii(const char *s, size_t n) {
  size_t i = 0;
  for (; n - i >= 128; i += 128) {
    __m256i a = _mm256_or_si256(load(s + i), load(s + i + 32));
    __m256i b = _mm256_or_si256(load(s + i + 64), load(s + i + 96));
    if (_mm256_movemask_epi8(_mm256_or_si256(a, b))) break;
  }
  for (; n - i >= 32; i += 32)
    if (_mm256_movemask_epi8(load(s + i))) break;
  return i;
}

AVX2 static size_t ascii_copy(const char *s, size_t n, char *dst) {
  size_t i = 0;
  for (; n - i >= 128; i += 128) {
    __m256i a = load(s + i), b = load(s + i + 32), c = load(s + i + 64), d = load(s + i + 96);
    __m256i any = _mm256_or_si256(_mm256_or_si256(a, b), _mm256_or_si256(c, d));
    if (_mm256_movemask_epi8(any)) break;
    store(dst + i, a);
    store(dst + i + 32, b);
    store(dst + i + 64, c);
    store(dst + i + 96, d);
  }
  for (; n - i >= 32; i += 32) {
    __m256i a = load(s + i);
    if (_mm256_movemask_epi8(a)) break;
    store(dst + i, a);
  }
  return i;
}

/* What two bytes in a row can be faulty by; each table names the faults its nibble takes part in. */
enum {
  SHORT = 1, LONG = 2, OVERLONG_3 = 4, LARGE = 8, SURROGATE = 16, OVERLONG_2 = 32,
  LARGE_1000 = 64, OVERLONG_4 = 64, TWO_CONTS = 128, CARRY = SHORT | LONG | TWO_CONTS
};

static const unsigned char first_high[16] = {
  LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, TWO_CONTS, TWO_CONTS, TWO_CONTS, TWO_CONTS,
  SHORT | OVERLONG_2, SHORT, SHORT | OVERLONG_3 | SURROGATE, SHORT | LARGE | LARGE_1000 | OVERLONG_4
};
static const unsigned char first_low[16] = {
  CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4, CARRY | OVERLONG_2, CARRY, CARRY, CARRY | LARGE,
  CARRY | LARGE | LARGE_1000, CARRY | LARGE | LARGE_1000, CARRY | LARGE | LARGE_1000,
  CARRY | LARGE | LARGE_1000, CARRY | LARGE | LARGE_1000, CARRY | LARGE | LARGE_1000,
  CARRY | LARGE | LARGE_1000, CARRY | LARGE | LARGE_1000, CARRY | LARGE | LARGE_1000 | SURROGATE,
  CARRY | LARGE | LARGE_1000, CARRY | LARGE | LARGE_1000
};
enum { CONT = LONG | OVERLONG_2 | TWO_CONTS };
static const unsigned char second_high[16] = {
  SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT,
  CONT | OVERLONG_3 | LARGE_1000 | OVERLONG_4, CONT | OVERLONG_3 | LARGE,
  CONT | SURROGATE | LARGE, CONT | SURROGATE | LARGE, SHORT, SHORT, SHORT, SHORT
};

/* Has the block, which follows `before`, a fault? A character that it cuts is none yet. */
AVX2 static inline bool faulty(__m256i block, __m256i before) {
  __m256i seam = _mm256_permute2x128_si256(before, block, 0x21);
  __m256i back1 = _mm256_alignr_epi8(block, seam, 15), back2 = _mm256_alignr_epi8(block, seam, 14);
  __m256i back3 = _mm256_alignr_epi8(block, seam, 13);
  __m256i faults = _mm256_and_si256(
      _mm256_and_si256(_mm256_shuffle_epi8(table(first_high), high_nibble(back1)),
                       _mm256_shuffle_epi8(table(first_low), _mm256_and_si256(back1, byte(15)))),
      _mm256_shuffle_epi8(table(second_high), high_nibble(block)));
  /* TWO_CONTS is right exactly where a third or fourth byte has to be */
  __m256i third = _mm256_subs_epu8(back2, byte(0xE0 - 0x80));
  __m256i fourth = _mm256_subs_epu8(back3, byte(0xF0 - 0x80));
  __m256i due = _mm256_and_si256(_mm256_or_si256(third, fourth), byte(0x80));
  faults = _mm256_xor_si256(faults, due);
  return !_mm256_testz_si256(faults, faults);
}

/* Bytes of the unfinished character at the end of s[0..n), which is valid but for that. */
static size_t unfinished(const char *s, size_t n) {
  for (size_t back = 1; back <= 3 && back <= n; back++) {
    unsigned char c = (unsigned char)s[n - back];
    if (c >= 0xC0) return back < (c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4) ? back : 0;
    if (c < 0x80) return 0;
  }
  return 0;
}

AVX2 static size_t utf8(const char *s, size_t n) {
  __m256i before = _mm256_setzero_si256();
  size_t i = 0;
  while (n - i >= 32) {
    __m256i block = load(s + i);
    if (!_mm256_movemask_epi8(block) && unfinished(s, i) == 0) {
      i += 32 + ascii(s + i + 32, n - i - 32);
      before = _mm256_setzero_si256();
      continue;
    }
    if (faulty(block, before)) break;
    before = block;
    i += 32;
  }
  return i - unfinished(s, i);
}

/* ---- bytes ---- */

AVX2 static size_t swap(char *s, size_t n, int width) {
  unsigned char order[16];
  for (int i = 0; i < 16; i++) order[i] = (unsigned char)(i ^ (width - 1));
  const __m256i reverse = table(order);
  size_t i = 0;
  for (; n - i >= 64; i += 64) {
    __m256i a = load(s + i), b = load(s + i + 32);
    store(s + i, _mm256_shuffle_epi8(a, reverse));
    store(s + i + 32, _mm256_shuffle_epi8(b, reverse));
  }
  for (; n - i >= 32; i += 32) store(s + i, _mm256_shuffle_epi8(load(s + i), reverse));
  return i;
}

/* Where both ends of the needle fit at the offsets i..i+31: a bit for each. */
AVX2 static inline uint32_t fits(const char *s, size_t m, __m256i first, __m256i last) {
  __m256i a = _mm256_cmpeq_epi8(load(s), first), b = _mm256_cmpeq_epi8(load(s + m - 1), last);
  return (uint32_t)_mm256_movemask_epi8(_mm256_and_si256(a, b));
}

AVX2 static size_t find(const char *s, size_t n, const char *needle, size_t m, bool *found) {
  const __m256i first = byte(needle[0]), last = byte(needle[m - 1]);
  size_t i = 0, wasted = 0;
  for (; n - i >= m + 31; i += 32) {
    for (uint32_t set = fits(s + i, m, first, last); set != 0; set &= set - 1) {
      size_t at = i + (size_t)__builtin_ctz(set);
      if (!memcmp(s + at + 1, needle + 1, m - 2)) {
        *found = true;
        return at;
      }
      wasted += m; /* past this, a search whose worst case is linear does better */
      if (wasted > 1024 + 4 * i) return at + 1;
    }
  }
  return i;
}

const Simd *simd_avx2(void) {
  static const Simd kernels = {
    .name = "avx2", .base64_encode = base64_encode, .base64_decode = base64_decode,
    .hex_encode = hex_encode, .hex_decode = hex_decode, .ascii = ascii, .ascii_copy = ascii_copy,
    .utf8 = utf8, .swap = swap, .find = find
  };
  return &kernels;
}

#else

const Simd *simd_avx2(void) { return NULL; }

#endif
