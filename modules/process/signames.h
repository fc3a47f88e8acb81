/* SPDX-License-Identifier: MIT */
/* signames.h - names and numbers of signals. No state, any thread. */
#ifndef MOONFORK_SIGNAMES_H
#define MOONFORK_SIGNAMES_H

typedef struct SignalName {
  const char *name; /* "SIGTERM" */
  int number;
} SignalName;

extern const SignalName
    signal_names[]; /* ends with a NULL name; where two share a number the usual comes first */

/* The number of "SIGTERM", 0 when there is no such signal. Exact case. */
int signal_number(const char *name);

/* "SIGTERM", NULL for a number without a name. */
const char *signal_name(int number);

#endif
