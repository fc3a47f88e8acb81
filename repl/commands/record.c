/* SPDX-License-Identifier: MIT */
/* record.c - see record.h.
 *
 * Each event goes out at once, so a file is good up to its last line whatever happens. A character that
 * is split between two writes waits for its rest. After a failed write nothing more is written. */
#include "record.h"
#include "../edit/cells.h"
#include "../edit/term.h"
#include "../whole.h"
#include "../../modules/core/strbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

enum { MOST_BYTES = 256 << 20 };

static struct {
  char *path; /* owned; NULL: nothing is recorded */
  int fd, err;
  bool taken; /* the file is that of the lesson which has opened this prompt */
  uint64_t start;
  size_t bytes;
  int rows, columns;
  char part[4]; /* the beginning of a character */
  size_t npart;
  pthread_mutex_t lock; /* of writing */
} rec = { .fd = -1, .lock = PTHREAD_MUTEX_INITIALIZER };

const char *record_path(void) { return rec.path; }

int record_error(void) { return rec.err; }

size_t record_bytes(void) { return rec.bytes; }

double record_seconds(void) { return (double)(uv_hrtime() - rec.start) / 1e9; }

/* ---- text ---- */

static void add_character(StrBuf *out, const char *text, size_t len) {
  unsigned char c = (unsigned char)*text;
  if (c == '"' || c == '\\') strbuf_addf(out, "\\%c", c);
  else if (c == '\n') strbuf_adds(out, "\\r\\n"); /* as the terminal's driver sends it on */
  else if (c == '\r') strbuf_adds(out, "\\r");
  else if (c < ' ' || c == 127) strbuf_addf(out, "\\u%04x", c);
  else strbuf_add(out, text, len);
}

/* A JSON string; bytes that are no UTF-8 become U+FFFD. */
static void add_string(StrBuf *out, const char *text, size_t len) {
  strbuf_addc(out, '"');
  while (len > 0) {
    int width;
    bool valid = true;
    size_t used = (unsigned char)*text < 128 ? 1 : cells_char(text, len, &width, &valid);
    if (used == 0) used = 1;
    bool ended = *text == '\r' && len > 1 && text[1] == '\n'; /* the line end brings its own */
    if (ended) text++, len--;
    if (valid) add_character(out, text, used);
    else strbuf_adds(out, "\xef\xbf\xbd");
    text += used;
    len -= used;
  }
  strbuf_addc(out, '"');
}

static void write_out(StrBuf *line) {
  if (line->failed) rec.err = -ENOMEM;
  else if (rec.bytes + line->len > MOST_BYTES) rec.err = -EFBIG;
  if (!rec.err) rec.err = whole_write(rec.fd, line->p, line->len);
  if (!rec.err) rec.bytes += line->len;
  strbuf_free(line);
}

static void write_event(char kind, const char *text, size_t len) {
  StrBuf line;
  strbuf_init(&line);
  strbuf_addf(&line, "[%.6f, \"%c\", ", record_seconds(), kind);
  add_string(&line, text, len);
  strbuf_adds(&line, "]\n");
  write_out(&line);
}

/* ---- events ---- */

static void check_size(void) {
  int rows, columns;
  char text[32];
  term_size(&rows, &columns);
  if (rows == rec.rows && columns == rec.columns) return;
  rec.rows = rows;
  rec.columns = columns;
  int len = snprintf(text, sizeof text, "%dx%d", columns, rows);
  write_event('r', text, (size_t)len);
}

static void record(const char *data, size_t len) {
  if (rec.fd < 0) return; /* it ended while this waited for the lock */
  char *joined = rec.err ? NULL : malloc(rec.npart + len);
  if (!joined) {
    if (!rec.err) rec.err = -ENOMEM;
    return;
  }
  check_size();
  memcpy(joined, rec.part, rec.npart);
  memcpy(joined + rec.npart, data, len);
  len += rec.npart;
  rec.npart = cells_unfinished(joined, len);
  if (rec.npart > sizeof rec.part) rec.npart = 0;
  memcpy(rec.part, joined + len - rec.npart, rec.npart);
  if (len > rec.npart) write_event('o', joined, len - rec.npart);
  free(joined);
}

/* Also on the thread of a view that has the screen. */
static void on_write(const char *data, size_t len) {
  int err = errno; /* the terminal's own write comes next */
  pthread_mutex_lock(&rec.lock);
  record(data, len);
  pthread_mutex_unlock(&rec.lock);
  errno = err;
}

void record_gap(void) {
  static const char text[] = "(a program that had the terminal is not recorded)\n";
  if (rec.path) on_write(text, sizeof text - 1);
}

/* ---- start and end ---- */

void record_write(const char *data, size_t len) {
  if (rec.path && len > 0) on_write(data, len);
}

static void write_header(void) {
  const char *names[] = { "TERM", "SHELL" };
  StrBuf line;
  strbuf_init(&line);
  term_size(&rec.rows, &rec.columns);
  strbuf_addf(&line, "{\"version\": 2, \"width\": %d, \"height\": %d, \"timestamp\": %lld, \"env\": {",
              rec.columns, rec.rows, (long long)time(NULL));
  for (size_t i = 0, shown = 0; i < sizeof names / sizeof *names; i++) {
    const char *value = getenv(names[i]);
    if (!value) continue;
    strbuf_addf(&line, "%s\"%s\": ", shown++ ? ", " : "", names[i]);
    add_string(&line, value, strlen(value));
  }
  strbuf_adds(&line, "}}\n");
  write_out(&line);
}

/* Opens the file for events at its end. */
static int open_file(const char *path, int how) {
  if (rec.path) return -EBUSY;
  char *copy = strdup(path);
  if (!copy) return -ENOMEM;
  int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | how, 0600);
  if (fd < 0) {
    int err = -errno;
    free(copy);
    return err;
  }
  rec.path = copy;
  rec.fd = fd;
  rec.err = 0;
  rec.bytes = rec.npart = 0;
  return 0;
}

int record_start(const char *path) {
  int err = open_file(path, O_CREAT | O_EXCL);
  if (err) return err;
  rec.start = uv_hrtime();
  rec.taken = false;
  write_header();
  term_set_tap(on_write);
  return 0;
}

/* ---- handing on ---- */

bool record_is_taken(void) { return rec.path && rec.taken; }

char *record_hand_on(void) {
  char *text;
  if (!rec.path || rec.err) return NULL;
  return asprintf(&text, "%llu %s", (unsigned long long)rec.start, rec.path) < 0 ? NULL : text;
}

/* The clock is the system's, so both count from the same moment. */
void record_take_on(void) {
  const char *text = getenv(RECORD_ENV);
  char *path = NULL;
  uint64_t start = text ? strtoull(text, &path, 10) : 0;
  if (path && *path == ' ' && open_file(path + 1, 0) == 0) {
    rec.start = start;
    rec.taken = true;
    rec.rows = rec.columns = 0; /* the size is told first */
    term_set_tap(on_write);
  }
  (void)unsetenv(RECORD_ENV);
}

void record_go_on(void) {
  off_t size = rec.path ? lseek(rec.fd, 0, SEEK_END) : 0;
  rec.bytes = size > 0 ? (size_t)size : rec.bytes;
  rec.rows = rec.columns = 0;
}

int record_stop(void) {
  if (!rec.path) return 0;
  term_set_tap(NULL);
  pthread_mutex_lock(&rec.lock); /* a view on another thread may be in the midst of a write */
  if (close(rec.fd) != 0 && !rec.err) rec.err = -errno;
  rec.fd = -1;
  pthread_mutex_unlock(&rec.lock);
  free(rec.path);
  rec.path = NULL;
  return rec.err;
}
