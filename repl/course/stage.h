/* SPDX-License-Identifier: MIT */
/* stage.h - one run: a script and all that it starts, watched until it is over.
 *
 * The script runs in a process group of its own with an empty standard input; what it prints comes through
 * a pipe, what a check.lua sends through a channel on descriptor 3, the rest through the flight recorder. */
#ifndef MOONFORK_COURSE_STAGE_H
#define MOONFORK_COURSE_STAGE_H

#include "kept.h"
#include "facts.h"
#include "lair.h"
#include "../live/live.h"

typedef enum Ending {
  END_FAILED,      /* it could not be started */
  END_ENDED,       /* all that was started has ended */
  END_OVER,        /* the guide's `over` said so */
  END_LIMIT,       /* it was stopped at the limit */
  END_INTERRUPTED, /* Ctrl-C */
  END_GONE         /* we are asked to end */
} Ending;

/* The view that the step names, as it was when it said most. */
typedef struct Beside {
  StrBuf text;
  size_t score;
  Kept *kept;      /* of .cells; owns */
} Beside;

typedef struct Stage {
  /* set by the caller */
  Guide *guide;
  const Step *step;
  const Lair *lair;
  const char *file;         /* absolute */
  const char *before;       /* an argument that comes before the step's: the student's file; NULL */
  bool channel;             /* of a check.lua: messages are facts */
  bool first_only;          /* over when the first process has ended */
  bool show;                /* print its lines */
  long seed;                /* 0: none */
  double patience;          /* so many times the step's limit; 0: once */
  /* afterwards */
  Ending ending;
  int err;                  /* of END_FAILED */
  Facts facts;
  Reclaimed reclaimed;
  double seconds;
  Beside beside;            /* the view that the step names */
  Beside tree;              /* .ps */
  Live *live;               /* until stage_close */
  char *trace;              /* the folder of the flight recorder; owns */
} Stage;

/* Runs to the end and ends what is left; the facts and the model stay until stage_close. */
void stage_run(Stage *stage);
void stage_close(Stage *stage);

/* Lets checks see the model in between. */
const Model *stage_hold(Stage *stage);
void stage_release(Stage *stage);

/* beside.c */
void beside_look(Stage *stage);
void beside_open(Beside *beside, const char *folder);
void beside_tell(Beside *beside, const Step *step, const Model *model);

/* The lanes of the run, as far as they fit: what was seen instead. */
void beside_around(Stage *stage);

/* The program itself; NULL when its path cannot be found. */
const char *stage_program(void);

/* The environment for processes of a lesson; the caller frees it with environment_free. */
char **stage_environment(const Lair *lair, const char *trace, const char *const *more);
void environment_free(char **list);

#endif
