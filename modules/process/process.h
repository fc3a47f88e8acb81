/* SPDX-License-Identifier: MIT */
/* process.h - the global `process`: one object per runtime, made when a script first names it. */
#ifndef MOONFORK_PROCESS_H
#define MOONFORK_PROCESS_H

#include <stdbool.h>
#include <lua.h>
#include "../core/doc.h"

extern const ClassDef process_class;
extern const ModuleDef process_module;

/* Pushes the process object. [+1] */
void process_push(lua_State *L);

/* Node's names: "linux", "x64". Any thread. */
const char *process_platform(void);
const char *process_arch(void);

/* In a worker: the table on top, of strings, is its environment from now on. [-1] */
void process_set_env(lua_State *L);
bool process_has_own_env(lua_State *L);

/* Changes (value NULL: removes) a variable of the process while threads read its environment. */
void process_change_variable(const char *name, const char *value);

/* Pushes a copy of the environment as a table. [+1] */
void process_push_env(lua_State *L);

/* os.getenv where there are threads: (name) -> value or nil. */
int process_getenv(lua_State *L);

/* Pushes the variable, nil when there is none. Returns its text, NULL. C code asks here, not getenv, which
 * another thread's change of the environment would trip. [+1] */
const char *process_push_variable(lua_State *L, const char *name);

/* Raises in a worker: `what` belongs to the main thread. */
void process_main_only(lua_State *L, const char *what);

/* What the channel to the parent adds to process. Called with the arguments of the script,
 * without self. */
typedef struct ProcessChannel {
  lua_CFunction send, disconnect;
  lua_CFunction channel;   /* () -> process.channel, nil once it is gone */
  lua_CFunction connected; /* () -> boolean */
  /* A listener of `message` or `disconnect` came or went; count is what there is now. May be
   * NULL. */
  void (*listeners)(lua_State *L, const char *event, int count);
} ProcessChannel;

/* From now on process has send, disconnect, channel and connected; before, they are nil.
 * Borrows. [0] */
void process_set_channel(lua_State *L, const ProcessChannel *channel);

#endif
