/* SPDX-License-Identifier: MIT */
/* shell.h - programs that get the real terminal: !cmd, the editor of .edit, lessons.
 *
 * The loop goes on meanwhile, so `!curl` can ask a server of this very session; the prompt comes back
 * when the program has ended. */
#ifndef MOONFORK_SHELL_H
#define MOONFORK_SHELL_H

#include "../prompt.h"

/* Called when it has ended, before the next prompt. Owns ctx. */
typedef void ShellDone(Repl *repl, void *ctx, int64_t code, int signal);

/* Starts argv[0] with descriptors 0 to 2 of ours; `name` is its in the views. 0 or a uv error; done is called only after 0. */
int shell_run(Repl *repl, const char *name, const char *const argv[], ShellDone *done, void *ctx);

/* `!text`: the shell runs it; an exit code other than 0 is told. */
void shell_command(Repl *repl, const char *text);

#endif
