/* SPDX-License-Identifier: MIT */
/* signame.h - names and numbers of signals. */
#ifndef MOONFORK_SIGNAME_H
#define MOONFORK_SIGNAME_H

#include <stdbool.h>
#include <lua.h>

typedef struct SignalName {
  const char *name;
  int number;
} SignalName;

extern const SignalName signal_names[]; /* ends with a NULL name */

/* "SIGTERM" -> 15; 0 when there is no such signal. any_case: "sigterm" counts too. */
int signal_number(const char *name, bool any_case);

/* 15 -> "SIGTERM"; NULL for a number without a name. */
const char *signal_name(int number);

/* The signal at idx, a name or a number: fallback when nil; ERR_UNKNOWN_SIGNAL, and 0 only for the
 * number 0, which probes. */
int arg_signal(lua_State *L, int idx, bool any_case, int fallback);

/* Raises ERR_UNKNOWN_SIGNAL for the value at idx. */
int err_unknown_signal(lua_State *L, int idx);

#endif
