/* SPDX-License-Identifier: MIT */
/* eval.h - one line of text: compiled, run, its values or its error shown.
 *
 * An Evaluator runs lines one after another, for the prompt or for a guest from another process (inside/).
 * It needs no editor: what it shows goes out as the program's own output does. A line that awaits lets the
 * loop go on; ev->waits is set until it ends or is cancelled. One in a runtime. */
#ifndef MOONFORK_EVAL_H
#define MOONFORK_EVAL_H

#include "../modules/core/runtime.h"

typedef struct Evaluator Evaluator;

struct Evaluator {
  Runtime *rt;
  const char *name;   /* lines are called =NAME>[number] */
  int number;         /* of the line that runs, or ran last */
  int waits;          /* pin of the promise of the line that awaits, 0: none does */
  lua_State *co;      /* the coroutine of that line */
  bool noted_local;   /* the note about top-level locals was shown */
  bool telling;       /* the error of a line that waited is being shown */
  /* Around the entry of a line: who may interrupt it. */
  void (*begin)(Evaluator *ev);
  void (*end)(Evaluator *ev);
  void (*over)(Evaluator *ev); /* a line has ended; may be called once more for it */
  void *ctx;
};

/* The evaluator of this state, NULL: none. */
Evaluator *evaluator_of(lua_State *L);

/* Makes it the state's own, with a session (session.h). [0] */
void evaluator_open(lua_State *L, Evaluator *ev);

/* Runs the text as line ev->number + 1. chunk: its name, NULL for its number. */
void eval_line(Evaluator *ev, const char *chunk, const char *text, size_t len);

/* Ends the waiting of the line; what it waits for goes on. */
void eval_cancel(Evaluator *ev);

#endif
