/* SPDX-License-Identifier: MIT */
/* top_main.c - see top_main.h. There is no loop and no Lua here: the collector has its thread, the screen
 * this one. Where the output is no terminal one picture is printed. */
#include "top_main.h"
#include "screen.h"
#include "../edit/ed.h"
#include "../inspect/folder.h"
#include "../signals.h"
#include "../style.h"
#include "../edit/term.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { USAGE = 9, WIDTH = 80, SETTLE_US = 300000 };

static const char usage[] =
    "Usage: moonfork top [--dir FOLDER]\n"
    "\n"
    "Shows the processes of a traced run, live, from another terminal: as .top does\n"
    "at the prompt. FOLDER is that of the run, as --trace=FOLDER or\n"
    "MOONFORK_TRACE_DIR name it; without it the newest run of yours is taken.\n"
    "? lists the keys. Without a terminal one picture is printed.\n";

static bool is_terminal(void) {
  const char *term = getenv("TERM");
  return isatty(0) && isatty(1) && term && *term && strcmp(term, "dumb") != 0;
}

static int show_live(Live *live) {
  _Atomic bool again = false;
  Bytes keys = { 0 };
  int wake[2];
  int fd = term_open(), err = fd < 0 ? fd : uv_pipe(wake, 0, 0);
  if (err) return err;
  (void)atexit(ed_emergency_restore);
  signals_guard();
  term_raw(true);
  ScreenStart start = {
    .live = live, .keys = fd, .wake = wake[0], .colour = style_allowed(), .again = &again, .pending = &keys,
  };
  screen_run(&start);
  term_close();
  (void)close(wake[0]);
  (void)close(wake[1]);
  bytes_free(&keys);
  return 0;
}

/* CPU and lag need two looks. */
static void print_once(Live *live) {
  StrBuf out;
  ViewSize size = { .columns = WIDTH };
  live_refresh(live);
  (void)usleep(SETTLE_US);
  live_refresh(live);
  strbuf_init(&out);
  const Model *m = live_hold(live);
  view_top(m, &size, &out);
  live_release(live);
  if (out.len && !out.failed) (void)fwrite(out.p, 1, out.len, stdout);
  strbuf_free(&out);
}

int top_show(const char *who, const char *dir) {
  char path[PATH_MAX];
  int err = 0, dirfd = run_folder_open(who, dir, path, sizeof path);
  if (dirfd < 0) return 1;
  Live *live = live_start(dirfd, path, &err);
  (void)close(dirfd);
  if (live && is_terminal()) err = show_live(live);
  else if (live) print_once(live);
  if (live) live_stop(live);
  if (err) (void)fprintf(stderr, "%s: %s: %s\n", who, path, uv_strerror(err));
  return err ? 1 : 0;
}

int top_main(int nargs, char **args) {
  const char *dir = NULL;
  for (int i = 0; i < nargs; i++) {
    if (!strcmp(args[i], "-h") || !strcmp(args[i], "--help")) return fputs(usage, stdout) < 0;
    if (!strncmp(args[i], "--dir=", 6)) dir = args[i] + 6;
    else if (!strcmp(args[i], "--dir") && i + 1 < nargs) dir = args[++i];
    else {
      (void)fprintf(stderr, "moonfork top: bad option: %s\n%s", args[i], usage);
      return USAGE;
    }
  }
  return top_show("moonfork top", dir);
}
