/* SPDX-License-Identifier: MIT */
/* parts.h - what the files of process share; nobody else includes it. */
#ifndef MOONFORK_PROCESS_PARTS_H
#define MOONFORK_PROCESS_PARTS_H

#include "process.h"
#include "../core/class.h"
#include "../core/handle.h"

enum { SIGNAL_LIMIT = 65 }; /* names of signals, at most */

typedef enum Tristate { UNSET, NO, YES } Tristate;

typedef struct Process {
  Tristate no_deprecation, throw_deprecation, trace_deprecation;
  bool multiple_told;            /* that multipleResolves is deprecated */
  bool hint_shown;               /* the line that tells of --trace-warnings */
  const ProcessChannel *channel; /* NULL: no parent that listens */
  Handle *watched[SIGNAL_LIMIT]; /* by row of signal_names; own themselves */
} Process;

/* User values of the object: what is made on first use. */
enum {
  PV_CAPTURE = UV_CLASS,
  PV_ENV,
  PV_ARGV,
  PV_EXEC_ARGV,
  PV_VERSIONS,
  PV_RELEASE,
  PV_REPORT,
  PV_FEATURES,
  PV_LAST = PV_FEATURES
};

/* The Process of the object at 1. */
Process *process_self(lua_State *L);

/* Pushes user value `slot` of the object at 1, made by `make` on first use. [+1] */
int process_cached(lua_State *L, int slot, void (*make)(lua_State *L));

/* exit.c */
int process_exit(lua_State *L);
int process_abort(lua_State *L);
int process_kill(lua_State *L);
int process_get_exit_code(lua_State *L);
int process_set_exit_code(lua_State *L);
void process_on_before_exit(Runtime *rt);
void process_on_exit(Runtime *rt, lua_State *L);

/* uncaught.c */
bool process_on_uncaught(Runtime *rt, lua_State *L, int idx, const char *origin);
int process_set_capture(lua_State *L);
int process_has_capture(lua_State *L);

/* usage.c: bytes of Lua's heap, and of what the C library has given out and holds. */
typedef struct MemoryUse {
  int64_t used, total;    /* heap; at least that, what the allocator holds */
  int64_t taken;          /* given out by the allocator */
  int64_t external, buffers; /* all but the heap; of that, Buffers */
} MemoryUse;
MemoryUse process_memory(lua_State *L);

/* warning.c */
int process_emit_warning(lua_State *L);
int process_print_warning(lua_State *L); /* the listener that prints */
void process_on_warning(lua_State *L);
int process_get_no_deprecation(lua_State *L), process_set_no_deprecation(lua_State *L);
int process_get_throw_deprecation(lua_State *L), process_set_throw_deprecation(lua_State *L);
int process_get_trace_deprecation(lua_State *L), process_set_trace_deprecation(lua_State *L);

/* signals.c: a listener of `event` came or went. */
void process_signal_listeners(lua_State *L, int idx, const char *event, int count);

/* Runs deliver by rt_enter for each such signal, until it is no longer watched. *slot is NULL
 * before. 0 or a uv error. */
int process_watch_signal(Runtime *rt, Handle **slot, const char *name, lua_CFunction deliver);
void process_unwatch_signal(Handle **slot);

/* env.c */
void process_make_env(lua_State *L);
int process_load_env_file(lua_State *L);

/* usage.c */
int process_hrtime(lua_State *L), process_hrtime_bigint(lua_State *L);
int process_memory_usage(lua_State *L), process_memory_rss(lua_State *L);
int process_cpu_usage(lua_State *L), process_resource_usage(lua_State *L);
int process_constrained_memory(lua_State *L), process_available_memory(lua_State *L);
int process_uptime(lua_State *L);
int process_active_resources(lua_State *L);

/* identity.c */
int process_cwd(lua_State *L), process_chdir(lua_State *L), process_umask(lua_State *L);
int process_getuid(lua_State *L), process_geteuid(lua_State *L);
int process_getgid(lua_State *L), process_getegid(lua_State *L), process_getgroups(lua_State *L);
int process_get_pid(lua_State *L), process_get_ppid(lua_State *L);
int process_get_title(lua_State *L), process_set_title(lua_State *L);
int process_get_argv(lua_State *L), process_get_argv0(lua_State *L);
int process_get_exec_path(lua_State *L), process_get_exec_argv(lua_State *L);
int process_get_version(lua_State *L), process_get_versions(lua_State *L);
int process_get_release(lua_State *L), process_get_features(lua_State *L);
int process_get_platform(lua_State *L),
    process_get_arch(lua_State *L);

/* credentials.c */
int process_setuid(lua_State *L), process_seteuid(lua_State *L);
int process_setgid(lua_State *L), process_setegid(lua_State *L);
int process_setgroups(lua_State *L), process_initgroups(lua_State *L);

/* addon.c */
int process_dlopen(lua_State *L);

#endif
