/* SPDX-License-Identifier: MIT */
/* cmd_views.c - the commands that show the run: .top .ps .lanes .ports .loop .pool .log .mem .taps .threads
 * .cells
 *
 * Each prints its view once, `-f` follows it on the full screen. */
#include "attach.h"
#include "shared.h"
#include "../commands/commands.h"
#include "../edit/ed.h"
#include "../commands/ps.h"
#include "../say.h"
#include "../edit/term.h"

#include <stdlib.h>
#include <string.h>

typedef struct Wish { /* what stands behind the command */
  bool follow;
  int level;
  char name[32]; /* "": none */
  bool wrong;
} Wish;

static bool takes_name(ScreenMode mode) {
  return mode != SCREEN_TOP && mode != SCREEN_TREE && mode != SCREEN_CELLS;
}

static Wish read_wish(const char *args, ScreenMode mode) {
  Wish wish = { 0 };
  while (*args) {
    size_t len = strcspn(args, " \t");
    if (len == 2 && !strncmp(args, "-f", 2)) wish.follow = true;
    else if (mode == SCREEN_LANES && len == 1 && *args >= '1' && *args <= '9') wish.level = *args - '0';
    else if (takes_name(mode) && !*wish.name && len < sizeof wish.name) memcpy(wish.name, args, len);
    else wish.wrong = true;
    args += len;
    args += strspn(args, " \t");
  }
  return wish;
}

/* The pid of the process that is named, 0 with the reason said. */
static int find_pid(Live *live, const char *name) {
  char why[160];
  const Model *m = live_hold(live);
  LiveThread *thread;
  const LiveProc *p = model_find(m, name, &thread, why, sizeof why);
  int pid = p ? p->pid : 0;
  live_release(live);
  if (!p) say("%s", why);
  return pid;
}

static void print_view(Live *live, ScreenMode mode, int level, int only) {
  int rows, columns;
  StrBuf out;
  live_refresh(live);
  term_size(&rows, &columns);
  ViewSize size = { .columns = columns, .colour = say_colours(), .level = level };
  if (mode == SCREEN_LANES || mode == SCREEN_LOG) size.rows = rows > 6 ? rows - 3 : 3;
  strbuf_init(&out);
  const Model *m = live_hold(live);
  if (only) size.only = model_proc(m, only);
  SharedBlock *blocks = mode == SCREEN_CELLS ? calloc(SHARED_BLOCKS, sizeof *blocks) : NULL;
  if (blocks) view_cells(blocks, shared_read(m, blocks, NULL, 0), &size, &out);
  else if (screen_view(mode)) screen_view(mode)(m, &size, &out);
  live_release(live);
  free(blocks);
  say_buffer(&out);
  strbuf_free(&out);
}

static Live *need_live(Repl *repl, const char *name) {
  Live *live = views_live(repl);
  if (!live) say("Nothing is traced here, so .%s has nothing to show.", name);
  return live;
}

static void show(const Command *command, const char *name, ScreenMode mode) {
  Repl *repl = command->repl;
  Wish wish = read_wish(command->args, mode);
  Live *live = need_live(repl, name);
  int only = 0;
  if (!live) return;
  if (wish.wrong) {
    say(".%s %s%s[-f]", name, mode == SCREEN_LANES ? "[LEVEL] " : "", takes_name(mode) ? "[NAME] " : "");
    return;
  }
  if (*wish.name && !(only = find_pid(live, wish.name))) return;
  if (wish.follow || mode == SCREEN_TOP) {
    if (views_open(repl, mode, wish.level, only) || ed_can_draw()) return;
  }
  print_view(live, mode, wish.level, only);
}

void cmd_top(const Command *command) { show(command, "top", SCREEN_TOP); }
void cmd_lanes(const Command *command) { show(command, "lanes", SCREEN_LANES); }
void cmd_ports(const Command *command) { show(command, "ports", SCREEN_PORTS); }
void cmd_loop(const Command *command) { show(command, "loop", SCREEN_LOOP); }
void cmd_pool(const Command *command) { show(command, "pool", SCREEN_POOL); }
void cmd_log(const Command *command) { show(command, "log", SCREEN_LOG); }
void cmd_mem(const Command *command) { show(command, "mem", SCREEN_MEM); }
void cmd_taps(const Command *command) { show(command, "taps", SCREEN_TAPS); }
void cmd_threads(const Command *command) { show(command, "threads", SCREEN_THREADS); }
void cmd_cells(const Command *command) { show(command, "cells", SCREEN_CELLS); }

/* Without a trace there is /proc alone. */
void cmd_ps(const Command *command) {
  if (views_live(command->repl)) {
    show(command, "ps", SCREEN_TREE);
    return;
  }
  StrBuf out;
  strbuf_init(&out);
  ps_tree(command->repl->rt, &out);
  say_buffer(&out);
  strbuf_free(&out);
}
