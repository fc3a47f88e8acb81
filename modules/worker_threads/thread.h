/* SPDX-License-Identifier: MIT */
/* thread.h - a thread with a Lua state of its own: what its parent and it share, and its life.
 *
 * The parent fills a Thread in and starts it; from then on its plan is the thread's to read. The two talk
 * by two channels: one for the messages of scripts (parentPort), one for control. Either side may be gone
 * first: the last one frees it. */
#ifndef MOONFORK_THREAD_H
#define MOONFORK_THREAD_H

#include "../core/runtime.h"
#include "../core/strbuf.h"
#include "../messaging/message.h"

/* Messages of the control channel. */
enum {
  CONTROL_ONLINE = 1, /* the code is about to run */
  CONTROL_OUT,        /* bytes of standard output */
  CONTROL_ERR,
  CONTROL_ERROR,      /* { what has ended the thread, the own fields of an Error } */
  CONTROL_MEMORY,     /* the limit of the heap has ended it */
  CONTROL_EXIT,       /* eight bytes of exit code; the last one */
  CONTROL_HEAP,       /* text: the answer to CONTROL_ASK_HEAP */
  CONTROL_STDIN,      /* to the thread: bytes of standard input */
  CONTROL_STDIN_END,
  CONTROL_ASK_HEAP
};

typedef enum ThreadForm { THREAD_FILE, THREAD_TEXT, THREAD_FUNCTION } ThreadForm;

/* As options.resourceLimits names them, -1 where not set. */
typedef struct ThreadLimits {
  lua_Number young, old, code, stack;
} ThreadLimits;

typedef struct ThreadPlan {
  ThreadForm form;
  StrBuf code;           /* path, text, or what portable_dump has made; two NULs behind it */
  Settings settings;     /* strings are in `words` */
  StrBuf words;
  char **lists;          /* owns: argv and execArgv */
  Message *data;         /* workerData; NULL: none */
  Message *env;          /* table of strings; NULL: shared with the process */
  Message *environment;  /* setEnvironmentData's table; NULL: none */
  ThreadLimits limits;
  bool stdin_open;       /* option stdin */
  const ModuleDef *const *modules; /* borrowed: they last as long as the program */
  const GlobalDef *globals;
  void (*inspect)(lua_State *L, int idx);
  void (*on_traced)(Runtime *rt);
} ThreadPlan;

typedef struct Thread {
  _Atomic int refs;
  uint32_t number, by;   /* threadId; that of who has started it */
  ThreadPlan plan;
  End *port, *control;   /* the thread's ends; the parent's until it is started */
  _Atomic bool forward[3]; /* output of fd 1 and 2 goes to the parent */
  uv_thread_t id;
  uv_mutex_t lock;       /* guards what follows */
  uv_cond_t ended;       /* signalled with over */
  Runtime *rt;           /* while it can be stopped; NULL before and after */
  bool stop;             /* terminate was asked for */
  bool over;             /* the runtime is gone */
} Thread;

/* Makes a Thread with a number and both channels, whose other ends are the caller's; NULL when memory is
 * short. */
Thread *thread_new(End **port, End **control);
void thread_unref(Thread *t);

/* The file that it runs, "[code]" when that is none. Before it is started, or on the thread. */
const char *thread_file(const Thread *t);

/* Starts it; 0 or a uv error. The thread holds a reference of its own. */
int thread_start(Thread *t);

/* Ends it at the next instruction, also before it has begun. Any thread. */
void thread_stop(Thread *t);

/* Waits until its runtime is gone, at most so many milliseconds; false: it is not. Then joins it. */
bool thread_wait(Thread *t, uint64_t ms);

/* The Thread of this runtime, NULL on the main one. */
Thread *thread_of(lua_State *L);

/* Pushes what a thread knows of itself; nil on the main one. [+1] */
void thread_push_port(lua_State *L);
void thread_push_data(lua_State *L);

/* Pushes the table of setEnvironmentData, made on first use. [+1] */
void thread_push_environment(lua_State *L);

/* worker.c: the runtime ends, and with it the threads it has started. */
void workers_end(Runtime *rt);

#endif
