/* SPDX-License-Identifier: MIT */
/* walk.c - from step to step, and the keys that lead there. */
#include "course.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the bar ---- */

static const struct {
  char key;
  const char *en, *zh;
} keys[] = {
  { 'h', "h hint", "h 提示" }, { 'r', "r run", "r 运行" }, { 's', "s solution", "s 答案" },
  { 'n', "n next", "n 下一步" }, { 'b', "b back", "b 上一步" }, { 'l', "l list", "l 目录" },
  { 'x', "x reset", "x 重置" }, { 'p', "p play", "p 自由练习" }, { 'q', "q quit", "q 退出" },
};

static bool has_key(const char *extra, char key) {
  return strchr("nblq", key) || strchr(extra, key) || (key == 'r' && strchr(extra, 'R'));
}

/* Lines are broken between keys only; true: one line was enough. */
static bool add_keys(StrBuf *bar, const char *extra, const char *between) {
  int column = 0, gap = text_columns(between, strlen(between));
  bool one = true;
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    const char *word = ui_lang() == LANG_ZH ? keys[i].zh : keys[i].en;
    int width = text_columns(word, strlen(word));
    if (!has_key(extra, keys[i].key)) continue;
    bool fits = column + gap + width <= ui_columns();
    strbuf_addf(bar, "%s%s", column == 0 ? "" : fits ? between : "\n", word);
    one &= column == 0 || fits;
    column = column == 0 || !fits ? width : column + gap + width;
  }
  return one;
}

static void tell_bar(const char *extra) {
  StrBuf bar;
  strbuf_init(&bar);
  if (!add_keys(&bar, extra, " · ")) {
    strbuf_clear(&bar);
    (void)add_keys(&bar, extra, "  ");
  }
  tell_blank();
  if (bar.len > 0) tell_line(SHADE_DIM, bar.p);
  strbuf_free(&bar);
}

static Move command_line(Course *c) {
  char *line = ui_line(".");
  Move move = line ? dot_do(c, line) : MOVE_STAY;
  free(line);
  return move;
}

/* What a key means; MOVE_STAY with *taken: it belongs to the step. */
static Move move_of(Course *c, int key, const char *extra, bool *taken) {
  *taken = false;
  switch (key) {
  case KEY_GONE:
  case KEY_INTERRUPT:
  case 'q': return MOVE_QUIT;
  case KEY_ENTER:
  case ' ':
  case 'n': return MOVE_NEXT;
  case KEY_BACK:
  case 'b': return MOVE_BACK;
  case 'l': return dot_do(c, ".list");
  case '.': return command_line(c);
  case KEY_VIEW: seen_top(c); return MOVE_STAY;
  default: *taken = key > 0 && key < 128 && has_key(extra, (char)key); return MOVE_STAY;
  }
}

/* A key that means nothing here is not passed over in silence; of a character of several bytes the first one
 * tells. */
static void tell_no_key(int key, const char *extra) {
  enum { FIRST_OF_SEVERAL = 0xC0 };
  if (key <= ' ' || (key >= 127 && key < FIRST_OF_SEVERAL)) return;
  tell_blank();
  if (*extra == '1') tell_in(SHADE_YELLOW, "Type 1 to %c, or one of these keys:", "请按 1 到 %c，或下面的键：", extra[strlen(extra) - 1]);
  else if (key < 127) tell_in(SHADE_YELLOW, "%c is no key here. These are:", "这里没有 %c 键。可用的键：", key);
  else tell_in(SHADE_YELLOW, "Keys are letters of ASCII. These are:", "请切换到英文输入法。可用的键：");
  tell_bar(extra);
}

void walk_bar(const char *extra) {
  ui_ready();
  tell_bar(extra);
}

Move walk_wait(Course *c, const char *extra, int fd, int *key) {
  for (bool taken;;) {
    *key = ui_key(-1, fd);
    if (*key == KEY_EVENT) return MOVE_STAY;
    if (*key >= 'A' && *key <= 'Z') *key += 'a' - 'A';
    Move move = move_of(c, *key, extra, &taken);
    if (move != MOVE_STAY || taken) return move;
    if (*key == 'l' || *key == '.' || *key == KEY_VIEW) tell_bar(extra);
    else tell_no_key(*key, extra);
  }
}

Move walk_key(Course *c, const char *extra, int fd, int *key) {
  walk_bar(extra);
  return walk_wait(c, extra, fd, key);
}

void walk_mark(Course *c, const Step *step, const Change *change) {
  static bool told;
  int err = c->sim ? 0 : progress_change(c->guide->name, step->id, change, true);
  if (err && !told)
    tell_in(SHADE_RED, "Your progress cannot be kept: %s", "无法保存进度：%s", strerror(-err));
  told |= err != 0;
}

/* ---- the way ---- */

static int tell_end(Course *c) {
  tell_blank();
  tell_in(SHADE_GREEN, "This was the last step of \"%s\".", "“%s”到此结束。", text_in(&c->guide->title, ui_lang()));
  tell("`moonfork lesson` shows the next chapter.", "`moonfork lesson` 列出下一章。");
  return 0;
}

int walk(Course *c) {
  while (c->at < c->guide->nsteps) {
    const Step *step = &c->guide->steps[c->at];
    walk_mark(c, step, &(Change){ .mark = MARK_BEGUN });
    switch (step_do(c, step)) {
    case MOVE_NEXT: c->at++; break;
    case MOVE_BACK: c->at -= c->at > 0; break;
    case MOVE_QUIT:
      tell_blank();
      tell_in(SHADE_DIM, "`moonfork lesson %d` goes on here.", "`moonfork lesson %d` 从这里继续。", atoi(c->guide->name));
      return 0;
    default: break;
    }
  }
  return tell_end(c);
}
