/* SPDX-License-Identifier: MIT */
/* wish.c - see wish.h. */
#include "wish.h"
#include "../edit/term.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const commands[SCREEN_MODES] = {
  [SCREEN_TOP] = "top", [SCREEN_TREE] = "ps", [SCREEN_LANES] = "lanes", [SCREEN_PORTS] = "ports",
  [SCREEN_LOOP] = "loop", [SCREEN_POOL] = "pool", [SCREEN_LOG] = "log", [SCREEN_MEM] = "mem",
  [SCREEN_TAPS] = "taps", [SCREEN_THREADS] = "threads", [SCREEN_CELLS] = "cells",
};

ScreenMode wish_mode(const char *command, size_t len) {
  for (int i = 0; i < SCREEN_MODES; i++)
    if (commands[i] && strlen(commands[i]) == len && !memcmp(commands[i], command, len)) return (ScreenMode)i;
  return SCREEN_MODES;
}

static bool takes_name(ScreenMode mode) {
  return mode != SCREEN_TOP && mode != SCREEN_TREE && mode != SCREEN_CELLS;
}

Wish wish_read(const char *args, ScreenMode mode) {
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

void wish_usage(ScreenMode mode, char *text, size_t size) {
  (void)snprintf(text, size, ".%s %s%s[-f]", commands[mode], mode == SCREEN_LANES ? "[LEVEL] " : "",
                 takes_name(mode) ? "[NAME] " : "");
}

int wish_pid(const Model *m, const char *name, char *why, size_t size) {
  LiveThread *thread;
  const LiveProc *p = model_find(m, name, &thread, why, size);
  return p ? p->pid : 0;
}

void wish_draw(const Model *m, ScreenMode mode, const Wish *wish, int only, bool colour, StrBuf *out) {
  int rows, columns;
  term_size(&rows, &columns);
  ViewSize size = { .columns = columns, .colour = colour, .level = wish->level, .ended = wish->ended };
  if (mode == SCREEN_LANES || mode == SCREEN_LOG) size.rows = rows > 6 ? rows - 3 : 3;
  if (only) size.only = model_proc(m, only);
  SharedBlock *blocks = mode == SCREEN_CELLS ? calloc(SHARED_BLOCKS, sizeof *blocks) : NULL;
  if (blocks) view_cells(blocks, shared_read(m, blocks, NULL, 0), &size, out);
  else if (screen_view(mode)) screen_view(mode)(m, &size, out);
  free(blocks);
}
