/* SPDX-License-Identifier: MIT */
/* inspect.c - see inspect.h. What belongs to the collector's loop is run there. */
#include "inspect.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct {
  Live *live;      /* borrows */
  Page *page;      /* NULL: none */
  int port;
  char token[PAGE_TOKEN + 1];
} shown;

typedef struct Opening {
  PageOptions options;
  const Model *model;
  Page *page;
  int err;
} Opening;

static void on_change(Live *live, void *ctx) {
  (void)live;
  page_changed(ctx);
}

static void open_there(Live *live, void *ctx) {
  Opening *opening = ctx;
  opening->page = page_open(live_loop(live), opening->model, &opening->options, &opening->err);
  if (opening->page) live_on_change(live, on_change, opening->page);
}

int inspect_open(Live *live, const PageOptions *opt) {
  Opening opening = { .options = *opt };
  live_refresh(live);
  opening.model = live_hold(live); /* it stays where it is; only its thread changes it */
  live_release(live);
  int err = live_run_there(live, open_there, &opening);
  if (err || !opening.page) return err ? err : opening.err;
  shown.live = live;
  shown.page = opening.page;
  shown.port = page_port(opening.page);
  (void)snprintf(shown.token, sizeof shown.token, "%s", page_token(opening.page));
  return 0;
}

static void on_page_closed(void *ctx) { uv_sem_post(ctx); }

static void close_there(Live *live, void *ctx) {
  live_on_change(live, NULL, shown.page);
  page_close(shown.page, on_page_closed, ctx);
}

void inspect_close(void) {
  uv_sem_t closed;
  if (!shown.page || uv_sem_init(&closed, 0) != 0) return;
  (void)live_run_there(shown.live, close_there, &closed);
  uv_sem_wait(&closed);
  uv_sem_destroy(&closed);
  shown.page = NULL;
  shown.port = 0;
}

int inspect_port(void) { return shown.page ? shown.port : 0; }

void inspect_lines(char *url, size_t url_size, char *tunnel, size_t tunnel_size) {
  char host[256] = "HOST";
  const struct passwd *user = getpwuid(geteuid());
  (void)gethostname(host, sizeof host - 1);
  (void)snprintf(url, url_size, "http://127.0.0.1:%d/#t=%s", shown.port, shown.token);
  (void)snprintf(tunnel, tunnel_size, "ssh -L %d:127.0.0.1:%d %s@%s", shown.port, shown.port,
                 user ? user->pw_name : "USER", host);
}
