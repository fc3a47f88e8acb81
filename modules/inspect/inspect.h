/* SPDX-License-Identifier: MIT */
/* inspect.h - any Lua value as text, as util.inspect, console.log and the prompt show it.
 *
 * Raw access only: no __index, no __pairs is ever called. The only code of the user's that runs is a
 * __tostring metamethod and an inspect method (field INSPECT_CUSTOM), protected, and none at all with
 * no_calls. Text, depth and time are bounded whatever the value is. */
#ifndef MOONFORK_INSPECT_H
#define MOONFORK_INSPECT_H

#include <stdbool.h>
#include <lua.h>
#include "../core/strbuf.h"

#define INSPECT_CUSTOM "nodejs.util.inspect.custom" /* the field that holds a value's own method */

typedef struct InspectOptions {
  int depth; /* levels of tables below the value that are opened */
  bool colors;
  int max_array;    /* elements, and as many keys, of one table */
  int max_string;   /* characters */
  int break_length; /* columns of a line */
  int compact;      /* that many innermost levels share a line; 0: one line for each entry */
  bool show_hidden; /* metatables too */
  bool no_calls;    /* runs no code of the user's: for previews */
} InspectOptions;

extern const InspectOptions inspect_defaults;

/* This state's own defaults, which util.inspect.defaultOptions shows and changes. */
InspectOptions *inspect_current(lua_State *L);

/* Reads util.inspect's options from the table at idx over what *opt holds; nil: nothing. Raises. */
void inspect_read_options(lua_State *L, int idx, InspectOptions *opt);

/* Pushes the text of the value at idx, a string in quotes. opt NULL: inspect_defaults. [+1] */
void inspect_push(lua_State *L, int idx, const InspectOptions *opt);

/* The same with the defaults, for Runtime.inspect. [+1] */
void inspect_push_plain(lua_State *L, int idx);

/* Appends it to out, which Lua owns (strbuf_new_lua) or the caller keeps in an owned struct. */
void inspect_append(lua_State *L, int idx, StrBuf *out, const InspectOptions *opt);

/* Appends the arguments first..last as util.format joins them: %s %d %i %f %j %o %O %c %% in the first
 * when it is a string, strings as they are, the rest inspected. opt NULL: inspect_current. */
void inspect_format(lua_State *L, int first, int last, StrBuf *out, const InspectOptions *opt);

/* Pushes a list of all keys of the table at idx in the order in which they are shown: numbers, strings by
 * their bytes, booleans, the rest. Returns how many. [+1] */
int inspect_push_keys(lua_State *L, int idx);

/* A buffer of this state for a moment's work. Pushes its owner; give it back to be used again. [+1] */
StrBuf *inspect_take_buffer(lua_State *L);
/* Pops what take pushed, which is on top. [-1] */
void inspect_give_buffer(lua_State *L);

#endif
