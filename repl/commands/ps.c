/* SPDX-License-Identifier: MIT */
/* ps.c - see ps.h.
 *
 * A process that was seen below us and has another parent now is an orphan: pid and start time together
 * name it, so a pid used again is not mistaken for it. What came and was orphaned between two looks
 * is not known here. */
#include "ps.h"
#include "../proc.h"
#include "../say.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_KNOWN = 1024, DEEPEST = 12, COMMAND_COLUMNS = 34 };

typedef struct Known {
  int pid;
  uint64_t start;
} Known;

static struct { /* all that was ever seen below us and may still live */
  Known list[MOST_KNOWN];
  int count;
} known;

static bool is_known(const Proc *proc) {
  for (int i = 0; i < known.count; i++)
    if (known.list[i].pid == proc->pid && known.list[i].start == proc->start) return true;
  return false;
}

static void learn(const Proc *proc) {
  if (known.count < MOST_KNOWN && !is_known(proc)) known.list[known.count++] = (Known){ proc->pid, proc->start };
}

static bool alive(const Proc *all, size_t n, const Known *k) {
  for (size_t i = 0; i < n; i++)
    if (all[i].pid == k->pid && all[i].start == k->start) return true;
  return false;
}

static void forget_dead(const Proc *all, size_t n) {
  int kept = 0;
  for (int i = 0; i < known.count; i++)
    if (alive(all, n, &known.list[i])) known.list[kept++] = known.list[i];
  known.count = kept;
}

static void learn_below(const Proc *all, size_t n, int parent, int depth) {
  for (size_t i = 0; i < n && depth < DEEPEST; i++) {
    if (all[i].ppid != parent || all[i].pid == parent) continue;
    learn(&all[i]);
    learn_below(all, n, all[i].pid, depth + 1);
  }
}

void ps_remember(void) {
  Proc *all;
  size_t n = proc_all(&all);
  learn_below(all, n, getpid(), 0);
  forget_dead(all, n);
  free(all);
}

/* ---- the table ---- */

static void add_row(StrBuf *out, const Proc *p, int depth, const char *role) {
  char command[256], memory[24], shown[COMMAND_COLUMNS + 8];
  proc_command(p->pid, command, sizeof command);
  if (p->rss_kib >= 1024) (void)snprintf(memory, sizeof memory, "%.1fM", (double)p->rss_kib / 1024);
  else (void)snprintf(memory, sizeof memory, "%ldK", p->rss_kib);
  int indent = depth * 2 < COMMAND_COLUMNS / 2 ? depth * 2 : COMMAND_COLUMNS / 2;
  (void)snprintf(shown, sizeof shown, "%*s%.*s", indent, "", COMMAND_COLUMNS - indent, command);
  strbuf_addf(out, "%8d%8d  %c %7s  %-*s  %s\n", p->pid, p->ppid, p->state, memory, COMMAND_COLUMNS, shown,
              role);
}

static const char *role_of(const Proc *p, int depth) {
  if (p->state == 'Z') return "zombie";
  if (p->state == 'T') return "stopped";
  return depth == 0 ? "prompt" : depth == 1 ? "child" : "descendant";
}

static void add_below(StrBuf *out, const Proc *all, size_t n, const Proc *p, int depth) {
  add_row(out, p, depth, role_of(p, depth));
  for (size_t i = 0; i < n && depth < DEEPEST; i++)
    if (all[i].ppid == p->pid && all[i].pid != p->pid) add_below(out, all, n, &all[i], depth + 1);
}

/* Is the process below us now? */
static bool is_below(const Proc *all, size_t n, const Proc *p) {
  for (int depth = 0; depth < DEEPEST; depth++) {
    const Proc *parent = NULL;
    if (p->ppid == getpid()) return true;
    for (size_t i = 0; i < n && !parent; i++)
      if (all[i].pid == p->ppid) parent = &all[i];
    if (!parent) return false;
    p = parent;
  }
  return false;
}

void ps_tree(Runtime *rt, StrBuf *out) {
  Proc *all;
  size_t n = proc_all(&all);
  (void)rt;
  learn_below(all, n, getpid(), 0);
  forget_dead(all, n);
  strbuf_addf(out, "%s%8s%8s  %s %7s  %-*s  %s%s\n", say_style(STYLE_DIM), "PID", "PPID", "S", "MEM",
              COMMAND_COLUMNS, "COMMAND", "ROLE", say_style(STYLE_NONE));
  for (size_t i = 0; i < n; i++)
    if (all[i].pid == getpid()) add_below(out, all, n, &all[i], 0);
  for (size_t i = 0; i < n; i++)
    if (is_known(&all[i]) && !is_below(all, n, &all[i])) add_row(out, &all[i], 0, "orphan");
  if (n == 0) strbuf_adds(out, "/proc cannot be read\n");
  free(all);
}
