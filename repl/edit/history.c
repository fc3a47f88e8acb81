/* SPDX-License-Identifier: MIT */
/* history.c - the entries typed before: Up and Down, the suggestion, the file.
 *
 * The file is a line `#SECONDS` for each entry, then the entry's lines. A line of an
 * entry that looks like that gets a backslash in front. Every entry is appended with
 * one write under a lock, so that several prompts lose nothing; the file is rewritten,
 * shorter, only by a load that finds too many entries. */
#include "editor.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "rl.h"
#include "../whole.h"

enum { MOST_ENTRIES = 10000 };

static int entry_count(void) {
  return *rl.history_length;
}

static const char *entry_at(int i) {
  return rl.history_list()[i]->line;
}

/* ---- Up and Down ---- */

static void set_bytes(Bytes *b, const char *text) {
  b->len = 0;
  bytes_str(b, text);
}

static bool same_text(Bytes *b, const char *text) {
  return strcmp(bytes_cstr(b), text) == 0;
}

static void show_line(const char *text) {
  rl.replace_line(text, 1);
  *rl.point = *rl.end;
  *rl.mark = 0;
}

static void show_entry(Walk *walk, int at) {
  walk->at = at;
  set_bytes(&walk->recalled, entry_at(at));
  show_line(bytes_cstr(&walk->recalled));
}

/* The text typed so far selects the entries; an entry found by a search does not. */
static void walk_begin(Walk *walk) {
  int found = rl.where_history();
  walk->on = true;
  walk->at = entry_count();
  set_bytes(&walk->typed, *rl.line_buffer);
  set_bytes(&walk->prefix, *rl.line_buffer);
  if (found < entry_count() && !strcmp(entry_at(found), *rl.line_buffer)) {
    walk->at = found;
    walk->prefix.len = walk->typed.len = 0;
  }
}

static bool walk_goes_on(Walk *walk) {
  return walk->on && same_text(&walk->recalled, *rl.line_buffer);
}

static bool walk_matches(const Walk *walk, int at) {
  const char *line = entry_at(at);
  return strncmp(line, walk->prefix.data ? walk->prefix.data : "", walk->prefix.len) == 0 &&
         strcmp(line, *rl.line_buffer) != 0;
}

void history_up(void) {
  Walk *walk = &ed.history.walk;
  if (!walk_goes_on(walk)) walk_begin(walk);
  for (int at = walk->at - 1; at >= 0; at--) {
    if (!walk_matches(walk, at)) continue;
    show_entry(walk, at);
    return;
  }
  set_bytes(&walk->recalled, *rl.line_buffer);
}

void history_down(void) {
  Walk *walk = &ed.history.walk;
  if (!walk_goes_on(walk)) return;
  for (int at = walk->at + 1; at < entry_count(); at++) {
    if (!walk_matches(walk, at)) continue;
    show_entry(walk, at);
    return;
  }
  show_line(bytes_cstr(&walk->typed));
  walk->on = false;
}

void history_new_line(void) {
  ed.history.walk.on = false;
  rl.using_history();
}

const char *history_ghost(void) {
  const char *line = *rl.line_buffer;
  size_t len = (size_t)*rl.end;
  if (len == 0) return NULL;
  for (int at = entry_count() - 1; at >= 0; at--) {
    const char *entry = entry_at(at);
    if (entry[0] == line[0] && !strncmp(entry, line, len) && entry[len]) return entry + len;
  }
  return NULL;
}

/* ---- the file's text ---- */

/* A line `#SECONDS`, after any number of backslashes. */
static bool looks_like_time(const char *line, size_t len, size_t *slashes) {
  size_t at = 0, digits = 0;
  while (at < len && line[at] == '\\') at++;
  *slashes = at;
  if (at >= len || line[at++] != '#') return false;
  while (at + digits < len && line[at + digits] >= '0' && line[at + digits] <= '9') digits++;
  return digits > 0 && at + digits == len;
}

static void encode(Bytes *out, const char *text, size_t len, time_t when) {
  const char *end = text + len;
  bytes_format(out, "#%lld\n", (long long)when);
  for (const char *line = text; line <= end;) {
    const char *stop = memchr(line, '\n', (size_t)(end - line));
    size_t size = (size_t)((stop ? stop : end) - line), slashes;
    if (looks_like_time(line, size, &slashes)) bytes_char(out, '\\');
    bytes_add(out, line, size);
    bytes_char(out, '\n');
    line += size + 1;
  }
}

static bool is_blank(const char *text, size_t len) {
  for (size_t i = 0; i < len; i++)
    if (!strchr(" \t\n", text[i])) return false;
  return true;
}

typedef struct Decoder {
  Bytes entry;
  Bytes when; /* the line `#SECONDS` before it; empty if there was none */
  bool begun; /* the entry has a line already */
  size_t count;
} Decoder;

static void decoder_keep(Decoder *d) {
  if (!is_blank(d->entry.data, d->entry.len)) {
    rl.add_history(bytes_cstr(&d->entry));
    if (d->when.len) rl.add_history_time(bytes_cstr(&d->when));
    d->count++;
  }
  d->entry.len = 0;
  d->begun = false;
}

/* Adds the file's entries; returns how many it has. Lines before the first time are an
 * entry each, as other programs write them. */
static size_t decode(const Bytes *text) {
  Decoder d = { 0 };
  for (size_t at = 0; at < text->len;) {
    const char *line = text->data + at, *stop = memchr(line, '\n', text->len - at);
    size_t len = stop ? (size_t)(stop - line) : text->len - at, slashes;
    bool time = looks_like_time(line, len, &slashes);
    at += len + 1;
    if (d.begun && (d.when.len == 0 || (time && slashes == 0))) decoder_keep(&d);
    if (time && slashes == 0) {
      d.when.len = 0;
      bytes_add(&d.when, line, len);
      continue;
    }
    if (d.begun) bytes_char(&d.entry, '\n');
    bytes_add(&d.entry, line + (time ? 1 : 0), len - (time ? 1 : 0));
    d.begun = true;
  }
  decoder_keep(&d);
  bytes_free(&d.entry);
  bytes_free(&d.when);
  return d.count;
}

/* ---- the file ---- */

static int read_all(int fd, Bytes *text) {
  char data[65536];
  for (;;) {
    ssize_t n = read(fd, data, sizeof data);
    if (n == 0) return 0;
    if (n < 0 && errno != EINTR) return -errno;
    if (n > 0) bytes_add(text, data, (size_t)n);
  }
}

/* Opens and locks the file. Another prompt may replace it between the two. */
static int open_locked(const char *path, int flags) {
  for (;;) {
    struct stat mine, named;
    int err = 0, fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd < 0) return -errno;
    if (flock(fd, LOCK_EX) < 0 || fstat(fd, &mine) < 0 || stat(path, &named) < 0) err = errno;
    if (!err && mine.st_ino == named.st_ino && mine.st_dev == named.st_dev) return fd;
    close(fd);
    if (err && err != EINTR && err != ENOENT) return -err;
  }
}

/* The newest entries, in a new file put in the old one's place while that is locked. */
static int rewrite(const char *path) {
  Bytes text = { 0 };
  HIST_ENTRY **list = rl.history_list();
  int first = entry_count() > MOST_ENTRIES ? entry_count() - MOST_ENTRIES : 0;
  for (int i = first; i < entry_count(); i++) {
    const char *when = list[i]->timestamp;
    encode(&text, list[i]->line, strlen(list[i]->line),
           when && *when ? (time_t)strtoll(when + 1, NULL, 10) : time(NULL));
  }
  int err = whole_replace(path, text.data, text.len);
  bytes_free(&text);
  return err;
}

static int load(const char *path) {
  Bytes text = { 0 };
  int fd = open_locked(path, O_RDONLY);
  if (fd == UV_ENOENT) return 0;
  if (fd < 0) return fd;
  int err = read_all(fd, &text);
  rl.stifle_history(MOST_ENTRIES);
  if (!err && decode(&text) > MOST_ENTRIES) err = rewrite(path);
  close(fd);
  bytes_free(&text);
  return err;
}

int ed_history_load(const char *path) {
  char *copy = strdup(path);
  if (!copy) return UV_ENOMEM;
  free(ed.history.path);
  ed.history.path = copy;
  rl.clear_history();
  int err = load(path);
  rl.using_history();
  return err;
}

const char *ed_history_path(void) {
  return ed.history.path;
}

static int append(const char *path, const char *text, size_t len) {
  Bytes out = { 0 };
  char last = '\n';
  int err = whole_folders(path);
  if (err) return err;
  int fd = open_locked(path, O_RDWR | O_APPEND | O_CREAT);
  if (fd < 0) return fd;
  off_t size = lseek(fd, 0, SEEK_END);
  if (size > 0 && pread(fd, &last, 1, size - 1) < 0) last = '\n';
  if (last != '\n') bytes_char(&out, '\n'); /* a write that a full disk has cut */
  encode(&out, text, len, time(NULL));
  err = whole_write(fd, out.data, out.len);
  close(fd);
  bytes_free(&out);
  return err;
}

int ed_history_append(const char *text, size_t len) {
  Bytes entry = { 0 };
  int err = 0, count = entry_count();
  bytes_add(&entry, text, len);
  const char *line = bytes_cstr(&entry);
  bool known = count > 0 && !strcmp(entry_at(count - 1), line);
  if (!is_blank(line, strlen(line)) && !known) {
    rl.add_history(line);
    rl.using_history();
    if (ed.history.path) err = append(ed.history.path, line, strlen(line));
  }
  bytes_free(&entry);
  return err;
}

void history_free(void) {
  Walk *walk = &ed.history.walk;
  free(ed.history.path);
  ed.history.path = NULL;
  bytes_free(&walk->prefix);
  bytes_free(&walk->typed);
  bytes_free(&walk->recalled);
  *walk = (Walk){ 0 };
}
