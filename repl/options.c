/* SPDX-License-Identifier: MIT */
/* options.c - see options.h. Spelled as Node's options: -x, --name, --name value, --name=value. */
#include "options.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BAD_OPTION = 9 }; /* Node's exit code */

typedef enum OptionId {
  OPT_EVAL, OPT_PRINT, OPT_PRINT_EVAL, OPT_INTERACTIVE, OPT_CHECK, OPT_REQUIRE, OPT_VERSION, OPT_HELP,
  OPT_DUMP_API, OPT_REJECTIONS, OPT_NO_WARNINGS, OPT_TRACE_WARNINGS, OPT_NO_DEPRECATION,
  OPT_THROW_DEPRECATION, OPT_TRACE_DEPRECATION, OPT_TRACE
} OptionId;

/* MAYBE: a following word that is no option; EQUALS: only as --name=value */
typedef enum Wants { NOTHING, VALUE, MAYBE, EQUALS } Wants;

static const struct OptionRow {
  const char *brief, *name;
  OptionId id;
  Wants wants;
} option_rows[] = {
  { "-e", "--eval", OPT_EVAL, VALUE },
  { "-p", "--print", OPT_PRINT, MAYBE },
  { "-pe", NULL, OPT_PRINT_EVAL, VALUE },
  { "-i", "--interactive", OPT_INTERACTIVE, NOTHING },
  { "-c", "--check", OPT_CHECK, NOTHING },
  { "-r", "--require", OPT_REQUIRE, VALUE },
  { "-v", "--version", OPT_VERSION, NOTHING },
  { "-h", "--help", OPT_HELP, NOTHING },
  { NULL, "--dump-api", OPT_DUMP_API, NOTHING },
  { NULL, "--unhandled-rejections", OPT_REJECTIONS, VALUE },
  { NULL, "--no-warnings", OPT_NO_WARNINGS, NOTHING },
  { NULL, "--trace-warnings", OPT_TRACE_WARNINGS, NOTHING },
  { NULL, "--no-deprecation", OPT_NO_DEPRECATION, NOTHING },
  { NULL, "--throw-deprecation", OPT_THROW_DEPRECATION, NOTHING },
  { NULL, "--trace-deprecation", OPT_TRACE_DEPRECATION, NOTHING },
  { NULL, "--trace", OPT_TRACE, EQUALS },
};

const char options_help[] =
    "Usage: moonfork [options] [script [arguments]]\n"
    "       moonfork [options] -e code [arguments]\n"
    "       moonfork lesson [chapter | name]\n"
    "       moonfork inspect [--dir folder] [--web]\n"
    "       moonfork top [--dir folder]\n"
    "\n"
    "Runs a Lua script with Node's API of processes, events and messages. Without a\n"
    "script it opens the prompt, or runs what comes from standard input when that is\n"
    "no terminal.\n"
    "\n"
    "  -                      the script is read from standard input\n"
    "  --                     ends the options\n"
    "  -e, --eval CODE        run CODE\n"
    "  -p, --print [CODE]     run CODE and print its values\n"
    "  -i, --interactive      open the prompt afterwards\n"
    "  -c, --check            check the syntax of the script, do not run it\n"
    "  -r, --require MODULE   require MODULE first; may be repeated\n"
    "  -v, --version          print the version\n"
    "  -h, --help             print this text\n"
    "  --unhandled-rejections MODE\n"
    "                         throw (default), strict, warn, none or\n"
    "                         warn-with-error-code\n"
    "  --no-warnings          do not print process warnings\n"
    "  --trace-warnings       print process warnings with their stack\n"
    "  --no-deprecation       do not print deprecation warnings\n"
    "  --throw-deprecation    throw deprecation warnings as errors\n"
    "  --trace-deprecation    print deprecation warnings with their stack\n"
    "  --trace[=DIR]          record what this process and all below it do in DIR,\n"
    "                         else in a folder made for it and removed at the end\n"
    "  --dump-api             print the documentation of every module as a Lua table\n"
    "\n"
    "moonfork lesson lists the chapters of the course, moonfork lesson 4 begins one\n"
    "or goes on in it, moonfork lesson NAME runs a script; also scripts, next, again,\n"
    "report [--json], check DIR, --auto, --lang zh, --present, --sim.\n"
    "moonfork trace --help tells how to export a recording.\n"
    "moonfork inspect --help tells how to look at a traced run from elsewhere, or in\n"
    "a browser.\n"
    "Environment: MOONFORK_LESSONS (folder of the lessons), MOONFORK_LANG (zh or en),\n"
    "MOONFORK_PROGRESS (file), MOONFORK_WORK (folder of the exercises),\n"
    "MOONFORK_HISTORY (file of the prompt's history), MOONFORK_TRACE_DIR (folder of a\n"
    "recording), LUA_PATH and LUA_CPATH (as in stock Lua), NO_COLOR.\n";

static int __attribute__((format(printf, 1, 2))) bad(const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  (void)fputs("moonfork: ", stderr);
  (void)vfprintf(stderr, fmt, ap);
  (void)fputc('\n', stderr);
  va_end(ap);
  return BAD_OPTION;
}

/* The row of the word; its value when it is written as --name=value. */
static const struct OptionRow *option_find(const char *word, const char **value) {
  const char *equals = strncmp(word, "--", 2) ? NULL : strchr(word, '=');
  size_t len = equals ? (size_t)(equals - word) : strlen(word);
  *value = equals ? equals + 1 : NULL;
  for (size_t i = 0; i < sizeof option_rows / sizeof *option_rows; i++) {
    const struct OptionRow *row = &option_rows[i];
    if (row->brief && !strcmp(word, row->brief)) return row;
    if (row->name && strlen(row->name) == len && !strncmp(word, row->name, len)) return row;
  }
  return NULL;
}

static int set_rejections(Settings *s, const char *mode) {
  static const char *const modes[] = { [REJECT_THROW] = "throw", [REJECT_STRICT] = "strict",
                                       [REJECT_WARN] = "warn",
                                       [REJECT_WARN_ERROR] = "warn-with-error-code",
                                       [REJECT_NONE] = "none" };
  for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
    if (!strcmp(mode, modes[i])) {
      s->rejections = (RejectionMode)i;
      return 0;
    }
  return bad("invalid value for --unhandled-rejections: %s", mode);
}

static void option_set(Options *opt, OptionId id, const char *value, int *err) {
  Settings *s = &opt->settings;
  switch (id) {
  case OPT_PRINT:
  case OPT_PRINT_EVAL: opt->print = true; /* fall through */
  case OPT_EVAL:
    if (value) s->eval = value;
    break;
  case OPT_INTERACTIVE: s->interactive = true; break;
  case OPT_CHECK: opt->check = true; break;
  case OPT_REQUIRE: opt->preload[opt->npreload++] = value; break;
  case OPT_VERSION: opt->version = true; break;
  case OPT_HELP: opt->help = true; break;
  case OPT_DUMP_API: opt->dump_api = true; break;
  case OPT_REJECTIONS: *err = set_rejections(s, value); break;
  case OPT_NO_WARNINGS: s->no_warnings = true; break;
  case OPT_TRACE_WARNINGS: s->trace_warnings = true; break;
  case OPT_NO_DEPRECATION: s->no_deprecation = true; break;
  case OPT_THROW_DEPRECATION: s->throw_deprecation = true; break;
  case OPT_TRACE_DEPRECATION: s->trace_deprecation = true; break;
  case OPT_TRACE:
    opt->trace = true;
    opt->trace_dir = value;
    break;
  }
}

/* One option at argv[*i], with its value taken from the next word where it has one. */
static int option_take(Options *opt, int argc, char **argv, int *i) {
  const char *word = argv[*i], *value;
  const struct OptionRow *row = option_find(word, &value);
  int err = 0;
  if (!row) return bad("bad option: %s", word);
  if (row->wants == NOTHING && value) return bad("%s takes no value", row->name);
  if (row->wants == EQUALS && value && !*value) return bad("%s requires a folder behind the \"=\"", row->name);
  if (row->wants == VALUE && !value) {
    if (*i + 1 >= argc) return bad("%s requires an argument", word);
    value = argv[++*i];
  }
  if (row->wants == MAYBE && !value && *i + 1 < argc && argv[*i + 1][0] != '-') value = argv[++*i];
  option_set(opt, row->id, value, &err);
  return err;
}

/* Everything fits together? */
static int options_judge(const Options *opt) {
  if (opt->check && opt->settings.eval) return bad("either --check or --eval can be used, not both");
  if (opt->print && !opt->settings.eval && opt->script) return bad("-p requires code");
  return 0;
}

int options_read(Options *opt, int argc, char **argv) {
  Settings *s = &opt->settings;
  int i = 1, err = 0;
  memset(opt, 0, sizeof *opt);
  s->argv0 = argc > 0 ? argv[0] : "moonfork";
  opt->preload = calloc((size_t)argc + 1, sizeof *opt->preload);
  if (!opt->preload) return bad("out of memory");
  for (; i < argc && argv[i][0] == '-' && argv[i][1] && !err; i++) {
    if (!strcmp(argv[i], "--")) break;
    err = option_take(opt, argc, argv, &i);
  }
  if (err) return err;
  s->exec_argv = argv + (argc > 0);
  s->exec_argc = i > 1 ? i - 1 : 0;
  bool ended = i < argc && !strcmp(argv[i], "--");
  if (ended) i++;
  if (!s->eval && i < argc) {
    opt->lesson = !ended && !strcmp(argv[i], "lesson");
    opt->inspect = !ended && !strcmp(argv[i], "inspect");
    opt->top = !ended && !strcmp(argv[i], "top");
    opt->export = !ended && !strcmp(argv[i], "trace");
    if (!opt->lesson && !opt->inspect && !opt->top && !opt->export) opt->script = argv[i];
    if (opt->script && !strcmp(opt->script, "-")) s->script = opt->script;
    i++;
  }
  s->args = argv + (i < argc ? i : argc);
  s->nargs = i < argc ? argc - i : 0;
  return options_judge(opt);
}

void options_free(Options *opt) {
  free(opt->preload);
  free(opt->trace_word);
  free(opt->file);
  free(opt->typed);
}
