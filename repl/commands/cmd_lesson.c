/* SPDX-License-Identifier: MIT */
/* cmd_lesson.c - the course at the prompt: .lesson .present .node */
#include "commands.h"
#include "../course/course.h"
#include "../course/node.h"
#include "../lesson.h"
#include "../say.h"
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

enum { LESSON_WORDS = 8 };

/* The words of a command, in one buffer. */
typedef struct Words {
  char *text; /* owned */
  const char *list[LESSON_WORDS];
  int count;
} Words;

static bool read_words(Words *words, const char *text) {
  char *at;
  *words = (Words){ .text = strdup(text) };
  for (char *word = words->text ? strtok_r(words->text, " ", &at) : NULL; word && words->count < LESSON_WORDS;
       word = strtok_r(NULL, " ", &at))
    words->list[words->count++] = word;
  return words->text != NULL;
}

/* A lesson is a program of its own, so it cannot disturb the session. more: two words, NULL where none. */
static void start_lesson(const Command *command, const Words *words, const char *const more[2]) {
  const char *argv[LESSON_WORDS + 5] = { "/proc/self/exe", "lesson" };
  int n = 2;
  for (int i = 0; i < words->count; i++) argv[n++] = words->list[i];
  for (int i = 0; i < 2 && more[i]; i++) argv[n++] = more[i];
  int err = shell_run(command->repl, "lesson", argv, lesson_done, NULL);
  if (err) say_styled(STYLE_RED, ".lesson: %s", uv_strerror(err));
}

/* Leaves the prompt that a lesson has opened; the runner goes on with this line, "" as it was. */
static void come_back(const Command *command, const char *line) {
  if (*line && work_write(getenv(PLAY_ENV), line) != 0) say("The lesson cannot be told; .lesson next comes back.");
  else repl_finish(command->repl);
}

void cmd_lesson(const Command *command) {
  static const char *const none[2] = { NULL, NULL };
  Words words;
  if (getenv(PLAY_ENV) && (!strcmp(command->args, "next") || !strcmp(command->args, "back"))) {
    come_back(command, "");
    return;
  }
  free(last_word);
  last_word = *command->args ? strndup(command->args, strcspn(command->args, " ")) : NULL;
  if (read_words(&words, command->args)) start_lesson(command, &words, none);
  free(words.text);
}

/* ---- .present ---- */

/* The word that is neither an option nor its value; NULL. */
static const char *chapter_word(const Words *words) {
  for (int i = 0; i < words->count; i++) {
    if (strncmp(words->list[i], "--", 2) != 0) return words->list[i];
    if (!strcmp(words->list[i], "--speed") || !strcmp(words->list[i], "--record")) i++;
  }
  return NULL;
}

static bool is_chapter(const char *word) {
  Lessons all;
  if (!strcmp(word, "next") || !strcmp(word, "again")) return true;
  if (lessons_read(&all) != 0 || !all.folder) return false;
  char *folder = course_chapter(all.folder, word);
  free(folder);
  lessons_free(&all);
  return folder != NULL;
}

void cmd_present(const Command *command) {
  const char *more[2] = { "--present", NULL };
  Words words;
  StrBuf line;
  if (!read_words(&words, command->args)) return;
  const char *chapter = chapter_word(&words);
  bool off = chapter && !strcmp(chapter, "off");
  if (getenv(PLAY_ENV) && (!chapter || off)) {
    strbuf_init(&line);
    strbuf_addf(&line, ".present %s", command->args);
    come_back(command, line.p ? line.p : "");
    strbuf_free(&line);
  } else if (chapter && !is_chapter(chapter)) {
    say("There is no chapter %s; .lesson lists them.", chapter);
  } else {
    if (!chapter) more[1] = "next";
    start_lesson(command, &words, more);
  }
  free(words.text);
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
