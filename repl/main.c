/* SPDX-License-Identifier: MIT */
/* main.c - the program: reads the command line, makes the runtime, runs what was asked for.
 *
 * Everything that touches Lua runs as a body under rt_enter, so an error at any point is an uncaught
 * error like any other. main owns the options; the runtime borrows the settings in them. */
#include "help/dump.h"
#include "inside/door.h"
#include "lesson.h"
#include "options.h"
#include "repl.h"
#include "inspect/inspect.h"
#include "trace/trace_main.h"
#include "views/top_main.h"
#include "../modules/builtins.h"
#include "../modules/child_process/ipc.h"
#include "../modules/child_process/parent.h"
#include "../modules/child_process/ship.h"
#include "../modules/cluster/cluster.h"
#include "../modules/core/error.h"
#include "../modules/core/out.h"
#include "../modules/core/runtime.h"
#include "../modules/core/source.h"
#include "../modules/core/trace.h"
#include "../modules/inspect/inspect.h"
#include "../modules/main_chunk.h"
#include "../modules/module.h"
#include "../modules/worker_threads/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define EVAL_NAME "=[eval]"
#define STDIN_NAME "=[stdin]"

/* ---- the process ---- */

/* Children may be many: the limit of open descriptors is what the system allows, as in Node. */
static void raise_descriptor_limit(void) {
  struct rlimit lim;
  if (getrlimit(RLIMIT_NOFILE, &lim) != 0 || lim.rlim_cur == lim.rlim_max) return;
  lim.rlim_cur = lim.rlim_max;
  (void)setrlimit(RLIMIT_NOFILE, &lim); /* the old limit stays when the system refuses */
}

/* Descriptors 0, 1 and 2 exist, so that nothing else is opened in their place. */
static void open_missing_stdio(void) {
  for (int fd = 0; fd <= 2; fd++)
    if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) < 0) abort();
}

/* Only characters follow the locale: numbers keep their point. */
static void set_locale(void) {
  const char *set = setlocale(LC_CTYPE, "");
  if (!set || !strcmp(set, "C") || !strcmp(set, "POSIX")) (void)setlocale(LC_CTYPE, "C.UTF-8");
}

/* ---- bodies ---- */

static int print_values(lua_State *L) {
  int n = lua_gettop(L);
  for (int i = 1; i <= n; i++) {
    StrBuf *line = inspect_take_buffer(L);
    inspect_format(L, i, i, line, NULL);
    strbuf_addc(line, '\n');
    if (!line->failed) (void)out_write(1, line->p, line->len);
    inspect_give_buffer(L);
  }
  return 0;
}

static int boot_body(lua_State *L) {
  const Options *opt = lua_touserdata(L, 1);
  parent_open(L);
  module_install(L, builtin_globals);
  if (!opt->script || opt->settings.interactive) module_expose_all(L);
  main_chunk_set_arg(L, &opt->settings, opt->script);
  if (opt->script || ship_claimed() >= 0) cluster_join(L);
  return 0;
}

static int preload_body(lua_State *L) {
  const Options *opt = lua_touserdata(L, 1);
  for (int i = 0; i < opt->npreload; i++) {
    lua_getglobal(L, "require");
    lua_pushstring(L, opt->preload[i]);
    lua_call(L, 1, 0);
  }
  return 0;
}

static int script_body(lua_State *L) {
  const Options *opt = lua_touserdata(L, 1);
  module_load_file(L, opt->file);
  if (opt->check) return 0;
  main_chunk_call(L, &opt->settings);
  main_chunk_keep(L, opt->file);
  return 0;
}

/* The function that our parent forked us for. */
static int function_body(lua_State *L) {
  const Options *opt = lua_touserdata(L, 1);
  ship_push(L);
  main_chunk_call(L, &opt->settings);
  return 0;
}

/* Pushes the chunk of the code; for -p an expression will do. [+1] */
static void load_eval(lua_State *L, const Options *opt) {
  const char *code = opt->settings.eval;
  size_t len = strlen(code);
  source_add_text(L, EVAL_NAME, code, len);
  if (opt->print) {
    const char *expression = lua_pushfstring(L, "return %s\n", code);
    int status = luaL_loadbufferx(L, expression, strlen(expression), EVAL_NAME, "t");
    lua_remove(L, -2);
    if (status == LUA_OK) return;
    lua_pop(L, 1);
  }
  module_load_text(L, EVAL_NAME, code, len);
}

static int print_results(lua_State *L, int status, lua_KContext ctx) {
  (void)status, (void)ctx;
  return print_values(L);
}

/* The chunk of -p (upvalue): calls it and prints what it gives. */
static int print_chunk(lua_State *L) {
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_callk(L, lua_gettop(L) - 1, LUA_MULTRET, 0, print_results);
  return print_values(L);
}

static int eval_body(lua_State *L) {
  const Options *opt = lua_touserdata(L, 1);
  lua_settop(L, 0);
  load_eval(L, opt);
  if (opt->print) lua_pushcclosure(L, print_chunk, 1);
  main_chunk_call(L, &opt->settings);
  return 0;
}

/* The script that comes from standard input. */
static int stdin_body(lua_State *L) {
  const Options *opt = lua_touserdata(L, 1);
  luaL_Buffer b;
  size_t len;
  ssize_t n;
  luaL_buffinit(L, &b);
  while ((n = read(0, luaL_prepbuffer(&b), LUAL_BUFFERSIZE)) != 0) {
    if (n < 0 && errno != EINTR) return err_raise_uv(L, -errno, "read");
    if (n > 0) luaL_addsize(&b, (size_t)n);
  }
  luaL_pushresult(&b);
  const char *text = lua_tolstring(L, -1, &len);
  source_add_text(L, STDIN_NAME, text, len);
  text = module_skip_shebang(text, &len);
  module_load_text(L, STDIN_NAME, text, len);
  if (opt->check) return 0;
  main_chunk_call(L, &opt->settings);
  return 0;
}

static int dump_body(lua_State *L) {
  size_t len;
  dump_push_api(L);
  const char *text = lua_tolstring(L, -1, &len);
  (void)fwrite(text, 1, len, stdout);
  return 0;
}

/* Finds the file of the script. The settings keep its path as it was typed, but absolute, as Node does:
 * process.argv shows a link and a missing ending, __filename does not. */
static int find_body(lua_State *L) {
  Options *opt = lua_touserdata(L, 1);
  if (!module_find_file(L, opt->script)) return 0;
  opt->file = strdup(lua_tostring(L, -1));
  module_push_absolute(L, opt->script);
  opt->typed = strdup(lua_tostring(L, -1));
  if (!opt->file || !opt->typed) return luaL_error(L, "not enough memory");
  opt->settings.script = opt->typed;
  return 0;
}

/* ---- what was asked for ---- */

/* Runs the program up to its end and returns its exit code; rt is gone then. */
static int finish(Runtime *rt) {
  main_chunk_finish(rt);
  return (int)rt_end(rt);
}

/* False when there is no such script; the message is out then. */
static bool find_script(Runtime *rt, Options *opt) {
  if (!rt_enter(rt, find_body, opt)) return false;
  if (opt->settings.script) return true;
  (void)fprintf(stderr, "moonfork: cannot find the script '%s'\n", opt->script);
  rt->exit_code = 1;
  return false;
}

/* What was asked for on the command line: code, a file, or a script from standard input. */
static void run_script(Runtime *rt, Options *opt, bool is_file, bool prompt) {
  if (opt->dump_api) (void)rt_enter(rt, dump_body, NULL);
  else if (ship_claimed() >= 0) (void)rt_enter(rt, function_body, opt);
  else if (opt->settings.eval) (void)rt_enter(rt, eval_body, opt);
  else if (is_file) (void)rt_enter(rt, script_body, opt);
  else if (!prompt) (void)rt_enter(rt, stdin_body, opt);
}

/* Will there be a prompt? */
static bool wants_prompt(const Options *opt) {
  bool asked = opt->settings.interactive || (!opt->script && !opt->settings.eval && !opt->dump_api);
  return asked && !opt->check && ipc_claimed() < 0 && repl_possible();
}

/* process.execArgv, which children are given, names the folder for whatever working folder they have. */
static void name_folder(Options *opt) {
  for (int i = 0; i < opt->settings.exec_argc; i++)
    if (!strncmp(opt->settings.exec_argv[i], "--trace=", 8) && !opt->trace_word &&
        asprintf(&opt->trace_word, "--trace=%s", trace_dir()) >= 0)
      opt->settings.exec_argv[i] = opt->trace_word;
}

/* The prompt is traced from the start, a script when it is asked for. 0 or the exit code. */
static int begin_trace(Options *opt) {
  bool had = trace_dir() != NULL, prompt = wants_prompt(opt);
  if (!opt->trace && !prompt) return 0;
  int err = trace_begin(opt->trace ? opt->trace_dir : NULL);
  if (err == 0 && opt->trace_dir) name_folder(opt);
  if (err == 0 && opt->trace && !opt->trace_dir && !had && !prompt)
    (void)fprintf(stderr, "moonfork: traced in %s\n", trace_dir());
  if (err == 0 || (prompt && err == UV_ENOTSUP)) return 0;
  (void)fprintf(stderr, "moonfork: not traced: %s%s%s\n", opt->trace_dir ? opt->trace_dir : "",
                opt->trace_dir ? " " : "", trace_why());
  return opt->trace && opt->trace_dir ? EXIT_USAGE : 0;
}

/* Opens the recorder's ring of this thread. A cluster's worker, a child and a lesson say what they are. */
static void open_trace(Runtime *rt, const Options *opt) {
  char worker[24];
  const char *role = wants_prompt(opt) ? "prompt" : "script", *file = opt->script;
  if (trace_given_role()) role = trace_given_role();
  if (ipc_claimed() >= 0) role = "child";
  if (cluster_claimed()) {
    (void)snprintf(worker, sizeof worker, "worker#%d", cluster_claimed_id());
    role = worker;
  }
  if (ship_claimed() >= 0) file = "[function]";
  else if (opt->settings.eval) file = "[eval]";
  else if (!file || !strcmp(file, "-")) file = wants_prompt(opt) ? "[prompt]" : "[stdin]";
  trace_open(rt, role, file);
}

static int run(Runtime *rt, Options *opt) {
  bool is_file = ship_claimed() < 0 && opt->script && strcmp(opt->script, "-") != 0;
  bool prompt = wants_prompt(opt);
  opt->settings.interactive = prompt;
  if (is_file && !find_script(rt, opt)) {
    if (cluster_claimed()) (void)rt_enter(rt, boot_body, opt); /* the primary hears of us, as in Node */
    return (int)rt_end(rt);
  }
  if (!rt_enter(rt, boot_body, opt)) return (int)rt_end(rt);
  if (prompt && !repl_prepare(rt)) return (int)rt_end(rt);
  if (!rt_enter(rt, preload_body, opt) && !prompt) return (int)rt_end(rt);
  run_script(rt, opt, is_file, prompt);
  return prompt && !rt->leaving ? repl_run(rt) : finish(rt);
}

/* Options that ask for a text only. */
static bool say(const Options *opt) {
  if (opt->help) (void)fputs(options_help, stdout);
  else if (opt->version)
    (void)printf("moonfork %s (%s, libuv %s)\n", MOONFORK_VERSION, LUA_RELEASE, uv_version_string());
  else return false;
  return true;
}

int main(int argc, char **argv) {
  Options opt;
  const char *why;
  argv = uv_setup_args(argc, argv); /* so that process.title can be set */
  open_missing_stdio();
  set_locale();
  raise_descriptor_limit();
  (void)signal(SIGPIPE, SIG_IGN);
  if (!trace_claim(&why)) (void)fprintf(stderr, "moonfork: not traced: %s %s\n", getenv(TRACE_ENV), why);
  ipc_claim();
  ship_claim();
  cluster_claim();
  int code = options_read(&opt, argc, argv);
  if (code || say(&opt)) goto done;
  if (opt.lesson) {
    code = lesson_main(opt.settings.nargs, opt.settings.args);
    goto done;
  }
  if (opt.top) {
    code = top_main(opt.settings.nargs, opt.settings.args);
    goto done;
  }
  if (opt.export) {
    code = trace_main(opt.settings.nargs, opt.settings.args);
    goto done;
  }
  if (opt.inspect) {
    code = inspect_main(opt.settings.nargs, opt.settings.args);
    goto done;
  }
  if ((code = begin_trace(&opt))) goto done;
  out_open();
  Runtime *rt = rt_new(builtin_modules);
  if (!rt) {
    (void)fputs("moonfork: no memory or no descriptors to start with\n", stderr);
    code = 1;
    goto done;
  }
  rt->on_traced = door_open;
  open_trace(rt, &opt);
  rt->settings = &opt.settings;
  rt->inspect = inspect_push_plain;
  code = run(rt, &opt);
  if (workers_abandoned()) { /* a thread still runs in what would be freed */
    trace_end();
    _exit(code & 0xff);
  }
done:
  trace_end();
  options_free(&opt);
  return code;
}
