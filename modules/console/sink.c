/* SPDX-License-Identifier: MIT */
/* sink.c - where the text of a console goes: the program's own output, or streams that a script gave.
 *
 * What goes wrong in writing is ignored, as Node's console does: a stream that nobody listens to for
 * errors has a listener that does nothing while the write is under way. */
#include "console.h"
#include "../core/error.h"
#include "../core/interrupt.h"
#include "../core/opts.h"
#include "../core/out.h"
#include "../events/events.h"
#include "../process/process.h"

#include <string.h>
#include <unistd.h>

enum { GROUP_STEP = 2, MAX_STEP = 1000 };

/* ---- options ---- */

/* Raises unless the value at idx has a method `write`. */
static void check_stream(lua_State *L, int idx, const char *name) {
  bool good = lua_istable(L, idx) || lua_isuserdata(L, idx);
  if (good && lua_type(L, idx) == LUA_TUSERDATA) good = luaL_getmetafield(L, idx, "__index") != LUA_TNIL;
  if (good) {
    lua_getfield(L, idx, "write");
    good = arg_is_callable(L, -1);
  }
  if (!good)
    err_raise(L, &type_error_class, "ERR_CONSOLE_WRITABLE_STREAM",
              "Console expects a writable stream instance for %s", name);
}

/* The options at `opts`, or the arguments stdout, stderr, ignoreErrors from 2 on when those are meant. [+3] */
static void push_sinks(lua_State *L, int opts) {
  for (int i = 0; i < 3; i++) {
    static const char *const keys[] = { "stdout", "stderr", "ignoreErrors" };
    if (opts) lua_getfield(L, opts, keys[i]);
    else lua_pushvalue(L, 2 + i);
  }
}

static ColorMode read_color_mode(lua_State *L, int opts) {
  int type = opt_push(L, opts, "colorMode");
  if (type == LUA_TNIL || (type == LUA_TSTRING && !strcmp(lua_tostring(L, -1), "auto"))) return COLOR_AUTO;
  if (type == LUA_TBOOLEAN) return lua_toboolean(L, -1) ? COLOR_ALWAYS : COLOR_NEVER;
  err_arg_value(L, -1, "colorMode", "must be one of: 'auto', true, false");
  return COLOR_AUTO;
}

/* Leaves options.inspectOptions, nil when there is none. [+1] */
static void push_inspect_options(lua_State *L, int opts) {
  InspectOptions look = *inspect_current(L);
  if (opt_push(L, opts, "inspectOptions") == LUA_TNIL) return;
  int at = lua_gettop(L);
  arg_table(L, at, "options.inspectOptions");
  inspect_read_options(L, at, &look);
  bool colors = lua_getfield(L, at, "colors") != LUA_TNIL;
  if (colors && opt_push(L, opts, "colorMode") != LUA_TNIL)
    err_raise(L, &type_error_class, "ERR_INCOMPATIBLE_OPTION_PAIR",
              "Option \"options.inspectOptions.color\" cannot be used in combination with option "
              "\"colorMode\"");
  lua_settop(L, at);
}

static int read_step(lua_State *L, int opts) {
  if (opt_push(L, opts, "groupIndentation") == LUA_TNIL) return GROUP_STEP;
  return (int)arg_integer(L, -1, "groupIndentation", 0, MAX_STEP);
}

/* Is it the table of options, and no stream? */
static bool is_options(lua_State *L, int idx) {
  if (!lua_istable(L, idx)) return false;
  lua_getfield(L, idx, "write");
  bool stream = arg_is_callable(L, -1);
  lua_pop(L, 1);
  return !stream;
}

int console_init(lua_State *L) {
  Console *console = class_check(L, 1, &console_class);
  if (console->sink == SINK_DESCRIPTORS)
    return err_raise(L, &type_error_class, "ERR_INVALID_THIS", "The program's own console is made already");
  lua_settop(L, 4);
  int opts = is_options(L, 2) ? 2 : 0;
  push_sinks(L, opts); /* 5, 6, 7 */
  check_stream(L, 5, "stdout");
  if (lua_isnil(L, 6)) lua_copy(L, 5, 6);
  else check_stream(L, 6, "stderr");
  ColorMode colors = read_color_mode(L, opts);
  int step = read_step(L, opts);
  push_inspect_options(L, opts);
  lua_setiuservalue(L, 1, UV_INSPECT);
  lua_pushvalue(L, 5);
  lua_setiuservalue(L, 1, UV_STDOUT);
  lua_pushvalue(L, 6);
  lua_setiuservalue(L, 1, UV_STDERR);
  *console = (Console){ .sink = SINK_STREAMS, .step = step, .colors = colors,
                        .raises = !lua_isnil(L, 7) && !lua_toboolean(L, 7) };
  console_read_environment(L, console);
  class_bind(L, &console_class, 1);
  return 0;
}

/* ---- colours ---- */

static bool is_set(const char *text) { return text && *text; }

void console_read_environment(lua_State *L, Console *console) {
  int top = lua_gettop(L);
  const char *term = process_push_variable(L, "TERM"), *force = process_push_variable(L, "FORCE_COLOR");
  console->dumb = !term || !strcmp(term, "dumb");
  console->plain = console->dumb || !*term || is_set(process_push_variable(L, "NO_COLOR"));
  console->plain |= is_set(process_push_variable(L, "NODE_DISABLE_COLORS"));
  console->forced = !force ? COLOR_AUTO : strcmp(force, "0") != 0 ? COLOR_ALWAYS : COLOR_NEVER;
  lua_settop(L, top);
}

static bool is_terminal(Console *console, int fd) {
  if (!console->terminal[fd]) console->terminal[fd] = isatty(fd) ? 1 : -1;
  return console->terminal[fd] > 0;
}

/* Is the stream at idx a terminal that shows colours? */
static bool stream_has_colors(lua_State *L, const Console *console, int idx) {
  idx = lua_absindex(L, idx);
  int top = lua_gettop(L);
  lua_getfield(L, idx, "isTTY");
  bool has = lua_toboolean(L, -1);
  if (has && lua_getfield(L, idx, "getColorDepth") != LUA_TNIL) {
    enum { BITS_OF_TWO_COLORS = 2 };
    class_call_method(L, idx, "getColorDepth", 0, 1);
    has = lua_tonumber(L, -1) > BITS_OF_TWO_COLORS;
  } else if (has) {
    has = !console->plain;
  }
  lua_settop(L, top);
  return has;
}

static bool wants_colors(lua_State *L, Console *console, int fd) {
  if (console->colors != COLOR_AUTO) return console->colors == COLOR_ALWAYS;
  if (console->forced != COLOR_AUTO) return console->forced == COLOR_ALWAYS;
  if (console->sink == SINK_DESCRIPTORS) return !console->plain && is_terminal(console, fd);
  lua_getiuservalue(L, 1, fd == TO_OUT ? UV_STDOUT : UV_STDERR);
  bool has = stream_has_colors(L, console, -1);
  lua_pop(L, 1);
  return has;
}

InspectOptions console_options(lua_State *L, int fd) {
  Console *console = class_check(L, 1, &console_class);
  InspectOptions look = *inspect_current(L);
  look.colors = wants_colors(L, console, fd);
  lua_getiuservalue(L, 1, UV_INSPECT);
  inspect_read_options(L, -1, &look);
  lua_pop(L, 1);
  return look;
}

/* ---- writing ---- */

/* Puts the indentation before each line of the text. */
static void indent_lines(lua_State *L, StrBuf *out, int indent) {
  StrBuf *copy = inspect_take_buffer(L);
  strbuf_add(copy, out->p, out->len);
  strbuf_clear(out);
  const char *s = copy->p, *end = s + copy->len;
  for (;;) {
    const char *stop = s < end ? memchr(s, '\n', (size_t)(end - s)) : NULL;
    strbuf_addf(out, "%*s", indent, "");
    strbuf_add(out, s, (size_t)((stop ? stop + 1 : end) - s));
    if (!stop) break;
    s = stop + 1;
  }
  out->failed |= copy->failed;
  inspect_give_buffer(L);
}

static int ignore(lua_State *L) {
  (void)L;
  return 0;
}

/* The write's callback: its error is told in a moment. upvalue: the stream */
static int on_written(lua_State *L) {
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  if (lua_isnil(L, 1) || emitter_count(L, 2, "error") > 0) return 0;
  lua_pushcfunction(L, ignore);
  emitter_on(L, 2, "error", true);
  return 0;
}

/* write(stream, text) of a console that ignores errors */
static int write_quietly(lua_State *L) {
  bool emitter = class_is(L, 1, &event_emitter_class), guarded = emitter && emitter_count(L, 1, "error") == 0;
  if (guarded) {
    lua_pushcfunction(L, ignore);
    emitter_on(L, 1, "error", false);
  }
  lua_getfield(L, 1, "write");
  lua_pushvalue(L, 1);
  lua_pushvalue(L, 2);
  if (emitter) {
    lua_pushvalue(L, 1);
    lua_pushcclosure(L, on_written, 1);
  }
  int status = lua_pcall(L, emitter ? 3 : 2, 0, 0);
  if (guarded) {
    lua_pushliteral(L, "error");
    lua_pushcfunction(L, ignore);
    class_call_method(L, 1, "removeListener", 2, 0);
  }
  return status != LUA_OK && interrupt_is(L, -1) ? lua_error(L) : 0;
}

/* Gives the text on top to the stream. [-1] */
static void write_to_stream(lua_State *L, const Console *console, int fd) {
  bool raises = console->raises;
  luaL_checkstack(L, 8, "console");
  lua_getiuservalue(L, 1, fd == TO_OUT ? UV_STDOUT : UV_STDERR);
  lua_insert(L, -2);
  if (raises) {
    class_call_method(L, -2, "write", 1, 0);
    lua_pop(L, 1);
    return;
  }
  lua_pushcfunction(L, write_quietly);
  lua_insert(L, -3);
  lua_call(L, 2, 0);
}

void console_write(lua_State *L, StrBuf *out, int fd) {
  const Console *console = class_check(L, 1, &console_class);
  if (console->indent > 0) indent_lines(L, out, console->indent);
  strbuf_addc(out, '\n');
  if (out->failed) luaL_error(L, "not enough memory");
  if (console->sink == SINK_DESCRIPTORS) {
    out_note_error(fd, out_write(fd, out->p, out->len));
    inspect_give_buffer(L);
    return;
  }
  lua_pushlstring(L, out->p, out->len);
  lua_insert(L, -2);
  inspect_give_buffer(L);
  write_to_stream(L, console, fd);
}

/* ---- clear ---- */

static const char home[] = "\x1b[1;1H", clear_down[] = "\x1b[0J";

void console_wipe(lua_State *L) {
  Console *console = class_check(L, 1, &console_class);
  if (console->dumb) return;
  if (console->sink == SINK_DESCRIPTORS) {
    if (is_terminal(console, TO_OUT)) {
      (void)out_write(TO_OUT, home, sizeof home - 1);
      (void)out_write(TO_OUT, clear_down, sizeof clear_down - 1);
    }
    return;
  }
  lua_getiuservalue(L, 1, UV_STDOUT);
  lua_getfield(L, -1, "isTTY");
  if (!lua_toboolean(L, -1)) return;
  lua_pushstring(L, home);
  write_to_stream(L, console, TO_OUT);
  lua_pushstring(L, clear_down);
  write_to_stream(L, console, TO_OUT);
}
