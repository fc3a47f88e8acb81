/* SPDX-License-Identifier: MIT */
/* trace_main.c - see trace_main.h. */
#include "trace_main.h"
#include "export.h"
#include "../inspect/folder.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

enum { USAGE = 9 };

static const char usage[] =
    "Usage: moonfork trace [DIR] [--chrome] [-o FILE]\n"
    "\n"
    "Prints the records of a run, a JSON object a line: {v,t,pid,tid,seq,ev,...},\n"
    "where t is in nanoseconds of the machine's monotonic clock. --chrome prints\n"
    "Chrome's trace format, which ui.perfetto.dev opens. DIR is the folder of the\n"
    "run, as --trace=DIR or MOONFORK_TRACE_DIR name it; without it the newest run of\n"
    "yours is taken. -o writes into FILE; a FILE that ends in .json means --chrome.\n";

static int bad(const char *word) {
  (void)fprintf(stderr, "moonfork trace: bad option: %s\n%s", word, usage);
  return USAGE;
}

static bool ends_in(const char *path, const char *tail) {
  size_t len = strlen(path), n = strlen(tail);
  return len >= n && !strcmp(path + len - n, tail);
}

int trace_main(int nargs, char **args) {
  const char *dir = NULL, *file = NULL;
  char path[PATH_MAX];
  bool chrome = false;
  size_t records;
  for (int i = 0; i < nargs; i++) {
    if (!strcmp(args[i], "-h") || !strcmp(args[i], "--help")) return fputs(usage, stdout) < 0;
    if (!strcmp(args[i], "--chrome")) chrome = true;
    else if (!strcmp(args[i], "-o") && i + 1 < nargs) file = args[++i];
    else if (*args[i] == '-' || dir) return bad(args[i]);
    else dir = args[i];
  }
  int dirfd = run_folder_open("moonfork trace", dir, path, sizeof path);
  if (dirfd < 0) return 1;
  ExportHow how = { .chrome = chrome || (file && ends_in(file, ".json")) };
  int err = export_file(dirfd, file, how, &records);
  (void)close(dirfd);
  if (err) (void)fprintf(stderr, "moonfork trace: %s: %s\n", file ? file : path, uv_strerror(err));
  return err ? 1 : 0;
}
