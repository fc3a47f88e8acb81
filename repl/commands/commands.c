/* SPDX-License-Identifier: MIT */
/* commands.c - see commands.h. */
#include "commands.h"
#include "../edit/ed.h"
#include "../known.h"
#include "../say.h"
#include "../session.h"
#include "shell.h"
#include "../show.h"
#include "../help/zh.h"
#include "../../modules/core/interrupt.h"
#include "../../modules/stream/stdio.h"

#include <stdlib.h>
#include <string.h>

const CommandDef command_defs[] = {
  { "cells", "[-f]", "The first cells of each SharedArrayBuffer, changing live with -f.", cmd_cells, NULL },
  { "cont", "NAME", "Lets a stopped process go on (SIGCONT).", cmd_cont, NULL },
  { "doc", "NAME", "The documentation of a name: .doc cp.fork, .doc EADDRINUSE. ?NAME is the same.", NULL, cmd_help },
  { "edit", "[FILE]", "Opens $EDITOR with the last block (or FILE); what is saved is run.", cmd_edit, NULL },
  { "exit", "", "Leaves; asks when children still live. Ctrl-D does the same.", cmd_exit, NULL },
  { "handles", "", "What keeps the program alive: timers, children, sockets.", NULL, cmd_handles },
  { "help", "[NAME]", "This list, or the documentation of a name. ?NAME is the same.", NULL, cmd_help },
  { "i", "EXPRESSION | NAME", "Everything there is to know of one value, or of one process: .i B, .i 412, .i #1.", NULL, cmd_inspect },
  { "in", "NAME", "Types into a running process or thread of ours: .in B, .in 412, .in #1, .in worker#2, "
    ".in tid 3. Lines, Tab and values are there; what a line prints comes back here, what its callbacks print "
    "later goes where that process prints, and their errors end it as they would in its script. Ctrl-C stops "
    "the line alone. .out or Ctrl-D returns.", cmd_in, NULL },
  { "info", "[memory|loop|limits|procs]", "Facts about this process.", NULL, cmd_info },
  { "inspect", "[PORT] | off", "The live page for a browser: processes, lanes, ports, loops.", cmd_page, NULL },
  { "kill", "[-SIGNAL] NAME", "Sends a signal, SIGTERM when none is named, and tells what came of it. NAME is what the "
    "views show: a letter, worker#2, #1 as the prompt printed it, or a pid; a process without a trace, as of sh, has "
    "no letter, so its pid names it.", cmd_kill, NULL },
  { "lang", "[zh|en]", "In which language help, error codes and lessons speak.", cmd_lang, NULL },
  { "lanes", "[1-9] [NAME] [-f]", "What happened when, a column for each process, with the messages between them.", cmd_lanes, NULL },
  { "lesson", "[CHAPTER | NAME]", "The course: its chapters, one of them (.lesson 4), or a script by its name.", cmd_lesson, NULL },
  { "load", "FILE", "Runs the file as if it were typed.", cmd_load, NULL },
  { "log", "[NAME] [-f]", "What the processes printed, with origin and time.", cmd_log, NULL },
  { "loop", "[NAME] [-f]", "What each loop did lately, a character for 50 ms.", cmd_loop, NULL },
  { "mem", "[NAME] [-f]", "Lua's heap, ArrayBuffers and resident memory, as curves.", cmd_mem, NULL },
  { "node", "[SNNN | NAME]", "The JavaScript of a sample, beside its Lua: .node S014, .node orphan; alone that of the "
    "lesson at hand.", cmd_node, NULL },
  { "out", "", "Returns from .in to this prompt.", cmd_out, NULL },
  { "pool", "[NAME] [-f]", "What the threads of the pools do, and what waits for them.", cmd_pool, NULL },
  { "ports", "[NAME] [-f]", "Listening sockets, who holds them and who accepts; listen() calls that failed.", cmd_ports, NULL },
  { "present", "[CHAPTER] [--speed N]", "A chapter in front of a class: Space goes on, Backspace goes back, each process "
    "has its letter and colour; at --speed 0.25 the display takes its time. Alone the chapter where one is.",
    cmd_present, NULL },
  { "ps", "[-f]", "The tree of our processes with their channels; orphans stand under who adopted them.", cmd_ps, NULL },
  { "record", "[FILE.cast|off]", "Keeps what the terminal shows from now on, for asciinema play; a new file. What a "
    "program that has the terminal (!vi, .edit) shows is not in it.", cmd_record, NULL },
  { "reset", "", "Forgets all names and values of the session.", NULL, cmd_reset },
  { "save", "FILE", "Writes the lines that worked into the file.", NULL, cmd_save },
  { "set", "[OPTION VALUE]", "The options of the prompt, or changes one.", cmd_set, NULL },
  { "slow", "NAME MS", "Each message that the process or thread receives from now on waits so many "
    "milliseconds first; 0 ends it.", cmd_slow, NULL },
  { "stop", "NAME", "Stops a process (SIGSTOP); .cont lets it go on.", cmd_stop, NULL },
  { "taps", "[NAME] [-f]", "Bytes on stdin, stdout and stderr of each process; a full pipe is marked.", cmd_taps, NULL },
  { "threads", "[NAME] [-f]", "The threads of each process, their state and their queue.", cmd_threads, NULL },
  { "time", "LINE", "Runs the line and tells what it took.", cmd_time, NULL },
  { "top", "", "All processes, live, on the full screen; F2 or Alt-v opens it over a half-typed line.", cmd_top, NULL },
  { "trace", "[on | off | log [1-9] | save FILE]", "The flight recorder: paused and going on, its last records, and all of "
    "them in a file: FILE.ndjson, a record a line, or FILE.json for Perfetto.", cmd_trace, NULL },
  { "transcript", "FILE.md", "Writes the lines typed so far and what was printed, as Markdown; a new file, or the "
    "one of the last time.", cmd_transcript, NULL },
  { "type", "EXPRESSION", "What kind of value it is: class, metatable, size, where it is defined.", NULL, cmd_type },
  { "vars", "", "The names that this session has made.", NULL, cmd_vars },
  { NULL, NULL, NULL, NULL, NULL }
};

/* ---- running ---- */

/* (body, command) under pcall, so that its error is shown as a line's is. */
typedef struct BodyCall {
  const Command *command;
  lua_CFunction body;
} BodyCall;

static int call_body(lua_State *L) {
  BodyCall *call = lua_touserdata(L, 1);
  lua_settop(L, 0);
  lua_pushcfunction(L, rt_traceback);
  lua_pushcfunction(L, call->body);
  lua_pushlightuserdata(L, (void *)call->command);
  if (lua_pcall(L, 1, 0, 1) == LUA_OK) return 0;
  if (interrupt_is(L, -1)) return lua_error(L);
  show_error(L, -1, NULL);
  return 0;
}

void command_enter(const Command *command, lua_CFunction body) {
  BodyCall call = { command, body };
  (void)rt_enter(command->repl->rt, call_body, &call);
}

static void run_body(const Command *command, lua_CFunction body) {
  interrupt_sigint_on(ed_emergency_restore);
  command_enter(command, body);
  interrupt_sigint_off();
}

const CommandDef *command_find(const char *name) {
  const CommandDef *d = command_defs;
  while (d->name && strcmp(d->name, name) != 0) d++;
  return d->name ? d : NULL;
}

static void tell_unknown(const char *name) {
  size_t len = strlen(name);
  const CommandDef *best = NULL;
  int distance = 3;
  for (const CommandDef *d = command_defs; d->name; d++) {
    int far = !strncmp(d->name, name, len) ? 1 : spelling_distance(name, len, d->name, strlen(d->name), 2);
    if (far >= distance) continue;
    distance = far;
    best = d;
  }
  if (best) say("There is no .%s; did you mean .%s?", name, best->name);
  else say("There is no .%s; .help lists the commands.", name);
}

static void run_named(Command *command, char *text) {
  char *end = text + strcspn(text, " \t\n");
  command->args = end + strspn(end, " \t\n");
  *end = '\0';
  const CommandDef *d = command_find(text);
  if (!d) tell_unknown(text);
  else if (d->plain) d->plain(command);
  else run_body(command, d->body);
}

void command_run(Repl *repl, const char *text, size_t len) {
  while (len > 0 && strchr(" \t\n\r", text[len - 1])) len--;
  while (len > 0 && strchr(" \t", *text)) text++, len--;
  char *copy = strndup(text, len);
  if (!copy) abort(); /* as the editor's own buffers do */
  Command command = { repl, copy + 1 };
  if (*copy == '!') {
    shell_command(repl, copy + 1);
  } else if (*copy == '?') {
    run_body(&command, help_question);
  } else {
    run_named(&command, copy + 1);
  }
  free(copy);
}

/* ---- globals of the prompt ---- */

/* v(n): what line n gave; v(-1): what the last one gave. */
static int global_v(lua_State *L) {
  lua_Integer n = luaL_optinteger(L, 1, -1);
  session_push_value(L, n);
  return 1;
}

void commands_open(lua_State *L) {
  lua_pushcfunction(L, help_function);
  lua_setglobal(L, "help");
  lua_pushcfunction(L, global_v);
  lua_setglobal(L, "v");
  if (rt_require_builtin(L, "child_process")) lua_setglobal(L, "cp");
  if (rt_require_builtin(L, "process")) lua_setglobal(L, "process"); /* loaded: its fields have previews */
  stdio_hold_stdin(L, "the prompt's editor holds the terminal; a script, or !COMMAND, can read it");
}
