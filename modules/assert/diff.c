/* SPDX-License-Identifier: MIT */
/* diff.c - two texts line by line, for messages of failed assertions.
 *
 * Common lines at both ends are put aside; the rest is compared by its longest common subsequence, unless
 * that would take too long: then it counts as all different. A comma at a line's end does not matter. */
#include "assert.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CONTEXT = 2, MAX_CELLS = 1 << 22, MAX_LINES = 1 << 20 };

typedef struct Line {
  const char *s;
  size_t len;
  char mark;     /* ' ', '+' or '-' */
  bool near;     /* close to a difference: shown */
} Line;

typedef struct Lines {
  Line *at;
  size_t n;
} Lines;

/* Cuts the text into lines; at is NULL when memory is short. The caller frees it. */
static Lines lines_of(const StrBuf *text) {
  Lines lines = { NULL, 1 };
  for (size_t i = 0; i < text->len; i++) lines.n += text->p[i] == '\n';
  lines.at = lines.n < MAX_LINES ? calloc(lines.n, sizeof *lines.at) : NULL;
  if (!lines.at) return lines;
  const char *s = text->len ? text->p : "", *end = s + text->len;
  for (size_t i = 0; i < lines.n; i++) {
    const char *stop = memchr(s, '\n', (size_t)(end - s));
    if (!stop) stop = end;
    lines.at[i] = (Line){ .s = s, .len = (size_t)(stop - s) };
    s = stop + 1;
  }
  return lines;
}

static size_t without_comma(const Line *line) {
  return line->len > 0 && line->s[line->len - 1] == ',' ? line->len - 1 : line->len;
}

static bool same_line(const Line *a, const Line *b) {
  size_t n = without_comma(a);
  return n == without_comma(b) && !memcmp(a->s, b->s, n);
}

static void put(Line *out, size_t *n, const Line *line, char mark) {
  out[*n] = *line;
  out[(*n)++].mark = mark;
}

/* Merges a[0..na) and b[0..nb) into out; cells: lengths of common subsequences of the tails. */
static void merge(Line *out, size_t *n, const Line *a, size_t na, const Line *b, size_t nb, uint32_t *cells) {
  size_t i = 0, j = 0, width = nb + 1;
  for (size_t x = na; cells && x-- > 0;) {
    for (size_t y = nb; y-- > 0;) {
      uint32_t down = cells[(x + 1) * width + y], right = cells[x * width + y + 1];
      cells[x * width + y] = same_line(a + x, b + y) ? cells[(x + 1) * width + y + 1] + 1
                                                     : down > right ? down : right;
    }
  }
  while (i < na || j < nb) {
    bool both = cells && i < na && j < nb;
    if (both && same_line(a + i, b + j)) {
      put(out, n, a + i++, ' ');
      j++;
    } else if (i < na && (!both || cells[(i + 1) * width + j] >= cells[i * width + j + 1])) {
      put(out, n, a + i++, '+');
    } else if (j < nb) {
      put(out, n, b + j++, '-');
    }
  }
}

/* Adds the lines near a difference, and "..." for what is left out. */
static bool add_lines(StrBuf *out, Line *line, size_t n) {
  bool skipped = false, gap = false;
  for (size_t i = 0; i < n; i++) {
    if (line[i].mark == ' ') continue;
    size_t from = i > CONTEXT ? i - CONTEXT : 0, to = i + CONTEXT < n ? i + CONTEXT : n - 1;
    for (size_t k = from; k <= to; k++) line[k].near = true;
  }
  for (size_t i = 0; i < n; i++) {
    bool alone = i > 0 && i + 1 < n && line[i - 1].near && line[i + 1].near; /* a gap of one line */
    if (!line[i].near && i >= CONTEXT && !alone) {
      if (!gap) strbuf_adds(out, "\n...");
      gap = skipped = true;
      continue;
    }
    gap = false;
    strbuf_addc(out, '\n');
    strbuf_addc(out, line[i].mark);
    if (line[i].len) strbuf_addc(out, ' ');
    strbuf_add(out, line[i].s, line[i].len);
  }
  return skipped;
}

bool diff_add(StrBuf *out, const StrBuf *a, const StrBuf *b, bool *same) {
  Lines left = lines_of(a), right = lines_of(b);
  Line *merged = left.at && right.at ? calloc(left.n + right.n, sizeof *merged) : NULL;
  size_t n = 0, head = 0, tail = 0, limit = left.n < right.n ? left.n : right.n;
  bool skipped = false;
  *same = false;
  if (!merged) {
    out->failed = true;
    goto done;
  }
  while (head < limit && same_line(left.at + head, right.at + head)) head++;
  while (tail < limit - head && same_line(left.at + left.n - 1 - tail, right.at + right.n - 1 - tail))
    tail++;
  *same = head == left.n && head == right.n;
  size_t na = left.n - head - tail, nb = right.n - head - tail;
  uint32_t *cells = (na + 1) <= MAX_CELLS / (nb + 1) ? calloc((na + 1) * (nb + 1), sizeof *cells) : NULL;
  for (size_t i = 0; i < head; i++) put(merged, &n, left.at + i, ' ');
  merge(merged, &n, left.at + head, na, right.at + head, nb, cells);
  for (size_t i = 0; i < tail; i++) put(merged, &n, left.at + left.n - tail + i, ' ');
  free(cells);
  if (!*same) skipped = add_lines(out, merged, n);
done:
  free(merged);
  free(left.at);
  free(right.at);
  return skipped;
}
