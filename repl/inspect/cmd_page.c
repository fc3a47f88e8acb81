/* SPDX-License-Identifier: MIT */
/* cmd_page.c - .inspect: the page for a browser, of this prompt's run. */
#include "inspect.h"
#include "../commands.h"
#include "../say.h"
#include "../../modules/core/trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The collector of this prompt, started when it is first needed. */
static Live *collector(void) {
  int err = 0;
  Live *live = live_running();
  if (live) return live;
  if (trace_dirfd() < 0) {
    say("Nothing is traced here, so there is nothing to show.");
    return NULL;
  }
  live = live_start(trace_dirfd(), trace_dir(), &err);
  if (!live) say_styled(STYLE_RED, ".inspect: %s", uv_strerror(err));
  return live;
}

static void show_lines(void) {
  char url[96], tunnel[420];
  inspect_lines(url, sizeof url, tunnel, sizeof tunnel);
  say("%s", url);
  say_styled(STYLE_DIM, "From another machine first: %s", tunnel);
  say_styled(STYLE_DIM, "(.inspect off closes it; whoever has the address can look, and change nothing)");
}

static void close_page(void) {
  int port = inspect_port();
  inspect_close();
  if (port) say("Port %d is closed.", port);
  else say("No page is open.");
}

void cmd_page(const Command *command) {
  PageOptions options = { 0 };
  const char *word = command->args;
  char *end = NULL;
  if (!strcmp(word, "off")) {
    close_page();
    return;
  }
  long port = *word ? strtol(word, &end, 10) : 0;
  if ((end && (end == word || *end)) || port < 0 || port > 65535) {
    say(".inspect [PORT], or .inspect off");
    return;
  }
  if (inspect_port()) {
    say("The page is open:");
    show_lines();
    return;
  }
  Live *live = collector();
  if (!live) return;
  options.port = (int)port;
  int err = inspect_open(live, &options);
  if (err) say_styled(STYLE_RED, ".inspect: port %ld: %s", port, uv_strerror(err));
  else show_lines();
}
