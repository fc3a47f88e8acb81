/* SPDX-License-Identifier: MIT */
/* request.h - one request of the page: what of it is kept, and what is answered to it. */
#ifndef MOONFORK_INSPECT_REQUEST_H
#define MOONFORK_INSPECT_REQUEST_H

#include <http_parser.h>
#include <stdbool.h>
#include "assets.h"

enum { REQUEST_MAX = 8 * 1024, REQUEST_VALUE = 160 };

typedef struct Request {
  http_parser lib;
  size_t got;                    /* bytes so far */
  bool complete, failed, in_value, body, doubled;
  char target[REQUEST_VALUE], name[40];
  char host[REQUEST_VALUE], origin[REQUEST_VALUE], site[REQUEST_VALUE], token[REQUEST_VALUE];
  char *value;                   /* the kept header whose value is being read, NULL */
} Request;

typedef enum RequestKind { REQUEST_ERROR, REQUEST_FILE, REQUEST_STREAM } RequestKind;

typedef struct Verdict {
  RequestKind kind;
  int status;
  bool wrong_token;              /* of a 403: a token was tried */
  const Asset *file;
} Verdict;

void request_init(Request *req);

/* Takes bytes of the request. True when it is complete or cannot become one: then judge it. */
bool request_take(Request *req, const char *bytes, size_t len);

/* By the rules of the page: size, host, origin, method, path, token, in this order. */
Verdict request_judge(const Request *req, int port, const char *token);

#endif
