/* SPDX-License-Identifier: MIT */
/* live_model.c - what a word at the prompt means, in a model made by hand. */
// objs: all
#include "repl/live/live.h"
#include "tap.h"

static LiveProc procs[5];
static LiveThread threads[5];
static Model model;

static void link_all(void) {
  static const char *letters[] = { "A", "B", "C", "D", "AA" };
  for (int i = 0; i < 5; i++) {
    procs[i] = (LiveProc){ .pid = 400 + i, .traced = true, .next = i < 4 ? &procs[i + 1] : NULL };
    snprintf(procs[i].letter, LIVE_LETTER, "%s", letters[i]);
    procs[i].threads = &threads[i];
    threads[i] = (LiveThread){ .proc = &procs[i], .tid = 400 + i };
  }
  procs[1].worker = procs[2].worker = procs[4].worker = 3;
  procs[1].number = 7;
  procs[2].ended = true;
  procs[2].code_known = true;
  procs[2].code = 3;
  procs[3].ended = true;
  procs[3].signal = 9;
  model.procs = procs;
}

static LiveThread worker = { .tid = 911, .thread_id = 3 }, gone = { .tid = 912, .thread_id = 4, .ended = true, .code = 2 };

static void finds(const char *word, LiveProc *want, LiveThread *want_thread) {
  LiveThread *thread;
  char why[160];
  LiveProc *got = model_find(&model, word, &thread, why, sizeof why);
  ok(got == want && thread == want_thread && !*why, "\"%s\"", word);
}

static void fails(const char *word, const char *want) {
  char why[160];
  LiveProc *got = model_find(&model, word, NULL, why, sizeof why);
  is_text(got ? "found" : why, want, "\"%s\"", word);
}

int main(void) {
  link_all();
  worker.proc = gone.proc = &procs[0];
  threads[0].next = &worker;
  worker.next = &gone;
  finds("A", &procs[0], &threads[0]);
  finds("aa", &procs[4], &threads[4]);
  finds(" 401 ", &procs[1], &threads[1]);
  finds("#7", &procs[1], &threads[1]);
  finds("tid 3", &procs[0], &worker);
  finds("tid  911", &procs[0], &worker);
  finds("A tid 3", &procs[0], &worker);
  fails("worker#3", "worker#3 is ambiguous: B (pid 401), AA (pid 404)");
  procs[4].ended = true;
  finds("worker#3", &procs[1], &threads[1]);
  fails("C", "C ended: exit code 3");
  fails("403", "403 ended: killed by SIGKILL");
  fails("tid 4", "tid 4 ended: exit code 2");
  fails("412", "412 is not of this run");
  fails("#8", "#8 is not of this run");
  fails("worker#9", "worker#9 is not of this run");
  fails("Q", "Q is not of this run");
  fails("B tid 3", "B tid 3 is not of this run");
  fails("4x", "4x is no name of a process: a letter, a pid, #n, worker#n; of a thread, tid n");
  fails("99999999999999999999", "99999999999999999999 is not of this run");
  fails("", "which process? a letter, a pid, #n or worker#n");
  *procs[1].letter = '\0';
  snprintf(procs[1].name, sizeof procs[1].name, "sleep");
  fails("sleep", "sleep is not traced, so it has no letter: its pid names it, 401");
  is_text(live_event_name(LIVE_KILLED), "proc.killed", "a record of the collector's own");
  is_text(live_event_name(TRACE_IPC_SEND), "ipc.send", "one of a ring");
  is_text(live_event_name(-1), "?", "none");
  return tap_end();
}
