/* SPDX-License-Identifier: MIT */
/* ring.c - fuzzes the reader of rings and the model behind it: up to three files of a folder, with pages,
 * records, heads and sizes out of the input, looked at twice, changed in between. What makes a file pass the
 * first checks is put right where the input says so, so that the bytes reach what is behind them. */
// objs: repl/live/run.o repl/live/ring.o repl/live/procs.o repl/live/threads.o repl/live/records.o repl/live/effects.o repl/live/channels.o repl/live/sockets.o repl/live/letters.o repl/live/model.o modules/core/trace_format.o modules/core/utf8.o modules/core/strbuf.o
#include "repl/live/run.h"
#include "core/signame.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_PID = 5000001, SLOTS = 32 };

/* Which of a file's parts are put right. */
enum { FIX_PAGE = 1, FIX_SEQ = 2, FIX_EVENT = 4, FIX_HEAD = 8, SAME_PROCESS = 16, CUT = 32, FIX_TEXT = 64 };

typedef struct File {
  TracePage page;
  char rest[TRACE_PAGE_SIZE - sizeof(TracePage)];
  TraceRecord records[SLOTS];
} File;

static const uint8_t *input;
static size_t left;
static int folder = -1;

/* ---- instead of /proc, names of signals and the place of a thread ---- */

bool scan_stat(int pid, int tid, ProcStat *stat) {
  (void)pid, (void)tid, (void)stat;
  return false;
}
int scan_order(uint64_t start, int pid, uint64_t other_start, int other_pid) {
  if (start != other_start) return start < other_start ? -1 : 1;
  return (pid > other_pid) - (pid < other_pid);
}
void scan_all(Scan *scan) { scan->works = true; }
void scan_foreign(Scan *scan, int pid) { (void)scan, (void)pid; }
void scan_familiar(Scan *scan, int pid) { (void)scan, (void)pid; }
void scan_settle(Scan *scan) { (void)scan; }
void scan_free(Scan *scan) { (void)scan; }
int scan_count_fds(int pid) { return pid & 0xff; }
int scan_full_pipe(int pid) { return pid % 3; }
void scan_sockets(int pid, ScanFd fn, void *ctx) { fn(ctx, 3, (uint64_t)pid); }
void net_read(Net *net) { (void)net; }
const NetSocket *net_find(const Net *net, uint64_t inode) {
  (void)net, (void)inode;
  return NULL;
}
void net_free(Net *net) { (void)net; }
int net_holder(uint64_t inode, char *name, size_t size) {
  (void)inode, (void)name, (void)size;
  return 0;
}
void place_update(Run *run, RunThread *t) { (void)run, (void)t; }
const char *signal_name(int number) { return number == 9 ? "SIGKILL" : NULL; }

/* ---- files ---- */

static uint8_t take_byte(void) {
  if (!left) return 0;
  left--;
  return *input++;
}

static void take_bytes(void *to, size_t size) {
  size_t n = left < size ? left : size;
  memcpy(to, input, n);
  input += n;
  left -= n;
}

static void fix(File *f, int k, unsigned how) {
  int pid = FIRST_PID + (how & SAME_PROCESS ? 0 : k);
  if (how & FIX_PAGE) {
    memcpy(f->page.magic, TRACE_MAGIC, 8);
    f->page.record_size = sizeof(TraceRecord);
    f->page.capacity = 1 + f->page.capacity % SLOTS;
    f->page.pid = pid;
    f->page.tid = FIRST_PID + k;
    f->page.start = 100;
  }
  if (how & FIX_HEAD) f->page.head %= 3 * SLOTS;
  for (uint64_t i = 0; i < SLOTS; i++) {
    TraceRecord *r = &f->records[i];
    uint32_t capacity = f->page.capacity ? f->page.capacity : 1;
    uint64_t head = f->page.head, turn = head > i ? (head - i - 1) / capacity : 0;
    if (how & FIX_SEQ) r->seq = (uint32_t)(turn * capacity + i + 1);
    if (how & FIX_EVENT) r->event = (uint8_t)(1 + r->event % TRACE_EVENT_COUNT);
    if (how & FIX_TEXT) r->text_len %= TRACE_TEXT;
  }
}

/* Repeats what the input has for it, so that few bytes make many records. */
static void fill(File *f) {
  uint8_t some[256] = { 0 };
  size_t n = 1 + take_byte();
  take_bytes(some, n);
  for (size_t i = 0; i < sizeof f->records; i++) ((uint8_t *)f->records)[i] = some[i % n];
}

static void put(int k) {
  static File f;
  char name[64];
  unsigned how = take_byte();
  size_t size = sizeof f;
  memset(&f, 0, sizeof f);
  take_bytes(&f.page, take_byte() * 8u);
  take_bytes(&f.page.head, 8);
  fill(&f);
  fix(&f, k, how);
  snprintf(name, sizeof name, "%d.100.%d.ring", FIRST_PID + (how & SAME_PROCESS ? 0 : k), FIRST_PID + k);
  if (how & CUT) size = (size_t)take_byte() * 64 % (sizeof f + 1);
  int fd = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (fd < 0 || write(fd, &f, size) != (ssize_t)size) abort();
  close(fd);
}

static void empty_folder(void) {
  for (int k = 0; k < 3; k++) {
    char name[64];
    snprintf(name, sizeof name, "%d.100.%d.ring", FIRST_PID + k, FIRST_PID + k);
    unlinkat(folder, name, 0);
    snprintf(name, sizeof name, "%d.100.%d.ring", FIRST_PID, FIRST_PID + k);
    unlinkat(folder, name, 0);
  }
}

/* ---- the model is asked for all that it has ---- */

static void require(bool good) {
  if (!good) abort();
}

static void read_all(const Model *m) {
  char text[96], word[24];
  for (uint64_t n = m->first; n < m->count; n++) {
    const LiveRecord *rec = model_record(m, n);
    require(rec && rec->proc);
    records_words(rec, text, sizeof text);
    const LiveRecord *mate = rec->mate == UINT64_MAX ? NULL : model_record(m, rec->mate);
    require(!mate || (mate->mate == n && mate->r.t == rec->mate_t));
  }
  for (LiveProc *p = m->procs; p; p = p->next) {
    require(strlen(p->role) < sizeof p->role && strlen(p->name) < sizeof p->name && strlen(p->last) < sizeof p->last);
    for (LiveThread *t = p->threads; t; t = t->next) {
      require(t->proc == p && strlen(t->role) < sizeof t->role && t->pool_size <= TRACE_POOL);
      for (int i = 0; i < TRACE_STRIP; i++) require(t->strip[i] <= TRACE_BUSY_BLOCKED);
    }
  }
  memset(word, 0, sizeof word);
  take_bytes(word, take_byte() % sizeof word);
  word[sizeof word - 1] = '\0';
  (void)model_find(m, word, NULL, text, sizeof text);
}

/* Nothing grows beyond what it may, whatever the files say. */
static void check_bounds(const Run *run) {
  size_t procs = 0, threads = 0, channels = 0, names = 0;
  for (const LiveProc *p = run->m.procs; p; p = p->next) {
    procs++;
    for (const LiveThread *t = p->threads; t; t = t->next) threads++;
    require(((const RunProc *)p)->naccepts <= 256);
  }
  for (const LiveChannel *ch = run->m.channels; ch; ch = ch->next) channels++;
  for (int i = 0; i < RUN_BUCKETS; i++)
    for (const RunName *n = run->refused[i]; n; n = n->next) names++;
  require(procs == run->m.nprocs && procs <= run->most.procs);
  require(threads <= run->most.rings && channels <= run->most.channels && names <= run->most.names);
  require(run->batch.space <= 4096 && run->letters <= procs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static char path[] = "/tmp/moonfork-fuzz-XXXXXX";
  static const char *shared = "/dev/shm/moonfork-fuzz-ring";
  int err;
  if (folder < 0) {
    struct stat st;
    const char *dir = stat("/dev/shm", &st) == 0 && (mkdir(shared, 0700) == 0 || stat(shared, &st) == 0) ? shared : mkdtemp(path);
    if (!dir || (folder = open(dir, O_RDONLY | O_DIRECTORY)) < 0) abort();
  }
  input = data;
  left = size;
  empty_folder();
  unsigned count = 1 + take_byte() % 3;
  Run *run = run_new(folder, "", &err);
  if (!run) abort();
  run->in_folder = false; /* no letters are kept from one input to the next */
  bool little = take_byte() & 1;
  if (little) run->most = (RunMost){ .procs = 6, .rings = 2, .channels = 4, .names = 1 };
  for (int look = 0; look < 2; look++) {
    for (unsigned k = 0; k < count; k++) put((int)k);
    run->dir_again = true;
    run_gather(run, true);
    run_apply(run);
    read_all(&run->m);
    check_bounds(run);
  }
  run_free(run);
  return 0;
}
