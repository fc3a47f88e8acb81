/* SPDX-License-Identifier: MIT */
/* term.c - the terminal under the prompt; see term.h.
 *
 * The state is file-wide because a handler of a fatal signal has no context
 * to find it by. Main thread only, but for term_emergency. */
#include "term.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static struct {
  int fd;                      /* owned, -1 while closed */
  struct termios base;         /* as found */
  volatile sig_atomic_t raw;   /* 1 = raw, 2 = raw and bracketed paste asked for */
  volatile sig_atomic_t below; /* painted rows under the cursor */
  void (*_Atomic tap)(const char *data, size_t len); /* set by the main thread */
  _Atomic int alternate;       /* a view has the full screen */
} term = { .fd = -1 };

static int open_tty(void) {
  char name[PATH_MAX];
  int err = ttyname_r(0, name, sizeof name);
  if (err == ENOENT || err == ENODEV) { /* a terminal of another mount namespace has no name here */
    strcpy(name, "/dev/tty");
    err = 0;
  }
  if (err) return -err;
  int fd = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  return fd < 0 ? -errno : fd;
}

int term_open(void) {
  int fd = open_tty();
  if (fd < 0) return fd;
  if (tcgetattr(fd, &term.base) < 0) {
    int err = -errno;
    close(fd);
    return err;
  }
  term.fd = fd;
  term.raw = term.below = 0;
  return fd;
}

void term_close(void) {
  term_cooked();
  close(term.fd);
  term.fd = -1;
}

static void set_modes(const struct termios *modes) {
  while (tcsetattr(term.fd, TCSADRAIN, modes) < 0 && errno == EINTR) continue;
}

void term_raw(bool escapes) {
  struct termios modes = term.base;
  modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
  modes.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR | ISTRIP | IXON);
  modes.c_oflag |= OPOST | ONLCR; /* children print plain line ends */
  modes.c_cc[VMIN] = 1;
  modes.c_cc[VTIME] = 0;
  term.raw = escapes ? 2 : 1;
  set_modes(&modes);
  if (escapes) term_write("\033[?2004h", 8);
}

void term_cooked(void) {
  if (!term.raw) return;
  if (term.raw == 2) term_write("\033[?2004l", 8);
  set_modes(&term.base);
  term.raw = 0;
}

void term_alternate(bool on) {
  static const char begin[] = "\033[?1049h\033[?25l\033[H\033[J", end[] = "\033[?25h\033[?1049l";
  if (on) term_write(begin, sizeof begin - 1);
  term.alternate = on;
  if (!on) term_write(end, sizeof end - 1);
}

void term_below(int rows) {
  term.below = rows;
}

void term_emergency(void) {
  static const char leave[] = "\033[?2004l\033[?25h\033[0m", back[] = "\033[0m\033[?1049l";
  int saved = errno, raw = term.raw, down = term.below;
  if (!raw) return;
  term.raw = 0;
  tcsetattr(term.fd, TCSANOW, &term.base);
  ssize_t n = 0;
  if (term.alternate) n = write(term.fd, back, sizeof back - 1);
  if (raw == 2) n = write(term.fd, leave, sizeof leave - 1);
  for (; n >= 0 && down >= 0; down--) n = write(term.fd, "\r\n", 2);
  errno = saved;
}

void term_size(int *rows, int *columns) {
  struct winsize size = { 0 };
  int err = ioctl(term.fd < 0 ? 1 : term.fd, TIOCGWINSZ, &size); /* a lesson has not opened it */
  *rows = err == 0 && size.ws_row > 0 ? size.ws_row : 24; /* a serial line does not know its size */
  *columns = err == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

void term_set_tap(void (*tap)(const char *data, size_t len)) {
  term.tap = tap;
}

void term_write(const char *data, size_t len) {
  void (*tap)(const char *data, size_t len) = term.tap;
  if (tap) tap(data, len);
  while (len > 0) {
    ssize_t n = write(term.fd, data, len);
    if (n >= 0) {
      data += n;
      len -= (size_t)n;
    } else if (errno == EAGAIN) {
      struct pollfd ready = { .fd = term.fd, .events = POLLOUT };
      (void)poll(&ready, 1, -1); /* an interrupted wait is tried again above */
    } else if (errno != EINTR) {
      return;
    }
  }
}
