/* SPDX-License-Identifier: MIT */
/* live_real.c - real runs, watched: a blocked loop, an orphan, a zombie, shared sockets, what has no ring. */
// objs: all
#include "rings.h"
#include "repl/live/live.h"
#include "core/trace.h"
#include "tap.h"

#include <dirent.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

enum { CEILING = 600, STEP_US = 50000 }; /* of waiting for what must come */

extern char **environ;

static Live *live;
static const Model *model; /* held */

static pid_t begin(const char *what) {
  const char *program = getenv("MOONFORK");
  char busy_file[96];
  pid_t pid;
  int err;
  rings_begin();
  snprintf(busy_file, sizeof busy_file, "%s/go", rings_dir);
  setenv(TRACE_ENV, rings_dir, 1);
  char *argv[] = { "moonfork", "tests/unit/fixtures/run.lua", (char *)what, busy_file, NULL };
  if (posix_spawn(&pid, program ? program : "./moonfork", NULL, NULL, argv, environ) != 0) abort();
  unsetenv(TRACE_ENV);
  live = live_start(rings_fd, rings_dir, &err);
  if (!live) abort();
  model = live_hold(live);
  return pid;
}

/* Lets the run go on. */
static void go(void) {
  int fd = openat(rings_fd, "go", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) abort();
  close(fd);
}

/* Waits until the model is as it must be; the model is held afterwards. */
static bool wait_for(bool (*good)(void)) {
  for (int i = 0; i < CEILING; i++) {
    live_release(live);
    usleep(STEP_US);
    live_refresh(live);
    model = live_hold(live);
    if (good()) return true;
  }
  return false;
}

static void finish(void) {
  for (LiveProc *p = model->procs; p; p = p->next)
    if (!p->ended && p->state != 'Z' && p->pid > 1) kill(p->pid, SIGKILL);
  live_release(live);
  live_stop(live);
  while (waitpid(-1, NULL, 0) > 0) {}
  rings_end();
}

static LiveProc *letter(const char *word) {
  for (LiveProc *p = model->procs; p; p = p->next)
    if (!strcmp(p->letter, word)) return p;
  return NULL;
}

static LiveProc *named(const char *name) {
  for (LiveProc *p = model->procs; p; p = p->next)
    if (!*p->letter && !strcmp(p->name, name)) return p;
  return NULL;
}

static const LiveRecord *record(int event, const LiveProc *of) {
  for (uint64_t n = model->count; n > model->first; n--)
    if (model_record(model, n - 1)->r.event == event && model_record(model, n - 1)->proc == of)
      return model_record(model, n - 1);
  return NULL;
}

/* ---- a blocked loop ---- */

/* A machine under load blocks each of them for a moment: it is the one that stays blocked. */
static bool is_blocked(void) {
  const LiveProc *a = letter("A"), *b = letter("B");
  return b && b->threads && b->threads->blocked && !strcmp(b->threads->place.fn, "busy") && !a->threads->blocked;
}

static bool is_free(void) { return record(TRACE_LOOP_BLOCK, letter("B")) && !letter("B")->threads->blocked; }

static void blocked(void) {
  begin("block");
  ok(wait_for(is_blocked), "a child whose loop is blocked, and its parent's is not");
  const LiveProc *a = letter("A"), *b = letter("B");
  if (b && b->threads->blocked) {
    const LivePlace *place = &b->threads->place;
    ok(strstr(place->file, "run.lua") && place->line > 0 && !strcmp(place->fn, "busy"), "%s:%d %s", place->file,
       place->line, place->fn);
    ok(a && b->parent == a && b->number == 1 && b->ppid == a->pid, "its parent calls it #1");
  }
  go();
  ok(wait_for(is_free), "and goes on");
  const LiveRecord *recv = record(TRACE_IPC_RECV, letter("B"));
  ok(recv && recv->mate_t && recv->mate_t < recv->r.t && recv->peer == letter("A"), "what waited came late");
  finish();
}

static bool is_inside(void) {
  const LiveProc *p = letter("A");
  return p && p->threads->blocked && p->threads->place.known && !strcmp(p->threads->place.fn, "spawnSync");
}

static void inside(void) {
  begin("inside");
  ok(wait_for(is_inside), "a thread inside a C function, which it names");
  ok(letter("A") && !*letter("A")->threads->place.file, "without a file");
  finish();
}

/* ---- a parent that is killed ---- */

static bool has_two(void) { return letter("B") && !letter("B")->ended && record(TRACE_IPC_SEND, letter("B")); }
static bool is_orphan(void) { return letter("B")->orphan; }
static bool is_zombie(void) { return letter("A")->state == 'Z' && *letter("A")->last; }
static bool is_reaped(void) { return letter("A")->ended; }

static void killed(void) {
  pid_t parent = begin("block");
  char why[96];
  ok(wait_for(has_two), "a parent and its child");
  kill(parent, SIGKILL);
  ok(wait_for(is_orphan), "the child becomes an orphan");
  const LiveProc *b = letter("B");
  const LiveRecord *moved = record(LIVE_REPARENT, b);
  ok(b->first_ppid == parent && b->ppid != parent && b->parent == letter("A"), "its parent stays told");
  ok(moved && moved->r.n[0] == parent && moved->r.n[1] == b->ppid, "a record tells from where to where");
  ok(wait_for(is_zombie) && letter("A")->signal == SIGKILL, "the parent is a zombie, killed by a signal");
  ok(record(LIVE_KILLED, letter("A")) != NULL, "with its last words: %s", letter("A")->last);
  waitpid(parent, NULL, 0);
  ok(wait_for(is_reaped) && !model_find(model, "A", NULL, why, sizeof why), "until it is reaped");
  is_text(why, "A ended: killed by SIGKILL", "its end");
  finish();
}

/* ---- sockets ---- */

static bool is_shared(void) { return model->sockets && model->sockets->nholders == 2 && model->nrefusals; }
static bool is_over(void) { return letter("A")->state == 'Z'; }
static bool is_left(void) { return model->sockets && model->sockets->nholders == 1; }

static void ports(void) {
  begin("ports");
  ok(wait_for(is_shared), "one socket, two holders");
  const LiveSocket *s = model->sockets;
  const LiveRefusal *r = &model->refusals[0];
  if (s && model->nrefusals) {
    ok(!s->next && !strcmp(s->address, "127.0.0.1") && s->port > 0 && s->inode, "at one address");
    ok(!strcmp(r->code, "EADDRINUSE") && r->port == s->port && r->holder && r->holder != r->proc, "a refusal names its holder");
    kill(letter("A")->pid, SIGKILL);
    ok(wait_for(is_over) && is_left(), "who is dead holds nothing, reaped or not");
    ok(wait_for(is_left) && model->sockets->holders[0].proc != letter("A"), "the child keeps it when its parent is killed");
  }
  finish();
}

static bool is_shown(void) { return model->sockets && model->sockets->ntakers; }
static bool is_taken(void) { return is_shown() && model->sockets->takers[0].accepted; }

static void takers(void) {
  begin("cluster");
  ok(wait_for(is_shown), "a worker that listens, before there is any connection");
  ok(model->sockets && model->sockets->ntakers && model->sockets->takers[0].accepted == 0, "has got none yet");
  go();
  ok(wait_for(is_taken), "a connection that is given to a worker");
  const LiveSocket *s = model->sockets;
  if (s && s->ntakers) {
    ok(s->nholders == 1 && s->holders[0].proc == letter("A") && s->holders[0].accepted == 1, "the primary holds and accepts");
    ok(s->ntakers == 1 && s->takers[0].proc->worker == 1 && s->takers[0].accepted == 1, "worker#1 takes");
  }
  finish();
}

static bool is_bound(void) { return model->sockets && model->nrefusals; }

static void datagrams(void) {
  begin("datagrams");
  ok(wait_for(is_bound), "a bound datagram socket, and one that was refused");
  const LiveSocket *s = model->sockets;
  const LiveRefusal *r = &model->refusals[0];
  if (s && model->nrefusals) {
    ok(!s->next && s->udp && s->port > 0 && !strcmp(s->address, "127.0.0.1"), "at one address");
    ok(s->nholders == 1 && s->holders[0].proc == letter("A") && s->holders[0].fd >= 0, "held by A");
    ok(r->udp && r->port == s->port && !strcmp(r->address, s->address), "the refusal is one of UDP");
  }
  finish();
}

/* ---- what has no ring ---- */

static bool has_tree(void) {
  const LiveProc *sh = named("sh"), *a = letter("A"), *b = letter("B");
  return sh && sh->state == 'S' && b && b->parent == sh && sh->parent == a && a->threads->next && record(TRACE_MSG_RECV, a);
}

static void tree(void) {
  begin("tree");
  ok(wait_for(has_tree), "a shell between two of ours, and a thread");
  const LiveProc *sh = named("sh"), *a = letter("A");
  if (sh) ok(!sh->traced && sh->rss > 0 && sh->number == 1, "the shell, by /proc");
  const LiveRecord *r = record(TRACE_MSG_RECV, a);
  ok(r && r->thread == a->threads->next && r->peer_thread == a->threads && r->mate_t, "a message between threads");
  finish();
}

int main(void) {
  blocked();
  inside();
  killed();
  ports();
  takers();
  datagrams();
  tree();
  return tap_end();
}
