/* SPDX-License-Identifier: MIT */
/* cmd_views.c - the commands that show the run: .top .ps .lanes .ports .loop .pool .log .mem .taps .threads
 * .cells
 *
 * Each prints its view once, `-f` follows it on the full screen. */
#include "attach.h"
#include "wish.h"
#include "../commands/commands.h"
#include "../edit/ed.h"
#include "../commands/ps.h"
#include "../say.h"
#include "../edit/term.h"
#include "../../modules/core/trace.h"

#include <stdlib.h>
#include <string.h>

static Live *need_live(Repl *repl, const char *name) {
  Live *live = views_live(repl);
  if (!live && !trace_dir()) say("Nothing is traced here, so .%s has nothing to show.", name);
  return live;
}

/* The pid of the process that is named; 0, with the reason said. */
static int find_pid(Live *live, const char *name) {
  char why[160];
  int pid = wish_pid(live_hold(live), name, why, sizeof why);
  live_release(live);
  if (!pid) say("%s", why);
  return pid;
}

static void print_view(Live *live, ScreenMode mode, const Wish *wish, int only) {
  StrBuf out;
  strbuf_init(&out);
  live_refresh(live);
  wish_draw(live_hold(live), mode, wish, only, say_colours(), &out);
  live_release(live);
  say_buffer(&out);
  strbuf_free(&out);
}

static void show(const Command *command, const char *name, ScreenMode mode) {
  Repl *repl = command->repl;
  Wish wish = wish_read(command->args, mode);
  Live *live = need_live(repl, name);
  int only = 0;
  char usage[64];
  if (!live) return;
  if (wish.wrong) {
    wish_usage(mode, usage, sizeof usage);
    say("%s", usage);
    return;
  }
  if (*wish.name && !(only = find_pid(live, wish.name))) return;
  if (wish.follow || mode == SCREEN_TOP) {
    if (views_open(repl, mode, wish.level, only) || ed_can_draw()) return;
  }
  print_view(live, mode, &wish, only);
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
