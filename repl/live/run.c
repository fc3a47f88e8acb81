/* SPDX-License-Identifier: MIT */
/* run.c - one look at a run: the folder, the rings, /proc, and then the model; see run.h. */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
  YOUNG_MS = 20,             /* a ring is linked when others that are older have had time to appear */
  MOST_OPEN = 256,           /* rings whose descriptor stays open */
  MOST_BATCH = 2 * LIVE_RECORDS,
  ASKED_MS = 90,             /* sockets are read no more often, whoever asks */
  AHEAD_MS = 1000,
  SHARE = 20,                /* what is done at intervals costs at most one part in so many */
  SETTLED_S = 2              /* a folder changed so long ago is not changed again within one tick */
};

static uint64_t read_clock(clockid_t clock) {
  struct timespec now;
  (void)clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static const RunMost usual = { .procs = 1 << 13, .rings = 1 << 13, .channels = 1 << 14, .names = 1 << 13 };

uint64_t run_clock(void) { return read_clock(CLOCK_MONOTONIC); }

/* ---- made and freed ---- */

/* Above the descriptors that a script is used to see, where the limit leaves room there. */
static int dup_high(int fd) {
  int high = fcntl(fd, F_DUPFD_CLOEXEC, 64);
  return high >= 0 ? high : fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

Run *run_new(int dirfd, const char *dir, int *err) {
  Run *run = calloc(1, sizeof *run);
  int fd = -1;
  *err = -ENOMEM;
  if (!run) return NULL;
  run->dirfd = -1;
  if (!records_init(run)) goto fail;
  if ((run->dirfd = dup_high(dirfd)) < 0 ||
      (fd = openat(run->dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0 || !(run->dir = fdopendir(fd))) {
    *err = -errno;
    if (fd >= 0) (void)close(fd);
    goto fail;
  }
  run->began = run->m.now = run_clock();
  run->tick_ns = 1000000000u / (uint64_t)sysconf(_SC_CLK_TCK);
  run->channels_end = &run->m.channels;
  run->in_folder = run->dir_again = true;
  run->most = usual;
  (void)snprintf(run->m.dir, sizeof run->m.dir, "%s", dir ? dir : "");
  *err = 0;
  return run;
fail:
  run_free(run);
  return NULL;
}

static void free_threads(RunThread *list) {
  while (list) {
    RunThread *t = list;
    list = t->next_ring;
    ring_detach(&t->ring);
    free(t);
  }
}

static void free_channels(RunChannel *list) {
  while (list) {
    RunChannel *ch = list;
    list = ch->next_all;
    free(ch);
  }
}

static void free_procs(Run *run) {
  while (run->m.procs) {
    RunProc *p = run_proc_of(run->m.procs);
    run->m.procs = p->pub.next;
    free(p->accepts);
    free(p);
  }
}

static void free_names(Run *run) {
  for (int i = 0; i < RUN_BUCKETS; i++)
    while (run->refused[i]) {
      RunName *n = run->refused[i];
      run->refused[i] = n->next;
      free(n);
    }
}

void run_free(Run *run) {
  if (!run) return;
  free_threads(run->rings);
  free_threads(run->old_rings);
  free_threads(run->fresh);
  free_procs(run);
  free_names(run);
  free_channels(run->channels);
  free_channels(run->old_channels);
  run_free_sockets(run);
  scan_free(&run->scan);
  net_free(&run->net);
  records_free(run);
  free(run->batch.list);
  free(run->held);
  if (run->dir) (void)closedir(run->dir);
  if (run->dirfd >= 0) (void)close(run->dirfd);
  free(run);
}

/* ---- the folder ---- */

static size_t bucket_of(const char *name) {
  size_t hash = 5381;
  for (; *name; name++) hash = hash * 33 + (unsigned char)*name;
  return hash % RUN_BUCKETS;
}

static bool is_known(const Run *run, size_t bucket, const char *name) {
  for (RunThread *t = run->by_name[bucket]; t; t = t->next_name)
    if (!strcmp(t->ring.name, name)) return true;
  for (RunName *n = run->refused[bucket]; n; n = n->next)
    if (!strcmp(n->name, name)) return true;
  return false;
}

static void refuse(Run *run, size_t bucket, const char *name) {
  RunName *n = run->nnames < run->most.names ? calloc(1, sizeof *n) : NULL;
  if (!n) return; /* it is looked at again */
  run->nnames++;
  (void)snprintf(n->name, sizeof n->name, "%.63s", name);
  n->next = run->refused[bucket];
  run->refused[bucket] = n;
}

static void consider(Run *run, const char *name) {
  int pid, tid, err;
  uint64_t start, now = run_clock();
  size_t bucket = bucket_of(name);
  if (!ring_parse_name(name, &pid, &start, &tid) || is_known(run, bucket, name)) return;
  if (run->nrings >= run->most.rings) {
    run->lost += run->nnames < run->most.names;
    refuse(run, bucket, name);
    return;
  }
  RunThread *t = calloc(1, sizeof *t);
  if (!t) return;
  err = ring_attach(&t->ring, run->dirfd, name, run->open_rings < MOST_OPEN);
  uint64_t opened = t->ring.page.opened;
  if (err || (opened < now && now - opened < YOUNG_MS * (uint64_t)RUN_MS)) {
    bool later = !err || err == -EMFILE || err == -ENFILE || err == -ENOMEM || err == -ENOENT;
    if (later) run->dir_again = true;
    else refuse(run, bucket, name);
    if (!err) run->again = true;
    ring_detach(&t->ring);
    free(t);
    return;
  }
  run->nrings++;
  if (t->ring.keep) run->open_rings++;
  t->ring.history = opened < run->began;
  t->next_name = run->by_name[bucket];
  run->by_name[bucket] = t;
  t->next_ring = run->fresh;
  run->fresh = t;
}

/* The folder's time tells whether names have come, but only in steps of the system's tick. */
static void read_folder(Run *run) {
  struct stat st;
  struct timespec now;
  (void)clock_gettime(CLOCK_REALTIME, &now);
  if (fstat(run->dirfd, &st) != 0) return;
  bool same = st.st_mtim.tv_sec == run->dir_time.tv_sec && st.st_mtim.tv_nsec == run->dir_time.tv_nsec;
  if (same && !run->dir_again && now.tv_sec - st.st_mtim.tv_sec >= SETTLED_S) return;
  run->dir_time = st.st_mtim;
  run->dir_again = false;
  rewinddir(run->dir);
  for (struct dirent *entry; (entry = readdir(run->dir));) consider(run, entry->d_name);
}

/* ---- the rings ---- */

#define SERVER "net.Server"

typedef struct Taking {
  Run *run;
  RunThread *thread;
  uint64_t now;              /* and a little more: reading takes its time */
} Taking;

/* Connections are passed by the thousand: only servers count. */
static bool is_port_event(const TraceRecord *r) {
  bool passed = r->event == TRACE_HND_SEND || r->event == TRACE_HND_RECV;
  return r->event == TRACE_PORT_LISTEN || r->event == TRACE_PORT_CLOSE || r->event == TRACE_PORT_ERR ||
         r->event == TRACE_PROC_REAP || (passed && !strncmp(r->text, SERVER, sizeof SERVER - 1));
}

static void take_record(void *ctx, const TraceRecord *r) {
  Taking *taking = ctx;
  RunBatch *batch = &taking->run->batch;
  if (r->t > taking->now) { /* a record cannot be of the future */
    taking->thread->ring.torn++;
    return;
  }
  if (is_port_event(r)) taking->run->net_due = true;
  if (r->event == TRACE_PORT_ERR) taking->run->net_urgent = true; /* who holds it now? */
  if (batch->count == batch->space) {
    size_t space = batch->space ? batch->space * 2 : 1024;
    struct RunBatched *grown = realloc(batch->list, space * sizeof *grown);
    if (!grown) {
      taking->thread->ring.lost++;
      return;
    }
    batch->list = grown;
    batch->space = space;
  }
  batch->list[batch->count].thread = taking->thread;
  memcpy(&batch->list[batch->count++].r, r, sizeof *r);
}

static void look_at(Run *run, RunThread *t) {
  Taking taking = { run, t, run_clock() + AHEAD_MS * (uint64_t)RUN_MS };
  ProcStat stat;
  if (t->done) return;
  bool gone = t->pub.proc ? run_gone(run_proc_of(t->pub.proc))
                          : run->scan.works && (!scan_stat(t->ring.pid, 0, &stat) || stat.start != t->ring.start);
  bool full = run->batch.count >= MOST_BATCH;
  size_t took = ring_look(&t->ring, run->dirfd, full ? NULL : take_record, &taking);
  bool all = t->ring.next >= t->ring.page.head || t->ring.broken;
  t->done = all && (gone || (t->ring.page.flags & TRACE_PAGE_ENDED) || t->ring.broken);
  if (!all && (took || full)) run->again = true;
  if (!t->done) return;
  if (t->ring.keep) run->open_rings--;
  t->ring.keep = false;
  ring_detach(&t->ring);
}

static void gather_tasks(Run *run) {
  for (RunThread *t = run->rings; t; t = t->next_ring)
    t->task_known = !t->pub.ended && scan_stat(t->ring.pid, t->ring.tid, &t->task);
}

/* Is it time for what was last begun at `last` and took `cost`? So often that it costs a twentieth at most. */
static bool is_due(uint64_t last, uint64_t cost, unsigned every_ms) {
  uint64_t apart = every_ms * (uint64_t)RUN_MS;
  if (cost * SHARE > apart) apart = cost * SHARE;
  return !last || run_clock() - last >= apart;
}

static void gather_procs(Run *run) {
  uint64_t began = run_clock();
  scan_all(&run->scan);
  gather_tasks(run);
  run->scan_t = began;
  run->scan_cost = run_clock() - began;
}

static void gather_net(Run *run) {
  uint64_t began = run_clock();
  run->net_urgent = false;
  run->net_due = run->fresh != NULL; /* their sockets are read when they are known */
  run_gather_sockets(run);
  run->net_t = began;
  run->net_cost = run_clock() - began;
}

void run_gather(Run *run, bool all) {
  run->again = false;
  run->looks++;
  run->scanned = all || is_due(run->scan_t, run->scan_cost, RUN_SCAN_MS - 20);
  if (run->scanned) gather_procs(run);
  read_folder(run);
  for (RunThread *t = run->rings; t; t = t->next_ring) look_at(run, t);
  for (RunThread *t = run->fresh; t; t = t->next_ring) look_at(run, t);
  run->net_read = run->net_urgent || is_due(run->net_t, run->net_cost, all || run->net_due ? ASKED_MS : RUN_NET_MS);
  if (run->net_read) gather_net(run);
}

/* ---- the model ---- */

static int by_time(const void *a, const void *b) {
  const struct RunBatched *x = a, *y = b;
  if (x->r.t != y->r.t) return x->r.t < y->r.t ? -1 : 1;
  if (x->thread != y->thread) return x->thread < y->thread ? -1 : 1;
  int32_t apart = (int32_t)(x->r.seq - y->r.seq); /* the thread's own order; the count goes round */
  return (apart > 0) - (apart < 0);
}

static void apply_records(Run *run) {
  RunBatch *batch = &run->batch;
  if (batch->count > 1) qsort(batch->list, batch->count, sizeof *batch->list, by_time);
  for (size_t i = 0; i < batch->count; i++) {
    RunThread *t = batch->list[i].thread;
    if (!t->pub.proc) continue; /* without memory to link it */
    RunProc *p = run_proc_of(t->pub.proc);
    run_effect(run, t, p, records_add(run, &batch->list[i].r, t, p));
  }
  batch->count = 0;
}

static void count_all(Run *run) {
  uint64_t slot = run->m.now / (100ull * RUN_MS), sum = 0;
  run->m.nalive = run->m.nthreads = 0;
  for (LiveProc *p = run->m.procs; p; p = p->next) {
    run->m.nalive += !p->ended;
    for (LiveThread *t = p->threads; t; t = t->next) run->m.nthreads += t->thread_id != 0 && !t->ended;
  }
  for (uint64_t i = slot >= RUN_LAG_SLOTS ? slot - RUN_LAG_SLOTS + 1 : 0; i <= slot; i++)
    if (i <= run->sends_slot && i + RUN_LAG_SLOTS > run->sends_slot) sum += run->sends[i % RUN_LAG_SLOTS];
  run->m.messages_per_s = (double)sum;
}

void run_apply(Run *run) {
  run->m.now = run_clock();
  run->m.wall_offset = (int64_t)(read_clock(CLOCK_REALTIME) - run->m.now);
  run->boot_offset = (int64_t)(read_clock(CLOCK_BOOTTIME) - run->m.now);
  run_link_rings(run);
  apply_records(run);
  run_apply_scan(run);
  run_update_threads(run);
  for (LiveProc *p = run->m.procs; p; p = p->next) run_tell_killed(run, run_proc_of(p));
  run_update_channels(run);
  run_update_sockets(run);
  run_sample(run);
  count_all(run);
}
