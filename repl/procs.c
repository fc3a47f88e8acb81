/* SPDX-License-Identifier: MIT */
/* procs.c - see procs.h. The kernel's own list of our children is read: it has what a script started in
 * any way. A zombie is no living child. */
#include "procs.h"
#include "../modules/child_process/child.h"

#include <stdio.h>
#include <unistd.h>

static void count_child(const ChildInfo *info, void *ctx) {
  *(int *)ctx += info->running;
}

int procs_running(Runtime *rt) {
  int count = 0;
  child_each(rt, count_child, &count);
  return count;
}

/* Zombies are told, too, when `dead`: children that the Ctrl-C has ended, and nobody waited for yet. */
static int list_children(Proc *list, int most, bool dead) {
  char path[64];
  int pid, count = 0;
  (void)snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
  FILE *f = fopen(path, "re");
  if (!f) return 0;
  while (count < most && fscanf(f, "%d", &pid) == 1)
    if (proc_read(pid, &list[count]) && (dead || list[count].state != 'Z')) count++;
  (void)fclose(f);
  return count;
}

int procs_list(Runtime *rt, Proc *list, int most) {
  (void)rt;
  return list_children(list, most, false);
}

int procs_count(Runtime *rt) {
  Proc list[MOST_CHILDREN];
  return procs_list(rt, list, MOST_CHILDREN);
}

int procs_in_group(Runtime *rt) {
  Proc list[MOST_CHILDREN];
  (void)rt;
  int all = list_children(list, MOST_CHILDREN, true), count = 0;
  for (int i = 0; i < all; i++) count += list[i].pgrp == getpgrp();
  return count;
}
