/* SPDX-License-Identifier: MIT */
/* model.c - names of processes and events; see model.h. Also for models that are made by hand. */
#include "model.h"
#include "../../modules/core/signame.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const TraceEventDef *live_event_def(int event) {
  static const TraceEventDef reparent = { "proc.reparent", 1, { "from", "to" }, { NULL } };
  static const TraceEventDef killed = { "proc.killed", 1, { "sig" }, { NULL } };
  if (event == LIVE_REPARENT) return &reparent;
  if (event == LIVE_KILLED) return &killed;
  return event >= 0 && event < TRACE_EVENT_COUNT ? &trace_events[event] : NULL;
}

const char *live_event_name(int event) {
  const TraceEventDef *def = live_event_def(event);
  return def ? def->name : "?";
}

LiveProc *model_proc(const Model *m, int pid) {
  LiveProc *last = NULL;
  for (LiveProc *p = m->procs; p; p = p->next) {
    if (p->pid != pid) continue;
    if (!p->ended) return p;
    last = p;
  }
  return last;
}

LiveThread *model_thread(const LiveProc *p, int tid) {
  for (LiveThread *t = p->threads; t; t = t->next)
    if (t->tid == tid) return t;
  return NULL;
}

void model_ended(const LiveProc *p, char *text, size_t size) {
  char number[16];
  const char *name = signal_name(p->signal);
  (void)snprintf(number, sizeof number, "signal %d", p->signal);
  if (p->signal) (void)snprintf(text, size, "killed by %s", name ? name : number);
  else if (p->code_known) (void)snprintf(text, size, "exit code %" PRId64, p->code);
  else (void)snprintf(text, size, "how is not known");
}

/* ---- finding ---- */

enum { MOST_MATCHES = 8 };

/* What a word has met. */
typedef struct Matches {
  LiveProc *proc[MOST_MATCHES];
  LiveThread *thread[MOST_MATCHES];
  size_t living;             /* of which the first MOST_MATCHES are kept */
  LiveProc *ended;           /* the last that has ended */
  LiveThread *ended_thread;
} Matches;

static void meet(Matches *found, LiveProc *p, LiveThread *t) {
  if (p->ended || (t && t->ended)) {
    found->ended = p;
    found->ended_thread = t;
    return;
  }
  if (found->living < MOST_MATCHES) {
    found->proc[found->living] = p;
    found->thread[found->living] = t;
  }
  found->living++;
}

static bool number_of(const char *word, int *number) {
  char *end;
  if (!isdigit((unsigned char)*word)) return false;
  long n = strtol(word, &end, 10);
  *number = n > 0 && n <= INT32_MAX ? (int)n : 0;
  return *end == '\0';
}

static bool same_letter(const char *word, const char *letter) {
  for (; *word && toupper((unsigned char)*word) == *letter; word++) letter++;
  return !*word && !*letter;
}

static bool is_letter(const char *word) {
  size_t len = strlen(word);
  return len > 0 && len < LIVE_LETTER && strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == len;
}

static bool means(const LiveProc *p, const char *word) {
  int number;
  if (*word == '#') return number_of(word + 1, &number) && p->number == number && number;
  if (!strncmp(word, "worker#", 7)) return number_of(word + 7, &number) && p->worker == number && number;
  if (number_of(word, &number)) return p->pid == number;
  return *p->letter && same_letter(word, p->letter);
}

/* "tid 3": the number of the system, or that of worker_threads. */
static void meet_thread(const Model *m, LiveProc *of, int number, Matches *found) {
  for (LiveProc *p = m->procs; p; p = p->next)
    for (LiveThread *t = p->threads; t && (!of || of == p); t = t->next)
      if (t->tid == number || (t->thread_id && t->thread_id == (uint32_t)number)) meet(found, p, t);
}

static void name_match(const LiveProc *p, const LiveThread *t, char *text, size_t size) {
  const char *letter = *p->letter ? p->letter : p->name;
  if (t && t->thread_id) (void)snprintf(text, size, "thread %u of %s (tid %d)", (unsigned)t->thread_id, letter, t->tid);
  else (void)snprintf(text, size, "%s (pid %d)", letter, p->pid);
}

static void say_ambiguous(const Matches *found, const char *word, char *why, size_t size) {
  size_t len = (size_t)snprintf(why, size, "%s is ambiguous:", word);
  for (size_t i = 0; i < found->living && i < MOST_MATCHES && len < size; i++) {
    char name[192];
    name_match(found->proc[i], found->thread[i], name, sizeof name);
    len += (size_t)snprintf(why + len, size - len, "%s %s", i ? "," : "", name);
  }
  if (found->living > MOST_MATCHES && len < size) (void)snprintf(why + len, size - len, ", ...");
}

static void say_ended(const Matches *found, const char *word, char *why, size_t size) {
  char how[48];
  const LiveThread *t = found->ended_thread;
  if (t && !found->ended->ended) {
    (void)snprintf(why, size, "%s ended: exit code %" PRId64, word, t->code);
    return;
  }
  model_ended(found->ended, how, sizeof how);
  (void)snprintf(why, size, "%s ended: %s", word, how);
}

/* The one that is called so but has no letter, since it is not traced; NULL. */
static const LiveProc *without_letter(const Model *m, const char *word) {
  for (const LiveProc *p = m->procs; p; p = p->next)
    if (!p->ended && !*p->letter && !strcmp(p->name, word)) return p;
  return NULL;
}

static void say_unknown(const Model *m, const char *word, char *why, size_t size) {
  const LiveProc *p = without_letter(m, word);
  int number;
  if (*word && p)
    (void)snprintf(why, size, "%.60s is not traced, so it has no letter: its pid names it, %d", word, p->pid);
  else if (!*word) (void)snprintf(why, size, "which process? a letter, a pid, #n or worker#n");
  else if (number_of(word, &number) || is_letter(word) || *word == '#' || !strncmp(word, "worker#", 7) ||
           !strncmp(word, "tid ", 4) || strstr(word, " tid "))
    (void)snprintf(why, size, "%.60s is not of this run", word);
  else (void)snprintf(why, size, "%.60s is no name of a process: a letter, a pid, #n, worker#n; of a thread, tid n", word);
}

/* The word with its blanks at both ends gone, and those inside made one. */
static void tidy(const char *word, char *to, size_t size) {
  size_t len = 0;
  for (; *word && len + 1 < size; word++) {
    bool blank = isspace((unsigned char)*word);
    if (!blank) to[len++] = *word;
    else if (len && to[len - 1] != ' ') to[len++] = ' ';
  }
  while (len && to[len - 1] == ' ') len--;
  to[len] = '\0';
}

/* "tid 3", or "B tid 3". */
static bool find_thread(const Model *m, const char *word, Matches *found) {
  char name[64];
  const char *tid = !strncmp(word, "tid ", 4) ? word : strstr(word, " tid ");
  LiveProc *of = NULL;
  int number;
  if (!tid || !number_of(tid == word ? tid + 4 : tid + 5, &number)) return false;
  if (tid != word) {
    (void)snprintf(name, sizeof name, "%.*s", (int)(tid - word), word);
    for (LiveProc *p = m->procs; p; p = p->next)
      if (means(p, name) && (!of || !p->ended)) of = p;
    if (!of) return true;
  }
  meet_thread(m, of, number, found);
  return true;
}

LiveProc *model_find(const Model *m, const char *word, LiveThread **thread, char *why, size_t size) {
  char name[96];
  Matches found = { .living = 0 };
  tidy(word, name, sizeof name);
  if (size) *why = '\0';
  if (thread) *thread = NULL;
  if (!find_thread(m, name, &found))
    for (LiveProc *p = m->procs; p; p = p->next)
      if (means(p, name)) meet(&found, p, p->threads && p->threads->thread_id == 0 && !p->threads->ended ? p->threads : NULL);
  if (found.living == 1) {
    if (thread) *thread = found.thread[0];
    return found.proc[0];
  }
  if (found.living > 1) say_ambiguous(&found, name, why, size);
  else if (found.ended) say_ended(&found, name, why, size);
  else say_unknown(m, name, why, size);
  return NULL;
}
