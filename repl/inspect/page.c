/* SPDX-License-Identifier: MIT */
/* page.c - see page.h: listening, and the life of the whole. request.c judges, client.c answers. */
#include "page_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BACKLOG = 16, TRIES = 16, EACH_MS = 1000 };

int page_port(const Page *page) { return page->port; }
const char *page_token(const Page *page) { return page->token; }

static int make_token(Page *page) {
  unsigned char bytes[PAGE_TOKEN / 2];
  int err = uv_random(NULL, NULL, bytes, sizeof bytes, 0, NULL);
  if (err) return err;
  for (size_t i = 0; i < sizeof bytes; i++) (void)snprintf(page->token + 2 * i, 3, "%02x", bytes[i]);
  return 0;
}

/* ---- the end ---- */

void page_handle_closed(Page *page) {
  if (--page->handles > 0 || !page->closing) return;
  void (*done)(void *ctx) = page->done;
  void *ctx = page->ctx;
  strbuf_free(&page->state);
  strbuf_free(&page->scratch);
  past_free(&page->past);
  free(page);
  if (done) done(ctx);
}

static void on_closed(uv_handle_t *handle) { page_handle_closed(handle->data); }

void page_close(Page *page, void (*done)(void *ctx), void *ctx) {
  page->closing = true;
  page->done = done;
  page->ctx = ctx;
  for (int i = 0; i < 2; i++)
    if (page->listeners[i].data && !uv_is_closing((uv_handle_t *)&page->listeners[i]))
      uv_close((uv_handle_t *)&page->listeners[i], on_closed);
  uv_close((uv_handle_t *)&page->timer, on_closed);
  for (List *l = page->clients.next; l != &page->clients; l = l->next) client_close(list_entry(l, Client, link));
}

/* ---- listening ---- */

static void on_connection(uv_stream_t *listener, int status) {
  if (status == 0) client_accept(listener->data, listener);
}

static int listen_at(Page *page, uv_tcp_t *tcp, const char *address, int port) {
  struct sockaddr_storage addr;
  bool six = strchr(address, ':') != NULL;
  int err = six ? uv_ip6_addr(address, port, (struct sockaddr_in6 *)&addr)
                : uv_ip4_addr(address, port, (struct sockaddr_in *)&addr);
  if (err) return err;
  (void)uv_tcp_init(page->loop, tcp);
  tcp->data = page;
  page->handles++;
  if ((err = uv_tcp_bind(tcp, (struct sockaddr *)&addr, six ? UV_TCP_IPV6ONLY : 0)) == 0)
    err = uv_listen((uv_stream_t *)tcp, BACKLOG, on_connection);
  return err;
}

static int port_of(const uv_tcp_t *tcp) {
  struct sockaddr_in addr;
  int len = sizeof addr;
  return uv_tcp_getsockname(tcp, (struct sockaddr *)&addr, &len) == 0 ? ntohs(addr.sin_port) : 0;
}

/* Both addresses on one port; a machine without IPv6 has the first alone. A port that the system chose for
 * the first may be taken at the second. */
static int listen_both(Page *page, int port) {
  int err = listen_at(page, &page->listeners[0], "127.0.0.1", port);
  if (err) return err;
  page->port = port_of(&page->listeners[0]);
  err = listen_at(page, &page->listeners[1], "::1", page->port);
  if (err != UV_EADDRNOTAVAIL && err != UV_EAFNOSUPPORT) return err;
  uv_close((uv_handle_t *)&page->listeners[1], on_closed);
  return 0;
}

static void on_each(uv_timer_t *timer) { page_changed(timer->data); }

static Page *try_open(uv_loop_t *loop, const Model *m, const PageOptions *opt, int *err) {
  Page *page = calloc(1, sizeof *page);
  if (!page) return *err = UV_ENOMEM, NULL;
  page->loop = loop;
  page->model = m;
  page->options = (FrameOptions){ .base = m->now ? m->now : uv_hrtime(), .args = opt->args };
  for (const LiveProc *p = m->procs; p; p = p->next)
    if (p->began && p->began < page->options.base) page->options.base = p->began;
  list_init(&page->clients);
  strbuf_init(&page->state);
  strbuf_init(&page->scratch);
  (void)uv_timer_init(loop, &page->timer);
  page->timer.data = page;
  page->handles++;
  *err = make_token(page);
  if (!*err) *err = listen_both(page, opt->port);
  if (!*err) *err = uv_timer_start(&page->timer, on_each, EACH_MS, EACH_MS);
  if (!*err) return page;
  page_close(page, NULL, NULL);
  return NULL;
}

Page *page_open(uv_loop_t *loop, const Model *m, const PageOptions *opt, int *err) {
  Page *page = NULL;
  for (int i = 0; i < TRIES && !page; i++) {
    page = try_open(loop, m, opt, err);
    if (opt->port || *err != UV_EADDRINUSE) break;
  }
  return page;
}

/* ---- the model moves ---- */

void page_changed(Page *page) {
  if (page->closing) return;
  stream_refresh(page);
  for (List *l = page->clients.next, *next; l != &page->clients; l = next) {
    Client *client = list_entry(l, Client, link);
    next = l->next;
    if (client->phase == PHASE_STREAM) stream_pump(client);
  }
}
