/* SPDX-License-Identifier: MIT */
/* progress.h - what a student has done, in one plain file.
 *
 * Each line is `CHAPTER/STEP MARK tries=N hints=N shown=N right=N said=TEXT`; `at CHAPTER/STEP` tells where
 * the student was last. MOONFORK_PROGRESS names the file, else $XDG_STATE_HOME/moonfork/progress. Several
 * runners may change it at once: each change is made to what the file says then, under a lock, and the
 * file is replaced whole. */
#ifndef MOONFORK_COURSE_PROGRESS_H
#define MOONFORK_COURSE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

typedef enum Mark { MARK_NONE, MARK_BEGUN, MARK_SKIPPED, MARK_DONE } Mark;

typedef struct Entry {
  char *key;          /* "04-event-loop/order"; owns */
  Mark mark;
  int tries, hints, shown, right;
  char *said;         /* what was written in an explain step, NULL; owns */
} Entry;

typedef struct Progress {
  Entry *list;        /* owns */
  size_t count;
  char *at;           /* NULL: nowhere yet; owns */
} Progress;

/* A change: counts are added, a mark is set when it is higher. */
typedef struct Change {
  Mark mark;
  int tries, hints, shown, right;
  const char *said;   /* NULL: as it was */
} Change;

/* The path of the file, its folder made. NULL: no home. The caller frees. */
char *progress_path(void);

/* 0 or a negative errno; no file is no progress. */
int progress_read(Progress *progress);
void progress_free(Progress *progress);

const Entry *progress_find(const Progress *progress, const char *chapter, const char *step);

/* Changes one step in the file; `here`: and the student is at it. 0 or a negative errno. */
int progress_change(const char *chapter, const char *step, const Change *change, bool here);

#endif
