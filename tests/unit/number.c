/* SPDX-License-Identifier: MIT */
/* number.c - doubles to JavaScript's text and back, in more than one locale. */
#include "core/number.h"
#include "tap.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

static const struct {
  double value;
  const char *text;
} texts[] = {
  { 0, "0" },
  { -0.0, "0" },
  { 1, "1" },
  { -3, "-3" },
  { 0.1, "0.1" },
  { 0.5, "0.5" },
  { 1.0 / 3, "0.3333333333333333" },
  { 2.0 / 3, "0.6666666666666666" },
  { 0.1 + 0.2, "0.30000000000000004" },
  { 100, "100" },
  { 1e20, "100000000000000000000" },
  { 1e21, "1e+21" },
  { 123456789012345680000.0, "123456789012345680000" },
  { 9007199254740992.0, "9007199254740992" },
  { 1e-6, "0.000001" },
  { 1e-7, "1e-7" },
  { 1.2345e-7, "1.2345e-7" },
  { -1.5e-9, "-1.5e-9" },
  { 1.5e300, "1.5e+300" },
  { 5e-324, "5e-324" },
  { 1e-323, "1e-323" },
  { 2.2250738585072014e-308, "2.2250738585072014e-308" },
  { DBL_MAX, "1.7976931348623157e+308" },
  { 0x1p398, "6.455624695217272e+119" },
  { 3.14159, "3.14159" },
  { 4.35, "4.35" },
  { 999999999999999.9, "999999999999999.9" },
  { 1234567.125, "1234567.125" },
  { 0.000001234, "0.000001234" },
  { INFINITY, "Infinity" },
  { -INFINITY, "-Infinity" },
  { NAN, "NaN" },
};

static void formats(const char *where) {
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    char text[NUMBER_TEXT];
    size_t len = number_format(texts[i].value, text);
    ok(len == strlen(text), "length %zu, %s", i, where);
    is_text(text, texts[i].text, "%s, %s", texts[i].text, where);
  }
}

static bool parses_as(const char *s, double want) {
  double got = number_parse(s, strlen(s));
  return got == want && !signbit(got) == !signbit(want);
}

static void parses(const char *where) {
  static const char *const same[] = {
    "1",
    "-1",
    "0.1",
    "1.5e3",
    "1E+2",
    "1e-2",
    "1e22",
    "1e23",
    "9007199254740993",
    "1.7976931348623157e308",
    "2.2250738585072011e-308",
    "4.9e-324",
    "123456789012345678901234567890",
    "0.000000000000000000000000000001",
    "8.5e-05",
    "100000000000000000000000e-23",
    "1.00000000000000000000000000000001",
  };
  bool good = true;
  setlocale(LC_NUMERIC, "C");
  double want[sizeof same / sizeof *same];
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) want[i] = strtod(same[i], NULL);
  setlocale(LC_NUMERIC, where);
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    if (!parses_as(same[i], want[i])) good = false, printf("# %s\n", same[i]);
  }
  ok(good, "texts read as the C locale's strtod does, %s", where);
}

static void extremes(void) {
  ok(parses_as("-0", -0.0) && parses_as("0.0", 0.0) && parses_as("-0e5", -0.0), "zeros");
  ok(parses_as("1e999", INFINITY) && parses_as("-1e999999999999999999999", -INFINITY), "too large");
  ok(parses_as("1e-999", 0.0) && parses_as("1e-99999999999999999999999", 0.0), "too small");

  enum { N = 100000 };
  char *s = malloc(N + 32);
  memset(s, '0', N);
  memcpy(s, "0.", 2);
  strcpy(s + N, "1e99999");
  ok(parses_as(s, 1e0), "many leading zeros against a large exponent");
  memset(s, '9', N);
  strcpy(s + N, "e-99999");
  ok(parses_as(s, 10.0), "many digits against a small exponent");
  strcpy(s, "9007199254740993.");
  memset(s + 17, '0', N - 17);
  s[N] = '\0';
  ok(parses_as(s, 9007199254740992.0), "just half: to even");
  s[N - 1] = '1';
  ok(parses_as(s, 9007199254740994.0), "a digit far behind decides");
  free(s);
}

static void round_trips(void) {
  uint64_t seed = 88172645463325252u;
  bool good = true;
  for (int i = 0; i < 200000 && good; i++) {
    double value;
    char text[NUMBER_TEXT];
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    memcpy(&value, &seed, sizeof value);
    if (i % 3 == 1) value = (double)(int64_t)(seed % 2000000) / 1000.0;
    if (i % 3 == 2) value = ldexp((double)(seed >> 11), -53);
    if (!isfinite(value)) continue;
    size_t len = number_format(value, text);
    good = number_parse(text, len) == value;
    if (!good) printf("# %.17g -> %s\n", value, text);
  }
  ok(good, "random doubles there and back");
}

int main(void) {
  formats("C");
  parses("C");
  extremes();
  round_trips();
  const char *comma = "de_DE.UTF-8";
  if (setlocale(LC_ALL, comma)) {
    formats(comma);
    parses(comma);
  } else {
    ok(true, "decimal comma # SKIP no such locale here");
  }
  return tap_end();
}
