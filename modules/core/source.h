/* SPDX-License-Identifier: MIT */
/* source.h - where chunks came from: chunk name -> file, or the text typed at the prompt.
 *
 * Chunk names are short for the reader's sake ("w.lua:3"), so the absolute path is kept here; errors
 * show their source line and __filename and require "./x" find the asking file by it. */
#ifndef MOONFORK_SOURCE_H
#define MOONFORK_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <lua.h>

/* Chunk `name` (as in lua_Debug.source, with its @ or =) is the file at the absolute path. */
void source_add_file(lua_State *L, const char *name, const char *path);
/* Chunk `name` is this text (a prompt line, -e). */
void source_add_text(lua_State *L, const char *name, const char *text, size_t len);
/* Pushes the absolute path of the chunk; false and nothing pushed when it is no file. [+1|0] */
bool source_push_path(lua_State *L, const char *name);
/* Pushes the path of the Lua function running at `level` (0: the caller of this C function's caller,
 * as lua_getstack counts). [+1|0] */
bool source_push_caller(lua_State *L, int level);
/* Pushes line number `line` of the chunk without its line end. [+1|0] */
bool source_push_line(lua_State *L, const char *name, int line);
/* Pushes the chunk name for an absolute path: relative to the working folder where it lies below. [+1] */
void source_push_name(lua_State *L, const char *path);

#endif
