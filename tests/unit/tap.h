/* SPDX-License-Identifier: MIT */
/* tap.h - TAP for the C units: ok() and is_text() for each point, `return tap_end()`
 * from main. A failed point names its line; the exit status is 1 then. */
#ifndef MOONFORK_TAP_H
#define MOONFORK_TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

#define ok(cond, ...) tap_point((cond), __FILE__, __LINE__, __VA_ARGS__)
#define is_text(got, want, ...) tap_text((got), (want), __FILE__, __LINE__, __VA_ARGS__)

#define tap_point(cond, file, line, ...)                                                           \
  (tap_result((cond), file, line), printf(__VA_ARGS__), putchar('\n'), tap_diagnose())
#define tap_text(got, want, file, line, ...)                                                       \
  (tap_compare((got), (want), file, line), printf(__VA_ARGS__), putchar('\n'), tap_diagnose())

static char tap_note[2048];

static inline void tap_result(bool good, const char *file, int line) {
  if (!good) tap_failed++;
  if (!good && !tap_note[0]) snprintf(tap_note, sizeof tap_note, "# at %s:%d\n", file, line);
  printf("%sok %d - ", good ? "" : "not ", ++tap_count);
}

static inline void tap_compare(const char *got, const char *want, const char *file, int line) {
  bool good = got && want && strcmp(got, want) == 0;
  if (!good)
    snprintf(tap_note, sizeof tap_note, "# at %s:%d\n#  got: %s\n# want: %s\n", file, line,
             got ? got : "(null)", want ? want : "(null)");
  tap_result(good, file, line);
}

static inline void tap_diagnose(void) {
  fputs(tap_note, stdout);
  tap_note[0] = '\0';
}

static inline int tap_end(void) {
  printf("1..%d\n", tap_count);
  return tap_failed ? 1 : 0;
}

#endif
