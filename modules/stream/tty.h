/* SPDX-License-Identifier: MIT */
/* tty.h - what process.stdout and process.stderr can do where they are a terminal, beside writing. */
#ifndef MOONFORK_TTY_H
#define MOONFORK_TTY_H

#include <lua.h>

/* Methods; self, a stream with write, at 1. */
int tty_clear_line(lua_State *L), tty_clear_screen_down(lua_State *L);
int tty_cursor_to(lua_State *L), tty_move_cursor(lua_State *L);
int tty_color_depth(lua_State *L), tty_has_colors(lua_State *L);

#endif
