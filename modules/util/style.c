/* SPDX-License-Identifier: MIT */
/* style.c - util.styleText and util.inspect.colors: text with the colours of a terminal. */
#include "parts.h"
#include "../core/error.h"
#include "../core/opts.h"
#include "../core/runtime.h"
#include "../process/process.h"

#include <string.h>

typedef struct Style {
  const char *name;
  unsigned char on, off;
} Style;

static const Style styles[] = {
  { "reset", 0, 0 },         { "bold", 1, 22 },          { "dim", 2, 22 },
  { "italic", 3, 23 },       { "underline", 4, 24 },     { "blink", 5, 25 },
  { "inverse", 7, 27 },      { "hidden", 8, 28 },        { "strikethrough", 9, 29 },
  { "doubleunderline", 21, 24 }, { "black", 30, 39 },    { "red", 31, 39 },
  { "green", 32, 39 },       { "yellow", 33, 39 },       { "blue", 34, 39 },
  { "magenta", 35, 39 },     { "cyan", 36, 39 },         { "white", 37, 39 },
  { "bgBlack", 40, 49 },     { "bgRed", 41, 49 },        { "bgGreen", 42, 49 },
  { "bgYellow", 43, 49 },    { "bgBlue", 44, 49 },       { "bgMagenta", 45, 49 },
  { "bgCyan", 46, 49 },      { "bgWhite", 47, 49 },      { "framed", 51, 54 },
  { "overlined", 53, 55 },   { "gray", 90, 39 },         { "redBright", 91, 39 },
  { "greenBright", 92, 39 }, { "yellowBright", 93, 39 }, { "blueBright", 94, 39 },
  { "magentaBright", 95, 39 }, { "cyanBright", 96, 39 }, { "whiteBright", 97, 39 },
  { "bgGray", 100, 49 },     { "bgRedBright", 101, 49 }, { "bgGreenBright", 102, 49 },
  { "bgYellowBright", 103, 49 }, { "bgBlueBright", 104, 49 }, { "bgMagentaBright", 105, 49 },
  { "bgCyanBright", 106, 49 }, { "bgWhiteBright", 107, 49 }
};

enum { STYLES = sizeof styles / sizeof *styles };

void style_push_colors(lua_State *L) {
  lua_createtable(L, 0, STYLES);
  for (int i = 0; i < STYLES; i++) {
    lua_createtable(L, 2, 0);
    lua_pushinteger(L, styles[i].on);
    lua_rawseti(L, -2, 1);
    lua_pushinteger(L, styles[i].off);
    lua_rawseti(L, -2, 2);
    lua_setfield(L, -2, styles[i].name);
  }
}

/* The style named at idx; raises with the list of all. */
static const Style *arg_style(lua_State *L, int idx) {
  const char *name = lua_type(L, idx) == LUA_TSTRING ? lua_tostring(L, idx) : "";
  for (int i = 0; i < STYLES; i++)
    if (!strcmp(styles[i].name, name)) return &styles[i];
  idx = lua_absindex(L, idx);
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  luaL_addstring(&b, "must be one of: ");
  for (int i = 0; i < STYLES; i++) {
    luaL_addstring(&b, i > 0 ? ", '" : "'");
    luaL_addstring(&b, styles[i].name);
    luaL_addchar(&b, '\'');
  }
  luaL_pushresult(&b);
  err_arg_value(L, idx, "format", lua_tostring(L, -1));
  return NULL;
}

/* Does the stream on top show colours? [-1] */
static bool shows_colors(lua_State *L) {
  int stream = lua_gettop(L);
  const char *force = process_push_variable(L, "FORCE_COLOR"), *no = process_push_variable(L, "NO_COLOR");
  const char *term = process_push_variable(L, "TERM");
  lua_getfield(L, stream, "isTTY");
  bool shows = lua_toboolean(L, -1) && !(no && *no) && term && *term && strcmp(term, "dumb") != 0;
  if (shows && lua_getfield(L, stream, "getColorDepth") != LUA_TNIL) {
    enum { BITS_OF_TWO_COLORS = 2 };
    class_call_method(L, stream, "getColorDepth", 0, 1);
    shows = lua_tonumber(L, -1) > BITS_OF_TWO_COLORS;
  }
  if (force) shows = strcmp(force, "0") != 0;
  lua_settop(L, stream - 1);
  return shows;
}

/* By the options at 3: is the text coloured at all? */
static bool is_wanted(lua_State *L) {
  if (!opt_boolean(L, 3, "validateStream", true)) return true;
  if (opt_push(L, 3, "stream") == LUA_TNIL) {
    lua_pop(L, 1);
    if (!rt_require_builtin(L, "process")) return false;
    lua_getfield(L, -1, "stdout");
    lua_remove(L, -2);
  }
  bool object = lua_istable(L, -1);
  if (!object && lua_isuserdata(L, -1) && luaL_getmetafield(L, -1, "__index") != LUA_TNIL) {
    lua_pop(L, 1);
    object = true;
  }
  if (!object) err_arg_type(L, -1, "stream", "an instance of ReadableStream, WritableStream, or Stream");
  return shows_colors(L);
}

/* Pushes the escape sequence. [+1] */
static void push_code(lua_State *L, int code) { lua_pushfstring(L, "\x1b[%dm", code); }

/* styleText(format, text, options): one format, for the stream; a list of them always colours. */
int util_style_text(lua_State *L) {
  lua_settop(L, 3);
  (void)arg_string(L, 2, "text", NULL);
  if (!lua_isnil(L, 3)) arg_table(L, 3, "options");
  bool wanted = is_wanted(L);
  if (!lua_istable(L, 1)) {
    const Style *style = arg_style(L, 1);
    lua_settop(L, 2);
    if (!wanted) return 1;
    push_code(L, style->on);
    lua_insert(L, 2);
    push_code(L, style->off);
    lua_concat(L, 3);
    return 1;
  }
  lua_Integer n = (lua_Integer)lua_rawlen(L, 1);
  lua_settop(L, 2);
  lua_pushliteral(L, "");
  lua_pushliteral(L, "");
  for (lua_Integer i = 1; i <= n; i++) {
    if (lua_rawgeti(L, 1, i) == LUA_TNIL) break;
    const Style *style = arg_style(L, -1);
    lua_settop(L, 4); /* 3: what opens, 4: what closes */
    push_code(L, style->off);
    lua_insert(L, 4);
    lua_concat(L, 2);
    lua_pushvalue(L, 3);
    push_code(L, style->on);
    lua_concat(L, 2);
    lua_replace(L, 3);
  }
  lua_pushvalue(L, 3);
  lua_pushvalue(L, 2);
  lua_pushvalue(L, 4);
  lua_concat(L, 3);
  return 1;
}

const OptDef style_options[] = {
  { "validateStream", "boolean", "true", "No colours unless the stream shows them." },
  { "stream", "Writable", "process.stdout", "Where the text will go." },
  { 0 }
};
