/* SPDX-License-Identifier: MIT */
/* run.h - the model with what the collector must know to keep it up to date. For repl/live alone.
 *
 * One look is two steps: run_gather reads rings and /proc into lists of its own, without a lock, and
 * run_apply brings the model up to date from them, quickly, with the model held. Both on one thread. */
#ifndef MOONFORK_LIVE_RUN_H
#define MOONFORK_LIVE_RUN_H

#include <dirent.h>
#include <sys/stat.h>
#include "model.h"
#include "ring.h"
#include "scan.h"

/* How much of a kind is kept: files say what they like. What goes beyond is lost, and counted so. */
typedef struct RunMost {
  size_t procs;              /* half of them known by a record alone */
  size_t rings, channels;
  size_t names;              /* of files that are no rings */
} RunMost;

enum {
  RUN_BUCKETS = 1024,        /* of the tables by pid, channel and name */
  RUN_LAG_SLOTS = 10,        /* of 100 ms: the longest turn of the last second */
  RUN_SCAN_MS = 500,
  RUN_NET_MS = 2000,
  RUN_MS = 1000000           /* ns of a millisecond */
};

typedef struct RunThread {
  LiveThread pub;            /* first: a LiveThread of the model is one of these */
  struct RunThread *next_ring, *next_name;
  Ring ring;
  bool done;                 /* nothing more will come from its ring */
  bool left_out;             /* there are too many processes */
  bool task_known;           /* the rest: read by run_gather */
  ProcStat task;
  uint64_t cpu, cpu_t;       /* ticks used at cpu_t */
  uint64_t lag_slot;         /* number of the newest of lag[]: ns / 100 ms */
  float lag[RUN_LAG_SLOTS], sample_lag;
  uint32_t in, out;          /* user messages among its records */
  uint32_t own_in, own_out;  /* those of Node's own protocol */
  uint64_t asked;            /* ns: when its place was asked for, 0: not since it is blocked */
  bool sleeps;               /* then, it waited in the kernel */
  uint64_t ended;            /* ns: when it was seen to have ended */
  uint64_t last_record;      /* number + 1 */
  uint64_t last_words;       /* of the last one that tells what it did: no figures of memory or of turns */
} RunThread;

typedef struct RunAccept { uint64_t inode; int port; uint32_t count; } RunAccept;

typedef struct RunProc {
  LiveProc pub;              /* first */
  struct RunProc *next_pid;
  bool guessed;              /* from a spawn record alone: its start is about right */
  bool spawn_known;          /* its parent is known by a record */
  bool killed_told;
  uint64_t gone_look;        /* number of the look at which it was seen to be gone and to have no ring, 0 */
  unsigned seen;             /* turn of the scan that saw it last */
  uint64_t known_t;          /* when it was found */
  uint64_t cpu, cpu_t;
  RunAccept *accepts;        /* owns */
  size_t naccepts;
} RunProc;

typedef struct RunWay {      /* one direction of a channel */
  bool known;                /* a message was seen */
  int64_t sent, got;         /* mids: the last sent; up to which all is received; -1: none */
  uint64_t early;            /* bit i: got + 1 + i was received, too: one of Node's own overtakes users' */
  uint32_t count, own;       /* sent by records: user messages, those of Node's protocol */
} RunWay;

typedef struct RunChannel {
  LiveChannel pub;           /* first; not in the model's list when it is between threads */
  struct RunChannel *next_id, *next_all;
  RunThread *ends[2];        /* parent or first, child or second */
  bool threads;              /* a MessagePort's, not an IPC channel */
  RunWay way[2];             /* down, up */
  uint64_t first_record;     /* number of the first record that named it */
} RunChannel;

typedef struct RunName {     /* a file of the folder that is no ring for us */
  struct RunName *next;
  char name[RING_NAME];
} RunName;

typedef struct RunBatch {    /* records read and not yet applied */
  struct RunBatched { RunThread *thread; TraceRecord r; } *list;
  size_t count, space;
} RunBatch;

typedef struct RunHeld { RunProc *proc; int fd; uint64_t inode; } RunHeld;

typedef struct RunRefused { RunProc *proc; uint64_t t; int port; bool udp; char code[24], address[64]; } RunRefused;

typedef struct Run {
  Model m;                   /* first */
  int dirfd;                 /* owns */
  DIR *dir;                  /* owns */
  struct timespec dir_time;  /* of the folder, when it was last read */
  bool dir_again;            /* read it at the next look in any case */
  bool in_folder;            /* letters are kept in the folder */
  uint64_t began;
  int64_t boot_offset;       /* CLOCK_BOOTTIME minus CLOCK_MONOTONIC */
  uint64_t tick_ns;
  RunThread *rings, *fresh;  /* those that are linked and go on; opened by the last run_gather */
  RunThread *old_rings;      /* read to their end */
  RunThread *by_name[RUN_BUCKETS];
  RunName *refused[RUN_BUCKETS];
  size_t open_rings;
  RunMost most;
  size_t nrings, nchannels, nnames;
  RunProc *by_pid[RUN_BUCKETS];
  RunChannel *by_id[RUN_BUCKETS], *channels, *old_channels;
  LiveChannel **channels_end;
  RunBatch batch;
  Scan scan;
  Net net;
  bool scanned, net_read;    /* by the last run_gather */
  bool net_due, net_urgent;
  uint64_t looks;            /* how many run_gather has made */
  bool again;                /* another look soon: something was too young, or has just ended */
  RunHeld *held;             /* listening sockets in the hands of the run, by the last reading; owns */
  size_t nheld, held_space;
  uint64_t scan_t, net_t, sample_t;
  uint64_t scan_cost, net_cost; /* ns, of the last time */
  uint64_t *heads, *chain;   /* records.c: numbers + 1 by what they belong to; own */
  uint32_t sends[RUN_LAG_SLOTS]; /* messages sent, in slots of 100 ms */
  uint64_t sends_slot;
  size_t letters;            /* how many are given */
  bool unlettered;           /* some process with a ring has none yet */
  RunRefused refused_now[16]; /* listen() that failed in this look */
  size_t nrefused_now;
  uint64_t lost;             /* of rings that are done, and what went beyond `most` */
  bool changed;
} Run;

static inline RunProc *run_proc_of(LiveProc *p) { return (RunProc *)p; }
static inline RunThread *run_thread_of(LiveThread *t) { return (RunThread *)t; }

/* ---- run.c ---- */

Run *run_new(int dirfd, const char *dir, int *err); /* dirfd is duplicated */
void run_free(Run *run);
uint64_t run_clock(void);

/* all: /proc too, whatever its time; else only when it is due. */
void run_gather(Run *run, bool all);
void run_apply(Run *run);

/* ---- procs.c ---- */

RunProc *run_find(const Run *run, int pid, uint64_t start);
/* The one that had the pid at that time. */
RunProc *run_find_at(const Run *run, int pid, uint64_t t);
void run_link_rings(Run *run);       /* run->fresh gets its places in the model */
RunProc *run_spawned(Run *run, RunProc *parent, int pid, uint64_t t, const char *file);
void run_apply_scan(Run *run);
void run_end_proc(Run *run, RunProc *p, uint64_t t);
void run_set_end(Run *run, RunProc *p, int64_t code, int signal);
/* Percent of a core since *last_t, which goes on; `before` when that is too short ago. */
double run_cpu(const Run *run, uint64_t ticks, uint64_t t, uint64_t *last, uint64_t *last_t, double before);
void run_tell_killed(Run *run, RunProc *p); /* the last words of one that a signal has ended */
bool run_gone(const RunProc *p);     /* ended, or a zombie */

/* ---- letters.c ---- */

void letters_text(size_t index, char letter[LIVE_LETTER]);
/* Gives each process that has a ring and no letter its own; run->unlettered stays where that has to wait. */
void letters_give(Run *run);

/* ---- threads.c ---- */

void run_update_threads(Run *run);
void run_sample(Run *run);
void run_turn(RunThread *t, uint64_t when, uint64_t took);

/* ---- records.c ---- */

bool records_init(Run *run);
void records_free(Run *run);
LiveRecord *records_add(Run *run, const TraceRecord *r, RunThread *thread, RunProc *proc);
void records_own(Run *run, RunProc *proc, int event, int64_t a, int64_t b, uint64_t t);
void records_words(const LiveRecord *rec, char *text, size_t size);

/* ---- effects.c ---- */

/* What a record changes in the model. */
void run_effect(Run *run, RunThread *thread, RunProc *proc, LiveRecord *rec);

/* ---- channels.c ---- */

RunChannel *channel_of(Run *run, uint64_t id);
void channel_message(Run *run, RunThread *thread, LiveRecord *rec);
void channel_set_end(Run *run, RunChannel *ch, int end, RunProc *proc);
void run_update_channels(Run *run);

/* ---- sockets.c ---- */

void run_gather_sockets(Run *run);
void run_update_sockets(Run *run);
/* Gets connections of the port from another process, which holds the socket; or does so no more. */
void run_shares(RunProc *p, int port, bool begins);
void run_accepted(RunProc *p, uint64_t inode, int port);
void run_refused(Run *run, RunProc *p, uint64_t t, int port, const char *code, const char *address);
void run_free_sockets(Run *run);

/* ---- place.c ---- */

/* Finds out where a thread is that is busy for long. */
void place_update(Run *run, RunThread *t);

#endif
