/* SPDX-License-Identifier: MIT */
/* guest.c - see inside.h. The states: away; entering (HELLO is sent); inside, where at most one line is
 * under way; ending (the link is gone, how the target ended is looked up).
 *
 * A line is asked to stop in two ways at once: a frame, for a loop that is alive, and a signal that reaches
 * the line alone, for one that the line has blocked. The signal is repeated until the answer comes, because
 * one that arrives before the line has begun does nothing. */
#include "inside.h"
#include "link.h"
#include "target.h"
#include "../commands/commands.h"
#include "../say.h"
#include "../typing.h"
#include "../../modules/core/interrupt.h"
#include "../../modules/core/out.h"
#include "../../modules/core/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOOK_MS = 50, BLOCKED_LOOKS = 6, ENDED_LOOKS = 30, PLACED_LOOKS = 18, WORDS_MS = 300 };

typedef enum State { AWAY, ENTERING, INSIDE, ENDING } State;

typedef struct Timer {
  Handle base;
  uv_timer_t uv;
} Timer;

static struct {
  State state;
  Repl *repl;
  Link *link;
  Timer *timer;        /* runs while something is awaited */
  Target target;
  uint32_t serial;     /* of the newest line */
  bool busy;           /* its answer is awaited */
  bool begun;          /* it runs, or waits, there */
  int presses;         /* of Ctrl-C since it was sent */
  uint32_t owed;       /* a line that was given up, and may still run: its serial; 0: none */
  int looks;           /* of the timer, since the line was sent or the link was lost */
  bool told;           /* that the target is blocked */
  struct { EdList *out; uint32_t serial; size_t start; bool got; } words;
} in;

bool inside_active(void) { return in.state == INSIDE || in.state == ENTERING; }
const char *inside_label(void) { return in.target.label; }
bool inside_waits(void) { return in.busy || in.state == ENTERING || in.state == ENDING; }

/* ---- being told ---- */

static void on_look(uv_timer_t *uv);

static void start_looking(void) {
  Runtime *rt = in.repl->rt;
  in.looks = 0;
  in.told = false;
  if (!in.timer && (in.timer = handle_new_internal(rt, sizeof *in.timer))) {
    (void)uv_timer_init(&rt->loop, &in.timer->uv); /* cannot fail */
    handle_opened(&in.timer->base, (uv_handle_t *)&in.timer->uv);
    uv_unref((uv_handle_t *)&in.timer->uv);
  }
  if (in.timer) (void)uv_timer_start(&in.timer->uv, on_look, LOOK_MS, LOOK_MS);
}

static void stop_looking(void) {
  if (in.timer) (void)uv_timer_stop(&in.timer->uv);
}

/* The answer is there, or given up. */
static void idle(void) {
  in.busy = false;
  if (!in.owed) stop_looking();
  repl_waited(in.repl);
}

static void tell_blocked(void) {
  char text[200];
  bool placed;
  if (in.told || !target_blocked(&in.target, text, sizeof text, &placed)) return;
  if (!placed && in.looks < PLACED_LOOKS) return;
  in.told = true;
  if (in.state == ENTERING)
    say_folded(STYLE_YELLOW, "%s is blocked %s: it lets you in when its loop is back; Ctrl-C gives up",
               in.target.who, text);
  else if (in.begun) say_folded(STYLE_YELLOW, "(the line blocks %s %s; Ctrl-C ends it)", in.target.who, text);
  else
    say_folded(STYLE_YELLOW, "(%s is blocked %s: the line waits for it; Ctrl-C takes it back)", in.target.who,
               text);
}

/* ---- leaving ---- */

static void drop_link(void) {
  if (in.link) link_close(in.link);
  in.link = NULL;
  in.owed = 0;
  in.begun = false;
}

static void be_away(void) {
  drop_link();
  in.state = AWAY;
  stop_looking();
  idle();
}

void inside_leave(Repl *repl) {
  if (in.state == AWAY || in.state == ENDING) return;
  (void)repl;
  be_away();
}

/* The link is gone: how did the target end? It takes a moment until that is known. */
static void look_ended(void) {
  char how[120] = "has ended";
  bool known = target_ended(&in.target, how, sizeof how);
  if (!known && in.looks < ENDED_LOOKS) return;
  if (!known && target_lives(&in.target)) (void)snprintf(how, sizeof how, "has closed its door");
  say_folded(STYLE_YELLOW, "%s %s; this is the prompt again", in.target.who, how);
  be_away();
}

static void on_gone(Link *k) {
  (void)k;
  in.link = NULL;
  if (in.state == AWAY) return;
  in.state = ENDING;
  in.owed = 0;
  start_looking();
}

/* ---- stopping a line ---- */

/* Only the line of this serial is reached; only the process that we are in, as its start time says. */
static void signal_line(uint32_t serial) {
  const Target *t = &in.target;
  if (target_lives(t)) (void)interrupt_ask(t->pid, t->tid, URGENT_GUEST, serial & 0xffff);
}

static void on_look(uv_timer_t *uv) {
  (void)uv;
  in.looks++;
  if (in.state == ENDING) {
    look_ended();
    return;
  }
  if (in.owed) signal_line(in.owed);
  if (in.busy && in.presses) signal_line(in.serial);
  if ((in.busy || in.state == ENTERING) && !in.presses && in.looks % BLOCKED_LOOKS == 0) tell_blocked();
}

static void stop_line(void) {
  in.presses++;
  if (in.presses == 1) {
    link_send_number(in.link, FRAME_CANCEL, in.serial, NULL);
    signal_line(in.serial);
    if (in.begun) return;
    say_folded(STYLE_DIM, "(taken back)");
    in.owed = in.serial; /* should it have begun meanwhile it is stopped */
    idle();
  } else if (in.presses == 2) {
    say_folded(STYLE_DIM, "(it does not stop: it may be inside a C function; Ctrl-C once more leaves it to "
               "itself)");
  } else {
    say_folded(STYLE_YELLOW, "left %s: the line goes on there", in.target.who);
    be_away();
  }
}

void inside_interrupt(Repl *repl) {
  (void)repl;
  if (in.state == ENTERING) {
    say_folded(STYLE_DIM, "(given up)");
    be_away();
  } else if (in.state == ENDING) {
    in.looks = ENDED_LOOKS;
    look_ended();
  } else if (in.busy) {
    stop_line();
  }
}

/* ---- what comes ---- */

/* Words come from another process: none may hold what moves a terminal's cursor. */
static bool is_plain(const char *text, size_t len) {
  for (size_t i = 0; i < len; i++)
    if ((unsigned char)text[i] < ' ' || text[i] == 127) return false;
  return true;
}

static void take_words(const char *bytes, size_t len) {
  uint32_t serial, start;
  if (!link_get(&bytes, &len, &serial) || !link_get(&bytes, &len, &start)) return;
  if (!in.words.out || serial != in.words.serial) return; /* too late */
  in.words.got = true;
  in.words.start = start;
  while (len > 0) {
    size_t n = strnlen(bytes, len);
    if (n && is_plain(bytes, n)) ed_candidate(in.words.out, bytes, n);
    if (n == len) break;
    bytes += n + 1;
    len -= n + 1;
  }
}

static void take_number(int kind, const char *bytes, size_t len) {
  uint32_t serial;
  if (!link_get(&bytes, &len, &serial)) return;
  if (kind == FRAME_DONE && serial == in.owed) in.owed = 0;
  if (kind == FRAME_DONE && !in.owed && !in.busy) stop_looking();
  if (serial != in.serial || !in.busy) return;
  if (kind == FRAME_BEGUN) in.begun = true;
  else idle();
}

static void take_refusal(const char *bytes, size_t len) {
  if (len > 200 || !is_plain(bytes, len)) bytes = "it is refused", len = strlen(bytes);
  say_folded(STYLE_RED, "%s: %.*s", in.target.who, (int)len, bytes);
  be_away();
}

static void on_frame(Link *k, int kind, const char *bytes, size_t len) {
  (void)k;
  switch (kind) {
  case FRAME_WELCOME:
    in.state = INSIDE;
    say_folded(STYLE_DIM, "inside %s; .out or Ctrl-D returns", in.target.who);
    idle();
    break;
  case FRAME_REFUSED: take_refusal(bytes, len); break;
  case FRAME_OUT:
    if (len) (void)out_write(bytes[0] == 2 ? 2 : 1, bytes + 1, len - 1);
    break;
  case FRAME_BEGUN:
  case FRAME_DONE: take_number(kind, bytes, len); break;
  case FRAME_WORDS: take_words(bytes, len); break;
  default: break;
  }
}

/* ---- lines ---- */

/* Commands that speak of the state they run in: they run there. */
static bool runs_there(const char *name, size_t len) {
  static const char *const names[] = { "handles", "info", "vars" };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strlen(names[i]) == len && !memcmp(names[i], name, len)) return true;
  return false;
}

/* .i of a process is about the run, of anything else about a value there. */
static bool inspects_value(const char *text, size_t len) {
  Target t;
  char word[40], why[200];
  if (len < 3 || len >= sizeof word || strncmp(text, ".i ", 3) != 0) return len > 3 && !strncmp(text, ".i ", 3);
  (void)snprintf(word, sizeof word, "%.*s", (int)len - 3, text + 3);
  return !target_find(word, &t, why, sizeof why);
}

/* Commands of our own session, whose lines and names are not there. */
static bool makes_no_sense(const char *name, size_t len) {
  static const char *const names[] = { "edit", "exit", "load", "reset", "save", "time", "type" };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strlen(names[i]) == len && !memcmp(names[i], name, len)) return true;
  return false;
}

static void send_line(const char *text, size_t len) {
  char serial[4];
  if (len + 16 > LINK_LIMIT) {
    say_folded(STYLE_RED, "a line for another process may have 1 MiB at most");
    return;
  }
  do in.serial++;
  while (!(in.serial & 0xffff));
  in.busy = true;
  in.begun = false;
  in.presses = 0;
  link_put(serial, in.serial);
  link_send(in.link, FRAME_EVAL, serial, sizeof serial, text, len);
  start_looking();
}

bool inside_line(Repl *repl, const char *text, size_t len) {
  (void)repl;
  if (in.state != INSIDE) return false;
  while (len && strchr(" \t\n\r", text[len - 1])) len--;
  while (len && strchr(" \t", *text)) text++, len--;
  if (typing_is_command(text, len)) {
    size_t n = strcspn(text + 1, " \t\n");
    if (*text != '.') return false; /* ?NAME and !COMMAND are the same everywhere */
    if (makes_no_sense(text + 1, n)) {
      say_folded(STYLE_NONE, "%.*s is about this prompt's own session; .out returns to it", (int)n + 1, text);
      return true;
    }
    if (!runs_there(text + 1, n) && !inspects_value(text, len)) return false;
  }
  send_line(text, len);
  return true;
}

size_t inside_complete(const char *text, size_t len, size_t point, EdList *out) {
  char head[8];
  static uint32_t serial;
  if (in.state != INSIDE || in.busy || len > LINK_PIECE) return point;
  in.words.out = out;
  in.words.serial = ++serial;
  in.words.got = false;
  in.words.start = point;
  link_put(head, serial);
  link_put(head + 4, (uint32_t)point);
  link_send(in.link, FRAME_COMPLETE, head, sizeof head, text, len);
  link_pump(in.link, WORDS_MS, &in.words.got);
  in.words.out = NULL;
  return in.words.start <= point ? in.words.start : point;
}

/* ---- going in ---- */

static void say_hello(void) {
  char head[8], text[100];
  const char *terminal = ttyname(0);
  int len = snprintf(text, sizeof text, "%.60s", terminal ? terminal : "");
  len += snprintf(text + len + 1, sizeof text - (size_t)len - 1, "%s", in.target.label) + 1;
  link_put(head, say_colours());
  link_put(head + 4, (uint32_t)ed_width());
  link_send(in.link, FRAME_HELLO, head, sizeof head, text, (size_t)len);
}

static void enter(Repl *repl) {
  char name[LINK_NAME];
  link_name(name, in.target.pid, in.target.start, in.target.tid);
  int fd = link_connect(trace_dirfd(), name, in.target.pid);
  if (fd < 0) {
    say_folded(STYLE_RED, "%s cannot be entered: %s", in.target.who,
               fd == -ENOENT || fd == -ECONNREFUSED ? "it has no door" : uv_strerror(fd));
    return;
  }
  in.repl = repl;
  in.link = link_new(repl->rt, fd, in.target.pid, NULL, on_frame, on_gone);
  if (!in.link) {
    say_folded(STYLE_RED, "memory is short");
    return;
  }
  in.state = ENTERING;
  in.presses = 0;
  say_hello();
  start_looking();
}

void cmd_in(const Command *command) {
  Target t;
  char why[200];
  if (inside_active()) {
    say_folded(STYLE_NONE, "this is inside %s already; .out returns", in.target.who);
  } else if (!*command->args) {
    say_folded(STYLE_NONE, ".in NAME, for example .in B, .in 412, .in #1, .in worker#2, .in tid 3");
  } else if (!target_find(command->args, &t, why, sizeof why)) {
    say_folded(STYLE_RED, "%s", why);
  } else if (t.pid == (int)getpid() && t.thread == 0) {
    say_folded(STYLE_NONE, "%s is this prompt", t.who);
  } else if (!t.door) {
    say_folded(STYLE_RED, "%s cannot be entered: it %s", t.who,
               t.traced ? "has no door" : "has no ring in this run's trace folder");
  } else {
    in.target = t;
    enter(command->repl);
  }
}

void cmd_out(const Command *command) {
  if (inside_active()) inside_leave(command->repl);
  else say_folded(STYLE_NONE, "this is the prompt itself; .exit leaves it");
}
