/* SPDX-License-Identifier: MIT */
/* http.c - fuzzes the parser of HTTP: bytes that come in pieces must tell the same as bytes that come at
 * once, nothing told may lie outside of what was fed, and a second head must not hide in a body. The
 * first byte chooses request or response and what is answered to a head, the second the pieces. */
// objs: modules/http/parser.o modules/core/strbuf.o
// libs: -lhttp_parser
#include "http/parser.h"

#include <stdlib.h>
#include <string.h>

static void require(int cond) {
  if (!cond) abort();
}

/* All that was told, as bytes: equal logs, equal meaning. */
typedef struct Log {
  char *p;
  size_t len, cap;
} Log;

static void add(Log *log, const void *bytes, size_t len) {
  if (log->cap - log->len < len) {
    log->cap = (log->cap + len) * 2;
    log->p = realloc(log->p, log->cap);
    require(log->p != NULL);
  }
  if (len) memcpy(log->p + log->len, bytes, len);
  log->len += len;
}

static void add_text(Log *log, const char *text) { add(log, text, strlen(text)); }

static void add_span(Log *log, const HttpHead *h, HttpSpan span) {
  require((size_t)span.at + span.len <= h->size);
  add(log, h->bytes + span.at, span.len);
  add_text(log, "|");
}

static void add_head(Log *log, const HttpHead *head) {
  void *block = malloc(head_copy_size(head));
  require(block != NULL);
  HttpHead *h = head_copy(head, block);
  add_span(log, h, h->target);
  for (uint32_t i = 0; i < h->count; i++) {
    const HttpField *f = &h->fields[i];
    require(http_is_token(h->bytes + f->name.at, f->name.len));
    require(http_is_value(h->bytes + f->value.at, f->value.len));
    add_span(log, h, f->name);
    add_span(log, h, f->value);
  }
  const unsigned char numbers[] = { (unsigned char)h->status, h->method, h->major, h->minor, h->keep_alive,
                                    h->chunked, h->upgrade, h->has_host };
  add(log, numbers, sizeof numbers);
  free(block);
}

/* Feeds all in pieces of n bytes. */
static void run(const uint8_t *data, size_t size, unsigned mode, size_t n, Log *log) {
  HttpScratch scratch = { 0 };
  HttpParser p;
  HttpEvent ev = { 0 };
  size_t at = 0, body = 0;
  parser_start(&p, &scratch, mode & 1, 512);
  while (at < size && ev.kind != HTTP_EV_FAILED && !p.upgraded) {
    size_t piece = size - at < n ? size - at : n, left = piece;
    const char *from = (const char *)data + at;
    char *copy = malloc(piece); /* so that a look beyond the piece is seen */
    require(copy != NULL);
    memcpy(copy, from, piece);
    const char *bytes = copy;
    do {
      size_t used = parser_next(&p, bytes, left, &ev);
      require(used <= left);
      if (ev.kind == HTTP_EV_BODY) {
        require(ev.len > 0 && ev.bytes >= copy && ev.bytes + ev.len <= copy + piece);
        add(log, ev.bytes, ev.len);
        body += ev.len;
      } else if (ev.kind == HTTP_EV_HEAD) {
        add_text(log, "H");
        add_head(log, ev.head);
        p.skip_body = mode & 2;
        p.accept_upgrade = ev.head->upgrade && (mode & 4);
      } else if (ev.kind == HTTP_EV_END) {
        add_text(log, "E");
        if (ev.head) add_head(log, ev.head);
      } else if (ev.kind == HTTP_EV_MORE) {
        require(used == left);
      }
      bytes += used;
      left -= used;
    } while (ev.kind != HTTP_EV_MORE && ev.kind != HTTP_EV_FAILED && !p.upgraded);
    free(copy);
    at += piece;
  }
  if (ev.kind != HTTP_EV_FAILED && !p.upgraded) parser_eof(&p, &ev);
  if (ev.kind == HTTP_EV_FAILED) {
    require(p.code != NULL && p.reason != NULL);
    add_text(log, p.code);
  }
  require(body <= size);
  parser_stop(&p);
  scratch_free(&scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static bool ready;
  if (!ready) http_parser_set_max_header_size(UINT32_MAX);
  ready = true;
  if (size < 2) return 0;
  unsigned mode = data[0];
  size_t n = (size_t)(data[1] & 15) + 1;
  Log whole = { 0 }, pieces = { 0 };
  run(data + 2, size - 2, mode, size, &whole);
  run(data + 2, size - 2, mode, n, &pieces);
  require(whole.len == pieces.len && (whole.len == 0 || !memcmp(whole.p, pieces.p, whole.len)));
  free(whole.p);
  free(pieces.p);
  return 0;
}
