/* SPDX-License-Identifier: MIT */
/* eval.c - see eval.h.
 *
 * A line runs as a body under rt_enter with Ctrl-C as SIGINT, in a coroutine of async_run. The function
 * that runs there is run_chunk, which shows the values itself: as results they would be cut to one, and
 * a promise would be followed. An error is shown here and not routed as an uncaught one: whoever typed
 * the line is there to see it. An interrupt unwinds through all of this to the hook in repl.c. */
#include "eval.h"
#include "ed.h"
#include "say.h"
#include "session.h"
#include "show.h"
#include "timing.h"
#include "../modules/core/handle.h"
#include "../modules/core/interrupt.h"
#include "../modules/core/source.h"
#include "../modules/promise/promise.h"

#include <stdio.h>
#include <string.h>

typedef struct Line {
  Repl *repl;
  const char *text; /* borrowed while eval_line runs */
  size_t len;
  const char *chunk;
} Line;

/* ---- running ---- */

/* Said once: a file's local ends with its chunk. */
static void note_locals(Repl *repl, const Rewritten *locals) {
  if (locals->closing)
    say_styled(STYLE_DIM, "(a <close> variable is closed when its line ends; it is not kept)");
  if (locals->constant)
    say_styled(STYLE_DIM, "(kept for the next lines as an ordinary variable: <const> is not kept)");
  else if (locals->kept > 0 && !repl->noted_local)
    say_styled(STYLE_DIM, "(kept for the next lines; in a file a local ends with its chunk or block)");
  if (locals->kept > 0) repl->noted_local = true;
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
  int number = repl_of(L)->number;
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, lua_upvalueindex(2));
  lua_callk(L, 1, LUA_MULTRET, number, chunk_done);
  return chunk_done(L, LUA_OK, number);
}

/* ---- waiting ---- */

static void line_over(Repl *repl) {
  timing_stop(repl);
  if (!repl->waits) return;
  rt_unpin(repl->rt, repl->waits);
  repl->waits = 0;
  if (repl->spinner) (void)uv_timer_stop(repl->spinner);
  (void)uv_async_send(repl->rt->wake); /* the loop comes by and shows the next prompt */
}

static int on_fulfilled(lua_State *L) {
  line_over(repl_of(L));
  return 0;
}

static int on_rejected(lua_State *L) {
  line_over(repl_of(L));
  show_error(L, 1, NULL);
  session_set_error(L);
  return 0;
}

/* The promise of the line is on top. */
static void line_waits(lua_State *L, Repl *repl) {
  promise_mark_handled(L, -1);
  lua_pushcfunction(L, on_fulfilled);
  lua_pushcfunction(L, on_rejected);
  promise_on(L, -3);
  repl->waits = rt_pin(L);
}

static int cancel_body(lua_State *L) {
  Repl *repl = lua_touserdata(L, 1);
  rt_push_pinned(L, repl->rt, repl->waits);
  line_over(repl);
  (void)async_cancel(L, -1);
  return 0;
}

void eval_cancel(Repl *repl) {
  if (repl->waits) (void)rt_enter(repl->rt, cancel_body, repl);
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
    timing_stop(line->repl);
    return 0;
  }
  note_locals(line->repl, &locals);
  lua_pushlstring(L, line->text, line->len);
  lua_pushcclosure(L, run_chunk, 3);
  if (lua_pcall(L, 1, 1, 1) == LUA_OK) {
    if (promise_state(L, -1) == PROMISE_PENDING) line_waits(L, line->repl);
    else line_over(line->repl);
    return 0;
  }
  line_over(line->repl);
  if (interrupt_is(L, -1)) return lua_error(L);
  show_error(L, -1, NULL);
  session_set_error(L);
  return 0;
}

void eval_line(Repl *repl, const char *chunk, const char *text, size_t len) {
  char name[32];
  Line line = { .repl = repl, .text = text, .len = len, .chunk = chunk };
  repl->number++;
  if (!chunk) {
    (void)snprintf(name, sizeof name, "=moon>[%d]", repl->number);
    line.chunk = name;
  }
  interrupt_sigint_on(ed_emergency_restore);
  (void)rt_enter(repl->rt, line_body, &line); /* what it raises was told by the hook */
  interrupt_sigint_off();
  if (!repl->waits) timing_stop(repl);
}

void eval_timed(Repl *repl, const char *text, size_t len) {
  timing_start(repl);
  eval_line(repl, NULL, text, len);
}
