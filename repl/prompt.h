/* SPDX-License-Identifier: MIT */
/* prompt.h - what the files of the prompt share.
 *
 * repl.c life cycle and keys, eval.c lines that run and wait, session.c names and values kept between
 * lines, rewrite.c top-level locals, show.c values and errors, say.c text on the screen, known.c which
 * names there are, commands.c and cmd_*.c the dot commands, shell.c programs that get the terminal,
 * leave.c the question at the end, ps.c processes. There is one prompt in a process; it belongs to
 * main's runtime and is found by rt->hooks.ctx. Main thread only. */
#ifndef MOONFORK_PROMPT_H
#define MOONFORK_PROMPT_H

#include "../modules/core/runtime.h"
#include "../modules/core/strbuf.h"
#include "edit/bytes.h"
#include "eval.h"

enum { MOST_VALUES = 200 }; /* results that v(n) still knows */

typedef struct Timing { /* of .time */
  bool on;
  uint64_t wall, cpu;   /* nanoseconds, at the start */
  lua_Alloc alloc;      /* the runtime's own, while ours counts */
  void *alloc_ud;
  uint64_t count, bytes;
} Timing;

typedef struct Repl {
  Runtime *rt;
  Evaluator ev;       /* runs the lines */
  Bytes queue;        /* lines typed meanwhile, each ended by a zero byte */
  int spin;           /* which sign of the spinner is shown */
  uv_timer_t *spinner; /* owned by its handle; runs while a line waits */
  int child_limit;    /* the prompt asks before there are more */
  bool open;          /* the editor is there */
  bool done;          /* the prompt is over: the loop ends */
  bool away;          /* another program has the terminal */
  bool asking;        /* a question has the keys */
  bool numbers;       /* .set numbers on */
  bool no_preview;    /* .set preview off */
  bool slow_preview;  /* looking for the value of this line took long: not again */
  bool after_empty;   /* the last key was a Ctrl-C on an empty line */
  Timing timing;
} Repl;

static inline Repl *repl_of(lua_State *L) { return rt_of(L)->hooks.ctx; }

/* repl.c */
void repl_next_prompt(Repl *repl); /* shows it, unless a line runs or another program has the terminal */
void repl_waited(Repl *repl);      /* what lines waited for is there: the loop comes by and shows the next prompt */
void repl_finish(Repl *repl);      /* the prompt is over, whatever still lives */

#endif
