/* SPDX-License-Identifier: MIT */
/* number.c - doubles to text and back; see number.h.
 *
 * The common short decimals are done in exact double arithmetic, the rest by
 * snprintf and strtod on texts without a decimal point, which a locale may change. */
#include "number.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  MAX_DIGITS = 17,     /* of a shortest text */
  FAST_DECIMALS = 9,   /* decimals tried without snprintf */
  EXACT_POWER = 22,    /* 10^22 is the last power of ten that a double holds exactly */
  USEFUL_DIGITS = 800, /* further digits only matter as "not zero" */
  EXPONENT_ROOM = 32
};

static const double power10[EXACT_POWER + 1] = {
  1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

/* value = 0.DIGITS * 10^point, no zero at either end of the digits */
typedef struct Decimal {
  char digits[MAX_DIGITS + 1];
  int count, point;
} Decimal;

static void strip_zeros(Decimal *dec) {
  while (dec->count > 1 && dec->digits[dec->count - 1] == '0') dec->count--;
}

/* A whole number below 10^15 over a small power of ten: at most 15 digits, so no
 * other text as short reads back as the same value. */
static bool fast_decimal(double value, Decimal *dec) {
  for (int k = 0; k <= FAST_DECIMALS; k++) {
    double scaled = value * power10[k];
    if (!(scaled < 1e15)) return false;
    uint64_t whole = (uint64_t)(scaled + 0.5);
    if (whole == 0 || (double)whole / power10[k] != value) continue;
    char text[24];
    int at = sizeof text;
    for (uint64_t rest = whole; rest; rest /= 10) text[--at] = (char)('0' + rest % 10);
    dec->count = (int)sizeof text - at;
    dec->point = dec->count - k;
    memcpy(dec->digits, text + at, (size_t)dec->count);
    strip_zeros(dec);
    return true;
  }
  return false;
}

/* The double nearest to digits * 10^exponent; `whole` is the first 19 of the count
 * digits, which have room for an exponent behind them. */
static double nearest(char *digits, int count, uint64_t whole, int64_t exponent) {
  if (count <= 19 && whole <= UINT64_C(1) << 53 && exponent >= -EXACT_POWER &&
      exponent <= EXACT_POWER) { /* both exact: one rounding, as it should be */
    double power = power10[exponent < 0 ? -exponent : exponent];
    return exponent < 0 ? (double)whole / power : (double)whole * power;
  }
  int64_t bound = 1000000; /* out of range either way; count is below 1000 */
  if (exponent > bound) exponent = bound;
  if (exponent < -bound) exponent = -bound;
  sprintf(digits + count, "e%d", (int)exponent);
  return strtod(digits, NULL);
}

static bool reads_back(const Decimal *dec, double value) {
  char text[MAX_DIGITS + EXPONENT_ROOM];
  uint64_t whole = 0;
  memcpy(text, dec->digits, (size_t)dec->count);
  for (int i = 0; i < dec->count; i++) whole = whole * 10 + (uint64_t)(text[i] - '0');
  return nearest(text, dec->count, whole, dec->point - dec->count) == value;
}

static void print_decimal(double value, int precision, Decimal *dec) {
  char text[48];
  snprintf(text, sizeof text, "%.*e", precision - 1, value);
  const char *p = text;
  for (dec->count = 0; *p != 'e'; p++) { /* the point, whatever it is, is skipped */
    if (*p >= '0' && *p <= '9') dec->digits[dec->count++] = *p;
  }
  dec->point = atoi(p + 1) + 1;
}

/* Shortens all MAX_DIGITS to `precision`; false where that takes the value itself: just
 * half, or a carry through the nines. */
static bool round_decimal(const Decimal *full, int precision, Decimal *dec) {
  const char *rest = full->digits + precision;
  size_t len = (size_t)(MAX_DIGITS - precision);
  int half = memcmp(rest, "50", len);
  if (half == 0) return false;
  *dec = *full;
  dec->count = precision;
  if (half < 0) return true;
  return ++dec->digits[precision - 1] <= '9';
}

/* Tries lengths from the shortest on. Below a power of two doubles lie twice as close as
 * above it, so there the next text up may do where the nearest one does not. */
static void slow_decimal(double value, Decimal *dec) {
  int exponent, precision = value < DBL_MIN ? 1 : MAX_DIGITS - 2; /* subnormals have fewer */
  bool power = frexp(value, &exponent) == 0.5;
  Decimal full;

  print_decimal(value, MAX_DIGITS, &full);
  for (; precision < MAX_DIGITS; precision++) {
    bool close = precision >= MAX_DIGITS - 2 && round_decimal(&full, precision, dec);
    if (!close) print_decimal(value, precision, dec);
    if (reads_back(dec, value)) break;
    if (power && dec->digits[dec->count - 1] < '9') {
      dec->digits[dec->count - 1]++;
      if (reads_back(dec, value)) break;
    }
  }
  if (precision == MAX_DIGITS) *dec = full;
  strip_zeros(dec);
}

static char *put(char *to, const char *from, int len) {
  memcpy(to, from, (size_t)len);
  return to + len;
}

static char *put_zeros(char *to, int n) {
  memset(to, '0', (size_t)n);
  return to + n;
}

/* The layout of ECMAScript's Number::toString. */
static char *lay_out(char *p, const Decimal *dec) {
  const char *digits = dec->digits;
  int count = dec->count, point = dec->point;

  if (count <= point && point <= 21) {
    p = put(p, digits, count);
    return put_zeros(p, point - count);
  }
  if (0 < point && point <= 21) {
    p = put(p, digits, point);
    *p++ = '.';
    return put(p, digits + point, count - point);
  }
  if (-6 < point && point <= 0) {
    p = put(p, "0.", 2);
    p = put_zeros(p, -point);
    return put(p, digits, count);
  }
  *p++ = digits[0];
  if (count > 1) {
    *p++ = '.';
    p = put(p, digits + 1, count - 1);
  }
  return p + sprintf(p, "e%+d", point - 1);
}

size_t number_format(double value, char out[NUMBER_TEXT]) {
  char *p = out;
  Decimal dec;

  if (isnan(value)) {
    p = put(p, "NaN", 3);
  } else if (value == 0) {
    *p++ = '0';
  } else {
    if (value < 0) *p++ = '-';
    value = fabs(value);
    if (isinf(value)) {
      p = put(p, "Infinity", 8);
    } else {
      if (!fast_decimal(value, &dec)) slow_decimal(value, &dec);
      p = lay_out(p, &dec);
    }
  }
  *p = '\0';
  return (size_t)(p - out);
}

/* Reads the exponent after 'e', held within what int64 sums can take. */
static int64_t read_exponent(const char *p, const char *end) {
  bool negative = *p == '-';
  int64_t value = 0;
  if (*p == '-' || *p == '+') p++;
  for (; p < end; p++) {
    if (value < INT64_C(1000000000000)) value = value * 10 + (*p - '0');
  }
  return negative ? -value : value;
}

double number_parse(const char *s, size_t len) {
  const char *p = s, *end = s + len;
  char text[USEFUL_DIGITS + EXPONENT_ROOM];
  int count = 0;
  int64_t exponent = 0; /* value = text * 10^exponent */
  uint64_t whole = 0;   /* the first 19 digits */
  bool negative = len > 0 && *p == '-', fraction = false, more = false;

  for (p += negative; p < end && *p != 'e' && *p != 'E'; p++) {
    if (*p == '.') {
      fraction = true;
      continue;
    }
    if (count < USEFUL_DIGITS) {
      if (count > 0 || *p != '0') text[count++] = *p;
      if (count <= 19) whole = whole * 10 + (uint64_t)(*p - '0');
      exponent -= fraction;
    } else {
      more |= *p != '0';
      exponent += !fraction;
    }
  }
  if (p < end) exponent += read_exponent(p + 1, end);
  if (count == 0) return negative ? -0.0 : 0.0;

  if (more) { /* stands for all further digits */
    text[count++] = '1';
    exponent--;
  }
  double value = nearest(text, count, whole, exponent);
  return negative ? -value : value;
}
