/* SPDX-License-Identifier: MIT */
/* parts.h - what the files of util give to its table of rows; inside the module only. */
#ifndef MOONFORK_UTIL_PARTS_H
#define MOONFORK_UTIL_PARTS_H

#include "../core/class.h"

/* util.c */
int util_inspect(lua_State *L);
int util_inspect_call(lua_State *L);
int util_format(lua_State *L);
int util_format_with_options(lua_State *L);
int util_strip(lua_State *L);
int util_system_error_name(lua_State *L);
int util_system_error_map(lua_State *L);
int util_to_usv(lua_State *L);
int util_debuglog(lua_State *L);
int util_bind(lua_State *L);
int util_deprecate(lua_State *L);
int util_inherits(lua_State *L);
int util_is_deep_equal(lua_State *L);

/* Pushes the table of util.types. [+1] */
void types_push(lua_State *L);

/* parse_args.c, parse_env.c, style.c, aborted.c */
int util_parse_args(lua_State *L);
int util_parse_env(lua_State *L);
int util_style_text(lua_State *L);
int util_aborted(lua_State *L);
extern const OptDef parse_args_options[], style_options[];

/* Pushes the table util.inspect.colors. [+1] */
void style_push_colors(lua_State *L);

/* Makes defaultOptions a field of the callable table on top, which is live. [0] */
void defaults_open(lua_State *L);

#endif
