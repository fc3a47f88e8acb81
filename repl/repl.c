/* SPDX-License-Identifier: MIT */
/* repl.c - the life of the prompt: opening, what the editor tells, closing. See repl.h.
 *
 * The editor calls back between keys. While a line runs, the editor is stopped and the terminal is as it
 * was found, so Ctrl-C is SIGINT then and a key otherwise. */
#include "repl.h"
#include "ed.h"
#include "eval.h"
#include "highlight.h"
#include "known.h"
#include "prompt.h"
#include "say.h"
#include "session.h"
#include "show.h"
#include "../modules/core/error.h"
#include "../modules/core/handle.h"
#include "../modules/core/interrupt.h"
#include "../modules/core/out.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool repl_possible(void) { return isatty(0) && isatty(1); }

/* ---- what the editor asks on keys ---- */

typedef struct Asked {
  const char *text;
  size_t len;
  bool answer;
} Asked;

static int ask_incomplete(lua_State *L) {
  Asked *asked = lua_touserdata(L, 1);
  asked->answer = session_incomplete(L, asked->text, asked->len);
  return 0;
}

static bool on_incomplete(void *ctx, const char *text, size_t len) {
  Repl *repl = ctx;
  Asked asked = { text, len, false };
  size_t at = strspn(text, " \t\n");
  if (at < len && strchr(".?!", text[at])) return false;
  (void)guarded(repl->rt, ask_incomplete, &asked);
  return asked.answer;
}

static int ask_known(lua_State *L) {
  Asked *asked = lua_touserdata(L, 1);
  asked->answer = known_global(L, asked->text, asked->len);
  return 0;
}

static bool is_known(void *ctx, const char *name, size_t len) {
  Repl *repl = ctx;
  Asked asked = { name, len, true };
  (void)guarded(repl->rt, ask_known, &asked);
  return asked.answer;
}

static void on_highlight(void *ctx, const char *text, size_t len, size_t point, uint8_t *attr) {
  highlight(text, len, attr, is_known, ctx);
  highlight_brackets(text, len, point, attr);
}

static int on_indent(void *ctx, const char *text, size_t len, size_t line) {
  (void)ctx;
  return highlight_indent(text, len, line);
}

/* ---- lines ---- */

static bool is_blank(const char *text, size_t len) {
  for (size_t i = 0; i < len; i++)
    if (!strchr(" \t\n\r", text[i])) return false;
  return true;
}

static void finish(Repl *repl) {
  repl->done = true;
  uv_stop(&repl->rt->loop);
}

static void next_prompt(Repl *repl) {
  if (repl->done || repl->rt->leaving) return;
  ed_set_prompt("moon> ");
  ed_start();
}

static void on_line(void *ctx, const char *text, size_t len) {
  Repl *repl = ctx;
  repl->after_empty = false;
  if (!is_blank(text, len)) {
    (void)ed_history_append(text, len); /* a full disk must not stop the prompt */
    eval_line(repl, text, len);
  }
  next_prompt(repl);
}

static void on_eof(void *ctx) { finish(ctx); }

static void on_interrupt(void *ctx, bool was_empty) {
  Repl *repl = ctx;
  if (was_empty && repl->after_empty) {
    ed_stop();
    finish(repl);
    return;
  }
  repl->after_empty = was_empty;
  if (was_empty) say_styled(STYLE_DIM, "(Ctrl-C once more, Ctrl-D or .exit leaves)");
}

/* ---- errors that nobody caught ---- */

static bool on_uncaught(Runtime *rt, lua_State *L, int idx) {
  (void)rt;
  if (interrupt_is(L, idx)) {
    say_styled(STYLE_RED, "interrupted");
    return true;
  }
  show_error(L, idx, "Uncaught");
  lua_pushvalue(L, idx);
  session_set_error(L);
  return true;
}

/* ---- opening and closing ---- */

static void on_output(void *ctx, int fd, const char *data, size_t len) {
  (void)ctx;
  (void)fd;
  ed_print_above(data, len);
}

/* MOONFORK_HISTORY, or the user's state folder, which is made. NULL: none. The caller frees it. */
static char *history_path(void) {
  const char *own = getenv("MOONFORK_HISTORY"), *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
  char *path = NULL;
  if (own && *own) return strdup(own);
  int len = state && *state == '/' ? asprintf(&path, "%s/moonfork/history", state)
            : home && *home        ? asprintf(&path, "%s/.local/state/moonfork/history", home)
                                   : -1;
  if (len < 0) return NULL;
  for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    (void)mkdir(path, 0700); /* exists, or the open of the file tells */
    *slash = '/';
  }
  return path;
}

static void load_history(void) {
  char *path = history_path();
  int err = path ? ed_history_load(path) : 0;
  if (err) say_styled(STYLE_DIM, "(no history: %s: %s)", path, uv_strerror(err));
  free(path);
}

bool repl_prepare(Runtime *rt) {
  Repl *repl = calloc(1, sizeof *repl);
  if (!repl) return false;
  repl->rt = rt;
  rt->hooks.ctx = repl;
  rt->hooks.uncaught = on_uncaught;
  return true;
}

static int open_body(lua_State *L) {
  session_open(L);
  return 0;
}

static int open_editor(Repl *repl) {
  char why[256];
  const EdHooks hooks = {
    .ctx = repl, .name = "moon", .on_line = on_line, .on_eof = on_eof, .on_interrupt = on_interrupt,
    .highlight = on_highlight, .incomplete = on_incomplete, .indent = on_indent,
  };
  int err = ed_open(&repl->rt->loop, &hooks, why, sizeof why);
  if (err) {
    (void)fprintf(stderr, "moonfork: no prompt: %s\n", why);
    return err;
  }
  repl->open = true;
  out_set_hook(on_output, repl);
  return 0;
}

static void close_editor(Repl *repl) {
  if (!repl->open) return;
  ed_close();
  out_set_hook(NULL, NULL);
  (void)uv_run(&repl->rt->loop, UV_RUN_NOWAIT); /* the editor's handles close */
}

static void greet(void) {
  say("moonfork %s (%s). Type .help for help.", MOONFORK_VERSION, LUA_VERSION);
}

int repl_run(Runtime *rt) {
  Repl *repl = rt->hooks.ctx;
  say_open();
  if (!rt_enter(rt, open_body, NULL) || open_editor(repl) != 0) {
    if (!rt->exit_code) rt->exit_code = EXIT_UNCAUGHT;
  } else {
    greet();
    load_history();
    next_prompt(repl);
    while (!repl->done && !rt->leaving) (void)uv_run(&rt->loop, UV_RUN_DEFAULT);
    close_editor(repl);
  }
  rt->hooks = (RuntimeHooks){ 0 };
  int code = rt_end(rt);
  free(repl);
  return code;
}
