/* SPDX-License-Identifier: MIT */
/* stage.c - see stage.h. */
#include "stage.h"
#include "look.h"
#include "ui.h"
#include "../../modules/core/signame.h"
#include "../../modules/core/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <uv.h>
#include <unistd.h>

extern char **environ;

enum {
  TURN_MS = 20, FOLLOW_MS = 15, SHOWN_LINES = 400, KEPT_LINES = 20000, GRACE_MS = 3000, SETTLE_MS = 60000,
  LINE_LIMIT = 1 << 20
};

typedef struct Run {
  Stage *stage;
  pid_t pid;
  int out, chan, pidfd, events; /* -1: closed */
  StrBuf line, message;
  size_t shown;
  bool hushed;               /* what is said while it is being ended is not shown */
  uint64_t began, asked, looked; /* ns; when `over` was last asked, when the model was refreshed */
} Run;

const char *stage_program(void) {
  static char path[PATH_MAX];
  ssize_t n = *path ? (ssize_t)strlen(path) : readlink("/proc/self/exe", path, sizeof path - 1);
  return n > 0 ? path : NULL;
}

/* ---- the environment ---- */

static bool is_ours(const char *entry) {
  static const char *const names[] = { "NODE_CHANNEL_FD", "NODE_CHANNEL_SERIALIZATION_MODE", "NODE_UNIQUE_ID", "PORT",
    "TMPDIR", TRACE_ENV, TRACE_ENV_CHANNEL, TRACE_ENV_ROLE, LESSON_ENV, "MOONFORK_LESSON_SEED", "MOONFORK_LESSON_PUZZLE",
    "MOONFORK_LESSON_PLAY",
    "MOONFORK_LESSON_SCRIPT", "MOONFORK_LESSON_RECORD" };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    size_t len = strlen(names[i]);
    if (!strncmp(entry, names[i], len) && entry[len] == '=') return true;
  }
  return false;
}

static void add_pair(char **list, size_t *n, const char *name, const char *value) {
  if (asprintf(&list[*n], "%s=%s", name, value) >= 0) (*n)++;
  list[*n] = NULL;
}

char **stage_environment(const Lair *lair, const char *trace, const char *const *more) {
  size_t n = 0, count = 16;
  char *scratch = NULL;
  for (char **e = environ; *e; e++) count++;
  char **list = calloc(count, sizeof *list);
  if (!list || asprintf(&scratch, "%s/tmp", lair->scratch) < 0) {
    free(list);
    return NULL;
  }
  for (char **e = environ; *e; e++)
    if (!is_ours(*e) && (list[n] = strdup(*e))) n++;
  (void)mkdir(scratch, 0700);
  add_pair(list, &n, LESSON_ENV, lair->id);
  add_pair(list, &n, "TMPDIR", scratch);
  if (trace) add_pair(list, &n, TRACE_ENV, trace);
  for (; more && *more; more += 2) add_pair(list, &n, more[0], more[1]);
  free(scratch);
  return list;
}

void environment_free(char **list) {
  for (char **e = list; e && *e; e++) free(*e);
  free(list);
}

/* ---- starting ---- */

static char *folder_of(const char *file) {
  char *folder = strdup(file), *slash = folder ? strrchr(folder, '/') : NULL;
  if (slash) *slash = '\0';
  return folder;
}

/* A fresh folder for the flight recorder, and the collector that reads it. */
static int open_trace(Stage *s) {
  static int serial;
  int err = 0;
  if (asprintf(&s->trace, "%s/run%d", s->lair->scratch, ++serial) < 0) {
    s->trace = NULL;
    return ENOMEM;
  }
  if (mkdir(s->trace, 0700) != 0) return errno;
  int fd = open(s->trace, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return errno;
  s->live = live_start(fd, s->trace, &err);
  (void)close(fd);
  return s->live ? 0 : -err;
}

static int start_process(Run *run, int out, int chan, const char *folder, char **env) {
  Stage *s = run->stage;
  const char *argv[MOST_ARGS + 5];
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attr;
  sigset_t signals;
  int n = 0;
  argv[n++] = stage_program();
  argv[n++] = s->file;
  if (s->before) argv[n++] = s->before;
  for (int i = 0; i < s->step->nargs; i++) argv[n++] = s->step->args[i];
  argv[n] = NULL;
  int err = posix_spawn_file_actions_init(&actions);
  if (err) return err;
  if ((err = posix_spawnattr_init(&attr))) {
    (void)posix_spawn_file_actions_destroy(&actions);
    return err;
  }
  (void)posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  (void)posix_spawn_file_actions_adddup2(&actions, out, 1);
  (void)posix_spawn_file_actions_adddup2(&actions, out, 2);
  if (chan >= 0) (void)posix_spawn_file_actions_adddup2(&actions, chan, 3);
  (void)posix_spawn_file_actions_addchdir_np(&actions, folder);
  (void)sigfillset(&signals);
  (void)posix_spawnattr_setsigdefault(&attr, &signals);
  (void)sigemptyset(&signals);
  (void)posix_spawnattr_setsigmask(&attr, &signals);
  (void)posix_spawnattr_setpgroup(&attr, 0);
  (void)posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  err = posix_spawn(&run->pid, "/proc/self/exe", /* also when the file was replaced */
                    &actions, &attr, (char **)argv, env);
  (void)posix_spawnattr_destroy(&attr);
  (void)posix_spawn_file_actions_destroy(&actions);
  return err;
}

static void watch_fd(Run *run, int fd) {
  struct epoll_event ev = { .events = EPOLLIN, .data = { .fd = fd } };
  if (fd >= 0) (void)epoll_ctl(run->events, EPOLL_CTL_ADD, fd, &ev);
}

/* The pair's first end does not block, is ours and is closed in the child; the second is the child's. */
static int open_pair(int fds[2], bool socket) {
  int err = socket ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) : pipe2(fds, O_CLOEXEC);
  if (err == 0) (void)fcntl(fds[0], F_SETFL, O_NONBLOCK);
  return err ? errno : 0;
}

/* What was drawn for the run, as the student has seen it; NULL. The caller frees. */
static char *puzzle_of(const Stage *s) {
  Facts drawn = { .seed = s->seed };
  StrBuf why;
  strbuf_init(&why);
  char *text = s->step->puzzle ? facts_value(s->guide, s->step->puzzle, &drawn, &why) : NULL;
  strbuf_free(&why);
  return text;
}

static int start(Run *run) {
  Stage *s = run->stage;
  char seed[24];
  const char *more[9] = { NULL };
  int out[2] = { -1, -1 }, chan[2] = { -1, -1 }, n = 0, err;
  if (s->channel) more[n++] = "NODE_CHANNEL_FD", more[n++] = "3";
  if (s->seed) {
    (void)snprintf(seed, sizeof seed, "%ld", s->seed);
    more[n++] = "MOONFORK_LESSON_SEED";
    more[n++] = seed;
  }
  char *puzzle = puzzle_of(s);
  if (puzzle) more[n++] = "MOONFORK_LESSON_PUZZLE", more[n++] = puzzle;
  char *folder = folder_of(s->file), **env = stage_environment(s->lair, s->trace, more);
  err = folder && env && stage_program() ? open_pair(out, false) : ENOMEM;
  if (!err && s->channel) err = open_pair(chan, true);
  s->facts.began = run->began = uv_hrtime();
  if (!err) err = start_process(run, out[1], chan[1], folder, env);
  if (out[1] >= 0) (void)close(out[1]);
  if (chan[1] >= 0) (void)close(chan[1]);
  free(folder);
  free(puzzle);
  environment_free(env);
  run->out = out[0];
  run->chan = chan[0];
  if (err) return err;
  s->facts.pid = (int)run->pid;
  run->pidfd = (int)syscall(SYS_pidfd_open, run->pid, 0);
  watch_fd(run, run->out);
  watch_fd(run, run->chan);
  watch_fd(run, run->pidfd);
  return 0;
}

/* ---- reading ---- */

static void take_line(Run *run, const char *text, size_t len) {
  Stage *s = run->stage;
  if (len > 0 && text[len - 1] == '\r') len--;
  if (s->facts.nlines < KEPT_LINES) facts_add_line(&s->facts, text, len);
  if (!s->show || run->hushed) return;
  if (run->shown++ < SHOWN_LINES) tell_output(text, len);
  else if (run->shown == SHOWN_LINES + 1) tell_in(SHADE_DIM, "(more lines are not shown)", "（后面的行不再显示）");
}

static void take_lines(Run *run, StrBuf *buf, bool message, bool end) {
  char *newline;
  while (buf->len > 0 && (newline = memchr(buf->p, '\n', buf->len))) {
    size_t len = (size_t)(newline - buf->p);
    if (message) facts_add_message(&run->stage->facts, buf->p, len);
    else take_line(run, buf->p, len);
    strbuf_consume(buf, len + 1);
  }
  if (buf->len == 0 || (!end && buf->len < LINE_LIMIT)) return;
  if (!message) take_line(run, buf->p, buf->len);
  strbuf_clear(buf);
}

/* Reads what is there; closes the descriptor at its end. */
static void read_from(Run *run, int *fd, StrBuf *buf, bool message) {
  ssize_t n = 1;
  for (int turns = 0; *fd >= 0 && turns < 16 && n > 0; turns++) {
    if (!strbuf_reserve(buf, 65536)) return;
    n = read(*fd, buf->p + buf->len, 65536);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) break;
    if (n <= 0) {
      (void)close(*fd);
      *fd = -1;
    } else {
      buf->len += (size_t)n;
      buf->p[buf->len] = '\0';
    }
  }
  take_lines(run, buf, message, *fd < 0);
}

static void look_at_end(Run *run) {
  Facts *f = &run->stage->facts;
  int status;
  if (f->ended || waitpid(run->pid, &status, WNOHANG) != run->pid) return;
  f->ended = true;
  if (WIFSIGNALED(status)) f->signal = WTERMSIG(status);
  else f->code = WEXITSTATUS(status);
  if (run->pidfd >= 0) (void)close(run->pidfd), run->pidfd = -1;
}

static void read_all(Run *run) {
  look_at_end(run);
  read_from(run, &run->out, &run->line, false);
  read_from(run, &run->chan, &run->message, true);
}

/* ---- until it is over ---- */

const Model *stage_hold(Stage *s) { return s->facts.model = s->live ? live_hold(s->live) : NULL; }

void stage_release(Stage *s) {
  if (s->live && s->facts.model) live_release(s->live);
  s->facts.model = NULL;
}

/* Who adopts an orphan is seen only while it lives, so what happens is followed closely. */
static void follow(Run *run) {
  if (uv_hrtime() - run->looked < FOLLOW_MS * 1000000ull) return;
  Stage *s = run->stage;
  live_refresh(s->live);
  if (s->show) beside_look(s);
  run->looked = uv_hrtime();
}

static bool guide_says_over(Run *run) {
  Stage *s = run->stage;
  StrBuf why;
  if (!s->step->over || uv_hrtime() - run->asked < 100000000u) return false;
  run->asked = uv_hrtime();
  strbuf_init(&why);
  (void)stage_hold(s);
  bool over = facts_check(s->guide, s->step->over, &s->facts, &why);
  stage_release(s);
  strbuf_free(&why);
  return over;
}

/* F2: the views over the run, which goes on. */
static void open_views(Run *run) {
  if (run->stage->show && look_open(run->stage->live, SCREEN_TOP, 0, 0)) watch_fd(run, look_fd());
}

static bool is_too_long(const Run *run) {
  const Stage *s = run->stage;
  double limit = s->step->limit * (s->patience > 0 ? s->patience : 1);
  return (double)(uv_hrtime() - run->began) / 1e9 > limit;
}

/* One turn; true: the run is over, and ending says why. */
static bool turn(Run *run) {
  Stage *s = run->stage;
  int key = ui_wait(TURN_MS, run->events);
  if (key == KEY_VIEW) open_views(run);
  look_poll();
  read_all(run);
  follow(run);
  if (key == KEY_INTERRUPT) s->ending = END_INTERRUPTED;
  else if (key == KEY_GONE) s->ending = END_GONE;
  else if (s->facts.ended && (s->first_only || lair_alive(s->lair) <= 0)) s->ending = END_ENDED;
  else if (guide_says_over(run)) s->ending = END_OVER;
  else if (is_too_long(run)) s->ending = END_LIMIT;
  else return false;
  return true;
}

/* Waits until nothing lives any more, the grace at most. While the machine leaves us no time it leaves none to
 * those who are about to end: a turn counts for twice its length at most. */
static void wait_for_all(Run *run) {
  const uint64_t longest = 2 * TURN_MS * 1000000ull;
  uint64_t waited = 0, last = uv_hrtime();
  while (lair_alive(run->stage->lair) > 0 && waited < GRACE_MS * 1000000ull) {
    struct epoll_event ev;
    (void)epoll_wait(run->events, &ev, 1, TURN_MS);
    read_all(run);
    uint64_t now = uv_hrtime(), took = now - last;
    waited += took < longest ? took : longest;
    last = now;
  }
}

static void end_rest(Run *run) {
  Stage *s = run->stage;
  if (s->ending == END_OVER && !s->facts.ended) {
    int number = s->step->stop ? signal_number(s->step->stop, true) : SIGTERM;
    (void)kill(run->pid, number > 0 ? number : SIGTERM);
  }
  if (s->ending == END_OVER || s->ending == END_ENDED) wait_for_all(run);
  read_all(run);
  run->hushed = true;
  int alive = lair_alive(s->lair);
  s->facts.left = alive > 0 ? alive : 0;
  if (alive < 0) (void)kill(-run->pid, SIGKILL); /* no /proc: at least its group */
  lair_reclaim(s->lair, &s->reclaimed);
  while (!s->facts.ended) { /* without /proc nothing else has ended it */
    (void)kill(run->pid, SIGKILL);
    (void)usleep(2000);
    look_at_end(run);
  }
  read_all(run);
  take_lines(run, &run->line, false, true);
}

void stage_run(Stage *s) {
  Run run = { .stage = s, .out = -1, .chan = -1, .pidfd = -1 };
  strbuf_init(&run.line);
  strbuf_init(&run.message);
  facts_clear(&s->facts);
  s->facts.seed = s->seed;
  run.events = epoll_create1(EPOLL_CLOEXEC);
  s->ending = END_FAILED;
  s->err = run.events < 0 ? errno : open_trace(s);
  if (!s->err && s->show) beside_open(&s->beside, s->trace);
  if (!s->err) s->err = start(&run);
  if (!s->err) {
    while (!turn(&run)) {}
    s->seconds = (double)(uv_hrtime() - run.began) / 1e9;
    end_rest(&run);
    live_settle(s->live, SETTLE_MS);
    look_wait();
  }
  if (run.out >= 0) (void)close(run.out);
  if (run.chan >= 0) (void)close(run.chan);
  if (run.pidfd >= 0) (void)close(run.pidfd);
  if (run.events >= 0) (void)close(run.events);
  strbuf_free(&run.line);
  strbuf_free(&run.message);
}

void stage_close(Stage *s) {
  if (s->live) live_stop(s->live);
  s->live = NULL;
  strbuf_free(&s->beside.text);
  strbuf_free(&s->tree.text);
  kept_close(s->beside.kept);
  s->beside.kept = NULL;
  facts_clear(&s->facts);
  if (s->trace) remove_tree(s->trace);
  free(s->trace);
  s->trace = NULL;
}
