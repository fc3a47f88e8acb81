/* SPDX-License-Identifier: MIT */
/* editor.c - life cycle of the line editor and the way of typed bytes.
 *
 * Bytes are read from the terminal's own descriptor, queued, and handed to readline
 * one by one; what it wants to write is thrown away, because paint.c paints. Keys
 * never call the hooks: they leave an event that is delivered when readline has
 * returned, so a hook may stop or close the editor. After a line the rest of the
 * queue waits for the next ed_start and one turn of the loop. */
#include "editor.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rl.h"
#include "../style.h"
#include "term.h"

Editor ed;

enum { CTRL_G = 7, READ_SIZE = 65536 };

void editor_flush(void) {
  if (ed.out.len) term_write(ed.out.data, ed.out.len);
  ed.out.len = 0;
}

/* ---- what readline calls ---- */

static int queue_available(void) {
  return ed.taken < ed.typed.len;
}

/* Readline asks in the middle of a key only for the rest of a split character. If
 * that does not come, Ctrl-G ends whatever was being typed. */
static int queue_getc(FILE *stream) {
  (void)stream;
  if (!queue_available()) {
    char rest[64];
    struct pollfd ready = { .fd = ed.fd, .events = POLLIN };
    ssize_t n = poll(&ready, 1, 50) > 0 ? read(ed.fd, rest, sizeof rest) : 0;
    if (n <= 0) return CTRL_G;
    bytes_add(&ed.typed, rest, (size_t)n);
  }
  return (unsigned char)ed.typed.data[ed.taken++];
}

static ssize_t on_readline_output(void *cookie, const char *data, size_t len) {
  (void)cookie;
  if (ed.plain) bytes_add(&ed.out, data, len);
  return (ssize_t)len;
}

static void on_prepare(int meta) {
  (void)meta; /* ed_start has set the modes */
}

static void on_unprepare(void) {}

/* Readline's line handler: runs inside a key. */
static void on_readline_line(char *text) {
  rl.callback_handler_remove();
  if (text) bytes_str(&ed.line, text);
  free(text);
  ed.event = text ? EVENT_LINE : EVENT_EOF;
}

void editor_finish(EditorEvent event) {
  if (ed.event == EVENT_NONE) ed.event = event;
}

/* ---- showing and hiding ---- */

static void on_tty(uv_poll_t *poll, int status, int events);
static void on_kick(uv_idle_t *idle);

static bool plain_continues(void) {
  return ed.plain && ed.line.len > 0;
}

static void install(void) {
  const char *prompt = plain_continues() ? "  " : bytes_cstr(&ed.prompt);
  rl.callback_handler_install(prompt, on_readline_line);
  if (!ed.kept.len) return;
  rl.insert_text(bytes_cstr(&ed.kept));
  *rl.point = ed.kept_point;
  ed.kept.len = 0;
}

void ed_start(void) {
  if (!ed.open || ed.shown) return;
  ed.shown = true;
  term_raw(!ed.plain);
  paint_forget();
  above_started();
  install();
  history_new_line();
  paint_now();
  editor_flush();
  uv_poll_start(&ed.poll, UV_READABLE | UV_DISCONNECT, on_tty);
  if (queue_available()) uv_idle_start(&ed.kick, on_kick);
}

/* The terminal is the program's again; readline has no handler any more. */
static void leave(void) {
  ed.shown = false;
  ed.pasting = false;
  uv_timer_stop(&ed.paste_idle);
  uv_poll_stop(&ed.poll);
  paint_forget();
  above_committed();
  editor_flush();
  term_cooked();
}

void ed_stop(void) {
  if (!ed.shown) return;
  if (ed.view) ed_resume();
  ed.kept.len = 0;
  bytes_add(&ed.kept, *rl.line_buffer, (size_t)*rl.end);
  ed.kept_point = *rl.point;
  paint_last("");
  rl.callback_handler_remove();
  rl.replace_line("", 1);
  leave();
}

bool ed_shown(void) {
  return ed.shown && !ed.view;
}

void ed_set_prompt(const char *prompt) {
  if (ed.prompt.len == strlen(prompt) && !memcmp(bytes_cstr(&ed.prompt), prompt, ed.prompt.len))
    return;
  ed.prompt.len = 0;
  for (bool hidden = false; *prompt; prompt++) {
    if (!ed.colour && (*prompt == '\001' || *prompt == '\002')) hidden = *prompt == '\001';
    else if (!hidden) bytes_char(&ed.prompt, *prompt);
  }
  if (!ed_shown()) return;
  if (ed.plain && !plain_continues()) rl.set_prompt(bytes_cstr(&ed.prompt));
  paint_now();
  editor_flush();
}

/* ---- events ---- */

/* A plain terminal edits one line at a time: those of a block are collected here. */
static bool plain_goes_on(void) {
  if (!ed.plain || !ed.hooks.incomplete) return false;
  if (!ed.hooks.incomplete(ed.hooks.ctx, bytes_cstr(&ed.line), ed.line.len)) return false;
  bytes_char(&ed.line, '\n');
  return true;
}

static void deliver_line(void) {
  if (plain_goes_on()) {
    install();
    return;
  }
  leave();
  Bytes line = ed.line; /* the hook may start the next one */
  ed.line = (Bytes){ 0 };
  ed.hooks.on_line(ed.hooks.ctx, bytes_cstr(&line), line.len);
  bytes_free(&line);
}

static void deliver_eof(void) {
  paint_last("");
  ed.line.len = 0;
  leave();
  ed.hooks.on_eof(ed.hooks.ctx);
}

/* Stops the foreground job, as the terminal itself would: a program between the shell
 * and us (make, sudo) has to stop, too. Without job control nothing stops and the
 * prompt is painted again at once. */
static void deliver_suspend(void) {
  int point = *rl.point;
  paint_last("");
  *rl.point = point;
  above_committed();
  editor_flush();
  term_cooked();
  (void)kill(0, SIGTSTP);
  term_raw(!ed.plain);
  paint_again();
  editor_flush();
  ed.continued = true;
}

static void deliver(void) {
  EditorEvent event = ed.event;
  ed.event = EVENT_NONE;
  switch (event) {
  case EVENT_NONE: break;
  case EVENT_LINE: deliver_line(); break;
  case EVENT_EOF: deliver_eof(); break;
  case EVENT_INTERRUPT: ed.hooks.on_interrupt(ed.hooks.ctx, ed.was_empty); break;
  case EVENT_SUSPEND: deliver_suspend(); break;
  case EVENT_VIEW:
    if (ed.hooks.on_view) ed.hooks.on_view(ed.hooks.ctx);
    break;
  }
}

/* ---- typed bytes ---- */

static void feed_readline(void) {
  int before = *rl.end;
  ed.continued = false;
  rl.callback_read_char();
  if (ed.event == EVENT_NONE && *rl.end > before && *rl.last_func == rl.insert) keys_inserted();
}

static void feed_view(void) {
  Bytes keys = ed.typed; /* the view may resume or stop us */
  size_t taken = ed.taken;
  ed.typed = (Bytes){ 0 };
  ed.taken = 0;
  ed.view(ed.view_ctx, keys.data + taken, keys.len - taken);
  bytes_free(&keys);
}

static void feed(void) {
  while (queue_available() && ed.shown && ed.event == EVENT_NONE) {
    if (ed.view) feed_view();
    else if (!ed.pasting) feed_readline();
    else if (!paste_take()) break;
  }
  if (!ed.open) return; /* closed by a view */
  if (ed.taken == ed.typed.len) ed.typed.len = ed.taken = 0;
  if (ed.paint.due && ed.event != EVENT_LINE && ed.event != EVENT_EOF) paint_now();
  editor_flush();
  deliver();
  if (!ed.open) return;
  editor_flush();
  if (ed.shown && !ed.lent && !ed.pasting && queue_available()) uv_idle_start(&ed.kick, on_kick);
}

/* An idle handle, not a timer: those due at once run before any other event. */
static void on_kick(uv_idle_t *idle) {
  uv_idle_stop(idle);
  if (ed.shown) feed();
}

/* The terminal is gone: what was typed is lost, the program hears of the end. */
static void hang_up(void) {
  rl.callback_handler_remove();
  rl.replace_line("", 1);
  ed.view = NULL;
  ed.event = EVENT_EOF;
  deliver();
}

static void on_tty(uv_poll_t *poll, int status, int events) {
  (void)poll;
  (void)events;
  char data[READ_SIZE];
  ssize_t n = status < 0 ? 0 : read(ed.fd, data, sizeof data);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0) {
    hang_up();
    return;
  }
  bytes_drop(&ed.typed, ed.taken);
  ed.taken = 0;
  bytes_add(&ed.typed, data, (size_t)n);
  feed();
}

int ed_keys_fd(void) {
  return ed.fd;
}

void ed_type_ahead(const char *keys, size_t len) {
  bytes_drop(&ed.typed, ed.taken);
  ed.taken = 0;
  bytes_add(&ed.typed, keys, len);
  if (ed_shown()) feed();
}

void ed_interrupt(void) {
  if (!ed_shown()) return;
  static const char key = 3;
  bytes_add(&ed.typed, &key, 1);
  feed();
}

/* ---- signals ---- */

static void on_winch(uv_signal_t *signal, int number) {
  (void)signal;
  (void)number;
  if (!ed_shown()) return;
  if (ed.plain) rl.resize_terminal();
  else paint_now();
  editor_flush();
}

/* Continued after `kill -STOP` or after our own stop: the shell has used the terminal. */
static void on_cont(uv_signal_t *signal, int number) {
  (void)signal;
  (void)number;
  if (!ed.shown) return;
  term_raw(!ed.plain);
  if (ed.lent) ed.lent(ed.view_ctx);
  if (ed.view) return;
  if (ed.continued) {
    paint_now(); /* painted before the signal came */
  } else {
    above_committed();
    paint_again();
  }
  ed.continued = false;
  editor_flush();
}

/* ---- full-screen views ---- */

void ed_suspend(void (*on_keys)(void *ctx, const char *keys, size_t len), void *ctx) {
  if (!ed_shown()) return;
  paint_erase(0);
  editor_flush();
  ed.view = on_keys;
  ed.view_ctx = ctx;
}

static void lent_keys(void *ctx, const char *keys, size_t len) {
  (void)ctx, (void)keys, (void)len; /* none come: the view reads them */
}

bool ed_lend(void (*again)(void *ctx), void *ctx, Bytes *keys) {
  if (!ed_shown()) return false;
  ed_suspend(lent_keys, ctx);
  ed.lent = again;
  uv_poll_stop(&ed.poll);
  uv_idle_stop(&ed.kick);
  bytes_add(keys, ed.typed.data + ed.taken, ed.typed.len - ed.taken);
  ed.typed.len = ed.taken = 0;
  return true;
}

bool ed_lent(void) { return ed.lent != NULL; }
bool ed_can_draw(void) { return ed.open && !ed.plain; }

void ed_resume(void) {
  if (!ed.view) return;
  if (ed.lent) uv_poll_start(&ed.poll, UV_READABLE | UV_DISCONNECT, on_tty);
  ed.lent = NULL;
  ed.view = NULL;
  paint_forget();
  paint_now();
  editor_flush();
  Bytes held = ed.above.held;
  ed.above.held = (Bytes){ 0 };
  ed_print_above(held.data, held.len);
  bytes_free(&held);
  if (queue_available()) uv_idle_start(&ed.kick, on_kick);
}

/* ---- opening and closing ---- */

static void set_up_readline(void) {
  static const cookie_io_functions_t output = { .write = on_readline_output };
  static const char *const variables[][2] = {
    { "bind-tty-special-chars", "off" },
    { "enable-bracketed-paste", "on" },
    { "enable-active-region", "off" }, /* which the one before has switched on */
    { "bell-style", "none" },
    { "input-meta", "on" },
    { "output-meta", "on" },
    { "convert-meta", "off" },
    { "mark-modified-lines", "off" },
    { "show-mode-in-prompt", "off" },
    { "revert-all-at-newline", "on" },
  };
  *rl.readline_name = ed.hooks.name;
  *rl.catch_signals = *rl.catch_sigwinch = *rl.change_environment = 0;
  *rl.inhibit_completion = 1; /* Tab is ours */
  *rl.prep_term_function = on_prepare;
  *rl.deprep_term_function = on_unprepare;
  *rl.getc_function = queue_getc;
  *rl.input_available_hook = queue_available;
  *rl.outstream = fopencookie(NULL, "w", output);
  if (!*rl.outstream) abort();
  setvbuf(*rl.outstream, NULL, _IONBF, 0);
  rl.initialize();
  for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
    rl.variable_bind(variables[i][0], variables[i][1]);
  rl.tty_set_echoing(1); /* readline's own preparation of the terminal would see that */
  if (!ed.plain) *rl.redisplay_function = paint_later;
  rl.using_history();
  keys_bind();
}

/* Readline asks the terminal behind its input stream for the size. */
static int open_input(void) {
  int copy = dup(ed.fd);
  FILE *stream = copy < 0 ? NULL : fdopen(copy, "r");
  if (!stream) {
    int err = -errno;
    if (copy >= 0) close(copy);
    return err;
  }
  *rl.instream = stream;
  return 0;
}

static void close_handles(int count) {
  uv_handle_t *const handles[] = { (uv_handle_t *)&ed.poll, (uv_handle_t *)&ed.paste_idle,
                                   (uv_handle_t *)&ed.kick, (uv_handle_t *)&ed.winch,
                                   (uv_handle_t *)&ed.cont };
  for (int i = 0; i < count; i++) uv_close(handles[i], NULL);
}

enum { ALL_HANDLES = 5 };

static int open_handles(uv_loop_t *loop) {
  int opened = 0, err = uv_poll_init(loop, &ed.poll, ed.fd);
  if (err) return err;
  uv_timer_init(loop, &ed.paste_idle); /* this one and the next cannot fail */
  uv_idle_init(loop, &ed.kick);
  opened = 3;
  if ((err = uv_signal_init(loop, &ed.winch)) < 0) goto failed;
  opened++;
  if ((err = uv_signal_init(loop, &ed.cont)) < 0) goto failed;
  opened++;
  if ((err = uv_signal_start(&ed.winch, on_winch, SIGWINCH)) < 0) goto failed;
  if ((err = uv_signal_start(&ed.cont, on_cont, SIGCONT)) < 0) goto failed;
  uv_unref((uv_handle_t *)&ed.winch);
  uv_unref((uv_handle_t *)&ed.cont);
  return 0;

failed:
  close_handles(opened);
  return err;
}

static void read_environment(void) {
  const char *term = getenv("TERM");
  ed.plain = !term || !*term || !strcmp(term, "dumb");
  ed.colour = style_allowed();
  /* The linux console and xterm cut rows off; every other terminal wraps them anew. */
  ed.paint.reflows = !getenv("XTERM_VERSION") && !(term && !strcmp(term, "linux"));
}

int ed_open(uv_loop_t *loop, const EdHooks *hooks, char *why, size_t size) {
  static bool at_exit;
  if (ed.open) {
    snprintf(why, size, "there is a prompt already");
    return UV_EBUSY;
  }
  if (!rl_load(why, size)) return UV_ENOSYS;
  ed.hooks = *hooks;
  read_environment();
  int err = ed.fd = term_open();
  if (err < 0) goto failed;
  if ((err = open_input()) < 0) goto no_input;
  if ((err = open_handles(loop)) < 0) goto no_handles;
  set_up_readline();
  if (!at_exit) at_exit = atexit(ed_emergency_restore) == 0;
  ed.open = true;
  return 0;

no_handles:
  fclose(*rl.instream);
no_input:
  term_close();
failed:
  snprintf(why, size, "the terminal cannot be used: %s", uv_strerror(err));
  return err;
}

void ed_close(void) {
  if (!ed.open) return;
  ed_stop();
  ed.open = false;
  close_handles(ALL_HANDLES);
  fclose(*rl.outstream);
  fclose(*rl.instream);
  *rl.outstream = *rl.instream = NULL;
  term_close();
  history_free();
  above_free();
  Bytes *const buffers[] = { &ed.typed, &ed.out,   &ed.prompt,    &ed.line,
                             &ed.kept,  &ed.paste, &ed.paint.body };
  for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++) bytes_free(buffers[i]);
  free(ed.paint.row);
  free(ed.paint.attr);
  ed.paint = (Painter){ 0 };
  ed.taken = 0;
  ed.event = EVENT_NONE;
}

void ed_emergency_restore(void) {
  term_emergency();
}
