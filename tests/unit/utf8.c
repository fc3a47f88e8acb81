/* SPDX-License-Identifier: MIT */
/* utf8.c - strict UTF-8: BU-6's replacements, every code point, every cut. */
#include "core/utf8.h"
#include "tap.h"

#define R "\xEF\xBF\xBD"

static const struct {
  const char *in, *out;
} replaced[] = {
  { "", "" },
  { "plain", "plain" },
  { "h\xC3\xA9llo", "h\xC3\xA9llo" },
  { "\xC3(", R "(" },
  { "\xE2\x82", R },
  { "\xE2\x82x", R "x" },
  { "\xF0\x9F\x98", R },
  { "\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80" },
  { "\xED\xA0\x80", R R R },
  { "\xC0\x80", R R },
  { "\xF4\x90\x80\x80", R R R R },
  { "\xF8\x80\x80\x80", R R R R },
  { "\x80", R },
  { "\xE0\x9F\xBF", R R R },
  { "\xF0\x8F\xBF\xBF", R R R R },
  { "\xF1\x80\xE1\x80\xC2", R R R },
  { "a\xFFz", "a" R "z" },
  { "\xEF\xBB\xBFx", "\xEF\xBB\xBFx" },
  { "0123456789\xE2\x82\xAC"
    "0123456789\x80",
    "0123456789\xE2\x82\xAC"
    "0123456789" R },
};

static void sanitizing(void) {
  for (size_t i = 0; i < sizeof replaced / sizeof *replaced; i++) {
    const char *in = replaced[i].in;
    StrBuf out;
    strbuf_init(&out);
    utf8_sanitize(&out, in, strlen(in));
    is_text(out.p ? out.p : "", replaced[i].out, "replacement %zu", i);
    bool same = strcmp(in, replaced[i].out) == 0;
    ok(utf8_valid(in, strlen(in)) == same, "validity %zu", i);
    strbuf_free(&out);
  }
}

static void every_code_point(void) {
  bool round = true, strict = true;
  for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
    char s[4];
    uint32_t back = 0;
    int n = utf8_encode(cp, s);
    if (cp >= 0xD800 && cp <= 0xDFFF) {
      strict = strict && n == 3 && utf8_decode(s, 3, &back) == 3 && back == 0xFFFD;
      char raw[3] = { (char)0xED, (char)(0x80 | (cp >> 6 & 0x3F)), (char)(0x80 | (cp & 0x3F)) };
      strict = strict && utf8_decode(raw, 3, &back) == 0;
      continue;
    }
    round = round && utf8_decode(s, (size_t)n, &back) == n && back == cp;
    round = round && utf8_valid(s, (size_t)n);
    for (int cut = 1; cut < n; cut++) {
      strict = strict && utf8_decode(s, (size_t)cut, &back) == 0;
      strict = strict && utf8_incomplete_tail(s, (size_t)cut) == (size_t)cut;
    }
    round = round && utf8_incomplete_tail(s, (size_t)n) == 0;
  }
  ok(round, "every code point there and back");
  ok(strict, "surrogates and cut characters are refused");
  uint32_t cp;
  char s[4];
  ok(utf8_decode("", 0, &cp) == 0, "nothing decodes to nothing");
  ok(utf8_encode(0x110000, s) == 3 && memcmp(s, R, 3) == 0, "beyond the range is U+FFFD");
}

static void prefixes(void) {
  char text[64];
  for (size_t n = 0; n < 40; n++) {
    memset(text, 'a', sizeof text);
    text[n] = (char)0x80;
    if (utf8_valid_prefix(text, 64) != n) {
      ok(false, "prefix of %zu", n);
      return;
    }
  }
  ok(true, "the first bad byte is found at every offset");
  ok(utf8_valid_prefix("a\xE2\x82", 3) == 1, "an unfinished character does not count");
}

static void tails(void) {
  ok(utf8_incomplete_tail("", 0) == 0, "empty");
  ok(utf8_incomplete_tail("abc", 3) == 0, "ASCII");
  ok(utf8_incomplete_tail("ab\xF0\x9F\x98", 5) == 3, "three of four");
  ok(utf8_incomplete_tail("ab\xF0\x9F", 4) == 2, "two of four");
  ok(utf8_incomplete_tail("ab\xE2", 3) == 1, "one of three");
  ok(utf8_incomplete_tail("\x80\x80\x80\x80", 4) == 0, "continuations without a lead");
  ok(utf8_incomplete_tail("\xED\xA0", 2) == 0, "the start of a surrogate is not unfinished");
  ok(utf8_incomplete_tail("\xC3\xA9\xC3", 3) == 1, "a lead behind a whole character");
  ok(utf8_incomplete_tail("\xFF", 1) == 0, "a byte that never leads");
}

int main(void) {
  sanitizing();
  every_code_point();
  prefixes();
  tails();
  return tap_end();
}
