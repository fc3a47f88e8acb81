/* SPDX-License-Identifier: MIT */
/* rl.c - loads GNU readline by name; see rl.h. One row for each symbol used. */
#include "rl.h"

#include <dlfcn.h>
#include <string.h>

#define LIBRARY "libreadline.so.8"

Readline rl;

static const struct {
  const char *symbol;
  size_t slot; /* where its address goes in Readline */
} symbols[] = {
  { "rl_initialize", offsetof(Readline, initialize) },
  { "rl_variable_bind", offsetof(Readline, variable_bind) },
  { "rl_bind_keyseq_in_map", offsetof(Readline, bind_keyseq_in_map) },
  { "rl_bind_keyseq_if_unbound_in_map", offsetof(Readline, bind_keyseq_if_unbound_in_map) },
  { "rl_get_keymap_by_name", offsetof(Readline, get_keymap_by_name) },
  { "rl_callback_handler_install", offsetof(Readline, callback_handler_install) },
  { "rl_callback_handler_remove", offsetof(Readline, callback_handler_remove) },
  { "rl_callback_read_char", offsetof(Readline, callback_read_char) },
  { "rl_callback_sigcleanup", offsetof(Readline, callback_sigcleanup) },
  { "rl_tty_set_echoing", offsetof(Readline, tty_set_echoing) },
  { "rl_redisplay", offsetof(Readline, redisplay) },
  { "rl_on_new_line", offsetof(Readline, on_new_line) },
  { "rl_forced_update_display", offsetof(Readline, forced_update_display) },
  { "rl_resize_terminal", offsetof(Readline, resize_terminal) },
  { "rl_set_screen_size", offsetof(Readline, set_screen_size) },
  { "rl_set_prompt", offsetof(Readline, set_prompt) },
  { "rl_clear_message", offsetof(Readline, clear_message) },
  { "rl_free_line_state", offsetof(Readline, free_line_state) },
  { "rl_replace_line", offsetof(Readline, replace_line) },
  { "rl_insert_text", offsetof(Readline, insert_text) },
  { "rl_delete_text", offsetof(Readline, delete_text) },
  { "rl_kill_text", offsetof(Readline, kill_text) },
  { "rl_begin_undo_group", offsetof(Readline, begin_undo_group) },
  { "rl_end_undo_group", offsetof(Readline, end_undo_group) },
  { "rl_newline", offsetof(Readline, newline) },
  { "rl_insert", offsetof(Readline, insert) },
  { "rl_forward_char", offsetof(Readline, forward_char) },
  { "rl_forward_word", offsetof(Readline, forward_word) },
  { "rl_backward_word", offsetof(Readline, backward_word) },
  { "using_history", offsetof(Readline, using_history) },
  { "stifle_history", offsetof(Readline, stifle_history) },
  { "clear_history", offsetof(Readline, clear_history) },
  { "add_history", offsetof(Readline, add_history) },
  { "add_history_time", offsetof(Readline, add_history_time) },
  { "history_list", offsetof(Readline, history_list) },
  { "where_history", offsetof(Readline, where_history) },
  { "history_length", offsetof(Readline, history_length) },
  { "rl_line_buffer", offsetof(Readline, line_buffer) },
  { "rl_point", offsetof(Readline, point) },
  { "rl_end", offsetof(Readline, end) },
  { "rl_mark", offsetof(Readline, mark) },
  { "rl_prompt", offsetof(Readline, prompt) },
  { "rl_display_prompt", offsetof(Readline, display_prompt) },
  { "rl_readline_state", offsetof(Readline, readline_state) },
  { "rl_readline_name", offsetof(Readline, readline_name) },
  { "rl_last_func", offsetof(Readline, last_func) },
  { "rl_instream", offsetof(Readline, instream) },
  { "rl_outstream", offsetof(Readline, outstream) },
  { "rl_getc_function", offsetof(Readline, getc_function) },
  { "rl_input_available_hook", offsetof(Readline, input_available_hook) },
  { "rl_redisplay_function", offsetof(Readline, redisplay_function) },
  { "rl_prep_term_function", offsetof(Readline, prep_term_function) },
  { "rl_deprep_term_function", offsetof(Readline, deprep_term_function) },
  { "rl_catch_signals", offsetof(Readline, catch_signals) },
  { "rl_catch_sigwinch", offsetof(Readline, catch_sigwinch) },
  { "rl_change_environment", offsetof(Readline, change_environment) },
  { "rl_inhibit_completion", offsetof(Readline, inhibit_completion) },
};

bool rl_load(char *why, size_t size) {
  void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    snprintf(why, size, "the prompt needs GNU readline 8 (package libreadline8): %s", dlerror());
    return false;
  }
  for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
    void *address = dlsym(library, symbols[i].symbol);
    if (!address) {
      snprintf(why, size, "%s has no %s: the prompt needs GNU readline 8", LIBRARY,
               symbols[i].symbol);
      dlclose(library);
      return false;
    }
    memcpy((char *)&rl + symbols[i].slot, &address, sizeof address);
  }
  return true; /* the library stays loaded for the life of the process */
}
