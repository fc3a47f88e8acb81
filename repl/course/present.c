/* SPDX-License-Identifier: MIT */
/* present.c - what happened in a run, one line for each record, each process with its letter and colour.
 *
 * At a speed below 1 the display takes its time; the processes have ended long ago. */
#include "course.h"
#include "../../modules/core/trace.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { PRESENTED_LEVEL = 4, LONGEST_PAUSE_MS = 3000 };

/* The texts, at most 32 bytes, a path without its folders. */
static void add_text(StrBuf *out, const TraceRecord *t) {
  size_t len = t->text_len < 64 ? t->text_len : 64, from = 0;
  for (size_t i = 0; i + 1 < len; i++)
    if (t->text[i] == '/' && (t->event == TRACE_PROC_START || t->event == TRACE_PROC_SPAWN)) from = i + 1;
  strbuf_addc(out, ' ');
  for (size_t i = from; i < len && i < from + 32; i++) strbuf_addc(out, t->text[i] ? t->text[i] : ' ');
}

/* The record in words: "  12.3 ms  A  ipc.send  mid 1, bytes 20  "hello"". */
static void describe(StrBuf *out, const Facts *f, const LiveRecord *r) {
  const TraceRecord *t = &r->r;
  strbuf_addf(out, "%8.1f ms  %-2s %-14s", ((double)t->t - (double)f->began) / 1e6, r->proc ? r->proc->letter : "?",
              live_event_name(t->event));
  const TraceEventDef *def = t->event < TRACE_EVENT_COUNT ? &trace_events[t->event] : NULL;
  for (int i = 0; def && i < 4 && def->numbers[i]; i++) {
    size_t len = strcspn(def->numbers[i], ":");
    if (!strcmp(def->numbers[i], "ch") || !strcmp(def->numbers[i], "ino") || (t->n[i] == 0 && i > 0)) continue;
    if (def->numbers[i][len]) strbuf_addf(out, " %.*s %.1f", (int)len, def->numbers[i], (double)t->n[i] / 1e6);
    else strbuf_addf(out, " %s %lld", def->numbers[i], (long long)t->n[i]);
  }
  if (t->event == LIVE_REPARENT) strbuf_addf(out, " %lld -> %lld", (long long)t->n[0], (long long)t->n[1]);
  if (t->event == LIVE_KILLED) strbuf_addf(out, " signal %lld", (long long)t->n[0]);
  if (t->text_len && def) add_text(out, t);
}

static bool is_shown(const Facts *f, const LiveRecord *r) {
  return r && r->proc && !r->proc->self && r->r.t >= f->began && !(r->r.flags & TRACE_INTERNAL) &&
         (r->r.event >= TRACE_EVENT_COUNT || trace_events[r->r.event].level <= PRESENTED_LEVEL);
}

/* Letters have the colours 2 to 7, over and over. */
static void present_one(const Facts *f, const LiveRecord *r) {
  StrBuf row;
  int colour = 31 + (r->proc->letter[0] - 'A' + 1) % 6;
  bool coloured = ui_colours();
  char colour_on[16] = "";
  strbuf_init(&row);
  describe(&row, f, r);
  size_t len = row.len;
  while (len > 0 && text_columns(row.p, len) > ui_columns()) len--;
  while (len > 0 && len < row.len && ((unsigned char)row.p[len] & 0xC0) == 0x80) len--; /* not inside a character */
  if (coloured) (void)snprintf(colour_on, sizeof colour_on, "\033[%dm", colour);
  ui_write(colour_on, strlen(colour_on));
  ui_write(row.p, len);
  ui_write(coloured ? "\033[0m\n" : "\n", coloured ? 5 : 1);
  strbuf_free(&row);
}

void present_tell(const Course *c) {
  if (c->present)
    tell_in(SHADE_DIM, "Present mode, speed %g: Space goes on, Backspace goes back; .present off ends it.",
            "演示模式，速度 %g：空格前进，退格后退；.present off 结束。", c->speed);
  else tell_in(SHADE_DIM, "Present mode is off.", "演示模式已关闭。");
}

void present_run(Course *c, Stage *s) {
  uint64_t last = s->facts.began, at = 0;
  tell_blank();
  for (bool more = true; more;) {
    const Model *m = stage_hold(s);
    const LiveRecord *r = NULL;
    if (m && at < m->first) at = m->first;
    while (m && at < m->count && !is_shown(&s->facts, r = model_record(m, at))) at++;
    more = m && at < m->count;
    uint64_t t = more ? r->r.t : last;
    if (more) present_one(&s->facts, r);
    stage_release(s);
    at++;
    double ms = (double)(t > last ? t - last : 0) / 1e6 / c->speed;
    last = t;
    if (more && c->speed < 1 && ui_wait(ms < LONGEST_PAUSE_MS ? (int)ms : LONGEST_PAUSE_MS, -1) == KEY_INTERRUPT) return;
  }
  tell_blank();
}
