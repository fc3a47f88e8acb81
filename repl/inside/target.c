/* SPDX-License-Identifier: MIT */
/* target.c - see target.h. What is known of the run comes from the collector where it runs, else from the
 * trace folder, read once. */
#include "target.h"
#include "../live/live.h"
#include "../views/text.h"
#include "../proc.h"
#include "../../modules/child_process/child.h"
#include "../../modules/core/signame.h"
#include "../../modules/core/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the model ---- */

typedef struct Glance {
  Live *live;        /* held; NULL: the model is ours */
  const Model *m;    /* NULL: there is none */
} Glance;

static Glance look(bool fresh) {
  int err;
  Glance view = { live_running(), NULL };
  if (view.live && fresh) live_refresh(view.live);
  if (view.live) view.m = live_hold(view.live);
  else if (trace_dirfd() >= 0) view.m = live_read(trace_dirfd(), trace_dir(), &err);
  return view;
}

static void look_away(Glance view) {
  if (view.live) live_release(view.live);
  else if (view.m) live_free((Model *)view.m);
}

static const LiveProc *proc_of(const Model *m, const Target *t) {
  for (const LiveProc *p = m ? m->procs : NULL; p; p = p->next)
    if (p->pid == t->pid && p->start == t->start) return p;
  return NULL;
}

static const LiveThread *thread_of(const LiveProc *p, const Target *t) {
  for (const LiveThread *th = p ? p->threads : NULL; th; th = th->next)
    if (th->tid == t->tid) return th;
  return NULL;
}

/* ---- names ---- */

static void set_names(Target *t, const LiveProc *p) {
  if (t->thread) {
    (void)snprintf(t->label, sizeof t->label, "tid%u", t->thread % 10000000);
    (void)snprintf(t->who, sizeof t->who, "thread %u of %.20s (pid %d)", t->thread,
                   *p->letter ? p->letter : p->name, p->pid);
  } else if (*p->letter) {
    (void)snprintf(t->label, sizeof t->label, "%s", p->letter);
    (void)snprintf(t->who, sizeof t->who, "%s (pid %d)", p->letter, p->pid);
  } else {
    (void)snprintf(t->label, sizeof t->label, "%d", p->pid);
    (void)snprintf(t->who, sizeof t->who, "%.40s (pid %d)", *p->name ? p->name : "?", p->pid);
  }
}

static bool is_mine(int pid) {
  char path[32];
  struct stat st;
  (void)snprintf(path, sizeof path, "/proc/%d", pid);
  return stat(path, &st) == 0 && st.st_uid == geteuid();
}

/* A child that was started while nothing was recorded: its #n is known here alone. */
typedef struct Numbered {
  int number, pid;
} Numbered;

static void match_number(const ChildInfo *info, void *ctx) {
  Numbered *n = ctx;
  if (info->number == n->number && info->running) n->pid = info->pid;
}

static const LiveProc *find_number(const Model *m, const char *word) {
  Numbered n = { *word == '#' ? atoi(word + 1) : 0, 0 };
  if (n.number > 0 && rt_self) child_each(rt_self, match_number, &n);
  return n.pid ? model_proc(m, n.pid) : NULL;
}

bool target_find(const char *word, Target *t, char *why, size_t size) {
  LiveThread *th = NULL;
  Glance view = look(true);
  (void)snprintf(why, size, "nothing is traced here, so no process of this run is known");
  const LiveProc *p = view.m ? model_find(view.m, word, &th, why, size) : NULL;
  if (view.m && !p) p = find_number(view.m, word);
  if (p && !is_mine(p->pid)) {
    (void)snprintf(why, size, "pid %d belongs to another user", p->pid);
    p = NULL;
  }
  if (p) {
    *t = (Target){ .pid = p->pid, .start = p->start, .tid = th ? th->tid : p->pid, .traced = p->traced };
    t->thread = th ? th->thread_id : 0;
    t->door = th && th->door;
    set_names(t, p);
  }
  look_away(view);
  return p != NULL;
}

void target_names(void (*fn)(void *ctx, const char *name, size_t len), void *ctx) {
  Glance view = look(false);
  char name[40];
  for (const LiveProc *p = view.m ? view.m->procs : NULL; p; p = p->next) {
    if (p->ended) continue;
    if (*p->letter) fn(ctx, p->letter, strlen(p->letter));
    if (p->worker) fn(ctx, name, (size_t)snprintf(name, sizeof name, "worker#%d", p->worker));
    for (const LiveThread *th = p->threads; th; th = th->next)
      if (th->thread_id && !th->ended)
        fn(ctx, name, (size_t)snprintf(name, sizeof name, "tid %u", (unsigned)th->thread_id));
  }
  look_away(view);
}

/* ---- state ---- */

bool target_lives(const Target *t) {
  return proc_lives(t->pid, t->start);
}

static bool tell_end(const LiveProc *p, char *how, size_t size) {
  const char *name = p->signal ? signal_name(p->signal) : NULL;
  if (!p->ended && p->state != 'Z') return false;
  if (name) (void)snprintf(how, size, "was killed by %s", name);
  else if (p->signal) (void)snprintf(how, size, "was killed by signal %d", p->signal);
  else if (p->code_known) (void)snprintf(how, size, "exited with code %lld", (long long)p->code);
  return p->signal || p->code_known;
}

bool target_ended(const Target *t, char *how, size_t size) {
  Glance view = look(true);
  const LiveProc *p = proc_of(view.m, t);
  const LiveThread *th = thread_of(p, t);
  bool known = p && tell_end(p, how, size);
  if (!known && t->thread && th && th->ended) {
    (void)snprintf(how, size, "ended with code %lld", (long long)th->code);
    known = true;
  }
  look_away(view);
  return known;
}

static void tell_place(const LiveThread *th, char *text, size_t size) {
  char place[192];
  text_place(&th->place, place, sizeof place);
  (void)snprintf(text, size, "for %.1f s%s%s", th->lag_ms / 1000, !*place ? "" : *th->place.file ? " at " : " ", place);
}

bool target_blocked(const Target *t, char *text, size_t size, bool *placed) {
  Glance view = look(true);
  const LiveThread *th = thread_of(proc_of(view.m, t), t);
  bool blocked = th && th->blocked && !th->ended;
  *placed = blocked && th->place.known;
  if (blocked) tell_place(th, text, size);
  if (proc_state(t->pid, t->start) == 'T') {
    (void)snprintf(text, size, "because it is stopped (.cont lets it go on)");
    blocked = *placed = true;
  }
  look_away(view);
  return blocked;
}

/* ---- signals ---- */

static bool is_still(int pid, void *target) {
  (void)pid;
  return target_lives(target);
}

int target_signal(const Target *t, int number) { return proc_signal(t->pid, number, is_still, (void *)t); }
