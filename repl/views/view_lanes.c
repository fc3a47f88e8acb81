/* SPDX-License-Identifier: MIT */
/* view_lanes.c - .lanes: a column for each process and thread, the newest line at the bottom.
 *
 * A message that arrives soon is one line: its sender's words, an arrow, the receiver's. One that arrives
 * late has two: the arrow ends at a mark of the queue, and the reception stands where it happened. While a
 * loop is blocked its lane is filled, whatever the line tells. */
#include "lane_words.h"
#include "facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  MOST_LANES = 48, LANE_LEAST = 15, TIME_COLUMNS = 10, MOST_LINES = 400, MOST_BLOCKS = 64,
  LATE_MS = 5, LEVEL_ALL = 9, LEVEL_DEFAULT = 3
};

typedef struct Lane {
  const LiveProc *proc;
  const LiveThread *thread; /* NULL: the process, which has no ring */
  unsigned uses;            /* lines that it has a part in */
} Lane;

typedef struct Block {
  const LiveThread *thread;
  uint64_t from, to; /* to 0: it goes on */
  char place[160];
} Block;

typedef struct Line {
  uint64_t t;
  const LiveRecord *record; /* NULL: `block` begins here, or goes on until now */
  const Block *block;
} Line;

typedef struct Lanes {
  const Model *m;
  const ViewSize *size;
  int level;
  Lane lane[MOST_LANES];
  int count, hidden, width;
  Block block[MOST_BLOCKS];
  int blocks;
  Line line[MOST_LINES + 2 * MOST_BLOCKS];
  int lines;
  uint64_t base; /* the time that lines count from */
} Lanes;

/* ---- which records ---- */

/* Will the reception be told in the line of the sending? */
static bool is_told_before(const LiveRecord *r) {
  double latency = lane_latency(r);
  return lane_is_receive(r->r.event) && latency >= 0 && latency < LATE_MS;
}

static int find_lane(const Lanes *v, const LiveProc *p, const LiveThread *t) {
  if (!t && p) t = fact_main(p);
  for (int i = 0; i < v->count; i++)
    if (v->lane[i].proc == p && v->lane[i].thread == t) return i;
  return -1;
}

/* The process that a record of one tells of: a child that was started. */
static const LiveProc *other_of(const Lanes *v, const LiveRecord *r) {
  if (r->r.event == TRACE_PROC_SPAWN && !r->r.n[3]) return model_proc(v->m, (int)r->r.n[0]);
  return lane_is_send(r->r.event) ? r->peer : NULL;
}

/* When there is no room for all lanes, what happens in the others alone is left out. */
static bool has_lane(const Lanes *v, const LiveRecord *r) {
  const LiveProc *other = other_of(v, r);
  return !v->hidden || find_lane(v, r->proc, r->thread) >= 0 ||
         (other && find_lane(v, other, other == r->peer ? r->peer_thread : NULL) >= 0);
}

static bool is_shown(const Lanes *v, const LiveRecord *r) {
  int event = r->r.event;
  int level = event < TRACE_EVENT_COUNT ? trace_events[event].level : 1;
  bool handle = event == TRACE_HND_SEND || event == TRACE_HND_RECV;
  if (level > v->level || event == TRACE_NONE) return false;
  if (!handle && (r->r.flags & TRACE_INTERNAL) && v->level < LEVEL_ALL) return false;
  if (!handle && (r->r.flags & TRACE_HANDLE) && v->level < LEVEL_ALL) return false; /* the handle is told */
  if (v->size->only && v->size->only != r->proc && v->size->only != r->peer) return false;
  return has_lane(v, r) && !is_told_before(r);
}

static void add_block(Lanes *v, const LiveThread *t, uint64_t from, uint64_t to, const char *place) {
  if (v->blocks == MOST_BLOCKS || !t || (v->hidden && find_lane(v, t->proc, t) < 0)) return;
  Block *b = &v->block[v->blocks++];
  *b = (Block){ .thread = t, .from = from, .to = to };
  (void)snprintf(b->place, sizeof b->place, "%s", place);
}

static void add_past_block(Lanes *v, const LiveRecord *r) {
  char text[TRACE_TEXT + 1], place[160];
  const char *file = text_of_record(&r->r, 0, text);
  uint64_t wall = r->r.n[0] > 0 ? (uint64_t)r->r.n[0] : 0;
  if (*file) (void)snprintf(place, sizeof place, "%s:%lld", text_base(file), (long long)r->r.n[2]);
  else *place = '\0';
  add_block(v, r->thread, r->r.t > wall ? r->r.t - wall : 0, r->r.t, place);
}

static void add_present_blocks(Lanes *v) {
  for (const LiveProc *p = v->m->procs; p; p = p->next)
    for (const LiveThread *t = p->ended ? NULL : p->threads; t; t = t->next) {
      char place[160];
      if (t->ended || !t->blocked || !t->busy_since) continue;
      text_place(&t->place, place, sizeof place);
      char *fn = strstr(place, " (function");
      if (fn) *fn = '\0';
      add_block(v, t, t->busy_since, 0, place);
    }
}

/* How soon it is left out of a whole run: what is sent last of all, what only tells of its end first. */
static int rank_of(const LiveRecord *r) {
  switch (r->r.event) {
  case TRACE_PROC_EXIT: case TRACE_PROC_REAP: case TRACE_THR_EXIT: case TRACE_IPC_CLOSE: case TRACE_PORT_CLOSE:
  case TRACE_CONN_CLOSE: return 2;
  case TRACE_HND_SEND: case TRACE_HND_RECV: return 0;
  default: return lane_is_send(r->r.event) || lane_is_receive(r->r.event) ? 0 : 1;
  }
}

/* rank -1: all. */
static void collect_rank(Lanes *v, int want, int rank) {
  const Model *m = v->m;
  size_t skip = v->size->back;
  for (uint64_t n = newest_record(m, v->size); n > m->first && v->lines < want; n--) {
    const LiveRecord *r = model_record(m, n - 1);
    if (r->r.event == TRACE_LOOP_BLOCK && rank <= 0) add_past_block(v, r);
    if ((rank >= 0 && rank_of(r) != rank) || !is_shown(v, r)) continue;
    if (skip > 0) skip--;
    else v->line[v->lines++] = (Line){ r->r.t, r, NULL };
  }
}

static void collect(Lanes *v, int want) {
  if (!v->size->ended) collect_rank(v, want, -1);
  for (int rank = 0; v->size->ended && rank <= 2; rank++) collect_rank(v, want, rank);
  add_present_blocks(v);
}

static int by_time(const void *a, const void *b) {
  const Line *x = a, *y = b;
  if (x->t != y->t) return x->t < y->t ? -1 : 1;
  return (x->record > y->record) - (x->record < y->record);
}

/* Blocks get lines of their own: where one begins, and how long one that goes on has taken. */
static void add_block_lines(Lanes *v) {
  uint64_t oldest = v->lines ? UINT64_MAX : 0, newest = 0;
  for (int i = 0; i < v->lines; i++) {
    if (v->line[i].t < oldest) oldest = v->line[i].t;
    if (v->line[i].t > newest) newest = v->line[i].t;
  }
  for (int i = 0; i < v->blocks; i++) {
    const Block *b = &v->block[i];
    if (b->from >= oldest && (!v->size->back || b->from <= newest)) v->line[v->lines++] = (Line){ b->from, NULL, b };
    if (!b->to && !v->size->back) v->line[v->lines++] = (Line){ v->m->now, NULL, b };
  }
  qsort(v->line, (size_t)v->lines, sizeof *v->line, by_time);
}

/* ---- which lanes ---- */

static void use_lane(Lanes *v, const LiveProc *p, const LiveThread *t) {
  int at = find_lane(v, p, t);
  if (at >= 0) v->lane[at].uses++;
  else if (p && v->count < MOST_LANES) v->lane[v->count++] = (Lane){ p, t ? t : fact_main(p), 1 };
}

/* Processes in the order of their letters (the model's), threads behind them; last, who has none and tells
 * nothing itself: a shell, or the runner of a lesson. */
static int by_letter(const void *a, const void *b) {
  const Lane *x = a, *y = b;
  size_t n = strlen(x->proc->letter), k = strlen(y->proc->letter);
  if (!n != !k) return n ? -1 : 1;
  if (x->proc != y->proc) return n != k ? (n < k ? -1 : 1) : strcmp(x->proc->letter, y->proc->letter);
  unsigned i = x->thread ? x->thread->thread_id : 0, j = y->thread ? y->thread->thread_id : 0;
  return (i > j) - (i < j);
}

static int by_use(const void *a, const void *b) {
  const Lane *x = a, *y = b;
  return x->uses != y->uses ? (x->uses > y->uses ? -1 : 1) : by_letter(a, b);
}

static void choose_lanes(Lanes *v, int want) {
  for (int i = v->lines - 1; i >= 0 && v->lines - i <= want; i--) {
    const Line *l = &v->line[i];
    const LiveProc *p = l->record ? l->record->proc : l->block->thread->proc;
    use_lane(v, p, l->record ? l->record->thread : l->block->thread);
    const LiveProc *other = l->record ? other_of(v, l->record) : NULL;
    if (other) use_lane(v, other, l->record->peer == other ? l->record->peer_thread : NULL);
  }
  int room = (v->size->columns - TIME_COLUMNS) / LANE_LEAST;
  if (room < 1) room = 1;
  if (v->count > room) {
    qsort(v->lane, (size_t)v->count, sizeof *v->lane, by_use);
    v->hidden = v->count - room;
    v->count = room;
  }
  qsort(v->lane, (size_t)v->count, sizeof *v->lane, by_letter);
  v->width = v->count ? (v->size->columns - TIME_COLUMNS) / v->count : 0;
  if (v->width > 28) v->width = 28;
}

/* ---- one line ---- */

typedef struct Sketch { /* what a line draws */
  int from, to;         /* lanes of the arrow, -1: none */
  bool handle;
  char text[MOST_LANES][200];
  Style style[MOST_LANES];
  int64_t port;
} Sketch;

static const Block *block_at(const Lanes *v, const LiveThread *t, uint64_t when) {
  for (int i = 0; t && i < v->blocks; i++) {
    const Block *b = &v->block[i];
    if (b->thread == t && when >= b->from && (!b->to || when < b->to)) return b;
  }
  return NULL;
}

/* Has .slow held the message back that this record received? */
static bool was_slowed(const LiveRecord *received) {
  return received && received->r.event == TRACE_IPC_RECV && received->r.n[3] > 0;
}

/* What stands in the lane of the receiver: how soon it came, or that it has to wait. */
static void arrival_words(const Lanes *v, const LiveRecord *r, char *out, size_t size) {
  double latency = lane_latency(r);
  bool slowed = was_slowed(model_record(v->m, r->mate));
  if (latency < 0) (void)snprintf(out, size, "┆ not received");
  else if (latency < LATE_MS) (void)snprintf(out, size, "recv +%s%s", text_ms(latency).s, slowed ? " slow" : "");
  else (void)snprintf(out, size, "%s", slowed ? "┆ held (.slow)" : "┆ queued");
}

static void sketch_record(const Lanes *v, const LiveRecord *r, Sketch *s) {
  int at = find_lane(v, r->proc, r->thread), event = r->r.event;
  double latency = lane_latency(r);
  const LiveProc *other = other_of(v, r);
  if (at < 0) return;
  lane_words(r, s->text[at], sizeof s->text[at]);
  if (event == TRACE_ERR_UNCAUGHT || event == LIVE_KILLED || event == TRACE_PORT_ERR || event == TRACE_LOOP_BLOCK)
    s->style[at] = STYLE_RED;
  if (lane_is_receive(event) && latency >= LATE_MS) {
    char words[160];
    lane_words(r, words, sizeof words);
    const char *rest = strchr(words, ' '); /* behind "recv": what is cut in a narrow lane */
    (void)snprintf(s->text[at], sizeof s->text[at], "recv +%s %s%s", text_ms(latency).s,
                   was_slowed(r) ? "slow" : "late", rest ? rest : "");
    s->style[at] = STYLE_YELLOW;
  }
  int to = other ? find_lane(v, other, other == r->peer ? r->peer_thread : NULL) : -1;
  if (to < 0 || to == at) return;
  s->from = at;
  s->to = to;
  s->handle = event == TRACE_HND_SEND || (r->r.flags & TRACE_HANDLE);
  s->port = event == TRACE_HND_SEND ? r->r.n[3] : 0;
  if (event == TRACE_PROC_SPAWN) (void)snprintf(s->text[to], sizeof s->text[to], "pid %lld", (long long)r->r.n[0]);
  else arrival_words(v, r, s->text[to], sizeof s->text[to]);
}

static void sketch_block(const Lanes *v, const Line *l, Sketch *s) {
  int at = find_lane(v, l->block->thread->proc, l->block->thread);
  if (at < 0) return;
  s->style[at] = STYLE_RED;
  if (l->t == l->block->from) (void)snprintf(s->text[at], sizeof s->text[at], "▓▓ %s", l->block->place);
  else (void)snprintf(s->text[at], sizeof s->text[at], "▓▓ %s so far", text_ms((double)(l->t - l->block->from) / 1e6).s);
}

static void repeat(StrBuf *out, const char *sign, int count) {
  for (int i = 0; i < count; i++) strbuf_adds(out, sign);
}

/* The shaft of an arrow, with what it carries in its first piece. */
static void add_shaft(const Sketch *s, int columns, bool first, StrBuf *out) {
  char label[32] = "";
  const char *sign = s->handle ? "═" : "─";
  if (first && s->handle && s->port) (void)snprintf(label, sizeof label, "H%lld", (long long)s->port);
  else if (first && s->handle) (void)snprintf(label, sizeof label, "H");
  int len = (int)strlen(label);
  if (len + 1 > columns) len = 0, *label = '\0';
  if (len) strbuf_adds(out, sign);
  strbuf_adds(out, label);
  repeat(out, sign, columns - len - (len > 0));
}

/* What an idle lane looks like at this time. */
static void add_idle(const Lanes *v, const Lane *lane, uint64_t t, StrBuf *out) {
  const LiveProc *p = lane->proc;
  uint64_t began = lane->thread && lane->thread->thread_id ? lane->thread->opened : p->began;
  bool alive = t >= began && (!p->ended || t <= p->end);
  bool blocked = block_at(v, lane->thread, t) != NULL;
  Style style = blocked ? STYLE_RED : STYLE_DIM;
  strbuf_adds(out, view_style(v->size, style));
  strbuf_adds(out, blocked ? "▓▓" : alive ? "│" : " ");
  strbuf_adds(out, view_style(v->size, STYLE_NONE));
  repeat(out, " ", v->width - (blocked ? 2 : 1));
}

static void add_text(const Lanes *v, const Sketch *s, int i, int columns, StrBuf *out, int *taken) {
  strbuf_adds(out, s->style[i] ? view_style(v->size, s->style[i]) : "");
  *taken = text_fit(out, s->text[i], strlen(s->text[i]), columns);
  strbuf_adds(out, s->style[i] ? view_style(v->size, STYLE_NONE) : "");
}

static void add_lane(const Lanes *v, const Sketch *s, int i, uint64_t t, StrBuf *out) {
  int taken, width = v->width;
  int low = s->from < s->to ? s->from : s->to, high = s->from < s->to ? s->to : s->from;
  bool right = s->from < s->to;
  if (s->from < 0 || i < low || i > high) {
    if (!*s->text[i]) {
      add_idle(v, &v->lane[i], t, out);
      return;
    }
    add_text(v, s, i, width - 1, out, &taken);
    repeat(out, " ", width - taken);
  } else if (i == low && right) {
    add_text(v, s, i, width - (s->handle ? 9 : 4), out, &taken);
    strbuf_addc(out, ' ');
    add_shaft(s, width - taken - 1, true, out);
  } else if (i == low) {
    add_text(v, s, i, width - (s->handle ? 9 : 4), out, &taken);
    strbuf_adds(out, " ◀");
    add_shaft(s, width - taken - 2, true, out);
  } else if (i < high) {
    add_shaft(s, width, false, out);
  } else {
    strbuf_adds(out, right ? "▶ " : "─ ");
    add_text(v, s, i, width - 3, out, &taken);
    repeat(out, " ", width - 2 - taken);
  }
}

static void add_line(const Lanes *v, const Line *l, StrBuf *out) {
  Sketch s = { .from = -1, .to = -1 };
  char time[32];
  double ms = l->t > v->base ? (double)(l->t - v->base) / 1e6 : 0;
  if (l->record) sketch_record(v, l->record, &s);
  else sketch_block(v, l, &s);
  if (ms < 999999) (void)snprintf(time, sizeof time, "%.1f", ms);
  else (void)snprintf(time, sizeof time, "%.2fs", ms / 1000);
  strbuf_addf(out, "%s%-*s%s", view_style(v->size, STYLE_DIM), TIME_COLUMNS, time, view_style(v->size, STYLE_NONE));
  for (int i = 0; i < v->count; i++) add_lane(v, &s, i, l->t, out);
  text_trim(out, 0);
  strbuf_addc(out, '\n');
}

static void add_head(const Lanes *v, StrBuf *out) {
  strbuf_addf(out, "%s%-*s", view_style(v->size, STYLE_BOLD), TIME_COLUMNS, "ms");
  for (int i = 0; i < v->count; i++) {
    const Lane *lane = &v->lane[i];
    char name[64];
    if (lane->thread && lane->thread->thread_id) (void)snprintf(name, sizeof name, "%s thread", text_thread(lane->thread).s);
    else (void)snprintf(name, sizeof name, "%s", text_name(lane->proc).s);
    text_pad(out, name, strlen(name), v->width - 1, false);
    strbuf_addc(out, ' ');
  }
  text_trim(out, 0);
  strbuf_addf(out, "%s\n", view_style(v->size, STYLE_NONE));
}

void view_lanes(const Model *m, const ViewSize *size, StrBuf *out) {
  int want = size->rows > 2 && size->rows - 2 < MOST_LINES ? size->rows - 2 : MOST_LINES;
  Lanes *v = calloc(1, sizeof *v);
  if (!v) {
    out->failed = true;
    return;
  }
  v->m = m;
  v->size = size;
  v->level = size->level > 0 ? size->level : LEVEL_DEFAULT;
  v->base = m->procs ? m->procs->began : 0;
  collect(v, want);
  add_block_lines(v);
  choose_lanes(v, want);
  if (v->hidden) { /* once more, for these lanes alone */
    v->lines = v->blocks = 0;
    collect(v, want);
    add_block_lines(v);
  }
  if (v->lines) {
    add_head(v, out);
    for (int i = v->lines > want ? v->lines - want : 0; i < v->lines; i++) add_line(v, &v->line[i], out);
    if (v->hidden) view_line(size, out, STYLE_DIM, "(%d more %s a wider terminal, or: .lanes NAME)", v->hidden,
                             v->hidden == 1 ? "lane needs" : "lanes need");
  } else {
    view_line(size, out, STYLE_NONE, "Nothing has happened yet at level %d.", v->level);
  }
  free(v);
}
