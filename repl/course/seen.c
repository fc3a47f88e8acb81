/* SPDX-License-Identifier: MIT */
/* seen.c - the live views at a step's keys: the run that was last is kept until the next one, so .lanes, .ps and
 * the others show it. A step is not touched by that. */
#include "course.h"
#include "look.h"
#include "moment.h"
#include "../views/wish.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void seen_drop(Course *c) {
  if (c->seen.live) stage_close(&c->seen);
  c->seen = (Stage){ 0 };
}

void seen_keep(Course *c, Stage *s) {
  if (!s->live) {
    stage_close(s);
    return;
  }
  seen_drop(c);
  c->seen = *s;
  *s = (Stage){ 0 };
}

static bool is_something_seen(const Course *c) {
  if (c->seen.live) return true;
  tell("Nothing has run yet. F2 shows a run while it goes on; these commands show it afterwards.",
       "还没有运行过。运行时按 F2 看实时画面；运行后可以用这些命令查看。");
  return false;
}

/* ---- a view of what has ended ---- */

/* The pid that the name meant in this run; 0 with the reason. */
static int pid_of(Course *c, const char *name, char *why, size_t size) {
  const Model *m = stage_hold(&c->seen);
  Model *all = m ? moment_make(m, MOMENT_ALL) : NULL;
  (void)snprintf(why, size, "%s", strerror(ENOMEM));
  int pid = all ? wish_pid(all, name, why, size) : 0;
  moment_free(all);
  stage_release(&c->seen);
  return pid;
}

static MomentOf moment_of(ScreenMode mode) {
  return mode == SCREEN_PORTS ? MOMENT_PORTS : mode == SCREEN_THREADS ? MOMENT_THREADS
         : mode == SCREEN_POOL ? MOMENT_POOL : MOMENT_ALL;
}

/* What is about the living shows a moment when they lived. */
static void draw_past(const Model *m, ScreenMode mode, const Wish *wish, int only, StrBuf *out) {
  bool of_records = mode == SCREEN_LANES || mode == SCREEN_LOG || mode == SCREEN_TAPS || mode == SCREEN_TOP;
  Model *then = of_records ? NULL : moment_make(m, moment_of(mode));
  wish_draw(then ? then : m, mode, wish, only, ui_colours(), out);
  moment_free(then);
}

/* The tree was seen as it was; cells are those that were kept: their files have gone with the run. */
static void print_view(Course *c, ScreenMode mode, Wish *wish, int only) {
  const Model *m = stage_hold(&c->seen);
  const ViewSize size = { .columns = ui_columns(), .colour = ui_colours() };
  StrBuf out;
  strbuf_init(&out);
  wish->ended = true;
  if (mode == SCREEN_TREE && c->seen.tree.text.len > 0) strbuf_add(&out, c->seen.tree.text.p, c->seen.tree.text.len);
  else if (mode == SCREEN_CELLS && c->seen.beside.kept) kept_draw(c->seen.beside.kept, m, &size, &out);
  else if (m) draw_past(m, mode, wish, only, &out);
  stage_release(&c->seen);
  if (!out.failed) ui_write(out.p, out.len);
  strbuf_free(&out);
}

static void show(Course *c, ScreenMode mode, const char *command, const char *args) {
  Wish wish = wish_read(args, mode);
  int only = 0;
  char text[160];
  if (wish.wrong) {
    wish_usage(mode, text, sizeof text);
    tell_line(SHADE_NONE, text);
  } else if (is_something_seen(c)) {
    if (*wish.name && !(only = pid_of(c, wish.name, text, sizeof text))) {
      tell_text(SHADE_NONE, "", text);
    } else if ((wish.follow || mode == SCREEN_TOP) && look_open(c->seen.live, mode, wish.level, only)) {
      look_wait();
    } else {
      tell_in(SHADE_BOLD, "%s of the last run (%s)", "%s：上一次运行（%s）", command, c->seen.step->id);
      print_view(c, mode, &wish, only);
    }
  }
}

void seen_top(Course *c) { show(c, SCREEN_TOP, ".top", ""); }

/* All about one process. */
static void show_one(Course *c, const char *name) {
  char why[160];
  StrBuf out;
  if (!*name) {
    tell(".i A: all about one process of the last run", ".i A：上一次运行中某个进程的全部信息");
    return;
  }
  if (!is_something_seen(c)) return;
  const ViewSize size = { .columns = ui_columns(), .colour = ui_colours(), .pid = pid_of(c, name, why, sizeof why) };
  strbuf_init(&out);
  if (size.pid) view_one(stage_hold(&c->seen), &size, &out), stage_release(&c->seen);
  else tell_text(SHADE_NONE, "", why);
  if (!out.failed) ui_write(out.p, out.len);
  strbuf_free(&out);
}

/* ---- commands ---- */

/* Commands of the prompt that act on what lives. */
static bool acts_on_living(const char *name, size_t len) {
  static const char *const names[] = { "in", "kill", "stop", "cont", "slow", "inspect" };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strlen(names[i]) == len && !memcmp(names[i], name, len)) return true;
  return false;
}

bool seen_knows(const char *name, size_t len) {
  return wish_mode(name, len) != SCREEN_MODES || (len == 1 && *name == 'i') || acts_on_living(name, len);
}

void seen_dot(Course *c, const char *name, size_t len, const char *args) {
  char command[16];
  ScreenMode mode = wish_mode(name, len);
  (void)snprintf(command, sizeof command, ".%.*s", (int)len, name);
  if (mode != SCREEN_MODES) show(c, mode, command, args);
  else if (acts_on_living(name, len))
    tell("%s is for processes that live, and between two runs none does. Press p: in the free prompt the script is "
         "started, and %s works. During a run F2 shows its processes, and k there sends a signal.",
         "%s 用于活着的进程，而两次运行之间没有进程。按 p：自由提示符里脚本已经启动，可以用 %s。运行时按 F2 可以看到进程，在那里按 k 发送信号。",
         command, command);
  else show_one(c, args);
}
