/* SPDX-License-Identifier: MIT */
/* session.h - what a prompt session keeps: names, values, the lines that worked.
 *
 * Lines run with the session's table as their _ENV. It holds what they declared `local`; everything else
 * is read from and written to the globals behind it. Raw access only, but for running a line. All of
 * these may run out of memory: call them from bodies, or by guarded(). */
#ifndef MOONFORK_SESSION_H
#define MOONFORK_SESSION_H

#include "prompt.h"
#include "rewrite.h"

/* Makes the tables; what is global now is not the session's. [0] */
void session_open(lua_State *L);

/* Pushes the table of the session's locals, the _ENV of lines. [+1] */
void session_push(lua_State *L);

typedef enum LineKind { LINE_EXPRESSION, LINE_STATEMENT, LINE_WRONG } LineKind;

/* Pushes the function of the text and the one argument it is called with, or (LINE_WRONG) the message
 * that says why it does not compile. [+2|1] */
LineKind session_load(lua_State *L, const char *chunk, const char *text, size_t len, Rewritten *locals);

/* Would more lines make it compile? Runs nothing. [0] */
bool session_incomplete(lua_State *L, const char *text, size_t len);

/* Keeps the value on top as `_` and for v(number). [-1] */
void session_set_value(lua_State *L, int number);
/* Keeps the error on top as `_err`. [-1] */
void session_set_error(lua_State *L);
/* Pushes what line `number` gave; negative: counted back from the newest. [+1] */
void session_push_value(lua_State *L, lua_Integer number);

/* Keeps the text of a line that worked, for .save. */
void session_keep_line(lua_State *L, const char *text, size_t len);
/* Pushes these lines, each with a line end, as one string. [+1] */
void session_push_lines(lua_State *L);

/* Pushes the newest of them, nil when there is none. [+1] */
void session_push_last_line(lua_State *L);

/* Is the name at idx one of ours, which loads on first use? */
bool session_is_builtin(lua_State *L, int idx);

/* Did the session define the name on top? A local of it, or a global that was not there before. [0] */
bool session_defined(lua_State *L, int name);

/* Pushes a table of the session's names with their values: locals = true for those declared local. [+1] */
void session_push_names(lua_State *L, bool locals);

/* Forgets all names and values; the globals are again what they were at the start. [0] */
void session_reset(lua_State *L);

/* Runs fn(ev) protected, without the queues and reports of rt_enter: for what a key asks. An error is
 * dropped: false. */
bool guarded(Runtime *rt, lua_CFunction fn, void *ev);

#endif
