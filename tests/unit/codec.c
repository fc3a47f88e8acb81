/* SPDX-License-Identifier: MIT */
/* codec.c - the kernels of simd.h give what plain C gives: every length to 300 and many alignments, good
 * and bad input, and not a byte is written outside. */
// objs: modules/buffer/simd.o modules/buffer/simd_avx2.o modules/buffer/base64.o modules/buffer/text.o modules/buffer/bytes.o modules/core/utf8.o modules/core/strbuf.o
#include "buffer/base64.h"
#include "buffer/bytes.h"
#include "buffer/simd.h"
#include "buffer/text.h"
#include "core/utf8.h"
#include "tap.h"

#include <stdint.h>
#include <stdlib.h>

enum { LONGEST = 300, ROOM = 4 * LONGEST + 64, GUARD = 16 };

static uint32_t noise_state = 1;

static unsigned noise(void) {
  noise_state = noise_state * 1664525 + 1013904223;
  return noise_state >> 16;
}

/* ---- one call of one function, with plain C or with the kernels ---- */

typedef size_t (*Run)(const char *s, size_t n, char *dst, size_t cap);

static size_t run_base64(const char *s, size_t n, char *dst, size_t cap) {
  (void)cap;
  return base64_encode(s, n, dst, false);
}

static size_t run_base64url(const char *s, size_t n, char *dst, size_t cap) {
  (void)cap;
  return base64_encode(s, n, dst, true);
}

static size_t run_hex(const char *s, size_t n, char *dst, size_t cap) {
  (void)cap;
  hex_encode(s, n, dst);
  return 2 * n;
}

static size_t run_latin1(const char *s, size_t n, char *dst, size_t cap) {
  (void)cap;
  return latin1_to_text(s, n, dst);
}

/* Kernels may leave a tail to the caller: what they took is what was copied. */
static size_t run_copy(const char *s, size_t n, char *dst, size_t cap) {
  size_t used = simd()->ascii_copy(s, n, dst);
  (void)cap;
  if (memcmp(s, dst, used) || text_ascii(dst, used) != used) return n + 1;
  return used + 32 > n || used == 0 || text_ascii(s + used, 32) < 32 ? used : n + 1;
}

static size_t run_ascii(const char *s, size_t n, char *dst, size_t cap) {
  (void)dst, (void)cap;
  return text_ascii(s, n);
}

static size_t run_valid(const char *s, size_t n, char *dst, size_t cap) {
  (void)dst, (void)cap;
  return text_valid(s, n);
}

/* The kernel alone: what it takes is valid and ends on a character. */
static size_t run_utf8(const char *s, size_t n, char *dst, size_t cap) {
  size_t used = simd()->utf8(s, n);
  (void)dst, (void)cap;
  return used == 0 || (utf8_valid(s, used) && (used == n || n - used < 35 || !utf8_valid(s, used + 35)));
}

static size_t run_swap(const char *s, size_t n, char *dst, int width) {
  n -= n % (size_t)width;
  memcpy(dst, s, n);
  bytes_swap(dst, n, width);
  return n;
}

static size_t run_swap16(const char *s, size_t n, char *dst, size_t cap) {
  (void)cap;
  return run_swap(s, n, dst, 2);
}

static size_t run_swap32(const char *s, size_t n, char *dst, size_t cap) {
  (void)cap;
  return run_swap(s, n, dst, 4);
}

static size_t run_swap64(const char *s, size_t n, char *dst, size_t cap) {
  (void)cap;
  return run_swap(s, n, dst, 8);
}

/* ---- inputs ---- */

typedef void (*Fill)(char *s, size_t n);

static void fill_noise(char *s, size_t n) {
  for (size_t i = 0; i < n; i++) s[i] = (char)noise();
}

static void fill_from(char *s, size_t n, const char *set) {
  for (size_t i = 0, count = strlen(set); i < n; i++) s[i] = set[noise() % count];
}

static void spoil(char *s, size_t n) {
  if (n > 0 && noise() % 2) s[noise() % n] = (char)noise();
}

static void fill_base64(char *s, size_t n) {
  fill_from(s, n, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_");
  spoil(s, n);
}

static void fill_hex(char *s, size_t n) {
  fill_from(s, n, "0123456789abcdefABCDEF");
  spoil(s, n);
}

static void fill_ascii(char *s, size_t n) {
  for (size_t i = 0; i < n; i++) s[i] = (char)(noise() & 0x7F);
  spoil(s, n);
}

/* Characters of all lengths, the last one cut where the room ends. */
static void fill_text(char *s, size_t n) {
  static const uint32_t limits[] = { 0x80, 0x800, 0x10000, 0x110000 };
  for (size_t i = 0; i < n;) {
    char bytes[4];
    size_t len = (size_t)utf8_encode((noise() << 8 ^ noise()) % limits[noise() % 4], bytes);
    if (len > n - i) len = n - i;
    memcpy(s + i, bytes, len);
    i += len;
  }
  if (noise() % 4) return;
  spoil(s, n);
}

/* ---- comparing ---- */

typedef struct Case {
  const char *name;
  Run run;
  Fill fill;
  bool capped; /* also with too little room */
} Case;

static const Case cases[] = {
  { "base64", run_base64, fill_noise, false },
  { "base64url", run_base64url, fill_noise, false },
  { "base64 decoded", base64_decode, fill_base64, true },
  { "hex", run_hex, fill_noise, false },
  { "hex decoded", hex_decode, fill_hex, true },
  { "ASCII prefix", run_ascii, fill_ascii, false },
  { "ASCII copied", run_copy, fill_ascii, false },
  { "UTF-8 validity", run_valid, fill_text, false },
  { "UTF-8 validity of noise", run_valid, fill_noise, false },
  { "UTF-8 prefix", run_utf8, fill_text, false },
  { "latin1 to text", run_latin1, fill_ascii, false },
  { "text to latin1", latin1_from_text, fill_text, true },
  { "text to utf16le", utf16_from_text, fill_text, true },
  { "swap16", run_swap16, fill_noise, false },
  { "swap32", run_swap32, fill_noise, false },
  { "swap64", run_swap64, fill_noise, false },
};

/* A call into a block whose margins are watched: what is before it and behind the bytes it tells of. */
static bool call(const Case *c, bool kernels, const char *s, size_t n, char *block, size_t cap,
                 size_t *len) {
  memset(block, 0x55, ROOM);
  simd_allow(kernels);
  *len = c->run(s, n, block + GUARD, cap);
  simd_allow(true);
  for (size_t i = 0; i < GUARD; i++)
    if (block[i] != 0x55) return false;
  for (size_t i = GUARD + *len; i < ROOM; i++)
    if (block[i] != 0x55) return false;
  return true;
}

static bool same(const Case *c, const char *s, size_t n, size_t cap) {
  static char plain[ROOM], fast[ROOM];
  size_t plain_len, fast_len;
  bool inside = call(c, false, s, n, plain, cap, &plain_len);
  inside = call(c, true, s, n, fast, cap, &fast_len) && inside;
  if (c->run == run_utf8) return fast_len == 1;
  if (c->run == run_copy) return inside && fast_len <= n;
  if (c->capped && fast_len > cap) return false;
  return inside && plain_len == fast_len && !memcmp(plain, fast, ROOM);
}

/* The input ends where its block ends, so that a sanitizer sees a read beyond. */
static bool all_lengths(const Case *c) {
  for (size_t n = 0; n <= LONGEST; n++)
    for (size_t shift = 0; shift < 32; shift += 1 + n / 64) {
      char *block = malloc(shift + n + 1), *s = block + shift;
      c->fill(s, n);
      size_t most = c->capped ? noise() % (2 * n + 2) : 2 * n;
      char *exact = malloc(shift + n ? shift + n : 1);
      memcpy(exact, block, shift + n);
      bool good = same(c, exact + shift, n, 2 * n) && same(c, exact + shift, n, most);
      free(block);
      free(exact);
      if (!good) {
        printf("# length %zu, alignment %zu, room %zu\n", n, shift, most);
        return false;
      }
    }
  return true;
}

/* Each byte at each place of a block of digits, each sequence of two bytes across each seam. */
static bool every_byte(const Case *c, char good) {
  char s[160];
  for (int byte = 0; byte < 256; byte++)
    for (size_t at = 0; at < sizeof s; at++) {
      memset(s, good, sizeof s);
      s[at] = (char)byte;
      if (!same(c, s, sizeof s, 2 * sizeof s)) return false;
    }
  return true;
}

static bool every_lead(void) {
  char s[96];
  for (unsigned lead = 0; lead < 1u << 20; lead++) { /* top nibbles of four bytes and a low one */
    size_t at = 28 + lead % 7;
    memset(s, lead & 1 ? 'a' : 0xC3, sizeof s);
    if (!(lead & 1))
      for (size_t i = 1; i < sizeof s; i += 2) s[i] = (char)0x80;
    at -= at % 2;
    s[at] = (char)(lead >> 12);
    s[at + 1] = (char)(lead >> 4 & 0xF0);
    s[at + 2] = (char)(lead & 0xF0);
    s[at + 3] = (char)(lead << 4 & 0xF0);
    simd_allow(false);
    bool plain = text_valid(s, sizeof s);
    simd_allow(true);
    if (text_valid(s, sizeof s) != plain) return false;
  }
  return true;
}

static bool searches(void) {
  char s[LONGEST], needle[LONGEST];
  for (int round = 0; round < 60000; round++) {
    size_t n = noise() % LONGEST, m = 1 + noise() % (round % 3 ? 12 : LONGEST - 1);
    size_t from = noise() % (n + 3);
    unsigned letters = 1 + noise() % 3;
    for (size_t i = 0; i < n; i++) s[i] = (char)('a' + noise() % letters);
    for (size_t i = 0; i < m; i++) needle[i] = (char)('a' + noise() % letters);
    if (m <= n && noise() % 2) memcpy(needle, s + noise() % (n - m + 1), m);
    size_t first = BYTES_NONE, last = BYTES_NONE;
    for (size_t i = 0; i + m <= n; i++) {
      if (memcmp(s + i, needle, m)) continue;
      if (i >= from && first == BYTES_NONE) first = i;
      if (i <= from) last = i;
    }
    if (bytes_find(s, n, from, needle, m) != first) return false;
    if (bytes_find_last(s, n, from, needle, m) != last) return false;
  }
  return true;
}

int main(void) {
  printf("# kernels: %s\n", simd()->name);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    ok(all_lengths(&cases[i]), "%s, every length", cases[i].name);
  ok(every_byte(&cases[2], 'Q'), "every byte among base64 digits");
  ok(every_byte(&cases[4], 'a'), "every byte among hex digits");
  ok(every_byte(&cases[7], 'a'), "every byte among ASCII");
  ok(every_lead(), "four bytes in a row, at the seams of blocks");
  ok(searches(), "the first and the last place of a needle");
  simd_allow(false);
  ok(searches(), "the same in plain C");
  return tap_end();
}
