/* SPDX-License-Identifier: MIT */
/* trace.h - the flight recorder: each thread writes what happens into a ring in a file of its own.
 *
 * The writer never waits and never fails: a full ring overwrites its oldest records. The folder is named by
 * MOONFORK_TRACE_DIR, which every child inherits, whatever env it is given. Off costs one branch: a site is
 *
 *   if (TRACING(rt)) trace_add(rt->trace, TRACE_PORT_LISTEN, (TraceArgs){ port, ino, fd }, addr, NULL);
 *
 * Own thread only, unless a line says otherwise. */
#ifndef MOONFORK_TRACE_H
#define MOONFORK_TRACE_H

#include "runtime.h"
#include "trace_format.h"

#define TRACE_ENV "MOONFORK_TRACE_DIR"
/* What a parent tells its child beside, hidden from scripts: the id of the channel between them, and the
 * role of a child that would else be a "script". */
#define TRACE_ENV_CHANNEL "MOONFORK_TRACE_CHANNEL"
#define TRACE_ENV_ROLE "MOONFORK_TRACE_ROLE"
#define LESSON_ENV "MOONFORK_LESSON_RUN" /* the id of the lesson that a process belongs to, whatever env it is given */

/* Built with TRACE=0 nothing of it is left. */
#ifdef MOONFORK_NO_TRACE
#define TRACE_BUILT false
#define TRACING(rt) false
#else
#define TRACE_BUILT true
#define TRACING(rt) __builtin_expect((rt)->trace != NULL, 0)
#endif

typedef struct Trace Trace;
typedef struct TraceArgs { int64_t n[4]; } TraceArgs;

/* ---- the process ---- */

/* First thing in main, while NODE_CHANNEL_FD is still there: reads the folder's name from the environment,
 * opens and checks it (a folder, not a link, ours, 0700). False when it is named and cannot be used; *why
 * says what is wrong. The folder of a run that is over (its maker has removed it) is no fault. */
bool trace_claim(const char **why);

/* What the environment told: the channel to the parent (0: none), the role (NULL: none). Any thread. */
uint64_t trace_parent_channel(void);
const char *trace_given_role(void);

/* Makes a folder and puts it into the environment. dir NULL: a new one under $XDG_RUNTIME_DIR or the
 * temporary folder, unless there is one already; folders of runs that are over are swept. Main thread, before
 * the first runtime. 0 or a negative uv error, and trace_why says in words what is wrong. */
int trace_begin(const char *dir);
const char *trace_why(void);

/* The folder, NULL when nothing is traced. Any thread. */
const char *trace_dir(void);
int trace_dirfd(void);

/* Stops and goes on writing, in all threads, for `.trace off` and `on`: rings stay open, their live state
 * goes on. Children and threads started while it is off are not traced. Main thread. */
void trace_pause(bool off);

/* Is there a folder, and is it not paused: do children get it? Any thread. */
bool trace_on(void);

/* The program ends: a folder that trace_begin has made goes when nobody else of the run lives. Also in signal
 * handlers. */
void trace_end(void);

/* ---- the thread ---- */

/* Opens the ring of this thread, when tracing is on; without room on the disk a warning, and untraced. */
void trace_open(Runtime *rt, const char *role, const char *file);

/* The end of rt is written; rt->trace is NULL afterwards. */
void trace_close(Runtime *rt);

/* What the views call it from now on; a prompt stays one. t may be NULL. */
void trace_role(Trace *t, const char *role);

/* ---- records ---- */

/* One record; texts may be NULL and are cut together to TRACE_TEXT bytes. */
void trace_add(Trace *t, TraceEvent event, TraceArgs args, const char *text, const char *text2);

/* One with flags, a preview of bytes (control bytes become blanks, cut at a character) and a time of its
 * own (0: now). Previews are left out while trace.preview is false. */
void trace_add_bytes(Trace *t, TraceEvent event, unsigned flags, TraceArgs args, const char *bytes, size_t len,
                     uint64_t when);

/* The value at idx in a few words, at most TRACE_TEXT bytes: how many. Nothing of the user's runs. [0] */
size_t trace_value(lua_State *L, int idx, char *text);

/* The same with a time of its own and one text. */
void trace_add_at(Trace *t, uint64_t when, TraceEvent event, TraceArgs args, const char *text);

/* The same with flags, and a text that is no preview. */
void trace_add_flags(Trace *t, TraceEvent event, unsigned flags, TraceArgs args, const char *text);

/* What a record says of a socket: both ends of a channel ask the descriptor itself, so that they say the same.
 * fd -1: nothing is known. */
typedef struct TraceSocket {
  int fd, port;        /* port 0: a unix socket */
  int64_t inode;
  const char *type;    /* "net.Server" (bound, without a peer), "net.Socket", "dgram.Socket", "fd" */
  char address[TRACE_TEXT];
} TraceSocket;

TraceSocket trace_socket_ask(int fd);

/* TRACE_PORT_LISTEN or TRACE_PORT_CLOSE of fd. */
void trace_socket(Trace *t, TraceEvent event, int fd);

/* trace.preview: are the first bytes of messages kept? */
void trace_set_previews(bool on);
bool trace_previews(void);

/* Bytes that this runtime writes to fd 1 or 2. here: straight to the descriptor; before it is written. */
void trace_output(Trace *t, int fd, const char *data, size_t len, bool here);

/* A child's standard stream, at the parent's end, or our own standard input: what was read from it, or
 * written; full: not all of it was taken. */
typedef struct TracePipe {
  int child, fd;       /* pid, 0: it is none, -1: our own end of it; the child's descriptor */
} TracePipe;
void trace_pipe(Trace *t, TracePipe pipe, const char *data, size_t len, bool full);

/* Bytes of all ArrayBuffers of the process; buffer/store.c counts them. */
extern _Atomic size_t trace_buffer_bytes;

/* Heap, buffers and resident memory of the process. */
void trace_memory(Runtime *rt);

/* Zeroed bytes in a file of the folder, which has the id in its name; NULL: it cannot be made. Any thread may
 * free them. */
char *trace_cells_new(size_t size, uint32_t *id);
void trace_cells_free(char *cells, size_t size, uint32_t id);
void trace_cells_made(Trace *t, size_t size, uint32_t id);

/* ---- work in the pool ---- */

/* Lies in the request; zeroed when it is not traced, and then begin, end and done do nothing. */
typedef struct TraceJob {
  TracePage *page;
  const char *kind;    /* "fs", "dns", "crypto", "user"; static */
  int64_t number;
  uint64_t queued, began, ended;
  int slot;            /* of the live page, -1: none was free */
} TraceJob;

void trace_job_queue(Trace *t, TraceJob *job, const char *kind);
void trace_job_begin(TraceJob *job); /* any thread: the one that does it */
void trace_job_end(TraceJob *job);   /* the same */
void trace_job_done(Trace *t, TraceJob *job);

/* Is less under way than so many threads can do? For jobs that do not say when they begin. */
bool trace_job_fits(const TraceJob *job, uint32_t slots);

/* ---- live state ---- */

/* Lua is entered and left at the outermost level; kind: TRACE_BUSY_TIMERS or TRACE_BUSY_IO. */
void trace_enter(Trace *t, int kind);
void trace_leave(Trace *t);

/* The turn that runs is of this kind. */
void trace_kind(Trace *t, int kind);

/* Has the memory not been told for a while? Then it is told now. */
bool trace_memory_due(Trace *t);

/* A C function that blocks begins, or it is over (NULL). One that another one calls is not told. */
void trace_inside(Trace *t, const char *function);

/* The live counters of a channel; the slot is found by id, or a free one is taken; with all in use it is not shown. */
void trace_channel(Trace *t, uint64_t id, unsigned in, unsigned out, unsigned waiting, bool open);

/* A new id for a channel of this process, unique in the run. Any thread. */
uint64_t trace_channel_id(void);

/* Asks a traced thread for the place of the Lua code that it runs: its page has it soon, unless the thread is
 * inside a C function. The caller knows that the thread is the one that the ring says (start time). Any
 * process, any thread; 0 or a negative uv error. */
int trace_ask_place(int pid, int tid);

/* The answer: writes where the code of L is. Not in signal handlers: the hook that they arm does it.
 * trace_place_is_old, which they ask before: was the last one some time ago? */
void trace_place(Trace *t, lua_State *L);
bool trace_place_is_old(const Trace *t);

/* The page itself, for the pool's threads and the place (async-signal-safe to write). */
TracePage *trace_page(Trace *t);

#endif
