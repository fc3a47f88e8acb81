/* SPDX-License-Identifier: MIT */
/* cmd_trace.c - .trace: the flight recorder on and off, its last records, and its export. */
#include "export.h"
#include "../commands/commands.h"
#include "../say.h"
#include "../views/attach.h"
#include "../views/lane_words.h"
#include "../../modules/core/error.h"
#include "../../modules/core/trace.h"
#include "../../modules/process/process.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN = 30, DEFAULT_LEVEL = 5, WIDTH = 80 };

static void tell_usage(void) { say(".trace [on | off | log [1-9] | save FILE.ndjson | save FILE.json]"); }

static void tell_state(void) {
  if (!trace_dir()) say("nothing is recorded");
  else say("%s %s", trace_on() ? "recording in" : "paused; it goes on with .trace on:", trace_dir());
}

/* Children are told by the environment, which scripts may be reading just now. */
static void switch_to(const Command *command, bool on) {
  trace_pause(!on);
  process_change_variable(TRACE_ENV, on ? trace_dir() : NULL);
  (void)command;
  if (on) say("recording goes on in %s", trace_dir());
  else say("recording is paused: what is started from now on is not recorded at all");
}

/* ---- log ---- */

static bool is_shown(const LiveRecord *r, int level) {
  int own = r->r.event < TRACE_EVENT_COUNT ? trace_events[r->r.event].level : 1;
  return r->r.event != TRACE_NONE && own <= level && (!(r->r.flags & TRACE_INTERNAL) || level >= 9);
}

static void add_record(const Model *m, const LiveRecord *r, StrBuf *out) {
  char words[160], who[80];
  lane_words(r, words, sizeof words);
  (void)snprintf(who, sizeof who, "%s %s", r->thread ? text_thread(r->thread).s : text_who(r->proc).s, r->proc->role);
  StrBuf line;
  strbuf_init(&line);
  strbuf_addf(&line, "%s %-11.11s %-12s %s", text_clock_ms(m, r->r.t).s, who, live_event_name(r->r.event), words);
  (void)text_fit(out, line.p ? line.p : "", line.len, WIDTH - 1);
  strbuf_addc(out, '\n');
  strbuf_free(&line);
}

static void show_log(const Command *command, int level) {
  Live *live = views_live(command->repl);
  const LiveRecord *found[SHOWN];
  int n = 0;
  StrBuf out;
  if (!live) {
    tell_state();
    return;
  }
  live_refresh(live);
  strbuf_init(&out);
  const Model *m = live_hold(live);
  for (uint64_t i = m->count; i-- > m->first && n < SHOWN;) {
    const LiveRecord *r = model_record(m, i);
    if (r && is_shown(r, level)) found[n++] = r;
  }
  while (n-- > 0) add_record(m, found[n], &out);
  live_release(live);
  if (out.len) say_buffer(&out);
  else say("nothing of level %d or below has happened yet", level);
  strbuf_free(&out);
}

/* ---- save ---- */

/* As .transcript has it: only a file that was saved here before is written over. */
static void save(const char *path) {
  static char *saved;
  size_t len = strlen(path), records;
  bool chrome = len > 5 && !strcmp(path + len - 5, ".json"), lines = len > 7 && !strcmp(path + len - 7, ".ndjson");
  if (!chrome && !lines) {
    say_folded(STYLE_NONE, "%s: the file's name ends in .ndjson (a record a line) or .json (Chrome's trace format, for Perfetto)", path);
    return;
  }
  ExportHow how = { chrome, .fresh = !saved || strcmp(saved, path) != 0 };
  int err = trace_dirfd() < 0 ? UV_ENOENT : export_file(trace_dirfd(), path, how, &records);
  if (err) {
    say_no_file(path, err);
    return;
  }
  if (how.fresh) free(saved), saved = strdup(path);
  say("%s: %zu records", path, records);
}

void cmd_trace(const Command *command) {
  const char *args = command->args;
  size_t len = strcspn(args, " \t");
  const char *rest = args + len + strspn(args + len, " \t");
  bool on = len == 2 && !strncmp(args, "on", 2), off = len == 3 && !strncmp(args, "off", 3);
  if (!*args) tell_state();
  else if ((on || off) && !*rest && trace_dir()) switch_to(command, on);
  else if ((on || off) && !*rest) tell_state();
  else if (len == 3 && !strncmp(args, "log", 3) && !*rest) show_log(command, DEFAULT_LEVEL);
  else if (len == 3 && !strncmp(args, "log", 3) && *rest >= '1' && *rest <= '9' && !rest[1]) show_log(command, *rest - '0');
  else if (len == 4 && !strncmp(args, "save", 4) && *rest) save(rest);
  else tell_usage();
}
