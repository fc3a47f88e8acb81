/* SPDX-License-Identifier: MIT */
/* commands.h - the dot commands, `?` and `!`: one table of rows.
 *
 * A plain row's function is called between lines; a row that needs Lua runs as a body of rt_enter with
 * its Command at 1 (light userdata), and its errors are shown. */
#ifndef MOONFORK_COMMANDS_H
#define MOONFORK_COMMANDS_H

#include "../prompt.h"

typedef struct Command {
  Repl *repl;
  const char *args; /* without blanks around; "" when there are none */
} Command;

typedef struct CommandDef {
  const char *name, *args, *doc;   /* ".load", "FILE", "..." */
  void (*plain)(const Command *command);
  lua_CFunction body;
} CommandDef;

extern const CommandDef command_defs[]; /* ends with a NULL name */

/* Runs `.name args`, `?name` or `!command`. */
void command_run(Repl *repl, const char *text, size_t len);

/* The row of the name, NULL: there is none. */
const CommandDef *command_find(const char *name);

/* Enters Lua for the body of a command; its error is shown. */
void command_enter(const Command *command, lua_CFunction body);

/* Makes the prompt's own globals: help, v, cp. [0] */
void commands_open(lua_State *L);

/* cmd_session.c */
void cmd_exit(const Command *command), cmd_time(const Command *command), cmd_load(const Command *command);
void cmd_edit(const Command *command);
int cmd_vars(lua_State *L), cmd_reset(lua_State *L), cmd_save(lua_State *L);
void cmd_set(const Command *command);

/* cmd_keep.c */
void cmd_transcript(const Command *command), cmd_record(const Command *command);
void keep_check(void); /* tells when the recording has failed */

/* cmd_lesson.c */
void cmd_lesson(const Command *command), cmd_node(const Command *command);
void cmd_present(const Command *command);

/* cmd_process.c */
int cmd_handles(lua_State *L), cmd_info(lua_State *L);

/* trace/cmd_trace.c */
void cmd_trace(const Command *command);

/* inspect/cmd_page.c */
void cmd_page(const Command *command);
/* views/cmd_views.c */
void cmd_top(const Command *command), cmd_ps(const Command *command), cmd_lanes(const Command *command);
void cmd_ports(const Command *command), cmd_loop(const Command *command), cmd_pool(const Command *command);
void cmd_log(const Command *command), cmd_mem(const Command *command), cmd_taps(const Command *command);
void cmd_threads(const Command *command), cmd_cells(const Command *command);

/* cmd_inspect.c */
int cmd_inspect(lua_State *L), cmd_type(lua_State *L);

/* inside/ */
void cmd_in(const Command *command), cmd_out(const Command *command);
void cmd_kill(const Command *command), cmd_stop(const Command *command), cmd_cont(const Command *command);
void cmd_slow(const Command *command);

/* help.c */
int cmd_help(lua_State *L);
int help_question(lua_State *L); /* ?name, ?? word */
int help_function(lua_State *L); /* help(x) */

#endif
