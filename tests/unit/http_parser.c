/* SPDX-License-Identifier: MIT */
/* http_parser.c - messages out of bytes, wherever they are cut. */
// objs: modules/http/parser.o modules/core/strbuf.o
#include "http/parser.h"
#include "tap.h"

#include <stdlib.h>

static char text[512];

static void add(const char *bytes, size_t len) {
  size_t used = strlen(text);
  snprintf(text + used, sizeof text - used, "%.*s", (int)len, bytes);
}

static void add_head(const HttpHead *h) {
  char *block = malloc(head_copy_size(h));
  HttpHead *copy = head_copy(h, block);
  add("[", 1);
  add(copy->bytes + copy->target.at, copy->target.len);
  for (uint32_t i = 0; i < copy->count; i++) {
    const HttpField *f = &copy->fields[i];
    add(" ", 1);
    add(copy->bytes + f->name.at, f->name.len);
    add("=", 1);
    add(copy->bytes + f->value.at, f->value.len);
  }
  add("]", 1);
  free(block);
}

/* What the bytes tell when they come in pieces of n. */
static const char *parse(const char *bytes, size_t len, size_t n, bool response, uint32_t limit) {
  HttpScratch scratch = { 0 };
  HttpParser p;
  HttpEvent ev = { 0 };
  text[0] = '\0';
  parser_start(&p, &scratch, response, limit);
  for (size_t at = 0; at < len && ev.kind != HTTP_EV_FAILED; at += n) {
    size_t left = len - at < n ? len - at : n;
    const char *from = bytes + at;
    do {
      size_t used = parser_next(&p, from, left, &ev);
      from += used;
      left -= used;
      if (ev.kind == HTTP_EV_HEAD) add_head(ev.head);
      if (ev.kind == HTTP_EV_BODY) add(ev.bytes, ev.len);
      if (ev.kind == HTTP_EV_END) add(".", 1);
      if (ev.kind == HTTP_EV_END && ev.head) add_head(ev.head);
    } while (ev.kind != HTTP_EV_MORE && ev.kind != HTTP_EV_FAILED);
  }
  if (ev.kind != HTTP_EV_FAILED) parser_eof(&p, &ev);
  if (ev.kind == HTTP_EV_END) add("eof", 3);
  if (ev.kind == HTTP_EV_FAILED) add(p.code, strlen(p.code));
  parser_stop(&p);
  scratch_free(&scratch);
  return text;
}

static void always(const char *bytes, bool response, const char *want, const char *what) {
  size_t len = strlen(bytes), bad = 0;
  for (size_t n = len; n > 0; n--)
    if (strcmp(parse(bytes, len, n, response, 256), want) != 0) bad = n;
  if (bad) (void)parse(bytes, len, bad, response, 256);
  is_text(text, want, "%s", what);
}

int main(void) {
  always("GET /a HTTP/1.1\r\nHost:  x \r\nB:\r\n\r\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", false,
         "[/a Host=x B=].[/b Host=x Content-Length=3]abc.", "two requests");
  always("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
         "3;a=\"b\"\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: v\r\n\r\nQUERY / HTTP/1.1\r\nHost: y\r\n\r\n", false,
         "[/ Host=x Transfer-Encoding=chunked]abc0123456789.[ T=v][/ Host=y].", "chunks and trailers");
  always("HTTP/1.1 200 Fine\r\nA: b\r\n\r\nto the end", true, "[Fine A=b]to the endeof", "a body without length");
  always("HTTP/1.1 204 \r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\nx", true,
         "[].[Not Found Content-Length=1]x.", "no body, no reason");
  always("GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n", false, "HPE_CR_EXPECTED", "a bare LF");
  always("GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", false, "HPE_INVALID_HEADER_TOKEN", "a folded line");
  always("GET / HTTP/1.1\r\nA : b\r\n\r\n", false, "HPE_INVALID_HEADER_TOKEN", "a blank before the colon");
  always("POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", false,
         "HPE_INVALID_TRANSFER_ENCODING", "a length and chunks");
  always("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", false,
         "HPE_UNEXPECTED_CONTENT_LENGTH", "two lengths");
  always("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", false,
         "[/ Transfer-Encoding=chunked]aHPE_STRICT", "more than the chunk holds");
  always("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n", false,
         "[/ Transfer-Encoding=chunked]aHPE_CR_EXPECTED", "a chunk that ends with LF");
  always("GET / HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\n\r\n", false, "[/].HPE_CLOSED_CONNECTION", "more than one");
  always("GET / HTTP/1.1\r\nA: ", false, "HPE_INVALID_EOF_STATE", "half a head");

  char long_value[400] = "GET / HTTP/1.1\r\nA: ";
  memset(long_value + strlen(long_value), 'x', 300);
  always(long_value, false, "HPE_HEADER_OVERFLOW", "a head without end");
  ok(http_is_token("a-b", 3) && !http_is_token("", 0) && !http_is_token("a b", 3), "tokens");
  ok(http_is_value("a\tb\xff", 4) && !http_is_value("a\r", 2) && !http_is_value("\0", 1), "values");
  return tap_end();
}
