/* SPDX-License-Identifier: MIT */
/* spawn.h - what a child is started with: read from Lua once, used by spawn, fork and spawnSync. */
#ifndef MOONFORK_SPAWN_H
#define MOONFORK_SPAWN_H

#include <uv.h>
#include "../core/class.h"
#include "../core/trace.h"

typedef enum StdioKind {
  STDIO_IGNORE,
  STDIO_PIPE,
  STDIO_IPC,
  STDIO_FD,      /* a descriptor of this process */
  STDIO_FORWARD  /* a pipe whose bytes go to our own writer: the prompt is on the screen */
} StdioKind;

typedef struct StdioSlot {
  StdioKind kind;
  int fd;        /* STDIO_FD: ours; STDIO_FORWARD: 1 or 2 */
} StdioSlot;

/* Everything lies in memory that Lua owns and that SpawnArgs's own value keeps alive. */
typedef struct SpawnArgs {
  const char *file, *cwd;
  char **argv, **env;    /* env NULL: inherited */
  unsigned flags;        /* UV_PROCESS_* */
  uv_uid_t uid;
  uv_gid_t gid;
  int nstdio, ipc;       /* ipc: slot of the channel, -1 when there is none */
  StdioSlot *stdio;
  uint64_t timeout;      /* ms after which the child gets kill_signal; 0: never */
  int kill_signal;
  bool has_signal;       /* an AbortSignal was given */
  bool advanced;         /* messages in V8's format */
  size_t message_limit;  /* bytes of one message, 0: the usual */
  uint64_t trace_channel; /* what the flight recorder calls the channel, 0: none */
} SpawnArgs;

/* Reads (file, args?, options?) from the stack indexes file, file + 1 and file + 2, checks all of it and
 * pushes a value that owns the result. sync: for spawnSync (no channel, no streams). [+1] */
SpawnArgs *spawn_read(lua_State *L, int file, bool sync);

/* The record of a start, or of one that failed (err). file: what the prompt calls it; number: its #n there,
 * 0: none. */
void trace_spawn(Trace *trace, const SpawnArgs *args, const char *file, int pid, unsigned number, int err);

/* The record of its end. */
void trace_reap(Trace *trace, int pid, int64_t status, int signal);

/* Pushes the AbortSignal of the SpawnArgs value at owner. [+1] */
void spawn_push_signal(lua_State *L, int owner);

/* The child has the sockets that were given as its stdio: we read them no longer. owner as above. */
void spawn_lend_streams(lua_State *L, int owner, int count);

/* Pushes the name of a signal; "SIG40" for one that has none. [+1] */
void spawn_push_signal_name(lua_State *L, int number);

/* Options that several functions read, with Node's errors. options 0: none given. */
uint64_t spawn_read_timeout(lua_State *L, int options);
int spawn_read_kill_signal(lua_State *L, int options);
double spawn_read_max_buffer(lua_State *L, int options);

/* Raw key of an options table: the slot of the descriptor that holds a shipped function (ship.h). */
extern const char spawn_function_slot;

/* Pushes the array of the arguments (argv without argv[0] when from is 1). [+1] */
void spawn_push_args(lua_State *L, const SpawnArgs *args, int from);

/* Pushes a copy of the option table at idx (0: an empty one), for a caller that changes options. [+1] */
void spawn_copy_options(lua_State *L, int idx);

/* Is the table at idx a list of arguments rather than options? */
bool spawn_is_list(lua_State *L, int idx);

#endif
