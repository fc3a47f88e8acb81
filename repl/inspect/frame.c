/* SPDX-License-Identifier: MIT */
/* frame.c - see frame.h. repl/inspect/run.js is the reader of what is written here.
 *
 * Environment variables are never read; the arguments of a process only when they were asked for. */
#include "frame.h"
#include "../live/shared.h"
#include "../../modules/core/json.h"
#include "../../modules/core/signame.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { VERSION = 1, ARGS_SHOWN = 200, STRIP_TOLD = 24 };

/* ---- JSON ---- */

/* What divides an item from what stands before it. */
static const char *comma(const StrBuf *out) {
  return out->failed || out->p[out->len - 1] == '[' ? "" : ",";
}

static void key_text(StrBuf *out, const char *key, const char *text) {
  strbuf_addf(out, ",\"%s\":", key);
  json_add_text(out, text, strlen(text));
}

static void key_int(StrBuf *out, const char *key, long long n) {
  strbuf_addf(out, ",\"%s\":%lld", key, n);
}

/* Numbers of a file that others wrote may be anything; JSON has no NaN. */
static void add_real(StrBuf *out, double x, int digits) {
  if (!isfinite(x)) strbuf_addc(out, '0');
  else strbuf_addf(out, "%.*f", digits, x);
}

static void key_real(StrBuf *out, const char *key, double x) {
  strbuf_addf(out, ",\"%s\":", key);
  add_real(out, x, 1);
}

static double ms_of(uint64_t t, const FrameOptions *opt) { return (double)(int64_t)(t - opt->base) / 1e6; }

static void key_time(StrBuf *out, const char *key, uint64_t t, const FrameOptions *opt) {
  if (t) strbuf_addf(out, ",\"%s\":%.3f", key, ms_of(t, opt));
}

static void key_proc(StrBuf *out, const char *key, const LiveProc *p) {
  if (p) key_text(out, key, p->letter);
}

/* ---- hello ---- */

static void add_event(StrBuf *out, int id) {
  const TraceEventDef *def = live_event_def(id);
  const char *const *numbers = def->numbers, *const *texts = def->texts;
  strbuf_addf(out, "%s{\"id\":%d", comma(out), id);
  key_text(out, "name", def->name);
  key_int(out, "level", def->level);
  strbuf_adds(out, ",\"n\":[");
  for (int i = 0; i < 4 && numbers[i]; i++) {
    size_t len = strcspn(numbers[i], ":");
    if (i) strbuf_addc(out, ',');
    json_add_text(out, numbers[i], len);
  }
  strbuf_adds(out, "],\"x\":[");
  for (int i = 0; i < 2 && texts[i]; i++) {
    if (i) strbuf_addc(out, ',');
    json_add_text(out, texts[i], strlen(texts[i]));
  }
  strbuf_adds(out, "]}");
}

void frame_hello(StrBuf *out, const Model *m, const FrameOptions *opt) {
  strbuf_addf(out, "{\"k\":\"hello\",\"v\":%d", VERSION);
  strbuf_addf(out, ",\"wall\":%.3f", (double)((int64_t)opt->base + m->wall_offset) / 1e6);
  key_int(out, "procfs", m->proc_fs);
  key_int(out, "blocked", LIVE_BLOCKED_MS);
  key_int(out, "slot", TRACE_STRIP_MS);
  strbuf_adds(out, ",\"events\":[");
  for (int i = 1; i < TRACE_EVENT_COUNT; i++) add_event(out, i);
  add_event(out, LIVE_REPARENT);
  add_event(out, LIVE_KILLED);
  strbuf_adds(out, "]}\n");
}

/* ---- curves ---- */

/* [t,lag,cpu,rss,heap,buffers] */
static void add_sample(StrBuf *out, const LiveSample *s, const FrameOptions *opt) {
  strbuf_addf(out, "[%.0f,", ms_of(s->t, opt));
  add_real(out, s->lag_ms, 1);
  strbuf_addc(out, ',');
  add_real(out, s->cpu, 1);
  strbuf_addf(out, ",%llu,%llu,%llu]", (unsigned long long)s->rss, (unsigned long long)s->heap,
              (unsigned long long)s->buffers);
}

static void key_newest(StrBuf *out, const LiveSample *curve, uint64_t samples, const FrameOptions *opt) {
  if (samples == 0) return;
  strbuf_adds(out, ",\"c\":");
  add_sample(out, &curve[(samples - 1) % LIVE_CURVE], opt);
}

static void add_strip(StrBuf *out, const LiveThread *t, size_t slots) {
  static const char marks[] = ".ti#!";
  strbuf_adds(out, ",\"strip\":\"");
  for (size_t i = TRACE_STRIP - slots; i < TRACE_STRIP; i++)
    strbuf_addc(out, t->strip[i] < sizeof marks - 1 ? marks[t->strip[i]] : '.');
  strbuf_addc(out, '"');
}

static void add_curve(StrBuf *out, const Model *m, const LiveProc *p, const LiveThread *t, const FrameOptions *opt) {
  const LiveSample *curve = t ? t->curve : p->curve;
  uint64_t samples = t ? t->samples : p->samples;
  uint64_t at = samples > LIVE_CURVE ? samples - LIVE_CURVE : 0;
  strbuf_adds(out, "{\"k\":\"curve\"");
  key_time(out, "at", m->now, opt);
  key_proc(out, "p", p);
  key_int(out, "tid", t ? t->tid : p->pid);
  strbuf_adds(out, ",\"s\":[");
  for (uint64_t i = at; i < samples; i++) {
    if (i > at) strbuf_addc(out, ',');
    add_sample(out, &curve[i % LIVE_CURVE], opt);
  }
  strbuf_addc(out, ']');
  if (t) add_strip(out, t, TRACE_STRIP);
  strbuf_adds(out, "}\n");
}

bool frame_curve(StrBuf *out, const Model *m, size_t n, const FrameOptions *opt) {
  for (const LiveProc *p = m->procs; p; p = p->next) {
    if (!p->threads && n-- == 0) return add_curve(out, m, p, NULL, opt), true;
    for (const LiveThread *t = p->threads; t; t = t->next)
      if (n-- == 0) return add_curve(out, m, p, t, opt), true;
  }
  return false;
}

/* ---- state ---- */

static void add_pool(StrBuf *out, const LiveThread *t, const FrameOptions *opt) {
  strbuf_addf(out, ",\"pool\":{\"size\":%u,\"queued\":%u,\"running\":%u,\"slots\":[", t->pool_size,
              t->pool_queued, t->pool_running);
  for (uint32_t i = 0; i < TRACE_POOL && i < t->pool_size; i++) {
    size_t len = strnlen(t->pool[i].kind, sizeof t->pool[i].kind);
    strbuf_addf(out, "%s{\"kind\":", i ? "," : "");
    json_add_text(out, t->pool[i].kind, t->pool[i].since ? len : 0);
    key_time(out, "since", t->pool[i].since, opt);
    strbuf_addc(out, '}');
  }
  strbuf_adds(out, "]}");
}

static void add_thread(StrBuf *out, const LiveThread *t, const FrameOptions *opt) {
  strbuf_addf(out, "%s{\"tid\":%d", comma(out), t->tid);
  key_int(out, "id", t->thread_id);
  key_text(out, "role", t->role);
  key_text(out, "file", t->file);
  key_text(out, "st", (const char[]){ t->state ? t->state : '?', '\0' });
  if (t->ended) key_int(out, "ended", t->code);
  key_real(out, "lag", t->lag_ms);
  key_time(out, "busy", t->busy_since, opt);
  if (t->blocked) key_int(out, "blocked", 1);
  if (t->place.known) {
    strbuf_adds(out, ",\"at\":{\"v\":1");
    key_text(out, "file", t->place.file);
    key_text(out, "fn", t->place.fn);
    key_int(out, "line", t->place.line);
    strbuf_addc(out, '}');
  }
  key_real(out, "cpu", t->cpu);
  strbuf_addf(out, ",\"heap\":%llu,\"buf\":%llu", (unsigned long long)t->heap, (unsigned long long)t->buffers);
  strbuf_addf(out, ",\"in\":%u,\"out\":%u,\"q\":%u,\"wait\":%u,\"slow\":%u", t->in, t->out, t->queued,
              t->waiting, t->slow_ms);
  key_int(out, "lost", (long long)t->lost);
  key_newest(out, t->curve, t->samples, opt);
  add_strip(out, t, STRIP_TOLD);
  if (t->pool_size) add_pool(out, t, opt);
  strbuf_addc(out, '}');
}

/* The words of the command line, for --show-args. */
static void add_args(StrBuf *out, int pid) {
  char path[40], text[ARGS_SHOWN];
  (void)snprintf(path, sizeof path, "/proc/%d/cmdline", pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text);
  if (fd >= 0) (void)close(fd);
  if (n <= 0) return;
  while (n > 0 && !text[n - 1]) n--;
  for (ssize_t i = 0; i < n; i++)
    if (!text[i]) text[i] = ' ';
  strbuf_adds(out, ",\"args\":");
  json_add_text(out, text, (size_t)n);
}

static void add_end(StrBuf *out, const LiveProc *p, const FrameOptions *opt) {
  char name[16];
  strbuf_adds(out, ",\"ended\":1");
  key_time(out, "end", p->end, opt);
  if (p->code_known) key_int(out, "code", p->code);
  if (p->signal) {
    const char *known = signal_name(p->signal);
    if (!known) (void)snprintf(name, sizeof name, "SIG%d", p->signal), known = name;
    key_text(out, "sig", known);
  }
  if (p->last[0]) key_text(out, "last", p->last);
}

/* [bytes by itself, bytes by its parent, flags] of each standard stream, where there were any. */
static void add_taps(StrBuf *out, const LiveTap taps[3]) {
  bool any = false;
  for (int i = 0; i < 3; i++) any |= taps[i].own || taps[i].parents || taps[i].told || taps[i].was_full;
  if (!any) return;
  strbuf_adds(out, ",\"tap\":[");
  for (int i = 0; i < 3; i++)
    strbuf_addf(out, "%s[%llu,%llu,%d]", comma(out), (unsigned long long)taps[i].own, (unsigned long long)taps[i].parents,
                taps[i].told | taps[i].full << 1 | taps[i].was_full << 2);
  strbuf_addc(out, ']');
}

static void add_proc(StrBuf *out, const LiveProc *p, const FrameOptions *opt) {
  strbuf_addf(out, "%s{\"pid\":%d", comma(out), p->pid);
  key_proc(out, "id", p);
  key_text(out, "role", p->role);
  key_text(out, "name", p->name);
  if (p->number) key_int(out, "num", p->number);
  if (p->worker) key_int(out, "worker", p->worker);
  if (p->traced) key_int(out, "traced", 1);
  if (p->self) key_int(out, "self", 1);
  key_int(out, "ppid", p->ppid);
  key_int(out, "ppid0", p->first_ppid);
  key_proc(out, "par", p->parent);
  if (p->orphan) key_int(out, "orphan", 1);
  key_text(out, "st", (const char[]){ p->state ? p->state : '?', '\0' });
  key_time(out, "began", p->began, opt);
  if (p->ended) add_end(out, p, opt);
  key_real(out, "cpu", p->cpu);
  key_int(out, "rss", (long long)p->rss);
  key_int(out, "nth", p->nthreads);
  key_int(out, "fds", p->nfds);
  if (opt->args && !p->ended) add_args(out, p->pid);
  add_taps(out, p->taps);
  if (!p->threads) key_newest(out, p->curve, p->samples, opt);
  strbuf_adds(out, ",\"th\":[");
  for (const LiveThread *t = p->threads; t; t = t->next) add_thread(out, t, opt);
  strbuf_adds(out, "]}");
}

static void add_channel(StrBuf *out, const LiveChannel *c) {
  strbuf_addf(out, "%s{\"id\":%llu", comma(out), (unsigned long long)c->id);
  key_proc(out, "a", c->parent);
  key_proc(out, "b", c->child);
  strbuf_addf(out, ",\"down\":%u,\"up\":%u,\"dq\":%u,\"uq\":%u,\"open\":%d}", c->down, c->up, c->down_waiting,
              c->up_waiting, c->open);
}

static void add_holder(StrBuf *out, const LiveHolder *h) {
  strbuf_addf(out, "%s{\"fd\":%d", comma(out), h->fd);
  key_proc(out, "p", h->proc);
  key_int(out, "acc", h->accepted);
  strbuf_addc(out, '}');
}

static void add_socket(StrBuf *out, const LiveSocket *s) {
  strbuf_addf(out, "%s{\"ino\":%llu", comma(out), (unsigned long long)s->inode);
  key_text(out, "addr", s->address);
  key_int(out, "port", s->port);
  if (s->udp) key_int(out, "udp", 1);
  strbuf_adds(out, ",\"h\":[");
  for (size_t i = 0; i < s->nholders; i++) add_holder(out, &s->holders[i]);
  strbuf_adds(out, "],\"tk\":[");
  for (size_t i = 0; i < s->ntakers; i++) add_holder(out, &s->takers[i]);
  strbuf_adds(out, "]}");
}

static void add_refusal(StrBuf *out, const LiveRefusal *r, const FrameOptions *opt) {
  strbuf_addf(out, "%s{\"t\":%.3f", comma(out), ms_of(r->t, opt));
  key_proc(out, "p", r->proc);
  key_proc(out, "h", r->holder);
  key_int(out, "hpid", r->holder_pid);
  key_text(out, "hname", r->holder_name);
  key_text(out, "code", r->code);
  key_text(out, "addr", r->address);
  key_int(out, "port", r->port);
  if (r->udp) key_int(out, "udp", 1);
  strbuf_addc(out, '}');
}

/* Of a block smaller than a cell its bytes. */
static void add_values(StrBuf *out, const SharedBlock *b) {
  const unsigned char *byte = (const unsigned char *)b->cell;
  bool small = b->bytes < (int64_t)sizeof *b->cell;
  strbuf_adds(out, ",\"v\":[");
  for (int i = 0; i < (small ? (int)b->bytes : b->count); i++)
    strbuf_addf(out, "%s%d", i ? "," : "", small ? byte[i] : (int)b->cell[i]);
  strbuf_addc(out, ']');
}

static void add_cells(StrBuf *out, const Model *m) {
  SharedBlock blocks[SHARED_BLOCKS];
  size_t count = shared_read(m, blocks, NULL, 0);
  if (!count) return;
  strbuf_adds(out, ",\"cells\":[");
  for (size_t i = count; i > 0; i--) {
    const SharedBlock *b = &blocks[i - 1];
    strbuf_addf(out, "%s{\"id\":%lld,\"bytes\":%lld", comma(out), (long long)b->id, (long long)b->bytes);
    key_proc(out, "p", b->proc);
    if (b->readable) add_values(out, b);
    strbuf_addc(out, '}');
  }
  strbuf_addc(out, ']');
}

void frame_state(StrBuf *out, const Model *m, const FrameOptions *opt) {
  enum { HELD = sizeof m->refusals / sizeof *m->refusals };
  strbuf_addf(out, "{\"k\":\"state\",\"t\":%.3f", ms_of(m->now, opt));
  key_int(out, "lost", (long long)m->lost);
  key_real(out, "rate", m->messages_per_s);
  strbuf_adds(out, ",\"p\":[");
  for (const LiveProc *p = m->procs; p; p = p->next) add_proc(out, p, opt);
  strbuf_adds(out, "],\"ch\":[");
  for (const LiveChannel *c = m->channels; c; c = c->next) add_channel(out, c);
  strbuf_adds(out, "],\"so\":[");
  for (const LiveSocket *s = m->sockets; s; s = s->next) add_socket(out, s);
  strbuf_adds(out, "],\"no\":[");
  for (size_t i = m->nrefusals > HELD ? m->nrefusals - HELD : 0; i < m->nrefusals; i++)
    add_refusal(out, &m->refusals[i % HELD], opt);
  strbuf_addc(out, ']');
  add_cells(out, m);
  strbuf_adds(out, "}\n");
}

/* ---- records ---- */

/* The numbers that the event names; nanoseconds as milliseconds. */
static void add_numbers(StrBuf *out, const TraceRecord *r) {
  const TraceEventDef *def = r->event < TRACE_EVENT_COUNT ? &trace_events[r->event] : NULL;
  int n = 4;
  while (n > 0 && r->n[n - 1] == 0) n--;
  for (int i = 0; i < n; i++) {
    const char *name = def ? def->numbers[i] : NULL;
    if (i) strbuf_addc(out, ',');
    if (name && strstr(name, ":ms")) strbuf_addf(out, "%.3f", (double)r->n[i] / 1e6);
    else strbuf_addf(out, "%lld", (long long)r->n[i]);
  }
}

static void add_texts(StrBuf *out, const TraceRecord *r) {
  size_t len = r->text_len < TRACE_TEXT ? r->text_len : TRACE_TEXT;
  const char *cut = memchr(r->text, '\0', len);
  size_t first = cut ? (size_t)(cut - r->text) : len;
  if (len == 0) return;
  json_add_text(out, r->text, first);
  if (!cut) return;
  strbuf_addc(out, ',');
  json_add_text(out, cut + 1, len - first - 1);
}

/* [number, t, process, tid, event, flags, level, [numbers], [texts], mate, mate's t, peer, peer's tid] */
static void add_record(StrBuf *out, const LiveRecord *rec, uint64_t n, const FrameOptions *opt) {
  const TraceRecord *r = &rec->r;
  strbuf_addf(out, "%s[%llu,%.3f,", comma(out), (unsigned long long)n,
              ms_of(r->t, opt));
  json_add_text(out, rec->proc ? rec->proc->letter : "", rec->proc ? strlen(rec->proc->letter) : 0);
  strbuf_addf(out, ",%d,%d,%d,%d,[", rec->thread ? rec->thread->tid : 0, r->event, r->flags, r->level);
  add_numbers(out, r);
  strbuf_adds(out, "],[");
  add_texts(out, r);
  strbuf_addc(out, ']');
  if (rec->mate != UINT64_MAX || rec->peer) {
    if (rec->mate == UINT64_MAX) strbuf_adds(out, ",-1,0,");
    else strbuf_addf(out, ",%llu,%.3f,", (unsigned long long)rec->mate, ms_of(rec->mate_t, opt));
    json_add_text(out, rec->peer ? rec->peer->letter : "", rec->peer ? strlen(rec->peer->letter) : 0);
    strbuf_addf(out, ",%d", rec->peer_thread ? rec->peer_thread->tid : 0);
  }
  strbuf_addc(out, ']');
}

uint64_t frame_records(StrBuf *out, const Model *m, uint64_t *next, size_t size, const FrameOptions *opt) {
  uint64_t lost = *next < m->first ? m->first - *next : 0;
  *next += lost;
  if (*next >= m->count) return lost;
  size_t end = out->len + size;
  strbuf_adds(out, "{\"k\":\"r\",\"r\":[");
  while (*next < m->count && out->len < end && !out->failed) {
    add_record(out, model_record(m, *next), *next, opt);
    ++*next;
  }
  strbuf_adds(out, "]}\n");
  return lost;
}
