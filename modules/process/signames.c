/* SPDX-License-Identifier: MIT */
/* signames.c - see signames.h. */
#include "signames.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>

const SignalName signal_names[] = { { "SIGHUP", SIGHUP },       { "SIGINT", SIGINT },
                                    { "SIGQUIT", SIGQUIT },     { "SIGILL", SIGILL },
                                    { "SIGTRAP", SIGTRAP },     { "SIGABRT", SIGABRT },
                                    { "SIGIOT", SIGIOT },       { "SIGBUS", SIGBUS },
                                    { "SIGFPE", SIGFPE },       { "SIGKILL", SIGKILL },
                                    { "SIGUSR1", SIGUSR1 },     { "SIGSEGV", SIGSEGV },
                                    { "SIGUSR2", SIGUSR2 },     { "SIGPIPE", SIGPIPE },
                                    { "SIGALRM", SIGALRM },     { "SIGTERM", SIGTERM },
                                    { "SIGCHLD", SIGCHLD },
#ifdef SIGSTKFLT
                                    { "SIGSTKFLT", SIGSTKFLT },
#endif
                                    { "SIGCONT", SIGCONT },     { "SIGSTOP", SIGSTOP },
                                    { "SIGTSTP", SIGTSTP },     { "SIGTTIN", SIGTTIN },
                                    { "SIGTTOU", SIGTTOU },     { "SIGURG", SIGURG },
                                    { "SIGXCPU", SIGXCPU },     { "SIGXFSZ", SIGXFSZ },
                                    { "SIGVTALRM", SIGVTALRM }, { "SIGPROF", SIGPROF },
                                    { "SIGWINCH", SIGWINCH },   { "SIGIO", SIGIO },
                                    { "SIGPOLL", SIGPOLL },
#ifdef SIGPWR
                                    { "SIGPWR", SIGPWR },
#endif
                                    { "SIGSYS", SIGSYS },       { NULL, 0 } };

int signal_number(const char *name) {
  for (const SignalName *s = signal_names; s->name; s++)
    if (!strcmp(s->name, name)) return s->number;
  return 0;
}

const char *signal_name(int number) {
  for (const SignalName *s = signal_names; s->name; s++)
    if (s->number == number) return s->name;
  return NULL;
}
