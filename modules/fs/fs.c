/* SPDX-License-Identifier: MIT */
/* fs.c - the module fs: its constants and classes; the functions are in rows_fs.c. */
#include "fs.h"

#include <fcntl.h>
#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>
#include "../core/class.h"
#include "../core/runtime.h"
#include "../util/promisify.h"
#include "dir.h"
#include "file_handle.h"
#include "rows.h"
#include "stats.h"
#include "streams.h"
#include "watch.h"

typedef struct Constant {
  const char *name;
  lua_Integer value;
} Constant;

static const Constant constants[] = {
  { "F_OK", F_OK }, { "R_OK", R_OK }, { "W_OK", W_OK }, { "X_OK", X_OK },
  { "COPYFILE_EXCL", UV_FS_COPYFILE_EXCL }, { "UV_FS_COPYFILE_EXCL", UV_FS_COPYFILE_EXCL },
  { "COPYFILE_FICLONE", UV_FS_COPYFILE_FICLONE }, { "UV_FS_COPYFILE_FICLONE", UV_FS_COPYFILE_FICLONE },
  { "COPYFILE_FICLONE_FORCE", UV_FS_COPYFILE_FICLONE_FORCE },
  { "UV_FS_COPYFILE_FICLONE_FORCE", UV_FS_COPYFILE_FICLONE_FORCE },
  { "O_RDONLY", O_RDONLY }, { "O_WRONLY", O_WRONLY }, { "O_RDWR", O_RDWR }, { "O_CREAT", O_CREAT },
  { "O_EXCL", O_EXCL }, { "O_NOCTTY", O_NOCTTY }, { "O_TRUNC", O_TRUNC }, { "O_APPEND", O_APPEND },
  { "O_DIRECTORY", O_DIRECTORY }, { "O_NOATIME", O_NOATIME }, { "O_NOFOLLOW", O_NOFOLLOW },
  { "O_SYNC", O_SYNC }, { "O_DSYNC", O_DSYNC }, { "O_DIRECT", O_DIRECT }, { "O_NONBLOCK", O_NONBLOCK },
  { "S_IFMT", S_IFMT }, { "S_IFREG", S_IFREG }, { "S_IFDIR", S_IFDIR }, { "S_IFCHR", S_IFCHR },
  { "S_IFBLK", S_IFBLK }, { "S_IFIFO", S_IFIFO }, { "S_IFLNK", S_IFLNK }, { "S_IFSOCK", S_IFSOCK },
  { "S_IRWXU", S_IRWXU }, { "S_IRUSR", S_IRUSR }, { "S_IWUSR", S_IWUSR }, { "S_IXUSR", S_IXUSR },
  { "S_IRWXG", S_IRWXG }, { "S_IRGRP", S_IRGRP }, { "S_IWGRP", S_IWGRP }, { "S_IXGRP", S_IXGRP },
  { "S_IRWXO", S_IRWXO }, { "S_IROTH", S_IROTH }, { "S_IWOTH", S_IWOTH }, { "S_IXOTH", S_IXOTH },
};

void fs_push_constants(lua_State *L) {
  lua_createtable(L, 0, (int)(sizeof constants / sizeof *constants));
  for (size_t i = 0; i < sizeof constants / sizeof *constants; i++) {
    lua_pushinteger(L, constants[i].value);
    lua_setfield(L, -2, constants[i].name);
  }
}

/* Files that are read make blocks that come and go. By default glibc gives the end of the heap back to the
 * system each time, which costs twice what the reading does; some MiB may stay. */
static void keep_some_memory(void) {
  (void)mallopt(M_MMAP_THRESHOLD, 4 * 1024 * 1024); /* where it is refused, reading is slower */
  (void)mallopt(M_TRIM_THRESHOLD, 16 * 1024 * 1024);
}

/* util.promisify of functions whose callback gets more than (err, value). The module's table is at 1. */
static void know_promise_forms(lua_State *L) {
  static const char *const read[] = { "bytesRead", "buffer", NULL };
  static const char *const readv[] = { "bytesRead", "buffers", NULL };
  static const char *const write[] = { "bytesWritten", "buffer", NULL };
  static const char *const writev[] = { "bytesWritten", "buffers", NULL };
  static const struct {
    const char *name;
    const char *const *values;
  } forms[] = { { "read", read }, { "readv", readv }, { "write", write }, { "writev", writev } };
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    lua_getfield(L, 1, forms[i].name);
    promisify_know_names(L, forms[i].values);
  }
  lua_getfield(L, 1, "exists");
  promisify_know_value(L);
}

/* (module) */
static int fs_open(lua_State *L) {
  keep_some_memory();
  fs_push_constants(L);
  for (size_t i = 0; i < 4; i++) { /* F_OK to X_OK are fields of fs itself, too */
    lua_pushinteger(L, constants[i].value);
    lua_setfield(L, 1, constants[i].name);
  }
  lua_setfield(L, 1, "constants");
  know_promise_forms(L);
  if (rt_require_builtin(L, "fs/promises")) lua_setfield(L, 1, "promises");
  lua_settop(L, 1);
  return 1;
}

const PropDef fs_constant_rows[] = {
  { "constants", NULL, NULL, "table",
    "Numbers for mode and flags: F_OK, R_OK, W_OK, X_OK, COPYFILE_EXCL, O_RDONLY, O_CREAT, S_IFMT, ..." },
  { 0 }
};

static const PropDef fs_values[] = {
  { "constants", NULL, NULL, "table",
    "Numbers for mode and flags: F_OK, R_OK, W_OK, X_OK, COPYFILE_EXCL, O_RDONLY, O_CREAT, S_IFMT, ..." },
  { "promises", NULL, NULL, "table", "The module fs/promises." },
  { 0 }
};

static const ClassDef *const fs_classes[] = { &stats_class, &dirent_class, &fs_read_stream_class,
                                              &fs_write_stream_class, NULL };

static const ClassDef *const fs_objects[] = { &stat_fs_class, &fs_watcher_class, &stat_watcher_class,
                                              &file_handle_class, &dir_class, NULL };

const ModuleDef fs_module = {
  .name = "fs", .functions = fs_rows, .classes = fs_classes, .objects = fs_objects,
  .constants = fs_values, .open = fs_open,
  .doc = "Files and folders. Each operation comes in three forms: with a callback(err, result), as a "
         "promise (fs.promises), and with Sync in its name, which returns the result or raises.",
  .example = "local fs = require \"fs\"\n"
             "fs.stat(\".\", function(err, stats) print(err, stats:isDirectory()) end)\n"
             "print(fs.existsSync(\"/nowhere\"))"
};
