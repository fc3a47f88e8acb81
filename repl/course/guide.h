/* SPDX-License-Identifier: MIT */
/* guide.h - a chapter's guide.lua: one table of texts and steps, read into C.
 *
 * The file runs in a state of its own, whose globals are those of facts.c (what happened in a run) and
 * math, string, table; lessons/README.md is the format's reference. Strings are borrowed from the state
 * and functions are references of its registry, so a Guide lives and dies with it. */
#ifndef MOONFORK_COURSE_GUIDE_H
#define MOONFORK_COURSE_GUIDE_H

#include <lua.h>
#include "text.h"

typedef enum StepKind { STEP_EXPLAIN, STEP_SAY, STEP_RUN, STEP_PREDICT, STEP_TRY, STEP_EXERCISE, STEP_KINDS } StepKind;

extern const char *const step_kinds[STEP_KINDS];

enum { MOST_ITEMS = 32, MOST_CHOICES = 9, MOST_HINTS = 3, MOST_ARGS = 16 };

/* One thing that must have happened. */
typedef struct Check {
  Text text;
  int fn;              /* registry reference */
} Check;

typedef struct Step {
  StepKind kind;
  const char *id;
  Text text, look, because, differs, picture;
  const char *view;    /* "." and a command, NULL */
  const char *script;  /* path in the chapter's folder: a file, or a folder with main.lua; NULL */
  const char *args[MOST_ARGS];
  int nargs;
  const char *from, *to; /* try: the change, for `--auto` */
  Text choices[MOST_ITEMS], hints[MOST_HINTS];
  int nchoices, nhints, nchecks;
  Check checks[MOST_ITEMS];
  int answer, accept, over, known; /* registry references (known: any value), 0: none */
  double limit;        /* seconds until a run is stopped */
  bool random;         /* the seed is told, and can be given */
  int puzzle;          /* what is drawn with it, shown before the question; registry reference, 0: none */
  const char *stop;    /* the signal that ends a run when `over` says so, NULL: SIGTERM */
} Step;

typedef struct Guide {
  lua_State *L;        /* owns */
  char *folder, *name; /* "/.../04-event-loop", "04-event-loop"; owns */
  Text title;
  int minutes;
  bool no_skip;        /* its steps cannot be passed over */
  Step *steps;         /* owns */
  int nsteps;
  struct Facts *facts; /* what the predicates speak of; set while a check runs */
} Guide;

/* Reads FOLDER/guide.lua. Never NULL but without memory; what is wrong with it is appended to faults, one
 * line each, and a Guide with faults must not be run. */
Guide *guide_read(const char *folder, StrBuf *faults);
void guide_free(Guide *guide);

/* Is there a guide.lua in the folder? */
bool guide_exists(const char *folder);

/* The text in this language. */
static inline const char *text_in(const Text *text, Lang lang) { return text->in[lang] ? text->in[lang] : ""; }

/* FOLDER/SCRIPT, or its main.lua; the caller frees. */
char *guide_script(const Guide *guide, const char *script);

/* FOLDER/exercises/ID/FILE; the caller frees. */
char *guide_exercise(const Guide *guide, const Step *step, const char *file);

#endif
