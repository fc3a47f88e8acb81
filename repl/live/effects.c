/* SPDX-License-Identifier: MIT */
/* effects.c - what a record changes in the model. */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Numbers of a file that may hold anything. */
static int to_pid(int64_t n) { return n > 0 && n <= INT32_MAX ? (int)n : 0; }
static int to_signal(int64_t n) { return n > 0 && n < 128 ? (int)n : 0; }
static int to_port(int64_t n) { return n > 0 && n < 65536 ? (int)n : 0; }

/* The first process of the run, or a prompt: its children are called #n. */
static bool counts_children(const Run *run, const RunProc *p) {
  return !strcmp(p->pub.role, "prompt") || run->m.procs == &p->pub;
}

static void spawned(Run *run, RunProc *proc, const TraceRecord *r) {
  int pid = to_pid(r->n[0]);
  char file[TRACE_TEXT + 1];
  if (!pid || r->n[3]) return;
  (void)snprintf(file, sizeof file, "%.*s", TRACE_TEXT, r->text);
  RunProc *child = run_spawned(run, proc, pid, r->t, file);
  if (!child) return;
  if (r->n[2] > 0 && r->n[2] <= INT32_MAX && counts_children(run, proc)) child->pub.number = (int)r->n[2];
  RunChannel *ch = r->n[1] ? channel_of(run, (uint64_t)r->n[1]) : NULL;
  if (!ch) return;
  channel_set_end(run, ch, 0, proc);
  channel_set_end(run, ch, 1, child);
}

static void started(Run *run, RunProc *proc, const TraceRecord *r) {
  RunChannel *ch = r->n[1] ? channel_of(run, (uint64_t)r->n[1]) : NULL;
  if (ch) channel_set_end(run, ch, 1, proc);
}

static void reaped(Run *run, const TraceRecord *r) {
  RunProc *child = to_pid(r->n[0]) ? run_find_at(run, to_pid(r->n[0]), r->t) : NULL;
  if (!child) return;
  run_set_end(run, child, r->n[1], to_signal(r->n[2]));
  run_end_proc(run, child, r->t);
  if (!child->pub.end || child->pub.end > r->t) child->pub.end = r->t;
  run_tell_killed(run, child);
}

static void thread_ended(RunProc *proc, const TraceRecord *r) {
  for (LiveThread *t = proc->pub.threads; t; t = t->next)
    if (t->thread_id == (uint64_t)r->n[0]) t->code = r->n[1];
}

static void refused(Run *run, RunProc *proc, const TraceRecord *r) {
  size_t code = strnlen(r->text, r->text_len);
  const char *address = code < r->text_len ? r->text + code + 1 : "";
  char texts[TRACE_TEXT + 1] = "";
  (void)snprintf(texts, sizeof texts, "%.*s", (int)(code < r->text_len ? r->text_len - code - 1 : 0), address);
  char name[24];
  (void)snprintf(name, sizeof name, "%.*s", (int)(code < 23 ? code : 23), r->text);
  run_refused(run, proc, r->t, to_port(r->n[0]), name, texts);
}

/* Also of the process that accepted it before it was passed on. */
static void accepted(Run *run, RunProc *proc, const TraceRecord *r) {
  RunProc *by = to_pid(r->n[2]) ? run_find_at(run, to_pid(r->n[2]), r->t) : NULL;
  run_accepted(proc, (uint64_t)r->n[1], to_port(r->n[0]));
  if (by && by != proc) run_accepted(by, (uint64_t)r->n[1], to_port(r->n[0]));
}

/* Bytes of a standard stream: of its own, or of a child's that it wrote to or read from. */
static void tapped(const Run *run, RunProc *proc, const TraceRecord *r) {
  int64_t fd = r->n[0], bytes = r->n[1];
  RunProc *of = r->n[3] ? to_pid(r->n[3]) ? run_find_at(run, to_pid(r->n[3]), r->t) : NULL : proc;
  if (!of || fd < 0 || fd > 2 || bytes < 0) return;
  LiveTap *tap = &of->pub.taps[fd];
  *(r->n[3] ? &tap->parents : &tap->own) += (uint64_t)bytes;
  tap->told |= r->n[3] != 0;
  tap->full = r->n[2] != 0;
  tap->was_full |= tap->full;
}

/* A file that is named again has its newest owner; the oldest block makes room. */
static void shared(Run *run, RunProc *proc, const TraceRecord *r) {
  Model *m = &run->m;
  LiveBlock block = { .proc = &proc->pub, .id = r->n[0], .bytes = r->n[1] };
  size_t at = 0;
  (void)snprintf(block.file, sizeof block.file, "%.*s", (int)(r->text_len < TRACE_TEXT ? r->text_len : TRACE_TEXT), r->text);
  if (!*block.file) return;
  while (at < m->nblocks && strcmp(m->blocks[at].file, block.file) != 0) at++;
  if (at == m->nblocks && m->nblocks == LIVE_BLOCKS) at = 0;
  if (at < m->nblocks) memmove(&m->blocks[at], &m->blocks[at + 1], (--m->nblocks - at) * sizeof *m->blocks);
  m->blocks[m->nblocks++] = block;
}

static void count_message(RunThread *t, const TraceRecord *r) {
  bool sends = r->event == TRACE_IPC_SEND || r->event == TRACE_MSG_POST, own = r->flags & TRACE_INTERNAL;
  uint32_t *count = sends ? (own ? &t->own_out : &t->out) : own ? &t->own_in : &t->in;
  ++*count;
}

void run_effect(Run *run, RunThread *thread, RunProc *proc, LiveRecord *rec) {
  const TraceRecord *r = &rec->r;
  RunChannel *ch;
  switch (r->event) {
  case TRACE_PROC_START: started(run, proc, r); break;
  case TRACE_PROC_SPAWN: spawned(run, proc, r); break;
  case TRACE_PROC_EXIT: run_set_end(run, proc, r->n[0], to_signal(r->n[1])); break;
  case TRACE_PROC_REAP: reaped(run, r); break;
  case TRACE_THR_EXIT: thread_ended(proc, r); break;
  case TRACE_IPC_SEND: case TRACE_IPC_RECV: case TRACE_MSG_POST: case TRACE_MSG_RECV:
    count_message(thread, r);
    channel_message(run, thread, rec);
    break;
  case TRACE_HND_SEND: case TRACE_HND_RECV: channel_message(run, thread, rec); break;
  case TRACE_IPC_CLOSE:
    if ((ch = r->n[0] ? channel_of(run, (uint64_t)r->n[0]) : NULL)) ch->pub.open = false;
    break;
  case TRACE_PORT_ERR: refused(run, proc, r); break;
  case TRACE_CONN_ACCEPT: accepted(run, proc, r); break;
  case TRACE_PORT_SHARE: run_shares(proc, to_port(r->n[0]), r->n[3] == 0); break;
  case TRACE_STDIO: tapped(run, proc, r); break;
  case TRACE_CELLS: shared(run, proc, r); break;
  case TRACE_LOOP_TURN: case TRACE_LOOP_BLOCK:
    if (r->n[0] > 0) run_turn(thread, r->t, (uint64_t)r->n[0]);
    break;
  default: break;
  }
}
