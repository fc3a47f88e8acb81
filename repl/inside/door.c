/* SPDX-License-Identifier: MIT */
/* door.c - see door.h. One guest at a time; whoever asks for something else comes, is answered and goes. */
#include "door.h"
#include "host.h"
#include "link.h"
#include "../../modules/core/interrupt.h"
#include "../../modules/core/slow.h"
#include "../../modules/core/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_LINKS = 8 };

typedef struct Door {
  Handle base;
  uv_poll_t uv;
  int fd;
  char name[LINK_NAME];
  Link *links[MOST_LINKS]; /* the oldest first */
  int nlinks;
  Link *guest;             /* one of them, NULL: nobody is in */
  Host *host;              /* owns; NULL until somebody came */
} Door;

static void drop_link(Door *door, const Link *k) {
  int to = 0;
  for (int i = 0; i < door->nlinks; i++)
    if (door->links[i] != k) door->links[to++] = door->links[i];
  door->nlinks = to;
}

/* The link is gone, or is sent away. */
static void on_gone(Link *k) {
  Door *door = k->ctx;
  drop_link(door, k);
  if (door->guest != k) return;
  door->guest = NULL;
  host_leave(door->host);
}

static void send_away(Link *k) {
  on_gone(k);
  link_close(k);
}

/* ---- what is asked for ---- */

static void refuse(Link *k, const char *why) {
  link_send(k, FRAME_REFUSED, why, strlen(why), NULL, 0);
  send_away(k);
}

static void let_in(Door *door, Link *k, const char *bytes, size_t len) {
  const char *why = "memory is short";
  char text[160];
  if (door->guest) {
    (void)snprintf(text, sizeof text, "somebody is in already: pid %d%s%s", door->guest->peer,
                   *host_terminal(door->host) ? " at " : "", host_terminal(door->host));
    refuse(k, text);
    return;
  }
  if (!door->host) door->host = host_new(door->base.rt);
  if (!door->host || !host_enter(door->host, k, bytes, len, &why)) {
    refuse(k, why);
    return;
  }
  door->guest = k;
  link_send(k, FRAME_WELCOME, NULL, 0, NULL, 0);
}

static bool slow_down(Runtime *rt, Link *k, const char *bytes, size_t len) {
  uint32_t ms;
  if (!link_get(&bytes, &len, &ms) || len || ms > SLOW_MOST_MS) return false;
  int err = slow_set(rt, ms);
  link_send_number(k, FRAME_SLOWED, ms, err ? uv_strerror(err) : NULL);
  return true;
}

static void on_frame(Link *k, int kind, const char *bytes, size_t len) {
  Door *door = k->ctx;
  bool sense = false;
  if (kind == FRAME_SLOW) sense = slow_down(door->base.rt, k, bytes, len);
  else if (k == door->guest) sense = host_frame(door->host, kind, bytes, len);
  else if (kind == FRAME_HELLO) {
    let_in(door, k, bytes, len);
    sense = true;
  }
  if (!sense && handle_is_open(&k->base)) send_away(k);
}

/* ---- life ---- */

/* Somebody who only holds a place makes room. */
static void make_room(Door *door) {
  for (int i = 0; door->nlinks == MOST_LINKS && i < MOST_LINKS; i++)
    if (door->links[i] != door->guest) send_away(door->links[i]);
}

static void on_knock(uv_poll_t *uv, int status, int events) {
  Door *door = uv->data;
  int fd, peer;
  (void)events;
  if (status < 0 || (fd = link_accept(door->fd, &peer)) < 0) return;
  make_room(door);
  Link *k = link_new(door->base.rt, fd, peer, door, on_frame, on_gone);
  if (k) door->links[door->nlinks++] = k;
}

static void door_release(Handle *h) {
  Door *door = (Door *)h;
  (void)unlinkat(trace_dirfd(), door->name, 0);
  (void)close(door->fd);
  host_free(door->host);
}

void door_open(Runtime *rt) {
  Door *door = handle_new_internal(rt, sizeof *door);
  const TracePage *page = trace_page(rt->trace);
  if (!door) return;
  link_name(door->name, page->pid, page->start, page->tid);
  door->fd = link_listen(trace_dirfd(), door->name);
  if (door->fd < 0 || uv_poll_init(&rt->loop, &door->uv, door->fd) != 0) {
    if (door->fd >= 0) (void)unlinkat(trace_dirfd(), door->name, 0), (void)close(door->fd);
    free(door);
    return;
  }
  door->base.release = door_release;
  handle_opened(&door->base, (uv_handle_t *)&door->uv);
  uv_unref((uv_handle_t *)&door->uv);
  (void)uv_poll_start(&door->uv, UV_READABLE, on_knock);
  interrupt_take_urgent(rt);
  trace_page(rt->trace)->flags |= TRACE_PAGE_DOOR;
}
