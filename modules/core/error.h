/* SPDX-License-Identifier: MIT */
/* error.h - the Error class, and how C code raises and builds errors with Node's codes and words.
 *
 * Errors are tables with the fields name, message, code, errno, syscall, path, dest, address, port,
 * cause, stack. err_push_* leaves an Error on the stack (for callbacks and `error` events), err_*
 * without push raises it. */
#ifndef MOONFORK_ERROR_H
#define MOONFORK_ERROR_H

#include "class.h"

extern const ClassDef error_class, type_error_class, range_error_class, syntax_error_class,
  aggregate_error_class, abort_error_class;

/* Pushes an Error of the class (NULL: Error) with code (NULL: none); printf formats of
 * lua_pushfstring. [+1] */
void err_push(lua_State *L, const ClassDef *cls, const char *code, const char *fmt, ...);
int err_raise(lua_State *L, const ClassDef *cls, const char *code, const char *fmt, ...);

/* Pushes an Error of a uv status: `syscall CODE` and Node's words, with errno, code, syscall. `words`
 * true: `CODE: text, syscall 'path'` as fs has them. [+1] */
void err_push_uv(lua_State *L, int status, const char *syscall);
void err_push_path(lua_State *L, int status, const char *syscall, const char *path, const char *dest);
int err_raise_uv(lua_State *L, int status, const char *syscall);

/* `The "name" argument must be <expected>. Received ...` with ERR_INVALID_ARG_TYPE. name with a dot is
 * called a property. expected as Node words it: "of type string", "an instance of Buffer". */
int err_arg_type(lua_State *L, int idx, const char *name, const char *expected);
int err_arg_value(lua_State *L, int idx, const char *name, const char *reason);
int err_range(lua_State *L, int idx, const char *name, const char *expected);

/* Pushes how Node names a value in such messages: `undefined`, `type string ('a')`, `an instance of X`. [+1] */
void err_push_received(lua_State *L, int idx);

/* Pushes the value as shown after "Received" of ERR_INVALID_ARG_VALUE: strings quoted, tables and objects
 * as inspect has them, once that is there. idx is absolute. [+1] */
void err_push_shown(lua_State *L, int idx);

/* Makes the value at the top an Error when it is not one (a thrown string keeps its position in the
 * message), with a stack of L from level on. [-1, +1] */
void err_wrap(lua_State *L, int level);

/* The same with the stack of another coroutine, one that has failed and is not closed yet. [-1, +1] */
void err_wrap_from(lua_State *L, lua_State *of, int level);

/* Pushes `    at f (file:line)` lines of L from level on, own C frames left out. [+1] */
void err_push_stack(lua_State *L, lua_State *of, int level);

/* Pushes what an uncaught error prints: file:line, source line with caret, stack, fields. [+1] */
void err_push_report(lua_State *L, int idx);

/* Pushes `file:line`, the source line and a caret of a stack's first frame; "" when it has none. [+1] */
void err_push_place(lua_State *L, const char *stack);

/* Notes that the value at idx, which has no stack of its own, was thrown with the stack on top. [-1] */
void err_note(lua_State *L, int idx);
/* Pushes the stack noted for the value at idx. [+1|0] */
bool err_push_note(lua_State *L, int idx);

bool err_is(lua_State *L, int idx);

/* Registers the classes; once per state. */
void err_open(lua_State *L);

#endif
