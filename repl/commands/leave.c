/* SPDX-License-Identifier: MIT */
/* leave.c - see leave.h.
 *
 * The answer is one key, taken as a view takes keys: output of the program waits for it. Killing goes
 * in two steps, SIGTERM with SIGCONT for those that are stopped, and SIGKILL after two seconds for those
 * that do not listen; which step has ended each is said, and the prompt ends when no child is left. Who
 * adopts the others is found out by an orphan of our own (proc.h): it goes where they will go. */
#include "leave.h"
#include "../edit/ed.h"
#include "../proc.h"
#include "../procs.h"
#include "../say.h"
#include "../../modules/core/handle.h"

#include <signal.h>
#include <stdlib.h>

enum { LOOK_MS = 50, PATIENCE_MS = 2000 };

/* A child that is to end. */
typedef struct Victim {
  int pid;
  uint64_t start;  /* of the process, so that no other is taken for it */
  bool stopped;    /* it was, when it got SIGTERM */
} Victim;

typedef struct Killing {
  Handle base;
  uv_timer_t uv;
  int waited;
  bool forced;
  Victim left[MOST_CHILDREN];
  int nleft;
} Killing;

static void list_children(const Proc *list, int count) {
  say("%d %s still alive:", count, count == 1 ? "child is" : "children are");
  say_styled(STYLE_DIM, "  %7s  %-9s  %s", "PID", "STATE", "COMMAND");
  for (int i = 0; i < count; i++) {
    char command[58];
    proc_command(list[i].pid, command, sizeof command);
    say("  %7d  %-9s  %s", list[i].pid, proc_state_name(list[i].state), command);
  }
}

/* ---- the answers ---- */

static void send_all(Repl *repl, int number) {
  Proc list[MOST_CHILDREN];
  int count = procs_list(repl->rt, list, MOST_CHILDREN);
  for (int i = 0; i < count; i++) (void)kill(list[i].pid, number); /* one that ended meanwhile */
}

/* Says of those that have ended since the last look what has ended them. */
static void tell_ended(Killing *killing) {
  int to = 0;
  for (int i = 0; i < killing->nleft; i++) {
    const Victim victim = killing->left[i];
    if (proc_lives(victim.pid, victim.start)) killing->left[to++] = victim;
    else
      say("pid %d ended by %s", victim.pid, killing->forced   ? "SIGKILL"
                                            : victim.stopped ? "SIGTERM, once SIGCONT let it go on"
                                                             : "SIGTERM");
  }
  killing->nleft = to;
}

static void on_look(uv_timer_t *timer) {
  Killing *killing = timer->data;
  Repl *repl = killing->base.rt->hooks.ctx;
  killing->waited += LOOK_MS;
  tell_ended(killing);
  if (procs_count(repl->rt) == 0) {
    say_styled(STYLE_DIM, "none is left");
    handle_close(&killing->base);
    repl_finish(repl);
  } else if (!killing->forced && killing->waited >= PATIENCE_MS) {
    killing->forced = true;
    say_styled(STYLE_DIM, "SIGKILL for those that did not listen to SIGTERM");
    send_all(repl, SIGKILL);
  }
}

static void kill_children(Repl *repl) {
  Killing *killing = handle_new_internal(repl->rt, sizeof *killing);
  if (!killing) return;
  (void)uv_timer_init(&repl->rt->loop, &killing->uv); /* cannot fail */
  handle_opened(&killing->base, (uv_handle_t *)&killing->uv);
  Proc list[MOST_CHILDREN];
  killing->nleft = procs_list(repl->rt, list, MOST_CHILDREN);
  for (int i = 0; i < killing->nleft; i++)
    killing->left[i] = (Victim){ list[i].pid, list[i].start, list[i].state == 'T' };
  send_all(repl, SIGTERM);
  send_all(repl, SIGCONT);
  (void)uv_timer_start(&killing->uv, on_look, LOOK_MS, LOOK_MS);
}

static void leave_children(Repl *repl) {
  Proc list[MOST_CHILDREN];
  int count = procs_list(repl->rt, list, MOST_CHILDREN), adopter = proc_find_adopter();
  char name[50] = "?";
  if (adopter) proc_command(adopter, name, sizeof name);
  for (int i = 0; i < count; i++) {
    if (adopter) say("pid %d goes to pid %d (%s)", list[i].pid, adopter, name);
    else say("pid %d: who adopts it could not be found out", list[i].pid);
  }
  if (adopter) say_styled(STYLE_DIM, "(read from /proc, of an orphan made to try it)");
  repl_finish(repl);
}

static void answer(Repl *repl, char key) {
  repl->asking = false;
  ed_set_prompt("");
  ed_resume();
  ed_stop();
  if (key == 'k') {
    repl->asking = true; /* no prompt until they have ended */
    kill_children(repl);
  } else if (key == 'l') {
    leave_children(repl);
  } else {
    say_styled(STYLE_DIM, "(cancelled)");
    repl_next_prompt(repl);
  }
}

static void on_keys(void *ctx, const char *keys, size_t len) {
  Repl *repl = ctx;
  char key = len ? keys[len - 1] : 'c';
  if (key >= 'A' && key <= 'Z') key = (char)(key - 'A' + 'a');
  if (key == 'k' || key == 'l' || key == 'c' || key == 3 || key == 27) answer(repl, key);
}

static void ask(Repl *repl) {
  Proc list[MOST_CHILDREN];
  list_children(list, procs_list(repl->rt, list, MOST_CHILDREN));
  say("[k]ill  [l]eave  [c]ancel");
  repl->asking = true;
  ed_set_prompt("");
  ed_start();
  ed_suspend(on_keys, repl);
}

bool leave_ask(Repl *repl) {
  if (procs_count(repl->rt) == 0) return false;
  ask(repl);
  return true;
}
