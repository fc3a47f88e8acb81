/* SPDX-License-Identifier: MIT */
/* cmd_inspect.c - .i EXPRESSION: everything there is to know of one value; .type: what kind it is. */
#include "commands.h"
#include "../edit/lex.h"
#include "../live/scan.h"
#include "../proc.h"
#include "../say.h"
#include "../session.h"
#include "../show.h"
#include "../views/attach.h"
#include "../../modules/core/class.h"
#include "../../modules/core/error.h"
#include "../../modules/core/handle.h"
#include "../../modules/events/events.h"

#include <stdio.h>
#include <string.h>

enum { NAME_COLUMNS = 15 };

static void add_line(StrBuf *out, const char *name, const char *text) {
  strbuf_addf(out, "  %-12s %s\n", name, text);
}

/* The values that the getters of the class and its bases give; they are ours, so they may be called. */
static void add_props(lua_State *L, StrBuf *out, const ClassDef *def) {
  if (def->base) add_props(L, out, def->base);
  for (const PropDef *p = def->props; p && p->name; p++) {
    strbuf_addf(out, "  %-12s ", p->name);
    lua_pushcfunction(L, p->get);
    lua_pushvalue(L, 1);
    if (lua_pcall(L, 1, 1, 0) == LUA_OK) show_value_beside(L, lua_gettop(L), NAME_COLUMNS, out);
    else strbuf_adds(out, "?");
    strbuf_addc(out, '\n');
    lua_pop(L, 1);
  }
}

/* ` message (1), exit (2)` */
static void add_listeners(lua_State *L, StrBuf *out, const ClassDef *def) {
  int shown = 0;
  for (const ClassDef *d = def; d; d = d->base)
    for (const EventDef *e = d->events; e && e->name; e++) {
      int count = emitter_count(L, 1, e->name);
      if (!count) continue;
      strbuf_addf(out, "%s%s (%d)", shown++ ? ", " : "  listeners    ", e->name, count);
    }
  if (shown) strbuf_addc(out, '\n');
}

static void add_handle(lua_State *L, StrBuf *out) {
  static const char *const states[] = { "not opened", "open", "closing", "closed" };
  Handle *h = handle_test(L, 1);
  if (!h) return;
  add_line(out, "handle", states[h->state]);
  if (h->state != HANDLE_OPEN) return;
  add_line(out, "holds loop", uv_has_ref(h->uv) && uv_is_active(h->uv) ? "yes" : "no");
}

/* Of an object with a pid: what the collector knows of the process, or else what the system says. */
static void add_process(lua_State *L, StrBuf *out) {
  Proc proc;
  char text[64], why[200];
  lua_getfield(L, 1, "pid");
  int pid = (int)lua_tointeger(L, -1);
  lua_pop(L, 1);
  snprintf(text, sizeof text, "%d", pid);
  if (pid <= 0 || views_inspect(repl_of(L), text, out, why, sizeof why) || !proc_read(pid, &proc)) return;
  snprintf(text, sizeof text, "%d, group %d", proc.ppid, proc.pgrp);
  add_line(out, "parent", text);
  snprintf(text, sizeof text, "%s, %.1f MiB, %ld threads", proc_state_name(proc.state),
           (double)proc.rss_kib / 1024, proc.threads);
  add_line(out, "process", text);
  snprintf(text, sizeof text, "%d", scan_count_fds(pid));
  add_line(out, "descriptors", text);
}

static void add_object(lua_State *L, StrBuf *out, const ClassDef *def) {
  strbuf_addf(out, "  %-12s %s", "class", def->name);
  for (const ClassDef *d = def->base; d; d = d->base) strbuf_addf(out, " < %s", d->name);
  strbuf_addc(out, '\n');
  add_props(L, out, def);
  add_listeners(L, out, def);
  add_handle(L, out);
  if (lua_isuserdata(L, 1)) add_process(L, out);
}

static void add_table(lua_State *L, StrBuf *out) {
  char text[64];
  int fields = 0;
  for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1)) fields++;
  snprintf(text, sizeof text, "%d, of them 1 to %d in sequence", fields, (int)lua_rawlen(L, 1));
  add_line(out, "entries", text);
  if (lua_getmetatable(L, 1)) add_line(out, "metatable", "yes");
}

static void add_function(lua_State *L, StrBuf *out) {
  lua_Debug ar;
  char text[128];
  lua_pushvalue(L, 1);
  lua_getinfo(L, ">Su", &ar);
  if (*ar.what == 'C') snprintf(text, sizeof text, "in C");
  else snprintf(text, sizeof text, "%s:%d", ar.short_src, ar.linedefined);
  add_line(out, "defined", text);
  snprintf(text, sizeof text, "%d%s", ar.nparams, ar.isvararg ? " or more" : "");
  if (*ar.what != 'C') add_line(out, "parameters", text);
  for (int i = 1; i <= ar.nups; i++) {
    const char *name = lua_getupvalue(L, 1, i);
    if (!name) break;
    if (*name && strcmp(name, "_ENV") != 0) {
      strbuf_addf(out, "  %-12s %s = ", "upvalue", name);
      show_value_beside(L, lua_gettop(L), NAME_COLUMNS + (int)strlen(name) + 3, out);
      strbuf_addc(out, '\n');
    }
    lua_pop(L, 1);
  }
}

static void add_thread(lua_State *L, StrBuf *out) {
  lua_State *co = lua_tothread(L, 1);
  static const char *const names[] = { "not started or dead", "suspended" };
  int status = lua_status(co);
  add_line(out, "status", status <= LUA_YIELD ? names[status] : "failed");
  err_push_stack(L, co, 0);
  const char *stack = lua_tostring(L, -1);
  if (*stack) strbuf_addf(out, "%s\n", stack + 1);
}

static void add_value(lua_State *L, StrBuf *out) {
  char text[64];
  const ClassDef *def = class_of(L, 1);
  add_line(out, "type", luaL_typename(L, 1));
  if (def) {
    add_object(L, out, def);
    return;
  }
  switch (lua_type(L, 1)) {
  case LUA_TTABLE: add_table(L, out); break;
  case LUA_TFUNCTION: add_function(L, out); break;
  case LUA_TTHREAD: add_thread(L, out); break;
  case LUA_TSTRING:
    snprintf(text, sizeof text, "%zu", (size_t)lua_rawlen(L, 1));
    add_line(out, "bytes", text);
    break;
  case LUA_TNUMBER: add_line(out, "kind", lua_isinteger(L, 1) ? "integer" : "float"); break;
  default: break;
  }
}

/* Leaves the value of the expression as the only one on the stack. */
static void evaluate(lua_State *L, const char *chunk, const char *text) {
  Rewritten locals;
  lua_settop(L, 0);
  if (session_load(L, chunk, text, strlen(text), &locals) == LINE_WRONG)
    (void)luaL_error(L, "%s", lua_tostring(L, -1));
  if (lua_pcall(L, 1, 1, 0) != LUA_OK) (void)lua_error(L);
}

/* Is it the name of a process or thread, and of no variable? A number may be a value, too. */
static bool names_process(lua_State *L, const char *word) {
  size_t letters = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), digits = strspn(word, "0123456789");
  if (*word == '#' || !strncmp(word, "worker#", 7) || !strncmp(word, "tid ", 4) || strstr(word, " tid ")) return true;
  if (digits && !word[digits]) return true;
  if (!letters || word[letters] || letters >= LIVE_LETTER) return false;
  lua_pushstring(L, word);
  bool defined = session_defined(L, lua_gettop(L));
  lua_pop(L, 1);
  return !defined;
}

/* Shows the process that is named; false when it is the name of none, and may be a Lua value. */
static bool inspect_process(lua_State *L, const Command *command) {
  char why[200];
  const char *word = command->args;
  StrBuf *out = strbuf_new_lua(L);
  bool named = names_process(L, word), found = named && views_inspect(command->repl, word, out, why, sizeof why);
  if (found) say_buffer(out);
  else if (named && *why && !(*word >= '0' && *word <= '9')) say("%s", why);
  else named = false;
  strbuf_free(out);
  lua_pop(L, 1);
  return named;
}

int cmd_inspect(lua_State *L) {
  const Command *command = lua_touserdata(L, 1);
  if (!*command->args) {
    say_folded(STYLE_NONE, ".i EXPRESSION or NAME, for example: .i process, .i B, .i 412, .i #1, .i worker#2, .i tid 3");
    return 0;
  }
  if (command->repl->open && inspect_process(L, command)) return 0; /* a guest's are looked up by its own prompt */
  evaluate(L, "=.i", command->args);
  StrBuf *out = strbuf_new_lua(L);
  show_value(L, 1, out);
  strbuf_addc(out, '\n');
  add_value(L, out);
  say_buffer(out);
  return 0;
}

/* ---- .type ---- */

static void type_kind(lua_State *L, StrBuf *out) {
  const char *name = luaL_typename(L, 1);
  char text[64];
  switch (lua_type(L, 1)) {
  case LUA_TNUMBER: name = lua_isinteger(L, 1) ? "number, an integer" : "number, a float"; break;
  case LUA_TFUNCTION: name = lua_iscfunction(L, 1) ? "function, in C" : "function, in Lua"; break;
  case LUA_TTHREAD: name = "thread, a coroutine"; break;
  case LUA_TLIGHTUSERDATA: name = "light userdata, a pointer of C"; break;
  case LUA_TUSERDATA:
    (void)snprintf(text, sizeof text, "userdata, %zu bytes of C", (size_t)lua_rawlen(L, 1));
    name = text;
    break;
  default: break;
  }
  add_line(out, "type", name);
}

/* `Chat < Server < EventEmitter` */
static void type_class(lua_State *L, StrBuf *out) {
  const ClassDef *def = class_of(L, 1);
  if (!def || !class_push_name(L, 1)) return;
  const char *name = lua_tostring(L, -1);
  strbuf_addf(out, "  %-12s %s", "class", name ? name : def->name);
  if (name && strcmp(name, def->name) != 0) strbuf_addf(out, " < %s", def->name);
  for (const ClassDef *d = def->base; d; d = d->base) strbuf_addf(out, " < %s", d->name);
  strbuf_addc(out, '\n');
  lua_pop(L, 1);
}

/* The metamethods it has, raw; all strings have the same. */
static void type_metatable(lua_State *L, StrBuf *out) {
  static const char *const names[] = { "__index", "__newindex", "__call", "__tostring", "__name", "__len", "__eq",
                                       "__lt", "__le", "__concat", "__add", "__sub", "__mul", "__div", "__mod",
                                       "__pow", "__unm", "__idiv", "__band", "__bor", "__bxor", "__shl", "__shr",
                                       "__bnot", "__pairs", "__close", "__gc", "__mode", "__metatable" };
  int shown = 0;
  if (lua_type(L, 1) == LUA_TSTRING || !lua_getmetatable(L, 1)) return;
  StrBuf *line = strbuf_new_lua(L);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    lua_pushstring(L, names[i]);
    if (lua_rawget(L, -3) != LUA_TNIL) strbuf_addf(line, "%s%s", shown++ ? ", " : "", names[i]);
    lua_pop(L, 1);
  }
  strbuf_addf(out, "  %-12s", "metatable");
  say_wrap_from(out, shown ? line->p : "without metamethods", NAME_COLUMNS, NAME_COLUMNS - 1);
  lua_pop(L, 2);
}

static void type_size(lua_State *L, StrBuf *out) {
  char text[96];
  size_t len = 0, fields = 0, characters = 0;
  if (lua_type(L, 1) == LUA_TSTRING) {
    const char *bytes = lua_tolstring(L, 1, &len);
    for (size_t i = 0; i < len; i++) characters += ((unsigned char)bytes[i] & 0xC0) != 0x80;
    (void)snprintf(text, sizeof text, "%zu bytes, %zu characters", len, characters);
  } else if (lua_istable(L, 1)) {
    for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1)) fields++;
    len = (size_t)lua_rawlen(L, 1);
    (void)snprintf(text, sizeof text, "%zu %s, %zu of them in sequence", fields, fields == 1 ? "entry" : "entries",
                   len);
  } else {
    return;
  }
  add_line(out, "size", text);
}

static bool is_name(const char *text) {
  Lexer lex = lexer_of(text, strlen(text));
  Token first = next_token(&lex);
  return first.kind == TOKEN_NAME && next_token(&lex).kind == TOKEN_END;
}

/* Whose name it is. */
static const char *type_owner(lua_State *L, const char *name) {
  session_push(L);
  lua_pushstring(L, name);
  bool local = lua_rawget(L, -2) != LUA_TNIL;
  lua_pushstring(L, name);
  bool own = session_defined(L, -1), built_in = session_is_builtin(L, -1);
  lua_pop(L, 3);
  if (local) return "a local of this session";
  if (own) return "a global of this session";
  return built_in ? "built in, loaded on first use" : lua_isnil(L, 1) ? "a name without a value" : "Lua's own, or the prompt's";
}

int cmd_type(lua_State *L) {
  const Command *command = lua_touserdata(L, 1);
  const char *text = command->args;
  if (!*text) {
    say(".type EXPRESSION, for example: .type process");
    return 0;
  }
  evaluate(L, "=.type", text);
  StrBuf *out = strbuf_new_lua(L);
  type_kind(L, out);
  type_class(L, out);
  type_metatable(L, out);
  type_size(L, out);
  if (lua_isfunction(L, 1)) add_function(L, out);
  if (is_name(text)) add_line(out, "name", type_owner(L, text));
  say_buffer(out);
  return 0;
}
