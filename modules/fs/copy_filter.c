/* SPDX-License-Identifier: MIT */
/* copy_filter.c - cp with options.filter(src, dest).
 *
 * The filter is a Lua function and the copy is made in the pool, so the tree is walked first: the filter is
 * asked for each name, folder before what is in it, and what it refuses is left out of the copy. In the
 * promise and callback forms that is done by a coroutine, and the filter may return a promise. */
#include "copy_filter.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "../core/class.h"
#include "../core/error.h"
#include "../core/opts.h"
#include "../promise/promise.h"
#include "args.h"
#include "ops.h"
#include "tree.h"

static const char refused_key = 0; /* field of the copied options: the list of refused sources */

/* Where the walk keeps things. */
enum { AT_SRC = 1, AT_DEST, AT_OPTIONS, AT_FILTER, AT_PENDING, AT_REFUSED, AT_FROM, AT_TO,
       AT_TOP = AT_TO };

/* ---- in the job ---- */

static int compare(const void *a, const void *b) {
  return strcmp(((const uv_buf_t *)a)->base, ((const uv_buf_t *)b)->base);
}

void copy_take_refused(lua_State *L, Job *job) {
  if (!lua_istable(L, 3) || lua_rawgetp(L, 3, &refused_key) != LUA_TTABLE) return;
  int list = lua_gettop(L);
  size_t n = (size_t)lua_rawlen(L, list);
  fs_bufs(L, job, n);
  for (size_t i = 0; i < n; i++) {
    lua_rawgeti(L, list, (lua_Integer)i + 1);
    job->bufs[i].base = (char *)lua_tostring(L, -1);
    lua_pop(L, 1);
  }
  if (n > 0) qsort(job->bufs, n, sizeof *job->bufs, compare);
  job_keep(L, job, list, KEEP_LIST); /* and its strings */
}

bool copy_is_refused(const Job *job, const char *src) {
  uv_buf_t key = { .base = (char *)src };
  return job->nbufs > 0 && bsearch(&key, job->bufs, job->nbufs, sizeof key, compare) != NULL;
}

/* ---- the walk ---- */

static void append(lua_State *L, int list) {
  lua_rawseti(L, list, (lua_Integer)lua_rawlen(L, list) + 1);
}

static void push_joined(lua_State *L, const char *folder, const char *name) {
  size_t len = strlen(folder);
  lua_pushfstring(L, len > 0 && folder[len - 1] == '/' ? "%s%s" : "%s/%s", folder, name);
}

static int scandir_free(lua_State *L) {
  struct dirent ***box = lua_touserdata(L, 1);
  free(*box);
  *box = NULL;
  return 0;
}

/* What is in the folder at AT_FROM goes on the list of pairs to ask for, the first name on top. */
static void add_entries(lua_State *L) {
  const char *from = lua_tostring(L, AT_FROM), *to = lua_tostring(L, AT_TO);
  struct dirent ***box = lua_newuserdatauv(L, sizeof *box, 0);
  *box = NULL;
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, scandir_free);
  lua_setfield(L, -2, "__gc");
  lua_setmetatable(L, -2);
  lua_newtable(L);
  int names = lua_gettop(L), n = scandir(from, box, tree_skip_dots, alphasort);
  for (int i = 0; i < n; i++) { /* the copy tells what cannot be read */
    lua_pushstring(L, (*box)[i]->d_name);
    free((*box)[i]);
    lua_rawseti(L, names, i + 1);
  }
  for (int i = n; i > 0; i--) {
    lua_rawgeti(L, names, i);
    push_joined(L, to, lua_tostring(L, -1));
    append(L, AT_PENDING);
    push_joined(L, from, lua_tostring(L, -1));
    append(L, AT_PENDING);
    lua_pop(L, 1);
  }
  lua_settop(L, AT_TOP);
}

/* The filter's answer for the pair at AT_FROM and AT_TO. */
static void take_answer(lua_State *L, bool yes) {
  lua_settop(L, AT_TOP);
  const char *from = lua_tostring(L, AT_FROM);
  struct stat st;
  if (!yes) {
    lua_pushvalue(L, AT_FROM);
    append(L, AT_REFUSED);
    return;
  }
  bool deref = opt_boolean(L, AT_OPTIONS, "dereference", false);
  if (!opt_boolean(L, AT_OPTIONS, "recursive", false)) return;
  if ((deref ? stat(from, &st) : lstat(from, &st)) == 0 && S_ISDIR(st.st_mode)) add_entries(L);
}

/* Takes the next pair; false: all have been asked for. */
static bool next_pair(lua_State *L) {
  lua_Integer n = (lua_Integer)lua_rawlen(L, AT_PENDING);
  if (n == 0) return false;
  for (int i = 0; i < 2; i++) {
    lua_rawgeti(L, AT_PENDING, n - i);
    lua_replace(L, AT_FROM + i);
    lua_pushnil(L);
    lua_rawseti(L, AT_PENDING, n - i);
  }
  lua_pushvalue(L, AT_FILTER);
  lua_pushvalue(L, AT_FROM);
  lua_pushvalue(L, AT_TO);
  return true;
}

/* (src, dest, options): what the walk needs. */
static void begin(lua_State *L) {
  lua_settop(L, AT_OPTIONS);
  (void)fs_check_path(L, AT_SRC, "src");
  (void)fs_check_path(L, AT_DEST, "dest");
  lua_getfield(L, AT_OPTIONS, "filter");
  arg_function(L, AT_FILTER, "options.filter");
  (void)opt_boolean(L, AT_OPTIONS, "recursive", false);
  (void)opt_boolean(L, AT_OPTIONS, "dereference", false);
  lua_newtable(L);
  lua_newtable(L);
  lua_settop(L, AT_TOP);
  lua_pushvalue(L, AT_DEST);
  append(L, AT_PENDING);
  lua_pushvalue(L, AT_SRC);
  append(L, AT_PENDING);
}

/* Leaves (src, dest, options with the refused sources) alone on the stack; false: nothing is to be done. */
static bool finish(lua_State *L) {
  lua_rawgeti(L, AT_REFUSED, 1);
  bool none = lua_type(L, -1) == LUA_TSTRING && lua_rawequal(L, -1, AT_SRC);
  lua_settop(L, AT_REFUSED);
  lua_newtable(L);
  for (lua_pushnil(L); lua_next(L, AT_OPTIONS);) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, AT_FROM);
  }
  lua_pushvalue(L, AT_REFUSED);
  lua_rawsetp(L, AT_FROM, &refused_key);
  lua_replace(L, AT_OPTIONS);
  lua_settop(L, AT_OPTIONS);
  return !none;
}

/* ---- with promises ---- */

static int walk(lua_State *L);

static int awaited(lua_State *L, int status, lua_KContext ctx) {
  (void)status, (void)ctx;
  async_resumed(L);
  take_answer(L, lua_toboolean(L, -1));
  return walk(L);
}

static int copied(lua_State *L, int status, lua_KContext ctx) {
  (void)status, (void)ctx;
  async_resumed(L);
  return 0;
}

static int answered(lua_State *L, int status, lua_KContext ctx) {
  (void)status, (void)ctx;
  if (promise_is(L, -1)) return async_wait(L, awaited);
  take_answer(L, lua_toboolean(L, -1));
  return walk(L);
}

static int copy(lua_State *L) { return op_promise(L, &op_cp); }

static int walk(lua_State *L) {
  while (next_pair(L)) {
    lua_callk(L, 2, 1, 0, answered);
    if (promise_is(L, -1)) return async_wait(L, awaited);
    take_answer(L, lua_toboolean(L, -1));
  }
  if (!finish(L)) return 0;
  lua_pushcfunction(L, copy);
  lua_insert(L, 1);
  lua_call(L, AT_OPTIONS, 1);
  return async_wait(L, copied);
}

static int walk_async(lua_State *L) {
  begin(L);
  return walk(L);
}

static bool has_filter(lua_State *L) {
  if (!lua_istable(L, AT_OPTIONS)) return false;
  bool has = lua_getfield(L, AT_OPTIONS, "filter") != LUA_TNIL;
  lua_pop(L, 1);
  return has;
}

/* Wrong arguments reject the promise. */
int fs_cp_promise(lua_State *L) {
  lua_settop(L, AT_OPTIONS);
  if (!has_filter(L)) return op_promise(L, &op_cp);
  lua_pushcfunction(L, walk_async);
  lua_insert(L, 1);
  async_start(L, AT_OPTIONS);
  return 1;
}

/* upvalue: the callback of cp */
static int call_back(lua_State *L) {
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, 1, 0);
  return 0;
}

static int call_back_plain(lua_State *L) {
  lua_settop(L, 0);
  lua_pushnil(L);
  return call_back(L);
}

int fs_cp_callback(lua_State *L) {
  if (!has_filter(L)) return op_callback(L, &op_cp);
  lua_settop(L, AT_OPTIONS + 1);
  arg_function(L, AT_OPTIONS + 1, "cb");
  lua_insert(L, 1);
  (void)fs_check_path(L, AT_SRC + 1, "src"); /* wrong arguments raise at once */
  (void)fs_check_path(L, AT_DEST + 1, "dest");
  lua_getfield(L, AT_OPTIONS + 1, "filter");
  arg_function(L, -1, "options.filter");
  lua_settop(L, AT_OPTIONS + 1);
  lua_pushcfunction(L, walk_async);
  lua_insert(L, 2);
  async_start(L, AT_OPTIONS);
  lua_pushvalue(L, 1);
  lua_pushcclosure(L, call_back_plain, 1);
  lua_pushvalue(L, 1);
  lua_pushcclosure(L, call_back, 1);
  promise_on(L, 2);
  return 0;
}

/* ---- at once ---- */

int fs_cp_sync(lua_State *L) {
  lua_settop(L, AT_OPTIONS);
  if (!has_filter(L)) return op_sync(L, &op_cp);
  begin(L);
  while (next_pair(L)) {
    lua_call(L, 2, 1);
    if (promise_is(L, -1))
      return err_raise(L, &type_error_class, "ERR_INVALID_RETURN_VALUE",
                       "Expected boolean to be returned from the \"filter\" function but got an instance of "
                       "Promise.");
    take_answer(L, lua_toboolean(L, -1));
  }
  return finish(L) ? op_sync(L, &op_cp) : 0;
}
