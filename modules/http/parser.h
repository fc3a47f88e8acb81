/* SPDX-License-Identifier: MIT */
/* parser.h - HTTP/1 messages out of bytes, strictly, one event at a time.
 *
 * Pure C over bytes: no Lua, no sockets. The caller feeds what has come in and is told of the head, of
 * each piece of the body and of the end; between two events nothing is lost, so whoever is called for an
 * event may raise. One parser a connection; all parsers of a thread may share one HttpScratch. */
#ifndef MOONFORK_HTTP_PARSER_H
#define MOONFORK_HTTP_PARSER_H

#include <http_parser.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "core/strbuf.h"

typedef struct HttpSpan {
  uint32_t at, len; /* in the bytes of the head */
} HttpSpan;

typedef struct HttpField {
  HttpSpan name, value; /* value without the blanks around it */
} HttpField;

enum { HTTP_METHOD_QUERY = 64 }; /* Node has it, the library does not */

/* A head, or the trailers, of a message. */
typedef struct HttpHead {
  uint32_t count, size;    /* fields; bytes */
  uint16_t status;         /* of a response */
  uint8_t method, major, minor;
  bool keep_alive, chunked;
  bool upgrade;            /* Connection: upgrade, or CONNECT */
  bool has_host, has_expect, has_te;
  HttpSpan target;         /* the URL of a request, the reason of a response */
  const char *bytes;
  const HttpField *fields;
} HttpHead;

typedef struct HttpScratch {
  HttpField *fields;       /* owns */
  uint32_t count, room;
  HttpHead head;           /* what the last event has told of */
} HttpScratch;

typedef enum HttpEventKind {
  HTTP_EV_MORE,   /* all bytes are taken; more are needed */
  HTTP_EV_HEAD,   /* ev->head, valid until the next call; skip_body, accept_upgrade may be set before it */
  HTTP_EV_BODY,   /* ev->bytes, ev->len: a piece of the body, borrowed from what was fed */
  HTTP_EV_END,    /* the message is over; ev->head: its trailers or NULL, valid until the next call */
  HTTP_EV_FAILED  /* parser->code, parser->reason; stays so */
} HttpEventKind;

typedef struct HttpEvent {
  HttpEventKind kind;
  const HttpHead *head;
  const char *bytes;
  size_t len;
} HttpEvent;

typedef struct HttpParser {
  http_parser lib;
  HttpScratch *scratch;    /* borrows */
  StrBuf part;             /* a head, or trailers, that are not all there yet */
  const char *base;        /* what spans are counted from while the library runs */
  const char *code, *reason; /* of the failure; static */
  uint64_t left;           /* of the chunk or of the body */
  uint32_t limit;          /* bytes of a head; 431 beyond */
  uint32_t counted;
  uint8_t state, at, major; /* of the scanner; at: place in "HTTP/1.1" */
  bool part_used;          /* part was told of and is to be freed */
  bool response, trailers, query, message_done;
  bool skip_body, accept_upgrade; /* the caller's answer to HTTP_EV_HEAD */
  bool upgraded;           /* after HTTP_EV_END: what follows is another protocol */
  bool begun;              /* bytes of a message have come that is not over */
  bool keep_alive;         /* of the message under way */
  HttpSpan target;
} HttpParser;

enum { HTTP_DEFAULT_HEAD = 16384 };

void parser_start(HttpParser *p, HttpScratch *scratch, bool response, uint32_t limit);
void parser_stop(HttpParser *p); /* frees what it owns */
void scratch_free(HttpScratch *scratch);

/* Takes bytes until there is something to tell. Returns how many; never more than n, and never none
 * with HTTP_EV_MORE unless n is 0. */
size_t parser_next(HttpParser *p, const char *bytes, size_t n, HttpEvent *ev);

/* The other side sends no more: HTTP_EV_END when that ends a body, HTTP_EV_FAILED inside a message, else
 * HTTP_EV_MORE. */
void parser_eof(HttpParser *p, HttpEvent *ev);

/* Bytes that head_copy needs; the copy at `to` (aligned as malloc does) lies in them altogether. */
size_t head_copy_size(const HttpHead *head);
HttpHead *head_copy(const HttpHead *head, void *to);

/* "GET"; "" for a number that is none. */
const char *http_method_name(unsigned method);

bool http_name_is(const HttpHead *head, HttpSpan name, const char *lower);

/* The rules for what we write: a token; no control characters. */
bool http_is_token(const char *s, size_t len);
bool http_is_value(const char *s, size_t len);

#endif
