/* SPDX-License-Identifier: MIT */
/* facts_lua.c - saw, count, before, proc, port, line, fact: what a guide's checks may ask.
 *
 * Records, processes and lines are plain tables, made when they are asked for. All functions raise Lua
 * errors only; the model stands still while they run. */
#include "facts_lua.h"
#include "../../modules/core/json.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#define PROC_CLASS "moonfork.course.proc"

static Facts *facts_of(lua_State *L) {
  Facts **at = lua_touserdata(L, lua_upvalueindex(1));
  if (!*at) luaL_error(L, "this can be asked in checks only");
  return *at;
}

static lua_Number ms_of(const Facts *f, uint64_t t) { return ((lua_Number)t - (lua_Number)f->began) / 1e6; }

static void set_string(lua_State *L, const char *key, const char *text) {
  lua_pushstring(L, text);
  lua_setfield(L, -2, key);
}

static void set_integer(lua_State *L, const char *key, lua_Integer n) {
  lua_pushinteger(L, n);
  lua_setfield(L, -2, key);
}

static void set_bool(lua_State *L, const char *key, bool is) {
  lua_pushboolean(L, is);
  lua_setfield(L, -2, key);
}

/* ---- records ---- */

/* "wall:ms" is the field wall. */
static void set_number(lua_State *L, const char *name, int64_t n) {
  size_t len = strcspn(name, ":");
  lua_pushlstring(L, name, len);
  if (name[len]) lua_pushnumber(L, (lua_Number)n / 1e6);
  else lua_pushinteger(L, n);
  lua_rawset(L, -3);
}

static void set_fields(lua_State *L, const TraceRecord *r) {
  const TraceEventDef *def = live_event_def(r->event);
  if (!def) return;
  for (int i = 0; i < 4 && def->numbers[i]; i++) set_number(L, def->numbers[i], r->n[i]);
  const char *p = r->text, *end = r->text + (r->text_len < TRACE_TEXT ? r->text_len : TRACE_TEXT);
  for (int i = 0; i < 2 && def->texts[i]; i++) {
    size_t len = i == 0 && def->texts[1] ? strnlen(p, (size_t)(end - p)) : (size_t)(end - p);
    lua_pushlstring(L, p, len);
    lua_setfield(L, -2, def->texts[i]);
    p += len < (size_t)(end - p) ? len + 1 : len;
  }
}

/* [+1] */
static void push_record(lua_State *L, const Facts *f, const LiveRecord *r, uint64_t number) {
  lua_newtable(L);
  if (r->proc) {
    set_integer(L, "pid", r->proc->pid);
    set_string(L, "letter", r->proc->letter);
    set_string(L, "role", r->proc->role);
  }
  if (r->peer) set_integer(L, "peer", r->peer->pid);
  set_integer(L, "thread", r->thread ? (lua_Integer)r->thread->thread_id : 0);
  set_bool(L, "handle", r->r.flags & TRACE_HANDLE);
  set_bool(L, "internal", r->r.flags & TRACE_INTERNAL);
  set_bool(L, "up", r->r.flags & TRACE_UP);
  set_fields(L, &r->r);
  set_string(L, "event", live_event_name(r->r.event));
  set_integer(L, "n", (lua_Integer)number);
  lua_pushnumber(L, ms_of(f, r->r.t));
  lua_setfield(L, -2, "t");
}

/* Is the value at `have` what `want` asks for: equal, the pid of a process, or accepted by a function? */
static bool value_matches(lua_State *L, int want, int have) {
  if (lua_isfunction(L, want)) {
    lua_pushvalue(L, want);
    lua_pushvalue(L, have);
    lua_call(L, 1, 1);
    bool is = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return is;
  }
  if (!lua_istable(L, want) || lua_istable(L, have)) return lua_compare(L, want, have, LUA_OPEQ);
  lua_getfield(L, want, "pid");
  bool is = lua_compare(L, -1, have, LUA_OPEQ);
  lua_pop(L, 1);
  return is;
}

/* Does the table at `have` hold what the table at `match` asks for? nil asks for nothing. */
static bool matches(lua_State *L, int match, int have) {
  if (!lua_istable(L, match)) return true;
  for (lua_pushnil(L); lua_next(L, match); lua_pop(L, 1)) {
    lua_pushvalue(L, -2);
    lua_gettable(L, have);
    int top = lua_gettop(L);
    bool is = value_matches(L, top - 1, top);
    lua_pop(L, 1);
    if (!is) {
      lua_pop(L, 2);
      return false;
    }
  }
  return true;
}

static int event_of(lua_State *L, int idx) {
  const char *name = luaL_checkstring(L, idx);
  for (int i = 0; i < TRACE_EVENT_COUNT; i++)
    if (!strcmp(trace_events[i].name, name)) return i;
  for (int i = LIVE_REPARENT; i <= LIVE_KILLED; i++)
    if (!strcmp(live_event_name(i), name)) return i;
  return luaL_error(L, "there is no event %s", name);
}

static void check_match(lua_State *L, int idx) {
  if (!lua_isnoneornil(L, idx)) luaL_checktype(L, idx, LUA_TTABLE);
}

/* Pushes the next record from *at on that is the event at 1 and fits the match at 2; false: none. */
static bool next_record(lua_State *L, const Facts *f, int event, uint64_t *at) {
  const Model *m = f->model;
  for (; m && *at < m->count; (*at)++) {
    const LiveRecord *r = model_record(m, *at);
    if (!r || r->r.event != event || r->r.t < f->began) continue;
    push_record(L, f, r, *at);
    if (matches(L, 2, lua_gettop(L))) {
      (*at)++;
      return true;
    }
    lua_pop(L, 1);
  }
  return false;
}

static uint64_t first_of(const Facts *f) { return f->model ? f->model->first : 0; }

/* saw(event [, match [, after]]): the first such record (behind the record `after`), or nil. */
static int ask_saw(lua_State *L) {
  Facts *f = facts_of(L);
  int event = event_of(L, 1);
  uint64_t at = first_of(f);
  check_match(L, 2);
  lua_settop(L, 3);
  if (lua_istable(L, 3)) {
    lua_getfield(L, 3, "n");
    at = (uint64_t)lua_tointeger(L, -1) + 1;
    lua_pop(L, 1);
  }
  if (!next_record(L, f, event, &at)) lua_pushnil(L);
  return 1;
}

static int ask_all(lua_State *L) {
  Facts *f = facts_of(L);
  int event = event_of(L, 1);
  uint64_t at = first_of(f);
  check_match(L, 2);
  lua_settop(L, 2);
  lua_newtable(L);
  for (lua_Integer i = 1; next_record(L, f, event, &at); i++) lua_rawseti(L, 3, i);
  return 1;
}

static int ask_count(lua_State *L) {
  Facts *f = facts_of(L);
  int event = event_of(L, 1);
  uint64_t at = first_of(f);
  lua_Integer n = 0;
  check_match(L, 2);
  lua_settop(L, 2);
  for (; next_record(L, f, event, &at); n++) lua_pop(L, 1);
  lua_pushinteger(L, n);
  return 1;
}

/* before(a, b): both are there, and a came first: of two lines by their number, else by the time. */
static int ask_before(lua_State *L) {
  bool is = false;
  lua_settop(L, 2);
  if (lua_istable(L, 1) && lua_istable(L, 2)) {
    lua_getfield(L, 1, "event");
    lua_getfield(L, 2, "event");
    bool lines[2];
    for (int i = 0; i < 2; i++) lines[i] = lua_type(L, 3 + i) == LUA_TSTRING && !strcmp(lua_tostring(L, 3 + i), "line");
    const char *key = lines[0] && lines[1] ? "n" : "t";
    lua_getfield(L, 1, key);
    lua_getfield(L, 2, key);
    is = lua_tonumber(L, 5) < lua_tonumber(L, 6);
  }
  lua_pushboolean(L, is);
  return 1;
}

/* ---- processes ---- */

static int proc_equal(lua_State *L) {
  lua_getfield(L, 1, "letter");
  lua_getfield(L, 2, "letter");
  lua_pushboolean(L, lua_rawequal(L, -1, -2));
  return 1;
}

static void set_threads(lua_State *L, const LiveProc *p) {
  lua_newtable(L);
  lua_Integer i = 0;
  for (const LiveThread *t = p->threads; t; t = t->next) {
    lua_newtable(L);
    set_integer(L, "thread", t->thread_id);
    set_string(L, "role", t->role);
    set_bool(L, "ended", t->ended);
    set_integer(L, "code", t->code);
    lua_rawseti(L, -2, ++i);
  }
  lua_setfield(L, -2, "threads");
}

/* Its parent has ended before it; the new one may not have been seen. */
static bool is_orphan(const LiveProc *p) {
  return p->orphan || (p->parent && p->parent->ended && (!p->ended || p->parent->end < p->end));
}

/* [+1] */
static void push_proc(lua_State *L, const LiveProc *p) {
  lua_newtable(L);
  set_integer(L, "pid", p->pid);
  set_integer(L, "ppid", p->ppid);
  set_integer(L, "first_ppid", p->first_ppid);
  set_string(L, "letter", p->letter);
  set_string(L, "role", p->role);
  set_string(L, "name", p->name);
  set_string(L, "state", (char[2]){ p->state, '\0' });
  set_bool(L, "orphan", is_orphan(p));
  set_bool(L, "ended", p->ended);
  set_bool(L, "traced", p->traced);
  if (p->worker) set_integer(L, "worker", p->worker);
  if (p->parent) set_integer(L, "parent", p->parent->pid);
  if (p->code_known && !p->signal) set_integer(L, "code", p->code);
  if (p->signal) set_integer(L, "signal", p->signal);
  set_threads(L, p);
  luaL_setmetatable(L, PROC_CLASS);
}

static bool of_run(const LiveProc *p) { return !p->self; }

/* Does the word or table at idx mean this process, whose table is on top? */
static bool proc_matches(lua_State *L, int idx, const LiveProc *p) {
  if (lua_type(L, idx) == LUA_TNUMBER) return lua_tointeger(L, idx) == p->pid;
  if (lua_type(L, idx) != LUA_TSTRING) return matches(L, idx, lua_gettop(L));
  const char *word = lua_tostring(L, idx);
  return !strcmp(word, p->letter) || !strcmp(word, p->role) || !strcmp(word, p->name);
}

/* proc([what]): by letter, role, name, pid or a table of fields; nothing: the one that was started first. */
static int ask_proc(lua_State *L) {
  Facts *f = facts_of(L);
  lua_settop(L, 1);
  if (lua_isnil(L, 1)) lua_pushinteger(L, f->pid), lua_replace(L, 1);
  for (const LiveProc *p = f->model ? f->model->procs : NULL; p; p = p->next) {
    if (!of_run(p)) continue;
    push_proc(L, p);
    if (proc_matches(L, 1, p)) return 1;
    lua_pop(L, 1);
  }
  lua_pushnil(L);
  return 1;
}

static int ask_procs(lua_State *L) {
  Facts *f = facts_of(L);
  lua_Integer n = 0;
  lua_settop(L, 1);
  lua_newtable(L);
  for (const LiveProc *p = f->model ? f->model->procs : NULL; p; p = p->next) {
    if (!of_run(p)) continue;
    push_proc(L, p);
    if (lua_isnil(L, 1) || proc_matches(L, 1, p)) lua_rawseti(L, 2, ++n);
    else lua_pop(L, 1);
  }
  return 1;
}

/* orphan(p): the new parent's pid of a process whose parent has ended before it, else nil. */
static int ask_orphan(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  (void)facts_of(L);
  lua_getfield(L, 1, "orphan");
  if (lua_toboolean(L, -1)) lua_getfield(L, 1, "ppid");
  else lua_pushnil(L);
  return 1;
}

/* ---- ports ---- */

enum { MOST_HOLDERS = 64 };

typedef struct Port {
  lua_Integer port;
  int pids[MOST_HOLDERS]; /* who holds it now, once for each hold */
  int count, most, refused, accepted;
  int most_pids[MOST_HOLDERS];
} Port;

static int distinct(const Port *p, int *pids) {
  int n = 0;
  for (int i = 0; i < p->count; i++) {
    bool known = false;
    for (int k = 0; k < n && !known; k++) known = pids[k] == p->pids[i];
    if (!known) pids[n++] = p->pids[i];
  }
  return n;
}

static void hold_port(Port *p, int pid) {
  int pids[MOST_HOLDERS];
  if (p->count == MOST_HOLDERS) return;
  p->pids[p->count++] = pid;
  int n = distinct(p, pids);
  if (n <= p->most) return;
  p->most = n;
  memcpy(p->most_pids, pids, sizeof pids);
}

/* The process gives up one hold on the port, or (all) every one. */
static void drop_port(Port *p, int pid, bool all) {
  for (int i = p->count; i-- > 0;) {
    if (p->pids[i] != pid) continue;
    p->count--;
    memmove(&p->pids[i], &p->pids[i + 1], (size_t)(p->count - i) * sizeof *p->pids);
    if (!all) return;
  }
}

static void follow_port(Port *p, const LiveRecord *r) {
  const TraceRecord *t = &r->r;
  int pid = r->proc ? r->proc->pid : 0;
  bool mine = t->n[0] == p->port;
  switch (t->event) {
  case TRACE_PORT_LISTEN: if (mine) hold_port(p, pid); break;
  case TRACE_PORT_CLOSE: if (mine) drop_port(p, pid, false); break;
  case TRACE_PORT_ERR: p->refused += mine; break;
  case TRACE_CONN_ACCEPT: p->accepted += mine; break;
  case TRACE_HND_RECV:
    if (t->n[3] == p->port && strncmp(t->text, "net.Socket", 10)) hold_port(p, pid);
    break;
  case TRACE_PROC_EXIT:
  case LIVE_KILLED: drop_port(p, pid, true); break;
  default: break;
  }
}

/* port([number]): what was seen of it; nothing: the first on which somebody listened. nil: nobody did. */
static int ask_port(lua_State *L) {
  Facts *f = facts_of(L);
  const Model *m = f->model;
  Port p = { .port = luaL_optinteger(L, 1, 0) };
  bool found = false;
  for (uint64_t i = first_of(f); m && i < m->count; i++) {
    const LiveRecord *r = model_record(m, i);
    if (!r || r->r.t < f->began) continue;
    if (r->r.event == TRACE_PORT_LISTEN && !p.port) p.port = r->r.n[0];
    found |= p.port && (r->r.event == TRACE_PORT_LISTEN || r->r.event == TRACE_PORT_ERR) && r->r.n[0] == p.port;
    if (p.port) follow_port(&p, r);
  }
  if (!found) {
    lua_pushnil(L);
    return 1;
  }
  int now[MOST_HOLDERS];
  lua_newtable(L);
  set_integer(L, "port", p.port);
  set_integer(L, "holders", p.most);
  set_integer(L, "now", distinct(&p, now));
  set_integer(L, "refused", p.refused);
  set_integer(L, "accepted", p.accepted);
  lua_newtable(L);
  for (int i = 0; i < p.most; i++) {
    lua_pushinteger(L, p.most_pids[i]);
    lua_rawseti(L, -2, i + 1);
  }
  lua_setfield(L, -2, "pids");
  return 1;
}

/* ---- what was printed ---- */

/* When the line was written, as its process has recorded it; what we read, we read later. */
static uint64_t written(const Facts *f, const FactLine *line) {
  const Model *m = f->model;
  size_t len = strnlen(line->text, TRACE_TEXT - 8);
  for (uint64_t i = m ? m->first : 0; m && len > 0 && i < m->count; i++) {
    const LiveRecord *r = model_record(m, i);
    if (r && r->r.event == TRACE_STDIO && r->r.t >= f->began && r->r.t <= line->t && r->r.text_len >= len &&
        memmem(r->r.text, r->r.text_len, line->text, len))
      return r->r.t;
  }
  return line->t;
}

static void push_line(lua_State *L, const Facts *f, size_t i) {
  lua_newtable(L);
  set_string(L, "event", "line");
  set_string(L, "text", f->lines[i].text);
  set_integer(L, "n", (lua_Integer)i + 1);
  lua_pushnumber(L, ms_of(f, written(f, &f->lines[i])));
  lua_setfield(L, -2, "t");
}

/* line(text): the first line printed that contains the text, or nil. */
static int ask_line(lua_State *L) {
  Facts *f = facts_of(L);
  const char *text = luaL_checkstring(L, 1);
  for (size_t i = 0; i < f->nlines; i++)
    if (strstr(f->lines[i].text, text)) {
      push_line(L, f, i);
      return 1;
    }
  lua_pushnil(L);
  return 1;
}

/* out([p]): the lines printed by all, or what one process has written, as a list of strings. */
static int ask_out(lua_State *L) {
  Facts *f = facts_of(L);
  const Model *m = f->model;
  lua_Integer n = 0;
  lua_settop(L, 1);
  lua_newtable(L);
  if (lua_isnil(L, 1)) {
    for (size_t i = 0; i < f->nlines; i++) {
      lua_pushstring(L, f->lines[i].text);
      lua_rawseti(L, 2, ++n);
    }
    return 1;
  }
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_getfield(L, 1, "pid");
  lua_Integer pid = lua_tointeger(L, -1);
  lua_pop(L, 1);
  for (uint64_t i = first_of(f); m && i < m->count; i++) {
    const LiveRecord *r = model_record(m, i);
    if (!r || r->r.event != TRACE_STDIO || !r->proc || r->proc->pid != pid || r->r.n[3] || r->r.n[0] < 1) continue;
    size_t len = r->r.text_len;
    while (len > 0 && r->r.text[len - 1] == ' ') len--;
    lua_pushlstring(L, r->r.text, len);
    lua_rawseti(L, 2, ++n);
  }
  return 1;
}

/* ---- what check.lua has sent ---- */

/* Pushes the value of the name in the message, false when it holds none. */
static bool push_fact(lua_State *L, const char *json, const char *name) {
  JsonError err;
  if (!json_decode(L, json, strlen(json), &err)) return false;
  if (lua_istable(L, -1)) {
    lua_getfield(L, -1, name);
    lua_remove(L, -2);
  }
  if (!lua_isnil(L, -1) && !json_is_null(L, -1)) return true;
  lua_pop(L, 1);
  return false;
}

/* fact(name): the last value that was sent under the name. */
static int ask_fact(lua_State *L) {
  Facts *f = facts_of(L);
  const char *name = luaL_checkstring(L, 1);
  for (size_t i = f->nmessages; i-- > 0;)
    if (push_fact(L, f->messages[i], name)) return 1;
  f->untold = true;
  lua_pushnil(L);
  return 1;
}

char *facts_told(Guide *g, const Facts *f, const char *name) {
  char *text = NULL;
  for (size_t i = f->nmessages; i-- > 0 && !text;)
    if (push_fact(g->L, f->messages[i], name)) {
      if (lua_type(g->L, -1) == LUA_TSTRING) text = strdup(lua_tostring(g->L, -1));
      lua_pop(g->L, 1);
    }
  return text;
}

/* facts(name): all of them, oldest first. */
static int ask_facts(lua_State *L) {
  Facts *f = facts_of(L);
  const char *name = luaL_checkstring(L, 1);
  lua_Integer n = 0;
  lua_newtable(L);
  for (size_t i = 0; i < f->nmessages; i++)
    if (push_fact(L, f->messages[i], name)) lua_rawseti(L, -2, ++n);
  return 1;
}

/* ended(): code and signal of the process that was started first; nothing while it lives. */
static int ask_ended(lua_State *L) {
  Facts *f = facts_of(L);
  if (!f->ended) return 0;
  if (f->signal) lua_pushnil(L);
  else lua_pushinteger(L, f->code);
  if (f->signal) lua_pushinteger(L, f->signal);
  else lua_pushnil(L);
  return 2;
}

/* left(): how many processes lived when the run was over. */
static int ask_left(lua_State *L) {
  lua_pushinteger(L, facts_of(L)->left);
  return 1;
}

void facts_lua_open(lua_State *L, int env, Facts **at) {
  static const luaL_Reg functions[] = {
    { "saw", ask_saw }, { "all", ask_all }, { "count", ask_count }, { "before", ask_before },
    { "proc", ask_proc }, { "procs", ask_procs }, { "orphan", ask_orphan }, { "port", ask_port },
    { "line", ask_line }, { "out", ask_out }, { "fact", ask_fact }, { "facts", ask_facts },
    { "ended", ask_ended }, { "left", ask_left }, { NULL, NULL },
  };
  luaL_newmetatable(L, PROC_CLASS);
  lua_pushcfunction(L, proc_equal);
  lua_setfield(L, -2, "__eq");
  lua_pop(L, 1);
  lua_pushvalue(L, env);
  lua_pushlightuserdata(L, at);
  luaL_setfuncs(L, functions, 1);
  lua_pop(L, 1);
}
