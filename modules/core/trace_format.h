/* SPDX-License-Identifier: MIT */
/* trace_format.h - what lies in a ring file: a page of live state, then records.
 *
 * One file per thread, DIR/PID.START.TID.ring; only that thread writes, any process of the same user may
 * read it at any time, also after the writer was killed. Page and records are in the machine's own byte
 * order. A thread that has ended leaves a file that ends behind its last record. Times are nanoseconds of
 * CLOCK_MONOTONIC, one clock for all processes of a machine. */
#ifndef MOONFORK_TRACE_FORMAT_H
#define MOONFORK_TRACE_FORMAT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRACE_MAGIC "MOONRNG1"

enum {
  TRACE_PAGE_SIZE = 4096,
  TRACE_TEXT = 80,           /* bytes of a record's texts */
  TRACE_RING_BYTES = 512 * 1024,
  TRACE_CHANNELS = 16,       /* channels whose queue is told live */
  TRACE_POOL = 16,           /* threads of the pool that are told live */
  TRACE_STRIP = 1200,        /* slots of the loop strip, 50 ms each: one minute */
  TRACE_STRIP_MS = 50
};

/* The rows of trace_events, in its order; the numbers lie in files, so they never change. */
typedef enum TraceEvent {
  TRACE_NONE,
  TRACE_PROC_START, TRACE_PROC_SPAWN, TRACE_PROC_READY, TRACE_PROC_EXIT, TRACE_PROC_REAP,
  TRACE_THR_START, TRACE_THR_SPAWN, TRACE_THR_EXIT,
  TRACE_IPC_SEND, TRACE_IPC_RECV, TRACE_IPC_CLOSE, TRACE_HND_SEND, TRACE_HND_RECV,
  TRACE_PORT_LISTEN, TRACE_PORT_CLOSE, TRACE_PORT_ERR, TRACE_CONN_ACCEPT, TRACE_CONN_CLOSE,
  TRACE_LOOP_TURN, TRACE_LOOP_BLOCK, TRACE_POOL_QUEUE, TRACE_POOL_START, TRACE_POOL_DONE,
  TRACE_SIG_RECV, TRACE_MSG_POST, TRACE_MSG_RECV, TRACE_BUF_ALLOC, TRACE_ERR_UNCAUGHT,
  TRACE_STDIO, TRACE_MEM, TRACE_LESSON_STEP, TRACE_USER_MARK, TRACE_CELLS, TRACE_PORT_SHARE,
  TRACE_EVENT_COUNT
} TraceEvent;

/* Flags of a record. */
enum {
  TRACE_INTERNAL = 1, /* a message of Node's own protocol, not a user's */
  TRACE_HANDLE = 2,   /* a handle travels with it */
  TRACE_UP = 4,       /* a channel has two directions: from the child (or the second end) to the first */
  TRACE_CUT = 8       /* the text was longer */
};

/* 128 bytes. `seq` is the record's number (from 0) plus 1, cut to 32 bits, written last: another value
 * means that the record is being written, or was overwritten. Texts are divided by NUL. */
typedef struct TraceRecord {
  uint64_t t;
  _Atomic uint32_t seq;
  uint8_t event, flags, text_len, level;
  int64_t n[4];
  char text[TRACE_TEXT];
} TraceRecord;

/* Where Lua code was when it was asked for; `seq` is odd while it is written. */
typedef struct TracePlace {
  _Atomic uint32_t seq;
  int32_t line;       /* 0: not known */
  _Atomic uint64_t t; /* when the answer was written; a signal may ask while it is */
  char file[96], fn[48];
} TracePlace;

/* The first TRACE_PAGE_SIZE bytes. Plain fields are written once, before the file has its name. */
typedef struct TracePage {
  char magic[8];
  uint32_t record_size, capacity;    /* bytes; records */
  int32_t pid, tid;
  uint32_t thread_id;                /* worker_threads.threadId, 0 on the main thread */
  int32_t ppid;                      /* at the start */
  uint64_t start;                    /* of the process: clock ticks since boot, as /proc/PID/stat has it */
  uint64_t opened;                   /* ns */
  uint64_t from_channel;             /* the channel to the parent, 0: none */
  char file[128];                    /* the script, or what else it runs */
  char role[24];                     /* "prompt", "script", "child", "primary", "worker#1", "thread", ... */
  _Atomic uint64_t head;             /* records written so far */
  _Atomic uint64_t busy_since;       /* ns, since when Lua has run; 0: the loop waits */
  _Atomic uint32_t turns;            /* entries into Lua */
  _Atomic uint32_t queued;           /* messages in all channels that were sent and not yet taken by the system */
  _Atomic uint64_t heap, buffers;    /* bytes: Lua's heap, ArrayBuffers */
  _Atomic uint32_t slow_ms;          /* .slow: each user message received waits so long */
  _Atomic uint32_t flags;            /* TRACE_PAGE_* */
  struct {
    _Atomic uint64_t id;             /* 0: the slot is free */
    _Atomic uint32_t in, out, waiting, open; /* messages; waiting to be written; 0: closed */
  } channels[TRACE_CHANNELS];
  _Atomic uint32_t pool_size, pool_queued, pool_running;
  struct {
    _Atomic uint64_t since;          /* ns, 0: this thread idles */
    char kind[16];
  } pool[TRACE_POOL];
  TracePlace place;
  char inside[32];                   /* the C function that blocks ("spawnSync"), "": none */
  _Atomic uint64_t strip_last;       /* number of the last slot written: ns / 50 ms */
  uint8_t strip[TRACE_STRIP];        /* slot n at n % TRACE_STRIP: TRACE_BUSY_* */
} TracePage;

enum { TRACE_PAGE_DOOR = 1, TRACE_PAGE_ENDED = 2 };

/* What a slot of the strip saw, the highest wins: `.` `t` `i` `#` `!` */
enum { TRACE_BUSY_IDLE, TRACE_BUSY_TIMERS, TRACE_BUSY_IO, TRACE_BUSY_LONG, TRACE_BUSY_BLOCKED };

_Static_assert(sizeof(TraceRecord) == 128, "a record is two cache lines");
_Static_assert(sizeof(TracePage) <= TRACE_PAGE_SIZE, "the live state is one page");

/* One kind of record: its name, the names of its numbers and texts (NULL: not used), and from which level
 * of detail on it is shown (1 the fewest, 9 all). A name that ends in ":ms" counts nanoseconds and is
 * printed in milliseconds. */
typedef struct TraceEventDef {
  const char *name;
  int level;
  const char *numbers[4];
  const char *texts[2];
} TraceEventDef;

extern const TraceEventDef trace_events[TRACE_EVENT_COUNT];

#endif
