/* SPDX-License-Identifier: MIT */
/* ui.c - see ui.h. The terminal is raw only while a key is waited for, and shows what is typed only while a
 * line is read; SIGHUP, SIGINT and SIGTERM are noted and asked for. */
#include "ui.h"
#include "../commands/record.h"
#include "../views/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static struct {
  Lang lang;
  bool terminal, colours, quiet, away;
  StrBuf held; /* said while the terminal was away */
  struct termios base;
} ui;

static volatile sig_atomic_t gone;

static void on_end(int number) { gone = number; }

bool ui_gone(void) { return gone && gone != SIGINT; }
bool ui_is_terminal(void) { return ui.terminal; }
bool ui_colours(void) { return ui.colours; }

int ui_rows(void) {
  struct winsize size;
  return ui.terminal && ioctl(1, TIOCGWINSZ, &size) == 0 && size.ws_row ? size.ws_row : 24;
}

int ui_columns(void) {
  enum { LEAST_COLUMNS = 30 };
  struct winsize size;
  int columns = ui.terminal && ioctl(1, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : TEXT_COLUMNS;
  return columns > TEXT_COLUMNS ? TEXT_COLUMNS : columns < LEAST_COLUMNS ? LEAST_COLUMNS : columns;
}

/* ---- languages ---- */

Lang ui_lang(void) { return ui.lang; }

void ui_set_lang(Lang lang) {
  ui.lang = lang;
  (void)setenv("MOONFORK_LANG", lang == LANG_ZH ? "zh" : "en", 1);
}

bool lang_of_word(const char *word, Lang *lang) {
  if (!strncasecmp(word, "zh", 2)) *lang = LANG_ZH;
  else if (!strncasecmp(word, "en", 2)) *lang = LANG_EN;
  else return false;
  return true;
}

Lang lang_of_environment(void) {
  static const char *const names[] = { "MOONFORK_LANG", "LC_ALL", "LC_MESSAGES", "LANG" };
  Lang lang = LANG_EN;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const char *value = getenv(names[i]);
    if (value && lang_of_word(value, &lang)) break;
  }
  return lang;
}

const char *in_either(const char *en, const char *zh) { return lang_of_environment() == LANG_ZH ? zh : en; }

/* ---- opening ---- */

void ui_open(void) {
  struct sigaction act = { .sa_handler = on_end };
  const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
  ui.lang = lang_of_environment();
  ui.terminal = isatty(0) && isatty(1) && tcgetattr(0, &ui.base) == 0;
  ui.colours = ui.terminal && !(no_colour && *no_colour) && !(term && !strcmp(term, "dumb"));
  (void)sigemptyset(&act.sa_mask);
  (void)sigaction(SIGHUP, &act, NULL);
  (void)sigaction(SIGTERM, &act, NULL);
  (void)sigaction(SIGINT, &act, NULL);
}

void ui_close(void) {
  (void)record_stop();
  (void)fflush(stdout);
  if (ui.terminal) (void)tcsetattr(0, TCSANOW, &ui.base);
}

void ui_quiet(bool quiet) { ui.quiet = quiet; }

/* ---- writing ---- */

static void write_all(const char *p, size_t n) {
  while (n > 0) {
    ssize_t did = write(1, p, n);
    if (did < 0 && errno != EINTR) return; /* the terminal is gone: the signal says it, too */
    if (did > 0) p += did, n -= (size_t)did;
  }
}

void ui_write(const char *bytes, size_t len) {
  if (ui.quiet || len == 0) return;
  if (ui.away) {
    strbuf_add(&ui.held, bytes, len);
    return;
  }
  write_all(bytes, len);
  record_write(bytes, len);
}

static const char *shade_on(Shade shade) {
  static const char *const codes[] = { "", "\033[2m", "\033[31m", "\033[32m", "\033[33m", "\033[1m" };
  return ui.colours ? codes[shade] : "";
}

static void put(Shade shade, const char *head, const char *text, bool line_end) {
  StrBuf out, body;
  int indent = text_columns(head, strlen(head));
  strbuf_init(&out);
  strbuf_init(&body);
  text_wrap(&body, text, ui_columns(), indent, indent);
  if (!line_end && body.len > 0) body.len--;
  strbuf_adds(&out, shade_on(shade));
  strbuf_adds(&out, head);
  strbuf_add(&out, body.p, body.len);
  if (*shade_on(shade)) strbuf_adds(&out, "\033[0m");
  if (!out.failed) ui_write(out.p, out.len);
  strbuf_free(&body);
  strbuf_free(&out);
}

/* The format of the language, filled; the caller frees. */
static char *filled(const char *fmt, va_list ap) __attribute__((format(printf, 1, 0)));

static char *filled(const char *fmt, va_list ap) {
  char *text;
  return vasprintf(&text, fmt, ap) < 0 ? NULL : text;
}

#define FILL(text, en, zh)                                                          \
  do {                                                                              \
    va_list ap;                                                                     \
    va_start(ap, zh);                                                               \
    text = ui.lang == LANG_ZH ? filled(zh, ap) : filled(en, ap);                    \
    va_end(ap);                                                                     \
  } while (0)

void tell(const char *en, const char *zh, ...) {
  char *text;
  FILL(text, en, zh);
  if (text) put(SHADE_NONE, "", text, true);
  free(text);
}

void tell_in(Shade shade, const char *en, const char *zh, ...) {
  char *text;
  FILL(text, en, zh);
  if (text) put(shade, "", text, true);
  free(text);
}

void ask(const char *en, const char *zh, ...) {
  char *text;
  FILL(text, en, zh);
  if (text) {
    put(SHADE_BOLD, "", text, false);
    ui_write(" ", 1);
  }
  free(text);
}

void tell_text(Shade shade, const char *head, const char *text) { put(shade, head, text, true); }

void tell_blank(void) { ui_write("\n", 1); }

void tell_line(Shade shade, const char *text) {
  StrBuf out;
  strbuf_init(&out);
  strbuf_addf(&out, "%s%s%s\n", shade_on(shade), text, *shade_on(shade) ? "\033[0m" : "");
  if (!out.failed) ui_write(out.p, out.len);
  strbuf_free(&out);
}

/* Code: a line that is too long goes on in the next one, further in. */
void tell_picture(const char *text) {
  StrBuf out;
  strbuf_init(&out);
  for (const char *p = text; *p;) {
    size_t n = strcspn(p, "\n");
    text_fold(&out, p, n, ui_columns(), "");
    p += n + (p[n] == '\n');
  }
  if (!out.failed) ui_write(out.p, out.len);
  strbuf_free(&out);
}

/* Control characters of a lesson's output do not reach the terminal. */
void tell_output(const char *line, size_t len) {
  StrBuf plain, out;
  char gutter[24];
  strbuf_init(&plain);
  strbuf_init(&out);
  (void)snprintf(gutter, sizeof gutter, "%s  | %s", shade_on(SHADE_DIM), ui.colours ? "\033[0m" : "");
  for (size_t i = 0; i < len; i++)
    strbuf_addc(&plain, line[i] == '\t' ? ' ' : (unsigned char)line[i] < ' ' ? '?' : line[i]);
  text_fold(&out, plain.p ? plain.p : "", plain.len, ui_columns() - 4, gutter);
  if (!out.failed && !plain.failed) ui_write(out.p, out.len);
  strbuf_free(&plain);
  strbuf_free(&out);
}

/* ---- keys ---- */

typedef enum Typing { TYPE_NOTHING, TYPE_KEYS, TYPE_LINE } Typing;

static void typing(Typing what) {
  struct termios modes = ui.base;
  if (!ui.terminal || ui.away) return;
  if (what == TYPE_KEYS) {
    modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
    modes.c_iflag &= ~(tcflag_t)(INLCR | IGNCR | IXON);
    modes.c_iflag |= ICRNL;
    modes.c_cc[VMIN] = 1;
    modes.c_cc[VTIME] = 0;
  } else {
    modes.c_lflag |= ICANON | ECHO | ISIG;
    modes.c_iflag |= ICRNL | IUTF8;
    if (what == TYPE_NOTHING) modes.c_lflag &= ~(tcflag_t)ECHO;
  }
  (void)tcsetattr(0, TCSANOW, &modes);
}

/* Behind an ESC: alone it is a key, and of what it begins two are ours. */
static int read_sequence(void) {
  enum { ESCAPE_MS = 20 };
  struct pollfd in = { .fd = 0, .events = POLLIN };
  char bytes[17] = "\033";
  size_t used;
  ssize_t n = poll(&in, 1, ESCAPE_MS) == 1 ? read(0, bytes + 1, sizeof bytes - 1) : 0;
  if (n <= 0) return 'q';
  int key = view_key(bytes, (size_t)n + 1, true, &used);
  return key == KEY_F2 || key == KEY_ALT_V ? KEY_VIEW : KEY_NOTHING;
}

static int read_key(void) {
  char c;
  ssize_t n = read(0, &c, 1);
  if (n < 0 && errno == EINTR) return KEY_NOTHING;
  if (n <= 0) return KEY_GONE;
  if (c == '\033') return read_sequence();
  if (c == 4) return 'q';
  if (c == 8) return KEY_BACK;
  return c == '\r' ? KEY_ENTER : (unsigned char)c;
}

static long left_of(const struct timespec *began, int timeout) {
  struct timespec now;
  if (timeout < 0) return -1;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  long passed = (long)(now.tv_sec - began->tv_sec) * 1000 + (now.tv_nsec - began->tv_nsec) / 1000000;
  return passed >= timeout ? 0 : timeout - passed;
}

void ui_ready(void) {
  typing(TYPE_KEYS);
  if (ui.terminal) (void)tcflush(0, TCIFLUSH);
}

int ui_key(int timeout, int fd) {
  enum { GONE_MS = 500 };
  struct timespec began;
  int key = KEY_NOTHING;
  (void)clock_gettime(CLOCK_MONOTONIC, &began);
  typing(TYPE_KEYS);
  while (key == KEY_NOTHING) {
    struct pollfd fds[2] = { { .fd = 0, .events = POLLIN }, { .fd = fd, .events = POLLIN } };
    long left = left_of(&began, timeout);
    bool slice = left < 0 || left > GONE_MS; /* a signal may come just before the wait begins */
    int n = poll(fds, fd < 0 ? 1 : 2, gone ? 0 : slice ? GONE_MS : (int)left);
    if (gone == SIGINT) gone = 0, key = KEY_INTERRUPT;
    else if (gone) key = KEY_GONE;
    else if (n > 0 && fds[0].revents) key = read_key();
    else if (n > 0) key = KEY_EVENT;
    else if (n == 0 && !slice) break;
  }
  typing(TYPE_NOTHING);
  return key;
}

int ui_wait(int timeout, int fd) {
  if (ui.terminal && !ui.away) return ui_key(timeout, fd);
  struct pollfd one = { .fd = fd, .events = POLLIN };
  int n = poll(&one, 1, timeout);
  if (gone == SIGINT) {
    gone = 0;
    return KEY_INTERRUPT;
  }
  return gone ? KEY_GONE : n > 0 ? KEY_EVENT : KEY_NOTHING;
}

char *ui_line(const char *begin) {
  StrBuf line;
  char c;
  ssize_t n;
  strbuf_init(&line);
  strbuf_adds(&line, begin);
  size_t begun = line.len;
  typing(TYPE_LINE);
  if (*begin) ui_write(begin, strlen(begin));
  while ((n = read(0, &c, 1)) == 1 && c != '\n') strbuf_addc(&line, c);
  if (ui.terminal && line.len > begun) record_write(line.p + begun, line.len - begun); /* the terminal's echo */
  if (ui.terminal && n == 1) record_write("\n", 1);
  if (n < 0 && gone == SIGINT) gone = 0;
  if (n <= 0 && !(n == 0 && line.len > strlen(begin))) {
    strbuf_free(&line);
    return NULL;
  }
  if (!line.p) strbuf_adds(&line, ""); /* an empty line */
  return line.p ? line.p : strdup("");
}

void ui_away(void) {
  ui.away = true;
  if (ui.terminal) (void)tcsetattr(0, TCSANOW, &ui.base);
}

void ui_back(void) {
  ui.away = false;
  record_go_on();
  if (gone == SIGINT) gone = 0; /* it was meant for the other program */
  if (!ui.held.failed) ui_write(ui.held.p, ui.held.len);
  strbuf_free(&ui.held);
}
