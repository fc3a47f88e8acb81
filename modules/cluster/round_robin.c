/* SPDX-License-Identifier: MIT */
/* round_robin.c - see round_robin.h. */
#include "round_robin.h"

#include <stdlib.h>
#include <unistd.h>

void round_robin_init(RoundRobin *rr, bool (*offer)(RoundRobin *rr, Member *m)) {
  list_init(&rr->waiting);
  list_init(&rr->free);
  list_init(&rr->resting);
  rr->nwaiting = 0;
  rr->offer = offer;
}

void connection_close(Connection *c) {
  (void)close(c->fd);
  free(c);
}

void round_robin_close(RoundRobin *rr) {
  List *item;
  while ((item = list_pop(&rr->waiting))) connection_close(list_entry(item, Connection, link));
  rr->nwaiting = 0;
}

static void wait_in_front(RoundRobin *rr, Connection *c) {
  list_append(rr->waiting.next, &c->link); /* before the first is behind the head */
  rr->nwaiting++;
}

static void set_free(RoundRobin *rr, Member *m) {
  list_remove(&m->link);
  m->state = MEMBER_FREE;
  list_append(&rr->free, &m->link);
}

/* Brings waiting connections and free members together. */
static void distribute(RoundRobin *rr) {
  while (!list_empty(&rr->waiting) && !list_empty(&rr->free)) {
    Member *m = list_entry(list_pop(&rr->free), Member, link);
    m->offered = list_entry(list_pop(&rr->waiting), Connection, link);
    m->state = MEMBER_BUSY;
    rr->nwaiting--;
    if (rr->offer(rr, m)) continue;
    wait_in_front(rr, m->offered); /* the member stays busy until it leaves, which is soon */
    m->offered = NULL;
  }
}

bool round_robin_push(RoundRobin *rr, int fd) {
  Connection *c = calloc(1, sizeof *c);
  if (!c) {
    (void)close(fd);
    return false;
  }
  c->fd = fd;
  list_append(&rr->waiting, &c->link);
  rr->nwaiting++;
  distribute(rr);
  return true;
}

void round_robin_join(RoundRobin *rr, Member *m) {
  list_init(&m->link);
  m->offered = NULL;
  set_free(rr, m);
  distribute(rr);
}

void round_robin_retire(Member *m) {
  list_remove(&m->link);
  m->state = MEMBER_RETIRED;
}

void round_robin_leave(RoundRobin *rr, Member *m) {
  Connection *c = m->offered;
  round_robin_retire(m);
  m->offered = NULL;
  if (!c) return;
  wait_in_front(rr, c);
  distribute(rr);
}

void round_robin_answer(RoundRobin *rr, Member *m, bool accepted) {
  Connection *c = m->offered;
  if (!c) return;
  m->offered = NULL;
  if (accepted) connection_close(c);
  else wait_in_front(rr, c);
  if (m->state == MEMBER_BUSY && accepted) {
    set_free(rr, m);
  } else if (m->state == MEMBER_BUSY) {
    m->state = MEMBER_RESTING;
    list_append(&rr->resting, &m->link);
  }
  distribute(rr);
}

void round_robin_wake(RoundRobin *rr) {
  List *item;
  while ((item = list_pop(&rr->resting))) set_free(rr, list_entry(item, Member, link));
  distribute(rr);
}
