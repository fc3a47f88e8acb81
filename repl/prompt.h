/* SPDX-License-Identifier: MIT */
/* prompt.h - what the files of the prompt share.
 *
 * repl.c life cycle, eval.c one line, session.c names and values kept between lines, rewrite.c top-level
 * locals, show.c values and errors, say.c text on the screen, known.c which names there are,
 * complete.c Tab. There is one prompt in a process; it belongs to main's runtime and is found by
 * rt->hooks.ctx. Main thread only. */
#ifndef MOONFORK_PROMPT_H
#define MOONFORK_PROMPT_H

#include "../modules/core/runtime.h"
#include "../modules/core/strbuf.h"

enum { MOST_VALUES = 200 }; /* results that v(n) still knows */

typedef struct Repl {
  Runtime *rt;
  int number;         /* of the line that runs, or ran last: moon>[number] */
  int exit_code;      /* of the program, when `done` */
  bool open;          /* the editor is there */
  bool done;          /* the prompt is over: the loop ends */
  bool colour;
  bool noted_local;   /* the note about top-level locals was shown */
  bool after_empty;   /* the last key was a Ctrl-C on an empty line */
} Repl;

static inline Repl *repl_of(lua_State *L) { return rt_of(L)->hooks.ctx; }

#endif
