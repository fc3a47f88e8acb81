/* SPDX-License-Identifier: MIT */
/* options.h - the command line of moonfork. */
#ifndef MOONFORK_OPTIONS_H
#define MOONFORK_OPTIONS_H

#include <stdbool.h>
#include "../modules/core/settings.h"

typedef struct Options {
  Settings settings;   /* what modules may see */
  const char *script;  /* as typed; "-" is standard input, NULL none */
  bool print;          /* -p: print the values of the code */
  bool check;          /* -c: syntax only */
  bool version, help, dump_api;
  bool trace;          /* --trace */
  const char *trace_dir; /* its folder, NULL: one is made */
  bool lesson;         /* `moonfork lesson ...`: settings.args are its arguments */
  bool inspect;        /* `moonfork inspect ...`, likewise */
  bool top;            /* `moonfork top ...`, likewise */
  bool export;         /* `moonfork trace ...`, likewise */
  const char **preload; /* -r, in order; owned */
  int npreload;
  char *trace_word;    /* --trace=DIR with the whole path; owned */
  char *file, *typed;  /* the script: real path of its file, and settings.script; owned */
} Options;

/* Reads the command line, of which everything is borrowed. Returns 0, or the exit code after a message
 * on stderr. */
int options_read(Options *opt, int argc, char **argv);

void options_free(Options *opt);

/* The text of -h. */
extern const char options_help[];

#endif
