/* SPDX-License-Identifier: MIT */
/* cmd_page.c - .inspect: the page for a browser, of this prompt's run. */
#include "inspect.h"
#include "../commands/commands.h"
#include "../say.h"
#include "../views/attach.h"
#include "../../modules/core/trace.h"

#include <stdlib.h>
#include <string.h>

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
  Live *live = views_live(command->repl);
  if (!live) {
    if (!trace_dir()) say("Nothing is traced here, so there is nothing to show.");
    return;
  }
  options.port = (int)port;
  int err = inspect_open(live, &options);
  if (err) say_styled(STYLE_RED, ".inspect: port %ld: %s", port, uv_strerror(err));
  else show_lines();
}
