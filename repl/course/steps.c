/* SPDX-License-Identifier: MIT */
/* steps.c - what each kind of step does: text, a run, a question with its run. */
#include "course.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/* ---- showing ---- */

const char *step_kind_name(StepKind kind) {
  static const char *const zh[] = { "说说看", "讲解", "运行", "预测", "试一试", "练习" };
  return ui_lang() == LANG_ZH ? zh[kind] : step_kinds[kind];
}

static void show_head(Course *c, const Step *step) {
  tell_blank();
  tell_in(SHADE_BOLD, "%s · %d/%d · %s", "%s · %d/%d · %s", text_in(&c->guide->title, ui_lang()), c->at + 1,
          c->guide->nsteps, step_kind_name(step->kind));
  tell_blank();
  if (step->picture.in[ui_lang()]) {
    tell_picture(step->picture.in[ui_lang()]);
    tell_blank();
  }
  tell_text(SHADE_NONE, "", text_in(&step->text, ui_lang()));
  for (int i = 0; i < step->nchoices; i++) {
    char head[16];
    (void)snprintf(head, sizeof head, " %d  ", i + 1);
    tell_text(SHADE_NONE, head, text_in(&step->choices[i], ui_lang()));
  }
}

static void show_look(const Step *step) {
  const char *look = text_in(&step->look, ui_lang());
  if (step->view)
    tell_in(SHADE_DIM, "beside it: %s (F2 while it runs, %s afterwards)", "可以同时看：%s（运行时按 F2，运行后输入 %s）", step->view,
            step->view);
  if (*look) tell_text(SHADE_DIM, ui_lang() == LANG_ZH ? "留意：" : "look: ", look);
}

/* ---- running ---- */

static long new_seed(void) {
  unsigned bits;
  if (getrandom(&bits, sizeof bits, 0) != (ssize_t)sizeof bits) return 1;
  return (long)(bits % 99999) + 1;
}

static void draw(Course *c) {
  c->drawn = c->seed ? c->seed : new_seed();
  tell_in(SHADE_DIM, "seed %ld (.again draws anew, .again --seed %ld repeats it)",
          "随机种子 %ld（.again 重新抽取，.again --seed %ld 重复这一次）", c->drawn, c->drawn);
}

/* Drawn afresh each time that the step is shown; runs keep to it. */
static void show_puzzle(Course *c, const Step *step) {
  StrBuf why;
  if (!step->puzzle) return;
  strbuf_init(&why);
  tell_blank();
  draw(c);
  char *text = judge_puzzle(c->guide, step, c->drawn, &why);
  tell_picture(text ? text : why.len ? why.p : "?");
  free(text);
  strbuf_free(&why);
}

static bool tell_ending(const Stage *s) {
  switch (s->ending) {
  case END_FAILED:
    tell_in(SHADE_RED, "The script cannot be started: %s", "脚本无法启动：%s", strerror(s->err));
    return false;
  case END_INTERRUPTED: tell_in(SHADE_YELLOW, "stopped", "已停止"); return false;
  case END_LIMIT:
    tell_in(SHADE_YELLOW, "stopped after %.0f seconds", "%.0f 秒后停止", s->step->limit);
    return true;
  case END_GONE: return false;
  default: return true;
  }
}

bool step_run(Course *c, const Step *step, const char *file, Stage *s) {
  seen_drop(c); /* there is one collector */
  s->guide = c->guide;
  s->step = step;
  s->lair = &c->lair;
  if (!s->file) s->file = file;
  s->show = true;
  if (step->random && !step->puzzle) draw(c);
  if (step->random) s->seed = c->drawn;
  stage_run(s);
  bool fine = tell_ending(s);
  if (s->ending != END_FAILED) {
    if (c->present && fine) present_run(c, s);
    if (fine && step->view) {
      beside_tell(&s->beside, step, stage_hold(s));
      stage_release(s);
    }
    judge_reclaimed(s);
  }
  return fine;
}

/* ---- say, explain ---- */

static Move do_say(Course *c, const Step *step) {
  int key;
  Move move = walk_key(c, "", -1, &key);
  if (move == MOVE_NEXT) walk_mark(c, step, &(Change){ .mark = MARK_DONE });
  return move;
}

/* The keys of a step that waits for a line, and how the same letter is an answer. */
static void tell_line_keys(void) {
  tell_in(SHADE_DIM, "Keys, alone on the line: n next · b back · l list · q quit. To answer with one of these letters, "
          "type a blank before it.",
          "单独输入一个字母是按键：n 下一步 · b 上一步 · l 目录 · q 退出。如果答案就是其中一个字母，请先输入一个空格。");
}

static void tell_write(void) {
  tell_in(SHADE_DIM, "Write a line or more; an empty line ends. .help lists commands.", "写一行或几行，空行结束。.help 列出命令。");
}

/* A letter alone is a key, a line that begins with a command of ours is one. MOVE_STAY and *taken false: an
 * answer. */
static Move line_move(Course *c, const char *line, bool *taken) {
  bool key = line && strlen(line) == 1 && strchr("bnql", *line);
  *taken = !line || key || dot_knows(line);
  if (!line) return MOVE_QUIT;
  if (!key) return *taken ? dot_do(c, line) : MOVE_STAY;
  switch (*line) {
  case 'b': return MOVE_BACK;
  case 'n': return MOVE_NEXT;
  case 'q': return MOVE_QUIT;
  default: return dot_do(c, ".list");
  }
}

static Move pass_over(Course *c, const Step *step) {
  if (c->guide->no_skip) {
    tell_in(SHADE_YELLOW, "This step cannot be passed over.", "这一步不能跳过。");
    return MOVE_STAY;
  }
  walk_mark(c, step, &(Change){ .mark = MARK_SKIPPED });
  return MOVE_NEXT;
}

/* Reads lines up to an empty one. Behind the first line letters are text, and what would begin the step anew
 * (another language) does not: nothing that was written is lost. */
static Move read_answer(Course *c, StrBuf *said) {
  for (;;) {
    ask(">", ">");
    char *line = ui_line("");
    bool command = !line, text = line && said->len > 0 && *line != '.';
    Move move = text ? MOVE_STAY : line_move(c, line, &command);
    bool end = !line || !*line;
    if (!end && !command) strbuf_adds(said, line + !strncmp(line, "..", 2)), strbuf_addc(said, '\n');
    free(line);
    if (move == MOVE_AGAIN && said->len > 0) tell_write(), move = MOVE_STAY;
    if (end || move != MOVE_STAY) return move;
  }
}

static Move do_explain(Course *c, const Step *step) {
  for (;;) {
    tell_write();
    tell_line_keys();
    StrBuf said;
    strbuf_init(&said);
    Move move = read_answer(c, &said);
    bool any = said.len > 0;
    if (any) {
      said.p[said.len - 1] = '\0';
      walk_mark(c, step, &(Change){ .mark = MARK_DONE, .tries = 1, .said = said.p });
      tell_in(SHADE_GREEN, "kept", "已保存");
    }
    strbuf_free(&said);
    if (any) return move == MOVE_STAY ? MOVE_NEXT : move;
    if (move == MOVE_STAY || move == MOVE_NEXT) move = pass_over(c, step);
    if (move != MOVE_STAY) return move;
  }
}

/* ---- run ---- */

static bool run_once(Course *c, const Step *step, bool *stopped) {
  char *file = guide_script(c->guide, step->script);
  Stage s = { 0 };
  StrBuf detail;
  if (!file) return false;
  strbuf_init(&detail);
  bool ran = step_run(c, step, file, &s), fine = ran;
  *stopped = s.ending == END_GONE;
  int missing = ran ? judge_checks(&s, &detail) : -1;
  if (missing >= 0) {
    judge_tell(&s, missing, detail.p);
    fine = false;
  }
  if (ran) walk_mark(c, step, &(Change){ .mark = fine ? MARK_DONE : MARK_BEGUN, .tries = 1 });
  seen_keep(c, &s);
  strbuf_free(&detail);
  free(file);
  return fine;
}

static Move do_run(Course *c, const Step *step) {
  bool ran = false, stopped = false;
  show_look(step);
  for (int key;;) {
    Move move = walk_key(c, ran ? "rp" : "Rp", -1, &key);
    if (move == MOVE_NEXT && !ran && key != 'n') move = MOVE_STAY, key = 'r';
    if (move == MOVE_NEXT && !ran && (move = pass_over(c, step)) == MOVE_STAY) continue;
    if (move != MOVE_STAY) return move;
    if (key == 'p') {
      if ((move = play(c, step)) != MOVE_STAY) return move;
    } else if (c->sim) {
      tell_in(SHADE_DIM, "(--sim: nothing is run)", "（--sim：不运行任何进程）");
      ran = true;
    } else {
      tell_blank();
      ran = run_once(c, step, &stopped) || ran;
      if (stopped) return MOVE_QUIT;
      show_look(step);
    }
  }
}

/* ---- predict ---- */

/* "2" is shown with the text of the choice. */
static char *shown_answer(const Step *step, const char *answer) {
  char *text;
  int n = atoi(answer);
  if (n < 1 || n > step->nchoices) return strdup(answer);
  bool zh = ui_lang() == LANG_ZH;
  return asprintf(&text, "%d%s%s%s", n, zh ? "（" : " (", text_in(&step->choices[n - 1], ui_lang()), zh ? "）" : ")") < 0
           ? NULL : text;
}

static void tell_verdict(Course *c, const Step *step, Facts *facts, const char *said, const char *is) {
  bool right = judge_equal(c->guide, step, facts, said, is);
  char *a = shown_answer(step, said), *b = shown_answer(step, is);
  tell_blank();
  if (a && b && right) tell_in(SHADE_GREEN, "you said %s, and so it is, because", "你的答案是 %s，正是如此，因为", a);
  else if (a && b) tell_in(SHADE_YELLOW, "you said %s, it is %s, because", "你的答案是 %s，实际是 %s，因为", a, b);
  tell_text(SHADE_NONE, "", text_in(&step->because, ui_lang()));
  walk_mark(c, step, &(Change){ .mark = MARK_DONE, .tries = 1, .right = right });
  free(a);
  free(b);
}

/* The run that tells; false: it was stopped. */
static bool find_out(Course *c, const Step *step, const char *said) {
  char *file = guide_script(c->guide, step->script), *is = NULL;
  Stage s = { 0 };
  StrBuf why;
  strbuf_init(&why);
  bool ran = false;
  if (c->sim) is = judge_known(c->guide, step, c->drawn, &why);
  else if (file && (ran = step_run(c, step, file, &s))) is = judge_answer(&s, &why);
  if (is) {
    (void)stage_hold(&s);
    tell_verdict(c, step, &s.facts, said, is);
    stage_release(&s);
  } else if (ran) {
    tell_in(SHADE_RED, "The run did not tell: %s", "这次运行没有给出答案：%s", why.len ? why.p : "?");
  }
  bool gone = s.ending == END_GONE;
  seen_keep(c, &s);
  free(is);
  free(file);
  strbuf_free(&why);
  return !gone;
}

/* One of the choices: a key is enough. */
static Move ask_choice(Course *c, const Step *step, char **said) {
  char digits[MOST_CHOICES + 1] = "";
  for (int i = 0; i < step->nchoices; i++) digits[i] = (char)('1' + i), digits[i + 1] = '\0';
  tell_blank();
  tell_in(SHADE_BOLD, "Your answer (1-%d)?", "你的答案（1-%d）？", step->nchoices);
  for (int key;;) {
    Move move = walk_key(c, digits, -1, &key);
    if (move == MOVE_NEXT) move = key == 'n' ? pass_over(c, step) : MOVE_STAY;
    else if (move == MOVE_STAY && asprintf(said, "%c", key) < 0) *said = NULL, move = MOVE_QUIT;
    if (move != MOVE_STAY || *said) return move;
  }
}

/* Without the blanks around it. */
static void trim(char *text) {
  size_t from = strspn(text, " \t"), len = strlen(text);
  while (len > from && strchr(" \t\r", text[len - 1])) len--;
  memmove(text, text + from, len - from);
  text[len - from] = '\0';
}

static Move ask_prediction(Course *c, const Step *step, char **said) {
  if (step->nchoices) return ask_choice(c, step, said);
  tell_line_keys();
  for (;;) {
    ask("Your answer:", "你的答案：");
    *said = ui_line("");
    bool taken;
    Move move = line_move(c, *said, &taken);
    if (move == MOVE_NEXT) move = pass_over(c, step);
    if (move != MOVE_STAY) return move;
    if (!taken) trim(*said);
    if (!taken && **said) return MOVE_STAY;
    free(*said);
    *said = NULL;
  }
}

static Move do_predict(Course *c, const Step *step) {
  char *said = NULL;
  show_puzzle(c, step);
  Move move = ask_prediction(c, step, &said);
  for (int key; move == MOVE_STAY;) {
    if (!find_out(c, step, said)) move = MOVE_QUIT;
    do {
      if (move == MOVE_STAY) move = walk_key(c, "rp", -1, &key);
      if (move == MOVE_STAY && key == 'p') move = play(c, step);
    } while (move == MOVE_STAY && key == 'p');
  }
  free(said);
  return move;
}

Move step_do(Course *c, const Step *step) {
  show_head(c, step);
  switch (step->kind) {
  case STEP_EXPLAIN: return do_explain(c, step);
  case STEP_RUN: return do_run(c, step);
  case STEP_PREDICT: return do_predict(c, step);
  case STEP_TRY:
  case STEP_EXERCISE: return watch_do(c, step);
  default: return do_say(c, step);
  }
}
