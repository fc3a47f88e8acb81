/* SPDX-License-Identifier: MIT */
/* view_one.c - .i X: everything that is known of one process. */
#include "facts.h"
#include "lane_words.h"

#include <stdio.h>
#include <string.h>

enum { LAST_RECORDS = 5 };

static void add_item(const ViewSize *size, StrBuf *out, const char *name, const char *text) {
  if (*text) view_line(size, out, STYLE_NONE, "  %-10s %s", name, text);
}

static void add_parent(const ViewSize *size, const LiveProc *p, StrBuf *out) {
  char text[128];
  if (p->orphan) (void)snprintf(text, sizeof text, "%d; it was %d, which has ended: an orphan", p->ppid, p->first_ppid);
  else if (p->parent) (void)snprintf(text, sizeof text, "%s %d", text_name(p->parent).s, p->parent->pid);
  else (void)snprintf(text, sizeof text, "%d, not of this run", p->ppid);
  add_item(size, out, "parent", text);
}

static void add_state(const Model *m, const ViewSize *size, const LiveProc *p, StrBuf *out) {
  char text[256], note[256];
  uint64_t until = p->ended ? p->end : m->now, age = until > p->began ? until - p->began : 0;
  if (p->ended) (void)snprintf(text, sizeof text, "ended at %s after %s", text_clock(m, p->end).s, text_age(age).s);
  else
    (void)snprintf(text, sizeof text, "%c, %.1f%% CPU, %s resident, %d %s, %d descriptors, since %s", p->state, p->cpu,
                   text_bytes(p->rss).s, p->nthreads, p->nthreads == 1 ? "thread" : "threads", p->nfds,
                   text_age(age).s);
  add_item(size, out, "process", text);
  if (fact_note(m, p, fact_main(p), note, sizeof note)) view_line(size, out, fact_style(p, fact_main(p)), "  %-10s %s", "note", note);
}

static void add_children(const Model *m, const ViewSize *size, const LiveProc *p, StrBuf *out) {
  char text[256] = "";
  size_t at = 0;
  for (const LiveProc *c = m->procs; c && at < sizeof text; c = c->next) {
    if (c->parent != p || c->ended || c->orphan) continue;
    at += (size_t)snprintf(text + at, sizeof text - at, "%s%s %d", at ? ", " : "", text_name(c).s, c->pid);
  }
  add_item(size, out, "children", text);
}

static void add_channels(const Model *m, const ViewSize *size, const LiveProc *p, StrBuf *out) {
  for (const LiveChannel *c = m->channels; c; c = c->next) {
    char text[256];
    if (c->child != p && c->parent != p) continue;
    const LiveProc *other = c->child == p ? c->parent : c->child;
    bool down = c->child == p;
    (void)snprintf(text, sizeof text, "%s %s: received %u (%u wait), sent %u (%u wait)%s", down ? "to" : "with",
                   other ? text_name(other).s : "?", (unsigned)(down ? c->down : c->up),
                   (unsigned)(down ? c->down_waiting : c->up_waiting), (unsigned)(down ? c->up : c->down),
                   (unsigned)(down ? c->up_waiting : c->down_waiting), c->open ? "" : ", closed");
    add_item(size, out, "channel", text);
  }
}

static void add_threads(const Model *m, const ViewSize *size, const LiveProc *p, StrBuf *out) {
  for (const LiveThread *t = p->threads; t; t = t->next) {
    char text[256], note[200] = "";
    if (t->ended) continue;
    bool noted = fact_note(m, p, t, note, sizeof note);
    (void)snprintf(text, sizeof text, "tid %d %s, lag %s, heap %s, in %u, out %u, waiting %u%s%s", t->tid,
                   t->thread_id ? text_thread(t).s : "main", text_ms(t->lag_ms).s, text_bytes(t->heap).s,
                   (unsigned)t->in, (unsigned)t->out, (unsigned)t->waiting, noted && t->thread_id ? "; " : "",
                   noted && t->thread_id ? note : "");
    view_line(size, out, size->tid == t->tid && t->thread_id ? STYLE_BOLD : STYLE_NONE, "%c %-10s %s",
              size->tid == t->tid && t->thread_id ? '>' : ' ', "thread", text);
  }
}

static bool is_message(int event) { return lane_is_send(event) || lane_is_receive(event); }

/* The newest records of the process that are messages, or that are not. */
static void add_records(const Model *m, const ViewSize *size, const LiveProc *p, bool messages, StrBuf *out) {
  const LiveRecord *found[LAST_RECORDS];
  int count = 0;
  for (uint64_t n = m->count; n > m->first && count < LAST_RECORDS; n--) {
    const LiveRecord *r = model_record(m, n - 1);
    bool noise = r->r.event < TRACE_EVENT_COUNT && trace_events[r->r.event].level > 3;
    if (r->proc != p || is_message(r->r.event) != messages || noise || r->r.flags & TRACE_INTERNAL) continue;
    found[count++] = r;
  }
  while (count > 0) {
    const LiveRecord *r = found[--count];
    char text[256], tail[128] = "", by[16] = "";
    double latency = lane_latency(r);
    Text peer = { "" };
    if (r->peer) peer = r->peer_thread && *r->peer->letter ? text_thread(r->peer_thread) : text_who(r->peer);
    lane_words(r, text, sizeof text);
    if (messages && r->peer && latency >= 0) (void)snprintf(tail, sizeof tail, " (%s, %s)", peer.s, text_ms(latency).s);
    else if (messages && r->peer) (void)snprintf(tail, sizeof tail, " (%s)", peer.s);
    if (r->thread && r->thread->thread_id) (void)snprintf(by, sizeof by, "w%u ", (unsigned)r->thread->thread_id);
    view_line(size, out, STYLE_NONE, "  %-10s %s  %s%s%s", messages ? "message" : "event", text_clock_ms(m, r->r.t).s,
              by, text, tail);
  }
}

void view_one(const Model *m, const ViewSize *size, StrBuf *out) {
  const LiveProc *p = model_proc(m, size->pid);
  char number[32] = "";
  if (!p) {
    view_line(size, out, STYLE_NONE, "No process of this run has the pid %d.", size->pid);
    return;
  }
  if (p->number) (void)snprintf(number, sizeof number, ", #%d", p->number);
  view_line(size, out, STYLE_BOLD, "%s %s, pid %d%s%s", text_name(p).s, p->name, p->pid, number, p->traced ? "" : ", no trace");
  add_parent(size, p, out);
  add_state(m, size, p, out);
  add_children(m, size, p, out);
  if (!p->ended) add_item(size, out, "ports", *fact_ports(m, p).s == '-' ? "" : fact_ports(m, p).s);
  add_channels(m, size, p, out);
  if (!p->ended) add_threads(m, size, p, out);
  add_records(m, size, p, true, out);
  add_records(m, size, p, false, out);
}
