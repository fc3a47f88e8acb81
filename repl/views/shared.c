/* SPDX-License-Identifier: MIT */
/* shared.c - see shared.h. The file's name comes from another process: it is opened only inside the folder,
 * as an ordinary file, and read with pread. */
#include "shared.h"
#include "text.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_known(const SharedBlock *blocks, size_t count, const char *file) {
  for (size_t i = 0; i < count; i++)
    if (!strcmp(blocks[i].file, file)) return true;
  return false;
}

void shared_fill(SharedBlock *b, int fd) {
  struct stat st;
  size_t want = b->bytes <= 0 ? 0 : b->bytes < (int64_t)sizeof b->cell ? (size_t)b->bytes : sizeof b->cell;
  if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) return;
  ssize_t got = pread(fd, b->cell, want, 0);
  b->readable = got >= 0;
  b->count = got > 0 ? (int)((size_t)got / sizeof *b->cell) : 0;
}

static void read_cells(const Model *m, SharedBlock *b) {
  int dir = open(m->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (dir < 0) return;
  int fd = strchr(b->file, '/') ? -1 : openat(dir, b->file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  (void)close(dir);
  if (fd < 0) return;
  shared_fill(b, fd);
  (void)close(fd);
}

static void compare(SharedBlock *b, const SharedBlock *before, size_t had) {
  for (size_t i = 0; i < had; i++) {
    if (strcmp(before[i].file, b->file) != 0) continue;
    for (int c = 0; c < b->count && c < before[i].count; c++) b->changed[c] = b->cell[c] != before[i].cell[c];
  }
}

size_t shared_read(const Model *m, SharedBlock *blocks, const SharedBlock *before, size_t had) {
  size_t count = 0;
  for (uint64_t n = m->count; n > m->first && count < SHARED_BLOCKS; n--) {
    const LiveRecord *r = model_record(m, n - 1);
    char file[TRACE_TEXT + 1];
    if (r->r.event != TRACE_CELLS) continue;
    (void)text_of_record(&r->r, 0, file);
    if (!*file || is_known(blocks, count, file)) continue;
    SharedBlock *b = &blocks[count++];
    *b = (SharedBlock){ .proc = r->proc, .id = r->r.n[0], .bytes = r->r.n[1] };
    memcpy(b->file, file, sizeof b->file);
    if (b->bytes > 0) read_cells(m, b);
    compare(b, before, had);
  }
  return count;
}

/* ---- drawing ---- */

enum { INDEX = 5, CELL = 12 };

static void add_row(const SharedBlock *b, int from, int to, const ViewSize *size, StrBuf *out) {
  strbuf_addf(out, "%s%*d%s", view_style(size, STYLE_DIM), INDEX, from, view_style(size, STYLE_NONE));
  for (int i = from; i < to; i++) {
    strbuf_addf(out, "%s%*d%s", b->changed[i] ? view_style(size, STYLE_YELLOW) : "", CELL - 1, (int)b->cell[i],
                b->changed[i] ? "*" : " ");
    if (b->changed[i]) strbuf_adds(out, view_style(size, STYLE_NONE));
  }
  text_trim(out, 0);
  strbuf_addc(out, '\n');
}

/* One that is smaller than a cell. */
static void add_bytes(const SharedBlock *b, const ViewSize *size, StrBuf *out) {
  unsigned char byte[sizeof *b->cell];
  memcpy(byte, b->cell, sizeof byte);
  view_line(size, out, STYLE_BOLD, "SharedArrayBuffer %lld of %s, bytes 0 to %lld", (long long)b->id,
            b->proc ? text_name(b->proc).s : "?", (long long)b->bytes - 1);
  strbuf_addf(out, "%s%*d%s", view_style(size, STYLE_DIM), INDEX, 0, view_style(size, STYLE_NONE));
  for (int64_t i = 0; i < b->bytes; i++) strbuf_addf(out, "%*d", i ? 5 : CELL - 1, byte[i]);
  strbuf_addc(out, '\n');
}

static void add_block(const SharedBlock *b, const ViewSize *size, StrBuf *out) {
  int cells = (int)(b->bytes / 4 < SHARED_CELLS ? b->bytes / 4 : SHARED_CELLS), row = (size->columns - INDEX) / CELL;
  if (b->readable && b->bytes > 0 && b->bytes < (int64_t)sizeof *b->cell) {
    add_bytes(b, size, out);
    return;
  }
  row = row >= 8 ? 8 : row >= 4 ? 4 : row >= 2 ? 2 : 1;
  view_line(size, out, STYLE_BOLD, "SharedArrayBuffer %lld of %s, %lld bytes, as 32-bit cells 0 to %d", (long long)b->id,
            b->proc ? text_name(b->proc).s : "?", (long long)b->bytes, cells - 1);
  if (!b->readable) {
    view_line(size, out, STYLE_DIM, "  (its file is gone: nobody has it any more)");
    return;
  }
  for (int from = 0; from < b->count; from += row) add_row(b, from, from + row < b->count ? from + row : b->count, size, out);
}

void view_cells(const SharedBlock *blocks, size_t count, const ViewSize *size, StrBuf *out) {
  for (size_t i = count; i > 0; i--) add_block(&blocks[i - 1], size, out);
  if (!count) view_line(size, out, STYLE_NONE, "No process of this run has made a SharedArrayBuffer of up to 4 KiB.");
}
