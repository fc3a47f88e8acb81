/* SPDX-License-Identifier: MIT */
/* rows_promise.c - the module fs/promises: each operation as a promise. */
#include "fs.h"
#include "copy_filter.h"
#include "file_handle.h"
#include "ops.h"
#include "rows.h"
#include "watch.h"
#include "write_from.h"

static int access_promise(lua_State *L) { return op_promise(L, &op_access); }
static int append_file_promise(lua_State *L) { return fs_write_from(L, &op_append_file, "a"); }
static int chmod_promise(lua_State *L) { return op_promise(L, &op_chmod); }
static int chown_promise(lua_State *L) { return op_promise(L, &op_chown); }
static int copy_file_promise(lua_State *L) { return op_promise(L, &op_copy_file); }
static int lchown_promise(lua_State *L) { return op_promise(L, &op_lchown); }
static int link_promise(lua_State *L) { return op_promise(L, &op_link); }
static int lstat_promise(lua_State *L) { return op_promise(L, &op_lstat); }
static int lutimes_promise(lua_State *L) { return op_promise(L, &op_lutimes); }
static int mkdir_promise(lua_State *L) { return op_promise(L, &op_mkdir); }
static int mkdtemp_promise(lua_State *L) { return op_promise(L, &op_mkdtemp); }
static int open_handle_promise(lua_State *L) { return op_promise(L, &op_open_handle); }
static int opendir_promise(lua_State *L) { return op_promise(L, &op_opendir); }
static int read_file_promise(lua_State *L) { return op_promise(L, &op_read_file); }
static int readdir_promise(lua_State *L) { return op_promise(L, &op_readdir); }
static int readlink_promise(lua_State *L) { return op_promise(L, &op_readlink); }
static int realpath_promise(lua_State *L) { return op_promise(L, &op_realpath); }
static int rename_promise(lua_State *L) { return op_promise(L, &op_rename); }
static int rm_promise(lua_State *L) { return op_promise(L, &op_rm); }
static int rmdir_promise(lua_State *L) { return op_promise(L, &op_rmdir); }
static int stat_promise(lua_State *L) { return op_promise(L, &op_stat); }
static int statfs_promise(lua_State *L) { return op_promise(L, &op_statfs); }
static int symlink_promise(lua_State *L) { return op_promise(L, &op_symlink); }
static int truncate_promise(lua_State *L) { return op_promise(L, &op_truncate); }
static int unlink_promise(lua_State *L) { return op_promise(L, &op_unlink); }
static int utimes_promise(lua_State *L) { return op_promise(L, &op_utimes); }
static int write_file_promise(lua_State *L) { return fs_write_from(L, &op_write_file, "w"); }

const FnDef fs_promise_rows[] = {
  { "access", access_promise, FN_STATIC,
    "access(path: string|Buffer, mode: integer?): Promise",
    "Fails unless the file is there and may be used as mode says: constants F_OK, R_OK, W_OK, "
    "X_OK.",
    NULL, NULL, NULL },
  { "appendFile", append_file_promise, FN_STATIC,
    "appendFile(path: string|Buffer|FileHandle, data: any, options: table|string?): "
    "Promise",
    "Adds the data to the end of a file, which is made when it is not there. Data as for writeFile.",
    write_options, NULL, NULL },
  { "chmod", chmod_promise, FN_STATIC,
    "chmod(path: string|Buffer, mode: integer|string): Promise",
    "Sets the permissions of a file.",
    NULL, NULL, NULL },
  { "chown", chown_promise, FN_STATIC,
    "chown(path: string|Buffer, uid: integer, gid: integer): Promise",
    "Sets the owner of a file.",
    NULL, NULL, NULL },
  { "copyFile", copy_file_promise, FN_STATIC,
    "copyFile(src: string|Buffer, dest: string|Buffer, mode: integer?): Promise",
    "Copies a file over another one; constants COPYFILE_EXCL: not over one that is there.",
    NULL, NULL, NULL },
  { "cp", fs_cp_promise, FN_STATIC,
    "cp(src: string|Buffer, dest: string|Buffer, options: table?): Promise",
    "Copies a file, a link, or with recursive a whole folder.",
    cp_options, NULL, NULL },
  { "lchown", lchown_promise, FN_STATIC,
    "lchown(path: string|Buffer, uid: integer, gid: integer): Promise",
    "Sets the owner of a file, or of the symbolic link itself.",
    NULL, NULL, NULL },
  { "link", link_promise, FN_STATIC,
    "link(existingPath: string|Buffer, newPath: string|Buffer): Promise",
    "Gives a file a second name.",
    NULL, NULL, NULL },
  { "lstat", lstat_promise, FN_STATIC,
    "lstat(path: string|Buffer, options: table?): Promise",
    "As stat, but of a symbolic link itself.",
    stat_options, NULL, NULL },
  { "lutimes", lutimes_promise, FN_STATIC,
    "lutimes(path: string|Buffer, atime: number, mtime: number): Promise",
    "As utimes, but of a symbolic link itself.",
    NULL, NULL, NULL },
  { "mkdir", mkdir_promise, FN_STATIC,
    "mkdir(path: string|Buffer, options: table|integer?): Promise",
    "Makes a folder. With recursive those above it too: the result is the first that was made.",
    mkdir_options, NULL, NULL },
  { "mkdtemp", mkdtemp_promise, FN_STATIC,
    "mkdtemp(prefix: string|Buffer, options: table|string?): Promise",
    "Makes a folder with a new name: the prefix and six characters.",
    name_options, NULL, NULL },
  { "open", open_handle_promise, FN_STATIC,
    "open(path: string|Buffer, flags: string|integer?, mode: integer|string?): Promise",
    "Opens a file, as a FileHandle. flags as for fs.open.",
    NULL, NULL, NULL },
  { "opendir", opendir_promise, FN_STATIC,
    "opendir(path: string|Buffer, options: table|string?): Promise",
    "Opens a folder, to read its entries one by one.", dir_options, NULL, NULL },
  { "readFile", read_file_promise, FN_STATIC,
    "readFile(path: string|Buffer|FileHandle, options: table|string?): Promise",
    "A whole file, as a Buffer or with an encoding as a string.",
    read_file_options, NULL, NULL },
  { "readdir", readdir_promise, FN_STATIC,
    "readdir(path: string|Buffer, options: table|string?): Promise",
    "The names in a folder, sorted.",
    readdir_options, NULL, NULL },
  { "readlink", readlink_promise, FN_STATIC,
    "readlink(path: string|Buffer, options: table|string?): Promise",
    "Where a symbolic link leads.",
    name_options, NULL, NULL },
  { "realpath", realpath_promise, FN_STATIC,
    "realpath(path: string|Buffer, options: table|string?): Promise",
    "The absolute path without symbolic links.",
    name_options, NULL, NULL },
  { "rename", rename_promise, FN_STATIC,
    "rename(oldPath: string|Buffer, newPath: string|Buffer): Promise",
    "Gives a file another name; one that has it already is replaced.",
    NULL, NULL, NULL },
  { "rm", rm_promise, FN_STATIC,
    "rm(path: string|Buffer, options: table?): Promise",
    "Removes a file, or with recursive a folder with all that is in it.",
    rm_options, NULL, NULL },
  { "rmdir", rmdir_promise, FN_STATIC,
    "rmdir(path: string|Buffer, options: table?): Promise",
    "Removes an empty folder.",
    NULL, NULL, NULL },
  { "stat", stat_promise, FN_STATIC,
    "stat(path: string|Buffer, options: table?): Promise",
    "What there is to know about a file.",
    stat_options, NULL, NULL },
  { "statfs", statfs_promise, FN_STATIC,
    "statfs(path: string|Buffer, options: table?): Promise",
    "What there is to know about the file system that a path lies in.",
    NULL, NULL, NULL },
  { "symlink", symlink_promise, FN_STATIC,
    "symlink(target: string|Buffer, path: string|Buffer, type: string?): Promise",
    "Makes a symbolic link at path. type matters on Windows only.",
    NULL, NULL, NULL },
  { "truncate", truncate_promise, FN_STATIC,
    "truncate(path: string|Buffer, len: integer?): Promise",
    "Cuts a file, or fills it with zeros, to len bytes: 0 unless given.",
    NULL, NULL, NULL },
  { "unlink", unlink_promise, FN_STATIC,
    "unlink(path: string|Buffer): Promise",
    "Removes a file or a symbolic link.",
    NULL, NULL, NULL },
  { "utimes", utimes_promise, FN_STATIC,
    "utimes(path: string|Buffer, atime: number, mtime: number): Promise",
    "Sets the times of access and change of a file, in seconds.",
    NULL, NULL, NULL },
  { "writeFile", write_file_promise, FN_STATIC,
    "writeFile(file: string|Buffer|FileHandle, data: any, options: table|string?): "
    "Promise",
    "Writes a whole file: what was in it is gone. Data is a string, a Buffer or another view, or what gives "
    "them one after the other: a stream, a list, a function, an async iterator.",
    write_options, NULL, NULL },
  { "watch", fs_promises_watch, FN_STATIC,
    "watch(filename: string|Buffer, options: table|string?): AsyncIterator",
    "Changes of a file, or of the names in a folder, to loop over: { eventType, filename }.", watch_options,
    NULL, NULL },
  { 0 }
};

static int promises_open(lua_State *L) {
  fs_push_constants(L);
  lua_setfield(L, 1, "constants");
  lua_settop(L, 1);
  return 1;
}

static const ClassDef *const promises_objects[] = { &file_handle_class, NULL };

const ModuleDef fs_promises_module = {
  .name = "fs/promises", .functions = fs_promise_rows, .objects = promises_objects,
  .constants = fs_constant_rows, .open = promises_open,
  .doc = "Files, each operation as a promise, in the thread pool.",
  .example = "print(#await(require(\"fs/promises\").readFile(\"/dev/null\")))"
};
