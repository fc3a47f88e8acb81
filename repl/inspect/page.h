/* SPDX-License-Identifier: MIT */
/* page.h - the browser page: a small HTTP server on the collector's loop.
 *
 * It listens on 127.0.0.1 and ::1 only, answers GET for a fixed list of paths that lie in the program, and
 * can change nothing. The one path with data, /stream, wants the token. All functions but page_url belong
 * to the loop's thread. */
#ifndef MOONFORK_INSPECT_PAGE_H
#define MOONFORK_INSPECT_PAGE_H

#include <uv.h>
#include "../live/model.h"

enum { PAGE_TOKEN = 32 }; /* hexadecimal digits of the token: 128 bits */

typedef struct Page Page;

typedef struct PageOptions {
  int port;  /* 0: any */
  bool args; /* --show-args */
} PageOptions;

/* Listens. NULL with *err a negative uv error. The model is borrowed up to the end of the page. */
Page *page_open(uv_loop_t *loop, const Model *m, const PageOptions *opt, int *err);

/* The model has changed: whoever looks is told. */
void page_changed(Page *page);

/* Closes everything and frees the page, then calls done. */
void page_close(Page *page, void (*done)(void *ctx), void *ctx);

int page_port(const Page *page);
const char *page_token(const Page *page);

#endif
