/* SPDX-License-Identifier: MIT */
/* dir.c - opendir and Dir: the entries of a folder, one by one.
 *
 * A Dir owns the DIR. The lock is there because two reads may be under way in two threads of the pool, and a
 * close behind them; a job keeps its Dir alive. */
#include "dir.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include "../core/error.h"
#include "../core/opts.h"
#include "../promise/promise.h"
#include "args.h"
#include "job.h"
#include "ops.h"
#include "stats.h"
#include "tree.h"

typedef struct Dir {
  uv_mutex_t lock;
  DIR *dir;                /* owns; NULL: closed */
  bool has_lock;
  bool closed;             /* close was called; own thread only */
  bool raw;
  Encoding enc;
} Dir;

enum { UV_DIR_PATH = UV_CLASS, UV_DIR_COUNT = 1 };

static Dir *dir_self(lua_State *L) { return class_check(L, 1, &dir_class); }

static int collect(lua_State *L) {
  Dir *d = class_test(L, 1, &dir_class);
  if (!d) return 0;
  bool open = d->dir != NULL;
  if (open) (void)closedir(d->dir); /* nobody is left to be told */
  d->dir = NULL;
  if (d->has_lock) uv_mutex_destroy(&d->lock);
  d->has_lock = false;
  if (!open || rt_of(L)->stopping) return 0;
  err_push(L, NULL, NULL, "Closing directory handle on garbage collection");
  lua_pushliteral(L, "Warning");
  lua_setfield(L, -2, "name");
  rt_warning(L);
  return 0;
}

/* ---- opendir ---- */

/* The Dir is made first: the pool fills it. */
static void parse_opendir(lua_State *L, Job *job) {
  parse_path(L, job);
  int opts = fs_options(L, job, 2, false);
  (void)opt_integer(L, opts, "bufferSize", 1, UINT32_MAX, 32);
  Dir *d = class_new(L, &dir_class, sizeof *d, UV_DIR_COUNT);
  d->enc = job->enc;
  d->raw = job->raw;
  d->has_lock = uv_mutex_init(&d->lock) == 0;
  if (!d->has_lock) luaL_error(L, "not enough memory");
  lua_getiuservalue(L, job->at, KEEP_PATH);
  lua_setiuservalue(L, -2, UV_DIR_PATH);
  job_keep(L, job, lua_gettop(L), KEEP_DATA);
  job->folder = d;
}

static void run_opendir(Job *job) {
  job->folder->dir = opendir(job->path);
  (void)job_check(job, job->folder->dir ? 0 : -1, "opendir", job->path, NULL);
}

static int push_dir(lua_State *L, Job *job) {
  lua_getiuservalue(L, job->at, KEEP_DATA);
  return 1;
}

const Op op_opendir = { "opendir", 1, 2, parse_opendir, run_opendir, push_dir };

/* ---- read and close ---- */

static int push_closed(lua_State *L, const Job *job) {
  (void)job;
  err_push(L, NULL, "ERR_DIR_CLOSED", "Directory handle was closed");
  return 1;
}

/* The Dir at 1, which close() must not have been called for. */
static void parse_dir(lua_State *L, Job *job) {
  job->folder = dir_self(L);
  if (job->folder->closed) {
    (void)push_closed(L, job);
    lua_error(L);
  }
  job_keep(L, job, 1, KEEP_DATA);
}

static void run_read(Job *job) {
  Dir *d = job->folder;
  struct dirent *entry = NULL;
  uv_mutex_lock(&d->lock);
  errno = 0;
  while (d->dir && (entry = readdir(d->dir)) != NULL && !tree_skip_dots(entry)) errno = 0;
  int err = errno;
  if (entry) {
    strbuf_adds(&job->out, entry->d_name);
    job->mode = (unsigned)DTTOIF(entry->d_type);
  } else if (!d->dir) {
    job->push_error = push_closed;
    job_fail(job, UV_EBADF, "read", NULL, NULL);
  } else if (err) {
    job_fail(job, -err, "scandir", NULL, NULL);
  }
  uv_mutex_unlock(&d->lock);
  if (job->out.failed) job_fail(job, UV_ENOMEM, "scandir", NULL, NULL);
}

/* A Dirent; nil at the end. */
static int push_entry(lua_State *L, Job *job) {
  if (job->out.len == 0) return 0;
  Job names = { .raw = job->folder->raw, .enc = job->folder->enc };
  int at = lua_gettop(L) + 1;
  lua_getiuservalue(L, job->at, KEEP_DATA);
  lua_getiuservalue(L, at, UV_DIR_PATH);
  lua_remove(L, at);
  fs_push_name(L, &names, job->out.p, job->out.len);
  dirent_push(L, job->mode);
  return 1;
}

static const Op op_dir_read = { "read", 1, 1, parse_dir, run_read, push_entry };

static void parse_close(lua_State *L, Job *job) {
  parse_dir(L, job);
  job->folder->closed = true;
}

static void run_close(Job *job) {
  Dir *d = job->folder;
  uv_mutex_lock(&d->lock);
  if (d->dir) (void)closedir(d->dir); /* fails only for what is no folder */
  d->dir = NULL;
  uv_mutex_unlock(&d->lock);
}

static const Op op_dir_close = { "close", 1, 1, parse_close, run_close, NULL };

/* With a callback, or as a promise. */
static int either_form(lua_State *L, const Op *op) {
  (void)dir_self(L);
  return lua_isnoneornil(L, 2) ? op_promise(L, op) : op_callback(L, op);
}

static int dir_read(lua_State *L) { return either_form(L, &op_dir_read); }
static int dir_read_sync(lua_State *L) { return op_sync(L, &op_dir_read); }
static int dir_close(lua_State *L) { return either_form(L, &op_dir_close); }
static int dir_close_sync(lua_State *L) { return op_sync(L, &op_dir_close); }

static int dir_get_path(lua_State *L) {
  (void)dir_self(L);
  lua_getiuservalue(L, 1, UV_DIR_PATH);
  return 1;
}

/* ---- a loop over the entries ---- */

static void close_now(Dir *d) {
  Job job = { .folder = d };
  d->closed = true;
  run_close(&job);
}

/* FORM_OWN: an entry, or the end, for the promise at 3. */
static int next_deliver(lua_State *L, Job *job) {
  if (job->err) {
    job_push_error(L, job);
    promise_reject(L, 3);
    return 0;
  }
  bool done = push_entry(L, job) == 0;
  if (done) {
    lua_pushnil(L);
    close_now(job->folder);
  }
  async_push_result(L, done);
  promise_resolve(L, 3);
  return 0;
}

/* upvalue: the Dir */
static int entries_next(lua_State *L) {
  lua_settop(L, 0);
  promise_new(L);
  lua_pushvalue(L, lua_upvalueindex(1));
  Dir *d = class_test(L, 2, &dir_class);
  if (d->closed) {
    lua_pushnil(L);
    async_push_result(L, true);
    promise_resolve(L, 1);
  } else {
    Job *job = job_new(L, &op_dir_read, next_deliver);
    job->folder = d;
    job_keep(L, job, 2, KEEP_DATA);
    job_keep(L, job, 1, KEEP_TARGET);
    job_start(L, job);
  }
  lua_settop(L, 1);
  return 1;
}

/* upvalue: the Dir */
static int entries_finish(lua_State *L) {
  lua_settop(L, 0);
  close_now(class_test(L, lua_upvalueindex(1), &dir_class));
  promise_new(L);
  lua_pushnil(L);
  async_push_result(L, true);
  promise_resolve(L, 1);
  return 1;
}

static int dir_entries(lua_State *L) {
  (void)dir_self(L);
  lua_pushvalue(L, 1);
  lua_pushcclosure(L, entries_next, 1);
  lua_pushvalue(L, 1);
  lua_pushcclosure(L, entries_finish, 1);
  async_iterator_new(L);
  return async_iterator_return(L);
}

/* ---- rows ---- */

static const FnDef dir_methods[] = {
  { "close", dir_close, FN_METHOD, "close(callback: function?): Promise?",
    "Closes the folder, behind all reads; without a callback a promise tells when.", NULL, NULL, NULL },
  { "closeSync", dir_close_sync, FN_METHOD, "closeSync()", "Closes the folder before it returns.", NULL, NULL,
    NULL },
  { "entries", dir_entries, FN_METHOD, "entries(): AsyncIterator",
    "The entries, to loop over; the folder is closed when the loop is left.", NULL, NULL, NULL },
  { "read", dir_read, FN_METHOD, "read(callback: function?): Promise?",
    "The next entry, as a Dirent; nil behind the last one. Without a callback as a promise.", NULL, NULL,
    NULL },
  { "readSync", dir_read_sync, FN_METHOD, "readSync(): Dirent?",
    "The next entry; nil behind the last one.", NULL, NULL, NULL },
  { 0 }
};

static const PropDef dir_props[] = {
  { "path", dir_get_path, NULL, "string", "The path it was opened with." }, { 0 }
};

const ClassDef dir_class = {
  .name = "Dir", .abstract = true, .gc = collect, .methods = dir_methods, .props = dir_props,
  .doc = "An open folder, from opendir. Entries come in no order. Close it, or read it to the end in a loop.",
};
