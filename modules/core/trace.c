/* SPDX-License-Identifier: MIT */
/* trace.c - the writer of a ring; see trace.h. trace_folder.c finds and makes the folder.
 *
 * The ring is mapped shared: what is written is in the file at once, whoever dies. A record is filled with
 * its number taken away, then gets the new one, then head moves: a reader that copies in between sees it. */
#include "trace.h"
#include "interrupt.h"
#include "trace_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct Trace {
  TracePage *page;       /* owns the mapping: page and records */
  TraceRecord *records;
  uint64_t head;         /* page->head, of which we are the only writer */
  uint64_t step;         /* ns, of the coarse clock */
  uint64_t mask;         /* capacity - 1, a power of two */
  uint64_t entered;      /* ns: when Lua was entered */
  uint64_t cpu, cpu_at;  /* the thread's CPU time, read now and then, and when */
  uint64_t slot_end;     /* ns: the strip's slot lasts so long, and has at least slot_kind */
  int slot_kind, channel; /* channel: the slot of the live channels that was used last */
  bool fresh;            /* nothing has happened yet in this turn */
  uint64_t memory;       /* ns: when it was told last */
  int kind;              /* TRACE_BUSY_*, of the turn that runs */
};

enum { LONG_TURN_MS = 10, BLOCKED_MS = 200, PLACE_MS = 10, MEMORY_MS = 250, CPU_MS = 5 };

_Static_assert((TRACE_RING_BYTES / sizeof(TraceRecord) & (TRACE_RING_BYTES / sizeof(TraceRecord) - 1)) == 0,
               "a ring holds a power of two of records");

static _Atomic bool previews = true, paused;

void trace_set_previews(bool on) { previews = on; }
bool trace_previews(void) { return previews; }

void trace_pause(bool off) { paused = off; }
bool trace_on(void) { return trace_dirfd() >= 0 && !paused; }

TracePage *trace_page(Trace *t) { return t->page; }

static uint64_t now_of(clockid_t clock) {
  struct timespec now;
  (void)clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* ---- opening ---- */

static void copy_text(char *to, size_t size, const char *from) {
  if (from) (void)snprintf(to, size, "%s", from);
}

/* Of a long path the end, which tells more. */
static const char *path_end(const char *path, size_t most) {
  size_t len = path ? strlen(path) : 0;
  return len > most ? path + len - most : path;
}

static void ring_name(char *name, size_t size, const char *before, int pid, long tid) {
  (void)snprintf(name, size, "%s%d.%llu.%ld.ring", before, pid, (unsigned long long)trace_start_time(), tid);
}

/* Makes the file with its room reserved: a write to the mapping can never fail for want of disk. The page
 * is complete before the file gets its name. 0 or a negative uv error. */
static int make_ring(Runtime *rt, const char *role, const char *file, TracePage **page, size_t bytes) {
  char name[96], draft[96];
  long tid = syscall(SYS_gettid);
  ring_name(name, sizeof name, "", (int)getpid(), tid);
  ring_name(draft, sizeof draft, ".", (int)getpid(), tid);
  if (trace_room(trace_dirfd()) < bytes) return UV_ENOSPC;
  int fd = openat(trace_dirfd(), draft, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600), err;
  if (fd < 0) return -errno;
  void *map = MAP_FAILED;
  if ((err = posix_fallocate(fd, 0, (off_t)bytes)) == 0) {
    map = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED) err = errno;
  }
  (void)close(fd);
  if (err == 0) {
    TracePage *p = *page = map;
    p->record_size = sizeof(TraceRecord);
    p->capacity = (uint32_t)((bytes - TRACE_PAGE_SIZE) / sizeof(TraceRecord));
    p->pid = (int32_t)getpid();
    p->tid = (int32_t)tid;
    p->thread_id = rt->thread_id;
    p->ppid = (int32_t)getppid();
    p->start = trace_start_time();
    p->opened = now_of(CLOCK_MONOTONIC);
    p->from_channel = rt->thread_id ? 0 : trace_parent_channel();
    copy_text(p->file, sizeof p->file, path_end(file, sizeof p->file - 1));
    copy_text(p->role, sizeof p->role, role);
    memcpy(p->magic, TRACE_MAGIC, sizeof p->magic);
    if (renameat(trace_dirfd(), draft, trace_dirfd(), name) == 0) return 0;
    err = errno;
    (void)munmap(map, bytes);
  }
  (void)unlinkat(trace_dirfd(), draft, 0);
  return -err;
}

/* The first record: a process or a thread begins. */
static void tell_start(Runtime *rt, const char *role, const char *file) {
  const TracePage *page = rt->trace->page;
  file = path_end(file, TRACE_TEXT - sizeof page->role);
  if (rt->thread_id) trace_add(rt->trace, TRACE_THR_START, (TraceArgs){ { rt->thread_id, rt->started_by } }, file, NULL);
  else trace_add(rt->trace, TRACE_PROC_START, (TraceArgs){ { page->ppid, (int64_t)page->from_channel } }, role, file);
}

static void tell_end(Runtime *rt) {
  if (rt->thread_id) trace_add(rt->trace, TRACE_THR_EXIT, (TraceArgs){ { rt->thread_id, rt->exit_code } }, NULL, NULL);
  else trace_add(rt->trace, TRACE_PROC_EXIT, (TraceArgs){ { rt->exit_code & 0xff } }, NULL, NULL);
}

void trace_open(Runtime *rt, const char *role, const char *file) {
  size_t bytes = TRACE_PAGE_SIZE + TRACE_RING_BYTES;
  if (!TRACE_BUILT || rt->trace || !trace_on()) return;
  Trace *t = calloc(1, sizeof *t);
  int err = t ? make_ring(rt, role, file, &t->page, bytes) : UV_ENOMEM;
  if (err) {
    static atomic_flag told = ATOMIC_FLAG_INIT;
    if (!atomic_flag_test_and_set(&told))
      (void)dprintf(2, "moonfork: not traced: %s: %s\n", trace_dir(), uv_strerror(err));
    free(t);
    return;
  }
  t->records = (TraceRecord *)((char *)t->page + TRACE_PAGE_SIZE);
  t->mask = t->page->capacity - 1;
  struct timespec step = { 0, LONG_TURN_MS * 1000000 };
  (void)clock_getres(CLOCK_MONOTONIC_COARSE, &step);
  t->step = (uint64_t)step.tv_sec * 1000000000u + (uint64_t)step.tv_nsec;
  rt->trace = t;
  interrupt_take_urgent(rt);
  tell_start(rt, role, file);
  if (rt->on_traced) rt->on_traced(rt);
}

/* Gives the room back that no record was written to: a run may have thousands of short processes. */
static void cut_file(const Trace *t) {
  char name[96];
  if (t->head >= t->page->capacity) return;
  ring_name(name, sizeof name, "", t->page->pid, t->page->tid);
  int fd = openat(trace_dirfd(), name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return;
  (void)!ftruncate(fd, (off_t)(TRACE_PAGE_SIZE + t->head * sizeof(TraceRecord)));
  (void)close(fd);
}

void trace_close(Runtime *rt) {
  Trace *t = rt->trace;
  if (!t) return;
  if (atomic_load_explicit(&t->page->busy_since, memory_order_relaxed)) trace_leave(t); /* terminated, or process.exit() */
  tell_end(rt);
  rt->trace = NULL;
  t->page->flags |= TRACE_PAGE_ENDED;
  cut_file(t);
  (void)munmap(t->page, TRACE_PAGE_SIZE + (size_t)t->page->capacity * sizeof(TraceRecord));
  free(t);
}

void trace_role(Trace *t, const char *role) {
  if (t && strcmp(t->page->role, "prompt") != 0) copy_text(t->page->role, sizeof t->page->role, role);
}

/* ---- records ---- */

static TraceRecord *begin_record(Trace *t, TraceEvent event, unsigned flags, const TraceArgs *args) {
  TraceRecord *r = &t->records[t->head & t->mask];
  atomic_store_explicit(&r->seq, 0, memory_order_relaxed);
  atomic_thread_fence(memory_order_release); /* what follows is not seen before the number is gone */
  r->event = (uint8_t)event;
  r->flags = (uint8_t)flags;
  r->level = (uint8_t)trace_events[event].level;
  memcpy(r->n, args->n, sizeof r->n);
  return r;
}

/* A message is told as the first thing of its turn: it came when that began, and the clock is not asked. */
static void end_record(Trace *t, TraceRecord *r, uint64_t when) {
  bool at_once = t->fresh && r->event == TRACE_IPC_RECV;
  t->fresh = false;
  r->t = when ? when : at_once ? t->entered : now_of(CLOCK_MONOTONIC);
  t->head++;
  atomic_store_explicit(&r->seq, (uint32_t)t->head, memory_order_release);
  atomic_store_explicit(&t->page->head, t->head, memory_order_release);
}

/* Cuts a UTF-8 text to at most so many bytes, not inside a character. */
static size_t cut(const char *bytes, size_t len, size_t most) {
  if (len <= most) return len;
  len = most;
  while (len > 0 && len + 4 > most && ((unsigned char)bytes[len] & 0xC0) == 0x80) len--;
  return len;
}

static void add_texts(Trace *t, TraceEvent event, unsigned flags, const TraceArgs *args, const char *text,
                      const char *text2, uint64_t when) {
  if (paused) return;
  TraceRecord *r = begin_record(t, event, flags, args);
  size_t len = 0;
  if (text) {
    len = cut(text, strnlen(text, TRACE_TEXT + 1), TRACE_TEXT);
    memcpy(r->text, text, len);
  }
  if (text2 && len + 1 < TRACE_TEXT) {
    size_t room = TRACE_TEXT - len - 1, more = cut(text2, strnlen(text2, room + 1), room);
    r->text[len] = '\0';
    memcpy(r->text + len + 1, text2, more);
    len += more + 1;
  }
  r->text_len = (uint8_t)len;
  end_record(t, r, when);
}

void trace_add(Trace *t, TraceEvent event, TraceArgs args, const char *text, const char *text2) {
  add_texts(t, event, 0, &args, text, text2, 0);
}

void trace_add_at(Trace *t, uint64_t when, TraceEvent event, TraceArgs args, const char *text) {
  add_texts(t, event, 0, &args, text, NULL, when);
}

void trace_add_flags(Trace *t, TraceEvent event, unsigned flags, TraceArgs args, const char *text) {
  add_texts(t, event, flags, &args, text, NULL, 0);
}

/* Copies with blanks for control bytes: eight bytes at a time, and once more byte by byte where there seem to
 * be any. */
static void copy_plain(char *to, const char *from, size_t len) {
  const uint64_t low = 0x2020202020202020u, high = 0x8080808080808080u;
  uint64_t word, found = len < sizeof word ? high : 0;
  for (size_t i = 0; i < len && len >= sizeof word; i += sizeof word) {
    size_t at = i + sizeof word <= len ? i : len - sizeof word;
    memcpy(&word, from + at, sizeof word);
    memcpy(to + at, &word, sizeof word);
    found |= (word - low) & ~word & high;
  }
  for (size_t i = 0; i < len && found; i++) to[i] = (unsigned char)from[i] < ' ' ? ' ' : from[i];
}

void trace_add_bytes(Trace *t, TraceEvent event, unsigned flags, TraceArgs args, const char *bytes, size_t len,
                     uint64_t when) {
  if (paused) return;
  size_t shown = previews ? cut(bytes, len, TRACE_TEXT) : 0;
  TraceRecord *r = begin_record(t, event, flags | (shown < len ? TRACE_CUT : 0), &args);
  copy_plain(r->text, bytes, shown);
  r->text_len = (uint8_t)shown;
  end_record(t, r, when);
}

/* ---- live state ---- */

int trace_ask_place(int pid, int tid) { return interrupt_ask(pid, tid, URGENT_PLACE, 0); }

bool trace_place_is_old(const Trace *t) {
  uint64_t last = atomic_load_explicit(&t->page->place.t, memory_order_relaxed);
  return now_of(CLOCK_MONOTONIC) - last >= PLACE_MS * 1000000ull;
}

/* The innermost function of Lua; C functions above it tell nothing. */
static bool find_place(lua_State *L, lua_Debug *ar) {
  for (int level = 0; lua_getstack(L, level, ar); level++)
    if (lua_getinfo(L, "Sln", ar) && ar->currentline > 0) return true;
  return false;
}

void trace_place(Trace *t, lua_State *L) {
  TracePlace *place = &t->page->place;
  lua_Debug ar;
  bool found = find_place(L, &ar);
  const char *file = !found ? "" : *ar.source == '@' || *ar.source == '=' ? ar.source + 1 : ar.short_src;
  const char *fn = !found ? "" : !strcmp(ar.what, "main") ? "main chunk" : ar.name ? ar.name : "";
  uint32_t seq = atomic_load_explicit(&place->seq, memory_order_relaxed);
  atomic_store_explicit(&place->seq, seq + 1, memory_order_relaxed);
  atomic_thread_fence(memory_order_release);
  place->line = found ? ar.currentline : 0;
  copy_text(place->file, sizeof place->file, path_end(file, sizeof place->file - 1));
  copy_text(place->fn, sizeof place->fn, fn);
  atomic_store_explicit(&place->t, now_of(CLOCK_MONOTONIC), memory_order_relaxed);
  atomic_store_explicit(&place->seq, seq + 2, memory_order_release);
}

static void mark_strip(Trace *t, uint64_t now, int kind) {
  if (now < t->slot_end && kind <= t->slot_kind) return; /* as most turns of a busy loop */
  TracePage *page = t->page;
  uint64_t slot = now / (TRACE_STRIP_MS * 1000000ull), last = page->strip_last;
  if (slot > last) {
    uint64_t from = slot - last >= TRACE_STRIP ? slot - TRACE_STRIP + 1 : last + 1;
    for (uint64_t i = from; i <= slot; i++) page->strip[i % TRACE_STRIP] = TRACE_BUSY_IDLE;
    page->strip_last = slot;
  }
  uint8_t *cell = &page->strip[slot % TRACE_STRIP];
  if (*cell < kind) *cell = (uint8_t)kind;
  t->slot_end = (slot + 1) * (TRACE_STRIP_MS * 1000000ull);
  t->slot_kind = *cell;
}

void trace_enter(Trace *t, int kind) {
  t->entered = now_of(CLOCK_MONOTONIC);
  t->kind = kind;
  t->fresh = true;
  if (t->entered - t->cpu_at > CPU_MS * 1000000ull) {
    t->cpu_at = t->entered;
    t->cpu = now_of(CLOCK_THREAD_CPUTIME_ID);
  }
  t->page->inside[0] = '\0'; /* an error may have left it */
  uint32_t turns = atomic_load_explicit(&t->page->turns, memory_order_relaxed);
  atomic_store_explicit(&t->page->turns, turns + 1, memory_order_relaxed);
  atomic_store_explicit(&t->page->busy_since, t->entered, memory_order_release);
}

/* A turn that took long is told, with the thread's own CPU time: reading that clock costs a system call, so
 * it was read at the beginning of this turn or of one that began less than CPU_MS before. */
static void tell_long(Trace *t, uint64_t now, uint64_t took) {
  uint64_t cpu = now_of(CLOCK_THREAD_CPUTIME_ID);
  TraceArgs args = { { (int64_t)took, (int64_t)(cpu - t->cpu < took ? cpu - t->cpu : took) } };
  bool blocked = took >= BLOCKED_MS * 1000000ull;
  t->slot_end = 0;
  for (uint64_t at = t->entered; at < now; at += TRACE_STRIP_MS * 1000000ull)
    mark_strip(t, at, blocked ? TRACE_BUSY_BLOCKED : TRACE_BUSY_LONG);
  if (blocked) {
    const TracePlace *place = &t->page->place;
    bool fresh = place->t >= t->entered;
    args.n[2] = fresh ? place->line : 0;
    add_texts(t, TRACE_LOOP_BLOCK, 0, &args, fresh ? place->file : NULL, fresh ? place->fn : NULL, now);
  } else {
    add_texts(t, TRACE_LOOP_TURN, 0, &args, NULL, NULL, now);
  }
}

/* The coarse clock is behind by one of its steps at most and costs a tenth: it says whether a turn may have
 * been long at all. */
static uint64_t leave_time(const Trace *t) {
  uint64_t coarse = now_of(CLOCK_MONOTONIC_COARSE);
  return coarse + t->step < t->entered + LONG_TURN_MS * 1000000ull ? coarse : now_of(CLOCK_MONOTONIC);
}

void trace_leave(Trace *t) {
  uint64_t now = leave_time(t), took = now > t->entered ? now - t->entered : 0;
  mark_strip(t, now, t->kind);
  if (took >= LONG_TURN_MS * 1000000ull) tell_long(t, now, took);
  atomic_store_explicit(&t->page->busy_since, 0, memory_order_release);
}

void trace_kind(Trace *t, int kind) { t->kind = kind; }

bool trace_memory_due(Trace *t) {
  bool due = t->entered - t->memory >= MEMORY_MS * 1000000ull;
  if (due) t->memory = t->entered;
  return due;
}

void trace_inside(Trace *t, const char *function) {
  char *inside = t->page->inside;
  size_t len = function ? strnlen(function, sizeof t->page->inside - 1) : 0;
  if (function && *inside) return;
  inside[len] = '\0';
  if (function) memcpy(inside, function, len);
}

/* Where the channel is shown, or may be: a slot that is free, or of one that is closed. -1: nowhere. */
static int channel_slot(const Trace *t, uint64_t id) {
  const TracePage *page = t->page;
  int spare = -1;
  if (page->channels[t->channel].id == id) return t->channel;
  for (int i = 0; i < TRACE_CHANNELS; i++) {
    if (page->channels[i].id == id) return i;
    if (spare < 0 && (page->channels[i].id == 0 || !page->channels[i].open)) spare = i;
  }
  return spare;
}

void trace_channel(Trace *t, uint64_t id, unsigned in, unsigned out, unsigned waiting, bool open) {
  TracePage *page = t->page;
  int i = channel_slot(t, id);
  if (i < 0) return;
  t->channel = i;
  if (page->channels[i].id != id) page->channels[i].id = 0; /* not half the one and half the other */
  atomic_store_explicit(&page->channels[i].in, in, memory_order_relaxed);
  atomic_store_explicit(&page->channels[i].out, out, memory_order_relaxed);
  atomic_store_explicit(&page->channels[i].waiting, waiting, memory_order_relaxed);
  atomic_store_explicit(&page->channels[i].open, open, memory_order_relaxed);
  atomic_store_explicit(&page->channels[i].id, id, memory_order_release);
}

static _Atomic uint32_t channels_made;

uint64_t trace_channel_id(void) {
  return (uint64_t)(uint32_t)getpid() << 24 | (++channels_made & 0xffffff);
}
