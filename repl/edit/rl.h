/* SPDX-License-Identifier: MIT */
/* rl.h - GNU readline, loaded when the first prompt is shown.
 *
 * A script must not pay for a line editor, so the program is not linked with
 * readline: `rl` holds the address of each function and variable the editor
 * uses, typed by readline's own header. Read a variable as *rl.point. */
#ifndef REPL_RL_H
#define REPL_RL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <readline/readline.h>
#include <readline/history.h>

typedef struct Readline {
  __typeof__(rl_initialize) *initialize;
  __typeof__(rl_variable_bind) *variable_bind;
  __typeof__(rl_bind_keyseq_in_map) *bind_keyseq_in_map;
  __typeof__(rl_bind_keyseq_if_unbound_in_map) *bind_keyseq_if_unbound_in_map;
  __typeof__(rl_get_keymap_by_name) *get_keymap_by_name;
  __typeof__(rl_callback_handler_install) *callback_handler_install;
  __typeof__(rl_callback_handler_remove) *callback_handler_remove;
  __typeof__(rl_callback_read_char) *callback_read_char;
  __typeof__(rl_callback_sigcleanup) *callback_sigcleanup;
  __typeof__(rl_tty_set_echoing) *tty_set_echoing;
  __typeof__(rl_redisplay) *redisplay;
  __typeof__(rl_on_new_line) *on_new_line;
  __typeof__(rl_forced_update_display) *forced_update_display;
  __typeof__(rl_resize_terminal) *resize_terminal;
  __typeof__(rl_set_screen_size) *set_screen_size;
  __typeof__(rl_set_prompt) *set_prompt;
  __typeof__(rl_clear_message) *clear_message;
  __typeof__(rl_free_line_state) *free_line_state;
  __typeof__(rl_replace_line) *replace_line;
  __typeof__(rl_insert_text) *insert_text;
  __typeof__(rl_delete_text) *delete_text;
  __typeof__(rl_kill_text) *kill_text;
  __typeof__(rl_begin_undo_group) *begin_undo_group;
  __typeof__(rl_end_undo_group) *end_undo_group;
  __typeof__(rl_newline) *newline;
  __typeof__(rl_insert) *insert;
  __typeof__(rl_forward_char) *forward_char;
  __typeof__(rl_forward_word) *forward_word;
  __typeof__(rl_backward_word) *backward_word;
  __typeof__(using_history) *using_history;
  __typeof__(stifle_history) *stifle_history;
  __typeof__(clear_history) *clear_history;
  __typeof__(add_history) *add_history;
  __typeof__(add_history_time) *add_history_time;
  __typeof__(history_list) *history_list;
  __typeof__(where_history) *where_history;

  __typeof__(history_length) *history_length;
  __typeof__(rl_line_buffer) *line_buffer;
  __typeof__(rl_point) *point;
  __typeof__(rl_end) *end;
  __typeof__(rl_mark) *mark;
  __typeof__(rl_prompt) *prompt;
  __typeof__(rl_display_prompt) *display_prompt;
  __typeof__(rl_readline_state) *readline_state;
  __typeof__(rl_readline_name) *readline_name;
  __typeof__(rl_last_func) *last_func;
  __typeof__(rl_instream) *instream;
  __typeof__(rl_outstream) *outstream;
  __typeof__(rl_getc_function) *getc_function;
  __typeof__(rl_input_available_hook) *input_available_hook;
  __typeof__(rl_redisplay_function) *redisplay_function;
  __typeof__(rl_prep_term_function) *prep_term_function;
  __typeof__(rl_deprep_term_function) *deprep_term_function;
  __typeof__(rl_catch_signals) *catch_signals;
  __typeof__(rl_catch_sigwinch) *catch_sigwinch;
  __typeof__(rl_change_environment) *change_environment;
  __typeof__(rl_inhibit_completion) *inhibit_completion;
} Readline;

extern Readline rl; /* filled by rl_load, constant afterwards */

/* Loads the library and fills `rl`. False with a sentence in `why` if it cannot. */
bool rl_load(char *why, size_t size);

#endif
