/* SPDX-License-Identifier: MIT */
/* cmd_inspect.c - .i EXPRESSION: everything there is to know of one value. */
#include "commands.h"
#include "proc.h"
#include "say.h"
#include "session.h"
#include "show.h"
#include "../modules/core/class.h"
#include "../modules/core/error.h"
#include "../modules/core/handle.h"
#include "../modules/events/events.h"

#include <stdio.h>
#include <string.h>

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
    if (lua_pcall(L, 1, 1, 0) == LUA_OK) show_value(L, lua_gettop(L), out);
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

/* Of an object with a pid: what the system says of the process. */
static void add_process(lua_State *L, StrBuf *out) {
  Proc proc;
  char text[64];
  lua_getfield(L, 1, "pid");
  int pid = (int)lua_tointeger(L, -1);
  lua_pop(L, 1);
  if (pid <= 0 || !proc_read(pid, &proc)) return;
  snprintf(text, sizeof text, "%d, group %d", proc.ppid, proc.pgrp);
  add_line(out, "parent", text);
  snprintf(text, sizeof text, "%s, %.1f MiB, %ld threads", proc_state_name(proc.state),
           (double)proc.rss_kib / 1024, proc.threads);
  add_line(out, "process", text);
  snprintf(text, sizeof text, "%d", proc_descriptors(pid));
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
      show_value(L, lua_gettop(L), out);
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

int cmd_inspect(lua_State *L) {
  const Command *command = lua_touserdata(L, 1);
  Rewritten locals;
  if (!*command->args) {
    say(".i EXPRESSION, for example: .i process");
    return 0;
  }
  lua_settop(L, 0);
  if (session_load(L, "=.i", command->args, strlen(command->args), &locals) == LINE_WRONG)
    return luaL_error(L, "%s", lua_tostring(L, -1));
  if (lua_pcall(L, 1, 1, 0) != LUA_OK) return lua_error(L);
  StrBuf *out = strbuf_new_lua(L);
  show_value(L, 1, out);
  strbuf_addc(out, '\n');
  add_value(L, out);
  say_buffer(out);
  return 0;
}
