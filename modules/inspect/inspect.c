/* SPDX-License-Identifier: MIT */
/* inspect.c - values as text; see inspect.h.
 *
 * A workspace userdata owns the buffers of an inspection. One is kept in the registry between calls;
 * whoever works has taken it out, so that an inspection inside another (a __tostring that prints) gets
 * its own, and one that was left by an error is simply collected. */
#include "inspector.h"
#include "../buffer/views.h"
#include "../core/class.h"
#include "../core/error.h"
#include "../core/interrupt.h"
#include "../core/json.h"
#include "../core/utf8.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
  MAX_CHAIN = 100,        /* classes looked through for an inspect method */
  MAX_TEXT = 32 << 20,    /* beyond it no further table is opened */
  LONG_STRING = 16,       /* shorter ones are never broken at their line ends */
  KEPT_BUFFER = 64 << 10, /* larger ones are not kept for the next call */
  MAX_GLOBALS = 2000      /* looked through for a function's name */
};

static const char workspace_key = 0, workspace_meta = 0, buffer_key = 0;

/* ---- the workspace ---- */

static void buffer_trim(StrBuf *buf) {
  if (buf->cap > KEPT_BUFFER) strbuf_free(buf);
  else strbuf_clear(buf);
}

static int workspace_gc(lua_State *L) {
  Workspace *w = lua_touserdata(L, 1);
  strbuf_free(&w->text);
  strbuf_free(&w->entries);
  strbuf_free(&w->keys);
  strbuf_free(&w->path);
  strbuf_free(&w->scratch);
  return 0;
}

static void workspace_new(lua_State *L) {
  Workspace *w = lua_newuserdatauv(L, sizeof *w, 0);
  memset(w, 0, sizeof *w);
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &workspace_meta) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, workspace_gc);
    lua_setfield(L, -2, "__gc");
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &workspace_meta);
  }
  lua_setmetatable(L, -2);
}

static Workspace *workspace_take(lua_State *L) {
  luaL_checkstack(L, 16, "inspect");
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &workspace_key) == LUA_TUSERDATA) {
    lua_pushboolean(L, false);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &workspace_key);
  } else {
    lua_pop(L, 1);
    workspace_new(L);
  }
  return lua_touserdata(L, -1);
}

static void workspace_give(lua_State *L) {
  Workspace *w = lua_touserdata(L, -1);
  buffer_trim(&w->text);
  buffer_trim(&w->entries);
  buffer_trim(&w->keys);
  buffer_trim(&w->path);
  buffer_trim(&w->scratch);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &workspace_key);
}

/* The buffer of a whole line has a place of its own: inspections run while it is filled. */
StrBuf *inspect_take_buffer(lua_State *L) {
  luaL_checkstack(L, 16, "inspect");
  StrBuf *text;
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &buffer_key) == LUA_TUSERDATA) {
    text = lua_touserdata(L, -1);
    lua_pushboolean(L, false);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &buffer_key);
  } else {
    lua_pop(L, 1);
    text = strbuf_new_lua(L);
  }
  strbuf_reserve(text, 1); /* never NULL */
  return text;
}

void inspect_give_buffer(lua_State *L) {
  buffer_trim(lua_touserdata(L, -1));
  lua_rawsetp(L, LUA_REGISTRYINDEX, &buffer_key);
}

/* ---- plain values ---- */

void style_on(Inspector *in, Style style) {
  static const char *const codes[] = { "", "33", "33", "32", "90", "1", "36" };
  if (in->opt->colors && style) strbuf_addf(in->out, "\x1b[%sm", codes[style]);
}

void style_off(Inspector *in, Style style) {
  if (in->opt->colors && style) strbuf_adds(in->out, style == STYLE_NULL ? "\x1b[22m" : "\x1b[39m");
}

void add_styled(Inspector *in, Style style, const char *text) {
  style_on(in, style);
  strbuf_adds(in->out, text);
  style_off(in, style);
}

static void add_number(Inspector *in, int idx) {
  char text[64];
  if (lua_isinteger(in->L, idx)) {
    snprintf(text, sizeof text, LUA_INTEGER_FMT, lua_tointeger(in->L, idx));
    add_styled(in, STYLE_NUMBER, text);
    return;
  }
  if (isnan(lua_tonumber(in->L, idx))) { /* its sign says nothing */
    add_styled(in, STYLE_NUMBER, "nan");
    return;
  }
  lua_pushvalue(in->L, idx); /* tolstring changes a number in place */
  add_styled(in, STYLE_NUMBER, lua_tostring(in->L, -1));
  lua_pop(in->L, 1);
}

/* Bytes of the first `chars` characters of s; a byte that is no UTF-8 counts as one. */
static size_t prefix_length(const char *s, size_t len, size_t chars) {
  size_t i = 0;
  for (; i < len && chars > 0; chars--) {
    uint32_t cp;
    int used = utf8_decode(s + i, len - i, &cp);
    i += used ? (size_t)used : 1;
  }
  return i;
}

static size_t count_chars(const char *s, size_t len) {
  size_t n = 0;
  for (size_t i = 0; i < len; n++) {
    uint32_t cp;
    int used = utf8_decode(s + i, len - i, &cp);
    i += used ? (size_t)used : 1;
  }
  return n;
}

static void add_escaped_char(StrBuf *out, unsigned char c) {
  static const char letters[] = "abtnvfr"; /* from 7 on */
  if (c == '"' || c == '\\') strbuf_addf(out, "\\%c", c);
  else if (c >= 7 && c <= 13) strbuf_addf(out, "\\%c", letters[c - 7]);
  else strbuf_addf(out, "\\x%02X", c);
}

/* Controls, quotes and bytes that are no UTF-8 are escaped; C1 controls too: terminals obey them. */
static void add_escaped(StrBuf *out, const char *s, size_t len) {
  size_t i = 0, plain = 0;
  while (i < len) {
    unsigned char c = (unsigned char)s[i];
    int used = 1;
    uint32_t cp = c;
    if (c >= 0x80) used = utf8_decode(s + i, len - i, &cp);
    if (used && cp >= 0x20 && c != '"' && c != '\\' && !(cp >= 0x7f && cp < 0xa0)) {
      i += (size_t)used;
      continue;
    }
    strbuf_add(out, s + plain, i - plain);
    if (used == 2) strbuf_addf(out, "\\u{%X}", (unsigned)cp);
    else add_escaped_char(out, c);
    i += used ? (size_t)used : 1;
    plain = i;
  }
  strbuf_add(out, s + plain, len - plain);
}

static void add_quoted(Inspector *in, const char *s, size_t len) {
  style_on(in, STYLE_STRING);
  strbuf_addc(in->out, '"');
  add_escaped(in->out, s, len);
  strbuf_addc(in->out, '"');
  style_off(in, STYLE_STRING);
}

/* Each line of a long text in quotes of its own, joined by the operator. */
static void add_quoted_lines(Inspector *in, const char *s, size_t len) {
  while (len > 0) {
    const char *end = memchr(s, '\n', len);
    size_t n = end ? (size_t)(end - s) + 1 : len;
    add_quoted(in, s, n);
    s += n;
    len -= n;
    if (len > 0) strbuf_addf(in->out, " ..\n%*s", in->indent + 2, "");
  }
}

void inspect_string(Inspector *in, const char *s, size_t len) {
  size_t shown = len;
  if (len > (size_t)in->opt->max_string) shown = prefix_length(s, len, (size_t)in->opt->max_string);
  int room = in->opt->break_length - in->indent - 4;
  if (shown > LONG_STRING && room >= 0 && shown > (size_t)room) add_quoted_lines(in, s, shown);
  else add_quoted(in, s, shown);
  if (shown < len) {
    size_t rest = count_chars(s + shown, len - shown);
    strbuf_addf(in->out, "... %zu more character%s", rest, rest == 1 ? "" : "s");
  }
}

/* ---- functions and coroutines ---- */

/* Pushes the global name of the function at idx; false and nothing pushed when there is none. */
static bool push_global_name(lua_State *L, int idx) {
  int left = MAX_GLOBALS;
  lua_pushglobaltable(L);
  int globals = lua_gettop(L);
  for (lua_pushnil(L); left-- > 0 && lua_next(L, globals); lua_pop(L, 1)) {
    if (!lua_rawequal(L, -1, idx) || lua_type(L, -2) != LUA_TSTRING) continue;
    lua_pop(L, 1);
    lua_replace(L, globals);
    return true;
  }
  lua_settop(L, globals - 1);
  return false;
}

static void add_function(Inspector *in, int idx) {
  lua_State *L = in->L;
  lua_Debug ar;
  style_on(in, STYLE_SPECIAL);
  if (lua_iscfunction(L, idx)) {
    strbuf_adds(in->out, "function: builtin");
  } else {
    lua_pushvalue(L, idx);
    lua_getinfo(L, ">S", &ar);
    const char *where = *ar.source == '@' || *ar.source == '=' ? ar.source + 1 : ar.short_src;
    if (push_global_name(L, idx)) {
      size_t len;
      const char *name = lua_tolstring(L, -1, &len);
      strbuf_adds(in->out, "function: ");
      add_escaped(in->out, name, len < 80 ? len : 80);
      lua_pop(L, 1);
    } else {
      strbuf_adds(in->out, "function");
    }
    strbuf_adds(in->out, " (");
    size_t len = strlen(where);
    add_escaped(in->out, where, len < 200 ? len : 200);
    if (ar.linedefined > 0) strbuf_addf(in->out, ":%d", ar.linedefined);
    strbuf_addc(in->out, ')');
  }
  style_off(in, STYLE_SPECIAL);
}

static const char *coroutine_status(lua_State *L, lua_State *co) {
  lua_Debug ar;
  if (co == L) return "running";
  if (lua_status(co) == LUA_YIELD) return "suspended";
  if (lua_status(co) != LUA_OK) return "dead";
  if (lua_getstack(co, 0, &ar)) return "normal";
  return lua_gettop(co) == 0 ? "dead" : "suspended";
}

static void add_coroutine(Inspector *in, int idx) {
  style_on(in, STYLE_SPECIAL);
  strbuf_addf(in->out, "coroutine: %s", coroutine_status(in->L, lua_tothread(in->L, idx)));
  style_off(in, STYLE_SPECIAL);
}

/* ---- code of the user's ---- */

/* Adds text with its further lines indented as deep as we are. */
static void add_lines(Inspector *in, const char *s, size_t len) {
  const char *end;
  while (in->indent > 0 && (end = memchr(s, '\n', len))) {
    size_t n = (size_t)(end - s) + 1;
    strbuf_add(in->out, s, n);
    strbuf_addf(in->out, "%*s", in->indent, "");
    s += n;
    len -= n;
  }
  strbuf_add(in->out, s, len);
}

/* Calls fn with nargs arguments (on top). False: it raised, and that was shown; an interrupt goes on.
 * [-nargs - 1, +1|0] */
static bool call_user(Inspector *in, const char *what, int nargs) {
  lua_State *L = in->L;
  if (lua_pcall(L, nargs, 1, 0) == LUA_OK) return true;
  if (interrupt_is(L, -1)) lua_error(L);
  style_on(in, STYLE_SPECIAL);
  strbuf_addf(in->out, "<%s raised: ", what);
  size_t len;
  const char *text = NULL;
  if (err_is(L, -1)) {
    lua_pushliteral(L, "message");
    lua_rawget(L, -2);
    lua_replace(L, -2);
  }
  if (lua_type(L, -1) == LUA_TSTRING) text = lua_tolstring(L, -1, &len);
  if (text) add_escaped(in->out, text, prefix_length(text, len, 200));
  else strbuf_addf(in->out, "a %s", luaL_typename(L, -1));
  strbuf_addc(in->out, '>');
  style_off(in, STYLE_SPECIAL);
  lua_pop(L, 1);
  return false;
}

/* Pushes the value of the field in the table at idx or in the tables that __index leads to, raw. */
static bool push_inherited(lua_State *L, int idx, const char *name) {
  lua_pushvalue(L, idx);
  for (int i = 0; i < MAX_CHAIN && lua_istable(L, -1); i++) {
    lua_pushstring(L, name);
    if (lua_rawget(L, -2) != LUA_TNIL) {
      lua_remove(L, -2);
      return true;
    }
    lua_pop(L, 1);
    if (!lua_getmetatable(L, -1)) break;
    lua_pushliteral(L, "__index");
    lua_rawget(L, -2);
    lua_replace(L, -3);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return false;
}

/* The same for an object, whose class is in its metatable's __metatable. */
static bool push_method(lua_State *L, int idx, const char *name) {
  if (lua_istable(L, idx)) return push_inherited(L, idx, name);
  if (lua_getiuservalue(L, idx, UV_FIELDS) == LUA_TTABLE) {
    lua_pushstring(L, name);
    if (lua_rawget(L, -2) != LUA_TNIL) {
      lua_remove(L, -2);
      return true;
    }
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  if (!luaL_getmetafield(L, idx, "__metatable")) return false;
  bool found = push_inherited(L, lua_gettop(L), name);
  lua_remove(L, found ? -2 : -1);
  return found;
}

static int inspect_call(lua_State *L);

static void push_options(lua_State *L, const InspectOptions *opt, int level) {
  lua_createtable(L, 0, 8);
  lua_pushinteger(L, opt->depth - level);
  lua_setfield(L, -2, "depth");
  lua_pushboolean(L, opt->colors);
  lua_setfield(L, -2, "colors");
  lua_pushinteger(L, opt->max_array);
  lua_setfield(L, -2, "maxArrayLength");
  lua_pushinteger(L, opt->max_string);
  lua_setfield(L, -2, "maxStringLength");
  lua_pushinteger(L, opt->break_length);
  lua_setfield(L, -2, "breakLength");
  lua_pushinteger(L, opt->compact);
  lua_setfield(L, -2, "compact");
  lua_pushboolean(L, opt->show_hidden);
  lua_setfield(L, -2, "showHidden");
}

/* (value, options) -> text: what an inspect method gets as its third argument. */
static int inspect_call(lua_State *L) {
  InspectOptions opt = *inspect_current(L);
  inspect_read_options(L, 2, &opt);
  luaL_checkany(L, 1);
  inspect_push(L, 1, &opt);
  return 1;
}

/* By the value's own method: method(self, depth, options, inspect). A text is taken as it is, another
 * value is shown in place of it. False: it has none. */
static bool add_custom(Inspector *in, int idx, int level) {
  lua_State *L = in->L;
  if (in->opt->no_calls || level > MAX_LEVEL)
    return false; /* a method may give its like for ever */
  if (!push_method(L, idx, INSPECT_CUSTOM)) return false;
  if (!lua_isfunction(L, -1)) {
    lua_pop(L, 1);
    return false;
  }
  lua_pushvalue(L, idx);
  lua_pushinteger(L, in->opt->depth - level);
  push_options(L, in->opt, level);
  lua_pushcfunction(L, inspect_call);
  if (!call_user(in, "inspect", 4)) return true;
  size_t len;
  if (lua_type(L, -1) == LUA_TSTRING) {
    const char *s = lua_tolstring(L, -1, &len);
    add_lines(in, s, len);
  } else if (lua_rawequal(L, -1, idx)) { /* it wants to be shown as it is: not again by itself */
    strbuf_adds(in->out, "<itself>");
  } else {
    inspect_value(in, lua_gettop(L), level + 1);
  }
  lua_pop(L, 1);
  return true;
}

/* By __tostring of the metatable. False: it has none. */
static bool add_by_tostring(Inspector *in, int idx) {
  lua_State *L = in->L;
  if (luaL_getmetafield(L, idx, "__tostring") == LUA_TNIL) return false;
  if (in->opt->no_calls && !lua_iscfunction(L, -1)) {
    lua_pop(L, 1);
    return false;
  }
  lua_pushvalue(L, idx);
  if (!call_user(in, "__tostring", 1)) return true;
  size_t len;
  if (lua_type(L, -1) == LUA_TSTRING) {
    const char *s = lua_tolstring(L, -1, &len);
    add_lines(in, s, len);
  } else {
    strbuf_addf(in->out, "<__tostring gave a %s>", luaL_typename(L, -1));
  }
  lua_pop(L, 1);
  return true;
}

/* ---- tables ---- */

/* Is the table at idx being shown already? Adds the mark of the cycle then. */
static bool add_cycle(Inspector *in, int idx) {
  const void *object = lua_topointer(in->L, idx);
  Open *open = (Open *)(void *)in->work->path.p;
  size_t n = in->work->path.len / sizeof *open;
  while (n > 0 && open[n - 1].object != object) n--;
  if (n == 0) return false;
  if (open[n - 1].cycle == 0) open[n - 1].cycle = ++in->cycles;
  style_on(in, STYLE_SPECIAL);
  strbuf_addf(in->out, "<cycle %d>", open[n - 1].cycle);
  style_off(in, STYLE_SPECIAL);
  return true;
}

static void path_push(Inspector *in, int idx) {
  Open open = { .object = lua_topointer(in->L, idx) };
  strbuf_add(&in->work->path, &open, sizeof open);
}

/* Number of the cycle that ended here, 0 for none. */
static int path_pop(Inspector *in) {
  StrBuf *path = &in->work->path;
  if (path->failed) return 0;
  path->len -= sizeof(Open);
  return ((Open *)(void *)(path->p + path->len))->cycle;
}

static void add_key(Inspector *in, int idx, int level) {
  lua_State *L = in->L;
  size_t len;
  if (lua_type(L, idx) == LUA_TSTRING) {
    const char *s = lua_tolstring(L, idx, &len);
    if (keys_is_name(s, len)) {
      strbuf_add(in->out, s, len);
    } else {
      strbuf_addc(in->out, '[');
      if (len > 1000) inspect_string(in, s, len);
      else add_quoted(in, s, len);
      strbuf_addc(in->out, ']');
    }
  } else {
    strbuf_addc(in->out, '[');
    inspect_value(in, idx, level + 1);
    strbuf_addc(in->out, ']');
  }
  strbuf_adds(in->out, " = ");
}

static void add_more(Inspector *in, lua_Integer n) {
  layout_begin_entry(in);
  strbuf_addf(in->out, "... %lld more", (long long)n);
  layout_end_entry(in);
}

/* The elements 1..n, of which no more than max_array are shown. */
static void add_elements(Inspector *in, int t, lua_Integer n, Block *block) {
  lua_State *L = in->L;
  lua_Integer shown = n < in->opt->max_array ? n : in->opt->max_array;
  block->numbers = true;
  in->indent += 2;
  for (lua_Integer i = 1; i <= shown; i++) {
    layout_begin_entry(in);
    if (lua_rawgeti(L, t, i) != LUA_TNUMBER) block->numbers = false;
    inspect_value(in, lua_gettop(L), block->level + 1);
    lua_pop(L, 1);
    layout_end_entry(in);
  }
  in->indent -= 2;
  block->more = shown < n;
  if (block->more) add_more(in, n - shown);
}

/* Fields of an Error that its text has told. */
static bool is_told(lua_State *L, int key, int value, const char *told) {
  if (!told || lua_type(L, key) != LUA_TSTRING || lua_type(L, value) != LUA_TSTRING) return false;
  const char *name = lua_tostring(L, key);
  return (!strcmp(name, "stack") || !strcmp(name, "message") || !strcmp(name, "name")) &&
         strstr(told, lua_tostring(L, value)) != NULL;
}

/* The fields beyond the first n elements. told: an Error's text. */
static void add_fields(Inspector *in, int t, lua_Integer n, const Block *block, const char *told) {
  lua_State *L = in->L;
  size_t mark = in->work->keys.len;
  int count = keys_collect(in, t, n), list = lua_gettop(L), left = in->opt->max_array, i = 0;
  in->indent += 2;
  for (; i < count && left > 0; i++) {
    keys_push(in, list, mark, i);
    lua_pushvalue(L, -1);
    lua_rawget(L, t);
    if (!lua_isnil(L, -1) && !is_told(L, list + 1, list + 2, told)) {
      layout_begin_entry(in);
      add_key(in, list + 1, block->level);
      inspect_value(in, list + 2, block->level + 1);
      layout_end_entry(in);
      left--;
    }
    lua_settop(L, list);
  }
  in->indent -= 2;
  if (i < count) add_more(in, count - i);
  in->work->keys.len = mark;
  lua_pop(L, 1);
}

static void add_metatable(Inspector *in, int idx, const Block *block) {
  lua_State *L = in->L;
  if (!in->opt->show_hidden || class_of(L, idx) || json_is_null(L, idx)) return;
  if (!lua_getmetatable(L, idx)) return;
  in->indent += 2;
  layout_begin_entry(in);
  strbuf_adds(in->out, "<metatable> = ");
  inspect_value(in, lua_gettop(L), block->level + 1);
  layout_end_entry(in);
  in->indent -= 2;
  lua_pop(L, 1);
}

/* How many elements from 1 on the table at t has; a hole among those that are shown ends them. */
static lua_Integer count_elements(Inspector *in, int t) {
  lua_State *L = in->L;
  lua_Integer n = (lua_Integer)lua_rawlen(L, t);
  for (lua_Integer i = 1; i <= n && i <= in->opt->max_array; i++) {
    bool hole = lua_rawgeti(L, t, i) == LUA_TNIL;
    lua_pop(L, 1);
    if (hole) return i - 1;
  }
  return n;
}

static bool is_full(const Inspector *in, int level) {
  return level > in->opt->depth || level > MAX_LEVEL || in->out->len > MAX_TEXT;
}

/* The fields of the table at t, behind what is in out from base on: a class name, an Error's text.
 * object: what it belongs to. */
static void add_table(Inspector *in, int t, int object, int level, size_t base, const char *told) {
  Block block = {
    .base = base, .base_end = in->out->len, .level = level, .first_entry = in->work->entries.len
  };
  path_push(in, object);
  in->current_depth = level;
  lua_Integer n = count_elements(in, t);
  add_elements(in, t, n, &block);
  size_t elements = in->work->entries.len;
  add_fields(in, t, n, &block, told);
  if (t == object) add_metatable(in, object, &block);
  block.array = in->work->entries.len == elements;
  block.cycle = path_pop(in);
  bool bare = told && in->work->entries.len == block.first_entry; /* an Error with its text alone */
  if (!bare) layout_finish(in, &block);
}

/* Has the table at t a field that would be shown? */
static bool has_fields(lua_State *L, int t) {
  for (lua_pushnil(L); lua_next(L, t); lua_pop(L, 1))
    if (!lua_islightuserdata(L, -2)) {
      lua_pop(L, 2);
      return true;
    }
  return false;
}

/* ---- errors ---- */

/* Adds the stack, or name and message where there is none; in brackets without any place in it. */
static void add_error(Inspector *in, int idx, int level) {
  lua_State *L = in->L;
  size_t base = in->out->len, len;
  int top = lua_gettop(L);
  lua_pushliteral(L, "stack");
  if (lua_rawget(L, idx) != LUA_TSTRING) {
    if (!class_push_name(L, idx)) lua_pushliteral(L, "Error");
    lua_pushliteral(L, "message");
    if (lua_rawget(L, idx) == LUA_TSTRING)
      lua_pushfstring(L, "%s: %s", lua_tostring(L, -2), lua_tostring(L, -1));
    else lua_pushvalue(L, -2);
  }
  const char *text = lua_tolstring(L, -1, &len);
  bool placed = strstr(text, "\n    at ") != NULL;
  if (!placed) strbuf_addc(in->out, '[');
  add_lines(in, text, len);
  if (!placed) strbuf_addc(in->out, ']');
  if (!is_full(in, level)) add_table(in, idx, idx, level, base, text);
  lua_settop(L, top);
}

/* ---- classes and objects ---- */

/* Pushes the name of the class at idx (a table whose metatable says "class X"). [+1|0] */
static bool push_class_name(lua_State *L, int idx) {
  size_t len;
  if (!lua_getmetatable(L, idx)) return false;
  lua_pushliteral(L, "__name");
  lua_rawget(L, -2);
  lua_pushliteral(L, "__call");
  lua_rawget(L, -3);
  bool class = lua_iscfunction(L, -1) && lua_type(L, -2) == LUA_TSTRING;
  lua_pop(L, 1);
  const char *name = class ? lua_tolstring(L, -1, &len) : NULL;
  if (!name || len <= 6 || strncmp(name, "class ", 6)) {
    lua_pop(L, 2);
    return false;
  }
  lua_pushlstring(L, name + 6, len - 6);
  lua_replace(L, -3);
  lua_pop(L, 1);
  return true;
}

/* `[class Chat extends EventEmitter]`. False: the table at idx is no class. */
static bool add_class(Inspector *in, int idx) {
  lua_State *L = in->L;
  int top = lua_gettop(L);
  size_t len;
  if (!push_class_name(L, idx)) return false;
  const char *name = lua_tolstring(L, -1, &len);
  style_on(in, STYLE_SPECIAL);
  strbuf_adds(in->out, "[class ");
  add_escaped(in->out, name, len);
  if (luaL_getmetafield(L, idx, "__index") == LUA_TTABLE && push_class_name(L, lua_gettop(L))) {
    name = lua_tolstring(L, -1, &len);
    strbuf_adds(in->out, " extends ");
    add_escaped(in->out, name, len);
  }
  strbuf_addc(in->out, ']');
  style_off(in, STYLE_SPECIAL);
  lua_settop(L, top);
  return true;
}

/* One line by the nearest class that has a row for it. False: none has. */
static bool add_by_class(Inspector *in, int idx) {
  const ClassDef *def = class_of(in->L, idx);
  while (def && !def->inspect) def = def->base;
  if (!def) return false;
  lua_pushcfunction(in->L, def->inspect);
  lua_pushvalue(in->L, idx);
  if (!call_user(in, def->name, 1)) return true;
  size_t len;
  const char *s = lua_tolstring(in->L, -1, &len);
  if (s) add_lines(in, s, len);
  lua_pop(in->L, 1);
  return true;
}

static void add_name(Inspector *in, int idx) {
  size_t len;
  if (!class_push_name(in->L, idx)) return;
  const char *name = lua_tolstring(in->L, -1, &len);
  if (name) add_escaped(in->out, name, len);
  lua_pop(in->L, 1);
}

/* A typed array: `Int16Array(2) { 1, -2 }`, with no more elements read than are shown. */
static void add_view(Inspector *in, int idx, int level) {
  lua_State *L = in->L;
  Block block = { .base = in->out->len, .level = level, .first_entry = in->work->entries.len };
  int top = lua_gettop(L);
  lua_Integer n = luaL_len(L, idx), shown = n < in->opt->max_array ? n : (lua_Integer)in->opt->max_array;
  add_name(in, idx);
  strbuf_addf(in->out, "(%lld)", (long long)n);
  bool fields = lua_getiuservalue(L, idx, UV_FIELDS) == LUA_TTABLE && has_fields(L, top + 1);
  if ((n == 0 && !fields) || is_full(in, level)) {
    strbuf_adds(in->out, n == 0 ? " {}" : " {...}");
    lua_settop(L, top);
    return;
  }
  lua_createtable(L, (int)shown, 0);
  for (lua_Integer i = 0; i < shown; i++) {
    lua_geti(L, idx, i);
    lua_rawseti(L, top + 2, i + 1);
  }
  block.base_end = in->out->len;
  path_push(in, idx);
  add_elements(in, top + 2, n, &block);
  if (fields) add_fields(in, top + 1, 0, &block, NULL);
  block.array = !fields;
  block.cycle = path_pop(in);
  layout_finish(in, &block);
  lua_settop(L, top);
}

/* The fields of the Buffer at idx, in the table at t, before the bracket that ends its line: `<Buffer 61, x = 1>`. */
static void add_inside(Inspector *in, int t, int idx, int level) {
  lua_State *L = in->L;
  const InspectOptions *outer = in->opt;
  InspectOptions flat = *outer;
  size_t mark = in->work->keys.len;
  flat.break_length = flat.compact = 1 << 30;
  if (in->out->failed || in->out->len == 0) return;
  in->opt = &flat;
  in->out->len--; /* the bracket */
  path_push(in, idx);
  int count = keys_collect(in, t, 0), list = lua_gettop(L), left = outer->max_array;
  for (int i = 0; i < count && left > 0; i++, left--) {
    keys_push(in, list, mark, i);
    lua_pushvalue(L, -1);
    lua_rawget(L, t);
    strbuf_adds(in->out, luaL_len(L, idx) > 0 || i > 0 ? ", " : "");
    add_key(in, list + 1, level);
    inspect_value(in, list + 2, level + 1);
    lua_settop(L, list);
  }
  (void)path_pop(in);
  in->work->keys.len = mark;
  in->opt = outer;
  strbuf_addc(in->out, '>');
  lua_settop(L, list - 1);
}

/* An object of one of our classes: its line or name, and the fields that were set on it. */
static void add_object(Inspector *in, int idx, int level) {
  lua_State *L = in->L;
  size_t base = in->out->len;
  int top = lua_gettop(L), fields = idx;
  bool line = add_by_class(in, idx);
  if (!line) add_name(in, idx);
  if (!lua_istable(L, idx)) {
    fields = top + 1;
    if (lua_getiuservalue(L, idx, UV_FIELDS) != LUA_TTABLE) fields = 0;
  }
  if (!fields || !has_fields(L, fields)) {
    if (!line) strbuf_adds(in->out, " {}");
  } else if (is_full(in, level)) {
    strbuf_adds(in->out, " {...}");
  } else if (line && class_is(L, idx, &buffer_class)) {
    add_inside(in, fields, idx, level);
  } else {
    add_table(in, fields, idx, level, base, NULL);
  }
  lua_settop(L, top);
}

static void add_userdata(Inspector *in, int idx, int level) {
  lua_State *L = in->L;
  if (json_is_null(L, idx)) add_styled(in, STYLE_NULL, "null");
  else if (add_cycle(in, idx) || add_custom(in, idx, level)) return;
  else if (view_test(L, idx) && !class_is(L, idx, &buffer_class)) add_view(in, idx, level);
  else if (class_of(L, idx)) add_object(in, idx, level);
  else if (!add_by_tostring(in, idx)) {
    bool named = luaL_getmetafield(L, idx, "__name") == LUA_TSTRING;
    strbuf_addf(in->out, "%s: %p", named ? lua_tostring(L, -1) : "userdata", lua_topointer(L, idx));
    if (named) lua_pop(L, 1);
  }
}

static void add_plain_table(Inspector *in, int idx, int level) {
  lua_State *L = in->L;
  size_t base = in->out->len, len;
  bool marked = json_is_marked(L, idx);
  if (marked && !has_fields(L, idx)) {
    strbuf_adds(in->out, "array{}");
    return;
  }
  int name = marked ? LUA_TNIL : luaL_getmetafield(L, idx, "__name");
  if (name == LUA_TSTRING) {
    const char *s = lua_tolstring(L, -1, &len);
    add_escaped(in->out, s, len < 80 ? len : 80);
  }
  if (name != LUA_TNIL) lua_pop(L, 1);
  if (is_full(in, level)) {
    if (in->out->len > base) strbuf_addc(in->out, ' ');
    add_styled(in, STYLE_SPECIAL, has_fields(L, idx) ? "{...}" : "{}");
    return;
  }
  add_table(in, idx, idx, level, base, NULL);
}

static void add_any_table(Inspector *in, int idx, int level) {
  if (add_cycle(in, idx)) return;
  if (!lua_getmetatable(in->L, idx)) {
    if (!add_custom(in, idx, level)) add_plain_table(in, idx, level);
    return;
  }
  lua_pop(in->L, 1);
  if (add_class(in, idx) || add_custom(in, idx, level)) return;
  if (err_is(in->L, idx)) add_error(in, idx, level);
  else if (class_of(in->L, idx)) add_object(in, idx, level);
  else if (!add_by_tostring(in, idx)) add_plain_table(in, idx, level);
}

/* ---- entry ---- */

void inspect_value(Inspector *in, int idx, int level) {
  lua_State *L = in->L;
  size_t len;
  luaL_checkstack(L, 16, "inspect");
  switch (lua_type(L, idx)) {
  case LUA_TNIL: add_styled(in, STYLE_NIL, "nil"); break;
  case LUA_TBOOLEAN: add_styled(in, STYLE_BOOLEAN, lua_toboolean(L, idx) ? "true" : "false"); break;
  case LUA_TNUMBER: add_number(in, idx); break;
  case LUA_TSTRING: {
    const char *s = lua_tolstring(L, idx, &len);
    inspect_string(in, s, len);
    break;
  }
  case LUA_TFUNCTION: add_function(in, idx); break;
  case LUA_TTHREAD: add_coroutine(in, idx); break;
  case LUA_TUSERDATA: add_userdata(in, idx, level); break;
  case LUA_TTABLE: add_any_table(in, idx, level); break;
  default: strbuf_addf(in->out, "userdata: %p", lua_topointer(L, idx)); break;
  }
}

/* With the workspace on top of the stack, which stays there. */
static void inspect_run(lua_State *L, int idx, Workspace *work, StrBuf *out,
                        const InspectOptions *opt) {
  Inspector in = { .L = L, .opt = opt ? opt : &inspect_defaults, .work = work, .out = out };
  strbuf_reserve(out, 1);
  inspect_value(&in, idx, 0);
  if (out->failed || work->entries.failed || work->keys.failed || work->path.failed)
    luaL_error(L, "not enough memory");
}

void inspect_append(lua_State *L, int idx, StrBuf *out, const InspectOptions *opt) {
  idx = lua_absindex(L, idx);
  Workspace *work = workspace_take(L);
  inspect_run(L, idx, work, out, opt);
  workspace_give(L);
}

void inspect_push(lua_State *L, int idx, const InspectOptions *opt) {
  idx = lua_absindex(L, idx);
  Workspace *work = workspace_take(L);
  inspect_run(L, idx, work, &work->text, opt);
  lua_pushlstring(L, work->text.p, work->text.len);
  lua_insert(L, -2);
  workspace_give(L);
}

void inspect_push_plain(lua_State *L, int idx) {
  inspect_push(L, idx, NULL);
}

int inspect_push_keys(lua_State *L, int idx) {
  idx = lua_absindex(L, idx);
  Workspace *work = workspace_take(L);
  Inspector in = { .L = L, .work = work };
  int count = keys_collect(&in, idx, 0), from = lua_gettop(L);
  lua_createtable(L, count, 0);
  for (int i = 0; i < count; i++) {
    keys_push(&in, from, 0, i);
    lua_rawseti(L, from + 1, i + 1);
  }
  lua_replace(L, from);
  lua_insert(L, from - 1);
  workspace_give(L);
  return count;
}
