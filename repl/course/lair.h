/* SPDX-License-Identifier: MIT */
/* lair.h - what a runner leaves on the machine, and how it goes away again.
 *
 * Each runner has an id, which all processes of its lessons inherit (MOONFORK_LESSON_RUN), and a record,
 * PROGRESS.runs/ID, which is written before the first process starts and stays locked while the runner
 * lives. A record that nobody locks belongs to a runner that was killed: what carries its id, belongs to
 * this user and began after it in the same boot is killed, its scratch folder removed. */
#ifndef MOONFORK_COURSE_LAIR_H
#define MOONFORK_COURSE_LAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>


typedef struct Lair {
  char id[40];
  char *record, *scratch; /* the file, the folder (0700); own */
  int fd;                 /* of the record, locked */
  uint64_t start;         /* of this process, clock ticks since boot */
} Lair;

/* What was reclaimed. */
typedef struct Reclaimed {
  int processes, ports, runs, leaked; /* leaked: could not be ended */
  pid_t pids[32];                     /* the first of them */
  uint64_t sockets[32];               /* those that listened on a port, each once */
} Reclaimed;

/* Makes id, record and folder. `records` is the folder of records, which is made. 0 or a negative errno. */
int lair_open(Lair *lair, const char *records);

/* Removes folder and record. */
void lair_close(Lair *lair);

/* How many processes carry the id of this runner now (this one is none of them). -1: no /proc. */
int lair_alive(const Lair *lair);

/* Ends them all, and waits until they are gone. */
void lair_reclaim(const Lair *lair, Reclaimed *what);

/* Does so for all records whose runner is gone. */
void lair_sweep(const char *records, Reclaimed *what);

/* Removes what is in the folder, and the folder. */
void remove_tree(const char *path);

#endif
