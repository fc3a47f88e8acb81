/* SPDX-License-Identifier: MIT */
/* transcript.c - see transcript.h. Entries lie one after the other in one buffer; output that follows
 * output is joined to it, so an escape sequence or a character is never cut by the way it was written. */
#include "transcript.h"
#include "../edit/bytes.h"
#include "../edit/cells.h"
#include "../whole.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MOST_KEPT = 4 << 20, LONGEST_CHUNK = 1 << 16 };

typedef struct Entry { /* lies before its bytes, not aligned */
  bool typed;
  size_t len;
  char where[24];
} Entry;

static struct {
  Bytes entries;
  size_t last;    /* where the newest entry begins */
  bool any;
  int dropped;    /* typed lines that are not kept any more */
  char *saved;    /* owned: the file of the last save */
} kept;

static Entry entry_at(size_t at) {
  Entry entry;
  memcpy(&entry, kept.entries.data + at, sizeof entry);
  return entry;
}

/* Halves what is kept, by whole entries. */
static void drop_oldest(void) {
  size_t at = 0;
  while (at < kept.last && kept.entries.len - at > MOST_KEPT / 2) {
    Entry entry = entry_at(at);
    kept.dropped += entry.typed;
    at += sizeof entry + entry.len;
  }
  bytes_drop(&kept.entries, at);
  kept.last -= at;
}

static void add(const char *where, bool typed, const char *data, size_t len) {
  Entry entry = { .typed = typed, .len = len };
  (void)snprintf(entry.where, sizeof entry.where, "%s", where ? where : "");
  if (kept.entries.len > MOST_KEPT) drop_oldest();
  kept.last = kept.entries.len;
  kept.any = true;
  bytes_add(&kept.entries, (const char *)&entry, sizeof entry);
  bytes_add(&kept.entries, data, len);
}

void transcript_line(const char *where, const char *text, size_t len) { add(where, true, text, len); }

void transcript_output(const char *data, size_t len) {
  Entry entry = kept.any ? entry_at(kept.last) : (Entry){ .typed = true };
  if (entry.typed || entry.len > LONGEST_CHUNK) {
    add(NULL, false, data, len);
    return;
  }
  entry.len += len;
  memcpy(kept.entries.data + kept.last, &entry, sizeof entry);
  bytes_add(&kept.entries, data, len);
}

void transcript_free(void) {
  bytes_free(&kept.entries);
  free(kept.saved);
  memset(&kept, 0, sizeof kept);
}

/* ---- Markdown ---- */

/* Adds the text without escapes and control bytes; a carriage return begins its line anew. */
static void add_plain(Bytes *out, const char *text, size_t len) {
  size_t line = out->len;
  for (size_t i = 0; i < len;) {
    unsigned char c = (unsigned char)text[i];
    size_t escape = c == '\033' ? cells_escape(text + i, len - i) : 0;
    if (c == '\r' && i + 1 < len && text[i + 1] != '\n' && text[i + 1] != '\r') out->len = line;
    else if (c == '\n' || c == '\t' || (c >= ' ' && c != 127)) bytes_char(out, (char)c);
    if (c == '\n') line = out->len;
    i += escape ? escape : 1;
  }
}

static size_t longest_ticks(const Bytes *text) {
  size_t most = 2, run = 0;
  for (size_t i = 0; i < text->len; i++) {
    run = text->data[i] == '`' ? run + 1 : 0;
    if (run > most) most = run;
  }
  return most;
}

/* A fenced block; the fence is longer than any in the text. */
static void add_block(Bytes *out, const char *kind, const Bytes *text) {
  size_t fence = longest_ticks(text) + 1;
  if (text->len == 0) return;
  bytes_fill(out, '`', fence);
  bytes_format(out, "%s\n", kind);
  bytes_add(out, text->data, text->len);
  if (text->data[text->len - 1] != '\n') bytes_char(out, '\n');
  bytes_fill(out, '`', fence);
  bytes_str(out, "\n\n");
}

static const char *kind_of(const Entry *entry, const char *text) {
  if (!entry->typed) return "text";
  text += strspn(text, " \t");
  return strchr(".?", *text) && strncmp(text, "..", 2) ? "text" : *text == '!' ? "sh" : "lua";
}

static void add_title(Bytes *out) {
  char when[64];
  time_t now = time(NULL);
  struct tm tm;
  (void)strftime(when, sizeof when, "%Y-%m-%d %H:%M", localtime_r(&now, &tm));
  bytes_format(out, "# A moonfork session\n\nSaved %s.\n\n", when);
  if (kept.dropped) bytes_format(out, "The first %d lines are not kept any more.\n\n", kept.dropped);
}

/* The line that asks for the transcript is not in it. */
static bool is_own(size_t at, const Entry *entry) {
  return at == kept.last && entry->typed;
}

static int compose(Bytes *out) {
  int lines = 0;
  Bytes text = { 0 }, joined = { 0 };
  add_title(out);
  for (size_t at = 0; at < kept.entries.len;) {
    Entry entry = entry_at(at);
    const char *data = kept.entries.data + at + sizeof entry;
    if (is_own(at, &entry)) break;
    joined.len = text.len = 0;
    bytes_add(&joined, data, entry.len);
    size_t next = at + sizeof entry + entry.len;
    while (!entry.typed && next < kept.entries.len) { /* output in several entries */
      Entry more = entry_at(next);
      if (more.typed) break;
      bytes_add(&joined, kept.entries.data + next + sizeof more, more.len);
      next += sizeof more + more.len;
    }
    add_plain(&text, joined.data, joined.len);
    if (*entry.where) bytes_format(out, "In %s:\n\n", entry.where);
    add_block(out, kind_of(&entry, bytes_cstr(&text)), &text);
    lines += entry.typed;
    at = next;
  }
  bytes_free(&text);
  bytes_free(&joined);
  return lines;
}

/* ---- the file ---- */

int transcript_save(const char *path) {
  bool again = kept.saved && !strcmp(kept.saved, path);
  int fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | (again ? O_TRUNC : O_EXCL), 0600);
  if (fd < 0) return -errno;
  Bytes text = { 0 };
  int lines = compose(&text), err = whole_write(fd, text.data, text.len);
  if (close(fd) != 0 && !err) err = -errno;
  bytes_free(&text);
  if (err) return err;
  if (!again) {
    free(kept.saved);
    kept.saved = strdup(path);
  }
  return lines;
}
