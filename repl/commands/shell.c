/* SPDX-License-Identifier: MIT */
/* shell.c - see shell.h. The program stays in our process group: Ctrl-C goes to it, and we, who got it
 * too, ignore it while we are away; Ctrl-Z stops both, as it does any job. */
#include "shell.h"
#include "../edit/ed.h"
#include "record.h"
#include "../say.h"
#include "../../modules/core/handle.h"
#include "../../modules/core/out.h"
#include "../../modules/core/signame.h"
#include "../../modules/core/trace.h"

#include <stdlib.h>

typedef struct Shell {
  Handle base;
  uv_process_t uv;
  ShellDone *done;
  void *ctx;
} Shell;

static void on_end(uv_process_t *process, int64_t code, int signal) {
  Shell *shell = process->data;
  Repl *repl = shell->base.rt->hooks.ctx;
  handle_close(&shell->base);
  if (!repl) return; /* the program is ending */
  repl->away = false;
  record_gap();
  ed_fresh_line();
  if (shell->done) shell->done(repl, shell->ctx, code, signal);
  repl_next_prompt(repl);
}

int shell_run(Repl *repl, const char *name, const char *const argv[], ShellDone *done, void *ctx) {
  uv_stdio_container_t stdio[3];
  for (int fd = 0; fd < 3; fd++) stdio[fd] = (uv_stdio_container_t){ .flags = UV_INHERIT_FD, .data.fd = fd };
  uv_process_options_t options = {
    .file = argv[0], .args = (char **)argv, .exit_cb = on_end, .stdio_count = 3, .stdio = stdio,
  };
  Shell *shell = handle_new_internal(repl->rt, sizeof *shell);
  if (!shell) return UV_ENOMEM;
  shell->done = done;
  shell->ctx = ctx;
  out_flush();
  int err = uv_spawn(&repl->rt->loop, &shell->uv, &options);
  handle_opened(&shell->base, (uv_handle_t *)&shell->uv); /* a failed one has to be closed, too */
  if (err) handle_close(&shell->base);
  else repl->away = true;
  if (!err && TRACING(repl->rt)) /* so that the views know whose children its own are, also when it is over soon */
    trace_add(repl->rt->trace, TRACE_PROC_SPAWN, (TraceArgs){ { uv_process_get_pid(&shell->uv) } }, name, NULL);
  return err;
}

static void tell_code(Repl *repl, void *ctx, int64_t code, int signal) {
  (void)repl, (void)ctx;
  const char *name = signal_name(signal);
  if (signal) say_styled(STYLE_DIM, "(ended by %s)", name ? name : "a signal");
  else if (code) say_styled(STYLE_DIM, "(exit code %d)", (int)code);
}

void shell_command(Repl *repl, const char *text) {
  const char *const argv[] = { "/bin/sh", "-c", text, NULL };
  while (*text == ' ') text++;
  if (!*text) {
    say("!COMMAND runs it in the shell, which gets the terminal");
    return;
  }
  int err = shell_run(repl, "sh", argv, tell_code, NULL);
  if (err) say_styled(STYLE_RED, "/bin/sh: %s", uv_strerror(err));
}
