/* SPDX-License-Identifier: MIT */
/* progress.c - see progress.h. */
#include "progress.h"
#include "../whole.h"
#include "../../modules/core/strbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const marks[] = { "new", "begun", "skipped", "done" };

/* ---- the file ---- */

char *progress_path(void) {
  const char *own = getenv("MOONFORK_PROGRESS"), *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
  char *path = NULL;
  int len = own && *own             ? asprintf(&path, "%s", own)
            : state && *state == '/' ? asprintf(&path, "%s/moonfork/progress", state)
            : home && *home          ? asprintf(&path, "%s/.local/state/moonfork/progress", home)
                                     : -1;
  if (len < 0) return NULL;
  (void)whole_folders(path); /* opening the file tells */
  return path;
}

/* ---- lines ---- */

static Entry *entry_of(Progress *p, const char *key, size_t len) {
  for (size_t i = 0; i < p->count; i++)
    if (!strncmp(p->list[i].key, key, len) && !p->list[i].key[len]) return &p->list[i];
  Entry *grown = realloc(p->list, (p->count + 1) * sizeof *grown);
  if (!grown) return NULL;
  p->list = grown;
  grown[p->count] = (Entry){ .key = strndup(key, len) };
  return grown[p->count].key ? &grown[p->count++] : NULL;
}

/* "\n" for a line end, "\\" for a backslash. */
static char *unescape(const char *text) {
  char *copy = strdup(text), *to = copy;
  for (const char *p = text; copy && *p; p++) {
    if (*p == '\\' && p[1]) *to++ = *++p == 'n' ? '\n' : *p;
    else *to++ = *p;
  }
  if (to) *to = '\0';
  return copy;
}

static void escape(StrBuf *out, const char *text) {
  for (; *text; text++) {
    if (*text == '\n') strbuf_adds(out, "\\n");
    else if (*text == '\\') strbuf_adds(out, "\\\\");
    else strbuf_addc(out, *text);
  }
}

static void read_fields(Entry *e, char *fields) {
  char *said = strstr(fields, " said=");
  if (said) {
    free(e->said);
    e->said = unescape(said + 6);
    *said = '\0';
  }
  for (char *word = strtok(fields, " "); word; word = strtok(NULL, " ")) {
    for (int i = 0; i < 4; i++)
      if (!strcmp(word, marks[i])) e->mark = (Mark)i;
    if (!strncmp(word, "tries=", 6)) e->tries = atoi(word + 6);
    else if (!strncmp(word, "hints=", 6)) e->hints = atoi(word + 6);
    else if (!strncmp(word, "shown=", 6)) e->shown = atoi(word + 6);
    else if (!strncmp(word, "right=", 6)) e->right = atoi(word + 6);
  }
}

static void read_line(Progress *p, char *line) {
  line[strcspn(line, "\r\n")] = '\0';
  size_t key = strcspn(line, " ");
  if (!strncmp(line, "at ", 3)) {
    free(p->at);
    p->at = strdup(line + 3);
  } else if (memchr(line, '/', key) && line[key]) {
    Entry *e = entry_of(p, line, key);
    if (e) read_fields(e, line + key);
  }
}

static int read_file(Progress *p, const char *path) {
  char *line = NULL;
  size_t size = 0;
  *p = (Progress){ 0 };
  FILE *f = fopen(path, "re");
  if (!f) return errno == ENOENT ? 0 : -errno;
  while (getline(&line, &size, f) >= 0) read_line(p, line);
  int err = feof(f) ? 0 : -EIO; /* what was not read must not be written over */
  free(line);
  (void)fclose(f);
  return err;
}

int progress_read(Progress *p) {
  char *path = progress_path();
  *p = (Progress){ 0 };
  if (!path) return -ENOENT;
  int err = read_file(p, path);
  free(path);
  return err;
}

void progress_free(Progress *p) {
  for (size_t i = 0; i < p->count; i++) free(p->list[i].key), free(p->list[i].said);
  free(p->list);
  free(p->at);
  *p = (Progress){ 0 };
}

const Entry *progress_find(const Progress *p, const char *chapter, const char *step) {
  size_t len = strlen(chapter);
  for (size_t i = 0; i < p->count; i++) {
    const char *key = p->list[i].key;
    if (!strncmp(key, chapter, len) && key[len] == '/' && !strcmp(key + len + 1, step)) return &p->list[i];
  }
  return NULL;
}

/* ---- changing ---- */

static void add_line(StrBuf *out, const Entry *e) {
  strbuf_addf(out, "%s %s tries=%d hints=%d shown=%d right=%d", e->key, marks[e->mark], e->tries, e->hints,
              e->shown, e->right);
  if (e->said) {
    strbuf_adds(out, " said=");
    escape(out, e->said);
  }
  strbuf_addc(out, '\n');
}

static int write_file(const Progress *p, const char *path) {
  StrBuf out;
  strbuf_init(&out);
  for (size_t i = 0; i < p->count; i++) add_line(&out, &p->list[i]);
  if (p->at) strbuf_addf(&out, "at %s\n", p->at);
  int err = out.failed ? -ENOMEM : whole_replace(path, out.p ? out.p : "", out.len);
  strbuf_free(&out);
  return err;
}

static int apply(const char *path, const char *key, const Change *c, bool here) {
  Progress p;
  int err = read_file(&p, path);
  Entry *e = err ? NULL : entry_of(&p, key, strlen(key));
  if (!err && !e) err = -ENOMEM;
  if (e) {
    if (c->mark > e->mark) e->mark = c->mark;
    e->tries += c->tries;
    e->hints += c->hints;
    e->shown += c->shown;
    e->right += c->right;
    if (c->said) free(e->said), e->said = strdup(c->said);
    if (here) free(p.at), p.at = strdup(key);
    err = write_file(&p, path);
  }
  progress_free(&p);
  return err;
}

int progress_change(const char *chapter, const char *step, const Change *change, bool here) {
  char *path = progress_path(), *lock = NULL, *key = NULL;
  int err = -ENOMEM, fd = -1;
  if (!path) return -ENOENT;
  if (asprintf(&lock, "%s.lock", path) < 0 || asprintf(&key, "%s/%s", chapter, step) < 0) goto done;
  fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0 || flock(fd, LOCK_EX) != 0) err = -errno;
  else err = apply(path, key, change, here);
done:
  if (fd >= 0) (void)close(fd);
  free(lock);
  free(key);
  free(path);
  return err;
}
