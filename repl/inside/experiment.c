/* SPDX-License-Identifier: MIT */
/* experiment.c - .kill .stop .cont .slow: see inside.h.
 *
 * Each does one thing to one process of the run and then watches what comes of it, for a second at most;
 * the prompt stays alive meanwhile. Only a process whose start time is the one that was found gets a
 * signal. */
#include "inside.h"
#include "link.h"
#include "target.h"
#include "../commands/commands.h"
#include "../proc.h"
#include "../say.h"
#include "../../modules/core/signame.h"
#include "../../modules/core/slow.h"
#include "../../modules/core/trace.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOOK_MS = 2, PATIENCE_MS = 1000, HOW_MS = 500, BLOCKED_MS = 300, PLACED_MS = 800 };

typedef enum Kind { NOTHING, KILLED, STOPPED, CONTINUED, SLOWED } Kind;

typedef struct Timer {
  Handle base;
  uv_timer_t uv;
} Timer;

static struct {
  Kind kind;
  Repl *repl;
  Timer *timer;
  Target target;
  int number;       /* the signal */
  uint64_t began, gone; /* ns; gone: when it was seen to have ended, 0: it lives */
  Link *link;       /* of SLOWED */
  bool told;        /* that it is blocked */
} now;

bool experiment_waits(void) { return now.kind != NOTHING; }

static void over(void) {
  now.kind = NOTHING;
  (void)uv_timer_stop(&now.timer->uv);
  if (now.link) link_close(now.link);
  now.link = NULL;
  repl_waited(now.repl);
}

static double ms_since(uint64_t then) { return (double)(uv_hrtime() - then) / 1e6; }

static char state_of(const Target *t) { return proc_state(t->pid, t->start); }

static const char *name_of_signal(char text[16], int number) {
  const char *name = signal_name(number);
  if (name) (void)snprintf(text, 16, "%s", name);
  else (void)snprintf(text, 16, "signal %d", number);
  return text;
}

/* ---- what came of it ---- */

static void look_killed(void) {
  char how[120], text[16];
  const char *name = name_of_signal(text, now.number);
  if (!now.gone && !target_lives(&now.target)) now.gone = uv_hrtime();
  double took = (double)(now.gone - now.began) / 1e6;
  if (now.gone && target_ended(&now.target, how, sizeof how)) {
    say_folded(STYLE_NONE, "%s %s after %.0f ms", now.target.who, how, took);
    over();
  } else if (now.gone && ms_since(now.gone) > HOW_MS) {
    say_folded(STYLE_NONE, "%s has ended, %.0f ms after %s", now.target.who, took, name);
    over();
  } else if (!now.gone && ms_since(now.began) > PATIENCE_MS) {
    char state = state_of(&now.target);
    say_folded(STYLE_NONE, "%s got %s and lives on after %d ms: state %c, %s", now.target.who, name, PATIENCE_MS,
               state, state == 'T' ? "it is stopped: .cont lets it go on, and take the signal"
                                   : "it handles or ignores the signal");
    over();
  }
}

static void look_stopped(bool stop) {
  const char *who = now.target.who;
  char state = state_of(&now.target);
  bool gone = state == 'X' || state == 'Z', done = !gone && (state == 'T') == stop;
  double took = ms_since(now.began);
  if (gone) say_folded(STYLE_NONE, "%s has ended meanwhile", who);
  else if (done && stop) say_folded(STYLE_NONE, "%s stopped: state T after %.0f ms", who, took);
  else if (done) say_folded(STYLE_NONE, "%s goes on: state %c after %.0f ms", who, state, took);
  else if (took > PATIENCE_MS) say_folded(STYLE_NONE, "%s: state %c after %d ms", who, state, PATIENCE_MS);
  else return;
  over();
}

static void look_slowed(void) {
  char text[200];
  bool placed;
  if (now.told || !target_blocked(&now.target, text, sizeof text, &placed)) return;
  if (!placed && ms_since(now.began) < PLACED_MS) return;
  now.told = true;
  say_folded(STYLE_YELLOW, "%s is blocked %s: it hears of this when its loop is back; Ctrl-C takes it back",
             now.target.who, text);
}

static void on_look(uv_timer_t *uv) {
  (void)uv;
  switch (now.kind) {
  case KILLED: look_killed(); break;
  case STOPPED:
  case CONTINUED: look_stopped(now.kind == STOPPED); break;
  case SLOWED: look_slowed(); break;
  case NOTHING: break;
  }
}

void experiment_interrupt(Repl *repl) {
  (void)repl;
  if (now.kind == NOTHING) return;
  say_folded(STYLE_DIM, now.kind == SLOWED ? "(taken back)" : "(not watched any longer)");
  over();
}

static bool begin(Repl *repl, Kind kind, const Target *t) {
  Runtime *rt = repl->rt;
  if (!now.timer && (now.timer = handle_new_internal(rt, sizeof *now.timer))) {
    (void)uv_timer_init(&rt->loop, &now.timer->uv); /* cannot fail */
    handle_opened(&now.timer->base, (uv_handle_t *)&now.timer->uv);
  }
  if (!now.timer) return false;
  now.kind = kind;
  now.repl = repl;
  now.target = *t;
  now.began = uv_hrtime();
  now.gone = 0;
  now.told = false;
  uint64_t every = kind == SLOWED ? BLOCKED_MS : LOOK_MS;
  (void)uv_timer_start(&now.timer->uv, on_look, every, every);
  return true;
}

/* ---- signals ---- */

/* The process that the word names, when a signal may be sent to it. */
static bool find_process(const char *word, Target *t) {
  char why[200];
  if (!target_find(word, t, why, sizeof why)) {
    say_folded(STYLE_RED, "%s", why);
  } else if (t->thread) {
    say_folded(STYLE_NONE, "%s cannot get a signal of its own: it would be the whole process's; "
               "worker:terminate() ends a thread", t->who);
  } else if (t->pid == (int)getpid()) {
    say_folded(STYLE_NONE, "%s is this prompt: .exit leaves it", t->who);
  } else {
    return true;
  }
  return false;
}

static void send_signal(const Command *command, Kind kind, const char *word, int number) {
  Target t;
  char text[16];
  if (experiment_waits() || !find_process(word, &t)) return;
  if (!begin(command->repl, kind, &t)) {
    say_folded(STYLE_RED, "memory is short");
    return;
  }
  int err = target_signal(&t, number);
  now.number = number;
  if (!err) return;
  if (err == -ESRCH) say_folded(STYLE_NONE, "%s has ended already", t.who);
  else say_folded(STYLE_RED, "%s to %s: %s", name_of_signal(text, number), t.who, uv_strerror(err));
  over();
}

/* "-9", "-KILL", "-SIGKILL": its number, 0: none. */
static int read_signal(const char *word, size_t len) {
  char name[24];
  char *end;
  if (len < 2 || len + 3 >= sizeof name) return 0;
  (void)snprintf(name, sizeof name, "%.*s", (int)len - 1, word + 1);
  long n = strtol(name, &end, 10);
  if (!*end) return n > 0 && n <= SIGRTMAX ? (int)n : 0;
  if (strncmp(name, "SIG", 3) != 0 && strncmp(name, "sig", 3) != 0)
    (void)snprintf(name, sizeof name, "SIG%.*s", (int)len - 1, word + 1);
  return signal_number(name, true);
}

void cmd_kill(const Command *command) {
  const char *word = command->args;
  int number = SIGTERM;
  if (*word == '-') {
    size_t len = strcspn(word, " \t");
    number = read_signal(word, len);
    if (!number) {
      say_folded(STYLE_NONE, "There is no signal %.*s; for example -TERM, -KILL, -USR1, -9.", (int)len, word);
      return;
    }
    word += len + strspn(word + len, " \t");
  }
  if (*word) send_signal(command, KILLED, word, number);
  else say_folded(STYLE_NONE, ".kill [-SIGNAL] NAME, for example .kill B, .kill -KILL 412, .kill #1");
}

void cmd_stop(const Command *command) {
  if (*command->args) send_signal(command, STOPPED, command->args, SIGSTOP);
  else say_folded(STYLE_NONE, ".stop NAME, for example .stop B; .cont B lets it go on");
}

void cmd_cont(const Command *command) {
  if (*command->args) send_signal(command, CONTINUED, command->args, SIGCONT);
  else say_folded(STYLE_NONE, ".cont NAME, for example .cont B");
}

/* ---- .slow ---- */

/* The target as .slow was told it. */
static const char *slow_name(void) {
  static char text[24];
  if (!now.target.thread) return now.target.label;
  (void)snprintf(text, sizeof text, "tid %u", now.target.thread);
  return text;
}

static void on_frame(Link *k, int kind, const char *bytes, size_t len) {
  uint32_t ms;
  (void)k;
  if (kind != FRAME_SLOWED || !link_get(&bytes, &len, &ms)) return;
  if (len) say_folded(STYLE_RED, "%s could not do it", now.target.who);
  else if (ms)
    say_folded(STYLE_NONE, "%s: each message it receives now waits %u ms first; .slow %s 0 ends that",
               now.target.who, (unsigned)ms, slow_name());
  else say_folded(STYLE_NONE, "%s: messages arrive at once again", now.target.who);
  over();
}

static void on_gone(Link *k) {
  (void)k;
  now.link = NULL;
  say_folded(STYLE_RED, "%s has gone, or has closed its door", now.target.who);
  over();
}

static void slow_down(const Command *command, const Target *t, uint32_t ms) {
  char name[LINK_NAME];
  link_name(name, t->pid, t->start, t->tid);
  int fd = link_connect(trace_dirfd(), name, t->pid);
  if (fd < 0) {
    say_folded(STYLE_RED, "%s cannot be slowed down: %s", t->who,
               fd == -ENOENT || fd == -ECONNREFUSED ? "it has no door" : uv_strerror(fd));
    return;
  }
  if (!begin(command->repl, SLOWED, t)) return;
  now.link = link_new(command->repl->rt, fd, t->pid, NULL, on_frame, on_gone);
  if (now.link) link_send_number(now.link, FRAME_SLOW, ms, NULL);
  else over();
}

/* The last word is the number; what is before it is the name, which may have blanks ("tid 3"). */
void cmd_slow(const Command *command) {
  char *end = NULL, word[64], why[200];
  Target t;
  size_t len = strlen(command->args);
  if (len > 3 && !strcmp(command->args + len - 3, " ms")) len -= 3;
  const char *last = len ? memrchr(command->args, ' ', len) : NULL;
  unsigned long ms = last ? strtoul(last + 1, &end, 10) : 0;
  if (!last || last[1] < '0' || last[1] > '9' || (*end && strcmp(end, "ms") != 0 && strcmp(end, " ms") != 0)) {
    say_folded(STYLE_NONE, ".slow NAME MILLISECONDS, for example .slow B 500; 0 ends it");
    return;
  }
  if (ms > SLOW_MOST_MS) {
    say_folded(STYLE_NONE, ".slow: at most %d ms", SLOW_MOST_MS);
    return;
  }
  (void)snprintf(word, sizeof word, "%.*s", (int)(last - command->args), command->args);
  if (experiment_waits()) return;
  if (!target_find(word, &t, why, sizeof why)) say_folded(STYLE_RED, "%s", why);
  else if (!t.door)
    say_folded(STYLE_RED, "%s cannot be slowed down: it %s", t.who,
               t.traced ? "has no door" : "has no ring in this run's trace folder");
  else slow_down(command, &t, (uint32_t)ms);
}
