/* SPDX-License-Identifier: MIT */
/* views.c - the terminal views of a model made by hand, line by line, at 80 and at 60 columns. */
// objs: all
#include "repl/edit/cells.h"
#include "repl/views/facts.h"
#include "repl/views/view.h"
#include "repl/views/text.h"
#include "live_model.h"
#include "tap.h"

#include <locale.h>
#include <time.h>

static LiveThread *blocked_one(Model *m, LiveProc *c) {
  LiveThread *t = fake_thread(m, c, 4108, 0);
  c->state = 'R';
  c->cpu = 100;
  t->blocked = true;
  t->lag_ms = 812;
  t->busy_since = NOW - 812 * MS;
  t->waiting = 14;
  t->place = (LivePlace){ true, "compute.lua", "computation", 12 };
  memset(t->strip, TRACE_BUSY_IDLE, sizeof t->strip);
  memset(t->strip + TRACE_STRIP - 17, TRACE_BUSY_BLOCKED, 17);
  t->strip[TRACE_STRIP - 20] = TRACE_BUSY_TIMERS;
  t->strip[TRACE_STRIP - 19] = TRACE_BUSY_IO;
  t->strip[TRACE_STRIP - 18] = TRACE_BUSY_LONG;
  return t;
}

static void add_sockets(Model *m, LiveProc *a, LiveProc *b, LiveProc *c, LiveProc *d, LiveProc *k) {
  LiveSocket *s = m->sockets = calloc(1, sizeof *s);
  const LiveHolder holders[] = { { a, 9, 0 }, { b, 11, 41 }, { c, 11, 3 }, { d, 11, 40 } };
  s->inode = 54023;
  s->port = 3000;
  strcpy(s->address, "127.0.0.1");
  s->holders = malloc(sizeof holders);
  memcpy(s->holders, holders, sizeof holders);
  s->nholders = 4;
  m->refusals[m->nrefusals++] = (LiveRefusal){
    .t = NOW - 3 * SECOND, .proc = k, .holder = a, .code = "EADDRINUSE", .address = "127.0.0.1", .port = 3000
  };
}

static LiveRecord *add(Model *m, LiveThread *t, uint64_t ms, int event, int64_t a, int64_t b, int64_t c, int64_t d,
                       const char *text) {
  return fake_record(m, t, NOW - 5 * SECOND + ms * MS, event, (TraceRecord){ .n = { a, b, c, d } }, text);
}

/* The two records are the ends of one message. */
static void tie(Model *m, LiveRecord *from, LiveRecord *to) {
  from->mate = (uint64_t)(to - m->records);
  to->mate = (uint64_t)(from - m->records);
  from->mate_t = to->r.t;
  to->mate_t = from->r.t;
  from->peer = to->proc;
  to->peer = from->proc;
  from->peer_thread = to->thread;
  to->peer_thread = from->thread;
}

static void add_records(Model *m, LiveThread *a, LiveThread *b, LiveThread *c) {
  add(m, a, 0, TRACE_PROC_SPAWN, 4107, 1, 1, 0, "server.lua");
  add(m, a, 1, TRACE_PROC_SPAWN, 4108, 2, 2, 0, "server.lua");
  LiveRecord *server = add(m, a, 9, TRACE_HND_SEND, 1, 1, 54023, 3000, "net.Server");
  tie(m, server, add(m, b, 10, TRACE_HND_RECV, 1, 1, 54023, 3000, "net.Server"));
  LiveRecord *work = add(m, a, 20, TRACE_IPC_SEND, 2, 1, 12, 0, "{work,n=1}");
  add(m, b, 200, TRACE_USER_MARK, 0, 0, 0, 0, "here");
  add(m, b, 210, TRACE_STDIO, 1, 12, 0, 0, "hello world ");
  add(m, a, 220, TRACE_STDIO, 2, 6, 0, 4130, "不行");
  add(m, a, 230, TRACE_STDIO, 0, 65536, 1, 4130, "xxxx");
  add(m, c, 832, TRACE_LOOP_BLOCK, 811 * (int64_t)MS, 800 * (int64_t)MS, 12, 0, "compute.lua");
  tie(m, work, add(m, c, 833, TRACE_IPC_RECV, 2, 1, 12, 0, "{work,n=1}"));
  LiveRecord *result = add(m, c, 834, TRACE_IPC_SEND, 2, 1, 14, 0, "{n=499500}");
  tie(m, result, add(m, a, 835, TRACE_IPC_RECV, 2, 1, 14, 0, "{n=499500}"));
  add(m, b, 900, TRACE_IPC_SEND, 1, 1, 4, 0, "lost");
}

static void add_pool(LiveThread *t) {
  t->pool_size = 4;
  t->pool_running = 3;
  t->pool_queued = 2;
  for (int i = 0; i < 3; i++) {
    t->pool[i].since = NOW - (uint64_t)(i + 1) * 10 * MS;
    strcpy(t->pool[i].kind, i == 2 ? "crypto" : "fs");
  }
}

/* A cluster of two workers, one blocked, its thread, an orphan that accepts too, a shell, a zombie, and one
 * that was killed. */
static Model *scene(void) {
  Model *m = fake_model();
  LiveProc *a = fake_proc(m, 4101, NULL, "primary", "server.lua"), *b = fake_proc(m, 4107, a, "worker#1", "server.lua");
  LiveProc *c = fake_proc(m, 4108, a, "worker#2", "compute.lua"), *d = fake_proc(m, 4120, NULL, "child", "服务器.lua");
  LiveProc *sh = fake_proc(m, 4130, a, "sh", "sh"), *z = fake_proc(m, 4131, a, "child", "short.lua");
  LiveProc *k = fake_proc(m, 4140, a, "child", "victim.lua");
  LiveThread *ta = fake_thread(m, a, 4101, 0), *tb = fake_thread(m, b, 4107, 0), *tc = blocked_one(m, c);
  (void)fake_thread(m, c, 4115, 1);
  (void)fake_thread(m, d, 4120, 0);
  (void)fake_thread(m, k, 4140, 0);
  *sh->letter = '\0';
  d->orphan = true;
  d->ppid = 1;
  d->first_ppid = 4099;
  z->state = 'Z';
  k->ended = true;
  k->state = 'X';
  k->signal = 9;
  k->end = NOW - 2 * SECOND;
  strcpy(k->last, "send {n=7}");
  ta->in = 12;
  ta->out = 40;
  tb->in = 8;
  tb->out = 2;
  for (int i = 0; i < 40; i++)
    tb->curve[tb->samples++ % LIVE_CURVE] = (LiveSample){ .heap = (uint64_t)i << 14, .buffers = 1 << 20 };
  fake_channel(m, a, b)->down = 8;
  LiveChannel *to_c = fake_channel(m, a, c);
  to_c->down = 22;
  to_c->down_waiting = 14;
  fake_channel(m, NULL, d)->open = false;
  add_sockets(m, a, b, c, d, k);
  b->taps[1].own = 12;
  sh->taps[2] = (LiveTap){ .parents = 6, .told = true };
  sh->taps[0] = (LiveTap){ .parents = 65536, .told = true, .full = true, .was_full = true };
  add_records(m, ta, tb, tc);
  add_pool(ta);
  return m;
}

static const char *draw(View *view, const Model *m, ViewSize size) {
  static StrBuf out;
  strbuf_clear(&out);
  view(m, &size, &out);
  return out.p;
}

/* Is no line wider, and no byte an escape? */
static bool fits(const char *text, int columns) {
  while (*text) {
    size_t len = strcspn(text, "\n");
    if ((int)cells_width(text, len) > columns || memchr(text, '\033', len)) return false;
    text += len + (text[len] == '\n');
  }
  return true;
}

static View *const all_views[] = {
  view_top, view_ps, view_lanes, view_ports, view_loop, view_pool, view_log, view_mem, view_taps, view_threads, view_one,
};

static void test_widths(const Model *m) {
  bool good = true;
  for (int columns = 20; columns <= 140; columns++)
    for (size_t i = 0; i < sizeof all_views / sizeof *all_views; i++) {
      if (fits(draw(all_views[i], m, (ViewSize){ .columns = columns, .pid = 4108, .level = 9 }), columns)) continue;
      printf("# view %zu is wider than %d columns\n", i, columns);
      good = false;
    }
  ok(good, "every view fits every width from 20 to 140, without colour no escape");
}

/* Names that another process has chosen do nothing to the terminal. */
static void test_hostile(void) {
  Model *m = fake_model();
  LiveProc *p = fake_proc(m, 7, NULL, "ro\033[31mle", "na\nme\xff");
  LiveThread *t = fake_thread(m, p, 7, 0);
  LiveRecord *r = fake_record(m, t, NOW, TRACE_USER_MARK, (TraceRecord){ 0 }, "\033]0;x\a");
  r->r.text_len = 255;
  r = fake_record(m, t, NOW, 250, (TraceRecord){ 0 }, "");
  bool good = true;
  for (size_t i = 0; i < sizeof all_views / sizeof *all_views; i++)
    good &= fits(draw(all_views[i], m, (ViewSize){ .columns = 80, .pid = 7, .level = 9 }), 80);
  ok(good, "control bytes and broken records are harmless");
  fake_free(m);
}

static void test_empty(void) {
  Model *m = fake_model();
  bool good = true;
  for (size_t i = 0; i < sizeof all_views / sizeof *all_views; i++)
    good &= *draw(all_views[i], m, (ViewSize){ .columns = 80 }) != '\0';
  ok(good, "an empty model has a line in every view");
  fake_free(m);
}

static void test_many(void) {
  Model *m = fake_model();
  LiveProc *a = fake_proc(m, 100, NULL, "script", "many.lua"), *p = a;
  for (int i = 1; i < 500; i++) p = fake_proc(m, 100 + i, i % 10 ? a : p, "child", "w.lua");
  const char *text = draw(view_top, m, (ViewSize){ .columns = 80, .rows = 20, .pid = 400 });
  int lines = 0;
  for (const char *at = text; *at; at++) lines += *at == '\n';
  ok(lines <= 20 && strstr(text, "\n>") && strstr(text, " 400 "), "of 500 processes 20 lines, the selected one among them");
  ok(strstr(text, "\n … and 292 more above: Up, 191 below: Down\n"), "and how many are above and below: %s", text);
  text = draw(view_top, m, (ViewSize){ .columns = 80, .rows = 20, .pid = 100 });
  ok(strstr(text, "\n … and 483 more below: Down, PgDn\n"), "or below alone: %s", text);
  text = draw(view_top, m, (ViewSize){ .columns = 80, .rows = 20, .pid = 100, .ended = true });
  ok(strstr(text, "\n … and 483 more\n"), "no keys for a picture of what is over: %s", text);
  fake_free(m);
}

/* What a shell that is over has started stands under who started the shell. */
static void test_shell_child(void) {
  Model *m = fake_model();
  LiveProc *a = fake_proc(m, 100, NULL, "prompt", "[prompt]"), *sh = fake_proc(m, 101, a, "sh", "sh");
  LiveProc *p = fake_proc(m, 102, sh, "lesson", "main.lua");
  a->traced = p->traced = true;
  sh->traced = false;
  sh->ended = p->ended = p->code_known = true;
  sh->end = p->end = NOW;
  const char *text = draw(view_ps, m, (ViewSize){ .columns = 80 });
  ok(strstr(text, "\n└─102 ") && !strstr(text, " sh "), "a child of a shell that is over: %s", text);
  fake_free(m);
}

/* It waits for who adopted it, and for nobody else. */
static void test_dead_orphan(void) {
  Model *m = scene();
  char note[128] = "";
  LiveProc *orphan = model_proc(m, 4120);
  orphan->state = 'Z';
  (void)fact_note(m, orphan, orphan->threads, note, sizeof note);
  is_text(note, "zombie: it has ended, and 1, who adopted it, has not asked how (waitpid)", "a dead orphan");
  fake_free(m);
}

/* The end of who is not a child of the run: its last record is all there is. */
static void test_unknown_end(void) {
  Model *m = fake_model();
  char note[128] = "";
  LiveProc *p = fake_proc(m, 100, NULL, "prompt", "[prompt]");
  p->ended = p->traced = true;
  (void)fact_note(m, p, NULL, note, sizeof note);
  is_text(note, "ended without an exit of its own: killed, most likely", "an end without a record");
  p->code_known = true;
  p->code = 3;
  (void)fact_note(m, p, NULL, note, sizeof note);
  is_text(note, "exited with code 3", "and with one");
  fake_free(m);
}

/* Two that pid 1 has adopted, the first with a child of its own. */
static void test_adopted(void) {
  Model *m = fake_model();
  LiveProc *first = fake_proc(m, 100, NULL, "child", "a.lua"), *second = fake_proc(m, 102, NULL, "child", "c.lua");
  (void)fake_proc(m, 101, first, "child", "b.lua");
  first->orphan = second->orphan = true;
  first->ppid = second->ppid = 1;
  const char *text = draw(view_ps, m, (ViewSize){ .columns = 80 });
  ok(strstr(text, "\n1 ") && strstr(text, "\n├┄100 ") && strstr(text, "\n│ └─101 ") && strstr(text, "\n└┄102 "),
     "what pid 1 has adopted: %s", text);
  fake_free(m);
}

static void test_top_80(const Model *m) {
  is_text(draw(view_top, m, (ViewSize){ .columns = 80, .pid = 4108 }),
    "7 procs  1 thread  loop lag max 812 ms  msgs 0/s  lost 0\n"
    " PID      ROLE        S  CPU%  RSS LAG ms RECENT       IN/OUT    Q PORTS  SINCE\n"
    " 4101     A primary   S   0.0 6.0M      0 ▁▁▁▁▁▁       12/40     0 3000*  02:11\n"
    " ├ 4107   B worker#1  S   0.0 6.0M      0 ▁▁▁▁▁▁       8/2       0 3000=A 02:11\n"
    ">├ 4108   C worker#2  R 100.0 6.0M    812 ▁▁▁▁▁█ BLOCK 0/0      14 3000=A 02:11\n"
    " │ └ 4115 C w1 thread S   0.0    -      0 ▁▁▁▁▁▁       0/0       0 -      02:11\n"
    " ├ 4130   sh          S   0.0 6.0M      -              no trace    -      02:11\n"
    " ├ 4131   F child     Z   0.0 6.0M      -        ZOMB  no trace    -      02:11\n"
    " └ 4140   G child     X          -      -        ENDED 0/0       0 -      00:02\n"
    " 4120     D ORPHAN    S   0.0 6.0M      0 ▁▁▁▁▁▁       closed    - 3000=A 02:11\n"
    " C blocked 812 ms in compute.lua:12 (function 'computation')\n"
    " F zombie: it has ended, and A has not asked how (waitpid)\n"
    " G killed by SIGKILL; its last words: send {n=7}\n"
    " D orphan: ppid 1 (was 4099)\n",
    ".top at 80 columns");
}

static void test_ps_80(const Model *m) {
  is_text(draw(view_ps, m, (ViewSize){ .columns = 80, .pid = 4108 }),
    " PID      NAME       S IPC        MEM FDS   AGE WHAT\n"
    " 4101     A primary  S -         6.0M   9 02:11 server.lua\n"
    " ├═4107   B worker#1 S 8/0       6.0M   9 02:11 server.lua\n"
    ">├═4108   C worker#2 R 22/0 Q=14 6.0M   9 02:11 blocked 812 ms in compute.lua:1…\n"
    " ├─4130   sh         S -         6.0M   9 02:11 sh (no trace)\n"
    " ├─4131   F child    Z -         6.0M   9 02:11 zombie: it has ended, and A has…\n"
    " └─4140   G child    X -            -   - 00:02 killed by SIGKILL; its last wor…\n"
    " 1        (adopter)                             not of this run\n"
    " └┄4120   D ORPHAN   S closed    6.0M   9 02:11 orphan: ppid 1 (was 4099); 服务…\n"
    " C blocked 812 ms in compute.lua:12 (function 'computation')\n"
    " F zombie: it has ended, and A has not asked how (waitpid)\n"
    " G killed by SIGKILL; its last words: send {n=7}\n"
    "═ channel  x closed  ─ none  ┄ adopted   IPC: messages down/up, Q not received\n",
    ".ps at 80 columns");
}

static void test_lanes_80(const Model *m) {
  is_text(draw(view_lanes, m, (ViewSize){ .columns = 80, .pid = 4108 }),
    "ms        A primary              B worker#1             C worker#2\n"
    "126000.0  fork #1 ───────────────▶ pid 4107             │\n"
    "126001.0  fork #2 ──────────────────────────────────────▶ pid 4108\n"
    "126009.0  send net.Serv… ═H3000══▶ recv +1.0 ms         │\n"
    "126020.0  send {work,n=1} ──────────────────────────────▶ ┆ queued\n"
    "126021.0  │                      │                      ▓▓ compute.lua:12\n"
    "126200.0  │                      * here                 ▓▓\n"
    "126832.0  │                      │                      ▓▓ 811 ms\n"
    "126833.0  │                      │                      recv +813 ms late {wo…\n"
    "126834.0  recv +1.0 ms ◀───────────────────────────────── send {n=499500}\n"
    "126900.0  │                      send lost              │\n"
    "130188.0  │                      │                      ▓▓ compute.lua:12\n"
    "131000.0  │                      │                      ▓▓ 812 ms so far\n",
    ".lanes at 80 columns");
}

static void test_ports_80(const Model *m) {
  is_text(draw(view_ports, m, (ViewSize){ .columns = 80, .pid = 4108 }),
    "ADDRESS          INODE  HOLDER           FD  ACCEPTED\n"
    "127.0.0.1:3000   54023  A primary 4101    9         -  4 holders\n"
    "                        B worker#1 4107  11        41\n"
    "                        C worker#2 4108  11         3\n"
    "                        D ORPHAN 4120    11        40\n"
    "127.0.0.1:3000 EADDRINUSE by G 4140 at 00:03:17, held by A primary 4101\n",
    ".ports at 80 columns");
}

static void test_loop_80(const Model *m) {
  is_text(draw(view_loop, m, (ViewSize){ .columns = 80, .pid = 4108 }),
    "A primary     ..................................................................\n"
    "B worker#1    ..................................................................\n"
    "C worker#2    ..............................................ti#!!!!!!!!!!!!!!!!!\n"
    "C w1 thread   ..................................................................\n"
    "D ORPHAN      ..................................................................\n"
    "1 = 50 ms, now at the right: . waits  t timers  i I/O  # Lua > 10 ms  ! > 200 ms\n",
    ".loop at 80 columns");
}

static void test_pool_80(const Model *m) {
  is_text(draw(view_pool, m, (ViewSize){ .columns = 80, .pid = 4108 }),
    "A primary  4 threads, 3 busy, 2 waiting\n"
    "    1  fs         for 10 ms\n"
    "    2  fs         for 20 ms\n"
    "    3  crypto     for 30 ms\n"
    "    4  idle\n"
    "       2 more wait until one of these is done (UV_THREADPOOL_SIZE)\n",
    ".pool at 80 columns");
}

static void test_log_80(const Model *m) {
  is_text(draw(view_log, m, (ViewSize){ .columns = 80, .pid = 4108 }),
    "00:03:15.210 B worker#1    out hello world\n"
    "00:03:15.220 sh            err 不行\n",
    ".log at 80 columns");
}

static void test_mem_80(const Model *m) {
  is_text(draw(view_mem, m, (ViewSize){ .columns = 80, .pid = 4108 }),
    "PROCESS         HEAP                BUFFERS                  RSS\n"
    "A primary       400K             ▁       0B             ▁   6.0M\n"
    "B worker#1      400K         ▁▂▄▆█       0B         █████   6.0M\n"
    "C worker#2      400K             ▁       0B             ▁   6.0M\n"
    "  C w1 thread   400K             ▁       0B             ▁\n"
    "D ORPHAN        400K             ▁       0B             ▁   6.0M\n"
    "sh                 -  no trace            -                 6.0M\n"
    "F child            -  no trace            -                 6.0M\n"
    "Each curve: one minute, now at the right, its highest value is its full height.\n",
    ".mem at 80 columns");
}

static void test_taps_80(const Model *m) {
  is_text(draw(view_taps, m, (ViewSize){ .columns = 80, .pid = 4108 }),
    "PROCESS      STDIN  STDOUT   READ  STDERR   READ  FULL\n"
    "A primary       0B      0B      -      0B      -\n"
    "B worker#1      0B     12B      -      0B      -\n"
    "C worker#2      0B      0B      -      0B      -\n"
    "D ORPHAN        0B      0B      -      0B      -\n"
    "sh             64K       ?      -       ?     6B  FULL stdin\n"
    "F child         0B       ?      -       ?      -\n"
    "Bytes. READ: by the parent. ?: not traced, FULL as far as the system tells.\n",
    ".taps at 80 columns");
}

static void test_threads_80(const Model *m) {
  is_text(draw(view_threads, m, (ViewSize){ .columns = 80, .pid = 4108 }),
    "THREAD        TID S CPU% LAG ms  Q OUT IN/OUT HEAP WHAT\n"
    "A main       4101 S  0.0      0  0   0 12/40  400K server.lua\n"
    "B main       4107 S  0.0      0  0   0 8/2    400K server.lua\n"
    "C main       4108 S  0.0    812 14   0 0/0    400K blocked 812 ms in compute.lu…\n"
    "C w1 thread  4115 S  0.0      0  0   0 0/0    400K compute.lua\n"
    "D main       4120 S  0.0      0  0   0 0/0    400K orphan: ppid 1 (was 4099); …\n"
    "Q: sent to it, not received   OUT: in its channels, not yet taken by the system\n",
    ".threads at 80 columns");
}

static void test_one_80(const Model *m) {
  is_text(draw(view_one, m, (ViewSize){ .columns = 80, .pid = 4108 }),
    "C worker#2 compute.lua, pid 4108\n"
    "  parent     A primary 4101\n"
    "  process    R, 100.0% CPU, 6.0M resident, 5 threads, 9 descriptors, since 02:11\n"
    "  note       blocked 812 ms in compute.lua:12 (function 'computation')\n"
    "  ports      3000=A\n"
    "  channel    to A primary: received 22 (14 wait), sent 0 (0 wait)\n"
    "  thread     tid 4108 main, lag 812 ms, heap 400K, in 0, out 0, waiting 14\n"
    "  thread     tid 4115 C w1, lag 0.0 ms, heap 400K, in 0, out 0, waiting 0\n"
    "  message    00:03:15.833  recv {work,n=1} (A, 813 ms)\n"
    "  message    00:03:15.834  send {n=499500} (A, 1.0 ms)\n"
    "  event      00:03:15.832  ▓▓ 811 ms\n",
    ".one at 80 columns");
}

static void test_top_60(const Model *m) {
  is_text(draw(view_top, m, (ViewSize){ .columns = 60, .pid = 4108 }),
    "7 procs  1 thread  loop lag max 812 ms  msgs 0/s  lost 0\n"
    " PID      ROLE       S  CPU% LAG ms       IN/OUT    Q PORTS\n"
    " 4101     A primary  S   0.0      0       12/40     0 3000*\n"
    " ├ 4107   B worker#1 S   0.0      0       8/2       0 3000=A\n"
    ">├ 4108   C worker#2 R 100.0    812 BLOCK 0/0      14 3000=A\n"
    " │ └ 4115 C w1 thre… S   0.0      0       0/0       0 -\n"
    " ├ 4130   sh         S   0.0      -       no trace    -\n"
    " ├ 4131   F child    Z   0.0      - ZOMB  no trace    -\n"
    " └ 4140   G child    X            - ENDED 0/0       0 -\n"
    " 4120     D ORPHAN   S   0.0      0       closed    - 3000=A\n"
    " C blocked 812 ms in compute.lua:12 (function 'computation')\n"
    " F zombie: it has ended, and A has not asked how (waitpid)\n"
    " G killed by SIGKILL; its last words: send {n=7}\n"
    " D orphan: ppid 1 (was 4099)\n",
    ".top at 60 columns");
}

static void test_ps_60(const Model *m) {
  is_text(draw(view_ps, m, (ViewSize){ .columns = 60, .pid = 4108 }),
    " PID      NAME       S IPC      MEM FDS   AGE WHAT\n"
    " 4101     A primary  S -       6.0M   9 02:11 server.lua\n"
    " ├═4107   B worker#1 S 8/0     6.0M   9 02:11 server.lua\n"
    ">├═4108   C worker#2 R 22/0 Q… 6.0M   9 02:11 blocked 812 m…\n"
    " ├─4130   sh         S -       6.0M   9 02:11 sh (no trace)\n"
    " ├─4131   F child    Z -       6.0M   9 02:11 zombie: it ha…\n"
    " └─4140   G child    X -          -   - 00:02 killed by SIG…\n"
    " 1        (adopter)                           not of this r…\n"
    " └┄4120   D ORPHAN   S closed  6.0M   9 02:11 orphan: ppid …\n"
    " C blocked 812 ms in compute.lua:12 (function 'computation')\n"
    " F zombie: it has ended, and A has not asked how (waitpid)\n"
    " G killed by SIGKILL; its last words: send {n=7}\n"
    " D orphan: ppid 1 (was 4099)\n"
    "═ channel  x closed  ─ none  ┄ adopted   IPC: messages down…\n",
    ".ps at 60 columns");
}

static void test_lanes_60(const Model *m) {
  is_text(draw(view_lanes, m, (ViewSize){ .columns = 60, .pid = 4108 }),
    "ms        A primary       B worker#1      C worker#2\n"
    "126000.0  fork #1 ────────▶ pid 4107      │\n"
    "126001.0  fork #2 ────────────────────────▶ pid 4108\n"
    "126009.0  send n… ═H3000══▶ recv +1.0 ms  │\n"
    "126020.0  send {work,… ───────────────────▶ ┆ queued\n"
    "126021.0  │               │               ▓▓ compute.lua…\n"
    "126200.0  │               * here          ▓▓\n"
    "126832.0  │               │               ▓▓ 811 ms\n"
    "126833.0  │               │               recv +813 ms l…\n"
    "126834.0  recv +1.0 ms ◀─────────────────── send {n=4995…\n"
    "126900.0  │               send lost       │\n"
    "130188.0  │               │               ▓▓ compute.lua…\n"
    "131000.0  │               │               ▓▓ 812 ms so f…\n",
    ".lanes at 60 columns");
}

/* No line for what happens in lanes that there is no room for. */
static void test_lanes_hidden(void) {
  Model *m = fake_model();
  LiveThread *t[4];
  for (int i = 0; i < 4; i++) {
    LiveProc *p = fake_proc(m, 100 + i, NULL, "child", "a.lua");
    t[i] = fake_thread(m, p, 100 + i, 0);
  }
  for (int i = 0; i < 8; i++) add(m, t[i < 6 ? i % 3 : 3], i, TRACE_USER_MARK, 0, 0, 0, 0, i == 6 ? "hidden" : "m");
  is_text(draw(view_lanes, m, (ViewSize){ .columns = 57 }),
    "ms        A child        B child        C child\n"
    "126000.0  * m            │              │\n"
    "126001.0  │              * m            │\n"
    "126002.0  │              │              * m\n"
    "126003.0  * m            │              │\n"
    "126004.0  │              * m            │\n"
    "126005.0  │              │              * m\n"
    "(1 more lane needs a wider terminal, or: .lanes NAME)\n",
    "lanes that there is no room for");
  fake_free(m);
}

/* What .slow holds back is not said to have come at once. */
/* One without a ring tells nothing itself: its lane is the first that is left out, and the last of all. */
static void test_lanes_mute(void) {
  Model *m = fake_model();
  LiveProc *a = fake_proc(m, 100, NULL, "prompt", "[prompt]"), *sh = fake_proc(m, 101, a, "sh", "sh");
  LiveThread *ta = fake_thread(m, a, 100, 0), *tc = fake_thread(m, fake_proc(m, 102, sh, "child", "c.lua"), 102, 0);
  *sh->letter = '\0';
  sh->traced = false;
  add(m, ta, 0, TRACE_PROC_SPAWN, 101, 0, 0, 0, "sh");
  add(m, tc, 1, TRACE_USER_MARK, 0, 0, 0, 0, "m");
  is_text(draw(view_lanes, m, (ViewSize){ .columns = 57 }),
    "ms        A prompt       C child        sh\n"
    "126000.0  spawn sh ─────────────────────▶ pid 101\n"
    "126001.0  │              * m            │\n",
    "a lane without a ring stands last");
  is_text(draw(view_lanes, m, (ViewSize){ .columns = 42 }),
    "ms        A prompt        C child\n"
    "126000.0  spawn sh        │\n"
    "126001.0  │               * m\n"
    "(1 more lane needs a wider terminal, or: …\n",
    "or is left out");
  fake_free(m);
}

static void test_lanes_slow(void) {
  Model *m = fake_model();
  LiveProc *a = fake_proc(m, 100, NULL, "prompt", "a.lua"), *b = fake_proc(m, 101, a, "child", "b.lua");
  LiveThread *ta = fake_thread(m, a, 100, 0), *tb = fake_thread(m, b, 101, 0);
  LiveRecord *sent = add(m, ta, 1, TRACE_IPC_SEND, 9, 1, 3, 0, "1");
  tie(m, sent, add(m, tb, 502, TRACE_IPC_RECV, 9, 1, 3, 500 * (int64_t)MS, "1"));
  is_text(draw(view_lanes, m, (ViewSize){ .columns = 80 }),
    "ms        A prompt                    B child\n"
    "126001.0  send 1 ─────────────────────▶ ┆ held (.slow)\n"
    "126502.0  │                           recv +501 ms slow 1\n",
    "a message that .slow holds back");
  fake_free(m);
}

static void test_ports_only(const Model *m) {
  const LiveProc *f = model_proc(m, 4131);
  is_text(draw(view_ports, m, (ViewSize){ .columns = 80, .only = f }), "F child listens on no port.\n", ".ports of one");
}

static void test_ports_60(const Model *m) {
  is_text(draw(view_ports, m, (ViewSize){ .columns = 60, .pid = 4108 }),
    "ADDRESS         INODE HOLDER          FD ACCEPTED\n"
    "127.0.0.1:3000  54023 A primary 4101   9        - 4 holders\n"
    "                      B worker#1 4107 11       41\n"
    "                      C worker#2 4108 11        3\n"
    "                      D ORPHAN 4120   11       40\n"
    "127.0.0.1:3000 EADDRINUSE by G 4140 at 00:03:17, held by A …\n",
    ".ports at 60 columns");
}

static void test_mem_60(const Model *m) {
  is_text(draw(view_mem, m, (ViewSize){ .columns = 60, .pid = 4108 }),
    "PROCESS        HEAP              BUFFERS   RSS\n"
    "A primary      400K            ▁      0B  6.0M\n"
    "B worker#1     400K        ▁▂▄▆█      0B  6.0M\n"
    "C worker#2     400K            ▁      0B  6.0M\n"
    "  C w1 thread  400K            ▁      0B\n"
    "D ORPHAN       400K            ▁      0B  6.0M\n"
    "sh                - no trace           -  6.0M\n"
    "F child           - no trace           -  6.0M\n"
    "Each curve: one minute, now at the right, its highest value…\n",
    ".mem at 60 columns");
}

int main(void) {
  (void)setlocale(LC_CTYPE, "C.UTF-8");
  (void)setenv("TZ", "UTC", 1);
  tzset();
  Model *m = scene();
  test_shell_child();
  test_dead_orphan();
  test_adopted();
  test_unknown_end();
  test_top_80(m);
  test_ps_80(m);
  test_lanes_80(m);
  test_ports_80(m);
  test_loop_80(m);
  test_pool_80(m);
  test_log_80(m);
  test_mem_80(m);
  test_taps_80(m);
  test_threads_80(m);
  test_one_80(m);
  test_top_60(m);
  test_ps_60(m);
  test_lanes_60(m);
  test_lanes_hidden();
  test_lanes_mute();
  test_lanes_slow();
  test_ports_only(m);
  test_ports_60(m);
  test_mem_60(m);
  test_widths(m);
  test_hostile();
  test_empty();
  test_many();
  fake_free(m);
  return tap_end();
}
