/* SPDX-License-Identifier: MIT */
/* ring.h - reads a ring file while its writer goes on, or after its death.
 *
 * Nothing that stands in the file is believed: it is read by pread alone (a mapping would end us with
 * SIGBUS when the file is cut), sizes and names are checked, texts are made harmless to a terminal, and
 * what is written over meanwhile is counted as lost. Needs no lock: a Ring belongs to who reads it. */
#ifndef MOONFORK_LIVE_RING_H
#define MOONFORK_LIVE_RING_H

#include "../../modules/core/trace_format.h"

enum { RING_NAME = 64, RING_MOST_RECORDS = 1 << 16 };

typedef struct Ring {
  char name[RING_NAME];
  int pid, tid;              /* as the name has them */
  uint64_t start;
  int fd;                    /* -1: is opened for each look, or not any more */
  bool keep;                 /* the descriptor stays open between looks */
  bool history;              /* what was overwritten before the first look is no loss */
  bool broken;               /* what stands there is no ring (any more): never looked at again */
  uint32_t capacity;         /* records, as at the first look */
  uint64_t next;             /* number of the record to be read next */
  uint64_t lost, torn;       /* overwritten before they were read; not whole, or senseless */
  TracePage page;            /* at the last look; its texts end and hold no control bytes */
} Ring;

typedef void (*RingTake)(void *ctx, const TraceRecord *record);

/* "PID.START.TID.ring" and nothing else? */
bool ring_parse_name(const char *name, int *pid, uint64_t *start, int *tid);

/* Takes the name's file for a ring: a plain file of ours, no link, of a sensible size, with a page that
 * fits its name. Reads no record. 0 or a negative errno; then nothing is open. */
int ring_attach(Ring *ring, int dirfd, const char *name, bool keep);

/* The same for a descriptor, which it takes; `name` is believed. */
int ring_attach_fd(Ring *ring, int fd, const char *name);

/* Reads the page anew, and gives each new record to `take` (NULL: they are left for the next look). Returns
 * how many there were. */
size_t ring_look(Ring *ring, int dirfd, RingTake take, void *ctx);

/* Closes the descriptor. */
void ring_detach(Ring *ring);

/* Makes len bytes harmless to a terminal: control characters and what is no UTF-8 become blanks and '?'.
 * NUL stays. */
void ring_clean(char *text, size_t len);

#endif
