/* SPDX-License-Identifier: MIT */
/* live_ring.c - the reader of rings: wrapped, torn, overwritten, cut, hostile. */
// objs: all
#include "rings.h"
#include "tap.h"

#include <errno.h>

typedef struct Taken {
  size_t count;
  int64_t numbers[64];
  TraceRecord last;
} Taken;

static void take(void *ctx, const TraceRecord *r) {
  Taken *taken = ctx;
  if (taken->count < 64) taken->numbers[taken->count++] = r->n[0];
  memcpy(&taken->last, r, sizeof *r);
}

static bool is_run(const Taken *t, int64_t from, int64_t to) {
  bool good = t->count == (size_t)(to - from + 1);
  for (size_t i = 0; good && i < t->count; i++) good = t->numbers[i] == from + (int64_t)i;
  return good;
}

static void names(void) {
  int pid, tid;
  uint64_t start;
  static const char *bad[] = { "", "x", "1.2.3", "1.2.3.ring.x", ".1.2.3.ring", "0.1.1.ring", "1.2.0.ring",
    "-1.2.3.ring", "1.2. 3.ring", "1..3.ring", "99999999999.1.1.ring", "1.99999999999999999999999.1.ring",
    "1.2.3.4.ring", "+1.2.3.ring", "../1.2.3.ring" };
  ok(ring_parse_name("12.345.67.ring", &pid, &start, &tid) && pid == 12 && start == 345 && tid == 67, "a name");
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    ok(!ring_parse_name(bad[i], &pid, &start, &tid), "no name: \"%s\"", bad[i]);
}

static void whole(void) {
  Forged f;
  Ring ring;
  Taken taken = { 0 };
  forge(&f, 10, 100, 10, FORGED_CAPACITY);
  for (int i = 1; i <= 5; i++) forge_record(&f, TRACE_USER_MARK, 1, i, 0, "hello");
  forge_write(&f);
  ok(ring_attach(&ring, rings_fd, forge_name(&f), true) == 0, "opened");
  ok(ring_look(&ring, rings_fd, take, &taken) == 5 && is_run(&taken, 1, 5), "five records");
  is_text(taken.last.text, "hello", "with their text");
  ok(ring_look(&ring, rings_fd, take, &taken) == 0, "nothing new");
  for (int i = 6; i <= 11; i++) forge_record(&f, TRACE_USER_MARK, 1, i, 0, "");
  forge_write(&f);
  taken.count = 0;
  ok(ring_look(&ring, rings_fd, take, &taken) == 6 && is_run(&taken, 6, 11), "over the end of the ring");
  for (int i = 12; i <= 31; i++) forge_record(&f, TRACE_USER_MARK, 1, i, 0, "");
  forge_write(&f);
  taken.count = 0;
  ring_look(&ring, rings_fd, take, &taken);
  ok(ring.lost + taken.count == 20, "each record is read or lost: %d and %d", (int)taken.count, (int)ring.lost);
  ok(taken.numbers[taken.count - 1] == 31 && is_run(&taken, 32 - (int64_t)taken.count, 31) && taken.count >= 7,
     "the newest are read");
  ring_detach(&ring);
}

static void history(void) {
  Forged f;
  Ring ring;
  Taken taken = { 0 };
  forge(&f, 11, 100, 11, FORGED_CAPACITY);
  for (int i = 1; i <= 50; i++) forge_record(&f, TRACE_USER_MARK, 1, i, 0, "");
  forge_write(&f);
  ok(ring_attach(&ring, rings_fd, forge_name(&f), false) == 0 && ring.fd < 0, "no descriptor is kept");
  ring.history = true;
  ring_look(&ring, rings_fd, take, &taken);
  ok(taken.count == 7 && ring.lost == 0, "what went before the first look is no loss");
}

static void torn(void) {
  Forged f;
  Ring ring;
  Taken taken = { 0 };
  forge(&f, 12, 100, 12, FORGED_CAPACITY);
  for (int i = 1; i <= 6; i++) forge_record(&f, TRACE_USER_MARK, 1, i, 0, "");
  f.records[1].seq = 0;
  f.records[2].seq = 77;
  f.records[3].event = TRACE_EVENT_COUNT;
  f.records[4].event = TRACE_NONE;
  forge_write(&f);
  ring_attach(&ring, rings_fd, forge_name(&f), true);
  ring_look(&ring, rings_fd, take, &taken);
  ok(taken.count == 2 && taken.numbers[0] == 1 && taken.numbers[1] == 6, "what is not whole is skipped");
  ok(ring.torn == 4 && ring.lost == 0, "and counted");
  ring_detach(&ring);
}

static void texts(void) {
  Forged f;
  Ring ring;
  Taken taken = { 0 };
  char text[] = "a\x1b[31m\x7f\xc2\x9b""x\xff\xc3\xa4\0b\n";
  ring_clean(text, sizeof text - 1);
  ok(memcmp(text, "a [31m   x?\xc3\xa4\0b ", sizeof text - 1) == 0, "control bytes and broken UTF-8 are harmless");
  forge(&f, 13, 100, 13, FORGED_CAPACITY);
  memset(f.page.role, 'r', sizeof f.page.role);
  memset(f.page.file, 0xe2, sizeof f.page.file);
  memset(f.page.inside, 7, sizeof f.page.inside);
  forge_record(&f, TRACE_USER_MARK, 1, 1, 0, "\x1b]0;bad\x07")->text_len = 255;
  forge_write(&f);
  ring_attach(&ring, rings_fd, forge_name(&f), true);
  ring_look(&ring, rings_fd, take, &taken);
  ok(strlen(ring.page.role) == sizeof ring.page.role - 1, "a text of the page ends");
  ok(ring.page.inside[0] == ' ' && ring.page.file[0] == '?', "and is clean");
  ok(taken.last.text_len == TRACE_TEXT && taken.last.text[0] == ' ', "so is that of a record");
  ring_detach(&ring);
}

/* Opens what `change` has made of a good ring. */
static int spoiled(void (*change)(Forged *f)) {
  Forged f;
  Ring ring;
  forge(&f, 14, 100, 14, FORGED_CAPACITY);
  char name[64];
  snprintf(name, sizeof name, "%s", forge_name(&f));
  change(&f);
  unlinkat(rings_fd, name, 0);
  int fd = openat(rings_fd, name, O_WRONLY | O_CREAT, 0600);
  if (write(fd, &f, TRACE_PAGE_SIZE + 8 * sizeof(TraceRecord)) < 0) abort();
  close(fd);
  int err = ring_attach(&ring, rings_fd, name, true);
  ring_detach(&ring);
  return err;
}

static void no_change(Forged *f) { (void)f; }
static void bad_magic(Forged *f) { f->page.magic[0] = 'm'; }
static void bad_size(Forged *f) { f->page.record_size = 64; }
static void no_capacity(Forged *f) { f->page.capacity = 0; }
static void unused(Forged *f) { f->page.capacity = 4096, f->page.head = 8; }
static void too_long(Forged *f) { f->page.capacity = f->page.head = 9; }
static void far_too_long(Forged *f) { f->page.capacity = UINT32_MAX; }
static void bad_pid(Forged *f) { f->page.pid = 1; }
static void bad_tid(Forged *f) { f->page.tid = -14; }
static void bad_start(Forged *f) { f->page.start = 1; }

static void pages(void) {
  ok(spoiled(no_change) == 0, "a good page");
  ok(spoiled(unused) == 0, "one whose unused rest was cut off");
  ok(spoiled(bad_magic) == -EINVAL, "another magic");
  ok(spoiled(bad_size) == -EINVAL, "another size of records");
  ok(spoiled(no_capacity) == -EINVAL && spoiled(too_long) == -EINVAL && spoiled(far_too_long) == -EINVAL,
     "a capacity that the file does not have");
  ok(spoiled(bad_pid) == -EINVAL && spoiled(bad_tid) == -EINVAL && spoiled(bad_start) == -EINVAL,
     "a page that does not fit the name");
}

static void files(void) {
  Ring ring;
  Forged f;
  forge(&f, 15, 100, 15, FORGED_CAPACITY);
  forge_write(&f);
  ok(symlinkat("15.100.15.ring", rings_fd, "16.100.16.ring") == 0 &&
       ring_attach(&ring, rings_fd, "16.100.16.ring", true) == -ELOOP, "a link is refused");
  ok(linkat(rings_fd, "15.100.15.ring", rings_fd, "17.100.17.ring", 0) == 0 &&
       ring_attach(&ring, rings_fd, "15.100.15.ring", true) == -ELOOP, "so is a file with two names");
  ok(mkfifoat(rings_fd, "18.100.18.ring", 0600) == 0 && ring_attach(&ring, rings_fd, "18.100.18.ring", true) == -ELOOP,
     "a fifo, without waiting for it");
  ok(ring_attach(&ring, rings_fd, "19.100.19.ring", true) == -ENOENT, "none");
  int fd = openat(rings_fd, "20.100.20.ring", O_WRONLY | O_CREAT, 0600);
  ok(ring_attach(&ring, rings_fd, "20.100.20.ring", true) == -EINVAL, "an empty file");
  ok(ftruncate(fd, 1ll << 33) == 0 && ring_attach(&ring, rings_fd, "20.100.20.ring", true) == -EFBIG, "a huge one");
  close(fd);
  unlinkat(rings_fd, "20.100.20.ring", 0);
}

/* A writer that goes mad after a good start. */
static void later(void) {
  Forged f;
  Ring ring;
  Taken taken = { 0 };
  forge(&f, 21, 100, 21, FORGED_CAPACITY);
  forge_record(&f, TRACE_USER_MARK, 1, 1, 0, "");
  static const uint64_t heads[] = { UINT64_MAX, 0, 1ull << 60 };
  for (size_t i = 0; i < 3; i++) {
    f.page.head = 1;
    forge_write(&f);
    ring_attach(&ring, rings_fd, forge_name(&f), true);
    ring_look(&ring, rings_fd, take, &taken);
    f.page.head = heads[i];
    forge_write(&f);
    ring_look(&ring, rings_fd, take, &taken);
    ok(ring.broken && ring.fd < 0, "head %llx: never looked at again", (unsigned long long)heads[i]);
  }
  f.page.head = 1;
  forge_write(&f);
  ring_attach(&ring, rings_fd, forge_name(&f), true);
  int fd = openat(rings_fd, forge_name(&f), O_WRONLY);
  if (ftruncate(fd, TRACE_PAGE_SIZE + 10) != 0) abort();
  ring_look(&ring, rings_fd, take, &taken);
  ok(ring.broken, "cut inside a record");
  close(fd);
}

int main(void) {
  rings_begin();
  names();
  whole();
  history();
  torn();
  texts();
  pages();
  files();
  later();
  rings_end();
  return tap_end();
}
