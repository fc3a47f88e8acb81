/* SPDX-License-Identifier: MIT */
/* ring.c - see ring.h.
 *
 * A record may be written over while it is copied. The writer fills record n's place again only when head
 * is n + capacity, so one look at head after the copy tells what may be mixed; and `seq`, which is taken
 * away first and written last, tells what was never finished. */
#include "ring.h"
#include "../../modules/core/utf8.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 256, LOWEST_FD = 200, HEAD_BITS = 48 };

/* ---- texts ---- */

static bool harmless(uint32_t cp) { return cp >= 0xa0; }

void ring_clean(char *text, size_t len) {
  for (size_t i = 0; i < len;) {
    unsigned char c = (unsigned char)text[i];
    uint32_t cp = 0;
    if (c < 0x80) {
      if ((c && c < ' ') || c == 127) text[i] = ' ';
      i++;
      continue;
    }
    int n = utf8_decode(text + i, len - i, &cp);
    if (n > 0 && !harmless(cp)) memset(text + i, ' ', (size_t)n);
    if (n == 0) text[i] = '?';
    i += n > 0 ? (size_t)n : 1;
  }
}

/* A text that was cut inside a character loses the rest of it, so it does not end in '?'. */
static void clean_text(char *text, size_t size) {
  text[size - 1] = '\0';
  size_t len = strlen(text);
  len -= utf8_incomplete_tail(text, len);
  text[len] = '\0';
  ring_clean(text, len);
}

static void clean_page(TracePage *page) {
  clean_text(page->file, sizeof page->file);
  clean_text(page->role, sizeof page->role);
  clean_text(page->place.file, sizeof page->place.file);
  clean_text(page->place.fn, sizeof page->place.fn);
  clean_text(page->inside, sizeof page->inside);
  for (int i = 0; i < TRACE_POOL; i++) clean_text(page->pool[i].kind, sizeof page->pool[i].kind);
}

/* ---- opening ---- */

static bool take_number(const char **at, uint64_t most, uint64_t *number) {
  char *end;
  if (!isdigit((unsigned char)**at)) return false;
  errno = 0;
  *number = strtoull(*at, &end, 10);
  *at = end;
  return errno == 0 && *number <= most;
}

bool ring_parse_name(const char *name, int *pid, uint64_t *start, int *tid) {
  uint64_t p, t;
  if (strlen(name) >= RING_NAME) return false;
  if (!take_number(&name, INT32_MAX, &p) || *name++ != '.') return false;
  if (!take_number(&name, UINT64_MAX, start) || *name++ != '.') return false;
  if (!take_number(&name, INT32_MAX, &t) || strcmp(name, ".ring") != 0) return false;
  *pid = (int)p;
  *tid = (int)t;
  return p > 0 && t > 0;
}

/* A writer that ends cuts off what it has never used. */
static uint64_t least_size(const TracePage *page) {
  uint64_t used = page->head < page->capacity ? page->head : page->capacity;
  return TRACE_PAGE_SIZE + used * sizeof(TraceRecord);
}

static bool fits(const Ring *ring, const TracePage *page, uint64_t size) {
  return !memcmp(page->magic, TRACE_MAGIC, sizeof page->magic) && page->record_size == sizeof(TraceRecord) &&
         page->capacity > 0 && page->capacity <= RING_MOST_RECORDS &&
         least_size(page) <= size && page->pid == ring->pid &&
         page->tid == ring->tid && page->start == ring->start;
}

static bool read_page(int fd, TracePage *page) {
  if (pread(fd, page, sizeof *page, 0) != (ssize_t)sizeof *page) return false;
  clean_page(page);
  return true;
}

int ring_attach_fd(Ring *ring, int fd, const char *name) {
  struct stat st;
  int err = 0;
  *ring = (Ring){ .fd = fd };
  if (!ring_parse_name(name, &ring->pid, &ring->start, &ring->tid)) err = -EINVAL;
  else if (fstat(fd, &st) != 0) err = -errno;
  else if (!S_ISREG(st.st_mode) || st.st_nlink > 1) err = -ELOOP;
  else if (st.st_uid != geteuid()) err = -EPERM;
  else if ((uint64_t)st.st_size > TRACE_PAGE_SIZE + (uint64_t)RING_MOST_RECORDS * sizeof(TraceRecord)) err = -EFBIG;
  else if (!read_page(fd, &ring->page) || !fits(ring, &ring->page, (uint64_t)st.st_size)) err = -EINVAL;
  if (err) {
    (void)close(fd);
    ring->fd = -1;
    ring->broken = true;
    return err;
  }
  (void)snprintf(ring->name, sizeof ring->name, "%s", name);
  ring->capacity = ring->page.capacity;
  return 0;
}

/* Above those that a script is used to see. */
static int move_high(int fd) {
  int high = fcntl(fd, F_DUPFD_CLOEXEC, LOWEST_FD);
  if (high < 0) return fd;
  (void)close(fd);
  return high;
}

static int open_file(int dirfd, const char *name) {
  return openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

int ring_attach(Ring *ring, int dirfd, const char *name, bool keep) {
  int fd = open_file(dirfd, name), err;
  if (fd < 0) return -errno;
  if ((err = ring_attach_fd(ring, fd, name)) != 0) return err;
  ring->keep = keep;
  if (keep) ring->fd = move_high(fd);
  else ring_detach(ring);
  return 0;
}

void ring_detach(Ring *ring) {
  if (ring->fd >= 0) (void)close(ring->fd);
  ring->fd = -1;
}

/* ---- looking ---- */

static bool read_head(int fd, uint64_t *head) {
  return pread(fd, head, sizeof *head, (off_t)offsetof(TracePage, head)) == (ssize_t)sizeof *head &&
         *head >> HEAD_BITS == 0;
}

/* One record that was copied while head went to `after`. */
static void judge(Ring *ring, TraceRecord *r, uint64_t number, uint64_t after, RingTake take, void *ctx) {
  if (after >= number + ring->capacity) {
    ring->lost++;
  } else if (r->seq != (uint32_t)(number + 1) || r->event == TRACE_NONE || r->event >= TRACE_EVENT_COUNT) {
    ring->torn++;
  } else {
    if (r->text_len > TRACE_TEXT) r->text_len = TRACE_TEXT;
    memset(r->text + r->text_len, 0, (size_t)(TRACE_TEXT - r->text_len));
    ring_clean(r->text, r->text_len);
    take(ctx, r);
  }
}

/* Up to CHUNK records from ring->next on, at most up to head. False: the file is not what it was. */
static bool read_chunk(Ring *ring, int fd, uint64_t head, RingTake take, void *ctx) {
  TraceRecord records[CHUNK];
  uint64_t at = ring->next % ring->capacity, n = head - ring->next, after;
  if (n > CHUNK) n = CHUNK;
  if (n > ring->capacity - at) n = ring->capacity - at;
  off_t where = (off_t)(TRACE_PAGE_SIZE + at * sizeof(TraceRecord));
  if (pread(fd, records, n * sizeof *records, where) != (ssize_t)(n * sizeof *records)) return false;
  atomic_thread_fence(memory_order_acquire);
  if (!read_head(fd, &after) || after < head) return false;
  for (uint64_t i = 0; i < n; i++) judge(ring, &records[i], ring->next + i, after, take, ctx);
  ring->next += n;
  return true;
}

static bool look(Ring *ring, int fd, RingTake take, void *ctx) {
  TracePage page;
  if (!read_page(fd, &page)) return false;
  uint64_t head = page.head;
  bool same = page.capacity == ring->capacity && page.pid == ring->pid && page.tid == ring->tid;
  if (!same || head >> HEAD_BITS || head < ring->next) return false;
  memcpy(&ring->page, &page, sizeof page);
  if (!take) return true;
  if (head - ring->next >= ring->capacity) { /* the oldest place may be written again just now */
    uint64_t oldest = head - ring->capacity + 1;
    if (!ring->history) ring->lost += oldest - ring->next;
    ring->next = oldest;
  }
  ring->history = false;
  while (ring->next < head)
    if (!read_chunk(ring, fd, head, take, ctx)) return false;
  return true;
}

size_t ring_look(Ring *ring, int dirfd, RingTake take, void *ctx) {
  uint64_t before = ring->next;
  if (ring->broken) return 0;
  int fd = ring->fd >= 0 ? ring->fd : open_file(dirfd, ring->name);
  if (fd < 0) {
    ring->broken = errno != EMFILE && errno != ENFILE && errno != ENOMEM;
    return 0;
  }
  if (!look(ring, fd, take, ctx)) ring->broken = true;
  if (ring->broken || !ring->keep) {
    (void)close(fd);
    ring->fd = -1;
  }
  return (size_t)(ring->next - before);
}
