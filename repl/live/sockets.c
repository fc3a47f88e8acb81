/* SPDX-License-Identifier: MIT */
/* sockets.c - the listening sockets that processes of the run hold, and the listen() calls that failed. */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REFUSED_FRESH_S = 30 };
#define UDP "udp "

/* ---- gathering ---- */

typedef struct Gather { Run *run; RunProc *proc; } Gather;

static bool own_door(const Run *run, const NetSocket *s) {
  size_t len = strlen(run->m.dir);
  if (s->port) return false;
  return !strncmp(s->address, "/proc/self/fd/", 14) || (len && !strncmp(s->address, run->m.dir, len));
}

static void hold(void *ctx, int fd, uint64_t inode) {
  Run *run = ((Gather *)ctx)->run;
  RunProc *proc = ((Gather *)ctx)->proc;
  const NetSocket *s = net_find(&run->net, inode);
  if (!s || own_door(run, s)) return;
  for (size_t i = 0; i < run->nheld; i++)
    if (run->held[i].proc == proc && run->held[i].inode == inode) return; /* a second descriptor of it */
  if (run->nheld == run->held_space) {
    size_t space = run->held_space ? run->held_space * 2 : 64;
    RunHeld *grown = realloc(run->held, space * sizeof *grown);
    if (!grown) return;
    run->held = grown;
    run->held_space = space;
  }
  run->held[run->nheld++] = (RunHeld){ proc, fd, inode };
}

void run_gather_sockets(Run *run) {
  net_read(&run->net);
  run->nheld = 0;
  for (LiveProc *p = run->m.procs; p; p = p->next) {
    Gather gather = { run, run_proc_of(p) };
    if (!p->ended && p->state != 'Z') scan_sockets(p->pid, hold, &gather);
  }
}

/* ---- who accepts ---- */

/* A record may name any socket: nobody accepts from more than so many. */
static void count_accepts(RunProc *p, uint64_t inode, int port, uint32_t more) {
  enum { MOST_ACCEPTS = 256 };
  if (!inode && !port) return;
  for (size_t i = 0; i < p->naccepts; i++) {
    if (p->accepts[i].inode != inode || p->accepts[i].port != port) continue;
    p->accepts[i].count += more;
    return;
  }
  RunAccept *grown = p->naccepts < MOST_ACCEPTS ? realloc(p->accepts, (p->naccepts + 1) * sizeof *grown) : NULL;
  if (!grown) return;
  p->accepts = grown;
  p->accepts[p->naccepts++] = (RunAccept){ inode, port, more };
}

void run_accepted(RunProc *p, uint64_t inode, int port) { count_accepts(p, inode, port, 1); }

void run_shares(RunProc *p, int port, bool begins) {
  if (begins) count_accepts(p, 0, port, 0);
  for (size_t i = 0; !begins && i < p->naccepts; i++)
    if (!p->accepts[i].inode && p->accepts[i].port == port) p->accepts[i--] = p->accepts[--p->naccepts];
}

/* A worker of a cluster accepts on a port without a socket of its own: then the port counts. False: it has
 * nothing to do with the socket. */
static bool accepts_on(const RunProc *p, const LiveSocket *s, uint32_t *count) {
  bool any = false;
  *count = 0;
  for (size_t i = 0; i < p->naccepts && !s->udp; i++) {
    const RunAccept *a = &p->accepts[i];
    if (a->inode ? a->inode != s->inode : a->port != s->port) continue;
    *count += a->count;
    any = true;
  }
  return any;
}

/* ---- the list ---- */

static bool before(const LiveSocket *a, const NetSocket *b) {
  if (a->port != b->port) return a->port < b->port;
  int order = strcmp(a->address, b->address);
  return order ? order < 0 : a->inode < b->inode;
}

static LiveSocket *socket_of(Run *run, const NetSocket *net) {
  for (LiveSocket *s = run->m.sockets; s; s = s->next)
    if (s->inode == net->inode) return s;
  LiveSocket *s = calloc(1, sizeof *s), **at = &run->m.sockets;
  if (!s) return NULL;
  s->inode = net->inode;
  s->port = net->port;
  s->udp = net->udp;
  memcpy(s->address, net->address, sizeof s->address);
  while (*at && before(*at, net)) at = &(*at)->next;
  s->next = *at;
  *at = s;
  run->changed = true;
  return s;
}

static void append(LiveHolder **list, size_t *count, LiveHolder one) {
  LiveHolder *grown = realloc(*list, (*count + 1) * sizeof *grown);
  if (!grown) return;
  *list = grown;
  grown[(*count)++] = one;
}

static void add_holder(Run *run, const RunHeld *held) {
  const NetSocket *net = net_find(&run->net, held->inode);
  LiveSocket *s = net ? socket_of(run, net) : NULL;
  if (s) append(&s->holders, &s->nholders, (LiveHolder){ &held->proc->pub, held->fd, 0 });
}

static bool holds(const LiveSocket *s, const LiveProc *p) {
  for (size_t i = 0; i < s->nholders; i++)
    if (s->holders[i].proc == p) return true;
  return false;
}

static void count_accepted(Run *run, LiveSocket *s) {
  uint32_t count;
  s->ntakers = 0;
  for (size_t i = 0; i < s->nholders; i++) {
    (void)accepts_on(run_proc_of(s->holders[i].proc), s, &count);
    s->holders[i].accepted = count;
  }
  for (LiveProc *p = run->m.procs; p; p = p->next)
    if (!run_gone(run_proc_of(p)) && accepts_on(run_proc_of(p), s, &count) && !holds(s, p))
      append(&s->takers, &s->ntakers, (LiveHolder){ p, -1, count });
}

static void free_socket(LiveSocket *s) {
  free(s->holders);
  free(s->takers);
  free(s);
}

static void drop_unheld(Run *run) {
  for (LiveSocket **at = &run->m.sockets; *at;) {
    LiveSocket *s = *at;
    if (s->nholders) {
      at = &s->next;
      continue;
    }
    *at = s->next;
    free_socket(s);
    run->changed = true;
  }
}

/* Who has ended since the sockets were read holds none of them, reaped or not. */
static void let_go(LiveSocket *s) {
  size_t left = 0;
  for (size_t i = 0; i < s->nholders; i++)
    if (!run_gone(run_proc_of(s->holders[i].proc))) s->holders[left++] = s->holders[i];
  s->nholders = left;
}

/* ---- listen() that failed ---- */

/* The records of UDP say so before the address. */
static bool says_udp(const char *address) { return !strncmp(address, UDP, sizeof UDP - 1); }

void run_refused(Run *run, RunProc *p, uint64_t t, int port, const char *code, const char *address) {
  size_t most = sizeof run->refused_now / sizeof *run->refused_now;
  if (run->nrefused_now == most) return;
  RunRefused *r = &run->refused_now[run->nrefused_now++];
  *r = (RunRefused){ .proc = p, .t = t, .port = port, .udp = says_udp(address) };
  (void)snprintf(r->code, sizeof r->code, "%s", code);
  (void)snprintf(r->address, sizeof r->address, "%.*s", (int)sizeof r->address - 1, address + (r->udp ? sizeof UDP - 1 : 0));
}

static bool meets(int port, bool udp, const char *address, const RunRefused *r) {
  return r->port ? port == r->port && udp == r->udp : port == 0 && !strcmp(address, r->address);
}

/* By all of /proc: who is not of the run, or was not known to be when the sockets were read. */
static void find_outside(Run *run, const RunRefused *r, LiveRefusal *to) {
  for (size_t i = 0; i < run->net.count && !to->holder_pid; i++)
    if (meets(run->net.list[i].port, run->net.list[i].udp, run->net.list[i].address, r))
      to->holder_pid = net_holder(run->net.list[i].inode, to->holder_name, sizeof to->holder_name);
  LiveProc *holder = to->holder_pid ? model_proc(&run->m, to->holder_pid) : NULL;
  if (holder && !holder->ended) to->holder = holder;
}

/* By the records: who listened then, though it is over by now. */
static void find_past(const Run *run, const RunRefused *r, LiveRefusal *to) {
  int64_t closed[32];
  size_t nclosed = 0;
  for (uint64_t n = run->m.count; !to->holder && n > run->m.first; n--) {
    const LiveRecord *rec = model_record(&run->m, n - 1);
    const TraceRecord *l = &rec->r;
    if ((l->event != TRACE_PORT_LISTEN && l->event != TRACE_PORT_CLOSE) || l->t > r->t) continue;
    bool over = rec->proc == to->proc || (rec->proc->end && rec->proc->end < r->t);
    for (size_t i = 0; i < nclosed; i++) over |= closed[i] == l->n[1];
    if (l->event == TRACE_PORT_CLOSE && nclosed < sizeof closed / sizeof *closed) closed[nclosed++] = l->n[1];
    else if (l->event == TRACE_PORT_LISTEN && !over && l->n[0] == r->port && says_udp(l->text) == r->udp &&
             (r->port || !strcmp(l->text, r->address)))
      to->holder = rec->proc;
  }
}

/* In the run: somebody else than who was refused, if there is one. */
static void find_holder(Run *run, const RunRefused *r, LiveRefusal *to) {
  for (LiveSocket *s = run->m.sockets; s; s = s->next)
    for (size_t i = 0; meets(s->port, s->udp, s->address, r) && i < s->nholders; i++)
      if (!to->holder || to->holder == to->proc) to->holder = s->holders[i].proc;
  if (!to->holder) find_past(run, r, to);
  if (!to->holder) find_outside(run, r, to);
  if (!to->holder) return;
  to->holder_pid = to->holder->pid;
  (void)snprintf(to->holder_name, sizeof to->holder_name, "%.31s", to->holder->name);
}

static void tell_refusals(Run *run) {
  size_t room = sizeof run->m.refusals / sizeof *run->m.refusals;
  for (size_t i = 0; i < run->nrefused_now; i++) {
    const RunRefused *r = &run->refused_now[i];
    LiveRefusal *to = &run->m.refusals[run->m.nrefusals++ % room];
    *to = (LiveRefusal){ .t = r->t, .proc = &r->proc->pub, .port = r->port, .udp = r->udp };
    memcpy(to->code, r->code, sizeof to->code);
    memcpy(to->address, r->address, sizeof to->address);
    bool fresh = r->t + REFUSED_FRESH_S * 1000ull * RUN_MS > run->m.now;
    if (fresh && !strcmp(r->code, "EADDRINUSE")) find_holder(run, r, to);
    run->changed = true;
  }
  run->nrefused_now = 0;
}

void run_update_sockets(Run *run) {
  if (run->net_read) {
    for (LiveSocket *s = run->m.sockets; s; s = s->next) s->nholders = 0;
    for (size_t i = 0; i < run->nheld; i++) add_holder(run, &run->held[i]);
  }
  for (LiveSocket *s = run->m.sockets; s; s = s->next) let_go(s);
  drop_unheld(run);
  for (LiveSocket *s = run->m.sockets; s; s = s->next) count_accepted(run, s);
  tell_refusals(run);
}

void run_free_sockets(Run *run) {
  while (run->m.sockets) {
    LiveSocket *s = run->m.sockets;
    run->m.sockets = s->next;
    free_socket(s);
  }
}
