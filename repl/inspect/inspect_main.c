/* SPDX-License-Identifier: MIT */
/* inspect_main.c - `moonfork inspect`: a run is looked at from another terminal. */
#include "folder.h"
#include "inspect.h"
#include "../views/top_main.h"
#include "../views/top_main.h"
#include "../../modules/core/trace.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { USAGE = 9 };

static const char usage[] =
    "Usage: moonfork inspect [--dir FOLDER] [--web [--port N] [--show-args]]\n"
    "\n"
    "Looks at a traced run from another terminal. FOLDER is that of the run, as\n"
    "--trace=FOLDER or MOONFORK_TRACE_DIR name it; without it the newest run of\n"
    "yours is taken. --web serves the page for a browser until Ctrl-C; --show-args\n"
    "shows the arguments of processes there, which may hold secrets. Without --web\n"
    "it is `moonfork top`.\n";

typedef struct Words {
  const char *dir;
  bool web, help;
  PageOptions page;
} Words;

static int bad(const char *what, const char *word) {
  (void)fprintf(stderr, "moonfork inspect: %s%s\n%s", what, word, usage);
  return USAGE;
}

static bool port_of(const char *text, int *port) {
  char *end;
  errno = 0;
  long n = strtol(text, &end, 10);
  *port = (int)n;
  return !errno && end != text && !*end && n >= 0 && n <= 65535;
}

/* `--name value` and `--name=value`; NULL with *i as it was when the word is another one. */
static const char *value_of(const char *name, int nargs, char **args, int *i) {
  size_t len = strlen(name);
  if (strncmp(args[*i], name, len) != 0) return NULL;
  if (args[*i][len] == '=') return args[*i] + len + 1;
  return args[*i][len] || *i + 1 >= nargs ? NULL : args[++*i];
}

static int read_words(Words *w, int nargs, char **args) {
  for (int i = 0; i < nargs; i++) {
    const char *word = args[i], *value;
    if (!strcmp(word, "--web")) w->web = true;
    else if (!strcmp(word, "--show-args")) w->page.args = true;
    else if (!strcmp(word, "-h") || !strcmp(word, "--help")) w->help = true;
    else if ((value = value_of("--dir", nargs, args, &i))) w->dir = value;
    else if ((value = value_of("--port", nargs, args, &i))) {
      if (!port_of(value, &w->page.port)) return bad("no port: ", value);
    } else return bad("bad option: ", word);
  }
  if (!w->web && (w->page.port || w->page.args)) return bad("--port and --show-args need --web", "");
  return 0;
}

/* The signals that end us are waited for; the collector's thread has none. */
static int serve(Live *live, const Words *w, const sigset_t *ends) {
  char url[96], tunnel[420];
  int err = inspect_open(live, &w->page), got;
  if (err) {
    (void)fprintf(stderr, "moonfork inspect: port %d: %s\n", w->page.port, uv_strerror(err));
    return 1;
  }
  inspect_lines(url, sizeof url, tunnel, sizeof tunnel);
  (void)printf("%s\n", url);
  (void)fprintf(stderr, "From another machine first: %s\nCtrl-C ends it.\n", tunnel);
  (void)fflush(stdout);
  (void)sigwait(ends, &got);
  inspect_close();
  return 0;
}

static int serve_folder(const Words *w) {
  char path[PATH_MAX];
  sigset_t ends;
  int err = 0, dirfd = run_folder_open("moonfork inspect", w->dir, path, sizeof path);
  if (dirfd < 0) return 1;
  (void)sigemptyset(&ends);
  for (size_t i = 0; i < 3; i++) (void)sigaddset(&ends, (const int[]){ SIGINT, SIGTERM, SIGHUP }[i]);
  (void)pthread_sigmask(SIG_BLOCK, &ends, NULL);
  Live *live = live_start(dirfd, path, &err);
  (void)close(dirfd);
  if (!live) {
    (void)fprintf(stderr, "moonfork inspect: %s: %s\n", path, uv_strerror(err));
    return 1;
  }
  int code = serve(live, w, &ends);
  live_stop(live);
  return code;
}

int inspect_main(int nargs, char **args) {
  Words w = { 0 };
  int code = read_words(&w, nargs, args);
  if (code) return code;
  if (w.help) return fputs(usage, stdout) < 0;
  if (w.web) return serve_folder(&w);
  return top_show("moonfork inspect", w.dir);
}
