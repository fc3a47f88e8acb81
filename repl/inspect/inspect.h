/* SPDX-License-Identifier: MIT */
/* inspect.h - the page of a collector: opened and closed from the main thread. One per process. */
#ifndef MOONFORK_INSPECT_INSPECT_H
#define MOONFORK_INSPECT_INSPECT_H

#include "page.h"
#include "../live/live.h"

/* Opens the page on the collector's loop. 0 or a negative uv error. */
int inspect_open(Live *live, const PageOptions *opt);

/* Closes the page; its port is closed when this returns. Before live_stop. Harmless without a page. */
void inspect_close(void);

int inspect_port(void); /* 0: no page is open */

/* The two lines for a person: the address, and how to get there from another machine. */
void inspect_lines(char *url, size_t url_size, char *tunnel, size_t tunnel_size);

/* `moonfork inspect [--dir D] [--web] [--port N] [--show-args]`: the exit code. */
int inspect_main(int nargs, char **args);

#endif
