/* SPDX-License-Identifier: MIT */
/* eval.c - see eval.h.
 *
 * A line runs as a body under rt_enter with Ctrl-C as SIGINT. Its error is shown here, not routed as an
 * uncaught one: whoever typed it is there to see it. An interrupt unwinds through all of this. */
#include "eval.h"
#include "ed.h"
#include "say.h"
#include "session.h"
#include "show.h"
#include "../modules/core/interrupt.h"
#include "../modules/core/source.h"

#include <stdio.h>
#include <string.h>

typedef struct Line {
  Repl *repl;
  const char *text;
  size_t len;
  char chunk[32];
  LineKind kind;
} Line;

/* Said once: a file's local ends with its chunk. */
static void note_locals(Repl *repl, const Rewritten *locals) {
  if (locals->closing)
    say_styled(STYLE_DIM, "(a <close> variable is closed when its line ends; it is not kept)");
  if (locals->constant)
    say_styled(STYLE_DIM, "(the variable is kept for the next lines, that it is <const> is not)");
  if (locals->kept == 0 || repl->noted_local) return;
  repl->noted_local = true;
  say_styled(STYLE_DIM, "(kept for the next lines; in a file a local ends with its chunk or block)");
}

/* What the line gave, on the stack from `first` on. */
static void line_done(lua_State *L, const Line *line, int first) {
  int last = lua_gettop(L);
  session_keep_line(L, line->text, line->len);
  if (last < first) return;
  show_values(L, first, last);
  lua_pushvalue(L, first);
  session_set_value(L, line->repl->number);
}

static int line_body(lua_State *L) {
  Line *line = lua_touserdata(L, 1);
  Rewritten locals;
  source_add_text(L, line->chunk, line->text, line->len);
  lua_settop(L, 0);
  lua_pushcfunction(L, rt_traceback);
  line->kind = session_load(L, line->chunk, line->text, line->len, &locals);
  if (line->kind == LINE_WRONG) {
    show_syntax_error(L, lua_tostring(L, -1), line->chunk);
    return 0;
  }
  note_locals(line->repl, &locals);
  if (lua_pcall(L, 1, LUA_MULTRET, 1) == LUA_OK) {
    line_done(L, line, 2);
    return 0;
  }
  if (interrupt_is(L, -1)) return lua_error(L);
  show_error(L, -1, NULL);
  session_set_error(L);
  return 0;
}

void eval_line(Repl *repl, const char *text, size_t len) {
  Line line = { .repl = repl, .text = text, .len = len };
  repl->number++;
  (void)snprintf(line.chunk, sizeof line.chunk, "=moon>[%d]", repl->number);
  interrupt_sigint_on(ed_emergency_restore);
  (void)rt_enter(repl->rt, line_body, &line); /* what it raises was told by the hook */
  interrupt_sigint_off();
}
