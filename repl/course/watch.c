/* SPDX-License-Identifier: MIT */
/* watch.c - exercises and changes: the student's file runs again whenever it is saved. Nothing moves on by
 * itself. */
#include "course.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Watch {
  Course *course;
  const Step *step;
  char *copy, *original; /* own */
  int fd;                /* inotify on the copy's folder, -1 */
  int hints;             /* shown so far */
  bool passed;
} Watch;

/* ---- files ---- */

static const char *base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/* A lesson of several files is copied as a folder: what it starts lies beside it. */
static int copy_script(Course *c, const Step *step, char *original, char **copy) {
  char *folder = NULL, *name = NULL;
  struct stat st;
  int err = -ENOMEM;
  *copy = NULL;
  if (asprintf(&folder, "%s/%s", c->guide->folder, step->script) < 0) return err;
  if (stat(folder, &st) == 0 && S_ISDIR(st.st_mode)) {
    char *to = work_path(c->guide->name, base_name(step->script));
    if (to && asprintf(copy, "%s/main.lua", to) < 0) *copy = NULL;
    else if (to) err = work_copy_folder(folder, to);
    free(to);
  } else if ((name = strdup(base_name(step->script)))) {
    *copy = work_path(c->guide->name, name);
    if (*copy) err = work_copy(original, *copy);
  }
  free(name);
  free(folder);
  return err;
}

bool watch_copy(Course *c, const Step *step, char **copy, char **original) {
  char name[64];
  int err = -ENOMEM;
  *copy = NULL;
  if (step->kind == STEP_EXERCISE) {
    (void)snprintf(name, sizeof name, "%s.lua", step->id);
    *original = guide_exercise(c->guide, step, "start.lua");
    *copy = work_path(c->guide->name, name);
    if (*original && *copy) err = work_copy(*original, *copy);
  } else {
    *original = guide_script(c->guide, step->script);
    if (*original) err = copy_script(c, step, *original, copy);
  }
  if (err) tell_in(SHADE_RED, "No copy can be made: %s", "无法复制文件：%s", strerror(-err));
  return err == 0;
}

void watch_stage(Course *c, const Step *step, const char *copy, Stage *s, char **harness) {
  s->file = copy;
  *harness = NULL;
  if (step->kind != STEP_EXERCISE) return;
  s->first_only = true;
  *harness = guide_exercise(c->guide, step, "check.lua");
  if (*harness && access(*harness, R_OK) == 0) {
    s->file = *harness;
    s->before = copy;
    s->channel = true;
  }
}

/* ---- running ---- */

/* Is the copy still what it was? */
static bool unchanged(const Watch *w) {
  char *a = work_read(w->original), *b = work_read(w->copy);
  bool same = a && b && !strcmp(a, b);
  free(a);
  free(b);
  return same;
}

static void tell_passed(Watch *w) {
  w->passed = true;
  if (w->step->kind == STEP_EXERCISE) tell_in(SHADE_GREEN, "passed", "通过");
  else tell_text(SHADE_GREEN, ui_lang() == LANG_ZH ? "不同之处：" : "what differs now: ",
                 text_in(&w->step->differs, ui_lang()));
}

/* False: we are asked to end. */
static bool run_copy(Watch *w) {
  Stage s = { 0 };
  StrBuf detail;
  char *harness;
  tell_blank();
  if (w->course->sim) return true;
  watch_stage(w->course, w->step, w->copy, &s, &harness);
  strbuf_init(&detail);
  bool ran = step_run(w->course, w->step, w->copy, &s);
  bool same = w->step->kind == STEP_TRY && unchanged(w);
  int missing = ran && !same ? judge_checks(&s, &detail) : -1;
  if (same && ran) tell_in(SHADE_DIM, "(nothing is changed yet)", "（还没有改动）");
  else if (ran && missing >= 0) judge_tell(&s, missing, detail.p);
  else if (ran) tell_passed(w);
  if (ran) walk_mark(w->course, w->step, &(Change){ .mark = w->passed ? MARK_DONE : MARK_BEGUN, .tries = 1 });
  bool goes_on = s.ending != END_GONE;
  seen_keep(w->course, &s);
  strbuf_free(&detail);
  free(harness);
  return goes_on;
}

/* ---- keys ---- */

/* A change has no hints but the place where it is to be made. */
static void show_place(const Watch *w) {
  char *text = work_read(w->original), *at = text && w->step->from ? strstr(text, w->step->from) : NULL;
  int line = 1;
  tell_text(SHADE_NONE, "", text_in(&w->step->text, ui_lang()));
  for (const char *p = text; at && p < at; p++) line += *p == '\n';
  if (at) tell_in(SHADE_YELLOW, "It is line %d of %s.", "在第 %d 行（%s）。", line, base_name(w->copy));
  free(text);
}

static void show_hint(Watch *w) {
  const Step *step = w->step;
  if (step->nhints == 0) {
    show_place(w);
    return;
  }
  if (w->hints < step->nhints) {
    w->hints++;
    walk_mark(w->course, step, &(Change){ .mark = MARK_BEGUN, .hints = 1 });
  }
  for (int i = 0; i < w->hints; i++) {
    char head[16];
    (void)snprintf(head, sizeof head, " %d/%d ", i + 1, step->nhints);
    tell_text(SHADE_YELLOW, head, text_in(&step->hints[i], ui_lang()));
  }
}

static void show_solution(Watch *w) {
  const Step *step = w->step;
  walk_mark(w->course, step, &(Change){ .mark = MARK_BEGUN, .shown = 1 });
  if (step->kind == STEP_TRY) {
    tell("In place of", "把");
    tell_picture(step->from);
    tell("write", "改成");
    tell_picture(step->to);
    return;
  }
  char *path = guide_exercise(w->course->guide, step, "solution.lua"), *text = path ? work_read(path) : NULL;
  if (text) tell_picture(text);
  free(text);
  free(path);
}

static void reset(Watch *w) {
  int err = work_reset(w->original, w->copy);
  if (err) tell_in(SHADE_RED, "%s: %s", "%s：%s", w->copy, strerror(-err));
  else tell("The file is as it was; yours is kept as %s.1.", "文件已恢复原样；你的版本保存在 %s.1。", w->copy);
}

/* Has the copy been saved? All that waits in the queue is read. */
static bool was_saved(Watch *w) {
  char bytes[4096] __attribute__((aligned(8)));
  const char *name = base_name(w->copy);
  ssize_t n;
  bool saved = false;
  while ((n = read(w->fd, bytes, sizeof bytes)) > 0)
    for (char *p = bytes; p < bytes + n;) {
      const struct inotify_event *e = (const struct inotify_event *)p;
      saved |= e->len > 0 && !strcmp(e->name, name);
      p += sizeof *e + e->len;
    }
  return saved;
}

static void open_watch(Watch *w) {
  char *folder = strdup(w->copy);
  w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (folder) *strrchr(folder, '/') = '\0';
  if (w->fd >= 0 && folder) (void)inotify_add_watch(w->fd, folder, IN_CLOSE_WRITE | IN_MOVED_TO);
  free(folder);
}

/* next without having passed it is passing it over. */
static Move leave(Watch *w) {
  const Step *step = w->step;
  if (w->passed) return MOVE_NEXT;
  if (w->course->guide->no_skip && !w->course->sim) {
    tell_in(SHADE_YELLOW, "This step cannot be passed over.", "这一步不能跳过。");
    return MOVE_STAY;
  }
  walk_mark(w->course, step, &(Change){ .mark = MARK_SKIPPED });
  return MOVE_NEXT;
}

/* The bar comes again only after something that was said: editors write other files beside the copy, too. */
static Move watch_keys(Watch *w) {
  static const char extra[] = "hrsxp";
  bool said = true;
  for (int key;;) {
    if (said) walk_bar(extra);
    Move move = walk_wait(w->course, extra, w->fd, &key);
    if (move == MOVE_NEXT && key == KEY_ENTER) move = MOVE_STAY, key = 'r'; /* Enter never leaves a file behind */
    said = true;
    if (move == MOVE_NEXT && (move = leave(w)) == MOVE_STAY) continue;
    if (move != MOVE_STAY) return move;
    bool saved = w->fd >= 0 && was_saved(w);
    said = saved || key != KEY_EVENT;
    if (key == 'h') show_hint(w);
    else if (key == 's') show_solution(w);
    else if (key == 'x') reset(w), (void)was_saved(w);
    else if (key == 'p' && (move = play(w->course, w->step)) != MOVE_STAY) return move;
    else if ((key == 'r' || saved) && !run_copy(w)) return MOVE_QUIT;
  }
}

Move watch_do(Course *c, const Step *step) {
  Watch w = { .course = c, .step = step, .fd = -1 };
  Move move = MOVE_QUIT;
  if (watch_copy(c, step, &w.copy, &w.original)) {
    tell_text(SHADE_BOLD, ui_lang() == LANG_ZH ? "文件：" : "file: ", w.copy);
    tell_in(SHADE_DIM, "Change it in an editor: it runs whenever you save it.", "用编辑器修改它：每次保存都会重新运行。");
    open_watch(&w);
    move = watch_keys(&w);
  }
  if (w.fd >= 0) (void)close(w.fd);
  free(w.copy);
  free(w.original);
  return move;
}
