/* SPDX-License-Identifier: MIT */
/* keys.c - what keys do that readline's own commands do not: one buffer holds a
 * block of lines, so Enter, the arrows and the line keys know of line ends. */
#include "editor.h"

#include <string.h>

#include "cells.h"
#include "rl.h"

enum { MOST_CLOSER = 8 }; /* longer than any word that moves its line */

bool keys_editing(void) {
  unsigned long busy = RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_SEARCH | RL_STATE_NUMERICARG |
                       RL_STATE_MULTIKEY | RL_STATE_CHARSEARCH;
  return (*rl.readline_state & busy) == 0;
}

/* ---- lines of the buffer ---- */

static int line_start(int at) {
  while (at > 0 && (*rl.line_buffer)[at - 1] != '\n') at--;
  return at;
}

static int line_end(int at) {
  while (at < *rl.end && (*rl.line_buffer)[at] != '\n') at++;
  return at;
}

static int columns_between(int from, int to) {
  return (int)cells_width(*rl.line_buffer + from, (size_t)(to - from));
}

/* The place in the line starting at `start` nearest to a column, not behind it. */
static int at_column(int start, int column) {
  int end = line_end(start), at = start;
  while (at < end) {
    int width;
    bool valid;
    int next = at + (int)cells_char(*rl.line_buffer + at, (size_t)(end - at), &width, &valid);
    if (columns_between(start, next) > column) break;
    at = next;
  }
  return at;
}

static bool incomplete(void) {
  return ed.hooks.incomplete && *rl.end > 0 &&
         ed.hooks.incomplete(ed.hooks.ctx, *rl.line_buffer, (size_t)*rl.end);
}

/* ---- ending a line ---- */

static int indent_columns(int text_end, int start) {
  if (!ed.hooks.indent) return -1;
  return ed.hooks.indent(ed.hooks.ctx, *rl.line_buffer, (size_t)text_end, (size_t)start);
}

static int key_newline(int count, int key) {
  (void)count;
  (void)key;
  rl.begin_undo_group();
  rl.insert_text("\n");
  for (int n = indent_columns(*rl.point, *rl.point); n > 0; n--) rl.insert_text(" ");
  rl.end_undo_group();
  return 0;
}

static int key_enter(int count, int key) {
  if (*rl.last_func == rl.insert) keys_inserted(); /* when both come in one read */
  if (!ed.plain) {
    if (incomplete()) return key_newline(count, key);
    paint_last("");
  }
  return rl.newline(count, key);
}

static int key_interrupt(int count, int key) {
  (void)count;
  (void)key;
  rl.callback_sigcleanup(); /* also out of a search or a half-typed key */
  rl.clear_message();
  *rl.readline_state &= ~(unsigned long)(RL_STATE_NUMERICARG | RL_STATE_MULTIKEY);
  ed.was_empty = *rl.end == 0 && ed.line.len == 0;
  paint_last("^C");
  above_committed();
  rl.free_line_state();
  rl.replace_line("", 1);
  *rl.point = *rl.mark = 0;
  ed.line.len = 0;
  history_new_line();
  rl.on_new_line();
  if (ed.plain) rl.set_prompt(bytes_cstr(&ed.prompt));
  paint_later();
  if (ed.plain) rl.redisplay();
  editor_finish(EVENT_INTERRUPT);
  return 0;
}

static int key_suspend(int count, int key) {
  (void)count;
  (void)key;
  editor_finish(EVENT_SUSPEND);
  return 0;
}

static int key_clear(int count, int key) {
  (void)count;
  (void)key;
  if (ed.plain) return 0;
  bytes_str(&ed.out, "\033[H\033[2J");
  above_committed();
  paint_forget();
  paint_later();
  return 0;
}

/* ---- moving ---- */

/* Up and Down aim at the column where the movement began. */
static int goal_column(rl_command_func_t *up, rl_command_func_t *down) {
  if (*rl.last_func != up && *rl.last_func != down)
    ed.goal_column = columns_between(line_start(*rl.point), *rl.point);
  return ed.goal_column;
}

static int key_down(int count, int key);

static int key_up(int count, int key) {
  (void)count;
  (void)key;
  int start = line_start(*rl.point), goal = goal_column(key_up, key_down);
  if (start > 0) *rl.point = at_column(line_start(start - 1), goal);
  else history_up();
  return 0;
}

static int key_down(int count, int key) {
  (void)count;
  (void)key;
  int end = line_end(*rl.point), goal = goal_column(key_up, key_down);
  if (end < *rl.end) *rl.point = at_column(end + 1, goal);
  else history_down();
  return 0;
}

static int key_home(int count, int key) {
  (void)count;
  (void)key;
  *rl.point = line_start(*rl.point);
  return 0;
}

static bool take_ghost(void) {
  const char *ghost = *rl.point == *rl.end ? history_ghost() : NULL;
  if (!ghost || !ed.colour) return false;
  Bytes copy = { 0 };
  bytes_str(&copy, ghost);
  rl.insert_text(bytes_cstr(&copy));
  bytes_free(&copy);
  return true;
}

static int key_end(int count, int key) {
  (void)count;
  (void)key;
  if (!take_ghost()) *rl.point = line_end(*rl.point);
  return 0;
}

static int key_right(int count, int key) {
  if (take_ghost()) return 0;
  return rl.forward_char(count, key);
}

/* ---- killing, by line ---- */

static int key_kill_line(int count, int key) {
  (void)count;
  (void)key;
  int end = line_end(*rl.point);
  if (end == *rl.point && end < *rl.end) end++; /* at its end: joins the next line */
  return rl.kill_text(*rl.point, end);
}

static int key_kill_back(int count, int key) {
  (void)count;
  (void)key;
  int start = line_start(*rl.point);
  int point = *rl.point;
  if (start == point && start > 0) start--;
  rl.kill_text(point, start);
  *rl.point = start;
  return 0;
}

/* ---- closing words ---- */

static void set_indent(int start, int have, int want) {
  int point = *rl.point;
  rl.begin_undo_group();
  if (want < have) {
    rl.delete_text(start, start + have - want);
  } else {
    *rl.point = start;
    for (int i = have; i < want; i++) rl.insert_text(" ");
  }
  *rl.point = point + want - have;
  rl.end_undo_group();
}

void keys_inserted(void) {
  int start = line_start(*rl.point), word = start;
  if (!keys_editing() || ed.plain || start == 0) return;
  while (word < *rl.point && (*rl.line_buffer)[word] == ' ') word++;
  if (*rl.point - word > MOST_CLOSER || *rl.point == word) return;
  int want = indent_columns(*rl.point, start);
  if (want >= 0 && want != word - start) set_indent(start, word - start, want);
  paint_later();
}

/* ---- binding ---- */

static int key_paste(int count, int key) {
  (void)count;
  (void)key;
  paste_begin();
  return 0;
}

static int key_view(int count, int key) {
  (void)count;
  (void)key;
  editor_finish(EVENT_VIEW);
  return 0;
}

static int key_ignore(int count, int key) {
  (void)count;
  (void)key;
  return 0;
}

void keys_bind(void) {
  static const struct {
    const char *keys;
    rl_command_func_t *command;
  } bindings[] = {
    { "\\r", key_enter },       { "\\n", key_enter },      { "\\C-o", key_enter },
    { "\\e\\r", key_newline },  { "\\e\\n", key_newline }, { "\\C-c", key_interrupt },
    { "\\C-z", key_suspend },   { "\\C-l", key_clear },    { "\\t", menu_key },
    { "\\e[A", key_up },        { "\\eOA", key_up },       { "\\C-p", key_up },
    { "\\e[B", key_down },      { "\\eOB", key_down },     { "\\C-n", key_down },
    { "\\e[C", key_right },     { "\\eOC", key_right },    { "\\C-f", key_right },
    { "\\e[H", key_home },      { "\\eOH", key_home },     { "\\e[1~", key_home },
    { "\\C-a", key_home },      { "\\e[F", key_end },      { "\\eOF", key_end },
    { "\\e[4~", key_end },      { "\\C-e", key_end },      { "\\C-k", key_kill_line },
    { "\\C-u", key_kill_back }, { "\\e[200~", key_paste }, { "\\e[201~", key_ignore },
    { "\\eOQ", key_view },      { "\\e[12~", key_view },   { "\\e[[B", key_view },
    { "\\ev", key_view },
  };
  static const char *const maps[] = { "emacs-standard", "vi-insert" };
  for (size_t m = 0; m < sizeof maps / sizeof *maps; m++) {
    Keymap map = rl.get_keymap_by_name(maps[m]);
    for (size_t i = 0; i < sizeof bindings / sizeof *bindings; i++)
      rl.bind_keyseq_in_map(bindings[i].keys, bindings[i].command, map);
    rl.bind_keyseq_if_unbound_in_map("\\e[1;5C", rl.forward_word, map);
    rl.bind_keyseq_if_unbound_in_map("\\e[1;5D", rl.backward_word, map);
  }
  Keymap commands = rl.get_keymap_by_name("vi-command");
  rl.bind_keyseq_in_map("\\r", key_enter, commands);
  rl.bind_keyseq_in_map("\\n", key_enter, commands);
  rl.bind_keyseq_in_map("\\C-c", key_interrupt, commands);
  rl.bind_keyseq_in_map("\\C-z", key_suspend, commands);
  rl.bind_keyseq_in_map("\\C-l", key_clear, commands);
  rl.bind_keyseq_in_map("k", key_up, commands);
  rl.bind_keyseq_in_map("j", key_down, commands);
}
