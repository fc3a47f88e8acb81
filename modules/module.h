/* SPDX-License-Identifier: MIT */
/* module.h - require, the globals that load on first use, and how a file becomes a chunk. */
#ifndef MOONFORK_MODULE_H
#define MOONFORK_MODULE_H

#include <stdbool.h>
#include <lua.h>
#include "core/doc.h"

extern const ModuleDef module_module;

/* Puts our require and our searcher in place of the stock ones, and makes the globals of the rows, the
 * paths __filename and __dirname, and Node's part of `os` appear on first use. Once per state; rows are
 * borrowed. [0] */
void module_install(lua_State *L, const GlobalDef *globals);

/* Every built-in module is a global too, loaded on first use (the prompt, -e). [0] */
void module_expose_all(lua_State *L);

/* Pushes the path made absolute and plain, whether there is such a file or not. [+1] */
void module_push_absolute(lua_State *L, const char *path);

/* Pushes the absolute path of the file that `path` (absolute, or relative to the working folder) names:
 * itself, with .lua, with .json, or its init.lua. [+1|0] */
bool module_find_file(lua_State *L, const char *path);

/* Pushes the chunk of the Lua file at the absolute path; raises a SyntaxError or what the system says. [+1] */
void module_load_file(lua_State *L, const char *path);

/* The text of a script without a byte order mark and a shebang line, whose line end stays. */
const char *module_skip_shebang(const char *text, size_t *len);

/* Pushes the chunk of the text; name as in lua_load ("=[eval]"); raises a SyntaxError. [+1] */
void module_load_text(lua_State *L, const char *name, const char *text, size_t len);

#endif
