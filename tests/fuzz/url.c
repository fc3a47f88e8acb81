/* SPDX-License-Identifier: MIT */
/* url.c - fuzzes the URL parser: any bytes, with and without a base, are refused or read without a crash;
 * what was read is written to a text that reads and writes as itself; every part takes any bytes. */
// objs: modules/url/parse.o modules/url/host.o modules/url/encode.o modules/core/utf8.o modules/core/strbuf.o
#include "url/parse.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void require(int cond) {
  if (!cond) abort();
}

/* The written form is a fixed point. */
static void check(const Url *u) {
  StrBuf first, second, origin;
  Url again;
  strbuf_init(&first), strbuf_init(&second), strbuf_init(&origin);
  url_init(&again);
  url_write(u, &first, true);
  require(url_parse(&again, first.p, first.len, NULL) == URL_OK);
  url_write(&again, &second, true);
  require(first.len == second.len && !memcmp(first.p, second.p, first.len));
  url_write_origin(u, &origin);
  require(origin.len > 0);
  strbuf_free(&first), strbuf_free(&second), strbuf_free(&origin);
  url_free(&again);
}

static void check_parts(const Url *from, const char *s, size_t len) {
  for (int part = PART_PROTOCOL; part <= PART_HASH; part++) {
    Url u;
    StrBuf text;
    url_init(&u);
    strbuf_init(&text);
    require(url_copy(&u, from));
    require(url_set(&u, (UrlPart)part, s, len) == URL_OK);
    url_write(&u, &text, true);
    strbuf_free(&text);
    url_free(&u);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char *const bases[] = { "http://u:p@h:81/a/b?q#f", "file:///C:/x", "foo://h/p", "mailto:a" };
  char *copy = malloc(size ? size : 1); /* no byte behind it */
  if (size) memcpy(copy, data, size);
  for (size_t i = 0; i <= sizeof bases / sizeof *bases; i++) {
    Url base, u;
    url_init(&base), url_init(&u);
    if (i > 0) require(url_parse(&base, bases[i - 1], strlen(bases[i - 1]), NULL) == URL_OK);
    if (url_parse(&u, copy, size, i > 0 ? &base : NULL) == URL_OK) check(&u);
    if (i > 0) check_parts(&base, copy, size);
    url_free(&base), url_free(&u);
  }
  free(copy);
  return 0;
}
