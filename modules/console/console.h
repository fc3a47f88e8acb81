/* SPDX-License-Identifier: MIT */
/* console.h - the console object, and the class Console. */
#ifndef MOONFORK_CONSOLE_H
#define MOONFORK_CONSOLE_H

#include "../core/class.h"
#include "../core/doc.h"
#include "../core/strbuf.h"
#include "../inspect/inspect.h"

extern const ClassDef console_class;
extern const ModuleDef console_module;

enum { TO_OUT = 1, TO_ERR = 2 };

enum {
  UV_COUNTS = UV_CLASS, UV_TIMERS, /* tables of labels */
  UV_STDOUT, UV_STDERR,            /* the streams, of a console that has some */
  UV_INSPECT,                      /* options.inspectOptions, nil: none */
  CONSOLE_VALUES = UV_INSPECT - UV_CLASS + 1
};

typedef enum Sink {
  SINK_NONE,        /* the constructor has not run */
  SINK_DESCRIPTORS, /* the program's own output and error output */
  SINK_STREAMS
} Sink;

typedef enum ColorMode { COLOR_AUTO, COLOR_NEVER, COLOR_ALWAYS } ColorMode;

typedef struct Console {
  Sink sink;
  int indent, step;          /* columns, by the groups that are open; of one group */
  ColorMode colors;
  bool raises;               /* ignoreErrors is false */
  ColorMode forced;          /* by FORCE_COLOR when it was made; auto: not */
  bool plain, dumb;          /* the environment of then wants no colours; knows no clear */
  signed char terminal[TO_ERR + 1]; /* are they? 1, -1; 0: not asked yet, nothing else comes there later */
} Console;

/* ---- sink.c: the console is at 1 ---- */

/* Its constructor: init(self, stdout, stderr, ignoreErrors) or init(self, options). */
int console_init(lua_State *L);

/* What the environment says of terminals, for a console that is being made. */
void console_read_environment(lua_State *L, Console *console);

/* What values look like on that output. May raise. */
InspectOptions console_options(lua_State *L, int fd);

/* Writes the text of the buffer on top of the stack as lines, and gives the buffer back. [-1] */
void console_write(lua_State *L, StrBuf *out, int fd);

/* Clears the terminal behind the output, when there is one. */
void console_wipe(lua_State *L);

/* ---- table.c ---- */

/* Appends the table of the rows in the value at `data`, with the columns listed at `columns` (nil: all of
 * them). False: it is no table, and is shown like any value. */
bool console_add_table(lua_State *L, int data, int columns, const InspectOptions *look, StrBuf *out);

#endif
