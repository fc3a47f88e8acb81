/* SPDX-License-Identifier: MIT */
/* text.c - see text.h. */
#include "text.h"
#include "../edit/cells.h"
#include "../../modules/core/signame.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define ELLIPSIS "\xe2\x80\xa6"

const char *view_style(const ViewSize *size, Style style) { return size->colour ? style_code(style) : ""; }

/* ---- numbers and times ---- */

Text text_bytes(uint64_t n) {
  static const char units[] = "KMGTPE";
  Text text;
  double value = (double)n;
  int unit = -1;
  while (value >= 999.5) value /= 1024, unit++;
  if (unit < 0) (void)snprintf(text.s, sizeof text.s, "%uB", (unsigned)n);
  else (void)snprintf(text.s, sizeof text.s, value < 9.95 ? "%.1f%c" : "%.0f%c", value, units[unit]);
  return text;
}

Text text_age(uint64_t ns) {
  Text text;
  unsigned long long s = ns / 1000000000u;
  if (s < 3600) (void)snprintf(text.s, sizeof text.s, "%02llu:%02llu", s / 60, s % 60);
  else if (s < 86400)
    (void)snprintf(text.s, sizeof text.s, "%llu:%02llu:%02llu", s / 3600, s / 60 % 60, s % 60);
  else (void)snprintf(text.s, sizeof text.s, "%llud%02lluh", s / 86400, s / 3600 % 24);
  return text;
}

Text text_ms(double ms) {
  Text text;
  if (ms < 9.95) (void)snprintf(text.s, sizeof text.s, "%.1f ms", ms);
  else if (ms < 9999.5) (void)snprintf(text.s, sizeof text.s, "%.0f ms", ms);
  else (void)snprintf(text.s, sizeof text.s, "%.1f s", ms / 1000);
  return text;
}

Text text_clock(const Model *m, uint64_t t) {
  Text text;
  time_t seconds = (time_t)(((int64_t)t + m->wall_offset) / 1000000000);
  struct tm local;
  if (!localtime_r(&seconds, &local) || !strftime(text.s, sizeof text.s, "%H:%M:%S", &local))
    (void)snprintf(text.s, sizeof text.s, "?");
  return text;
}

Text text_clock_ms(const Model *m, uint64_t t) {
  Text text;
  unsigned ms = (unsigned)((t + (uint64_t)m->wall_offset) / 1000000 % 1000);
  (void)snprintf(text.s, sizeof text.s, "%.30s.%03u", text_clock(m, t).s, ms);
  return text;
}

/* ---- names ---- */

Text text_ending(const LiveProc *p) {
  Text text;
  const char *name = signal_name(p->signal);
  if (p->signal && name) (void)snprintf(text.s, sizeof text.s, "%s", name);
  else if (p->signal) (void)snprintf(text.s, sizeof text.s, "signal %d", p->signal);
  else if (p->code_known) (void)snprintf(text.s, sizeof text.s, "code %lld", (long long)p->code);
  else (void)snprintf(text.s, sizeof text.s, "gone");
  return text;
}

Text text_name(const LiveProc *p) {
  Text text;
  (void)snprintf(text.s, sizeof text.s, "%s%s%s", p->letter, *p->letter ? " " : "",
                 p->orphan && !p->ended ? "ORPHAN" : p->role);
  return text;
}

Text text_who(const LiveProc *p) {
  Text text;
  if (*p->letter) (void)snprintf(text.s, sizeof text.s, "%s", p->letter);
  else (void)snprintf(text.s, sizeof text.s, "%d", p->pid);
  return text;
}

Text text_thread(const LiveThread *t) {
  Text text;
  if (!t->thread_id) return text_who(t->proc);
  (void)snprintf(text.s, sizeof text.s, "%.20s w%u", text_who(t->proc).s, (unsigned)t->thread_id);
  return text;
}

const char *text_base(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash && slash[1] ? slash + 1 : path;
}

void text_place(const LivePlace *place, char *out, size_t size) {
  if (!place->known) *out = '\0';
  else if (!*place->file && *place->fn) (void)snprintf(out, size, "inside %s", place->fn);
  else if (!*place->file) (void)snprintf(out, size, "inside C");
  else if (*place->fn)
    (void)snprintf(out, size, "%s:%d (function '%s')", text_base(place->file), place->line, place->fn);
  else (void)snprintf(out, size, "%s:%d", text_base(place->file), place->line);
}

const char *text_of_record(const TraceRecord *r, int which, char out[TRACE_TEXT + 1]) {
  size_t len = r->text_len > TRACE_TEXT ? TRACE_TEXT : r->text_len; /* a broken writer */
  memcpy(out, r->text, len);
  out[len] = '\0';
  if (which == 0) return out;
  size_t first = strlen(out);
  return first < len ? out + first + 1 : out + first;
}

/* ---- fitting ---- */

/* One character, made harmless. */
static void add_char(StrBuf *out, const char *text, size_t used, bool valid) {
  unsigned char c = (unsigned char)*text;
  if (!valid || c == 127) strbuf_addc(out, '?');
  else if (c < ' ') strbuf_addc(out, ' ');
  else strbuf_add(out, text, used);
}

int text_fit(StrBuf *out, const char *text, size_t len, int columns) {
  size_t at = 0, kept = out->len; /* kept: where an ellipsis would go, the last place with a column to spare */
  int taken = 0, kept_columns = 0, width;
  while (at < len) {
    bool valid;
    size_t used = cells_char(text + at, len - at, &width, &valid);
    if (taken + width > columns) break;
    add_char(out, text + at, used, valid);
    at += used;
    taken += width;
    if (taken < columns) kept = out->len, kept_columns = taken;
  }
  if (at == len || columns < 1) return taken;
  out->len = kept;
  strbuf_adds(out, ELLIPSIS);
  return kept_columns + 1;
}

void text_pad(StrBuf *out, const char *text, size_t len, int columns, bool right) {
  size_t start = out->len;
  int taken = text_fit(out, text, len, columns);
  int blanks = columns - taken;
  if (blanks <= 0) return;
  for (int i = 0; i < blanks; i++) strbuf_addc(out, ' ');
  if (!right || out->failed) return;
  size_t bytes = out->len - start - (size_t)blanks;
  memmove(out->p + start + blanks, out->p + start, bytes);
  memset(out->p + start, ' ', (size_t)blanks);
}

void text_trim(StrBuf *out, size_t start) {
  while (out->len > start && !out->failed && out->p[out->len - 1] == ' ') out->len--;
}

void view_line(const ViewSize *size, StrBuf *out, Style style, const char *fmt, ...) {
  char text[1024];
  va_list ap;
  va_start(ap, fmt);
  int len = vsnprintf(text, sizeof text, fmt, ap);
  va_end(ap);
  if (len < 0) return;
  if ((size_t)len >= sizeof text) len = sizeof text - 1;
  if (style != STYLE_NONE) strbuf_adds(out, view_style(size, style));
  (void)text_fit(out, text, (size_t)len, size->columns);
  if (style != STYLE_NONE) strbuf_adds(out, view_style(size, STYLE_NONE));
  strbuf_addc(out, '\n');
}

/* ---- curves ---- */

void text_spark(StrBuf *out, const int *levels, int columns) {
  for (int i = 0; i < columns; i++) {
    char bar[] = "\xe2\x96\x81"; /* U+2581, the lowest of eight */
    int level = levels[i] > 7 ? 7 : levels[i];
    bar[2] = (char)((unsigned char)bar[2] + (level > 0 ? level : 0));
    strbuf_adds(out, level < 0 ? " " : bar);
  }
}

int text_lag_level(double ms) {
  static const double steps[] = { 5, 10, 20, 50, 100, 200, 500 };
  int level = 0;
  while (level < 7 && ms >= steps[level]) level++;
  return level;
}
