/* SPDX-License-Identifier: MIT */
/* look.c - see look.h. */
#include "look.h"
#include "ui.h"
#include "../edit/term.h"
#include "../side_thread.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

static struct {
  bool open;
  uv_thread_t thread;
  int wake, over;      /* eventfds: asks it to end; it has ended */
  _Atomic bool again;
  Bytes keys;
  ScreenStart start;
} look;

static void run_screen(void *arg) {
  (void)arg;
  screen_run(&look.start);
  (void)eventfd_write(look.over, 1);
}

static void give_back(void) {
  if (look.wake >= 0) (void)close(look.wake);
  if (look.over >= 0) (void)close(look.over);
  bytes_free(&look.keys);
  term_close();
  ui_back();
  look.open = false;
}

bool look_open(Live *live, ScreenMode mode, int level, int only) {
  if (look.open || !ui_is_terminal()) return false;
  ui_away();
  int fd = term_open();
  if (fd < 0) {
    ui_back();
    return false;
  }
  term_raw(true);
  look.wake = eventfd(0, EFD_CLOEXEC);
  look.over = eventfd(0, EFD_CLOEXEC);
  look.start = (ScreenStart){ .live = live, .mode = mode, .level = level, .only = only, .keys = fd,
    .wake = look.wake, .colour = ui_colours(), .again = &look.again, .pending = &look.keys };
  look.open = look.wake >= 0 && look.over >= 0 && side_thread_start(&look.thread, run_screen, NULL) == 0;
  if (look.open) return true;
  give_back();
  return false;
}

int look_fd(void) { return look.open ? look.over : -1; }

static bool is_over(int ms) {
  struct pollfd over = { .fd = look.over, .events = POLLIN };
  return poll(&over, 1, ms) > 0;
}

static void close_screen(void) {
  (void)eventfd_write(look.wake, 1);
  (void)uv_thread_join(&look.thread);
  give_back();
}

void look_poll(void) {
  if (look.open && is_over(0)) close_screen();
}

void look_wait(void) {
  enum { ASK_MS = 200 };
  if (!look.open) return;
  while (!ui_gone() && !is_over(ASK_MS)) {}
  close_screen();
}
