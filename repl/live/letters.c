/* SPDX-License-Identifier: MIT */
/* letters.c - A, B, ... Z, AA, ... for the processes of a run: the same for everyone who looks, for good.
 *
 * They follow the start of the processes. Who looks for the first time finds the rings of all, also of those
 * that have ended. But two that look at different times may see a ring that appears late, behind one that
 * started later, in different orders; so what is given is written down in the folder, in a file that only
 * grows: entry n has the letter n. It is locked while one reads what others gave, and adds. Without the
 * file (a folder that cannot be written) each look gives them by start alone. */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define LETTERS_FILE "letters"

enum { MOST_LETTERS = 1 << 20, LOCK_TRIES = 50 };

typedef struct Entry { int64_t pid; uint64_t start; } Entry;

void letters_text(size_t index, char letter[LIVE_LETTER]) {
  char turned[LIVE_LETTER];
  size_t len = 0;
  for (size_t n = index + 1; n > 0 && len < LIVE_LETTER - 1; n = (n - 1) / 26) turned[len++] = (char)('A' + (n - 1) % 26);
  for (size_t i = 0; i < len; i++) letter[i] = turned[len - 1 - i];
  letter[len] = '\0';
}

/* The file, locked; -1: there is none to be had. */
static int open_letters(Run *run) {
  struct stat st;
  int fd = openat(run->dirfd, LETTERS_FILE, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
  if (fd < 0) return -1;
  bool good = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
              (uint64_t)st.st_size <= MOST_LETTERS * sizeof(Entry);
  for (int i = 0; good && flock(fd, LOCK_EX | LOCK_NB) != 0; i++) {
    if (errno != EWOULDBLOCK || i == LOCK_TRIES) good = false;
    else (void)poll(NULL, 0, 1);
  }
  if (good) return fd;
  (void)close(fd);
  return -1;
}

static void set(RunProc *p, size_t index) {
  if (!*p->pub.letter) letters_text(index, p->pub.letter);
}

static void read_given(Run *run, int fd, RunProc **procs, size_t count) {
  Entry entries[256];
  ssize_t n;
  do {
    n = pread(fd, entries, sizeof entries, (off_t)(run->letters * sizeof *entries)) / (ssize_t)sizeof *entries;
    for (ssize_t e = 0; e < n; e++, run->letters++)
      for (size_t i = 0; i < count; i++)
        if (procs[i]->pub.pid == entries[e].pid && procs[i]->pub.start == entries[e].start)
          set(procs[i], run->letters);
  } while (n > 0);
}

void letters_give(Run *run, RunProc **procs, size_t count) {
  int fd = run->in_folder ? open_letters(run) : -1;
  if (fd < 0) run->in_folder = false;
  else run->letters = 0, read_given(run, fd, procs, count);
  for (size_t i = 0; i < count; i++) {
    if (*procs[i]->pub.letter) continue;
    Entry entry = { procs[i]->pub.pid, procs[i]->pub.start };
    size_t at = run->letters++;
    if (fd >= 0 && pwrite(fd, &entry, sizeof entry, (off_t)(at * sizeof entry)) != (ssize_t)sizeof entry)
      run->in_folder = false;
    set(procs[i], at);
  }
  if (fd >= 0) (void)close(fd);
}
