/* SPDX-License-Identifier: MIT */
/* stats.c - stat in its kinds, and the classes Stats, StatFs and Dirent.
 *
 * Their objects are tables with plain fields, so they print, copy and compare as any value does. Times
 * that are Dates in Node are whole milliseconds here. */
#include "stats.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../core/class.h"
#include "../core/error.h"
#include "../core/opts.h"
#include "args.h"
#include "ops.h"

/* ---- what kind of file ---- */

/* The bits of S_IFMT of the Stats or Dirent at 1. */
static unsigned kind_of(lua_State *L) {
  if (!lua_istable(L, 1) || !(class_is(L, 1, &stats_class) || class_is(L, 1, &dirent_class)))
    err_arg_type(L, 1, "self", "an instance of Stats or Dirent");
  lua_settop(L, 1);
  if (class_is(L, 1, &stats_class)) {
    lua_getfield(L, 1, "mode");
    return (unsigned)lua_tointeger(L, 2) & S_IFMT;
  }
  static const struct { const char *name; unsigned mode; } kinds[] = {
    { "file", S_IFREG }, { "directory", S_IFDIR }, { "link", S_IFLNK }, { "fifo", S_IFIFO },
    { "socket", S_IFSOCK }, { "block", S_IFBLK }, { "character", S_IFCHR },
  };
  lua_getfield(L, 1, "type");
  const char *type = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (!strcmp(type, kinds[i].name)) return kinds[i].mode;
  return 0;
}

static int push_is(lua_State *L, unsigned kind) {
  lua_pushboolean(L, kind_of(L) == kind);
  return 1;
}

static int is_file(lua_State *L) { return push_is(L, S_IFREG); }
static int is_directory(lua_State *L) { return push_is(L, S_IFDIR); }
static int is_link(lua_State *L) { return push_is(L, S_IFLNK); }
static int is_fifo(lua_State *L) { return push_is(L, S_IFIFO); }
static int is_socket(lua_State *L) { return push_is(L, S_IFSOCK); }
static int is_block(lua_State *L) { return push_is(L, S_IFBLK); }
static int is_character(lua_State *L) { return push_is(L, S_IFCHR); }

static const char *kind_name(unsigned mode) {
  switch (mode & S_IFMT) {
  case S_IFREG: return "file";
  case S_IFDIR: return "directory";
  case S_IFLNK: return "link";
  case S_IFIFO: return "fifo";
  case S_IFSOCK: return "socket";
  case S_IFBLK: return "block";
  case S_IFCHR: return "character";
  default: return "unknown";
  }
}

/* ---- Stats ---- */

static void set_integer(lua_State *L, const char *key, uint64_t n) {
  lua_pushinteger(L, (lua_Integer)n);
  lua_setfield(L, -2, key);
}

/* Makes the table of a Stats from what push_numbers pushes, in this order. A constructor of Lua knows its
 * keys: the table costs a third of one that C fills in field by field. */
static const char stats_maker[] =
  "return function(dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks, atimeMs, atime, mtimeMs,"
  " mtime, ctimeMs, ctime, birthtimeMs, birthtime) return { dev = dev, mode = mode, nlink = nlink,"
  " uid = uid, gid = gid, rdev = rdev, blksize = blksize, ino = ino, size = size, blocks = blocks,"
  " atimeMs = atimeMs, atime = atime, mtimeMs = mtimeMs, mtime = mtime, ctimeMs = ctimeMs, ctime = ctime,"
  " birthtimeMs = birthtimeMs, birthtime = birthtime } end";

enum { STATS_NUMBERS = 18 };

static const char maker_key = 0; /* registry: the function */

static void push_maker(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &maker_key) == LUA_TFUNCTION) return;
  lua_pop(L, 1);
  if (luaL_loadbufferx(L, stats_maker, sizeof stats_maker - 1, "=fs", "t") != LUA_OK) lua_error(L);
  lua_call(L, 0, 1);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &maker_key);
}

static void push_time(lua_State *L, uv_timespec_t t) {
  double ms = (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
  lua_pushnumber(L, ms);
  lua_pushinteger(L, (lua_Integer)floor(ms + 0.5));
}

static void push_numbers(lua_State *L, const uv_stat_t *st) {
  const uint64_t numbers[] = { st->st_dev, st->st_mode, st->st_nlink, st->st_uid, st->st_gid,
                               st->st_rdev, st->st_blksize, st->st_ino, st->st_size, st->st_blocks };
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    lua_pushinteger(L, (lua_Integer)numbers[i]);
  push_time(L, st->st_atim);
  push_time(L, st->st_mtim);
  push_time(L, st->st_ctim);
  push_time(L, st->st_birthtim);
}

void stats_push(lua_State *L, const uv_stat_t *st) {
  luaL_checkstack(L, STATS_NUMBERS + 6, "fs");
  push_maker(L);
  push_numbers(L, st);
  lua_call(L, STATS_NUMBERS, 1);
  class_push_meta(L, &stats_class);
  lua_setmetatable(L, -2);
}

static int push_stats(lua_State *L, Job *job) {
  if (job->quiet && job->n) return 0; /* statSync with throwIfNoEntry = false */
  stats_push(L, &job->stat);
  return 1;
}

static void parse_stat(lua_State *L, Job *job) {
  parse_path(L, job);
  if (!lua_isnil(L, 2)) arg_table(L, 2, "options");
  job->quiet = job->form == FORM_SYNC && !opt_boolean(L, 2, "throwIfNoEntry", true);
}

typedef int StatCall(uv_loop_t *loop, uv_fs_t *req, const char *path, uv_fs_cb cb);

static void stat_path(Job *job, StatCall *call, const char *name) {
  uv_fs_t req;
  int err = call(NULL, &req, job->path, NULL);
  job->stat = req.statbuf;
  uv_fs_req_cleanup(&req);
  if (job->quiet && (err == UV_ENOENT || err == UV_ENOTDIR)) job->n = 1;
  else if (err < 0) job_fail(job, err, name, job->path, NULL);
}

static void run_stat(Job *job) { stat_path(job, uv_fs_stat, "stat"); }
static void run_lstat(Job *job) { stat_path(job, uv_fs_lstat, "lstat"); }

const Op op_stat = { "stat", 1, 2, parse_stat, run_stat, push_stats };
const Op op_lstat = { "lstat", 1, 2, parse_stat, run_lstat, push_stats };

static void parse_fstat(lua_State *L, Job *job) {
  fs_arg_fd(L, job, 1);
  if (!lua_isnil(L, 2)) arg_table(L, 2, "options");
}

static void run_fstat(Job *job) {
  uv_fs_t req;
  int err = uv_fs_fstat(NULL, &req, job->fd, NULL);
  job->stat = req.statbuf;
  uv_fs_req_cleanup(&req);
  if (err < 0) job_fail(job, err, "fstat", NULL, NULL);
}

const Op op_fstat = { "fstat", 1, 2, parse_fstat, run_fstat, push_stats };

/* ---- statfs ---- */

static void parse_statfs(lua_State *L, Job *job) {
  parse_path(L, job);
  if (!lua_isnil(L, 2)) arg_table(L, 2, "options");
}

static void run_statfs(Job *job) {
  (void)job_check(job, statfs(job->path, &job->statfs), "statfs", job->path, NULL);
}

static int push_statfs(lua_State *L, Job *job) {
  const struct statfs *st = &job->statfs;
  lua_createtable(L, 0, 7);
  class_push_meta(L, &stat_fs_class);
  lua_setmetatable(L, -2);
  set_integer(L, "type", (uint64_t)st->f_type);
  set_integer(L, "bsize", (uint64_t)st->f_bsize);
  set_integer(L, "blocks", st->f_blocks);
  set_integer(L, "bfree", st->f_bfree);
  set_integer(L, "bavail", st->f_bavail);
  set_integer(L, "files", st->f_files);
  set_integer(L, "ffree", st->f_ffree);
  return 1;
}

const Op op_statfs = { "statfs", 1, 2, parse_statfs, run_statfs, push_statfs };

/* ---- Dirent ---- */

void dirent_push(lua_State *L, unsigned mode) {
  lua_createtable(L, 0, 4);
  class_push_meta(L, &dirent_class);
  lua_setmetatable(L, -2);
  lua_insert(L, -3);
  lua_setfield(L, -3, "name");
  lua_pushvalue(L, -1);
  lua_setfield(L, -3, "path");
  lua_setfield(L, -2, "parentPath");
  lua_pushstring(L, kind_name(mode));
  lua_setfield(L, -2, "type");
}

/* ---- rows ---- */

static const FnDef kind_methods[] = {
  { "isFile", is_file, FN_METHOD, "isFile(): boolean", "Is it an ordinary file?", NULL, NULL, NULL },
  { "isDirectory", is_directory, FN_METHOD, "isDirectory(): boolean", "Is it a folder?", NULL, NULL, NULL },
  { "isSymbolicLink", is_link, FN_METHOD, "isSymbolicLink(): boolean",
    "Is it a symbolic link? Only lstat and readdir see one.", NULL, NULL, NULL },
  { "isFIFO", is_fifo, FN_METHOD, "isFIFO(): boolean", "Is it a named pipe?", NULL, NULL, NULL },
  { "isSocket", is_socket, FN_METHOD, "isSocket(): boolean", "Is it a socket?", NULL, NULL, NULL },
  { "isBlockDevice", is_block, FN_METHOD, "isBlockDevice(): boolean", "Is it a device of blocks?", NULL,
    NULL, NULL },
  { "isCharacterDevice", is_character, FN_METHOD, "isCharacterDevice(): boolean",
    "Is it a device of characters, such as a terminal?", NULL, NULL, NULL },
  { 0 }
};

const ClassDef stats_class = {
  .name = "Stats", .plain = true, .methods = kind_methods,
  .doc = "What stat tells: dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks, and the times "
         "atimeMs, mtimeMs, ctimeMs, birthtimeMs in milliseconds; without Ms, where Node has a Date, "
         "whole milliseconds.",
  .example = "print(require(\"fs\").statSync(\".\"):isDirectory())"
};

const ClassDef stat_fs_class = {
  .name = "StatFs", .plain = true,
  .doc = "What statfs tells of a mounted file system: type, bsize, blocks, bfree, bavail, files, ffree.",
  .example = "print(require(\"fs\").statfsSync(\".\").bsize)"
};

const ClassDef dirent_class = {
  .name = "Dirent", .plain = true, .methods = kind_methods,
  .doc = "An entry of a folder: name, parentPath, and type (\"file\", \"directory\", \"link\", ...).",
  .example = "for _, e in ipairs(require(\"fs\").readdirSync(\".\", { withFileTypes = true })) do\n"
             "  print(e.name, e:isDirectory())\nend"
};
