/* SPDX-License-Identifier: MIT */
/* report.h - process.report: the state of the program as one table or file. */
#ifndef MOONFORK_PROCESS_REPORT_H
#define MOONFORK_PROCESS_REPORT_H

#include "../core/runtime.h"

extern const ClassDef report_class;

typedef struct ReportWish {
  const char *event, *trigger;
  const char *filename;   /* NULL: only a table is wanted */
  int error;              /* index of the error it is about, 0: none */
  int level;              /* where the stack begins when there is no error */
  bool exclude_network;
} ReportWish;

/* Pushes the report. process is at index 1. [+1] */
void report_push(lua_State *L, const ReportWish *wish);

/* The getter of process.report. */
int process_get_report(lua_State *L);

/* An error that nobody handled, at idx, ends the program: writes a report where that is wanted.
 * [0] */
void report_on_uncaught(lua_State *L, int idx);

/* The same for the error on top, which ends the program at once. Never raises. [0] */
void report_on_fatal(lua_State *L);

#endif
