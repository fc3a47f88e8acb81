/* SPDX-License-Identifier: MIT */
/* text.c - see text.h. */
#include "text.h"
#include "../../modules/core/utf8.h"

#include <stdbool.h>
#include <string.h>
#include <wchar.h>

/* ---- width ---- */

/* The next character: its bytes, and its columns in *width. What is no UTF-8 counts one byte, one column. */
static int next_char(const char *p, size_t n, uint32_t *cp, int *width) {
  int len = utf8_decode(p, n, cp);
  if (len == 0) {
    *cp = 0xFFFD;
    *width = 1;
    return 1;
  }
  int w = wcwidth((wchar_t)*cp);
  *width = w < 0 ? 0 : w;
  return len;
}

int text_columns(const char *text, size_t n) {
  int columns = 0, width;
  uint32_t cp;
  for (size_t i = 0; i < n; columns += width) i += (size_t)next_char(text + i, n - i, &cp, &width);
  return columns;
}

/* ---- breaking ---- */

static bool is_wide(uint32_t cp) { return cp >= 0x2E80 && cp < 0x20000; }

/* Marks that must not begin a line. */
static bool closes(uint32_t cp) {
  static const uint32_t marks[] = { 0x3001, 0x3002, 0xFF0C, 0xFF0E, 0xFF1A, 0xFF1B, 0xFF1F, 0xFF01, 0xFF09,
                                    0x300B, 0x300D, 0x300F, 0x3011, 0x201D, 0x2019, 0x2026, ',', '.', ')', ':',
                                    ';', '?', '!' };
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
    if (marks[i] == cp) return true;
  return false;
}

/* Marks that must not end a line. */
static bool opens(uint32_t cp) { return cp == 0xFF08 || cp == 0x300A || cp == 0x300C || cp == 0x201C || cp == '('; }

/* The length of the piece at p that is not broken: a word, or one wide character with the marks that
 * belong to it. */
static size_t piece(const char *p, size_t n, int *columns) {
  size_t len = 0;
  uint32_t cp, last = 0;
  int width;
  *columns = 0;
  while (len < n && p[len] != ' ') {
    size_t step = (size_t)next_char(p + len, n - len, &cp, &width);
    if (len > 0 && !closes(cp) && !opens(last) && (is_wide(cp) || is_wide(last) || cp == 0x201C)) break;
    len += step;
    *columns += width;
    last = cp;
  }
  return len;
}

typedef struct Layout {
  StrBuf *out;
  int columns, indent, column;
  bool fresh; /* nothing stands on this line yet */
} Layout;

static void new_line(Layout *l) {
  strbuf_addc(l->out, '\n');
  l->column = 0;
  l->fresh = true;
}

static void put_piece(Layout *l, const char *p, size_t len, int width, bool blank) {
  if (!l->fresh && l->column + blank + width > l->columns) new_line(l);
  if (l->fresh && l->column < l->indent) {
    strbuf_addf(l->out, "%*s", l->indent - l->column, "");
    l->column = l->indent;
  }
  if (blank && !l->fresh) strbuf_addc(l->out, ' '), l->column++;
  strbuf_add(l->out, p, len);
  l->column += width;
  l->fresh = false;
}

/* Between two lines of a paragraph stands a blank, unless both sides are Chinese. */
static void put_words(Layout *l, const char *p, size_t n, uint32_t *last) {
  uint32_t first = 0;
  int width;
  if (n) (void)next_char(p, n, &first, &width);
  bool blank = !l->fresh && *last && !(is_wide(first) && is_wide(*last)) && !(is_wide(*last) && closes(*last));
  for (size_t i = 0; i < n;) {
    if (p[i] == ' ') {
      blank = true;
      i++;
      continue;
    }
    size_t len = piece(p + i, n - i, &width);
    put_piece(l, p + i, len, width, blank);
    blank = false;
    i += len;
  }
  for (size_t i = 0; i < n;) i += (size_t)next_char(p + i, n - i, last, &width);
}

static void put_verbatim(Layout *l, const char *p, size_t n) {
  if (!l->fresh) new_line(l);
  strbuf_addf(l->out, "%*s", l->indent, "");
  strbuf_add(l->out, p, n);
  new_line(l);
}

void text_wrap(StrBuf *out, const char *text, int columns, int indent, int column) {
  Layout l = { out, columns, indent, column, true };
  uint32_t last = 0;
  while (*text) {
    size_t n = strcspn(text, "\n");
    if (n == 0) {
      if (!l.fresh) new_line(&l);
      new_line(&l);
      last = 0;
    } else if (n > 1 && text[0] == ' ' && text[1] == ' ') {
      put_verbatim(&l, text, n);
      last = 0;
    } else {
      put_words(&l, text, n, &last);
    }
    text += n + (text[n] == '\n');
  }
  if (!l.fresh || l.column > 0) new_line(&l);
}

/* How many bytes of the line fit, a blank being the best place to part it. */
static size_t fitting(const char *p, size_t n, int columns) {
  size_t i = 0, blank = 0;
  uint32_t cp;
  int used = 0, width;
  while (i < n) {
    size_t step = (size_t)next_char(p + i, n - i, &cp, &width);
    if (used + width > columns) return blank ? blank : i ? i : step;
    used += width;
    i += step;
    if (cp == ' ' && used * 2 > columns) blank = i;
  }
  return n;
}

void text_fold(StrBuf *out, const char *line, size_t n, int columns, const char *gutter) {
  int indent = 0, further = 0;
  while ((size_t)indent < n && line[indent] == ' ' && indent * 2 < columns) indent++;
  do {
    size_t len = fitting(line, n, columns - further);
    strbuf_addf(out, "%s%*s", gutter, further, "");
    strbuf_add(out, line, len);
    strbuf_addc(out, '\n');
    line += len;
    n -= len;
    further = indent + 4;
  } while (n > 0);
}

int text_widest(const char *text, int columns, int *lines) {
  StrBuf out;
  int widest = 0;
  strbuf_init(&out);
  text_wrap(&out, text, columns, 0, 0);
  *lines = 0;
  for (const char *p = out.p ? out.p : ""; *p;) {
    size_t n = strcspn(p, "\n");
    int width = text_columns(p, n);
    if (width > widest) widest = width;
    (*lines)++;
    p += n + (p[n] == '\n');
  }
  strbuf_free(&out);
  return widest;
}
