/* SPDX-License-Identifier: MIT */
/* signame.c - see signame.h. */
#include "signame.h"
#include "error.h"

#include <signal.h>
#include <string.h>
#include <strings.h>

#define ROW(name) { #name, name }
const SignalName signal_names[] = {
  ROW(SIGHUP),  ROW(SIGINT),  ROW(SIGQUIT),   ROW(SIGILL),    ROW(SIGTRAP), ROW(SIGABRT),
  ROW(SIGBUS),  ROW(SIGFPE),  ROW(SIGKILL),   ROW(SIGUSR1),   ROW(SIGSEGV), ROW(SIGUSR2),
  ROW(SIGPIPE), ROW(SIGALRM), ROW(SIGTERM),   ROW(SIGCHLD),   ROW(SIGCONT), ROW(SIGSTOP),
  ROW(SIGTSTP), ROW(SIGTTIN), ROW(SIGTTOU),   ROW(SIGURG),    ROW(SIGXCPU), ROW(SIGXFSZ),
  ROW(SIGVTALRM), ROW(SIGPROF), ROW(SIGWINCH), ROW(SIGIO),    ROW(SIGSYS),
#ifdef SIGSTKFLT
  ROW(SIGSTKFLT),
#endif
#ifdef SIGPWR
  ROW(SIGPWR),
#endif
#ifdef SIGPOLL
  ROW(SIGPOLL),
#endif
  ROW(SIGIOT),  { NULL, 0 }
};
#undef ROW

int signal_number(const char *name, bool any_case) {
  for (const SignalName *s = signal_names; s->name; s++)
    if ((any_case ? strcasecmp(s->name, name) : strcmp(s->name, name)) == 0) return s->number;
  return 0;
}

const char *signal_name(int number) {
  for (const SignalName *s = signal_names; s->name; s++)
    if (s->number == number) return s->name;
  return NULL;
}

int err_unknown_signal(lua_State *L, int idx) {
  idx = lua_absindex(L, idx);
  if (lua_type(L, idx) == LUA_TSTRING) lua_pushvalue(L, idx);
  else err_push_shown(L, idx);
  return err_raise(L, &type_error_class, "ERR_UNKNOWN_SIGNAL", "Unknown signal: %s",
                   lua_tostring(L, -1));
}

int arg_signal(lua_State *L, int idx, bool any_case, int fallback) {
  int whole = 0, number = 0;
  if (lua_isnoneornil(L, idx)) return fallback;
  if (lua_type(L, idx) == LUA_TNUMBER) {
    lua_Integer n = lua_tointegerx(L, idx, &whole);
    if (whole && n == 0) return 0;
    if (whole && n > 0 && n < 65 && signal_name((int)n)) number = (int)n;
  } else if (lua_type(L, idx) == LUA_TSTRING) {
    number = signal_number(lua_tostring(L, idx), any_case);
  }
  return number ? number : err_unknown_signal(L, idx);
}
