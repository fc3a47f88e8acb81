/* SPDX-License-Identifier: MIT */
/* tty.c - see tty.h: sequences that move the cursor, and how many colours a terminal has.
 *
 * The number of colours is guessed from the environment (or from a table in its place) by the rules
 * of Node, so that programs decide alike. */
#include "tty.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "core/class.h"
#include "core/error.h"
#include "core/json.h"
#include "core/opts.h"
#include "core/runtime.h"

/* ---- the cursor ---- */

/* Writes the text by the stream's own write, with the callback at cb. Returns what that returns. */
static int write_text(lua_State *L, const char *text, int cb) {
  lua_pushstring(L, text);
  lua_pushvalue(L, cb);
  class_call_method(L, 1, "write", 2, 1);
  return 1;
}

/* Nothing is to be written: the callback at cb comes in the next tick. */
static int write_nothing(lua_State *L, int cb) {
  if (!lua_isnil(L, cb)) {
    lua_pushvalue(L, cb);
    lua_pushnil(L);
    rt_next_tick(L, 1);
  }
  lua_pushboolean(L, true);
  return 1;
}

static void check_callback(lua_State *L, int cb) {
  if (!lua_isnil(L, cb)) arg_function(L, cb, "callback");
}

/* (stream, dir, callback) */
int tty_clear_line(lua_State *L) {
  lua_settop(L, 3);
  check_callback(L, 3);
  lua_Number dir = lua_isnil(L, 2) ? 0 : arg_number(L, 2, "dir");
  return write_text(L, dir < 0 ? "\x1b[1K" : dir > 0 ? "\x1b[0K" : "\x1b[2K", 3);
}

/* (stream, callback) */
int tty_clear_screen_down(lua_State *L) {
  lua_settop(L, 2);
  check_callback(L, 2);
  return write_text(L, "\x1b[0J", 2);
}

/* The distance or place at idx, within what terminals know; `missing` for nil. */
static int read_cell(lua_State *L, int idx, const char *name, int missing) {
  if (lua_isnil(L, idx)) return missing;
  lua_Number n = arg_number(L, idx, name);
  if (isnan(n)) err_arg_value(L, idx, name, "is invalid");
  return n > 99999 ? 99999 : n < -99999 ? -99999 : (int)n;
}

/* (stream, x, y?, callback?) */
int tty_cursor_to(lua_State *L) {
  char text[48];
  lua_settop(L, 4);
  if (lua_isfunction(L, 3)) {
    lua_pushvalue(L, 3);
    lua_replace(L, 4);
    lua_pushnil(L);
    lua_replace(L, 3);
  }
  check_callback(L, 4);
  int x = read_cell(L, 2, "x", 0), y = read_cell(L, 3, "y", 0);
  if (lua_isnil(L, 2)) {
    if (lua_isnil(L, 3)) return write_nothing(L, 4);
    return err_raise(L, &type_error_class, "ERR_INVALID_CURSOR_POS",
                     "Cannot set cursor row without setting its column");
  }
  if (lua_isnil(L, 3)) (void)snprintf(text, sizeof text, "\x1b[%dG", x + 1);
  else (void)snprintf(text, sizeof text, "\x1b[%d;%dH", y + 1, x + 1);
  return write_text(L, text, 4);
}

/* (stream, dx, dy, callback?) */
int tty_move_cursor(lua_State *L) {
  char text[48] = "";
  lua_settop(L, 4);
  check_callback(L, 4);
  int dx = read_cell(L, 2, "dx", 0), dy = read_cell(L, 3, "dy", 0), len = 0;
  if (dx == 0 && dy == 0) return write_nothing(L, 4);
  if (dx) len = snprintf(text, sizeof text, "\x1b[%d%c", abs(dx), dx < 0 ? 'D' : 'C');
  if (dy)
    (void)snprintf(text + len, sizeof text - (size_t)len, "\x1b[%d%c", abs(dy), dy < 0 ? 'A' : 'B');
  return write_text(L, text, 4);
}

/* ---- colours ---- */

enum { DEPTH_2 = 1, DEPTH_16 = 4, DEPTH_256 = 8, DEPTH_16M = 24 };

/* A variable of the table at env (0: the process's own), NULL when it is not set. A number stays on
 * the stack as text. [+0|1] */
static const char *variable(lua_State *L, int env, const char *name) {
  if (!env) return getenv(name);
  lua_getfield(L, env, name);
  if (lua_isnil(L, -1)) return NULL;
  return luaL_tolstring(L, -1, NULL);
}

static bool is_set(lua_State *L, int env, const char *name) {
  return variable(L, env, name) != NULL;
}

static bool is_one_of(const char *word, const char *const *list) {
  while (*list && strcmp(word, *list) != 0) list++;
  return *list != NULL;
}

/* FORCE_COLOR has the last word; whoever set NO_COLOR beside it is told. */
static int forced_depth(lua_State *L, int env, const char *force) {
  static const char *const sixteen[] = { "", "1", "true", NULL };
  static const char told = 0; /* key of what is said once */
  int depth = is_one_of(force, sixteen) ? DEPTH_16 : !strcmp(force, "2") ? DEPTH_256
    : !strcmp(force, "3") ? DEPTH_16M : DEPTH_2;
  const char *name = is_set(L, env, "NODE_DISABLE_COLORS") ? "NODE_DISABLE_COLORS"
    : is_set(L, env, "NO_COLOR") ? "NO_COLOR" : NULL;
  bool *said = rt_data(L, &told, sizeof *said);
  if (depth > DEPTH_2 && name && !*said) {
    *said = true;
    err_push(L, NULL, NULL, "The '%s' env is ignored due to the 'FORCE_COLOR' env being set.", name);
    lua_pushliteral(L, "Warning");
    lua_setfield(L, -2, "name");
    rt_warning(L);
  }
  return depth;
}

/* Services that build and test, some of which show colours. */
static int ci_depth(lua_State *L, int env) {
  static const char *const with_colours[] = { "APPVEYOR", "BUILDKITE", "CIRCLECI", "DRONE",
                                              "GITHUB_ACTIONS", "GITLAB_CI", "TRAVIS" };
  for (size_t i = 0; i < sizeof with_colours / sizeof *with_colours; i++)
    if (is_set(L, env, with_colours[i])) return DEPTH_256;
  const char *name = variable(L, env, "CI_NAME");
  return name && !strcmp(name, "codeship") ? DEPTH_256 : DEPTH_2;
}

/* TeamCity shows colours from 9.1 on; its versions end with a dot and a build. */
static bool teamcity_has_colours(const char *version) {
  char *end;
  unsigned long major = strtoul(version, &end, 10);
  if (*end != '.') return false;
  if (major != 9 || end - version != 1) return end - version >= 2;
  unsigned long minor = strtoul(end + 1, &end, 10);
  return minor > 0 && *end == '.';
}

/* 0: TERM_PROGRAM names none that we know. */
static int program_depth(lua_State *L, int env, const char *program) {
  if (!strcmp(program, "HyperTerm") || !strcmp(program, "MacTerm")) return DEPTH_16M;
  if (!strcmp(program, "Apple_Terminal")) return DEPTH_256;
  if (strcmp(program, "iTerm.app") != 0) return 0;
  const char *version = variable(L, env, "TERM_PROGRAM_VERSION");
  bool old = !version || !*version || (*version >= '0' && *version <= '2' && version[1] == '.');
  return old ? DEPTH_256 : DEPTH_16M;
}

/* con80x25 and the like */
static bool is_console_size(const char *term) {
  if (strncmp(term, "con", 3) != 0) return false;
  term += 3;
  term += strspn(term, "0123456789");
  return *term == 'x' && isdigit((unsigned char)term[1]);
}

/* 0: TERM tells nothing. */
static int term_depth(const char *term) {
  static const char *const most[] = { "mosh", "rxvt-unicode-24bit", "terminator", NULL };
  static const char *const sixteen[] = { "eterm",   "cons25",  "console", "cygwin", "dtterm", "gnome",
                                         "hurd",    "jfbterm", "konsole", "kterm",  "mlterm", "putty",
                                         "st",      NULL };
  static const char *const inside[] = { "ansi", "color", "linux" };
  static const char *const first[] = { "rxvt", "screen", "xterm", "vt100" };
  char lower[64];
  size_t len = 0;
  if (!strncmp(term, "xterm-256", 9)) return DEPTH_256;
  for (; term[len] && len < sizeof lower - 1; len++) lower[len] = (char)tolower((unsigned char)term[len]);
  lower[len] = '\0';
  if (is_one_of(lower, most)) return DEPTH_16M;
  if (is_one_of(lower, sixteen) || is_console_size(lower)) return DEPTH_16;
  for (int i = 0; i < 3; i++)
    if (strstr(lower, inside[i])) return DEPTH_16;
  for (int i = 0; i < 4; i++)
    if (!strncmp(lower, first[i], strlen(first[i]))) return DEPTH_16;
  return 0;
}

/* Bits of colour, from the table at env (0: the environment). May push. */
static int color_depth(lua_State *L, int env) {
  const char *force = variable(L, env, "FORCE_COLOR"), *term = variable(L, env, "TERM");
  if (force) return forced_depth(L, env, force);
  if (is_set(L, env, "NODE_DISABLE_COLORS") || is_set(L, env, "NO_COLOR") ||
      (term && !strcmp(term, "dumb")))
    return DEPTH_2;
  const char *tmux = variable(L, env, "TMUX"), *ci = variable(L, env, "CI");
  if (tmux && *tmux) return DEPTH_256;
  if (ci && *ci) return ci_depth(L, env);
  const char *city = variable(L, env, "TEAMCITY_VERSION");
  if (city) return teamcity_has_colours(city) ? DEPTH_16 : DEPTH_2;
  const char *program = variable(L, env, "TERM_PROGRAM");
  int depth = program ? program_depth(L, env, program) : 0;
  if (depth) return depth;
  const char *color = variable(L, env, "COLORTERM");
  if (color && (!strcmp(color, "truecolor") || !strcmp(color, "24bit"))) return DEPTH_16M;
  depth = term && *term ? term_depth(term) : 0;
  if (depth) return depth;
  return color && *color ? DEPTH_16 : DEPTH_2;
}

/* The table of variables at idx, 0 for nil: then it is the environment. process.env is a table. */
static int read_env(lua_State *L, int idx) {
  if (lua_isnil(L, idx)) return 0;
  arg_table(L, idx, "env");
  luaL_checkstack(L, 60, "env");
  return idx;
}

/* (stream, env?) */
int tty_color_depth(lua_State *L) {
  lua_settop(L, 2);
  lua_pushinteger(L, color_depth(L, read_env(L, 2)));
  return 1;
}

/* (stream, count?, env?) or (stream, env) */
int tty_has_colors(lua_State *L) {
  lua_settop(L, 3);
  if (lua_istable(L, 2) && lua_isnil(L, 3)) {
    lua_pushnil(L);
    lua_insert(L, 2);
    lua_settop(L, 3);
  }
  lua_Integer count = lua_isnil(L, 2) ? 16 : arg_integer(L, 2, "count", 2, 9007199254740991);
  lua_pushboolean(L, count <= (lua_Integer)1 << color_depth(L, read_env(L, 3)));
  return 1;
}
