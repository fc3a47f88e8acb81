/* SPDX-License-Identifier: MIT */
/* client.c - one connection: a request, an answer, the end. A stream goes on in stream.c.
 *
 * A Client owns its two handles and is freed when both are closed. Each phase has a limit in time. */
#include "page_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Write {
  uv_write_t req;
  char text[];
} Write;

/* ---- the end ---- */

static void on_client_closed(uv_handle_t *handle) {
  Client *client = handle->data;
  Page *page = client->page;
  if (--client->open == 0) {
    list_remove(&client->link);
    page->nclients--;
    free(client);
  }
  page_handle_closed(page);
}

void client_close(Client *client) {
  if (client->phase == PHASE_CLOSING) return;
  client->phase = PHASE_CLOSING;
  uv_close((uv_handle_t *)&client->tcp, on_client_closed);
  uv_close((uv_handle_t *)&client->timer, on_client_closed);
}

static void on_too_long(uv_timer_t *timer) { client_close(timer->data); }

static void limit(Client *client, uint64_t ms) { (void)uv_timer_start(&client->timer, on_too_long, ms, 0); }

/* ---- writing ---- */

static void on_written(uv_write_t *req, int status) {
  Client *client = req->handle->data;
  free(req);
  if (status < 0) client_close(client);
  else if (client->phase == PHASE_STREAM) stream_pump(client);
}

bool client_write(Client *client, const char *text, size_t len) {
  Write *write = malloc(sizeof *write + len);
  if (!write) {
    client_close(client);
    return false;
  }
  memcpy(write->text, text, len);
  uv_buf_t buf = uv_buf_init(write->text, (unsigned)len);
  if (uv_write(&write->req, (uv_stream_t *)&client->tcp, &buf, 1, on_written) == 0) return true;
  free(write);
  client_close(client);
  return false;
}

static void on_shutdown(uv_shutdown_t *req, int status) {
  (void)status;
  free(req);
}

/* The answer goes out whole: we end our side and read on until the other one ends its. */
static void finish(Client *client) {
  uv_shutdown_t *req = malloc(sizeof *req);
  client->phase = PHASE_ANSWERED;
  limit(client, PAGE_LINGER_MS);
  if (req && uv_shutdown(req, (uv_stream_t *)&client->tcp, on_shutdown) == 0) return;
  free(req);
  client_close(client);
}

/* ---- answers ---- */

static const char *reason_of(int status) {
  switch (status) {
  case 200: return "OK";
  case 400: return "Bad Request";
  case 403: return "Forbidden";
  case 404: return "Not Found";
  case 405: return "Method Not Allowed";
  case 413: return "Content Too Large";
  case 421: return "Misdirected Request";
  case 431: return "Request Header Fields Too Large";
  default: return "Service Unavailable";
  }
}

/* No answer names an origin that may read it, so none but our own page does. */
static void add_head(StrBuf *out, int status, const char *type) {
  strbuf_addf(out, "HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Type: %s\r\n", status, reason_of(status), type);
  strbuf_adds(out, "Cache-Control: no-store\r\n"
                   "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
                   "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'\r\n"
                   "X-Content-Type-Options: nosniff\r\n"
                   "X-Frame-Options: DENY\r\n"
                   "Referrer-Policy: no-referrer\r\n"
                   "Cross-Origin-Resource-Policy: same-origin\r\n"
                   "Cross-Origin-Opener-Policy: same-origin\r\n");
  if (status == 405) strbuf_adds(out, "Allow: GET\r\n");
}

static void answer(Client *client, int status, const char *type, const char *body, size_t len) {
  StrBuf *out = &client->page->scratch;
  strbuf_clear(out);
  add_head(out, status, type);
  strbuf_addf(out, "Content-Length: %zu\r\n\r\n", len);
  strbuf_add(out, body, len);
  if (out->failed) client_close(client);
  else if (client_write(client, out->p, out->len)) finish(client);
}

static void answer_error(Client *client, int status) {
  char text[64];
  int len = snprintf(text, sizeof text, "%d %s\n", status, reason_of(status));
  answer(client, status, "text/plain; charset=utf-8", text, (size_t)len);
}

static void on_waited(uv_timer_t *timer) { answer_error(timer->data, 403); }

static void answer_stream(Client *client) {
  StrBuf *out = &client->page->scratch;
  strbuf_clear(out);
  add_head(out, 200, "application/x-ndjson; charset=utf-8");
  strbuf_adds(out, "\r\n");
  (void)uv_timer_stop(&client->timer);
  client->phase = PHASE_STREAM;
  if (out->failed) client_close(client);
  else if (client_write(client, out->p, out->len)) stream_begin(client);
}

static void judge(Client *client) {
  Page *page = client->page;
  Verdict verdict = request_judge(&client->req, page->port, page->token);
  if (client->busy_refused) {
    answer_error(client, 503);
  } else if (verdict.kind == REQUEST_FILE) {
    answer(client, 200, verdict.file->type, verdict.file->begin, (size_t)(verdict.file->end - verdict.file->begin));
  } else if (verdict.kind == REQUEST_STREAM) {
    answer_stream(client);
  } else if (verdict.wrong_token && ++page->wrong > PAGE_WRONG_TRIES) {
    client->phase = PHASE_WAIT;
    (void)uv_timer_start(&client->timer, on_waited, PAGE_WRONG_MS, 0);
  } else {
    answer_error(client, verdict.status);
  }
}

/* ---- reading ---- */

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf) {
  Client *client = handle->data;
  (void)suggested;
  *buf = uv_buf_init(client->in, sizeof client->in);
}

/* What comes after the request is dropped; of a stream's reader nothing more is expected. */
static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf) {
  Client *client = stream->data;
  if (n < 0) client_close(client);
  else if (n > 0 && client->phase == PHASE_HEAD && request_take(&client->req, buf->base, (size_t)n)) judge(client);
}

/* Handles are counted on both sides: ours for the memory, the page's for its own end. */
static void count_handle(Client *client) {
  client->open++;
  client->page->handles++;
}

void client_accept(Page *page, uv_stream_t *listener) {
  Client *client = calloc(1, sizeof *client);
  if (!client) return; /* the connection waits in the listener's queue */
  client->page = page;
  request_init(&client->req);
  client->tcp.data = client->timer.data = client;
  (void)uv_tcp_init(page->loop, &client->tcp);
  (void)uv_timer_init(page->loop, &client->timer);
  count_handle(client);
  count_handle(client);
  list_append(&page->clients, &client->link);
  client->busy_refused = ++page->nclients > PAGE_CLIENTS;
  int err = uv_accept(listener, (uv_stream_t *)&client->tcp);
  if (err || page->nclients > 2 * PAGE_CLIENTS) {
    client_close(client);
    return;
  }
  limit(client, client->busy_refused ? PAGE_LINGER_MS : PAGE_HEAD_MS);
  if (uv_read_start((uv_stream_t *)&client->tcp, on_alloc, on_read) != 0) client_close(client);
}
