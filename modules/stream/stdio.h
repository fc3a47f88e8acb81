/* SPDX-License-Identifier: MIT */
/* stdio.h - process.stdin, process.stdout and process.stderr. */
#ifndef MOONFORK_STDIO_H
#define MOONFORK_STDIO_H

#include <lua.h>
#include "../core/doc.h"

extern const ClassDef stdio_writer_class, tty_writer_class, tty_reader_class, file_reader_class;

/* Pushes the stream of descriptor 0, 1 or 2, made on first use. [+1] */
void stdio_push(lua_State *L, int fd);

/* In a worker: the stream on top is process.stdin; without it there is nothing to read. [-1] */
void stdio_set_stdin(lua_State *L);

/* From now on process.stdin gives only an error with this text (a static string): the prompt's editor
 * holds the terminal. */
void stdio_hold_stdin(lua_State *L, const char *why);

#endif
