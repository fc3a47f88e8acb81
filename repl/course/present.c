/* SPDX-License-Identifier: MIT */
/* present.c - what happened in a run, one line for each record, each process with its letter and colour.
 *
 * At a speed below 1 the display takes its time; the processes have ended long ago. */
#include "course.h"
#include "../../modules/core/trace.h"

#include <stdio.h>
#include <stdlib.h>
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

typedef struct Shown { uint64_t t, n; } Shown;

static int by_time(const void *a, const void *b) {
  const Shown *x = a, *y = b;
  if (x->t != y->t) return x->t < y->t ? -1 : 1;
  return (x->n > y->n) - (x->n < y->n);
}

/* What is to be shown, by time: files of processes are read one after the other, so the order in which records
 * came is not that in which things happened. The caller frees. */
static Shown *shown_records(Stage *s, size_t *count) {
  const Model *m = stage_hold(s);
  Shown *list = m ? calloc(m->count - m->first + 1, sizeof *list) : NULL;
  *count = 0;
  for (uint64_t n = m ? m->first : 0; list && n < m->count; n++)
    if (is_shown(&s->facts, model_record(m, n))) list[(*count)++] = (Shown){ model_record(m, n)->r.t, n };
  stage_release(s);
  if (*count > 1) qsort(list, *count, sizeof *list, by_time);
  return list;
}

/* At a slow display the time between two records, stretched; false: Ctrl-C. */
static bool take_time(const Course *c, uint64_t from, uint64_t to) {
  double ms = (double)(to - from) / 1e6 / c->speed;
  return c->speed >= 1 || ui_wait(ms < LONGEST_PAUSE_MS ? (int)ms : LONGEST_PAUSE_MS, -1) != KEY_INTERRUPT;
}

void present_run(Course *c, Stage *s) {
  uint64_t last = s->facts.began;
  size_t count;
  Shown *list = shown_records(s, &count);
  tell_blank();
  for (size_t i = 0; i < count; last = list[i++].t) {
    const Model *m = stage_hold(s);
    const LiveRecord *r = m ? model_record(m, list[i].n) : NULL;
    if (r) present_one(&s->facts, r);
    stage_release(s);
    if (!take_time(c, last, list[i].t)) break;
  }
  tell_blank();
  free(list);
}
