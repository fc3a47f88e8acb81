/* SPDX-License-Identifier: MIT */
/* facts.c - see facts.h. */
#include "facts.h"

#include <stdio.h>
#include <string.h>

const LiveThread *fact_main(const LiveProc *p) {
  for (const LiveThread *t = p->threads; t; t = t->next)
    if (t->thread_id == 0) return t;
  return NULL;
}

size_t fact_samples(const LiveSample *curve, uint64_t samples, LiveSample *out, size_t most) {
  uint64_t count = samples < LIVE_CURVE ? samples : LIVE_CURVE;
  if (count > most) count = most;
  for (uint64_t i = 0; i < count; i++) out[i] = curve[(samples - count + i) % LIVE_CURVE];
  return (size_t)count;
}

const LiveChannel *fact_channel(const Model *m, const LiveProc *p) {
  for (const LiveChannel *c = m->channels; c; c = c->next)
    if (c->child == p) return c;
  return NULL;
}

static bool is_among(const LiveHolder *list, size_t count, const LiveProc *p) {
  for (size_t i = 0; i < count; i++)
    if (list[i].proc == p) return true;
  return false;
}

bool fact_has_socket(const LiveSocket *s, const LiveProc *p) {
  return is_among(s->holders, s->nholders, p) || is_among(s->takers, s->ntakers, p);
}

/* What stands behind the port: it is its own, shared, inherited, or another one accepts for it. */
static Text port_sign(const LiveSocket *s, const LiveProc *p, bool holds) {
  Text sign = { "" };
  const LiveProc *owner = s->nholders ? s->holders[0].proc : NULL;
  if (!holds) (void)snprintf(sign.s, sizeof sign.s, "<%.40s", owner ? text_who(owner).s : "?");
  else if (owner != p) (void)snprintf(sign.s, sizeof sign.s, "=%.40s", text_who(owner).s);
  else if (s->nholders > 1 || s->ntakers) (void)snprintf(sign.s, sizeof sign.s, "*");
  return sign;
}

Text fact_ports(const Model *m, const LiveProc *p) {
  Text text = { "" };
  size_t at = 0;
  for (const LiveSocket *s = m->sockets; s && !p->ended && at < sizeof text.s; s = s->next) {
    bool holds = is_among(s->holders, s->nholders, p);
    if (!holds && !is_among(s->takers, s->ntakers, p)) continue;
    char port[16] = "unix";
    if (s->port) (void)snprintf(port, sizeof port, s->udp ? "%d/udp" : "%d", s->port);
    at += (size_t)snprintf(text.s + at, sizeof text.s - at, "%s%s%s", at ? "," : "", port, port_sign(s, p, holds).s);
  }
  if (!at) (void)snprintf(text.s, sizeof text.s, "-");
  return text;
}

/* ---- words ---- */

static bool note_end(const LiveProc *p, char *out, size_t size) {
  if (p->signal)
    (void)snprintf(out, size, "killed by %s%s%s", text_ending(p).s, *p->last ? "; its last words: " : "", p->last);
  else if (p->code_known) (void)snprintf(out, size, "exited with %s", text_ending(p).s);
  else if (p->traced) (void)snprintf(out, size, "ended without an exit of its own: killed, most likely");
  else (void)snprintf(out, size, "ended"); /* only its parent knows how */
  return true;
}

static bool note_zombie(const LiveProc *p, char *out, size_t size) {
  char parent[64] = "its parent";
  if (p->orphan) (void)snprintf(parent, sizeof parent, "%d, who adopted it,", p->ppid);
  else if (p->parent) (void)snprintf(parent, sizeof parent, "%s", text_who(p->parent).s);
  (void)snprintf(out, size, "zombie: it has ended, and %s has not asked how (waitpid)", parent);
  return true;
}

static bool note_thread(const Model *m, const LiveThread *t, char *out, size_t size) {
  char place[192];
  if (t->blocked) {
    text_place(&t->place, place, sizeof place);
    double ms = t->busy_since && m->now > t->busy_since ? (double)(m->now - t->busy_since) / 1e6 : t->lag_ms;
    (void)snprintf(out, size, "blocked %s%s%s", text_ms(ms).s, !*place ? "" : t->place.file[0] ? " in " : " ", place);
    return true;
  }
  if (t->slow_ms) (void)snprintf(out, size, "slow: each message waits %u ms (.slow)", (unsigned)t->slow_ms);
  return t->slow_ms > 0;
}

bool fact_note(const Model *m, const LiveProc *p, const LiveThread *t, char *out, size_t size) {
  if (p->ended) return note_end(p, out, size);
  if (p->state == 'Z') return note_zombie(p, out, size);
  if (p->state == 'T') {
    (void)snprintf(out, size, "stopped (SIGSTOP); .cont %s continues it", text_who(p).s);
    return true;
  }
  if (t && note_thread(m, t, out, size)) return true;
  if (!p->orphan || (t && t->thread_id)) return false;
  (void)snprintf(out, size, "orphan: ppid %d (was %d)", p->ppid, p->first_ppid);
  return true;
}

Style fact_style(const LiveProc *p, const LiveThread *t) {
  if (p->ended) return p->signal ? STYLE_RED : STYLE_DIM;
  if (p->state == 'Z' || (t && t->blocked)) return STYLE_RED;
  if (p->orphan || p->state == 'T' || (t && t->slow_ms)) return STYLE_YELLOW;
  return STYLE_NONE;
}
