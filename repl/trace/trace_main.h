/* SPDX-License-Identifier: MIT */
/* trace_main.h - `moonfork trace`: what a folder holds, as NDJSON or in Chrome's trace format. */
#ifndef MOONFORK_TRACE_MAIN_H
#define MOONFORK_TRACE_MAIN_H

/* Returns the exit code. */
int trace_main(int nargs, char **args);

#endif
