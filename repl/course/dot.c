/* SPDX-License-Identifier: MIT */
/* dot.c - commands of the runner that begin with a point, and the free prompt. */
#include "course.h"
#include "node.h"
#include "../commands/record.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- .list ---- */

static const char *mark_sign(const Entry *e) {
  static const char *const signs[] = { "[ ]", "[~]", "[s]", "[x]" };
  return signs[e ? e->mark : MARK_NONE];
}

static void list_steps(Course *c) {
  Progress p;
  (void)progress_read(&p);
  for (int i = 0; i < c->guide->nsteps; i++) {
    const Step *s = &c->guide->steps[i];
    const char *kind = step_kind_name(s->kind);
    char row[160];
    (void)snprintf(row, sizeof row, " %s %2d  %s%*s%s%s", mark_sign(progress_find(&p, c->guide->name, s->id)), i + 1,
                   kind, 10 - text_columns(kind, strlen(kind)), "", s->id, i == c->at ? "  <-" : "");
    tell_line(SHADE_NONE, row);
  }
  progress_free(&p);
}

static Move jump(Course *c) {
  list_steps(c);
  ask("Which one (a number, or nothing)?", "去哪一步（输入编号，或直接回车）？");
  char *line = ui_line("");
  int n = line ? atoi(line) : 0;
  bool none = line && *line && (n < 1 || n > c->guide->nsteps);
  free(line);
  if (none) tell("There is no such step.", "没有这一步。");
  if (n < 1 || n > c->guide->nsteps) return MOVE_STAY;
  c->at = n - 1;
  return MOVE_JUMP;
}

/* ---- .node ---- */

static void show_node(Course *c, const char *word) {
  const Step *step = &c->guide->steps[c->at];
  NodeText out = { .head_on = ui_colours() ? "\033[1m" : "", .head_off = ui_colours() ? "\033[0m" : "" };
  char *script = !*word && step->script ? guide_script(c->guide, step->script) : NULL;
  strbuf_init(&out.text);
  if (*word) (void)node_add_named(&out, word);
  else if (!script || !node_add_script(&out, c->folder, script))
    tell("This step has no sample in JavaScript; .node NAME shows that of a lesson.",
         "这一步没有对应的 JavaScript 示例；.node NAME 显示某个脚本的示例。");
  ui_write(out.text.p, out.text.len);
  strbuf_free(&out.text);
  free(script);
}

/* ---- commands ---- */

static Move set_lang(Course *c, const char *word) {
  Lang lang;
  (void)c;
  if (!lang_of_word(word, &lang)) {
    tell("the languages are zh and en: .lang zh", "可选的语言是 zh 和 en：.lang en");
    return MOVE_STAY;
  }
  ui_set_lang(lang);
  return MOVE_AGAIN;
}

static Move again(Course *c, const char *args) {
  const char *seed = strstr(args, "--seed");
  c->seed = seed ? strtol(seed + 6 + strspn(seed + 6, "= "), NULL, 10) : 0;
  return MOVE_AGAIN;
}

static Move present(Course *c, const char *args) {
  const char *speed = strstr(args, "--speed");
  c->present = strcmp(args, "off") != 0;
  if (speed) c->speed = strtod(speed + 7 + strspn(speed + 7, "= "), NULL);
  if (!(c->speed > 0)) c->speed = 1;
  present_tell(c);
  return MOVE_AGAIN;
}

static void tell_recording(void) {
  if (record_path())
    tell("Recording to %s, the free prompt, too; .record off ends it.", "正在录制到 %s，自由提示符也录下；.record off 结束。",
         record_path());
  else tell("Nothing is recorded; .record FILE.cast begins.", "没有在录制；.record FILE.cast 开始录制。");
}

static void end_recording(void) {
  char *path = record_path() ? strdup(record_path()) : NULL;
  int err = record_stop();
  if (err) tell_in(SHADE_RED, "%s: %s", "%s：%s", path ? path : "", strerror(-err));
  else tell("Nothing is recorded any more.", "不再录制。");
  free(path);
}

void record_to(const char *path) {
  int err = record_start(path);
  if (err == -EEXIST)
    tell_in(SHADE_RED, "%s is there already: take another name, or remove it first.",
            "%s 已经存在：请换一个名字，或先删除它。", path);
  else if (err) tell_in(SHADE_RED, "%s: %s", "%s：%s", path, strerror(-err));
  else tell_recording();
}

static void record(const char *args) {
  if (!strcmp(args, "off")) end_recording();
  else if (!*args || record_path()) tell_recording();
  else record_to(args);
}

static void help(void) {
  tell(".lang zh|en, .node [NAME] (the same in JavaScript), .again [--seed N], .list, .present [--speed 0.25], "
       ".record FILE.cast|off (keeps the screen, that of the free prompt, too), .next, .back, .quit",
       ".lang zh|en（语言）、.node [NAME]（同一示例的 JavaScript）、.again [--seed N]（重来）、.list（目录）、"
       ".present [--speed 0.25]（演示）、.record FILE.cast|off（录下屏幕，自由提示符里的也录）、.next、.back、.quit");
  tell("Of the last run: .top .ps .lanes .ports .loop .pool .log .mem .taps .threads .cells, .i A (all about A). F2 or "
       "Alt-v shows a run while it goes on.",
       "查看上一次运行：.top .ps .lanes .ports .loop .pool .log .mem .taps .threads .cells，.i A（进程 A 的全部信息）。"
       "运行时按 F2 或 Alt-v 看实时画面。");
  tell("In an answer that you write, a line that begins with one of these is a command; with two points it is text, "
       "without the first of them.",
       "写答案时，以这些命令开头的行是命令；以两个点开头的行是文字，去掉第一个点。");
}

/* As one types it at the prompt. */
static Move lesson(Course *c, const char *args) {
  char *rest;
  Move move = MOVE_STAY;
  if (asprintf(&rest, ".%s", args) < 0) return move;
  if (dot_knows(rest) && strncmp(args, "lesson", 6) != 0) move = dot_do(c, rest);
  else tell("q leaves this chapter; then `moonfork lesson %s`.", "先按 q 离开这一章，再输入 `moonfork lesson %s`。", args);
  free(rest);
  return move;
}

static Move list(Course *c, const char *args) {
  (void)args;
  return jump(c);
}

static Move node(Course *c, const char *args) {
  show_node(c, args);
  return MOVE_STAY;
}

static Move keep_screen(Course *c, const char *args) {
  (void)c;
  record(args);
  return MOVE_STAY;
}

static Move tell_help(Course *c, const char *args) {
  (void)c, (void)args;
  help();
  return MOVE_STAY;
}

static const struct Row {
  const char *name;
  Move (*fn)(Course *c, const char *args); /* NULL: it is a move by itself */
  Move move;
} rows[] = {
  { "next", NULL, MOVE_NEXT }, { "back", NULL, MOVE_BACK }, { "quit", NULL, MOVE_QUIT }, { "lang", set_lang, 0 },
  { "again", again, 0 }, { "present", present, 0 }, { "list", list, 0 }, { "node", node, 0 },
  { "record", keep_screen, 0 }, { "lesson", lesson, 0 }, { "help", tell_help, 0 },
};

static const struct Row *row_of(const char *name, size_t len) {
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (strlen(rows[i].name) == len && !memcmp(rows[i].name, name, len)) return &rows[i];
  return NULL;
}

static size_t name_length(const char *line) { return *line == '.' ? strcspn(line + 1, " ") : 0; }

bool dot_knows(const char *line) {
  size_t len = name_length(line);
  return len > 0 && (row_of(line + 1, len) || seen_knows(line + 1, len));
}

Move dot_do(Course *c, const char *line) {
  size_t len = name_length(line);
  const char *name = line + (*line == '.'), *args = name + len + strspn(name + len, " ");
  const struct Row *row = row_of(name, len);
  if (row) return row->fn ? row->fn(c, args) : row->move;
  if (seen_knows(name, len)) {
    seen_dot(c, name, len, args);
    return MOVE_STAY;
  }
  if (len > 0) tell("There is no .%.*s at a step.", "步骤里没有 .%.*s 这个命令。", (int)len, name);
  help();
  return MOVE_STAY;
}

/* ---- the free prompt ---- */

/* Code that starts the step's script as a child of the prompt: variable `lesson`. Not before the prompt is
 * there: what the script prints then goes above its line, and into a recording. */
static char *play_code(Course *c, const Step *step) {
  char *file = NULL, *other = NULL, *code = NULL;
  if (step->kind == STEP_RUN || step->kind == STEP_PREDICT) file = guide_script(c->guide, step->script);
  else (void)watch_copy(c, step, &file, &other);
  if (file) {
    StrBuf args;
    strbuf_init(&args);
    for (int i = 0; i < step->nargs; i++) strbuf_addf(&args, "[====[%s]====], ", step->args[i]);
    if (asprintf(&code, "setImmediate(function() lesson = require('child_process').spawn(process.execPath, "
                        "{ [====[%s]====], %s }, { cwd = require('path').dirname([====[%s]====]), "
                        "stdio = { 'ignore', 'inherit', 'inherit' } }) end)",
                 file, args.p ? args.p : "", file) < 0)
      code = NULL;
    strbuf_free(&args);
  }
  free(file);
  free(other);
  return code;
}

static pid_t start_prompt(const char *code, char **env) {
  const char *argv[] = { stage_program(), "-i", "-e", code, NULL };
  posix_spawnattr_t attr;
  sigset_t signals;
  pid_t pid = -1;
  if (posix_spawnattr_init(&attr)) return -1;
  (void)sigfillset(&signals);
  (void)posix_spawnattr_setsigdefault(&attr, &signals);
  (void)posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
  if (posix_spawn(&pid, "/proc/self/exe", NULL, &attr, (char **)argv, env) != 0) pid = -1;
  (void)posix_spawnattr_destroy(&attr);
  return pid;
}

/* The line that the prompt has left for us. */
static Move after_play(Course *c, const char *note) {
  char *line = work_read(note);
  Move move = line ? dot_do(c, line) : MOVE_STAY;
  free(line);
  return move;
}

/* Opens the prompt and waits for its end. */
static void run_prompt(Course *c, const Step *step, const char *trace, const char *note) {
  char *code = play_code(c, step), *script = step->script ? guide_script(c->guide, step->script) : NULL;
  char *cast = record_hand_on();
  const char *const more[] = { PLAY_ENV, note, PLAY_SCRIPT_ENV, script ? script : "", cast ? RECORD_ENV : NULL, cast,
    NULL };
  Reclaimed what = { 0 };
  int status;
  char **env = code ? stage_environment(&c->lair, trace, more) : NULL;
  if (env) {
    tell("A free prompt; the script runs as `lesson`. What happens here does not count; `.lesson next` comes back.",
         "自由提示符；脚本以变量 `lesson` 运行。这里做的都不计分；输入 `.lesson next` 返回。");
    ui_away();
    pid_t pid = start_prompt(code, env);
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR && !ui_gone()) {}
    ui_back();
    lair_reclaim(&c->lair, &what);
    if (pid > 0) (void)waitpid(pid, &status, WNOHANG);
  }
  environment_free(env);
  free(cast);
  free(code);
  free(script);
}

Move play(Course *c, const Step *step) {
  char *trace = NULL, *note = NULL;
  Move move = MOVE_STAY;
  if (asprintf(&trace, "%s/play", c->lair.scratch) < 0) return move;
  if (asprintf(&note, "%s.note", trace) >= 0) {
    (void)mkdir(trace, 0700);
    run_prompt(c, step, trace, note);
    move = after_play(c, note);
    (void)unlink(note);
    free(note);
    remove_tree(trace);
  }
  free(trace);
  return move;
}
