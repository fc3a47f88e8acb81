/* SPDX-License-Identifier: MIT */
/* screen.c - see screen.h. A frame is made as a list of lines; only those that differ from the last frame
 * are written, and at most ten frames a second. */
#include "screen.h"
#include "keys.h"
#include "rows.h"
#include "text.h"
#include "../inside/target.h"
#include "../edit/term.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FRAME_MS = 100, ESCAPE_MS = 50, MESSAGE_MS = 4000, CTRL_C = 3, CTRL_D = 4, CTRL_L = 12 };

typedef struct Screen {
  const ScreenStart *start;
  ScreenMode mode;
  int level, rows, columns;
  size_t back;           /* lines above the newest, lanes and log; first line shown, others */
  size_t most_back;      /* the last frame's: further up there is nothing */
  bool paused, done, pasting, dirty;
  uint64_t until;        /* paused: number behind the newest record */
  int pid, tid;          /* selected */
  uint64_t pid_start;    /* of its process */
  size_t row;            /* where it was listed */
  bool menu;             /* the next key is a signal for it */
  char message[160];
  uint64_t message_until; /* ms */
  SharedBlock *blocks;   /* owns; of the last look */
  size_t nblocks;
  StrBuf last;           /* the frame on the screen; empty: nothing of ours is there */
  uint64_t seen, drawn;  /* the model's time and ours (ms) of the last frame */
} Screen;

static uint64_t now_ms(void) { return uv_hrtime() / 1000000; }

/* ---- modes ---- */

static const struct ModeRow {
  const char *title;
  View *view;
  int key;
  bool lists; /* Up and Down select a process */
} modes[SCREEN_MODES] = {
  [SCREEN_TOP] = { "top", view_top, 0, true },
  [SCREEN_TREE] = { "tree", view_ps, 't', true },
  [SCREEN_LANES] = { "lanes", view_lanes, 'l', false },
  [SCREEN_PORTS] = { "ports", view_ports, 'p', false },
  [SCREEN_LOOP] = { "loop", view_loop, 'o', false },
  [SCREEN_POOL] = { "pool", view_pool, 'w', false },
  [SCREEN_LOG] = { "log", view_log, 'g', false },
  [SCREEN_MEM] = { "mem", view_mem, 'm', false },
  [SCREEN_TAPS] = { "taps", view_taps, 's', false },
  [SCREEN_THREADS] = { "threads", view_threads, 'h', false },
  [SCREEN_CELLS] = { "cells", NULL, 'c', false },
  [SCREEN_ONE] = { "detail", view_one, 0, false },
  [SCREEN_HELP] = { "keys", NULL, '?', false },
};

View *screen_view(ScreenMode mode) { return modes[mode].view; }

static bool grows_down(ScreenMode mode) { return mode == SCREEN_LANES || mode == SCREEN_LOG; }

static void go(Screen *s, ScreenMode mode) {
  s->mode = mode;
  s->back = 0;
  s->dirty = true;
}

/* ---- selecting ---- */

static void select_row(Screen *s, const ViewRow *row, size_t at) {
  s->pid = row->proc->pid;
  s->pid_start = row->proc->start;
  s->tid = row->thread ? row->thread->tid : 0;
  s->row = at;
}

/* Moves by so many rows; what has vanished gives its place to what is listed there now. */
static void move(Screen *s, const Model *m, long by) {
  ViewRows rows = view_rows(m, s->mode == SCREEN_TOP, false);
  size_t at = view_rows_find(&rows, s->pid, s->tid);
  if (at == SIZE_MAX) at = s->row;
  if (rows.count) {
    long to = (long)at + by;
    if (to >= (long)rows.count) to = (long)rows.count - 1;
    if (to < 0) to = 0;
    select_row(s, &rows.row[to], (size_t)to);
  }
  view_rows_free(&rows);
}

/* ---- the frame ---- */

static void draw_help(const ViewSize *size, StrBuf *out) {
  static const char *const lines[] = {
    "Up Down PgUp PgDn   select, or scroll        Enter   all about what is selected",
    "t   tree of processes     l   lanes          p   ports and their holders",
    "o   loops, as a strip     m   memory         h   threads and queues",
    "g   what was printed      s   streams        w   pools of threads",
    "c   shared cells          k   send a signal  Space   stop the picture",
    "1 to 9   detail of lanes (1 the fewest)      q Esc   back, and to the prompt",
  };
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) view_line(size, out, STYLE_NONE, " %s", lines[i]);
}

static void draw_cells(Screen *s, const Model *m, const ViewSize *size, StrBuf *out) {
  SharedBlock *blocks = calloc(SHARED_BLOCKS, sizeof *blocks);
  if (!blocks) return;
  size_t count = shared_read(m, blocks, s->blocks, s->nblocks);
  view_cells(blocks, count, size, out);
  free(s->blocks);
  s->blocks = blocks;
  s->nblocks = count;
}

static void draw_title(const Screen *s, const ViewSize *size, StrBuf *out) {
  char level[32] = "";
  if (s->mode == SCREEN_LANES) (void)snprintf(level, sizeof level, "  level %d", size->level);
  view_line(size, out, STYLE_BOLD, "moonfork %s%s%s%s", modes[s->mode].title, level, s->back ? "  [scrolled]" : "",
            s->paused ? "  [paused]" : "");
}

static void draw_foot(const Screen *s, const ViewSize *size, StrBuf *out) {
  if (s->menu)
    view_line(size, out, STYLE_YELLOW, "signal for %d: t TERM  i INT  k KILL  s STOP  c CONT  h HUP  1/2 USR1/2  Esc", s->pid);
  else if (*s->message) view_line(size, out, STYLE_YELLOW, "%s", s->message);
  else if (s->mode == SCREEN_TOP)
    view_line(size, out, STYLE_DIM, "Up/Down  Enter detail  t tree  l lanes  p ports  k signal  Space pause  ? q");
  else view_line(size, out, STYLE_DIM, "%s  Space pause  ? keys  q back", modes[s->mode].lists ? "Up/Down select  Enter detail" : "Up/Down scroll");
}

/* The view's lines; those that scroll as a whole are given without a limit and cut by the caller. */
static void draw_body(Screen *s, const Model *m, ViewSize *size, StrBuf *out) {
  if (s->mode != SCREEN_TOP) draw_title(s, size, out);
  if (s->mode == SCREEN_HELP) draw_help(size, out);
  else if (s->mode == SCREEN_CELLS) draw_cells(s, m, size, out);
  else modes[s->mode].view(m, size, out);
}

static const char *line_end(const char *at, const char *end) {
  const char *nl = memchr(at, '\n', (size_t)(end - at));
  return nl ? nl : end;
}

/* Takes the lines out of the body that fit, behind the title; fills up; adds the foot. */
static void cut_frame(Screen *s, const StrBuf *body, const ViewSize *size, StrBuf *frame) {
  const char *at = body->p, *end = body->p + body->len;
  int room = s->rows - 1, lines = 0;
  size_t all = 0;
  for (const char *p = at; p < end; p = line_end(p, end) + 1) all++;
  bool scrolls = !modes[s->mode].lists && !grows_down(s->mode);
  s->most_back = scrolls && all > (size_t)room ? all - (size_t)room : 0;
  if (scrolls && s->back > s->most_back) s->back = s->most_back;
  size_t skip = scrolls ? s->back : 0;
  for (size_t line = 0; at < end && lines < room; line++) {
    const char *nl = line_end(at, end);
    if (line == 0 || line > skip) {
      strbuf_add(frame, at, (size_t)(nl - at));
      strbuf_addc(frame, '\n');
      lines++;
    }
    at = nl + 1;
  }
  for (; lines < room; lines++) strbuf_addc(frame, '\n');
  draw_foot(s, size, frame);
}

/* Writes what differs from the last frame. */
static void show(Screen *s, const StrBuf *frame) {
  Bytes out = { 0 };
  const char *new_at = frame->p, *new_end = frame->p + frame->len;
  const char *old_at = s->last.p, *old_end = s->last.len ? s->last.p + s->last.len : old_at;
  for (int row = 1; new_at < new_end && row <= s->rows; row++) {
    const char *nl = line_end(new_at, new_end), *old_nl = old_at < old_end ? line_end(old_at, old_end) : NULL;
    size_t len = (size_t)(nl - new_at);
    if (!old_nl || (size_t)(old_nl - old_at) != len || memcmp(old_at, new_at, len) != 0) {
      bytes_format(&out, "\033[%d;1H", row);
      bytes_add(&out, new_at, len);
      bytes_str(&out, "\033[K");
    }
    new_at = nl + 1;
    if (old_nl) old_at = old_nl + 1;
  }
  if (out.len) term_write(out.data, out.len);
  bytes_free(&out);
}

/* Makes the frame; the model is held. */
static void draw(Screen *s, const Model *m, StrBuf *frame) {
  StrBuf body;
  ViewSize size = {
    .columns = s->columns, .rows = s->rows - 1, .colour = s->start->colour, .level = s->level, .back = s->back,
    .until = s->paused ? s->until : 0, .title = "moonfork top", .paused = s->paused,
  };
  if (modes[s->mode].lists && !s->paused) move(s, m, 0);
  size.pid = s->pid;
  size.tid = s->tid;
  size.only = s->start->only ? model_proc(m, s->start->only) : NULL;
  if (s->mode != SCREEN_TOP) size.rows--;
  if (!modes[s->mode].lists && !grows_down(s->mode)) size.rows = 0;
  if (!grows_down(s->mode)) size.back = 0;
  strbuf_init(&body);
  draw_body(s, m, &size, &body);
  if (!body.failed) cut_frame(s, &body, &size, frame);
  strbuf_free(&body);
}

/* Draws when something has changed and the last frame is old enough; returns how long to wait. */
static int draw_due(Screen *s) {
  int rows, columns;
  uint64_t now = now_ms();
  term_size(&rows, &columns);
  if (rows != s->rows || columns != s->columns || atomic_exchange(s->start->again, false)) {
    if (s->last.len) term_alternate(true);
    strbuf_clear(&s->last);
    s->rows = rows < 3 ? 3 : rows;
    s->columns = columns < 20 ? 20 : columns;
    s->dirty = true;
  }
  if (*s->message && now > s->message_until) {
    *s->message = '\0';
    s->dirty = true;
  }
  if (now - s->drawn < FRAME_MS) return (int)(FRAME_MS - (now - s->drawn));
  StrBuf frame;
  strbuf_init(&frame);
  const Model *m = live_hold(s->start->live);
  if (s->dirty || (m->now != s->seen && !s->paused)) {
    draw(s, m, &frame);
    s->seen = m->now;
    s->drawn = now;
    s->dirty = false;
  }
  live_release(s->start->live); /* a slow terminal holds nobody up */
  if (frame.len && !frame.failed) {
    show(s, &frame);
    strbuf_free(&s->last);
    s->last = frame;
  } else {
    strbuf_free(&frame); /* nothing new, or no memory: the last frame stays */
  }
  return FRAME_MS;
}

/* ---- keys ---- */

static void tell(Screen *s, const char *text) {
  (void)snprintf(s->message, sizeof s->message, "%s", text);
  s->message_until = now_ms() + MESSAGE_MS;
}

static void send_signal(Screen *s, int key) {
  static const struct { int key, number; const char *name; } choices[] = {
    { 't', SIGTERM, "SIGTERM" }, { 'i', SIGINT, "SIGINT" }, { 'k', SIGKILL, "SIGKILL" }, { 's', SIGSTOP, "SIGSTOP" },
    { 'c', SIGCONT, "SIGCONT" }, { 'h', SIGHUP, "SIGHUP" }, { '1', SIGUSR1, "SIGUSR1" }, { '2', SIGUSR2, "SIGUSR2" },
  };
  char text[160];
  s->menu = false;
  for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
    if (choices[i].key != key) continue;
    const Target target = { .pid = s->pid, .start = s->pid_start, .tid = s->pid };
    bool own = s->pid == (int)getpid();
    int err = own ? 0 : target_signal(&target, choices[i].number);
    if (own) (void)snprintf(text, sizeof text, "%d is this program itself: q, then .exit", s->pid);
    else if (err == -ESRCH) (void)snprintf(text, sizeof text, "%d has ended", s->pid);
    else if (err) (void)snprintf(text, sizeof text, "%s to %d: %s", choices[i].name, s->pid, uv_strerror(err));
    else (void)snprintf(text, sizeof text, "%s was sent to %d", choices[i].name, s->pid);
    tell(s, text);
  }
}

static void scroll(Screen *s, long by) {
  if (modes[s->mode].lists) {
    const Model *m = live_hold(s->start->live);
    move(s, m, by);
    live_release(s->start->live);
    return;
  }
  if (grows_down(s->mode)) by = -by;
  long to = (long)s->back + by;
  s->back = to > 0 ? (size_t)to : 0;
}

static void go_back(Screen *s) {
  if (s->mode == s->start->mode) s->done = true;
  else go(s, s->start->mode);
}

static void toggle_pause(Screen *s) {
  const Model *m = live_hold(s->start->live);
  s->paused = !s->paused;
  s->until = m->count;
  live_release(s->start->live);
}

static bool take_moving(Screen *s, int key) {
  int page = s->rows > 6 ? s->rows - 5 : 1;
  switch (key) {
  case KEY_UP: scroll(s, -1); return true;
  case KEY_DOWN: scroll(s, 1); return true;
  case KEY_PAGE_UP: scroll(s, -page); return true;
  case KEY_PAGE_DOWN: scroll(s, page); return true;
  case KEY_HOME: if (!grows_down(s->mode)) scroll(s, -1000000); return true;
  case KEY_END: if (grows_down(s->mode)) s->back = 0; else scroll(s, 1000000); return true;
  default: return false;
  }
}

static void take_key(Screen *s, int key) {
  s->dirty = true;
  if (key == KEY_PASTE || key == KEY_PASTE_END) s->pasting = key == KEY_PASTE;
  if (s->pasting || key == KEY_OTHER || key == KEY_PASTE_END) return;
  *s->message = '\0';
  if (key == CTRL_C || key == CTRL_D || key == KEY_F2 || key == KEY_ALT_V) {
    s->done = true;
  } else if (s->menu) {
    send_signal(s, key);
  } else if (take_moving(s, key)) {
    return;
  } else if (key == 'q' || key == KEY_ESCAPE) {
    go_back(s);
  } else if (key == ' ') {
    toggle_pause(s);
  } else if (key == 'k') {
    s->menu = s->pid > 0 && (modes[s->mode].lists || s->mode == SCREEN_ONE);
    if (!s->menu) tell(s, "a process has to be selected first: q, then Up and Down");
  } else if (key == '\r' || key == '\n') {
    if (modes[s->mode].lists && s->pid) go(s, SCREEN_ONE);
  } else if (key == CTRL_L) {
    strbuf_clear(&s->last);
    term_alternate(true);
  } else if (key >= '1' && key <= '9') {
    s->level = key - '0';
  } else {
    for (int i = 0; i < SCREEN_MODES; i++)
      if (modes[i].key == key) go(s, (ScreenMode)i);
  }
}

static void take_keys(Screen *s, bool late) {
  Bytes *typed = s->start->pending;
  size_t used, at = 0;
  while (at < typed->len && !s->done) {
    int key = view_key(typed->data + at, typed->len - at, late, &used);
    if (key == KEY_NONE) break;
    at += used;
    take_key(s, key);
  }
  bytes_drop(typed, at);
}

/* False when the terminal is gone. */
static bool read_keys(Screen *s) {
  char data[256];
  ssize_t n = read(s->start->keys, data, sizeof data);
  if (n < 0) return errno == EAGAIN || errno == EINTR;
  if (n > 0) bytes_add(s->start->pending, data, (size_t)n);
  return n > 0;
}

static void wait_and_take(Screen *s, int ms) {
  struct pollfd fds[] = { { .fd = s->start->keys, .events = POLLIN }, { .fd = s->start->wake, .events = POLLIN } };
  bool begun = s->start->pending->len > 0; /* an ESC: is it a key of its own? */
  int got = poll(fds, 2, begun && ms > ESCAPE_MS ? ESCAPE_MS : ms);
  if (got > 0 && fds[1].revents) s->done = true;
  else if (got > 0 && fds[0].revents) s->done = !read_keys(s);
  if (!s->done) take_keys(s, begun && got == 0);
}

void screen_run(const ScreenStart *start) {
  Screen s = { .start = start, .mode = start->mode, .level = start->level > 0 ? start->level : 3, .dirty = true };
  strbuf_init(&s.last);
  term_alternate(true);
  take_keys(&s, false);
  while (!s.done) wait_and_take(&s, draw_due(&s));
  term_alternate(false);
  strbuf_free(&s.last);
  free(s.blocks);
}
