/* SPDX-License-Identifier: MIT */
/* main_chunk.h - the main chunk of a runtime: a script, a function in its place, a worker's code. It may
 * await as it is. */
#ifndef MOONFORK_MAIN_CHUNK_H
#define MOONFORK_MAIN_CHUNK_H

#include "core/runtime.h"

/* Sets the stock table `arg`: the arguments from 1, the script at 0 (NULL: none), options and the program
 * before it. [0] */
void main_chunk_set_arg(lua_State *L, const Settings *s, const char *script);

/* Runs the chunk on top with the settings' arguments. [-1] */
void main_chunk_call(lua_State *L, const Settings *s);

/* The chunk has run up to its end or first await: who requires its file does not run it again, but gets
 * what it returned, if that is there. [0] */
void main_chunk_keep(lua_State *L, const char *path);

/* Runs the loop to its end and tells when the chunk waits for what can never come. */
void main_chunk_finish(Runtime *rt);

#endif
