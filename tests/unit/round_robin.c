/* SPDX-License-Identifier: MIT */
/* round_robin.c - who gets which connection. */
// objs: modules/cluster/round_robin.o
#include "cluster/round_robin.h"
#include "tap.h"

#include <fcntl.h>
#include <unistd.h>

enum { WORKERS = 3, CONNECTIONS = 8 };

typedef struct Worker {
  Member member;
  char name;
  bool deaf;
} Worker;

static Worker workers[WORKERS];
static char log_text[256];
static int fds[CONNECTIONS];

/* Writes down who is offered what: "a0" is the first connection at worker a. */
static bool offer(RoundRobin *rr, Member *m) {
  Worker *w = list_entry(m, Worker, member);
  size_t at = strlen(log_text);
  int n = 0;
  (void)rr;
  while (n < CONNECTIONS && fds[n] != m->offered->fd) n++;
  snprintf(log_text + at, sizeof log_text - at, "%c%d%s ", w->name, n, w->deaf ? "!" : "");
  return !w->deaf;
}

static const char *take_log(void) {
  static char copy[sizeof log_text];
  strcpy(copy, log_text);
  log_text[0] = '\0';
  return copy;
}

static void push(RoundRobin *rr, int n) {
  int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  for (int i = 0; i < CONNECTIONS; i++)
    if (fds[i] == fd) fds[i] = -1; /* that one is closed: its number is used again */
  fds[n] = fd;
  ok(round_robin_push(rr, fds[n]), "connection %d", n);
}

static bool is_open(int n) { return fds[n] >= 0 && fcntl(fds[n], F_GETFD) >= 0; }

static void answer(RoundRobin *rr, int w, bool accepted) {
  round_robin_answer(rr, &workers[w].member, accepted);
}

static void test_turns(RoundRobin *rr) {
  push(rr, 0);
  is_text(take_log(), "", "nobody is there: it waits");
  for (int i = 0; i < WORKERS; i++) round_robin_join(rr, &workers[i].member);
  is_text(take_log(), "a0 ", "the first to join gets it");
  for (int i = 1; i <= 4; i++) push(rr, i);
  is_text(take_log(), "b1 c2 ", "one each");
  ok(rr->nwaiting == 2, "the others wait");
  answer(rr, 2, true);
  ok(!is_open(2) && is_open(0), "closed here once accepted there");
  answer(rr, 0, true);
  is_text(take_log(), "c3 a4 ", "the free ones in the order of their answers");
  answer(rr, 0, true);
  answer(rr, 0, true);
  answer(rr, 1, true);
  answer(rr, 2, true);
  is_text(take_log(), "", "an answer to nothing is nothing");
  push(rr, 5);
  is_text(take_log(), "a5 ", "free for longest first");
  answer(rr, 0, true);
}

static void test_refusals(RoundRobin *rr) { /* free: b c a */
  push(rr, 0);
  answer(rr, 1, false);
  is_text(take_log(), "b0 c0 ", "refused: the next is asked");
  answer(rr, 2, false);
  answer(rr, 0, false);
  is_text(take_log(), "a0 ", "and the next");
  ok(rr->nwaiting == 1 && is_open(0), "refused by all: it waits");
  push(rr, 1);
  is_text(take_log(), "", "who refuses rests");
  round_robin_wake(rr);
  is_text(take_log(), "b0 c1 ", "and is asked again, the older connection first");
  answer(rr, 1, true);
  answer(rr, 2, true);
}

static void test_retirement(RoundRobin *rr) { /* free: a b c */
  push(rr, 0);
  push(rr, 1);
  round_robin_retire(&workers[0].member);
  round_robin_retire(&workers[1].member);
  is_text(take_log(), "a0 b1 ", "retired with a connection each: they may have them");
  answer(rr, 0, true);
  ok(!is_open(0), "one answers that it has");
  answer(rr, 1, false);
  is_text(take_log(), "c1 ", "one that it has not");
  push(rr, 2);
  answer(rr, 2, true);
  is_text(take_log(), "c2 ", "they are offered nothing more");
  answer(rr, 2, true);
  round_robin_leave(rr, &workers[2].member);
  for (int i = 0; i < WORKERS; i++) round_robin_join(rr, &workers[i].member);
}

static void test_deaths(RoundRobin *rr) { /* free: a b c */
  for (int i = 0; i < 4; i++) push(rr, i);
  is_text(take_log(), "a0 b1 c2 ", "all are busy");
  round_robin_leave(rr, &workers[0].member);
  ok(is_open(0) && rr->nwaiting == 2, "unanswered at a death: it waits again");
  answer(rr, 1, true);
  is_text(take_log(), "b0 ", "in front of the others");
  workers[0].deaf = true;
  round_robin_join(rr, &workers[0].member);
  answer(rr, 1, true);
  is_text(take_log(), "a3! b3 ", "one that cannot be reached is passed over");
  round_robin_leave(rr, &workers[0].member);
  push(rr, 4);
  round_robin_leave(rr, &workers[1].member);
  round_robin_leave(rr, &workers[2].member);
  ok(rr->nwaiting == 3, "all are gone: what they had waits");
  round_robin_close(rr);
  ok(!is_open(2) && !is_open(3) && !is_open(4), "closed with the queue");
}

int main(void) {
  RoundRobin rr;
  memset(fds, -1, sizeof fds);
  round_robin_init(&rr, offer);
  for (int i = 0; i < WORKERS; i++) workers[i].name = (char)('a' + i);
  test_turns(&rr);
  test_refusals(&rr);
  test_retirement(&rr);
  test_deaths(&rr);
  return tap_end();
}
