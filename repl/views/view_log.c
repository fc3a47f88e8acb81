/* SPDX-License-Identifier: MIT */
/* view_log.c - .log: what the processes printed, each line with its origin and time. */
#include "facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LINES = 200, ORIGIN = 13 };

/* Whose output the record tells; NULL: it is none, or it is told by the process itself, too. */
static const LiveProc *origin_of(const Model *m, const LiveRecord *r) {
  if (r->r.event != TRACE_STDIO || r->r.n[0] < 1 || r->r.n[0] > 2 || r->r.n[1] <= 0) return NULL;
  if (!r->r.n[3]) return r->proc;
  const LiveProc *child = model_proc(m, (int)r->r.n[3]);
  return child && !child->traced ? child : NULL;
}

/* Takes out what is left of colours: an escape's first byte is a blank in a record. */
static size_t drop_colours(char *text, size_t len) {
  size_t to = 0;
  for (size_t i = 0; i < len; i++) {
    size_t end = i + 2;
    while (end < len && ((text[end] >= '0' && text[end] <= '9') || text[end] == ';')) end++;
    if (text[i] == ' ' && i + 2 < len && text[i + 1] == '[' && end < len && text[end] == 'm') i = end;
    else text[to++] = text[i];
  }
  return to;
}

static void add_line(const Model *m, const ViewSize *size, const LiveRecord *r, const LiveProc *p, StrBuf *out) {
  char origin[64], text[TRACE_TEXT + 1], head[64];
  bool err = r->r.n[0] == 2;
  (void)text_of_record(&r->r, 0, text);
  size_t len = drop_colours(text, strlen(text));
  while (len > 0 && text[len - 1] == ' ') len--; /* the line end, as a blank */
  (void)snprintf(head, sizeof head, "%s ", text_clock_ms(m, r->r.t).s);
  if (r->thread && r->thread->thread_id) (void)snprintf(origin, sizeof origin, "%s", text_thread(r->thread).s);
  else (void)snprintf(origin, sizeof origin, "%s", text_name(p).s);
  strbuf_addf(out, "%s%s%s", view_style(size, STYLE_DIM), head, view_style(size, STYLE_NONE));
  int left = size->columns - (int)strlen(head);
  text_pad(out, origin, strlen(origin), left < ORIGIN ? left : ORIGIN, false);
  left -= ORIGIN;
  if (left > 4) {
    strbuf_addf(out, " %s%s%s ", err ? view_style(size, STYLE_RED) : "", err ? "err" : "out",
                err ? view_style(size, STYLE_NONE) : "");
    char bytes[32];
    (void)snprintf(bytes, sizeof bytes, "(%lld bytes)", (long long)r->r.n[1]);
    int taken = len ? text_fit(out, text, len, left - 5) : text_fit(out, bytes, strlen(bytes), left - 5);
    if (len && (r->r.flags & TRACE_CUT) && taken < left - 5) strbuf_adds(out, "…");
  }
  strbuf_addc(out, '\n');
}

void view_log(const Model *m, const ViewSize *size, StrBuf *out) {
  uint64_t lines[MOST_LINES], skip = size->back;
  int count = 0, want = size->rows > 0 && size->rows < MOST_LINES ? size->rows : MOST_LINES;
  for (uint64_t n = newest_record(m, size); n > m->first && count < want; n--) {
    const LiveRecord *r = model_record(m, n - 1);
    const LiveProc *p = origin_of(m, r);
    if (!p || (size->only && size->only != p)) continue;
    if (skip > 0) skip--;
    else lines[count++] = n - 1;
  }
  if (!count) view_line(size, out, STYLE_NONE, "Nothing was printed yet.");
  while (count > 0) {
    const LiveRecord *r = model_record(m, lines[--count]);
    add_line(m, size, r, origin_of(m, r), out);
  }
}
