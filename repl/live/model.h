/* SPDX-License-Identifier: MIT */
/* model.h - what is known of a run: processes, threads, channels, sockets, and the last records.
 *
 * The collector builds it (collector.c from the rings and /proc, its own thread); views only read it, while
 * they hold it (live_hold, live_release). Nothing here knows Lua, libuv or a terminal, so a view is tested
 * with a model made by hand, or read once from a folder (live_read). Pointers between parts stay valid for
 * the life of the model: a process that has ended stays, marked. Times are ns of CLOCK_MONOTONIC. */
#ifndef MOONFORK_LIVE_MODEL_H
#define MOONFORK_LIVE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "../../modules/core/list.h"
#include "../../modules/core/trace_format.h"

enum {
  LIVE_LETTER = 8,           /* bytes of a letter: A to Z, AA, ... */
  LIVE_CURVE = 600,          /* samples of a curve, one each LIVE_SAMPLE_MS */
  LIVE_SAMPLE_MS = 500,
  LIVE_RECORDS = 1 << 17,    /* the newest records of the run that are kept */
  LIVE_BLOCKED_MS = 200,     /* a loop that is busy for so long is blocked */
  LIVE_BLOCKS = 16           /* SharedArrayBuffers: the newest are known */
};

typedef struct LiveProc LiveProc;
typedef struct LiveThread LiveThread;

/* The place where a loop is stuck. */
typedef struct LivePlace {
  bool known;
  char file[96], fn[48];     /* file: "" when the thread is inside a C function, which fn names ("" unknown) */
  int line;
} LivePlace;

/* One point of the curves, every LIVE_SAMPLE_MS. */
typedef struct LiveSample {
  uint64_t t;
  float lag_ms, cpu;         /* the longest turn in between; percent of one core */
  uint64_t rss, heap, buffers; /* bytes */
} LiveSample;

/* One ring: a thread that runs Lua. */
struct LiveThread {
  LiveThread *next;          /* of the same process, oldest first */
  LiveProc *proc;
  int tid;
  uint32_t thread_id;        /* 0: the main thread */
  char role[24], file[128];
  bool ended;
  int64_t code;              /* of a thread that has ended */
  char state;                /* /proc: R S D T Z, '?' */
  uint64_t opened, busy_since; /* busy_since 0: the loop waits */
  double lag_ms;             /* while it is busy: how long already; else the longest turn of the last second */
  bool blocked;
  LivePlace place;           /* of a blocked one */
  double cpu;                /* percent */
  uint64_t turns, heap, buffers;
  uint32_t in, out, queued;  /* messages received and sent; waiting in its channels */
  uint32_t waiting;          /* sent to it, and not yet received by it */
  uint32_t slow_ms;
  bool door;                 /* .in and .slow can reach it */
  uint64_t head, lost;       /* records written; those overwritten before they were read */
  uint8_t strip[TRACE_STRIP]; /* oldest first, the last one is now */
  LiveSample curve[LIVE_CURVE]; /* a ring: the newest is curve[(samples - 1) % LIVE_CURVE] */
  uint64_t samples;
  uint32_t pool_size, pool_queued, pool_running;
  struct { uint64_t since; char kind[16]; } pool[TRACE_POOL];
};

/* A standard stream, in bytes: as the process itself tells, and as the one that started it tells. */
typedef struct LiveTap {
  uint64_t own, parents;
  bool told;                 /* its parent tells of it */
  bool full, was_full;       /* the pipe would not take more: at the last write; ever */
} LiveTap;

struct LiveProc {
  LiveProc *next;            /* by letter, that is by start */
  int pid;
  uint64_t start;            /* clock ticks since boot */
  char letter[LIVE_LETTER];
  int number;                /* the #n that the prompt printed for its ChildProcess, 0: none */
  int worker;                /* cluster worker id, 0: none */
  bool traced;               /* it has a ring; else it is known from /proc alone */
  bool self;                 /* the process that looks */
  char role[24];             /* "prompt", "script", "primary", "worker#1", "child", "sh", ... */
  char name[128];            /* script or command, without folders */
  int ppid, first_ppid;      /* now, and when it was first seen */
  LiveProc *parent;          /* the process of the run that started it, NULL: outside; stays after it ended */
  bool orphan;               /* ppid is not first_ppid */
  char state;                /* R S D T Z, 'X': ended */
  bool ended;
  uint64_t began, end;       /* ns; end 0: alive */
  bool code_known;
  int64_t code;              /* with signal 0 */
  int signal;                /* that ended it; 0 */
  char last[96];             /* the last record in words, when it was ended by a signal */
  double cpu;
  uint64_t rss;              /* bytes */
  int nthreads, nfds;
  LiveTap taps[3];           /* stdin, stdout, stderr */
  LiveThread *threads;       /* main thread first; NULL when not traced */
  LiveSample curve[LIVE_CURVE]; /* of an untraced process too: cpu and rss */
  uint64_t samples;
};

/* A channel between two processes. up: from the child to the parent. */
typedef struct LiveChannel {
  struct LiveChannel *next;
  uint64_t id;
  LiveProc *parent, *child;  /* NULL until seen */
  uint32_t down, up;         /* messages sent */
  uint32_t down_waiting, up_waiting; /* sent and not received */
  bool open;
} LiveChannel;

typedef struct LiveHolder {
  LiveProc *proc;
  int fd;                    /* -1: a taker */
  uint32_t accepted;         /* connections: accepted, or taken from who accepted them */
} LiveHolder;

/* A socket that listens, or of UDP one that is bound; it goes when nobody of the run holds it, so keep its inode rather than a pointer. Two
 * of them on one port is SO_REUSEPORT. */
typedef struct LiveSocket {
  struct LiveSocket *next;
  uint64_t inode;
  char address[64];          /* "127.0.0.1", "::1", or the path of a unix socket */
  int port;                  /* 0: unix */
  bool udp;                  /* bound: UDP does not listen */
  LiveHolder *holders;       /* owns */
  size_t nholders;
  LiveHolder *takers;        /* get connections from a holder, as workers of a cluster do; owns */
  size_t ntakers;
} LiveSocket;

/* A listen() that failed, for 30 s. */
typedef struct LiveRefusal {
  uint64_t t;
  LiveProc *proc, *holder;   /* holder NULL: not of this run */
  int holder_pid;            /* 0: not known */
  char code[24], address[64], holder_name[32];
  int port;
  bool udp;
} LiveRefusal;

/* A SharedArrayBuffer that lies in a file of the folder; shared.h reads it. */
typedef struct LiveBlock {
  LiveProc *proc;            /* that made it */
  int64_t id, bytes;
  char file[TRACE_TEXT + 1];
} LiveBlock;

/* A record of the run. `mate` is the other end of a message (the send of a receive, the receive of a send),
 * SIZE_MAX: none yet; `at` is the record's number in the run. */
typedef struct LiveRecord {
  TraceRecord r;             /* r.seq means nothing here */
  LiveThread *thread;        /* NULL: made by the collector */
  LiveProc *proc;
  uint64_t mate;             /* number of the mate, UINT64_MAX: none (yet) */
  uint64_t mate_t;           /* its time, 0 */
  LiveProc *peer;            /* the process at the other end of the channel, NULL: not known */
  LiveThread *peer_thread;
} LiveRecord;

/* Records of the collector's own: not in any ring. */
enum { LIVE_REPARENT = 200, /* numbers: from, to */ LIVE_KILLED /* numbers: signal */ };

typedef struct Model {
  uint64_t now;              /* when it was last brought up to date */
  int64_t wall_offset;       /* ns to add to a time to get the wall clock */
  bool proc_fs;              /* /proc can be read */
  char dir[4096];
  LiveProc *procs;           /* by (start, pid) */
  size_t nprocs, nalive, nthreads; /* nthreads: living ones, without main threads */
  LiveChannel *channels;
  LiveSocket *sockets;
  LiveRefusal refusals[64];  /* a ring, the newest is refusals[(nrefusals - 1) % 64] */
  size_t nrefusals;
  LiveBlock blocks[LIVE_BLOCKS]; /* the oldest first */
  size_t nblocks;
  LiveRecord *records;       /* a ring of LIVE_RECORDS: number n at n % LIVE_RECORDS, n in [first, count);
                                in the order of time as far as the rings allow */
  uint64_t first, count;
  uint64_t lost;             /* records overwritten before they were read, all rings; what there is no room for */
  double messages_per_s;
} Model;

/* ---- names: letter, pid, #n, worker#n, "tid 3" ---- */

/* The process (and thread: the main one unless a tid is named) that the word means. On failure NULL with a
 * text that says what it was: ambiguous, ended and how, unknown. */
LiveProc *model_find(const Model *m, const char *word, LiveThread **thread, char *why, size_t size);

/* How a process has ended, in words: "exit code 3", "killed by SIGKILL", "how is not known". */
void model_ended(const LiveProc *p, char *text, size_t size);

LiveProc *model_proc(const Model *m, int pid); /* the living one, else the last with this pid */
LiveThread *model_thread(const LiveProc *p, int tid);

static inline const LiveRecord *model_record(const Model *m, uint64_t n) {
  return n >= m->first && n < m->count ? &m->records[n % LIVE_RECORDS] : NULL;
}

/* The name of an event, the collector's own included. */
const char *live_event_name(int event);

/* Its row, the collector's own included; NULL: there is no such event. */
const TraceEventDef *live_event_def(int event);

#endif
