/* SPDX-License-Identifier: MIT */
/* cmd_lesson.c - the course at the prompt: .lesson .node */
#include "commands.h"
#include "course/course.h"
#include "course/node.h"
#include "lesson.h"
#include "say.h"
#include "shell.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

static char *last_word; /* of .lesson, its first; owned */

/* ---- .lesson ---- */

static void lesson_done(Repl *repl, void *ctx, int64_t code, int signal) {
  (void)repl, (void)ctx;
  if (code || signal) say_styled(STYLE_DIM, "(the lesson ended with %s %d)", signal ? "signal" : "code",
                                 signal ? signal : (int)code);
}

/* A lesson is a program of its own, so it cannot disturb the session. */
enum { LESSON_WORDS = 8 };

/* Is this the prompt that a lesson has opened, and is it to come back? */
static bool comes_back(const Command *command) {
  return getenv(PLAY_ENV) && (!strcmp(command->args, "next") || !strcmp(command->args, "back"));
}

void cmd_lesson(const Command *command) {
  const char *argv[LESSON_WORDS + 3] = { "/proc/self/exe", "lesson" };
  char *words = NULL, *at;
  int n = 2;
  if (comes_back(command)) {
    repl_finish(command->repl);
    return;
  }
  words = strdup(command->args);
  free(last_word);
  last_word = *command->args ? strndup(command->args, strcspn(command->args, " ")) : NULL;
  for (char *word = words ? strtok_r(words, " ", &at) : NULL; word && n < LESSON_WORDS + 2; word = strtok_r(NULL, " ", &at))
    argv[n++] = word;
  int err = words ? shell_run(command->repl, "lesson", argv, lesson_done, NULL) : UV_ENOMEM;
  if (err) say_styled(STYLE_RED, ".lesson: %s", uv_strerror(err));
  free(words);
}

/* ---- .node ---- */

/* What is meant when nothing is named: in the prompt of a lesson its step's script, else what .lesson ran
 * last, else the script of the step where the student is. */
static bool add_current(NodeText *out) {
  const char *played = getenv(PLAY_SCRIPT_ENV);
  Lessons all;
  bool found = false;
  if (lessons_read(&all) != 0 || !all.folder) return false;
  char *chapter = last_word ? course_chapter(all.folder, last_word) : NULL;
  char *script = played ? strdup(played) : NULL;
  if (!played && last_word && !chapter) found = node_add_named(out, last_word);
  else if (!script) script = node_last_script(all.folder);
  if (script) found = node_add_script(out, all.folder, script);
  free(script);
  free(chapter);
  lessons_free(&all);
  return found;
}

void cmd_node(const Command *command) {
  NodeText out = { .head_on = say_style(STYLE_BOLD), .head_off = say_style(STYLE_NONE) };
  strbuf_init(&out.text);
  if (*command->args) (void)node_add_named(&out, command->args);
  else if (!add_current(&out) && out.text.len == 0)
    say_folded(STYLE_NONE, "There is no sample in JavaScript to show; .node S014 or .node orphan names one.");
  if (out.text.len > 0) say_buffer(&out.text);
  strbuf_free(&out.text);
}
