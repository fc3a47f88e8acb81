/* SPDX-License-Identifier: MIT */
/* procs.c - which processes belong to a run: those with a ring, those that one of them has started (by its
 * record), and all descendants by /proc. Once in, a process stays, whoever adopts it. */
#include "run.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TOLERANCE_MS = 100, GUESS_TICKS = 50, LEAST_CPU_MS = 400, SPAWNING_S = 10 };

static size_t bucket_of(int pid) { return (size_t)(unsigned)pid % RUN_BUCKETS; }

/* A tick is 10 ms long: what a record says of a process may seem to be before its start. */
static uint64_t began_of(const Run *run, uint64_t start) {
  uint64_t t = start * run->tick_ns - (uint64_t)run->boot_offset; /* a name may say any start */
  return (int64_t)t > 0 ? t : 0;
}

static uint64_t ticks_of(const Run *run, uint64_t t) {
  return (uint64_t)((int64_t)t + run->boot_offset) / run->tick_ns;
}

RunProc *run_find(const Run *run, int pid, uint64_t start) {
  RunProc *p = run->by_pid[bucket_of(pid)];
  while (p && (p->pub.pid != pid || p->pub.start != start)) p = p->next_pid;
  return p;
}

RunProc *run_find_at(const Run *run, int pid, uint64_t t) {
  RunProc *best = NULL;
  for (RunProc *p = run->by_pid[bucket_of(pid)]; p; p = p->next_pid) {
    if (p->pub.pid != pid || p->pub.began > t + TOLERANCE_MS * (uint64_t)RUN_MS) continue;
    if (!best || p->pub.start > best->pub.start) best = p;
  }
  return best;
}

bool run_gone(const RunProc *p) { return p->pub.ended || p->pub.state == 'Z'; }

/* ---- the list ---- */

static bool before(const LiveProc *a, const LiveProc *b) {
  return scan_order(a->start, a->pid, b->start, b->pid) < 0;
}

static void insert(Run *run, RunProc *p) {
  LiveProc **at = &run->m.procs;
  while (*at && before(*at, &p->pub)) at = &(*at)->next;
  p->pub.next = *at;
  *at = &p->pub;
}

static void take_out(Run *run, RunProc *p) {
  LiveProc **at = &run->m.procs;
  while (*at != &p->pub) at = &(*at)->next;
  *at = p->pub.next;
}

/* NULL: without memory, or with too many of them. */
static RunProc *make(Run *run, int pid, uint64_t start) {
  RunProc *p = run->m.nprocs < run->most.procs ? calloc(1, sizeof *p) : NULL;
  if (!p) return NULL;
  p->pub.pid = pid;
  p->pub.start = start;
  p->pub.began = began_of(run, start);
  p->pub.state = '?';
  p->pub.self = pid == (int)getpid();
  p->known_t = run_clock();
  scan_familiar(&run->scan, pid); /* it was looked at before its ring was there */
  insert(run, p);
  p->next_pid = run->by_pid[bucket_of(pid)];
  run->by_pid[bucket_of(pid)] = p;
  run->m.nprocs++;
  run->changed = true;
  return p;
}

/* Records and pages may say anything: nobody descends from himself, or views would not see the end of it. */
static bool set_parent(RunProc *p, RunProc *parent) {
  for (const LiveProc *above = &parent->pub; above; above = above->parent)
    if (above == &p->pub) return false;
  p->pub.parent = &parent->pub;
  return true;
}

static void find_parent(Run *run, RunProc *p) {
  if (p->pub.parent || p->pub.first_ppid <= 0) return;
  RunProc *parent = run_find_at(run, p->pub.first_ppid, p->pub.began);
  if (parent && (!parent->pub.end || parent->pub.end + RUN_MS >= p->pub.began)) (void)set_parent(p, parent);
}

/* Ticks are coarse: over a short time they tell nothing. */
double run_cpu(const Run *run, uint64_t ticks, uint64_t t, uint64_t *last, uint64_t *last_t, double before) {
  uint64_t apart = t - *last_t;
  if (*last_t && (t < *last_t || apart < LEAST_CPU_MS * (uint64_t)RUN_MS)) return before;
  double used = *last_t && ticks >= *last ? (double)((ticks - *last) * run->tick_ns) * 100 / (double)apart : 0;
  *last = ticks;
  *last_t = t;
  return used;
}

static void take_parent(Run *run, RunProc *p, int ppid) {
  if (p->pub.ppid != ppid) {
    if (p->pub.ppid) records_own(run, p, LIVE_REPARENT, p->pub.ppid, ppid, run->scan_t);
    p->pub.ppid = ppid;
  }
  if (!p->pub.first_ppid) p->pub.first_ppid = ppid;
  p->pub.orphan = p->pub.ppid != p->pub.first_ppid;
}

static void take_stat(Run *run, RunProc *p, const ProcStat *stat, uint64_t t) {
  if (p->pub.state != stat->state) run->changed = true;
  p->pub.state = stat->state;
  p->pub.rss = stat->rss;
  p->pub.nthreads = stat->nthreads;
  p->pub.nfds = scan_count_fds(stat->pid);
  p->pub.cpu = run_cpu(run, stat->cpu, t, &p->cpu, &p->cpu_t, p->pub.cpu);
  if (stat->state == 'Z' && stat->exit_status >= 0 && !p->pub.code_known)
    run_set_end(run, p, WIFEXITED(stat->exit_status) ? WEXITSTATUS(stat->exit_status) : 0,
                WIFSIGNALED(stat->exit_status) ? WTERMSIG(stat->exit_status) : 0);
}

/* What an untraced process is called: its own name, without arguments, which may hold secrets. */
static void name_untraced(RunProc *p, const char *name) {
  const char *slash = strrchr(name, '/');
  if (slash) name = slash + 1;
  (void)snprintf(p->pub.name, sizeof p->pub.name, "%s", name);
  (void)snprintf(p->pub.role, sizeof p->pub.role, "%.23s", name);
}

/* ---- by their rings ---- */

static bool alive(const Run *run, int pid, uint64_t start, ProcStat *stat) {
  if (!scan_stat(pid, 0, stat)) return !run->scan.works && !stat->ppid && kill(pid, 0) == 0;
  return stat->start == start;
}

/* One that is known from its parent's record gets its true start. */
static RunProc *settle_guess(Run *run, int pid, uint64_t start) {
  for (RunProc *p = run->by_pid[bucket_of(pid)]; p; p = p->next_pid) {
    int64_t off = (int64_t)(p->pub.start - start);
    if (p->pub.pid != pid || !p->guessed || off > GUESS_TICKS || off < -GUESS_TICKS) continue;
    take_out(run, p);
    p->pub.start = start;
    p->pub.began = began_of(run, start);
    p->guessed = false;
    insert(run, p);
    return p;
  }
  return NULL;
}

static RunProc *proc_of_ring(Run *run, const Ring *ring) {
  ProcStat stat;
  RunProc *p = run_find(run, ring->pid, ring->start);
  if (!p) p = settle_guess(run, ring->pid, ring->start);
  bool is_new = !p;
  if (!p) p = make(run, ring->pid, ring->start);
  if (!p) return NULL;
  if (!p->pub.traced && ring->page.ppid > 0 && !p->spawn_known) p->pub.first_ppid = ring->page.ppid;
  if (is_new) {
    p->pub.ppid = ring->page.ppid > 0 ? ring->page.ppid : 0;
    if (!ring->start) p->pub.began = ring->page.opened;
    if (alive(run, ring->pid, ring->start, &stat)) take_stat(run, p, &stat, p->known_t);
    else run_end_proc(run, p, 0);
  }
  p->pub.traced = true;
  return p;
}

static int by_age(const void *a, const void *b) {
  const Ring *x = &(*(RunThread *const *)a)->ring, *y = &(*(RunThread *const *)b)->ring;
  int order = scan_order(x->start, x->pid, y->start, y->pid);
  if (order) return order;
  return (x->page.opened > y->page.opened) - (x->page.opened < y->page.opened);
}

static void name_traced(RunProc *p, const TracePage *page) {
  const char *slash = strrchr(page->file, '/');
  const char *file = slash ? slash + 1 : page->file;
  (void)snprintf(p->pub.name, sizeof p->pub.name, "%s", *file ? file : "moonfork");
}

/* The main thread first, the others by age. */
static void add_thread(RunProc *p, RunThread *t) {
  LiveThread **at = &p->pub.threads;
  while (*at && ((*at)->thread_id == 0 || (t->pub.thread_id != 0 && (*at)->opened <= t->pub.opened)))
    at = &(*at)->next;
  t->pub.next = *at;
  *at = &t->pub;
}

static void link_ring(Run *run, RunThread *t, RunProc *p) {
  const TracePage *page = &t->ring.page;
  t->pub.proc = &p->pub;
  t->pub.tid = t->ring.tid;
  t->pub.thread_id = page->thread_id;
  t->pub.opened = page->opened;
  t->pub.state = '?';
  add_thread(p, t);
  if (!page->thread_id) name_traced(p, page);
  else if (!*p->pub.name) name_untraced(p, "moonfork");
  RunChannel *ch = page->from_channel ? channel_of(run, page->from_channel) : NULL;
  if (ch) channel_set_end(run, ch, 1, p);
  t->next_ring = run->rings;
  run->rings = t;
  run->changed = true;
}

static void leave_out(Run *run, RunThread *t) {
  if (!t->left_out) run->lost++;
  t->left_out = true;
  t->next_ring = run->fresh;
  run->fresh = t;
}

static void link_fresh(Run *run) {
  size_t count = 0;
  for (RunThread *t = run->fresh; t; t = t->next_ring) count++;
  RunThread **list = count ? calloc(count, sizeof(RunThread *)) : NULL;
  if (!list) return; /* they stay fresh */
  count = 0;
  for (RunThread *t = run->fresh; t; t = t->next_ring) list[count++] = t;
  run->fresh = NULL;
  qsort(list, count, sizeof *list, by_age);
  for (size_t i = 0; i < count; i++) {
    RunProc *p = proc_of_ring(run, &list[i]->ring);
    if (p) link_ring(run, list[i], p);
    else leave_out(run, list[i]);
    if (p && !*p->pub.letter) run->unlettered = true;
  }
  for (size_t i = 0; i < count; i++)
    if (list[i]->pub.proc) find_parent(run, run_proc_of(list[i]->pub.proc));
  free(list);
}

void run_link_rings(Run *run) {
  link_fresh(run);
  if (run->unlettered) letters_give(run);
}

/* ---- by the records of their parents ---- */

/* Began it as the child of such a record must have? A record may be wrong: what it names could be anybody. */
static bool fits_record(const Run *run, const RunProc *parent, const ProcStat *stat, uint64_t t) {
  uint64_t began = began_of(run, stat->start), late = t + TOLERANCE_MS * (uint64_t)RUN_MS;
  return stat->start >= parent->pub.start && began <= late && began + SPAWNING_S * 1000ull * RUN_MS >= t;
}

/* One started through /proc/self/exe is called "exe" by the kernel: its record knows better. */
static bool is_named(const ProcStat *stat) { return strcmp(stat->name, "exe") != 0; }

/* Those whose rings were there before it was known that their parent is of the run. */
static void take_children(Run *run, RunProc *parent) {
  for (LiveProc *c = run->m.procs; c; c = c->next)
    if (!c->parent && c->first_ppid == parent->pub.pid && c->start >= parent->pub.start) (void)set_parent(run_proc_of(c), parent);
}

RunProc *run_spawned(Run *run, RunProc *parent, int pid, uint64_t t, const char *file) {
  ProcStat stat;
  RunProc *p = run_find_at(run, pid, t);
  if (p && p->pub.end && p->pub.end < t) p = NULL; /* another one, with the same number */
  if (!p) {
    bool there = scan_stat(pid, 0, &stat) && fits_record(run, parent, &stat, t);
    bool room = there || run->m.nprocs < run->most.procs / 2;
    p = room ? make(run, pid, there ? stat.start : ticks_of(run, t)) : NULL;
    if (!p) run->lost++;
    if (!p) return NULL;
    p->guessed = !there;
    p->pub.ppid = p->pub.first_ppid = parent->pub.pid;
    name_untraced(p, there && is_named(&stat) ? stat.name : file);
    if (there) take_stat(run, p, &stat, p->known_t);
    else run_end_proc(run, p, t);
    take_children(run, p);
  }
  if (p->spawn_known) return p == parent ? NULL : p;
  if (!set_parent(p, parent)) return NULL;
  p->spawn_known = true;
  p->pub.first_ppid = parent->pub.pid;
  return p;
}

/* ---- by /proc ---- */

static RunProc *living(const Run *run, int pid) {
  RunProc *p = run->by_pid[bucket_of(pid)];
  while (p && (p->pub.pid != pid || p->pub.ended)) p = p->next_pid;
  return p;
}

/* One without a ring does not tell that its output is stuck. What waits in the kernel while nobody reads sleeps. */
static void take_full(Run *run, RunProc *p) {
  int full = p->pub.state == 'S' ? scan_full_pipe(p->pub.pid) : 0;
  for (int fd = 1; fd <= 2; fd++) {
    LiveTap *tap = &p->pub.taps[fd];
    if (tap->full != (fd == full)) run->changed = true;
    tap->full = fd == full;
    tap->was_full |= tap->full;
  }
}

static void apply_stat(Run *run, const ProcStat *stat) {
  RunProc *p = run_find(run, stat->pid, stat->start), *parent;
  if (!p) p = settle_guess(run, stat->pid, stat->start);
  if (!p) {
    parent = living(run, stat->ppid);
    p = parent && parent->pub.start <= stat->start ? make(run, stat->pid, stat->start) : NULL;
    if (!p) {
      scan_foreign(&run->scan, stat->pid);
      return;
    }
  }
  p->seen = run->scan.turn;
  if (p->pub.ended) return;
  take_parent(run, p, stat->ppid);
  take_stat(run, p, stat, run->scan_t);
  if (!p->pub.traced) take_full(run, p);
  if (!p->pub.traced && (is_named(stat) || !*p->pub.name)) name_untraced(p, stat->name);
  find_parent(run, p);
}

void run_apply_scan(Run *run) {
  run->m.proc_fs = run->scan.works;
  if (!run->scanned) return;
  for (size_t i = 0; i < run->scan.count; i++) apply_stat(run, &run->scan.list[i]);
  scan_settle(&run->scan);
  for (LiveProc *pub = run->m.procs; pub; pub = pub->next) {
    RunProc *p = run_proc_of(pub);
    if (p->pub.ended || p->known_t >= run->scan_t) continue;
    bool there = run->scan.works ? p->seen == run->scan.turn : kill(p->pub.pid, 0) == 0 || errno == EPERM;
    if (!there) run_end_proc(run, p, run->scan_t);
  }
}

/* ---- their end ---- */

/* t 0: when it was is known from its records at best. */
void run_end_proc(Run *run, RunProc *p, uint64_t t) {
  if (p->pub.ended) return;
  p->pub.ended = true;
  p->pub.state = 'X';
  p->pub.end = t;
  p->pub.cpu = 0;
  run->changed = run->again = true;
}

void run_set_end(Run *run, RunProc *p, int64_t code, int signal) {
  p->pub.code_known = true;
  p->pub.code = signal ? 0 : code;
  p->pub.signal = signal;
  run->changed = true;
}

/* Its last record (NULL: none), and the last one that tells something. */
static const LiveRecord *last_of(Run *run, const RunProc *p, const LiveRecord **words, bool *done) {
  uint64_t last = 0, last_words = 0;
  *done = true;
  for (LiveThread *t = p->pub.threads; t; t = t->next) {
    const RunThread *own = run_thread_of(t);
    *done = *done && own->done;
    if (own->last_record > last) last = own->last_record;
    if (own->last_words > last_words) last_words = own->last_words;
  }
  *words = last_words ? model_record(&run->m, last_words - 1) : NULL;
  return last ? model_record(&run->m, last - 1) : NULL;
}

/* Its parent may have told of its end before the folder was read in which its ring lies: one that has none is
 * looked for once more. */
static bool may_have_ring(Run *run, RunProc *p) {
  if (p->pub.threads) return false;
  if (!p->gone_look) {
    p->gone_look = run->looks;
    run->again = true;
  }
  return p->gone_look == run->looks;
}

/* Only when all of its rings have been read to their end. */
void run_tell_killed(Run *run, RunProc *p) {
  LiveProc *pub = &p->pub;
  bool done;
  if (!run_gone(p) || (pub->end && (p->killed_told || !pub->signal)) || may_have_ring(run, p)) return;
  const LiveRecord *words, *last = last_of(run, p, &words, &done);
  if (!done) return;
  if (pub->ended && !pub->end) pub->end = last && last->r.t > pub->began ? last->r.t : pub->began;
  if (p->killed_told || !pub->signal) return;
  p->killed_told = true;
  if (words) records_words(words, pub->last, sizeof pub->last);
  records_own(run, p, LIVE_KILLED, pub->signal, 0, pub->end ? pub->end : run->m.now);
}
