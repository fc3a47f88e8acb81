/* SPDX-License-Identifier: MIT */
/* attach.c - see attach.h.
 *
 * The full screen runs on a thread of its own: a line or a callback that never returns does not stop it. The
 * editor lends it the terminal (ed_lend) and gets it back when the thread has told the loop that it ends.
 * Should the loop be busy then, Ctrl-C is already the watching thread's again. */
#include "attach.h"
#include "../edit/ed.h"
#include "../say.h"
#include "../side_thread.h"
#include "../watch.h"
#include "../../modules/core/handle.h"
#include "../../modules/core/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct Over { Handle base; uv_async_t uv; } Over; /* told by the thread */

static struct {
  bool open;           /* a screen is shown */
  uv_thread_t thread;
  Over *over;
  int wake[2];
  _Atomic bool again, leaving; /* leaving: the prompt ends, so the keys are nobody's */
  Bytes keys;
  ScreenStart start;
} views;

Live *views_live(Repl *repl) {
  int err = 0;
  (void)repl;
  Live *live = live_running();
  if (live || trace_dirfd() < 0) return live;
  live = live_start(trace_dirfd(), trace_dir(), &err);
  if (!live) say_styled(STYLE_RED, "(no views: %s)", uv_strerror(err));
  return live;
}

bool views_inspect(Repl *repl, const char *word, StrBuf *out, char *why, size_t size) {
  Live *live = views_live(repl);
  LiveThread *thread = NULL;
  (void)snprintf(why, size, "Nothing is traced here, so no process of this run is known.");
  if (!live) return false;
  live_refresh(live);
  const Model *m = live_hold(live);
  const LiveProc *p = model_find(m, word, &thread, why, size);
  const ViewSize size_of = { .columns = ed_width(), .colour = say_colours(), .pid = p ? p->pid : 0,
                             .tid = p && thread ? thread->tid : 0 };
  if (p) view_one(m, &size_of, out);
  live_release(live);
  return p != NULL;
}

/* ---- the full screen ---- */

static void screen_main(void *arg) {
  Over *over = arg;
  screen_run(&views.start);
  if (views.leaving) return;
  watch_hand(views.keys.data, views.keys.len); /* typed behind the key that ended it */
  watch_prompt(true);
  (void)uv_async_send(&over->uv);
}

static void join(void) {
  (void)uv_thread_join(&views.thread);
  handle_close(&views.over->base);
  (void)close(views.wake[0]);
  (void)close(views.wake[1]);
  views.open = false;
  ed_resume();
}

static void on_over(uv_async_t *async) {
  (void)async;
  if (!views.open) return;
  join();
  bytes_free(&views.keys);
  watch_back();
}

static void on_again(void *ctx) {
  (void)ctx;
  views.again = true;
}

static int start_thread(Repl *repl) {
  Over *over = views.over = handle_new_internal(repl->rt, sizeof *over);
  if (!over) return UV_ENOMEM;
  int err = uv_async_init(&repl->rt->loop, &over->uv, on_over);
  if (err) {
    free(over);
    return err;
  }
  handle_opened(&over->base, (uv_handle_t *)&over->uv);
  if ((err = uv_pipe(views.wake, 0, 0)) == 0) {
    views.start.wake = views.wake[0];
    views.leaving = views.again = false;
    views.open = true; /* before the thread can end */
    if ((err = side_thread_start(&views.thread, screen_main, over)) == 0) return 0;
    views.open = false;
    (void)close(views.wake[0]);
    (void)close(views.wake[1]);
  }
  handle_close(&over->base);
  return err;
}

bool views_open(Repl *repl, ScreenMode mode, int level, int only) {
  Live *live = views_live(repl);
  if (!live || views.open) return false;
  repl_next_prompt(repl); /* a command came from it: it is what the screen lies over */
  if (!ed_can_draw() || !ed_lend(on_again, NULL, &views.keys)) return false;
  watch_prompt(false);
  views.start = (ScreenStart){
    .live = live, .mode = mode, .level = level, .only = only, .keys = ed_keys_fd(), .colour = say_colours(),
    .again = &views.again, .pending = &views.keys,
  };
  int err = start_thread(repl);
  if (!err) return true;
  watch_hand(views.keys.data, views.keys.len); /* typed ahead: they come back in the next turn */
  views.keys.len = 0;
  ed_resume();
  say_styled(STYLE_RED, "(no full screen: %s)", uv_strerror(err));
  return false;
}

void views_close(void) {
  if (views.open) {
    views.leaving = true;
    while (write(views.wake[1], "", 1) < 0) continue; /* interrupted */
    join();
  }
  bytes_free(&views.keys);
}
