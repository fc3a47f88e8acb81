/* SPDX-License-Identifier: MIT */
/* page_in.h - what page.c, client.c and stream.c share. */
#ifndef MOONFORK_INSPECT_PAGE_IN_H
#define MOONFORK_INSPECT_PAGE_IN_H

#include "frame.h"
#include "page.h"
#include "past.h"
#include "request.h"
#include "../../modules/core/list.h"

enum {
  PAGE_CLIENTS = 8,
  PAGE_HEAD_MS = 10000,        /* for the request */
  PAGE_WRONG_TRIES = 5,
  PAGE_WRONG_MS = 1000,        /* what each further wrong token waits */
  PAGE_LINGER_MS = 2000,       /* for the other side to close */
  PAGE_QUEUE = 1024 * 1024,    /* bytes that a reader may be behind */
  PAGE_PIECE = 64 * 1024,
  PAGE_CURVES = 64
};

struct Page {
  uv_loop_t *loop;
  const Model *model;          /* borrows; it stands still while our callbacks run: one thread */
  FrameOptions options;
  int port;
  char token[PAGE_TOKEN + 1];
  uv_tcp_t listeners[2];
  uv_timer_t timer;            /* each second */
  int handles;                 /* of ours that are open: listeners, timer, two of each client */
  List clients;
  int nclients;
  unsigned wrong;              /* tokens that did not fit */
  StrBuf state, scratch;       /* the newest state; what is being written */
  uint64_t state_number, state_at, past_at; /* of `state`; ns */
  Past past;
  bool closing;
  void (*done)(void *ctx);
  void *ctx;
};

typedef enum Phase { PHASE_HEAD, PHASE_WAIT, PHASE_ANSWERED, PHASE_STREAM, PHASE_CLOSING } Phase;

typedef struct Client {
  List link;
  Page *page;
  uv_tcp_t tcp;
  uv_timer_t timer;
  Phase phase;
  int open;                    /* handles */
  bool busy_refused;           /* came as the ninth */
  Request req;
  char in[4096];
  /* of a stream */
  bool greeted;
  size_t next_curve;
  uint64_t next_past, next_record, told_state;
  uint64_t skipped, lost;      /* states and records that it did not get, not yet said */
} Client;

/* client.c */
void client_accept(Page *page, uv_stream_t *listener);
void client_close(Client *client);
/* Writes; `text` is copied. False: the client is being closed. */
bool client_write(Client *client, const char *text, size_t len);

/* stream.c */
void stream_begin(Client *client);
void stream_pump(Client *client); /* sends what is due, as far as the reader follows */
void stream_refresh(Page *page);  /* makes a new state when it is time for one */

/* page.c */
void page_handle_closed(Page *page);

#endif
