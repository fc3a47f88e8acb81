/* SPDX-License-Identifier: MIT */
/* runtime.h - one Lua state and one event loop on one thread, and the one way into Lua.
 *
 * rt_of(L) is one load from any coroutine. Loop callbacks run bodies by rt_enter; everything that can
 * raise is inside a body. After the outermost entry ticks, then microtasks, then unhandled rejections
 * are run, in Node's order. All functions: the runtime's own thread only, unless it says so. */
#ifndef MOONFORK_RUNTIME_H
#define MOONFORK_RUNTIME_H

#include <stdbool.h>
#include <stdint.h>
#include <signal.h>
#include <stdatomic.h>
#include <uv.h>
#include <lua.h>
#include <lauxlib.h>
#include "list.h"
#include "doc.h"
#include "settings.h"

typedef struct Runtime Runtime;

/* What has called the Lua code that now runs, for the report of its error. */
typedef struct Origin {
  const char *kind;   /* "timer", "immediate"; NULL: code of another kind runs */
  lua_Integer id;
  const char *source; /* chunk name where it was made, NULL when not kept */
  int line;
} Origin;

/* What the program decides: the prompt shows uncaught errors and goes on, a script ends. */
typedef struct RuntimeHooks {
  /* Last stop of an uncaught error (the Error is on the stack at idx). Returns true when the runtime
   * goes on, false to end with exit code 1. */
  bool (*uncaught)(Runtime *rt, lua_State *L, int idx);
  /* Asked before a child is started; raises to refuse. NULL: no limit. */
  void (*may_spawn)(lua_State *L);
  /* A Lua function at idx is about to be sent to a child: raises when it could not run there. */
  void (*may_ship)(lua_State *L, int idx);
  /* The error that ends this runtime, at idx; NULL: its report goes to standard error. */
  void (*report)(Runtime *rt, lua_State *L, int idx);
  void *ctx;
  bool want_origin; /* the prompt tells which timer an error came from: keep where each was made */
} RuntimeHooks;

/* What the program ends with when no script chose it. */
enum {
  EXIT_UNCAUGHT = 1, EXIT_BAD_HOOK = 6, EXIT_HANDLER_FAILED = 7, EXIT_USAGE = 9,
  EXIT_NEVER_SETTLED = 13
};

enum { INTR_NONE = 0, INTR_SIGINT = 1, INTR_TERMINATE = 2, INTR_EXIT = 3 };

/* A first-in first-out list of calls waiting: flat Lua table of (nargs, fn, args...). */
typedef struct CallQueue {
  int table_ref;      /* registry reference of the table, LUA_NOREF before first use */
  lua_Integer head, tail; /* next slot to read, next slot to write */
} CallQueue;

/* A coroutine that waits for the one it has resumed; lives on the C stack. */
typedef struct Resumer {
  lua_State *L;
  struct Resumer *outer; /* who has resumed that one */
} Resumer;

/* A line that a prompt of another process has typed here: what its Ctrl-C may stop. */
typedef struct GuestLine {
  _Atomic uint32_t serial;         /* which line it is; 0: none */
  _Atomic bool entered;            /* what runs now was entered for it */
  lua_State *volatile waits;       /* its coroutine, from its first await on */
} GuestLine;

struct Runtime {
  lua_State *L;       /* main state; loop callbacks always run here */
  uv_loop_t loop;
  List handles;       /* every live Handle, for teardown and .handles */
  int pins;           /* registry reference of the table that keeps active objects alive */
  _Atomic unsigned turns; /* goes up when Lua is entered and when it is left: odd inside */
  int depth;          /* nested rt_enter calls; queues drain when it falls to 0 */
  bool stopping;      /* teardown has begun: no more calls into Lua */
  bool exiting;       /* exit listeners run or have run */
  bool leaving;       /* exit listeners have run: the loop ends, nothing enters Lua any more */
  int64_t exit_code;  /* what the program ends with; the system takes its last 8 bits */
  bool exit_code_set; /* by process.exitCode or process.exit */
  CallQueue ticks, micro;
  uv_async_t *wake;   /* interrupt and mail from other threads; signal-safe to send */
  _Atomic int interrupt;              /* INTR_*; set from signal handlers and other threads */
  _Atomic uint32_t park;              /* the futex that interrupt_park sleeps on */
  struct Resumer *resumer;            /* who has resumed the coroutine that runs; NULL: the loop */
  lua_State *volatile running;        /* coroutine now executing on this thread, NULL outside Lua */
  volatile sig_atomic_t hooking;      /* hooks are being changed: a signal handler leaves them alone */
  volatile sig_atomic_t place_asked;  /* the hook writes where the code is into the ring's page */
  struct {            /* a user's own debug.sethook, put aside while ours is armed */
    lua_State *on;
    lua_Hook fn;
    int mask, count;
  } saved_hook;
  pthread_t thread;
  uint32_t thread_id; /* 0 on the main thread */
  uint32_t started_by; /* the thread that has started this one */
  uint64_t started;   /* uv_hrtime at creation */
  RuntimeHooks hooks;
  Origin origin;      /* strings are borrowed while the callback runs */
  bool warn_on, warn_continues; /* Lua's warn() */
  bool want_multiple; /* somebody listens to process's multipleResolves */
  bool stress, stress_failed;   /* the allocator of STRESS=1 */
  size_t heap_limit, heap_used; /* bytes of Lua's heap; limit 0: none, and nothing is counted */
  bool heap_asked, heap_over;   /* a full collection was asked for; it did not help */
  struct Trace *trace;                /* the flight recorder's ring; NULL: not traced */
  GuestLine guest;
  struct Slow *slow;                  /* what was received and is held back (slow.h); NULL: never any */
  uint32_t slow_ms;                   /* how long; 0: not at all */
  const ModuleDef *const *modules;    /* the table of builtins.c */
  const GlobalDef *globals;           /* the other one; set by module_install */
  const Settings *settings;           /* the command line; borrowed from main, never NULL */
  /* Upward calls through registered hooks; NULL until the module is there. */
  void (*on_rejections)(Runtime *rt, lua_State *L);      /* promise.c: report unhandled ones */
  bool (*on_uncaught)(Runtime *rt, lua_State *L, int idx, const char *origin); /* process: listeners; true = handled */
  void (*on_fatal)(lua_State *L);                        /* process: the error on top ends all at once. [0] */
  void (*on_warning)(lua_State *L);                      /* process: the warning on top. [-1] */
  bool (*on_process_event)(lua_State *L, const char *name, int nargs); /* process: true = heard. [-nargs] */
  void (*on_output_error)(lua_State *L);                 /* process: emits the error on top from stdout. [-1] */
  void (*on_before_exit)(Runtime *rt);                   /* process: emits beforeExit */
  void (*on_exit)(Runtime *rt, lua_State *L);            /* process: emits exit on L; may raise */
  void (*on_stopping)(Runtime *rt);                      /* worker_threads: ends the threads of this one */
  void (*on_traced)(Runtime *rt);                        /* the program: the ring is open. No Lua yet; threads inherit it */
  void (*inspect)(lua_State *L, int idx);                /* inspect: the value as text, pushed. [+1] */
};

/* The runtime of the running thread, for signal handlers. NULL where there is none. */
extern _Thread_local Runtime *rt_self;

static inline Runtime *rt_of(lua_State *L) { return *(Runtime **)lua_getextraspace(L); }

/* Creates a runtime on the calling thread; NULL when memory or descriptors are short. Takes nothing. */
Runtime *rt_new(const ModuleDef *const *modules);

/* Runs the loop until nothing keeps it alive (beforeExit included) or an exit is asked for. */
void rt_run(Runtime *rt);

/* Runs `exit` listeners once, then closes every handle, the loop and the state. Returns the exit code,
 * of which the system takes the last 8 bits. rt is freed. */
int64_t rt_end(Runtime *rt);

/* Runs body(L) protected with ev as light userdata at index 1, on the main state. Errors go to
 * rt_uncaught. Drains the queues at the outermost entry. Returns false when the body raised.
 * After an exit was asked for nothing runs. */
bool rt_enter(Runtime *rt, lua_CFunction body, void *ev);

/* An uncaught error at the top of L, the main state or the coroutine that runs: routed to listeners,
 * prompt or end of the program. [-1] */
void rt_uncaught(Runtime *rt, lua_State *L, const char *origin);

/* Queues fn with nargs arguments (on top: fn, args...). [-(nargs+1), +0] */
void rt_next_tick(lua_State *L, int nargs);
void rt_microtask(lua_State *L, int nargs);

/* Drains ticks and microtasks now (between two timers of one turn, ...); rt_enter does it by itself. */
void rt_drain(Runtime *rt);

/* Emits a process warning: the Error on top, whose name is the kind of warning. [-1] */
void rt_warning(lua_State *L);

/* Raises when the runtime is being torn down: each constructor of a handle asks first. */
void rt_check_open(lua_State *L);

/* Ends the program with code: exit listeners run now, then the running Lua code unwinds (no pcall
 * stops that). Never returns. */
int rt_exit(lua_State *L, int64_t code);

/* Ends the runtime at once with code 1, without exit listeners. */
void rt_terminate(Runtime *rt);

/* From now on going over so many bytes of Lua's heap ends the runtime; heap_over tells then. */
void rt_limit_heap(Runtime *rt, size_t bytes);

/* Ends the program because of the uncaught error on top of L: code 1, exit listeners (which may set
 * another code), the report on stderr. [-1] */
void rt_die(Runtime *rt, lua_State *L);

/* The same with this code and without exit listeners. [-1] */
void rt_die_at_once(Runtime *rt, lua_State *L, int code);

/* (error) -> its report as text, for lua_pcall. */
int rt_report(lua_State *L);

/* Message handler for lua_pcall: turns any value into an Error that carries its stack. */
int rt_traceback(lua_State *L);

/* The row of a built-in module, NULL when there is none. */
const ModuleDef *rt_find_module(Runtime *rt, const char *name);

/* Opens a built-in module ("events", "node:events") once and pushes it; false when there is none. [+1|0] */
bool rt_require_builtin(lua_State *L, const char *name);

/* A zeroed struct of `size` bytes that belongs to this runtime, one per key (the address of a static);
 * made on first use, freed with the state. Modules keep their state there. */
void *rt_data(lua_State *L, const void *key, size_t size);

#endif
