/* SPDX-License-Identifier: MIT */
/* repl.c - the life of the prompt: opening, what the editor tells, closing. See repl.h.
 *
 * While a line runs, the editor is stopped and the terminal is as it was found, so Ctrl-C is SIGINT;
 * while one waits (await) the editor is shown with a spinner in its prompt, lines typed meanwhile are
 * queued, and Ctrl-C is a key. on_turn runs once in each turn of the loop, just before it sleeps, and
 * brings the prompt up to date. */
#include "repl.h"
#include "commands/commands.h"
#include "complete.h"
#include "edit/ed.h"
#include "eval.h"
#include "guards.h"
#include "inside/inside.h"
#include "commands/leave.h"
#include "procs.h"
#include "prompt.h"
#include "commands/ps.h"
#include "commands/record.h"
#include "say.h"
#include "segment.h"
#include "session.h"
#include "show.h"
#include "signals.h"
#include "commands/timing.h"
#include "commands/transcript.h"
#include "typing.h"
#include "watch.h"
#include "help/zh.h"
#include "inspect/inspect.h"
#include "views/attach.h"
#include "../modules/core/handle.h"
#include "../modules/core/interrupt.h"
#include "../modules/core/out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SPIN_MS = 120 };

bool repl_possible(void) { return isatty(0) && isatty(1); }

/* ---- the prompt ---- */

/* A line that awaits, or an answer from another process: the prompt is shown, and lines are queued. */
static bool waits(const Repl *repl) { return repl->ev.waits || inside_waits() || experiment_waits(); }

static void set_prompt(Repl *repl) {
  static const char spinner[] = "|/-\\";
  char counts[128], prompt[192];
  if (inside_active()) (void)snprintf(counts, sizeof counts, ":%s", inside_label());
  else segment_text(repl, counts, sizeof counts);
  snprintf(prompt, sizeof prompt, "\001\033[32m\002moon%s%c\001\033[0m\002 ", counts,
           waits(repl) ? spinner[repl->spin & 3] : '>');
  ed_set_prompt(prompt);
}

static void on_spin(uv_timer_t *timer) {
  Repl *repl = ((Handle *)timer->data)->rt->hooks.ctx;
  repl->spin++;
  if (waits(repl) && !repl->away && !repl->asking) set_prompt(repl);
}

void repl_next_prompt(Repl *repl) {
  if (repl->done || repl->rt->leaving || repl->away || repl->asking) return;
  set_prompt(repl);
  if (waits(repl) && repl->spinner && !uv_is_active((uv_handle_t *)repl->spinner))
    (void)uv_timer_start(repl->spinner, on_spin, SPIN_MS, SPIN_MS);
  signals_guard();
  ed_start();
}

void repl_waited(Repl *repl) {
  if (repl->spinner && !waits(repl)) (void)uv_timer_stop(repl->spinner);
  (void)uv_async_send(repl->rt->wake);
}

void repl_finish(Repl *repl) {
  repl->done = true;
  uv_stop(&repl->rt->loop);
}

/* ---- lines ---- */

static bool is_blank(const char *text, size_t len) {
  for (size_t i = 0; i < len; i++)
    if (!strchr(" \t\n\r", text[i])) return false;
  return true;
}

static void run_line(Repl *repl, const char *text, size_t len) {
  if (inside_line(repl, text, len)) return;
  if (typing_is_command(text, len)) command_run(repl, text, len);
  else eval_line(&repl->ev, NULL, text, len);
}

/* Runs what was typed while a line waited; the editor may be shown. */
static void run_queue(Repl *repl) {
  if (repl->queue.len && ed_shown()) ed_stop();
  while (repl->queue.len && !waits(repl) && !repl->away && !repl->asking && !repl->done &&
         !repl->rt->leaving) {
    char *text = strdup(repl->queue.data);
    if (!text) abort(); /* as the editor's own buffers do */
    size_t len = strlen(text);
    bytes_drop(&repl->queue, len + 1);
    run_line(repl, text, len);
    free(text);
  }
}

static void on_line(void *ctx, const char *text, size_t len) {
  Repl *repl = ctx;
  watch_prompt(false);
  keep_check();
  repl->after_empty = repl->slow_preview = false;
  if (!is_blank(text, len)) {
    transcript_line(inside_active() ? inside_label() : NULL, text, len);
    (void)ed_history_append(text, len); /* a full disk must not stop the prompt */
    if (waits(repl)) bytes_add(&repl->queue, text, len + 1);
    else run_line(repl, text, len);
    if (procs_running(repl->rt)) ps_remember(); /* so that .ps knows an orphan later */
  }
  repl_next_prompt(repl);
  watch_prompt(ed_shown()); /* a timer that is due runs before on_turn */
}

static void on_eof(void *ctx) {
  Repl *repl = ctx;
  if (inside_active()) inside_leave(repl);
  else if (!leave_ask(repl)) repl_finish(repl);
}

static void on_view(void *ctx) { (void)views_open(ctx, SCREEN_TOP, 0, 0); }

static void on_interrupt(void *ctx, bool was_empty) {
  Repl *repl = ctx;
  bool again = was_empty && repl->after_empty;
  repl->after_empty = was_empty && !waits(repl);
  if (inside_waits() || experiment_waits()) {
    repl->queue.len = 0;
    inside_interrupt(repl);
    experiment_interrupt(repl);
  } else if (repl->ev.waits) {
    repl->queue.len = 0;
    eval_cancel(&repl->ev);
    say_styled(STYLE_DIM, "(stopped waiting; what the line waited for goes on)");
  } else if (inside_active()) {
    repl->after_empty = false;
    if (was_empty) say_styled(STYLE_DIM, "(.out or Ctrl-D returns to the prompt here)");
  } else if (again) {
    ed_stop();
    if (!leave_ask(repl)) repl_finish(repl);
  } else if (was_empty) {
    say_styled(STYLE_DIM, "(Ctrl-C once more, Ctrl-D or .exit leaves)");
  }
}

/* ---- the loop ---- */

static void on_turn(uv_prepare_t *prepare) {
  Repl *repl = ((Handle *)prepare->data)->rt->hooks.ctx;
  watch_back();
  if (!repl || !repl->open || repl->away || repl->asking || repl->done || ed_lent()) return;
  if (repl->queue.len && !waits(repl)) run_queue(repl);
  repl_next_prompt(repl);
  watch_prompt(ed_shown());
}

/* From outside: kill -INT, or Ctrl-C while a line waits and the terminal is not ours yet. */
static void on_sigint(uv_signal_t *signal, int number) {
  Repl *repl = ((Handle *)signal->data)->rt->hooks.ctx;
  (void)number;
  if (repl && repl->open && !repl->away) ed_interrupt();
}

typedef struct TurnHandle { Handle base; uv_prepare_t uv; } TurnHandle;
typedef struct SpinHandle { Handle base; uv_timer_t uv; } SpinHandle;
typedef struct SignalHandle { Handle base; uv_signal_t uv; } SignalHandle;

static int open_turn(Repl *repl) {
  TurnHandle *h = handle_new_internal(repl->rt, sizeof *h);
  if (!h) return UV_ENOMEM;
  (void)uv_prepare_init(&repl->rt->loop, &h->uv); /* cannot fail */
  handle_opened(&h->base, (uv_handle_t *)&h->uv);
  uv_unref((uv_handle_t *)&h->uv);
  return uv_prepare_start(&h->uv, on_turn);
}

static int open_spinner(Repl *repl) {
  SpinHandle *h = handle_new_internal(repl->rt, sizeof *h);
  if (!h) return UV_ENOMEM;
  (void)uv_timer_init(&repl->rt->loop, &h->uv); /* cannot fail */
  handle_opened(&h->base, (uv_handle_t *)&h->uv);
  repl->spinner = &h->uv;
  return 0;
}

static int open_signal(Repl *repl) {
  SignalHandle *h = handle_new_internal(repl->rt, sizeof *h);
  if (!h) return UV_ENOMEM;
  int err = uv_signal_init(&repl->rt->loop, &h->uv);
  if (err) {
    free(h);
    return err;
  }
  handle_opened(&h->base, (uv_handle_t *)&h->uv);
  uv_unref((uv_handle_t *)&h->uv);
  return uv_signal_start(&h->uv, on_sigint, SIGINT);
}

/* ---- errors that nobody caught ---- */

/* `^C` is on the screen, with the cursor behind it. */
static void tell_interrupt(Repl *repl, lua_State *L) {
  int children = ed_shown() ? 0 : procs_in_group(repl->rt); /* with the prompt shown it was a key */
  if (ed_shown()) say("^C");
  else if (children)
    say_styled(STYLE_YELLOW, " (also sent to %d %s in this group)", children,
               children == 1 ? "child" : "children");
  else say("%s", "");
  say_styled(STYLE_RED, "interrupted");
  if (!interrupt_push_place(L)) return;
  const char *place = lua_tostring(L, -1);
  if (*place) say_styled(STYLE_DIM, "%s", place + strspn(place, "\n"));
  lua_pop(L, 1);
}

static bool on_uncaught(Runtime *rt, lua_State *L, int idx) {
  Repl *repl = rt->hooks.ctx;
  if (interrupt_is(L, idx)) {
    tell_interrupt(repl, L);
    return true;
  }
  show_uncaught(L, idx);
  return true;
}

/* ---- opening and closing ---- */

static void on_output(void *ctx, int fd, const char *data, size_t len) {
  (void)ctx;
  (void)fd;
  transcript_output(data, len);
  ed_print_above(data, len);
}

/* MOONFORK_HISTORY, or the user's state folder. NULL: none. The caller frees it. */
static char *history_path(void) {
  const char *own = getenv("MOONFORK_HISTORY"), *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
  char *path = NULL;
  if (own && *own) return strdup(own);
  int len = state && *state == '/' ? asprintf(&path, "%s/moonfork/history", state)
            : home && *home        ? asprintf(&path, "%s/.local/state/moonfork/history", home)
                                   : -1;
  if (len < 0) return NULL;
  return path;
}

static void load_history(void) {
  char *path = history_path();
  int err = path ? ed_history_load(path) : 0;
  if (err) say_styled(STYLE_DIM, "(no history: %s: %s)", path, uv_strerror(err));
  free(path);
}

/* While a line runs the terminal sends signals, and Ctrl-C stops the line. */
static void line_begins(Evaluator *ev) {
  (void)ev;
  interrupt_sigint_on(ed_emergency_restore);
}

static void line_ends(Evaluator *ev) {
  (void)ev;
  interrupt_sigint_off();
}

/* The loop comes by and shows the next prompt. */
static void line_over(Evaluator *ev) {
  Repl *repl = ev->ctx;
  timing_stop(repl);
  repl_waited(repl);
}

static int open_body(lua_State *L) {
  commands_open(L);
  evaluator_open(L, &((Repl *)lua_touserdata(L, 1))->ev);
  return 0;
}

bool repl_prepare(Runtime *rt) {
  Repl *repl = calloc(1, sizeof *repl);
  if (!repl) return false;
  repl->rt = rt;
  repl->ev = (Evaluator){ .rt = rt, .name = "moon", .begin = line_begins, .end = line_ends, .over = line_over,
                          .ctx = repl };
  repl->child_limit = 64;
  rt->hooks.ctx = repl;
  say_open();
  if (!rt_enter(rt, open_body, repl)) return false; /* told as any error; main leaves */
  rt->hooks.uncaught = on_uncaught;
  rt->hooks.want_origin = true;
  rt->hooks.may_spawn = guard_spawn;
  rt->hooks.may_ship = guard_ship;
  return true;
}

static size_t complete_here(void *ctx, const char *text, size_t len, size_t point, EdList *out) {
  if (!inside_active() || typing_is_command(text, len)) return complete_line(ctx, text, len, point, out);
  return inside_complete(text, len, point, out);
}

static int open_editor(Repl *repl) {
  char why[256];
  const EdHooks hooks = {
    .ctx = repl, .name = "moon", .on_line = on_line, .on_eof = on_eof, .on_interrupt = on_interrupt,
    .on_view = on_view,
    .complete = complete_here, .highlight = typing_highlight, .incomplete = typing_incomplete, .indent = typing_indent,
    .preview = typing_preview,
  };
  int err = ed_open(&repl->rt->loop, &hooks, why, sizeof why);
  if (err) {
    (void)fprintf(stderr, "moonfork: no prompt: %s\n", why);
    return err;
  }
  repl->open = true;
  record_take_on();
  out_set_hook(on_output, repl);
  if (!(err = watch_start(repl->rt)) && !(err = open_turn(repl)) && !(err = open_spinner(repl)))
    err = open_signal(repl);
  if (err) (void)fprintf(stderr, "moonfork: no prompt: %s\n", uv_strerror(err));
  return err;
}

static void close_editor(Repl *repl) {
  if (!repl->open) return;
  inspect_close();
  views_close();
  inside_leave(repl);
  watch_stop();
  segment_stop();
  ed_close();
  (void)record_stop(); /* a full disk was its end before */
  transcript_free();
  out_set_hook(NULL, NULL);
  repl->open = false;
  (void)uv_run(&repl->rt->loop, UV_RUN_NOWAIT); /* the editor's handles close */
}

static void run_loop(Repl *repl) {
  say("moonfork %s (%s). %s", MOONFORK_VERSION, LUA_VERSION,
      in_language("(banner)", "Type .help for help, .exit or Ctrl-D to leave."));
  load_history();
  segment_start(repl);
  repl_next_prompt(repl);
  while (!repl->done && !repl->rt->leaving) (void)uv_run(&repl->rt->loop, UV_RUN_DEFAULT);
}

int repl_run(Runtime *rt) {
  Repl *repl = rt->hooks.ctx;
  if (open_editor(repl) == 0) run_loop(repl);
  else if (!rt->exit_code) rt->exit_code = EXIT_UNCAUGHT;
  close_editor(repl);
  rt->hooks = (RuntimeHooks){ 0 };
  int code = (int)(rt_end(rt) & 0xff);
  bytes_free(&repl->queue);
  free(repl);
  return code;
}
