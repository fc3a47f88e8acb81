/* SPDX-License-Identifier: MIT */
/* eval.c - see eval.h.
 *
 * A line runs as a body under rt_enter, in a coroutine of async_run. The function
 * that runs there is run_chunk, which shows the values itself: as results they would be cut to one, and
 * a promise would be followed. An error is shown here and not routed as an uncaught one: whoever typed
 * the line is there to see it. An interrupt unwinds through all of this to the runtime's hook for uncaught errors. */
#include "eval.h"
#include "say.h"
#include "session.h"
#include "show.h"
#include "../modules/core/handle.h"
#include "../modules/core/interrupt.h"
#include "../modules/core/source.h"
#include "../modules/promise/promise.h"

#include <stdio.h>
#include <string.h>

typedef struct Line {
  Evaluator *ev;
  const char *text; /* borrowed while eval_line runs */
  size_t len;
  const char *chunk;
} Line;

static const char evaluator_key = 0;

Evaluator *evaluator_of(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &evaluator_key);
  Evaluator *ev = lua_touserdata(L, -1);
  lua_pop(L, 1);
  return ev;
}

void evaluator_open(lua_State *L, Evaluator *ev) {
  session_open(L);
  lua_pushlightuserdata(L, ev);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &evaluator_key);
}

/* ---- running ---- */

/* Said once: a file's local ends with its chunk. */
static void note_locals(Evaluator *ev, const Rewritten *locals) {
  if (locals->closing)
    say_styled(STYLE_DIM, "(a <close> variable is closed when its line ends; it is not kept)");
  if (locals->constant)
    say_styled(STYLE_DIM, "(kept for the next lines as an ordinary variable: <const> is not kept)");
  else if (locals->kept > 0 && !ev->noted_local)
    say_styled(STYLE_DIM, "(kept for the next lines; in a file a local ends with its chunk or block)");
  if (locals->kept > 0) ev->noted_local = true;
}

/* What the line gave. upvalues: chunk, session table, text */
static int chunk_done(lua_State *L, int status, lua_KContext number) {
  (void)status;
  size_t len;
  const char *text = lua_tolstring(L, lua_upvalueindex(3), &len);
  if (text) session_keep_line(L, text, len);
  int n = lua_gettop(L);
  if (n == 0) return 0;
  show_values(L, 1, n);
  lua_settop(L, 1);
  session_set_value(L, (int)number);
  return 0;
}

static int run_chunk(lua_State *L) {
  Evaluator *ev = evaluator_of(L);
  int number = ev->number;
  ev->co = L;
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, lua_upvalueindex(2));
  lua_callk(L, 1, LUA_MULTRET, number, chunk_done);
  return chunk_done(L, LUA_OK, number);
}

/* ---- waiting ---- */

static void line_over(Evaluator *ev) {
  if (ev->waits) rt_unpin(ev->rt, ev->waits);
  ev->waits = 0;
  if (ev->over) ev->over(ev);
}

static int on_fulfilled(lua_State *L) {
  line_over(evaluator_of(L));
  return 0;
}

static int on_rejected(lua_State *L) {
  Evaluator *ev = evaluator_of(L);
  ev->telling = true;
  show_error(L, 1, NULL);
  ev->telling = false;
  line_over(ev);
  session_set_error(L);
  return 0;
}

/* The promise of the line is on top. */
static void line_waits(lua_State *L, Evaluator *ev) {
  promise_mark_handled(L, -1);
  lua_pushcfunction(L, on_fulfilled);
  lua_pushcfunction(L, on_rejected);
  promise_on(L, -3);
  ev->waits = rt_pin(L);
}

static int cancel_body(lua_State *L) {
  Evaluator *ev = lua_touserdata(L, 1);
  rt_push_pinned(L, ev->rt, ev->waits);
  line_over(ev);
  (void)async_cancel(L, -1);
  return 0;
}

void eval_cancel(Evaluator *ev) {
  if (ev->waits) (void)rt_enter(ev->rt, cancel_body, ev);
}

/* ---- lines ---- */

static int start_line(lua_State *L) {
  async_run(L, 0);
  return 1;
}

static int line_body(lua_State *L) {
  Line *line = lua_touserdata(L, 1);
  Rewritten locals;
  source_add_text(L, line->chunk, line->text, line->len);
  lua_settop(L, 0);
  lua_pushcfunction(L, rt_traceback);
  lua_pushcfunction(L, start_line);
  LineKind kind = session_load(L, line->chunk, line->text, line->len, &locals);
  if (kind == LINE_WRONG) {
    show_syntax_error(L, lua_tostring(L, -1), line->chunk);
    line_over(line->ev);
    return 0;
  }
  note_locals(line->ev, &locals);
  lua_pushlstring(L, line->text, line->len);
  lua_pushcclosure(L, run_chunk, 3);
  if (lua_pcall(L, 1, 1, 1) == LUA_OK) {
    if (promise_state(L, -1) == PROMISE_PENDING) line_waits(L, line->ev);
    else line_over(line->ev);
    return 0;
  }
  line_over(line->ev);
  if (interrupt_is(L, -1)) return lua_error(L);
  show_error(L, -1, NULL);
  session_set_error(L);
  return 0;
}

void eval_line(Evaluator *ev, const char *chunk, const char *text, size_t len) {
  char name[48];
  Line line = { .ev = ev, .text = text, .len = len, .chunk = chunk };
  ev->number++;
  if (!chunk) {
    (void)snprintf(name, sizeof name, "=%s>[%d]", ev->name, ev->number);
    line.chunk = name;
  }
  if (ev->begin) ev->begin(ev);
  (void)rt_enter(ev->rt, line_body, &line); /* what it raises was told by the hook */
  if (ev->end) ev->end(ev);
  if (!ev->waits && ev->over) ev->over(ev);
}
