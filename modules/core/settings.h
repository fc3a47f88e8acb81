/* SPDX-License-Identifier: MIT */
/* settings.h - what the command line decided, for the modules to read (rt->settings).
 *
 * Filled once by main, read-only afterwards; a worker's runtime shares its parent's. All strings live
 * as long as the program. */
#ifndef MOONFORK_SETTINGS_H
#define MOONFORK_SETTINGS_H

#include <stdbool.h>

#define MOONFORK_VERSION "0.1.0"

/* --unhandled-rejections=throw|strict|warn|warn-with-error-code|none */
typedef enum RejectionMode {
  REJECT_THROW, REJECT_STRICT, REJECT_WARN, REJECT_WARN_ERROR, REJECT_NONE
} RejectionMode;

typedef struct Settings {
  const char *argv0;      /* as the program was called */
  char **exec_argv;       /* options before the script: process.execArgv */
  int exec_argc;
  const char *script;     /* process.argv[2]: absolute path of the script as typed; "-" when stdin was asked for
                             by name; NULL for -e and the prompt */
  char **args;            /* what follows the script */
  int nargs;
  const char *eval;       /* code of -e or -p, NULL when there is none */
  RejectionMode rejections;
  bool interactive;       /* the prompt is or will be open */
  bool no_warnings, trace_warnings, no_deprecation, throw_deprecation, trace_deprecation;
} Settings;

#endif
