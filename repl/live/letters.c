/* SPDX-License-Identifier: MIT */
/* letters.c - A, B, ... Z, AA, ... for the processes of a run: the same for everyone who looks, for good.
 *
 * They follow the start of the processes. Who looks for the first time finds the rings of all, also of those
 * that have ended. But two that look at different times may see a ring that appears late, behind one that
 * started later, in different orders; so what is given is written down in the folder, in a file that only
 * grows: entry n has the letter n. It is locked while one reads what others gave, and adds. Who does not get
 * the lock soon asks again at the next look: a process may be without a letter for a while, never with one
 * that others do not know. Only where there can be no file (a folder that cannot be written) each look gives
 * them by start alone. */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define LETTERS_FILE "letters"

enum { MOST_LETTERS = 1 << 17, LOCK_TRIES = 5 }; /* tries: each a millisecond, with the model held */

enum { LETTERS_NONE = -1, LETTERS_BUSY = -2 };

typedef struct Entry { int64_t pid; uint64_t start; } Entry;

void letters_text(size_t index, char letter[LIVE_LETTER]) {
  char turned[LIVE_LETTER];
  size_t len = 0;
  for (size_t n = index + 1; n > 0 && len < LIVE_LETTER - 1; n = (n - 1) / 26) turned[len++] = (char)('A' + (n - 1) % 26);
  for (size_t i = 0; i < len; i++) letter[i] = turned[len - 1 - i];
  letter[len] = '\0';
}

static bool is_sound(int fd) {
  struct stat st;
  return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
         (uint64_t)st.st_size <= MOST_LETTERS * sizeof(Entry);
}

static bool is_short(int err) { return err == EMFILE || err == ENFILE || err == ENOMEM || err == EINTR; }

/* The file, locked; LETTERS_NONE: there is none to be had, LETTERS_BUSY: not now. */
static int open_letters(const Run *run) {
  int fd = openat(run->dirfd, LETTERS_FILE, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
  if (fd < 0) return is_short(errno) ? LETTERS_BUSY : LETTERS_NONE;
  bool sound = is_sound(fd), busy = false;
  for (int i = 0; sound && flock(fd, LOCK_EX | LOCK_NB) != 0; i++) {
    busy = errno == EWOULDBLOCK || errno == EINTR;
    if (!busy || i == LOCK_TRIES) sound = false;
    else (void)poll(NULL, 0, 1);
  }
  if (sound) return fd;
  (void)close(fd);
  return busy ? LETTERS_BUSY : LETTERS_NONE;
}

static void read_given(Run *run, int fd) {
  Entry entries[256];
  ssize_t n;
  run->letters = 0;
  do {
    n = pread(fd, entries, sizeof entries, (off_t)(run->letters * sizeof *entries)) / (ssize_t)sizeof *entries;
    for (ssize_t e = 0; e < n; e++, run->letters++) {
      bool fits = entries[e].pid > 0 && entries[e].pid <= INT32_MAX;
      RunProc *p = fits ? run_find(run, (int)entries[e].pid, entries[e].start) : NULL;
      if (p && p->pub.traced && !*p->pub.letter) letters_text(run->letters, p->pub.letter);
    }
  } while (n > 0);
}

/* Without a file (fd negative) all have it at once. False: no room on the disk, or all letters are given. */
static bool give(Run *run, int fd, RunProc *p) {
  Entry entry = { p->pub.pid, p->pub.start };
  off_t at = (off_t)(run->letters * sizeof entry);
  if (run->letters >= MOST_LETTERS) return false;
  if (fd >= 0 && pwrite(fd, &entry, sizeof entry, at) != (ssize_t)sizeof entry) return false;
  letters_text(run->letters++, p->pub.letter);
  return true;
}

void letters_give(Run *run) {
  int fd = run->in_folder ? open_letters(run) : LETTERS_NONE;
  if (fd == LETTERS_BUSY) {
    run->again = true;
    return;
  }
  run->in_folder = fd >= 0;
  if (fd >= 0) read_given(run, fd);
  run->unlettered = false;
  for (LiveProc *p = run->m.procs; p && !run->unlettered; p = p->next)
    if (p->traced && !*p->letter) run->unlettered = !give(run, fd, run_proc_of(p));
  if (fd >= 0) (void)close(fd);
  run->changed = true;
}
