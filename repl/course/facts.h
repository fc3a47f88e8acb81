/* SPDX-License-Identifier: MIT */
/* facts.h - what happened in a run, and the functions by which a guide's checks ask for it.
 *
 * Facts come from three sources: the records of the run (a Model), the lines that its processes printed,
 * and what an exercise's check.lua sent by process.send. */
#ifndef MOONFORK_COURSE_FACTS_H
#define MOONFORK_COURSE_FACTS_H

#include <lua.h>
#include <stdint.h>
#include "guide.h"
#include "../live/model.h"

typedef struct FactLine {
  uint64_t t;          /* ns, when it was read */
  char *text;          /* without its end; owns */
} FactLine;

typedef struct Facts {
  const Model *model;  /* borrowed while a check runs; NULL: nothing was traced */
  FactLine *lines;     /* owns */
  size_t nlines;
  char **messages;     /* JSON, as they came; owns */
  size_t nmessages;
  int pid;             /* of the process that was started first, 0: none yet */
  bool ended;          /* it has */
  int code, signal;    /* how, once it has ended */
  int left;            /* processes that lived when the run was over */
  uint64_t began;      /* ns */
  long seed;           /* of what was drawn for the run, 0: nothing */
  bool untold;         /* the check has asked for a fact that nobody has sent */
} Facts;

void facts_clear(Facts *facts);
void facts_add_line(Facts *facts, const char *text, size_t len);
void facts_add_message(Facts *facts, const char *json, size_t len);

/* Makes the table of globals for a guide; `at` is where its functions find the facts. [+1] */
void facts_open(lua_State *L, Facts **at);

/* Calls a check's function: has it happened? A second value, or why it failed, is written to detail. */
bool facts_check(Guide *guide, int fn, Facts *facts, StrBuf *detail);

/* The value of a reference, or what the function it holds gives for the seed, as text; NULL: nil, or an error, which
 * is written to why. The caller frees. */
char *facts_value(Guide *guide, int ref, Facts *facts, StrBuf *why);

/* The text that check.lua has sent under the name; NULL: none. The caller frees. */
char *facts_told(Guide *guide, const Facts *facts, const char *name);

/* Calls accept(said, is). */
bool facts_accept(Guide *guide, int fn, Facts *facts, const char *said, const char *is);

#endif
