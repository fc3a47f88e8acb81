/* SPDX-License-Identifier: MIT */
/* serve.c - the page of a run made by hand: what it must show is known to the last number.
 *
 *   serve small|many [DIR]    prints the address, goes on until standard input ends; DIR is for shared cells
 *
 * small: A prompt, B primary, C and D workers (D blocked), E middle with its child F, G a plain sleep, H a
 * zombie. A line "cells" changes two of C's shared cells. A line "orphan" kills E, so that F goes to pid 1. many: 500 processes, and ten new states a
 * second. A line "flood N" adds N messages. */
#include "../../repl/inspect/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NS = 1000000, MANY = 500, LAST_MS = 9000 };

static Model model;
static Page *page;
static uint64_t start;
static LiveProc *made[MANY];
static int count, mid;

static uint64_t ms(double t) { return start + (uint64_t)(t * NS); }

/* ---- making ---- */

static void name_letter(char *out, int n) {
  if (n >= 26) *out++ = (char)('A' + n / 26 - 1);
  *out++ = (char)('A' + n % 26);
  *out = '\0';
}

static LiveThread *make_thread(LiveProc *p, int tid, unsigned id, const char *role, const char *file) {
  LiveThread *t = calloc(1, sizeof *t), **at = &p->threads;
  if (!t) abort();
  t->proc = p;
  t->tid = tid;
  t->thread_id = id;
  t->state = 'S';
  t->heap = 300000;
  t->lag_ms = 0.2;
  t->opened = p->began;
  (void)snprintf(t->role, sizeof t->role, "%s", role);
  (void)snprintf(t->file, sizeof t->file, "%s", file);
  while (*at) at = &(*at)->next;
  *at = t;
  model.nthreads++;
  return t;
}

static LiveProc *make_proc(int pid, const char *role, const char *name, LiveProc *parent, bool traced) {
  LiveProc *p = calloc(1, sizeof *p), **at = &model.procs;
  if (!p) abort();
  name_letter(p->letter, count);
  p->pid = pid;
  p->start = (uint64_t)pid;
  p->parent = parent;
  p->ppid = p->first_ppid = parent ? parent->pid : 4099;
  p->state = 'S';
  p->traced = traced;
  p->began = ms(count < 8 ? count * 50 : 400);
  p->rss = 6 * 1024 * 1024;
  p->nthreads = traced ? 5 : 1;
  p->nfds = 9;
  (void)snprintf(p->role, sizeof p->role, "%s", role);
  (void)snprintf(p->name, sizeof p->name, "%s", name);
  while (*at) at = &(*at)->next;
  *at = p;
  made[count++] = p;
  model.nprocs++;
  model.nalive++;
  if (traced) (void)make_thread(p, pid, 0, role, name);
  return p;
}

static uint64_t add(LiveProc *p, int event, double t, TraceRecord r, const char *text, LiveProc *peer) {
  uint64_t n = model.count++;
  if (model.count - model.first > LIVE_RECORDS) model.first++;
  LiveRecord *rec = &model.records[n % LIVE_RECORDS];
  memset(rec, 0, sizeof *rec);
  rec->r = r;
  rec->r.t = ms(t);
  rec->r.event = (uint8_t)event;
  rec->r.level = event < TRACE_EVENT_COUNT ? (uint8_t)trace_events[event].level : 1;
  rec->r.text_len = (uint8_t)strnlen(text, TRACE_TEXT);
  memcpy(rec->r.text, text, rec->r.text_len);
  rec->proc = p;
  rec->thread = p->threads;
  rec->mate = UINT64_MAX;
  rec->peer = peer;
  return n;
}

static void mate(uint64_t from, uint64_t to) {
  LiveRecord *a = &model.records[from % LIVE_RECORDS], *b = &model.records[to % LIVE_RECORDS];
  a->mate = to;
  b->mate = from;
  a->mate_t = b->r.t;
  b->mate_t = a->r.t;
}

/* A message; with a handle two records more. latency < 0: it has not come. */
static void say(LiveProc *a, LiveProc *b, double t, double latency, int channel, unsigned flags, const char *text) {
  TraceRecord r = { .flags = (uint8_t)flags, .n = { channel, ++mid, (int64_t)strlen(text) } };
  TraceRecord h = { .flags = (uint8_t)flags, .n = { channel, mid, 54023, 3000 } };
  uint64_t sent = add(a, TRACE_IPC_SEND, t, r, text, b);
  if (flags & TRACE_HANDLE) (void)add(a, TRACE_HND_SEND, t + 0.01, h, "server", b);
  if (latency < 0) return;
  mate(sent, add(b, TRACE_IPC_RECV, t + latency, r, text, a));
  if (flags & TRACE_HANDLE) (void)add(b, TRACE_HND_RECV, t + latency + 0.01, h, "server", a);
}

/* ---- the small run ---- */

static LiveChannel *make_channel(uint64_t id, LiveProc *a, LiveProc *b, uint32_t down, uint32_t up, bool open) {
  LiveChannel *c = calloc(1, sizeof *c);
  if (!c) abort();
  *c = (LiveChannel){ .next = model.channels, .id = id, .parent = a, .child = b, .down = down, .up = up, .open = open };
  return model.channels = c;
}

static void make_socket(LiveProc *const *holders, size_t n) {
  static const uint32_t accepted[] = { 0, 41, 3, 40 };
  LiveSocket *s = calloc(1, sizeof *s);
  LiveHolder *h = calloc(n, sizeof *h);
  if (!s || !h) abort();
  for (size_t i = 0; i < n; i++) h[i] = (LiveHolder){ holders[i], i ? 11 : 9, accepted[i] };
  *s = (LiveSocket){ .inode = 54023, .address = "127.0.0.1", .port = 3000, .holders = h, .nholders = n };
  model.sockets = s;
}

static void make_records(void) {
  LiveProc *b = made[1], *c = made[2], *d = made[3], *h = made[7];
  for (int i = 1; i < 8; i++) {
    TraceRecord r = { .n = { made[i]->pid, i } };
    (void)add(made[i]->parent, TRACE_PROC_SPAWN, i * 50, r, made[i]->name, made[i]);
  }
  (void)add(b, TRACE_PORT_LISTEN, 600, (TraceRecord){ .n = { 3000, 54023, 9 } }, "127.0.0.1", NULL);
  say(b, c, 700, 0.3, 3, TRACE_HANDLE, "{\"cmd\":\"server\"}");
  say(b, d, 701, 0.2, 4, TRACE_HANDLE, "{\"cmd\":\"server\"}");
  say(b, c, 900, 0.25, 3, 0, "</script><script>alert(1)</script>");
  uint64_t late = model.count;
  say(b, d, 1000, -1, 4, 0, "{\"work\":\"圆周率\"}");
  say(c, b, 1100, 0.2, 3, TRACE_UP, "{\"result\":499}");
  (void)add(h, TRACE_PORT_ERR, 1200, (TraceRecord){ .n = { 3000 } }, "EADDRINUSE", NULL);
  TraceRecord block = { .n = { 812400000, 810000000, 12 } };
  (void)add(d, TRACE_LOOP_BLOCK, 1812.4, block, "/home/teacher/secret/compute.lua", NULL);
  TraceRecord got = { .n = { 4, mid - 1, 18 } };
  mate(late, add(d, TRACE_IPC_RECV, 1812.6, got, "{\"work\":\"圆周率\"}", b));
  say(d, b, 1813, 0.3, 4, TRACE_UP, "{\"result\":500}");
  (void)add(c, TRACE_STDIO, 2000, (TraceRecord){ .n = { 1, 24 } }, "worker: 完成 <b>17</b>", NULL);
  (void)add(d, TRACE_STDIO, 2100, (TraceRecord){ .n = { 2, 65536, 1 } }, "too much", NULL);
  say(b, d, 7500, -1, 4, 0, "{\"work\":\"waits\"}");
}

static void make_curves(void) {
  for (int i = 0; i < count; i++) {
    LiveThread *t = made[i]->threads;
    for (int n = 0; t && n < 18; n++) {
      LiveSample s = { .t = ms(n * 500 + 400), .lag_ms = 0.3f, .cpu = 1, .rss = 6291456, .heap = 300000u + (unsigned)n * 20000u };
      if (i == 3 && n > 14) s.lag_ms = (float)(n - 14) * 500;
      if (i == 2 && n > 8) s.buffers = 33554432;
      s.rss += s.buffers;
      t->curve[t->samples++] = s;
    }
    for (int n = TRACE_STRIP - 180; t && n < TRACE_STRIP; n++)
      t->strip[n] = (uint8_t)(i == 3 && n > TRACE_STRIP - 30 ? TRACE_BUSY_BLOCKED : n % 9 == 0 ? TRACE_BUSY_IO : n % 7 == 0 ? TRACE_BUSY_TIMERS : 0);
  }
}

static void make_taps(void) {
  LiveTap *c = made[2]->taps, *d = made[3]->taps, *g = made[6]->taps;
  c[1] = (LiveTap){ .own = 24, .parents = 24, .told = true };
  d[2] = (LiveTap){ .own = 131072, .parents = 65536, .told = true, .full = true, .was_full = true };
  d[1] = (LiveTap){ .own = 2000000, .was_full = true };
  g[0] = (LiveTap){ .parents = 65536, .told = true, .full = true, .was_full = true };
  g[1] = (LiveTap){ .parents = 6, .told = true };
}

/* ---- shared cells ---- */

static void write_cells(const char *name, int n, bool changed) {
  char path[4200];
  int32_t cells[1024];
  for (int i = 0; i < n; i++) cells[i] = i * i;
  if (changed) cells[1] = -7, cells[15] = INT32_MIN;
  (void)snprintf(path, sizeof path, "%s/%s", model.dir, name);
  FILE *f = fopen(path, "w");
  if (!f || fwrite(cells, sizeof *cells, (size_t)n, f) != (size_t)n || fclose(f) != 0) abort();
}

static void name_block(LiveProc *p, int id, int bytes, const char *file) {
  LiveBlock *b = &model.blocks[model.nblocks++];
  *b = (LiveBlock){ .proc = p, .id = id, .bytes = bytes };
  (void)snprintf(b->file, sizeof b->file, "%s", file);
}

static void make_cells(void) {
  write_cells("small.cells", 16, false);
  write_cells("large.cells", 1024, false);
  name_block(made[2], 1, 64, "small.cells");
  name_block(made[3], 1, 4096, "large.cells");
  name_block(made[3], 2, 8, "gone.cells");
}

static void make_small(void) {
  LiveProc *a = make_proc(4100, "prompt", "moonfork", NULL, true), *b = make_proc(4101, "primary", "cluster-http.lua", a, true);
  LiveProc *c = make_proc(4107, "worker#1", "compute.lua", b, true), *d = make_proc(4108, "worker#2", "compute.lua", b, true);
  LiveProc *e = make_proc(4109, "child", "middle.lua", a, true), *f = make_proc(4120, "child", "server.lua", e, true);
  LiveProc *g = make_proc(4130, "sleep", "sleep", a, false), *h = make_proc(4140, "child", "中文脚本.lua", a, true);
  LiveThread *w = make_thread(c, 4115, 1, "thread", "worker.lua"), *t = d->threads;
  a->self = true;
  b->number = 1, c->worker = 1, d->worker = 2, e->number = 2, g->number = 3;
  h->state = 'Z';
  w->in = w->out = 3;
  d->state = t->state = 'R';
  d->cpu = t->cpu = 100;
  t->blocked = true;
  t->lag_ms = 1500;
  t->busy_since = ms(7500);
  t->waiting = 14;
  t->place = (LivePlace){ .known = true, .file = "/home/teacher/secret/compute.lua", .fn = "computation", .line = 12 };
  c->threads->pool_size = 4, c->threads->pool_queued = 1, c->threads->pool_running = 4;
  for (int i = 0; i < 4; i++) {
    (void)snprintf(c->threads->pool[i].kind, 16, "%s", (const char *const[]){ "fs", "fs", "crypto", "dns" }[i]);
    c->threads->pool[i].since = ms(8000 + i * 200);
  }
  (void)make_channel(5, e, f, 0, 0, true);
  (void)make_channel(3, b, c, 3, 1, true);
  make_channel(4, b, d, 17, 1, true)->down_waiting = 14;
  make_socket((LiveProc *const[]){ b, c, d, f }, 4);
  model.refusals[model.nrefusals++] = (LiveRefusal){ .t = ms(1200), .proc = h, .holder = b, .holder_pid = 4101, .code = "EADDRINUSE", .address = "127.0.0.1", .port = 3000 };
  model.now = ms(LAST_MS);
  make_records();
  make_curves();
  make_taps();
  if (*model.dir) make_cells();
}

static void make_orphan(void) {
  LiveProc *e = made[4], *f = made[5];
  model.now = ms(LAST_MS + 1000);
  e->ended = e->threads->ended = true;
  e->state = 'X';
  e->end = ms(LAST_MS + 500);
  e->signal = 9;
  (void)snprintf(e->last, sizeof e->last, "proc.spawn child 4120");
  f->orphan = true;
  f->ppid = 1;
  model.nalive--;
  (void)add(e, LIVE_KILLED, LAST_MS + 500, (TraceRecord){ .n = { 9 } }, "", NULL);
  (void)add(f, LIVE_REPARENT, LAST_MS + 501, (TraceRecord){ .n = { 4109, 1 } }, "", NULL);
}

/* ---- many ---- */

static void on_tick(uv_timer_t *timer) {
  static int turn;
  (void)timer;
  model.now = uv_hrtime();
  double now = (double)(model.now - start) / NS;
  turn++;
  for (int i = 0; i < count; i++) {
    LiveThread *t = made[i]->threads;
    made[i]->cpu = t->cpu = (i * 7 + turn) % 100;
    t->lag_ms = (i + turn) % 40;
    t->in++;
    if (turn % 5 == 0)
      t->curve[t->samples++ % LIVE_CURVE] = (LiveSample){ .t = model.now, .lag_ms = (float)t->lag_ms, .rss = 6291456, .heap = t->heap };
  }
  for (int i = 0; i < 100; i++) say(made[0], made[1 + (i + turn) % (MANY - 1)], now - 50 + i * 0.4, 0.2, i, 0, "{\"n\":1}");
  page_changed(page);
}

static void make_many(void) {
  static uv_timer_t timer;
  LiveProc *root = make_proc(5000, "prompt", "moonfork", NULL, true);
  for (int i = 1; i < MANY; i++) (void)make_proc(5000 + i, "child", "many.lua", root, true);
  model.now = uv_hrtime();
  (void)uv_timer_init(uv_default_loop(), &timer);
  (void)uv_timer_start(&timer, on_tick, 100, 100);
}

/* ---- the program ---- */

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf) {
  static char bytes[256];
  (void)handle, (void)suggested;
  *buf = uv_buf_init(bytes, sizeof bytes - 1);
}

static void on_line(uv_stream_t *in, ssize_t n, const uv_buf_t *buf) {
  (void)in;
  if (n < 0) exit(0);
  buf->base[n] = '\0';
  if (strstr(buf->base, "cells")) write_cells("small.cells", 16, true), model.now = ms(LAST_MS + 500);
  if (strstr(buf->base, "orphan")) make_orphan();
  const char *flood = strstr(buf->base, "flood ");
  for (long i = 0, more = flood ? strtol(flood + 6, NULL, 10) : 0; i < more; i++) {
    say(made[1], made[2], LAST_MS + (double)i * 0.01, 0.05, 3, 0, "{\"flood\":true}");
    if (i % 20000 == 19999) page_changed(page); // so that no reader who follows misses any
  }
  page_changed(page);
}

int main(int argc, char **argv) {
  static uv_pipe_t in;
  int err;
  start = uv_hrtime();
  model.records = calloc(LIVE_RECORDS, sizeof *model.records);
  model.proc_fs = true;
  model.wall_offset = 1700000000000000000 - (int64_t)start;
  if (!model.records) return 1;
  if (argc > 2) (void)snprintf(model.dir, sizeof model.dir, "%s", argv[2]);
  if (argc > 1 && !strcmp(argv[1], "many")) make_many();
  else make_small();
  page = page_open(uv_default_loop(), &model, &(PageOptions){ 0 }, &err);
  if (!page) return 1;
  (void)printf("http://127.0.0.1:%d/#t=%s\n", page_port(page), page_token(page));
  (void)fflush(stdout);
  (void)uv_pipe_init(uv_default_loop(), &in, 0);
  (void)uv_pipe_open(&in, 0);
  (void)uv_read_start((uv_stream_t *)&in, on_alloc, on_line);
  return uv_run(uv_default_loop(), UV_RUN_DEFAULT);
}
