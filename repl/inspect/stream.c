/* SPDX-License-Identifier: MIT */
/* stream.c - what a reader of /stream gets: hello, curves, the past, records, then each new state.
 *
 * Nothing is queued for a reader who does not follow beyond PAGE_QUEUE bytes: states are skipped, records
 * wait in the model as long as it keeps them, and when it reads again it is told what it missed. */
#include "page_in.h"

#include <stdio.h>

enum { STATE_MS = 200, PAST_MS = 1000, NS = 1000000 };

void stream_begin(Client *client) {
  client->next_record = client->page->model->first;
  client->next_past = client->page->past.first;
  if (client->page->state.len == 0) stream_refresh(client->page);
  stream_pump(client);
}

/* ---- pieces ---- */

/* The records before the reader came are told as far as they are kept; those lost later are missed. */
static bool add_records(Client *client, StrBuf *out) {
  Page *page = client->page;
  client->lost += frame_records(out, page->model, &client->next_record, PAGE_PIECE, &page->options);
  return out->len > 0;
}

static bool add_past(Client *client, StrBuf *out) {
  Past *past = &client->page->past;
  if (client->next_past < past->first) client->next_past = past->first;
  const PastLine *line = past_line(past, client->next_past);
  if (!line) return false;
  client->next_past++;
  strbuf_add(out, line->text, line->len);
  return true;
}

static bool add_curve(Client *client, StrBuf *out) {
  Page *page = client->page;
  if (client->next_curve >= PAGE_CURVES) return false;
  if (frame_curve(out, page->model, client->next_curve, &page->options)) return client->next_curve++, true;
  client->next_curve = PAGE_CURVES;
  return false;
}

static bool add_missed(Client *client, StrBuf *out) {
  if (!client->skipped && !client->lost) return false;
  strbuf_addf(out, "{\"k\":\"drop\",\"states\":%llu,\"records\":%llu}\n", (unsigned long long)client->skipped,
              (unsigned long long)client->lost);
  client->skipped = client->lost = 0;
  return true;
}

/* The next piece in order of use: a reader who has just come sees the newest state first. */
static bool add_piece(Client *client, StrBuf *out) {
  Page *page = client->page;
  if (!client->greeted) {
    client->greeted = true;
    frame_hello(out, page->model, &page->options);
    return true;
  }
  if (add_missed(client, out)) return true;
  if (client->told_state != page->state_number && page->state.len > 0) {
    client->told_state = page->state_number;
    strbuf_add(out, page->state.p, page->state.len);
    return true;
  }
  return add_records(client, out) || add_past(client, out) || add_curve(client, out);
}

void stream_pump(Client *client) {
  StrBuf *out = &client->page->scratch;
  while (client->phase == PHASE_STREAM &&
         uv_stream_get_write_queue_size((uv_stream_t *)&client->tcp) < PAGE_QUEUE) {
    strbuf_clear(out);
    if (!add_piece(client, out)) return;
    if (out->failed) client_close(client);
    else (void)client_write(client, out->p, out->len);
  }
}

/* ---- the newest state ---- */

/* A state of many processes is long and is made less often. */
void stream_refresh(Page *page) {
  uint64_t now = uv_hrtime(), wait = (uint64_t)STATE_MS + page->state.len / 1024;
  bool past = now - page->past_at >= (uint64_t)PAST_MS * NS, readers = false;
  for (List *l = page->clients.next; l != &page->clients; l = l->next)
    readers |= list_entry(l, Client, link)->phase == PHASE_STREAM;
  if (!past && (!readers || now - page->state_at < wait * NS)) return;
  strbuf_clear(&page->state);
  frame_state(&page->state, page->model, &page->options);
  if (page->state.failed) {
    strbuf_free(&page->state);
    return;
  }
  page->state_number++;
  page->state_at = now;
  for (List *l = page->clients.next; l != &page->clients; l = l->next) {
    Client *client = list_entry(l, Client, link);
    bool behind = client->told_state && client->told_state + 1 < page->state_number;
    client->skipped += client->phase == PHASE_STREAM && behind;
  }
  if (!past) return;
  past_add(&page->past, page->state.p, page->state.len);
  page->past_at = now;
}
