/* SPDX-License-Identifier: MIT */
/* cmd_keep.c - what remains of a session: .transcript .record */
#include "commands.h"
#include "../edit/ed.h"
#include "record.h"
#include "../say.h"
#include "transcript.h"

#include <stdio.h>
#include <string.h>

void cmd_transcript(const Command *command) {
  if (!*command->args) {
    say(".transcript FILE.md: the lines typed so far and what they printed");
    return;
  }
  int lines = transcript_save(command->args);
  if (lines < 0) say_no_file(command->args, lines);
  else say("%s: %d %s with their output", command->args, lines, lines == 1 ? "line" : "lines");
}

static void tell_state(void) {
  const char *path = record_path();
  if (record_is_taken()) say("the lesson records this in %s; .record off there ends it", path);
  else if (path)
    say("recording %s: %.0f s, %.1f KiB so far; .record off ends it", path, record_seconds(),
        (double)record_bytes() / 1024);
  else say_folded(STYLE_NONE, ".record FILE.cast: what the terminal shows from now on, to .record off or the end");
}

static void end_recording(void) {
  char path[256];
  if (!record_path()) {
    say("nothing is recorded");
    return;
  }
  (void)snprintf(path, sizeof path, "%s", record_path());
  double seconds = record_seconds(), kib = (double)record_bytes() / 1024;
  int err = record_stop();
  if (err) say_no_file(path, err);
  else say("%s: %.0f s, %.1f KiB; asciinema play %s", path, seconds, kib, path);
}

void keep_check(void) {
  if (record_path() && record_error()) end_recording();
}

void cmd_record(const Command *command) {
  if (!*command->args || record_is_taken()) {
    tell_state();
  } else if (!strcmp(command->args, "off")) {
    end_recording();
  } else if (record_path()) {
    tell_state();
  } else {
    int err = record_start(command->args);
    if (err) say_no_file(command->args, err);
    else say("recording %s; .record off ends it", command->args);
  }
}
