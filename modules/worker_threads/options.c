/* SPDX-License-Identifier: MIT */
/* options.c - see options.h. */
#include "options.h"
#include "../core/error.h"
#include "../core/json.h"
#include "../core/opts.h"
#include "../fs/args.h"
#include "../module.h"
#include "../portable.h"
#include "../process/process.h"
#include "../url/url.h"

#include <stdlib.h>
#include <string.h>

enum { STACK_MB = 4 };

/* ---- SHARE_ENV ---- */

static int share_env_tostring(lua_State *L) {
  lua_pushliteral(L, "Symbol(nodejs.worker_threads.SHARE_ENV)");
  return 1;
}

void share_env_push(lua_State *L) {
  static const char key = 0;
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key) != LUA_TNIL) return;
  lua_pop(L, 1);
  lua_newuserdatauv(L, 0, 0);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, share_env_tostring);
  lua_setfield(L, -2, "__tostring");
  lua_setmetatable(L, -2);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &key);
}

/* ---- the code ---- */

static void code_end(lua_State *L, StrBuf *code) {
  strbuf_add(code, "\0", 2);
  if (code->failed) luaL_error(L, "not enough memory");
  code->len -= 2;
}

/* The path of a file: absolute, or relative to the working folder. */
static void read_path(lua_State *L, ThreadPlan *plan) {
  bool url = class_is(L, 2, &url_class);
  if (!url && lua_type(L, 2) != LUA_TSTRING)
    err_arg_type(L, 2, "filename", "of type string or function or an instance of URL");
  const char *path = url ? fs_check_path(L, 2, "filename") : arg_cstring(L, 2, "filename");
  if (*path != '/' && strncmp(path, "./", 2) != 0 && strncmp(path, "../", 3) != 0)
    err_raise(L, &type_error_class, "ERR_WORKER_PATH",
              "The worker script or module filename must be an absolute path or a relative path starting "
              "with './' or '../'. Received \"%s\"", path);
  module_push_absolute(L, path);
  strbuf_adds(&plan->code, lua_tostring(L, -1));
  code_end(L, &plan->code);
  plan->form = THREAD_FILE;
}

static void read_code(lua_State *L, ThreadPlan *plan, int options) {
  bool eval = opt_boolean(L, options, "eval", false);
  if (lua_isfunction(L, 2) && !eval) {
    StrBuf *text = strbuf_new_lua(L);
    portable_dump(L, 2, text, "the worker");
    strbuf_add(&plan->code, text->p, text->len);
    plan->form = THREAD_FUNCTION;
    code_end(L, &plan->code);
    return;
  }
  if (!eval) {
    read_path(L, plan);
    return;
  }
  size_t len;
  if (lua_type(L, 2) != LUA_TSTRING)
    err_raise(L, &type_error_class, "ERR_INVALID_ARG_VALUE",
              "The property 'options.eval' must be false when 'filename' is not a string. Received true");
  const char *text = lua_tolstring(L, 2, &len);
  strbuf_add(&plan->code, text, len);
  plan->form = THREAD_TEXT;
  code_end(L, &plan->code);
}

/* ---- argv and execArgv ---- */

/* Appends the texts of the list on top to plan->words, each with its NUL; returns their number. [-1] */
static int add_words(lua_State *L, ThreadPlan *plan, const char *name) {
  int list = lua_gettop(L);
  if (lua_isnil(L, list)) {
    lua_pop(L, 1);
    return 0;
  }
  if (!lua_istable(L, list)) err_arg_type(L, list, name, "an instance of Array");
  lua_Integer n = luaL_len(L, list);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_geti(L, list, i);
    strbuf_adds(&plan->words, luaL_tolstring(L, -1, NULL));
    strbuf_addc(&plan->words, '\0');
    lua_settop(L, list);
  }
  lua_pop(L, 1);
  return (int)n;
}

/* Flags belong to the process: a worker takes none of its own. */
static void refuse_flags(lua_State *L, int options) {
  if (opt_push(L, options, "execArgv") == LUA_TNIL) {
    lua_pop(L, 1);
    return;
  }
  int list = lua_gettop(L);
  if (!lua_istable(L, list)) err_arg_type(L, list, "options.execArgv", "an instance of Array");
  if (luaL_len(L, list) > 0) {
    lua_geti(L, list, 1);
    err_raise(L, NULL, "ERR_WORKER_INVALID_EXEC_ARGV",
              "Initiated Worker with invalid execArgv flags: %s", luaL_tolstring(L, -1, NULL));
  }
  lua_pop(L, 1);
}

static void read_words(lua_State *L, ThreadPlan *plan, int options) {
  refuse_flags(L, options);
  (void)opt_push(L, options, "argv");
  int n = add_words(L, plan, "options.argv");
  plan->lists = calloc((size_t)n + 1, sizeof *plan->lists);
  if (!plan->lists || plan->words.failed) luaL_error(L, "not enough memory");
  char *word = plan->words.p;
  for (int i = 0; i < n; i++, word += strlen(word) + 1) plan->lists[i] = word;
  plan->settings = *rt_of(L)->settings;
  plan->settings.script = plan->form == THREAD_FILE ? plan->code.p
                          : plan->form == THREAD_TEXT ? "[worker eval]" : "[function]";
  plan->settings.args = plan->lists;
  plan->settings.nargs = n;
  plan->settings.eval = NULL;
  plan->settings.interactive = false;
}

/* ---- environment ---- */

/* Pushes a table of strings of the pairs of the table at idx. [+1] */
static void push_env_of(lua_State *L, int idx) {
  lua_newtable(L);
  for (lua_pushnil(L); lua_next(L, idx);) {
    lua_pushvalue(L, -2);
    (void)luaL_tolstring(L, -1, NULL);
    (void)luaL_tolstring(L, -3, NULL);
    lua_rawset(L, -6);
    lua_pop(L, 2);
  }
}

static void read_env(lua_State *L, ThreadPlan *plan, int options) {
  int type = opt_push(L, options, "env");
  int env = lua_gettop(L);
  share_env_push(L);
  bool share = lua_rawequal(L, -1, env);
  lua_pop(L, 1);
  if (share && !process_has_own_env(L)) {
    lua_pop(L, 1);
    return;
  }
  if (type == LUA_TNIL || share) process_push_env(L);
  else if (type != LUA_TTABLE || json_is_null(L, env))
    err_raise(L, &type_error_class, "ERR_INVALID_ARG_TYPE",
              "The \"options.env\" property must be of type object or one of nil or worker_threads.SHARE_ENV. "
              "Received type %s (%s)", luaL_typename(L, env), luaL_tolstring(L, env, NULL));
  else push_env_of(L, env);
  plan->env = message_pack(L, -1, 0, 0);
  lua_settop(L, env - 1);
}

/* ---- limits ---- */

static lua_Number read_limit(lua_State *L, int limits, const char *key, lua_Number fallback) {
  lua_Number n = opt_number(L, limits, key, fallback);
  return n > 0 ? n : fallback;
}

static void read_limits(lua_State *L, ThreadLimits *limits, int options) {
  int type = opt_push(L, options, "resourceLimits"), at = lua_gettop(L);
  if (type != LUA_TNIL) arg_table(L, at, "options.resourceLimits");
  else at = 0;
  limits->young = read_limit(L, at, "maxYoungGenerationSizeMb", -1);
  limits->old = read_limit(L, at, "maxOldGenerationSizeMb", -1);
  limits->code = read_limit(L, at, "codeRangeSizeMb", -1);
  limits->stack = read_limit(L, at, "stackSizeMb", STACK_MB);
  lua_pop(L, 1);
}

void limits_push(lua_State *L, const ThreadLimits *limits) {
  const struct {
    const char *name;
    lua_Number value;
  } rows[] = { { "maxYoungGenerationSizeMb", limits->young }, { "maxOldGenerationSizeMb", limits->old },
               { "codeRangeSizeMb", limits->code }, { "stackSizeMb", limits->stack } };
  lua_createtable(L, 0, 4);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    lua_Integer whole = (lua_Integer)rows[i].value;
    if ((lua_Number)whole == rows[i].value) lua_pushinteger(L, whole);
    else lua_pushnumber(L, rows[i].value);
    lua_setfield(L, -2, rows[i].name);
  }
}

/* ---- all of it ---- */

/* What cannot be cloned is refused before the thread begins. */
static void read_data(lua_State *L, ThreadPlan *plan, int options) {
  int top = lua_gettop(L);
  thread_push_environment(L);
  plan->environment = message_pack(L, -1, 0, 0);
  if (options == 0) {
    lua_settop(L, top);
    return;
  }
  lua_getfield(L, options, "workerData");
  lua_getfield(L, options, "transferList");
  if (!lua_isnil(L, -1)) arg_table(L, lua_gettop(L), "options.transferList");
  plan->data = message_pack(L, top + 2, top + 3, 0);
  lua_settop(L, top);
}

void options_read_worker(lua_State *L, Thread *t) {
  ThreadPlan *plan = &t->plan;
  const Runtime *rt = rt_of(L);
  int options = lua_isnoneornil(L, 3) ? 0 : 3;
  if (options) arg_table(L, 3, "options");
  luaL_checkstack(L, 20, "worker");
  read_code(L, plan, options);
  read_words(L, plan, options);
  read_env(L, plan, options);
  read_limits(L, &plan->limits, options);
  (void)opt_string(L, options, "name", NULL);
  (void)opt_boolean(L, options, "trackUnmanagedFds", true);
  plan->stdin_open = opt_boolean(L, options, "stdin", false);
  t->forward[1] = opt_boolean(L, options, "stdout", false);
  t->forward[2] = opt_boolean(L, options, "stderr", false);
  plan->modules = rt->modules;
  plan->globals = rt->globals;
  plan->inspect = rt->inspect;
  plan->on_traced = rt->on_traced;
  read_data(L, plan, options); /* last: it moves what the transfer list names */
}
