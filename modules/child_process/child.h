/* SPDX-License-Identifier: MIT */
/* child.h - the ChildProcess class. */
#ifndef MOONFORK_CHILD_H
#define MOONFORK_CHILD_H

#include "ipc.h"
#include "spawn.h"

typedef struct Child Child;

extern const ClassDef child_process_class;
extern const ModuleDef child_process_module;

/* What the prompt and the views ask of a living or ended child. */
typedef struct ChildInfo {
  int pid;
  int number;          /* #n: counts the children of this runtime from 1 */
  bool running, forked, connected;
  int exit_code, signal;
  const char *file;    /* borrowed: the script or program, as long as the child lives */
} ChildInfo;

/* Starts a child from args, whose value is on top; shown_file (NULL: the program) is what the prompt
 * calls it. Pushes the ChildProcess. Raises where Node throws; a program that cannot be started is told by the event `error`. [+1] */
void child_spawn(lua_State *L, const SpawnArgs *args, const char *shown_file);

/* The channel of the ChildProcess at idx, NULL where there is none; it may be closed. */
Channel *child_channel(lua_State *L, int idx);

/* A pipe that the ChildProcess at idx waited for before its `close` has ended. Protected. */
void child_pipe_done(lua_State *L, int idx);

/* The child at idx, false for anything else. */
bool child_info(lua_State *L, int idx, ChildInfo *info);

/* Visits the children that still run. */
void child_each(Runtime *rt, void (*fn)(const ChildInfo *info, void *ctx), void *ctx);

#endif
