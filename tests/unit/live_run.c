/* SPDX-License-Identifier: MIT */
/* live_run.c - the model of runs whose rings are made by hand: letters, parents, messages, ends. */
// objs: all
#include "rings.h"
#include "repl/live/live.h"
#include "repl/live/run.h"
#include "tap.h"

#include <poll.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>

/* Beyond what a kernel gives: they do not live. */
enum { A = 5000001, B = 5000002, C = 5000003, CH = 777 };

static Model *read_run(void) {
  int err;
  Model *m = live_read(rings_fd, rings_dir, &err);
  if (!m) abort();
  return m;
}

static uint64_t ms(double t) { return (uint64_t)(t * FORGED_MS); }

static const LiveRecord *find(const Model *m, int event, int64_t mid) {
  for (uint64_t n = m->first; n < m->count; n++)
    if (model_record(m, n)->r.event == event && model_record(m, n)->r.n[1] == mid) return model_record(m, n);
  return NULL;
}

static void letters(void) {
  Forged f;
  rings_begin();
  forge(&f, C, 300, C, 8), forge_write(&f);
  forge(&f, B, 200, B, 8), forge_write(&f);
  forge(&f, B, 200, B + 50, 8);
  f.page.thread_id = 1;
  forge_write(&f);
  Model *m = read_run();
  ok(m->nprocs == 2 && m->nalive == 0 && !strcmp(m->procs->letter, "A") && m->procs->pid == B, "A started first");
  ok(!strcmp(m->procs->next->letter, "B") && m->procs->next->pid == C, "then B");
  ok(m->procs->threads && m->procs->threads->thread_id == 0 && m->procs->threads->next->thread_id == 1, "two threads");
  live_free(m);
  forge(&f, A, 100, A, 8), forge_write(&f); /* comes late, though it started early */
  m = read_run();
  ok(m->procs->pid == A && !strcmp(m->procs->letter, "C"), "one that is seen late gets the next letter");
  ok(!strcmp(model_proc(m, B)->letter, "A") && !strcmp(model_proc(m, C)->letter, "B"), "the others keep theirs");
  live_free(m);
  unlinkat(rings_fd, "letters", 0);
  m = read_run();
  ok(!strcmp(model_proc(m, A)->letter, "A") && !strcmp(model_proc(m, C)->letter, "C"), "by start, when all are there");
  live_free(m);
  for (int i = 0; i < 30; i++) forge(&f, C + 1 + i, 400, C + 1 + i, 8), forge_write(&f);
  m = read_run();
  ok(!strcmp(model_proc(m, C + 23)->letter, "Z") && !strcmp(model_proc(m, C + 24)->letter, "AA"), "after Z comes AA");
  live_free(m);
  rings_end();
}

static void look(Run *run) {
  run->dir_again = true;
  run_gather(run, true);
  run_apply(run);
}

/* While somebody else has the letters, nobody is called by one of which others do not know. */
static void locked(void) {
  Forged f;
  int err;
  rings_begin();
  forge(&f, B, 200, B, 8), forge_write(&f);
  int fd = openat(rings_fd, "letters", O_RDWR | O_CREAT, 0600);
  Run *run = run_new(rings_fd, rings_dir, &err);
  ok(fd >= 0 && flock(fd, LOCK_EX) == 0, "the file of letters is locked");
  look(run);
  ok(run->m.procs && !*run->m.procs->letter && run->again, "a process has none for now, and there is another look soon");
  const int64_t other[] = { A, 100 };
  ok(write(fd, other, sizeof other) == sizeof other && flock(fd, LOCK_UN) == 0, "somebody else gives one");
  look(run);
  ok(!strcmp(run->m.procs->letter, "B") && !run->unlettered, "it gets the next");
  close(fd);
  run_free(run);
  rings_end();
}

/* What each of the processes that look at once calls the rings. */
static void look_and_tell(int to) {
  char text[256] = "";
  Model *m = read_run();
  for (LiveProc *p = m->procs; p; p = p->next)
    snprintf(text + strlen(text), sizeof text - strlen(text), "%d=%s ", p->pid % 100, p->letter);
  live_free(m);
  _exit(write(to, text, sizeof text) == sizeof text ? 0 : 1);
}

/* Several look at a folder that grows, against its order, while the lock is held again and again. */
static void together(void) {
  enum { LOOKERS = 6 };
  char first[256], text[256];
  int tell[2], same = 0, fd;
  Forged f;
  rings_begin();
  fd = openat(rings_fd, "letters", O_RDWR | O_CREAT, 0600);
  if (fd < 0 || pipe(tell) != 0) abort();
  for (int i = LOOKERS; i > 0; i--) {
    forge(&f, C + i, 300 + (uint64_t)i, C + i, 8), forge_write(&f);
    pid_t child = fork();
    if (child == 0) look_and_tell(tell[1]);
    (void)flock(fd, LOCK_EX);
    (void)poll(NULL, 0, 30);
    (void)flock(fd, LOCK_UN);
  }
  Model *m = read_run();
  *first = '\0';
  for (LiveProc *p = m->procs; p; p = p->next)
    snprintf(first + strlen(first), sizeof first - strlen(first), "%d=%s ", p->pid % 100, p->letter);
  live_free(m);
  for (int i = 0; i < LOOKERS && read(tell[0], text, sizeof text) == sizeof text; i++) {
    bool good = true;
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) {
      char whole[32];
      snprintf(whole, sizeof whole, "%s ", word);
      good = good && strstr(first, whole) && word[strlen(word) - 1] != '=';
    }
    same += good;
  }
  while (wait(NULL) > 0) {}
  ok(same == LOOKERS, "%d of %d who looked gave the same letters: %s", same, LOOKERS, first);
  close(tell[0]), close(tell[1]), close(fd);
  rings_end();
}

/* A ring may claim any number of processes and channels, a folder hold any number of rings. */
static void bounds(void) {
  Forged f;
  int err;
  size_t channels = 0;
  rings_begin();
  for (int i = 0; i < 6; i++) {
    forge(&f, A + i, 100, A + i, 64);
    for (int k = 0; k < 8; k++) forge_record(&f, TRACE_PROC_SPAWN, ms(1001 + k), C + 10 * i + k, CH + 10 * i + k, "x");
    forge_write(&f);
  }
  Run *run = run_new(rings_fd, rings_dir, &err);
  run->most = (RunMost){ .procs = 8, .rings = 3, .channels = 5, .names = 2 };
  for (int i = 0; i < 3; i++) look(run);
  for (LiveChannel *ch = run->m.channels; ch; ch = ch->next) channels++;
  ok(run->nrings == 3 && run->nnames == 2, "so many rings and no more");
  ok(run->m.nprocs == 4, "those that only a record names take half of the places (%d)", (int)run->m.nprocs);
  ok(channels <= 5 && run->nchannels <= 5, "so many channels");
  ok(run->m.lost > 20, "what is left out is lost, and said so (%d)", (int)run->m.lost);
  uint64_t lost = run->m.lost;
  look(run);
  ok(run->m.lost == lost, "once");
  run_free(run);
  rings_end();
}

/* The numbers of processes begin anew in the middle of a tick: the small one is the younger. */
static void numbers_anew(void) {
  Forged f;
  rings_begin();
  forge(&f, A - 30000, 100, A - 30000, 8), forge_write(&f);
  forge(&f, A, 100, A, 8), forge_write(&f);
  forge(&f, A - 1, 100, A - 1, 8), forge_write(&f);
  Model *m = read_run();
  ok(!strcmp(model_proc(m, A - 1)->letter, "A") && !strcmp(model_proc(m, A)->letter, "B"), "in one tick the pids tell");
  ok(!strcmp(model_proc(m, A - 30000)->letter, "C") && !m->procs->next->next->next, "one that is far below is the youngest");
  live_free(m);
  rings_end();
}

static void messages(void) {
  Forged a, b;
  rings_begin();
  forge(&a, A, 100, A, 32);
  forge(&b, B, 110, B, 32);
  b.page.ppid = A;
  b.page.from_channel = CH;
  forge_record(&a, TRACE_PROC_SPAWN, ms(1100), B, CH, "app.lua")->n[2] = 4;
  for (int i = 1; i <= 5; i++) forge_record(&a, TRACE_IPC_SEND, ms(1200 + i), CH, i, "{\"n\":1}");
  for (int i = 1; i <= 3; i++) forge_record(&b, TRACE_IPC_RECV, ms(1301 + i), CH, i, "");
  forge_record(&b, TRACE_IPC_SEND, ms(1400), CH, 1, "")->flags = TRACE_UP;
  forge_record(&a, TRACE_IPC_RECV, ms(1401), CH, 1, "")->flags = TRACE_UP;
  forge_write(&a);
  forge_write(&b);
  Model *m = read_run();
  const LiveRecord *recv = find(m, TRACE_IPC_RECV, 3), *send = find(m, TRACE_IPC_SEND, 3);
  ok(recv && send && recv->mate_t == send->r.t && send->mate_t == recv->r.t && model_record(m, recv->mate) == send,
     "a receive and its send");
  ok(recv && recv->r.t - recv->mate_t == ms(101), "with the true latency");
  ok(send && send->peer == model_proc(m, B) && recv->peer == model_proc(m, A), "each knows the other end");
  const LiveRecord *late = find(m, TRACE_IPC_SEND, 5);
  ok(late && late->mate == UINT64_MAX && late->peer == model_proc(m, B), "one that waits has no mate, but a peer");
  const LiveRecord *up = NULL;
  for (uint64_t n = m->first; n < m->count; n++)
    if (model_record(m, n)->r.event == TRACE_IPC_SEND && model_record(m, n)->r.flags) up = model_record(m, n);
  ok(up && up->mate_t == ms(1401), "the other direction counts for itself");
  LiveChannel *ch = m->channels;
  ok(ch && !ch->next && ch->parent->pid == A && ch->child->pid == B && ch->down == 5 && ch->up == 1, "the channel");
  ok(!ch->open && ch->down_waiting == 0, "of processes that have ended nothing waits");
  ok(m->procs->next->parent == m->procs && m->procs->next->number == 4, "#4, a child of A");
  uint64_t t = 0;
  bool ordered = true;
  for (uint64_t n = m->first; n < m->count; n++) {
    ordered = ordered && model_record(m, n)->r.t >= t;
    t = model_record(m, n)->r.t;
  }
  ok(ordered, "all records in the order of time");
  live_free(m);
  rings_end();
}

static uint64_t start_of(int pid) {
  ProcStat stat;
  return scan_stat(pid, 0, &stat) ? stat.start : 0;
}

/* What waits, while a listener is busy and messages of Node's own overtake. Both ends live. */
static void waits(void) {
  Forged a, b;
  int parent = getppid(), child = getpid();
  rings_begin();
  forge(&a, parent, start_of(parent), parent, 32);
  forge(&b, child, start_of(child), child, 32);
  b.page.ppid = parent;
  b.page.from_channel = CH;
  for (int i = 1; i <= 6; i++) forge_record(&a, TRACE_IPC_SEND, ms(1), CH, i, "")->flags = i == 4 ? TRACE_INTERNAL : 0;
  forge_record(&b, TRACE_IPC_RECV, ms(2), CH, 1, "");
  forge_record(&b, TRACE_IPC_RECV, ms(3), CH, 4, "")->flags = TRACE_INTERNAL;
  forge_record(&a, TRACE_PROC_SPAWN, ms(1), child, CH, "app.lua");
  forge_write(&a);
  forge_write(&b);
  Model *m = read_run();
  ok(m->channels && m->channels->down == 5 && m->channels->down_waiting == 4, "2, 3, 5 and 6 wait behind one of Node's own");
  live_free(m);
  forge_record(&b, TRACE_IPC_RECV, ms(4), CH, 2, "");
  forge_record(&b, TRACE_IPC_RECV, ms(4), CH, 3, "");
  forge_write(&b);
  m = read_run();
  ok(m->channels && m->channels->down_waiting == 2, "then 5 and 6 do");
  live_free(m);
  forge_record(&b, TRACE_IPC_RECV, ms(5), CH, 6, ""); /* the record of 5 was lost */
  forge_write(&b);
  m = read_run();
  ok(m->channels && m->channels->down_waiting == 0, "and nothing at last");
  live_free(m);
  rings_end();
}

/* What a process and its parent tell of its standard streams, and the blocks that lie in files. */
static void streams_and_blocks(void) {
  Forged a, b;
  rings_begin();
  forge(&a, A, 100, A, 60);
  forge(&b, B, 110, B, 60);
  forge_record(&a, TRACE_PROC_SPAWN, ms(1200), B, 0, "app.lua");
  forge_record(&b, TRACE_STDIO, ms(1300), 1, 100, "x");
  forge_record(&b, TRACE_STDIO, ms(1301), 1, 200, "x")->n[2] = 1;
  forge_record(&a, TRACE_STDIO, ms(1302), 1, 64, "x")->n[3] = B;
  forge_record(&b, TRACE_STDIO, ms(1303), 1, 1, "x");
  forge_record(&b, TRACE_STDIO, ms(1304), 3, 1000, "x");
  forge_record(&b, TRACE_STDIO, ms(1305), 2, -5, "x");
  forge_record(&b, TRACE_CELLS, ms(1310), 0, 64, "b.0.cells");
  for (int i = 1; i < 17; i++) {
    char name[32];
    snprintf(name, sizeof name, "b.%d.cells", i);
    forge_record(&b, TRACE_CELLS, ms(1310 + i), i, 64, name);
  }
  forge_record(&b, TRACE_CELLS, ms(1330), 5, 64, "b.5.cells");
  forge_write(&a);
  forge_write(&b);
  Model *m = read_run();
  const LiveTap *tap = model_proc(m, B)->taps;
  ok(tap[1].own == 301 && tap[1].parents == 64 && tap[1].told, "bytes as it tells, and as its parent does");
  ok(!tap[1].full && tap[1].was_full, "its pipe was full once");
  ok(!tap[0].own && !tap[2].own && !model_proc(m, A)->taps[1].own, "nothing else");
  ok(m->nblocks == LIVE_BLOCKS && m->blocks[0].id == 1, "of the blocks the oldest has made room");
  ok(m->blocks[LIVE_BLOCKS - 1].id == 5 && m->blocks[LIVE_BLOCKS - 2].id == 16, "one that is named again is the newest");
  live_free(m);
  rings_end();
}

static void ends(void) {
  Forged a, b, c;
  rings_begin();
  forge(&a, A, 100, A, 16);
  forge(&b, B, 110, B, 16);
  forge(&c, C, 120, C, 16);
  forge_record(&a, TRACE_PROC_REAP, ms(1500), B, 0, "")->n[2] = 9;
  forge_record(&a, TRACE_PROC_REAP, ms(1600), C, 3, "");
  forge_record(&a, TRACE_PROC_SPAWN, ms(1610), C + 7, 0, "/bin/true");
  forge_record(&a, TRACE_PROC_REAP, ms(1620), C + 7, 0, "");
  forge_record(&b, TRACE_CONN_ACCEPT, ms(1490), 3000, 5, "");
  forge_record(&b, TRACE_MEM, ms(1495), 70000, 5, "");
  forge_record(&c, TRACE_PROC_EXIT, ms(1590), 3, 0, "");
  c.page.flags = TRACE_PAGE_ENDED;
  forge_write(&a);
  forge_write(&b);
  forge_write(&c);
  Model *m = read_run();
  char how[64], why[128];
  LiveProc *p = model_proc(m, B);
  model_ended(p, how, sizeof how);
  is_text(how, "killed by SIGKILL", "how B ended");
  is_text(p->last, "conn.accept port 3000 ino 5", "its last words, figures of memory are none");
  ok(p->end == ms(1500), "when");
  ok(find(m, LIVE_KILLED, 0) && find(m, LIVE_KILLED, 0)->proc == p, "a record tells it");
  ok(!model_find(m, "B", NULL, why, sizeof why), "an ended one is not found");
  is_text(why, "B ended: killed by SIGKILL", "and why");
  p = model_proc(m, C);
  ok(p->code_known && p->code == 3 && p->signal == 0 && !*p->last, "C ended by itself");
  model_ended(model_proc(m, A), how, sizeof how);
  is_text(how, "how is not known", "of A nobody knows");
  p = model_proc(m, C + 7);
  ok(p && !p->traced && p->ended && p->code_known && p->parent == m->procs && !*p->letter, "one without a ring");
  is_text(p->name, "true", "its name");
  live_free(m);
  rings_end();
}

/* Rings that nobody honest has written. */
static void nonsense(void) {
  Forged a, b;
  rings_begin();
  forge(&a, A, 100, A, 64);
  forge(&b, B, 101, B, 64);
  forge_record(&a, TRACE_PROC_SPAWN, ms(1100), B, CH, "b.lua");
  forge_record(&b, TRACE_PROC_SPAWN, ms(1101), A, CH, "a.lua");
  forge_record(&a, TRACE_PROC_SPAWN, ms(1102), A, CH, "a.lua");
  forge_record(&a, TRACE_IPC_SEND, ms(1200), CH, 0, "");
  forge_record(&a, TRACE_IPC_SEND, ms(1201), CH, INT64_MAX, "");
  forge_record(&a, TRACE_IPC_SEND, ms(1202), CH, INT64_MIN, "");
  for (int i = 0; i < 40; i++) forge_record(&a, TRACE_USER_MARK, ms(1300), 0, i, "same time");
  forge_write(&a);
  forge_write(&b);
  forge(&b, C, UINT64_MAX, C, 8), forge_write(&b);
  Model *m = read_run();
  ok(model_proc(m, B)->parent == model_proc(m, A) && !model_proc(m, A)->parent, "nobody descends from himself");
  int64_t last = -1;
  bool ordered = true;
  for (uint64_t n = m->first; n < m->count; n++) {
    const TraceRecord *r = &model_record(m, n)->r;
    if (r->event == TRACE_USER_MARK) ordered = ordered && r->n[1] == last + 1, last = r->n[1];
  }
  ok(ordered && last == 39, "records of one thread and one time keep their order");
  live_free(m);
  rings_end();
}

/* What started the second ring is known from a record alone, and is over already. */
static void between(void) {
  Forged a, b;
  rings_begin();
  forge(&a, A, 100, A, 16);
  forge(&b, B, 110, B, 16);
  b.page.ppid = C;
  forge_record(&a, TRACE_PROC_SPAWN, a.page.opened, C, 0, "lesson");
  forge_write(&a);
  forge_write(&b);
  Model *m = read_run();
  LiveProc *p = model_proc(m, C);
  ok(p && p->parent == model_proc(m, A) && model_proc(m, B)->parent == p, "a chain through one without a ring");
  live_free(m);
  rings_end();
}

static void refusal(void) {
  Forged a, b;
  rings_begin();
  forge(&a, A, 100, A, 16);
  forge(&b, B, 110, B, 16);
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  uint64_t t = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec - 20 * FORGED_MS;
  forge_record(&a, TRACE_PORT_LISTEN, t, 61001, 77, "127.0.0.1")->n[2] = 5;
  forge_record(&b, TRACE_PORT_ERR, t + FORGED_MS, 61001, 0, "EADDRINUSE");
  forge_record(&a, TRACE_PORT_CLOSE, t + 2 * FORGED_MS, 61001, 77, "127.0.0.1");
  forge_record(&b, TRACE_PORT_ERR, t + 3 * FORGED_MS, 61001, 0, "EADDRINUSE");
  forge_write(&a);
  forge_write(&b);
  Model *m = read_run();
  ok(m->nrefusals == 2 && m->refusals[0].holder == model_proc(m, A), "a refusal names who held the port then");
  ok(m->nrefusals == 2 && !m->refusals[1].holder, "not who had closed it");
  live_free(m);
  rings_end();
}

static void self(void) {
  Forged f;
  char why[96];
  int err;
  rings_begin();
  FILE *stat = fopen("/proc/self/stat", "re");
  unsigned long long start = 0;
  if (!stat || fscanf(stat, "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
                      &start) != 1) abort();
  fclose(stat);
  forge(&f, getpid(), start, getpid(), 16);
  f.page.ppid = getppid() + 1; /* as if the parent had died since */
  f.page.busy_since = 1;
  forge_write(&f);
  Live *live = live_start(rings_fd, rings_dir, &err);
  ok(live && live_running() == live, "the thread runs");
  live_refresh(live);
  const Model *m = live_hold(live);
  LiveProc *p = m->procs;
  ok(p && p->self && !p->ended && p->rss > 0 && p->nthreads >= 2 && p->nfds > 2, "this process, by /proc");
  ok(p && p->orphan && p->ppid == getppid() && p->first_ppid == getppid() + 1, "an orphan by its changed parent");
  ok(p && p->threads->blocked && p->threads->lag_ms > 1000 && p->threads->strip[TRACE_STRIP - 1] == TRACE_BUSY_BLOCKED,
     "blocked for long");
  ok(find(m, LIVE_REPARENT, getppid()) != NULL, "a record tells the new parent");
  ok(model_find(m, "a", NULL, why, sizeof why) == p, "found by its letter");
  live_release(live);
  live_stop(live);
  ok(live_running() == NULL, "and has ended");
  rings_end();
}

int main(void) {
  letters();
  locked();
  together();
  bounds();
  numbers_anew();
  messages();
  waits();
  streams_and_blocks();
  ends();
  nonsense();
  between();
  refusal();
  self();
  return tap_end();
}
