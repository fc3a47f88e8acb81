/* SPDX-License-Identifier: MIT */
/* request.c - see request.h.
 *
 * A browser that is led here under another name (DNS rebinding) sends that name as Host; one that is sent
 * here by another site says so in Origin or Sec-Fetch-Site. Neither gets as far as the token. */
#include "request.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Appends to a kept text; one that is too long fits nothing it is compared with, so it is cut. */
static void append(char *to, size_t size, const char *at, size_t len) {
  size_t had = strlen(to);
  if (len > size - 1 - had) len = size - 1 - had;
  memcpy(to + had, at, len);
  to[had + len] = '\0';
}

static int on_url(http_parser *lib, const char *at, size_t len) {
  Request *req = lib->data;
  append(req->target, sizeof req->target, at, len);
  return 0;
}

static int on_field(http_parser *lib, const char *at, size_t len) {
  Request *req = lib->data;
  if (req->in_value) req->name[0] = '\0', req->in_value = false;
  append(req->name, sizeof req->name, at, len);
  return 0;
}

/* A name that comes twice could be read in two ways. */
static char *begin_value(Request *req) {
  char *value = !strcasecmp(req->name, "host")               ? req->host
                : !strcasecmp(req->name, "origin")           ? req->origin
                : !strcasecmp(req->name, "sec-fetch-site")   ? req->site
                : !strcasecmp(req->name, "x-moonfork-token") ? req->token
                                                             : NULL;
  if (value && *value) req->doubled = true;
  return value;
}

static int on_value(http_parser *lib, const char *at, size_t len) {
  Request *req = lib->data;
  if (!req->in_value) req->value = begin_value(req), req->in_value = true;
  if (req->value) append(req->value, REQUEST_VALUE, at, len);
  return 0;
}

static int on_head(http_parser *lib) {
  Request *req = lib->data;
  req->complete = true;
  req->body = (lib->flags & F_CHUNKED) || (lib->content_length != ULLONG_MAX && lib->content_length > 0);
  http_parser_pause(lib, 1); /* what follows is not read */
  return 0;
}

static const http_parser_settings settings = {
  .on_url = on_url, .on_header_field = on_field, .on_header_value = on_value, .on_headers_complete = on_head,
};

void request_init(Request *req) {
  memset(req, 0, sizeof *req);
  http_parser_init(&req->lib, HTTP_REQUEST);
  req->lib.data = req;
}

bool request_take(Request *req, const char *bytes, size_t len) {
  req->got += len;
  if (req->got > REQUEST_MAX) return true;
  (void)http_parser_execute(&req->lib, &settings, bytes, len);
  enum http_errno err = HTTP_PARSER_ERRNO(&req->lib);
  if (!req->complete && err != HPE_OK) req->failed = true;
  return req->complete || req->failed;
}

/* The host that was asked for is one of the three ways to write this machine and our port. */
static bool host_fits(const char *host, int port) {
  static const char *const names[] = { "127.0.0.1", "localhost", "[::1]" };
  char want[32];
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    (void)snprintf(want, sizeof want, "%s:%d", names[i], port);
    if (!strcmp(host, want)) return true;
  }
  return false;
}

/* `none` is a person who typed or opened the address: good for the page itself, which holds no secret. */
static bool origin_fits(const Request *req, bool page) {
  char own[REQUEST_VALUE + 8];
  (void)snprintf(own, sizeof own, "http://%s", req->host);
  if (*req->origin && strcmp(req->origin, own) != 0) return false;
  return !*req->site || !strcmp(req->site, "same-origin") || (page && !strcmp(req->site, "none"));
}

/* Takes the same time wherever the difference is: what was given lies in a field that is longer than a token. */
static bool token_fits(const char given[REQUEST_VALUE], const char *token) {
  size_t len = strlen(token);
  unsigned differ = strnlen(given, REQUEST_VALUE) != len;
  for (size_t i = 0; i < len && i < REQUEST_VALUE; i++) differ |= (unsigned char)given[i] ^ (unsigned char)token[i];
  return differ == 0;
}

static Verdict error_of(int status) { return (Verdict){ .status = status }; }

Verdict request_judge(const Request *req, int port, const char *token) {
  size_t len = strlen(req->target);
  if (!req->complete && req->got > REQUEST_MAX) return error_of(431);
  if (req->failed || req->doubled) return error_of(400);
  if (!host_fits(req->host, port)) return error_of(421);
  if (!origin_fits(req, !strcmp(req->target, "/"))) return error_of(403);
  if (req->lib.method != HTTP_GET) return error_of(405);
  if (req->body) return error_of(413);
  const Asset *file = asset_at(req->target, len);
  if (file) return (Verdict){ .kind = REQUEST_FILE, .status = 200, .file = file };
  if (strcmp(req->target, "/stream") != 0) return error_of(404);
  if (token_fits(req->token, token)) return (Verdict){ .kind = REQUEST_STREAM, .status = 200 };
  return (Verdict){ .status = 403, .wrong_token = *req->token != '\0' };
}
